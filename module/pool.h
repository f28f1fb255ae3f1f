/* SPDX-License-Identifier: GPL-2.0 */
/* pool.h - the blocks that a worker holds */
#ifndef GFPLAB_POOL_H
#define GFPLAB_POOL_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/types.h>
#include "block.h"

/**
 * struct gfplab_pool - the blocks that one worker holds
 * @lock: guards all that follows; never held across an allocation
 * @reclaimed: oom.c freed its blocks
 * @kept: in the job's list, when the run is over and blocks are still held
 * @blocks: a ring of blocks
 * @size: slots of @blocks
 * @first: the slot of the oldest block, 0..@size - 1
 * @count: blocks held, 0..@size
 * @pages: pages of the blocks held
 */
struct gfplab_pool {
	struct mutex lock;	/* see @lock */
	bool reclaimed;
	struct list_head kept;
	struct gfplab_block *blocks;
	u32 size;
	u32 first;
	u32 count;
	u64 pages;
};

struct gfplab_pool *gfplab_pool_create(u32 size);
void gfplab_pool_destroy(struct gfplab_pool *pool);
void gfplab_pool_push(struct gfplab_pool *pool, const struct gfplab_block *block);
struct gfplab_block gfplab_pool_take(struct gfplab_pool *pool, u32 i);
void gfplab_block_free(const struct gfplab_block *block);
u32 gfplab_pool_drain(struct gfplab_pool *pool);
bool gfplab_pool_release_range(struct gfplab_pool *pool, unsigned long start, unsigned long end);

#endif
