/* SPDX-License-Identifier: GPL-2.0 */
/* worker.h - a task that issues requests */
#ifndef GFPLAB_WORKER_H
#define GFPLAB_WORKER_H

#include <linux/atomic.h>
#include <linux/prandom.h>
#include <linux/sched.h>
#include <linux/types.h>
#include "context.h"
#include "entry.h"
#include "flight.h"
#include "quick_check.h"
#include "record.h"
#include "stats.h"
#include "throughput.h"
#include "verdict.h"
#include "walk.h"

struct gfplab_pool;
struct gfplab_predictor;
struct gfplab_run;

/* Closed, a pool is its worker's alone; open, whoever wins the gate may empty it. */
enum gfplab_gate { GATE_closed, GATE_open, GATE_reclaiming };

/**
 * struct gfplab_worker - who issues requests: a kthread or the writer itself
 * @share: how many requests are its part; 0 is without end
 * @budget: pages it may hold
 * @rnd: draws what is asked, so many draws a request whatever comes of it
 * @release_rnd: draws what is freed
 * @call: makes the request that @args describes, in the plan's context; what
 *	comes of it is left in @block, @begin, @end and @got
 * @mems_seq: gfplab_mems_seq() before a request or burst
 * @quick: requests can be made in bursts, @burst: of how many at most
 * @quick_checks: what they bring is checked, in so far as @glance tells
 * @expected: the verdict of a request that goes as requests should
 * @expected_hits: events that are seen of such a request
 * @pattern: a record of such a request
 * @predicted: for the request in flight, at observe=explain
 * @begin: the run's clock before a request, @end: after it
 * @looked: pages held when the machine's reserve was last looked at
 * @gate: who may touch @pool, a GATE_*
 * @allocated: blocks received, @freed: blocks freed; told to pool.c at the end
 *
 * Written by its own task alone until the run is over.
 */
struct gfplab_worker {
	struct gfplab_run *run;
	struct task_struct *task;
	unsigned int index;
	u64 share;
	u64 budget;
	u64 looked;
	u64 allocated;
	u64 freed;
	struct rnd_state rnd;
	struct rnd_state release_rnd;
	struct gfplab_context_call call;
	struct gfplab_alloc_args args;
	struct gfplab_block block;
	u64 begin;
	u64 end;
	bool got;
	unsigned int mems_seq;
	bool quick;
	bool quick_checks;
	u32 burst;
	struct gfplab_quick_check quick_check;
	u32 expected_hits;
	struct gfplab_verdict expected;
	struct gfplab_record pattern;
	struct gfplab_prediction predicted;
	struct page_frag_cache frags;
	struct page **scratch;
	struct gfplab_predictor *predictor;	/* at observe=explain */
	struct gfplab_flight flight;
	struct gfplab_stats stats;
	struct gfplab_ring ring;
	struct gfplab_pool *pool;
	atomic_t gate;
	bool reclaimed;			/* the OOM notifier was here */
	size_t bytes;			/* what all this takes */
	struct gfplab_throughput throughput;
};

struct gfplab_worker *gfplab_worker_create(struct gfplab_run *run, unsigned int index,
					   u32 pool_size);
void gfplab_worker_free(struct gfplab_worker *w);
u64 gfplab_worker_reclaim(struct gfplab_worker *w);
int gfplab_worker_thread(void *data);
void gfplab_work(struct gfplab_worker *w);

#endif
