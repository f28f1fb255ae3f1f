// SPDX-License-Identifier: GPL-2.0
/*
 * room.c - what the zones that a request may use can still give, without other tasks and
 * drivers having to go short.
 *
 * That is what is free, or page cache that can be dropped, above the high watermark and
 * above the lowmem_reserve that a request of this class leaves. All numbers are read
 * without a lock, as the allocator itself reads them.
 */
#include <linux/atomic.h>
#include <linux/cgroup.h>
#include <linux/gfp.h>
#include <linux/memcontrol.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/nodemask.h>
#include <linux/page_counter.h>
#include <linux/rcupdate.h>
#include <linux/vmstat.h>
#include "budget.h"
#include "compat.h"
#include "room.h"
#include "zone.h"

#define MARGIN_SHARE	8	/* of zones that are not the whole machine, and of a group */
#define HELD_SHARE	4	/* of what zones, or a group, can give */

/* Pages held of each zone, by runs with limits. */
static atomic_long_t held[MAX_NUMNODES][MAX_NR_ZONES];
/* Pages held that are charged to memory cgroups. */
atomic64_t gfplab_room_charged = ATOMIC64_INIT(0);

/* As the allocator reads it: exactly only where the per-CPU differences could hide a shortage. */
static long free_pages_of(struct zone *zone, bool cma)
{
	long free = zone_page_state(zone, NR_FREE_PAGES);

	if (zone->percpu_drift_mark && free < zone->percpu_drift_mark)
		free = zone_page_state_snapshot(zone, NR_FREE_PAGES);
#ifdef CONFIG_CMA
	if (!cma)
		free -= zone_page_state(zone, NR_FREE_CMA_PAGES);
#endif
	return free;
}

/* Half of the page cache, or all but the low watermark: as si_mem_available() counts it. */
static long cache_pages_of(struct zone *zone, bool cma)
{
	long cache = zone_page_state(zone, NR_ZONE_INACTIVE_FILE) +
		     zone_page_state(zone, NR_ZONE_ACTIVE_FILE);

#ifdef CONFIG_CMA
	/* What is used of CMA may all be cache, whose pages only movable requests get. */
	long used = (long)gfplab_cma_pages(zone) -
		    (long)zone_page_state(zone, NR_FREE_CMA_PAGES);

	if (!cma)
		cache -= clamp(used, 0L, cache);
#endif

	return cache - min_t(long, cache / 2, zone->_watermark[WMARK_LOW]);
}

/* Pages that the zone can give; negative if it has less than is to be left there. */
static long zone_gives(struct zone *zone, unsigned int highest, bool cma)
{
	/* Without the boost, which comes and goes with fragmentation. */
	return free_pages_of(zone, cma) + cache_pages_of(zone, cma) -
	       (long)zone->_watermark[WMARK_HIGH] - zone->lowmem_reserve[highest];
}

/**
 * gfplab_room_init - the zones of some nodes, up to one
 * @room: filled in
 * @nodes: they and no others
 * @highest: enum zone_type
 * @cma: pages of CMA pageblocks may be used
 * @group: what comes is charged to the memory cgroup of the current task
 *
 * What must be left is an eighth of these zones; where they are the whole machine, what
 * budget.c says.
 *
 * Context: any.
 */
void gfplab_room_init(struct gfplab_room *room, const nodemask_t *nodes, unsigned int highest,
		      bool cma, bool group)
{
	u64 managed = 0, all = 0;
	struct zone *zone;
	unsigned int i;
	int nid;

	room->nodes = *nodes;
	room->highest = highest;
	room->cma = cma;
	room->group = group;
	for_each_online_node(nid) {
		for (i = 0; i < MAX_NR_ZONES; i++) {
			zone = gfplab_zone(nid, i);
			if (!zone)
				continue;
			all += zone_managed_pages(zone);
			if (i <= highest && node_isset(nid, *nodes))
				managed += zone_managed_pages(zone);
		}
	}
	room->margin = managed < all ? managed / MARGIN_SHARE : gfplab_reserve_pages();
}

/**
 * gfplab_room_pages - what all zones together can give
 * @room: the zones
 *
 * Context: any.
 * Return: pages, the margin included.
 */
u64 gfplab_room_pages(const struct gfplab_room *room)
{
	struct zone *zone;
	u64 sum = 0;
	int nid, i;

	for_each_node_mask(nid, room->nodes) {
		for (i = 0; i <= room->highest; i++) {
			zone = gfplab_zone(nid, i);
			if (zone)
				sum += max(zone_gives(zone, room->highest, room->cma), 0L);
		}
	}
	return sum;
}

/**
 * gfplab_room_is_left - may so many pages be asked for?
 * @room: the zones
 * @pages: how many
 *
 * Asked before each request: stops at the first zones that have enough.
 *
 * Context: any.
 * Return: whether the zones can give them, and the margin beside.
 */
bool gfplab_room_is_left(const struct gfplab_room *room, u64 pages)
{
	u64 wanted = room->margin + pages;
	struct zone *zone;
	int nid, i;

	for_each_node_mask(nid, room->nodes) {
		for (i = room->highest; i >= 0; i--) {
			long gives;

			zone = gfplab_zone(nid, i);
			gives = zone ? zone_gives(zone, room->highest, room->cma) : 0;
			if (gives >= 0 && gives >= wanted)
				return true;
			wanted -= max(gives, 0L);
		}
	}
	return false;
}

#ifdef CONFIG_MEMCG
/* This one, and those of all groups above. */
static bool counters_allow(const struct page_counter *counter, u64 pages, bool hold, bool *limited)
{
	u64 ours = atomic64_read(&gfplab_room_charged);

	for (; counter; counter = counter->parent) {
		/* Above high all tasks of the group are throttled. */
		u64 limit = min(READ_ONCE(counter->max), READ_ONCE(counter->high));
		u64 used = atomic_long_read(&counter->usage);

		if (limit >= PAGE_COUNTER_MAX)
			continue;
		*limited = true;
		if (used + pages + limit / MARGIN_SHARE > limit)
			return false;
		if (hold && ours + pages > (limit - used + ours) / HELD_SHARE)
			return false;
	}
	return true;
}

static bool counters_fit(const struct page_counter *counter, u64 pages)
{
	for (; counter; counter = counter->parent)
		if (atomic_long_read(&counter->usage) + pages > READ_ONCE(counter->max))
			return false;
	return true;
}
#endif

/**
 * gfplab_group_is_left - may so many pages be charged to the current task?
 * @pages: how many
 * @hold: they are to be held
 * @limited: set if the group of the task, or one above, has a limit; else left alone
 *
 * A memory cgroup at its limit kills one of its tasks, and tells no notifier before. So
 * an eighth of each limit above the task is left (memory.high is one), and no more is held
 * than a quarter of what the group could give, by all runs: others in it may want the rest.
 *
 * Context: task.
 * Return: whether they may.
 */
bool gfplab_group_is_left(u64 pages, bool hold, bool *limited)
{
	bool left = true;
#ifdef CONFIG_MEMCG
	struct mem_cgroup *group;

	rcu_read_lock();
	group = mem_cgroup_disabled() ? NULL : mem_cgroup_from_task(current);
	if (group)
		left = counters_allow(&group->memory, pages, hold, limited) &&
		       (cgroup_subsys_on_dfl(memory_cgrp_subsys) ||
			counters_allow(&group->memsw, pages, hold, limited));
	rcu_read_unlock();
#endif
	return left;
}

/**
 * gfplab_group_fits - has the current task's memory cgroup room for a charge?
 * @pages: of the charge
 *
 * Context: task.
 * Return: false if it, or a group above, would be over its limit.
 * Mirrors page_counter_try_charge(), 5.10 to 7.3.
 */
bool gfplab_group_fits(u64 pages)
{
	bool fits = true;
#ifdef CONFIG_MEMCG
	struct mem_cgroup *group;

	rcu_read_lock();
	group = mem_cgroup_disabled() ? NULL : mem_cgroup_from_task(current);
	if (group)
		fits = counters_fit(&group->memory, pages) &&
		       (cgroup_subsys_on_dfl(memory_cgrp_subsys) ||
			(counters_fit(&group->memsw, pages) &&
			 counters_fit(gfplab_kmem_counter(group), pages)));
	rcu_read_unlock();
#endif
	return fits;
}

/* ---- what is held of the zones ---- */

/**
 * gfplab_room_hold - pages of a zone are held by a run with limits, or no longer
 * @page: one of them
 * @pages: how many; negative: no longer
 *
 * Context: any.
 */
void gfplab_room_hold(const struct page *page, long pages)
{
	atomic_long_add(pages, &held[page_to_nid(page)][page_zonenum(page)]);
}

/**
 * gfplab_room_share - how much more of some zones the module may hold
 * @room: the zones
 *
 * A quarter of what they could give if nothing was held of them.
 *
 * Context: any.
 * Return: pages.
 */
u64 gfplab_room_share(const struct gfplab_room *room)
{
	u64 share, ours = 0;
	int nid, i;

	for_each_node_mask(nid, room->nodes)
		for (i = 0; i <= room->highest; i++)
			ours += max(atomic_long_read(&held[nid][i]), 0L);
	share = (gfplab_room_pages(room) + ours) / HELD_SHARE;
	return share > ours ? share - ours : 0;
}

/**
 * gfplab_page_is_spare - could the zone of a page do without it for longer?
 * @room: the zones of the request that brought it
 * @page: the page, which is taken already
 *
 * Context: any.
 * Return: false if it came out of a reserve, or the zone can give no more.
 */
bool gfplab_page_is_spare(const struct gfplab_room *room, const struct page *page)
{
	struct zone *zone = page_zone(page);

	return zone_gives(zone, room->highest, room->cma) >= 0 &&
	       free_pages_of(zone, room->cma) >= (long)zone->_watermark[WMARK_MIN] +
						 zone->lowmem_reserve[room->highest];
}
