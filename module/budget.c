// SPDX-License-Identifier: GPL-2.0
/*
 * budget.c - what a run may hold, and the count of blocks that were
 * allocated and freed, which must agree at exit.
 */
#include <linux/atomic.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/nodemask.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/swap.h>
#include "budget.h"
#include "zone.h"

#define RESERVE_MIN_PAGES	4096UL
#define RESERVE_MIN_BYTES	(128UL << 20)
#define RESERVE_SHARE		64
#define NODES_SHARE		8
#define SMALL_PAGES		16ULL	/* are had even where nothing counts as available */
static atomic64_t blocks_allocated;
static atomic64_t blocks_freed;

/**
 * gfplab_count_allocated - account blocks that came from the allocator
 * @blocks: how many; a worker adds up and reports once
 *
 * Context: any.
 */
void gfplab_count_allocated(u64 blocks)
{
	atomic64_add(blocks, &blocks_allocated);
}

/**
 * gfplab_count_freed - account blocks that went back to the allocator
 * @blocks: how many
 *
 * Context: any.
 */
void gfplab_count_freed(u64 blocks)
{
	atomic64_add(blocks, &blocks_freed);
}

/**
 * gfplab_balance - blocks taken and given back since load
 * @allocated: out
 * @freed: out
 */
void gfplab_balance(u64 *allocated, u64 *freed)
{
	*allocated = atomic64_read(&blocks_allocated);
	*freed = atomic64_read(&blocks_freed);
}

/**
 * gfplab_reserve_pages - what must always be left to the system
 *
 * The rule that LTP's memory tests follow: the largest of 4096 pages,
 * 128 MiB and a 64th of what is available.
 *
 * Return: pages.
 */
u64 gfplab_reserve_pages(void)
{
	return max3(RESERVE_MIN_PAGES, RESERVE_MIN_BYTES >> PAGE_SHIFT,
		    (unsigned long)max(si_mem_available(), 0L) / RESERVE_SHARE);
}

/**
 * gfplab_nodes_have_room - whether some nodes are far from full
 * @nodes: they and no others may be used
 *
 * Return: whether an eighth of their memory is free or page cache.
 */
bool gfplab_nodes_have_room(const nodemask_t *nodes)
{
	unsigned long managed = 0, room = 0;
	struct zone *zone;
	int nid, i;

	for_each_node_mask(nid, *nodes) {
		for (i = 0; i < MAX_NR_ZONES; i++) {
			zone = gfplab_zone(nid, i);
			if (!zone)
				continue;
			managed += zone_managed_pages(zone);
			room += zone_page_state(zone, NR_FREE_PAGES) +
				zone_page_state(zone, NR_ZONE_INACTIVE_FILE) +
				zone_page_state(zone, NR_ZONE_ACTIVE_FILE);
		}
	}
	return room > managed / NODES_SHARE;
}

/**
 * gfplab_default_pages - the budget of a run that names none
 *
 * A quarter of what is available now, and never into the reserve.
 *
 * Return: pages, perhaps 0.
 */
u64 gfplab_default_pages(void)
{
	u64 available = max(si_mem_available(), 0L);
	u64 reserve = gfplab_reserve_pages();

	if (available <= reserve)
		return 0;
	return min(available / 4, available - reserve);
}

/**
 * gfplab_array - zeroed memory for a run
 * @n: elements
 * @size: of one, in bytes
 * @sum: NULL, or where the bytes are added
 *
 * Fails quietly instead of invoking the OOM killer: what an option asks for is no
 * reason to kill a task.
 *
 * Context: may sleep.
 * Return: the memory, for kvfree(); NULL if it is more than the budget, or not there.
 */
void *gfplab_array(size_t n, size_t size, size_t *sum)
{
	size_t bytes;

	if (check_mul_overflow(n, size, &bytes) || bytes > INT_MAX ||
	    bytes >> PAGE_SHIFT > max(gfplab_default_pages(), SMALL_PAGES))
		return NULL;
	if (sum)
		*sum += bytes;
	return kvzalloc(bytes, GFP_KERNEL | __GFP_NOWARN | __GFP_RETRY_MAYFAIL);
}
