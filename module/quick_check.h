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
 * @origin: the page from which the maps count
 * @first: its frame
 * @map: the frames that we hold
 * @near: the same map, in which words are looked at as a whole; all ones for blocks of which
 *	more is to be looked at
 * @outside: bits that the number of a block's first page, counted from @origin, does not have:
 *	those beyond @map, and those below the block's order
 * @mask: GFPLAB_QUICK_FLAGS; as a constant it would be loaded for each request
 * @flags: those of the first page of a block that was found good; GFPLAB_QUICK_UNKNOWN: none
 *	was yet
 * @last: bytes from the block's first struct page to its last
 * @order: log2 of its pages
 * @nid: its node
 * @references: of the first page
 * @compound: the block has a head and tails
 */
struct gfplab_quick_check {
	const struct page *origin;
	unsigned long first;
	const unsigned long *map;
	const unsigned long *near;
	unsigned long outside;
	unsigned long mask;
	unsigned long flags;
	unsigned long last;
	unsigned int order;
	int nid;
	int references;
	bool compound;
};

void gfplab_quick_check_learn(struct gfplab_quick_check *quick, struct page *page);
bool gfplab_quick_check_whole(const struct gfplab_quick_check *quick, struct page *page,
			      unsigned long bit);

/* The bit of a page in the map. */
static __always_inline unsigned long gfplab_quick_bit(const struct gfplab_quick_check *quick,
						      struct page *page)
{
	/* Where struct pages have gaps between them, their distance says nothing. */
	if (IS_ENABLED(CONFIG_SPARSEMEM) && !IS_ENABLED(CONFIG_SPARSEMEM_VMEMMAP))
		return page_to_pfn(page) - quick->first;
	return page - quick->origin;
}

/* Its flags, which are a word, or since 6.18 a struct of one. */
static __always_inline unsigned long gfplab_quick_flags(const struct gfplab_quick_check *quick,
							const struct page *page)
{
	return *(const unsigned long *)&page->flags & quick->mask;
}

/* As PageTail() since 4.4, but that it looks for no head whose tails share a page of memory. */
static __always_inline bool gfplab_quick_is_tail(const struct page *page)
{
	return ((const unsigned long *)page)[1] & 1;
}

/*
 * With check=basic: does this block need no full check? It needs none if it lies
 * in the zone, and the map of frames, of a block that check.c has found good, and
 * references, compound structure and frames are as expected. It is freed
 * at once, so its frames are not marked as held: no shared line is written.
 */
static __always_inline bool gfplab_quick_check_passes(const struct gfplab_quick_check *quick,
						      struct page *page)
{
	struct page *last = (void *)page + quick->last;
	unsigned long bit;

	if (gfplab_quick_flags(quick, page) != quick->flags ||
	    page_ref_count(page) != quick->references || gfplab_quick_is_tail(page))
		return false;
	bit = gfplab_quick_bit(quick, page);
	if (bit & quick->outside)
		return false;
	/* Nothing near is held: the bits of the block need not be looked for. */
	if (unlikely(READ_ONCE(quick->near[BIT_WORD(bit)])))
		return gfplab_quick_check_whole(quick, page, bit);
	return last == page ||
	       (gfplab_quick_flags(quick, last) == quick->flags && !page_ref_count(last));
}

#endif
