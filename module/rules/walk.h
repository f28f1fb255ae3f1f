/* SPDX-License-Identifier: GPL-2.0 */
/*
 * walk.h - what a prediction is made from and consists of.
 *
 * The walk is get_page_from_freelist()'s through the zonelist. The functions
 * that predict it carry the names of those in mm/page_alloc.c whose rules they
 * follow: watermark.h, freelist.h, slowpath.h, predict.h.
 */
#ifndef GFPLAB_RULES_WALK_H
#define GFPLAB_RULES_WALK_H

#include "families.h"
#include "portable.h"
#include "sink.h"

#define WALK_ORDERS	16	/* orders that a snapshot has room for */
#define WALK_ZONE_TYPES	8
#define WALK_SMALL	4	/* orders 0..3 have a per-cpu list per type */
#define WALK_COSTLY	3	/* PAGE_ALLOC_COSTLY_ORDER: what is above may fail */

/* migratetypes, with CMA and ISOLATE where the kernel has them or not */
enum {
	WALK_UNMOVABLE, WALK_MOVABLE, WALK_RECLAIMABLE, WALK_HIGHATOMIC, WALK_CMA, WALK_ISOLATE
};

/* How Mem-Info and the state text tell them. */
#define WALK_LETTERS	"UMEHCI"

#define WALK_BIT(what)	(1U << (what))

/* The types whose pageblocks any request may fall back to. */
#define WALK_ORDINARY	(WALK_BIT(WALK_UNMOVABLE) | WALK_BIT(WALK_MOVABLE) | \
			 WALK_BIT(WALK_RECLAIMABLE))

/**
 * struct gfplab_zone_snapshot - what the walk reads of one zone
 * @nid: its node
 * @zone: enum zone_type
 * @name: of the zone, as in /proc/zoneinfo
 * @free: NR_FREE_PAGES, as zone_page_state() sees it
 * @free_cma: NR_FREE_CMA_PAGES
 * @highatomic: pages kept for HIGHATOMIC that others may not count on
 * @mark: by GFPLAB_ALLOC_WMARK_x, watermark boost included
 * @min_unboosted: min without boost
 * @balance_mark: what kswapd has to reach before it sleeps again
 * @balance_free: free pages as it counts them, exactly where that may matter
 * @reserve: lowmem_reserve, by the highest zone that the request may have
 * @blocks: free blocks by order
 * @types: by order, bit n: there is a free block of migratetype n
 * @pcp: by order 0..3, bit n: this CPU has one of migratetype n
 * @pcp_thp: likewise for the THP order: bit 0 others, bit 1 movable
 * @pcp_refill: blocks that a refill of the request's order would take
 * @in_nodes: the node is in the nodemask, or there is none
 * @in_cpuset: the node is in the task's cpuset
 * @over_dirty: its node has its share of dirty pages and more
 * @zone_over_dirty: likewise the zone, for kernels to 4.7
 * @node_reclaims: node_reclaim() may free pages of it for a request that finds it full
 * @unmanaged: the allocator has no page of it, so none can come back
 * @busy: the node's kswapd is awake
 * @hopeless: it has given up, and is not woken any more
 */
struct gfplab_zone_snapshot {
	int nid;
	unsigned int zone;
	const char *name;
	long free;
	long free_cma;
	long highatomic;
	long mark[3];
	long min_unboosted;
	long balance_mark;
	long balance_free;
	long reserve[WALK_ZONE_TYPES];
	unsigned long blocks[WALK_ORDERS];
	__u8 types[WALK_ORDERS];
	__u8 pcp[WALK_SMALL];
	__u8 pcp_thp;
	int pcp_refill;
	bool in_nodes;
	bool in_cpuset;
	bool over_dirty;
	bool zone_over_dirty;
	bool node_reclaims;
	bool unmanaged;
	bool busy;
	bool hopeless;
};

/**
 * struct gfplab_asked - what a request and its task ask for, before the task's scopes apply
 * @filesystem: __GFP_FS
 * @compacts: compaction is there and gfp allows it
 * @migratetype: that gfp asks for
 * @nofs: the task is in such a scope
 * @noio: likewise
 * @pin: likewise
 */
struct gfplab_asked {
	bool filesystem;
	bool compacts;
	unsigned int migratetype;
	bool nofs;
	bool noio;
	bool pin;
};

/**
 * struct gfplab_past - what kernels before 5.9 remember from one attempt to the next
 * @classzone: the zone whose lowmem_reserve counts (classzone_idx)
 * @full: by place in the zonelist: the zonelist cache has the zone as full
 */
struct gfplab_past {
	unsigned int classzone;
	__u64 full;
};

/**
 * struct gfplab_walk - a request and the machine, as far as the rules care
 * @family: the family that has the rules
 * @zones: the zones, in the order of the zonelist, none above @highest
 * @nr_zones: how many they are
 * @order: what is asked for
 * @max_order: the largest there is
 * @pageblock: order of a pageblock
 * @highest: enum zone_type that gfp allows at most
 * @normal: what ZONE_NORMAL is here
 * @nodes: nodes online
 * @migratetype: that gfp asks for
 * @pcp_order: the order is served by the per-cpu lists
 * @nofragment: DMA32 lies below Normal on the preferred zone's node
 * @first_zone_only: there are more zones than @zones tells of, so types are not yet mixed
 * @cma: the kernel is built with CMA
 * @nocma: PF_MEMALLOC_NOCMA, where that does not make the request unmovable
 * @atomic: __GFP_ATOMIC, which went away after 6.1
 * @high: __GFP_HIGH
 * @kswapd: __GFP_KSWAPD_RECLAIM
 * @direct: __GFP_DIRECT_RECLAIM
 * @nomemalloc: __GFP_NOMEMALLOC
 * @memalloc: __GFP_MEMALLOC, or PF_MEMALLOC outside interrupts
 * @pf_memalloc: PF_MEMALLOC
 * @oom_victim: the task is one
 * @killable: the OOM killer may choose the task itself
 * @rt: a realtime task, in task context
 * @filesystem: __GFP_FS, scopes applied
 * @writes: __GFP_WRITE: the page will be dirty
 * @noretry: __GFP_NORETRY
 * @mayfail: __GFP_RETRY_MAYFAIL
 * @nofail: __GFP_NOFAIL
 * @thisnode: __GFP_THISNODE
 * @hardwall: __GFP_HARDWALL
 * @compacts: compaction is there and gfp allows it
 * @masked: there is a nodemask
 * @charge_short: the page is charged to a memory cgroup that has no room for it
 * @cpuset_movable: the cpuset's nodes have nothing but movable memory, which the kernel knows
 * @cpuset_v1: the cpuset is one of cgroup v1, and leaves nodes out: those above it may allow
 *	fewer than all
 * @nowarn: __GFP_NOWARN
 * @asked: before scopes
 * @scopes_late: the task's scopes hold from the slow path on only
 * @highest_name: what @highest is called, or NULL
 * @past: for families that can `past`, while they predict; else NULL
 * @once: one attempt at the min watermark that waits for no lock, and no slow path
 * @nodemask_outside_cpuset: the nodemask and the task's cpuset have no node in common, and
 *	there are cpusets (cpusets_enabled())
 */
struct gfplab_walk {
	enum gfplab_family family;
	const struct gfplab_zone_snapshot *zones;
	unsigned int nr_zones;
	unsigned int order;
	unsigned int max_order;
	unsigned int pageblock;
	unsigned int highest;
	unsigned int normal;
	unsigned int nodes;
	unsigned int migratetype;
	bool pcp_order;
	bool nofragment;
	bool first_zone_only;
	bool cma;
	bool nocma;
	bool atomic;
	bool high;
	bool kswapd;
	bool direct;
	bool nomemalloc;
	bool memalloc;
	bool pf_memalloc;
	bool oom_victim;
	bool killable;
	bool rt;
	bool filesystem;
	bool writes;
	bool noretry;
	bool mayfail;
	bool nofail;
	bool thisnode;
	bool hardwall;
	bool compacts;
	bool masked;
	bool nodemask_outside_cpuset;
	bool charge_short;
	bool cpuset_movable;
	bool cpuset_v1;
	bool once;
	bool nowarn;
	bool scopes_late;
	struct gfplab_asked asked;
	const char *highest_name;
	struct gfplab_past *past;
};

/**
 * struct gfplab_prediction - what will happen, as far as the rules tell
 * @stages: bit STAGE_x for each stage that may be the furthest
 * @results: bit OUTCOME_x
 * @sources: bit SOURCE_x; 0: no block will come
 * @nid: of the block; WALK_ANYWHERE: one of several
 * @zone: of the block
 * @places: zones that it may come from
 */
struct gfplab_prediction {
	__u32 stages;
	__u32 results;
	__u32 sources;
	int nid;
	unsigned int zone;
	__u32 places;
};

#define WALK_ANYWHERE	(-2)

/* What the kernel of a walk can; for files that predict. */
#define gfplab_walk_can(w, name) gfplab_family_can((w)->family, CAPABILITY_##name)

#endif
