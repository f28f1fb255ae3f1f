/* SPDX-License-Identifier: GPL-2.0 */
/*
 * stage.h - a request in the slow path: its attempts, and the stages that it reaches.
 */
#ifndef GFPLAB_RULES_STAGE_H
#define GFPLAB_RULES_STAGE_H

#include "walk.h"
#include "words.h"

/**
 * struct gfplab_slowpath - a request in the slow path
 * @w: the request and a snapshot of the zones
 * @p: the prediction so far
 * @to: where to report each step, or NULL
 * @flags: alloc_flags of the next attempt
 * @nodemask: the nodemask counts
 * @cpuset: the cpuset counts
 * @stage: the furthest stage so far
 */
struct gfplab_slowpath {
	const struct gfplab_walk *w;
	struct gfplab_prediction *p;
	struct gfplab_explain_sink *to;
	unsigned int flags;
	bool nodemask;
	bool cpuset;
	enum gfplab_stage stage;
};

bool gfplab_stage_nothing(const struct gfplab_slowpath *s);
void gfplab_stage_reach(struct gfplab_slowpath *s, enum gfplab_stage stage);
bool gfplab_stage_answered(struct gfplab_slowpath *s);
void gfplab_stage_fails(struct gfplab_slowpath *s);
void gfplab_stage_tries_on(struct gfplab_slowpath *s);
void gfplab_stage_kills(struct gfplab_slowpath *s);
void gfplab_stage_wakes_kswapd(struct gfplab_slowpath *s);

#endif
