/* SPDX-License-Identifier: GPL-2.0 */
/*
 * slowpath.h - what the slow path does after the first attempt failed.
 */
#ifndef GFPLAB_RULES_SLOWPATH_H
#define GFPLAB_RULES_SLOWPATH_H

#include "slow_flags.h"
#include "walk.h"

bool gfplab_may_retry(const struct gfplab_walk *w);
bool gfplab_may_not_end(const struct gfplab_walk *w);
bool gfplab_walls_unknown(const struct gfplab_walk *w);
void gfplab_predict_slowpath(const struct gfplab_walk *w, struct gfplab_prediction *p,
			     struct gfplab_explain_sink *to);

#endif
