// SPDX-License-Identifier: GPL-2.0
/*
 * ballast.c - pages of one zone that a memory state holds.
 *
 * Blocks are linked through the pages themselves, so that nothing is allocated
 * besides them. All go back before a `call` returns to user space, because a
 * machine that lives on without them ends in an OOM panic.
 */
#include <linux/atomic.h>
#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include "account.h"
#include "ballast.h"
#include "budget.h"
#include "zone.h"

/**
 * gfplab_ballast_init - an empty ballast
 * @ballast: filled in
 * @zone: the zone that blocks are taken from; NULL: nothing is to be taken
 * @aborted: the run's, which stays as long as @ballast
 */
void gfplab_ballast_init(struct gfplab_ballast *ballast, struct zone *zone,
			 const atomic_t *aborted)
{
	INIT_LIST_HEAD(&ballast->blocks);
	INIT_LIST_HEAD(&ballast->aside);
	ballast->zone = zone;
	ballast->aborted = aborted;
	ballast->nr_blocks = 0;
}

/**
 * gfplab_ballast_alloc - take a block of the ballast's node
 * @ballast: with a zone
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
	/* A state may take seconds to reach, and must not outlast its run. */
	if (signal_pending(current) || atomic_read(ballast->aborted))
		return NULL;
	cond_resched_tasks_rcu_qs();
	return alloc_pages_node(zone_to_nid(ballast->zone),
				gfplab_zone_gfp(zone_idx(ballast->zone)) |
				__GFP_MEMALLOC | __GFP_THISNODE | __GFP_NOWARN, order);
}

static void ballast_add(struct gfplab_ballast *ballast, struct list_head *list,
			struct page *page, unsigned int order)
{
	set_page_private(page, order);
	list_add(&page->lru, list);
	ballast->nr_blocks++;
	gfplab_count_allocated(1);
	gfplab_account_take(ACCOUNT_blocks, PAGE_SIZE << order, LIMIT_none);
}

/**
 * gfplab_ballast_hold - keep a block until the state is undone
 * @ballast: where it goes
 * @page: its first page; each page of a split block is a block of order 0
 * @order: log2 of its pages
 */
void gfplab_ballast_hold(struct gfplab_ballast *ballast, struct page *page, unsigned int order)
{
	ballast_add(ballast, &ballast->blocks, page, order);
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
	ballast_add(ballast, &ballast->aside, page, order);
}

/**
 * gfplab_ballast_free - give one block back
 * @page: the first page of a block that is held or set aside
 */
void gfplab_ballast_free(struct page *page)
{
	unsigned int order = page_private(page);

	list_del(&page->lru);
	set_page_private(page, 0);
	__free_pages(page, order);
	gfplab_count_freed(1);
	gfplab_account_give(ACCOUNT_blocks, PAGE_SIZE << order, LIMIT_none);
}

static void free_list(struct list_head *blocks)
{
	struct page *page, *next;

	list_for_each_entry_safe(page, next, blocks, lru) {
		gfplab_ballast_free(page);
		cond_resched_tasks_rcu_qs();
	}
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
	free_list(&ballast->aside);
	free_list(&ballast->blocks);
}
