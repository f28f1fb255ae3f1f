// SPDX-License-Identifier: GPL-2.0
/*
 * job.c - one job: its options, what its control words do, and what its runs
 * leave behind.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/time64.h>
#include <linux/wait.h>
#include "busted.h"
#include "error.h"
#include "explain.h"
#include "job.h"
#include "option.h"
#include "options.h"
#include "pool.h"
#include "rules/words.h"
#include "run.h"
#include "stop.h"
#include "trace.h"
#include "value.h"
#include "worker.h"

/* ---- what runs leave held ---- */

/**
 * gfplab_job_kept_pages - pages that a job's former runs left held
 * @job: a job
 *
 * Context: may sleep; takes @job->kept_lock.
 * Return: pages.
 */
u64 gfplab_job_kept_pages(struct gfplab_job *job)
{
	struct gfplab_pool *pool;
	u64 pages = 0;

	mutex_lock(&job->kept_lock);
	list_for_each_entry(pool, &job->kept, kept)
		pages += pool->pages;
	mutex_unlock(&job->kept_lock);
	return pages;
}

/**
 * gfplab_job_free_kept - free what a job's former runs left held
 * @job: a job
 *
 * Context: may sleep; takes @job->kept_lock.
 * Return: pages freed.
 */
u64 gfplab_job_free_kept(struct gfplab_job *job)
{
	struct gfplab_pool *pool, *next;
	u64 pages = 0;

	mutex_lock(&job->kept_lock);
	list_for_each_entry_safe(pool, next, &job->kept, kept) {
		pages += pool->pages;
		list_del(&pool->kept);
		gfplab_pool_destroy(pool);
	}
	mutex_unlock(&job->kept_lock);
	return pages;
}

/* A pool with blocks outlives its run (release=keep), unless memory ran out. */
static void keep_pool(struct gfplab_job *job, struct gfplab_pool *pool, enum gfplab_abort reason)
{
	if (!pool->count || reason == ABORT_oom) {
		gfplab_pool_destroy(pool);
		return;
	}
	mutex_lock(&job->kept_lock);
	list_add(&pool->kept, &job->kept);
	mutex_unlock(&job->kept_lock);
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
	return 0;
}

static void run_over(struct gfplab_job *job, struct gfplab_run *run)
{
	unsigned int i;

	gfplab_run_end(run);
	trace_gfplab_run(job->name, run->plan.id, false, gfplab_run_requests(run),
			 gfplab_stop_reason(&run->stop));

	mutex_lock(&job->lock);
	for (i = 0; i < run->nr_workers; i++) {
		keep_pool(job, run->workers[i]->rq.pool, gfplab_stop_reason(&run->stop));
		run->workers[i]->rq.pool = NULL;
	}
	WRITE_ONCE(job->state, JOB_idle);
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
	schedule_work(&job->finish);
}

static struct gfplab_run *run_begin(struct gfplab_job *job, bool own_task,
				    struct gfplab_reason *why)
{
	struct gfplab_run *run, *old = NULL;
	int err;

	mutex_lock(&job->lock);
	err = expect_idle(job, why);
	if (err) {
		run = ERR_PTR(err);
		goto out;
	}
	run = gfplab_run_create(&job->options, own_task, gfplab_job_kept_pages(job), why);
	if (IS_ERR(run))
		goto out;
	run->job = job;
	run->over = schedule_finish;
	gfplab_run_begin(run, ++job->runs);
	old = job->run;
	WRITE_ONCE(job->run, run);
	WRITE_ONCE(job->state, JOB_running);
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

/* `call`: the calling task issues the requests; -EINTR if a signal ended the run. */
static int control_call(struct gfplab_job *job, struct gfplab_reason *why)
{
	struct gfplab_run *run = run_begin(job, true, why);
	enum gfplab_abort reason;

	if (IS_ERR(run))
		return PTR_ERR(run);
	gfplab_run_call(run);
	reason = gfplab_stop_reason(&run->stop);
	run_over(job, run);
	if (reason == ABORT_signal)
		return gfplab_refuse(why, -1, -EINTR, "a signal ended the run");
	return 0;
}

static u32 request_stop(struct gfplab_job *job)
{
	u32 id;

	mutex_lock(&job->lock);
	if (job->state != JOB_idle)
		gfplab_stop_request(&job->run->stop, ABORT_stop);
	id = job->runs;
	mutex_unlock(&job->lock);
	return id;
}

/**
 * gfplab_job_request_stop - ask the job's run to end, and don't wait for it
 * @job: a job; nothing happens if it is idle
 *
 * Context: may sleep; takes the job's lock. The run goes on for at most the
 * request or the burst in flight, and frees its blocks.
 */
void gfplab_job_request_stop(struct gfplab_job *job)
{
	request_stop(job);
}

static bool is_idle(struct gfplab_job *job)
{
	return READ_ONCE(job->state) == JOB_idle;
}

/* `stop`: returns once that run is over, whatever run is started then. */
static int control_stop(struct gfplab_job *job, struct gfplab_reason *why)
{
	u32 id = request_stop(job);

	if (wait_event_killable(job->idle, is_idle(job) || READ_ONCE(job->runs) != id))
		return gfplab_refuse(why, -1, -EINTR, "a signal ended the wait");
	return 0;
}

/* `reset`: frees what is kept, and forgets the last run. */
static int control_reset(struct gfplab_job *job, struct gfplab_reason *why)
{
	struct gfplab_run *run = NULL;
	int err;

	mutex_lock(&job->lock);
	err = expect_idle(job, why);
	if (!err) {
		gfplab_job_free_kept(job);
		run = job->run;
		WRITE_ONCE(job->run, NULL);
	}
	mutex_unlock(&job->lock);
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

/* ---- options and status ---- */

/**
 * gfplab_job_set - change one option, or several at once
 * @job: an idle job
 * @option: the option that @text is the value of; NULL: @text is a list of
 *	option=value, of which all or none are taken
 * @text: as written
 * @why: the reason for a refusal
 *
 * Context: may sleep; takes the job's lock.
 * Return: 0; -EBUSY while running, -ENOMEM, else as gfplab_option_parse().
 */
int gfplab_job_set(struct gfplab_job *job, const struct gfplab_option *option,
		   char *text, struct gfplab_reason *why)
{
	struct gfplab_options *draft;
	int err;

	draft = kvmalloc(sizeof(*draft), GFP_KERNEL);
	if (!draft)
		return gfplab_refuse(why, -1, -ENOMEM, "no memory");
	mutex_lock(&job->lock);
	if (job->dead) {
		err = gfplab_refuse(why, -1, -ENODEV, "the job is being removed");
	} else if (job->state != JOB_idle) {
		err = gfplab_refuse(why, -1, -EBUSY, "options stay as they are while a run goes on");
	} else {
		*draft = job->options;
		err = option ? gfplab_option_parse(option, draft, text, why) :
			       gfplab_options_set(draft, text, why);
		if (!err || GFPLAB_BUSTED(half_set))
			job->options = *draft;
	}
	mutex_unlock(&job->lock);
	kvfree(draft);
	return err;
}

/**
 * gfplab_job_show - print one option, or all in the form that `set` takes
 * @job: a job
 * @option: which; NULL for all
 * @m: where to
 *
 * Context: may sleep; takes the job's lock.
 */
void gfplab_job_show(struct gfplab_job *job, const struct gfplab_option *option,
		     struct seq_file *m)
{
	mutex_lock(&job->lock);
	if (option) {
		gfplab_option_show(option, &job->options, m);
		seq_putc(m, '\n');
	} else {
		gfplab_options_show(&job->options, m);
	}
	mutex_unlock(&job->lock);
}

/**
 * gfplab_job_explain - what would become of the job's request, now
 * @job: a job
 * @m: the file `explain`
 *
 * Context: may sleep; takes the job's lock to copy its options.
 */
void gfplab_job_explain(struct gfplab_job *job, struct seq_file *m)
{
	struct gfplab_options *opt = kvmalloc(sizeof(*opt), GFP_KERNEL);

	if (!opt)
		return;
	mutex_lock(&job->lock);
	*opt = job->options;
	mutex_unlock(&job->lock);
	gfplab_explain_show(m, opt);
	kvfree(opt);
}

/* Of the job's run and what is kept: with the job's lock held. */
static u64 held_pages(struct gfplab_job *job)
{
	u64 pages = gfplab_job_kept_pages(job);

	return job->state == JOB_idle ? pages : pages + gfplab_run_held_pages(job->run);
}

static const char *state_name(const struct gfplab_job *job)
{
	if (job->state == JOB_idle)
		return "idle";
	return gfplab_stop_reason(&job->run->stop) ? "draining" : "running";
}

/**
 * gfplab_job_status - one line on where the job stands
 * @job: a job
 * @m: the file `status`
 *
 * Context: may sleep; takes the job's lock.
 */
void gfplab_job_status(struct gfplab_job *job, struct seq_file *m)
{
	struct gfplab_run *run;
	u64 end = 0;

	mutex_lock(&job->lock);
	run = job->run;
	if (run)
		end = job->state == JOB_idle ? run->end_ns : ktime_get_ns();
	seq_printf(m, "state=%s run=%u done=%llu total=%llu held_pages=%llu elapsed_ms=%llu aborted=%s\n",
		   state_name(job), run ? run->plan.id : 0, run ? gfplab_run_requests(run) : 0,
		   run ? run->plan.opt.count : job->options.count, held_pages(job),
		   run ? div_u64(end - run->start_ns, NSEC_PER_MSEC) : 0,
		   gfplab_aborts[run ? gfplab_stop_reason(&run->stop) : ABORT_none].name);
	mutex_unlock(&job->lock);
}

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

/**
 * gfplab_job_alloc - a job with default options
 * @name: a valid name
 *
 * Context: may sleep.
 * Return: the job, idle; NULL without memory.
 */
struct gfplab_job *gfplab_job_alloc(const char *name)
{
	struct gfplab_job *job = kvzalloc(sizeof(*job), GFP_KERNEL);

	if (!job)
		return NULL;
	strscpy(job->name, name, sizeof(job->name));
	mutex_init(&job->lock);
	mutex_init(&job->kept_lock);
	INIT_LIST_HEAD(&job->kept);
	init_waitqueue_head(&job->idle);
	INIT_WORK(&job->finish, finish_work);
	if (gfplab_options_default(&job->options)) {
		kvfree(job);
		return NULL;
	}
	return job;
}

/**
 * gfplab_job_free - stop the job's run, free all that it holds, and the job
 * @job: a job in which no file is open, and in no list
 *
 * Context: may sleep, can't be interrupted.
 */
void gfplab_job_free(struct gfplab_job *job)
{
	request_stop(job);
	wait_event(job->idle, is_idle(job));
	flush_work(&job->finish);
	gfplab_job_free_kept(job);
	gfplab_run_put(job->run);
	kvfree(job);
}
