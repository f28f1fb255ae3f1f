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
#include <linux/highmem.h>
#include <linux/memcontrol.h>
#include <linux/mempolicy.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/page_counter.h>
#include <linux/timekeeping.h>
#include <linux/version.h>
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
#include <linux/page_frag_cache.h>
#endif
#ifdef CONFIG_ARM64
#include <asm/cpufeature.h>
#endif
#include "rules/families.h"
#include "rules/free.h"

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
 * The family of kernels (rules/families.h) whose rules this one follows: the newest that is not
 * newer, as a constant.
 */
#define GFPLAB_SINCE(id, name, since, can)				\
	+ (GFPLAB_RULES_OF(LINUX_VERSION_CODE) >= (since))
#define GFPLAB_FAMILY	((enum gfplab_family)(0 GFPLAB_FAMILIES(GFPLAB_SINCE) - 1))

/* This kernel's release, as GFPLAB_RELEASE() has it; and for `%u.%u.%u`. */
#define GFPLAB_THIS_RELEASE	LINUX_VERSION_CODE
#define GFPLAB_RELEASE_NUMBERS						\
	LINUX_VERSION_CODE >> 16, LINUX_VERSION_CODE >> 8 & 255, LINUX_VERSION_CODE & 255

/**
 * gfplab_pcp_order - does the kernel keep blocks of this order per CPU?
 * @order: 0..GFPLAB_MAX_ORDER
 *
 * Context: any.
 * Return: whether it does.
 * Mirrors pcp_allowed_order(), 5.13 to 7.3; before, order 0 alone.
 */
static inline bool gfplab_pcp_order(unsigned int order)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 13, 0)
	if (order <= PAGE_ALLOC_COSTLY_ORDER)
		return true;
#ifdef CONFIG_TRANSPARENT_HUGEPAGE
	/* "huge" was a pageblock until 6.9, which without HUGETLB is larger than a huge page. */
	if (order == (LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0) ? HPAGE_PMD_ORDER :
								       pageblock_order))
		return true;
#endif
	return false;
#else
	return order == 0;
#endif
}

/*
 * The heart of the allocator: preferred node and nodemask given. 7.3 keeps
 * __alloc_pages() to itself and exports what it is made of, with the flags
 * that a caller may add and without a declaration.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 4, 0)
/* The header declares nothing to check this against, so each release wants a look. */
#define GFPLAB_NODEMASK_ABSENT	"how this kernel's __alloc_frozen_pages() is called is not known"
#else
#define GFPLAB_NODEMASK_ABSENT	NULL
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 3, 0)
struct page *__alloc_frozen_pages_noprof(gfp_t gfp, unsigned int order, int nid,
					 nodemask_t *nodes, unsigned int alloc_flags);
#endif
#endif

static inline struct page *gfplab_alloc_nodemask(gfp_t gfp, unsigned int order,
						 int nid, nodemask_t *nodes)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 4, 0)
	return NULL;
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(7, 3, 0)
	struct page *page = __alloc_frozen_pages_noprof(gfp, order, nid, nodes, 0);

	if (page)
		init_page_count(page);
	return page;
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(5, 13, 0)
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

/* The bits of a pageblock that say its migratetype; 6.17 took isolation out of it. */
#ifdef PAGEBLOCK_MIGRATETYPE_MASK
#define GFPLAB_MIGRATETYPE_MASK	PAGEBLOCK_MIGRATETYPE_MASK
#else
#define GFPLAB_MIGRATETYPE_MASK	MIGRATETYPE_MASK
#endif

/* How many pages a refill of the per-cpu list takes at least. */
static inline int gfplab_pcp_batch(const struct zone *zone)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 14, 0)
	return READ_ONCE(zone->pageset_batch);
#else
	return raw_cpu_ptr(zone->pageset)->pcp.batch;
#endif
}

/* How many pages this CPU's lists of a zone hold. */
static inline int gfplab_pcp_count(const struct zone *zone)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 14, 0)
	return READ_ONCE(raw_cpu_ptr(zone->per_cpu_pageset)->count);
#else
	return READ_ONCE(raw_cpu_ptr(zone->pageset)->pcp.count);
#endif
}

/* How many pages all CPUs' lists of a zone hold; a moment old. */
static inline long gfplab_pcp_pages(const struct zone *zone)
{
	long pages = 0;
	int cpu;

	for_each_online_cpu(cpu)
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 14, 0)
		pages += READ_ONCE(per_cpu_ptr(zone->per_cpu_pageset, cpu)->count);
#else
		pages += READ_ONCE(per_cpu_ptr(zone->pageset, cpu)->pcp.count);
#endif
	return pages;
}

/*
 * Event prototypes changed, some of them inside a stable series. So not the
 * version decides, but the type that the kernel's own header checks callbacks
 * against.
 */
#define GFPLAB_TAKES(event, callback)					\
	__builtin_types_compatible_p(typeof(&check_trace_callback_type_##event), \
				     void (*)(typeof(&(callback))))

/* reclaim_throttle() and its event came with 5.16. */
#define GFPLAB_RECLAIM_THROTTLE	(LINUX_VERSION_CODE >= KERNEL_VERSION(5, 16, 0))

/* Since 6.7 the multi-generational LRU has the events of the lists. */
#define GFPLAB_GENERATIONS_TRACED (LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0))

/* Bulk allocation came with 5.13; its list form went away with 6.14. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 13, 0)
#define GFPLAB_BULK_ABSENT	NULL
#else
#define GFPLAB_BULK_ABSENT	"came with 5.13"
#endif
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 14, 0)
#define GFPLAB_BULK_LIST_ABSENT	"went away with 6.14"
#else
#define GFPLAB_BULK_LIST_ABSENT	GFPLAB_BULK_ABSENT
#endif

/**
 * gfplab_bulk - fill an array with single pages
 * @gfp: the mask
 * @nid: preferred node
 * @nodes: nodemask or NULL
 * @nr: room in @pages
 * @pages: what is not NULL stays
 *
 * Return: up to where it is full; how many came, if all were NULL.
 */
static inline unsigned long gfplab_bulk(gfp_t gfp, int nid, nodemask_t *nodes, int nr,
					struct page **pages)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 14, 0)
	return alloc_pages_bulk_noprof(gfp, nid, nodes, nr, pages);
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(5, 13, 0)
	return __alloc_pages_bulk(gfp, nid, nodes, nr, NULL, pages);
#else
	return 0;
#endif
}

/**
 * gfplab_bulk_list - fill a list with single pages
 * @gfp: the mask
 * @nid: preferred node
 * @nodes: nodemask or NULL
 * @nr: how many
 * @list: they are added here
 *
 * Return: how many came.
 */
static inline unsigned long gfplab_bulk_list(gfp_t gfp, int nid, nodemask_t *nodes, int nr,
					     struct list_head *list)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 13, 0) && \
	LINUX_VERSION_CODE < KERNEL_VERSION(6, 14, 0)
	return __alloc_pages_bulk(gfp, nid, nodes, nr, list, NULL);
#else
	return 0;
#endif
}

/* alloc_pages_nolock() came with 6.15 under another name, for modules by 7.2. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 2, 0)
#define GFPLAB_NOLOCK		1
#define GFPLAB_NOLOCK_ABSENT	NULL
static inline struct page *gfplab_nolock(gfp_t gfp, int nid, unsigned int order)
{
	return alloc_pages_nolock(gfp, nid, order);
}
#else
#define GFPLAB_NOLOCK_ABSENT	"came with 6.15, for modules by 7.2"
static inline struct page *gfplab_nolock(gfp_t gfp, int nid, unsigned int order)
{
	return NULL;
}
#endif

/* What the kernel's clocksource reads now; 7.2 wants to be told for which clock. */
static inline u64 gfplab_cycles(void)
{
	struct system_time_snapshot snap;

#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 0, 0)
	ktime_get_snapshot_id(CLOCK_MONOTONIC, &snap);
#else
	ktime_get_snapshot(&snap);
#endif
	return snap.cycles;
}

/* Folios came with 5.16. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 16, 0)
#define GFPLAB_FOLIO_ABSENT	NULL
static inline struct page *gfplab_folio_alloc(gfp_t gfp, unsigned int order)
{
	struct folio *folio = folio_alloc(gfp, order);

	return folio ? folio_page(folio, 0) : NULL;
}
#else
#define GFPLAB_FOLIO_ABSENT	"came with 5.16"
static inline struct page *gfplab_folio_alloc(gfp_t gfp, unsigned int order)
{
	return NULL;
}
#endif

/* What __vmalloc() WARNs of: vmalloc_fix_flags(), GFP_VMALLOC_SUPPORTED of 7.2 and 7.3. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 19, 0)
#define GFPLAB_VMALLOC_REFUSES	(~(GFP_KERNEL | GFP_ATOMIC | GFP_NOWAIT | __GFP_NOFAIL | \
				   __GFP_ZERO | __GFP_NORETRY | __GFP_RETRY_MAYFAIL | \
				   GFP_KERNEL_ACCOUNT | GFP_USER | __GFP_NOLOCKDEP | \
				   __GFP_SKIP_KASAN))
#else
#define GFPLAB_VMALLOC_REFUSES	((__force gfp_t)0)
#endif

/* The mask of vmalloc_32(): GFP_VMALLOC32, 5.10 to 7.3. */
#if !defined(CONFIG_64BIT)
#define GFPLAB_VMALLOC_32	GFP_KERNEL
#elif defined(CONFIG_ZONE_DMA32)
#define GFPLAB_VMALLOC_32	(GFP_DMA32 | GFP_KERNEL)
#elif defined(CONFIG_ZONE_DMA)
#define GFPLAB_VMALLOC_32	(GFP_DMA | GFP_KERNEL)
#else
#define GFPLAB_VMALLOC_32	(GFP_DMA32 | GFP_KERNEL)
#endif

/*
 * How many pages around a range alloc_contig_range() isolates, and makes
 * movable again, whatever they were: since 5.19 whole pageblocks only.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 19, 0)
#define GFPLAB_CONTIG_ALIGN	pageblock_nr_pages
#else
#define GFPLAB_CONTIG_ALIGN	max_t(unsigned long, MAX_ORDER_NR_PAGES, pageblock_nr_pages)
#endif

/* Contiguous ranges are a configuration option; flags replaced a type in 6.16. */
#ifdef CONFIG_CONTIG_ALLOC
#define GFPLAB_CONTIG_ABSENT	NULL
static inline int gfplab_contig_range(unsigned long start, unsigned long end, bool cma, gfp_t gfp)
{
#ifdef ACR_FLAGS_NONE
	return alloc_contig_range(start, end, cma ? ACR_FLAGS_CMA : ACR_FLAGS_NONE, gfp);
#elif defined(CONFIG_CMA)
	return alloc_contig_range(start, end, cma ? MIGRATE_CMA : MIGRATE_MOVABLE, gfp);
#else
	return alloc_contig_range(start, end, MIGRATE_MOVABLE, gfp);
#endif
}

static inline void gfplab_contig_range_free(unsigned long pfn, unsigned long pages)
{
	free_contig_range(pfn, pages);
}
#else
#define GFPLAB_CONTIG_ABSENT	"this kernel is built without CONFIG_CONTIG_ALLOC"
static inline int gfplab_contig_range(unsigned long start, unsigned long end, bool cma, gfp_t gfp)
{
	return -EOPNOTSUPP;
}

static inline void gfplab_contig_range_free(unsigned long pfn, unsigned long pages)
{
}
#endif

/* A fragment cache gives back the page it still holds. */
static inline void gfplab_frag_drain(struct page_frag_cache *nc)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
	page_frag_cache_drain(nc);
#else
	if (nc->va)
		__page_frag_cache_drain(virt_to_page(nc->va), nc->pagecnt_bias);
	nc->va = NULL;
#endif
}

/* PF_MEMALLOC_NOCMA became PF_MEMALLOC_PIN in 5.13, with wider meaning. */
#ifdef PF_MEMALLOC_PIN
#define GFPLAB_PF_PIN		PF_MEMALLOC_PIN
#define gfplab_pin_save()	memalloc_pin_save()
#define gfplab_pin_restore(b)	memalloc_pin_restore(b)
#define GFPLAB_PIN_STRIPS	__GFP_MOVABLE
#define GFPLAB_PIN_SKIPS_CMA	false
#else
#define GFPLAB_PF_PIN		PF_MEMALLOC_NOCMA
#define gfplab_pin_save()	memalloc_nocma_save()
#define gfplab_pin_restore(b)	memalloc_nocma_restore(b)
#define GFPLAB_PIN_STRIPS	((__force gfp_t)0)
#define GFPLAB_PIN_SKIPS_CMA	true
#endif

/* The nodes of a task's mempolicy. */
#ifdef CONFIG_NUMA
static inline const nodemask_t *gfplab_policy_nodes(const struct mempolicy *pol)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 14, 0)
	return &pol->nodes;
#else
	return &pol->v.nodes;
#endif
}
#endif

#ifdef CONFIG_NUMA
/* The node that MPOL_PREFERRED names; before 5.14 it was kept apart, and none meant local. */
static inline int gfplab_policy_preferred(const struct mempolicy *pol)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 14, 0)
	return first_node(pol->nodes);
#else
	return pol->flags & MPOL_F_LOCAL ? numa_node_id() : pol->v.preferred_node;
#endif
}
#endif

#ifdef CONFIG_NUMA
/*
 * The node whose turn it is by a policy of MPOL_WEIGHTED_INTERLEAVE; false for other policies.
 * Mirrors weighted_interleave_nodes() of mm/mempolicy.c, 6.9 to 7.3.
 */
static inline bool gfplab_weighted_node(const struct mempolicy *pol, int *nid)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 9, 0)
	if (pol->mode != MPOL_WEIGHTED_INTERLEAVE)
		return false;
	*nid = current->il_prev;
	if (!current->il_weight || !node_isset(*nid, pol->nodes))
		*nid = next_node_in(*nid, pol->nodes);
	return true;
#else
	return false;
#endif
}
#endif

/* Whether kswapd has given up on a node: kswapd_test_hopeless(), 7.2. */
static inline bool gfplab_kswapd_hopeless(pg_data_t *pgdat)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 0, 0)
	return atomic_read(&pgdat->kswapd_failures) >= 16;	/* MAX_RECLAIM_RETRIES */
#else
	return READ_ONCE(pgdat->kswapd_failures) >= 16;
#endif
}

#ifdef CONFIG_MEMCG
/* The limit for kernel memory that cgroup v1 has, until 5.16. */
static inline const struct page_counter *gfplab_kmem_counter(const struct mem_cgroup *group)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 16, 0)
	return &group->kmem;
#else
	return NULL;
#endif
}
#endif

/* What a zone needs for kswapd to sleep; with tiers of memory another mark, since 5.18. */
static inline unsigned long gfplab_balance_mark(struct zone *zone, bool tiered)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 18, 0)
	if (tiered)
		return zone->_watermark[WMARK_PROMO] + zone->watermark_boost;
#endif
	return high_wmark_pages(zone);
}

/* Pages of CMA pageblocks, free or not; unknown, so none, before 5.12. */
static inline unsigned long gfplab_cma_pages(struct zone *zone)
{
#if defined(CONFIG_CMA) && LINUX_VERSION_CODE >= KERNEL_VERSION(5, 12, 0)
	return zone_cma_pages(zone);
#else
	return 0;
#endif
}

/* Pages of HIGHATOMIC pageblocks; since 6.12.2 only those that are free. */
static inline unsigned long gfplab_highatomic(const struct zone *zone)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
	return READ_ONCE(zone->nr_free_highatomic);
#else
	return READ_ONCE(zone->nr_reserved_highatomic);
#endif
}

/* Bit n: this CPU's list of that order and migratetype n is not empty. */
static inline unsigned int gfplab_pcp_types(const struct zone *zone, unsigned int order)
{
	unsigned int type, types = 0;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 14, 0)
	const struct per_cpu_pages *pcp = raw_cpu_ptr(zone->per_cpu_pageset);

	if (order > PAGE_ALLOC_COSTLY_ORDER) {
		for (type = 0; type < NR_PCP_LISTS - NR_LOWORDER_PCP_LISTS; type++)
			if (!list_empty(&pcp->lists[NR_LOWORDER_PCP_LISTS + type]))
				types |= 1U << type;
		return types;
	}
	for (type = 0; type < MIGRATE_PCPTYPES; type++)
		if (!list_empty(&pcp->lists[MIGRATE_PCPTYPES * order + type]))
			types |= 1U << type;
#else
	const struct per_cpu_pages *pcp = &raw_cpu_ptr(zone->pageset)->pcp;

	for (type = 0; !order && type < MIGRATE_PCPTYPES; type++)
		if (!list_empty(&pcp->lists[type]))
			types |= 1U << type;
#endif
	return types;
}

/**
 * gfplab_pcp_refill - how many blocks this CPU would take for its empty list
 * @zone: the zone
 * @order: of the blocks, one that is kept per CPU
 *
 * Context: any; a moment old unless preemption is off.
 * Return: blocks.
 * Mirrors __rmqueue_pcplist(), since 6.7 nr_pcp_alloc().
 */
static inline int gfplab_pcp_refill(const struct zone *zone, unsigned int order)
{
	int batch = gfplab_pcp_batch(zone);
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
	const struct per_cpu_pages *pcp = raw_cpu_ptr(zone->per_cpu_pageset);
	int base = READ_ONCE(pcp->batch);
	int high = clamp(pcp->high, READ_ONCE(pcp->high_min), READ_ONCE(pcp->high_max));

	if (high < base)
		return 1;
	batch = order ? base : base << pcp->alloc_factor;
	if (pcp->high_min != pcp->high_max && !test_bit(ZONE_BELOW_HIGH, &zone->flags))
		high = min(high + batch, pcp->high_max);
	if (!order)
		batch = min(batch, max(high - pcp->count - base, base));
#endif
	return batch > 1 ? max(batch >> order, 2) : 1;
}

/* The largest order in such lists. */
static inline unsigned int gfplab_pcp_largest(const struct per_cpu_pages *lists)
{
	unsigned int i = ARRAY_SIZE(lists->lists);

	while (i && list_empty(&lists->lists[--i]))
		;
	i /= MIGRATE_PCPTYPES;
	return i > PAGE_ALLOC_COSTLY_ORDER ? pageblock_order : i;
}

/**
 * gfplab_pcp_snapshot - this CPU's lists of a zone, as far as they decide what a free does
 * @pcp: filled in
 * @zone: the zone
 *
 * Context: any; a moment old unless preemption is off.
 */
static inline void gfplab_pcp_snapshot(struct gfplab_pcp *pcp, const struct zone *zone)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 14, 0)
	const struct per_cpu_pages *lists = raw_cpu_ptr(zone->per_cpu_pageset);
#else
	const struct per_cpu_pages *lists = &raw_cpu_ptr(zone->pageset)->pcp;
#endif

	*pcp = (struct gfplab_pcp){
		.count = READ_ONCE(lists->count),
		.high = READ_ONCE(lists->high),
		.batch = READ_ONCE(lists->batch),
		.largest = gfplab_pcp_largest(lists),
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
		.rules = LINUX_VERSION_CODE >= KERNEL_VERSION(7, 0, 0) ? PCP_COUNTING_LATE :
									 PCP_COUNTING,
		.high_min = READ_ONCE(lists->high_min),
		.high_max = READ_ONCE(lists->high_max),
		.freed = READ_ONCE(lists->free_count),
		.most = CONFIG_PCP_BATCH_SCALE_MAX,
		.after_high_order = lists->flags & PCPF_PREV_FREE_HIGH_ORDER,
		.whole_batch = lists->flags & PCPF_FREE_HIGH_BATCH,
		.below_high = test_bit(ZONE_BELOW_HIGH, &zone->flags),
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(5, 14, 0)
		.rules = PCP_DOUBLING,
		.freed = READ_ONCE(lists->free_factor),
#endif
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 14, 0)
		.reclaims = test_bit(ZONE_RECLAIM_ACTIVE, &zone->flags),
#endif
	};
}

/* Large kmalloc() asks alloc_pages(), and so obeys the mempolicy; but not from 6.1 to 6.10. */
#define GFPLAB_KMALLOC_POLICY	(LINUX_VERSION_CODE >= KERNEL_VERSION(6, 11, 0) || \
				 LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0))

/* Its pages have no reference count of their own on 7.2; on 6.12 they have. */
#define GFPLAB_KMALLOC_FROZEN	(LINUX_VERSION_CODE >= KERNEL_VERSION(7, 0, 0))

/*
 * Where memory has no tags, kernels before 7 take __GFP_ZEROTAGS for something
 * that zeroes the block as well, and with it __GFP_ZERO zeroes nothing.
 */
#if defined(__GFP_ZEROTAGS) && !defined(__HAVE_ARCH_TAG_CLEAR_HIGHPAGE) && \
	LINUX_VERSION_CODE < KERNEL_VERSION(7, 0, 0)
#define GFPLAB_UNZEROED	__GFP_ZEROTAGS
#else
#define GFPLAB_UNZEROED	((__force gfp_t)0)
#endif

/*
 * arm64 clears tags with an instruction that a CPU without MTE does not have; kernels
 * that ask for it at __GFP_ZEROTAGS without a look at the CPU oops.
 */
#if defined(__GFP_ZEROTAGS) && defined(CONFIG_ARM64)
#define GFPLAB_OOPSES	(system_supports_mte() ? (__force gfp_t)0 : __GFP_ZEROTAGS)
#else
#define GFPLAB_OOPSES	((__force gfp_t)0)
#endif

/* Whether a compound page is mapped or pinned. */
static inline bool gfplab_in_use(struct page *page)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 18, 0)
	return folio_mapped(page_folio(page)) || folio_maybe_dma_pinned(page_folio(page));
#else
	return page_mapped(page) || page_maybe_dma_pinned(page);
#endif
}

/* A page of any zone in the kernel's address space, for a moment; undone in reverse order. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 11, 0)
#define gfplab_map_page(page)	kmap_local_page(page)
#define gfplab_unmap_page(addr)	kunmap_local(addr)
#else
#define gfplab_map_page(page)	kmap_atomic(page)
#define gfplab_unmap_page(addr)	kunmap_atomic((void *)(addr))
#endif

/* Orders up to PAGE_ALLOC_COSTLY_ORDER have per-cpu lists. */
#define GFPLAB_PCP_SMALL_ORDERS	(LINUX_VERSION_CODE >= KERNEL_VERSION(5, 13, 0))

/* Fast path and events see the mask that a scope leaves; before, the slow path alone did. */
#define GFPLAB_SCOPES_AT_ONCE	(LINUX_VERSION_CODE >= KERNEL_VERSION(5, 13, 0))

/* vmalloc() asks for one large block first. */
#define GFPLAB_VMALLOC_LARGE	(LINUX_VERSION_CODE >= KERNEL_VERSION(7, 0, 0))

/* __assign_str() lost its second argument in 6.10. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
#define gfplab_assign_str(dst, src)	__assign_str(dst)
#else
#define gfplab_assign_str(dst, src)	__assign_str(dst, src)
#endif

#endif
