// SPDX-License-Identifier: GPL-2.0
/*
 * evidence.c - how events add up: blocks are counted, not the events that tell of them.
 */
#include "evidence.h"

static void split_seen(struct gfplab_evidence *ev, unsigned int order)
{
	if (ev->seen.split <= order)
		ev->seen.split = order + 1;
}

/**
 * gfplab_evidence_taken - a block was taken off the zone's free lists
 * @ev: of the request
 * @page: the block
 * @order: log2 of its pages
 * @split: the order of the free block that it was part of
 *
 * Context: any; touches nothing but @ev.
 * Mirrors mm_page_alloc_zone_locked, 5.10 to 7.3.
 */
void gfplab_evidence_taken(struct gfplab_evidence *ev, const void *page, unsigned int order,
			   unsigned int split)
{
	split_seen(ev, split);
	ev->zonelocked++;
	ev->taken += 1ULL << order;
	ev->last = page;
}

/**
 * gfplab_evidence_steal - a block of another migratetype was chosen
 * @ev: of the request
 * @steal: what the event says, and the pageblock
 *
 * Where steals are silent, one that claims a pageblock for less than the whole of it takes the
 * block off the new list first, by __rmqueue_smallest(), which tells of it.
 *
 * Context: any; touches nothing but @ev.
 * Mirrors mm_page_alloc_extfrag, 5.10 to 7.3.
 */
void gfplab_evidence_steal(struct gfplab_evidence *ev, const struct gfplab_steal *steal)
{
	ev->extfrag++;
	if (steal->silent && steal->page != ev->last) {
		ev->silent++;
		ev->taken += 1ULL << steal->order;
		split_seen(ev, steal->whole);
	}
	ev->seen.steal_to = steal->to;
	ev->seen.steal_from = steal->from;
	ev->seen.steal_block = steal->block;
	ev->seen.steal_others = steal->others;
}
