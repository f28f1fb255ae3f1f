// SPDX-License-Identifier: GPL-2.0
/*
 * walk.c - predict what the page allocator will do with a request.
 *
 * The functions carry the names of those in mm/page_alloc.c whose rules they
 * follow. In what kernels differ is in one table; what counts as reserved for
 * HIGHATOMIC, and which orders have per-cpu lists, comes with the snapshot.
 * Pure: nothing is read but the arguments.
 */
#ifndef __KERNEL__
#include <stddef.h>
#endif
#include "tables.h"
#include "verdict.h"
#include "walk.h"

static const struct gfplab_rules families[NR_FAMILIES] = {
	[FAMILY_5_10] = { .alloc_harder = true, .atomic_ignores_boost = true },
	[FAMILY_6_1] = { .atomic_ignores_boost = true },
	[FAMILY_6_12] = {},
	[FAMILY_7_2] = { .skips_kswapd_nodes = true, .compacts_late = true, .no_refill_highatomic = true },
	[FAMILY_7_3] = { .skips_kswapd_nodes = true, .compacts_late = true, .no_refill_highatomic = true,
			 .fast_highatomic = true },
};

#define BIT_OF(what)	(1U << (what))
#define RESERVES	(GFPLAB_ALLOC_NON_BLOCK | GFPLAB_ALLOC_MIN_RESERVE | \
			 GFPLAB_ALLOC_HIGHATOMIC | GFPLAB_ALLOC_OOM)
#define ORDINARY	(BIT_OF(WALK_UNMOVABLE) | BIT_OF(WALK_MOVABLE) | BIT_OF(WALK_RECLAIMABLE))
#define COSTLY_ORDER	3

#define step(to, ...) do { if (to) gfplab_explain_step(to, __VA_ARGS__); } while (0)

/**
 * gfplab_rules_of - in what a family of kernels differs from others
 * @family: which
 *
 * Context: any. Return: its rules.
 */
const struct gfplab_rules *gfplab_rules_of(enum gfplab_family family)
{
	return &families[family];
}

static const struct gfplab_rules *rules_of(const struct gfplab_walk *w)
{
	return gfplab_rules_of(w->family);
}

static const char * const mark_names[] = { "min", "low", "high" };

/* ---- watermarks ---- */

/**
 * struct check - a watermark check that can tell its arithmetic
 * @free: pages
 * @unusable: of those, for this request
 * @full: the watermark as it stands
 * @mark: what the request must leave of it
 * @reserve: what it must leave besides, for requests that have no other zone
 * @enough: there are pages enough
 * @block: and one of the free blocks is large enough
 */
struct check {
	long free;
	long unusable;
	long full;
	long mark;
	long reserve;
	bool enough;
	bool block;
};

static bool type_free(const struct gfplab_zone_snapshot *v, unsigned int order, unsigned int max,
		      unsigned int types)
{
	for (; order <= max; order++)
		if (v->types[order] & types)
			return true;
	return false;
}

/* The share of a mark that has to stay. */
static long share_of(const struct gfplab_walk *w, long min, unsigned int flags)
{
	bool harder = flags & GFPLAB_ALLOC_NON_BLOCK, oom = flags & GFPLAB_ALLOC_OOM;

	if (flags & GFPLAB_ALLOC_MIN_RESERVE)
		min -= min / 2;
	if (rules_of(w)->alloc_harder)
		harder = harder && !oom;
	else
		harder = harder && (flags & GFPLAB_ALLOC_MIN_RESERVE);
	if (harder)
		min -= min / 4;
	if (oom)
		min -= min / 2;
	return min;
}

static bool zone_watermark_ok(const struct gfplab_walk *w, const struct gfplab_zone_snapshot *v,
			      long mark, unsigned int flags, struct check *c)
{
	bool harder = rules_of(w)->alloc_harder;
	unsigned int types = ORDINARY, owners;

	c->free = v->free;
	c->unusable = (1L << w->order) - 1;
	owners = harder ? GFPLAB_ALLOC_NON_BLOCK | GFPLAB_ALLOC_OOM : RESERVES;
	if (!(flags & owners))
		c->unusable += v->highatomic;
	if (w->cma && !(flags & WALK_ALLOC_CMA))
		c->unusable += v->free_cma;

	c->full = mark;
	c->mark = share_of(w, mark, flags);
	c->reserve = v->reserve[w->highest];
	c->enough = c->free - c->unusable > c->mark + c->reserve;
	c->block = true;
	if (!c->enough || !w->order)
		return c->enough;

	if (flags & WALK_ALLOC_CMA)
		types |= BIT_OF(WALK_CMA);
	owners = harder ? owners : GFPLAB_ALLOC_HIGHATOMIC | GFPLAB_ALLOC_OOM;
	if (flags & owners)
		types |= BIT_OF(WALK_HIGHATOMIC);
	c->block = type_free(v, w->order, w->max_order, types);
	return c->block;
}

/* The kernel's shortcut for order 0 only saves time: it never decides otherwise. */
static bool zone_watermark_fast(const struct gfplab_walk *w, const struct gfplab_zone_snapshot *v,
				unsigned int flags, struct check *c)
{
	unsigned int index = flags & GFPLAB_ALLOC_WMARK_MASK;

	if (zone_watermark_ok(w, v, v->mark[index], flags, c))
		return true;
	if (w->order || index != WALK_MIN || v->min_unboosted == v->mark[WALK_MIN])
		return false;
	if (rules_of(w)->atomic_ignores_boost ? !w->atomic : !(flags & GFPLAB_ALLOC_MIN_RESERVE))
		return false;
	return zone_watermark_ok(w, v, v->min_unboosted, flags, c);
}

/* ---- the free lists ---- */

/* __rmqueue(): the type itself, CMA, or a fallback that NOFRAGMENT allows. */
static unsigned int takeable(const struct gfplab_walk *w, unsigned int flags,
			     unsigned int order)
{
	unsigned int types = BIT_OF(w->migratetype);

	if (flags & WALK_ALLOC_CMA)
		types |= BIT_OF(WALK_CMA);
	if (!(flags & WALK_NOFRAGMENT) || order >= w->pageblock)
		types |= ORDINARY;
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
	if (!(flags & WALK_ALLOC_CMA) || !type_free(v, w->order, w->max_order, BIT_OF(WALK_CMA)))
		return false;
	return v->free_cma > v->free / 2 ||
	       !type_free(v, w->order, w->max_order, BIT_OF(w->migratetype));
}

static bool on_pcp_list(const struct gfplab_walk *w, const struct gfplab_zone_snapshot *v)
{
	if (w->order < WALK_SMALL)
		return v->pcp[w->order] & BIT_OF(w->migratetype);
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
		return BIT_OF(SOURCE_unknown);
	return BIT_OF(SOURCE_refill) | (least < 2 ? BIT_OF(SOURCE_unknown) : 0);
}

/* Where a block would come from; 0 if the zone has none for us after all. */
static __u32 rmqueue(const struct gfplab_walk *w, const struct gfplab_zone_snapshot *v,
		     unsigned int flags)
{
	bool pcp = w->pcp_order && (!w->cma || (flags & WALK_ALLOC_CMA) ||
				    w->migratetype != WALK_MOVABLE);
	bool highatomic, take, first, last, refill;

	if (rules_of(w)->alloc_harder) {
		first = w->order && (flags & GFPLAB_ALLOC_NON_BLOCK);
		last = false;
	} else {
		first = flags & GFPLAB_ALLOC_HIGHATOMIC;
		last = flags & (GFPLAB_ALLOC_OOM | GFPLAB_ALLOC_NON_BLOCK);
	}
	if (pcp && on_pcp_list(w, v))
		return BIT_OF(SOURCE_pcp);
	highatomic = type_free(v, w->order, w->max_order, BIT_OF(WALK_HIGHATOMIC));
	take = can_take(w, v, flags);
	refill = !rules_of(w)->no_refill_highatomic || !(flags & GFPLAB_ALLOC_HIGHATOMIC);
	if (pcp && take && refill)
		return takes_cma(w, v, flags) ? BIT_OF(SOURCE_cma) : refill_sources(w, v, flags);
	if (first && highatomic)
		return BIT_OF(SOURCE_buddy);
	if (take)
		return BIT_OF(takes_cma(w, v, flags) ? SOURCE_cma :
			      w->pcp_order && refill ? SOURCE_unknown : SOURCE_buddy);
	return last && highatomic ? BIT_OF(SOURCE_buddy) : 0;
}

/* ---- get_page_from_freelist() ---- */

static bool may_use(const struct gfplab_zone_snapshot *v, bool nodemask, bool cpuset)
{
	return (!nodemask || v->in_nodes) && (!cpuset || v->in_cpuset);
}

static const struct gfplab_zone_snapshot *first_zone(const struct gfplab_walk *w, bool nodemask,
					    bool cpuset)
{
	unsigned int i;

	for (i = 0; i < w->nr_zones; i++)
		if (may_use(&w->zones[i], nodemask, cpuset))
			return &w->zones[i];
	return NULL;
}

static void step_check(struct gfplab_explain_sink *to, const struct gfplab_zone_snapshot *v,
		       unsigned int flags, const struct check *c)
{
	step(to, "    Node %d %s: free %ld - %ld unusable = %ld %s %s %ld", v->nid, v->name,
	     c->free, c->unusable, c->free - c->unusable, c->enough ? ">" : "<=",
	     mark_names[flags & GFPLAB_ALLOC_WMARK_MASK], c->mark);
	if (c->mark != c->full)
		step(to, " (of %ld)", c->full);
	step(to, " + reserve %ld -> %s\n", c->reserve, !c->enough ? "too little" :
	     !c->block ? "enough, but no free block is large enough" : "ok");
}

/**
 * struct tried - what one attempt finds
 * @zone: the zone that answers, NULL if none does
 * @sources: where its block would come from
 */
struct tried {
	const struct gfplab_zone_snapshot *zone;
	__u32 sources;
};

/* pgdat_balanced(), pgdat_watermark_boosted(): kswapd would find nothing to do. */
static bool balanced(const struct gfplab_walk *w, int nid)
{
	const struct gfplab_zone_snapshot *v;
	bool enough = false;
	struct check c;

	for (v = w->zones; v < w->zones + w->nr_zones; v++) {
		if (v->nid != nid)
			continue;
		if (v->mark[WALK_MIN] != v->min_unboosted)
			return false;
		enough = enough || zone_watermark_ok(w, v, v->mark[WALK_HIGH], 0, &c);
	}
	return enough;
}

/* The slow path has just woken the kswapd of every node that needs it. */
static bool kswapd_awake(const struct gfplab_walk *w, const struct gfplab_zone_snapshot *v,
			 unsigned int flags)
{
	bool woken = (flags & WALK_KSWAPD) && (flags & GFPLAB_ALLOC_WMARK_MASK) != WALK_LOW;

	return v->busy || (woken && !v->hopeless && !balanced(w, v->nid));
}

static struct tried get_page_from_freelist(const struct gfplab_walk *w, unsigned int flags,
					   bool nodemask, bool cpuset,
					   struct gfplab_explain_sink *to)
{
	const struct gfplab_zone_snapshot *preferred = first_zone(w, nodemask, cpuset && !w->masked), *v;
	bool skips_kswapd_nodes = rules_of(w)->skips_kswapd_nodes && w->nodes > 1, skipped = false;
	struct tried found = {};
	struct check c;

	step(to, "  get_page_from_freelist(alloc_flags 0x%x)\n", flags);
retry:
	for (v = w->zones; v < w->zones + w->nr_zones; v++) {
		if (!may_use(v, nodemask, cpuset)) {
			step(to, "    Node %d %s: not in the %s\n", v->nid, v->name,
			     nodemask && !v->in_nodes ? "nodemask" : "cpuset");
			continue;
		}
		if ((flags & WALK_NOFRAGMENT) && w->nodes > 1 && v->nid != preferred->nid) {
			step(to, "    Node %d %s: remote; rather mix types at home: again without NOFRAGMENT\n",
			     v->nid, v->name);
			flags &= ~WALK_NOFRAGMENT;
			goto retry;
		}
		if (skips_kswapd_nodes && kswapd_awake(w, v, flags)) {
			step(to, "    Node %d %s: its kswapd is awake; rather another node\n",
			     v->nid, v->name);
			skipped = true;
			continue;
		}
		if (!zone_watermark_fast(w, v, flags, &c) &&
		    !(flags & GFPLAB_ALLOC_NO_WATERMARKS)) {
			step_check(to, v, flags, &c);
			continue;
		}
		if (flags & GFPLAB_ALLOC_NO_WATERMARKS)
			step(to, "    Node %d %s: watermarks ignored\n", v->nid, v->name);
		else
			step_check(to, v, flags, &c);
		found.sources = rmqueue(w, v, flags);
		if (found.sources) {
			found.zone = v;
			return found;
		}
		step(to, "    Node %d %s: rmqueue() finds no block of this type%s\n", v->nid,
		     v->name, flags & WALK_NOFRAGMENT ? " without mixing" : "");
	}
	if (skips_kswapd_nodes && skipped) {
		step(to, "    again with the nodes whose kswapd is awake\n");
		skips_kswapd_nodes = false;
		goto retry;
	}
	if ((flags & WALK_NOFRAGMENT) && !w->first_zone_only) {
		step(to, "    again without NOFRAGMENT\n");
		flags &= ~WALK_NOFRAGMENT;
		goto retry;
	}
	return found;
}

/* ---- __alloc_pages() ---- */

/* Who may not sleep may dip into the reserves: alloc_flags_nonblocking() since 7.3. */
static unsigned int alloc_flags_nonblocking(const struct gfplab_walk *w)
{
	if (w->direct || w->nomemalloc)
		return 0;
	return GFPLAB_ALLOC_NON_BLOCK | (w->order && w->high ? GFPLAB_ALLOC_HIGHATOMIC : 0);
}

static unsigned int gfp_to_alloc_flags(const struct gfplab_walk *w)
{
	unsigned int flags = WALK_MIN | WALK_CPUSET;

	if (w->high)
		flags |= GFPLAB_ALLOC_MIN_RESERVE;
	if (w->kswapd)
		flags |= WALK_KSWAPD;
	if (rules_of(w)->alloc_harder) {
		if (w->atomic)
			flags &= ~WALK_CPUSET;
		if (w->atomic ? !w->nomemalloc : w->rt)
			flags |= GFPLAB_ALLOC_NON_BLOCK;
		return flags;
	}
	flags |= alloc_flags_nonblocking(w);
	if (!w->direct) {
		if (w->high)
			flags &= ~WALK_CPUSET;
	} else if (w->rt) {
		flags |= GFPLAB_ALLOC_MIN_RESERVE;
	}
	return flags;
}

static unsigned int gfp_pfmemalloc_flags(const struct gfplab_walk *w)
{
	if (w->nomemalloc)
		return 0;
	if (w->memalloc)
		return GFPLAB_ALLOC_NO_WATERMARKS;
	return w->oom_victim ? GFPLAB_ALLOC_OOM : 0;
}

static unsigned int cma_flag(const struct gfplab_walk *w)
{
	return w->cma && !w->nocma && w->migratetype == WALK_MOVABLE ? WALK_ALLOC_CMA : 0;
}

/* The block, if one comes, may come from anywhere that is allowed. */
static void unsure(struct gfplab_prediction *p, __u32 stages, __u32 results)
{
	p->stages |= stages;
	p->results |= results;
	p->sources = 0;
	p->nid = WALK_ANYWHERE;
}

static bool answered(const struct tried *t, enum gfplab_stage stage,
		     struct gfplab_prediction *p)
{
	if (!t->zone)
		return false;
	if (p->stages) {	/* compaction may have found another one before */
		unsure(p, BIT_OF(stage), BIT_OF(RESULT_ok));
		return true;
	}
	p->stages = BIT_OF(stage);
	p->results = BIT_OF(RESULT_ok);
	p->sources = t->sources;
	p->nid = t->zone->nid;
	p->zone = t->zone->zone;
	return true;
}

static void gives_up(struct gfplab_prediction *p, enum gfplab_stage stage)
{
	p->stages |= BIT_OF(stage);
	p->results |= BIT_OF(RESULT_failed);
}

static bool may_kill(const struct gfplab_walk *w)
{
	return w->order <= COSTLY_ORDER && !w->mayfail && !w->thisnode &&
	       w->highest >= w->normal;
}

/* check_retry_cpuset(): a nodemask with no node of the cpuset is not obeyed for long. */
static bool forgets_nodemask(const struct gfplab_walk *w, bool *nodemask,
			     struct gfplab_explain_sink *to)
{
	if (!*nodemask || !w->nodemask_outside_cpuset)
		return false;
	step(to, "  check_retry_cpuset: the nodemask lies outside the cpuset and is forgotten\n");
	*nodemask = false;
	return true;
}

static bool compacts(const struct gfplab_walk *w)
{
	return w->direct && w->compacts &&
	       (w->order > COSTLY_ORDER || (w->order && w->migratetype != WALK_MOVABLE));
}

/* Is compaction that found no block all there will be? */
static bool ends_after_compaction(const struct gfplab_walk *w, struct gfplab_prediction *p,
				  struct gfplab_explain_sink *to)
{
	bool late = rules_of(w)->compacts_late;

	if (!w->noretry || (!late && w->order <= COSTLY_ORDER))
		return false;
	if (w->thisnode) {
		step(to, "  NORETRY for one node alone: fails if not\n");
		p->results |= BIT_OF(RESULT_failed);
		return true;
	}
	if (!late) {
		step(to, "  NORETRY: fails where compaction was skipped or deferred\n");
		p->results |= BIT_OF(RESULT_failed);
	}
	return false;
}

static void direct_reclaim(const struct gfplab_walk *w, struct gfplab_prediction *p,
			   struct gfplab_explain_sink *to)
{
	step(to, "  __alloc_pages_direct_reclaim: may free enough\n");
	unsure(p, BIT_OF(STAGE_reclaim), BIT_OF(RESULT_ok));
	if (w->nofail) {
		step(to, "  NOFAIL: tries until it succeeds\n");
		p->stages |= may_kill(w) ? BIT_OF(STAGE_oom) : 0;
		return;
	}
	p->results |= BIT_OF(RESULT_failed);
	if (w->noretry || (w->order > COSTLY_ORDER && !(w->mayfail && w->compacts))) {
		step(to, "  one round only (%s)\n", w->noretry ? "NORETRY" : "a costly order");
		return;
	}
	if (may_kill(w)) {
		step(to, "  __alloc_pages_may_oom: may kill somebody\n");
		p->stages |= BIT_OF(STAGE_oom);
	} else {
		step(to, "  retries while reclaim makes progress, never kills\n");
	}
}

enum next { GO_ON, RESTART, END };

static enum next direct_compact(const struct gfplab_walk *w, struct gfplab_prediction *p,
				bool *nodemask, struct gfplab_explain_sink *to)
{
	step(to, "  __alloc_pages_direct_compact: may bring a block\n");
	unsure(p, BIT_OF(STAGE_compact), BIT_OF(RESULT_ok));
	if (forgets_nodemask(w, nodemask, to))
		return RESTART;
	return ends_after_compaction(w, p, to) ? END : GO_ON;
}

static void slowpath(const struct gfplab_walk *w, struct gfplab_prediction *p,
		     struct gfplab_explain_sink *to)
{
	unsigned int flags = gfp_to_alloc_flags(w) | cma_flag(w);
	unsigned int reserve = gfp_pfmemalloc_flags(w);
	bool late = rules_of(w)->compacts_late, nodemask = true;
	bool cpuset = (flags & WALK_CPUSET) && w->hardwall;
	enum gfplab_stage stage = STAGE_slow;
	enum next next;
	struct tried t;

	step(to, "__alloc_pages_slowpath\n");
restart:
	if (!first_zone(w, nodemask, false)) {
		if (forgets_nodemask(w, &nodemask, to))
			goto restart;
		step(to, "  no zone is allowed: fails\n");
		gives_up(p, stage);
		return;
	}
	if (flags & WALK_KSWAPD)
		step(to, "  wake_all_kswapds\n");
	t = get_page_from_freelist(w, flags, nodemask, cpuset, to);
	if (answered(&t, stage, p))
		return;

	if (!late && compacts(w) && !reserve) {
		stage = STAGE_compact;
		next = direct_compact(w, p, &nodemask, to);
		if (next == RESTART)
			goto restart;
		if (next == END)
			return;
	}
	if (!late && forgets_nodemask(w, &nodemask, to))
		goto restart;

	if (reserve) {
		flags = reserve | cma_flag(w) | (flags & WALK_KSWAPD);
		step(to, "  __gfp_pfmemalloc_flags: may use the reserves\n");
	}
	if (!(flags & WALK_CPUSET) || reserve) {
		if (w->masked || cpuset)
			step(to, "  nodemask and cpuset are forgotten\n");
		nodemask = false;
		cpuset = false;
	}
	t = get_page_from_freelist(w, flags, nodemask, cpuset, to);
	if (answered(&t, stage, p))
		return;
	if (!w->direct || w->pf_memalloc) {
		if (forgets_nodemask(w, &nodemask, to))
			goto restart;
		step(to, "  %s: fails\n", w->direct ? "PF_MEMALLOC, no recursion into reclaim" :
			    "may not sleep");
		gives_up(p, stage);
		return;
	}
	if (late && compacts(w)) {
		stage = STAGE_compact;
		next = direct_compact(w, p, &nodemask, to);
		if (next == RESTART)
			goto restart;
		if (next == END)
			return;
	}
	direct_reclaim(w, p, to);
}

/**
 * gfplab_predict - what the allocator will do with a request
 * @w: the request and a snapshot of the zones
 * @p: filled in: the smallest set of outcomes that the rules allow
 * @to: where to tell each step, or NULL
 *
 * Context: any; touches nothing but its arguments.
 * Mirrors __alloc_pages() and what it calls, 5.10 to 7.3.
 */
void gfplab_predict(const struct gfplab_walk *w, struct gfplab_prediction *p,
		    struct gfplab_explain_sink *to)
{
	unsigned int flags = WALK_LOW | cma_flag(w);
	struct tried t;

	*p = (struct gfplab_prediction){ .nid = WALK_ANYWHERE };
	if (w->once) {
		step(to, "alloc_pages_nolock(order %u)\n", w->order);
		t = get_page_from_freelist(w, WALK_MIN | GFPLAB_ALLOC_TRYLOCK, true, true, to);
		if (!answered(&t, STAGE_fast, p))
			gives_up(p, STAGE_fast);
		return;
	}
	step(to, "__alloc_pages(order %u)\n", w->order);
	if (w->order > w->max_order) {
		step(to, "  over the maximum of %u: turned away\n", w->max_order);
		p->stages = BIT_OF(STAGE_rejected);
		p->results = BIT_OF(RESULT_rejected);
		return;
	}
	if (w->kswapd)
		flags |= WALK_KSWAPD;
	if (w->nofragment)
		flags |= WALK_NOFRAGMENT;
	if (rules_of(w)->fast_highatomic)
		flags |= alloc_flags_nonblocking(w) & GFPLAB_ALLOC_HIGHATOMIC;
	if (first_zone(w, true, true)) {
		t = get_page_from_freelist(w, flags, true, true, to);
		if (answered(&t, STAGE_fast, p))
			return;
	}
	slowpath(w, p, to);
}

/**
 * gfplab_predict_pcp - the same for a single page that this CPU has on its list
 * @w: the request; of the snapshot's first zone free lists are not looked at
 * @p: filled in if it is so
 *
 * Context: any; touches nothing but its arguments.
 * Return: false if the first zone does not answer so.
 */
bool gfplab_predict_pcp(const struct gfplab_walk *w, struct gfplab_prediction *p)
{
	const struct gfplab_zone_snapshot *v = w->zones;
	struct tried t = { .zone = v, .sources = BIT_OF(SOURCE_pcp) };
	struct check c;

	if (w->order || !may_use(v, true, true) || v->busy || !on_pcp_list(w, v) ||
	    (w->cma && w->migratetype == WALK_MOVABLE) ||
	    !zone_watermark_ok(w, v, v->mark[WALK_LOW], WALK_LOW, &c))
		return false;
	p->stages = 0;
	p->results = 0;
	return answered(&t, STAGE_fast, p);
}
