/* SPDX-License-Identifier: GPL-2.0 */
/* stop.h - whether, why and when a run is to end */
#ifndef GFPLAB_STOP_H
#define GFPLAB_STOP_H

#include <linux/atomic.h>
#include <linux/types.h>
#include <linux/wait.h>
#include "rules/words.h"

/**
 * struct gfplab_time - a moment in the future
 * @tick: jiffies by then, or a few less; 0: there is no such moment
 * @ns: ktime_get_ns() by then
 */
struct gfplab_time {
	unsigned long tick;
	u64 ns;
};

/**
 * struct gfplab_stop - the end of a run, as its workers see it
 * @reason: enum gfplab_abort; the first reason stays, but for that of an OOM
 * @deadline: when duration_ms is over
 * @expiry: when timeout_ms is over
 * @changed: woken when @reason is set
 */
struct gfplab_stop {
	atomic_t reason;
	struct gfplab_time deadline;
	struct gfplab_time expiry;
	wait_queue_head_t changed;
};

static inline enum gfplab_abort gfplab_stop_reason(const struct gfplab_stop *stop)
{
	return atomic_read(&stop->reason);
}

void gfplab_stop_init(struct gfplab_stop *stop);
void gfplab_stop_after(struct gfplab_stop *stop, u32 duration_ms, u32 timeout_ms);
void gfplab_stop_request(struct gfplab_stop *stop, enum gfplab_abort reason);
void gfplab_stop_oom(struct gfplab_stop *stop);
bool gfplab_stop_is_over(const struct gfplab_stop *stop);
bool gfplab_stop_due(struct gfplab_stop *stop, bool own_task);
void gfplab_stop_pause(struct gfplab_stop *stop, u32 us);

#endif
