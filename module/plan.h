/* SPDX-License-Identifier: GPL-2.0 */
/* plan.h - from options to a run */
#ifndef GFPLAB_PLAN_H
#define GFPLAB_PLAN_H

#include <linux/types.h>

struct gfplab_job;
struct gfplab_reason;
struct gfplab_run;

struct gfplab_run *gfplab_run_create(struct gfplab_job *job, bool own_task,
			       struct gfplab_reason *why);
u64 gfplab_kept_pages(struct gfplab_job *job);

#endif
