// SPDX-License-Identifier: GPL-2.0
/*
 * clock.c - the cheapest clock that can be trusted here.
 *
 * Two readings of local_clock() cost a tenth of an order-0 pair, two ordered
 * readings of the TSC next to nothing. The TSC is taken only where the kernel
 * keeps its own time by it; that can end while we are loaded, so each run asks
 * again. Readings are in ticks, and become ns when they are stored.
 */
#include <linux/clocksource.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/sched/clock.h>
#include <linux/time64.h>
#include "clock.h"
#include "compat.h"

#ifdef CONFIG_X86
/* The kernel's clocksource read between two readings of the TSC. */
static bool time_is_tsc(void)
{
	u64 before, cycles, after;

	if (!boot_cpu_has(X86_FEATURE_TSC) || check_tsc_unstable() || !tsc_khz)
		return false;
	before = rdtsc_ordered();
	cycles = gfplab_cycles();
	after = rdtsc_ordered();
	return cycles >= before && cycles <= after;
}
#endif

/**
 * gfplab_clock_pick - choose a clock for a run
 * @clock: filled in
 *
 * Context: task.
 */
void gfplab_clock_pick(struct gfplab_clock *clock)
{
	*clock = (struct gfplab_clock){ .mult = 1 };
#ifdef CONFIG_X86
	clock->tsc = time_is_tsc();
	if (clock->tsc)
		clocks_calc_mult_shift(&clock->mult, &clock->shift, tsc_khz, NSEC_PER_MSEC, 60);
#endif
	clock->base = gfplab_clock_read(clock);
	clock->base_ns = local_clock();
}

/**
 * gfplab_clock_name - the name of the clock that is read
 * @clock: the clock
 *
 * Context: any.
 * Return: `tsc` or `local_clock`.
 */
const char *gfplab_clock_name(const struct gfplab_clock *clock)
{
	return clock->tsc ? "tsc" : "local_clock";
}

#define LOOPS	100000
#define READS	1000

/* Two instructions a turn, where we know how to write them. */
static void empty_loop(unsigned long turns)
{
#ifdef CONFIG_X86
	asm volatile("1: dec %0\n\tjnz 1b" : "+r" (turns) : : "cc");
#else
	while (turns--)
		barrier();
#endif
}

/**
 * gfplab_clock_calibrate - what a turn of an empty loop and a reading cost
 * @clock: the clock
 * @loop_ps: out, in ps; the least of a few tries, as interrupts get in between
 * @read_ps: out, likewise
 *
 * Context: task.
 */
void gfplab_clock_calibrate(const struct gfplab_clock *clock, u64 *loop_ps, u64 *read_ps)
{
	u64 begin, loop = U64_MAX, read = U64_MAX;
	int try, i;

	for (try = 0; try < 5; try++) {
		begin = gfplab_clock_read(clock);
		empty_loop(LOOPS);
		loop = min(loop, gfplab_clock_read(clock) - begin);

		begin = gfplab_clock_read(clock);
		for (i = 0; i < READS; i++)
			gfplab_clock_read(clock);
		read = min(read, gfplab_clock_read(clock) - begin);
	}
	*loop_ps = div_u64(gfplab_clock_ns(clock, loop) * 1000, LOOPS);
	*read_ps = div_u64(gfplab_clock_ns(clock, read) * 1000, READS);
}
