/* SPDX-License-Identifier: GPL-2.0 */
/* predictor.h - a snapshot of the zones, and the prediction made from it */
#ifndef GFPLAB_PREDICTOR_H
#define GFPLAB_PREDICTOR_H

#include <linux/types.h>
#include "rules/walk.h"

struct gfplab_options;
struct gfplab_verdict;

/**
 * struct gfplab_predictor - one worker's snapshot of the zones
 * @walk: points into @zones
 * @size: zones that there is room for
 * @zones: the zones, in the order of the zonelist
 */
struct gfplab_predictor {
	struct gfplab_walk walk;
	unsigned int size;
	struct gfplab_zone_snapshot zones[];
};

struct gfplab_predictor *gfplab_predictor_create(void);
bool gfplab_predict_request(struct gfplab_predictor *predictor, const struct gfplab_options *opt,
			    unsigned int order, struct gfplab_prediction *p,
			    struct gfplab_explain_sink *to);
bool gfplab_prediction_holds(const struct gfplab_prediction *p,
			     const struct gfplab_verdict *verdict, const struct page *page,
			     bool killed);

#endif
