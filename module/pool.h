/* SPDX-License-Identifier: GPL-2.0 */
/* pool.h - the blocks that a worker holds */
#ifndef GFPLAB_POOL_H
#define GFPLAB_POOL_H

#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include "account.h"
#include "block.h"

/**
 * struct gfplab_pool - the blocks that one worker holds
 * @lock: guards what follows but @all and @kept. Blocks are checked and freed outside of it, so
 *	that a task in want of memory waits for no more than a few list operations
 * @all: in the list of all pools
 * @kept: in the job's list, when the run is over and blocks are still held
 * @stays: not to be emptied when the system runs out of memory
 * @charged: what it holds is charged to a memory cgroup
 * @chunks: a ring of blocks, in pieces that are not too large to be had
 * @size: slots of the ring
 * @first: the slot of the oldest block, 0..@size - 1
 * @count: blocks held, 0..@size
 * @pages: pages of the blocks held
 * @limit: what they are held against
 * @entered: pages in the module's account for them; not less, but for a moment
 */
struct gfplab_pool {
	spinlock_t lock;	/* see @lock */
	struct list_head all;
	struct list_head kept;
	bool stays;
	bool charged;
	struct gfplab_block **chunks;
	u32 size;
	u32 first;
	u32 count;
	u64 pages;
	enum gfplab_limit limit;
	u64 entered;
};

/* Not 0: the system is out of memory, and oom.c is about to empty all pools. */
extern atomic_t gfplab_pools_releasing;

#define GFPLAB_CHUNK_BITS	14	/* 2^14 blocks: 640 KiB on 64 bits */
#define GFPLAB_CHUNK		((u32)BIT(GFPLAB_CHUNK_BITS))

static inline u32 gfplab_pool_chunks(const struct gfplab_pool *pool)
{
	return DIV_ROUND_UP_ULL(pool->size, GFPLAB_CHUNK);
}

/* What a pool takes beside the blocks that it holds. */
static inline u64 gfplab_pool_bytes(const struct gfplab_pool *pool)
{
	return sizeof(*pool) + (u64)pool->size * sizeof(**pool->chunks) +
	       gfplab_pool_chunks(pool) * sizeof(*pool->chunks);
}

/* Whether so many more pages are entered in the account already. */
static inline bool gfplab_pool_covers(const struct gfplab_pool *pool, u32 pages)
{
	return !pool->size || READ_ONCE(pool->pages) + pages <= READ_ONCE(pool->entered);
}

struct gfplab_pool *gfplab_pool_create(u32 size, enum gfplab_limit limit);
void gfplab_pool_destroy(struct gfplab_pool *pool);
bool gfplab_pool_reserve(struct gfplab_pool *pool, u32 pages);
void gfplab_pool_settle(struct gfplab_pool *pool);
void gfplab_pool_push(struct gfplab_pool *pool, const struct gfplab_block *block);
struct gfplab_block gfplab_pool_take(struct gfplab_pool *pool, u32 i);
void gfplab_block_free(const struct gfplab_block *block);
u32 gfplab_pool_drain(struct gfplab_pool *pool);
bool gfplab_pool_release_range(struct gfplab_pool *pool, unsigned long start, unsigned long end);
u64 gfplab_pools_pages(void);
void gfplab_pools_release(void);

#endif
