/* SPDX-License-Identifier: GPL-2.0 */
/* check.h - what must be true of a block */
#ifndef GFPLAB_CHECK_H
#define GFPLAB_CHECK_H

#include <linux/sched.h>
#include <linux/types.h>
#include "rules/words.h"

struct gfplab_block;
struct gfplab_evidence;
struct gfplab_plan;
struct gfplab_quick_check;
struct gfplab_verdict;

/* Counts changes of this task's nodes, cpuset and mempolicy, by another; odd meanwhile. */
static inline unsigned int gfplab_mems_seq(void)
{
#ifdef CONFIG_CPUSETS
	return raw_read_seqcount(&current->mems_allowed_seq);
#else
	return 0;
#endif
}

u16 gfplab_check_block(const struct gfplab_block *block, const struct gfplab_plan *plan,
		       const struct gfplab_verdict *verdict,
		       const struct gfplab_evidence *seen);
void gfplab_check_fill(struct gfplab_block *block, u64 sum);
bool gfplab_check_leave(const struct gfplab_block *block);
void gfplab_check_forget(const struct gfplab_block *block);
bool gfplab_quick_check_init(struct gfplab_quick_check *quick, const struct gfplab_plan *plan);
void gfplab_quick_check_renew(struct gfplab_quick_check *quick, const struct gfplab_plan *plan,
			      enum gfplab_stage stage);

#endif
