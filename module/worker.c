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
#include <linux/mutex.h>
#include <linux/overflow.h>
#include <linux/prandom.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/wait.h>
#include "budget.h"
#include "busted.h"
#include "entry.h"
#include "flight.h"
#include "options.h"
#include "params.h"
#include "plan.h"
#include "pool.h"
#include "request.h"
#include "requester.h"
#include "rules/words.h"
#include "states.h"
#include "stats.h"
#include "stop.h"
#include "throughput.h"
#include "worker.h"

/* All workers together may hold this much more before the machine's reserve is checked again. */
#define LOOK_PAGES	1024
#define BATCH		256U
#define BURST		128U

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
	struct gfplab_worker *w = kvzalloc(sizeof(*w), GFP_KERNEL);

	if (!w)
		return NULL;
	w->share = gfplab_plan_share(plan, index);
	w->bytes = sizeof(*w);
	prandom_seed_state(&w->rnd, plan->opt.seed + index);
	if (gfplab_requester_init(&w->rq, plan, stop, index, &w->bytes)) {
		gfplab_worker_free(w);
		return NULL;
	}
	return w;
}

/**
 * gfplab_worker_free - free a worker, its results and what it still holds
 * @w: may be NULL
 *
 * Context: may sleep.
 */
void gfplab_worker_free(struct gfplab_worker *w)
{
	if (!w)
		return;
	gfplab_requester_exit(&w->rq);
	kvfree(w);
}

/* ---- the loop ---- */

static unsigned int draw_order(struct gfplab_worker *w)
{
	unsigned int nr = w->rq.plan->nr_orders;

	return nr == 1 ? 0 : prandom_u32_state(&w->rnd) % nr;
}

/* Before each request: may this worker hold another block of this order? */
static bool within_budget(struct gfplab_worker *w, unsigned int order)
{
	const struct gfplab_plan *plan = w->rq.plan;
	const struct gfplab_entry *entry = &gfplab_entries[plan->opt.entry];
	u64 pages = READ_ONCE(w->rq.pool->pages);
	u64 workers = atomic_read(&at_work);
	u32 least;

	if (GFPLAB_BUSTED(no_budget))
		return true;
	if (pages + gfplab_entry_pages(entry, order, &least) > plan->budget)
		return false;
	/* Pages freed since the last check count again when they are taken again. */
	w->looked = min(w->looked, pages);
	if (pages * workers < w->looked * workers + LOOK_PAGES)
		return true;
	w->looked = pages;
	/* A zone that is nearly empty on purpose is what the option asked for. */
	if (gfplab_states_leave_little(plan->opt.state))
		return true;
	/* With its nodes full, a request makes the kernel kill tasks that hold none of them. */
	if (!plan->opt.nodes.all && !gfplab_unsafe &&
	    !gfplab_nodes_have_room(&plan->opt.nodes.mask))
		return false;
	return si_mem_available() > (long)gfplab_reserve_pages();
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
 * A run that is out of memory leaves its blocks to oom.c for up to a second, for
 * oom.c to free them on the CPU that is short of memory: what a worker frees stays
 * in the per-cpu lists of its own CPU, thousands of pages from 6.7 on. The limit is
 * for a notifier that could not take its locks.
 */
static void leave_to_oom(struct gfplab_requester *rq)
{
	int tries;

	for (tries = 0; tries < HZ; tries++) {
		if (gfplab_stop_reason(rq->stop) != ABORT_oom ||
		    !READ_ONCE(rq->pool->pages) || READ_ONCE(rq->pool->reclaimed))
			return;
		schedule_timeout_uninterruptible(1);
	}
}

/* What is not kept beyond the run is freed. */
static void free_pool(struct gfplab_requester *rq)
{
	bool keep = rq->plan->opt.release.how == RELEASE_keep;

	leave_to_oom(rq);
	mutex_lock(&rq->pool->lock);
	if (!keep || gfplab_stop_reason(rq->stop) == ABORT_oom)
		rq->stats.bad_blocks += gfplab_pool_drain(rq->pool);
	mutex_unlock(&rq->pool->lock);
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
		w->throughput.left -= make_requests(w, i);
		if (!w->throughput.left)
			gfplab_throughput_mark(&w->throughput, &plan->clock);
		gfplab_stop_pause(rq->stop, plan->opt.interval_us);
	}
	gfplab_throughput_end(&w->throughput, &plan->clock);
	free_pool(rq);
	gfplab_requester_end(rq);
	atomic_dec(&at_work);
	gfplab_flight_end(&rq->call.flight);
}
