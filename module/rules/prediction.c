// SPDX-License-Identifier: GPL-2.0
/*
 * prediction.c - what attempts and stages add to a prediction.
 */
#include "prediction.h"

/**
 * gfplab_prediction_unsure - more may happen, and from where a block comes is open
 * @p: the prediction
 * @stages: bit STAGE_x that may be the furthest
 * @results: bit RESULT_x that may come of it
 *
 * The block, if one comes, may come from anywhere that is allowed.
 *
 * Context: any; touches nothing but its arguments.
 */
void gfplab_prediction_unsure(struct gfplab_prediction *p, __u32 stages, __u32 results)
{
	p->stages |= stages;
	p->results |= results;
	p->sources = 0;
	p->nid = WALK_ANYWHERE;
}

/**
 * gfplab_prediction_answered - take the zone that an attempt found, if it did
 * @p: the prediction
 * @found: what the attempt found
 * @stage: the furthest stage at that time
 *
 * Context: any; touches nothing but its arguments.
 * Return: true if the attempt found a zone: the prediction is complete.
 */
bool gfplab_prediction_answered(struct gfplab_prediction *p, const struct gfplab_attempt *found,
				enum gfplab_stage stage)
{
	if (!found->zone)
		return false;
	if (p->stages) {	/* compaction may have found another one before */
		gfplab_prediction_unsure(p, WALK_BIT(stage), WALK_BIT(RESULT_ok));
		return true;
	}
	p->stages = WALK_BIT(stage);
	p->results = WALK_BIT(RESULT_ok);
	p->sources = found->sources;
	p->nid = found->zone->nid;
	p->zone = found->zone->zone;
	return true;
}

/**
 * gfplab_prediction_fails - the request may end here without a block
 * @p: the prediction
 * @stage: the furthest stage at that time
 *
 * Context: any; touches nothing but its arguments.
 */
void gfplab_prediction_fails(struct gfplab_prediction *p, enum gfplab_stage stage)
{
	p->stages |= WALK_BIT(stage);
	p->results |= WALK_BIT(RESULT_failed);
}
