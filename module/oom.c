// SPDX-License-Identifier: GPL-2.0
/*
 * oom.c - what is given back when memory runs out or goes offline.
 *
 * Out of memory: before the kernel kills a task it gets what the module holds, whatever
 * request found no memory. First all blocks, also those of workers that wait inside the
 * allocator for just this memory, and memory states that are kept; if there are none, the
 * records of runs that are over.
 * Blocks are freed here, on the CPU that is short of memory, without a look at their
 * contents; a worker that is about to end leaves them to this notifier (worker.c).
 *
 * A task that holds a mutex may be waiting for memory: only spinlocks are taken here,
 * and they are held for a few list operations. Readers' mutex is only tried.
 */
#include <linux/atomic.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/memory.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/oom.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include "busted.h"
#include "contig.h"
#include "error.h"
#include "flight.h"
#include "job.h"
#include "jobs.h"
#include "oom.h"
#include "params.h"
#include "pool.h"
#include "quarantine.h"
#include "rules/words.h"
#include "run.h"
#include "states.h"
#include "stop.h"
#include "worker.h"

#define OOM_WAIT	(HZ / 2)	/* for runs to be over; the whole system waits */

/* Counts the times that memory ran out: the kernel lets one task at a time care for that. */
static unsigned int shortage;

/* ---- out of memory ---- */

/*
 * With the job's run_lock held. With unsafe=1 a `call` goes on: it holds memory because
 * its caller wants to see what comes of it.
 */
static bool may_end(const struct gfplab_job *job)
{
	return job->state != JOB_idle && !(job->run->plan.own_task && gfplab_unsafe);
}

static bool keeps_blocks(const struct gfplab_job *job)
{
	struct gfplab_pool *pool;

	list_for_each_entry(pool, &job->kept, kept)
		if (READ_ONCE(pool->pages))
			return true;
	return false;
}

/* With the job's run_lock held. */
static void end_run(struct gfplab_job *job)
{
	struct gfplab_run *run = job->run;
	bool keeps = run && run->plan.opt.release.how == RELEASE_keep;

	if (may_end(job)) {
		gfplab_stop_request(&run->stop, ABORT_oom);
		/* Also if another reason came first: the run now keeps nothing. */
		if (keeps)
			gfplab_stop_oom(&run->stop);
	} else if (job->state == JOB_idle && keeps && keeps_blocks(job)) {
		/* Only of a run with release=keep: the blocks freed may be an earlier run's. */
		gfplab_stop_oom(&run->stop);
	}
}

static void end_runs(void)
{
	struct gfplab_job *job;

	spin_lock(&gfplab_jobs_list_lock);
	list_for_each_entry(job, &gfplab_jobs, list) {
		spin_lock(&job->run_lock);
		end_run(job);
		spin_unlock(&job->run_lock);
	}
	spin_unlock(&gfplab_jobs_list_lock);
}

/* Pages that came back: freed here, or by workers that end. */
static u64 release_blocks(void)
{
	u64 before = gfplab_pools_pages(), after;

	gfplab_pools_release();
	after = gfplab_pools_pages();
	return before > after ? before - after : 0;
}

/* A reference to a run whose memory states are kept; NULL if there is none. */
static struct gfplab_run *next_stated(void)
{
	struct gfplab_run *found = NULL;
	struct gfplab_job *job;

	spin_lock(&gfplab_jobs_list_lock);
	list_for_each_entry(job, &gfplab_jobs, list) {
		spin_lock(&job->run_lock);
		if (!found && job->stated && gfplab_states_are_kept(&job->stated->states)) {
			found = job->stated;
			gfplab_run_get(found);
		}
		spin_unlock(&job->run_lock);
	}
	spin_unlock(&gfplab_jobs_list_lock);
	return found;
}

/* Pages that came back of memory states that outlive their `call`. */
static u64 release_states(void)
{
	struct gfplab_run *run;
	u64 pages = 0;

	while ((run = next_stated())) {
		pages += gfplab_states_release(&run->states);
		gfplab_run_put(run);
	}
	return pages;
}

/* Is this very task inside of a request of the run? Then the run can't be waited for. */
static bool is_callers(const struct gfplab_run *run)
{
	unsigned int i;

	for (i = 0; i < run->nr_workers; i++)
		if (READ_ONCE(run->workers[i]->rq.call.flight.task) == current)
			return true;
	return false;
}

/*
 * A reference to a run that is over, each once in a shortage; NULL if none is left. @ending:
 * set if a run is not over yet.
 */
static struct gfplab_run *next_result(bool *ending)
{
	struct gfplab_run *found = NULL;
	struct gfplab_job *job;

	*ending = false;
	spin_lock(&gfplab_jobs_list_lock);
	list_for_each_entry(job, &gfplab_jobs, list) {
		spin_lock(&job->run_lock);
		if (may_end(job)) {
			*ending |= !is_callers(job->run);
		} else if (!found && job->state == JOB_idle && job->run &&
			   job->run->shortage != shortage) {
			found = job->run;
			found->shortage = shortage;
			gfplab_run_get(found);
		}
		spin_unlock(&job->run_lock);
	}
	spin_unlock(&gfplab_jobs_list_lock);
	return found;
}

/* Frees the results of runs that are over, or are within the time. Returns pages. */
static u64 release_results(unsigned long until)
{
	struct gfplab_run *run;
	bool ending, read = false;
	u64 bytes = 0;

	for (;;) {
		run = next_result(&ending);
		if (run) {
			bytes += gfplab_run_forget(run);
			read |= !run->forgotten;
			gfplab_run_put(run);
			continue;
		}
		if (bytes || !(ending || read) || time_after_eq(jiffies, until))
			return bytes >> PAGE_SHIFT;
		schedule_timeout_uninterruptible(1);
		/* Once more those that were being read. */
		if (read)
			shortage++;
		read = false;
	}
}

/*
 * With unsafe=1, a shortage inside a request of a job is left to the kernel:
 * its reaction is what the job measures.
 */
static int on_system_oom(struct notifier_block *nb, unsigned long unused, void *freed)
{
	unsigned long until = jiffies + OOM_WAIT;
	u64 pages;

	if ((gfplab_unsafe && gfplab_in_flight()) || GFPLAB_BUSTED(deaf_oom))
		return NOTIFY_OK;
	atomic_inc(&gfplab_pools_releasing);
	end_runs();
	pages = release_blocks() + release_states();
	atomic_dec(&gfplab_pools_releasing);
	if (!pages) {
		shortage++;
		atomic_inc(&gfplab_results_wanted);
		pages = release_results(until);
		atomic_dec(&gfplab_results_wanted);
	}
	*(unsigned long *)freed += pages;
	return NOTIFY_OK;
}

static struct notifier_block oom_notifier = { .notifier_call = on_system_oom };

/* ---- memory goes offline ---- */

/*
 * Frees what former runs keep in a range. The blocks of a running job are
 * known to its workers only: while it runs, the answer is no.
 */
static const char *release_range(struct gfplab_job *job, unsigned long start, unsigned long end)
{
	const char *why = NULL;
	struct gfplab_pool *pool;

	/* A task that begins a run may wait for CPU hotplug, as does this notifier's caller. */
	if (!mutex_trylock(&job->lock))
		return "a job is being changed";
	if (job->state != JOB_idle)
		why = "a run goes on, which may hold a part of it";
	else if (job->stated && gfplab_states_in(&job->stated->states,
						 page_zone(pfn_to_page(start))))
		why = "a memory state of its zone is kept: `reset` undoes it";
	else
		list_for_each_entry(pool, &job->kept, kept)
			if (!gfplab_pool_release_range(pool, start, end))
				why = "a block in it failed a check, and is never freed";
	mutex_unlock(&job->lock);
	return why;
}

/* Why the range can't go; NULL if it can. */
static const char *release_memory(unsigned long start, unsigned long end)
{
	struct gfplab_job *job;
	const char *why = NULL, *one;

	if (!gfplab_contig_still_isolated(start, end))
		return "a contiguous range is being allocated there";
	if (page_zonenum(pfn_to_page(start)) != ZONE_MOVABLE)
		return NULL;
	if (gfplab_quarantined_in(start, end))
		return "a block in it failed a check, and is never freed";
	if (!mutex_trylock(&gfplab_jobs_lock))
		return "a job comes or goes";
	list_for_each_entry(job, &gfplab_jobs, list) {
		one = release_range(job, start, end);
		why = why ?: one;
	}
	mutex_unlock(&gfplab_jobs_lock);
	return why;
}

/*
 * In zone Movable offline_pages() assumes that every page can be moved, and
 * retries for ever. Blocks of this module can't be moved: kept blocks are freed,
 * or the notifier refuses. In other zones the kernel checks, and refuses by itself.
 */
static int on_memory(struct notifier_block *nb, unsigned long action, void *data)
{
	const struct memory_notify *range = data;
	unsigned long start = range->start_pfn, end = start + range->nr_pages;
	struct gfplab_reason reason;
	char text[64];
	const char *why;

	if (action != MEM_GOING_OFFLINE)
		return NOTIFY_OK;
	why = release_memory(start, end);
	if (!why)
		return NOTIFY_OK;
	snprintf(text, sizeof(text), "frames 0x%lx to 0x%lx", start, end - 1);
	gfplab_refuse(&reason, -1, -EBUSY, "%s", why);
	gfplab_error_log("memory offline", text, strlen(text), &reason, -EBUSY);
	return notifier_from_errno(-EBUSY);
}

static struct notifier_block memory_notifier = { .notifier_call = on_memory };

/**
 * gfplab_oom_init - register for notices that memory runs out or goes offline
 *
 * Context: module init, when there are jobs.
 */
void gfplab_oom_init(void)
{
	register_oom_notifier(&oom_notifier);
	register_memory_notifier(&memory_notifier);
}

/**
 * gfplab_offline_exit - hear no more of memory that goes offline
 *
 * Context: module exit, before the jobs go.
 */
void gfplab_offline_exit(void)
{
	unregister_memory_notifier(&memory_notifier);
}

/**
 * gfplab_oom_exit - hear no more of memory that runs out
 *
 * Context: module exit, after the jobs: until then they hold memory.
 */
void gfplab_oom_exit(void)
{
	unregister_oom_notifier(&oom_notifier);
}
