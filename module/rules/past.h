/* SPDX-License-Identifier: GPL-2.0 */
/*
 * past.h - the same request and machine, as another release would see them.
 */
#ifndef GFPLAB_RULES_PAST_H
#define GFPLAB_RULES_PAST_H

#include "portable.h"
#include "walk.h"

bool gfplab_walk_of_release(struct gfplab_walk *then, const struct gfplab_walk *now,
			    __u32 release);
bool gfplab_same_rules(const struct gfplab_walk *a, const struct gfplab_walk *b);
void gfplab_not_followed(const struct gfplab_walk *w, struct gfplab_explain_sink *to);

#endif
