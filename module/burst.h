/* SPDX-License-Identifier: GPL-2.0 */
/*
 * burst.h - many requests that go as requests should, one after the other.
 *
 * Compiled once per entry and observe level, with the entry's calls inside the
 * loop. Whatever is not plain - no block, or a probe saw anything at all - ends
 * the burst and is left to request.c.
 */
#ifndef GFPLAB_BURST_H
#define GFPLAB_BURST_H

#include "gfplab.h"

/*
 * One attempt of the fast path and the event that says so, or whichever of
 * these this kernel lets us see; nothing else. Then the next request may use
 * the evidence again: these few are all that was written.
 */
static __always_inline bool gfplab_plain(struct gfplab_evidence *ev, u32 hits)
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

static __always_inline u32
gfplab_burst(bool (*alloc)(const struct gfplab_ask *ask, struct gfplab_block *block),
	     void (*free)(const struct gfplab_block *block),
	     struct gfplab_worker *w, u32 n, enum gfplab_observe level)
{
	const struct gfplab_clock *clock = &w->run->clock;
	struct gfplab_ask ask = w->ask;
	struct gfplab_block block = { .order = ask.order, .entry = w->run->opt.entry };
	u64 begin = 0, end = 0;
	bool got, plain;
	u32 i;

	for (i = 0; i < n; i++) {
		if (level >= OBSERVE_explain)
			gfplab_foresee(w->oracle, &w->run->opt, ask.order, &w->predicted, NULL);
		if (level >= OBSERVE_path)
			gfplab_flight_open(&w->flight);
		if (level >= OBSERVE_time)
			begin = gfplab_clock_read(clock);
		got = alloc(&ask, &block);
		if (level >= OBSERVE_time)
			end = gfplab_clock_read(clock);
		if (level >= OBSERVE_path)
			gfplab_flight_close(&w->flight);
		plain = got;
		if (level >= OBSERVE_full)
			plain = plain && gfplab_plain(&w->flight.evidence, w->plain_hits);
		else if (level >= OBSERVE_path)
			plain = plain && !w->flight.evidence.hits;
		if (unlikely(!plain)) {
			w->block = block;
			w->begin = begin;
			w->end = end;
			w->got = got;
			break;
		}
		if (level >= OBSERVE_time)
			end = gfplab_clock_between(clock, begin, end);
		if (level >= OBSERVE_time)
			gfplab_latency(&w->stats, 0, w->plain.stage, end);
		if (level >= OBSERVE_full)
			gfplab_record_plain(w, &block, begin, end);
		free(&block);
	}
	return i;
}

#define GFPLAB_BURST_AT(level, alloc, free)				\
	static u32 alloc##_at_##level(struct gfplab_worker *w, u32 n)	\
	{								\
		return gfplab_burst(alloc, free, w, n, OBSERVE_##level);	\
	}

/* Defines the loops of one entry. */
#define GFPLAB_BURSTS(alloc, free)					\
	GFPLAB_BURST_AT(none, alloc, free)				\
	GFPLAB_BURST_AT(path, alloc, free)				\
	GFPLAB_BURST_AT(time, alloc, free)				\
	GFPLAB_BURST_AT(full, alloc, free)				\
	GFPLAB_BURST_AT(explain, alloc, free)

/* .alloc, .free and .burst of a row. */
#define GFPLAB_DOOR(alloc_, free_)					\
	.alloc = alloc_, .free = free_,					\
	.burst = { alloc_##_at_none, alloc_##_at_path, alloc_##_at_time, \
		   alloc_##_at_full, alloc_##_at_explain }

#endif
