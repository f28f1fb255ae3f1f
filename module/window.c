// SPDX-License-Identifier: GPL-2.0
/*
 * window.c - how long batches of requests took, and how many requests a second
 * all workers made together: that counts only while all of them are at work.
 */
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/time64.h>
#include "clock.h"
#include "rules/median.h"
#include "run.h"
#include "stop.h"
#include "throughput.h"
#include "window.h"
#include "worker.h"

/* What a window needs to count as a measurement. */
#define LEAST_BATCHES	8	/* of each worker */
#define LEAST_NS	(100 * NSEC_PER_MSEC)
#define LEAST_OVERLAP	900	/* per mille of the longest worker */
#define LEAST_CPU	980	/* per mille of the window, for each worker */

/* An eighth of a worker's batches is warm-up. */
#define WARM_UP(batches)	((batches) / 8 + 1)

/**
 * struct window - the time in which every worker was at work
 * @begin: the last worker's first mark after its warm-up
 * @end: the first worker's last mark
 * @longest: ticks from first to last mark of the longest worker
 * @fewest: batches of one worker in the window
 * @requests: of all batches in the window
 * @ticks: clock ticks that these batches took
 * @per_second: requests, the workers' own rates added up
 * @cpu: the least share of its time that a worker had its CPU, per mille
 * @preempted: how often workers lost it
 */
struct window {
	u64 begin;
	u64 end;
	u64 longest;
	u64 fewest;
	u64 requests;
	u64 ticks;
	u64 per_second;
	u64 cpu;
	u64 preempted;
};

static bool warm(const struct gfplab_throughput *tp)
{
	return WARM_UP(tp->nr) + 1 < tp->nr;
}

static u64 length(const struct gfplab_throughput *tp, u32 mark)
{
	return tp->marks[mark] - tp->marks[mark - 1];
}

/* ---- batches: each worker's by itself ---- */

static u64 largest_batch(const struct gfplab_run *run)
{
	unsigned int i;
	u64 size = 0;

	for (i = 0; i < run->nr_workers; i++)
		size = max(size, run->workers[i]->throughput.batch);
	return size;
}

/* With all batches after the warm-up: how long each took, scaled to the largest one's size. */
static void for_batches(const struct gfplab_run *run, u64 size,
			void (*what)(u64 ticks, void *data), void *data)
{
	unsigned int i;
	u32 m;

	for (i = 0; i < run->nr_workers; i++) {
		const struct gfplab_throughput *tp = &run->workers[i]->throughput;

		for (m = WARM_UP(tp->nr) + 1; m < tp->nr; m++)
			what(length(tp, m) * div64_u64(size, tp->batch), data);
		cond_resched();
	}
}

/**
 * struct lengths - of batches
 * @nr: how many there are
 * @min: the shortest
 * @max: the longest
 * @median: the one in the middle
 */
struct lengths {
	u64 nr;
	u64 min;
	u64 max;
	u64 median;
};

static void note_range(u64 ticks, void *data)
{
	struct lengths *l = data;

	l->nr++;
	l->min = min(l->min, ticks);
	l->max = max(l->max, ticks);
}

struct below {
	const struct gfplab_run *run;
	u64 size;
	u64 limit;
	u64 nr;
};

static void count_below(u64 ticks, void *data)
{
	struct below *b = data;

	b->nr += ticks <= b->limit;
}

static u64 nr_at_most(void *of, u64 limit)
{
	struct below *b = of;

	b->limit = limit;
	b->nr = 0;
	for_batches(b->run, b->size, count_below, b);
	return b->nr;
}

static void find_lengths(const struct gfplab_run *run, u64 size, struct lengths *l)
{
	struct below b = { .run = run, .size = size };

	*l = (struct lengths){ .min = U64_MAX };
	if (size)
		for_batches(run, size, note_range, l);
	if (l->nr)
		l->median = gfplab_median(nr_at_most, &b, l->nr, l->min, l->max);
}

static void show_length(struct seq_file *m, const char *name, const struct gfplab_run *run,
			bool known, u64 ticks)
{
	if (known)
		seq_printf(m, "block.%s %llu\n", name, gfplab_clock_ns(&run->plan.clock, ticks));
	else
		seq_printf(m, "block.%s unknown\n", name);
}

/* Returns the median in ticks a request, times 1024. */
static u64 show_batches(struct seq_file *m, const struct gfplab_run *run)
{
	u64 size = run ? largest_batch(run) : 0;
	struct lengths l;

	find_lengths(run, size, &l);
	seq_printf(m, "block.requests %llu\nblock.count %llu\n", size, l.nr);
	show_length(m, "min", run, l.nr, l.min);
	show_length(m, "median", run, l.nr, l.median);
	show_length(m, "max", run, l.nr, l.max);
	return l.nr ? div64_u64(l.median << 10, size) : 0;
}

/* ---- the window: all workers together ---- */

static void find_window(const struct gfplab_run *run, struct window *win)
{
	unsigned int i;

	*win = (struct window){ .end = U64_MAX, .cpu = 1000 };
	for (i = 0; i < run->nr_workers; i++) {
		const struct gfplab_throughput *tp = &run->workers[i]->throughput;
		u64 first, last;

		if (!warm(tp)) {
			win->end = win->begin;
			return;
		}
		first = tp->marks[WARM_UP(tp->nr)];
		last = tp->marks[tp->nr - 1];
		win->begin = max(win->begin, first);
		win->end = min(win->end, last);
		win->longest = max(win->longest, last - first);
		win->preempted += tp->preempted;
		/* sum_exec_runtime is up to a tick old, both at the begin and at the end. */
		if (tp->wall_ns)
			win->cpu = min(win->cpu, div64_u64((tp->cpu_ns + 2 * TICK_NSEC) * 1000,
							   tp->wall_ns));
	}
	win->end = max(win->begin, win->end);
}

static void count_window(const struct gfplab_run *run, struct window *win)
{
	unsigned int i;
	u32 m;

	win->fewest = U64_MAX;
	for (i = 0; i < run->nr_workers; i++) {
		const struct gfplab_throughput *tp = &run->workers[i]->throughput;
		u64 batches = 0, ticks = 0;

		for (m = 1; m < tp->nr; m++) {
			if (tp->marks[m - 1] < win->begin || tp->marks[m] > win->end)
				continue;
			ticks += length(tp, m);
			batches++;
		}
		win->fewest = min(win->fewest, batches);
		win->requests += batches * tp->batch;
		win->ticks += ticks;
		if (ticks)
			win->per_second +=
				mul_u64_u64_div_u64(batches * tp->batch, NSEC_PER_SEC,
						    gfplab_clock_ns(&run->plan.clock, ticks));
	}
}

static const char *invalid_reason(const struct gfplab_run *run, const struct window *win,
				  u64 median)
{
	if (gfplab_stop_reason(&run->stop))
		return "aborted";
	if ((win->end - win->begin) * 1000 < win->longest * LEAST_OVERLAP)
		return "the workers did not overlap";
	if (gfplab_clock_ns(&run->plan.clock, win->end - win->begin) < LEAST_NS)
		return "shorter than 100 ms";
	if (win->fewest < LEAST_BATCHES)
		return "fewer than 8 blocks of a worker";
	if (win->cpu < LEAST_CPU)
		return "a worker had to share its CPU";
	/* Time that a host takes from the machine shows only as longer batches. */
	if (mul_u64_u64_div_u64(win->ticks, 4 << 10, win->requests) > median * 5)
		return "disturbed, all took a quarter longer than the median";
	return NULL;
}

/**
 * gfplab_window_show - how long batches of requests took, and how many a second
 * @m: the file `summary`
 * @run: a run that is over; else nothing is known
 *
 * Context: may sleep.
 */
void gfplab_window_show(struct seq_file *m, const struct gfplab_run *run)
{
	struct window win;
	const char *why;
	u64 median;

	if (run && !run->end_ns)
		run = NULL;
	median = show_batches(m, run);
	if (!run) {
		seq_puts(m, "window.valid no: no run is over\n");
		return;
	}
	find_window(run, &win);
	count_window(run, &win);
	seq_printf(m, "window.ns %llu\n", gfplab_clock_ns(&run->plan.clock, win.end - win.begin));
	seq_printf(m, "window.requests %llu\n", win.requests);
	seq_printf(m, "window.per_second %llu\n", win.per_second);
	seq_printf(m, "window.overlap_permille %llu\n",
		   win.longest ? div64_u64((win.end - win.begin) * 1000, win.longest) : 0);
	seq_printf(m, "window.cpu_permille %llu\n", win.cpu);
	seq_printf(m, "window.preempted %llu\n", win.preempted);
	why = invalid_reason(run, &win, median);
	seq_printf(m, "window.valid %s%s\n", why ? "no: " : "yes", why ?: "");
}
