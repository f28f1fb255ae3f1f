// SPDX-License-Identifier: GPL-2.0
/*
 * predict.c - predict what the page allocator will do with a request: its fast
 * path, and the whole.
 */
#include "alloc_flags.h"
#include "freelist.h"
#include "predict.h"
#include "prediction.h"
#include "slowpath.h"
#include "watermark.h"
#include "words.h"

/* alloc_pages_nolock(): one attempt, and no slow path. */
static void predict_once(const struct gfplab_walk *w, struct gfplab_prediction *p,
			 struct gfplab_explain_sink *to)
{
	struct gfplab_attempt found;

	gfplab_step(to, "alloc_pages_nolock(order %u)\n", w->order);
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
		p->results |= WALK_BIT(OUTCOME_kills);
	}
	if (w->nofail || urgent)
		return;
	gfplab_step(to, "  try_charge_memcg: the memory cgroup is full: fails, unless this CPU has charges in stock%s\n",
		    w->direct ? " or reclaim helps" : "");
	p->results |= WALK_BIT(OUTCOME_failed);
}

static void predict_walk(const struct gfplab_walk *w, struct gfplab_prediction *p,
			 struct gfplab_explain_sink *to)
{
	unsigned int flags = GFPLAB_ALLOC_WMARK_LOW | gfplab_alloc_flags_cma(w);
	/* Without a nodemask the cpuset's nodes are one; else an OOM victim may go anywhere. */
	bool cpuset = !w->masked || !w->oom_victim;
	struct gfplab_attempt found;

	gfplab_prediction_begin(p);
	if (w->once) {
		predict_once(w, p, to);
		return;
	}
	gfplab_step(to, "__alloc_pages(order %u)\n", w->order);
	if (w->order > w->max_order) {
		gfplab_step(to, "  over the maximum of %u: turned away\n", w->max_order);
		gfplab_prediction_fails(p, STAGE_rejected);
		return;
	}
	if (w->kswapd)
		flags |= GFPLAB_ALLOC_KSWAPD;
	if (w->nofragment)
		flags |= GFPLAB_ALLOC_NOFRAGMENT;
	if (gfplab_walk_can(w, fast_highatomic))
		flags |= gfplab_alloc_flags_nonblocking(w) & GFPLAB_ALLOC_HIGHATOMIC;
	if (gfplab_first_zone(w, true, cpuset)) {
		found = gfplab_get_page_from_freelist(w, flags, true, cpuset, to);
		if (gfplab_prediction_answered(p, w, &found, STAGE_fast))
			return;
	}
	gfplab_predict_slowpath(w, p, to);
}

/**
 * gfplab_predict - what the allocator will do with a request
 * @w: the request and a snapshot of the zones
 * @p: filled in: the smallest set of outcomes that the rules allow
 * @to: where to report each step, or NULL
 *
 * Context: any; touches nothing but its arguments.
 * Mirrors __alloc_pages() and what it calls, 5.10 to 7.3.
 */
void gfplab_predict(const struct gfplab_walk *w, struct gfplab_prediction *p,
		    struct gfplab_explain_sink *to)
{
	predict_walk(w, p, to);
	charge(w, p, to);
}

/**
 * gfplab_predict_pcp - the same for a single page that this CPU has on its list
 * @w: the request; of the snapshot's first zone free lists are not looked at
 * @p: filled in if it is so
 *
 * Context: any; touches nothing but its arguments.
 * Return: false if the first zone does not answer so.
 * Mirrors rmqueue_pcplist() at the first attempt, 5.10 to 7.3.
 */
bool gfplab_predict_pcp(const struct gfplab_walk *w, struct gfplab_prediction *p)
{
	const struct gfplab_zone_snapshot *v = w->zones;
	struct gfplab_attempt found = { .zone = v, .sources = WALK_BIT(SOURCE_pcp) };
	struct gfplab_watermark_check c;

	if (w->order || !gfplab_may_use(v, true, true) || v->busy || v->over_dirty ||
	    w->charge_short || !gfplab_on_pcp_list(w, v) ||
	    (w->cma && w->migratetype == WALK_MOVABLE) ||
	    !gfplab_zone_watermark_ok(w, v, v->mark[GFPLAB_ALLOC_WMARK_LOW],
				      GFPLAB_ALLOC_WMARK_LOW, &c))
		return false;
	gfplab_prediction_begin(p);
	return gfplab_prediction_answered(p, w, &found, STAGE_fast);
}
