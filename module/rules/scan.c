// SPDX-License-Identifier: GPL-2.0
/*
 * scan.c - what an attempt finds at a zone, step by step.
 */
#include "alloc_flags.h"
#include "scan.h"
#include "watermark.h"
#include "words.h"

/* The smallest free block of the request's own type, and what is left of it. */
static void step_smallest(struct gfplab_explain_sink *to, const struct gfplab_walk *w,
			  const struct gfplab_zone_snapshot *v)
{
	unsigned int order = w->order;

	while (!(v->types[order] & WALK_BIT(w->migratetype)))
		order++;
	to->step(to, "      __rmqueue_smallest: order %u", order);
	if (order > w->order)
		to->step(to, "; expand gives back");
	while (order-- > w->order)
		to->step(to, " %u", order);
	to->step(to, "\n");
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
	if (gfplab_takes_cma(w, v, flags) || (w->pcp_order && gfplab_on_pcp_list(w, v)))
		return;
	if (gfplab_type_free(w, v, WALK_BIT(w->migratetype))) {
		step_smallest(to, w, v);
		return;
	}
	f = gfplab_rmqueue_fallback(w, v, flags);
	if (!f.claims)
		return;
	gfplab_words_format(claims, sizeof(claims), gfplab_claims, f.claims, "|");
	gfplab_step_note(to, NOTE_fallback);
	if (f.certain)
		to->step(to, "      falls back: %s<%s, a free block of order %u, claimed %s\n",
			 names[w->migratetype], names[f.from], f.order, claims);
	else
		to->step(to, "      falls back to another type, claimed %s\n", claims);
}

static void step_check(struct gfplab_explain_sink *to, const struct gfplab_walk *w,
		       const struct gfplab_zone_snapshot *v, unsigned int flags,
		       const struct gfplab_watermark_check *c)
{
	static const char * const marks[] = { "min", "low", "high" };
	const char *fewer = gfplab_walk_can(w, order_by_order) ?
			    "enough, but not order by order: too few pages in large blocks" :
			    "enough, but no free block is large enough";

	if (!to)
		return;
	to->step(to, "    Node %d %s: free %ld - %ld unusable = %ld %s %s %ld", v->nid, v->name,
		 c->free, c->unusable, c->free - c->unusable, c->enough ? ">" : "<=",
		 marks[flags & GFPLAB_ALLOC_WMARK_MASK], c->mark);
	if (c->mark != c->full)
		to->step(to, " (of %ld)", c->full);
	to->step(to, " + reserve %ld -> %s\n", c->reserve, !c->enough ? "too little" :
		 !c->block ? fewer : "ok");
	if (!c->enough)
		gfplab_decide_zone(to, short_of, v, 0);
	else if (!c->block)
		gfplab_decide_zone(to, no_block, v, 0);
	else
		gfplab_decide_zone(to, enough, v, 0);
	if (c->highatomic || c->cma)
		to->step(to, "      unusable: %ld of CMA, %ld kept for HIGHATOMIC\n", c->cma,
			 c->highatomic);
	gfplab_step_note(to, NOTE_mark);
}

/* The source of a zone's block, which is the end of the walk. */
static void step_taken(struct gfplab_explain_sink *to, const struct gfplab_walk *w,
		       const struct gfplab_zone_snapshot *v, __u32 sources)
{
	char words[GFPLAB_WORDS_MAX];

	if (!to)
		return;
	gfplab_words_format(words, sizeof(words), gfplab_sources, sources, "|");
	to->step(to, "      rmqueue(%d:%s): %s\n", v->nid, v->name, words);
	gfplab_decide_zone(to, taken, v, sources);
	gfplab_step_note(to, NOTE_rmqueue);
	if (gfplab_walk_can(w, no_highatomic) && gfplab_type_free(w, v, WALK_BIT(WALK_HIGHATOMIC)))
		to->step(to, "      unknown: which pageblocks MIGRATE_RESERVE would have; HIGHATOMIC's count as free\n");
}

/**
 * gfplab_scan_allows - may an attempt use a zone?
 * @s: the attempt
 * @v: the zone
 *
 * Context: any; touches nothing but its arguments.
 * Return: true if nodemask and cpuset allow it.
 * Mirrors next_zones_zonelist() and cpuset_zone_allowed(), 2.6.32 to 7.3.
 */
bool gfplab_scan_allows(const struct gfplab_scan *s, const struct gfplab_zone_snapshot *v)
{
	if (gfplab_may_use(v, s->nodemask, s->cpuset))
		return true;
	gfplab_step(s->to, "    Node %d %s: not in the %s\n", v->nid, v->name,
		    s->nodemask && !v->in_nodes ? "nodemask" : "cpuset");
	gfplab_decide_zone(s->to, not_allowed, v, 0);
	gfplab_step_note(s->to, NOTE_cpuset);
	return false;
}

/**
 * gfplab_scan_zone - watermark and free lists of a zone that may be used
 * @w: the request
 * @v: the zone
 * @s: the attempt
 * @full: set if there is no block for the zone's mark
 *
 * Context: any; touches nothing but its arguments.
 * Return: bit SOURCE_x; 0 if it has no block.
 * Mirrors the loop of get_page_from_freelist(), 2.6.32 to 7.3.
 */
__u32 gfplab_scan_zone(const struct gfplab_walk *w, const struct gfplab_zone_snapshot *v,
		       const struct gfplab_scan *s, bool *full)
{
	struct gfplab_watermark_check c;
	__u32 sources;

	*full = false;
	if (s->flags & GFPLAB_ALLOC_NO_WATERMARKS) {
		gfplab_step(s->to, "    Node %d %s: watermarks ignored\n", v->nid, v->name);
		gfplab_decide_zone(s->to, no_mark, v, 0);
	} else {
		*full = !gfplab_zone_watermark_fast(w, v, s->flags, &c);
		step_check(s->to, w, v, s->flags, &c);
		if (*full)
			return 0;
	}
	sources = gfplab_rmqueue(w, v, s->flags);
	if (!sources) {
		gfplab_step(s->to, "    Node %d %s: rmqueue() finds no block of this type%s\n",
			    v->nid, v->name,
			    s->flags & GFPLAB_ALLOC_NOFRAGMENT ? " without mixing" : "");
		gfplab_decide_zone(s->to, empty, v, 0);
		return 0;
	}
	step_fallback(s->to, w, v, s->flags);
	step_taken(s->to, w, v, sources);
	return sources;
}

/**
 * gfplab_scan_reclaims - may node_reclaim() help a full zone?
 * @w: the request
 * @v: the zone
 * @found: what the attempt finds: the zone is added
 * @to: where to report the step, or NULL
 *
 * It is for requests that may wait, and zones where the snapshot allows it.
 *
 * Context: any; touches nothing but its arguments.
 * Mirrors node_reclaim(), 4.8 to 7.3, and zone_reclaim() before.
 */
void gfplab_scan_reclaims(const struct gfplab_walk *w, const struct gfplab_zone_snapshot *v,
			  struct gfplab_attempt *found, struct gfplab_explain_sink *to)
{
	if (!v->node_reclaims || !w->direct || w->pf_memalloc)
		return;
	gfplab_step(to, "    Node %d %s: node_reclaim() may free enough\n", v->nid, v->name);
	gfplab_decide_zone(to, reclaimable, v, 0);
	gfplab_step_note(to, NOTE_node_reclaim);
	found->nr_reclaimed += found->reclaimed != v;
	found->reclaimed = v;
}
