// SPDX-License-Identifier: GPL-2.0
/*
 * freelist.c - from where in a zone a block comes, and which zones may be used.
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

	/* Pages of the old MIGRATE_RESERVE are any request's in the end. */
	if (gfplab_walk_can(w, no_highatomic))
		types |= WALK_BIT(WALK_HIGHATOMIC);
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

/**
 * gfplab_takes_cma - does a request get a block out of CMA?
 * @w: the request
 * @v: the zone
 * @flags: alloc_flags
 *
 * CMA goes first while it is most of what is free (since 5.8), else before other types.
 *
 * Context: any; touches nothing but its arguments.
 * Return: true if it does.
 * Mirrors __rmqueue(), 3.7 to 7.3.
 */
bool gfplab_takes_cma(const struct gfplab_walk *w, const struct gfplab_zone_snapshot *v,
		      unsigned int flags)
{
	if (!(flags & GFPLAB_ALLOC_CMA) || !gfplab_type_free(w, v, WALK_BIT(WALK_CMA)))
		return false;
	if (!gfplab_walk_can(w, cma_last) && v->free_cma > v->free / 2)
		return true;
	return !gfplab_type_free(w, v, WALK_BIT(w->migratetype));
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
				    w->migratetype != WALK_MOVABLE || gfplab_walk_can(w, past));
	bool highatomic, take, first, last, refill;

	if (gfplab_walk_can(w, alloc_harder)) {
		first = w->order && (flags & GFPLAB_ALLOC_HARDER) &&
			!gfplab_walk_can(w, no_highatomic);
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
		return gfplab_takes_cma(w, v, flags) ? WALK_BIT(SOURCE_cma) :
						       refill_sources(w, v, flags);
	if (first && highatomic)
		return WALK_BIT(SOURCE_buddy);
	if (take)
		return WALK_BIT(gfplab_takes_cma(w, v, flags) ? SOURCE_cma :
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

/* ---- zones that may be used ---- */

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
