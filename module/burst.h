/* SPDX-License-Identifier: GPL-2.0 */
/*
 * burst.h - many requests that go as requests should, one after the other.
 *
 * Compiled once per entry and observe level, with the entry's calls inside the
 * loop. Whatever is not expected - no block, one that is not like the last that
 * was found good, or a probe saw anything at all - ends the burst and is left to
 * request.c.
 */
#ifndef GFPLAB_BURST_H
#define GFPLAB_BURST_H

#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/page_ref.h>
#include "busted.h"
#include "clock.h"
#include "entry.h"
#include "flight.h"
#include "options.h"
#include "predictor.h"
#include "quick_check.h"
#include "request.h"
#include "run.h"
#include "stats.h"
#include "tables.h"
#include "verdict.h"
#include "worker.h"

/*
 * One attempt of the fast path and the event that says so, or whichever of
 * these this kernel lets us see; nothing else. Then the next request may use
 * the evidence again: these few are all that was written.
 */
static __always_inline bool gfplab_evidence_expected(struct gfplab_evidence *ev, u32 hits)
{
	if (ev->hits != hits || ev->slow || ev->flags_bad ||
	    ev->alloc_event + ev->attempts != hits)
		return false;
	ev->hits = 0;
	ev->alloc_event = 0;
	ev->attempts = 0;
	ev->attempts_after = 0;
	return true;
}

/**
 * struct gfplab_tally - the times of one burst, all of one stage
 * @buckets: of the histogram
 * @ns: their sum
 * @min_ns: the least of them
 * @max_ns: the most
 */
struct gfplab_tally {
	u64 *buckets;
	u64 ns;
	u64 min_ns;
	u64 max_ns;
};

static __always_inline void gfplab_tally_add(struct gfplab_tally *tally, u64 ns)
{
	tally->buckets[gfplab_bucket(ns)]++;
	tally->ns += ns;
	if (ns < tally->min_ns)
		tally->min_ns = ns;
	if (ns > tally->max_ns)
		tally->max_ns = ns;
}

static __always_inline void gfplab_tally_end(const struct gfplab_tally *tally,
					     struct gfplab_stats *stats, enum gfplab_stage stage)
{
	stats->stage_ns[stage] += tally->ns;
	stats->min_ns = min(stats->min_ns, tally->min_ns);
	stats->max_ns = max(stats->max_ns, tally->max_ns);
}

static __always_inline u32
gfplab_burst(bool (*alloc)(const struct gfplab_alloc_args *args, struct gfplab_block *block),
	     void (*free)(const struct gfplab_block *block),
	     struct gfplab_worker *w, u32 n, enum gfplab_observe level, bool quick_checks)
{
	const struct gfplab_clock *clock = &w->run->clock;
	struct gfplab_alloc_args args = w->args;
	struct gfplab_block block = { .order = args.order, .entry = w->run->opt.entry };
	struct gfplab_tally tally = { .min_ns = U64_MAX };
	u64 begin = 0, end = 0;
	bool got, expected;
	u32 i;

	if (level >= OBSERVE_time)
		tally.buckets = w->stats.buckets[0][w->expected.stage];
	for (i = 0; i < n; i++) {
		if (level >= OBSERVE_explain)
			gfplab_predict_request(w->predictor, &w->run->opt, args.order, &w->predicted, NULL);
		if (level >= OBSERVE_path)
			gfplab_flight_open(&w->flight);
		if (level >= OBSERVE_time)
			begin = gfplab_clock_read(clock);
		got = alloc(&args, &block);
		if (level >= OBSERVE_time)
			end = gfplab_clock_read(clock);
		if (level >= OBSERVE_path)
			gfplab_flight_close(&w->flight);
		/* After a good one: the glance shall see it. */
		if (GFPLAB_BUSTED(spoiled_block) && quick_checks && got && w->quick_check.zone != -1)
			page_ref_inc(block.page);
		expected = got;
		if (quick_checks)
			expected = expected && gfplab_quick_check_passes(&w->quick_check, block.page, args.order);
		/* An attempt without watermarks would mark it, and not be expected. */
		if (quick_checks && level >= OBSERVE_full)
			expected = expected && !page_is_pfmemalloc(block.page);
		if (level >= OBSERVE_full)
			expected = expected && gfplab_evidence_expected(&w->flight.evidence, w->expected_hits);
		else if (level >= OBSERVE_path)
			expected = expected && !w->flight.evidence.hits;
		if (unlikely(!expected)) {
			w->block = block;
			w->begin = begin;
			w->end = end;
			w->got = got;
			break;
		}
		if (level >= OBSERVE_time)
			end = gfplab_clock_between(clock, begin, end);
		if (level >= OBSERVE_time)
			gfplab_tally_add(&tally, end);
		if (level >= OBSERVE_full)
			gfplab_record_expected(w, block.page, block.pages, begin, end);
		free(&block);
	}
	if (level >= OBSERVE_time)
		gfplab_tally_end(&tally, &w->stats, w->expected.stage);
	return i;
}

#define GFPLAB_BURST_AT(level, alloc, free)				\
	static u32 alloc##_at_##level(struct gfplab_worker *w, u32 n)	\
	{								\
		return w->quick_checks ?					\
			gfplab_burst(alloc, free, w, n, OBSERVE_##level, true) : \
			gfplab_burst(alloc, free, w, n, OBSERVE_##level, false); \
	}

/* Defines the loops of one entry. */
#define GFPLAB_BURSTS(alloc, free)					\
	GFPLAB_BURST_AT(none, alloc, free)				\
	GFPLAB_BURST_AT(path, alloc, free)				\
	GFPLAB_BURST_AT(time, alloc, free)				\
	GFPLAB_BURST_AT(full, alloc, free)				\
	GFPLAB_BURST_AT(explain, alloc, free)

/* .alloc, .free and .burst of a row. */
#define GFPLAB_ENTRY_CALLS(alloc_, free_)					\
	.alloc = alloc_, .free = free_,					\
	.burst = { alloc_##_at_none, alloc_##_at_path, alloc_##_at_time, \
		   alloc_##_at_full, alloc_##_at_explain }

#endif
