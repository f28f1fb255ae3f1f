// SPDX-License-Identifier: GPL-2.0
/*
 * quarantine.c - blocks that failed a check are never freed: a page that the
 * allocator may have handed out twice must not go back to the free lists.
 */
#include <linux/atomic.h>
#include <linux/mm.h>
#include "block.h"
#include "quarantine.h"

static atomic64_t quarantined;
static atomic64_t quarantined_pages;

/* Above a 64th of the memory in quarantine, the next bad block ends its run. */
#define QUARANTINE_SHARE	64

/**
 * gfplab_quarantine - keep a bad block out of the free lists for good
 * @block: neither held nor freed from now on
 *
 * Context: any.
 * Return: false if more than a 64th of the memory is in quarantine: the run must end.
 */
bool gfplab_quarantine(const struct gfplab_block *block)
{
	atomic64_inc(&quarantined);
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
