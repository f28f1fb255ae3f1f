// SPDX-License-Identifier: GPL-2.0
/*
 * plan.c - from a job's options to what a run executes: what must be true of
 * them together and of the machine, and how much each worker may do and hold.
 */
#include <linux/bitops.h>
#include <linux/cgroup.h>
#include <linux/cpumask.h>
#include <linux/cpuset.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/math64.h>
#include <linux/mempolicy.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/nodemask.h>
#include <linux/overflow.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include "account.h"
#include "block.h"
#include "busted.h"
#include "clock.h"
#include "compat.h"
#include "context.h"
#include "entry.h"
#include "error.h"
#include "gfp.h"
#include "options.h"
#include "params.h"
#include "plan.h"
#include "room.h"
#include "rules/slowpath.h"
#include "rules/walk.h"
#include "rules/words.h"
#include "states.h"
#include "zone.h"

static u64 pool_size(const struct gfplab_options *opt, u64 share, u64 budget)
{
	u64 most;
	u32 least;

	gfplab_entry_pages(&gfplab_entries[opt->entry], __ffs(opt->order), opt->pages, &least);
	most = max(div_u64(budget, least), 1ULL);

	if (share)
		most = min(most, share);
	switch (opt->release.how) {
	case RELEASE_at_once:
		return 0;
	case RELEASE_every:
		return min_t(u64, most, opt->release.every);
	case RELEASE_at_end:
	case RELEASE_keep:
		return opt->hold ? min(most, opt->hold) : most;
	default:
		return min(most, opt->hold);
	}
}

/* Does a block outlast its request? */
static bool holds(const struct gfplab_options *opt)
{
	return pool_size(opt, opt->count, 1);
}

static bool has_zone(int nid, int highest)
{
	while (highest >= 0 && !gfplab_zone(nid, highest))
		highest--;
	return highest >= 0;
}

/*
 * Whether a zone that gfp allows is on a node that may be used. Else the
 * allocator gives up at once; but with __GFP_NOFAIL it tries again for ever.
 */
static bool servable(const struct gfplab_options *opt, gfp_t gfp)
{
	const nodemask_t *nodes = opt->nodes.all ? &node_online_map : &opt->nodes.mask;
	int nid;

	if (!(gfp & __GFP_THISNODE)) {
		for_each_node_mask(nid, *nodes)
			if (has_zone(nid, gfp_zone(gfp)))
				return true;
		return false;
	}
	if (opt->nid != NUMA_NO_NODE)
		return node_isset(opt->nid, *nodes) && has_zone(opt->nid, gfp_zone(gfp));
	/* That of the CPU, whichever it will be. */
	for_each_node_state(nid, N_CPU)
		if (!node_isset(nid, *nodes) || !has_zone(nid, gfp_zone(gfp)))
			return false;
	return true;
}

/* What asks for other than blocks of an order. */
static int ranges_check(const struct gfplab_options *opt, struct gfplab_reason *why)
{
	const struct gfplab_entry *entry = &gfplab_entries[opt->entry];

	if (opt->pages && !entry->takes_pages)
		return gfplab_refuse(why, -1, -EINVAL, "entry %s takes an order, and no number of pages",
				     entry->name);
	if (opt->pages && opt->order != 1)
		return gfplab_refuse(why, -1, -EINVAL, "pages=%u is asked for: order=0", opt->pages);
	if (opt->range == RANGE_free)
		return 0;
	if (!entry->bypass)
		return gfplab_refuse(why, -1, -EINVAL, "entry %s takes no range", entry->name);
	if (!gfplab_unsafe)
		return gfplab_refuse(why, -1, -EPERM,
				     "range=%s moves what others have there: load with unsafe=1",
				     gfplab_ranges[opt->range].name);
	return 0;
}

/* What must be true of the options together, and of the machine by now. */
static int plan_check(const struct gfplab_options *opt, bool own_task,
		      struct gfplab_reason *why)
{
	const struct gfplab_entry *entry = &gfplab_entries[opt->entry];
	int err = gfplab_gfp_check(opt->gfp, opt->order, why);

	if (!err)
		err = gfplab_entry_check(entry, opt->gfp, opt->order, opt->context, why);
	if (!err)
		err = ranges_check(opt, why);
	if (err)
		return err;
	if (opt->bare && (opt->observe || opt->check || opt->context || opt->scope ||
			  opt->interval_us || hweight_long(opt->order) > 1 ||
			  holds(opt)))
		return gfplab_refuse(why, -1, -EINVAL,
				     "bare is a pair of calls alone: observe=none check=none context=task scope=none interval_us=0, one order, nothing held");
	if (opt->context != CONTEXT_task && (opt->gfp & __GFP_DIRECT_RECLAIM))
		return gfplab_refuse(why, -1, -EINVAL,
				     "__GFP_DIRECT_RECLAIM may sleep, which the context can't (it would: 5.10 hangs)");
	/* Softirqs of the network set PF_MEMALLOC for themselves, and the allocator heeds it there. */
	if (opt->context >= CONTEXT_softirq && opt->scope &&
	    !(opt->context == CONTEXT_softirq && opt->scope == 1U << SCOPE_noreclaim))
		return gfplab_refuse(why, -1, -EINVAL,
				     "scope is the task's, an interrupt has another one; a softirq can have noreclaim alone");
	if (IS_ENABLED(CONFIG_PREEMPT_RT) && opt->context == CONTEXT_hardirq)
		return gfplab_refuse(why, -1, -EOPNOTSUPP,
				     "context hardirq: on PREEMPT_RT the allocator's locks may sleep, and an interrupt may not");
	if ((opt->scope & (1U << SCOPE_noreclaim)) && (opt->gfp & __GFP_NOFAIL))
		return gfplab_refuse(why, -1, -EINVAL,
				     "__GFP_NOFAIL under scope=noreclaim: the kernel WARNs");
	if ((opt->gfp & __GFP_NOFAIL) && !servable(opt, gfplab_entry_gfp(entry, opt->gfp)))
		return gfplab_refuse(why, -1, -EINVAL,
				     "no zone of these nodes can serve the request: with __GFP_NOFAIL it would never end");
	if (opt->nid != NUMA_NO_NODE && !entry->takes_nid)
		return gfplab_refuse(why, -1, -EINVAL, "entry %s takes no nid", entry->name);
	if (!opt->nodes.all && !entry->takes_nodes)
		return gfplab_refuse(why, -1, -EINVAL, "entry %s takes no nodes", entry->name);
	if (opt->nid != NUMA_NO_NODE && !node_online(opt->nid))
		return gfplab_refuse(why, -1, -ENODEV, "node %d went offline", opt->nid);
	if (!opt->nodes.all && !nodes_subset(opt->nodes.mask, node_online_map))
		return gfplab_refuse(why, -1, -ENODEV, "a node of `nodes` went offline");
	if (!own_task && !opt->cpus.all && !cpumask_subset(&opt->cpus.mask, cpu_online_mask))
		return gfplab_refuse(why, -1, -ENODEV, "a CPU of `cpus` went offline");
	err = gfplab_states_check(opt->state, why);
	if (err)
		return err;
	if (!own_task && gfplab_states_wanted(opt->state))
		return gfplab_refuse(why, -1, -EINVAL,
				     "%s work with `call` only: user space can't live on such a machine",
				     gfplab_state_names);
	if (opt->frees && opt->observe < OBSERVE_full)
		return gfplab_refuse(why, -1, -EINVAL,
				     "frees=1 makes records: observe=full or explain");
	if (opt->release.how == RELEASE_at_once && opt->hold > 1)
		return gfplab_refuse(why, -1, -EINVAL,
				     "release=at_once holds nothing, but hold=%llu", opt->hold);
	return 0;
}

/**
 * gfplab_plan_workers - how many tasks will issue requests
 * @opt: a job's options
 * @own_task: the calling task shall be the only one
 *
 * Context: any.
 * Return: one or more.
 */
unsigned int gfplab_plan_workers(const struct gfplab_options *opt, bool own_task)
{
	unsigned int nr;

	if (own_task)
		return 1;
	nr = opt->cpus.all ? num_online_cpus() : cpumask_weight(&opt->cpus.mask);
	return opt->count && opt->count < nr ? opt->count : nr;
}

/* ---- what requests may use, and hold ---- */

static bool cpusets_are_v2(void)
{
#ifdef CONFIG_CPUSETS
	return cgroup_subsys_on_dfl(cpuset_cgrp_subsys);
#else
	return true;
#endif
}

/* As far as the calling task tells: a nodemask, one node alone, cpuset and mempolicy. */
static void usable_nodes(const struct gfplab_plan *plan, gfp_t gfp, bool in_worker,
			 nodemask_t *nodes)
{
	const struct gfplab_options *opt = &plan->opt;
	nodemask_t only;

	*nodes = node_states[N_MEMORY];
	if (!opt->nodes.all)
		nodes_and(*nodes, *nodes, opt->nodes.mask);
	if ((gfp & __GFP_THISNODE) && (opt->nid != NUMA_NO_NODE || in_worker)) {
		only = nodemask_of_node(gfplab_nid(opt->nid));
		nodes_and(*nodes, *nodes, only);
	}
	if (!plan->own_task || opt->context >= CONTEXT_softirq)
		return;
	/*
	 * Without a hard wall the slow path looks further than the cpuset; and it forgets a
	 * nodemask that the cpuset leaves nothing of. With version 1 of cgroups a wall may be
	 * around any cpuset, and no module can tell.
	 */
	if ((gfp & __GFP_HARDWALL) || !cpusets_are_v2()) {
		if (!nodes_intersects(*nodes, cpuset_current_mems_allowed))
			*nodes = node_states[N_MEMORY];
		nodes_and(*nodes, *nodes, cpuset_current_mems_allowed);
	}
#ifdef CONFIG_NUMA
	if (gfplab_entries[opt->entry].obeys_policy && current->mempolicy &&
	    current->mempolicy->mode == MPOL_BIND &&
	    gfplab_bind_holds(current->mempolicy, gfp, plan->policy_zone))
		nodes_and(*nodes, *nodes, *gfplab_policy_nodes(current->mempolicy));
#endif
}

static void find_room(const struct gfplab_plan *plan, bool in_worker, struct gfplab_room *room)
{
	const struct gfplab_options *opt = &plan->opt;
	gfp_t gfp = gfplab_scope_gfp(gfplab_entry_gfp(&gfplab_entries[opt->entry], opt->gfp),
				     opt->scope, plan->own_task);
	bool charged = (gfp & __GFP_ACCOUNT) && plan->own_task && opt->context < CONTEXT_softirq;
	nodemask_t nodes;

	usable_nodes(plan, gfp, in_worker, &nodes);
	gfplab_room_init(room, &nodes, gfp_zone(gfp), gfp & __GFP_MOVABLE, charged);
}

/**
 * gfplab_plan_room - the zones that a worker's requests may use
 * @plan: a plan
 * @room: filled in
 *
 * Context: the worker; its cpuset and mempolicy count if it is the task that writes `call`.
 */
void gfplab_plan_room(const struct gfplab_plan *plan, struct gfplab_room *room)
{
	find_room(plan, true, room);
}

/*
 * What the workers together may hold: what is left of the module's account, and no more than
 * a quarter of what the zones could give without us; or max_pages. More than that needs unsafe=1.
 */
static int total_budget(struct gfplab_plan *plan, u64 kept, u64 *budget,
			struct gfplab_reason *why)
{
	const struct gfplab_options *opt = &plan->opt;
	u64 safe = gfplab_account_left();
	struct gfplab_room room;

	if (opt->max_pages > safe + kept && !gfplab_unsafe)
		return gfplab_refuse(why, -1, -EPERM,
				     "max_pages is above the %llu pages that are safe now: load with unsafe=1",
				     safe + kept);
	plan->limit = LIMIT_module;
	if (!holds(opt)) {
		*budget = opt->max_pages ?: totalram_pages();
		return 0;
	}
	*budget = safe;
	if (opt->max_pages)
		*budget = min_t(u64, opt->max_pages, totalram_pages()) - min(opt->max_pages, kept);
	/* A zone that is nearly empty on purpose is what the option, or another job's, asked for. */
	if (gfplab_states_leave_little(opt->state) || gfplab_any_state_kept()) {
		plan->limit = LIMIT_none;
		return 0;
	}
	find_room(plan, false, &room);
	safe = min(safe, gfplab_room_share(&room));
	if (gfplab_unsafe && opt->max_pages > safe + kept)
		plan->limit = LIMIT_reserve;
	else
		*budget = min(*budget, safe);
	return 0;
}

static int share_budget(struct gfplab_plan *plan, u64 total, u64 kept, struct gfplab_reason *why)
{
	const struct gfplab_entry *entry = &gfplab_entries[plan->opt.entry];
	unsigned int order = min_t(unsigned int, fls_long(plan->opt.order) - 1, GFPLAB_MAX_ORDER);
	u32 least, largest = gfplab_entry_pages(entry, order, plan->opt.pages, &least);

	plan->budget = div_u64(total, plan->nr_workers);
	/*
	 * A fragment counts as a page, but its block stays until the last of eight or
	 * more is free. In random order that takes 2.7 times as many pages as fragments.
	 */
	if (entry->shape == SHAPE_fragment && plan->opt.release.how == RELEASE_random)
		plan->budget = div_u64(plan->budget, 3);
	if (plan->budget < largest)
		return gfplab_refuse(why, -1, -ENOMEM,
				     "the budget allows each of %u workers %llu pages, a request takes up to %u (%llu are kept)",
				     plan->nr_workers, plan->budget, largest, kept);
	return 0;
}

/* ---- what may not be asked without unsafe=1 ---- */

/*
 * Requests that the kernel may try to serve for ever: they may neither fail nor, without
 * __GFP_FS, make the OOM killer free memory. Then nothing ends the task that is inside.
 */
static bool may_not_end(const struct gfplab_plan *plan)
{
	const struct gfplab_options *opt = &plan->opt;
	const struct gfplab_entry *entry = &gfplab_entries[opt->entry];
	gfp_t gfp = gfplab_scope_gfp(gfplab_entry_gfp(entry, opt->gfp), opt->scope, plan->own_task);
	struct gfplab_walk walk;

	if (entry->bypass || GFPLAB_BUSTED(endless))
		return false;
	walk = (struct gfplab_walk){
		.family = GFPLAB_FAMILY,
		/* What asks for less than one block has order 0 as its last resort. */
		.order = entry->inner == GFPLAB_ORDER_ASKED ? __ffs(opt->order) : 0,
		.highest = gfp_zone(gfp),
		.normal = ZONE_NORMAL,
		.direct = gfp & __GFP_DIRECT_RECLAIM,
		.filesystem = gfp & __GFP_FS,
		.noretry = gfp & __GFP_NORETRY,
		.mayfail = gfp & __GFP_RETRY_MAYFAIL,
		.thisnode = gfp & __GFP_THISNODE,
		.pf_memalloc = opt->scope & (1U << SCOPE_noreclaim),
	};
	/* Its page tables are asked for with the scope, and without what may let them fail. */
	if (entry->maps) {
		walk.noretry = false;
		walk.mayfail = false;
	}
	return gfplab_may_not_end(&walk);
}

static int refuse_endless(const struct gfplab_plan *plan, struct gfplab_reason *why)
{
	if (gfplab_unsafe)
		return 0;
	if (may_not_end(plan))
		return gfplab_refuse(why, -1, -EPERM,
				     "may never end where memory is short: no __GFP_FS, so the OOM killer does not help, and none of NORETRY, RETRY_MAYFAIL and THISNODE: load with unsafe=1");
	return 0;
}

/* The zones must have room now, and the memory cgroup too: requests that can't be served kill. */
static int refuse_full(const struct gfplab_plan *plan, struct gfplab_reason *why)
{
	const struct gfplab_entry *entry = &gfplab_entries[plan->opt.entry];
	unsigned int order = min_t(unsigned int, fls_long(plan->opt.order) - 1, GFPLAB_MAX_ORDER);
	u32 least, pages = gfplab_entry_pages(entry, order, plan->opt.pages, &least);
	struct gfplab_room room;
	bool limited = false;

	if (gfplab_unsafe)
		return 0;
	find_room(plan, false, &room);
	if (!GFPLAB_BUSTED(no_room) && !gfplab_room_is_left(&room, (u64)pages * plan->nr_workers))
		return gfplab_refuse(why, -1, -ENOMEM,
				     "the zones that the requests may use can give %llu pages: %llu are left to others, and %u workers ask for up to %u each",
				     gfplab_room_pages(&room), room.margin, plan->nr_workers, pages);
	if (room.group && !GFPLAB_BUSTED(no_group) && !gfplab_group_is_left(pages, false, &limited))
		return gfplab_refuse(why, -1, -ENOMEM,
				     "the task's memory cgroup is near its limit, where it kills: an eighth of the limit is left");
	return 0;
}

/**
 * gfplab_plan_make - judge a job's options together, and fix them
 * @plan: filled in, but for @plan->id and @plan->probes
 * @opt: the options
 * @own_task: the calling task shall be the only worker
 * @kept: pages that former runs of the job left held
 * @why: the reason for a refusal
 *
 * Context: may sleep.
 * Return: 0; -EINVAL, -ENODEV, -EOPNOTSUPP or -EPERM for what can't be asked so
 * here, -ENOMEM if the budget is smaller than a request, or the memory cgroup near its limit.
 */
int gfplab_plan_make(struct gfplab_plan *plan, const struct gfplab_options *opt, bool own_task,
		     u64 kept, struct gfplab_reason *why)
{
	unsigned int order;
	u64 budget;
	int err;

	err = plan_check(opt, own_task, why);
	if (err)
		return err;
	plan->opt = *opt;
	plan->own_task = own_task;
	plan->nr_workers = gfplab_plan_workers(opt, own_task);
	plan->policy_zone = gfplab_policy_zone();
	err = refuse_endless(plan, why);
	if (!err)
		err = refuse_full(plan, why);
	if (!err)
		err = total_budget(plan, kept, &budget, why);
	if (err)
		return err;
	gfplab_clock_pick(&plan->clock);
	plan->nr_orders = 0;
	for_each_set_bit(order, &opt->order, GFPLAB_MAX_ORDER + 2)
		plan->orders[plan->nr_orders++] = order;
	return share_budget(plan, budget, kept, why);
}

/**
 * gfplab_plan_share - how many requests are one worker's part
 * @plan: a plan
 * @worker: 0..nr_workers - 1
 *
 * Context: any.
 * Return: requests; 0 is without end.
 */
u64 gfplab_plan_share(const struct gfplab_plan *plan, unsigned int worker)
{
	u32 rest;
	u64 share = div_u64_rem(plan->opt.count, plan->nr_workers, &rest);

	return share + (worker < rest);
}

/**
 * gfplab_plan_pool_size - how many blocks a worker must have room for
 * @plan: a plan
 * @worker: 0..nr_workers - 1
 *
 * Context: any.
 * Return: blocks; 0 frees each at once.
 */
u32 gfplab_plan_pool_size(const struct gfplab_plan *plan, unsigned int worker)
{
	/* Twice as many are to be counted in 32 bits. */
	return min_t(u64, pool_size(&plan->opt, gfplab_plan_share(plan, worker), plan->budget),
		     U32_MAX / 2);
}

/**
 * gfplab_plan_ring - how many records a worker must have room for
 * @plan: a plan
 * @worker: 0..nr_workers - 1
 *
 * Context: any.
 * Return: no more than its requests and frees; 0 where there are no records.
 */
u32 gfplab_plan_ring(const struct gfplab_plan *plan, unsigned int worker)
{
	u64 share = gfplab_plan_share(plan, worker) << plan->opt.frees;

	if (plan->opt.observe < OBSERVE_full)
		return 0;
	return share ? min_t(u64, plan->opt.ring, share) : plan->opt.ring;
}
