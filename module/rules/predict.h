/* SPDX-License-Identifier: GPL-2.0 */
/*
 * predict.h - predict what the page allocator will do with a request.
 */
#ifndef GFPLAB_RULES_PREDICT_H
#define GFPLAB_RULES_PREDICT_H

#include "portable.h"
#include "walk.h"

bool gfplab_pcp_answers(const struct gfplab_walk *w);
void gfplab_predict_pcp(const struct gfplab_walk *w, struct gfplab_prediction *p);
void gfplab_predict(const struct gfplab_walk *w, struct gfplab_prediction *p,
		    struct gfplab_explain_sink *to);

#endif
