/* SPDX-License-Identifier: GPL-2.0 */
/* budget.h - what is left to the system, and what was allocated and freed */
#ifndef GFPLAB_BUDGET_H
#define GFPLAB_BUDGET_H

#include <linux/types.h>

void gfplab_count_allocated(u64 blocks);
void gfplab_count_freed(u64 blocks);
void gfplab_balance(u64 *allocated, u64 *freed);
u64 gfplab_reserve_pages(void);

#endif
