// SPDX-License-Identifier: GPL-2.0
/*
 * job.c - one job: its options, what its control words do, and what its runs
 * leave behind.
 */
#include <linux/atomic.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/time64.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include "account.h"
#include "error.h"
#include "job.h"
#include "option.h"
#include "options.h"
#include "pool.h"
#include "probe.h"
#include "queue.h"
#include "requester.h"
#include "rules/words.h"
#include "run.h"
#include "states.h"
#include "stop.h"
#include "trace.h"
#include "worker.h"

#define LAST_RECORDS	10	/* that the file `last` shows, unless it is told */
#define RELIEF_AFTER	HZ	/* of a run's end: by then its workers should have come back */

/* Set while the machine is about to sleep, or asleep. */
static bool suspended;

/* ---- what runs leave held ---- */

/**
 * gfplab_job_kept_pages - pages that a job's former runs left held
 * @job: a job
 *
 * Context: any; takes @job->run_lock.
 * Return: pages.
 */
u64 gfplab_job_kept_pages(struct gfplab_job *job)
{
	struct gfplab_pool *pool;
	u64 pages = 0;

	spin_lock(&job->run_lock);
	list_for_each_entry(pool, &job->kept, kept)
		pages += READ_ONCE(pool->pages);
	spin_unlock(&job->run_lock);
	return pages;
}

/* With the job's lock held, or when no other task can reach the job. */
static void free_kept(struct gfplab_job *job)
{
	struct gfplab_pool *pool;

	for (;;) {
		spin_lock(&job->run_lock);
		pool = list_first_entry_or_null(&job->kept, struct gfplab_pool, kept);
		if (pool)
			list_del(&pool->kept);
		spin_unlock(&job->run_lock);
		if (!pool)
			return;
		gfplab_pool_destroy(pool);
	}
}

/* With the job's lock held, or when no other task can reach the job. */
static void free_stated(struct gfplab_job *job)
{
	struct gfplab_run *run;

	spin_lock(&job->run_lock);
	run = job->stated;
	job->stated = NULL;
	spin_unlock(&job->run_lock);
	if (run)
		gfplab_states_release(&run->states);
	gfplab_run_put(run);
}

/* A pool with blocks outlives its run (release=keep), unless memory ran out. */
static void keep_pool(struct gfplab_job *job, struct gfplab_run *run, struct gfplab_pool *pool)
{
	WRITE_ONCE(pool->stays, false);
	if (gfplab_stop_reason(&run->stop) == ABORT_oom)
		atomic_add(gfplab_pool_drain(pool), &run->bad_blocks);
	if (!READ_ONCE(pool->count)) {
		gfplab_pool_destroy(pool);
		return;
	}
	gfplab_pool_settle(pool);
	spin_lock(&job->run_lock);
	list_add(&pool->kept, &job->kept);
	spin_unlock(&job->run_lock);
}

/* ---- a run begins and ends ---- */

/* With the job's lock held: no run goes on, and the job is not being removed. */
static int expect_idle(struct gfplab_job *job, struct gfplab_reason *why)
{
	if (job->dead)
		return gfplab_refuse(why, -1, -ENODEV, "the job is being removed");
	if (job->state != JOB_idle)
		return gfplab_refuse(why, -1, -EBUSY, "run %u is %s", job->run->plan.id,
				     gfplab_stop_reason(&job->run->stop) ? "draining" : "running");
	if (READ_ONCE(suspended))
		return gfplab_refuse(why, -1, -EBUSY, "the machine is about to sleep");
	return 0;
}

/* With the job's lock held: a zone can't be brought into a state twice. */
static int expect_no_state(struct gfplab_job *job, struct gfplab_reason *why)
{
	if (!gfplab_states_wanted(job->options.state))
		return 0;
	/* Nothing is left of it once memory ran out. */
	if (job->stated && !gfplab_states_are_kept(&job->stated->states))
		free_stated(job);
	if (!job->stated)
		return 0;
	return gfplab_refuse(why, -1, -EBUSY,
			     "the memory state of run %u is kept: `reset` undoes it",
			     job->stated->plan.id);
}

static void run_over(struct gfplab_job *job, struct gfplab_run *run)
{
	u64 probes = job->probes;
	unsigned int i;

	cancel_delayed_work_sync(&job->relief);
	job->probes = 0;
	if (run->plan.opt.keep_probes)
		swap(job->probes, run->attached);
	gfplab_run_end(run);
	gfplab_probe_put(probes);
	trace_gfplab_run(job->name, run->plan.id, false, gfplab_run_requests(run),
			 gfplab_stop_reason(&run->stop));

	mutex_lock(&job->lock);
	for (i = 0; i < run->nr_workers; i++) {
		struct gfplab_worker *w = run->workers[i];

		WRITE_ONCE(w->gone, w->gone + gfplab_pool_bytes(w->rq.pool));
		keep_pool(job, run, w->rq.pool);
		w->rq.pool = NULL;
	}
	spin_lock(&job->run_lock);
	if (gfplab_states_are_kept(&run->states)) {
		gfplab_run_get(run);
		job->stated = run;
	}
	WRITE_ONCE(job->state, JOB_idle);
	spin_unlock(&job->run_lock);
	mutex_unlock(&job->lock);
	wake_up_all(&job->idle);
}

static void finish_work(struct work_struct *work)
{
	struct gfplab_job *job = container_of(work, struct gfplab_job, finish);

	run_over(job, job->run);
}

static void schedule_finish(struct gfplab_job *job)
{
	queue_work(gfplab_queue, &job->finish);
}

/* A worker is back, and the run is to end: the others should be back soon. */
static void expect_end(struct gfplab_job *job)
{
	mod_delayed_work(gfplab_queue, &job->relief, RELIEF_AFTER);
}

/* How long a run lasts at most; 0: until it is stopped. */
static u32 run_ms(const struct gfplab_options *opt)
{
	return min_not_zero(opt->timeout_ms, opt->duration_ms);
}

static struct gfplab_run *run_begin(struct gfplab_job *job, bool own_task,
				    struct gfplab_reason *why)
{
	struct gfplab_run *run, *old = NULL;
	int err;

	mutex_lock(&job->lock);
	err = expect_idle(job, why);
	if (!err)
		err = expect_no_state(job, why);
	if (err) {
		run = ERR_PTR(err);
		goto out;
	}
	run = gfplab_run_create(&job->options, own_task, gfplab_job_kept_pages(job), job->run, why);
	if (IS_ERR(run))
		goto out;
	run->job = job;
	run->over = schedule_finish;
	run->ending = expect_end;
	gfplab_run_begin(run, ++job->runs);
	if (run_ms(&job->options))
		mod_delayed_work(gfplab_queue, &job->relief,
				 msecs_to_jiffies(run_ms(&job->options)) + RELIEF_AFTER);
	spin_lock(&job->run_lock);
	old = job->run;
	WRITE_ONCE(job->run, run);
	WRITE_ONCE(job->state, JOB_running);
	spin_unlock(&job->run_lock);
	trace_gfplab_run(job->name, run->plan.id, true, 0, ABORT_none);
out:
	mutex_unlock(&job->lock);
	gfplab_run_put(old);
	return run;
}

/* ---- control words ---- */

/**
 * gfplab_job_start - control word `start`: kthreads issue the requests
 * @job: an idle job
 * @why: the reason for a refusal
 *
 * Context: may sleep; takes the job's lock.
 * Return: 0 once the workers run; -EBUSY, or as gfplab_run_create().
 */
int gfplab_job_start(struct gfplab_job *job, struct gfplab_reason *why)
{
	struct gfplab_run *run = run_begin(job, false, why);

	if (IS_ERR(run))
		return PTR_ERR(run);
	gfplab_run_start(run);
	return 0;
}

static bool is_idle(struct gfplab_job *job)
{
	return READ_ONCE(job->state) == JOB_idle;
}

/* `call`: the calling task issues the requests; -EINTR if a signal ended the run. */
static int control_call(struct gfplab_job *job, struct gfplab_reason *why)
{
	struct gfplab_run *run = run_begin(job, true, why);
	enum gfplab_abort reason;
	u32 id;

	if (IS_ERR(run))
		return PTR_ERR(run);
	gfplab_run_call(run);
	reason = gfplab_stop_reason(&run->stop);
	/*
	 * Not in this task, which may have been killed: without memory a probe can't be
	 * taken off. The run stays as long as its files, of which the caller has one open.
	 */
	id = run->plan.id;
	schedule_finish(job);
	wait_event(job->idle, is_idle(job) || READ_ONCE(job->runs) != id);
	if (reason == ABORT_signal)
		return gfplab_refuse(why, -1, -EINTR, "a signal ended the run");
	return 0;
}

/*
 * A run that was asked to end, or whose time is over, and whose workers don't come back,
 * gets rid of what it holds, memory states too: that may be the memory that a worker waits
 * for. It says so by its reason, also if that request was its last. Asks again until the
 * run is over.
 */
static void relieve_work(struct work_struct *work)
{
	struct gfplab_job *job = container_of(to_delayed_work(work), struct gfplab_job, relief);
	struct gfplab_run *run;

	mutex_lock(&job->lock);
	run = job->run;
	if (job->state != JOB_idle && gfplab_stop_is_over(&run->stop)) {
		if (gfplab_run_inside(run)) {
			gfplab_stop_due(&run->stop, false);
			/* Not by duration_ms alone: no request follows in the state. */
			if (run->states.nr)
				gfplab_stop_request(&run->stop, ABORT_timeout);
			gfplab_run_free_blocks(run);
		}
		queue_delayed_work(gfplab_queue, &job->relief, RELIEF_AFTER);
	}
	mutex_unlock(&job->lock);
}

static u32 request_stop(struct gfplab_job *job, enum gfplab_abort reason)
{
	bool first;
	u32 id;

	mutex_lock(&job->lock);
	if (job->state != JOB_idle) {
		first = !gfplab_stop_reason(&job->run->stop);
		gfplab_stop_request(&job->run->stop, reason);
		/* A stop that is asked for again must not put it off. */
		if (first)
			mod_delayed_work(gfplab_queue, &job->relief, RELIEF_AFTER);
		else
			queue_delayed_work(gfplab_queue, &job->relief, RELIEF_AFTER);
	}
	id = job->runs;
	mutex_unlock(&job->lock);
	return id;
}

/**
 * gfplab_job_request_stop - ask the job's run to end, and don't wait for it
 * @job: a job; nothing happens if it is idle
 * @reason: why
 *
 * Context: may sleep; takes the job's lock. The run goes on for at most the
 * request or the burst in flight, and frees its blocks.
 */
void gfplab_job_request_stop(struct gfplab_job *job, enum gfplab_abort reason)
{
	request_stop(job, reason);
}

/**
 * gfplab_job_wait_idle - wait until the job's run is over
 * @job: a job that was asked to stop
 * @timeout: for so long at most, in jiffies
 *
 * Context: may sleep, can't be interrupted.
 * Return: what is left of @timeout; 0 if the run is not over.
 */
long gfplab_job_wait_idle(struct gfplab_job *job, long timeout)
{
	return wait_event_timeout(job->idle, is_idle(job), timeout);
}

/**
 * gfplab_jobs_suspend - let no job begin a run, or let it again
 * @yes: which of the two
 *
 * Context: any. A run that begins just now may have begun already.
 */
void gfplab_jobs_suspend(bool yes)
{
	WRITE_ONCE(suspended, yes);
}

/* `stop`: returns once that run is over, whatever run is started then. */
static int control_stop(struct gfplab_job *job, struct gfplab_reason *why)
{
	u32 id = request_stop(job, ABORT_stop);

	if (wait_event_killable(job->idle, is_idle(job) || READ_ONCE(job->runs) != id))
		return gfplab_refuse(why, -1, -EINTR, "a signal ended the wait");
	return 0;
}

/* `reset`: frees what is kept, undoes states, and forgets the last run. */
static int control_reset(struct gfplab_job *job, struct gfplab_reason *why)
{
	struct gfplab_run *run = NULL;
	u64 probes = 0;
	int err;

	mutex_lock(&job->lock);
	err = expect_idle(job, why);
	if (!err) {
		swap(probes, job->probes);
		free_kept(job);
		free_stated(job);
		spin_lock(&job->run_lock);
		run = job->run;
		WRITE_ONCE(job->run, NULL);
		spin_unlock(&job->run_lock);
	}
	mutex_unlock(&job->lock);
	gfplab_probe_put(probes);
	gfplab_run_put(run);
	return err;
}

/**
 * gfplab_job_control - carry out a control word
 * @job: a job
 * @word: start, call, stop or reset
 * @why: the reason for a refusal
 *
 * Context: may sleep; `call` and `stop` return when the run is over.
 * Return: 0; -EINVAL for another word; -EBUSY or -ENODEV if the job is not idle or
 * being removed; -EINTR if a signal ended a `call` or a `stop`; else as
 * gfplab_run_create().
 */
int gfplab_job_control(struct gfplab_job *job, const char *word,
		       struct gfplab_reason *why)
{
	static int (* const actions[NR_CONTROLS])(struct gfplab_job *, struct gfplab_reason *) = {
		[CONTROL_start] = gfplab_job_start,
		[CONTROL_call] = control_call,
		[CONTROL_stop] = control_stop,
		[CONTROL_reset] = control_reset,
	};
	int i = gfplab_word_find(gfplab_controls, word, strlen(word));

	if (i >= 0)
		return actions[i](job, why);
	return gfplab_refuse(why, 0, -EINVAL, "start, call, stop or reset is wanted");
}

/* ---- the last run ---- */

/**
 * gfplab_job_run - the job's last run, going on or over
 * @job: a job
 *
 * Context: may sleep; takes the job's lock.
 * Return: a reference, or NULL if there is none.
 */
struct gfplab_run *gfplab_job_run(struct gfplab_job *job)
{
	struct gfplab_run *run;

	mutex_lock(&job->lock);
	run = job->run;
	if (run)
		gfplab_run_get(run);
	mutex_unlock(&job->lock);
	return run;
}

/* ---- creation and removal ---- */

/* With its files: an inode and a dentry for each option and for some ten others. */
static u64 bytes_of_job(void)
{
	return sizeof(struct gfplab_job) + (gfplab_nr_options + 10) * 1024;
}

/**
 * gfplab_job_alloc - a job with default options
 * @name: a valid name
 *
 * Context: may sleep.
 * Return: the job, idle; NULL without memory, or if the module holds too much already.
 */
struct gfplab_job *gfplab_job_alloc(const char *name)
{
	struct gfplab_job *job;

	if (!gfplab_account_take_small(ACCOUNT_other, bytes_of_job()))
		return NULL;
	job = kvzalloc(sizeof(*job), GFP_KERNEL);
	if (!job)
		goto fail;
	strscpy(job->name, name, sizeof(job->name));
	job->last = LAST_RECORDS;
	mutex_init(&job->lock);
	spin_lock_init(&job->run_lock);
	INIT_LIST_HEAD(&job->kept);
	init_waitqueue_head(&job->idle);
	INIT_WORK(&job->finish, finish_work);
	INIT_DELAYED_WORK(&job->relief, relieve_work);
	if (!gfplab_options_default(&job->options)) {
		job->options.ring = gfplab_requester_ring(job->options.ring);
		return job;
	}
	kvfree(job);
fail:
	gfplab_account_give_small(ACCOUNT_other, bytes_of_job());
	return NULL;
}

/**
 * gfplab_job_free - stop the job's run, free all that it holds, and the job
 * @job: a job in which no file is open, and in no list
 *
 * Context: may sleep, can't be interrupted.
 */
void gfplab_job_free(struct gfplab_job *job)
{
	request_stop(job, ABORT_stop);
	wait_event(job->idle, is_idle(job));
	flush_work(&job->finish);
	cancel_delayed_work_sync(&job->relief);
	free_kept(job);
	free_stated(job);
	gfplab_probe_put(job->probes);
	gfplab_run_put(job->run);
	kvfree(job);
	gfplab_account_give_small(ACCOUNT_other, bytes_of_job());
}
