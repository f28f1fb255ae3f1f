/* SPDX-License-Identifier: GPL-2.0 */
/* state.h - memory states */
#ifndef GFPLAB_STATE_H
#define GFPLAB_STATE_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/mmzone.h>
#include <linux/types.h>
#include "compat.h"
#include "options.h"
#include "zone.h"

/**
 * struct gfplab_free_counts - what a zone has free at one moment
 * @free: pages, those of CMA not counted
 * @cma: those
 * @blocks: free blocks of each order, of both
 */
struct gfplab_free_counts {
	long free;
	long cma;
	unsigned long blocks[GFPLAB_MAX_ORDER + 1];
};

/**
 * struct gfplab_ballast - pages of one zone that a memory state keeps
 * @zone: NULL: nothing to do
 * @aborted: the run's; nothing more is taken once it is to end
 * @blocks: linked through their pages, which know their order
 * @elsewhere: from a lower zone or from CMA pageblocks, on the way back
 * @nr_blocks: taken so far
 * @mark: the zone's watermarks
 * @before: what was free before
 * @reached: what is free when the first request is made
 * @after: what is free once all was given back
 */
struct gfplab_ballast {
	struct zone *zone;
	const atomic_t *aborted;
	struct list_head blocks;
	struct list_head elsewhere;
	u64 nr_blocks;
	unsigned long mark[NR_MARKS];
	struct gfplab_free_counts before;
	struct gfplab_free_counts reached;
	struct gfplab_free_counts after;
};

/**
 * struct gfplab_squeeze - a zone eaten down to a watermark, and given back
 * @to: where it shall end
 * @target: free pages aimed at, those of CMA not counted
 */
struct gfplab_squeeze {
	struct gfplab_ballast ballast;
	struct gfplab_squeeze_arg to;
	long target;
};

/**
 * struct gfplab_fragment - a zone without free blocks of an order or above
 * @order: that order
 */
struct gfplab_fragment {
	struct gfplab_ballast ballast;
	unsigned int order;
};

struct gfplab_states {
	struct gfplab_squeeze squeeze;
	struct gfplab_fragment fragment;
};

void gfplab_states_init(struct gfplab_states *states, const struct gfplab_options *opt,
			const atomic_t *aborted);
void gfplab_states_apply(struct gfplab_states *states);
void gfplab_states_undo(struct gfplab_states *states);
void gfplab_states_show(const struct gfplab_states *states, struct seq_file *m);

#endif
