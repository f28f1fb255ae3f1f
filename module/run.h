/* SPDX-License-Identifier: GPL-2.0 */
/* run.h - a plan in execution, and its results afterwards */
#ifndef GFPLAB_RUN_H
#define GFPLAB_RUN_H

#include <linux/atomic.h>
#include <linux/kref.h>
#include <linux/llist.h>
#include <linux/mutex.h>
#include <linux/types.h>
#include "plan.h"
#include "states.h"
#include "stop.h"

struct gfplab_job;
struct gfplab_options;
struct gfplab_reason;
struct gfplab_worker;

/**
 * struct gfplab_run - a plan in execution, and its results afterwards
 * @ref: held by the job and by each reader of its results
 * @retired: in the list of runs that are to be freed
 * @job: for @over and @ending; not to be followed once the run is over
 * @over: called when the last worker that is a kthread is done; does not sleep
 * @ending: called once, when one is done, others are not, and the run is to end; does not sleep
 * @plan: what is executed
 * @stop: whether and why it is to end
 * @attached: the probes attached
 * @live: kthreads that still issue requests
 * @told: @ending was called
 * @start_ns: ktime_get_ns() when it began
 * @end_ns: when it was over; 0 before
 * @states: the memory states of a `call`, perhaps kept
 * @bad_blocks: found by others than the workers, when what they held was freed
 * @results: guards rings and histograms of @workers once the run is over
 * @forgotten: they are gone, because the system ran out of memory
 * @shortage: of oom.c: the last one that asked for them
 * @flights: for so many there is room in the table of flights
 * @nr_workers: of them, those that were made
 * @workers: the workers
 */
struct gfplab_run {
	struct kref ref;
	struct llist_node retired;
	struct gfplab_job *job;
	void (*over)(struct gfplab_job *job);
	void (*ending)(struct gfplab_job *job);
	struct gfplab_plan plan;
	struct gfplab_stop stop;
	u64 attached;
	atomic_t live;
	atomic_t told;
	u64 start_ns;
	u64 end_ns;
	struct gfplab_states states;
	atomic_t bad_blocks;
	struct mutex results;	/* see @results */
	bool forgotten;
	unsigned int shortage;
	unsigned int flights;
	unsigned int nr_workers;
	struct gfplab_worker *workers[];
};

extern atomic_t gfplab_results_wanted;

struct gfplab_run *gfplab_run_create(const struct gfplab_options *opt, bool own_task, u64 kept,
				     struct gfplab_run *last, struct gfplab_reason *why);
void gfplab_run_get(struct gfplab_run *run);
void gfplab_run_put(struct gfplab_run *run);
void gfplab_run_begin(struct gfplab_run *run, u32 id);
void gfplab_run_start(struct gfplab_run *run);
void gfplab_run_call(struct gfplab_run *run);
void gfplab_run_end(struct gfplab_run *run);
u64 gfplab_run_requests(const struct gfplab_run *run);
u64 gfplab_run_held_pages(const struct gfplab_run *run);
u64 gfplab_run_bytes(const struct gfplab_run *run);
unsigned int gfplab_run_inside(const struct gfplab_run *run);
u64 gfplab_run_forget(struct gfplab_run *run);
void gfplab_run_free_blocks(struct gfplab_run *run);
void gfplab_runs_flush(void);

#endif
