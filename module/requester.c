// SPDX-License-Identifier: GPL-2.0
/*
 * requester.c - the memory of what makes requests: arguments, pool, statistics
 * and the ring of records.
 */
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/log2.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/nodemask.h>
#include <linux/overflow.h>
#include <linux/prandom.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "account.h"
#include "block.h"
#include "entry.h"
#include "options.h"
#include "params.h"
#include "plan.h"
#include "pool.h"
#include "predictor.h"
#include "record.h"
#include "requester.h"
#include "rules/words.h"
#include "stats.h"
#include "stop.h"

#define RINGS_PART	64	/* of the machine's memory, for the rings of a worker on each CPU */

/**
 * gfplab_requester_ring - how many records a worker keeps by default
 * @most: on a machine whose memory is no matter
 *
 * Context: any.
 * Return: records; fewer on many CPUs with little memory, a power of two then.
 */
u32 gfplab_requester_ring(u32 most)
{
	u64 room = div_u64((u64)totalram_pages() << PAGE_SHIFT,
			   RINGS_PART * num_possible_cpus() * sizeof(struct gfplab_record));

	return room < most ? rounddown_pow_of_two(max_t(u32, room, 2)) : most;
}

/**
 * gfplab_requester_init - a requester with room for all that it may need
 * @rq: zeroed
 * @plan: what it does; stays as long as the requester
 * @stop: of the run, likewise
 * @index: which of the plan's workers
 * @bytes: what it takes is added here
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM; in both cases gfplab_requester_exit() is wanted.
 */
int gfplab_requester_init(struct gfplab_requester *rq, const struct gfplab_plan *plan,
			  struct gfplab_stop *stop, unsigned int index, size_t *bytes)
{
	const struct gfplab_options *opt = &plan->opt;
	struct gfplab_alloc_args *args = &rq->call.args;
	u32 blocks = gfplab_plan_pool_size(plan, index);

	rq->plan = plan;
	rq->stop = stop;
	rq->index = index;
	rq->stats.min_ns = U64_MAX;
	prandom_seed_state(&rq->release_rnd, opt->seed + index);
	rq->call.clock = &plan->clock;
	args->gfp = opt->gfp;
	args->nid = opt->nid;
	args->nodes = opt->nodes.all ? NULL : (nodemask_t *)&opt->nodes.mask;
	args->frags = &rq->frags;
	args->stop = stop;

	rq->pool = gfplab_pool_create(blocks, plan->limit);
	if (!rq->pool)
		return -ENOMEM;
	/* What becomes of a shortage is what such a run wants to see. */
	rq->pool->stays = plan->own_task && gfplab_unsafe;
	*bytes += gfplab_pool_bytes(rq->pool);
	if (gfplab_entries[opt->entry].shape == SHAPE_scattered) {
		args->scratch = gfplab_array(ACCOUNT_other, GFPLAB_SCRATCH,
					     sizeof(*args->scratch), bytes);
		if (!args->scratch)
			return -ENOMEM;
	}
	if (opt->observe >= OBSERVE_explain) {
		rq->predictor = gfplab_predictor_create();
		if (!rq->predictor)
			return -ENOMEM;
		*bytes += struct_size(rq->predictor, zones, rq->predictor->size);
	}
	if (gfplab_plan_timed(plan)) {
		rq->stats.buckets = gfplab_array(ACCOUNT_other, plan->nr_orders,
						 sizeof(*rq->stats.buckets), bytes);
		if (!rq->stats.buckets)
			return -ENOMEM;
	}
	/* One slot is there at any level, for the trace event. */
	rq->ring.size = gfplab_plan_ring(plan, index);
	rq->ring.slots = gfplab_array_unset(ACCOUNT_rings, rq->ring.size + 1,
					    sizeof(*rq->ring.slots), bytes);
	if (!rq->ring.slots)
		return -ENOMEM;
	/* The others are written as a whole before they are read. */
	memset(rq->ring.slots, 0, sizeof(*rq->ring.slots));
	return 0;
}

/**
 * gfplab_requester_exit - free what a requester has, and the blocks it still holds
 * @rq: initialised, perhaps in part
 *
 * Context: may sleep.
 */
void gfplab_requester_exit(struct gfplab_requester *rq)
{
	gfplab_pool_destroy(rq->pool);
	gfplab_array_free(rq->predictor);
	gfplab_array_free(rq->call.args.scratch);
	gfplab_array_free(rq->stats.buckets);
	gfplab_array_free(rq->ring.slots);
}
