// SPDX-License-Identifier: GPL-2.0
/*
 * stop.c - whether, why and when a run is to end.
 *
 * Every way to end a run sets a reason; its workers look at it between
 * requests.
 */
#include <linux/atomic.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/time64.h>
#include <linux/wait.h>
#include "busted.h"
#include "rules/words.h"
#include "stop.h"

/**
 * gfplab_stop_init - no reason, no deadline
 * @stop: zeroed
 *
 * Context: any.
 */
void gfplab_stop_init(struct gfplab_stop *stop)
{
	init_waitqueue_head(&stop->changed);
}

static struct gfplab_time after_ms(u32 ms)
{
	if (!ms)
		return (struct gfplab_time){};
	return (struct gfplab_time){
		.tick = (jiffies + msecs_to_jiffies(ms)) ?: 1,
		.ns = ktime_get_ns() + ms * (u64)NSEC_PER_MSEC,
	};
}

/* Where ticks come late jiffies are behind, and then ahead of what was worked out from them. */
static bool is_past(const struct gfplab_time *time)
{
	return time->tick && time_after_eq(jiffies, time->tick) && ktime_get_ns() >= time->ns;
}

/**
 * gfplab_stop_after - the run begins now and has so much time
 * @stop: of the run
 * @duration_ms: it ends by itself then; 0: it does not
 * @timeout_ms: it is aborted then; 0: it is not
 *
 * Context: any, before a worker looks.
 */
void gfplab_stop_after(struct gfplab_stop *stop, u32 duration_ms, u32 timeout_ms)
{
	stop->deadline = after_ms(duration_ms);
	stop->expiry = after_ms(timeout_ms);
}

/**
 * gfplab_stop_request - ask the run to end
 * @stop: of a run that goes on, or is over already
 * @reason: kept if it is the first
 *
 * Context: any but hardirq.
 */
void gfplab_stop_request(struct gfplab_stop *stop, enum gfplab_abort reason)
{
	atomic_cmpxchg(&stop->reason, ABORT_none, reason);
	wake_up_all(&stop->changed);
}

/**
 * gfplab_stop_oom - end the run because memory ran out, whatever it was to end by
 * @stop: of a run that goes on, or is over already
 *
 * A run that was to keep its blocks keeps none now, and says so.
 *
 * Context: any but hardirq.
 */
void gfplab_stop_oom(struct gfplab_stop *stop)
{
	atomic_set(&stop->reason, ABORT_oom);
	wake_up_all(&stop->changed);
}

/**
 * gfplab_stop_due - must the run end now?
 * @stop: of the run
 * @own_task: a signal of the calling task ends it
 *
 * Notes the reason, if it is one that a worker finds out.
 *
 * Context: any; with @own_task a worker, between two requests.
 * Return: whether no further request must be made.
 */
bool gfplab_stop_due(struct gfplab_stop *stop, bool own_task)
{
	if (atomic_read(&stop->reason) && !GFPLAB_BUSTED(deaf_stop))
		return true;
	if (own_task && signal_pending(current)) {
		gfplab_stop_request(stop, ABORT_signal);
		return true;
	}
	if (is_past(&stop->expiry)) {
		gfplab_stop_request(stop, ABORT_timeout);
		return true;
	}
	return is_past(&stop->deadline);
}

/**
 * gfplab_stop_is_over - should the run have ended by now?
 * @stop: of the run
 *
 * Context: any.
 * Return: whether it was asked to end, or its time is over.
 */
bool gfplab_stop_is_over(const struct gfplab_stop *stop)
{
	return atomic_read(&stop->reason) || is_past(&stop->expiry) || is_past(&stop->deadline);
}

/* Jiffies until the run ends by itself, at least one. */
static long time_left(const struct gfplab_stop *stop)
{
	long left = LONG_MAX;

	if (stop->expiry.tick)
		left = min(left, (long)(stop->expiry.tick - jiffies));
	if (stop->deadline.tick)
		left = min(left, (long)(stop->deadline.tick - jiffies));
	return max(left, 1L);
}

/**
 * gfplab_stop_pause - wait between two requests, no longer than the run lasts
 * @stop: of the run
 * @us: how long; 0 only lets other tasks run
 *
 * Context: a worker; sleeps.
 */
void gfplab_stop_pause(struct gfplab_stop *stop, u32 us)
{
	/*
	 * A mere cond_resched() is no quiescent state of RCU-tasks: what changes
	 * the kernel's code (kprobes that get optimized, tracers) would wait,
	 * some of it with text_mutex held, until the run ends.
	 */
	if (!us)
		cond_resched_tasks_rcu_qs();
	else if (us < 10000)
		usleep_range(us, us + us / 8 + 1);
	else
		wait_event_interruptible_timeout(stop->changed, atomic_read(&stop->reason),
						 min_t(long, usecs_to_jiffies(us),
						       time_left(stop)));
}
