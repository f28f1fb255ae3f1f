// SPDX-License-Identifier: GPL-2.0
/*
 * contig.c - the entry contig_range: alloc_contig_range() over pages that are free,
 * over such that others use, or over those of CMA.
 */
#include <linux/atomic.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include "block.h"
#include "compat.h"
#include "contig.h"
#include "rules/words.h"
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

/* The look is racy; alloc_contig_range() then says -EBUSY. */
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
 * kept; one of CMA as well, if it is not asked for as such, and any other would become one
 * of CMA. And the task that isolated one relies on that: see contig_mutex.
 */
static bool touches_others(unsigned long pfn, unsigned long end, bool cma)
{
	end = ALIGN(end, GFPLAB_CONTIG_ALIGN);
	for (pfn = ALIGN_DOWN(pfn, GFPLAB_CONTIG_ALIGN); pfn < end; pfn += pageblock_nr_pages) {
		struct page *page = pfn_to_online_page(pfn);
		unsigned int type;

		if (!page)
			continue;
		type = gfplab_pageblock_type(page);
		if (type == MIGRATE_HIGHATOMIC || gfplab_pageblock_isolated(page) ||
		    is_migrate_cma(type) != cma)
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
			return range_is_free(head, pfn + pages, zone);
	}
	return false;
}

/* Without a hole, and without pages that no zone has. */
static bool range_is_of(unsigned long pfn, unsigned long pages, const struct zone *zone)
{
	unsigned long end = pfn + pages;

	for (; pfn < end; pfn++) {
		struct page *page = pfn_to_online_page(pfn);

		if (!page || page_zone(page) != zone || PageReserved(page))
			return false;
	}
	return true;
}

/* Is this a range of the kind that is asked for? */
static bool range_is(enum gfplab_range kind, unsigned long pfn, unsigned long pages,
		     const struct zone *zone)
{
	if (touches_others(pfn, pfn + pages, kind == RANGE_cma))
		return false;
	switch (kind) {
	case RANGE_free:
		return range_looks_free(pfn, pages, zone);
	case RANGE_busy:
		return !range_looks_free(pfn, pages, zone) && range_is_of(pfn, pages, zone);
	default:
		return range_is_of(pfn, pages, zone);
	}
}

static int take_range(unsigned long pfn, unsigned long pages, bool cma, gfp_t gfp)
{
	int err;

	mutex_lock(&contig_mutex);
	err = touches_others(pfn, pfn + pages, cma) ? -EBUSY :
	      gfplab_contig_range(pfn, pfn + pages, cma, gfp);
	mutex_unlock(&contig_mutex);
	return err;
}

static bool contig_of_zone(struct zone *zone, const struct gfplab_alloc_args *args,
			   struct gfplab_block *block, int *tries)
{
	unsigned long pages = gfplab_args_pages(args), pfn;

	if (zone->spanned_pages < pages)
		return false;
	pfn = zone_end_pfn(zone) - pages;
	if (is_power_of_2(pages))
		pfn = ALIGN_DOWN(pfn, pages);
	for (; pfn >= zone->zone_start_pfn && pfn >= pages && *tries; pfn -= pages) {
		cond_resched_tasks_rcu_qs();
		/* The end of the run does not wait for a search. */
		if (gfplab_stop_reason(args->stop) || signal_pending(current)) {
			*tries = 0;
			break;
		}
		if (!range_is(args->range, pfn, pages, zone))
			continue;
		--*tries;
		block->err = take_range(pfn, pages, args->range == RANGE_cma, args->gfp);
		if (block->err) {
			/* Most often something unmovable: in this pageblock no range will do. */
			if (pages < pageblock_nr_pages)
				pfn = ALIGN_DOWN(pfn, pageblock_nr_pages);
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
 * gfplab_contig_alloc - take a contiguous range
 * @args: how many pages, and of which kind; @args->nid or the nearest node with memory
 * @block: gets the range, or why the last one could not be had
 *
 * Of free and of CMA ranges the first few are tried; of those that others use one, so
 * that it can be seen how its pages are moved away, or why not.
 *
 * Context: task; may wait for another task's search.
 * Return: whether one could be had before the run was to end.
 */
bool gfplab_contig_alloc(const struct gfplab_alloc_args *args, struct gfplab_block *block)
{
	int nid = gfplab_nid(args->nid), tries = args->range == RANGE_busy ? 1 : CONTIG_TRIES, i;
	struct zone *zone;

	block->err = 0;
	for (i = ZONE_NORMAL; i >= 0 && tries; i--) {
		zone = gfplab_zone(nid, i);
		if (zone && contig_of_zone(zone, args, block, &tries))
			return true;
	}
	return false;
}

/**
 * gfplab_contig_take - take pages that were freed just now
 * @page: the first of them
 * @pages: how many; whole GFPLAB_CONTIG_ALIGN where the kernel takes nothing smaller
 *
 * On its way alloc_contig_range() empties all CPUs' lists of the zone.
 *
 * Context: task; may wait for another task's search, and for other CPUs.
 * Return: whether they were had; each has a reference of its own then.
 */
bool gfplab_contig_take(struct page *page, unsigned long pages)
{
	return !take_range(page_to_pfn(page), pages, false, GFP_KERNEL);
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
