/* SPDX-License-Identifier: GPL-2.0 */
/* quick_check.h - blocks that look like one that was found good */
#ifndef GFPLAB_QUICK_CHECK_H
#define GFPLAB_QUICK_CHECK_H

#include <linux/bitops.h>
#include <linux/mm.h>
#include <linux/page_ref.h>
#include <linux/types.h>

/**
 * struct gfplab_quick_check - how a block looks with which nothing can be wrong
 * @held: bit n: we hold page frame n
 * @frames: blocks that begin below are known to it
 * @zone: the page_zone_id() of a block that was found good; -1: none was yet
 * @nid: its node
 * @references: of the first page
 * @compound: the block has a head and tails
 */
struct gfplab_quick_check {
	const unsigned long *held;
	unsigned long frames;
	int zone;
	int nid;
	int references;
	bool compound;
};

void gfplab_quick_check_learn(struct gfplab_quick_check *quick, struct page *page);
bool gfplab_quick_check_high_order(const struct gfplab_quick_check *quick, struct page *page,
			 unsigned int order);

/*
 * With check=basic: is this block beyond doubt? It is if it lies in the zone of
 * one that check.c has found good, and all else is as it should be. It is freed
 * at once, so its frames are not marked as held: no shared line is written.
 */
static __always_inline bool gfplab_quick_check_passes(const struct gfplab_quick_check *quick, struct page *page,
					  unsigned int order)
{
	unsigned long pfn = page_to_pfn(page);

	if (page_zone_id(page) != quick->zone || page_ref_count(page) != quick->references ||
	    pfn >= quick->frames || test_bit(pfn, quick->held))
		return false;
	return order ? gfplab_quick_check_high_order(quick, page, order) : !PageCompound(page);
}

#endif
