// SPDX-License-Identifier: GPL-2.0
/*
 * state.c - put a zone into a chosen state for the time of a `call`.
 *
 * squeeze: eat the zone's free pages down to a share of a watermark. CMA pages
 * are left alone: they don't count for most requests' watermark check. So are
 * pageblocks kept for HIGHATOMIC: no shortage that others cause reaches them.
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
#include <linux/sched/signal.h>
#include "gfplab.h"

/* Small blocks move through the per-cpu lists in batches; these do not. */
#define DIRECT_ORDER	4
/* Blocks of DIRECT_ORDER kept ready to step back after an overshoot. */
#define STEP_BLOCKS	64

/* ---- the hoard ---- */

static void hoard_init(struct gfplab_hoard *hoard, int nid, unsigned int zone,
		       const atomic_t *aborted)
{
	INIT_LIST_HEAD(&hoard->blocks);
	INIT_LIST_HEAD(&hoard->astray);
	hoard->zone = gfplab_zone(nid, zone);
	hoard->aborted = aborted;
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

/*
 * The allocator would rather give a block of a lower zone that has plenty than
 * let this zone's watermarks be ignored. Such a block is put aside, to be given
 * back as soon as the state is reached.
 */
static struct page *hoard_ask(struct gfplab_hoard *hoard, unsigned int order)
{
	/* A state may take seconds; nobody wants one that is to be undone. */
	if (signal_pending(current) || atomic_read(hoard->aborted))
		return NULL;
	cond_resched_tasks_rcu_qs();
	return alloc_pages_node(zone_to_nid(hoard->zone), hoard_gfp(hoard->zone), order);
}

static void hoard_add(struct gfplab_hoard *hoard, struct list_head *list,
		      struct page *page, unsigned int order)
{
	set_page_private(page, order);
	list_add(&page->lru, list);
	hoard->nr_blocks++;
	gfplab_count_allocated(1);
}

static void hoard_give(struct page *page)
{
	unsigned int order = page_private(page);

	list_del(&page->lru);
	set_page_private(page, 0);
	__free_pages(page, order);
	gfplab_count_freed(1);
}

static void hoard_release(struct list_head *blocks)
{
	struct page *page, *next;

	list_for_each_entry_safe(page, next, blocks, lru) {
		hoard_give(page);
		cond_resched_tasks_rcu_qs();
	}
}

/* ---- what is free ---- */

static void stock_take(struct gfplab_stock *stock, struct zone *zone)
{
	int order;

	if (!zone)
		return;
	stock->free = gfplab_zone_usable(zone);
	stock->cma = gfplab_zone_free(zone) - stock->free;
	for (order = 0; order <= GFPLAB_MAX_ORDER; order++)
		/* how many just now; the lock would not make it last */
		stock->blocks[order] = data_race(zone->free_area[order].nr_free);
}

static void stock_show(struct seq_file *m, const char *state, const char *when,
		       const struct gfplab_stock *stock)
{
	int order;

	seq_printf(m, "%s.%s %ld\n", state, when, stock->free);
	seq_printf(m, "%s.%s.cma %ld\n", state, when, stock->cma);
	seq_printf(m, "%s.%s.free_area", state, when);
	for (order = 0; order <= GFPLAB_MAX_ORDER; order++)
		seq_printf(m, " %lu", stock->blocks[order]);
	seq_putc(m, '\n');
}

static void hoard_marks(struct gfplab_hoard *hoard)
{
	int mark;

	for (mark = 0; mark < NR_MARKS; mark++)
		hoard->mark[mark] = gfplab_zone_mark(hoard->zone, mark);
}

static void hoard_show(struct seq_file *m, const char *state, const struct gfplab_hoard *hoard)
{
	seq_printf(m, "%s.zone %d:%s\n", state, zone_to_nid(hoard->zone), hoard->zone->name);
	seq_printf(m, "%s.min %lu\n", state, hoard->mark[MARK_min]);
	seq_printf(m, "%s.low %lu\n", state, hoard->mark[MARK_low]);
	seq_printf(m, "%s.high %lu\n", state, hoard->mark[MARK_high]);
	stock_show(m, state, "before", &hoard->before);
	stock_show(m, state, "reached", &hoard->reached);
	stock_show(m, state, "after", &hoard->after);
	seq_printf(m, "%s.blocks %llu\n", state, hoard->nr_blocks);
}

/* ---- squeeze ---- */

static bool squeeze_take(struct gfplab_hoard *hoard, unsigned int order)
{
	struct page *page = hoard_ask(hoard, order);
	unsigned int type;
	bool ours;

	if (!page)
		return false;
	type = gfplab_pageblock_type(page);
	ours = page_zone(page) == hoard->zone && !is_migrate_cma(type) &&
	       type != MIGRATE_HIGHATOMIC;
	hoard_add(hoard, ours ? &hoard->blocks : &hoard->astray, page, order);
	return true;
}

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
 * free, and from HIGHATOMIC if nothing else is left: such blocks are put aside
 * as well.
 */
static void squeeze_apply(struct gfplab_squeeze *sq)
{
	struct gfplab_hoard *hoard = &sq->hoard;
	const struct gfplab_target *to = &sq->to;
	const long step = 1L << DIRECT_ORDER;
	int order, tries;
	long slack;

	if (!hoard->zone)
		return;
	hoard_marks(hoard);
	sq->target = hoard->mark[to->mark] * to->percent / 100;
	if (GFPLAB_BUSTED(short_squeeze))
		sq->target = (sq->target + gfplab_zone_usable(hoard->zone)) / 2;

	for (order = GFPLAB_MAX_ORDER; order > DIRECT_ORDER; order--) {
		/* The THP order has a per-cpu list of its own. */
		if (gfplab_pcp_order(order))
			continue;
		slack = STEP_BLOCKS * step;
		while (gfplab_zone_usable(hoard->zone) - (1L << order) >= sq->target + slack)
			if (!squeeze_take(hoard, order))
				break;
	}
	/* Others come and go meanwhile: what they free may bring it above again. */
	for (tries = 0; tries < 4; tries++) {
		for (order = DIRECT_ORDER; order >= 0; order--)
			while (gfplab_zone_usable(hoard->zone) > sq->target + step / 2)
				if (!squeeze_take(hoard, order))
					break;
		hoard_release(&hoard->astray);
		squeeze_step_back(sq);
	}
}

static void squeeze_show(const struct gfplab_squeeze *sq, struct seq_file *m)
{
	if (!sq->hoard.zone)
		return;
	hoard_show(m, "squeeze", &sq->hoard);
	seq_printf(m, "squeeze.target %ld\n", sq->target);
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
		if (i / chunk % 2)
			__free_page(block + i);
		else
			hoard_add(&fr->hoard, &fr->hoard.blocks, block + i, 0);
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
static bool fragment_take(struct gfplab_fragment *fr, unsigned int order)
{
	struct gfplab_hoard *hoard = &fr->hoard;
	struct page *block = hoard_ask(hoard, order);

	if (!block)
		return false;
	if (page_zone(block) != hoard->zone) {
		hoard_add(hoard, &hoard->astray, block, order);
		return free_block(hoard->zone, order);
	}
	chop(fr, block, order);
	/* What a per-cpu list keeps of a refill would come back one day. */
	return gfplab_pcp_order(order) || free_block(hoard->zone, order);
}

/*
 * One page of each smaller block is kept as well: a page that waits in some
 * per-cpu list may be all that the block lacks to grow.
 */
static void fragment_pin(struct gfplab_fragment *fr, unsigned int order)
{
	struct gfplab_hoard *hoard = &fr->hoard;
	/* how many just now; the lock would not make it last */
	unsigned long nr = data_race(hoard->zone->free_area[order].nr_free), i;
	struct page *block;

	while (nr-- && (block = hoard_ask(hoard, order))) {
		if (page_zone(block) != hoard->zone) {
			hoard_add(hoard, &hoard->astray, block, order);
			break;
		}
		split_page(block, order);
		hoard_add(hoard, &hoard->blocks, block, 0);
		for (i = 1; i < 1UL << order; i++)
			__free_page(block + i);
	}
}

static void fragment_apply(struct gfplab_fragment *fr)
{
	struct gfplab_hoard *hoard = &fr->hoard;
	int order;

	if (!hoard->zone)
		return;
	hoard_marks(hoard);
	for (order = 1; order < (int)fr->order; order++)
		fragment_pin(fr, order);
	for (order = GFPLAB_MAX_ORDER; order >= (int)fr->order; order--) {
		if (!free_block(hoard->zone, order))
			continue;
		while (fragment_take(fr, order))
			;
	}
	hoard_release(&hoard->astray);
}

static void fragment_show(const struct gfplab_fragment *fr, struct seq_file *m)
{
	unsigned long left = 0;
	unsigned int order;

	if (!fr->hoard.zone)
		return;
	hoard_show(m, "fragment", &fr->hoard);
	seq_printf(m, "fragment.order %u\n", fr->order);
	for (order = fr->order; order <= GFPLAB_MAX_ORDER; order++)
		left += fr->hoard.reached.blocks[order];
	seq_printf(m, "fragment.left %lu\n", left);
}

/* ---- both ---- */

/**
 * gfplab_states_init - note what a run's memory states are
 * @states: filled in; nothing is done yet
 * @opt: the plan
 * @aborted: the run's, which stays as long as @states
 */
void gfplab_states_init(struct gfplab_states *states, const struct gfplab_options *opt,
			const atomic_t *aborted)
{
	memset(states, 0, sizeof(*states));
	states->squeeze.to = opt->squeeze;
	hoard_init(&states->squeeze.hoard, opt->squeeze.nid, opt->squeeze.zone, aborted);
	hoard_init(&states->fragment.hoard, opt->fragment.nid, opt->fragment.zone, aborted);
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
	struct gfplab_hoard *fragment = &states->fragment.hoard;
	struct gfplab_hoard *squeeze = &states->squeeze.hoard;

	stock_take(&fragment->before, fragment->zone);
	stock_take(&squeeze->before, squeeze->zone);
	fragment_apply(&states->fragment);
	squeeze_apply(&states->squeeze);
	stock_take(&fragment->reached, fragment->zone);
	stock_take(&squeeze->reached, squeeze->zone);
}

/**
 * gfplab_states_undo - give everything back
 * @states: applied
 *
 * Context: task.
 */
void gfplab_states_undo(struct gfplab_states *states)
{
	struct gfplab_hoard *fragment = &states->fragment.hoard;
	struct gfplab_hoard *squeeze = &states->squeeze.hoard;

	hoard_release(&squeeze->blocks);
	hoard_release(&fragment->blocks);
	stock_take(&fragment->after, fragment->zone);
	stock_take(&squeeze->after, squeeze->zone);
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
