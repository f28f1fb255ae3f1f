// SPDX-License-Identifier: GPL-2.0
/*
 * pool.c - the blocks that a worker holds, and how they are freed.
 */
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include "block.h"
#include "budget.h"
#include "burst.h"
#include "busted.h"
#include "check.h"
#include "entry.h"
#include "pool.h"
#include "quarantine.h"

/**
 * gfplab_pool_create - room for blocks
 * @size: how many at most
 *
 * Context: may sleep.
 * Return: the pool; NULL without memory.
 */
struct gfplab_pool *gfplab_pool_create(u32 size)
{
	struct gfplab_pool *pool = kzalloc(sizeof(*pool), GFP_KERNEL);

	if (!pool)
		return NULL;
	mutex_init(&pool->lock);
	INIT_LIST_HEAD(&pool->kept);
	pool->size = size;
	pool->blocks = gfplab_array(size ?: 1, sizeof(*pool->blocks), NULL);
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
 *
 * Context: @pool->lock is held, or the pool belongs to the caller alone.
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
 * Context: @pool->lock is held, or the pool belongs to the caller alone.
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
	gfplab_entries[block->entry].calls->free(block);
}

/**
 * gfplab_pool_drain - free all that is held
 * @pool: the pool
 *
 * A block whose content changed is not freed: see check.c.
 *
 * Context: may sleep; @pool->lock is held, or the pool belongs to the caller alone.
 * Return: how many blocks were found changed.
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
 * A block with changed content goes to quarantine.c, and its pages stay in use.
 *
 * Context: may sleep; @pool belongs to the caller alone (its run is over).
 * Return: true if no block is left there; false if one went to quarantine.
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
		/* The oldest block, which takes its place, was checked before. */
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
