// SPDX-License-Identifier: GPL-2.0
/*
 * entry_multi.c - entries that bring more or less than one block: bulk, page
 * fragments, kmalloc, vmalloc.
 */
#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include "block.h"
#include "compat.h"
#include "entry_multi.h"
#include "zone.h"

/* Return: whether there is any in the array, which is left empty. */
static bool chain(struct page **pages, unsigned int room, struct gfplab_block *block)
{
	struct page *last = NULL;
	unsigned int i;

	block->pages = 0;
	for (i = 0; i < room; i++) {
		if (!pages[i])
			continue;
		if (last)
			set_page_private(last, (unsigned long)pages[i]);
		else
			block->page = pages[i];
		last = pages[i];
		pages[i] = NULL;
		block->pages++;
	}
	if (last)
		set_page_private(last, 0);
	return last;
}

/**
 * gfplab_bulk_alloc - ask for 2^order single pages at once, in an array
 * @args: @args->scratch has room for them
 * @block: gets as many as came; the kernel may bring fewer
 *
 * Return: whether any came.
 */
bool gfplab_bulk_alloc(const struct gfplab_alloc_args *args, struct gfplab_block *block)
{
	unsigned long nr = gfplab_bulk(args->gfp, gfplab_nid(args->nid), args->nodes,
				       1U << args->order, args->scratch);

	return chain(args->scratch, nr, block);
}

/**
 * gfplab_bulk_refill_alloc - ask for the pages that an array lacks
 * @args: order 1 or more; @args->scratch has room for the pages
 * @block: gets as many as came in two calls: one for half of them, which are
 *	   then put into every other place, and one for the rest
 *
 * Return: whether any came.
 */
bool gfplab_bulk_refill_alloc(const struct gfplab_alloc_args *args, struct gfplab_block *block)
{
	struct page **pages = args->scratch;
	unsigned int room = 1U << args->order;
	unsigned long nr, i;

	nr = gfplab_bulk(args->gfp, gfplab_nid(args->nid), args->nodes, room / 2, pages);
	for (i = nr; i-- > 1;) {
		pages[2 * i] = pages[i];
		pages[i] = NULL;
	}
	gfplab_bulk(args->gfp, gfplab_nid(args->nid), args->nodes, room, pages);
	return chain(pages, room, block);
}

/**
 * gfplab_bulk_list_alloc - ask for 2^order single pages at once, in a list
 * @args: what is asked for
 * @block: gets as many as came; the kernel may bring fewer
 *
 * Return: whether any came.
 */
bool gfplab_bulk_list_alloc(const struct gfplab_alloc_args *args, struct gfplab_block *block)
{
	struct page **pages = args->scratch;
	struct page *page, *next;
	unsigned int nr = 0;
	LIST_HEAD(list);

	gfplab_bulk_list(args->gfp, gfplab_nid(args->nid), args->nodes, 1U << args->order, &list);
	list_for_each_entry_safe(page, next, &list, lru) {
		list_del(&page->lru);
		pages[nr++] = page;
	}
	return chain(pages, nr, block);
}

/**
 * gfplab_bulk_next - the page after one of a bulk
 * @block: unused
 * @prev: a page of it
 * @i: unused
 *
 * Context: any.
 * Return: the page.
 */
struct page *gfplab_bulk_next(const struct gfplab_block *block, struct page *prev, u32 i)
{
	return (struct page *)page_private(prev);
}

/**
 * gfplab_bulk_free - free every page by itself
 * @block: of a bulk
 */
void gfplab_bulk_free(const struct gfplab_block *block)
{
	struct page *page = block->page, *next;

	for (; page; page = next) {
		next = (struct page *)page_private(page);
		set_page_private(page, 0);
		__free_page(page);
	}
}

#define RELEASED_AT_ONCE	32	/* pointers on the stack, as in the kernel's own batches */

/**
 * gfplab_bulk_release - free the pages as a list
 * @block: of a bulk
 *
 * Mirrors how a folio_batch is freed: free_unref_page_list(), 5.10 to 6.9, and
 * free_unref_folios().
 */
void gfplab_bulk_release(const struct gfplab_block *block)
{
	struct page *pages[RELEASED_AT_ONCE], *page = block->page;
	int n;

	while (page) {
		for (n = 0; page && n < RELEASED_AT_ONCE; n++) {
			pages[n] = page;
			page = (struct page *)page_private(page);
			set_page_private(pages[n], 0);
		}
		release_pages(pages, n);
	}
}

/**
 * gfplab_frag_alloc - a fragment of 64 << order bytes
 * @args: @args->frags is the worker's cache
 * @block: gets the page behind the fragment
 *
 * Return: whether there is one.
 */
bool gfplab_frag_alloc(const struct gfplab_alloc_args *args, struct gfplab_block *block)
{
	u32 bytes = 64U << args->order;

	block->addr = page_frag_alloc(args->frags, bytes, args->gfp);
	if (!block->addr)
		return false;
	block->page = virt_to_page(block->addr);
	block->pages = 1;
	block->bytes = bytes;
	return true;
}

/**
 * gfplab_frag_free - drop a fragment's reference
 * @block: of gfplab_frag_alloc()
 */
void gfplab_frag_free(const struct gfplab_block *block)
{
	page_frag_free(block->addr);
}

/**
 * gfplab_kmalloc_alloc - kmalloc() beyond the caches of slab
 * @args: order 2 or more
 * @block: gets the pages behind it
 *
 * Return: whether it came.
 */
bool gfplab_kmalloc_alloc(const struct gfplab_alloc_args *args, struct gfplab_block *block)
{
	block->addr = kmalloc(PAGE_SIZE << args->order, args->gfp);
	if (!block->addr)
		return false;
	block->page = virt_to_page(block->addr);
	block->pages = 1U << args->order;
	return true;
}

/**
 * gfplab_slab_alloc - kmalloc() of 64 << order bytes, out of a cache of slab
 * @args: order 0 to 6
 * @block: gets the page that the object is in
 *
 * Return: whether it came.
 */
bool gfplab_slab_alloc(const struct gfplab_alloc_args *args, struct gfplab_block *block)
{
	u32 bytes = 64U << args->order;

	block->addr = kmalloc(bytes, args->gfp);
	if (!block->addr)
		return false;
	block->page = virt_to_page(block->addr);
	block->pages = 1;
	block->bytes = bytes;
	return true;
}

/**
 * gfplab_kmalloc_free - kfree()
 * @block: of gfplab_kmalloc_alloc() or gfplab_slab_alloc()
 */
void gfplab_kmalloc_free(const struct gfplab_block *block)
{
	kfree(block->addr);
}

/* Return: whether the area at @addr is there. */
static bool mapped_area(const struct gfplab_alloc_args *args, struct gfplab_block *block,
			void *addr)
{
	block->addr = addr;
	if (!addr)
		return false;
	block->page = vmalloc_to_page(addr);
	block->pages = gfplab_args_pages(args);
	return true;
}

/**
 * gfplab_vmalloc_alloc - pages from anywhere, mapped together
 * @args: may sleep
 * @block: gets the pages behind it
 *
 * Context: task; may sleep.
 * Return: whether it came.
 */
bool gfplab_vmalloc_alloc(const struct gfplab_alloc_args *args, struct gfplab_block *block)
{
	return mapped_area(args, block, __vmalloc((size_t)gfplab_args_pages(args) << PAGE_SHIFT,
						  args->gfp));
}

/**
 * gfplab_vmalloc_32_alloc - pages below 4 GiB, mapped together
 * @args: may sleep; it takes no mask
 * @block: gets the pages behind it
 *
 * Context: task; may sleep.
 * Return: whether it came.
 */
bool gfplab_vmalloc_32_alloc(const struct gfplab_alloc_args *args, struct gfplab_block *block)
{
	return mapped_area(args, block,
			   vmalloc_32((unsigned long)gfplab_args_pages(args) << PAGE_SHIFT));
}

/**
 * gfplab_vmalloc_next - the @i-th page of a vmalloc area
 * @block: the area
 * @prev: unused
 * @i: which
 *
 * Context: any.
 * Return: the page.
 */
struct page *gfplab_vmalloc_next(const struct gfplab_block *block, struct page *prev, u32 i)
{
	return vmalloc_to_page(block->addr + ((size_t)i << PAGE_SHIFT));
}

/**
 * gfplab_vmalloc_free - vfree()
 * @block: of gfplab_vmalloc_alloc() or gfplab_vmalloc_32_alloc()
 *
 * Context: task.
 */
void gfplab_vmalloc_free(const struct gfplab_block *block)
{
	vfree(block->addr);
}
