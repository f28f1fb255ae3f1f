// SPDX-License-Identifier: GPL-2.0
/*
 * pool.c - the blocks that are held, the budget, and the count of what was
 * taken from the system and given back, which must agree at exit.
 */
#include <linux/atomic.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/swap.h>
#include "gfplab.h"

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
 *
 * Fails quietly rather than making the system look for victims: what a user
 * asks for here is no reason to kill anybody.
 *
 * Context: may sleep. Return: the memory, for kvfree(); NULL.
 */
void *gfplab_array(size_t n, size_t size)
{
	size_t bytes;

	if (check_mul_overflow(n, size, &bytes) || bytes > INT_MAX ||
	    bytes >> PAGE_SHIFT > max(gfplab_default_pages(), SMALL_PAGES))
		return NULL;
	return kvzalloc(bytes, GFP_KERNEL | __GFP_NOWARN | __GFP_RETRY_MAYFAIL);
}

/**
 * gfplab_pool_create - room for blocks
 * @size: how many at most
 *
 * Context: may sleep. Return: the pool, NULL without memory.
 */
struct gfplab_pool *gfplab_pool_create(u32 size)
{
	struct gfplab_pool *pool = kzalloc(sizeof(*pool), GFP_KERNEL);

	if (!pool)
		return NULL;
	INIT_LIST_HEAD(&pool->kept);
	pool->size = size;
	pool->blocks = gfplab_array(size ?: 1, sizeof(*pool->blocks));
	if (!pool->blocks) {
		kfree(pool);
		return NULL;
	}
	return pool;
}

/**
 * gfplab_pool_destroy - give back the room, and any block still in it
 * @pool: may be NULL
 *
 * Context: may sleep.
 */
void gfplab_pool_destroy(struct gfplab_pool *pool)
{
	if (!pool)
		return;
	gfplab_pool_drain(pool);
	kvfree(pool->blocks);
	kfree(pool);
}

/**
 * gfplab_pool_push - hold a block
 * @pool: not full
 * @block: what to hold
 */
void gfplab_pool_push(struct gfplab_pool *pool, const struct gfplab_block *block)
{
	u32 slot = pool->first + pool->count;

	if (slot >= pool->size)
		slot -= pool->size;
	pool->blocks[slot] = *block;
	pool->count++;
	pool->pages += block->pages;
}

/**
 * gfplab_pool_take - stop holding a block
 * @pool: not empty
 * @i: 0 is the oldest, count - 1 the youngest
 *
 * Taking an end keeps the order of age; from the middle, the oldest takes the
 * place of the one taken.
 *
 * Return: the block.
 */
struct gfplab_block gfplab_pool_take(struct gfplab_pool *pool, u32 i)
{
	u32 slot = pool->first + i;
	struct gfplab_block block;

	if (slot >= pool->size)
		slot -= pool->size;
	block = pool->blocks[slot];
	if (i != pool->count - 1) {
		pool->blocks[slot] = pool->blocks[pool->first];
		if (++pool->first == pool->size)
			pool->first = 0;
	}
	pool->count--;
	pool->pages -= block.pages;
	return block;
}

/**
 * gfplab_block_free - give a block back the way it came
 * @block: entry and order tell how
 *
 * Context: any that the entry's free function allows.
 */
void gfplab_block_free(const struct gfplab_block *block)
{
	gfplab_entries[block->entry].free(block);
}

/**
 * gfplab_pool_drain - free all that is held
 * @pool: the pool
 *
 * A block whose content changed is not freed: see check.c.
 *
 * Context: may sleep. Return: how many blocks were found changed.
 */
u32 gfplab_pool_drain(struct gfplab_pool *pool)
{
	struct gfplab_block block;
	u32 bad = 0;
	u64 freed = 0;

	while (pool->count) {
		block = gfplab_pool_take(pool, pool->count - 1);
		if (GFPLAB_BUSTED(leaked_block) && !(pool->count & 63))
			continue;
		if (!gfplab_check_leave(&block)) {
			gfplab_quarantine(&block);
			bad++;
		} else {
			gfplab_block_free(&block);
			freed++;
		}
		cond_resched_tasks_rcu_qs();
	}
	gfplab_count_freed(freed);
	return bad;
}

static bool touches(const struct gfplab_block *block, unsigned long start, unsigned long end)
{
	struct page *page = NULL;
	u32 i;

	for (i = 0; i < block->pages; i++) {
		page = gfplab_block_page(block, page, i);
		if (page_to_pfn(page) >= start && page_to_pfn(page) < end)
			return true;
	}
	return false;
}

/**
 * gfplab_pool_release_range - free the blocks that have a page in a range
 * @pool: the pool
 * @start: the first frame
 * @end: the frame after the last
 *
 * Context: may sleep. Return: whether none is left there: one whose content
 * changed is kept from the system for good.
 */
bool gfplab_pool_release_range(struct gfplab_pool *pool, unsigned long start, unsigned long end)
{
	struct gfplab_block block;
	bool vacant = true;
	u64 freed = 0;
	u32 i = 0;

	while (i < pool->count) {
		u32 slot = pool->first + i;

		cond_resched_tasks_rcu_qs();
		if (slot >= pool->size)
			slot -= pool->size;
		if (!touches(&pool->blocks[slot], start, end)) {
			i++;
			continue;
		}
		/* What takes its place, if anything does, was looked at before. */
		block = gfplab_pool_take(pool, i);
		if (gfplab_check_leave(&block)) {
			gfplab_block_free(&block);
			freed++;
		} else {
			gfplab_quarantine(&block);
			vacant = false;
		}
	}
	gfplab_count_freed(freed);
	return vacant;
}
