// SPDX-License-Identifier: GPL-2.0
/*
 * entry_multi.c - entries that bring more or less than one block: bulk, page
 * fragments, large kmalloc, vmalloc, contiguous ranges.
 */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include "gfplab.h"

/* ---- bulk: the pages are chained through page_private ---- */

/* Return: whether there is any in the array, which is left empty. */
static bool chain(struct page **pages, unsigned int room, struct gfplab_block *block)
{
	struct page *last = NULL;
	unsigned int i;

	block->pages = 0;
	for (i = 0; i < room; i++) {
		if (!pages[i])
			continue;
		if (last)
			set_page_private(last, (unsigned long)pages[i]);
		else
			block->page = pages[i];
		last = pages[i];
		pages[i] = NULL;
		block->pages++;
	}
	if (last)
		set_page_private(last, 0);
	return last;
}

/**
 * gfplab_bulk_alloc - ask for 2^order single pages at once, in an array
 * @args: @args->scratch has room for them
 * @block: gets as many as came; the kernel may bring fewer
 *
 * Return: whether any came.
 */
bool gfplab_bulk_alloc(const struct gfplab_alloc_args *args, struct gfplab_block *block)
{
	unsigned long nr = gfplab_bulk(args->gfp, gfplab_nid(args->nid), args->nodes, 1U << args->order,
				       args->scratch);

	return chain(args->scratch, nr, block);
}

/**
 * gfplab_bulk_refill_alloc - ask for the pages that an array lacks
 * @args: order 1 or more; @args->scratch has room for the pages
 * @block: gets as many as came in two calls: one for half of them, which are
 *	   then put into every other place, and one for the rest
 *
 * Return: whether any came.
 */
bool gfplab_bulk_refill_alloc(const struct gfplab_alloc_args *args, struct gfplab_block *block)
{
	struct page **pages = args->scratch;
	unsigned int room = 1U << args->order;
	unsigned long nr, i;

	nr = gfplab_bulk(args->gfp, gfplab_nid(args->nid), args->nodes, room / 2, pages);
	for (i = nr; i-- > 1;) {
		pages[2 * i] = pages[i];
		pages[i] = NULL;
	}
	gfplab_bulk(args->gfp, gfplab_nid(args->nid), args->nodes, room, pages);
	return chain(pages, room, block);
}

/**
 * gfplab_bulk_list_alloc - ask for 2^order single pages at once, in a list
 * @args: what is asked for
 * @block: gets as many as came; the kernel may bring fewer
 *
 * Return: whether any came.
 */
bool gfplab_bulk_list_alloc(const struct gfplab_alloc_args *args, struct gfplab_block *block)
{
	struct page **pages = args->scratch;
	struct page *page, *next;
	unsigned int nr = 0;
	LIST_HEAD(list);

	gfplab_bulk_list(args->gfp, gfplab_nid(args->nid), args->nodes, 1U << args->order, &list);
	list_for_each_entry_safe(page, next, &list, lru) {
		list_del(&page->lru);
		pages[nr++] = page;
	}
	return chain(pages, nr, block);
}

/**
 * gfplab_bulk_next - the page after one of a bulk
 * @block: unused
 * @prev: a page of it
 * @i: unused
 */
struct page *gfplab_bulk_next(const struct gfplab_block *block, struct page *prev, u32 i)
{
	return (struct page *)page_private(prev);
}

/**
 * gfplab_bulk_free - free every page by itself
 * @block: of a bulk
 */
void gfplab_bulk_free(const struct gfplab_block *block)
{
	struct page *page = block->page, *next;

	for (; page; page = next) {
		next = (struct page *)page_private(page);
		set_page_private(page, 0);
		__free_page(page);
	}
}

/* ---- page fragments ---- */

/**
 * gfplab_frag_alloc - a fragment of 64 << order bytes
 * @args: @args->frags is the worker's cache
 * @block: gets the page behind the fragment
 *
 * Return: whether there is one.
 */
bool gfplab_frag_alloc(const struct gfplab_alloc_args *args, struct gfplab_block *block)
{
	u32 bytes = 64U << args->order;

	block->addr = page_frag_alloc(args->frags, bytes, args->gfp);
	if (!block->addr)
		return false;
	block->page = virt_to_page(block->addr);
	block->pages = 1;
	block->bytes = bytes;
	return true;
}

/**
 * gfplab_frag_free - drop a fragment's reference
 * @block: of gfplab_frag_alloc()
 */
void gfplab_frag_free(const struct gfplab_block *block)
{
	page_frag_free(block->addr);
}

/* ---- kmalloc ---- */

/**
 * gfplab_kmalloc_alloc - kmalloc() beyond the caches of slab
 * @args: order 2 or more
 * @block: gets the pages behind it
 *
 * Return: whether it came.
 */
bool gfplab_kmalloc_alloc(const struct gfplab_alloc_args *args, struct gfplab_block *block)
{
	block->addr = kmalloc(PAGE_SIZE << args->order, args->gfp);
	if (!block->addr)
		return false;
	block->page = virt_to_page(block->addr);
	block->pages = 1U << args->order;
	return true;
}

/**
 * gfplab_kmalloc_free - kfree()
 * @block: of gfplab_kmalloc_alloc()
 */
void gfplab_kmalloc_free(const struct gfplab_block *block)
{
	kfree(block->addr);
}

/* ---- vmalloc ---- */

/**
 * gfplab_vmalloc_alloc - pages from anywhere, mapped together
 * @args: may sleep
 * @block: gets the pages behind it
 *
 * Context: task. Return: whether it came.
 */
bool gfplab_vmalloc_alloc(const struct gfplab_alloc_args *args, struct gfplab_block *block)
{
	block->addr = __vmalloc(PAGE_SIZE << args->order, args->gfp);
	if (!block->addr)
		return false;
	block->page = vmalloc_to_page(block->addr);
	block->pages = 1U << args->order;
	return true;
}

/**
 * gfplab_vmalloc_next - the @i-th page of a vmalloc area
 * @block: the area
 * @prev: unused
 * @i: which
 */
struct page *gfplab_vmalloc_next(const struct gfplab_block *block, struct page *prev, u32 i)
{
	return vmalloc_to_page(block->addr + ((size_t)i << PAGE_SHIFT));
}

/**
 * gfplab_vmalloc_free - vfree()
 * @block: of gfplab_vmalloc_alloc()
 *
 * Context: task.
 */
void gfplab_vmalloc_free(const struct gfplab_block *block)
{
	vfree(block->addr);
}

/* ---- contiguous ranges ---- */

#define CONTIG_TRIES	256

/*
 * One at a time, like mm/cma.c: who finds a pageblock isolated by somebody else
 * is refused, and 6.1 to 7.3 let him end that isolation on his way out of
 * alloc_contig_range(). With DEBUG_VM the other one then dies of a VM_BUG_ON;
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
 * kept. And who isolated one counts on it: see contig_mutex.
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
		/* Whoever ends the run does not wait for a search. */
		if (atomic_read(args->aborted) || signal_pending(current)) {
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
 * Context: task; may wait for another task's search. Return: whether one of the
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
