// SPDX-License-Identifier: GPL-2.0
/*
 * slowpath.c - what the slow path does after the first attempt failed.
 */
#include "alloc_flags.h"
#include "freelist.h"
#include "past_slowpath.h"
#include "prediction.h"
#include "slowpath.h"
#include "stage.h"
#include "words.h"

enum next { GO_ON, RESTART, FINISHED };

static bool may_kill(const struct gfplab_walk *w)
{
	return w->order <= WALK_COSTLY && !w->thisnode && w->highest >= w->normal &&
	       (!w->mayfail || gfplab_walk_can(w, repeat));
}

/**
 * gfplab_may_retry - does the kernel try again and again to serve a request?
 * @w: the request; of the machine only what ZONE_NORMAL is
 *
 * Context: any; touches nothing but its arguments.
 * Return: whether it does until it succeeds or the OOM killer has no task left.
 * Mirrors __alloc_pages_slowpath() and __alloc_pages_may_oom(), 2.6.32 to 7.3.
 */
bool gfplab_may_retry(const struct gfplab_walk *w)
{
	return w->direct && !w->pf_memalloc && !w->noretry && may_kill(w);
}

/**
 * gfplab_may_not_end - may the kernel try to serve a request for ever?
 * @w: the request; of the machine only what ZONE_NORMAL is
 *
 * It may neither fail nor free memory: __alloc_pages_may_oom() takes a request without
 * __GFP_FS for progress, as out_of_memory() kills no task for it, and tries again.
 *
 * Context: any; touches nothing but its arguments.
 * Return: whether nothing ends it as long as memory is short.
 * Mirrors __alloc_pages_slowpath(), __alloc_pages_may_oom() and out_of_memory(), 5.10 to 7.3.
 */
bool gfplab_may_not_end(const struct gfplab_walk *w)
{
	return gfplab_may_retry(w) && !w->filesystem;
}

static bool compacts(const struct gfplab_walk *w)
{
	if (!w->direct || !w->compacts ||
	    (gfplab_walk_can(w, compaction_needs_fs) && !w->filesystem))
		return false;
	return w->order > WALK_COSTLY || (w->order && w->migratetype != WALK_MOVABLE &&
					  !gfplab_walk_can(w, compacts_costly));
}

/* check_retry_cpuset(): a nodemask with no node of the cpuset is not obeyed for long. */
static bool forgets_nodemask(struct gfplab_slowpath *s)
{
	if (!s->nodemask || !s->w->nodemask_outside_cpuset ||
	    gfplab_walk_can(s->w, no_retry_cpuset))
		return false;
	gfplab_step(s->to, "  check_retry_cpuset: the nodemask lies outside the cpuset and is forgotten\n");
	gfplab_decide(s->to, restarts);
	gfplab_step_note(s->to, NOTE_retry_cpuset);
	s->nodemask = false;
	return true;
}

/* Is compaction that found no block all there will be? */
static bool ends_after_compaction(struct gfplab_slowpath *s)
{
	bool late = gfplab_walk_can(s->w, compacts_late);
	bool deferred = gfplab_walk_can(s->w, deferred_ends);

	if (!s->w->noretry || (!late && s->w->order <= WALK_COSTLY))
		return false;
	if (s->w->thisnode && !gfplab_walk_can(s->w, past)) {
		gfplab_step(s->to, "  NORETRY for one node alone: fails if not\n");
		gfplab_stage_fails(s);
		return true;
	}
	if (late)
		return false;
	gfplab_step(s->to, "  NORETRY: fails where compaction was %sdeferred\n",
		    deferred ? "" : "skipped or ");
	gfplab_decide_set(s->to, compacts, deferred + 1);
	gfplab_prediction_fails(s->p, s->stage);
	return !deferred && gfplab_stage_nothing(s);	/* which is when it is skipped */
}

static enum next direct_compact(struct gfplab_slowpath *s)
{
	gfplab_step(s->to, "  __alloc_pages_direct_compact: may bring a block\n");
	gfplab_decide(s->to, compacts);
	gfplab_step_note(s->to, NOTE_compact);
	gfplab_stage_reach(s, STAGE_compact);
	if (!gfplab_walk_can(s->w, compacts_late) || (s->w->noretry && s->w->thisnode))
		if (forgets_nodemask(s))
			return RESTART;
	return ends_after_compaction(s) ? FINISHED : GO_ON;
}

/* Out of memory: out_of_memory() takes a request without __GFP_FS for served, and kills no task. */
static void may_oom(struct gfplab_slowpath *s)
{
	const struct gfplab_walk *w = s->w;

	s->p->stages |= WALK_BIT(STAGE_oom);
	if (w->oom_victim && !w->nofail) {
		gfplab_step(s->to, "  a victim of the OOM killer: fails once it asked for another\n");
		gfplab_decide_set(s->to, fails, STAGE_oom);
		s->p->results |= WALK_BIT(OUTCOME_failed);
		return;
	}
	if (!w->filesystem) {
		gfplab_step(s->to, "  __alloc_pages_may_oom: kills no task without __GFP_FS; tries on\n");
		gfplab_decide_set(s->to, tries_on, STAGE_oom);
		gfplab_step_note(s->to, NOTE_oom);
		s->p->results |= WALK_BIT(OUTCOME_never);
		return;
	}
	gfplab_stage_kills(s);
}

/* One round of reclaim is all there will be. */
static bool one_round(const struct gfplab_walk *w)
{
	return w->noretry || (w->order > WALK_COSTLY && !(w->mayfail && w->compacts));
}

static void nofail_tries_on(struct gfplab_slowpath *s)
{
	gfplab_step(s->to, "  NOFAIL: tries until it succeeds\n");
	gfplab_stage_tries_on(s);
	gfplab_step_note(s->to, NOTE_nofail);
	/* To 4.13 order, node and zone are not looked at then. */
	if (may_kill(s->w) || gfplab_walk_can(s->w, nofail_gives_up))
		may_oom(s);
}

static enum next direct_reclaim(struct gfplab_slowpath *s)
{
	const struct gfplab_walk *w = s->w;
	bool leaks = gfplab_walk_can(w, nofail_gives_up) && one_round(w);

	if (w->oom_victim && !w->nofail && gfplab_walk_can(w, victims_fail_early)) {
		gfplab_step(s->to, "  a victim of the OOM killer: fails before it reclaims\n");
		gfplab_stage_fails(s);
		return FINISHED;
	}
	gfplab_step(s->to, "  __alloc_pages_direct_reclaim: may free enough\n");
	gfplab_decide(s->to, reclaims);
	gfplab_step_note(s->to, NOTE_reclaim);
	gfplab_stage_reach(s, STAGE_reclaim);
	/* Before 7.0 this was asked before: here the nodemask has a node of the cpuset. */
	if (forgets_nodemask(s))
		return RESTART;
	if (w->nofail && !leaks) {
		nofail_tries_on(s);
		return FINISHED;
	}
	if (one_round(w)) {
		gfplab_step(s->to, "  one round only (%s)\n", w->noretry ? "NORETRY" : "a costly order");
		gfplab_stage_fails(s);
	} else if (may_kill(w)) {
		may_oom(s);
	} else {
		gfplab_step(s->to, "  retries while reclaim makes progress, never kills\n");
		gfplab_stage_fails(s);
	}
	gfplab_step_note(s->to, NOTE_retry);
	return FINISHED;
}

/*
 * The label `nopage` with __GFP_NOFAIL: half of min (ALLOC_HARDER: three quarters), within the
 * cpuset and then outside. Mirrors __alloc_pages_cpuset_fallback(), 5.10 to 7.3.
 */
static enum next nofail_attempts(struct gfplab_slowpath *s)
{
	struct gfplab_slowpath helped = *s;
	unsigned int help = gfplab_walk_can(s->w, alloc_harder) ? GFPLAB_ALLOC_HARDER :
								  GFPLAB_ALLOC_MIN_RESERVE;

	gfplab_step(s->to, "  NOFAIL: with some of the reserves, off the cpuset if need be\n");
	gfplab_decide(s->to, helped);
	gfplab_step_note(s->to, NOTE_nofail);
	helped.flags = GFPLAB_ALLOC_WMARK_MIN | help | GFPLAB_ALLOC_CPUSET;
	helped.cpuset = s->w->hardwall && !s->w->oom_victim;
	if (gfplab_stage_answered(&helped))
		return FINISHED;
	helped.flags &= ~GFPLAB_ALLOC_CPUSET;
	helped.cpuset = false;
	return gfplab_stage_answered(&helped) ? FINISHED : GO_ON;
}

/* The label `nopage`. */
static enum next nopage(struct gfplab_slowpath *s)
{
	if (forgets_nodemask(s))
		return RESTART;
	if (s->w->nofail && s->w->direct && !gfplab_walk_can(s->w, nofail_gives_up))
		return nofail_attempts(s);
	gfplab_stage_fails(s);
	return FINISHED;
}

/*
 * Has a cpuset of movable memory alone no zone for the request? That there is one sets the key
 * cpusets_insane_config_key for all; that of another task is not followed.
 */
static bool insane_cpuset(const struct gfplab_slowpath *s)
{
	const struct gfplab_zone_snapshot *v;

	if (!gfplab_walk_can(s->w, insane_cpusets) || !s->w->cpuset_movable || !s->w->hardwall)
		return false;
	for (v = s->w->zones; v < s->w->zones + s->w->nr_zones; v++)
		if (v->in_cpuset)
			return false;
	return true;
}

/* At the min watermark, and compaction where it comes before the reserves. */
static enum next first_attempt(struct gfplab_slowpath *s)
{
	const struct gfplab_zone_snapshot *first = gfplab_first_zone(s->w, s->nodemask, false);
	bool late = gfplab_walk_can(s->w, compacts_late);
	enum next next;

	if (first && s->w->past)
		s->w->past->classzone = first->zone;
	if (!first) {
		gfplab_step(s->to, "  no zone is allowed\n");
		return nopage(s);
	}
	if (insane_cpuset(s)) {
		gfplab_step(s->to, "  cpusets_insane_config: the cpuset has no zone for it\n");
		return nopage(s);
	}
	gfplab_stage_wakes_kswapd(s);
	if (gfplab_stage_answered(s))
		return FINISHED;
	if (late)
		return GO_ON;
	if (compacts(s->w) && !gfplab_pfmemalloc_flags(s->w)) {
		next = direct_compact(s);
		if (next != GO_ON)
			return next;
	}
	return forgets_nodemask(s) ? RESTART : GO_ON;
}

/* The reserves of the second attempt, and which limits no longer hold. Return: do any? */
static bool adjust(struct gfplab_slowpath *s)
{
	unsigned int reserve = gfplab_pfmemalloc_flags(s->w);

	if (reserve) {
		s->flags = reserve | gfplab_alloc_flags_cma(s->w) |
			   (s->flags & GFPLAB_ALLOC_KSWAPD);
		gfplab_step(s->to, "  __gfp_pfmemalloc_flags: may use the reserves\n");
		gfplab_decide_set(s->to, reserves, reserve);
		gfplab_step_note(s->to, NOTE_reserves);
	} else if (s->flags & GFPLAB_ALLOC_CPUSET) {
		return false;
	}
	if (gfplab_walk_can(s->w, keeps_nodemask)) {
		if (s->cpuset)
			gfplab_step(s->to, "  the cpuset is forgotten\n");
	} else {
		if (s->w->masked || s->cpuset)
			gfplab_step(s->to, "  nodemask and cpuset are forgotten\n");
		s->nodemask = false;
	}
	s->cpuset = false;
	return true;
}

/* PF_MEMALLOC with NOFAIL, to 4.13: neither reclaim nor an end. */
static enum next no_recursion(struct gfplab_slowpath *s)
{
	if (s->w->nofail && gfplab_walk_can(s->w, nofail_gives_up)) {
		gfplab_step(s->to, "  PF_MEMALLOC and NOFAIL: waits for other tasks to free memory\n");
		gfplab_stage_tries_on(s);
		return FINISHED;
	}
	gfplab_step(s->to, "  PF_MEMALLOC, no recursion into reclaim: fails\n");
	return nopage(s);
}

/* With the reserves, and without nodemask and cpuset if those allow it. */
static enum next second_attempt(struct gfplab_slowpath *s)
{
	bool adjusted = adjust(s);

	/* Since 7.0 there is none if it would be the first one again. */
	if ((adjusted || !gfplab_walk_can(s->w, compacts_late)) && gfplab_stage_answered(s))
		return FINISHED;
	if (!s->w->direct) {
		gfplab_step(s->to, "  may not sleep: fails\n");
		return nopage(s);
	}
	if (s->w->pf_memalloc)
		return no_recursion(s);
	if (gfplab_walk_can(s->w, compacts_late) && compacts(s->w))
		return direct_compact(s);
	return GO_ON;
}

/* The scopes of the task, where they begin to count here (4.7 to 5.12: current_gfp_context()). */
static void step_scopes(const struct gfplab_walk *w, struct gfplab_explain_sink *to)
{
	if (!w->scopes_late || !(w->asked.nofs || w->asked.noio || w->asked.pin))
		return;
	gfplab_step(to, "  current_gfp_context: the task's scopes hold from here on\n");
	gfplab_step_note(to, NOTE_scopes);
}

/**
 * gfplab_walls_unknown - does it depend on a cpuset above the task's where the slow path may go?
 * @w: the request and a snapshot of the zones
 *
 * The task's own cpuset does not hold the request; the nearest one above it with mem_hardwall or
 * mem_exclusive does, and a module can't see which that is.
 *
 * Context: any; touches nothing but its arguments.
 * Mirrors __cpuset_node_allowed() and its nearest_hardwall_ancestor(), 5.10 to 7.3.
 * Return: whether it does.
 */
bool gfplab_walls_unknown(const struct gfplab_walk *w)
{
	return w->cpuset_v1 && !w->hardwall && !w->oom_victim &&
	       (gfplab_gfp_to_alloc_flags(w) & GFPLAB_ALLOC_CPUSET);
}

/**
 * gfplab_predict_slowpath - predict what the slow path will do with a request
 * @w: the request and a snapshot of the zones
 * @p: what may happen is added
 * @to: where to report each step, or NULL
 *
 * Context: any; touches nothing but its arguments.
 * Mirrors __alloc_pages_slowpath() and what it calls, 5.10 to 7.3.
 */
void gfplab_predict_slowpath(const struct gfplab_walk *w, struct gfplab_prediction *p,
			     struct gfplab_explain_sink *to)
{
	struct gfplab_slowpath s = {
		.w = w,
		.p = p,
		.to = to,
		.flags = gfplab_gfp_to_alloc_flags(w) | gfplab_alloc_flags_cma(w),
		.nodemask = true,
		.stage = STAGE_slow,
	};
	enum next next;

	/* Victims of the OOM killer are allowed anywhere. */
	s.cpuset = (s.flags & GFPLAB_ALLOC_CPUSET) && w->hardwall && !w->oom_victim;
	gfplab_step(to, "__alloc_pages_slowpath\n");
	gfplab_decide(to, slowpath);
	gfplab_step_note(to, NOTE_slowpath);
	step_scopes(w, to);
	if (gfplab_walls_unknown(w))
		gfplab_step(to, "  not followed: a cpuset above this one that is a hard wall (mem_hardwall, mem_exclusive)\n");
	if (gfplab_walk_can(w, one_loop)) {
		gfplab_past_loop(&s);
		return;
	}
	do {
		next = first_attempt(&s);
		if (next == GO_ON)
			next = second_attempt(&s);
		if (next == GO_ON)
			next = direct_reclaim(&s);
	} while (next == RESTART);
}
