// SPDX-License-Identifier: GPL-2.0
/*
 * past_slowpath.c - the slow path of kernels to 4.7, which is one loop.
 *
 * Any order is compacted for before reclaim, the reserves keep to the nodemask, and what
 * out_of_memory() is asked for depends on the age.
 */
#include "alloc_flags.h"
#include "freelist.h"
#include "past_slowpath.h"
#include "prediction.h"
#include "slow_flags.h"

/* GFP_THISNODE was a mask of three flags; from 4.0 to 4.3 one that could not wait sufficed. */
static bool for_node_alone(const struct gfplab_walk *w)
{
	if (gfplab_walk_can(w, bare_thisnode_fails))
		return w->thisnode && w->noretry && w->nowarn;
	return gfplab_walk_can(w, thisnode_nowait_fails) && w->thisnode && !w->direct;
}

/* GFP_TRANSHUGE, as far as a request is told by its flags. */
static bool for_huge_page(const struct gfplab_walk *w)
{
	return w->order && w->noretry && w->nowarn && w->nomemalloc &&
	       w->migratetype == WALK_MOVABLE;
}

/* Where a request ends that may not free memory, or must not. Return: false if it goes on. */
static bool ends_unhelped(struct gfplab_slowpath *s)
{
	const struct gfplab_walk *w = s->w;

	if (w->pf_memalloc && w->nofail) {
		gfplab_step(s->to, "  PF_MEMALLOC and NOFAIL: waits for other tasks to free memory\n");
		gfplab_stage_tries_on(s);
		return true;
	}
	if (!w->direct)
		gfplab_step(s->to, "  may not sleep: fails\n");
	else if (w->pf_memalloc)
		gfplab_step(s->to, "  PF_MEMALLOC, no recursion into reclaim: fails\n");
	else if (w->oom_victim && !w->nofail)
		gfplab_step(s->to, "  a victim of the OOM killer: fails before it reclaims\n");
	else
		return false;
	gfplab_stage_fails(s);
	return true;
}

static void compact(struct gfplab_slowpath *s)
{
	const struct gfplab_walk *w = s->w;

	if (!w->order || !w->compacts || !w->filesystem || gfplab_walk_can(w, never_compacts))
		return;
	gfplab_step(s->to, "  __alloc_pages_direct_compact: may bring a block\n");
	gfplab_decide(s->to, compacts);
	gfplab_step_note(s->to, NOTE_compact);
	gfplab_stage_reach(s, STAGE_compact);
	if (!for_huge_page(w))
		return;
	gfplab_step(s->to, "  for a huge page: fails where compaction was deferred or met contention\n");
	gfplab_prediction_fails(s->p, STAGE_compact);
}

/* Does the OOM killer look at order, zone and node before it looks for a task? */
static bool no_task_helps(const struct gfplab_walk *w)
{
	return !w->nofail && (w->order > WALK_COSTLY ||
			      (!gfplab_walk_can(w, kills_anywhere) && w->highest < w->normal));
}

static void tries_on(struct gfplab_slowpath *s, const char *why)
{
	gfplab_step(s->to, "  __alloc_pages_may_oom: kills no task %s; tries on\n", why);
	gfplab_step_note(s->to, NOTE_oom);
	gfplab_stage_tries_on(s);
}

/*
 * Reclaim helped nothing. To 4.6 a request without __GFP_FS is not asked for its zone or node;
 * with NOFAIL none of it is looked at, and out_of_memory() has to find a task.
 */
static void may_oom(struct gfplab_slowpath *s)
{
	const struct gfplab_walk *w = s->w;
	bool node = w->thisnode && !w->nofail && !gfplab_walk_can(w, kills_anywhere);

	if (!w->filesystem && w->order <= WALK_COSTLY && !w->nofail &&
	    gfplab_walk_can(w, nofs_loops)) {
		tries_on(s, "without __GFP_FS");
		return;
	}
	if (no_task_helps(w)) {
		gfplab_step(s->to, "  __alloc_pages_may_oom: no task helps %s: fails\n",
			    w->order > WALK_COSTLY ? "a costly order" : "a zone below Normal");
		gfplab_step_note(s->to, NOTE_oom);
		gfplab_stage_fails(s);
		return;
	}
	if (node && gfplab_walk_can(w, restarts_after_oom)) {
		tries_on(s, "for one node alone");
		return;
	}
	if (node) {
		gfplab_step(s->to, "  __alloc_pages_may_oom: no task is killed for one node alone: fails\n");
		gfplab_step_note(s->to, NOTE_oom);
		gfplab_stage_fails(s);
		return;
	}
	if (!w->filesystem && !w->nofail) {
		tries_on(s, "without __GFP_FS");
		return;
	}
	gfplab_stage_kills(s);
	if (w->nofail)
		gfplab_stage_tries_on(s);
}

/* Once reclaim was tried: one round, or the loop until the OOM killer is asked. */
static void after_reclaim(struct gfplab_slowpath *s)
{
	const struct gfplab_walk *w = s->w;
	bool costly = w->order > WALK_COSTLY && !w->mayfail &&
		      !(w->nofail && gfplab_walk_can(w, costly_nofail_kills));

	gfplab_step_note(s->to, NOTE_retry);
	if (w->noretry || costly) {
		gfplab_step(s->to, "  one round only (%s)\n", w->noretry ? "NORETRY" : "a costly order");
		gfplab_stage_fails(s);
		return;
	}
	if (w->order > WALK_COSTLY && w->mayfail)
		gfplab_step(s->to, "  __GFP_REPEAT: tries on while reclaim makes progress\n");
	may_oom(s);
}

/* The attempts with the marks and with the reserves. Return: true if one answered. */
static bool attempts(struct gfplab_slowpath *s)
{
	const struct gfplab_walk *w = s->w;
	const struct gfplab_zone_snapshot *first;

	gfplab_stage_wakes_kswapd(s);
	/* Without a cpuset the preferred zone may be another one. */
	first = gfplab_first_zone(w, true, false);
	if (first && w->past && !(s->flags & GFPLAB_ALLOC_CPUSET) && !w->masked)
		w->past->classzone = first->zone;
	if (gfplab_stage_answered(s))
		return true;
	if (!gfplab_pfmemalloc_flags(w))
		return false;
	gfplab_step(s->to, "  ALLOC_NO_WATERMARKS: may use the reserves, from this CPU's node on\n");
	gfplab_decide_set(s->to, reserves, GFPLAB_ALLOC_NO_WATERMARKS);
	gfplab_step_note(s->to, NOTE_reserves);
	s->flags = GFPLAB_ALLOC_NO_WATERMARKS;
	s->cpuset = false;
	return gfplab_stage_answered(s);
}

/**
 * gfplab_past_loop - predict what the slow path of a kernel to 4.7 will do with a request
 * @s: the request; its flags are those of gfp_to_alloc_flags()
 *
 * Context: any; touches nothing but its arguments, and what the walk's @past points to.
 * Mirrors __alloc_pages_slowpath(), 2.6.32 to 4.7.
 */
void gfplab_past_loop(struct gfplab_slowpath *s)
{
	const struct gfplab_walk *w = s->w;

	if (w->order > w->max_order) {
		gfplab_step(s->to, "  over the maximum of %u: turned away\n", w->max_order);
		gfplab_stage_fails(s);
		return;
	}
	if (for_node_alone(w)) {
		gfplab_step(s->to, "  for this node alone: fails, without kswapd or another attempt\n");
		gfplab_stage_fails(s);
		return;
	}
	if (attempts(s) || ends_unhelped(s))
		return;
	compact(s);
	gfplab_step(s->to, "  __alloc_pages_direct_reclaim: may free enough\n");
	gfplab_decide(s->to, reclaims);
	gfplab_step_note(s->to, NOTE_reclaim);
	gfplab_stage_reach(s, STAGE_reclaim);
	after_reclaim(s);
}
