// SPDX-License-Identifier: GPL-2.0
/*
 * past_freelist.c - how kernels to 4.7 went through the zonelist: with turns for the
 * zones of a node, and to 4.3 with a cache of zones that were full.
 *
 * No kernel of today has the batches of those turns, nor that cache. Both are taken as
 * fresh: nothing of a batch is used up, and no zone was full before this request.
 */
#include "alloc_flags.h"
#include "past_freelist.h"

#define ZLC_ZONES	64	/* bits of struct gfplab_past.full */

/**
 * struct past - an attempt of such a kernel
 * @w: the request and a snapshot of the zones
 * @s: as it is asked for
 * @local: the preferred zone's node
 * @spreads: the attempt keeps to limits for dirty pages
 * @fair: the zones of @local take turns in this pass
 * @cached: the zonelist cache is asked (zlc_active)
 * @set_up: it was (did_zlc_setup)
 */
struct past {
	const struct gfplab_walk *w;
	const struct gfplab_scan *s;
	int local;
	bool spreads;
	bool fair;
	bool cached;
	bool set_up;
};

static __u64 place_of(const struct past *p, const struct gfplab_zone_snapshot *v)
{
	unsigned long i = v - p->w->zones;

	return i < ZLC_ZONES ? 1ULL << i : 0;
}

/* zlc_setup(): asked from now on, once for each attempt. */
static void set_up_cache(struct past *p)
{
	if (!gfplab_walk_can(p->w, zonelist_cache) || p->w->nodes < 2 || p->set_up)
		return;
	p->cached = true;
	p->set_up = true;
	gfplab_step(p->s->to, "      zlc_setup: taken as fresh: no zone was full in the second before this request\n");
	gfplab_step_note(p->s->to, NOTE_zlc);
}

/* zlc_mark_zone_full() */
static void mark_full(struct past *p, const struct gfplab_zone_snapshot *v)
{
	if (gfplab_walk_can(p->w, zonelist_cache) && p->w->past &&
	    (p->cached || gfplab_walk_can(p->w, zlc_at_once)))
		p->w->past->full |= place_of(p, v);
}

/* zlc_zone_worth_trying() */
static bool known_full(const struct past *p, const struct gfplab_zone_snapshot *v)
{
	if (!p->cached || !p->w->past || !(p->w->past->full & place_of(p, v)))
		return false;
	gfplab_step(p->s->to, "    Node %d %s: was full a moment ago (zonelist cache)\n", v->nid,
		    v->name);
	gfplab_decide_zone(p->s->to, cached, v, 0);
	return true;
}

static bool over_dirty(const struct past *p, const struct gfplab_zone_snapshot *v)
{
	if (!p->spreads || !v->zone_over_dirty)
		return false;
	gfplab_step(p->s->to, "    Node %d %s: the zone has its share of dirty pages\n", v->nid,
		    v->name);
	gfplab_decide_zone(p->s->to, over_dirty, v, 1);
	gfplab_step_note(p->s->to, NOTE_dirty);
	return true;
}

/* A zone took its turn; that is a guess only where the node has another one that could. */
static void step_fair(const struct past *p, const struct gfplab_zone_snapshot *v)
{
	const struct gfplab_zone_snapshot *other;

	for (other = v + 1; p->fair && other < p->w->zones + p->w->nr_zones; other++) {
		if (other->nid != p->local ||
		    !gfplab_may_use(other, p->s->nodemask, p->s->cpuset))
			continue;
		gfplab_step(p->s->to, "      ALLOC_FAIR: NR_ALLOC_BATCH of the zone is taken as fresh; once it is used up, %s is next\n",
			    other->name);
		gfplab_step_note(p->s->to, NOTE_fair);
		return;
	}
}

/* Is the pass over at this zone? */
static bool leaves_node(struct past *p, const struct gfplab_zone_snapshot *v)
{
	if (!p->fair || v->nid == p->local)
		return false;
	if (gfplab_walk_can(p->w, fair_goes_on)) {
		p->fair = false;
		return false;
	}
	gfplab_step(p->s->to, "    Node %d %s: remote; ALLOC_FAIR keeps to the node\n", v->nid,
		    v->name);
	gfplab_decide_zone(p->s->to, remote, v, 1);
	gfplab_step_note(p->s->to, NOTE_fair);
	return true;
}

/* One pass. Return: true if a zone answered. */
static bool pass(struct past *p, struct gfplab_attempt *found)
{
	const struct gfplab_walk *w = p->w;
	const struct gfplab_zone_snapshot *v;
	bool full;

	for (v = w->zones; v < w->zones + w->nr_zones; v++) {
		if (known_full(p, v))
			continue;
		if (!gfplab_scan_allows(p->s, v)) {
			if (gfplab_walk_can(w, zlc_at_once) && (!p->s->nodemask || v->in_nodes))
				set_up_cache(p);
			continue;
		}
		if (leaves_node(p, v))
			return false;
		if (over_dirty(p, v))
			continue;
		found->sources = gfplab_scan_zone(w, v, p->s, &full);
		if (found->sources) {
			found->zone = v;
			step_fair(p, v);
			return true;
		}
		if (full)
			gfplab_scan_reclaims(w, v, found, p->s->to);
		if (full && !gfplab_walk_can(w, zlc_at_once))
			set_up_cache(p);
		mark_full(p, v);
		if (gfplab_walk_can(w, zlc_at_once))
			set_up_cache(p);
	}
	return false;
}

/**
 * gfplab_past_scan - one attempt of a kernel to 4.7: the zones in zonelist order
 * @w: the request and a snapshot of the zones
 * @s: the attempt
 * @preferred: the first zone that is allowed, or NULL
 *
 * Context: any; touches nothing but its arguments, and what @w->past points to.
 * Return: the zone that answers and the source of its block.
 * Mirrors get_page_from_freelist(), 2.6.32 to 4.7.
 */
struct gfplab_attempt gfplab_past_scan(const struct gfplab_walk *w, const struct gfplab_scan *s,
				       const struct gfplab_zone_snapshot *preferred)
{
	bool low = (s->flags & GFPLAB_ALLOC_WMARK_MASK) == GFPLAB_ALLOC_WMARK_LOW;
	/* The bit of ALLOC_FAIR became that of ALLOC_NOFRAGMENT. */
	struct gfplab_scan own = { s->flags & ~GFPLAB_ALLOC_FAIR, s->nodemask, s->cpuset, s->to };
	struct past p = {
		.w = w, .s = &own, .local = preferred ? preferred->nid : -1,
		.spreads = low && w->writes && gfplab_walk_can(w, dirty_zones),
		.fair = s->flags & GFPLAB_ALLOC_FAIR,
	};
	struct gfplab_attempt found = {};

	while (!pass(&p, &found)) {
		/* Remote zones are asked in a second pass, and those in the cache as well. */
		if (!p.cached && !(p.fair && w->nodes > 1))
			break;
		gfplab_step(s->to, "    again without %s%s%s\n", p.fair ? "ALLOC_FAIR" : "",
			    p.fair && p.cached ? ", without " : "",
			    p.cached ? "the zonelist cache" : "");
		gfplab_decide(s->to, other_nodes);
		p.fair = false;
		p.cached = false;
	}
	return found;
}
