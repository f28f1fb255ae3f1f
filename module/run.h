/* SPDX-License-Identifier: GPL-2.0 */
/* run.h - a plan in execution */
#ifndef GFPLAB_RUN_H
#define GFPLAB_RUN_H

#include <linux/atomic.h>
#include <linux/kref.h>
#include <linux/types.h>
#include "clock.h"
#include "compat.h"
#include "options.h"
#include "state.h"
#include "tables.h"

struct gfplab_job;
struct gfplab_reason;
struct gfplab_worker;

enum gfplab_state { STATE_idle, STATE_running, STATE_draining };

/**
 * struct gfplab_run - a plan in execution, and its results afterwards
 * @job: whose run it is; not to be followed once the run is over
 * @opt: the plan: a validated copy of the job's options, never changed
 * @orders: the orders that may be drawn, ascending
 * @policy_zone: the highest zone type with pages, below which a mempolicy's
 *	bind does not hold (policy_zone of mm/mempolicy.c)
 * @clock: times requests and blocks of them
 * @attached: the probes attached
 * @probes: whose silence can be believed, see struct gfplab_outcome
 * @own_task: control word `call`
 * @aborted: enum gfplab_abort; set once, by whoever is first
 * @live: workers that still issue requests
 * @deadline: jiffies when duration_ms is over
 * @expiry: jiffies when timeout_ms is over
 */
struct gfplab_run {
	struct kref ref;
	struct gfplab_job *job;
	struct gfplab_options opt;
	u32 id;
	u8 orders[GFPLAB_MAX_ORDER + 2];
	unsigned int nr_orders;
	unsigned int policy_zone;
	struct gfplab_clock clock;
	u32 attached;
	u32 probes;
	bool own_task;
	atomic_t aborted;
	atomic_t live;
	atomic64_t returned;
	u64 start_ns;
	u64 end_ns;
	unsigned long deadline;
	unsigned long expiry;
	struct gfplab_states states;
	unsigned int nr_workers;
	struct gfplab_worker *workers[];
};

void gfplab_run_init(struct gfplab_job *job);
void gfplab_run_abort(struct gfplab_run *run, enum gfplab_abort because);
int gfplab_run_start(struct gfplab_job *job, struct gfplab_reason *why);
int gfplab_run_call(struct gfplab_job *job, struct gfplab_reason *why);
int gfplab_run_stop(struct gfplab_job *job, struct gfplab_reason *why);
int gfplab_run_reset(struct gfplab_job *job, struct gfplab_reason *why);
u32 gfplab_run_request_stop(struct gfplab_job *job);
void gfplab_run_quit(struct gfplab_job *job);
u64 gfplab_run_oom(struct gfplab_job *job);
u64 gfplab_run_oom_wait(struct gfplab_job *job, unsigned long until);
bool gfplab_run_release_range(struct gfplab_job *job, unsigned long start, unsigned long end);
struct gfplab_run *gfplab_run_get(struct gfplab_job *job);
void gfplab_run_put(struct gfplab_run *run);
void gfplab_status_show(struct seq_file *m, struct gfplab_job *job);

#endif
