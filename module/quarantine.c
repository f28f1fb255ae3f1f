// SPDX-License-Identifier: GPL-2.0
/*
 * quarantine.c - blocks that failed a check are never freed: a page that the
 * allocator may have handed out twice must not go back to the free lists.
 */
#include <linux/atomic.h>
#include <linux/mm.h>
#include <linux/spinlock.h>
#include "account.h"
#include "block.h"
#include "entry.h"
#include "quarantine.h"

static atomic64_t quarantined;
static atomic64_t quarantined_pages;

/* Above a 64th of the memory in quarantine, the next bad block ends its run. */
#define QUARANTINE_SHARE	64

/* Where they lie; beyond so many, any range may have one. */
#define PLACES	256

static struct {
	unsigned long first;
	unsigned long last;
} places[PLACES];
static unsigned int nr_places;
static bool elsewhere;
static DEFINE_SPINLOCK(places_lock);

/* Pages that do not lie side by side have a place each. */
static void note_places(const struct gfplab_block *block)
{
	struct page *page = NULL;
	unsigned long pfn;
	u32 i;

	spin_lock(&places_lock);
	for (i = 0; i < block->pages; i++) {
		page = gfplab_block_page(block, page, i);
		pfn = page_to_pfn(page);
		if (i && places[nr_places - 1].last + 1 == pfn) {
			places[nr_places - 1].last = pfn;
			continue;
		}
		if (nr_places == PLACES) {
			elsewhere = true;
			break;
		}
		places[nr_places].first = pfn;
		places[nr_places++].last = pfn;
	}
	spin_unlock(&places_lock);
}

/**
 * gfplab_quarantine - keep a bad block out of the free lists for good
 * @block: neither held nor freed from now on
 *
 * Context: task; no lock of a pool is held.
 * Return: false if more than a 64th of the memory is in quarantine: the run must end.
 */
bool gfplab_quarantine(const struct gfplab_block *block)
{
	note_places(block);
	atomic64_inc(&quarantined);
	gfplab_account_take(ACCOUNT_blocks, (u64)block->pages << PAGE_SHIFT, LIMIT_none);
	return atomic64_add_return(block->pages, &quarantined_pages) <=
	       (s64)(totalram_pages() / QUARANTINE_SHARE);
}

/**
 * gfplab_quarantined - how many blocks were kept out of circulation
 *
 * Context: any.
 * Return: blocks since the module was loaded.
 */
u64 gfplab_quarantined(void)
{
	return atomic64_read(&quarantined);
}

/**
 * gfplab_quarantined_in - does a bad block lie in a range?
 * @start: the first frame
 * @end: the frame after the last
 *
 * Context: any.
 * Return: whether one does, or may: only so many places are noted.
 */
bool gfplab_quarantined_in(unsigned long start, unsigned long end)
{
	unsigned int i;
	bool found;

	spin_lock(&places_lock);
	found = elsewhere;
	for (i = 0; i < nr_places && !found; i++)
		found = places[i].first < end && places[i].last >= start;
	spin_unlock(&places_lock);
	return found;
}
