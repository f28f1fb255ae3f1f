/* SPDX-License-Identifier: GPL-2.0 */
/*
 * direct.h - the calls of entries that are measured most, for loops that serve
 * all entries to make without an indirect call: two of these cost 30
 * instructions, a pair takes 600.
 */
#ifndef GFPLAB_DIRECT_H
#define GFPLAB_DIRECT_H

#include <linux/gfp.h>
#include <linux/mm.h>
#include "block.h"
#include "compat.h"
#include "zone.h"

/* DIRECT_no: by a pointer. All others are freed by gfplab_call_free_pages(). */
enum gfplab_direct { DIRECT_no, DIRECT_pages, DIRECT_node, DIRECT_nodemask };

/* The block is of the order that was asked for. Return: whether there is one. */
static __always_inline bool gfplab_block_is(struct gfplab_block *block,
					    const struct gfplab_alloc_args *args,
					    struct page *page)
{
	block->page = page;
	block->pages = 1U << args->order;
	return page;
}

static __always_inline bool gfplab_call_alloc_pages(const struct gfplab_alloc_args *args,
						    struct gfplab_block *block)
{
	return gfplab_block_is(block, args, alloc_pages(args->gfp, args->order));
}

static __always_inline bool gfplab_call_alloc_node(const struct gfplab_alloc_args *args,
						   struct gfplab_block *block)
{
	return gfplab_block_is(block, args, alloc_pages_node(args->nid, args->gfp, args->order));
}

/* As alloc_pages_node() does, no node means the nearest with memory. */
static __always_inline bool gfplab_call_alloc_nodemask(const struct gfplab_alloc_args *args,
						       struct gfplab_block *block)
{
	int nid = gfplab_nid(args->nid);

	return gfplab_block_is(block, args,
			       gfplab_alloc_nodemask(args->gfp, args->order, nid, args->nodes));
}

static __always_inline void gfplab_call_free_pages(const struct gfplab_block *block)
{
	__free_pages(block->page, block->order);
}

#endif
