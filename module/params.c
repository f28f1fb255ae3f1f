// SPDX-License-Identifier: GPL-2.0
/*
 * params.c - module parameters that are no option of a job.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include "params.h"

bool gfplab_unsafe;
module_param_named(unsafe, gfplab_unsafe, bool, 0444);
MODULE_PARM_DESC(unsafe, "allow what can bring the machine down: squeeze, __GFP_NOFAIL, __GFP_MEMALLOC, requests that may never end, large max_pages");

bool gfplab_kprobes = true;
module_param_named(observe_kprobes, gfplab_kprobes, bool, 0444);
MODULE_PARM_DESC(observe_kprobes, "use kprobes; without them stages are mostly unknown (default: 1)");

#define LINGER_MAX_MS	60000

static int set_linger(const char *text, const struct kernel_param *kp)
{
	unsigned int ms;
	int err = kstrtouint(text, 0, &ms);

	if (err)
		return err;
	if (ms > LINGER_MAX_MS)
		return -ERANGE;
	return param_set_uint(text, kp);
}

static const struct kernel_param_ops linger_ops = { .set = set_linger, .get = param_get_uint };

unsigned int gfplab_linger_ms = 1000;
module_param_cb(linger_ms, &linger_ops, &gfplab_linger_ms, 0444);
MODULE_PARM_DESC(linger_ms, "for how long probes stay attached after the last run that needed them, 0..60000 (default: 1000)");
