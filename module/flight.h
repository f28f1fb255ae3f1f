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
#include <linux/sched.h>
#include "busted.h"
#include "rules/evidence.h"
#include "rules/words.h"

/**
 * struct gfplab_flight - one task's request in flight
 * @hash: in the table of tasks that issue requests, for the whole run
 * @task: makes the requests
 * @order: what reaches the allocator, to recognise the request's own
 *	arguments; GFPLAB_ANY_ORDER if that varies
 * @open: a request is in flight right now
 * @evidence: what was seen of it
 */
struct gfplab_flight {
	struct hlist_node hash;
	struct task_struct *task;
	unsigned int order;
	bool open;
	struct gfplab_evidence evidence;
};

void gfplab_flight_begin(struct gfplab_flight *flight, struct task_struct *task);
void gfplab_flight_end(struct gfplab_flight *flight);
void gfplab_flight_enter_irq(struct gfplab_flight *flight, enum gfplab_context context);
void gfplab_flight_exit_irq(enum gfplab_context context);
bool gfplab_in_flight(void);
struct gfplab_evidence *gfplab_flight_evidence(bool nested);

/* The callbacks run in this very task: the compiler's order suffices. */
static __always_inline void gfplab_flight_open(struct gfplab_flight *flight)
{
	barrier();
	WRITE_ONCE(flight->open, true);
	barrier();
}

static __always_inline void gfplab_flight_close(struct gfplab_flight *flight)
{
	barrier();
	WRITE_ONCE(flight->open, false);
	barrier();
}

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

/* As gfplab_flight_evidence(false), without a call where a task asks. */
static __always_inline struct gfplab_evidence *gfplab_flight_evidence_inline(void)
{
	struct gfplab_flight *flight;

	if (GFPLAB_BUSTED(foreign_evidence) || unlikely(preempt_count() & GFPLAB_INTERRUPTS))
		return gfplab_flight_evidence(false);
	flight = gfplab_flight_of_task();
	if (!flight || !READ_ONCE(flight->open) || flight->evidence.inside)
		return NULL;
	flight->evidence.hits++;
	return &flight->evidence;
}

#endif
