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
#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include "budget.h"
#include "busted.h"
#include "compat.h"
#include "options.h"
#include "state.h"
#include "zone.h"

/* Small blocks move through the per-cpu lists in batches; these do not. */
#define DIRECT_ORDER	4
/* Blocks of DIRECT_ORDER kept ready to step back after an overshoot. */
#define STEP_BLOCKS	64

/* ---- the ballast ---- */

static void ballast_init(struct gfplab_ballast *ballast, int nid, unsigned int zone,
		       const atomic_t *aborted)
{
	INIT_LIST_HEAD(&ballast->blocks);
	INIT_LIST_HEAD(&ballast->elsewhere);
	ballast->zone = gfplab_zone(nid, zone);
	ballast->aborted = aborted;
	ballast->nr_blocks = 0;
}

/*
 * No watermarks, no fallback to another node, no reclaim, no wake-up of
 * kswapd; movable, because then a pageblock keeps its type.
 */
static gfp_t ballast_gfp(const struct zone *zone)
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
static struct page *ballast_alloc(struct gfplab_ballast *ballast, unsigned int order)
{
	/* A state may take seconds; nobody wants one that is to be undone. */
	if (signal_pending(current) || atomic_read(ballast->aborted))
		return NULL;
	cond_resched_tasks_rcu_qs();
	return alloc_pages_node(zone_to_nid(ballast->zone), ballast_gfp(ballast->zone), order);
}

static void ballast_add(struct gfplab_ballast *ballast, struct list_head *list,
		      struct page *page, unsigned int order)
{
	set_page_private(page, order);
	list_add(&page->lru, list);
	ballast->nr_blocks++;
	gfplab_count_allocated(1);
}

static void ballast_free(struct page *page)
{
	unsigned int order = page_private(page);

	list_del(&page->lru);
	set_page_private(page, 0);
	__free_pages(page, order);
	gfplab_count_freed(1);
}

static void ballast_free_all(struct list_head *blocks)
{
	struct page *page, *next;

	list_for_each_entry_safe(page, next, blocks, lru) {
		ballast_free(page);
		cond_resched_tasks_rcu_qs();
	}
}

/* ---- what is free ---- */

static void free_counts_read(struct gfplab_free_counts *counts, struct zone *zone)
{
	int order;

	if (!zone)
		return;
	counts->free = gfplab_zone_usable(zone);
	counts->cma = gfplab_zone_free(zone) - counts->free;
	for (order = 0; order <= GFPLAB_MAX_ORDER; order++)
		/* how many just now; the lock would not make it last */
		counts->blocks[order] = data_race(zone->free_area[order].nr_free);
}

static void free_counts_show(struct seq_file *m, const char *state, const char *when,
		       const struct gfplab_free_counts *counts)
{
	int order;

	seq_printf(m, "%s.%s %ld\n", state, when, counts->free);
	seq_printf(m, "%s.%s.cma %ld\n", state, when, counts->cma);
	seq_printf(m, "%s.%s.free_area", state, when);
	for (order = 0; order <= GFPLAB_MAX_ORDER; order++)
		seq_printf(m, " %lu", counts->blocks[order]);
	seq_putc(m, '\n');
}

static void ballast_marks(struct gfplab_ballast *ballast)
{
	int mark;

	for (mark = 0; mark < NR_MARKS; mark++)
		ballast->mark[mark] = gfplab_zone_mark(ballast->zone, mark);
}

static void ballast_show(struct seq_file *m, const char *state, const struct gfplab_ballast *ballast)
{
	seq_printf(m, "%s.zone %d:%s\n", state, zone_to_nid(ballast->zone), ballast->zone->name);
	seq_printf(m, "%s.min %lu\n", state, ballast->mark[MARK_min]);
	seq_printf(m, "%s.low %lu\n", state, ballast->mark[MARK_low]);
	seq_printf(m, "%s.high %lu\n", state, ballast->mark[MARK_high]);
	free_counts_show(m, state, "before", &ballast->before);
	free_counts_show(m, state, "reached", &ballast->reached);
	free_counts_show(m, state, "after", &ballast->after);
	seq_printf(m, "%s.blocks %llu\n", state, ballast->nr_blocks);
}

/* ---- squeeze ---- */

static bool squeeze_take(struct gfplab_ballast *ballast, unsigned int order)
{
	struct page *page = ballast_alloc(ballast, order);
	unsigned int type;
	bool ours;

	if (!page)
		return false;
	type = gfplab_pageblock_type(page);
	ours = page_zone(page) == ballast->zone && !is_migrate_cma(type) &&
	       type != MIGRATE_HIGHATOMIC;
	ballast_add(ballast, ours ? &ballast->blocks : &ballast->elsewhere, page, order);
	return true;
}

/* Step back: free blocks that go to the zone at once, not to a per-cpu list. */
static void squeeze_step_back(struct gfplab_squeeze *sq)
{
	struct page *page, *next;

	list_for_each_entry_safe(page, next, &sq->ballast.blocks, lru) {
		if (gfplab_zone_usable(sq->ballast.zone) + (1 << DIRECT_ORDER) / 2 > sq->target)
			break;
		if (page_private(page) == DIRECT_ORDER)
			ballast_free(page);
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
	struct gfplab_ballast *ballast = &sq->ballast;
	const struct gfplab_squeeze_arg *to = &sq->to;
	const long step = 1L << DIRECT_ORDER;
	int order, tries;
	long slack;

	if (!ballast->zone)
		return;
	ballast_marks(ballast);
	sq->target = ballast->mark[to->mark] * to->percent / 100;
	if (GFPLAB_BUSTED(short_squeeze))
		sq->target = (sq->target + gfplab_zone_usable(ballast->zone)) / 2;

	for (order = GFPLAB_MAX_ORDER; order > DIRECT_ORDER; order--) {
		/* The THP order has a per-cpu list of its own. */
		if (gfplab_pcp_order(order))
			continue;
		slack = STEP_BLOCKS * step;
		while (gfplab_zone_usable(ballast->zone) - (1L << order) >= sq->target + slack)
			if (!squeeze_take(ballast, order))
				break;
	}
	/* Others come and go meanwhile: what they free may bring it above again. */
	for (tries = 0; tries < 4; tries++) {
		for (order = DIRECT_ORDER; order >= 0; order--)
			while (gfplab_zone_usable(ballast->zone) > sq->target + step / 2)
				if (!squeeze_take(ballast, order))
					break;
		ballast_free_all(&ballast->elsewhere);
		squeeze_step_back(sq);
	}
}

static void squeeze_show(const struct gfplab_squeeze *sq, struct seq_file *m)
{
	if (!sq->ballast.zone)
		return;
	ballast_show(m, "squeeze", &sq->ballast);
	seq_printf(m, "squeeze.target %ld\n", sq->target);
}

/* ---- fragment ---- */

/*
 * Split a block to single pages, keep every second chunk of half the
 * forbidden order and free the others: their buddies being held, they can't
 * grow back to it.
 */
static void split_and_hold(struct gfplab_fragment *fr, struct page *block, unsigned int order)
{
	unsigned long chunk = 1UL << (fr->order - 1), i;

	if (order)
		split_page(block, order);
	for (i = 0; i < 1UL << order; i++) {
		if (i / chunk % 2)
			__free_page(block + i);
		else
			ballast_add(&fr->ballast, &fr->ballast.blocks, block + i, 0);
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
	struct gfplab_ballast *ballast = &fr->ballast;
	struct page *block = ballast_alloc(ballast, order);

	if (!block)
		return false;
	if (page_zone(block) != ballast->zone) {
		ballast_add(ballast, &ballast->elsewhere, block, order);
		return free_block(ballast->zone, order);
	}
	split_and_hold(fr, block, order);
	/* What a per-cpu list keeps of a refill would come back one day. */
	return gfplab_pcp_order(order) || free_block(ballast->zone, order);
}

/*
 * One page of each smaller block is kept as well: a page that waits in some
 * per-cpu list may be all that the block lacks to grow.
 */
static void fragment_pin(struct gfplab_fragment *fr, unsigned int order)
{
	struct gfplab_ballast *ballast = &fr->ballast;
	/* how many just now; the lock would not make it last */
	unsigned long nr = data_race(ballast->zone->free_area[order].nr_free), i;
	struct page *block;

	while (nr-- && (block = ballast_alloc(ballast, order))) {
		if (page_zone(block) != ballast->zone) {
			ballast_add(ballast, &ballast->elsewhere, block, order);
			break;
		}
		split_page(block, order);
		ballast_add(ballast, &ballast->blocks, block, 0);
		for (i = 1; i < 1UL << order; i++)
			__free_page(block + i);
	}
}

static void fragment_apply(struct gfplab_fragment *fr)
{
	struct gfplab_ballast *ballast = &fr->ballast;
	int order;

	if (!ballast->zone)
		return;
	ballast_marks(ballast);
	for (order = 1; order < (int)fr->order; order++)
		fragment_pin(fr, order);
	for (order = GFPLAB_MAX_ORDER; order >= (int)fr->order; order--) {
		if (!free_block(ballast->zone, order))
			continue;
		while (fragment_take(fr, order))
			;
	}
	ballast_free_all(&ballast->elsewhere);
}

static void fragment_show(const struct gfplab_fragment *fr, struct seq_file *m)
{
	unsigned long left = 0;
	unsigned int order;

	if (!fr->ballast.zone)
		return;
	ballast_show(m, "fragment", &fr->ballast);
	seq_printf(m, "fragment.order %u\n", fr->order);
	for (order = fr->order; order <= GFPLAB_MAX_ORDER; order++)
		left += fr->ballast.reached.blocks[order];
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
	ballast_init(&states->squeeze.ballast, opt->squeeze.nid, opt->squeeze.zone, aborted);
	ballast_init(&states->fragment.ballast, opt->fragment.nid, opt->fragment.zone, aborted);
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
	struct gfplab_ballast *fragment = &states->fragment.ballast;
	struct gfplab_ballast *squeeze = &states->squeeze.ballast;

	free_counts_read(&fragment->before, fragment->zone);
	free_counts_read(&squeeze->before, squeeze->zone);
	fragment_apply(&states->fragment);
	squeeze_apply(&states->squeeze);
	free_counts_read(&fragment->reached, fragment->zone);
	free_counts_read(&squeeze->reached, squeeze->zone);
}

/**
 * gfplab_states_undo - give everything back
 * @states: applied
 *
 * Context: task.
 */
void gfplab_states_undo(struct gfplab_states *states)
{
	struct gfplab_ballast *fragment = &states->fragment.ballast;
	struct gfplab_ballast *squeeze = &states->squeeze.ballast;

	ballast_free_all(&squeeze->blocks);
	ballast_free_all(&fragment->blocks);
	free_counts_read(&fragment->after, fragment->zone);
	free_counts_read(&squeeze->after, squeeze->zone);
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
