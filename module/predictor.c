// SPDX-License-Identifier: GPL-2.0
/*
 * predictor.c - a snapshot of what the free list walk reads, and the prediction
 * made from it.
 *
 * The snapshot takes no lock: each number is what the allocator itself would
 * read at that moment, also without a lock.
 */
#include <linux/build_bug.h>
#include <linux/cgroup.h>
#include <linux/cpuset.h>
#include <linux/mempolicy.h>
#include <linux/mm.h>
#include <linux/nodemask.h>
#include <linux/oom.h>
#include <linux/overflow.h>
#include <linux/sched.h>
#include <linux/sched/rt.h>
#include <linux/slab.h>
#include <linux/topology.h>
#include <linux/vmstat.h>
#include "account.h"
#include "busted.h"
#include "compat.h"
#include "context.h"
#include "cpusets.h"
#include "dirty.h"
#include "entry.h"
#include "options.h"
#include "predictor.h"
#include "room.h"
#include "rules/alloc_flags.h"
#include "rules/predict.h"
#include "rules/verdict.h"
#include "rules/walk.h"
#include "rules/words.h"
#include "sysctl.h"
#include "zone.h"

#define TIERED	2	/* NUMA_BALANCING_MEMORY_TIERING, since 5.18 */

/* Memory of a confidential guest, of which cond_accept_memory() takes some for a request (6.5). */
static bool unaccepted(void)
{
#ifdef CONFIG_UNACCEPTED_MEMORY
	struct zone *zone;
	int nid, i;

	for_each_online_node(nid) {
		for (i = 0; i < MAX_NR_ZONES; i++) {
			zone = gfplab_zone(nid, i);
			if (zone && !list_empty(&zone->unaccepted_pages))
				return true;
		}
	}
#endif
	return false;
}

/**
 * gfplab_predictor_create - room for a snapshot of every zone
 *
 * Context: may sleep.
 * Return: the predictor, for gfplab_array_free(); NULL without memory.
 */
struct gfplab_predictor *gfplab_predictor_create(void)
{
	unsigned int size = num_online_nodes() * MAX_NR_ZONES;
	struct gfplab_predictor *predictor;

	predictor = gfplab_array(ACCOUNT_other, 1, struct_size(predictor, zones, size), NULL);
	if (!predictor)
		return NULL;
	predictor->size = size;
	predictor->cpusets = gfplab_cpusets_enabled();
	predictor->one_type = !gfplab_groups_by_mobility();
	predictor->node_reclaims = gfplab_sysctl("vm/zone_reclaim_mode", 0);
	predictor->tiered = gfplab_sysctl("kernel/numa_balancing", 0) & TIERED;
	predictor->dirty_ratio = gfplab_sysctl("vm/dirty_ratio", -1);
	if (predictor->dirty_ratio < 0)
		predictor->unforeseen = "/proc/sys is not there to tell what is set";
	else if (gfplab_sysctl("vm/defrag_mode", 0))
		predictor->unforeseen = "what vm.defrag_mode does is not followed";
	else if (unaccepted())
		predictor->unforeseen = "a zone has memory that this guest has not accepted yet";
	return predictor;
}

static __always_inline void read_counts(struct gfplab_zone_snapshot *v, struct zone *zone)
{
	v->free = zone_page_state(zone, NR_FREE_PAGES);
#ifdef CONFIG_CMA
	v->free_cma = zone_page_state(zone, NR_FREE_CMA_PAGES);
#endif
	v->highatomic = gfplab_highatomic(zone);
}

static __always_inline void read_node(struct gfplab_zone_snapshot *v, struct zone *zone,
				      bool in_task)
{
	/* as get_page_from_freelist() asks, without a barrier */
	v->busy = !waitqueue_active(&zone->zone_pgdat->kswapd_wait);
	v->in_cpuset = !in_task || node_isset(v->nid, cpuset_current_mems_allowed);
}

/* Bit WALK_x for each migratetype that has free blocks of an order. */
static unsigned int free_types(const struct free_area *area)
{
	unsigned int t, types = 0;

	for (t = 0; t <= MIGRATE_HIGHATOMIC; t++)
		if (!list_empty(&area->free_list[t]))
			types |= 1U << t;
#ifdef CONFIG_CMA
	if (!list_empty(&area->free_list[MIGRATE_CMA]))
		types |= 1U << WALK_CMA;
#endif
#ifdef CONFIG_MEMORY_ISOLATION
	if (!list_empty(&area->free_list[MIGRATE_ISOLATE]))
		types |= 1U << WALK_ISOLATE;
#endif
	return types;
}

/* Whether there is a block for any request, in the smallest order that has one. */
static void read_block(struct gfplab_zone_snapshot *v, const struct zone *zone, unsigned int order)
{
	for (; order && order <= GFPLAB_MAX_ORDER; order++) {
		v->types[order] = free_types(&zone->free_area[order]);
		if (v->types[order] & WALK_ORDINARY)
			break;
	}
}

static void read_marks(struct gfplab_zone_snapshot *v, struct zone *zone, unsigned int highest)
{
	v->nid = zone_to_nid(zone);
	v->zone = zone_idx(zone);
	v->name = zone->name;
	read_counts(v, zone);
	v->mark[GFPLAB_ALLOC_WMARK_MIN] = min_wmark_pages(zone);
	v->mark[GFPLAB_ALLOC_WMARK_LOW] = low_wmark_pages(zone);
	v->mark[GFPLAB_ALLOC_WMARK_HIGH] = high_wmark_pages(zone);
	v->min_unboosted = zone->_watermark[WMARK_MIN];
	v->reserve[highest] = zone->lowmem_reserve[highest];
}

/* What decides about an order that this CPU has a block of. */
static void read_marks_and_pcp(struct gfplab_zone_snapshot *v, struct zone *zone,
			       unsigned int order, unsigned int highest)
{
	read_marks(v, zone, highest);
	v->pcp[order] = gfplab_pcp_types(zone, order);
	read_block(v, zone, order);
}

static void snapshot_zone(struct gfplab_zone_snapshot *v, struct zone *zone, unsigned int order,
			  unsigned int highest)
{
	unsigned int o;

	read_marks(v, zone, highest);
	v->unmanaged = !zone_managed_pages(zone);
	for (o = 0; o < MAX_NR_ZONES && o < WALK_ZONE_TYPES; o++)
		v->reserve[o] = zone->lowmem_reserve[o];
	for (o = 0; o < WALK_SMALL; o++)
		v->pcp[o] = gfplab_pcp_types(zone, o);
	v->pcp_thp = gfplab_pcp_types(zone, PAGE_ALLOC_COSTLY_ORDER + 1);
	for (o = 0; o <= GFPLAB_MAX_ORDER; o++) {
		/* as the allocator's own check reads it, without the zone's lock */
		v->blocks[o] = data_race(zone->free_area[o].nr_free);
		v->types[o] = free_types(&zone->free_area[o]);
	}
	v->pcp_refill = gfplab_pcp_refill(zone, order);
}

static_assert(GFPLAB_MAX_ORDER < WALK_ORDERS);

/*
 * Has a zone more dirty pages than its share, by the rules of that time? Its reserve is what
 * calculate_totalreserve_pages() adds up to a node's.
 * Mirrors zone_dirty_ok(), zone_dirty_limit() and zone_dirtyable_memory() of
 * mm/page-writeback.c, 4.7.
 */
static bool zone_over_dirty(struct zone *zone, long ratio)
{
	long pages = zone_page_state(zone, NR_FREE_PAGES), reserve = 0, limit;
	int i;

	for (i = zone_idx(zone); i < MAX_NR_ZONES; i++)
		reserve = max_t(long, reserve, zone->lowmem_reserve[i]);
	reserve += high_wmark_pages(zone);
	pages -= min_t(long, pages, min_t(long, reserve, zone_managed_pages(zone)));
	pages += zone_page_state(zone, NR_ZONE_INACTIVE_FILE) +
		 zone_page_state(zone, NR_ZONE_ACTIVE_FILE);
	limit = pages * ratio / 100;
	if (current->prio < MAX_RT_PRIO)
		limit += limit / 4;
	return (long)zone_page_state(zone, NR_ZONE_WRITE_PENDING) > limit;
}

#ifdef CONFIG_NUMA
#define NODE_RECLAIM_DISTANCE_MAX	32	/* RECLAIM_DISTANCE is 30, an EPYC has 32 */

/*
 * May node_reclaim() scan a zone's node? What it finds there is not known before.
 * Mirrors zone_allows_reclaim() and node_reclaim(), 5.10 to 7.3.
 */
static bool node_reclaims(const struct zone *zone, int preferred)
{
	const pg_data_t *node = zone->zone_pgdat;

	if (node_distance(preferred, node->node_id) > NODE_RECLAIM_DISTANCE_MAX)
		return false;
	if (node_state(node->node_id, N_CPU) && node->node_id != numa_node_id())
		return false;
	return gfplab_node_stat(node, NR_FILE_PAGES) > node->min_unmapped_pages ||
	       gfplab_node_stat(node, NR_SLAB_RECLAIMABLE_B) > (long)node->min_slab_pages;
}
#endif

/* The zones that node_reclaim() may help, by their distance from the first that may be used. */
static void find_node_reclaims(struct gfplab_predictor *predictor)
{
#ifdef CONFIG_NUMA
	const struct gfplab_walk *walk = &predictor->walk;
	struct gfplab_zone_snapshot *v;
	int preferred = NUMA_NO_NODE;

	if (!predictor->node_reclaims)
		return;
	for (v = predictor->zones; v < predictor->zones + walk->nr_zones; v++) {
		struct zone *zone = gfplab_zone(v->nid, v->zone);

		if (preferred == NUMA_NO_NODE && v->in_nodes && (v->in_cpuset || walk->masked))
			preferred = v->nid;
		v->node_reclaims = zone && preferred != NUMA_NO_NODE &&
				   node_reclaims(zone, preferred);
	}
#endif
}

/* When kswapd would sleep, and whether a page for writing is to come from elsewhere. */
static void read_limits(struct gfplab_zone_snapshot *v, struct zone *zone,
			const struct gfplab_predictor *predictor)
{
	v->over_dirty = predictor->walk.writes &&
			gfplab_over_dirty(zone->zone_pgdat, predictor->dirty_ratio);
	v->zone_over_dirty = predictor->walk.writes &&
			     zone_over_dirty(zone, predictor->dirty_ratio);
	v->balance_mark = gfplab_balance_mark(zone, predictor->tiered);
	v->balance_free = v->free;
	if (zone->percpu_drift_mark && v->free < (long)zone->percpu_drift_mark)
		v->balance_free = zone_page_state_snapshot(zone, NR_FREE_PAGES);
	v->node_reclaims = false;
}

/* Where the walk starts and what it may use, as far as a policy says so. */
struct zonelist_start {
	int nid;
	const nodemask_t *nodes;	/* NULL: all */
	bool rotates;			/* the next one starts elsewhere */
};

/* False for policies that are not followed. */
static bool policy_start(const struct gfplab_options *opt, gfp_t gfp, struct zonelist_start *s)
{
	s->nid = numa_node_id();
	s->nodes = NULL;
#ifdef CONFIG_NUMA
	if (opt->context < CONTEXT_softirq && !(gfp & __GFP_THISNODE) && current->mempolicy) {
		const struct mempolicy *pol = current->mempolicy;

		switch (pol->mode) {
		case MPOL_LOCAL:
			return true;
		case MPOL_PREFERRED:
			s->nid = gfplab_policy_preferred(pol);
			return true;
		case MPOL_INTERLEAVE:
			s->nid = next_node_in(current->il_prev, *gfplab_policy_nodes(pol));
			s->rotates = true;
			return true;
		case MPOL_BIND:
			if (gfplab_bind_holds(pol, gfp, gfplab_policy_zone()))
				s->nodes = gfplab_policy_nodes(pol);
			return true;
		default:
			s->rotates = gfplab_weighted_node(pol, &s->nid);
			return s->rotates;
		}
	}
#endif
	return true;
}

/* Which policy it goes by: the task's, unless the request has none. */
static void step_policy(struct gfplab_explain_sink *to, const struct gfplab_options *opt, gfp_t gfp)
{
#ifdef CONFIG_NUMA
	static const char * const modes[] = {	/* by the kernel's numbers */
		"default", "preferred", "bind", "interleave", "local", "preferred-many",
		"weighted-interleave",
	};
	const struct mempolicy *pol = current->mempolicy;

	if (!to || !pol || !gfplab_entries[opt->entry].obeys_policy)
		return;
	if (opt->context >= CONTEXT_softirq)
		gfplab_step(to, "  policy default: an interrupt has none\n");
	else if (gfp & __GFP_THISNODE)
		gfplab_step(to, "  policy default: __GFP_THISNODE\n");
	else if (pol->mode < ARRAY_SIZE(modes))
		gfplab_step(to, "  policy %s:%*pbl\n", modes[pol->mode],
			    nodemask_pr_args(gfplab_policy_nodes(pol)));
#endif
}

static bool start_of(const struct gfplab_options *opt, gfp_t gfp, struct zonelist_start *s)
{
	s->rotates = false;
	if (gfplab_entries[opt->entry].obeys_policy)
		return policy_start(opt, gfp, s);
	s->nid = gfplab_nid(opt->nid);
	s->nodes = opt->nodes.all ? NULL : &opt->nodes.mask;
	return true;
}

/* Returns where the zonelist names the first zone. */
static const struct zoneref *snapshot_zones(struct gfplab_predictor *predictor, gfp_t gfp,
					    const struct zonelist_start *s, bool in_task,
					    unsigned int most)
{
	struct zonelist *list = node_zonelist(s->nid, gfp);
	struct gfplab_walk *walk = &predictor->walk;
	struct gfplab_zone_snapshot *v = predictor->zones;
	const struct zoneref *z, *first = NULL;

	for (z = list->_zonerefs; z->zone && v < predictor->zones + most; z++) {
		if (z->zone_idx > (int)walk->highest)
			continue;
		if (most == 1 && walk->order < WALK_SMALL)
			read_marks_and_pcp(v, z->zone, walk->order, walk->highest);
		else
			snapshot_zone(v, z->zone, walk->order, walk->highest);
		read_limits(v, z->zone, predictor);
		read_node(v, z->zone, in_task);
		v->in_nodes = !s->nodes || node_isset(v->nid, *s->nodes);
		v->hopeless = gfplab_kswapd_hopeless(z->zone->zone_pgdat);
		first = first ?: z;
		v++;
	}
	walk->zones = predictor->zones;
	walk->nr_zones = v - predictor->zones;
	walk->first_zone_only = most == 1;
	find_node_reclaims(predictor);
	return first;
}

/* alloc_flags_nofragment(): mixing types matters only with DMA32 as a way out. */
static bool rather_dma32(const struct gfplab_walk *walk)
{
#ifdef CONFIG_ZONE_DMA32
	unsigned int i;

	for (i = 0; i < walk->nr_zones; i++) {
		const struct gfplab_zone_snapshot *v = &walk->zones[i];

		if (!v->in_nodes || (!v->in_cpuset && !walk->masked))
			continue;
		return v->zone == ZONE_NORMAL &&
		       (walk->nodes == 1 ||
			populated_zone(&NODE_DATA(v->nid)->node_zones[ZONE_DMA32]));
	}
#endif
	return false;
}

/*
 * Most often the first zone of the list answers, and the others need not be
 * looked at; nor its free lists, if this CPU has such a page.
 */
static bool first_answers(struct gfplab_predictor *predictor, gfp_t gfp,
			  const struct zonelist_start *s, bool in_task,
			  struct gfplab_prediction *p)
{
	struct gfplab_walk *walk = &predictor->walk;
	const struct zoneref *first = snapshot_zones(predictor, gfp, s, in_task, 1);

	if (!first)
		return false;
	if (walk->order < WALK_SMALL) {
		if (!gfplab_pcp_answers(walk))
			return false;
		gfplab_predict_pcp(walk, p);
		/* A policy's nodes, dirty pages and a group's room may be others next time. */
		if (s->nodes || s->rotates || walk->writes || (gfp & __GFP_ACCOUNT))
			return true;
		predictor->again = first;
		predictor->first = first->zone;
		predictor->here = numa_node_id();
		predictor->in_task = in_task;
		return true;
	}
	if (!walk->zones->in_nodes || !walk->zones->in_cpuset || walk->zones->busy)
		return false;
	walk->nofragment = rather_dma32(walk);
	gfplab_predict(walk, p, NULL);
	return p->stages == 1U << STAGE_fast && p->results == 1U << OUTCOME_ok;
}

/* movable_only_nodes() of the task's cpuset; 5.10 to 7.3 */
static bool cpuset_movable(void)
{
#ifdef CONFIG_CPUSETS
	int nid, i;

	for_each_node_mask(nid, cpuset_current_mems_allowed)
		for (i = 0; i <= ZONE_NORMAL; i++)
			if (gfplab_zone(nid, i))
				return false;
	return true;
#else
	return false;
#endif
}

/* Is the task in a cpuset of cgroup v1 that leaves nodes out? */
static bool cpuset_v1(void)
{
#ifdef CONFIG_CPUSETS
	return !cgroup_subsys_on_dfl(cpuset_cgrp_subsys) &&
	       !nodes_subset(node_states[N_MEMORY], cpuset_current_mems_allowed);
#else
	return false;
#endif
}

static unsigned int type_of(gfp_t gfp)
{
	return gfp & __GFP_MOVABLE ? WALK_MOVABLE :
	       gfp & __GFP_RECLAIMABLE ? WALK_RECLAIMABLE : WALK_UNMOVABLE;
}

/* What is asked for, before the scopes that it will be in or is in already. */
static struct gfplab_asked asked_of(const struct gfplab_predictor *predictor,
				    const struct gfplab_options *opt, gfp_t asked, gfp_t gfp)
{
	return (struct gfplab_asked){
		.filesystem = asked & __GFP_FS,
		.compacts = IS_ENABLED(CONFIG_COMPACTION) && (asked & __GFP_IO),
		.migratetype = predictor->one_type ? WALK_UNMOVABLE : type_of(asked),
		.nofs = (asked & ~gfp & (__GFP_IO | __GFP_FS)) == __GFP_FS,
		.noio = asked & ~gfp & __GFP_IO,
		.pin = opt->scope & (1U << SCOPE_pin),
	};
}

/* The request and its task; the zones come later. @gfp has the scopes applied. */
static void describe(struct gfplab_predictor *predictor, const struct gfplab_options *opt,
		     unsigned int order, gfp_t gfp, const struct zonelist_start *start)
{
	bool in_task = opt->context < CONTEXT_softirq;
	bool noreclaim = opt->scope & (1U << SCOPE_noreclaim);
	bool pf_memalloc = in_task && ((current->flags & PF_MEMALLOC) || noreclaim);

	predictor->walk = (struct gfplab_walk){
		.family = GFPLAB_FAMILY,
		.order = order,
		.max_order = GFPLAB_MAX_ORDER,
		.pageblock = pageblock_order,
		.highest = gfp_zone(gfp),
		.normal = ZONE_NORMAL,
		.nodes = num_online_nodes(),
		.migratetype = predictor->one_type ? WALK_UNMOVABLE : type_of(gfp),
		.pcp_order = gfplab_pcp_order(order),
		.cma = IS_ENABLED(CONFIG_CMA),
		.atomic = gfp & GFPLAB_GFP_ATOMIC_BIT,
		.high = gfp & __GFP_HIGH,
		.kswapd = gfp & __GFP_KSWAPD_RECLAIM,
		.direct = gfp & __GFP_DIRECT_RECLAIM,
		.nomemalloc = gfp & __GFP_NOMEMALLOC,
		.memalloc = (gfp & __GFP_MEMALLOC) || pf_memalloc || noreclaim,
		.pf_memalloc = pf_memalloc,
		.nocma = GFPLAB_PIN_SKIPS_CMA && (opt->scope & (1U << SCOPE_pin)),
		.oom_victim = in_task && tsk_is_oom_victim(current),
		.killable = in_task && !(current->flags & PF_KTHREAD),
		.rt = in_task && current->prio < MAX_RT_PRIO,
		.filesystem = gfp & __GFP_FS,
		.writes = gfp & __GFP_WRITE,
		.noretry = gfp & __GFP_NORETRY,
		.mayfail = gfp & __GFP_RETRY_MAYFAIL,
		.nofail = gfp & __GFP_NOFAIL,
		.thisnode = gfp & __GFP_THISNODE,
		.hardwall = gfp & __GFP_HARDWALL,
		.compacts = IS_ENABLED(CONFIG_COMPACTION) && (gfp & __GFP_IO),
		.cpuset_movable = (gfp & __GFP_HARDWALL) && cpuset_movable(),
		.cpuset_v1 = in_task && cpuset_v1(),
		.charge_short = in_task && (gfp & __GFP_ACCOUNT) &&
				!(current->flags & PF_KTHREAD) && !gfplab_group_fits(1ULL << order),
		.once = gfplab_entries[opt->entry].once,
		.nowarn = gfp & __GFP_NOWARN,
		.scopes_late = !GFPLAB_SCOPES_AT_ONCE,
		.highest_name = gfplab_zone_name(gfp_zone(gfp)),
		.masked = start->nodes,
		.nodemask_outside_cpuset = start->nodes && predictor->cpusets &&
			 !nodes_intersects(*start->nodes, cpuset_current_mems_allowed),
	};
}

/**
 * gfplab_predict_request - predict one request from the zones' present state
 * @predictor: the worker's
 * @opt: the plan
 * @order: of the request
 * @p: the prediction; its @stages is 0 if there can be none
 * @to: where to report the steps, or NULL
 *
 * Context: the task that makes the request, or that waits for the interrupt which
 * makes it.
 * Return: NULL, or why there is no prediction.
 */
const char *gfplab_predict_request(struct gfplab_predictor *predictor,
				   const struct gfplab_options *opt, unsigned int order,
				   struct gfplab_prediction *p, struct gfplab_explain_sink *to)
{
	const struct gfplab_entry *entry = &gfplab_entries[opt->entry];
	bool in_task = opt->context < CONTEXT_softirq;
	struct gfplab_walk *walk = &predictor->walk;
	gfp_t asked = gfplab_entry_gfp(entry, opt->gfp);
	gfp_t gfp = gfplab_scope_gfp(asked, opt->scope, true);
	struct zonelist_start start;

	predictor->again = NULL;
	p->stages = 0;
	if (entry->client || entry->bypass || entry->shape == SHAPE_scattered)
		return "the entry asks more or less than one block";
	step_policy(to, opt, gfp);
	if (!start_of(opt, gfp, &start))
		return "this mempolicy is not followed";
	if ((gfp & __GFP_WRITE) && !predictor->dirty_ratio)
		return "a limit for dirty pages in bytes (vm.dirty_bytes) is not followed";
	if (predictor->unforeseen)
		return predictor->unforeseen;

	describe(predictor, opt, order, gfp, &start);
	walk->asked = asked_of(predictor, opt, asked, gfp);
	if (to || !first_answers(predictor, gfp, &start, in_task, p)) {
		snapshot_zones(predictor, gfp, &start, in_task, predictor->size);
		walk->nofragment = rather_dma32(walk);
		gfplab_predict(walk, p, to);
	}
	if (GFPLAB_BUSTED(wrong_prediction))
		p->stages = 1U << STAGE_fast;
	return NULL;
}

/**
 * gfplab_predict_again - does the last prediction hold for the same request, made once more?
 * @predictor: the worker's; what others may have changed since then is read again
 *
 * Context: the same task as for gfplab_predict_request(), with the same mempolicy.
 * Return: true if it holds; false if it takes gfplab_predict_request() to tell.
 */
bool gfplab_predict_again(struct gfplab_predictor *predictor)
{
	struct gfplab_zone_snapshot *v = predictor->zones;
	unsigned int highest = predictor->walk.highest, order = predictor->walk.order;
	struct zone *zone = predictor->first;

	/* Memory that came or went makes other zonelists. */
	if (!predictor->again || READ_ONCE(predictor->again->zone) != zone ||
	    predictor->here != numa_node_id())
		return false;
	read_counts(v, zone);
	v->mark[GFPLAB_ALLOC_WMARK_LOW] = low_wmark_pages(zone);
	v->reserve[highest] = zone->lowmem_reserve[highest];
	v->pcp[order] = gfplab_pcp_types(zone, order);
	read_block(v, zone, order);
	read_node(v, zone, predictor->in_task);
	return gfplab_pcp_answers(&predictor->walk);
}

/**
 * gfplab_prediction_holds - did the request do what was predicted?
 * @p: the prediction
 * @verdict: what happened
 * @page: what came back, or NULL
 * @killed: the OOM killer chose a task for it
 *
 * What the verdict does not know is no disagreement.
 *
 * Context: any.
 * Return: whether result, stage, source, node and zone are among the predicted.
 */
bool gfplab_prediction_holds(const struct gfplab_prediction *p,
			     const struct gfplab_verdict *verdict, const struct page *page,
			     bool killed)
{
	bool ok = verdict->result == RESULT_ok;

	if (GFPLAB_BUSTED(blind_compare))
		return true;
	if (!(p->results & (1U << (ok ? OUTCOME_ok : OUTCOME_failed))) ||
	    (killed && !(p->results & (1U << OUTCOME_kills))))
		return false;
	if (verdict->stage != STAGE_unknown && !(p->stages & (1U << verdict->stage)))
		return false;
	if (!page)
		return true;
	if (!(p->sources & (1U << verdict->source)))
		return false;
	return p->nid == WALK_ANYWHERE ||
	       (p->nid == page_to_nid(page) && p->zone == page_zonenum(page));
}
