// SPDX-License-Identifier: GPL-2.0
/*
 * worker.c - who issues requests: its memory, its loop, and when that ends.
 */
#include <linux/atomic.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/prandom.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/wait.h>
#include "budget.h"
#include "busted.h"
#include "compat.h"
#include "context.h"
#include "entry.h"
#include "flight.h"
#include "job.h"
#include "options.h"
#include "params.h"
#include "pool.h"
#include "predictor.h"
#include "record.h"
#include "request.h"
#include "run.h"
#include "stats.h"
#include "summary.h"
#include "tables.h"
#include "throughput.h"
#include "worker.h"

/* All workers together may take this much without a look at the machine's reserve. */
#define LOOK_PAGES	1024

static atomic_t at_work;

#define RECLAIM_TRIES	3	/* jiffies */
#define BATCH		256U
#define BURST		64U

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
	gfplab_pool_destroy(w->pool);
	kvfree(w->predictor);
	kvfree(w->scratch);
	kvfree(w->stats.buckets);
	kvfree(w->ring.slots);
	kvfree(w);
}

static void *array_for(struct gfplab_worker *w, size_t n, size_t size)
{
	w->bytes += n * size;
	return gfplab_array(n, size);
}

/**
 * gfplab_worker_create - a worker with room for all that it may need
 * @run: whose
 * @index: which of the run's workers
 * @pool_size: how many blocks it may hold
 *
 * Context: may sleep. Return: the worker; NULL without memory.
 */
struct gfplab_worker *gfplab_worker_create(struct gfplab_run *run, unsigned int index,
					   u32 pool_size)
{
	struct gfplab_worker *w = kvzalloc(sizeof(*w), GFP_KERNEL);

	if (!w)
		return NULL;
	w->run = run;
	w->index = index;
	w->stats.min_ns = U64_MAX;
	prandom_seed_state(&w->rnd, run->opt.seed + index);
	prandom_seed_state(&w->release_rnd, run->opt.seed + index);
	w->args.gfp = run->opt.gfp;
	w->args.nid = run->opt.nid;
	w->args.nodes = run->opt.nodes.all ? NULL : &run->opt.nodes.mask;
	w->args.frags = &w->frags;
	w->args.aborted = &run->aborted;
	gfplab_context_call_init(&w->call, gfplab_request_issue, w);
	w->pool = gfplab_pool_create(pool_size);
	if (!w->pool)
		goto fail;
	w->bytes = sizeof(*w) + sizeof(*w->pool) + max(pool_size, 1U) * sizeof(*w->pool->blocks);
	if (gfplab_entries[run->opt.entry].shape == SHAPE_scattered) {
		w->scratch = array_for(w, GFPLAB_SCRATCH, sizeof(*w->scratch));
		if (!w->scratch)
			goto fail;
		w->args.scratch = w->scratch;
	}
	if (run->opt.observe >= OBSERVE_explain) {
		w->predictor = gfplab_predictor_create();
		if (!w->predictor)
			goto fail;
		w->bytes += struct_size(w->predictor, zones, w->predictor->size);
	}
	if (gfplab_timed(run)) {
		w->stats.buckets = array_for(w, run->nr_orders, sizeof(*w->stats.buckets));
		if (!w->stats.buckets)
			goto fail;
	}
	/* One slot is there at any level, for the trace event. */
	w->ring.size = run->opt.observe >= OBSERVE_full ? run->opt.ring : 0;
	w->ring.slots = array_for(w, w->ring.size + 1, sizeof(*w->ring.slots));
	if (!w->ring.slots)
		goto fail;
	return w;
fail:
	gfplab_worker_free(w);
	return NULL;
}

/* ---- its loop ---- */

static unsigned int draw_order(struct gfplab_worker *w)
{
	const struct gfplab_run *run = w->run;

	if (run->nr_orders == 1)
		return 0;
	return prandom_u32_state(&w->rnd) % run->nr_orders;
}

/* Before each request: may this worker hold another block of this order? */
static bool within_budget(struct gfplab_worker *w, unsigned int order)
{
	u64 pages = READ_ONCE(w->pool->pages);
	u64 workers = atomic_read(&at_work);
	u32 least;

	if (GFPLAB_BUSTED(no_budget))
		return true;
	if (pages + gfplab_entry_pages(&gfplab_entries[w->run->opt.entry], order, &least) >
	    w->budget)
		return false;
	if (pages * workers < w->looked * workers + LOOK_PAGES)
		return true;
	w->looked = pages;
	/* A squeeze means to leave little; whoever asked for it took the risk. */
	if (w->run->states.squeeze.ballast.zone)
		return true;
	/* With its nodes full, a request has victims sought who could not help. */
	if (w->args.nodes && !gfplab_unsafe && !gfplab_nodes_have_room(w->args.nodes))
		return false;
	return si_mem_available() > (long)gfplab_reserve_pages();
}

static bool must_stop(struct gfplab_worker *w)
{
	struct gfplab_run *run = w->run;

	if (atomic_read(&run->aborted) && !GFPLAB_BUSTED(deaf_stop))
		return true;
	if (run->own_task && signal_pending(current)) {
		gfplab_run_abort(run, ABORT_signal);
		return true;
	}
	if (run->expiry && time_after_eq(jiffies, run->expiry)) {
		gfplab_run_abort(run, ABORT_timeout);
		return true;
	}
	return run->deadline && time_after_eq(jiffies, run->deadline);
}

/* Jiffies until the run ends by itself, at least one. */
static long time_left(const struct gfplab_run *run)
{
	long left = LONG_MAX;

	if (run->expiry)
		left = min(left, (long)(run->expiry - jiffies));
	if (run->deadline)
		left = min(left, (long)(run->deadline - jiffies));
	return max(left, 1L);
}

static void pause_between(struct gfplab_run *run)
{
	u32 us = run->opt.interval_us;

	/*
	 * A mere cond_resched() is no point where RCU-tasks sees that a task is
	 * through: whoever changes the kernel's code (kprobes that get optimized,
	 * tracers) would wait, some with text_mutex held, until the run ends.
	 */
	if (!us)
		cond_resched_tasks_rcu_qs();
	else if (us < 10000)
		usleep_range(us, us + us / 8 + 1);
	else
		wait_event_interruptible_timeout(run->job->done, atomic_read(&run->aborted),
						 min_t(long, usecs_to_jiffies(us),
						       time_left(run)));
}

/*
 * Requests timed together. A block must stay far shorter than the time between
 * two timer ticks, so there are fewer in it where each takes longer: orders
 * without per-CPU lists, and work that grows with the pages.
 */
static u32 batch_of(const struct gfplab_run *run)
{
	const struct gfplab_entry *entry = &gfplab_entries[run->opt.entry];
	gfp_t gfp = gfplab_entry_gfp(entry, run->opt.gfp);
	unsigned int order = run->orders[run->nr_orders - 1];

	if (entry->bypass)
		return 4;
	if (entry->shape != SHAPE_block || want_init_on_alloc(gfp) || want_init_on_free())
		return max(BATCH >> order, 4U);
	return order > PAGE_ALLOC_COSTLY_ORDER ? BATCH / 8 : BATCH;
}

/* As many requests as may pass before we look whether to end; blocks grow with time. */
static u32 burst_of(const struct gfplab_worker *w)
{
	u32 n = min_t(u64, w->throughput.left, w->burst);

	return w->share ? min_t(u64, n, w->share - w->stats.requests) : n;
}

/**
 * gfplab_worker_reclaim - free what a worker holds
 * @w: a worker that may be at work
 *
 * On this CPU, for whoever is in need here: what a worker frees on its own CPU
 * stays in that one's per-cpu lists, thousands of pages from 6.7 on.
 *
 * Context: the OOM notifier; holds the lock of the worker's job.
 * Return: pages freed, 0 if it came to its end and does it itself.
 */
u64 gfplab_worker_reclaim(struct gfplab_worker *w)
{
	u64 pages;
	int tries;

	/* It is closed only for as long as a block is put away, or for good. */
	for (tries = 0; atomic_cmpxchg(&w->gate, GATE_open, GATE_reclaiming) != GATE_open; tries++) {
		if (tries == RECLAIM_TRIES || !READ_ONCE(w->pool->pages))
			return 0;
		schedule_timeout_uninterruptible(1);
	}
	pages = w->pool->pages;
	gfplab_request_release(w);
	w->reclaimed = true;
	atomic_set_release(&w->gate, GATE_closed);
	return pages;
}

/*
 * Who says that this run is out of memory is about to rob its workers, one by
 * one: let him, for the same reason. The limit is against a mistake of ours.
 */
static void await_reclaim(struct gfplab_worker *w)
{
	int tries;

	for (tries = 0; tries < HZ; tries++) {
		if (atomic_read(&w->run->aborted) != ABORT_oom || !w->pool->pages ||
		    atomic_read_acquire(&w->gate) != GATE_open || w->reclaimed)
			return;
		schedule_timeout_uninterruptible(1);
	}
}

/* What is not kept goes, and it is told to whoever waits for it. */
static void give_back(struct gfplab_worker *w)
{
	struct gfplab_run *run = w->run;
	bool oom = atomic_read(&run->aborted) == ABORT_oom;
	u64 pages = w->pool->pages;

	if (run->opt.release.how == RELEASE_keep && !oom)
		return;
	gfplab_request_release(w);
	atomic64_add(pages, &run->returned);
	if (oom)
		wake_up_all(&run->job->done);
}

/**
 * gfplab_work - make a worker's share of the requests
 * @w: the worker; its task's flight has begun
 *
 * Context: the task; may sleep.
 */
void gfplab_work(struct gfplab_worker *w)
{
	struct gfplab_run *run = w->run;
	u32 batch = batch_of(run), made;
	unsigned int i;

	atomic_inc(&at_work);
	gfplab_request_begin(w);
	w->burst = run->opt.bare ? batch : BURST;
	gfplab_throughput_begin(&w->throughput, &run->clock, batch);
	gfplab_gate_open(w);
	while (!w->share || w->stats.requests < w->share) {
		if (must_stop(w))
			break;
		i = draw_order(w);
		if (!within_budget(w, run->orders[i])) {
			gfplab_run_abort(run, ABORT_budget);
			break;
		}
		if (w->quick) {
			made = gfplab_request_burst(w, burst_of(w));
		} else {
			gfplab_request(w, i);
			made = 1;
		}
		w->throughput.left -= made;
		if (!w->throughput.left)
			gfplab_throughput_mark(&w->throughput, &run->clock);
		pause_between(run);
	}
	gfplab_throughput_end(&w->throughput, &run->clock);
	await_reclaim(w);
	gfplab_gate_close(w);
	give_back(w);
	gfplab_frag_drain(&w->frags);
	gfplab_context_call_exit(&w->call);
	gfplab_count_allocated(w->allocated);
	gfplab_count_freed(w->freed);
	atomic_dec(&at_work);
}

/**
 * gfplab_worker_thread - a worker that is a kthread
 * @data: the worker
 *
 * Return: 0, once it is collected.
 */
int gfplab_worker_thread(void *data)
{
	struct gfplab_worker *w = data;
	struct gfplab_run *run = w->run;
	struct gfplab_job *job = run->job;

	gfplab_flight_begin(&w->flight, current);
	gfplab_work(w);
	gfplab_flight_end(&w->flight);
	if (atomic_dec_and_test(&run->live))
		schedule_work(&job->finish);

	/* The thread must not outlive the module: it waits to be collected. */
	set_current_state(TASK_IDLE);
	while (!kthread_should_stop()) {
		schedule();
		set_current_state(TASK_IDLE);
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}
