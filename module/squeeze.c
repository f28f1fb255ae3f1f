// SPDX-License-Identifier: GPL-2.0
/*
 * squeeze.c - a memory state: eat the zone's free pages down to a share of a
 * watermark.
 *
 * CMA pages are left alone: they don't count for most requests' watermark
 * check. So are pageblocks kept for HIGHATOMIC: no shortage that other tasks
 * cause reaches them.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include "ballast.h"
#include "busted.h"
#include "compat.h"
#include "error.h"
#include "state.h"
#include "zone.h"

/* Small blocks move through the per-cpu lists in batches; these do not. */
#define DIRECT_ORDER	4
/* Blocks of DIRECT_ORDER kept ready to step back after an overshoot. */
#define STEP_BLOCKS	64

/* ---- the amount: PERCENT of min, or min|low|high[+-PERCENT] ---- */

static const char * const marks[NR_MARKS] = { "min", "low", "high" };

static int squeeze_refuse(struct gfplab_reason *why, int at)
{
	return gfplab_refuse(why, at, -EINVAL,
			     "squeeze is none, nid:Zone:PERCENT of the min watermark, or nid:Zone:low+5%%");
}

/* Stores an enum gfplab_mark as the variant, percent of it as the number. */
static int squeeze_parse_amount(struct gfplab_state_arg *arg, const char *text, u64 min, u64 max,
				struct gfplab_reason *why)
{
	const char *at = text;
	size_t len;
	u64 share;
	int i, sign = 1;

	arg->variant = MARK_min;
	arg->number = 0;
	for (i = 0; i < NR_MARKS; i++) {
		if (!strncmp(at, marks[i], strlen(marks[i])))
			break;
	}
	if (i < NR_MARKS) {
		arg->variant = i;
		arg->number = 100;
		at += strlen(marks[i]);
		if (!*at)
			return 0;
		if (*at != '+' && *at != '-')
			return squeeze_refuse(why, at - text);
		sign = *at++ == '-' ? -1 : 1;
	}
	len = strspn(at, "0123456789");
	if (!len || strcmp(at + len, at[len] == '%' ? "%" : ""))
		return squeeze_refuse(why, at - text);
	/* No number of this many digits is in range, whatever follows. */
	if (len > 9 || sscanf(at, "%llu", &share) != 1 || share > max)
		share = max + 1;
	if (share <= max)
		arg->number += sign * (int)share;
	if (share > max || arg->number < (long)min || arg->number > (long)max)
		return gfplab_refuse(why, at - text, -ERANGE, "a squeeze's percentage is %llu..%llu",
				     min, max);
	return 0;
}

static void squeeze_show_amount(const struct gfplab_state_arg *arg, struct seq_file *m)
{
	if (arg->variant == MARK_min)
		seq_printf(m, "%ld", arg->number);
	else
		seq_printf(m, "%s%+ld%%", marks[arg->variant], arg->number - 100);
}

/* ---- eating and stepping back ---- */

static bool squeeze_take(struct gfplab_ballast *ballast, unsigned int order)
{
	struct page *page = gfplab_ballast_alloc(ballast, order);
	unsigned int type;

	if (!page)
		return false;
	type = gfplab_pageblock_type(page);
	if (page_zone(page) == ballast->zone && !is_migrate_cma(type) && type != MIGRATE_HIGHATOMIC)
		gfplab_ballast_hold(ballast, page, order);
	else
		gfplab_ballast_set_aside(ballast, page, order);
	return true;
}

/* Step back: free blocks that go to the zone at once, not to a per-cpu list. */
static void squeeze_step_back(struct gfplab_ballast *ballast, long target)
{
	struct page *page, *next;

	list_for_each_entry_safe(page, next, &ballast->blocks, lru) {
		if (gfplab_zone_usable(ballast->zone) + (1 << DIRECT_ORDER) / 2 > target)
			break;
		if (page_private(page) == DIRECT_ORDER)
			gfplab_ballast_free(page);
	}
}

/*
 * Large blocks first, then enough of DIRECT_ORDER to step back with, then, if
 * the free memory is in pieces smaller than that, what the per-cpu lists
 * refill themselves with. Lands within half a block of DIRECT_ORDER.
 *
 * The kernel serves movable requests from CMA while that is most of what is
 * free, and from HIGHATOMIC if nothing else is left: such blocks are set aside.
 */
static void squeeze_apply(struct gfplab_state *state)
{
	struct gfplab_ballast *ballast = &state->ballast;
	const long step = 1L << DIRECT_ORDER;
	const long slack = STEP_BLOCKS * step;
	int order, tries;
	long target;

	target = state->mark[state->arg.variant] * state->arg.number / 100;
	if (GFPLAB_BUSTED(short_squeeze))
		target = (target + gfplab_zone_usable(ballast->zone)) / 2;
	state->target = target;

	for (order = GFPLAB_MAX_ORDER; order > DIRECT_ORDER; order--) {
		/* The THP order has a per-cpu list of its own. */
		if (gfplab_pcp_order(order))
			continue;
		while (gfplab_zone_usable(ballast->zone) - (1L << order) >= target + slack)
			if (!squeeze_take(ballast, order))
				break;
	}
	/* What other tasks free meanwhile may bring the zone above the target again. */
	for (tries = 0; tries < 4; tries++) {
		for (order = DIRECT_ORDER; order >= 0; order--)
			while (gfplab_zone_usable(ballast->zone) > target + step / 2)
				if (!squeeze_take(ballast, order))
					break;
		gfplab_ballast_free_aside(ballast);
		squeeze_step_back(ballast, target);
	}
}

static void squeeze_show(const struct gfplab_state *state, struct seq_file *m)
{
	seq_printf(m, "squeeze.target %ld\n", state->target);
}

const struct gfplab_state_ops gfplab_squeeze_state = {
	.rank = RANK_amount,
	.leaves_little = true,
	.unsafe = "a squeeze takes nearly all of a zone",
	.parse_amount = squeeze_parse_amount,
	.show_amount = squeeze_show_amount,
	.apply = squeeze_apply,
	.show = squeeze_show,
};
