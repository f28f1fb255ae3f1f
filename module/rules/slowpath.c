// SPDX-License-Identifier: GPL-2.0
/*
 * slowpath.c - what the slow path does after the first attempt failed.
 */
#include "alloc_flags.h"
#include "freelist.h"
#include "prediction.h"
#include "slowpath.h"
#include "words.h"

/* ---- alloc_flags ---- */

/**
 * gfplab_alloc_flags_nonblocking - the reserves that are for requests that can't sleep
 * @w: the request
 *
 * Context: any; touches nothing but its arguments.
 * Return: alloc_flags.
 * Mirrors alloc_flags_nonblocking() of 7.3, and gfp_to_alloc_flags() of 6.1 to 7.2.
 */
unsigned int gfplab_alloc_flags_nonblocking(const struct gfplab_walk *w)
{
	if (w->direct || w->nomemalloc)
		return 0;
	return GFPLAB_ALLOC_NON_BLOCK | (w->order && w->high ? GFPLAB_ALLOC_HIGHATOMIC : 0);
}

/**
 * gfplab_alloc_flags_cma - may a request use CMA pageblocks?
 * @w: the request
 *
 * Context: any; touches nothing but its arguments.
 * Return: alloc_flags.
 * Mirrors gfp_to_alloc_flags_cma(), 5.10 to 7.2, and alloc_flags_cma() of 7.3.
 */
unsigned int gfplab_alloc_flags_cma(const struct gfplab_walk *w)
{
	return w->cma && !w->nocma && !gfplab_walk_can(w, counts_cma) &&
	       w->migratetype == WALK_MOVABLE ? GFPLAB_ALLOC_CMA : 0;
}

/* Which requests try harder, and off the cpuset; for families with alloc_harder. */
static bool harder_atomic(const struct gfplab_walk *w)
{
	if (!gfplab_walk_can(w, harder_no_wait))
		return w->atomic;
	return !w->direct && (w->kswapd || !gfplab_walk_can(w, harder_not_thp));
}

static unsigned int gfp_to_alloc_flags(const struct gfplab_walk *w)
{
	unsigned int flags = GFPLAB_ALLOC_WMARK_MIN | GFPLAB_ALLOC_CPUSET;

	if (w->high)
		flags |= GFPLAB_ALLOC_MIN_RESERVE;
	if (w->kswapd)
		flags |= GFPLAB_ALLOC_KSWAPD;
	if (gfplab_walk_can(w, alloc_harder)) {
		bool atomic = harder_atomic(w);

		if (atomic)
			flags &= ~GFPLAB_ALLOC_CPUSET;
		if (atomic ? !w->nomemalloc || gfplab_walk_can(w, harder_nomemalloc) : w->rt)
			flags |= GFPLAB_ALLOC_HARDER;
		return flags;
	}
	flags |= gfplab_alloc_flags_nonblocking(w);
	if (!w->direct) {
		if (w->high)
			flags &= ~GFPLAB_ALLOC_CPUSET;
	} else if (w->rt) {
		flags |= GFPLAB_ALLOC_MIN_RESERVE;
	}
	return flags;
}

static unsigned int gfp_pfmemalloc_flags(const struct gfplab_walk *w)
{
	if (w->nomemalloc)
		return 0;
	if (w->memalloc || (w->oom_victim && gfplab_walk_can(w, victims_no_mark)))
		return GFPLAB_ALLOC_NO_WATERMARKS;
	return w->oom_victim ? GFPLAB_ALLOC_OOM : 0;
}

/**
 * gfplab_alloc_flags_slowpath - alloc_flags of the attempt that a request fails with
 * @w: the request
 *
 * The reserves that it may use included. The one at the high watermark, before an OOM
 * kill, is left out: it only finds out whether another task has freed memory meanwhile.
 *
 * Context: any; touches nothing but its arguments.
 * Return: alloc_flags.
 * Mirrors gfp_to_alloc_flags() and __gfp_pfmemalloc_flags(), 2.6.32 to 7.3.
 */
unsigned int gfplab_alloc_flags_slowpath(const struct gfplab_walk *w)
{
	unsigned int reserve = gfp_pfmemalloc_flags(w);

	return (reserve ? reserve : gfp_to_alloc_flags(w)) | gfplab_alloc_flags_cma(w);
}

/* ---- stages ---- */

/**
 * struct slowpath - a request in the slow path
 * @w: the request and a snapshot of the zones
 * @p: the prediction so far
 * @to: where to report each step, or NULL
 * @flags: alloc_flags of the next attempt
 * @nodemask: the nodemask counts
 * @cpuset: the cpuset counts
 * @stage: the furthest stage so far
 */
struct slowpath {
	const struct gfplab_walk *w;
	struct gfplab_prediction *p;
	struct gfplab_explain_sink *to;
	unsigned int flags;
	bool nodemask;
	bool cpuset;
	enum gfplab_stage stage;
};

enum next { GO_ON, RESTART, FINISHED };

static bool may_kill(const struct gfplab_walk *w)
{
	return w->order <= WALK_COSTLY && !w->mayfail && !w->thisnode &&
	       w->highest >= w->normal;
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

/*
 * Have all zones that may be used no page at all? Then nothing that is done brings a block.
 * Compaction does not ask the cpuset.
 */
static bool nothing_there(const struct slowpath *s)
{
	const struct gfplab_zone_snapshot *v;

	for (v = s->w->zones; v < s->w->zones + s->w->nr_zones; v++)
		if (!v->unmanaged && gfplab_may_use(v, s->nodemask, false))
			return false;
	return true;
}

/* The next stage, at which a block may come. */
static void reach(struct slowpath *s, enum gfplab_stage stage)
{
	s->stage = stage;
	if (nothing_there(s))
		gfplab_step(s->to, "  no zone that may be used has a page: nothing can come\n");
	else
		gfplab_prediction_unsure(s->p, s->w, stage, s->nodemask);
}

static bool compacts(const struct gfplab_walk *w)
{
	return w->direct && w->compacts &&
	       (w->order > WALK_COSTLY || (w->order && w->migratetype != WALK_MOVABLE));
}

static bool answered(struct slowpath *s)
{
	struct gfplab_attempt found = gfplab_get_page_from_freelist(s->w, s->flags, s->nodemask,
								    s->cpuset, s->to);

	return gfplab_prediction_answered(s->p, s->w, &found, s->stage);
}

/* check_retry_cpuset(): a nodemask with no node of the cpuset is not obeyed for long. */
static bool forgets_nodemask(struct slowpath *s)
{
	if (!s->nodemask || !s->w->nodemask_outside_cpuset)
		return false;
	gfplab_step(s->to, "  check_retry_cpuset: the nodemask lies outside the cpuset and is forgotten\n");
	s->nodemask = false;
	return true;
}

/* Is compaction that found no block all there will be? */
static bool ends_after_compaction(struct slowpath *s)
{
	bool late = gfplab_walk_can(s->w, compacts_late);

	if (!s->w->noretry || (!late && s->w->order <= WALK_COSTLY))
		return false;
	if (s->w->thisnode) {
		gfplab_step(s->to, "  NORETRY for one node alone: fails if not\n");
		gfplab_prediction_fails(s->p, s->stage);
		return true;
	}
	if (!late) {
		gfplab_step(s->to, "  NORETRY: fails where compaction was skipped or deferred\n");
		gfplab_prediction_fails(s->p, s->stage);
		return nothing_there(s);	/* which is when it is skipped */
	}
	return false;
}

static enum next direct_compact(struct slowpath *s)
{
	gfplab_step(s->to, "  __alloc_pages_direct_compact: may bring a block\n");
	reach(s, STAGE_compact);
	if (!gfplab_walk_can(s->w, compacts_late) || (s->w->noretry && s->w->thisnode))
		if (forgets_nodemask(s))
			return RESTART;
	return ends_after_compaction(s) ? FINISHED : GO_ON;
}

/* Out of memory: out_of_memory() takes a request without __GFP_FS for served, and kills no task. */
static void may_oom(struct slowpath *s)
{
	const struct gfplab_walk *w = s->w;

	s->p->stages |= WALK_BIT(STAGE_oom);
	if (w->oom_victim && !w->nofail) {
		gfplab_step(s->to, "  a victim of the OOM killer: fails once it asked for another\n");
		s->p->results |= WALK_BIT(OUTCOME_failed);
		return;
	}
	if (!w->filesystem) {
		gfplab_step(s->to, "  __alloc_pages_may_oom: kills no task without __GFP_FS; tries on\n");
		s->p->results |= WALK_BIT(OUTCOME_never);
		return;
	}
	gfplab_step(s->to, "  __alloc_pages_may_oom: may kill a task; tries on\n");
	s->p->results |= WALK_BIT(OUTCOME_kills);
	if (w->killable && !w->nofail) {
		gfplab_step(s->to, "  fails if it is this task that is killed\n");
		s->p->results |= WALK_BIT(OUTCOME_failed);
	}
}

static enum next direct_reclaim(struct slowpath *s)
{
	const struct gfplab_walk *w = s->w;

	gfplab_step(s->to, "  __alloc_pages_direct_reclaim: may free enough\n");
	reach(s, STAGE_reclaim);
	/* Before 7.0 this was asked before: here the nodemask has a node of the cpuset. */
	if (forgets_nodemask(s))
		return RESTART;
	if (w->nofail) {
		gfplab_step(s->to, "  NOFAIL: tries until it succeeds\n");
		s->p->stages |= WALK_BIT(STAGE_reclaim);
		s->p->results |= WALK_BIT(OUTCOME_never);
		if (may_kill(w))
			may_oom(s);
		return FINISHED;
	}
	if (w->noretry || (w->order > WALK_COSTLY && !(w->mayfail && w->compacts))) {
		gfplab_step(s->to, "  one round only (%s)\n", w->noretry ? "NORETRY" : "a costly order");
		gfplab_prediction_fails(s->p, STAGE_reclaim);
	} else if (may_kill(w)) {
		may_oom(s);
	} else {
		gfplab_step(s->to, "  retries while reclaim makes progress, never kills\n");
		gfplab_prediction_fails(s->p, STAGE_reclaim);
	}
	return FINISHED;
}

/*
 * The label `nopage` with __GFP_NOFAIL: half of min (ALLOC_HARDER: three quarters), within the
 * cpuset and then outside. Mirrors __alloc_pages_cpuset_fallback(), 5.10 to 7.3.
 */
static enum next nofail_attempts(struct slowpath *s)
{
	struct slowpath helped = *s;
	unsigned int help = gfplab_walk_can(s->w, alloc_harder) ? GFPLAB_ALLOC_HARDER :
								  GFPLAB_ALLOC_MIN_RESERVE;

	gfplab_step(s->to, "  NOFAIL: with some of the reserves, off the cpuset if need be\n");
	helped.flags = GFPLAB_ALLOC_WMARK_MIN | help | GFPLAB_ALLOC_CPUSET;
	helped.cpuset = s->w->hardwall && !s->w->oom_victim;
	if (answered(&helped))
		return FINISHED;
	helped.flags &= ~GFPLAB_ALLOC_CPUSET;
	helped.cpuset = false;
	return answered(&helped) ? FINISHED : GO_ON;
}

/* The label `nopage`. */
static enum next nopage(struct slowpath *s)
{
	if (forgets_nodemask(s))
		return RESTART;
	if (s->w->nofail && s->w->direct)
		return nofail_attempts(s);
	gfplab_prediction_fails(s->p, s->stage);
	return FINISHED;
}

/*
 * Has a cpuset of movable memory alone no zone for the request? That there is one sets the key
 * cpusets_insane_config_key for all; that of another task is not followed.
 */
static bool insane_cpuset(const struct slowpath *s)
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
static enum next first_attempt(struct slowpath *s)
{
	bool late = gfplab_walk_can(s->w, compacts_late);
	enum next next;

	if (!gfplab_first_zone(s->w, s->nodemask, false)) {
		gfplab_step(s->to, "  no zone is allowed\n");
		return nopage(s);
	}
	if (insane_cpuset(s)) {
		gfplab_step(s->to, "  cpusets_insane_config: the cpuset has no zone for it\n");
		return nopage(s);
	}
	if (s->flags & GFPLAB_ALLOC_KSWAPD)
		gfplab_step(s->to, "  wake_all_kswapds\n");
	if (answered(s))
		return FINISHED;
	if (late)
		return GO_ON;
	if (compacts(s->w) && !gfp_pfmemalloc_flags(s->w)) {
		next = direct_compact(s);
		if (next != GO_ON)
			return next;
	}
	return forgets_nodemask(s) ? RESTART : GO_ON;
}

/* With the reserves, and without nodemask and cpuset if those allow it. */
static enum next second_attempt(struct slowpath *s)
{
	unsigned int reserve = gfp_pfmemalloc_flags(s->w);
	bool adjusted = reserve || !(s->flags & GFPLAB_ALLOC_CPUSET);

	if (reserve) {
		s->flags = reserve | gfplab_alloc_flags_cma(s->w) |
			   (s->flags & GFPLAB_ALLOC_KSWAPD);
		gfplab_step(s->to, "  __gfp_pfmemalloc_flags: may use the reserves\n");
	}
	if (adjusted) {
		if (s->w->masked || s->cpuset)
			gfplab_step(s->to, "  nodemask and cpuset are forgotten\n");
		s->nodemask = false;
		s->cpuset = false;
	}
	/* Since 7.0 there is none if it would be the first one again. */
	if ((adjusted || !gfplab_walk_can(s->w, compacts_late)) && answered(s))
		return FINISHED;
	if (!s->w->direct || s->w->pf_memalloc) {
		gfplab_step(s->to, "  %s\n", s->w->direct ?
			    "PF_MEMALLOC, no recursion into reclaim: fails" : "may not sleep: fails");
		return nopage(s);
	}
	if (gfplab_walk_can(s->w, compacts_late) && compacts(s->w))
		return direct_compact(s);
	return GO_ON;
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
	struct slowpath s = {
		.w = w,
		.p = p,
		.to = to,
		.flags = gfp_to_alloc_flags(w) | gfplab_alloc_flags_cma(w),
		.nodemask = true,
		.stage = STAGE_slow,
	};
	enum next next;

	/* Victims of the OOM killer are allowed anywhere. */
	s.cpuset = (s.flags & GFPLAB_ALLOC_CPUSET) && w->hardwall && !w->oom_victim;
	gfplab_step(to, "__alloc_pages_slowpath\n");
	if (w->cpuset_v1 && (s.flags & GFPLAB_ALLOC_CPUSET) && !w->hardwall && !w->oom_victim)
		gfplab_step(to, "  not followed: a cpuset above this one that is a hard wall (mem_hardwall, mem_exclusive)\n");
	do {
		next = first_attempt(&s);
		if (next == GO_ON)
			next = second_attempt(&s);
		if (next == GO_ON)
			next = direct_reclaim(&s);
	} while (next == RESTART);
}
