/* SPDX-License-Identifier: GPL-2.0 */
/* dirty.h - whether a node has its share of dirty pages */
#ifndef GFPLAB_DIRTY_H
#define GFPLAB_DIRTY_H

#include <linux/atomic.h>
#include <linux/minmax.h>
#include <linux/mm.h>

extern long gfplab_dirty_ratio;

/* A counter of a node; one that is behind by a few may be negative. */
static inline long gfplab_node_stat(const pg_data_t *node, enum node_stat_item item)
{
	return max(atomic_long_read(&node->vm_stat[item]), 0L);
}

bool gfplab_over_dirty(pg_data_t *node, long ratio);
void gfplab_dirty_ratio_read(void);

#endif
