// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - module init, and exit in reverse order.
 */
#include <linux/module.h>
#include "budget.h"
#include "debugfs.h"
#include "error.h"
#include "flight.h"
#include "frames.h"
#include "job.h"
#include "jobs.h"
#include "oom.h"
#include "probe.h"
#include "queue.h"
#include "quarantine.h"
#include "suspend.h"

static bool run;
module_param(run, bool, 0444);
MODULE_PARM_DESC(run, "start the job `default` at load");

static int __init gfplab_init(void)
{
	struct gfplab_reason why;
	int err;

	err = gfplab_frames_init();
	if (err)
		return err;
	err = gfplab_queue_init();
	if (err)
		goto fail_queue;
	err = gfplab_flights_init();
	if (err)
		goto fail_flights;
	gfplab_probe_init();
	err = gfplab_jobs_init();
	if (err)
		goto fail_jobs;
	gfplab_oom_init();
	err = gfplab_debugfs_init();
	if (err)
		goto fail_debugfs;
	gfplab_suspend_init();
	if (run) {
		err = gfplab_job_start(gfplab_jobs_default(), &why);
		if (err) {
			pr_err("run=1: %s\n", why.text);
			goto fail_run;
		}
	}
	return 0;
fail_run:
	gfplab_suspend_exit();
	gfplab_debugfs_exit();
fail_debugfs:
	gfplab_offline_exit();
	gfplab_jobs_exit();
	gfplab_oom_exit();
fail_jobs:
	gfplab_probe_exit();
	gfplab_flights_exit();
fail_flights:
	gfplab_queue_exit();
fail_queue:
	gfplab_frames_exit();
	return err;
}

static void __exit gfplab_exit(void)
{
	u64 allocated, freed;

	gfplab_suspend_exit();
	gfplab_offline_exit();
	gfplab_debugfs_exit();
	gfplab_jobs_exit();
	gfplab_oom_exit();
	gfplab_probe_exit();
	gfplab_flights_exit();
	gfplab_queue_exit();
	gfplab_frames_exit();
	gfplab_balance(&allocated, &freed);
	pr_info("blocks taken %llu, given back %llu, quarantined %llu\n",
		allocated, freed, gfplab_quarantined());
}

module_init(gfplab_init);
module_exit(gfplab_exit);

MODULE_DESCRIPTION("What does the page allocator do with this request, why, and at what cost?");
MODULE_AUTHOR("the gfplab developers");
MODULE_LICENSE("GPL");
MODULE_VERSION(GFPLAB_VERSION);
MODULE_INFO(test, "Y");
