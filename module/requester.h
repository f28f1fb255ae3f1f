/* SPDX-License-Identifier: GPL-2.0 */
/* requester.h - what makes one request after the other, and the memory that it needs */
#ifndef GFPLAB_REQUESTER_H
#define GFPLAB_REQUESTER_H

#include <linux/atomic.h>
#include <linux/prandom.h>
#include <linux/types.h>
#include "block.h"
#include "burst.h"
#include "context.h"
#include "entry.h"
#include "options.h"
#include "plan.h"
#include "pool.h"
#include "predictor.h"
#include "record.h"
#include "room.h"
#include "rules/verdict.h"
#include "rules/walk.h"
#include "stats.h"
#include "stop.h"

/**
 * struct gfplab_requester - what makes one request after the other, as a plan says
 * @plan: the plan
 * @stop: is asked to end the run if that must not go on
 * @index: which of the plan's workers
 * @bursts: requests can be made in bursts
 * @call: the request in flight, or the last one
 * @context_call: makes the request of @call in the plan's context
 * @mems_seq: gfplab_mems_seq() before a request or burst
 * @release_rnd: draws what is freed
 * @pool: the blocks held
 * @room: the zones that requests may use
 * @room_seq: gfplab_mems_seq() when @room was found
 * @states: the run's memory states; NULL: none
 * @in_state: enum gfplab_in_state of the request in flight
 * @group_limited: what came was charged to a memory cgroup with a limit
 * @expected_evidence: of a request that goes as expected
 * @expected: the verdict of such a request
 * @unseen: the same without kprobes
 * @lost: bit PROBE_x for each probe that was switched off since the run began
 * @blind: those, and others that may have missed the request just made
 * @last: first page of the block that came last; NULL: none, or many since then
 * @last_pages: its pages
 * @pattern: a record of such a request
 * @predictor: at observe=explain
 * @predicted: for the request in flight, at observe=explain
 * @frags: the cache of the entry page_frag
 * @allocated: blocks received, told to budget.c at the end
 * @freed: blocks freed, likewise
 * @stats: sums over all requests
 * @ring: the last records
 *
 * Written by the requester's task alone until the run is over, but for @pool,
 * which has a lock.
 */
struct gfplab_requester {
	const struct gfplab_plan *plan;
	struct gfplab_stop *stop;
	unsigned int index;
	bool bursts;
	struct gfplab_call call;
	struct gfplab_context_call context_call;
	unsigned int mems_seq;
	struct rnd_state release_rnd;
	struct gfplab_pool *pool;
	struct gfplab_room room;
	unsigned int room_seq;
	struct gfplab_states *states;
	enum gfplab_in_state in_state;
	bool group_limited;
	struct gfplab_evidence expected_evidence;
	struct gfplab_verdict expected;
	struct gfplab_verdict unseen;
	u32 lost;
	u32 blind;
	struct page *last;
	u32 last_pages;
	struct gfplab_record pattern;
	struct gfplab_predictor *predictor;
	struct gfplab_prediction predicted;
	struct page_frag_cache frags;
	u64 allocated;
	u64 freed;
	struct gfplab_stats stats;
	struct gfplab_ring ring;
};

/* The order that reaches the allocator; GFPLAB_ANY_ORDER if it varies. */
static inline unsigned int gfplab_inner_order(const struct gfplab_requester *rq)
{
	const struct gfplab_entry *entry = &gfplab_entries[rq->plan->opt.entry];

	return entry->inner == GFPLAB_ORDER_ASKED ? rq->call.args.order : entry->inner;
}

/* The number of the request in flight, or the next one's, among those of all workers. */
static inline u64 gfplab_next_seq(const struct gfplab_requester *rq)
{
	return rq->stats.requests * rq->plan->nr_workers + rq->index;
}

/* The record in its slot is kept: in a ring that has a size. */
static __always_inline void gfplab_keep_record(struct gfplab_requester *rq)
{
	rq->stats.lost += gfplab_record_commit(&rq->ring);
}

u32 gfplab_requester_ring(u32 most);
int gfplab_requester_init(struct gfplab_requester *rq, const struct gfplab_plan *plan,
			  struct gfplab_stop *stop, unsigned int index, size_t *bytes);
void gfplab_requester_exit(struct gfplab_requester *rq);

#endif
