// SPDX-License-Identifier: GPL-2.0
/*
 * contig.c - the entry contig_range: alloc_contig_range() over pages that are
 * free.
 */
#include <linux/atomic.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include "block.h"
#include "compat.h"
#include "contig.h"
#include "stop.h"
#include "zone.h"

#define CONTIG_TRIES	256

/*
 * One at a time, like mm/cma.c: a call that finds a pageblock isolated by another
 * task is refused, and 6.1 to 7.3 end that isolation on the way out of
 * alloc_contig_range(). With DEBUG_VM the other task then hits a VM_BUG_ON;
 * memory that goes offline never gets there, or into a BUG_ON. So isolated
 * pageblocks are left alone; for what is isolated between the look and the call
 * there is gfplab_contig_still_isolated().
 */
static DEFINE_MUTEX(contig_mutex);

/*
 * Only ranges that are free are tried: what is to be seen is how the range is
 * isolated and taken, not how its owners are moved away. The look is racy;
 * alloc_contig_range() then says -EBUSY.
 */
static bool range_is_free(unsigned long pfn, unsigned long end, const struct zone *zone)
{
	while (pfn < end) {
		struct page *page = pfn_to_online_page(pfn);
		unsigned long order;

		if (!page || page_zone(page) != zone || !PageBuddy(page))
			return false;
		order = READ_ONCE(page->private);
		if (order > GFPLAB_MAX_ORDER)
			return false;
		pfn = ALIGN_DOWN(pfn, 1UL << order) + (1UL << order);
	}
	return true;
}

/*
 * A pageblock kept for HIGHATOMIC would become movable, and still be counted as
 * kept. And the task that isolated one relies on that: see contig_mutex.
 */
static bool touches_others(unsigned long pfn, unsigned long end)
{
	end = ALIGN(end, GFPLAB_CONTIG_ALIGN);
	for (pfn = ALIGN_DOWN(pfn, GFPLAB_CONTIG_ALIGN); pfn < end; pfn += pageblock_nr_pages) {
		struct page *page = pfn_to_online_page(pfn);

		if (page && (gfplab_pageblock_type(page) == MIGRATE_HIGHATOMIC ||
			     gfplab_pageblock_isolated(page)))
			return true;
	}
	return false;
}

/* Whether the walk starts inside a free block, look back to its head. */
static bool range_looks_free(unsigned long pfn, unsigned long pages, const struct zone *zone)
{
	unsigned long head;
	unsigned int order;

	for (order = 0; order <= GFPLAB_MAX_ORDER; order++) {
		struct page *page;

		head = ALIGN_DOWN(pfn, 1UL << order);
		page = pfn_to_online_page(head);
		if (page && PageBuddy(page) && READ_ONCE(page->private) >= order)
			return range_is_free(head, pfn + pages, zone) &&
			       !touches_others(head, pfn + pages);
	}
	return false;
}

static bool contig_of_zone(struct zone *zone, const struct gfplab_alloc_args *args,
			   struct gfplab_block *block, int *tries)
{
	unsigned long pages = 1UL << args->order;
	unsigned long pfn = ALIGN_DOWN(zone_end_pfn(zone) - pages, pages);
	int err;

	for (; pfn >= zone->zone_start_pfn && pfn >= pages && *tries; pfn -= pages) {
		cond_resched_tasks_rcu_qs();
		/* The end of the run does not wait for a search. */
		if (gfplab_stop_reason(args->stop) || signal_pending(current)) {
			*tries = 0;
			break;
		}
		if (!range_looks_free(pfn, pages, zone))
			continue;
		--*tries;
		mutex_lock(&contig_mutex);
		err = touches_others(pfn, pfn + pages) ? -EBUSY :
		      gfplab_contig_range(pfn, pfn + pages, args->gfp);
		mutex_unlock(&contig_mutex);
		if (err) {
			/* Most often something unmovable: in this pageblock no range will do. */
			pfn = ALIGN_DOWN(pfn, max(pages, pageblock_nr_pages));
			if (pfn < pages)
				break;
			continue;
		}
		block->page = pfn_to_page(pfn);
		block->pages = pages;
		return true;
	}
	return false;
}

/**
 * gfplab_contig_alloc - take a range of 2^order pages that looks free
 * @args: @args->nid or the nearest node with memory
 * @block: gets the range
 *
 * Context: task; may wait for another task's search.
 * Return: whether one of the
 * first few ranges could be had before the run was to end.
 */
bool gfplab_contig_alloc(const struct gfplab_alloc_args *args, struct gfplab_block *block)
{
	int nid = gfplab_nid(args->nid), tries = CONTIG_TRIES, i;
	struct zone *zone;

	for (i = ZONE_NORMAL; i >= 0 && tries; i--) {
		zone = gfplab_zone(nid, i);
		if (zone && contig_of_zone(zone, args, block, &tries))
			return true;
	}
	return false;
}

/**
 * gfplab_contig_free - free_contig_range()
 * @block: of gfplab_contig_alloc()
 */
void gfplab_contig_free(const struct gfplab_block *block)
{
	gfplab_contig_range_free(page_to_pfn(block->page), block->pages);
}

/**
 * gfplab_contig_still_isolated - is the isolation of a range safe from us?
 * @start: the first frame
 * @end: the frame after the last
 *
 * Asked once all of the range was isolated. What looks for a range now may have
 * looked before that, and what is over may have ended it.
 *
 * Context: the memory notifier: does not wait.
 * Return: false if that may have happened, or may happen yet.
 */
bool gfplab_contig_still_isolated(unsigned long start, unsigned long end)
{
	bool isolated = true;

	if (!mutex_trylock(&contig_mutex))
		return false;
	for (; start < end && isolated; start += pageblock_nr_pages)
		isolated = gfplab_pageblock_isolated(pfn_to_page(start));
	mutex_unlock(&contig_mutex);
	return isolated;
}
