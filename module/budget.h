/* SPDX-License-Identifier: GPL-2.0 */
/* budget.h - what may be held, and what was allocated and freed */
#ifndef GFPLAB_BUDGET_H
#define GFPLAB_BUDGET_H

#include <linux/nodemask.h>
#include <linux/types.h>

void *gfplab_array(size_t n, size_t size, size_t *sum);
void gfplab_count_allocated(u64 blocks);
void gfplab_count_freed(u64 blocks);
void gfplab_balance(u64 *allocated, u64 *freed);
u64 gfplab_default_pages(void);
u64 gfplab_reserve_pages(void);
bool gfplab_nodes_have_room(const nodemask_t *nodes);

#endif
