/* SPDX-License-Identifier: GPL-2.0 */
/* worker.h - a task that issues requests until its share is done or the run ends */
#ifndef GFPLAB_WORKER_H
#define GFPLAB_WORKER_H

#include <linux/prandom.h>
#include <linux/types.h>
#include "requester.h"
#include "throughput.h"

struct gfplab_plan;
struct gfplab_run;
struct gfplab_stop;

struct task_struct;

/**
 * struct gfplab_worker - a kthread, or the task that writes `call`, at work
 * @run: for run.c, which made the worker
 * @task: the kthread, NULL in a `call`
 * @share: how many requests are its part; 0 is without end
 * @since: jiffies when the request or burst that goes on began; 0 between two
 * @burst: how many requests are made between two looks at whether to stop
 * @rnd: draws what is requested, so many draws a request whatever comes of it
 * @rq: makes the requests
 * @throughput: how far it was when
 * @bytes: what all this takes, with a pool that may be the job's by now
 * @gone: of @bytes: what has been freed or handed over, once the run is over
 */
struct gfplab_worker {
	struct gfplab_run *run;
	struct task_struct *task;
	u64 share;
	unsigned long since;
	u32 burst;
	struct rnd_state rnd;
	struct gfplab_requester rq;
	struct gfplab_throughput throughput;
	size_t bytes;
	size_t gone;
};

struct gfplab_worker *gfplab_worker_create(const struct gfplab_plan *plan,
					   struct gfplab_stop *stop, unsigned int index);
void gfplab_worker_exit(struct gfplab_worker *w);
void gfplab_worker_free(struct gfplab_worker *w);
void gfplab_worker_run(struct gfplab_worker *w);

#endif
