// SPDX-License-Identifier: GPL-2.0
/*
 * worker.c - the loop of a task that issues requests, and when it ends.
 */
#include <linux/atomic.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/prandom.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/wait.h>
#include "account.h"
#include "busted.h"
#include "check.h"
#include "entry.h"
#include "flight.h"
#include "hold.h"
#include "options.h"
#include "params.h"
#include "plan.h"
#include "pool.h"
#include "request.h"
#include "requester.h"
#include "room.h"
#include "rules/words.h"
#include "states.h"
#include "stats.h"
#include "stop.h"
#include "throughput.h"
#include "worker.h"

#define BATCH		256U
#define BURST		128U

/* Workers that may be inside of a request. */
static atomic_t at_work;

/**
 * gfplab_worker_create - a worker with room for all that it may need
 * @plan: what it does; stays as long as the worker
 * @stop: of the run, likewise
 * @index: which of the plan's workers
 *
 * Context: may sleep.
 * Return: the worker; NULL without memory.
 */
struct gfplab_worker *gfplab_worker_create(const struct gfplab_plan *plan,
					   struct gfplab_stop *stop, unsigned int index)
{
	size_t bytes = 0;
	struct gfplab_worker *w = gfplab_array(ACCOUNT_other, 1, sizeof(*w), &bytes);

	if (!w)
		return NULL;
	w->share = gfplab_plan_share(plan, index);
	w->bytes = bytes;
	prandom_seed_state(&w->rnd, plan->opt.seed + index);
	if (gfplab_requester_init(&w->rq, plan, stop, index, &w->bytes)) {
		gfplab_worker_exit(w);
		gfplab_worker_free(w);
		return NULL;
	}
	return w;
}

/**
 * gfplab_worker_exit - free a worker's results and what it still holds
 * @w: makes no more requests; may be NULL
 *
 * Context: may sleep.
 */
void gfplab_worker_exit(struct gfplab_worker *w)
{
	if (w)
		gfplab_requester_exit(&w->rq);
}

/**
 * gfplab_worker_free - free a worker, its flight included
 * @w: gfplab_worker_exit() was called, and gfplab_probe_wait() if it ever ran; may be NULL
 *
 * Context: may sleep.
 */
void gfplab_worker_free(struct gfplab_worker *w)
{
	gfplab_array_free(w);
}

/* ---- the loop ---- */

static unsigned int draw_order(struct gfplab_worker *w)
{
	unsigned int nr = w->rq.plan->nr_orders;

	return nr == 1 ? 0 : prandom_u32_state(&w->rnd) % nr;
}

/* The cpuset or mempolicy of the calling task may have changed. */
static void renew_room(struct gfplab_requester *rq)
{
	unsigned int seq = gfplab_mems_seq();

	if (!rq->plan->own_task || seq == rq->room_seq)
		return;
	rq->room_seq = seq;
	gfplab_plan_room(rq->plan, &rq->room);
}

/*
 * With its zones full, a request makes the kernel kill tasks that hold none of them, or
 * takes what others need. With unsafe=1 that may be what the run is to show.
 */
static bool has_room(struct gfplab_requester *rq, u32 pages)
{
	if (gfplab_unsafe)
		return true;
	renew_room(rq);
	if (!GFPLAB_BUSTED(no_room) &&
	    !gfplab_room_is_left(&rq->room, (u64)pages * atomic_read(&at_work)))
		return false;
	return GFPLAB_BUSTED(no_group) || !rq->room.group ||
	       gfplab_group_is_left(pages, rq->pool->size, &rq->group_limited);
}

/* Before each request or burst: may this worker ask for and hold another block of this order? */
static bool within_budget(struct gfplab_worker *w, unsigned int order)
{
	const struct gfplab_plan *plan = w->rq.plan;
	struct gfplab_pool *pool = w->rq.pool;
	u32 least, pages = gfplab_entry_pages(&gfplab_entries[plan->opt.entry], order,
					      plan->opt.pages, &least);

	if (!has_room(&w->rq, pages))
		return false;
	if (GFPLAB_BUSTED(no_budget))
		return true;
	if (READ_ONCE(pool->pages) + pages > plan->budget)
		return false;
	/* Other runs hold of the same zones. */
	if (plan->limit == LIMIT_module && !gfplab_pool_covers(pool, pages) &&
	    !GFPLAB_BUSTED(no_room) && gfplab_room_share(&w->rq.room) < pages)
		return false;
	return gfplab_pool_reserve(pool, pages);
}

/*
 * Requests timed together. A batch must stay far shorter than the time between
 * two timer ticks, so there are fewer in it where each takes longer: orders
 * without per-CPU lists, and work that grows with the pages.
 */
static u32 batch_of(const struct gfplab_plan *plan)
{
	const struct gfplab_entry *entry = &gfplab_entries[plan->opt.entry];
	gfp_t gfp = gfplab_entry_gfp(entry, plan->opt.gfp);
	unsigned int order = plan->orders[plan->nr_orders - 1];

	if (entry->bypass)
		return 4;
	if (plan->opt.pages)
		order = ilog2(plan->opt.pages);
	if (entry->shape != SHAPE_block || want_init_on_alloc(gfp) || want_init_on_free())
		return max(BATCH >> order, 4U);
	return order > PAGE_ALLOC_COSTLY_ORDER ? BATCH / 8 : BATCH;
}

/* As many requests as may pass before the next look whether to end; batches grow with time. */
static u32 burst_of(const struct gfplab_worker *w)
{
	u32 n = min_t(u64, w->throughput.left, w->burst);

	return w->share ? min_t(u64, n, w->share - w->rq.stats.requests) : n;
}

/* Return: how many requests were made. */
static u32 make_requests(struct gfplab_worker *w, unsigned int order_index)
{
	if (w->rq.bursts)
		return gfplab_request_burst(&w->rq, burst_of(w));
	gfplab_request(&w->rq, order_index);
	return 1;
}

/*
 * A run that is out of memory leaves its blocks to oom.c, which frees them on the CPU
 * that is short of memory: what a worker frees stays in the per-cpu lists of its own
 * CPU, thousands of pages from 6.7 on.
 */
static void leave_to_oom(struct gfplab_requester *rq)
{
	while (gfplab_stop_reason(rq->stop) == ABORT_oom && READ_ONCE(rq->pool->pages) &&
	       atomic_read(&gfplab_pools_releasing))
		schedule_timeout_uninterruptible(1);
}

/* What is not kept beyond the run is freed. */
static void free_pool(struct gfplab_requester *rq)
{
	bool keep = rq->plan->opt.release.how == RELEASE_keep;

	/* No notifier tells when the group needs it. */
	if (keep && rq->group_limited && !gfplab_unsafe) {
		rq->stats.not_held += READ_ONCE(rq->pool->count);
		keep = false;
	}
	leave_to_oom(rq);
	if (!keep || gfplab_stop_reason(rq->stop) == ABORT_oom)
		gfplab_hold_drain(rq);
}

/* A worker that sleeps asks for nothing. */
static void pause_between(struct gfplab_requester *rq)
{
	u32 us = rq->plan->opt.interval_us;

	if (us)
		atomic_dec(&at_work);
	gfplab_stop_pause(rq->stop, us);
	if (us)
		atomic_inc(&at_work);
}

/**
 * gfplab_worker_run - make a worker's share of the requests
 * @w: the worker; its task calls
 *
 * Context: task; may sleep.
 */
void gfplab_worker_run(struct gfplab_worker *w)
{
	struct gfplab_requester *rq = &w->rq;
	const struct gfplab_plan *plan = rq->plan;
	u32 batch = batch_of(plan);
	unsigned int i;

	gfplab_flight_begin(&rq->call.flight, current);
	atomic_inc(&at_work);
	rq->room_seq = gfplab_mems_seq();
	gfplab_plan_room(plan, &rq->room);
	WRITE_ONCE(rq->pool->charged, rq->room.group);
	gfplab_requester_begin(rq);
	w->burst = plan->opt.bare ? batch : BURST;
	gfplab_throughput_begin(&w->throughput, &plan->clock, batch);
	while (!w->share || rq->stats.requests < w->share) {
		if (gfplab_stop_due(rq->stop, plan->own_task))
			break;
		i = draw_order(w);
		if (!within_budget(w, plan->orders[i])) {
			gfplab_stop_request(rq->stop, ABORT_budget);
			break;
		}
		WRITE_ONCE(w->since, jiffies | 1);
		w->throughput.left -= make_requests(w, i);
		WRITE_ONCE(w->since, 0);
		if (!w->throughput.left)
			gfplab_throughput_mark(&w->throughput, &plan->clock);
		pause_between(rq);
	}
	gfplab_throughput_end(&w->throughput, &plan->clock);
	free_pool(rq);
	gfplab_requester_end(rq);
	atomic_dec(&at_work);
	gfplab_flight_end(&rq->call.flight);
}
