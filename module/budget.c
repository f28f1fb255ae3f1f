// SPDX-License-Identifier: GPL-2.0
/*
 * budget.c - what is left to the system whatever is asked for, and the count of blocks
 * that were allocated and freed, which must agree at exit.
 */
#include <linux/atomic.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/swap.h>
#include "budget.h"

#define RESERVE_MIN_PAGES	4096UL
#define RESERVE_MIN_BYTES	(128UL << 20)
#define RESERVE_SHARE		64
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
