// SPDX-License-Identifier: GPL-2.0
/*
 * zone.c - zones and pageblocks: names, free pages, watermarks, types.
 */
#include <linux/cpuset.h>
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/memory_hotplug.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/nodemask.h>
#include <linux/seq_file.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/vmstat.h>
#include "compat.h"
#include "error.h"
#include "zone.h"

static const char * const zone_names[MAX_NR_ZONES] = {
#ifdef CONFIG_ZONE_DMA
	[ZONE_DMA] = "DMA",
#endif
#ifdef CONFIG_ZONE_DMA32
	[ZONE_DMA32] = "DMA32",
#endif
	[ZONE_NORMAL] = "Normal",
#ifdef CONFIG_HIGHMEM
	[ZONE_HIGHMEM] = "HighMem",
#endif
	[ZONE_MOVABLE] = "Movable",
#ifdef CONFIG_ZONE_DEVICE
	[ZONE_DEVICE] = "Device",
#endif
};

static const char * const type_names[MIGRATE_TYPES] = {
	[MIGRATE_UNMOVABLE] = "unmovable",
	[MIGRATE_MOVABLE] = "movable",
	[MIGRATE_RECLAIMABLE] = "reclaimable",
	[MIGRATE_HIGHATOMIC] = "highatomic",
#ifdef CONFIG_CMA
	[MIGRATE_CMA] = "cma",
#endif
#ifdef CONFIG_MEMORY_ISOLATION
	[MIGRATE_ISOLATE] = "isolate",
#endif
};

/**
 * gfplab_zone - a zone that has pages
 * @nid: an online node
 * @zone: enum zone_type
 *
 * Return: the zone; NULL if the node has no pages in it.
 */
struct zone *gfplab_zone(int nid, unsigned int zone)
{
	struct zone *z;

	if (nid < 0 || nid >= MAX_NUMNODES || !node_online(nid) || zone >= MAX_NR_ZONES)
		return NULL;
	z = &NODE_DATA(nid)->node_zones[zone];
	return managed_zone(z) ? z : NULL;
}

/**
 * gfplab_zone_name - the name of a zone, as in /proc/zoneinfo
 * @zone: enum zone_type
 *
 * Context: any.
 * Return: the name, or `unknown`.
 */
const char *gfplab_zone_name(unsigned int zone)
{
	return zone < MAX_NR_ZONES && zone_names[zone] ? zone_names[zone] : "unknown";
}

/**
 * gfplab_zone_parse - the zone of a name
 * @text: the name, not NUL-terminated
 * @len: its length
 *
 * Return: enum zone_type, or -EINVAL.
 */
int gfplab_zone_parse(const char *text, size_t len)
{
	int i;

	for (i = 0; i < MAX_NR_ZONES; i++)
		if (zone_names[i] && strlen(zone_names[i]) == len &&
		    !strncmp(zone_names[i], text, len))
			return i;
	return -EINVAL;
}

/**
 * gfplab_zone_gfp - the modifiers that make a zone the first of a request's
 * @zone: enum zone_type
 *
 * With __GFP_MOVABLE, so that a pageblock keeps its type, but for HighMem:
 * there it would mean zone Movable, if that has pages.
 *
 * Context: any.
 * Return: the modifiers; 0 if there are none for this zone (Device).
 */
gfp_t gfplab_zone_gfp(unsigned int zone)
{
	static const gfp_t modifiers[] = {
		__GFP_MOVABLE,
		__GFP_MOVABLE | __GFP_DMA,
		__GFP_MOVABLE | __GFP_DMA32,
		__GFP_HIGHMEM,
		__GFP_MOVABLE | __GFP_HIGHMEM,
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(modifiers); i++)
		if (gfp_zone(modifiers[i]) == zone)
			return modifiers[i];
	return 0;
}

static int zone_refuse(struct gfplab_reason *why, int at)
{
	char names[48] = "";
	size_t used = 0;
	int i;

	for (i = 0; i < MAX_NR_ZONES; i++)
		if (gfplab_zone_gfp(i))
			used += scnprintf(names + used, sizeof(names) - used, " %s", zone_names[i]);
	return gfplab_refuse(why, at, -EINVAL, "no such zone:%s", names);
}

/**
 * gfplab_zone_prefix - take `nid:Zone` at the head of a text
 * @text: the text
 * @more: `:` and something else follows; otherwise that is the whole text
 * @nid: gets the node
 * @zone: gets the zone, an enum zone_type, which has pages and serves requests
 * @rest: gets what follows `nid:Zone:`, or the end of the text
 * @why: the reason for a refusal
 *
 * Return: 0; -EINVAL, or -ENODEV for a node or zone that is not there.
 */
int gfplab_zone_prefix(const char *text, bool more, int *nid, u32 *zone, const char **rest,
		       struct gfplab_reason *why)
{
	const char *name, *end;
	char number[12];
	int i;

	name = strchr(text, ':');
	if (!name || name == text || name - text >= sizeof(number) || !isdigit(*text))
		return gfplab_refuse(why, 0, -EINVAL, "a zone is wanted: nid:Zone%s",
				     more ? ":..." : "");
	memcpy(number, text, name - text);
	number[name++ - text] = '\0';
	end = more ? strchr(name, ':') : name + strlen(name);
	if (kstrtoint(number, 10, nid) || !end)
		return gfplab_refuse(why, 0, -EINVAL, "a zone is wanted: nid:Zone%s",
				     more ? ":..." : "");
	if (*nid >= MAX_NUMNODES || !node_online(*nid))
		return gfplab_refuse(why, 0, -ENODEV, "node %d is not online", *nid);
	i = gfplab_zone_parse(name, end - name);
	if (i < 0)
		return zone_refuse(why, name - text);
	if (!gfplab_zone_gfp(i))
		return gfplab_refuse(why, name - text, -EINVAL, "no request is served from zone %s",
				     gfplab_zone_name(i));
	if (!gfplab_zone(*nid, i))
		return gfplab_refuse(why, name - text, -ENODEV, "node %d has no pages in zone %s",
				     *nid, gfplab_zone_name(i));
	*zone = i;
	*rest = end + more;
	return 0;
}

/**
 * gfplab_zone_free - the zone's free pages, per-CPU differences included
 * @zone: a zone
 *
 * Context: any. Exact only while no task allocates or frees.
 * Return: pages.
 */
long gfplab_zone_free(struct zone *zone)
{
	return zone_page_state_snapshot(zone, NR_FREE_PAGES);
}

/**
 * gfplab_zone_usable - free pages that a request for unmovable pages may have
 * @zone: a zone
 *
 * What the watermark check leaves out without ALLOC_CMA:
 * __zone_watermark_unusable_free(), 5.10 to 7.3.
 *
 * Context: any, as gfplab_zone_free().
 * Return: pages.
 */
long gfplab_zone_usable(struct zone *zone)
{
	long free = gfplab_zone_free(zone);

#ifdef CONFIG_CMA
	free -= zone_page_state_snapshot(zone, NR_FREE_CMA_PAGES);
#endif
	return free;
}

/* More than a CPU ever keeps to itself (calculate_normal_threshold()). */
#define FOLD_PAGES	256

static void fold_here(struct zone *zone, enum zone_stat_item item)
{
	mod_zone_page_state(zone, item, -FOLD_PAGES);
	mod_zone_page_state(zone, item, FOLD_PAGES);
}

static void fold_counters(void *zone)
{
	fold_here(zone, NR_FREE_PAGES);
#ifdef CONFIG_CMA
	fold_here(zone, NR_FREE_CMA_PAGES);
#endif
}

/**
 * gfplab_zone_fold - let the allocator see how many pages are free
 * @zone: a zone
 *
 * Its watermark checks read the zone's counters, without what each CPU has not added to them
 * yet: up to 125 pages a CPU. A change that is larger than that takes it along.
 *
 * Context: may sleep; interrupts all CPUs.
 */
void gfplab_zone_fold(struct zone *zone)
{
	on_each_cpu(fold_counters, zone, 1);
}

/**
 * gfplab_zone_mark - a watermark of a zone, boost included
 * @zone: a zone
 * @mark: which
 *
 * Return: pages.
 */
unsigned long gfplab_zone_mark(struct zone *zone, enum gfplab_mark mark)
{
	switch (mark) {
	case MARK_low:
		return low_wmark_pages(zone);
	case MARK_high:
		return high_wmark_pages(zone);
	default:
		return min_wmark_pages(zone);
	}
}

/**
 * gfplab_pageblock_isolated - is a page's pageblock isolated?
 * @page: a page of a zone
 *
 * Because its memory goes offline, or a contiguous range of it is wanted.
 *
 * Context: any.
 * Return: whether no request is served from it.
 * Mirrors is_migrate_isolate_page(), 5.10 to 7.3.
 */
bool gfplab_pageblock_isolated(const struct page *page)
{
#ifdef PAGEBLOCK_ISO_MASK
	return gfplab_pageblock_bits(page) & PAGEBLOCK_ISO_MASK;
#elif defined(CONFIG_MEMORY_ISOLATION)
	return gfplab_pageblock_type(page) == MIGRATE_ISOLATE;
#else
	return false;
#endif
}

static bool has_movable_pageblock(const struct zone *zone)
{
	unsigned long pfn;
	struct page *page;

	for (pfn = zone->zone_start_pfn; pfn < zone_end_pfn(zone); pfn += pageblock_nr_pages) {
		page = pfn_to_online_page(pfn);
		if (page && gfplab_pageblock_type(page) == MIGRATE_MOVABLE)
			return true;
		cond_resched();
	}
	return false;
}

/**
 * gfplab_groups_by_mobility - are there pageblocks of more than one migratetype?
 *
 * Not where memory is less than a pageblock for each type (3 GB with pages of 64 kB): then all
 * requests are taken for unmovable. The kernel's flag is not exported. It is set by what the zones
 * have above their high marks, at boot and when memory comes or goes; in doubt, by whether there is
 * a pageblock that is movable.
 *
 * Context: may sleep.
 * Return: whether there are.
 * Mirrors build_all_zonelists() and page_group_by_mobility_disabled, 5.10 to 7.3.
 */
bool gfplab_groups_by_mobility(void)
{
	unsigned long least = 0, most = 0, needed = pageblock_nr_pages * MIGRATE_TYPES;
	bool movable = false;
	struct zone *zone;
	int nid, i;

	for_each_online_node(nid) {
		for (i = 0; i < MAX_NR_ZONES; i++) {
			zone = gfplab_zone(nid, i);
			if (!zone)
				continue;
			most += zone->present_pages;
			least += zone_managed_pages(zone) -
				 min(zone_managed_pages(zone), high_wmark_pages(zone));
		}
	}
	if (most < needed || least >= needed)
		return least >= needed;
	for_each_online_node(nid) {
		for (i = 0; i < MAX_NR_ZONES; i++) {
			zone = gfplab_zone(nid, i);
			movable = movable || (zone && has_movable_pageblock(zone));
		}
	}
	return movable;
}

/* Is a free block the last that was moved to a free list? Moved ones are appended. */
static bool is_last(const struct zone *zone, const struct page *page, unsigned int order,
		    unsigned int type)
{
	return zone->free_area[order].free_list[type].prev == &page->lru;
}

/**
 * gfplab_pageblock_others - what a fallback did to the other free blocks of its pageblock
 * @page: the free block that was chosen, smaller than a pageblock, moved to its new list
 * @type: that list's migratetype
 *
 * A free block does not tell in which type's list it is. But those of a pageblock are moved from
 * its first to its last, each to the end of a list: so the last of each order is the end of its
 * list, or none was moved. Only where a block smaller than the request had been the end of its list
 * before can this mistake a block that stayed.
 *
 * Context: the zone's lock is held.
 * Return: enum gfplab_others.
 * Mirrors move_freepages(), 5.10 to 6.9.
 */
enum gfplab_others gfplab_pageblock_others(const struct page *page, unsigned int type)
{
	const struct page *last[GFPLAB_MAX_ORDER + 1] = {};
	const struct zone *zone = page_zone(page);
	unsigned long pfn = round_down(page_to_pfn(page), pageblock_nr_pages);
	unsigned long end = pfn + pageblock_nr_pages;
	enum gfplab_others others = OTHERS_NONE;
	unsigned int order, own = page_private(page);
	bool twin = false;
	struct page *p;

	if (!zone_spans_pfn(zone, pfn) || !zone_spans_pfn(zone, end - 1))
		return OTHERS_UNSEEN;
	while (pfn < end) {
		p = pfn_to_page(pfn);
		if (!PageBuddy(p)) {
			pfn++;
			continue;
		}
		order = page_private(p);
		if (order > GFPLAB_MAX_ORDER)
			return OTHERS_UNSEEN;
		twin = twin || (order == own && p != page);
		last[order] = p;
		pfn += 1UL << order;
	}
	for (order = 0; order <= GFPLAB_MAX_ORDER; order++) {
		if (!last[order] || (last[order] == page && !twin))
			continue;
		if (!is_last(zone, last[order], order, type))
			return OTHERS_STAY;
		/* The list had been empty: what is before the chosen block was moved. */
		if (last[order] == page &&
		    page->lru.prev == &zone->free_area[order].free_list[type])
			return OTHERS_STAY;
		others = OTHERS_MOVED;
	}
	return others;
}

/* The free block that begins with a page, unless another task takes it: its order. */
static bool heads_free_block(struct page *page, unsigned int *order)
{
	*order = page_private(page);
	return PageBuddy(page) && *order <= GFPLAB_MAX_ORDER;
}

/**
 * gfplab_split_of - how large the free block was that a block was just taken off
 * @page: the block's first page
 * @order: log2 of its pages
 *
 * Of what is split the upper half of each order goes back to its list, and stays beside the block:
 * with it, it would have been one free block before.
 *
 * Context: the zone's lock is held.
 * Return: the order.
 * Mirrors expand(), 5.10 to 7.3.
 */
unsigned int gfplab_split_of(struct page *page, unsigned int order)
{
	unsigned long pfn = page_to_pfn(page);
	unsigned int half;

	while (order < GFPLAB_MAX_ORDER && !(pfn & (1UL << order)) &&
	       heads_free_block(page + (1UL << order), &half) && half == order)
		order++;
	return order;
}

/**
 * gfplab_merged_of - the free block that a page is part of
 * @page: the page
 *
 * Context: any; a moment old unless the zone's lock is held.
 * Return: its order + 1; 0 if it is in none.
 * Mirrors find_buddy_page_pfn(), 5.10 to 7.3.
 */
unsigned int gfplab_merged_of(struct page *page)
{
	unsigned long pfn = page_to_pfn(page);
	unsigned int order, found;

	for (order = 0; order <= GFPLAB_MAX_ORDER; order++)
		if (heads_free_block(page - (pfn & ((1UL << order) - 1)), &found) && found >= order)
			return found + 1;
	return 0;
}

/**
 * gfplab_migratetype_name - the name of a migratetype, in lower case
 * @type: enum migratetype, or anything
 *
 * Context: any.
 * Return: the name, or `unknown`.
 */
const char *gfplab_migratetype_name(unsigned int type)
{
	return type < MIGRATE_TYPES ? type_names[type] : "unknown";
}

/**
 * gfplab_policy_zone - the highest zone type that mempolicies rule
 *
 * Return: enum zone_type. Mirrors check_highest_zone(), 5.10 to 6.12.
 */
unsigned int gfplab_policy_zone(void)
{
	int nid, i, highest = 0;

	for_each_online_node(nid)
		for (i = 0; i < ZONE_MOVABLE; i++)
			if (gfplab_zone(nid, i))
				highest = max(highest, i);
	return highest;
}

/**
 * gfplab_bind_holds - do requests with such a mask keep to MPOL_BIND?
 * @pol: a policy of that mode
 * @gfp: the mask
 * @policy_zone: gfplab_policy_zone()
 *
 * Not those for lower zones, nor those for other than movable pages if the
 * nodes have nothing but zone Movable, nor any if the cpuset has none of them.
 *
 * Context: the task that makes the request.
 * Return: whether they do.
 * Mirrors policy_nodemask() and apply_policy_zone(), 5.10 to 7.3.
 */
bool gfplab_bind_holds(const struct mempolicy *pol, gfp_t gfp, unsigned int policy_zone)
{
#ifdef CONFIG_NUMA
	const nodemask_t *nodes = gfplab_policy_nodes(pol);

	if (!nodes_intersects(*nodes, node_states[N_HIGH_MEMORY]))
		policy_zone = ZONE_MOVABLE;
	return gfp_zone(gfp) >= policy_zone &&
	       nodes_intersects(*nodes, cpuset_current_mems_allowed);
#else
	return false;
#endif
}

/* Free pages that the hypervisor was told of, which it may have taken back. */
static unsigned long reported_pages(struct zone *zone)
{
	unsigned long pages = 0;
#ifdef CONFIG_PAGE_REPORTING
	unsigned int order, type;
	unsigned long flags;
	struct page *page;

	spin_lock_irqsave(&zone->lock, flags);
	for (order = pageblock_order; order <= GFPLAB_MAX_ORDER; order++)
		for (type = 0; type < MIGRATE_TYPES; type++)
			list_for_each_entry(page, &zone->free_area[order].free_list[type], lru)
				if (PageReported(page))
					pages += 1UL << order;
	spin_unlock_irqrestore(&zone->lock, flags);
#endif
	return pages;
}

/**
 * gfplab_zone_show - every zone that has pages, a line each
 * @m: the file `environment`
 */
void gfplab_zone_show(struct seq_file *m)
{
	struct zone *zone;
	int nid, i;

	for_each_online_node(nid) {
		for (i = 0; i < MAX_NR_ZONES; i++) {
			zone = gfplab_zone(nid, i);
			if (!zone)
				continue;
			seq_printf(m, "zone.%d.%s free=%ld usable=%ld min=%lu low=%lu high=%lu managed=%lu pcp_high=%d pcp_batch=%d reported=%lu\n",
				   nid, zone_names[i], gfplab_zone_free(zone),
				   gfplab_zone_usable(zone),
				   gfplab_zone_mark(zone, MARK_min),
				   gfplab_zone_mark(zone, MARK_low),
				   gfplab_zone_mark(zone, MARK_high),
				   zone_managed_pages(zone),
				   gfplab_pcp_high(zone), gfplab_pcp_batch(zone),
				   reported_pages(zone));
		}
	}
}
