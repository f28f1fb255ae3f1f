/* SPDX-License-Identifier: GPL-2.0 */
/*
 * flight.h - the look-up of flight.c for the two probes that every request meets.
 *
 * An event of another task costs the same as ever: a hash and a load.
 */
#ifndef GFPLAB_FLIGHT_H
#define GFPLAB_FLIGHT_H

#include <linux/hashtable.h>
#include <linux/preempt.h>
#include <linux/rculist.h>
#include "gfplab.h"

#define GFPLAB_FLIGHT_BITS	7

/* By task: all that issue requests. */
extern struct hlist_head gfplab_flights[1 << GFPLAB_FLIGHT_BITS];

/* Set in preempt_count() if it is not the task itself that allocates. */
#define GFPLAB_INTERRUPTS	(NMI_MASK | HARDIRQ_MASK | SOFTIRQ_OFFSET)

static __always_inline struct gfplab_flight *gfplab_flight_of_task(void)
{
	struct gfplab_flight *flight;

	/* Callers are probes: since 7.0 SRCU protects those of tracepoints. */
	hash_for_each_possible_rcu_notrace(gfplab_flights, flight, hash, (unsigned long)current)
		if (flight->task == current)
			return flight;
	return NULL;
}

/* As gfplab_evidence(false), without a call where a task asks. */
static __always_inline struct gfplab_evidence *gfplab_evidence_inline(void)
{
	struct gfplab_flight *flight;

	if (GFPLAB_BUSTED(foreign_evidence) || unlikely(preempt_count() & GFPLAB_INTERRUPTS))
		return gfplab_evidence(false);
	flight = gfplab_flight_of_task();
	if (!flight || !READ_ONCE(flight->open) || flight->evidence.inside)
		return NULL;
	flight->evidence.hits++;
	return &flight->evidence;
}

#endif
