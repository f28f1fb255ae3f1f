// SPDX-License-Identifier: GPL-2.0
/*
 * flight.c - the requests in flight: to which of them an event belongs.
 *
 * Probes look the task up in a table of those that issue requests; a miss is
 * the common case and costs one hash and a load, whatever the number of tasks: the
 * table grows with it, before a run begins. Requests made by an interrupt are found
 * through its CPU.
 *
 * No kernel lock is taken and nothing is allocated in the look-up.
 */
#include <linux/errno.h>
#include <linux/log2.h>
#include <linux/mutex.h>
#include <linux/overflow.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/sched/clock.h>
#include <linux/sched/task_stack.h>
#include <linux/spinlock.h>
#include "account.h"
#include "busted.h"
#include "flight.h"
#include "rules/evidence.h"
#include "rules/words.h"

#define FIRST_BITS	9
#define SLOTS_PER_TASK	4

struct gfplab_flights *gfplab_flights;

/* Guards writes to the table. */
static DEFINE_SPINLOCK(flights_lock);
/* Guards @reserved, and is held while the table is replaced. */
static DEFINE_MUTEX(flights_mutex);
/* Tasks that may be in the table. */
static unsigned int reserved;

/* Stands for a task that is no longer in the table: those behind it are to be found still. */
static char gone;
#define GONE		((struct task_struct *)&gone)

static u32 next_slot(const struct gfplab_flights *flights, u32 i)
{
	return (i + 1) & flights->mask;
}

static u32 previous_slot(const struct gfplab_flights *flights, u32 i)
{
	return (i - 1) & flights->mask;
}

/* With flights_lock held, or before others see the table. There is an empty slot. */
static void add_flight(struct gfplab_flights *flights, struct gfplab_flight *flight)
{
	u32 i = hash_ptr(flight->task, flights->bits);

	while (flights->slots[i].task && flights->slots[i].task != GONE)
		i = next_slot(flights, i);
	WRITE_ONCE(flights->slots[i].flight, flight);
	/* Only the task itself looks for it, later. */
	WRITE_ONCE(flights->slots[i].task, flight->task);
}

static struct gfplab_flights *make_table(unsigned int bits)
{
	struct gfplab_flights *flights;

	flights = gfplab_array(ACCOUNT_other, 1, struct_size(flights, slots, 1UL << bits), NULL);
	if (!flights)
		return NULL;
	flights->bits = bits;
	flights->mask = (1U << bits) - 1;
	return flights;
}

/* Readers may go on with the former table, so it stays. */
static void replace_table(struct gfplab_flights *flights)
{
	u32 i;

	spin_lock(&flights_lock);
	flights->older = gfplab_flights;
	for (i = 0; i <= flights->older->mask; i++) {
		const struct gfplab_flight_slot *slot = &flights->older->slots[i];

		if (slot->task && slot->task != GONE)
			add_flight(flights, slot->flight);
	}
	/* A reader that sees the table sees what is in it. */
	smp_store_release(&gfplab_flights, flights);
	spin_unlock(&flights_lock);
}

/**
 * gfplab_flights_reserve - make room for tasks that issue requests
 * @n: how many more
 *
 * Context: may sleep; takes a mutex.
 * Return: false without memory.
 */
bool gfplab_flights_reserve(unsigned int n)
{
	struct gfplab_flights *flights;
	unsigned int bits;
	bool room = true;

	mutex_lock(&flights_mutex);
	bits = order_base_2((reserved + n) * SLOTS_PER_TASK);
	if (bits > gfplab_flights->bits) {
		flights = make_table(bits);
		room = flights;
		if (room)
			replace_table(flights);
	}
	if (room)
		reserved += n;
	mutex_unlock(&flights_mutex);
	return room;
}

/**
 * gfplab_flights_unreserve - undo gfplab_flights_reserve()
 * @n: as there
 *
 * Context: may sleep; takes a mutex.
 */
void gfplab_flights_unreserve(unsigned int n)
{
	mutex_lock(&flights_mutex);
	reserved -= n;
	mutex_unlock(&flights_mutex);
}

/**
 * gfplab_flights_init - make the table
 *
 * Context: module init, before the first run.
 * Return: 0 or -ENOMEM.
 */
int gfplab_flights_init(void)
{
	gfplab_flights = make_table(FIRST_BITS);
	return gfplab_flights ? 0 : -ENOMEM;
}

/**
 * gfplab_flights_exit - free the table, and those that it has replaced
 *
 * Context: module exit; no probe is attached.
 */
void gfplab_flights_exit(void)
{
	struct gfplab_flights *older;

	for (; gfplab_flights; gfplab_flights = older) {
		older = gfplab_flights->older;
		gfplab_array_free(gfplab_flights);
	}
}

/**
 * gfplab_flight_begin - let events of this task be seen
 * @flight: zeroed; room was reserved for it
 * @task: issues requests from now on, until gfplab_flight_end()
 *
 * Context: task.
 */
void gfplab_flight_begin(struct gfplab_flight *flight, struct task_struct *task)
{
	flight->task = task;
	spin_lock(&flights_lock);
	add_flight(gfplab_flights, flight);
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
	struct gfplab_flights *flights;
	u32 i;

	spin_lock(&flights_lock);
	flights = gfplab_flights;
	i = hash_ptr(flight->task, flights->bits);
	while (flights->slots[i].flight != flight || flights->slots[i].task != flight->task)
		i = next_slot(flights, i);
	WRITE_ONCE(flights->slots[i].task, GONE);
	/* The end of a row of slots is empty. */
	while (flights->slots[i].task == GONE && !flights->slots[next_slot(flights, i)].task) {
		WRITE_ONCE(flights->slots[i].task, NULL);
		i = previous_slot(flights, i);
	}
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

/* Whichever is found first. */
static struct gfplab_flight *any_open(void)
{
	const struct gfplab_flights *flights = READ_ONCE(gfplab_flights);
	struct task_struct *task;
	u32 i;

	for (i = 0; i <= flights->mask; i++) {
		task = READ_ONCE(flights->slots[i].task);
		if (task && task != GONE && READ_ONCE(flights->slots[i].flight->open))
			return flights->slots[i].flight;
	}
	return NULL;
}

static __always_inline struct gfplab_flight *flight_find(void)
{
	struct gfplab_flight *flight;
	unsigned long from = preempt_count();

	if (GFPLAB_BUSTED(foreign_evidence))
		return any_open();
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

/**
 * gfplab_flight_reclaim - the same, of what fires only inside reclaim and compaction
 *
 * Context: a probe's callback.
 * Return: the evidence of the request in flight; NULL if it is none of ours, or if a memory
 * cgroup reclaims for the charge, which is no step of the allocator's.
 */
struct gfplab_evidence *gfplab_flight_reclaim(void)
{
	struct gfplab_evidence *ev = gfplab_flight_evidence(true);

	return ev && ev->inside && !ev->charging ? ev : NULL;
}

/**
 * gfplab_flight_enter - reclaim or compaction begins
 * @ev: of the request in flight
 *
 * Context: a probe's callback.
 */
void gfplab_flight_enter(struct gfplab_evidence *ev)
{
	if (!ev->inside++)
		ev->since = local_clock();
}

/**
 * gfplab_flight_leave - undo gfplab_flight_enter()
 * @ev: as there
 *
 * Context: a probe's callback.
 * Return: ns since the outermost of them began; 0 if this one is not that, or has no begin.
 */
u64 gfplab_flight_leave(struct gfplab_evidence *ev)
{
	u64 now;

	if (!ev->inside || --ev->inside)
		return 0;
	/* The task may have moved to a CPU whose clock is behind. */
	now = local_clock();
	return now > ev->since ? now - ev->since : 0;
}
