// SPDX-License-Identifier: GPL-2.0
/*
 * params.c - module parameters that are no option of a job.
 */
#include <linux/module.h>
#include "params.h"

bool gfplab_unsafe;
module_param_named(unsafe, gfplab_unsafe, bool, 0444);
MODULE_PARM_DESC(unsafe, "allow what can bring the machine down: squeeze, __GFP_NOFAIL, __GFP_MEMALLOC, requests that may never end, large max_pages");

bool gfplab_kprobes = true;
module_param_named(observe_kprobes, gfplab_kprobes, bool, 0444);
MODULE_PARM_DESC(observe_kprobes, "use kprobes; without them stages are mostly unknown (default: 1)");
