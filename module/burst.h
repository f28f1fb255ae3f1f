/* SPDX-License-Identifier: GPL-2.0 */
/*
 * burst.h - requests that go as expected, one after the other.
 *
 * The loops at observe=none, path and time are compiled once for each entry that
 * is asked most, with the entry's calls inside: indirect calls would be half of
 * what they may cost. The loops of request.c serve all entries at the other
 * levels, and the other ones at all but none.
 *
 * A request that is not as expected - no block, one that is not like the last
 * that was found good, or an event - ends the burst, and so does the timer's tick; the
 * result of the last one is in the call.
 */
#ifndef GFPLAB_BURST_H
#define GFPLAB_BURST_H

#include <linux/jiffies.h>
#include <linux/types.h>
#include "armed.h"
#include "block.h"
#include "busted.h"
#include "clock.h"
#include "direct.h"
#include "flight.h"
#include "quick_check.h"
#include "rules/words.h"
#include "stats.h"

/**
 * struct gfplab_call - one call of an entry: its arguments and what came of it
 * @args: the arguments
 * @block: what came back
 * @got: whether anything did
 * @begin: the run's clock before it, from observe=time on
 * @end: the run's clock after it
 * @clock: of the run
 * @probes: bit PROBE_x for each kprobe that must go on to report
 * @flight: where the probes note what they see
 * @quick_checks: blocks are held against @quick
 * @quick: what a good block looks like
 */
struct gfplab_call {
	struct gfplab_alloc_args args;
	struct gfplab_block block;
	bool got;
	u64 begin;
	u64 end;
	const struct gfplab_clock *clock;
	u32 probes;
	struct gfplab_flight flight;
	bool quick_checks;
	struct gfplab_quick_check quick;
};

/* The observe levels with loops of their own: none, path and time. */
#define GFPLAB_BURST_LEVELS	3

/**
 * struct gfplab_entry_calls - a pair of calls: allocate, and free the same way
 * @alloc: makes the request; false if nothing came back
 * @free: gives a block back the way it came
 * @direct: which of direct.h's calls these are, for loops that serve all entries
 * @burst: at observe=none, path and time: makes up to so many requests and
 *	frees what they bring at once; returns how many were as expected. If
 *	fewer, the next one was made too, and what came is in the call. NULL
 *	where a pair takes so long that an indirect call does not matter.
 */
struct gfplab_entry_calls {
	bool (*alloc)(const struct gfplab_alloc_args *args, struct gfplab_block *block);
	void (*free)(const struct gfplab_block *block);
	enum gfplab_direct direct;
	u32 (*burst[GFPLAB_BURST_LEVELS])(struct gfplab_call *c, struct gfplab_tally *tally, u32 n);
};

/* Whether the block is like the last one that all checks found good; no @quick: unchecked. */
static __always_inline bool gfplab_block_expected(const struct gfplab_quick_check *quick,
						  const struct gfplab_block *block)
{
	if (!quick)
		return true;
	/* The quick check has learnt what is good: this fault is for it to find. */
	if (GFPLAB_BUSTED(spoiled_block) && quick->flags != GFPLAB_QUICK_UNKNOWN)
		page_ref_inc(block->page);
	return gfplab_quick_check_passes(quick, block->page);
}

static __always_inline u32
gfplab_burst(bool (*alloc)(const struct gfplab_alloc_args *args, struct gfplab_block *block),
	     void (*free)(const struct gfplab_block *block), struct gfplab_call *c,
	     const struct gfplab_quick_check *quick, struct gfplab_tally *tally, u32 n,
	     enum gfplab_observe level)
{
	const struct gfplab_clock *clock = c->clock;
	struct gfplab_alloc_args args = c->args;
	struct gfplab_block block = {
		.pages = 1U << args.order,
		.order = args.order,
		.entry = c->block.entry,
	};
	unsigned long tick = READ_ONCE(jiffies);
	u64 begin = 0, end = 0;
	bool got, failed = false;
	u32 i;

	for (i = 0; i < n; i++) {
		if (level >= OBSERVE_path)
			gfplab_flight_open(&c->flight);
		if (level >= OBSERVE_time)
			begin = gfplab_clock_read(clock);
		got = alloc(&args, &block);
		if (level >= OBSERVE_time)
			end = gfplab_clock_read(clock);
		if (level >= OBSERVE_path)
			gfplab_flight_close(&c->flight);
		/* What is kept from turn to turn, as got would be, costs an instruction a turn. */
		if (unlikely(!got)) {
			failed = true;
			break;
		}
		if (!gfplab_block_expected(quick, &block))
			break;
		if (level >= OBSERVE_path && c->flight.evidence.hits)
			break;
		/* Latencies are booked by stage; without them a look at the whole burst will do. */
		if (level >= OBSERVE_time && gfplab_armed_changed_for_slow(c->probes))
			break;
		/* What takes long is looked at one by one: whether to end, and what is left. */
		if (unlikely(READ_ONCE(jiffies) != tick))
			break;
		if (level >= OBSERVE_time)
			gfplab_tally_add(tally, gfplab_clock_between(clock, begin, end));
		free(&block);
	}
	if (i < n) {
		c->block = block;
		c->got = !failed;
		c->begin = begin;
		c->end = end;
	}
	return i;
}

/* Without checks there is nothing but the calls: entry=bare is this loop as well. */
#define GFPLAB_BURST_none(alloc, free)					\
	static u32 alloc##_at_none(struct gfplab_call *c, struct gfplab_tally *tally, u32 n) \
	{								\
		return gfplab_burst(alloc, free, c, NULL, tally, n, OBSERVE_none); \
	}

#define GFPLAB_BURST_AT(level, alloc, free)				\
	static u32 alloc##_at_##level(struct gfplab_call *c, struct gfplab_tally *tally, u32 n) \
	{								\
		return gfplab_burst(alloc, free, c, c->quick_checks ? &c->quick : NULL, tally, n, \
				    OBSERVE_##level);			\
	}

/* Defines alloc_calls, the only place that names which call frees what another allocates. */
#define GFPLAB_CALLS(alloc_, free_, ...)				\
	static const struct gfplab_entry_calls alloc_##_calls = {	\
		.alloc = alloc_, .free = free_,				\
		__VA_ARGS__						\
	}

/* For what is asked most: loops at all levels. */
#define GFPLAB_PAIR(alloc_, free_, ...)					\
	GFPLAB_BURST_none(alloc_, free_)				\
	GFPLAB_BURST_AT(path, alloc_, free_)				\
	GFPLAB_BURST_AT(time, alloc_, free_)				\
	GFPLAB_CALLS(alloc_, free_,					\
		.burst = { alloc_##_at_none, alloc_##_at_path, alloc_##_at_time }, \
		__VA_ARGS__)

/* One loop, which is the yardstick of the others: entry=bare. */
#define GFPLAB_BARE_PAIR(alloc_, free_)					\
	GFPLAB_BURST_none(alloc_, free_)				\
	GFPLAB_CALLS(alloc_, free_, .burst = { alloc_##_at_none })

/* For a pair that takes so long that indirect calls are nothing beside it. */
#define GFPLAB_SLOW_PAIR(alloc_, free_)		GFPLAB_CALLS(alloc_, free_)

#endif
