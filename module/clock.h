/* SPDX-License-Identifier: GPL-2.0 */
/* clock.h - readings of the clock that a run uses, see clock.c. */
#ifndef GFPLAB_CLOCK_H
#define GFPLAB_CLOCK_H

#include <linux/math64.h>
#include <linux/sched/clock.h>
#include <linux/types.h>
#ifdef CONFIG_X86
#include <asm/tsc.h>
#endif

/**
 * struct gfplab_clock - one run's clock
 * @tsc: ticks are those of the TSC, else ns of local_clock()
 * @mult: ns are ticks * @mult >> @shift
 * @shift: see @mult
 * @base: a reading
 * @base_ns: local_clock() at that moment
 */
struct gfplab_clock {
	bool tsc;
	u32 mult;
	u32 shift;
	u64 base;
	u64 base_ns;
};

void gfplab_clock_pick(struct gfplab_clock *clock);
void gfplab_clock_calibrate(const struct gfplab_clock *clock, u64 *loop_ps, u64 *read_ps);
const char *gfplab_clock_name(const struct gfplab_clock *clock);

/* Ordered: what was asked before is done, what comes later has not begun. */
static __always_inline u64 gfplab_clock_read(const struct gfplab_clock *clock)
{
#ifdef CONFIG_X86
	if (likely(clock->tsc))
		return rdtsc_ordered();
#endif
	return local_clock();
}

static __always_inline u64 gfplab_clock_ns(const struct gfplab_clock *clock, u64 ticks)
{
	return mul_u64_u32_shr(ticks, clock->mult, clock->shift);
}

/* A reading as the time since boot that local_clock() has, in ns. */
static __always_inline u64 gfplab_clock_stamp(const struct gfplab_clock *clock, u64 ticks)
{
	return clock->base_ns + gfplab_clock_ns(clock, ticks - clock->base);
}

/* A writer of `call` may move between CPUs, whose clocks may differ a little. */
static __always_inline u64 gfplab_clock_between(const struct gfplab_clock *clock,
						u64 begin, u64 end)
{
	return end > begin ? gfplab_clock_ns(clock, end - begin) : 0;
}

#endif
