// SPDX-License-Identifier: GPL-2.0
/*
 * pool.c - the blocks that a worker holds, and how they are freed.
 *
 * A few blocks at a time are taken out under the pool's lock, then checked and freed
 * without it. So several tasks can empty a pool together: the worker at the end of
 * its run, the task that writes `reset`, and the one that ran out of memory.
 */
#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include "account.h"
#include "block.h"
#include "budget.h"
#include "burst.h"
#include "busted.h"
#include "check.h"
#include "entry.h"
#include "pool.h"
#include "quarantine.h"
#include "room.h"

#define AT_ONCE		16	/* blocks taken out together; they lie on the stack */
#define ENTER_PAGES	64	/* entered in the account together */
#define LOOK_AT_ONCE	1024	/* pages looked at under the lock together */

/* All pools, to be emptied when memory runs out. */
static LIST_HEAD(pools);
static DEFINE_SPINLOCK(pools_lock);
static unsigned int nr_pools;

atomic_t gfplab_pools_releasing = ATOMIC_INIT(0);

/* ---- one pool ---- */

static void free_chunks(struct gfplab_pool *pool)
{
	u32 i;

	for (i = 0; pool->chunks && i < gfplab_pool_chunks(pool); i++)
		gfplab_array_free(pool->chunks[i]);
	gfplab_array_free(pool->chunks);
}

/* None of what is there may be made later: memory may be short by then, by our doing. */
static bool make_chunks(struct gfplab_pool *pool)
{
	u32 i, left = pool->size;

	if (!pool->size)
		return true;
	pool->chunks = gfplab_array(ACCOUNT_other, gfplab_pool_chunks(pool), sizeof(*pool->chunks),
				    NULL);
	for (i = 0; pool->chunks && left; i++) {
		u32 n = min(left, GFPLAB_CHUNK);

		pool->chunks[i] = gfplab_array_unset(ACCOUNT_other, n, sizeof(**pool->chunks),
						     NULL);
		if (!pool->chunks[i])
			return false;
		left -= n;
	}
	return pool->chunks;
}

static struct gfplab_block *slot_of(const struct gfplab_pool *pool, u32 slot)
{
	return &pool->chunks[slot >> GFPLAB_CHUNK_BITS][slot & (GFPLAB_CHUNK - 1)];
}

/**
 * gfplab_pool_create - room for blocks
 * @size: how many at most
 * @limit: what their pages are held against
 *
 * Context: may sleep.
 * Return: the pool; NULL without memory.
 */
struct gfplab_pool *gfplab_pool_create(u32 size, enum gfplab_limit limit)
{
	struct gfplab_pool *pool = kzalloc(sizeof(*pool), GFP_KERNEL);

	if (!pool)
		return NULL;
	spin_lock_init(&pool->lock);
	INIT_LIST_HEAD(&pool->kept);
	pool->size = size;
	pool->limit = limit;
	if (!make_chunks(pool)) {
		free_chunks(pool);
		kfree(pool);
		return NULL;
	}
	spin_lock(&pools_lock);
	list_add(&pool->all, &pools);
	nr_pools++;
	spin_unlock(&pools_lock);
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
	gfplab_pool_settle(pool);
	spin_lock(&pools_lock);
	list_del(&pool->all);
	nr_pools--;
	spin_unlock(&pools_lock);
	free_chunks(pool);
	kfree(pool);
}

/**
 * gfplab_pool_reserve - enter pages in the account before they are asked for
 * @pool: the pool that will hold them; nothing is entered if that has no size
 * @pages: how many
 *
 * Context: the pool's worker; takes @pool->lock now and then.
 * Return: false if that is more than may be held.
 */
bool gfplab_pool_reserve(struct gfplab_pool *pool, u32 pages)
{
	u64 wanted = READ_ONCE(pool->pages) + pages, entered = READ_ONCE(pool->entered), more;

	if (!pool->size || wanted <= entered)
		return true;
	more = max(wanted - entered, (u64)ENTER_PAGES);
	if (!gfplab_account_take(ACCOUNT_blocks, more << PAGE_SHIFT, pool->limit)) {
		more = wanted - entered;
		if (!gfplab_account_take(ACCOUNT_blocks, more << PAGE_SHIFT, pool->limit))
			return false;
	}
	spin_lock(&pool->lock);
	WRITE_ONCE(pool->entered, pool->entered + more);
	spin_unlock(&pool->lock);
	return true;
}

/*
 * With the pool's lock held: the account is right again. A block that came after the pool was
 * emptied by others is not entered yet.
 */
static void settle(struct gfplab_pool *pool)
{
	if (pool->entered < pool->pages)
		gfplab_account_enter(ACCOUNT_blocks, (pool->pages - pool->entered) << PAGE_SHIFT,
				     pool->limit);
	else
		gfplab_account_give(ACCOUNT_blocks, (pool->entered - pool->pages) << PAGE_SHIFT,
				    pool->limit);
	WRITE_ONCE(pool->entered, pool->pages);
}

/**
 * gfplab_pool_settle - make the account right: what is held, and no more
 * @pool: the pool
 *
 * Context: any; takes @pool->lock.
 */
void gfplab_pool_settle(struct gfplab_pool *pool)
{
	spin_lock(&pool->lock);
	settle(pool);
	spin_unlock(&pool->lock);
}

/*
 * With the pool's lock held: @sign 1, the pages of a block are held from now on; -1: no longer.
 * Pages from anywhere count for the zone of the first: all are of the zones that the run may use.
 */
static void count_held(const struct gfplab_pool *pool, const struct gfplab_block *block, int sign)
{
	if (pool->charged)
		atomic64_add((s64)sign * block->pages, &gfplab_room_charged);
	if (pool->limit == LIMIT_module)
		gfplab_room_hold(gfplab_block_page(block, NULL, 0), (long)sign * block->pages);
}

/**
 * gfplab_pool_push - hold a block
 * @pool: not full
 * @block: what to hold
 *
 * Context: @pool->lock is held.
 */
void gfplab_pool_push(struct gfplab_pool *pool, const struct gfplab_block *block)
{
	u32 slot = pool->first + pool->count;

	if (slot >= pool->size)
		slot -= pool->size;
	*slot_of(pool, slot) = *block;
	pool->count++;
	WRITE_ONCE(pool->pages, pool->pages + block->pages);
	count_held(pool, block, 1);
}

/**
 * gfplab_pool_take - stop holding a block
 * @pool: not empty
 * @i: 0 is the oldest, count - 1 the youngest
 *
 * Taking an end keeps the order of age; from the middle, the oldest takes the
 * place of the one taken.
 *
 * Context: @pool->lock is held.
 * Return: the block.
 */
struct gfplab_block gfplab_pool_take(struct gfplab_pool *pool, u32 i)
{
	u32 slot = pool->first + i;
	struct gfplab_block block;

	if (slot >= pool->size)
		slot -= pool->size;
	block = *slot_of(pool, slot);
	if (i != pool->count - 1) {
		*slot_of(pool, slot) = *slot_of(pool, pool->first);
		if (++pool->first == pool->size)
			pool->first = 0;
	}
	pool->count--;
	WRITE_ONCE(pool->pages, pool->pages - block.pages);
	count_held(pool, &block, -1);
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

/* With the pool's lock held. The youngest blocks, @max at most; returns how many. */
static u32 take_some(struct gfplab_pool *pool, struct gfplab_block *blocks, u32 max)
{
	u32 n = 0;

	while (pool->count && n < max)
		blocks[n++] = gfplab_pool_take(pool, pool->count - 1);
	return n;
}

/**
 * gfplab_pool_drain - free all that is held
 * @pool: the pool
 *
 * A block whose content changed is not freed: see check.c.
 *
 * Context: may sleep; takes @pool->lock.
 * Return: how many blocks were found changed.
 */
u32 gfplab_pool_drain(struct gfplab_pool *pool)
{
	struct gfplab_block blocks[AT_ONCE];
	u32 bad = 0, i, n;

	for (;;) {
		u32 freed = 0;

		spin_lock(&pool->lock);
		n = take_some(pool, blocks, AT_ONCE);
		spin_unlock(&pool->lock);
		if (!n)
			return bad;
		for (i = 0; i < n; i++) {
			if (GFPLAB_BUSTED(leaked_block) && !i)
				continue;
			if (gfplab_check_leave(&blocks[i])) {
				gfplab_block_free(&blocks[i]);
				freed++;
			} else {
				gfplab_quarantine(&blocks[i]);
				bad++;
			}
		}
		gfplab_count_freed(freed);
		cond_resched_tasks_rcu_qs();
	}
}

/* ---- a range of memory ---- */

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

/*
 * The next block from the @at-th on that has a page in the range; true if @block is
 * one. @at: where to go on; the pool's count when none is left.
 */
static bool take_touching(struct gfplab_pool *pool, unsigned long start, unsigned long end,
			  u32 *at, struct gfplab_block *block)
{
	u32 looks = 0, slot;
	bool found = false;

	spin_lock(&pool->lock);
	while (looks < LOOK_AT_ONCE && *at < pool->count) {
		slot = pool->first + *at;
		if (slot >= pool->size)
			slot -= pool->size;
		looks += slot_of(pool, slot)->pages;
		found = touches(slot_of(pool, slot), start, end);
		if (found) {
			/* The oldest block, which takes its place, was looked at before. */
			*block = gfplab_pool_take(pool, *at);
			break;
		}
		(*at)++;
	}
	if (*at > pool->count)
		*at = pool->count;
	spin_unlock(&pool->lock);
	return found;
}

/**
 * gfplab_pool_release_range - free the blocks that have a page in a range
 * @pool: the pool
 * @start: the first frame
 * @end: the frame after the last
 *
 * A block with changed content goes to quarantine.c, and its pages stay in use.
 *
 * Context: may sleep; takes @pool->lock. @pool is of a run that is over.
 * Return: true if no block is left there; false if one went to quarantine.
 */
bool gfplab_pool_release_range(struct gfplab_pool *pool, unsigned long start, unsigned long end)
{
	struct gfplab_block block;
	bool vacant = true;
	u64 freed = 0;
	u32 at = 0;

	while (at < READ_ONCE(pool->count)) {
		cond_resched_tasks_rcu_qs();
		if (!take_touching(pool, start, end, &at, &block))
			continue;
		if (gfplab_check_leave(&block)) {
			gfplab_block_free(&block);
			freed++;
		} else {
			gfplab_quarantine(&block);
			vacant = false;
		}
	}
	gfplab_pool_settle(pool);
	gfplab_count_freed(freed);
	return vacant;
}

/* ---- all pools ---- */

/**
 * gfplab_pools_pages - what all pools hold that can be taken back at once
 *
 * Context: any.
 * Return: pages.
 */
u64 gfplab_pools_pages(void)
{
	struct gfplab_pool *pool;
	u64 pages = 0;

	spin_lock(&pools_lock);
	list_for_each_entry(pool, &pools, all)
		if (!READ_ONCE(pool->stays))
			pages += READ_ONCE(pool->pages);
	spin_unlock(&pools_lock);
	return pages;
}

/* Blocks of any pool. An empty pool goes to the end of the list, so that it is passed once. */
static u32 take_anywhere(struct gfplab_block *blocks, u32 max)
{
	unsigned int left;
	u32 n = 0;

	spin_lock(&pools_lock);
	for (left = nr_pools; left && n < max; left--) {
		struct gfplab_pool *pool = list_first_entry(&pools, struct gfplab_pool, all);

		if (!READ_ONCE(pool->stays)) {
			spin_lock(&pool->lock);
			n += take_some(pool, blocks + n, max - n);
			settle(pool);
			spin_unlock(&pool->lock);
		}
		if (n < max)
			list_move_tail(&pool->all, &pools);
	}
	spin_unlock(&pools_lock);
	return n;
}

/**
 * gfplab_pools_release - empty all pools, but for those that stay
 *
 * Contents are not looked at: the system waits for the memory.
 *
 * Context: may sleep; takes the lock of all pools and of each, which are held for a few
 * list operations only.
 */
void gfplab_pools_release(void)
{
	struct gfplab_block blocks[AT_ONCE];
	u32 i, n;

	while ((n = take_anywhere(blocks, AT_ONCE))) {
		for (i = 0; i < n; i++) {
			gfplab_check_forget(&blocks[i]);
			gfplab_block_free(&blocks[i]);
		}
		gfplab_count_freed(n);
		cond_resched_tasks_rcu_qs();
	}
}
