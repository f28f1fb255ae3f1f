// SPDX-License-Identifier: GPL-2.0
/*
 * flight.c - the requests in flight: to which of them an event belongs.
 *
 * Probes look the task up in a small table of those that issue requests; a
 * miss is the common case and costs one hash and a load. Requests made by an
 * interrupt are found through its CPU.
 *
 * No kernel lock is taken and nothing is allocated in the look-up.
 */
#include <linux/percpu.h>
#include <linux/sched/task_stack.h>
#include <linux/spinlock.h>
#include "busted.h"
#include "flight.h"
#include "rules/evidence.h"
#include "rules/words.h"

DEFINE_HASHTABLE(gfplab_flights, GFPLAB_FLIGHT_BITS);
static DEFINE_SPINLOCK(flights_lock);

/**
 * gfplab_flight_begin - let events of this task be seen
 * @flight: zeroed
 * @task: issues requests from now on, until gfplab_flight_end()
 *
 * Context: task.
 */
void gfplab_flight_begin(struct gfplab_flight *flight, struct task_struct *task)
{
	flight->task = task;
	spin_lock(&flights_lock);
	hash_add_rcu(gfplab_flights, &flight->hash, (unsigned long)task);
	spin_unlock(&flights_lock);
}

/**
 * gfplab_flight_end - undo gfplab_flight_begin()
 * @flight: may be freed after an RCU grace period
 *
 * Context: task.
 */
void gfplab_flight_end(struct gfplab_flight *flight)
{
	spin_lock(&flights_lock);
	hash_del_rcu(&flight->hash);
	spin_unlock(&flights_lock);
}

/* The request that an interrupt or a softirq of this CPU has in flight. */
struct irq_flights {
	struct gfplab_flight *hardirq;
	struct gfplab_flight *softirq;
};

static DEFINE_PER_CPU(struct irq_flights, irq_flights);

static struct gfplab_flight **irq_flight(enum gfplab_context context)
{
	return context == CONTEXT_hardirq ? this_cpu_ptr(&irq_flights.hardirq) :
					    this_cpu_ptr(&irq_flights.softirq);
}

/**
 * gfplab_flight_enter_irq - a request of this flight is made by an interrupt
 * @flight: of the task that waits for it
 * @context: CONTEXT_softirq or CONTEXT_hardirq, which we are in
 *
 * Context: that one, until gfplab_flight_exit_irq().
 */
void gfplab_flight_enter_irq(struct gfplab_flight *flight, enum gfplab_context context)
{
	WRITE_ONCE(*irq_flight(context), flight);
}

/**
 * gfplab_flight_exit_irq - undo gfplab_flight_enter_irq()
 * @context: as there
 */
void gfplab_flight_exit_irq(enum gfplab_context context)
{
	WRITE_ONCE(*irq_flight(context), NULL);
}

/*
 * An interrupt borrows the task, its allocations are not the task's. A kprobe
 * entered by int3 looks like an NMI, so its offsets are taken off first; but it
 * runs on the task's stack, and a real NMI, which may allocate from 6.15 on, does not.
 */
static noinline struct gfplab_flight *flight_of_interrupt(unsigned long from)
{
	bool real = (from & NMI_MASK) && !object_is_on_stack(&from);

	if (from & NMI_MASK)
		from -= NMI_OFFSET + HARDIRQ_OFFSET;
	from &= GFPLAB_INTERRUPTS;
	if (!from)
		return real ? NULL : gfplab_flight_of_task();
	if (!(from & ~SOFTIRQ_OFFSET))
		return READ_ONCE(*irq_flight(CONTEXT_softirq));
	if (!(from & NMI_MASK))
		return READ_ONCE(*irq_flight(CONTEXT_hardirq));
	return NULL;
}

static __always_inline struct gfplab_flight *flight_find(void)
{
	struct gfplab_flight *flight;
	unsigned long from = preempt_count();
	int i;

	if (GFPLAB_BUSTED(foreign_evidence)) {
		hash_for_each_rcu(gfplab_flights, i, flight, hash)
			if (READ_ONCE(flight->open))
				return flight;
		return NULL;
	}
	if (likely(!(from & GFPLAB_INTERRUPTS)))
		flight = gfplab_flight_of_task();
	else
		flight = flight_of_interrupt(from);
	return flight && READ_ONCE(flight->open) ? flight : NULL;
}

/**
 * gfplab_in_flight - is the current task inside a request of ours?
 *
 * Context: any.
 * Return: whether it is.
 */
bool gfplab_in_flight(void)
{
	bool yes;

	rcu_read_lock();
	yes = flight_find();
	rcu_read_unlock();
	return yes;
}

/**
 * gfplab_flight_evidence - where an event that happens now is to be noted
 * @nested: also if it happens inside reclaim or compaction
 *
 * Reclaim and compaction may allocate for themselves (up to 38 times a
 * request was seen); those are not the request's own steps.
 *
 * Context: a probe's callback.
 * Return: the evidence of the request in flight; NULL if it is none of ours.
 */
struct gfplab_evidence *gfplab_flight_evidence(bool nested)
{
	struct gfplab_flight *flight = flight_find();

	if (!flight || (flight->evidence.inside && !nested))
		return NULL;
	flight->evidence.hits++;
	return &flight->evidence;
}
