// SPDX-License-Identifier: GPL-2.0
/*
 * advice.c - walks again with one thing changed, and tells at which value the request passes.
 *
 * What is told would have let it through by the printed numbers; what only might have (a context
 * that sleeps, another round of reclaim) is not.
 */
#include <stdio.h>
#include "advice.h"
#include "rules/slowpath.h"
#include "zone.h"

/* Zones of which one was changed; a request walks over them. */
static struct gfplab_zone_snapshot changed[ZONES_MAX];

/* Which zone is tried first, second ... */
static int tried[ZONES_MAX];

/* Sets *w to the request over the zones as they were, which the caller may change. */
static struct gfplab_zone_snapshot *anew(const struct failure *f, struct gfplab_walk *w, int zone)
{
	int i;

	*w = f->walk;
	w->zones = changed;
	for (i = 0; i < f->nr_zones; i++)
		changed[i] = f->snapshots[i];
	return &changed[zone];
}

/* By the printed numbers: a reserve that is not printed counts only where it decided. */
static bool lets_through(const struct failure *f, const struct gfplab_walk *w, int zone)
{
	struct zone_verdict v = judge_zone(f, w, zone, gfplab_alloc_flags_slowpath(w));

	return v.verdict == REASON_passes ||
	       (v.verdict == REASON_highatomic_only && !v.short_by && v.blocks &&
		f->verdicts[zone].verdict != REASON_highatomic_only);
}

/* May it be used? With __GFP_THISNODE that is one node, which the preferred zone is of. */
static bool eligible(const struct failure *f, int zone)
{
	return zone_allowed(f, zone) &&
	       (!f->walk.thisnode || f->preferred == UNKNOWN ||
		f->zones[zone].nid == f->zones[f->preferred].nid);
}

/* The first zone that may be used and lets a request through; UNKNOWN if none does. */
static int passing_zone(const struct failure *f, const struct gfplab_walk *w)
{
	int i;

	for (i = 0; i < f->nr_zones; i++)
		if (eligible(f, tried[i]) && lets_through(f, w, tried[i]))
			return tried[i];
	return UNKNOWN;
}

/* A zone by name, for one text. */
static const char *name_of(const struct failure *f, int zone)
{
	static char name[48];

	snprintf(name, sizeof(name), "Node %d %s", f->zones[zone].nid,
		 f->zones[zone].name);
	return name;
}

static void lower_order(struct failure *f)
{
	struct gfplab_walk w = f->walk;
	int zone;

	while (w.order > 0) {
		w.order--;
		zone = passing_zone(f, &w);
		if (zone == UNKNOWN)
			continue;
		failure_would(f, "order %u (%lu kB at a time) instead of %d, from %s", w.order,
			      (unsigned long)f->page_kb << w.order, f->order, name_of(f, zone));
		return;
	}
}

/* Free pages that let the request pass, though there may not be so many in the zone. */
static long pages_needed(const struct failure *f, int zone)
{
	const struct zone_lines *z = &f->zones[zone];
	long pages = f->verdicts[zone].short_by, all;
	struct gfplab_zone_snapshot *v;
	struct gfplab_walk w;

	if (!eligible(f, zone) || pages <= 0 || f->walk.order >= WALK_ORDERS)
		return 0;
	v = anew(f, &w, zone);
	if (f->verdicts[zone].blocks == 0 && pages < 1L << w.order)
		pages = 1L << w.order;
	v->free += pages;
	if (f->verdicts[zone].blocks == 0) {
		v->blocks[w.order]++;
		v->types[w.order] |= WALK_ORDINARY;
	}
	all = z->kb[z->kb[FIELD_managed] != UNKNOWN ? FIELD_managed : FIELD_present];
	if (all != UNKNOWN && v->free > all / f->page_kb)
		return 0;
	return f->reason == REASON_exhausted || lets_through(f, &w, zone) ? pages : 0;
}

static void more_pages(struct failure *f)
{
	long pages, least = 0;
	int best = UNKNOWN, i;

	for (i = 0; i < f->nr_zones; i++) {
		pages = pages_needed(f, tried[i]);
		if (pages && (!least || pages < least)) {
			least = pages;
			best = tried[i];
		}
	}
	if (least)
		failure_would(f, "%ld more free page%s (%ld kB) in %s%s", least,
			      least == 1 ? "" : "s", least * f->page_kb, name_of(f, best),
			      f->order > 0 && !f->verdicts[best].blocks ?
			      ", a block of the order among them" : "");
}

/*
 * Blocks of the order, made of smaller ones that any request may use; false if there are too few
 * of those.
 */
static bool compact(struct gfplab_zone_snapshot *v, unsigned int order, long blocks)
{
	long left = blocks << order, take;
	unsigned int o;

	for (o = 0; o < order && left > 0; o++) {
		if (!(v->types[o] & WALK_ORDINARY))
			continue;
		take = (left + (1L << o) - 1) >> o;
		if (take > (long)v->blocks[o])
			take = v->blocks[o];
		v->blocks[o] -= take;
		left -= take << o;
	}
	v->blocks[order] += blocks;
	v->types[order] |= WALK_ORDINARY;
	return left <= 0;
}

#define BLOCKS_MAX	4096	/* that compaction is asked for at most */

static void compaction(struct failure *f)
{
	struct gfplab_zone_snapshot *v;
	struct gfplab_walk w;
	int i, zone, blocks;

	for (i = 0; i < f->nr_zones; i++) {
		zone = tried[i];
		if (!f->walk.order || f->walk.order >= WALK_ORDERS || !eligible(f, zone) ||
		    f->verdicts[zone].verdict != REASON_fragmented)
			continue;
		/* The first of 1, 2, 4 ... that does, then fewer, from the lists as they were. */
		for (blocks = 1; blocks <= BLOCKS_MAX; blocks *= 2) {
			v = anew(f, &w, zone);
			if (!compact(v, w.order, blocks) || lets_through(f, &w, zone))
				break;
		}
		while (blocks > 1) {
			v = anew(f, &w, zone);
			if (!compact(v, w.order, blocks - 1) || !lets_through(f, &w, zone))
				break;
			blocks--;
		}
		v = anew(f, &w, zone);
		if (!compact(v, w.order, blocks) || !lets_through(f, &w, zone))
			continue;
		failure_would(f, "%d free block%s of order %d made of smaller ones in %s", blocks,
			      blocks == 1 ? "" : "s", f->order, name_of(f, zone));
		return;
	}
}

/* The largest value that lets the request through, as a page count; UNKNOWN if none does. */
static long largest(const struct failure *f, int zone, long *value, struct gfplab_walk *w,
		    long most)
{
	long low = -1, high = most;

	while (high - low > 1) {
		*value = low + (high - low) / 2;
		if (lets_through(f, w, zone))
			low = *value;
		else
			high = *value;
	}
	return low;
}

/* Of the first zone that passes without it. */
static void no_boost(struct failure *f)
{
	struct gfplab_zone_snapshot *v;
	struct gfplab_walk w;
	long boost;
	int i, zone;

	for (i = 0; i < f->nr_zones; i++) {
		zone = tried[i];
		boost = zone_boost(f, zone);
		if (!boost || !eligible(f, zone))
			continue;
		v = anew(f, &w, zone);
		v->mark[0] -= boost;
		v->min_unboosted = v->mark[0];
		if (!lets_through(f, &w, zone))
			continue;
		failure_would(f,
			      "a min mark of %s%ld pages instead of %ld in %s: without its watermark boost (vm.watermark_boost_factor=0)",
			      v->mark[0] == f->snapshots[zone].min_unboosted ? "" : "about ",
			      v->mark[0], f->snapshots[zone].mark[0], name_of(f, zone));
		return;
	}
}

/* Marks are in proportion to min_free_kbytes, but for zones that it does not count. */
static void lower_mark(struct failure *f)
{
	struct gfplab_zone_snapshot *v;
	struct gfplab_walk w;
	long mark;
	int i = f->preferred;

	/* those of the two highest zones don't depend on min_free_kbytes alone */
	if (i == UNKNOWN || f->zones[i].kind >= ZONE_HighMem || f->verdicts[i].short_by <= 0 ||
	    !f->snapshots[i].mark[0] || zone_boost(f, i))
		return;
	v = anew(f, &w, i);
	/* both are the same where there is no boost */
	v->min_unboosted = -1;
	mark = largest(f, i, &v->mark[0], &w, f->snapshots[i].mark[0]);
	if (mark <= 0)
		return;
	failure_would(f,
		      "a min mark of %ld pages instead of %ld in %s: vm.min_free_kbytes at %ld %% of what it was, which leaves less to requests that can't wait",
		      mark, f->snapshots[i].mark[0], name_of(f, i),
		      100 * mark / f->snapshots[i].mark[0]);
}

/* Pages of the higher zones of a node that the request may use: the reserve is a share of them. */
static long managed_above(const struct failure *f, int zone)
{
	const struct zone_lines *own = &f->zones[zone], *z;
	long pages = 0;

	for (z = f->zones; z < f->zones + f->nr_zones; z++)
		if (z->nid == own->nid && z->kind > own->kind && z->kind <= f->walk.highest &&
		    z->kb[FIELD_managed] > 0)
			pages += z->kb[FIELD_managed] / f->page_kb;
	return pages;
}

static void lower_reserve(struct failure *f)
{
	struct gfplab_zone_snapshot *v;
	struct gfplab_walk w;
	long reserve, was, above;
	int i, zone;

	for (i = 0; i < f->nr_zones; i++) {
		zone = tried[i];
		was = f->verdicts[zone].reserve;
		if (f->verdicts[zone].verdict != REASON_lowmem_reserve || !eligible(f, zone))
			continue;
		v = anew(f, &w, zone);
		reserve = largest(f, zone, &v->reserve[w.highest], &w, was);
		if (reserve < 0)
			continue;
		above = managed_above(f, zone);
		if (reserve && above / was)
			failure_would(f,
				      "lowmem_reserve of at most %ld pages instead of %ld in %s: %ld instead of %ld in vm.lowmem_reserve_ratio for it",
				      reserve, was, name_of(f, zone), above / reserve + 1,
				      above / was);
		else
			failure_would(f, "lowmem_reserve of at most %ld pages instead of %ld in %s",
				      reserve, was, name_of(f, zone));
		return;
	}
}

/* Free pages that are kept for others, given up. */
static void give_up(struct failure *f, bool cma)
{
	struct gfplab_zone_snapshot *v;
	struct gfplab_walk w;
	long pages;
	int i, zone;

	for (i = 0; i < f->nr_zones; i++) {
		zone = tried[i];
		pages = cma ? f->snapshots[zone].free_cma : f->snapshots[zone].highatomic;
		if (!pages || !eligible(f, zone) ||
		    f->verdicts[zone].usable + pages > f->verdicts[zone].free)
			continue;
		v = anew(f, &w, zone);
		*(cma ? &v->free_cma : &v->highatomic) = 0;
		if (!lets_through(f, &w, zone))
			continue;
		failure_would(f, cma ?
			      "a movable request: it may use the %ld free CMA pages of %s" :
			      "the reserve for high-order atomic requests (%ld pages in %s) given up",
			      pages, name_of(f, zone));
		return;
	}
}

static void high_priority(struct failure *f)
{
	struct gfplab_walk w = f->walk;
	int zone;

	/* what user space asks for can't be more urgent */
	if (w.high || w.hardwall)
		return;
	w.high = true;
	zone = passing_zone(f, &w);
	if (zone != UNKNOWN)
		failure_would(f,
			      "__GFP_HIGH, for what the system can't go on without: a mark of %ld pages instead of %ld in %s",
			      judge_zone(f, &w, zone, gfplab_alloc_flags_slowpath(&w)).mark,
			      f->verdicts[zone].mark, name_of(f, zone));
}

static void other_nodes(struct failure *f)
{
	int i, zone;

	for (i = 0; i < f->nr_zones; i++) {
		zone = tried[i];
		if (f->zones[zone].kind > f->walk.highest || zone_allowed(f, zone) ||
		    !lets_through(f, &f->walk, zone))
			continue;
		failure_would(f, "a %s with node %d in it: %s has %ld pages free",
			      f->reason == REASON_nodemask ? "nodemask" : "cpuset",
			      f->zones[zone].nid, name_of(f, zone), f->snapshots[zone].free);
		return;
	}
}

/**
 * advise - fill in what would have let the request through
 * @f: the report, judged
 */
void advise(struct failure *f)
{
	if (!f->nr_zones || !knows_request(f))
		return;
	zone_order(f, tried);
	switch (f->reason) {
	case REASON_nodemask:
	case REASON_cpuset:
		other_nodes(f);
		break;
	case REASON_exhausted:
		more_pages(f);
		return;
	case REASON_fragmented:
	case REASON_below_mark:
	case REASON_lowmem_reserve:
	case REASON_cma_only:
	case REASON_highatomic_only:
		break;
	case REASON_over_max_order:
		lower_order(f);
		return;
	default:
		return;
	}
	lower_order(f);
	compaction(f);
	more_pages(f);
	lower_reserve(f);
	give_up(f, true);
	give_up(f, false);
	high_priority(f);
	no_boost(f);
	lower_mark(f);
}
