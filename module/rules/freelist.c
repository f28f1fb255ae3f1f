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

/* ---- another migratetype's block ---- */

/* fallbacks[]: the migratetype to take from at one order; -1: it has none. */
static int fallback_type(const struct gfplab_walk *w, const struct gfplab_zone_snapshot *v,
			 unsigned int order)
{
	static const unsigned int fallbacks[][2] = {
		[WALK_UNMOVABLE] = { WALK_RECLAIMABLE, WALK_MOVABLE },
		[WALK_MOVABLE] = { WALK_RECLAIMABLE, WALK_UNMOVABLE },
		[WALK_RECLAIMABLE] = { WALK_UNMOVABLE, WALK_MOVABLE },
	};
	unsigned int i;

	for (i = 0; i < 2; i++)
		if (v->types[order] & WALK_BIT(fallbacks[w->migratetype][i]))
			return fallbacks[w->migratetype][i];
	return -1;
}

/* can_steal_fallback(), should_try_claim_block() */
static bool may_claim(const struct gfplab_walk *w, unsigned int order)
{
	return order >= w->pageblock / 2 || w->migratetype != WALK_MOVABLE;
}

/* Half of a pageblock is enough for its type to change; of less the rest of it decides. */
static __u32 claims_of(const struct gfplab_walk *w, unsigned int order)
{
	if (order + 1 >= w->pageblock)
		return WALK_BIT(CLAIM_whole);
	return WALK_BIT(CLAIM_whole) | WALK_BIT(CLAIM_none) |
	       (gfplab_walk_can(w, claims_whole) ? 0 : WALK_BIT(CLAIM_part));
}

/* The smallest free block that will do, and no more than that. */
static void take_smallest(const struct gfplab_walk *w, const struct gfplab_zone_snapshot *v,
			  struct gfplab_fallback *f)
{
	unsigned int order = w->order;
	int from;

	while ((from = fallback_type(w, v, order)) < 0)
		if (++order > w->max_order)
			return;
	f->certain = !f->claims || (f->order == order && f->from == (unsigned int)from);
	f->from = from;
	f->order = order;
	f->claims |= WALK_BIT(CLAIM_none);
}

/**
 * gfplab_rmqueue_fallback - which block of another migratetype a request takes
 * @w: the request
 * @v: a zone whose free lists have no block of the request's own type, nor, if it may
 *	have them, of CMA
 * @flags: alloc_flags
 *
 * How much of a pageblock is free or of the same kind is not in a snapshot.
 *
 * Context: any; touches nothing but its arguments.
 * Return: the block, and what is claimed with it.
 * Mirrors __rmqueue_fallback() and steal_suitable_fallback(), 5.10 to 6.11, __rmqueue_claim()
 * and __rmqueue_steal(), 6.12 to 7.3.
 */
struct gfplab_fallback gfplab_rmqueue_fallback(const struct gfplab_walk *w,
					       const struct gfplab_zone_snapshot *v,
					       unsigned int flags)
{
	bool nofragment = (flags & GFPLAB_ALLOC_NOFRAGMENT) && w->order < w->pageblock;
	unsigned int least = nofragment ? w->pageblock : w->order, order = w->max_order + 1;
	struct gfplab_fallback f = {};
	bool any = false;
	int from;

	while (order-- > least) {
		from = fallback_type(w, v, order);
		if (from < 0)
			continue;
		any = true;
		if (!may_claim(w, order))
			break;
		if (f.claims) {
			/* Of no order in particular, so take_smallest() finds no such block. */
			f.order = WALK_ORDERS;
			f.claims |= claims_of(w, order);
		} else {
			f = (struct gfplab_fallback){ claims_of(w, order), from, order, true };
		}
		/* Where a pageblock can't be claimed the next smaller block is tried. */
		if (!gfplab_walk_can(w, claims_whole) || !(f.claims & WALK_BIT(CLAIM_none)))
			return f;
	}
	if (any && !nofragment)
		take_smallest(w, v, &f);
	return f;
}

static void step_fallback(struct gfplab_explain_sink *to, const struct gfplab_walk *w,
			  const struct gfplab_zone_snapshot *v, unsigned int flags)
{
	static const char * const names[] = { "unmovable", "movable", "reclaimable" };
	struct gfplab_fallback f;
	char claims[GFPLAB_WORDS_MAX];

	/* Older kernels choose otherwise. */
	if (!to || w->family < FAMILY_5_10)
		return;
	/* A high order out of HIGHATOMIC, unless its per-cpu list is refilled first. */
	if (w->order && (flags & (GFPLAB_ALLOC_HARDER | GFPLAB_ALLOC_HIGHATOMIC)) &&
	    (!w->pcp_order || gfplab_walk_can(w, no_refill_highatomic)) &&
	    gfplab_type_free(w, v, WALK_BIT(WALK_HIGHATOMIC)))
		return;
	if (gfplab_type_free(w, v, WALK_BIT(w->migratetype)) || takes_cma(w, v, flags) ||
	    (w->pcp_order && gfplab_on_pcp_list(w, v)))
		return;
	f = gfplab_rmqueue_fallback(w, v, flags);
	if (!f.claims)
		return;
	gfplab_words_format(claims, sizeof(claims), gfplab_claims, f.claims, "|");
	if (f.certain)
		to->step(to, "      falls back: %s<%s, a free block of order %u, claimed %s\n",
			 names[w->migratetype], names[f.from], f.order, claims);
	else
		to->step(to, "      falls back to another type, claimed %s\n", claims);
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
	else
		step_fallback(to, w, v, flags);
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
