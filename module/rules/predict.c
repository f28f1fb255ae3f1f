// SPDX-License-Identifier: GPL-2.0
/*
 * predict.c - predict what the page allocator will do with a request: its fast
 * path, and the whole.
 */
#include "alloc_flags.h"
#include "attempt.h"
#include "predict.h"
#include "prediction.h"
#include "prepare.h"
#include "slowpath.h"
#include "watermark.h"
#include "words.h"

/* alloc_pages_nolock(): one attempt, and no slow path. */
static void predict_once(const struct gfplab_walk *w, struct gfplab_prediction *p,
			 struct gfplab_explain_sink *to)
{
	struct gfplab_attempt found;

	gfplab_step(to, "alloc_pages_nolock(order %u)\n", w->order);
	gfplab_step_prepare(w, to);
	found = gfplab_get_page_from_freelist(w, GFPLAB_ALLOC_WMARK_MIN | GFPLAB_ALLOC_TRYLOCK,
					      true, true, to);
	if (!gfplab_prediction_answered(p, w, &found, STAGE_fast))
		gfplab_prediction_fails(p, STAGE_fast);
}

/*
 * The charge to a memory cgroup, once the page is there. What the group has no room for may still
 * come out of a CPU's stock of charges, or after reclaim.
 * Mirrors try_charge_memcg(), 5.10 to 7.3.
 */
static void charge(const struct gfplab_walk *w, struct gfplab_prediction *p,
		   struct gfplab_explain_sink *to)
{
	bool urgent = w->high && (w->atomic || !gfplab_walk_can(w, alloc_harder));

	if (!w->charge_short || w->pf_memalloc || !(p->results & WALK_BIT(OUTCOME_ok)))
		return;
	if (w->direct && !w->noretry && !w->mayfail && w->order <= WALK_COSTLY) {
		gfplab_step(to, "  try_charge_memcg: the memory cgroup is full: may kill one of its tasks\n");
		gfplab_decide_set(to, charge, 1);
		p->results |= WALK_BIT(OUTCOME_kills);
	}
	if (w->nofail || urgent)
		return;
	gfplab_step(to, "  try_charge_memcg: the memory cgroup is full: fails, unless this CPU has charges in stock%s\n",
		    w->direct ? " or reclaim helps" : "");
	gfplab_decide(to, charge);
	gfplab_step_note(to, NOTE_charge);
	p->results |= WALK_BIT(OUTCOME_failed);
}

/* alloc_flags of the first attempt. */
static unsigned int fast_flags(const struct gfplab_walk *w)
{
	unsigned int flags = GFPLAB_ALLOC_WMARK_LOW | gfplab_alloc_flags_cma(w);

	if (w->kswapd && !gfplab_walk_can(w, no_kswapd_flag))
		flags |= GFPLAB_ALLOC_KSWAPD;
	if (w->nofragment && !gfplab_walk_can(w, no_nofragment))
		flags |= GFPLAB_ALLOC_NOFRAGMENT;
	if (gfplab_walk_can(w, fast_highatomic))
		flags |= gfplab_alloc_flags_nonblocking(w) & GFPLAB_ALLOC_HIGHATOMIC;
	if (gfplab_walk_can(w, fast_cpuset))
		flags |= GFPLAB_ALLOC_CPUSET;
	if (gfplab_walk_can(w, fair_zones))
		flags |= GFPLAB_ALLOC_FAIR;
	return flags;
}

/* Is an order too large, or no zone there, so that the heart does not begin? */
static bool turned_away(const struct gfplab_walk *w, struct gfplab_prediction *p, bool cpuset,
			struct gfplab_explain_sink *to)
{
	if (w->order > w->max_order && !gfplab_walk_can(w, order_turned_away_late))
		gfplab_step(to, "  over the maximum of %u: turned away\n", w->max_order);
	else if (gfplab_walk_can(w, first_zone_or_null) && !gfplab_first_zone(w, true, cpuset))
		gfplab_step(to, "  no zone is allowed: turned away\n");
	else
		return false;
	gfplab_decide(to, turned_away);
	gfplab_prediction_fails(p, STAGE_rejected);
	return true;
}

static void predict_walk(const struct gfplab_walk *w, struct gfplab_prediction *p,
			 struct gfplab_explain_sink *to)
{
	/* Without a nodemask the cpuset's nodes are one; else an OOM victim may go anywhere. */
	bool cpuset = !w->masked || !w->oom_victim;
	struct gfplab_attempt found;

	gfplab_prediction_begin(p);
	if (w->once) {
		predict_once(w, p, to);
		return;
	}
	gfplab_step(to, gfplab_walk_can(w, alloc_harder) ? "__alloc_pages_nodemask(order %u)\n" :
							   "__alloc_pages(order %u)\n", w->order);
	gfplab_step_note(to, NOTE_heart);
	if (turned_away(w, p, cpuset, to))
		return;
	gfplab_step_prepare(w, to);
	if (gfplab_first_zone(w, true, cpuset)) {
		found = gfplab_get_page_from_freelist(w, fast_flags(w), true, cpuset, to);
		if (gfplab_prediction_answered(p, w, &found, STAGE_fast))
			return;
	}
	gfplab_predict_slowpath(w, p, to);
	if (gfplab_walls_unknown(w)) {
		gfplab_step(to, "  unknown: where a block of the slow path comes from\n");
		gfplab_prediction_begin(p);
	}
}

/* What such a kernel remembers begins with the request. */
static void predict_past(const struct gfplab_walk *w, struct gfplab_prediction *p,
			 struct gfplab_explain_sink *to)
{
	const struct gfplab_zone_snapshot *first = gfplab_first_zone(w, true, !w->masked);
	struct gfplab_past past = { .classzone = first ? first->zone : w->highest };
	struct gfplab_walk then = *w;

	then.past = &past;
	predict_walk(&then, p, to);
}

/**
 * gfplab_predict - what the allocator will do with a request
 * @w: the request and a snapshot of the zones
 * @p: filled in: the smallest set of outcomes that the rules allow
 * @to: where to report each step, or NULL
 *
 * Context: any; touches nothing but its arguments.
 * Mirrors __alloc_pages() and what it calls, 5.13 to 7.3, and __alloc_pages_nodemask(),
 * 2.6.32 to 5.12.
 */
void gfplab_predict(const struct gfplab_walk *w, struct gfplab_prediction *p,
		    struct gfplab_explain_sink *to)
{
	if (gfplab_walk_can(w, past)) {
		predict_past(w, p, to);
		return;
	}
	predict_walk(w, p, to);
	charge(w, p, to);
}

/**
 * gfplab_pcp_answers - does a block come from the list of this CPU in the first zone?
 * @w: the request, of an order that has a list for each type; of the snapshot's free lists those
 *	count that have such a block, the smaller ones at least
 *
 * Context: any; touches nothing but its arguments.
 * Return: true if it does, at the first attempt.
 * Mirrors rmqueue_pcplist() at the first attempt, 5.10 to 7.3.
 */
bool gfplab_pcp_answers(const struct gfplab_walk *w)
{
	const struct gfplab_zone_snapshot *v = w->zones;
	struct gfplab_watermark_check c;

	/* What can't wait may have a block of HIGHATOMIC instead. */
	if (w->order && !w->direct)
		return false;
	return v->in_nodes && v->in_cpuset && !v->busy && !v->over_dirty &&
	       !w->charge_short && (v->pcp[w->order] & WALK_BIT(w->migratetype)) &&
	       !(w->cma && w->migratetype == WALK_MOVABLE) &&
	       gfplab_zone_watermark_ok(w, v, v->mark[GFPLAB_ALLOC_WMARK_LOW],
					GFPLAB_ALLOC_WMARK_LOW, &c);
}

/**
 * gfplab_predict_pcp - the prediction for what gfplab_pcp_answers()
 * @w: the request
 * @p: filled in
 *
 * Context: any; touches nothing but its arguments.
 */
void gfplab_predict_pcp(const struct gfplab_walk *w, struct gfplab_prediction *p)
{
	struct gfplab_attempt found = { .zone = w->zones, .sources = WALK_BIT(SOURCE_pcp) };

	gfplab_prediction_begin(p);
	gfplab_prediction_answered(p, w, &found, STAGE_fast);
}
