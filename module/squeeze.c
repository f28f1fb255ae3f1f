// SPDX-License-Identifier: GPL-2.0
/*
 * squeeze.c - a memory state: eat the zone's free pages down to a share of a
 * watermark, or to a number of pages.
 *
 * CMA pages are left alone: they don't count for most requests' watermark
 * check. So are pageblocks kept for HIGHATOMIC: no shortage that other tasks
 * cause reaches them.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include "ballast.h"
#include "busted.h"
#include "compat.h"
#include "error.h"
#include "free_blocks.h"
#include "state.h"
#include "zone.h"

/* After each, per-cpu lists give back what a batch took too much. */
#define ROUNDS	8

/* ---- the amount: PERCENT of min, min|low|high[+-PERCENT], Np, NkB ---- */

#define MIN_PERCENT	1
#define MAX_PERCENT	10000
#define MAX_PAGES	(LONG_MAX >> PAGE_SHIFT)
#define PAGES		NR_MARKS	/* the variant whose number is of pages */
#define PAGE_KB		(PAGE_SIZE >> 10)

static const char * const marks[NR_MARKS] = { "min", "low", "high" };

static int squeeze_refuse(struct gfplab_reason *why, int at)
{
	return gfplab_refuse(why, at, -EINVAL,
			     "squeeze's amount is PERCENT of the min watermark, low+5%%, 600p (pages) or 2400kB");
}

static int pages_parse(struct gfplab_state_target *target, u64 pages, struct gfplab_reason *why)
{
	if (pages > MAX_PAGES)
		return gfplab_refuse(why, 0, -ERANGE, "no zone has so many pages");
	target->variant = PAGES;
	target->number = pages;
	return 0;
}

static int percent_parse(struct gfplab_state_target *target, const char *text, u64 share, int sign,
			 struct gfplab_reason *why)
{
	if (share <= MAX_PERCENT)
		target->number += sign * (int)share;
	if (share > MAX_PERCENT || target->number < MIN_PERCENT || target->number > MAX_PERCENT)
		return gfplab_refuse(why, 0, -ERANGE, "a squeeze's percentage is %d..%d",
				     MIN_PERCENT, MAX_PERCENT);
	return 0;
}

/* Stores an enum gfplab_mark as the variant, percent of it as the number. */
static int squeeze_parse_amount(struct gfplab_state_target *target, const char *text,
				struct gfplab_reason *why)
{
	const char *at = text, *unit;
	int i, err, sign = 1;
	u64 number;

	target->variant = MARK_min;
	target->number = 0;
	for (i = 0; i < NR_MARKS; i++) {
		if (!strncmp(at, marks[i], strlen(marks[i])))
			break;
	}
	if (i < NR_MARKS) {
		target->variant = i;
		target->number = 100;
		at += strlen(marks[i]);
		if (!*at)
			return 0;
		if (*at != '+' && *at != '-')
			return squeeze_refuse(why, at - text);
		sign = *at++ == '-' ? -1 : 1;
	}
	unit = at + strspn(at, "0123456789");
	if (unit == at)
		return squeeze_refuse(why, at - text);
	/* No number of this many digits is in range, whatever follows. */
	if (unit - at > 15 || sscanf(at, "%llu", &number) != 1)
		number = U64_MAX;
	if (!*unit || !strcmp(unit, "%"))
		err = percent_parse(target, at, number, sign, why);
	else if (i == NR_MARKS && !strcmp(unit, "p"))
		err = pages_parse(target, number, why);
	else if (i == NR_MARKS && !strcmp(unit, "kB"))
		err = pages_parse(target, number / PAGE_KB, why);
	else
		return squeeze_refuse(why, at - text);
	if (err && why)
		why->at += at - text;
	return err;
}

static void squeeze_show_amount(const struct gfplab_state_target *target, struct seq_file *m)
{
	if (target->variant == PAGES)
		seq_printf(m, "%ldp", target->number);
	else if (target->variant == MARK_min)
		seq_printf(m, "%ld", target->number);
	else
		seq_printf(m, "%s%+ld%%", marks[target->variant], target->number - 100);
}

/* ---- eating ---- */

/* Return: pages that the zone has less now, 0 if others came; negative: there are no more. */
static long squeeze_take(struct gfplab_ballast *ballast, unsigned int order)
{
	struct page *page = gfplab_ballast_alloc(ballast, order);

	if (!page)
		return -1;
	if (page_zone(page) == ballast->zone && (gfplab_block_type(page) & GFPLAB_BLOCKS_USUAL)) {
		gfplab_ballast_hold(ballast, page, order);
		return 1L << order;
	}
	gfplab_ballast_set_aside(ballast, page, order);
	return 0;
}

/* Large blocks first. Counted is what is taken: batches for per-cpu lists blur what is free. */
static void squeeze_eat(struct gfplab_ballast *ballast, long pages)
{
	int order;

	for (order = GFPLAB_MAX_ORDER; order >= 0; order--) {
		/* The THP order has a per-cpu list of its own. */
		if (order >= GFPLAB_DIRECT_ORDER && gfplab_pcp_order(order))
			continue;
		while (pages >= 1L << order) {
			long taken = squeeze_take(ballast, order);

			if (taken < 0)
				break;
			pages -= taken;
		}
	}
}

static void squeeze_step_back(struct gfplab_ballast *ballast, long pages)
{
	while (pages-- > 0 && gfplab_ballast_give(ballast, 0, GFPLAB_BLOCKS_USUAL))
		;
}

/*
 * The kernel serves movable requests from CMA while that is most of what is
 * free, and from HIGHATOMIC if nothing else is left: such blocks are set aside.
 *
 * What other tasks free meanwhile may bring the zone above the target again.
 */
static void squeeze_apply(struct gfplab_state *state)
{
	struct gfplab_ballast *ballast = &state->ballast;
	long number = state->target.number, left;
	int round;

	state->pages = state->target.variant == PAGES ? number :
		       (long)(state->mark[state->target.variant] * number / 100);
	if (GFPLAB_BUSTED(short_squeeze))
		state->pages = (state->pages + gfplab_zone_usable(ballast->zone)) / 2;
	for (round = 0; ; round++) {
		gfplab_ballast_drain(ballast);
		left = gfplab_zone_usable(ballast->zone) - state->pages;
		if (!left || round == ROUNDS)
			break;
		if (left > 0)
			squeeze_eat(ballast, left);
		else
			squeeze_step_back(ballast, -left);
		gfplab_ballast_free_aside(ballast);
	}
}

/* A zone that would not be so short stays what it was when the first request was made. */
static bool squeeze_holds(const struct gfplab_state *state)
{
	return gfplab_zone_usable(state->ballast.zone) <= max(state->pages, state->reached.free);
}

static void squeeze_show(const struct gfplab_state *state, struct seq_file *m)
{
	gfplab_state_key(state, m, "target %ld\n", state->pages);
}

const struct gfplab_state_ops gfplab_squeeze_state = {
	.rank = RANK_amount,
	.leaves_little = true,
	.unsafe = "a squeeze takes nearly all of a zone",
	.parse_amount = squeeze_parse_amount,
	.show_amount = squeeze_show_amount,
	.apply = squeeze_apply,
	.holds = squeeze_holds,
	.renew = squeeze_apply,
	.show = squeeze_show,
};
