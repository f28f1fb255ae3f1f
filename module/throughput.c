// SPDX-License-Identifier: GPL-2.0
/*
 * throughput.c - how many requests a worker has made at which time: one reading
 * of the clock for many requests.
 *
 * A mark is set after each batch of requests. When there is no room for more
 * marks every second one is dropped and batches become twice as long, so that
 * the memory stays the same however long the run.
 */
#include <linux/atomic.h>
#include <linux/jiffies.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/time64.h>
#include "clock.h"
#include "throughput.h"

static u64 cpu_time(void)
{
	return current->se.sum_exec_runtime;
}

/**
 * gfplab_throughput_begin - a worker is about to make its first request
 * @tp: its
 * @clock: the run's
 * @batch: requests between two marks
 *
 * Context: the worker.
 */
void gfplab_throughput_begin(struct gfplab_throughput *tp, const struct gfplab_clock *clock,
			     u32 batch)
{
	tp->batch = batch;
	tp->left = batch;
	tp->nr = 1;
	tp->cpu_ns = cpu_time();
	tp->preempted = current->nivcsw;
	tp->marks[0] = gfplab_clock_read(clock);
}

/**
 * gfplab_throughput_mark - a batch of requests is over
 * @tp: the worker's; @tp->left is 0
 * @clock: the run's
 *
 * Context: the worker.
 */
void gfplab_throughput_mark(struct gfplab_throughput *tp, const struct gfplab_clock *clock)
{
	u32 i;

	tp->marks[tp->nr] = gfplab_clock_read(clock);
	tp->left = tp->batch;
	if (++tp->nr < GFPLAB_MARKS)
		return;
	for (i = 1; i < GFPLAB_MARKS / 2; i++)
		tp->marks[i] = tp->marks[2 * i];
	/* The last mark is dropped: it stands in the middle of a batch of the new length. */
	tp->nr = GFPLAB_MARKS / 2;
	tp->batch *= 2;
}

/**
 * gfplab_throughput_end - a worker has made its last request
 * @tp: its
 * @clock: the run's
 *
 * Context: the worker.
 */
void gfplab_throughput_end(struct gfplab_throughput *tp, const struct gfplab_clock *clock)
{
	tp->wall_ns = gfplab_clock_ns(clock, gfplab_clock_read(clock) - tp->marks[0]);
	tp->cpu_ns = cpu_time() - tp->cpu_ns;
	tp->preempted = current->nivcsw - tp->preempted;
}
