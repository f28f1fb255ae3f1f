// SPDX-License-Identifier: GPL-2.0
/*
 * stage.c - a request in the slow path: its attempts, and the stages that it reaches.
 */
#include "attempt.h"
#include "prediction.h"
#include "stage.h"

/**
 * gfplab_stage_nothing - have all zones that may be used no page at all?
 * @s: the request
 *
 * Then nothing that is done brings a block. Compaction does not ask the cpuset.
 *
 * Context: any; touches nothing but its arguments.
 * Return: true if so.
 */
bool gfplab_stage_nothing(const struct gfplab_slowpath *s)
{
	const struct gfplab_zone_snapshot *v;

	for (v = s->w->zones; v < s->w->zones + s->w->nr_zones; v++)
		if (!v->unmanaged && gfplab_may_use(v, s->nodemask, false))
			return false;
	return true;
}

/**
 * gfplab_stage_reach - the next stage, at which a block may come
 * @s: the request
 * @stage: the stage
 *
 * Context: any; touches nothing but its arguments.
 */
void gfplab_stage_reach(struct gfplab_slowpath *s, enum gfplab_stage stage)
{
	s->stage = stage;
	if (gfplab_stage_nothing(s))
		gfplab_step(s->to, "  no zone that may be used has a page: nothing can come\n");
	else
		gfplab_prediction_unsure(s->p, s->w, stage, s->nodemask);
}

/**
 * gfplab_stage_answered - does an attempt find a block?
 * @s: the request; its flags, nodemask and cpuset are the attempt's
 *
 * Context: any; touches nothing but its arguments.
 * Return: true if it does.
 */
bool gfplab_stage_answered(struct gfplab_slowpath *s)
{
	struct gfplab_attempt found = gfplab_get_page_from_freelist(s->w, s->flags, s->nodemask,
								    s->cpuset, s->to);

	return gfplab_prediction_answered(s->p, s->w, &found, s->stage);
}

/**
 * gfplab_stage_fails - NULL comes back
 * @s: the request; its stage is the furthest
 *
 * Context: any; touches nothing but its arguments.
 */
void gfplab_stage_fails(struct gfplab_slowpath *s)
{
	gfplab_decide_set(s->to, fails, s->stage);
	gfplab_prediction_fails(s->p, s->stage);
}

/**
 * gfplab_stage_tries_on - nothing ends the request as long as memory is short
 * @s: the request; its stage is the furthest
 *
 * Context: any; touches nothing but its arguments.
 */
void gfplab_stage_tries_on(struct gfplab_slowpath *s)
{
	gfplab_decide_set(s->to, tries_on, s->stage);
	s->p->stages |= WALK_BIT(s->stage);
	s->p->results |= WALK_BIT(OUTCOME_never);
}

/**
 * gfplab_stage_kills - the OOM killer is asked for a task
 * @s: the request
 *
 * Context: any; touches nothing but its arguments.
 */
void gfplab_stage_kills(struct gfplab_slowpath *s)
{
	gfplab_step(s->to, "  __alloc_pages_may_oom: may kill a task; tries on\n");
	gfplab_decide(s->to, kills);
	gfplab_step_note(s->to, NOTE_oom);
	s->p->stages |= WALK_BIT(STAGE_oom);
	s->p->results |= WALK_BIT(OUTCOME_kills);
	if (s->w->killable && !s->w->nofail) {
		gfplab_step(s->to, "  fails if it is this task that is killed\n");
		s->p->results |= WALK_BIT(OUTCOME_failed);
	}
}

/**
 * gfplab_stage_wakes_kswapd - the slow path begins, with kswapd's help where gfp asks for it
 * @s: the request
 *
 * Context: any; touches nothing but its arguments.
 */
void gfplab_stage_wakes_kswapd(struct gfplab_slowpath *s)
{
	if (!s->w->kswapd)
		return;
	gfplab_step(s->to, "  wake_all_kswapds\n");
	gfplab_step_note(s->to, NOTE_kswapd);
}
