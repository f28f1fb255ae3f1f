// SPDX-License-Identifier: GPL-2.0
/*
 * cma_only.c - a memory state: leave the zone no free page but those of CMA
 * pageblocks, which most requests may not use.
 */
#include <linux/mm.h>
#include "ballast.h"
#include "compat.h"
#include "free_blocks.h"
#include "state.h"
#include "zone.h"

/* What other tasks freed meanwhile is taken in the next. */
#define ROUNDS	6

static void cma_only_apply(struct gfplab_state *state)
{
	struct gfplab_ballast *ballast = &state->ballast;
	int round;

	for (round = 0; ; round++) {
		gfplab_ballast_drain(ballast);
		if (round == ROUNDS || gfplab_zone_usable(ballast->zone) <= 0)
			break;
		gfplab_ballast_take_all(ballast, GFPLAB_BLOCKS_USUAL);
		gfplab_ballast_free_aside(ballast);
	}
}

static bool cma_only_holds(const struct gfplab_state *state)
{
	return gfplab_zone_usable(state->ballast.zone) <= max(0L, state->reached.free);
}

const struct gfplab_state_ops gfplab_cma_only_state = {
	.rank = RANK_amount,
	.alone = true,
	.leaves_little = true,
	.unsafe = "cma_only takes all of a zone but CMA",
	.apply = cma_only_apply,
	.holds = cma_only_holds,
	.renew = cma_only_apply,
};
