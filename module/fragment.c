// SPDX-License-Identifier: GPL-2.0
/*
 * fragment.c - a memory state: leave the zone no free block of an order or
 * above, with half of its free memory still free, in smaller pieces.
 */
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/seq_file.h>
#include "ballast.h"
#include "compat.h"
#include "error.h"
#include "state.h"

#define ROUNDS		64
/* So many in which nothing could be taken: what is left there, as for HIGHATOMIC, can't be. */
#define IDLE_ROUNDS	4

static int fragment_parse_amount(struct gfplab_state_target *target, const char *text,
				 struct gfplab_reason *why)
{
	unsigned int order;
	int err;

	if (!isdigit(*text))
		return gfplab_refuse(why, 0, -EINVAL, "fragment wants an order");
	err = kstrtouint(text, 0, &order);
	if (err == -EINVAL)
		return gfplab_refuse(why, 0, err, "fragment wants an order");
	if (err || !order || order > GFPLAB_MAX_ORDER)
		return gfplab_refuse(why, 0, -ERANGE, "fragment's order is 1..%d",
				     GFPLAB_MAX_ORDER);
	target->number = order;
	return 0;
}

static void fragment_show_amount(const struct gfplab_state_target *target, struct seq_file *m)
{
	seq_printf(m, "%ld", target->number);
}

/*
 * Split a block to single pages, keep every second chunk of half the
 * forbidden order and free the others: their buddies being held, they can't
 * grow back to it.
 */
static void split_and_hold(struct gfplab_state *state, struct page *block, unsigned int order)
{
	unsigned long chunk = 1UL << (state->target.number - 1), i;

	if (order)
		split_page(block, order);
	for (i = 0; i < 1UL << order; i++) {
		if (i / chunk % 2)
			__free_page(block + i);
		else
			gfplab_ballast_hold(&state->ballast, block + i, 0);
	}
}

static bool free_block(const struct zone *zone, unsigned int order)
{
	for (; order <= GFPLAB_MAX_ORDER; order++)
		/* how many just now; the lock would not make it last */
		if (data_race(zone->free_area[order].nr_free))
			return true;
	return false;
}

/* @taken: is set if there was one. Return: whether there may be more to break up. */
static bool fragment_take(struct gfplab_state *state, unsigned int order, bool *taken)
{
	struct gfplab_ballast *ballast = &state->ballast;
	struct page *block = gfplab_ballast_alloc(ballast, order);

	if (!block)
		return false;
	if (page_zone(block) != ballast->zone) {
		gfplab_ballast_set_aside(ballast, block, order);
		return free_block(ballast->zone, order);
	}
	split_and_hold(state, block, order);
	*taken = true;
	/* What a per-cpu list keeps of a refill would come back one day. */
	return gfplab_pcp_order(order) || free_block(ballast->zone, order);
}

/*
 * One page of each smaller block is kept as well: a page that waits in some
 * per-cpu list may be all that the block lacks to grow.
 */
static void fragment_pin(struct gfplab_ballast *ballast, unsigned int order)
{
	/* how many just now; the lock would not make it last */
	unsigned long nr = data_race(ballast->zone->free_area[order].nr_free), i;
	struct page *block;

	while (nr-- && (block = gfplab_ballast_alloc(ballast, order))) {
		if (page_zone(block) != ballast->zone) {
			gfplab_ballast_set_aside(ballast, block, order);
			break;
		}
		split_page(block, order);
		gfplab_ballast_hold(ballast, block, 0);
		for (i = 1; i < 1UL << order; i++)
			__free_page(block + i);
	}
}

/* Return: whether anything could be taken. */
static bool fragment_once(struct gfplab_state *state)
{
	struct gfplab_ballast *ballast = &state->ballast;
	int forbidden = state->target.number, order;
	bool taken = false;

	for (order = GFPLAB_MAX_ORDER; order >= forbidden; order--) {
		if (!free_block(ballast->zone, order))
			continue;
		while (fragment_take(state, order, &taken))
			;
	}
	gfplab_ballast_free_aside(ballast);
	gfplab_ballast_drain(ballast);
	return taken;
}

static bool fragment_holds(const struct gfplab_state *state)
{
	return !free_block(state->ballast.zone, state->target.number);
}

/*
 * Until nothing grows back from per-cpu lists: with 64 CPUs eight rounds, with 128 GB
 * besides 24 and more, as a batch that is taken for this CPU's list leaves the zone no block
 * to go by, so that the next request goes to a lower zone. Blocks that can't grow any more
 * stay: to pin them once more would halve what is free.
 */
static void fragment_renew(struct gfplab_state *state)
{
	int round, idle = 0;

	for (round = 0; round < ROUNDS && idle < IDLE_ROUNDS && !fragment_holds(state) &&
	     !gfplab_ballast_stops(&state->ballast); round++)
		idle = fragment_once(state) ? 0 : idle + 1;
}

/* What per-cpu lists held may make large blocks once more as it comes back. */
static void fragment_apply(struct gfplab_state *state)
{
	struct gfplab_ballast *ballast = &state->ballast;
	int order;

	gfplab_ballast_drain(ballast);
	for (order = 1; order < state->target.number; order++)
		fragment_pin(ballast, order);
	fragment_renew(state);
}

static void fragment_show(const struct gfplab_state *state, struct seq_file *m)
{
	unsigned long left = 0;
	int order;

	for (order = state->target.number; order <= GFPLAB_MAX_ORDER; order++)
		left += state->reached.blocks[order];
	gfplab_state_key(state, m, "order %ld\n", state->target.number);
	gfplab_state_key(state, m, "left %lu\n", left);
}

const struct gfplab_state_ops gfplab_fragment_state = {
	.rank = RANK_shape,
	.unsafe = "fragment takes half of a zone",
	.parse_amount = fragment_parse_amount,
	.show_amount = fragment_show_amount,
	.apply = fragment_apply,
	.holds = fragment_holds,
	.renew = fragment_renew,
	.show = fragment_show,
};
