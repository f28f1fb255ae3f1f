// SPDX-License-Identifier: GPL-2.0
/*
 * entry.c - the doors of the page allocator, one thin wrapper each.
 *
 * A wrapper, not a function pointer into the kernel: since 6.10 alloc_pages()
 * and its relatives are macros.
 */
#include <linux/gfp.h>
#include <linux/mm.h>
#include "gfplab.h"

static struct page *entry_alloc_pages(const struct gfplab_ask *ask)
{
	return alloc_pages(ask->gfp, ask->order);
}

static struct page *entry_alloc_pages_node(const struct gfplab_ask *ask)
{
	return alloc_pages_node(ask->nid, ask->gfp, ask->order);
}

/* As alloc_pages_node() does, no node means the nearest with memory. */
static struct page *entry_alloc_pages_nodemask(const struct gfplab_ask *ask)
{
	int nid = ask->nid == NUMA_NO_NODE ? numa_mem_id() : ask->nid;

	return gfplab_alloc_nodemask(ask->gfp, ask->order, nid, ask->nodes);
}

static struct page *entry_get_free_pages(const struct gfplab_ask *ask)
{
	unsigned long addr = __get_free_pages(ask->gfp, ask->order);

	return addr ? virt_to_page((void *)addr) : NULL;
}

static void entry_free_addr(struct page *page, unsigned int order)
{
	free_pages((unsigned long)page_address(page), order);
}

const struct gfplab_entry gfplab_entries[] = {
	{
		.name = "alloc_pages",
		.help = "alloc_pages(gfp, order); obeys the task's mempolicy",
		.alloc = entry_alloc_pages,
		.free = __free_pages,
	}, {
		.name = "alloc_pages_node",
		.help = "alloc_pages_node(nid, gfp, order)",
		.takes_nid = true,
		.alloc = entry_alloc_pages_node,
		.free = __free_pages,
	}, {
		.name = "alloc_pages_nodemask",
		.help = "__alloc_pages(gfp, order, nid, nodes), the heart of the allocator",
		.takes_nid = true,
		.takes_nodes = true,
		.alloc = entry_alloc_pages_nodemask,
		.free = __free_pages,
	}, {
		.name = "get_free_pages",
		.help = "__get_free_pages(gfp, order), freed by free_pages()",
		.strips = __GFP_HIGHMEM,
		.alloc = entry_get_free_pages,
		.free = entry_free_addr,
	},
};

const unsigned int gfplab_nr_entries = ARRAY_SIZE(gfplab_entries);
