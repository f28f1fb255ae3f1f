/* SPDX-License-Identifier: GPL-2.0 */
/*
 * handler_rows.h - what the callbacks of handler.c, handler_reclaim.c and handler_compact.c share,
 * and the rows of their tables.
 */
#ifndef GFPLAB_HANDLER_ROWS_H
#define GFPLAB_HANDLER_ROWS_H

#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include "compat.h"
#include "rules/evidence.h"
#include "rules/probes.h"

struct kprobe;
struct pt_regs;

/**
 * struct gfplab_handler - what runs when a probe fires
 * @id: the probe
 * @at_event: of an event: a function with the event's prototype; NULL if no
 *	callback has that of this kernel
 * @at_kprobe: of a kprobe: its pre-handler
 * @not_applicable: the configuration of this kernel excludes what the probe
 *	reports; there is no handler, and its silence counts
 */
struct gfplab_handler {
	enum gfplab_probe_id id;
	void *at_event;
	int (*at_kprobe)(struct kprobe *kp, struct pt_regs *regs);
	bool not_applicable;
};

/* A request with __GFP_NOFAIL may loop for hours: the counter stays at its maximum. */
static __always_inline void inc_saturating(u16 *count)
{
	*count += *count < U16_MAX;
}

static __always_inline void inc_saturating_u8(u8 *count)
{
	*count += *count < U8_MAX;
}

static inline void add_saturating(u32 *sum, u64 more)
{
	*sum = min_t(u64, *sum + more, U32_MAX);
}

/* Its bit in a set of nodes. */
static inline u32 gfplab_node_bit(int nid)
{
	return 1U << min(nid, 31);
}

/* ---- rows ---- */

/* The first of the callbacks that has the prototype of this kernel's event; NULL if none has. */
#define FIT(event, callback, otherwise)					\
	(GFPLAB_TAKES(event, callback) ? (void *)(callback) : (otherwise))
#define FIT_1(event, a)		FIT(event, a, NULL)
#define FIT_2(event, a, b)	FIT(event, a, FIT_1(event, b))
#define FIT_3(event, a, b, c)	FIT(event, a, FIT_2(event, b, c))

#define KPROBE(name, callback)						\
	{ .id = PROBE_##name, .at_kprobe = callback },
#define EVENT(name, event, ...)						\
	{								\
		.id = PROBE_##name,					\
		.at_event = CONCATENATE(FIT_, COUNT_ARGS(__VA_ARGS__))(event, __VA_ARGS__) \
	},
/* Events of what a kernel without the option can't do: such a kernel has no prototype for them. */
#define NOT_APPLICABLE(name, ...)					\
	{ .id = PROBE_##name, .not_applicable = true },
#ifdef CONFIG_NUMA
#define EVENT_NUMA		EVENT
#else
#define EVENT_NUMA		NOT_APPLICABLE
#endif
#ifdef CONFIG_MEMCG
#define EVENT_MEMCG		EVENT
#else
#define EVENT_MEMCG		NOT_APPLICABLE
#endif
#ifdef CONFIG_COMPACTION
#define EVENT_COMPACTION	EVENT
#else
#define EVENT_COMPACTION	NOT_APPLICABLE
#endif

#endif
