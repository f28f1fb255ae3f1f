// SPDX-License-Identifier: GPL-2.0
/*
 * job_status.c - where a job stands, in one line
 */
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>
#include "job.h"
#include "pool.h"
#include "rules/words.h"
#include "run.h"
#include "states.h"
#include "stop.h"

/* Of the job's run and what is kept: with the job's lock held. */
static u64 held_pages(struct gfplab_job *job)
{
	u64 pages = gfplab_job_kept_pages(job);

	return job->state == JOB_idle ? pages : pages + gfplab_run_held_pages(job->run);
}

/* With @job->lock held: bytes that its last run and what former runs left take, blocks included. */
static u64 job_bytes(struct gfplab_job *job)
{
	struct gfplab_pool *pool;
	u64 bytes = held_pages(job) << PAGE_SHIFT;

	if (job->run)
		bytes += gfplab_run_bytes(job->run);
	if (job->stated)
		bytes += gfplab_states_pages(&job->stated->states) << PAGE_SHIFT;
	spin_lock(&job->run_lock);
	list_for_each_entry(pool, &job->kept, kept)
		bytes += gfplab_pool_bytes(pool);
	spin_unlock(&job->run_lock);
	return bytes;
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
	seq_printf(m, "state=%s run=%u done=%llu total=%llu held_pages=%llu elapsed_ms=%llu aborted=%s memory_kb=%llu inside=%u\n",
		   state_name(job), run ? run->plan.id : 0, run ? gfplab_run_requests(run) : 0,
		   run ? run->plan.opt.count : job->options.count, held_pages(job),
		   run ? div_u64(end - run->start_ns, NSEC_PER_MSEC) : 0,
		   gfplab_aborts[run ? gfplab_stop_reason(&run->stop) : ABORT_none].name,
		   job_bytes(job) >> 10,
		   run ? gfplab_run_inside(run) : 0);
	mutex_unlock(&job->lock);
}
