// SPDX-License-Identifier: GPL-2.0
/*
 * oom.c - what is given back when memory runs out or goes offline.
 *
 * Out of memory: the blocks that the module holds are freed before the kernel
 * kills a task, whatever request found no memory. A worker's pool
 * has a lock that is not held across an allocation, so its blocks can be freed
 * while the worker waits inside the allocator for just this memory. They are
 * freed here, on the CPU that is short of memory; a worker that is about to
 * end leaves them to this notifier for a moment (worker.c).
 *
 * Locks are only tried: a task that holds one may be waiting for memory.
 */
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/memory.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/oom.h>
#include <linux/sched.h>
#include "contig.h"
#include "flight.h"
#include "job.h"
#include "jobs.h"
#include "oom.h"
#include "params.h"
#include "pool.h"
#include "quarantine.h"
#include "rules/words.h"
#include "run.h"
#include "stop.h"
#include "worker.h"

#define OOM_WAIT	(HZ / 2)	/* for all workers together; the whole system waits */

/* ---- out of memory ---- */

/*
 * With the job's lock held. With unsafe=1 a `call` goes on: it holds memory
 * because its caller wants to see what comes of it.
 */
static bool may_end(const struct gfplab_job *job)
{
	return job->state != JOB_idle && !(job->run->plan.own_task && gfplab_unsafe);
}

/* With the job's lock held. @kept: pages that former runs kept, freed just now. */
static void end_run(struct gfplab_job *job, u64 kept)
{
	struct gfplab_run *run = job->run;
	bool keeps = run && run->plan.opt.release.how == RELEASE_keep;

	if (may_end(job)) {
		gfplab_stop_request(&run->stop, ABORT_oom);
		/* Also if another reason came first: the run now keeps nothing. */
		if (keeps)
			gfplab_stop_oom(&run->stop);
	} else if (job->state == JOB_idle && kept && keeps) {
		/* Only of a run with release=keep: the blocks freed may be an earlier run's. */
		gfplab_stop_oom(&run->stop);
	}
}

/* Frees what a worker holds, if its pool can be locked now. */
static void reclaim_pool(struct gfplab_worker *w)
{
	struct gfplab_pool *pool = w->rq.pool;

	if (!READ_ONCE(pool->pages) || !mutex_trylock(&pool->lock))
		return;
	w->rq.stats.bad_blocks += gfplab_pool_drain(pool);
	WRITE_ONCE(pool->reclaimed, true);
	mutex_unlock(&pool->lock);
}

/* The next job that is locked and to end, after @job. */
static struct gfplab_job *next_ending(struct gfplab_job *job)
{
	job = list_prepare_entry(job, &gfplab_jobs, list);
	list_for_each_entry_continue(job, &gfplab_jobs, list)
		if (job->oom_ends)
			return job;
	return NULL;
}

static u64 held_by_ending(void)
{
	struct gfplab_job *job = NULL;
	u64 pages = 0;

	while ((job = next_ending(job)))
		pages += gfplab_run_held_pages(job->run);
	return pages;
}

/*
 * Frees what ending runs hold: one deadline for all workers. What workers free
 * themselves meanwhile counts as well.
 *
 * Return: pages freed.
 */
static u64 reclaim_runs(unsigned long until)
{
	u64 before = held_by_ending(), left;
	struct gfplab_job *job;
	unsigned int i;

	for (;;) {
		job = NULL;
		while ((job = next_ending(job)))
			for (i = 0; i < job->run->nr_workers; i++)
				reclaim_pool(job->run->workers[i]);
		left = held_by_ending();
		if (!left || time_after_eq(jiffies, until))
			break;
		schedule_timeout_uninterruptible(1);
	}
	return before > left ? before - left : 0;
}

/*
 * With unsafe=1, a shortage inside a request of a job is left to the kernel:
 * its reaction is what the job measures. Jobs stay locked until all is
 * freed, so that pools stay where they are.
 */
static int on_system_oom(struct notifier_block *nb, unsigned long unused, void *freed)
{
	unsigned long until = jiffies + OOM_WAIT;
	struct gfplab_job *job;
	u64 pages = 0, kept;

	if ((gfplab_unsafe && gfplab_in_flight()) || !mutex_trylock(&gfplab_jobs_lock))
		return NOTIFY_OK;
	list_for_each_entry(job, &gfplab_jobs, list) {
		kept = gfplab_job_free_kept(job);
		pages += kept;
		if (!mutex_trylock(&job->lock))
			continue;
		end_run(job, kept);
		job->oom_ends = may_end(job);
		if (!job->oom_ends)
			mutex_unlock(&job->lock);
	}
	pages += reclaim_runs(until);
	list_for_each_entry(job, &gfplab_jobs, list) {
		if (!job->oom_ends)
			continue;
		job->oom_ends = false;
		mutex_unlock(&job->lock);
	}
	mutex_unlock(&gfplab_jobs_lock);
	*(unsigned long *)freed += pages;
	return NOTIFY_OK;
}

static struct notifier_block oom_notifier = { .notifier_call = on_system_oom };

/* ---- memory goes offline ---- */

/*
 * Frees what former runs keep in a range. The blocks of a running job are
 * known to its workers only: while it runs, the answer is no.
 *
 * Return: whether the job holds nothing there.
 */
static bool release_range(struct gfplab_job *job, unsigned long start, unsigned long end)
{
	struct gfplab_pool *pool;
	bool released;

	/* A task that begins a run may wait for CPU hotplug, as does this notifier's caller. */
	if (!mutex_trylock(&job->lock))
		return false;
	released = job->state == JOB_idle;
	mutex_lock(&job->kept_lock);
	if (released)
		list_for_each_entry(pool, &job->kept, kept)
			if (!gfplab_pool_release_range(pool, start, end))
				released = false;
	mutex_unlock(&job->kept_lock);
	mutex_unlock(&job->lock);
	return released;
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
	struct gfplab_job *job;
	bool released;

	if (action != MEM_GOING_OFFLINE)
		return NOTIFY_OK;
	if (!gfplab_contig_still_isolated(start, end))
		return notifier_from_errno(-EBUSY);
	if (page_zonenum(pfn_to_page(start)) != ZONE_MOVABLE)
		return NOTIFY_OK;
	if (!mutex_trylock(&gfplab_jobs_lock))
		return notifier_from_errno(-EBUSY);
	released = !gfplab_quarantined();
	list_for_each_entry(job, &gfplab_jobs, list)
		if (!release_range(job, start, end))
			released = false;
	mutex_unlock(&gfplab_jobs_lock);
	return notifier_from_errno(released ? 0 : -EBUSY);
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
 * gfplab_oom_exit - undo gfplab_oom_init()
 *
 * Context: module exit, before the jobs go.
 */
void gfplab_oom_exit(void)
{
	unregister_memory_notifier(&memory_notifier);
	unregister_oom_notifier(&oom_notifier);
}
