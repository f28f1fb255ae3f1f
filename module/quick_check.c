// SPDX-License-Identifier: GPL-2.0
/*
 * quick_check.c - blocks that are freed at once and look like one that was
 * found good need no other check.
 */
#include <linux/bitops.h>
#include <linux/mm.h>
#include <linux/page_ref.h>
#include "frames.h"
#include "quick_check.h"

/**
 * gfplab_quick_check_learn - a block was found good
 * @quick: learns its zone, and where its frames are noted
 * @page: the first
 *
 * Context: any.
 */
void gfplab_quick_check_learn(struct gfplab_quick_check *quick, struct page *page)
{
	unsigned long pfn = page_to_pfn(page);

	quick->flags = gfplab_quick_flags(page);
	quick->nid = page_to_nid(page);
	quick->first = round_down(pfn, 1UL << GFPLAB_FRAMES_BITS);
	quick->held = gfplab_frame_map(pfn) ?: gfplab_frames_unwatched;
}

/**
 * gfplab_quick_check_high_order - is a block above order 0 good as a whole?
 * @quick: what it should look like
 * @page: the first, whose zone and references are right
 * @order: of the block
 *
 * Of its pages the first and the last are looked at. To look at each would cost as much as
 * the allocation of an order 9, which looks at none; check=full does.
 *
 * Context: any.
 * Return: whether it is.
 */
bool gfplab_quick_check_high_order(const struct gfplab_quick_check *quick, struct page *page,
				   unsigned int order)
{
	struct page *tail = page + (1UL << order) - 1;
	unsigned long pfn = page_to_pfn(page), bit = pfn - quick->first;
	unsigned long last = bit + (1UL << order);

	if ((pfn & ((1UL << order) - 1)) || PageCompound(page) != quick->compound)
		return false;
	if (quick->compound && (!PageHead(page) || compound_order(page) != order))
		return false;
	if (page_zone_id(tail) != page_zone_id(page) || page_ref_count(tail))
		return false;
	if (quick->compound && (!PageTail(tail) || compound_head(tail) != page))
		return false;
	return find_next_bit(quick->held, last, bit) >= last;
}
