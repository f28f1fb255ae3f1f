/* SPDX-License-Identifier: GPL-2.0 */
/*
 * freelist.h - from where in a zone a block comes, and which zones may be used.
 */
#ifndef GFPLAB_RULES_FREELIST_H
#define GFPLAB_RULES_FREELIST_H

#include "portable.h"
#include "walk.h"

/**
 * struct gfplab_fallback - where a request goes whose own migratetype has no block for it
 * @claims: bit CLAIM_x for each that may come of it; 0: there is no fallback
 * @from: the migratetype that it takes from, WALK_x, if @certain
 * @order: of the free block that it takes, if @certain
 * @certain: it can be no other block
 */
struct gfplab_fallback {
	__u32 claims;
	unsigned int from;
	unsigned int order;
	bool certain;
};

struct gfplab_fallback gfplab_rmqueue_fallback(const struct gfplab_walk *w,
					       const struct gfplab_zone_snapshot *v,
					       unsigned int flags);
bool gfplab_takes_cma(const struct gfplab_walk *w, const struct gfplab_zone_snapshot *v,
		      unsigned int flags);
bool gfplab_may_use(const struct gfplab_zone_snapshot *v, bool nodemask, bool cpuset);
const struct gfplab_zone_snapshot *gfplab_first_zone(const struct gfplab_walk *w, bool nodemask,
						     bool cpuset);
__u32 gfplab_rmqueue(const struct gfplab_walk *w, const struct gfplab_zone_snapshot *v,
		     unsigned int flags);
bool gfplab_on_pcp_list(const struct gfplab_walk *w, const struct gfplab_zone_snapshot *v);

#endif
