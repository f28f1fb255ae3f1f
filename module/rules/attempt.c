// SPDX-License-Identifier: GPL-2.0
/*
 * attempt.c - one attempt: which zone it finds.
 */
#include "alloc_flags.h"
#include "attempt.h"
#include "past_freelist.h"
#include "watermark.h"

/* pgdat_balanced(), pgdat_watermark_boosted(): kswapd would find nothing to do. */
static bool balanced(const struct gfplab_walk *w, int nid)
{
	const struct gfplab_zone_snapshot *v;
	struct gfplab_zone_snapshot exact;
	struct gfplab_watermark_check c;
	bool enough = false;

	for (v = w->zones; v < w->zones + w->nr_zones; v++) {
		if (v->nid != nid)
			continue;
		if (v->mark[GFPLAB_ALLOC_WMARK_MIN] != v->min_unboosted)
			return false;
		exact = *v;
		exact.free = v->balance_free;
		enough = enough || gfplab_zone_watermark_ok(w, &exact, v->balance_mark, 0, &c);
	}
	return enough;
}

/* The slow path has just woken the kswapd of every node that needs it. */
static bool kswapd_awake(const struct gfplab_walk *w, const struct gfplab_zone_snapshot *v,
			 unsigned int flags)
{
	bool woken = (flags & GFPLAB_ALLOC_KSWAPD) &&
		     (flags & GFPLAB_ALLOC_WMARK_MASK) != GFPLAB_ALLOC_WMARK_LOW;

	return v->busy || (woken && !v->hopeless && !balanced(w, v->nid));
}

static void step_attempt(struct gfplab_explain_sink *to, const struct gfplab_walk *w,
			 unsigned int flags)
{
	char names[GFPLAB_ALLOC_FLAGS_MAX];

	if (!to)
		return;
	gfplab_alloc_flags_format(names, sizeof(names), flags, w->family);
	to->step(to, "  get_page_from_freelist(alloc_flags 0x%x %s)\n", flags, names);
	gfplab_decide_set(to, attempt, flags & (GFPLAB_ALLOC_WMARK_MASK |
						GFPLAB_ALLOC_NO_WATERMARKS));
	gfplab_step_note(to, NOTE_attempt);
}

/* Does the walk pass a zone over that has memory? Of several reasons the first. */
static bool passed_over(const struct gfplab_zone_snapshot *v, const struct gfplab_scan *s,
			bool spreads)
{
	if (!gfplab_scan_allows(s, v))
		return true;
	if (!spreads || !v->over_dirty)
		return false;
	gfplab_step(s->to, "    Node %d %s: the node has its share of dirty pages\n", v->nid,
		    v->name);
	gfplab_decide_zone(s->to, over_dirty, v, 0);
	gfplab_step_note(s->to, NOTE_dirty);
	return true;
}

/**
 * gfplab_get_page_from_freelist - one attempt: the zones in zonelist order
 * @w: the request and a snapshot of the zones
 * @flags: alloc_flags
 * @nodemask: the nodemask counts
 * @cpuset: the cpuset counts
 * @to: where to report each step, or NULL
 *
 * Context: any; touches nothing but its arguments, and what @w->past points to.
 * Return: the zone that answers and the source of its block.
 * Mirrors get_page_from_freelist(), 4.8 to 7.3; for older ones see past_freelist.h.
 */
struct gfplab_attempt gfplab_get_page_from_freelist(const struct gfplab_walk *w,
						    unsigned int flags, bool nodemask,
						    bool cpuset, struct gfplab_explain_sink *to)
{
	const struct gfplab_zone_snapshot *preferred, *v;
	bool skips = gfplab_walk_can(w, skips_kswapd_nodes) && w->nodes > 1, skipped = false;
	/* Only the first attempt keeps to the limits for dirty pages. */
	bool spreads = w->writes && (flags & GFPLAB_ALLOC_WMARK_MASK) == GFPLAB_ALLOC_WMARK_LOW;
	struct gfplab_scan s = { flags, nodemask, cpuset, to };
	struct gfplab_attempt found = {};
	bool full;

	preferred = gfplab_first_zone(w, nodemask, cpuset && !w->masked);
	step_attempt(to, w, flags);
	if (gfplab_walk_can(w, one_loop))
		return gfplab_past_scan(w, &s, preferred);
retry:
	for (v = w->zones; v < w->zones + w->nr_zones; v++) {
		if (passed_over(v, &s, spreads))
			continue;
		if ((s.flags & GFPLAB_ALLOC_NOFRAGMENT) && w->nodes > 1 &&
		    v->nid != preferred->nid) {
			gfplab_step(to, "    Node %d %s: remote; rather mix types at home: again without NOFRAGMENT\n",
				    v->nid, v->name);
			gfplab_decide_zone(to, remote, v, 0);
			gfplab_step_note(to, NOTE_locality);
			s.flags &= ~GFPLAB_ALLOC_NOFRAGMENT;
			goto retry;
		}
		if (skips && kswapd_awake(w, v, s.flags)) {
			gfplab_step(to, "    Node %d %s: its kswapd is awake; rather another node\n",
				    v->nid, v->name);
			gfplab_decide_zone(to, busy, v, 0);
			gfplab_step_note(to, NOTE_busy);
			skipped = true;
			continue;
		}
		found.sources = gfplab_scan_zone(w, v, &s, &full);
		if (found.sources) {
			found.zone = v;
			return found;
		}
		if (full)
			gfplab_scan_reclaims(w, v, &found, to);
	}
	if (skips && skipped) {
		gfplab_step(to, "    again with the nodes whose kswapd is awake\n");
		gfplab_decide(to, other_nodes);
		skips = false;
		goto retry;
	}
	if ((s.flags & GFPLAB_ALLOC_NOFRAGMENT) && !w->first_zone_only) {
		gfplab_step(to, "    again without NOFRAGMENT\n");
		gfplab_decide(to, mixes);
		s.flags &= ~GFPLAB_ALLOC_NOFRAGMENT;
		goto retry;
	}
	return found;
}
