/* SPDX-License-Identifier: GPL-2.0 */
/*
 * flight.h - the look-up of flight.c for the two probes that every request meets.
 *
 * An event of another task costs the same as ever, however many tasks issue requests: a hash,
 * and the load of a slot that is mostly empty.
 */
#ifndef GFPLAB_FLIGHT_H
#define GFPLAB_FLIGHT_H

#include <linux/hash.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include "busted.h"
#include "rules/evidence.h"
#include "rules/words.h"

/**
 * struct gfplab_flight - one task's request in flight
 * @task: makes the requests
 * @order: what reaches the allocator, to recognise the request's own
 *	arguments; GFPLAB_ANY_ORDER if that varies
 * @open: a request is in flight right now
 * @evidence: what was seen of it
 */
struct gfplab_flight {
	struct task_struct *task;
	unsigned int order;
	bool open;
	struct gfplab_evidence evidence;
};

/**
 * struct gfplab_flight_slot - a task that issues requests
 * @task: the task; NULL: none, and none in the slots that follow for the same hash
 * @flight: its flight
 */
struct gfplab_flight_slot {
	struct task_struct *task;
	struct gfplab_flight *flight;
};

/**
 * struct gfplab_flights - all tasks that issue requests, by a hash of their address
 * @older: the table before this one, freed at module exit
 * @bits: there are 2^@bits slots, four times as many as tasks at least
 * @mask: 2^@bits - 1
 * @slots: the first one for a task's hash, or one of those that follow
 */
struct gfplab_flights {
	struct gfplab_flights *older;
	unsigned int bits;
	unsigned int mask;
	struct gfplab_flight_slot slots[];
};

int gfplab_flights_init(void);
void gfplab_flights_exit(void);
bool gfplab_flights_reserve(unsigned int n);
void gfplab_flights_unreserve(unsigned int n);
void gfplab_flight_begin(struct gfplab_flight *flight, struct task_struct *task);
void gfplab_flight_end(struct gfplab_flight *flight);
void gfplab_flight_enter_irq(struct gfplab_flight *flight, enum gfplab_context context);
void gfplab_flight_exit_irq(enum gfplab_context context);
bool gfplab_in_flight(void);
struct gfplab_evidence *gfplab_flight_evidence(bool nested);
struct gfplab_evidence *gfplab_flight_reclaim(void);
void gfplab_flight_enter(struct gfplab_evidence *ev);
u64 gfplab_flight_leave(struct gfplab_evidence *ev);

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

extern struct gfplab_flights *gfplab_flights;

/* Set in preempt_count() if it is not the task itself that allocates. */
#define GFPLAB_INTERRUPTS	(NMI_MASK | HARDIRQ_MASK | SOFTIRQ_OFFSET)

static __always_inline struct gfplab_flight *gfplab_flight_of_task(void)
{
	/* A table that has been replaced meanwhile has all that was added before. */
	const struct gfplab_flights *flights = READ_ONCE(gfplab_flights);
	unsigned int i = hash_ptr(current, flights->bits);
	const struct task_struct *task;

	for (;;) {
		task = READ_ONCE(flights->slots[i].task);
		if (!task)
			return NULL;
		if (task == current)
			return READ_ONCE(flights->slots[i].flight);
		i = (i + 1) & flights->mask;
	}
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
