// SPDX-License-Identifier: GPL-2.0
/*
 * state.c - put a zone into a chosen state for the time of a `call`.
 *
 * squeeze: eat the zone's free pages down to a share of a watermark. CMA pages
 * are left alone: they don't count for most requests' watermark check. What is
 * eaten is linked through the pages themselves, so nothing is allocated on
 * the way; it all goes back before the call returns to user space, because a
 * squeezed machine that lives on ends in an OOM panic.
 */
#include <linux/mm.h>
#include <linux/sched.h>
#include "gfplab.h"

/* Small blocks move through the per-cpu lists in batches; these do not. */
#define DIRECT_ORDER	4
/* Blocks of DIRECT_ORDER kept ready to step back after an overshoot. */
#define STEP_BLOCKS	64

/**
 * gfplab_squeeze_init - work out where a squeeze ends
 * @sq: filled in; @sq->zone is NULL if none is asked for
 * @to: the option
 */
void gfplab_squeeze_init(struct gfplab_squeeze *sq, const struct gfplab_target *to)
{
	int i;

	memset(sq, 0, sizeof(*sq));
	INIT_LIST_HEAD(&sq->blocks);
	INIT_LIST_HEAD(&sq->cma);
	if (to->nid == NUMA_NO_NODE)
		return;
	sq->zone = gfplab_zone(to->nid, to->zone);
	if (!sq->zone)
		return;
	for (i = 0; i < NR_MARKS; i++)
		sq->mark[i] = gfplab_zone_mark(sq->zone, i);
	sq->target = sq->mark[to->mark] * to->percent / 100;
	if (GFPLAB_BUSTED(short_squeeze))
		sq->target = (sq->target + gfplab_zone_usable(sq->zone)) / 2;
}

static gfp_t squeeze_gfp(const struct zone *zone)
{
	gfp_t gfp = __GFP_MEMALLOC | __GFP_THISNODE | __GFP_NOWARN | __GFP_MOVABLE;

	switch (zone_idx(zone)) {
#ifdef CONFIG_ZONE_DMA
	case ZONE_DMA:
		return gfp | __GFP_DMA;
#endif
#ifdef CONFIG_ZONE_DMA32
	case ZONE_DMA32:
		return gfp | __GFP_DMA32;
#endif
	case ZONE_MOVABLE:
		return gfp | __GFP_HIGHMEM;
	default:
		return gfp;
	}
}

/* Take one block of the zone itself; a block of a lower zone goes back. */
static bool squeeze_take(struct gfplab_squeeze *sq, unsigned int order)
{
	struct page *page;

	page = alloc_pages_node(zone_to_nid(sq->zone), squeeze_gfp(sq->zone), order);
	if (!page)
		return false;
	if (page_zone(page) != sq->zone) {
		__free_pages(page, order);
		return false;
	}
	set_page_private(page, order);
	list_add(&page->lru, is_migrate_cma(gfplab_pageblock_type(page)) ?
		 &sq->cma : &sq->blocks);
	sq->nr_blocks++;
	sq->nr_pages += 1UL << order;
	return true;
}

static void squeeze_give(struct gfplab_squeeze *sq, struct page *page)
{
	unsigned int order = page_private(page);

	list_del(&page->lru);
	set_page_private(page, 0);
	sq->nr_pages -= 1UL << order;
	__free_pages(page, order);
	gfplab_given(1);
}

static void squeeze_release(struct gfplab_squeeze *sq, struct list_head *blocks)
{
	struct page *page, *next;

	list_for_each_entry_safe(page, next, blocks, lru)
		squeeze_give(sq, page);
}

/* Step back: free blocks that go to the zone at once, not to a per-cpu list. */
static void squeeze_step_back(struct gfplab_squeeze *sq)
{
	struct page *page, *next;

	list_for_each_entry_safe(page, next, &sq->blocks, lru) {
		if (gfplab_zone_usable(sq->zone) + (1 << DIRECT_ORDER) / 2 > sq->target)
			break;
		if (page_private(page) == DIRECT_ORDER)
			squeeze_give(sq, page);
	}
}

/**
 * gfplab_squeeze_apply - eat the zone
 * @sq: initialised
 *
 * The kernel serves movable requests from CMA while that is most of what is
 * free: such blocks are eaten too, and given back at the end.
 *
 * Large blocks first, then enough of DIRECT_ORDER to step back with, then,
 * if the free memory is in pieces smaller than that, what the per-cpu lists
 * refill themselves with. Lands within half a block of DIRECT_ORDER.
 *
 * Context: task; does not sleep for memory, reclaims nothing.
 */
void gfplab_squeeze_apply(struct gfplab_squeeze *sq)
{
	const long step = 1L << DIRECT_ORDER;
	long slack;
	int order;

	if (!sq->zone)
		return;
	sq->before = gfplab_zone_usable(sq->zone);
	for (order = GFPLAB_MAX_ORDER; order >= DIRECT_ORDER; order--) {
		/* The THP order has a per-cpu list of its own. */
		if (gfplab_pcp_order(order))
			continue;
		slack = order > DIRECT_ORDER ? STEP_BLOCKS * step : -step / 2;
		while (gfplab_zone_usable(sq->zone) - (1L << order) >= sq->target + slack)
			if (!squeeze_take(sq, order))
				break;
		cond_resched();
	}
	for (order = DIRECT_ORDER - 1; order >= 0; order--)
		while (gfplab_zone_usable(sq->zone) > sq->target + step / 2)
			if (!squeeze_take(sq, order))
				break;
	squeeze_release(sq, &sq->cma);
	squeeze_step_back(sq);
	sq->reached = gfplab_zone_usable(sq->zone);
	gfplab_taken(sq->nr_blocks);
}

/**
 * gfplab_squeeze_undo - give everything back
 * @sq: applied
 *
 * Context: task.
 */
void gfplab_squeeze_undo(struct gfplab_squeeze *sq)
{
	if (!sq->zone)
		return;
	squeeze_release(sq, &sq->blocks);
	sq->after = gfplab_zone_usable(sq->zone);
}

/**
 * gfplab_squeeze_show - the state that was reached, and left behind
 * @sq: of a run
 * @m: the file `summary`
 */
void gfplab_squeeze_show(const struct gfplab_squeeze *sq, struct seq_file *m)
{
	if (!sq->zone)
		return;
	seq_printf(m, "squeeze.zone %d:%s\n", zone_to_nid(sq->zone), sq->zone->name);
	seq_printf(m, "squeeze.min %lu\n", sq->mark[MARK_min]);
	seq_printf(m, "squeeze.low %lu\n", sq->mark[MARK_low]);
	seq_printf(m, "squeeze.high %lu\n", sq->mark[MARK_high]);
	seq_printf(m, "squeeze.target %ld\n", sq->target);
	seq_printf(m, "squeeze.before %ld\n", sq->before);
	seq_printf(m, "squeeze.reached %ld\n", sq->reached);
	seq_printf(m, "squeeze.after %ld\n", sq->after);
	seq_printf(m, "squeeze.blocks %llu\n", sq->nr_blocks);
}
