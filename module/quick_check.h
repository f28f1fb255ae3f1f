/* SPDX-License-Identifier: GPL-2.0 */
/* quick_check.h - blocks that look like one that was found good */
#ifndef GFPLAB_QUICK_CHECK_H
#define GFPLAB_QUICK_CHECK_H

#include <linux/bitops.h>
#include <linux/mm.h>
#include <linux/page_ref.h>
#include <linux/types.h>
#include "frames.h"

/* What a page's flags tell of its zone, and whether it is the head of a compound page. */
#define GFPLAB_QUICK_FLAGS	((ZONEID_MASK << ZONEID_PGSHIFT) | (1UL << PG_head))
#define GFPLAB_QUICK_UNKNOWN	(~0UL)

/**
 * struct gfplab_quick_check - what a block looks like that passes without a full check
 * @held: the map of frames that we hold, as far as it begins with @first
 * @first: the first page frame of @held
 * @flags: GFPLAB_QUICK_FLAGS of the first page of a block that was found good;
 *	GFPLAB_QUICK_UNKNOWN: none was yet
 * @nid: its node
 * @references: of the first page
 * @compound: the block has a head and tails
 */
struct gfplab_quick_check {
	const unsigned long *held;
	unsigned long first;
	unsigned long flags;
	int nid;
	int references;
	bool compound;
};

void gfplab_quick_check_learn(struct gfplab_quick_check *quick, struct page *page);
bool gfplab_quick_check_high_order(const struct gfplab_quick_check *quick, struct page *page,
				   unsigned int order);

/* A word, or since 6.18 a struct of one. */
static __always_inline unsigned long gfplab_quick_flags(const struct page *page)
{
	return *(const unsigned long *)&page->flags & GFPLAB_QUICK_FLAGS;
}

/*
 * With check=basic: does this block need no full check? It needs none if it lies
 * in the zone, and the map of frames, of a block that check.c has found good, and
 * references, compound structure and frames are as expected. It is freed
 * at once, so its frames are not marked as held: no shared line is written.
 */
static __always_inline bool gfplab_quick_check_passes(const struct gfplab_quick_check *quick,
						      struct page *page, unsigned int order)
{
	unsigned long bit = page_to_pfn(page) - quick->first;

	if (gfplab_quick_flags(page) != quick->flags ||
	    page_ref_count(page) != quick->references ||
	    bit >= 1UL << GFPLAB_FRAMES_BITS || test_bit(bit, quick->held))
		return false;
	return order ? gfplab_quick_check_high_order(quick, page, order) : !PageTail(page);
}

#endif
