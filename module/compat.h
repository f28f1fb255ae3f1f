/* SPDX-License-Identifier: GPL-2.0 */
/*
 * compat.h - the differences between kernels; no other file knows a version.
 *
 * Supported: 5.10 and later. A difference that the compiler can see is
 * detected by type or by macro; versions are named only where it can't.
 */
#ifndef GFPLAB_COMPAT_H
#define GFPLAB_COMPAT_H

#include <linux/compaction.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/version.h>

struct compact_control;		/* the compaction events name it */

/* The largest order that the buddy allocator has, inclusive. */
#if defined(MAX_PAGE_ORDER)				/* 6.8 */
#define GFPLAB_MAX_ORDER	MAX_PAGE_ORDER
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
#define GFPLAB_MAX_ORDER	MAX_ORDER
#else
#define GFPLAB_MAX_ORDER	(MAX_ORDER - 1)
#endif

/* __GFP_ATOMIC went away after 6.1; the bit then means something else. */
#ifdef __GFP_ATOMIC
#define GFPLAB_GFP_ATOMIC_BIT	__GFP_ATOMIC
#else
#define GFPLAB_GFP_ATOMIC_BIT	((__force gfp_t)0)
#endif

/* __GFP_NOFAIL above this order WARNs in the slow path. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
#define GFPLAB_NOFAIL_MAX_ORDER	GFPLAB_MAX_ORDER
#else
#define GFPLAB_NOFAIL_MAX_ORDER	1
#endif

/*
 * Whether a block taken by __rmqueue_claim()/__rmqueue_steal() skips the
 * mm_page_alloc_zone_locked event. Before, __rmqueue_fallback() only moved
 * the block and __rmqueue_smallest() then took it, event included.
 * 6.12.y has it by backport.
 */
#define GFPLAB_SILENT_STEAL	(LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0))

/**
 * gfplab_pcp_order - does the kernel keep blocks of this order per CPU?
 * @order: 0..GFPLAB_MAX_ORDER
 *
 * Mirrors pcp_allowed_order(), 5.13 to 7.2; before, order 0 alone.
 */
static inline bool gfplab_pcp_order(unsigned int order)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 13, 0)
	if (order <= PAGE_ALLOC_COSTLY_ORDER)
		return true;
#ifdef CONFIG_TRANSPARENT_HUGEPAGE
	if (order == HPAGE_PMD_ORDER)
		return true;
#endif
	return false;
#else
	return order == 0;
#endif
}

/* The heart of the allocator: preferred node and nodemask given. */
static inline struct page *gfplab_alloc_nodemask(gfp_t gfp, unsigned int order,
						 int nid, nodemask_t *nodes)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 13, 0)
	return __alloc_pages(gfp, order, nid, nodes);
#else
	return __alloc_pages_nodemask(gfp, order, nid, nodes);
#endif
}

/* How many pages this zone's per-cpu lists may hold on one CPU. */
static inline int gfplab_pcp_high(const struct zone *zone)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
	return READ_ONCE(zone->pageset_high_max);
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(5, 14, 0)
	return READ_ONCE(zone->pageset_high);
#else
	return raw_cpu_ptr(zone->pageset)->pcp.high;
#endif
}

/* How many pages a refill of the per-cpu list takes at least. */
static inline int gfplab_pcp_batch(const struct zone *zone)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 14, 0)
	return READ_ONCE(zone->pageset_batch);
#else
	return raw_cpu_ptr(zone->pageset)->pcp.batch;
#endif
}

/*
 * Event prototypes that changed, some of them inside a stable series: the
 * type that the kernel's own header checks callbacks against is asked, not
 * the version.
 */
#define GFPLAB_TAKES(event, ...)					\
	__builtin_types_compatible_p(typeof(&check_trace_callback_type_##event), \
				     void (*)(void (*)(void *, ##__VA_ARGS__)))

/* __assign_str() lost its second argument in 6.10. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
#define gfplab_assign_str(dst, src)	__assign_str(dst)
#else
#define gfplab_assign_str(dst, src)	__assign_str(dst, src)
#endif

#endif
