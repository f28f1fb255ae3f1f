// SPDX-License-Identifier: GPL-2.0
/*
 * lists.c - a memory state: leave the zone exactly so many free blocks of each order,
 * as Mem-Info or /proc/pagetypeinfo of another machine has them.
 *
 * All that is free is taken, then blocks of each order are cut out of it and given back,
 * each with its buddy held, so that it can't grow.
 */
#include <linux/mm.h>
#include <linux/seq_file.h>
#include "ballast.h"
#include "busted.h"
#include "compat.h"
#include "free_blocks.h"
#include "state.h"

/* What other tasks freed meanwhile is taken with the rest in the next. */
#define ROUNDS	6

static int lists_parse_amount(struct gfplab_state_target *target, const char *text,
			      struct gfplab_reason *why)
{
	return gfplab_free_blocks_parse(&target->blocks, text, why);
}

static void lists_show_amount(const struct gfplab_state_target *target, struct seq_file *m)
{
	gfplab_free_blocks_show(&target->blocks, m);
}

/* Of each type that is wanted one, and then whatever there is. */
static void give_order(struct gfplab_ballast *ballast, const struct gfplab_free_blocks *wanted,
		       unsigned int order)
{
	u8 types = wanted->types[order];
	u32 given = 0;
	unsigned int i;

	for (i = 0; i < NR_BLOCK_TYPES; i++)
		if (types & (1U << i))
			given += gfplab_ballast_give(ballast, order, 1U << i);
	while (given < wanted->nr[order] - (GFPLAB_BUSTED(short_lists) && wanted->nr[order]) &&
	       gfplab_ballast_give(ballast, order, types ?: GFPLAB_BLOCKS_USUAL))
		given++;
}

static void lists_apply(struct gfplab_state *state)
{
	struct gfplab_ballast *ballast = &state->ballast;
	struct gfplab_block_counts counts;
	int order, round;

	for (round = 0; ; round++) {
		gfplab_ballast_drain(ballast);
		gfplab_free_blocks_count(&counts, ballast->zone);
		if (round == ROUNDS || gfplab_free_blocks_are(&state->target.blocks, &counts))
			break;
		gfplab_ballast_take_all(ballast, GFPLAB_BLOCKS_ALL);
		gfplab_ballast_free_aside(ballast);
		for (order = GFPLAB_MAX_ORDER; order >= 0; order--)
			give_order(ballast, &state->target.blocks, order);
	}
}

/*
 * A request changes the lists, by splitting and merging, without more being free. What others
 * gave back is not taken away again: that would make blocks that the request had not left.
 */
static bool lists_holds(const struct gfplab_state *state)
{
	return gfplab_zone_free(state->ballast.zone) <= state->reached.free + state->reached.cma;
}

static void lists_show(const struct gfplab_state *state, struct seq_file *m)
{
	struct gfplab_free_blocks have;

	gfplab_free_blocks_of(&have, &state->reached.types);
	gfplab_state_key(state, m, "exact %d\n",
			 gfplab_free_blocks_are(&state->target.blocks, &state->reached.types));
	gfplab_state_key(state, m, "left ");
	gfplab_free_blocks_show(&have, m);
	seq_putc(m, '\n');
}

const struct gfplab_state_ops gfplab_lists_state = {
	.rank = RANK_amount,
	.alone = true,
	.leaves_little = true,
	.unsafe = "lists takes nearly all of a zone",
	.parse_amount = lists_parse_amount,
	.show_amount = lists_show_amount,
	.apply = lists_apply,
	.holds = lists_holds,
	.show = lists_show,
};
