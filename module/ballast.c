// SPDX-License-Identifier: GPL-2.0
/*
 * ballast.c - pages of one zone that a memory state holds.
 *
 * Blocks are linked through the pages themselves, so that nothing is allocated
 * besides them.
 */
#include <linux/atomic.h>
#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include "account.h"
#include "ballast.h"
#include "budget.h"
#include "compat.h"
#include "contig.h"
#include "free_blocks.h"
#include "zone.h"

/* In a first page's private: the block's order; and that each page has a reference of its own. */
#define BLOCK_ORDER	0xffUL
#define BLOCK_SPLIT	0x100UL

/* The smallest range that alloc_contig_range() takes whatever lies around it. */
static unsigned int drain_order(void)
{
	return ilog2(GFPLAB_CONTIG_ALIGN);
}

/**
 * gfplab_ballast_init - an empty ballast
 * @ballast: filled in
 * @zone: the zone that blocks are taken from
 * @aborted: the run's, which stays as long as anything is taken
 */
void gfplab_ballast_init(struct gfplab_ballast *ballast, struct zone *zone,
			 const atomic_t *aborted)
{
	int order;

	for (order = 0; order <= GFPLAB_MAX_ORDER; order++)
		INIT_LIST_HEAD(&ballast->blocks[order]);
	INIT_LIST_HEAD(&ballast->aside);
	ballast->drains = ballast;
	ballast->spare = NULL;
	ballast->zone = zone;
	ballast->aborted = aborted;
	ballast->nr_blocks = 0;
}

/* ---- taking ---- */

/**
 * gfplab_ballast_stops - is nothing more to be taken?
 * @ballast: of the state
 *
 * A state may take seconds to reach, and must not outlast its run.
 *
 * Context: the task that takes.
 * Return: whether the run, or the task that wrote `call`, is to end.
 */
bool gfplab_ballast_stops(const struct gfplab_ballast *ballast)
{
	return signal_pending(current) || atomic_read(ballast->aborted);
}

/* Of the ballast's node; without a modifier for mobility of unmovable pages. */
static struct page *take(struct gfplab_ballast *ballast, unsigned int order, gfp_t mobility)
{
	gfp_t zone = gfplab_zone_gfp(zone_idx(ballast->zone));

	if (gfplab_ballast_stops(ballast))
		return NULL;
	cond_resched_tasks_rcu_qs();
	/* Zone Movable is only asked for by movable requests. */
	if (zone_idx(ballast->zone) != ZONE_MOVABLE)
		zone = (zone & ~__GFP_MOVABLE) | mobility;
	return alloc_pages_node(zone_to_nid(ballast->zone),
				zone | __GFP_MEMALLOC | __GFP_THISNODE | __GFP_NOWARN, order);
}

/**
 * gfplab_ballast_alloc - take a block of the ballast's node
 * @ballast: where it is to go
 * @order: log2 of its pages
 *
 * No watermarks, no fallback to another node, no reclaim, no wake-up of
 * kswapd; movable where that does not lead to zone Movable, because then a
 * pageblock keeps its type.
 *
 * The allocator prefers a lower zone that has plenty to ignoring this zone's
 * watermarks, and movable requests get CMA pages: the caller looks at the
 * page's zone and pageblock and either holds the block or sets it aside.
 *
 * Context: task.
 * Return: the block, in no list yet; NULL if the node has none, or the run is
 * to end.
 */
struct page *gfplab_ballast_alloc(struct gfplab_ballast *ballast, unsigned int order)
{
	return take(ballast, order, gfplab_zone_gfp(zone_idx(ballast->zone)) & __GFP_MOVABLE);
}

static void add(struct gfplab_ballast *ballast, struct list_head *list, struct page *page,
		unsigned long private)
{
	set_page_private(page, private);
	INIT_LIST_HEAD(&page->lru);
	if (list)
		list_add(&page->lru, list);
	ballast->nr_blocks++;
	gfplab_count_allocated(1);
	gfplab_account_take(ACCOUNT_blocks, PAGE_SIZE << (private & BLOCK_ORDER), LIMIT_state);
}

/**
 * gfplab_ballast_hold - keep a block until the state is undone
 * @ballast: where it goes
 * @page: its first page
 * @order: log2 of its pages
 */
void gfplab_ballast_hold(struct gfplab_ballast *ballast, struct page *page, unsigned int order)
{
	add(ballast, &ballast->blocks[order], page, order);
}

/**
 * gfplab_ballast_set_aside - keep a block until gfplab_ballast_free_aside()
 * @ballast: where it goes
 * @page: its first page
 * @order: log2 of its pages
 */
void gfplab_ballast_set_aside(struct gfplab_ballast *ballast, struct page *page,
			      unsigned int order)
{
	add(ballast, &ballast->aside, page, order);
}

/* Held, or set aside if it is of another zone, or of none of the types. */
static bool take_one(struct gfplab_ballast *ballast, unsigned int order, gfp_t mobility, u8 types)
{
	struct page *page = take(ballast, order, mobility);

	if (!page)
		return false;
	if (page_zone(page) == ballast->zone && (gfplab_block_type(page) & types))
		gfplab_ballast_hold(ballast, page, order);
	else
		gfplab_ballast_set_aside(ballast, page, order);
	return true;
}

/* Is there a free block of just this order, of one of these migratetypes? A moment old. */
static bool has_block(const struct zone *zone, unsigned int order, unsigned int migratetypes)
{
	unsigned int type;

	for (type = 0; type < MIGRATE_TYPES; type++)
		if ((migratetypes & (1U << type)) &&
		    !list_empty(&zone->free_area[order].free_list[type]))
			return true;
	return false;
}

/**
 * gfplab_ballast_take_all - take all that is free in the zone
 * @ballast: where it goes
 * @types: bits BLOCK_x: of these pageblocks; what else comes is set aside. Pageblocks kept
 *	for HIGHATOMIC are not come by
 *
 * Largest blocks first, each by a request of its own type, so that no pageblock changes its
 * type. The small ones are left to movable requests, which do not claim pageblocks either:
 * a batch for a per-cpu list may be larger than what is left of a type.
 *
 * Context: task.
 */
void gfplab_ballast_take_all(struct gfplab_ballast *ballast, u8 types)
{
	static const struct {
		unsigned int migratetype;
		gfp_t mobility;
	} kinds[] = {
		{ MIGRATE_MOVABLE, __GFP_MOVABLE },
		{ MIGRATE_RECLAIMABLE, __GFP_RECLAIMABLE },
		{ MIGRATE_UNMOVABLE, 0 },
	};
	const struct zone *zone = ballast->zone;
	unsigned int any = 0, movable = 0;
	int order, i;

#ifdef CONFIG_CMA
	if (types & (1U << BLOCK_cma))
		movable = 1U << MIGRATE_CMA;
#endif
	for (order = GFPLAB_MAX_ORDER; order >= GFPLAB_DIRECT_ORDER; order--) {
		/* The THP order has a per-cpu list of its own. */
		if (gfplab_pcp_order(order))
			continue;
		for (i = 0; i < ARRAY_SIZE(kinds); i++) {
			unsigned int wanted = 1U << kinds[i].migratetype;

			if (kinds[i].mobility == __GFP_MOVABLE)
				wanted |= movable;
			any |= wanted;
			while (has_block(zone, order, wanted) ||
			       (gfplab_pcp_order(order + 1) && has_block(zone, order + 1, wanted)))
				if (!take_one(ballast, order, kinds[i].mobility, types))
					break;
		}
	}
	for (; order >= 0; order--)
		while (has_block(zone, order, any) ||
		       (gfplab_pcp_types(zone, order) & (1U << MIGRATE_MOVABLE)))
			if (!take_one(ballast, order, __GFP_MOVABLE, types))
				break;
}

/* ---- giving back ---- */

/* Out of the list that it is in. */
static void forget(struct page *page)
{
	list_del(&page->lru);
	gfplab_count_freed(1);
	gfplab_account_give(ACCOUNT_blocks, PAGE_SIZE << (page_private(page) & BLOCK_ORDER),
			    LIMIT_state);
	set_page_private(page, 0);
}

static void free_split(struct page *page, unsigned int order)
{
	unsigned long i;

	for (i = 0; i < 1UL << order; i++)
		__free_page(page + i);
}

static void free_block(struct page *page)
{
	unsigned long private = page_private(page);
	unsigned int order = private & BLOCK_ORDER;

	forget(page);
	if (private & BLOCK_SPLIT)
		free_split(page, order);
	else
		__free_pages(page, order);
}

static void free_list(struct list_head *blocks)
{
	struct page *page, *next;

	list_for_each_entry_safe(page, next, blocks, lru) {
		free_block(page);
		cond_resched_tasks_rcu_qs();
	}
}

/* A block of that order of one of the types; NULL: there is none. */
static struct page *find(const struct gfplab_ballast *ballast, unsigned int order, u8 types)
{
	struct page *page;

	list_for_each_entry(page, &ballast->blocks[order], lru)
		if (gfplab_block_type(page) & types)
			return page;
	return NULL;
}

/* Cut a block's first 2^order pages off, which are in no list then; the rest stays held. */
static void carve(struct gfplab_ballast *ballast, struct page *page, unsigned int order)
{
	unsigned long private = page_private(page);
	unsigned int whole = private & BLOCK_ORDER, rest;

	forget(page);
	if (!(private & BLOCK_SPLIT) && whole)
		split_page(page, whole);
	for (rest = order; rest < whole; rest++)
		add(ballast, &ballast->blocks[rest], page + (1UL << rest), rest | BLOCK_SPLIT);
}

/**
 * gfplab_ballast_give - give a block of an order back to the zone
 * @ballast: what it comes from
 * @order: of the free block that there is to be
 * @types: bits BLOCK_x: of such a pageblock
 *
 * It is cut out of a larger one whose other part stays, so that it can't grow; only where
 * there is none that is larger, a block of this very order goes. Its pages may be in a per-cpu
 * list until gfplab_ballast_drain().
 *
 * Context: task.
 * Return: false if nothing that is held can be made into one.
 */
bool gfplab_ballast_give(struct gfplab_ballast *ballast, unsigned int order, u8 types)
{
	struct page *page = NULL;
	unsigned int larger;

	for (larger = order + 1; !page && larger <= GFPLAB_MAX_ORDER; larger++)
		page = find(ballast, larger, types);
	if (page) {
		carve(ballast, page, order);
		free_split(page, order);
		return true;
	}
	page = find(ballast, order, types);
	if (page)
		free_block(page);
	return page;
}

/**
 * gfplab_ballast_free_aside - give back what was set aside
 * @ballast: the ballast
 *
 * Context: task.
 */
void gfplab_ballast_free_aside(struct gfplab_ballast *ballast)
{
	free_list(&ballast->aside);
}

/**
 * gfplab_ballast_free_all - give everything back
 * @ballast: empty afterwards
 *
 * Context: task.
 */
void gfplab_ballast_free_all(struct gfplab_ballast *ballast)
{
	int order;

	free_list(&ballast->aside);
	for (order = 0; order <= GFPLAB_MAX_ORDER; order++)
		free_list(&ballast->blocks[order]);
	if (ballast->spare)
		free_block(ballast->spare);
	ballast->spare = NULL;
}

/**
 * gfplab_ballast_pages - how much is held
 * @ballast: the ballast
 *
 * Context: while nothing is taken or given back.
 * Return: pages.
 */
u64 gfplab_ballast_pages(const struct gfplab_ballast *ballast)
{
	const struct list_head *at;
	u64 pages = ballast->spare ? 1ULL << drain_order() : 0;
	int order;

	for (order = 0; order <= GFPLAB_MAX_ORDER; order++)
		list_for_each(at, &ballast->blocks[order])
			pages += 1ULL << order;
	return pages;
}

/* ---- per-cpu lists ---- */

static bool drains(const struct page *page, unsigned int order)
{
	unsigned long i;

	for (i = 0; i < 1UL << order; i += pageblock_nr_pages)
		if (gfplab_block_type(page + i) != 1U << BLOCK_movable)
			return false;
	return true;
}

/* Out of what is held, or of the zone: single pages that lie side by side, in no list. */
static struct page *find_spare(struct gfplab_ballast *ballast, unsigned int order)
{
	struct page *page;
	unsigned int from;

	for (from = order; from <= GFPLAB_MAX_ORDER; from++) {
		list_for_each_entry(page, &ballast->blocks[from], lru) {
			if (!drains(page, order))
				continue;
			carve(ballast, page, order);
			return page;
		}
	}
	page = gfplab_ballast_alloc(ballast, order);
	if (page && (page_zone(page) != ballast->zone || !drains(page, order))) {
		__free_pages(page, order);
		return NULL;
	}
	if (page)
		split_page(page, order);
	return page;
}

/**
 * gfplab_ballast_drain - give what all CPUs' lists hold of the zone back to its free lists
 * @ballast: of the zone; may hold a pageblock more afterwards
 *
 * No module can call drain_all_pages(). But alloc_contig_range() does, before it takes a range
 * that is free: a pageblock that is held is freed, and taken back so. Without
 * CONFIG_CONTIG_ALLOC, or a movable pageblock that is free, the lists may stay as they are:
 * what a state has reached tells.
 *
 * Context: task; waits for other CPUs.
 */
void gfplab_ballast_drain(struct gfplab_ballast *ballast)
{
	struct gfplab_ballast *drains = ballast->drains;
	unsigned int order = drain_order();
	struct page *page;
	int tries;

	for (tries = 0; tries < 4 && gfplab_pcp_pages(ballast->zone); tries++) {
		page = drains->spare;
		if (page) {
			drains->spare = NULL;
			forget(page);
		} else {
			page = find_spare(ballast, order);
		}
		if (!page)
			return;
		free_split(page, order);
		if (gfplab_contig_take(page, 1UL << order)) {
			add(drains, NULL, page, order | BLOCK_SPLIT);
			drains->spare = page;
			return;
		}
	}
}
