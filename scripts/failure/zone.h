/* SPDX-License-Identifier: GPL-2.0 */
/*
 * zone.h - one zone of a report.
 */
#ifndef FAILURE_ZONE_H
#define FAILURE_ZONE_H

#include "failure.h"

bool knows_request(const struct failure *f);
bool zone_has_memory(const struct zone_lines *z);
bool zone_low_enough(const struct failure *f, int zone);
bool zone_nodemask(const struct failure *f);
bool zone_in_nodemask(const struct failure *f, int nid);
void zone_order(const struct failure *f, int order[ZONES_MAX]);
bool zone_allowed(const struct failure *f, int zone);
bool zone_told(const struct failure *f, const struct zone_lines *z);
long zone_boost(const struct failure *f, int zone);
bool zone_lists(const struct zone_lines *z);
struct zone_verdict judge_zone(const struct failure *f, const struct gfplab_walk *w, int zone,
			       unsigned int alloc_flags);

#endif
