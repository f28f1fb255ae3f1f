/* SPDX-License-Identifier: GPL-2.0 */
/* block.h - what a request hands to an entry, and what it brings */
#ifndef GFPLAB_BLOCK_H
#define GFPLAB_BLOCK_H

#include <linux/bits.h>
#include <linux/gfp.h>
#include <linux/nodemask.h>
#include <linux/types.h>
#include "compat.h"

struct gfplab_stop;

#define GFPLAB_ORDER_ASKED	0xfe	/* the order of the request */
#define GFPLAB_ANY_ORDER	0xff	/* it varies */

/**
 * struct gfplab_block - what one request brought
 * @page: the first page
 * @addr: where it is mapped, if that is not where @page is
 * @sum: seed of the pattern written at check=full
 * @pages: how many; not always a power of two
 * @bytes: how much of them may be written, 0 for all
 * @order: asked for
 * @entry: row of gfplab_entries[]
 * @checked: its frames are marked as held
 * @patterned: its bytes were written, see gfplab_check_fill()
 * @err: why an entry that tells it brought nothing, an errno; else 0
 */
struct gfplab_block {
	struct page *page;
	void *addr;
	u64 sum;
	u32 pages;
	u32 bytes;
	u8 order;
	u8 entry;
	bool checked;
	bool patterned;
	s16 err;
};

/**
 * struct gfplab_alloc_args - what one request hands to an entry
 * @gfp: the mask
 * @order: of the block
 * @pages: instead, for entries that take any number; 0: 2^@order
 * @range: enum gfplab_range
 * @nid: preferred node, NUMA_NO_NODE for the nearest with memory
 * @nodes: the nodemask, NULL for none
 * @frags: the worker's cache, for page fragments
 * @scratch: room for GFPLAB_SCRATCH pages, for bulk; all NULL
 * @stop: the run's, for entries that search in a loop of their own
 */
struct gfplab_alloc_args {
	gfp_t gfp;
	unsigned int order;
	u32 pages;
	u32 range;
	int nid;
	nodemask_t *nodes;
	struct page_frag_cache *frags;
	struct page **scratch;
	const struct gfplab_stop *stop;
};

/* How many pages an entry is asked for that takes any number. */
static inline u32 gfplab_args_pages(const struct gfplab_alloc_args *args)
{
	return args->pages ?: 1U << args->order;
}

/* Pages of the largest block */
#define GFPLAB_SCRATCH	BIT(GFPLAB_MAX_ORDER)

#endif
