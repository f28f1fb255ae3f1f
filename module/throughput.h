/* SPDX-License-Identifier: GPL-2.0 */
/* throughput.h - how fast a worker goes */
#ifndef GFPLAB_THROUGHPUT_H
#define GFPLAB_THROUGHPUT_H

#include <linux/types.h>

struct gfplab_clock;

#define GFPLAB_MARKS	1024

/**
 * struct gfplab_throughput - times at which a worker had made so many requests
 * @batch: requests between two marks
 * @left: requests until the next mark, 0..@batch
 * @nr: marks set, 1..GFPLAB_MARKS; the first is set before the first request
 * @preempted: how often the worker lost its CPU (involuntary context switches)
 * @wall_ns: time from its first request to its last
 * @cpu_ns: the part of @wall_ns in which it had its CPU
 * @marks: readings of the run's clock
 */
struct gfplab_throughput {
	u64 batch;
	u64 left;
	u32 nr;
	u64 preempted;
	u64 wall_ns;
	u64 cpu_ns;
	u64 marks[GFPLAB_MARKS];
};

void gfplab_throughput_begin(struct gfplab_throughput *tp, const struct gfplab_clock *clock,
			     u32 batch);
void gfplab_throughput_mark(struct gfplab_throughput *tp, const struct gfplab_clock *clock);
void gfplab_throughput_end(struct gfplab_throughput *tp, const struct gfplab_clock *clock);

#endif
