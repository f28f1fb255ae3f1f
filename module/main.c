// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - init and exit, mirrored.
 */
#include <linux/module.h>
#include "budget.h"
#include "check.h"
#include "debugfs.h"
#include "error.h"
#include "job.h"
#include "probe.h"
#include "quarantine.h"
#include "run.h"

static bool run;
module_param(run, bool, 0444);
MODULE_PARM_DESC(run, "start the job `default` at load");

static int __init gfplab_init(void)
{
	struct gfplab_reason why;
	int err;

	err = gfplab_check_init();
	if (err)
		return err;
	gfplab_probe_init();
	err = gfplab_debugfs_init();
	if (err)
		goto fail_debugfs;
	err = gfplab_job_init();
	if (err)
		goto fail_job;
	if (run) {
		err = gfplab_run_start(gfplab_job_default(), &why);
		if (err) {
			pr_err("run=1: %s\n", why.text);
			goto fail_run;
		}
	}
	return 0;
fail_run:
	gfplab_job_exit();
fail_job:
	gfplab_debugfs_exit();
fail_debugfs:
	gfplab_probe_exit();
	gfplab_check_exit();
	return err;
}

static void __exit gfplab_exit(void)
{
	u64 allocated, freed;

	gfplab_job_exit();
	gfplab_debugfs_exit();
	gfplab_probe_exit();
	gfplab_check_exit();
	gfplab_balance(&allocated, &freed);
	pr_info("blocks taken %llu, given back %llu, quarantined %llu\n",
		allocated, freed, gfplab_quarantined());
}

module_init(gfplab_init);
module_exit(gfplab_exit);

MODULE_DESCRIPTION("What does the page allocator do with this request, why, and at what cost?");
MODULE_AUTHOR("the gfplab developers");
MODULE_LICENSE("GPL");
MODULE_INFO(test, "Y");
