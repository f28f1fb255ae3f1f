/* SPDX-License-Identifier: GPL-2.0 */
/*
 * prediction.h - what attempts and stages add to a prediction.
 */
#ifndef GFPLAB_RULES_PREDICTION_H
#define GFPLAB_RULES_PREDICTION_H

#include "freelist.h"
#include "portable.h"
#include "walk.h"
#include "words.h"

void gfplab_prediction_unsure(struct gfplab_prediction *p, __u32 stages, __u32 results);
bool gfplab_prediction_answered(struct gfplab_prediction *p, const struct gfplab_attempt *found,
				enum gfplab_stage stage);
void gfplab_prediction_fails(struct gfplab_prediction *p, enum gfplab_stage stage);

#endif
