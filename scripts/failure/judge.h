/* SPDX-License-Identifier: GPL-2.0 */
/*
 * judge.h - why a request failed, by the rules of its kernel.
 */
#ifndef FAILURE_JUDGE_H
#define FAILURE_JUDGE_H

#include "failure.h"

bool parse_release(const char *text, unsigned int *release);
void judge_failure(struct failure *f, unsigned int release);
struct zone_verdict judge_zone(const struct failure *f, const struct gfplab_walk *w, int zone,
			       unsigned int alloc_flags);
bool knows_request(const struct failure *f);
bool zone_told(const struct failure *f, const struct zone_lines *z);
bool zone_allowed(const struct failure *f, int zone);

#endif
