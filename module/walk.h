/* SPDX-License-Identifier: GPL-2.0 */
/*
 * walk.h - the allocator's own rules, applied to a snapshot of the zones.
 *
 * Usable in user space too: selftests/walk.c feeds made-up snapshots.
 */
#ifndef GFPLAB_WALK_H
#define GFPLAB_WALK_H

#include <linux/types.h>
#ifndef __KERNEL__
#include <stdbool.h>
#endif

#define WALK_ORDERS	16	/* orders that a snapshot has room for */
#define WALK_ZONE_TYPES	8
#define WALK_SMALL	4	/* orders 0..3 have a per-cpu list per type */

/* migratetypes, with CMA and ISOLATE where the kernel has them or not */
enum { WALK_UNMOVABLE, WALK_MOVABLE, WALK_RECLAIMABLE, WALK_HIGHATOMIC, WALK_CMA };

enum { WALK_MIN, WALK_LOW, WALK_HIGH };

/* alloc_flags beyond those of verdict.h, alike from 5.10 to 7.3 */
#define WALK_CPUSET		0x40
#define WALK_ALLOC_CMA		0x80
#define WALK_NOFRAGMENT		0x100
#define WALK_KSWAPD		0x800

/**
 * struct gfplab_zone_snapshot - what the walk reads of one zone
 * @nid: its node
 * @zone: enum zone_type
 * @name: of the zone, as in /proc/zoneinfo
 * @free: NR_FREE_PAGES, as zone_page_state() sees it
 * @free_cma: NR_FREE_CMA_PAGES
 * @highatomic: pages kept for HIGHATOMIC that others may not count on
 * @mark: min, low, high, watermark boost included
 * @min_unboosted: min without boost
 * @reserve: lowmem_reserve, by the highest zone that the request may have
 * @blocks: free blocks by order
 * @types: by order, bit n: there is a free block of migratetype n
 * @pcp: by order 0..3, bit n: this CPU has one of migratetype n
 * @pcp_thp: likewise for the THP order: bit 0 others, bit 1 movable
 * @pcp_refill: blocks that a refill of the request's order would take
 * @in_nodes: the node is in the nodemask, or there is none
 * @in_cpuset: the node is in the task's cpuset
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
	long reserve[WALK_ZONE_TYPES];
	unsigned long blocks[WALK_ORDERS];
	__u8 types[WALK_ORDERS];
	__u8 pcp[WALK_SMALL];
	__u8 pcp_thp;
	int pcp_refill;
	bool in_nodes;
	bool in_cpuset;
	bool busy;
	bool hopeless;
};

/* Families of kernels, named by their first that was looked at. */
enum gfplab_family { FAMILY_5_10, FAMILY_6_1, FAMILY_6_12, FAMILY_7_2, FAMILY_7_3, NR_FAMILIES };

/**
 * struct gfplab_rules - in what the families differ, as far as the walk cares
 * @alloc_harder: ALLOC_HARDER, set by __GFP_ATOMIC or a realtime task: a quarter off
 *	the mark also without __GFP_HIGH, and all of HIGHATOMIC; else
 *	ALLOC_NON_BLOCK for whoever may not sleep, ALLOC_MIN_RESERVE for realtime
 *	tasks, and ALLOC_HIGHATOMIC
 * @atomic_ignores_boost: __GFP_ATOMIC at the min mark ignores a watermark
 *	boost, else ALLOC_MIN_RESERVE does
 * @skips_kswapd_nodes: nodes whose kswapd is awake are the last to be tried
 * @compacts_late: the reserves are tried before compaction, and compaction that
 *	was skipped or deferred does not end a costly NORETRY request
 * @no_refill_highatomic: no per-cpu list is refilled for HIGHATOMIC
 * @fast_highatomic: who may not sleep may use HIGHATOMIC at the first attempt
 */
struct gfplab_rules {
	bool alloc_harder;
	bool atomic_ignores_boost;
	bool skips_kswapd_nodes;
	bool compacts_late;
	bool no_refill_highatomic;
	bool fast_highatomic;
};

/* The name by which a test asks for a rule, and its member of struct gfplab_rules. */
#define GFPLAB_CAPABILITIES(X) \
	X(alloc_harder, alloc_harder) \
	X(atomic_ignores_boost, atomic_ignores_boost) \
	X(skips_kswapd_nodes, skips_kswapd_nodes) \
	X(compacts_late, compacts_late) \
	X(no_refill_highatomic, no_refill_highatomic) \
	X(fast_highatomic, fast_highatomic)

/**
 * struct gfplab_walk - a request and the machine, as far as the rules care
 * @family: whose rules
 * @zones: the zones, in the order of the zonelist, none above @highest
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
 * @rt: a realtime task, in task context
 * @noretry: __GFP_NORETRY
 * @mayfail: __GFP_RETRY_MAYFAIL
 * @nofail: __GFP_NOFAIL
 * @thisnode: __GFP_THISNODE
 * @hardwall: __GFP_HARDWALL
 * @compacts: compaction is there and gfp allows it
 * @masked: there is a nodemask
 * @once: one attempt at the min watermark that waits for no lock, and no slow path
 * @nodemask_outside_cpuset: the nodemask and the task's cpuset have no node in common
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
	bool rt;
	bool noretry;
	bool mayfail;
	bool nofail;
	bool thisnode;
	bool hardwall;
	bool compacts;
	bool masked;
	bool nodemask_outside_cpuset;
	bool once;
};

/**
 * struct gfplab_prediction - what will happen, as far as the rules tell
 * @stages: bit STAGE_x for each stage that may be the furthest
 * @results: bit RESULT_x
 * @sources: bit SOURCE_x; 0: no telling
 * @nid: of the block; WALK_ANYWHERE: no telling
 * @zone: of the block
 */
struct gfplab_prediction {
	__u32 stages;
	__u32 results;
	__u32 sources;
	int nid;
	unsigned int zone;
};

#define WALK_ANYWHERE	(-2)

struct gfplab_explain_sink;

/* Where the walk tells its steps; NULL for a prediction alone. */
#ifdef __KERNEL__
__printf(2, 3)
#else
__attribute__((format(printf, 2, 3)))
#endif
void gfplab_explain_step(struct gfplab_explain_sink *to, const char *fmt, ...);

bool gfplab_predict_pcp(const struct gfplab_walk *w, struct gfplab_prediction *p);
const struct gfplab_rules *gfplab_rules_of(enum gfplab_family family);
void gfplab_predict(const struct gfplab_walk *walk, struct gfplab_prediction *p,
		    struct gfplab_explain_sink *to);

#endif
