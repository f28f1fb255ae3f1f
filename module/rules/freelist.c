// SPDX-License-Identifier: GPL-2.0
/*
 * freelist.c - which zone an attempt finds, and from where its block comes.
 *
 * Which orders have per-cpu lists comes with the snapshot.
 */
#include "alloc_flags.h"
#include "freelist.h"
#include "watermark.h"
#include "words.h"

/* ---- one zone's lists ---- */

/* __rmqueue(): the type itself, CMA, or a fallback that NOFRAGMENT allows. */
static unsigned int takeable(const struct gfplab_walk *w, unsigned int flags,
			     unsigned int order)
{
	unsigned int types = WALK_BIT(w->migratetype);

	if (flags & GFPLAB_ALLOC_CMA)
		types |= WALK_BIT(WALK_CMA);
	if (!(flags & GFPLAB_ALLOC_NOFRAGMENT) || order >= w->pageblock)
		types |= WALK_ORDINARY;
	return types;
}

static bool can_take(const struct gfplab_walk *w, const struct gfplab_zone_snapshot *v,
		     unsigned int flags)
{
	unsigned int o;

	for (o = w->order; o <= w->max_order; o++)
		if (v->types[o] & takeable(w, flags, o))
			return true;
	return false;
}

/* CMA goes first while it is most of what is free, else before other types. */
static bool takes_cma(const struct gfplab_walk *w, const struct gfplab_zone_snapshot *v,
		      unsigned int flags)
{
	if (!(flags & GFPLAB_ALLOC_CMA) || !gfplab_type_free(w, v, WALK_BIT(WALK_CMA)))
		return false;
	return v->free_cma > v->free / 2 || !gfplab_type_free(w, v, WALK_BIT(w->migratetype));
}

/**
 * gfplab_on_pcp_list - does this CPU keep a block that fits?
 * @w: the request; its order has per-cpu lists
 * @v: the zone
 *
 * Context: any; touches nothing but its arguments.
 * Return: true if it does.
 * Mirrors order_to_pindex(), 5.10 to 7.3.
 */
bool gfplab_on_pcp_list(const struct gfplab_walk *w, const struct gfplab_zone_snapshot *v)
{
	if (w->order < WALK_SMALL)
		return v->pcp[w->order] & WALK_BIT(w->migratetype);
	return v->pcp_thp & (w->migratetype == WALK_MOVABLE ? 2 : 1);
}

/*
 * A refill that finds a single block can't be told from no refill. How many it
 * finds is known but where types are mixed: a free list's length is not.
 */
static __u32 refill_sources(const struct gfplab_walk *w, const struct gfplab_zone_snapshot *v,
			    unsigned int flags)
{
	unsigned long least = 0, most = 0;
	unsigned int o, types, shift;

	for (o = w->order; o <= w->max_order; o++) {
		types = v->types[o] & takeable(w, flags, o);
		if (!types)
			continue;
		shift = o - w->order;
		most += v->blocks[o] << shift;
		least += (types == v->types[o] ? v->blocks[o] : 1) << shift;
	}
	if (v->pcp_refill <= 1 || most < 2)
		return WALK_BIT(SOURCE_unknown);
	return WALK_BIT(SOURCE_refill) | (least < 2 ? WALK_BIT(SOURCE_unknown) : 0);
}

/**
 * gfplab_rmqueue - where a block would come from
 * @w: the request
 * @v: the zone
 * @flags: alloc_flags
 *
 * Context: any; touches nothing but its arguments.
 * Return: bit SOURCE_x; 0 if the zone has no block that fits after all.
 * Mirrors rmqueue() and __rmqueue(), 2.6.32 to 7.3.
 */
__u32 gfplab_rmqueue(const struct gfplab_walk *w, const struct gfplab_zone_snapshot *v,
		     unsigned int flags)
{
	bool pcp = w->pcp_order && (!w->cma || (flags & GFPLAB_ALLOC_CMA) ||
				    w->migratetype != WALK_MOVABLE);
	bool highatomic, take, first, last, refill;

	if (gfplab_walk_can(w, alloc_harder)) {
		first = w->order && (flags & GFPLAB_ALLOC_HARDER);
		last = false;
	} else {
		first = flags & GFPLAB_ALLOC_HIGHATOMIC;
		last = flags & (GFPLAB_ALLOC_OOM |
				(gfplab_walk_can(w, last_highatomic) ? GFPLAB_ALLOC_NON_BLOCK : 0));
	}
	if (pcp && gfplab_on_pcp_list(w, v))
		return WALK_BIT(SOURCE_pcp);
	highatomic = gfplab_type_free(w, v, WALK_BIT(WALK_HIGHATOMIC));
	take = can_take(w, v, flags);
	refill = !gfplab_walk_can(w, no_refill_highatomic) || !(flags & GFPLAB_ALLOC_HIGHATOMIC);
	if (pcp && take && refill)
		return takes_cma(w, v, flags) ? WALK_BIT(SOURCE_cma) : refill_sources(w, v, flags);
	if (first && highatomic)
		return WALK_BIT(SOURCE_buddy);
	if (take)
		return WALK_BIT(takes_cma(w, v, flags) ? SOURCE_cma :
				w->pcp_order && refill ? SOURCE_unknown : SOURCE_buddy);
	return last && highatomic ? WALK_BIT(SOURCE_buddy) : 0;
}

/* ---- one attempt, over the zones ---- */

/**
 * gfplab_may_use - is a zone's node among those that are allowed?
 * @v: the zone
 * @nodemask: the nodemask counts
 * @cpuset: the cpuset counts
 *
 * Context: any; touches nothing but its arguments.
 * Return: true if it is.
 */
bool gfplab_may_use(const struct gfplab_zone_snapshot *v, bool nodemask, bool cpuset)
{
	return (!nodemask || v->in_nodes) && (!cpuset || v->in_cpuset);
}

/**
 * gfplab_first_zone - the first zone of the zonelist that is allowed
 * @w: the request
 * @nodemask: the nodemask counts
 * @cpuset: the cpuset counts
 *
 * Context: any; touches nothing but its arguments.
 * Return: the zone; NULL if none is.
 * Mirrors first_zones_zonelist(), 5.10 to 7.3.
 */
const struct gfplab_zone_snapshot *gfplab_first_zone(const struct gfplab_walk *w, bool nodemask,
						     bool cpuset)
{
	unsigned int i;

	for (i = 0; i < w->nr_zones; i++)
		if (gfplab_may_use(&w->zones[i], nodemask, cpuset))
			return &w->zones[i];
	return NULL;
}

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
}

static void step_check(struct gfplab_explain_sink *to, const struct gfplab_zone_snapshot *v,
		       unsigned int flags, const struct gfplab_watermark_check *c)
{
	static const char * const marks[] = { "min", "low", "high" };

	gfplab_step(to, "    Node %d %s: free %ld - %ld unusable = %ld %s %s %ld", v->nid, v->name,
		    c->free, c->unusable, c->free - c->unusable, c->enough ? ">" : "<=",
		    marks[flags & GFPLAB_ALLOC_WMARK_MASK], c->mark);
	if (c->mark != c->full)
		gfplab_step(to, " (of %ld)", c->full);
	gfplab_step(to, " + reserve %ld -> %s\n", c->reserve, !c->enough ? "too little" :
		    !c->block ? "enough, but no free block is large enough" : "ok");
	if (c->highatomic || c->cma)
		gfplab_step(to, "      unusable: %ld of CMA, %ld kept for HIGHATOMIC\n", c->cma,
			    c->highatomic);
}

/*
 * Watermark and free lists of a zone that may be used: bit SOURCE_x, 0 if it has no block. @full is
 * set if that is for its mark.
 */
static __u32 try_zone(const struct gfplab_walk *w, const struct gfplab_zone_snapshot *v,
		      unsigned int flags, bool *full, struct gfplab_explain_sink *to)
{
	struct gfplab_watermark_check c;
	__u32 sources;

	*full = false;
	if (flags & GFPLAB_ALLOC_NO_WATERMARKS) {
		gfplab_step(to, "    Node %d %s: watermarks ignored\n", v->nid, v->name);
	} else {
		*full = !gfplab_zone_watermark_fast(w, v, flags, &c);
		step_check(to, v, flags, &c);
		if (*full)
			return 0;
	}
	sources = gfplab_rmqueue(w, v, flags);
	if (!sources)
		gfplab_step(to, "    Node %d %s: rmqueue() finds no block of this type%s\n", v->nid,
			    v->name, flags & GFPLAB_ALLOC_NOFRAGMENT ? " without mixing" : "");
	return sources;
}

/* node_reclaim(), for requests that may wait for it, and zones where the snapshot allows it. */
static bool may_node_reclaim(const struct gfplab_walk *w, const struct gfplab_zone_snapshot *v)
{
	return v->node_reclaims && w->direct && !w->pf_memalloc;
}

/**
 * gfplab_get_page_from_freelist - one attempt: the zones in zonelist order
 * @w: the request and a snapshot of the zones
 * @flags: alloc_flags
 * @nodemask: the nodemask counts
 * @cpuset: the cpuset counts
 * @to: where to report each step, or NULL
 *
 * Context: any; touches nothing but its arguments.
 * Return: the zone that answers and the source of its block.
 * Mirrors get_page_from_freelist(), 5.10 to 7.3.
 */
struct gfplab_attempt gfplab_get_page_from_freelist(const struct gfplab_walk *w,
						    unsigned int flags, bool nodemask,
						    bool cpuset, struct gfplab_explain_sink *to)
{
	const struct gfplab_zone_snapshot *preferred, *v;
	bool skips = gfplab_walk_can(w, skips_kswapd_nodes) && w->nodes > 1, skipped = false;
	/* Only the first attempt keeps to the limits for dirty pages. */
	bool spreads = w->writes && (flags & GFPLAB_ALLOC_WMARK_MASK) == GFPLAB_ALLOC_WMARK_LOW;
	struct gfplab_attempt found = {};
	bool full;

	preferred = gfplab_first_zone(w, nodemask, cpuset && !w->masked);
	step_attempt(to, w, flags);
retry:
	for (v = w->zones; v < w->zones + w->nr_zones; v++) {
		if (!gfplab_may_use(v, nodemask, cpuset)) {
			gfplab_step(to, "    Node %d %s: not in the %s\n", v->nid, v->name,
				    nodemask && !v->in_nodes ? "nodemask" : "cpuset");
			continue;
		}
		if (spreads && v->over_dirty) {
			gfplab_step(to, "    Node %d %s: the node has its share of dirty pages\n",
				    v->nid, v->name);
			continue;
		}
		if ((flags & GFPLAB_ALLOC_NOFRAGMENT) && w->nodes > 1 && v->nid != preferred->nid) {
			gfplab_step(to, "    Node %d %s: remote; rather mix types at home: again without NOFRAGMENT\n",
				    v->nid, v->name);
			flags &= ~GFPLAB_ALLOC_NOFRAGMENT;
			goto retry;
		}
		if (skips && kswapd_awake(w, v, flags)) {
			gfplab_step(to, "    Node %d %s: its kswapd is awake; rather another node\n",
				    v->nid, v->name);
			skipped = true;
			continue;
		}
		found.sources = try_zone(w, v, flags, &full, to);
		if (found.sources) {
			found.zone = v;
			return found;
		}
		if (full && may_node_reclaim(w, v)) {
			gfplab_step(to, "    Node %d %s: node_reclaim() may free enough\n", v->nid,
				    v->name);
			found.nr_reclaimed += found.reclaimed != v;
			found.reclaimed = v;
		}
	}
	if (skips && skipped) {
		gfplab_step(to, "    again with the nodes whose kswapd is awake\n");
		skips = false;
		goto retry;
	}
	if ((flags & GFPLAB_ALLOC_NOFRAGMENT) && !w->first_zone_only) {
		gfplab_step(to, "    again without NOFRAGMENT\n");
		flags &= ~GFPLAB_ALLOC_NOFRAGMENT;
		goto retry;
	}
	return found;
}
