/* SPDX-License-Identifier: GPL-2.0 */
/*
 * prediction.h - what attempts and stages add to a prediction, and what it reads like.
 */
#ifndef GFPLAB_RULES_PREDICTION_H
#define GFPLAB_RULES_PREDICTION_H

#include "scan.h"
#include "portable.h"
#include "walk.h"
#include "words.h"

/* Room for any prediction, and its NUL: three sets of words and a place. */
#define GFPLAB_PREDICTION_MAX	256

void gfplab_prediction_begin(struct gfplab_prediction *p);
void gfplab_prediction_unsure(struct gfplab_prediction *p, const struct gfplab_walk *w,
			      enum gfplab_stage stage, bool nodemask);
bool gfplab_prediction_answered(struct gfplab_prediction *p, const struct gfplab_walk *w,
				const struct gfplab_attempt *found, enum gfplab_stage stage);
void gfplab_prediction_fails(struct gfplab_prediction *p, enum gfplab_stage stage);
__u32 gfplab_prediction_size(const struct gfplab_prediction *p);
void gfplab_prediction_format(char *buf, size_t size, const struct gfplab_prediction *p,
			      const char *place);

#endif
