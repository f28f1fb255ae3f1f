// SPDX-License-Identifier: GPL-2.0
/*
 * state.c - put a zone into a chosen state for the time of a `call`.
 *
 * squeeze: eat the zone's free pages down to a share of a watermark. CMA pages
 * are left alone: they don't count for most requests' watermark check.
 *
 * fragment: leave the zone no free block of an order or above, with half of
 * its free memory still free, in smaller pieces.
 *
 * What is taken is linked through the pages themselves, so nothing is
 * allocated on the way; it all goes back before the call returns to user
 * space, because a squeezed machine that lives on ends in an OOM panic.
 */
#include <linux/mm.h>
#include <linux/sched.h>
#include "gfplab.h"

/* Small blocks move through the per-cpu lists in batches; these do not. */
#define DIRECT_ORDER	4
/* Blocks of DIRECT_ORDER kept ready to step back after an overshoot. */
#define STEP_BLOCKS	64

/* ---- the hoard ---- */

static void hoard_init(struct gfplab_hoard *hoard, int nid, unsigned int zone)
{
	INIT_LIST_HEAD(&hoard->blocks);
	INIT_LIST_HEAD(&hoard->cma);
	hoard->zone = gfplab_zone(nid, zone);
	hoard->nr_blocks = 0;
}

/*
 * No watermarks, no fallback to another node, no reclaim, no wake-up of
 * kswapd; movable, because then a pageblock keeps its type.
 */
static gfp_t hoard_gfp(const struct zone *zone)
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

/* One block of the zone itself; a block of a lower zone goes back. */
static struct page *hoard_ask(struct gfplab_hoard *hoard, unsigned int order)
{
	struct zone *zone = hoard->zone;
	struct page *page = alloc_pages_node(zone_to_nid(zone), hoard_gfp(zone), order);

	if (page && page_zone(page) != zone) {
		__free_pages(page, order);
		page = NULL;
	}
	return page;
}

static void hoard_add(struct gfplab_hoard *hoard, struct page *page, unsigned int order)
{
	set_page_private(page, order);
	list_add(&page->lru, is_migrate_cma(gfplab_pageblock_type(page)) ?
		 &hoard->cma : &hoard->blocks);
}

static bool hoard_take(struct gfplab_hoard *hoard, unsigned int order)
{
	struct page *page = hoard_ask(hoard, order);

	if (!page)
		return false;
	hoard_add(hoard, page, order);
	hoard->nr_blocks++;
	gfplab_taken(1);
	return true;
}

static void hoard_give(struct page *page)
{
	unsigned int order = page_private(page);

	list_del(&page->lru);
	set_page_private(page, 0);
	__free_pages(page, order);
	gfplab_given(1);
}

static void hoard_release(struct list_head *blocks)
{
	struct page *page, *next;

	list_for_each_entry_safe(page, next, blocks, lru)
		hoard_give(page);
}

/* ---- squeeze ---- */

/* Step back: free blocks that go to the zone at once, not to a per-cpu list. */
static void squeeze_step_back(struct gfplab_squeeze *sq)
{
	struct page *page, *next;

	list_for_each_entry_safe(page, next, &sq->hoard.blocks, lru) {
		if (gfplab_zone_usable(sq->hoard.zone) + (1 << DIRECT_ORDER) / 2 > sq->target)
			break;
		if (page_private(page) == DIRECT_ORDER)
			hoard_give(page);
	}
}

/*
 * Large blocks first, then enough of DIRECT_ORDER to step back with, then, if
 * the free memory is in pieces smaller than that, what the per-cpu lists
 * refill themselves with. Lands within half a block of DIRECT_ORDER.
 *
 * The kernel serves movable requests from CMA while that is most of what is
 * free: such blocks are eaten too, and given back at the end.
 */
static void squeeze_apply(struct gfplab_squeeze *sq)
{
	struct gfplab_hoard *hoard = &sq->hoard;
	const struct gfplab_target *to = &sq->to;
	const long step = 1L << DIRECT_ORDER;
	long slack;
	int order;

	if (!hoard->zone)
		return;
	for (order = 0; order < NR_MARKS; order++)
		sq->mark[order] = gfplab_zone_mark(hoard->zone, order);
	sq->before = gfplab_zone_usable(hoard->zone);
	sq->target = sq->mark[to->mark] * to->percent / 100;
	if (GFPLAB_BUSTED(short_squeeze))
		sq->target = (sq->target + sq->before) / 2;

	for (order = GFPLAB_MAX_ORDER; order >= DIRECT_ORDER; order--) {
		/* The THP order has a per-cpu list of its own. */
		if (gfplab_pcp_order(order))
			continue;
		slack = order > DIRECT_ORDER ? STEP_BLOCKS * step : -step / 2;
		while (gfplab_zone_usable(hoard->zone) - (1L << order) >= sq->target + slack)
			if (!hoard_take(hoard, order))
				break;
		cond_resched();
	}
	for (order = DIRECT_ORDER - 1; order >= 0; order--)
		while (gfplab_zone_usable(hoard->zone) > sq->target + step / 2)
			if (!hoard_take(hoard, order))
				break;
	hoard_release(&hoard->cma);
	squeeze_step_back(sq);
	sq->reached = gfplab_zone_usable(hoard->zone);
}

static void squeeze_undo(struct gfplab_squeeze *sq)
{
	if (!sq->hoard.zone)
		return;
	hoard_release(&sq->hoard.blocks);
	sq->after = gfplab_zone_usable(sq->hoard.zone);
}

static void squeeze_show(const struct gfplab_squeeze *sq, struct seq_file *m)
{
	if (!sq->hoard.zone)
		return;
	seq_printf(m, "squeeze.zone %d:%s\n", zone_to_nid(sq->hoard.zone), sq->hoard.zone->name);
	seq_printf(m, "squeeze.min %lu\n", sq->mark[MARK_min]);
	seq_printf(m, "squeeze.low %lu\n", sq->mark[MARK_low]);
	seq_printf(m, "squeeze.high %lu\n", sq->mark[MARK_high]);
	seq_printf(m, "squeeze.target %ld\n", sq->target);
	seq_printf(m, "squeeze.before %ld\n", sq->before);
	seq_printf(m, "squeeze.reached %ld\n", sq->reached);
	seq_printf(m, "squeeze.after %ld\n", sq->after);
	seq_printf(m, "squeeze.blocks %llu\n", sq->hoard.nr_blocks);
}

/* ---- fragment ---- */

/*
 * Split a block to single pages, keep every second chunk of half the
 * forbidden order and free the others: their buddies being held, they can't
 * grow back to it.
 */
static void chop(struct gfplab_fragment *fr, struct page *block, unsigned int order)
{
	unsigned long chunk = 1UL << (fr->order - 1), i;

	if (order)
		split_page(block, order);
	for (i = 0; i < 1UL << order; i++) {
		if (i / chunk % 2) {
			__free_page(block + i);
		} else {
			hoard_add(&fr->hoard, block + i, 0);
			gfplab_taken(1);
			fr->hoard.nr_blocks++;
		}
	}
}

static unsigned long free_blocks(const struct zone *zone, unsigned int order)
{
	unsigned long nr = 0;

	for (; order <= GFPLAB_MAX_ORDER; order++)
		/* how many just now; the lock would not make it last */
		nr += data_race(zone->free_area[order].nr_free);
	return nr;
}

static void fragment_apply(struct gfplab_fragment *fr)
{
	struct gfplab_hoard *hoard = &fr->hoard;
	struct page *block;
	int order;

	if (!hoard->zone)
		return;
	fr->before = gfplab_zone_usable(hoard->zone);
	for (order = GFPLAB_MAX_ORDER; order >= (int)fr->order; order--) {
		while (free_blocks(hoard->zone, order)) {
			block = hoard_ask(hoard, order);
			if (!block)
				break;
			chop(fr, block, order);
			cond_resched();
		}
	}
	fr->reached = gfplab_zone_usable(hoard->zone);
	fr->left = free_blocks(hoard->zone, fr->order);
}

static void fragment_undo(struct gfplab_fragment *fr)
{
	if (!fr->hoard.zone)
		return;
	hoard_release(&fr->hoard.blocks);
	hoard_release(&fr->hoard.cma);
	fr->after = gfplab_zone_usable(fr->hoard.zone);
}

static void fragment_show(const struct gfplab_fragment *fr, struct seq_file *m)
{
	if (!fr->hoard.zone)
		return;
	seq_printf(m, "fragment.zone %d:%s\n", zone_to_nid(fr->hoard.zone), fr->hoard.zone->name);
	seq_printf(m, "fragment.order %u\n", fr->order);
	seq_printf(m, "fragment.before %ld\n", fr->before);
	seq_printf(m, "fragment.reached %ld\n", fr->reached);
	seq_printf(m, "fragment.left %lu\n", fr->left);
	seq_printf(m, "fragment.after %ld\n", fr->after);
}

/* ---- both ---- */

/**
 * gfplab_states_init - note what a run's memory states are
 * @states: filled in; nothing is done yet
 * @opt: the plan
 */
void gfplab_states_init(struct gfplab_states *states, const struct gfplab_options *opt)
{
	memset(states, 0, sizeof(*states));
	states->squeeze.to = opt->squeeze;
	hoard_init(&states->squeeze.hoard, opt->squeeze.nid, opt->squeeze.zone);
	hoard_init(&states->fragment.hoard, opt->fragment.nid, opt->fragment.zone);
	states->fragment.order = opt->fragment.order;
}

/**
 * gfplab_states_apply - bring the zones into their states
 * @states: initialised
 *
 * Fragmenting comes first: it frees memory again, which a squeeze then eats.
 *
 * Context: task; reclaims nothing, wakes nobody.
 */
void gfplab_states_apply(struct gfplab_states *states)
{
	fragment_apply(&states->fragment);
	squeeze_apply(&states->squeeze);
}

/**
 * gfplab_states_undo - give everything back
 * @states: applied
 *
 * Context: task.
 */
void gfplab_states_undo(struct gfplab_states *states)
{
	squeeze_undo(&states->squeeze);
	fragment_undo(&states->fragment);
}

/**
 * gfplab_states_show - the states that were reached, and what was left behind
 * @states: of a run
 * @m: the file `summary`
 */
void gfplab_states_show(const struct gfplab_states *states, struct seq_file *m)
{
	squeeze_show(&states->squeeze, m);
	fragment_show(&states->fragment, m);
}
