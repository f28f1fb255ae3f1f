// SPDX-License-Identifier: GPL-2.0
/*
 * zone.c - one zone of a report: whether it may be used, and the arithmetic of its mark.
 */
#include <string.h>
#include "request.h"
#include "rules/alloc_flags.h"
#include "rules/freelist.h"
#include "rules/watermark.h"
#include "zone.h"

/**
 * knows_request - does the report say what was asked?
 * @f: the report
 *
 * Return: whether zones can be judged. A vmalloc takes single pages where it names no order.
 */
bool knows_request(const struct failure *f)
{
	return f->has_gfp && (f->order != UNKNOWN || f->kind == KIND_vmalloc);
}

/**
 * zone_has_memory - has a zone managed pages?
 * @z: the zone
 *
 * Return: false for one that the report says has none.
 */
bool zone_has_memory(const struct zone_lines *z)
{
	long managed = z->kb[FIELD_managed];

	return managed != UNKNOWN ? managed > 0 : z->kb[FIELD_present] != 0;
}

/**
 * zone_low_enough - is a zone not above the one that gfp asks for?
 * @f: the report
 * @zone: index of the zone
 *
 * Return: whether it is not.
 */
bool zone_low_enough(const struct failure *f, int zone)
{
	return f->zones[zone].kind != ZONE_Device && f->zones[zone].kind <= f->walk.highest;
}

/**
 * zone_nodemask - is there a nodemask?
 * @f: the report
 *
 * Return: whether there is; (null) is none.
 */
bool zone_nodemask(const struct failure *f)
{
	return f->nodemask[0] && f->nodemask[0] != '(';
}

/**
 * zone_in_nodemask - is a node in the nodemask, or is there none?
 * @f: the report
 * @nid: the node
 *
 * Return: whether it is.
 */
bool zone_in_nodemask(const struct failure *f, int nid)
{
	return !zone_nodemask(f) || list_has(f->nodemask, nid);
}

/* A cpuset binds requests with __GFP_HARDWALL whose alloc_flags have ALLOC_CPUSET. */
static bool in_cpuset(const struct failure *f, int nid)
{
	bool bound = f->walk.hardwall || !strcmp(f->constraint, "CONSTRAINT_CPUSET");

	if (!bound || !(f->alloc_flags & GFPLAB_ALLOC_CPUSET) || f->interrupt ||
	    !f->mems_allowed[0])
		return true;
	return list_has(f->mems_allowed, nid);
}

/**
 * zone_allowed - may the request use a zone?
 * @f: the report
 * @zone: index of the zone
 *
 * Return: false for a zone above the one that gfp asks for, outside nodemask or cpuset, or
 * without memory.
 */
bool zone_allowed(const struct failure *f, int zone)
{
	const struct zone_lines *z = &f->zones[zone];

	return zone_low_enough(f, zone) && zone_has_memory(z) && zone_in_nodemask(f, z->nid) &&
	       in_cpuset(f, z->nid);
}

/* Is one zone tried before another? */
static bool before(const struct failure *f, const struct zone_lines *z,
		   const struct zone_lines *other)
{
	int first = f->preferred == UNKNOWN ? UNKNOWN : f->zones[f->preferred].nid;

	if (z->nid != other->nid)
		return z->nid == first || (other->nid != first && z->nid < other->nid);
	return z->kind > other->kind;
}

/**
 * zone_order - in which order a request tries the zones
 * @f: the report, with the zone that the request prefers
 * @order: filled in with the indexes of all zones
 *
 * The preferred node comes first, and of each node its highest zone. The other nodes follow by
 * number, as a report does not tell which are near.
 */
void zone_order(const struct failure *f, int order[ZONES_MAX])
{
	int i, at;

	for (i = 0; i < f->nr_zones; i++) {
		for (at = i; at && before(f, &f->zones[i], &f->zones[order[at - 1]]); at--)
			order[at] = order[at - 1];
		order[at] = i;
	}
}

/* ---- one zone */

#define BOOST_MIN	16	/* pages; a boost is a pageblock or more */

/**
 * zone_told - are the numbers of a zone there that a mark is judged by?
 * @f: the report
 * @z: the zone
 *
 * Return: false if its line, or the reserve that other zones have, was cut off.
 */
bool zone_told(const struct failure *f, const struct zone_lines *z)
{
	int i;

	if (z->kb[FIELD_free] == UNKNOWN || z->kb[FIELD_min] == UNKNOWN)
		return false;
	for (i = 0; i < f->nr_zones && !z->nr_reserve; i++)
		if (f->zones[i].nr_reserve)
			return false;
	return true;
}

/**
 * zone_boost - how much of a zone's min mark is a watermark boost
 * @f: the report
 * @zone: index of the zone
 *
 * The boost is in all three marks, and was not printed before 5.18. Without it, low is min and a
 * quarter of it, or more than that.
 *
 * Return: pages, of which some may be missing where they are not printed; 0 for none.
 */
long zone_boost(const struct failure *f, int zone)
{
	const struct gfplab_zone_snapshot *v = &f->snapshots[zone];
	long least = v->mark[0] - 4 * (v->mark[1] - v->mark[0]);

	if (f->zones[zone].kb[FIELD_boost] != UNKNOWN)
		return v->mark[0] - v->min_unboosted;
	if (f->release < GFPLAB_RELEASE(5, 0, 0) || f->zones[zone].kb[FIELD_min] == UNKNOWN ||
	    f->zones[zone].kb[FIELD_low] == UNKNOWN || v->mark[1] <= v->mark[0])
		return 0;
	/* a quarter was rounded, and then pages to kB */
	return least > BOOST_MIN ? least : 0;
}

/**
 * zone_lists - is the list of a zone's free blocks whole?
 * @z: the zone
 *
 * Return: false for one that breaks off: it does not tell what the larger orders have.
 */
bool zone_lists(const struct zone_lines *z)
{
	return z->nr_orders && z->list_ends && !z->gap;
}

static long blocks_of(const struct failure *f, int zone)
{
	const struct zone_lines *z = &f->zones[zone];
	long blocks = 0;
	int order;

	if (!zone_lists(z) || !knows_request(f))
		return UNKNOWN;
	for (order = f->walk.order; order < z->nr_orders; order++)
		blocks += z->blocks[order];
	return blocks;
}

static bool passes(const struct gfplab_walk *w, const struct gfplab_zone_snapshot *v,
		   unsigned int alloc_flags)
{
	struct gfplab_watermark_check c;

	return gfplab_zone_watermark_fast(w, v, alloc_flags, &c);
}

/* The mark alone, whatever blocks there are. */
static bool enough(const struct gfplab_walk *w, const struct gfplab_zone_snapshot *v,
		   unsigned int alloc_flags)
{
	struct gfplab_watermark_check c;

	gfplab_zone_watermark_fast(w, v, alloc_flags, &c);
	return c.enough;
}

/* The one thing that keeps pages from being enough, if there is one. */
static enum failure_reason what_is_short(const struct gfplab_walk *w,
					 const struct gfplab_zone_snapshot *v,
					 unsigned int alloc_flags)
{
	struct gfplab_zone_snapshot other = *v;

	other.reserve[w->highest] = 0;
	if (enough(w, &other, alloc_flags))
		return REASON_lowmem_reserve;
	other = *v;
	other.free_cma = 0;
	if (v->free_cma && enough(w, &other, alloc_flags))
		return REASON_cma_only;
	other = *v;
	other.highatomic = 0;
	if (v->highatomic && enough(w, &other, alloc_flags))
		return REASON_highatomic_only;
	return REASON_below_mark;
}

/* Bits of the migratetypes that the whole list has. */
static unsigned int types_of(const struct zone_lines *z)
{
	unsigned int types = 0;
	int order;

	for (order = 0; order < z->nr_orders; order++)
		types |= z->types[order];
	return types;
}

static bool some_free(const struct zone_lines *z)
{
	int order;

	for (order = 0; order < z->nr_orders; order++)
		if (z->blocks[order])
			return true;
	return false;
}

/* The mark passes, but no block can be taken: all of one kind, or too small. */
static enum failure_reason no_block(const struct zone_lines *z)
{
	if (z->lettered && types_of(z) == WALK_BIT(WALK_CMA))
		return REASON_cma_only;
	if (z->lettered && types_of(z) == WALK_BIT(WALK_HIGHATOMIC))
		return REASON_highatomic_only;
	return REASON_fragmented;
}

/*
 * From 4.4 to 5.9 the reserve for high-order atomic requests is not printed. Where its blocks
 * are on the list, it has one pageblock at least, and no fewer pages than they have.
 */
static bool fails_by_highatomic(const struct failure *f, const struct gfplab_walk *w, int zone,
				unsigned int alloc_flags)
{
	const struct zone_lines *z = &f->zones[zone];
	struct gfplab_zone_snapshot other = w->zones[zone];
	long least = 0, block = pageblock_pages(f);
	int order;

	if (z->kb[FIELD_reserved_highatomic] != UNKNOWN || f->family < FAMILY_4_4 ||
	    !(types_of(z) & WALK_BIT(WALK_HIGHATOMIC)))
		return false;
	for (order = 0; order < z->nr_orders; order++)
		if (z->types[order] == WALK_BIT(WALK_HIGHATOMIC))
			least += z->blocks[order] << order;
	other.highatomic = least > block ? (least + block - 1) / block * block : block;
	return !passes(w, &other, alloc_flags);
}

/**
 * judge_zone - the arithmetic of one zone
 * @f: the report
 * @w: the request, as it was or with something changed
 * @zone: index of the zone
 * @alloc_flags: of the attempt
 *
 * Return: the arithmetic, and what it comes to.
 */
struct zone_verdict judge_zone(const struct failure *f, const struct gfplab_walk *w, int zone,
			       unsigned int alloc_flags)
{
	const struct gfplab_zone_snapshot *v = &w->zones[zone];
	struct zone_verdict verdict = { .free = v->free, .blocks = blocks_of(f, zone) };
	bool lists = zone_lists(&f->zones[zone]);
	struct gfplab_watermark_check c;

	if (!zone_told(f, &f->zones[zone])) {
		/* the list alone may be enough to know */
		verdict.verdict = lists && !gfplab_rmqueue(w, v, alloc_flags) ?
				  no_block(&f->zones[zone]) : REASON_unknown;
		return verdict;
	}
	if (alloc_flags & GFPLAB_ALLOC_NO_WATERMARKS)
		gfplab_zone_watermark_ok(w, v, v->mark[0], alloc_flags, &c);
	else
		gfplab_zone_watermark_fast(w, v, alloc_flags, &c);
	verdict.full = c.full;
	verdict.usable = c.free - c.unusable;
	verdict.mark = c.mark;
	verdict.reserve = c.reserve;
	if (alloc_flags & GFPLAB_ALLOC_NO_WATERMARKS) {
		verdict.mark = 0;
		verdict.reserve = 0;
	}
	if (verdict.usable <= verdict.mark + verdict.reserve)
		verdict.short_by = verdict.mark + verdict.reserve + 1 - verdict.usable;
	if (alloc_flags & GFPLAB_ALLOC_NO_WATERMARKS) {
		if (!v->free || (lists && !some_free(&f->zones[zone])))
			verdict.verdict = REASON_exhausted;
		else if (lists && !gfplab_rmqueue(w, v, alloc_flags))
			verdict.verdict = no_block(&f->zones[zone]);
		else
			verdict.verdict = REASON_passes;
		if (verdict.verdict == REASON_passes)
			verdict.short_by = 0;
	} else if (!c.enough) {
		verdict.verdict = what_is_short(w, v, alloc_flags);
	} else if (w->order && !lists) {
		verdict.verdict = REASON_unknown;
	} else if (!c.block) {
		verdict.verdict = gfplab_walk_can(w, order_by_order) ? REASON_fragmented :
				  no_block(&f->zones[zone]);
	} else if (lists && !gfplab_rmqueue(w, v, alloc_flags)) {
		verdict.verdict = no_block(&f->zones[zone]);
	} else if (fails_by_highatomic(f, w, zone, alloc_flags)) {
		verdict.verdict = REASON_highatomic_only;
	} else {
		verdict.verdict = REASON_passes;
	}
	return verdict;
}
