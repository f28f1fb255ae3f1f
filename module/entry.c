// SPDX-License-Identifier: GPL-2.0
/*
 * entry.c - the entry points of the page allocator: one row each, and the thin
 * wrappers for those that hand out one block. entry_multi.c has the others.
 *
 * A wrapper, not a function pointer into the kernel: since 6.10 alloc_pages()
 * and its relatives are macros.
 */
#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/seq_file.h>
#include "block.h"
#include "burst.h"
#include "compat.h"
#include "contig.h"
#include "direct.h"
#include "entry.h"
#include "entry_multi.h"
#include "error.h"
#include "rules/words.h"

static bool mapped(struct gfplab_block *block, const struct gfplab_alloc_args *args,
		   unsigned long addr)
{
	return gfplab_block_is(block, args, addr ? virt_to_page((void *)addr) : NULL);
}

static bool alloc_alloc_page(const struct gfplab_alloc_args *args, struct gfplab_block *block)
{
	return gfplab_block_is(block, args, alloc_page(args->gfp));
}

static bool alloc_gfp_pages(const struct gfplab_alloc_args *args, struct gfplab_block *block)
{
	return mapped(block, args, __get_free_pages(args->gfp, args->order));
}

static bool alloc_zeroed(const struct gfplab_alloc_args *args, struct gfplab_block *block)
{
	return mapped(block, args, get_zeroed_page(args->gfp));
}

static bool alloc_dma(const struct gfplab_alloc_args *args, struct gfplab_block *block)
{
	return mapped(block, args, __get_dma_pages(args->gfp, args->order));
}

static bool alloc_nolock(const struct gfplab_alloc_args *args, struct gfplab_block *block)
{
	struct page *page = gfplab_nolock(args->gfp & __GFP_ACCOUNT, args->nid, args->order);

	return gfplab_block_is(block, args, page);
}

static bool alloc_folio(const struct gfplab_alloc_args *args, struct gfplab_block *block)
{
	return gfplab_block_is(block, args, gfplab_folio_alloc(args->gfp, args->order));
}

static bool alloc_compound(const struct gfplab_alloc_args *args, struct gfplab_block *block)
{
	return gfplab_block_is(block, args, alloc_pages(args->gfp | __GFP_COMP, args->order));
}

static bool alloc_split(const struct gfplab_alloc_args *args, struct gfplab_block *block)
{
	if (!gfplab_call_alloc_pages(args, block))
		return false;
	if (args->order)
		split_page(block->page, args->order);
	return true;
}

/* Three quarters of 2^order pages, so that the tail is split off and freed. */
static u32 exact_pages(unsigned int order)
{
	return (1U << order) - (1U << order) / 4;
}

static bool alloc_exact(const struct gfplab_alloc_args *args, struct gfplab_block *block)
{
	u32 pages = exact_pages(args->order);
	void *addr = alloc_pages_exact((size_t)pages << PAGE_SHIFT, args->gfp);

	mapped(block, args, (unsigned long)addr);
	block->pages = pages;
	return addr;
}

static void free_page_of(const struct gfplab_block *block)
{
	__free_page(block->page);
}

static void free_addr(const struct gfplab_block *block)
{
	free_pages((unsigned long)page_address(block->page), block->order);
}

static void free_put(const struct gfplab_block *block)
{
	put_page(block->page);
}

/*
 * As if another user had found the page by a stale pointer, and still held a
 * reference: __free_pages() then frees all but the first page, put_page() that one.
 */
static void free_held(const struct gfplab_block *block)
{
	get_page(block->page);
	__free_pages(block->page, block->order);
	put_page(block->page);
}

/* A name of its own, as bursts are named after how they args. */
static bool alloc_held(const struct gfplab_alloc_args *args, struct gfplab_block *block)
{
	return gfplab_call_alloc_pages(args, block);
}

static bool alloc_released(const struct gfplab_alloc_args *args, struct gfplab_block *block)
{
	return gfplab_bulk_alloc(args, block);
}

static void free_singly(const struct gfplab_block *block)
{
	u32 i;

	for (i = 0; i < block->pages; i++)
		__free_page(block->page + i);
}

static void free_exact(const struct gfplab_block *block)
{
	free_pages_exact(page_address(block->page), (size_t)block->pages << PAGE_SHIFT);
}

GFPLAB_PAIR(gfplab_call_alloc_pages, gfplab_call_free_pages, .direct = DIRECT_pages);
GFPLAB_BARE_PAIR(alloc_alloc_page, free_page_of);
GFPLAB_PAIR(gfplab_call_alloc_node, gfplab_call_free_pages, .direct = DIRECT_node);
GFPLAB_PAIR(gfplab_call_alloc_nodemask, gfplab_call_free_pages, .direct = DIRECT_nodemask);
GFPLAB_PAIR(alloc_gfp_pages, free_addr);
GFPLAB_BARE_PAIR(alloc_zeroed, free_addr);
GFPLAB_BARE_PAIR(alloc_dma, free_addr);
GFPLAB_SLOW_PAIR(alloc_exact, free_exact);
GFPLAB_BARE_PAIR(alloc_folio, free_put);
GFPLAB_BARE_PAIR(alloc_compound, free_put);
GFPLAB_SLOW_PAIR(alloc_split, free_singly);
GFPLAB_SLOW_PAIR(alloc_held, free_held);
GFPLAB_BARE_PAIR(alloc_nolock, gfplab_call_free_pages);
GFPLAB_SLOW_PAIR(gfplab_bulk_alloc, gfplab_bulk_free);
GFPLAB_SLOW_PAIR(gfplab_bulk_refill_alloc, gfplab_bulk_free);
GFPLAB_SLOW_PAIR(gfplab_bulk_list_alloc, gfplab_bulk_free);
GFPLAB_SLOW_PAIR(alloc_released, gfplab_bulk_release);
GFPLAB_SLOW_PAIR(gfplab_frag_alloc, gfplab_frag_free);
GFPLAB_SLOW_PAIR(gfplab_slab_alloc, gfplab_kmalloc_free);
GFPLAB_SLOW_PAIR(gfplab_kmalloc_alloc, gfplab_kmalloc_free);
GFPLAB_SLOW_PAIR(gfplab_vmalloc_alloc, gfplab_vmalloc_free);
GFPLAB_SLOW_PAIR(gfplab_vmalloc_32_alloc, gfplab_vmalloc_free);
GFPLAB_SLOW_PAIR(gfplab_contig_alloc, gfplab_contig_free);

/* The maximum plus one is there to be refused by the kernel. */
#define ANY_ORDER	.max_order = GFPLAB_MAX_ORDER + 1, .inner = GFPLAB_ORDER_ASKED

const struct gfplab_entry gfplab_entries[] = {
	{
		.name = "alloc_pages",
		.help = "alloc_pages(gfp, order); obeys the task's mempolicy",
		ANY_ORDER,
		.obeys_policy = true,
		.calls = &gfplab_call_alloc_pages_calls,
	}, {
		.name = "alloc_page",
		.help = "alloc_page(gfp), freed by __free_page()",
		.obeys_policy = true,
		.calls = &alloc_alloc_page_calls,
	}, {
		.name = "alloc_pages_node",
		.help = "alloc_pages_node(nid, gfp, order)",
		ANY_ORDER,
		.takes_nid = true,
		.calls = &gfplab_call_alloc_node_calls,
	}, {
		.name = "alloc_pages_nodemask",
		.help = "__alloc_pages(gfp, order, nid, nodes), the heart of the allocator",
		.absent = GFPLAB_NODEMASK_ABSENT,
		ANY_ORDER,
		.takes_nid = true,
		.takes_nodes = true,
		.calls = &gfplab_call_alloc_nodemask_calls,
	}, {
		.name = "get_free_pages",
		.help = "__get_free_pages(gfp, order), freed by free_pages()",
		ANY_ORDER,
		.obeys_policy = true,
		.strips = __GFP_HIGHMEM,
		.calls = &alloc_gfp_pages_calls,
	}, {
		.name = "get_zeroed_page",
		.help = "get_zeroed_page(gfp), freed by free_page()",
		.obeys_policy = true,
		.strips = __GFP_HIGHMEM,
		.adds = __GFP_ZERO,
		.calls = &alloc_zeroed_calls,
	}, {
		.name = "get_dma_pages",
		.help = "__get_dma_pages(gfp, order): zone DMA",
		ANY_ORDER,
#ifndef CONFIG_ZONE_DMA
		.absent = "this kernel has no zone DMA",
#endif
		.obeys_policy = true,
		.adds = __GFP_DMA,
		.refuses = __GFP_DMA32 | __GFP_HIGHMEM,
		.calls = &alloc_dma_calls,
	}, {
		.name = "alloc_pages_exact",
		.help = "alloc_pages_exact() of 3/4 of 2^order pages, free_pages_exact()",
		.max_order = GFPLAB_MAX_ORDER,
		.inner = GFPLAB_ORDER_ASKED,
		.obeys_policy = true,
		.shape = SHAPE_split,
		.refuses = __GFP_COMP | __GFP_HIGHMEM,
		.calls = &alloc_exact_calls,
	}, {
		.name = "folio_alloc",
		.help = "folio_alloc(gfp, order), freed by folio_put()",
		.absent = GFPLAB_FOLIO_ABSENT,
		.max_order = GFPLAB_MAX_ORDER,
		.inner = GFPLAB_ORDER_ASKED,
		.obeys_policy = true,
		.adds = __GFP_COMP,
		.calls = &alloc_folio_calls,
	}, {
		.name = "put_page",
		.help = "alloc_pages(gfp | __GFP_COMP, order), freed by put_page()",
		.max_order = GFPLAB_MAX_ORDER,
		.inner = GFPLAB_ORDER_ASKED,
		.obeys_policy = true,
		.adds = __GFP_COMP,
		.calls = &alloc_compound_calls,
	}, {
		.name = "split_page",
		.help = "alloc_pages(gfp, order), split_page(), every page freed by itself",
		.max_order = GFPLAB_MAX_ORDER,
		.inner = GFPLAB_ORDER_ASKED,
		.obeys_policy = true,
		.shape = SHAPE_split,
		.refuses = __GFP_COMP,
		.calls = &alloc_split_calls,
	}, {
		.name = "held_page",
		.help = "alloc_pages(gfp, order), freed while its first page has one more reference",
		.max_order = GFPLAB_MAX_ORDER,
		.inner = GFPLAB_ORDER_ASKED,
		.obeys_policy = true,
		.apart = true,
		.refuses = __GFP_COMP | __GFP_ACCOUNT,	/* the charge is not split */
		.calls = &alloc_held_calls,
	}, {
		.name = "bulk",
		.help = "__alloc_pages_bulk(gfp, nid, nodes, 2^order) into an array: single pages",
		.absent = GFPLAB_BULK_ABSENT,
		.max_order = GFPLAB_MAX_ORDER,
		.takes_nid = true,
		.takes_nodes = true,
		.shape = SHAPE_scattered,
		.refuses = __GFP_COMP,
		.calls = &gfplab_bulk_alloc_calls,
		.next = gfplab_bulk_next,
	}, {
		.name = "bulk_refill",
		.help = "__alloc_pages_bulk() twice, for an array half of which is there already",
		.absent = GFPLAB_BULK_ABSENT,
		.min_order = 1,
		.max_order = GFPLAB_MAX_ORDER,
		.takes_nid = true,
		.takes_nodes = true,
		.shape = SHAPE_scattered,
		.refuses = __GFP_COMP,
		.calls = &gfplab_bulk_refill_alloc_calls,
		.next = gfplab_bulk_next,
	}, {
		.name = "bulk_list",
		.help = "__alloc_pages_bulk(gfp, nid, nodes, 2^order) into a list: single pages",
		.absent = GFPLAB_BULK_LIST_ABSENT,
		.max_order = GFPLAB_MAX_ORDER,
		.takes_nid = true,
		.takes_nodes = true,
		.shape = SHAPE_scattered,
		.listed = true,
		.refuses = __GFP_COMP,
		.calls = &gfplab_bulk_list_alloc_calls,
		.next = gfplab_bulk_next,
	}, {
		.name = "release_pages",
		.help = "__alloc_pages_bulk() as bulk, all pages freed as a list by release_pages()",
		.absent = GFPLAB_BULK_ABSENT,
		.max_order = GFPLAB_MAX_ORDER,
		.takes_nid = true,
		.takes_nodes = true,
		.shape = SHAPE_scattered,
		.refuses = __GFP_COMP,
		.calls = &alloc_released_calls,
		.next = gfplab_bulk_next,
	}, {
		.name = "page_frag",
		.help = "page_frag_alloc() of 64 << order bytes from the worker's own cache",
		.max_order = 6,
		.inner = GFPLAB_ANY_ORDER,
		.client = true,
		.shape = SHAPE_fragment,
		/* The cache asks for order 3, by 6.12 without direct reclaim: NOFAIL WARNs. */
		.refuses = __GFP_HIGHMEM | __GFP_ZERO | __GFP_NOFAIL,
		.calls = &gfplab_frag_alloc_calls,
	}, {
		.name = "kmalloc",
		.help = "kmalloc() of 64 << order bytes: a cache of slab asks for pages when it runs dry",
		.max_order = 6,
		.inner = GFPLAB_ANY_ORDER,
		.client = true,
		.shape = SHAPE_fragment,
		.refuses = __GFP_HIGHMEM | __GFP_DMA32 | __GFP_MOVABLE | __GFP_RECLAIMABLE |
			   __GFP_COMP | __GFP_ZERO | __GFP_NOFAIL | __GFP_ACCOUNT | __GFP_THISNODE,
		.calls = &gfplab_slab_alloc_calls,
	}, {
		.name = "kmalloc_large",
		.help = "kmalloc() of 2^order pages, more than slab keeps caches for",
		.min_order = 2,
		.max_order = GFPLAB_MAX_ORDER,
		.inner = GFPLAB_ORDER_ASKED,
		.obeys_policy = GFPLAB_KMALLOC_POLICY,
		.frozen = GFPLAB_KMALLOC_FROZEN,
		.adds = __GFP_COMP,
		.refuses = __GFP_HIGHMEM | __GFP_DMA32,
		.calls = &gfplab_kmalloc_alloc_calls,
	}, {
		.name = "vmalloc",
		.help = "__vmalloc() of 2^order pages, or of `pages`",
		.max_order = GFPLAB_MAX_ORDER,
		.takes_pages = true,
		.inner = GFPLAB_ANY_ORDER,
		.obeys_policy = true,
		.sleeps = true,
		.maps = true,
		.shape = SHAPE_scattered,
		.adds = __GFP_HIGHMEM,
		.refuses = __GFP_COMP | __GFP_DMA | __GFP_DMA32 | __GFP_MOVABLE |
			   __GFP_RECLAIMABLE | __GFP_THISNODE | GFPLAB_VMALLOC_REFUSES,
		.calls = &gfplab_vmalloc_alloc_calls,
		.next = gfplab_vmalloc_next,
	}, {
		.name = "vmalloc_32",
		.help = "vmalloc_32() of 2^order pages, or of `pages`, below 4 GiB",
		.max_order = GFPLAB_MAX_ORDER,
		.takes_pages = true,
		.inner = GFPLAB_ANY_ORDER,
		.obeys_policy = true,
		.sleeps = true,
		.maps = true,
		.shape = SHAPE_scattered,
		/* It takes no mask: what only says how to wait is no matter. */
		.strips = (__force gfp_t)~0U,
		.adds = GFPLAB_VMALLOC_32,
		.refuses = GFP_ZONEMASK | __GFP_RECLAIMABLE | __GFP_WRITE | __GFP_HARDWALL |
			   __GFP_THISNODE | __GFP_MEMALLOC | __GFP_NOFAIL | __GFP_ACCOUNT |
			   __GFP_ZERO | __GFP_COMP,
		.calls = &gfplab_vmalloc_32_alloc_calls,
		.next = gfplab_vmalloc_next,
	}, {
		.name = "contig_range",
		.help = "alloc_contig_range() over 2^order pages, or `pages`, of a `range`",
		.absent = GFPLAB_CONTIG_ABSENT,
		.max_order = GFPLAB_MAX_ORDER,
		.takes_pages = true,
		.inner = GFPLAB_ANY_ORDER,
		.takes_nid = true,
		.sleeps = true,
		.bypass = true,
		.shape = SHAPE_split,
		.refuses = __GFP_COMP | __GFP_DMA | __GFP_DMA32 | __GFP_HIGHMEM | __GFP_MOVABLE |
			   __GFP_RECLAIMABLE | __GFP_ACCOUNT | __GFP_ZERO | __GFP_MEMALLOC |
			   __GFP_THISNODE | __GFP_NOFAIL,
		.calls = &gfplab_contig_alloc_calls,
	}, {
		.name = "alloc_pages_nolock",
		.help = "alloc_pages_nolock(nid, order): one attempt that waits for nothing, not even a lock",
		.absent = GFPLAB_NOLOCK_ABSENT,
		.max_order = PAGE_ALLOC_COSTLY_ORDER,
		.inner = GFPLAB_ORDER_ASKED,
		.takes_nid = true,
		.once = true,
		/* It knows no mask but __GFP_ACCOUNT: what only says how to wait is no matter. */
		.strips = (__force gfp_t)~(__force u32)__GFP_ACCOUNT,
		.adds = __GFP_NOWARN | __GFP_ZERO | __GFP_NOMEMALLOC | __GFP_COMP,
		.refuses = GFP_ZONEMASK | __GFP_RECLAIMABLE | __GFP_WRITE | __GFP_THISNODE |
			   __GFP_HARDWALL | __GFP_MEMALLOC | __GFP_NOFAIL,
		.calls = &alloc_nolock_calls,
	},
};

const unsigned int gfplab_nr_entries = ARRAY_SIZE(gfplab_entries);

/**
 * gfplab_entry_gfp - the mask that an entry hands on
 * @entry: the entry
 * @gfp: the mask it was given
 *
 * Context: any.
 * Return: the mask that reaches the allocator, scopes not applied.
 */
gfp_t gfplab_entry_gfp(const struct gfplab_entry *entry, gfp_t gfp)
{
	return (gfp & ~entry->strips) | entry->adds;
}

/**
 * gfplab_entry_pages - how many pages a request may bring
 * @entry: the entry
 * @order: asked for; over the maximum it brings none
 * @pages: asked for instead; 0: the order counts
 * @least: the fewest, so that it brings any at all
 *
 * Return: the most.
 */
u32 gfplab_entry_pages(const struct gfplab_entry *entry, unsigned int order, u32 pages, u32 *least)
{
	u32 most = pages ?: 1U << min_t(unsigned int, order, GFPLAB_MAX_ORDER);

	if (entry->calls->alloc == alloc_exact)
		most = exact_pages(order);
	if (entry->shape == SHAPE_fragment)
		most = 1;
	*least = entry->shape == SHAPE_scattered ? 1 : most;
	return order > GFPLAB_MAX_ORDER ? 0 : most;
}

/**
 * gfplab_entry_check - may this entry be asked so?
 * @entry: present on this kernel
 * @gfp: the mask
 * @orders: bit n for order n
 * @context: from where
 * @why: the reason for a refusal
 *
 * Return: 0 or -EINVAL.
 */
int gfplab_entry_check(const struct gfplab_entry *entry, gfp_t gfp, unsigned long orders,
		       enum gfplab_context context, struct gfplab_reason *why)
{
	if (__ffs(orders) < entry->min_order || fls_long(orders) - 1 > entry->max_order)
		return gfplab_refuse(why, -1, -EINVAL, "entry %s takes orders %u to %u",
				     entry->name, entry->min_order, entry->max_order);
	if (gfp & entry->refuses)
		return gfplab_refuse(why, -1, -EINVAL,
				     "entry %s can't take these of the gfp bits: 0x%x",
				     entry->name, (__force u32)(gfp & entry->refuses));
	if (entry->sleeps && context != CONTEXT_task)
		return gfplab_refuse(why, -1, -EINVAL, "entry %s sleeps: context=task only",
				     entry->name);
	if (entry->sleeps && !(gfp & __GFP_DIRECT_RECLAIM))
		return gfplab_refuse(why, -1, -EINVAL,
				     "entry %s sleeps: only with __GFP_DIRECT_RECLAIM",
				     entry->name);
	return 0;
}

/**
 * gfplab_block_page - walk the pages of a block
 * @block: the block
 * @prev: what the call for @i - 1 returned
 * @i: 0..pages - 1, one after the other
 *
 * Context: any.
 * Return: the page.
 */
struct page *gfplab_block_page(const struct gfplab_block *block, struct page *prev, u32 i)
{
	const struct gfplab_entry *entry = &gfplab_entries[block->entry];

	if (!i)
		return block->page;
	return entry->next ? entry->next(block, prev, i) : block->page + i;
}

/**
 * gfplab_entry_help - the entries, and which of them this kernel has
 * @m: the file `help`
 */
void gfplab_entry_help(struct seq_file *m)
{
	const struct gfplab_entry *e;

	for (e = gfplab_entries; e < gfplab_entries + gfplab_nr_entries; e++) {
		seq_printf(m, "  %-22s %s\n", e->name, e->help);
		if (e->absent)
			seq_printf(m, "  %-22s absent: %s\n", "", e->absent);
		else
			seq_printf(m, "  %-22s orders %u-%u%s%s%s%s\n", "", e->min_order,
				   e->max_order, e->takes_pages ? "; pages" : "",
				   e->takes_nid ? "; nid" : "",
				   e->takes_nodes ? "; nodes" : "",
				   e->sleeps ? "; context=task only" : "");
	}
	seq_printf(m, "  %-22s bare[:ENTRY], alloc_pages or another: the pair of calls in a tight loop, the\n",
		   "bare");
	seq_printf(m, "  %-22s yardstick of the bench; observe=none check=none context=task, one order, no hold\n",
		   "");
}
