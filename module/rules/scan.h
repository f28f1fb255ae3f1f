/* SPDX-License-Identifier: GPL-2.0 */
/*
 * scan.h - what an attempt finds at a zone, step by step.
 */
#ifndef GFPLAB_RULES_SCAN_H
#define GFPLAB_RULES_SCAN_H

#include "freelist.h"
#include "walk.h"

/**
 * struct gfplab_attempt - what one attempt finds
 * @zone: the zone that answers, NULL if none does
 * @sources: bit SOURCE_x for each that its block may come from
 * @reclaimed: a zone before it that answers instead if node_reclaim() frees enough, or NULL
 * @nr_reclaimed: how many such zones there are
 */
struct gfplab_attempt {
	const struct gfplab_zone_snapshot *zone;
	__u32 sources;
	const struct gfplab_zone_snapshot *reclaimed;
	unsigned int nr_reclaimed;
};

/**
 * struct gfplab_scan - one attempt, as it is asked for
 * @flags: alloc_flags
 * @nodemask: the nodemask counts
 * @cpuset: the cpuset counts
 * @to: where to report each step, or NULL
 */
struct gfplab_scan {
	unsigned int flags;
	bool nodemask;
	bool cpuset;
	struct gfplab_explain_sink *to;
};

bool gfplab_scan_allows(const struct gfplab_scan *s, const struct gfplab_zone_snapshot *v);
__u32 gfplab_scan_zone(const struct gfplab_walk *w, const struct gfplab_zone_snapshot *v,
		       const struct gfplab_scan *s, bool *full);
void gfplab_scan_reclaims(const struct gfplab_walk *w, const struct gfplab_zone_snapshot *v,
			  struct gfplab_attempt *found, struct gfplab_explain_sink *to);

#endif
