/* SPDX-License-Identifier: GPL-2.0 */
/* entry.h - the entry points of the allocator */
#ifndef GFPLAB_ENTRY_H
#define GFPLAB_ENTRY_H

#include <linux/atomic.h>
#include <linux/gfp.h>
#include <linux/nodemask.h>
#include <linux/topology.h>
#include <linux/types.h>
#include "compat.h"
#include "tables.h"

struct gfplab_reason;
struct gfplab_worker;

/**
 * struct gfplab_block - what one request brought
 * @page: the first page
 * @addr: where it is mapped, if that is not where @page is
 * @sum: seed of the pattern written at check=full
 * @pages: how many; not always a power of two
 * @bytes: how much of them is ours
 */
struct gfplab_block {
	struct page *page;
	void *addr;
	u64 sum;
	u32 pages;
	u32 bytes;
	u8 order;
	u8 entry;
	bool checked;		/* its frames are marked as held */
	bool patterned;		/* its bytes were written */
};

/**
 * struct gfplab_alloc_args - what one request hands to an entry
 * @nodes: NULL for "no nodemask"
 * @frags: the worker's cache, for page fragments
 * @scratch: room for GFPLAB_SCRATCH pages, for bulk; all NULL
 * @aborted: the run's, for entries that look for something in a loop of their own
 */
struct gfplab_alloc_args {
	gfp_t gfp;
	unsigned int order;
	int nid;
	nodemask_t *nodes;
	struct page_frag_cache *frags;
	struct page **scratch;
	const atomic_t *aborted;
};

#define GFPLAB_SCRATCH	(1U << GFPLAB_MAX_ORDER)

/* How the pages of a block hang together. */
enum gfplab_shape {
	SHAPE_block,		/* one block of the buddy allocator */
	SHAPE_split,		/* adjacent pages, each with a reference of its own */
	SHAPE_scattered,	/* single pages from anywhere */
	SHAPE_fragment,		/* a part of a page that others use too */
};

#define GFPLAB_ENTRY_NAME	24	/* of its name, NUL included */
#define GFPLAB_ORDER_ASKED	0xfe	/* the order of the request */
#define GFPLAB_ANY_ORDER	0xff	/* it varies */

/**
 * struct gfplab_entry - one entry point of the allocator
 * @absent: why this kernel lacks it; NULL if it is there
 * @min_order: the smallest order that it takes
 * @max_order: the largest
 * @inner: the order that reaches the allocator
 * @takes_nid: has a parameter for the preferred node
 * @takes_nodes: has one for the nodemask
 * @obeys_policy: the task's mempolicy applies
 * @sleeps: only from task context, only with __GFP_DIRECT_RECLAIM
 * @client: may have memory left over and not ask at all
 * @bypass: does not go through get_page_from_freelist()
 * @frozen: its pages have no reference count
 * @listed: its pages hang in a list, which overwrites the pfmemalloc mark
 * @once: goes through it once, at the min watermark, and has no slow path
 * @strips: gfp bits that the entry removes
 * @adds: gfp bits that it adds
 * @refuses: gfp bits that it WARNs or worse about
 * @alloc: makes the request; false if nothing came back
 * @free: gives a block back the way it came
 * @burst: by observe level, makes up to so many requests and frees
 *	what they bring at once; returns how many were plain. If fewer, the next
 *	one was made too, and what came is in the worker.
 * @next: the page after @prev, the @i-th; NULL: they are adjacent
 */
struct gfplab_entry {
	char name[GFPLAB_ENTRY_NAME];
	const char *help;
	const char *absent;
	u8 min_order;
	u8 max_order;
	u8 inner;
	bool takes_nid;
	bool takes_nodes;
	bool obeys_policy;
	bool sleeps;
	bool client;
	bool bypass;
	bool once;
	bool frozen;
	bool listed;
	enum gfplab_shape shape;
	gfp_t strips;
	gfp_t adds;
	gfp_t refuses;
	bool (*alloc)(const struct gfplab_alloc_args *args, struct gfplab_block *block);
	void (*free)(const struct gfplab_block *block);
	u32 (*burst[NR_OBSERVES])(struct gfplab_worker *w, u32 n);
	struct page *(*next)(const struct gfplab_block *block, struct page *prev, u32 i);
};

extern const struct gfplab_entry gfplab_entries[];
extern const unsigned int gfplab_nr_entries;

/* For entries that are told a node: the one asked for, or the nearest with memory. */
static inline int gfplab_nid(int nid)
{
	return nid == NUMA_NO_NODE ? numa_mem_id() : nid;
}

int gfplab_entry_check(const struct gfplab_entry *entry, gfp_t gfp, unsigned long orders,
		       enum gfplab_context context, struct gfplab_reason *why);
u32 gfplab_entry_pages(const struct gfplab_entry *entry, unsigned int order, u32 *least);
gfp_t gfplab_entry_gfp(const struct gfplab_entry *entry, gfp_t gfp);
void gfplab_entry_help(struct seq_file *m);
struct page *gfplab_block_page(const struct gfplab_block *block, struct page *prev, u32 i);

#endif
