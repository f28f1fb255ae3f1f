/* SPDX-License-Identifier: GPL-2.0 */
/* ballast.h - pages of one zone that a memory state holds */
#ifndef GFPLAB_BALLAST_H
#define GFPLAB_BALLAST_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/mm_types.h>
#include <linux/mmzone.h>
#include <linux/types.h>
#include "compat.h"

/* Smaller blocks move through the per-cpu lists in batches; these do not. */
#define GFPLAB_DIRECT_ORDER	(PAGE_ALLOC_COSTLY_ORDER + 1)

/**
 * struct gfplab_ballast - pages of one zone that a memory state holds
 * @zone: where from
 * @aborted: the run's; nothing more is taken once the run is to end
 * @blocks: held until the state is undone, by order; linked through their pages
 * @drains: the one whose @spare gfplab_ballast_drain() uses: this one, or another of the zone
 * @spare: a block for it, held as well; NULL if there is none
 * @aside: of a lower zone, or otherwise of no use to the state; held only
 *	until the state is reached, so that the allocator does not give them again
 * @nr_blocks: taken so far, those given back included
 */
struct gfplab_ballast {
	struct zone *zone;
	const atomic_t *aborted;
	struct list_head blocks[GFPLAB_MAX_ORDER + 1];
	struct gfplab_ballast *drains;
	struct page *spare;
	struct list_head aside;
	u64 nr_blocks;
};

void gfplab_ballast_init(struct gfplab_ballast *ballast, struct zone *zone,
			 const atomic_t *aborted);
bool gfplab_ballast_stops(const struct gfplab_ballast *ballast);
struct page *gfplab_ballast_alloc(struct gfplab_ballast *ballast, unsigned int order);
void gfplab_ballast_hold(struct gfplab_ballast *ballast, struct page *page, unsigned int order);
void gfplab_ballast_set_aside(struct gfplab_ballast *ballast, struct page *page,
			      unsigned int order);
void gfplab_ballast_take_all(struct gfplab_ballast *ballast, u8 types);
bool gfplab_ballast_give(struct gfplab_ballast *ballast, unsigned int order, u8 types);
void gfplab_ballast_free_aside(struct gfplab_ballast *ballast);
void gfplab_ballast_free_all(struct gfplab_ballast *ballast);
u64 gfplab_ballast_pages(const struct gfplab_ballast *ballast);
void gfplab_ballast_drain(struct gfplab_ballast *ballast);

#endif
