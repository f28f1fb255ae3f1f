// SPDX-License-Identifier: GPL-2.0
/*
 * suspend.c - no run goes on while the machine sleeps.
 *
 * The workers are kthreads that nothing freezes. An image for hibernation must not change
 * under them, and a device that is asleep can't swap for them. So runs end before tasks are
 * frozen, and none begins until they are thawed.
 */
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/suspend.h>
#include "job.h"
#include "jobs.h"
#include "rules/words.h"
#include "suspend.h"

#define PATIENCE	(5 * HZ)	/* for all runs; then the machine stays awake */

/* Return: whether all are over. */
static bool end_runs(void)
{
	struct gfplab_job *job;
	long left = PATIENCE;

	mutex_lock(&gfplab_jobs_lock);
	list_for_each_entry(job, &gfplab_jobs, list)
		gfplab_job_request_stop(job, ABORT_suspend);
	list_for_each_entry(job, &gfplab_jobs, list) {
		left = gfplab_job_wait_idle(job, left);
		if (!left)
			break;
	}
	mutex_unlock(&gfplab_jobs_lock);
	return left;
}

static int on_power(struct notifier_block *nb, unsigned long action, void *unused)
{
	switch (action) {
	case PM_HIBERNATION_PREPARE:
	case PM_SUSPEND_PREPARE:
	case PM_RESTORE_PREPARE:
		gfplab_jobs_suspend(true);
		if (end_runs())
			return NOTIFY_OK;
		/* A worker is inside of a request: the kernel says so, and does not sleep. */
		gfplab_jobs_suspend(false);
		return notifier_from_errno(-EBUSY);
	case PM_POST_HIBERNATION:
	case PM_POST_SUSPEND:
	case PM_POST_RESTORE:
		gfplab_jobs_suspend(false);
		return NOTIFY_OK;
	default:
		return NOTIFY_DONE;
	}
}

static struct notifier_block power_notifier = { .notifier_call = on_power };

/**
 * gfplab_suspend_init - register for notices that the machine is about to sleep
 *
 * Context: module init, when there are jobs.
 */
void gfplab_suspend_init(void)
{
	register_pm_notifier(&power_notifier);
}

/**
 * gfplab_suspend_exit - undo gfplab_suspend_init()
 *
 * Context: module exit, before the jobs go.
 */
void gfplab_suspend_exit(void)
{
	unregister_pm_notifier(&power_notifier);
}
