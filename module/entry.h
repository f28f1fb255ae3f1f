/* SPDX-License-Identifier: GPL-2.0 */
/* entry.h - the entry points of the allocator */
#ifndef GFPLAB_ENTRY_H
#define GFPLAB_ENTRY_H

#include <linux/atomic.h>
#include <linux/gfp.h>
#include <linux/nodemask.h>
#include <linux/topology.h>
#include <linux/types.h>
#include "rules/words.h"

struct gfplab_block;
struct gfplab_entry_calls;
struct gfplab_reason;

/* How the pages of a block hang together. */
enum gfplab_shape {
	SHAPE_block,		/* one block of the buddy allocator */
	SHAPE_split,		/* adjacent pages, each with a reference of its own */
	SHAPE_scattered,	/* single pages from anywhere */
	SHAPE_fragment,		/* a part of a page that others use too */
};

#define GFPLAB_ENTRY_NAME	24	/* of its name, NUL included */

/**
 * struct gfplab_entry - one entry point of the allocator
 * @name: as in the option entry
 * @help: one line on what it calls
 * @absent: why this kernel lacks it; NULL if it is there
 * @min_order: the smallest order that it takes
 * @max_order: the largest
 * @inner: the order that reaches the allocator
 * @takes_pages: asks for any number of pages
 * @takes_nid: has a parameter for the preferred node
 * @takes_nodes: has one for the nodemask
 * @obeys_policy: the task's mempolicy applies
 * @sleeps: only from task context, only with __GFP_DIRECT_RECLAIM
 * @client: may have memory left over and call no allocator at all
 * @bypass: does not go through get_page_from_freelist()
 * @maps: also allocates page tables, whose mask is not the request's
 * @frozen: its pages have no reference count
 * @listed: its pages hang in a list, which overwrites the pfmemalloc mark
 * @apart: what it brings as a block it does not free as one
 * @once: goes through it once, at the min watermark, and has no slow path
 * @shape: how the pages of a block hang together
 * @strips: gfp bits that the entry removes
 * @adds: gfp bits that it adds
 * @refuses: gfp bits that it WARNs or worse about
 * @calls: how it is called
 * @next: the page after @prev, the @i-th; NULL: they are adjacent
 */
struct gfplab_entry {
	char name[GFPLAB_ENTRY_NAME];
	const char *help;
	const char *absent;
	u8 min_order;
	u8 max_order;
	u8 inner;
	bool takes_pages;
	bool takes_nid;
	bool takes_nodes;
	bool obeys_policy;
	bool sleeps;
	bool client;
	bool bypass;
	bool once;
	bool maps;
	bool frozen;
	bool listed;
	bool apart;
	enum gfplab_shape shape;
	gfp_t strips;
	gfp_t adds;
	gfp_t refuses;
	const struct gfplab_entry_calls *calls;
	struct page *(*next)(const struct gfplab_block *block, struct page *prev, u32 i);
};

extern const struct gfplab_entry gfplab_entries[];
extern const unsigned int gfplab_nr_entries;

int gfplab_entry_check(const struct gfplab_entry *entry, gfp_t gfp, unsigned long orders,
		       enum gfplab_context context, struct gfplab_reason *why);
u32 gfplab_entry_pages(const struct gfplab_entry *entry, unsigned int order, u32 pages, u32 *least);
gfp_t gfplab_entry_gfp(const struct gfplab_entry *entry, gfp_t gfp);
void gfplab_entry_help(struct seq_file *m);
struct page *gfplab_block_page(const struct gfplab_block *block, struct page *prev, u32 i);

#endif
