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

	quick->flags = gfplab_quick_flags(quick, page);
	quick->nid = page_to_nid(page);
	quick->first = pfn - gfplab_frame_bit(pfn);
	quick->origin = page - gfplab_frame_bit(pfn);
	quick->map = gfplab_frame_map(pfn) ?: gfplab_frames_unwatched;
	quick->near = quick->compound || 1UL << quick->order > BITS_PER_LONG ?
		gfplab_frames_unwatched : quick->map;
}

/**
 * gfplab_quick_check_whole - is a block good that has a head, many pages, or held ones near it?
 * @quick: what it should look like
 * @page: the first, whose zone, references and place are right
 * @bit: of it in the map
 *
 * Of its pages the first and the last are looked at. To look at each would cost as much as
 * the allocation of an order 9, which looks at none; check=full does.
 *
 * Context: any.
 * Return: whether it is.
 */
bool gfplab_quick_check_whole(const struct gfplab_quick_check *quick, struct page *page,
			      unsigned long bit)
{
	struct page *last = page + (1UL << quick->order) - 1;
	unsigned long end = bit + (1UL << quick->order);

	if (find_next_bit(quick->map, end, bit) < end)
		return false;
	if (!quick->order)
		return true;
	if (gfplab_quick_flags(quick, last) != (quick->flags & ~(1UL << PG_head)) ||
	    page_ref_count(last))
		return false;
	return !quick->compound || (compound_order(page) == quick->order && PageTail(last) &&
				    compound_head(last) == page);
}
