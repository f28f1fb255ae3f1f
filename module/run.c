// SPDX-License-Identifier: GPL-2.0
/*
 * run.c - a plan in execution: idle -> running -> draining -> idle.
 *
 * `start` makes one kthread per CPU; the last one to finish queues the work
 * that collects them. `call` does the same in the writer's own task.
 */
#include <linux/atomic.h>
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/kref.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/time64.h>
#include <linux/wait.h>
#include "error.h"
#include "flight.h"
#include "job.h"
#include "options.h"
#include "params.h"
#include "plan.h"
#include "planted.h"
#include "pool.h"
#include "probe.h"
#include "run.h"
#include "state.h"
#include "stats.h"
#include "tables.h"
#include "trace.h"
#include "worker.h"

/**
 * gfplab_run_abort - the first reason to end a run is kept
 * @run: goes on, or is over already
 * @because: the reason
 *
 * Context: any but hardirq.
 */
void gfplab_run_abort(struct gfplab_run *run, enum gfplab_abort because)
{
	atomic_cmpxchg(&run->aborted, ABORT_none, because);
	wake_up_all(&run->job->done);
}

static void run_release(struct kref *ref)
{
	struct gfplab_run *run = container_of(ref, struct gfplab_run, ref);
	unsigned int i;

	for (i = 0; i < run->nr_workers; i++)
		gfplab_worker_free(run->workers[i]);
	kvfree(run);
}

/**
 * gfplab_run_put - drop a reference to a run's results
 * @run: may be NULL
 *
 * Context: may sleep.
 */
void gfplab_run_put(struct gfplab_run *run)
{
	if (run)
		kref_put(&run->ref, run_release);
}

/**
 * gfplab_run_get - the job's last run, going on or over
 * @job: a job
 *
 * Context: may sleep; takes the job's lock.
 * Return: a reference, or NULL if there is none.
 */
struct gfplab_run *gfplab_run_get(struct gfplab_job *job)
{
	struct gfplab_run *run;

	mutex_lock(&job->lock);
	run = job->run;
	if (run)
		kref_get(&run->ref);
	mutex_unlock(&job->lock);
	return run;
}

/* ---- begin and end ---- */

static u64 run_requests(const struct gfplab_run *run)
{
	u64 sum = 0;
	unsigned int i;

	for (i = 0; i < run->nr_workers; i++)
		sum += READ_ONCE(run->workers[i]->stats.requests);
	return sum;
}

static void collect_threads(struct gfplab_run *run)
{
	unsigned int i;

	for (i = 0; i < run->nr_workers; i++) {
		if (run->own_task || !run->workers[i]->task)
			continue;
		kthread_stop(run->workers[i]->task);
		put_task_struct(run->workers[i]->task);
		run->workers[i]->task = NULL;
	}
}

/* Threads are made before anything else changes, and woken after all is set. */
static int make_threads(struct gfplab_run *run, struct gfplab_reason *why)
{
	struct task_struct *task;
	unsigned int i = 0;
	int cpu;

	for_each_online_cpu(cpu) {
		if (i == run->nr_workers)
			break;
		if (!run->opt.cpus.all &&
		    !cpumask_test_cpu(cpu, &run->opt.cpus.mask))
			continue;
		task = kthread_create_on_node(gfplab_worker_thread, run->workers[i],
					      cpu_to_node(cpu),
					      "gfplab/%d", cpu);
		if (IS_ERR(task))
			return gfplab_refuse(why, -1, PTR_ERR(task), "no kthread for CPU %d", cpu);
		kthread_bind(task, cpu);
		get_task_struct(task);
		run->workers[i++]->task = task;
	}
	/* A CPU that went offline meanwhile leaves its worker without one. */
	if (i < run->nr_workers)
		return gfplab_refuse(why, -1, -ENODEV, "a CPU of `cpus` went offline");
	return 0;
}

static void run_over(struct gfplab_job *job, struct gfplab_run *run)
{
	unsigned int i;

	collect_threads(run);
	gfplab_probe_put(run->attached);
	run->end_ns = ktime_get_ns();
	trace_gfplab_run(job->name, run->id, false, run_requests(run),
			 atomic_read(&run->aborted));

	mutex_lock(&job->lock);
	for (i = 0; i < run->nr_workers; i++) {
		struct gfplab_pool *pool = run->workers[i]->pool;

		run->workers[i]->pool = NULL;
		if (pool->count && atomic_read(&run->aborted) != ABORT_oom) {
			mutex_lock(&job->kept_lock);
			list_add(&pool->kept, &job->kept);
			mutex_unlock(&job->kept_lock);
		} else {
			gfplab_pool_destroy(pool);
		}
	}
	WRITE_ONCE(job->state, STATE_idle);
	mutex_unlock(&job->lock);
	wake_up_all(&job->done);
}

static void finish_work(struct work_struct *work)
{
	struct gfplab_job *job = container_of(work, struct gfplab_job, finish);

	run_over(job, job->run);
}

/**
 * gfplab_run_init - prepare a new job for runs
 * @job: zeroed
 */
void gfplab_run_init(struct gfplab_job *job)
{
	mutex_init(&job->lock);
	mutex_init(&job->kept_lock);
	INIT_LIST_HEAD(&job->kept);
	init_waitqueue_head(&job->done);
	INIT_WORK(&job->finish, finish_work);
}

/* With the job's lock held: nobody runs, and the job is not being removed. */
static int expect_idle(struct gfplab_job *job, struct gfplab_reason *why)
{
	if (job->dead)
		return gfplab_refuse(why, -1, -ENODEV, "the job is being removed");
	if (job->state != STATE_idle)
		return gfplab_refuse(why, -1, -EBUSY, "run %u is %s", job->run->id,
				     job->state == STATE_running ? "running" : "draining");
	return 0;
}

static unsigned long after_ms(u32 ms)
{
	return ms ? (jiffies + msecs_to_jiffies(ms)) ?: 1 : 0;
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
	run = gfplab_run_create(job, own_task, why);
	if (IS_ERR(run))
		goto out;
	if (!own_task) {
		err = make_threads(run, why);
		if (err) {
			collect_threads(run);
			gfplab_run_put(run);
			run = ERR_PTR(err);
			goto out;
		}
	}
	run->attached = gfplab_probe_get(run->opt.observe, &run->probes);
	gfplab_states_init(&run->states, &run->opt, &run->aborted);
	atomic_set(&run->live, run->nr_workers);
	run->id = ++job->runs;
	run->start_ns = ktime_get_ns();
	run->deadline = after_ms(run->opt.duration_ms);
	run->expiry = after_ms(run->opt.timeout_ms);
	old = job->run;
	WRITE_ONCE(job->run, run);
	WRITE_ONCE(job->state, STATE_running);
	trace_gfplab_run(job->name, run->id, true, 0, ABORT_none);
out:
	mutex_unlock(&job->lock);
	gfplab_run_put(old);
	return run;
}

/**
 * gfplab_run_start - control word `start`
 * @job: an idle job
 * @why: the reason for a refusal
 *
 * Context: may sleep; takes the job's lock.
 * Return: 0 once the workers run; -EBUSY, -ENODEV, -EINVAL, -EPERM, -ENOMEM,
 * or -EINTR if the writer is being killed.
 */
int gfplab_run_start(struct gfplab_job *job, struct gfplab_reason *why)
{
	struct gfplab_run *run = run_begin(job, false, why);
	unsigned int i;

	if (IS_ERR(run))
		return PTR_ERR(run);
	/* The last worker ends the run, and with it the right to look at it. */
	kref_get(&run->ref);
	for (i = 0; i < run->nr_workers; i++)
		wake_up_process(run->workers[i]->task);
	gfplab_run_put(run);
	return 0;
}

/**
 * gfplab_run_call - control word `call`
 * @job: an idle job
 * @why: the reason for a refusal
 *
 * Everything happens in the calling task: its mempolicy, cpuset, memcg and
 * OOM score apply. The memory state is applied and undone in here.
 *
 * Context: may sleep; holds no lock while requests are made.
 * Return: 0 once the requests ran, whatever became of them; -EINTR if a
 * signal ended the run; else as gfplab_run_start().
 */
int gfplab_run_call(struct gfplab_job *job, struct gfplab_reason *why)
{
	struct gfplab_run *run = run_begin(job, true, why);
	struct gfplab_worker *w;
	int aborted;

	if (IS_ERR(run))
		return PTR_ERR(run);
	w = run->workers[0];
	gfplab_flight_begin(&w->flight, current);
	gfplab_states_apply(&run->states);
	gfplab_work(w);
	gfplab_states_undo(&run->states);
	gfplab_flight_end(&w->flight);
	aborted = atomic_read(&run->aborted);
	run_over(job, run);
	gfplab_planted();
	if (aborted == ABORT_signal)
		return gfplab_refuse(why, -1, -EINTR, "a signal ended the run");
	return 0;
}

/**
 * gfplab_run_request_stop - tell the job's run to end, and don't wait for it
 * @job: a job
 *
 * Context: may sleep; takes the job's lock. The run goes on for at most the
 * request or the burst in flight, and gives back its blocks.
 * Return: the number of its last run.
 */
u32 gfplab_run_request_stop(struct gfplab_job *job)
{
	u32 id;

	mutex_lock(&job->lock);
	if (job->state != STATE_idle)
		gfplab_run_abort(job->run, ABORT_stop);
	id = job->runs;
	mutex_unlock(&job->lock);
	return id;
}

static bool is_idle(struct gfplab_job *job)
{
	return READ_ONCE(job->state) == STATE_idle;
}

/**
 * gfplab_run_stop - control word `stop`
 * @job: a job; nothing happens if it is idle
 * @why: the reason for a refusal
 *
 * Context: may sleep. Return: 0 once that run is over, whatever others start
 * then; -EINTR if the writer is killed.
 */
int gfplab_run_stop(struct gfplab_job *job, struct gfplab_reason *why)
{
	u32 id = gfplab_run_request_stop(job);

	if (wait_event_killable(job->done, is_idle(job) || READ_ONCE(job->runs) != id))
		return gfplab_refuse(why, -1, -EINTR, "a signal ended the wait");
	return 0;
}

static u64 kept_free(struct gfplab_job *job)
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

/**
 * gfplab_run_quit - stop the job's run, give back everything
 * @job: marked dead, so that nothing new begins
 *
 * Context: may sleep, can't be interrupted.
 */
void gfplab_run_quit(struct gfplab_job *job)
{
	gfplab_run_request_stop(job);
	wait_event(job->done, is_idle(job));
	flush_work(&job->finish);
	kept_free(job);
	gfplab_run_put(job->run);
	job->run = NULL;
}

/**
 * gfplab_run_reset - control word `reset`
 * @job: an idle job
 * @why: the reason for a refusal
 *
 * Context: may sleep; takes the job's lock. Return: 0, -EBUSY or -ENODEV.
 */
int gfplab_run_reset(struct gfplab_job *job, struct gfplab_reason *why)
{
	struct gfplab_run *run = NULL;
	int err;

	mutex_lock(&job->lock);
	err = expect_idle(job, why);
	if (!err) {
		kept_free(job);
		run = job->run;
		WRITE_ONCE(job->run, NULL);
	}
	mutex_unlock(&job->lock);
	gfplab_run_put(run);
	return err;
}

static u64 held_pages(const struct gfplab_run *run)
{
	u64 pages = 0;
	unsigned int i;

	for (i = 0; i < run->nr_workers; i++)
		pages += READ_ONCE(run->workers[i]->pool->pages);
	return pages;
}

/**
 * gfplab_run_oom - the system runs out of memory: give back what we can
 * @job: a job
 *
 * Kept blocks go at once, and so do those of workers, who may be waiting for
 * just this memory; they are told to end. For those who are about to do it
 * themselves there is gfplab_run_oom_wait(). With unsafe=1 a `call` goes on: it
 * holds memory because its caller wants to see what comes of it.
 *
 * Context: the OOM notifier: must not wait for a lock; holds the jobs' mutex.
 * Return: pages freed.
 */
u64 gfplab_run_oom(struct gfplab_job *job)
{
	struct gfplab_run *run;
	unsigned int i;
	u64 pages;

	pages = kept_free(job);
	/* Who begins a run may be out of memory himself. */
	if (!mutex_trylock(&job->lock))
		return pages;
	run = job->run;
	if (job->state == STATE_idle) {
		/* What an earlier run kept says nothing of one that keeps nothing. */
		if (pages && run && run->opt.release.how == RELEASE_keep)
			atomic_set(&run->aborted, ABORT_oom);
	} else if (!run->own_task || !gfplab_unsafe) {
		/* Whatever it was about to end by: now it will keep nothing. */
		if (run->opt.release.how == RELEASE_keep)
			atomic_set(&run->aborted, ABORT_oom);
		gfplab_run_abort(run, ABORT_oom);
		for (i = 0; i < run->nr_workers; i++)
			pages += gfplab_worker_reclaim(run->workers[i]);
		atomic64_set(&run->returned, 0);
		kref_get(&run->ref);
		job->oom_run = run;
		job->oom_pages = held_pages(run);
	}
	mutex_unlock(&job->lock);
	return pages;
}

static bool is_over(struct gfplab_job *job, struct gfplab_run *run)
{
	return is_idle(job) || READ_ONCE(job->run) != run;
}

/**
 * gfplab_run_oom_wait - wait for those whom gfplab_run_oom() told to end
 * @job: a job
 * @until: in jiffies; the whole system waits meanwhile
 *
 * Without it somebody would be killed for memory that is about to be free.
 *
 * Context: the OOM notifier; holds the jobs' mutex since gfplab_run_oom().
 * Return: pages freed since then.
 */
u64 gfplab_run_oom_wait(struct gfplab_job *job, unsigned long until)
{
	struct gfplab_run *run = job->oom_run;
	u64 pages;

	if (!run)
		return 0;
	wait_event_timeout(job->done,
			   is_over(job, run) || atomic64_read(&run->returned) >= job->oom_pages,
			   max((long)(until - jiffies), 0L));
	pages = job->oom_pages;
	if (!is_over(job, run))
		pages = min_t(u64, pages, atomic64_read(&run->returned));
	job->oom_run = NULL;
	gfplab_run_put(run);
	return pages;
}

/**
 * gfplab_run_release_range - a range of memory is about to go offline
 * @job: a job
 * @start: the first frame
 * @end: the frame after the last
 *
 * What former runs keep there is given back. Where a run of now has its
 * blocks only its workers know: while there is one, the answer is no.
 *
 * Context: the memory notifier: must not wait for a lock whose holder may wait
 * for CPU hotplug, as who begins a run does.
 * Return: whether the job holds nothing there.
 */
bool gfplab_run_release_range(struct gfplab_job *job, unsigned long start, unsigned long end)
{
	struct gfplab_pool *pool;
	bool vacant;

	if (!mutex_trylock(&job->lock))
		return false;
	vacant = job->state == STATE_idle;
	mutex_lock(&job->kept_lock);
	if (vacant)
		list_for_each_entry(pool, &job->kept, kept)
			if (!gfplab_pool_release_range(pool, start, end))
				vacant = false;
	mutex_unlock(&job->kept_lock);
	mutex_unlock(&job->lock);
	return vacant;
}

/**
 * gfplab_status_show - one line on where the job stands
 * @m: the file `status`
 * @job: a job
 *
 * Context: may sleep; takes the job's lock.
 */
void gfplab_status_show(struct seq_file *m, struct gfplab_job *job)
{
	static const char * const states[] = { "idle", "running", "draining" };
	static const char * const aborts[] = { GFPLAB_ABORTS(GFPLAB_NAME) };
	struct gfplab_run *run;
	enum gfplab_state state;
	u64 held, end = 0;

	mutex_lock(&job->lock);
	run = job->run;
	state = job->state;
	held = gfplab_kept_pages(job);
	if (run) {
		if (state == STATE_running && atomic_read(&run->aborted))
			state = STATE_draining;
		if (state != STATE_idle)
			held += held_pages(run);
		end = state == STATE_idle ? run->end_ns : ktime_get_ns();
	}
	seq_printf(m, "state=%s run=%u done=%llu total=%llu held_pages=%llu elapsed_ms=%llu aborted=%s\n",
		   states[state], run ? run->id : 0, run ? run_requests(run) : 0,
		   run ? run->opt.count : job->options.count, held,
		   run ? div_u64(end - run->start_ns, NSEC_PER_MSEC) : 0,
		   aborts[run ? atomic_read(&run->aborted) : ABORT_none]);
	mutex_unlock(&job->lock);
}
