// SPDX-License-Identifier: GPL-2.0
/*
 * fragment.c - a memory state: leave the zone no free block of an order or
 * above, with half of its free memory still free, in smaller pieces.
 */
#include <linux/mm.h>
#include <linux/seq_file.h>
#include "ballast.h"
#include "compat.h"
#include "state.h"

/*
 * Split a block to single pages, keep every second chunk of half the
 * forbidden order and free the others: their buddies being held, they can't
 * grow back to it.
 */
static void split_and_hold(struct gfplab_state *state, struct page *block, unsigned int order)
{
	unsigned long chunk = 1UL << (state->arg.number - 1), i;

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

/* Return: whether there may be more to break up. */
static bool fragment_take(struct gfplab_state *state, unsigned int order)
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

static void fragment_apply(struct gfplab_state *state)
{
	struct gfplab_ballast *ballast = &state->ballast;
	int forbidden = state->arg.number, order;

	for (order = 1; order < forbidden; order++)
		fragment_pin(ballast, order);
	for (order = GFPLAB_MAX_ORDER; order >= forbidden; order--) {
		if (!free_block(ballast->zone, order))
			continue;
		while (fragment_take(state, order))
			;
	}
	gfplab_ballast_free_aside(ballast);
}

static void fragment_show(const struct gfplab_state *state, struct seq_file *m)
{
	unsigned long left = 0;
	int order;

	for (order = state->arg.number; order <= GFPLAB_MAX_ORDER; order++)
		left += state->reached.blocks[order];
	seq_printf(m, "fragment.order %ld\n", state->arg.number);
	seq_printf(m, "fragment.left %lu\n", left);
}

const struct gfplab_state_ops gfplab_fragment_state = {
	.rank = RANK_shape,
	.unsafe = "fragment takes half of a zone",
	.apply = fragment_apply,
	.show = fragment_show,
};
