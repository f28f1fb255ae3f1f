// SPDX-License-Identifier: GPL-2.0
/*
 * run.c - a plan in execution: its workers, and how they begin and end.
 *
 * Workers are kthreads, one a CPU, or the calling task itself. When they may
 * run, and what is done with the blocks they hold, is decided in job.c.
 */
#include <linux/atomic.h>
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kref.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/llist.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/overflow.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include "account.h"
#include "entry.h"
#include "error.h"
#include "flight.h"
#include "options.h"
#include "plan.h"
#include "pool.h"
#include "probe.h"
#include "queue.h"
#include "run.h"
#include "states.h"
#include "stop.h"
#include "worker.h"

/* ---- memory ---- */

/* Runs of which nothing is left but what a probe's callback may still look at. */
static LLIST_HEAD(retired);

/* One wait for all that have come meanwhile. */
static void free_retired(struct work_struct *work)
{
	struct llist_node *all = llist_del_all(&retired);
	struct gfplab_run *run, *next;
	unsigned int i;

	gfplab_probe_wait();
	llist_for_each_entry_safe(run, next, all, retired) {
		gfplab_flights_unreserve(run->flights);
		for (i = 0; i < run->nr_workers; i++)
			gfplab_worker_free(run->workers[i]);
		kvfree(run);
	}
}

static DECLARE_WORK(retire, free_retired);

static void release(struct kref *ref)
{
	struct gfplab_run *run = container_of(ref, struct gfplab_run, ref);
	unsigned int i;

	for (i = 0; i < run->nr_workers; i++)
		gfplab_worker_exit(run->workers[i]);
	gfplab_states_free(&run->states);
	llist_add(&run->retired, &retired);
	queue_work(gfplab_queue, &retire);
}

/**
 * gfplab_runs_flush - free what is left of runs without a reference
 *
 * Context: may sleep, for a grace period.
 */
void gfplab_runs_flush(void)
{
	flush_work(&retire);
}

/**
 * gfplab_run_get - take a reference to a run and its results
 * @run: a run to which the caller has, or can see, a reference
 *
 * Context: any.
 */
void gfplab_run_get(struct gfplab_run *run)
{
	kref_get(&run->ref);
}

/**
 * gfplab_run_put - drop a reference to a run and its results
 * @run: may be NULL; its kthreads are collected
 *
 * Context: may sleep.
 */
void gfplab_run_put(struct gfplab_run *run)
{
	if (run)
		kref_put(&run->ref, release);
}

/* ---- kthreads ---- */

static int worker_thread(void *data)
{
	struct gfplab_worker *w = data;
	struct gfplab_run *run = w->run;

	gfplab_worker_run(w);
	/* Before this worker is counted as done: after that the job may be gone. */
	if (gfplab_stop_is_over(&run->stop) && atomic_read(&run->live) > 1 &&
	    !atomic_xchg(&run->told, 1))
		run->ending(run->job);
	if (atomic_dec_and_test(&run->live))
		run->over(run->job);

	/* The thread must not outlive the module: it waits for kthread_stop(). */
	set_current_state(TASK_IDLE);
	while (!kthread_should_stop()) {
		schedule();
		set_current_state(TASK_IDLE);
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}

/* Kthreads of all runs, and what each takes; other tasks must be able to fork. */
static atomic_t nr_threads;
#define THREAD_BYTES	(THREAD_SIZE + sizeof(struct task_struct))

/* An eighth of what kernel.threads-max is by default. */
static bool thread_take(void)
{
	u64 most = ((u64)totalram_pages() << PAGE_SHIFT) / (64 * THREAD_SIZE);

	if (atomic_inc_return(&nr_threads) <= max(most, 16ULL) &&
	    gfplab_account_take_small(ACCOUNT_other, THREAD_BYTES))
		return true;
	atomic_dec(&nr_threads);
	return false;
}

static void thread_give(void)
{
	gfplab_account_give_small(ACCOUNT_other, THREAD_BYTES);
	atomic_dec(&nr_threads);
}

static void collect_threads(struct gfplab_run *run)
{
	unsigned int i;

	for (i = 0; i < run->nr_workers; i++) {
		struct gfplab_worker *w = run->workers[i];

		if (!w->task)
			continue;
		kthread_stop(w->task);
		put_task_struct(w->task);
		w->task = NULL;
		thread_give();
	}
}

/* Made before anything else changes, and woken after all is set. */
static int make_threads(struct gfplab_run *run, struct gfplab_reason *why)
{
	const struct gfplab_options *opt = &run->plan.opt;
	struct task_struct *task;
	unsigned int i = 0;
	int cpu;

	for_each_online_cpu(cpu) {
		if (i == run->nr_workers)
			break;
		if (!opt->cpus.all && !cpumask_test_cpu(cpu, &opt->cpus.mask))
			continue;
		if (!thread_take())
			return gfplab_refuse(why, -1, -ENOMEM,
					     "too many workers: all runs have %d kthreads",
					     atomic_read(&nr_threads));
		task = kthread_create_on_node(worker_thread, run->workers[i], cpu_to_node(cpu),
					      "gfplab/%d", cpu);
		if (IS_ERR(task)) {
			thread_give();
			return gfplab_refuse(why, -1, PTR_ERR(task), "no kthread for CPU %d", cpu);
		}
		kthread_bind(task, cpu);
		get_task_struct(task);
		run->workers[i++]->task = task;
	}
	/* A CPU that went offline meanwhile leaves its worker without one. */
	if (i < run->nr_workers)
		return gfplab_refuse(why, -1, -ENODEV, "a CPU of `cpus` went offline");
	return 0;
}

/* The records of @last, which may be NULL, make room if need be: they would go after this. */
static int make_workers(struct gfplab_run *run, struct gfplab_run *last,
			struct gfplab_reason *why)
{
	struct gfplab_worker *w;
	unsigned int i;

	for (i = 0; i < run->plan.nr_workers; i++) {
		w = gfplab_worker_create(&run->plan, &run->stop, i);
		if (!w && last && gfplab_run_forget(last))
			w = gfplab_worker_create(&run->plan, &run->stop, i);
		if (!w)
			return gfplab_refuse(why, -1, -ENOMEM,
					     "no memory for the run's records and blocks: ring, hold or the number of workers is too large");
		w->run = run;
		run->workers[run->nr_workers++] = w;
	}
	return 0;
}

/**
 * gfplab_run_create - make a run of what the options say by now
 * @opt: a job's options
 * @own_task: the calling task shall be the only worker
 * @kept: pages that former runs of the job left held
 * @last: the job's last run, NULL if there is none; loses its records if there is no room for both
 * @why: the reason for a refusal
 *
 * Context: may sleep.
 * Return: the run, its kthreads asleep; ERR_PTR() of what gfplab_plan_make()
 * returns, -ENOMEM, -ENODEV if a CPU went offline, or -EINTR if the caller is
 * being killed.
 */
struct gfplab_run *gfplab_run_create(const struct gfplab_options *opt, bool own_task, u64 kept,
				     struct gfplab_run *last, struct gfplab_reason *why)
{
	unsigned int nr = gfplab_plan_workers(opt, own_task);
	struct gfplab_run *run = kvzalloc(struct_size(run, workers, nr), GFP_KERNEL);
	int err;

	if (!run)
		return ERR_PTR(gfplab_refuse(why, -1, -ENOMEM, "no memory for a run"));
	kref_init(&run->ref);
	gfplab_stop_init(&run->stop);
	mutex_init(&run->results);
	err = gfplab_plan_make(&run->plan, opt, own_task, kept, why);
	/* CPUs may have come since they were counted. */
	run->plan.nr_workers = min(run->plan.nr_workers, nr);
	if (!err && !gfplab_states_make(&run->states, opt->state, &run->stop.reason))
		err = gfplab_refuse(why, -1, -ENOMEM, "no memory for a run");
	if (!err && !gfplab_flights_reserve(run->plan.nr_workers))
		err = gfplab_refuse(why, -1, -ENOMEM, "no memory for a run");
	else if (!err)
		run->flights = run->plan.nr_workers;
	if (!err)
		err = make_workers(run, last, why);
	if (!err && !own_task)
		err = make_threads(run, why);
	if (!err)
		return run;
	collect_threads(run);
	gfplab_run_put(run);
	return ERR_PTR(err);
}

/* ---- from begin to end ---- */

/**
 * gfplab_run_begin - the run's time begins
 * @run: made, its workers asleep
 * @id: its number
 *
 * Context: may sleep: attaches probes.
 */
void gfplab_run_begin(struct gfplab_run *run, u32 id)
{
	const struct gfplab_options *opt = &run->plan.opt;
	const struct gfplab_entry *entry = &gfplab_entries[opt->entry];

	run->attached = gfplab_probe_get(opt->frees ? OBSERVE_frees : opt->observe,
					 !opt->frees && entry->inner != GFPLAB_ANY_ORDER &&
					 entry->shape != SHAPE_scattered, &run->plan.probes);
	atomic_set(&run->live, run->nr_workers);
	run->plan.id = id;
	run->start_ns = ktime_get_ns();
	gfplab_stop_after(&run->stop, opt->duration_ms, opt->timeout_ms);
}

/**
 * gfplab_run_start - let the kthreads issue requests
 * @run: begun; @run->over is called, perhaps at once, when the last one is done
 *
 * Context: any.
 */
void gfplab_run_start(struct gfplab_run *run)
{
	unsigned int i;

	/* The last worker may end the run, and drop its reference, before this loop is done. */
	gfplab_run_get(run);
	for (i = 0; i < run->nr_workers; i++)
		wake_up_process(run->workers[i]->task);
	gfplab_run_put(run);
}

/* A run that is ended, by a signal most of all, leaves the machine as it was. */
static bool keeps_states(const struct gfplab_run *run)
{
	enum gfplab_abort reason = gfplab_stop_reason(&run->stop);

	return run->plan.opt.release.how == RELEASE_keep &&
	       (reason == ABORT_none || reason == ABORT_budget);
}

/**
 * gfplab_run_call - make all requests in the calling task
 * @run: begun, with one worker
 *
 * The task's mempolicy, cpuset, memory cgroup and OOM score apply. Memory
 * states are applied before and undone after the requests; with release=keep they stay.
 *
 * Context: may sleep; no lock is held while requests are made.
 */
void gfplab_run_call(struct gfplab_run *run)
{
	gfplab_states_apply(&run->states);
	if (run->states.nr)
		run->workers[0]->rq.states = &run->states;
	gfplab_worker_run(run->workers[0]);
	/* Would the zones be in their states for one more request? */
	if (run->states.nr && gfplab_stop_reason(&run->stop) == ABORT_none)
		gfplab_states_renew(&run->states);
	if (keeps_states(run))
		gfplab_states_keep(&run->states);
	else
		gfplab_states_release(&run->states);
}

/**
 * gfplab_run_end - collect the kthreads; the probes are no longer needed
 * @run: its workers make no more requests
 *
 * Context: may sleep.
 */
void gfplab_run_end(struct gfplab_run *run)
{
	collect_threads(run);
	gfplab_probe_put(run->attached);
	run->end_ns = ktime_get_ns();
}

/**
 * gfplab_run_requests - how many requests were made so far
 * @run: a run
 *
 * Context: any.
 * Return: of all workers together.
 */
u64 gfplab_run_requests(const struct gfplab_run *run)
{
	u64 sum = 0;
	unsigned int i;

	for (i = 0; i < run->nr_workers; i++)
		sum += READ_ONCE(run->workers[i]->rq.stats.requests);
	return sum;
}

/**
 * gfplab_run_held_pages - what the workers of a run hold
 * @run: a run that is not over: then its pools are the job's
 *
 * Context: any.
 * Return: pages; a moment old.
 */
u64 gfplab_run_held_pages(const struct gfplab_run *run)
{
	u64 pages = 0;
	unsigned int i;

	for (i = 0; i < run->nr_workers; i++)
		pages += READ_ONCE(run->workers[i]->rq.pool->pages);
	return pages;
}

/**
 * gfplab_run_bytes - what a run takes beside the blocks that it holds
 * @run: a run
 *
 * Context: any.
 * Return: bytes of all workers: rings, histograms, and pools that are not the job's yet.
 */
u64 gfplab_run_bytes(const struct gfplab_run *run)
{
	u64 bytes = 0;
	unsigned int i;

	for (i = 0; i < run->nr_workers; i++)
		bytes += run->workers[i]->bytes - READ_ONCE(run->workers[i]->gone);
	return bytes;
}

/**
 * gfplab_run_inside - how many workers the kernel does not let go of
 * @run: a run
 *
 * Context: any.
 * Return: workers that have been inside of one request, or burst, for more than a second.
 */
unsigned int gfplab_run_inside(const struct gfplab_run *run)
{
	unsigned long since;
	unsigned int i, n = 0;

	for (i = 0; i < run->nr_workers; i++) {
		since = READ_ONCE(run->workers[i]->since);
		n += since && time_after(jiffies, since + HZ);
	}
	return n;
}

/* Not 0: memory is short, and readers should let go of results. */
atomic_t gfplab_results_wanted = ATOMIC_INIT(0);

/**
 * gfplab_run_forget - free records and histograms, because memory ran out
 * @run: over; the caller has a reference
 *
 * The sums stay. Records that are gone count as lost.
 *
 * Context: may sleep; tries @run->results, which a reader may hold.
 * Return: bytes freed; 0 if a reader is at it, or all is gone.
 */
u64 gfplab_run_forget(struct gfplab_run *run)
{
	u64 freed = 0;
	unsigned int i;
	size_t bytes;

	if (run->forgotten || !mutex_trylock(&run->results))
		return 0;
	for (i = 0; i < run->nr_workers; i++) {
		struct gfplab_worker *w = run->workers[i];
		struct gfplab_ring *ring = &w->rq.ring;

		w->rq.stats.lost += min_t(u64, atomic64_read(&ring->head), ring->size);
		atomic64_set(&ring->head, 0);
		ring->size = 0;
		bytes = gfplab_array_free(ring->slots);
		ring->slots = NULL;
		bytes += gfplab_array_free(w->rq.stats.buckets);
		w->rq.stats.buckets = NULL;
		WRITE_ONCE(w->gone, w->gone + bytes);
		freed += bytes;
	}
	run->forgotten = true;
	mutex_unlock(&run->results);
	return freed;
}

/**
 * gfplab_run_free_blocks - free what a run holds while it is to end, memory states too
 * @run: asked to end; not over, and the caller sees to it that it does not get over
 *
 * A worker that waits inside a request for memory may get this.
 *
 * Context: may sleep.
 */
void gfplab_run_free_blocks(struct gfplab_run *run)
{
	unsigned int i;

	for (i = 0; i < run->nr_workers; i++)
		atomic_add(gfplab_pool_drain(run->workers[i]->rq.pool), &run->bad_blocks);
	gfplab_states_release(&run->states);
}
