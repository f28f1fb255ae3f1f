// SPDX-License-Identifier: GPL-2.0
/*
 * watermark.c - are there free pages enough in a zone for a request?
 *
 * What counts as reserved for HIGHATOMIC comes with the snapshot.
 */
#include "alloc_flags.h"
#include "watermark.h"

#define RESERVES	(GFPLAB_ALLOC_NON_BLOCK | GFPLAB_ALLOC_MIN_RESERVE | \
			 GFPLAB_ALLOC_HIGHATOMIC | GFPLAB_ALLOC_OOM)

/**
 * gfplab_type_free - is there a free block that is large enough?
 * @w: the request
 * @v: the zone
 * @types: bit WALK_x for each migratetype that will do
 *
 * Context: any; touches nothing but its arguments.
 * Return: true if there is.
 * Mirrors the last loop of __zone_watermark_ok(), 5.10 to 7.3.
 */
bool gfplab_type_free(const struct gfplab_walk *w, const struct gfplab_zone_snapshot *v,
		      unsigned int types)
{
	unsigned int order;

	for (order = w->order; order <= w->max_order; order++)
		if (v->types[order] & types)
			return true;
	return false;
}

/**
 * gfplab_order_pages - pages that a check takes off for the order
 * @w: the request
 *
 * All of the block but one, so that its last page must be above the mark. 2.6.38 to 3.2 had
 * (1 << order) + 1 for (1 << order) - 1.
 *
 * Context: any; touches nothing but its arguments.
 * Return: how many.
 * Mirrors __zone_watermark_ok(), 2.6.32 to 7.3.
 */
long gfplab_order_pages(const struct gfplab_walk *w)
{
	return (1L << w->order) + (gfplab_walk_can(w, counts_off_by_two) ? 1 : -1);
}

/**
 * gfplab_mark_of - a watermark as a family of kernels would have set it
 * @w: the request
 * @v: the zone
 * @index: GFPLAB_ALLOC_WMARK_x
 *
 * Context: any; touches nothing but its arguments.
 * Return: pages.
 * Mirrors wmark_pages(), 5.0 to 7.3; before there was no boost.
 */
long gfplab_mark_of(const struct gfplab_walk *w, const struct gfplab_zone_snapshot *v,
		    unsigned int index)
{
	if (gfplab_walk_can(w, no_boost))
		return v->mark[index] - (v->mark[GFPLAB_ALLOC_WMARK_MIN] - v->min_unboosted);
	return v->mark[index];
}

/* lowmem_reserve[] of the highest zone that there is for the request, or of the preferred one. */
static long reserve_of(const struct gfplab_walk *w, const struct gfplab_zone_snapshot *v)
{
	return v->reserve[w->past && gfplab_walk_can(w, classzone) ? w->past->classzone :
								    w->highest];
}

/* The share of a mark that has to stay. */
static long share_of(const struct gfplab_walk *w, long min, unsigned int flags)
{
	bool harder = flags & GFPLAB_ALLOC_NON_BLOCK, oom = flags & GFPLAB_ALLOC_OOM;

	if (flags & GFPLAB_ALLOC_MIN_RESERVE)
		min -= min / 2;
	if (gfplab_walk_can(w, alloc_harder))
		harder = harder && !oom;
	else
		harder = harder && (flags & GFPLAB_ALLOC_MIN_RESERVE);
	if (harder)
		min -= min / 4;
	if (oom)
		min -= min / 2;
	return min;
}

/*
 * The blocks of each lower order don't count for the next one, which has to leave half as much.
 * Mirrors the last loop of __zone_watermark_ok(), 2.6.32 to 4.3.
 */
static bool order_by_order(const struct gfplab_walk *w, const struct gfplab_zone_snapshot *v,
			   long min)
{
	long free = v->free - gfplab_order_pages(w);
	unsigned int order;

	for (order = 0; order < w->order && order < WALK_ORDERS; order++) {
		free -= (long)v->blocks[order] << order;
		min >>= 1;
		if (free <= min)
			return false;
	}
	return true;
}

/**
 * gfplab_zone_watermark_ok - may a request take its block from a zone?
 * @w: the request
 * @v: the zone
 * @mark: the watermark that free pages must be above
 * @flags: alloc_flags
 * @c: filled in: the arithmetic
 *
 * Context: any; touches nothing but its arguments.
 * Return: true if there are pages enough, and a block.
 * Mirrors __zone_watermark_ok() and __zone_watermark_unusable_free(), 2.6.32 to 7.3.
 */
bool gfplab_zone_watermark_ok(const struct gfplab_walk *w, const struct gfplab_zone_snapshot *v,
			      long mark, unsigned int flags, struct gfplab_watermark_check *c)
{
	bool harder = gfplab_walk_can(w, alloc_harder);
	unsigned int types = WALK_ORDINARY, owners;

	c->free = v->free;
	c->highatomic = 0;
	c->cma = 0;
	owners = harder ? GFPLAB_ALLOC_NON_BLOCK | GFPLAB_ALLOC_OOM : RESERVES;
	if (!(flags & owners) && !gfplab_walk_can(w, no_highatomic))
		c->highatomic = v->highatomic;
	if (w->cma && !(flags & GFPLAB_ALLOC_CMA) && !gfplab_walk_can(w, counts_cma))
		c->cma = v->free_cma;
	c->unusable = gfplab_order_pages(w) + c->highatomic + c->cma;

	c->full = mark;
	c->mark = share_of(w, mark, flags);
	c->reserve = reserve_of(w, v);
	c->enough = c->free - c->unusable > c->mark + c->reserve;
	c->block = true;
	if (!c->enough || !w->order)
		return c->enough;
	if (gfplab_walk_can(w, order_by_order)) {
		c->block = order_by_order(w, v, c->mark);
		return c->block;
	}

	if (flags & GFPLAB_ALLOC_CMA)
		types |= WALK_BIT(WALK_CMA);
	owners = harder ? owners : GFPLAB_ALLOC_HIGHATOMIC | GFPLAB_ALLOC_OOM;
	if (flags & owners)
		types |= gfplab_walk_can(w, harder_any_block) ? ~0U : WALK_BIT(WALK_HIGHATOMIC);
	c->block = gfplab_type_free(w, v, types);
	return c->block;
}

/* The shortcut for order 0 of zone_watermark_fast(), 4.7 to 5.8. */
static bool single_passes(const struct gfplab_walk *w, const struct gfplab_zone_snapshot *v,
			  unsigned int index, unsigned int flags,
			  struct gfplab_watermark_check *c)
{
	long cma = w->cma && !(flags & GFPLAB_ALLOC_CMA) ? v->free_cma : 0;
	long mark = gfplab_mark_of(w, v, index), reserve = reserve_of(w, v);

	if (w->order || v->free - cma <= mark + reserve)
		return false;
	*c = (struct gfplab_watermark_check){
		.free = v->free, .unusable = cma, .cma = cma, .full = mark, .mark = mark,
		.reserve = reserve, .enough = true, .block = true,
	};
	return true;
}

/**
 * gfplab_zone_watermark_fast - the same by the watermark that alloc_flags ask for
 * @w: the request
 * @v: the zone
 * @flags: alloc_flags
 * @c: filled in: the arithmetic
 *
 * A single page at the min watermark may ignore a watermark boost. The kernel's
 * shortcut for order 0 decides otherwise from 4.7 to 5.8 alone, where it does not look
 * at what is reserved for HIGHATOMIC.
 *
 * Context: any; touches nothing but its arguments.
 * Return: true if there are pages enough, and a block.
 * Mirrors zone_watermark_fast(), 4.7 to 7.3.
 */
bool gfplab_zone_watermark_fast(const struct gfplab_walk *w, const struct gfplab_zone_snapshot *v,
				unsigned int flags, struct gfplab_watermark_check *c)
{
	unsigned int index = flags & GFPLAB_ALLOC_WMARK_MASK;

	if (gfplab_zone_watermark_ok(w, v, gfplab_mark_of(w, v, index), flags, c))
		return true;
	if (gfplab_walk_can(w, single_ignores_highatomic) && single_passes(w, v, index, flags, c))
		return true;
	if (w->order || index != GFPLAB_ALLOC_WMARK_MIN || gfplab_walk_can(w, no_boost) ||
	    v->min_unboosted == v->mark[GFPLAB_ALLOC_WMARK_MIN])
		return false;
	if (gfplab_walk_can(w, atomic_ignores_boost) ? !w->atomic :
						       !(flags & GFPLAB_ALLOC_MIN_RESERVE))
		return false;
	return gfplab_zone_watermark_ok(w, v, v->min_unboosted, flags, c);
}
