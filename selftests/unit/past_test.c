// SPDX-License-Identifier: GPL-2.0
/*
 * past_test - what kernels before 5.9 would do with a request, from made-up snapshots of
 * zones; and where such a kernel and a later one part. Each row was worked out by hand from
 * the sources of that age (mm/page_alloc.c of 2.6.32, 4.3, 4.7, 4.9, 4.19).
 *
 * Prints a line a row, `ok NAME` or `not ok NAME: what differs`; with -l, the names alone;
 * with a name, that row alone, and the steps of its walk. Exit status: 0 if all are right.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "judged_rows.h"

#include "rules/parting.h"
#include "rules/past.h"
#include "rules/predict.h"
#include "rules/prediction.h"
#include "rules/walk.h"
#include "rules/words.h"

enum { DMA, DMA32, NORMAL };

/* A zone, in its place of the zonelist; min 1000, low 1250, high 1500. */
#define ZONE(nid_, zone_, free_, ...)					\
	{ .nid = nid_, .zone = zone_, .name = #zone_, .free = free_,	\
	  .balance_free = free_, .balance_mark = 1500, .pcp_refill = 63, \
	  .mark = { 1000, 1250, 1500 }, .min_unboosted = 1000, __VA_ARGS__ }
#define ALLOWED		.in_nodes = true, .in_cpuset = true
#define ALL_BLOCKS	.types = { [0 ... 10] = 7 }, .blocks = { [0 ... 10] = 50 }
#define N(nid, zone, free)	ZONE(nid, zone, free, ALLOWED, ALL_BLOCKS)
#define WITH(nid, zone, free, ...) ZONE(nid, zone, free, ALLOWED, __VA_ARGS__)
#define OFF_MASK(nid, zone, free) ZONE(nid, zone, free, .in_cpuset = true, ALL_BLOCKS)
#define OFF_CPUSET(nid, zone, free) ZONE(nid, zone, free, .in_nodes = true, ALL_BLOCKS)
#define ZONES(...)	.zones = { __VA_ARGS__ }
#define T(type)		(1U << WALK_##type)

#define KERNEL		.direct = true, .kswapd = true, .asked = { .compacts = true, .filesystem = true }
#define NOFS		.direct = true, .kswapd = true, .asked = { .compacts = true }
#define ATOMIC		.high = true, .kswapd = true, .atomic = true
#define NOWAIT		.kswapd = true
#define ASK(...)	.walk = { .nodes = 2, .highest = NORMAL, __VA_ARGS__ }
#define ONE_NODE(...)	.walk = { .nodes = 1, .highest = NORMAL, __VA_ARGS__ }

#define R(major, minor, patch)	GFPLAB_RELEASE(major, minor, patch)
#define R2_6_32	R(2, 6, 32)
#define R2_6_38	R(2, 6, 38)
#define R3_10	R(3, 10, 0)
#define R3_19	R(3, 19, 0)
#define R4_3	R(4, 3, 0)
#define R4_4	R(4, 4, 0)
#define R4_7	R(4, 7, 0)
#define R4_9	R(4, 9, 0)
#define R4_14	R(4, 14, 0)
#define R4_18	R(4, 18, 0)
#define R4_19	R(4, 19, 0)
#define R5_4	R(5, 4, 0)
#define R5_8	R(5, 8, 0)
#define R5_10	R(5, 10, 0)
#define R6_1	R(6, 1, 170)

/*
 * The prediction as text, NID:ZONE by name; says: part of the steps; silent: not a part of
 * them; than: beside these rules, and parts: both steps where they part, NULL for none.
 */
static const struct row {
	const char *name;
	struct gfplab_zone_snapshot zones[4];
	struct gfplab_walk walk;
	__u32 release;
	const char *want;
	const char *says;
	const char *silent;
	__u32 than;
	const char *parts[2];
} rows[] = {
	/* ---- marks: order by order to 4.3 (000:120), then any block that is large enough (002:365) ---- */
	{ "marks-4.3-order-by-order", ZONES(WITH(0, NORMAL, 3000, .types = { 7, 7, 7 }, .blocks = { 2900, 10, 20 })),
	  ONE_NODE(NOWAIT, .order = 2), R4_3, "slow/none/none/failed",
	  "> low 1250 + reserve 0 -> enough, but not order by order" },
	{ "marks-4.4-any-block", ZONES(WITH(0, NORMAL, 3000, .types = { 7, 7, 7 }, .blocks = { 2900, 10, 20 })),
	  ONE_NODE(NOWAIT, .order = 2), R4_4, "fast/buddy/0:NORMAL/ok" },
	{ "marks-4.3-no-boost", ZONES(WITH(0, NORMAL, 1300, ALL_BLOCKS, .min_unboosted = 900)),
	  ONE_NODE(KERNEL), R4_3, "fast/refill/0:NORMAL/ok", "> low 1150" },
	{ "marks-4.19-no-boost", ZONES(WITH(0, NORMAL, 1240, ALL_BLOCKS, .min_unboosted = 900)),
	  ONE_NODE(KERNEL), R4_19, "fast/refill/0:NORMAL/ok", "= 1240 > low 1150" },
	{ "marks-5.4-boost", ZONES(WITH(0, NORMAL, 1240, ALL_BLOCKS, .min_unboosted = 900)),
	  ONE_NODE(KERNEL), R5_4, "slow/refill/0:NORMAL/ok", "<= low 1250" },

	/* ---- classzone_idx: the reserve of the preferred zone (000:125, 002:356), to 5.7 ---- */
	/* The nodemask leaves node 1, whose only zone is DMA32: its own reserve counts, not Normal's. */
	{ "classzone-5.4-preferred", ZONES(OFF_MASK(0, NORMAL, 9000), WITH(1, DMA32, 2000, ALL_BLOCKS, .reserve = { [NORMAL] = 5000 })),
	  ASK(KERNEL, .masked = true), R5_4, "fast/refill/1:DMA32/ok", "classzone_idx: DMA32, whose" },
	{ "classzone-4.3-preferred", ZONES(OFF_MASK(0, NORMAL, 9000), WITH(1, DMA32, 2000, ALL_BLOCKS, .reserve = { [NORMAL] = 5000 })),
	  ASK(KERNEL, .masked = true), R4_3, "fast/refill/1:DMA32/ok", "+ reserve 0 -> ok" },
	{ "classzone-5.8-highest", ZONES(OFF_MASK(0, NORMAL, 9000), WITH(1, DMA32, 2000, ALL_BLOCKS, .reserve = { [NORMAL] = 5000 })),
	  ASK(NOWAIT, .masked = true), R5_8, "slow/none/none/failed", "+ reserve 5000 -> too little",
	  "classzone" },
	/* 4.9 looks again in the slow path, where the cpuset no longer makes the preferred zone. */
	{ "classzone-4.9-anew-in-the-slow-path", ZONES(OFF_CPUSET(0, NORMAL, 100), WITH(1, DMA32, 1240, ALL_BLOCKS, .reserve = { [NORMAL] = 5000 })),
	  ASK(ATOMIC), R4_9, "slow/none/none/failed", "low 1250 + reserve 0 -> too little\n__alloc_pages_slowpath" },

	/* ---- ALLOC_FAIR (000:76, 002:559): the node's zones first, in turns ---- */
	{ "fair-4.3-keeps-to-the-node", ZONES(N(0, NORMAL, 1200), N(1, NORMAL, 9000)), ASK(KERNEL), R4_3,
	  "fast/refill/1:NORMAL/ok", "remote; ALLOC_FAIR keeps to the node\n    again without ALLOC_FAIR, without the zonelist cache" },
	{ "fair-4.3-batch-is-fresh", ZONES(N(0, NORMAL, 9000), N(0, DMA32, 9000)), ASK(KERNEL), R4_3,
	  "fast/refill/0:NORMAL/ok", "NR_ALLOC_BATCH of the zone is taken as fresh; once it is used up, DMA32 is next" },
	{ "fair-4.3-one-zone-has-no-turns", ZONES(N(0, NORMAL, 9000)), ONE_NODE(KERNEL), R4_3,
	  "fast/refill/0:NORMAL/ok", "0x141 ALLOC_WMARK_LOW|ALLOC_CPUSET|ALLOC_FAIR", "NR_ALLOC_BATCH" },
	{ "fair-4.7-goes-on", ZONES(N(0, NORMAL, 1200), N(1, NORMAL, 9000)), ASK(KERNEL), R4_7,
	  "fast/refill/1:NORMAL/ok", "0x101 ALLOC_WMARK_LOW|ALLOC_FAIR", "again" },
	{ "fair-4.7-batch-is-fresh", ZONES(N(0, NORMAL, 9000), N(0, DMA32, 9000)), ASK(KERNEL), R4_7,
	  "fast/refill/0:NORMAL/ok", "once it is used up, DMA32 is next" },
	{ "fair-4.9-is-gone", ZONES(N(0, NORMAL, 9000), N(0, DMA32, 9000)), ASK(KERNEL), R4_9,
	  "fast/refill/0:NORMAL/ok", "0x1 ALLOC_WMARK_LOW)", "FAIR" },
	{ "fair-2.6.32-is-to-come", ZONES(N(0, NORMAL, 9000), N(0, DMA32, 9000)), ASK(KERNEL), R2_6_32,
	  "fast/refill/0:NORMAL/ok", "0x41 ALLOC_WMARK_LOW|ALLOC_CPUSET)", "FAIR" },

	/* ---- the zonelist cache (000:63, 133-155, 218): to 4.3, on several nodes ---- */
	/*
	 * Both zones of node 0 are below low, and full in the cache since. At min the first is asked
	 * all the same and is short; the second would do, and node 1's comes before it.
	 */
	{ "zlc-4.3-remote-before-full", ZONES(N(0, NORMAL, 900), N(0, DMA32, 1100), WITH(1, NORMAL, 1100, ALL_BLOCKS)),
	  ASK(KERNEL), R4_3, "slow/refill/1:NORMAL/ok", "Node 0 DMA32: was full a moment ago (zonelist cache)" },
	{ "zlc-4.4-is-gone", ZONES(N(0, NORMAL, 900), N(0, DMA32, 1100), WITH(1, NORMAL, 1100, ALL_BLOCKS)),
	  ASK(KERNEL), R4_4, "slow/refill/0:DMA32/ok", "NORMAL: free 900", "zonelist cache" },
	{ "zlc-4.3-fresh", ZONES(N(0, NORMAL, 900), N(0, DMA32, 9000)), ASK(KERNEL), R4_3,
	  "fast/refill/0:DMA32/ok", "zlc_setup: taken as fresh" },
	{ "zlc-4.3-one-node-has-none", ZONES(N(0, NORMAL, 900), N(0, DMA32, 9000)), ONE_NODE(KERNEL), R4_3,
	  "fast/refill/0:DMA32/ok", "low 1250", "zlc" },
	{ "zlc-4.3-not-for-the-second-scan", ZONES(N(0, NORMAL, 900), N(0, DMA32, 1100), N(1, NORMAL, 900)),
	  ASK(KERNEL), R4_3, "slow/refill/0:DMA32/ok", "again without the zonelist cache" },
	/* To 3.0 the cache is asked once the first zone was, though that was full of nothing. */
	{ "zlc-2.6.32-after-the-first-zone", ZONES(OFF_CPUSET(0, NORMAL, 9000), N(0, DMA32, 1100), N(1, NORMAL, 900), N(1, DMA32, 1100)),
	  ASK(KERNEL, .hardwall = true), R2_6_32, "slow/refill/0:DMA32/ok",
	  "Node 0 NORMAL: not in the cpuset\n      zlc_setup" },

	/* ---- dirty limits: of a zone from 3.3 to 4.7 (000:108, 002:593), then of its node (001:149) ---- */
	{ "dirty-4.3-of-the-zone", ZONES(WITH(0, NORMAL, 9000, ALL_BLOCKS, .zone_over_dirty = true), N(0, DMA32, 9000)),
	  ASK(KERNEL, .writes = true), R4_3, "fast/refill/0:DMA32/ok", "the zone has its share of dirty pages" },
	{ "dirty-4.7-of-the-zone", ZONES(WITH(0, NORMAL, 9000, ALL_BLOCKS, .over_dirty = true), N(0, DMA32, 9000)),
	  ASK(KERNEL, .writes = true), R4_7, "fast/refill/0:NORMAL/ok", "spread_dirty_pages yes" },
	{ "dirty-4.9-of-the-node", ZONES(WITH(0, NORMAL, 9000, ALL_BLOCKS, .over_dirty = true), N(1, NORMAL, 9000)),
	  ASK(KERNEL, .writes = true), R4_9, "fast/refill/1:NORMAL/ok", "the node has its share of dirty pages" },
	{ "dirty-4.9-not-of-the-zone", ZONES(WITH(0, NORMAL, 9000, ALL_BLOCKS, .zone_over_dirty = true), N(1, NORMAL, 9000)),
	  ASK(KERNEL, .writes = true), R4_9, "fast/refill/0:NORMAL/ok" },
	{ "dirty-2.6.32-no-limit", ZONES(WITH(0, NORMAL, 9000, ALL_BLOCKS, .zone_over_dirty = true, .over_dirty = true), N(1, NORMAL, 9000)),
	  ASK(KERNEL, .writes = true), R2_6_32, "fast/refill/0:NORMAL/ok", "spread_dirty_pages no" },
	{ "dirty-4.3-not-in-the-slow-path", ZONES(WITH(0, NORMAL, 9000, ALL_BLOCKS, .zone_over_dirty = true)),
	  ONE_NODE(KERNEL, .writes = true), R4_3, "slow/refill/0:NORMAL/ok" },

	/* ---- HARDER and HIGH (002:399-406), and the reserve that they are for ---- */
	/* 1000 - 1000/2 = 500; 500 - 500/4 = 375 */
	{ "harder-4.3-for-all-that-can-not-wait", ZONES(N(0, NORMAL, 751)), ONE_NODE(NOWAIT), R4_3,
	  "slow/refill/0:NORMAL/ok", "0x10 ALLOC_WMARK_MIN|ALLOC_HARDER)" },
	{ "harder-4.7-for-atomic", ZONES(N(0, NORMAL, 376)), ONE_NODE(ATOMIC), R4_7,
	  "slow/refill/0:NORMAL/ok", "0x30 ALLOC_WMARK_MIN|ALLOC_HARDER|ALLOC_HIGH)" },
	{ "harder-4.7-not-for-nowait", ZONES(N(0, NORMAL, 751)), ONE_NODE(NOWAIT), R4_7, "slow/none/none/failed" },
	{ "harder-4.7-any-list", ZONES(WITH(0, NORMAL, 2000, .types = { [4] = T(ISOLATE) }, .blocks = { [4] = 9 })),
	  ONE_NODE(ATOMIC, .order = 4), R4_7, "slow/none/none/failed",
	  "+ reserve 0 -> ok\n    Node 0 NORMAL: rmqueue() finds no block" },
	/* A kernel without the bit means it by HIGH that can't wait: 6.3 and later ask so. */
	{ "harder-4.9-for-high-that-can-not-wait-of-6.12", ZONES(N(0, NORMAL, 376)),
	  ONE_NODE(.family = FAMILY_6_12, .high = true, .kswapd = true), R4_9, "slow/refill/0:NORMAL/ok" },
	{ "highatomic-4.3-is-none", ZONES(WITH(0, NORMAL, 1300, ALL_BLOCKS, .highatomic = 512)), ONE_NODE(KERNEL), R4_3,
	  "fast/refill/0:NORMAL/ok", "free 1300 - 0 unusable" },
	{ "highatomic-4.4-is-kept", ZONES(WITH(0, NORMAL, 1300, ALL_BLOCKS, .highatomic = 512)), ONE_NODE(NOWAIT), R4_4,
	  "slow/none/none/failed", "free 1300 - 512 unusable" },
	{ "highatomic-4.3-unknown-reserve",
	  ZONES(WITH(0, NORMAL, 9000, .types = { [10] = T(HIGHATOMIC) }, .blocks = { [10] = 3 })),
	  ONE_NODE(KERNEL, .order = 1), R4_3, "fast/buddy/0:NORMAL/ok",
	  "unknown: which pageblocks MIGRATE_RESERVE would have" },
	{ "highatomic-4.4-is-not-for-all",
	  ZONES(WITH(0, NORMAL, 9000, .types = { [10] = T(HIGHATOMIC) }, .blocks = { [10] = 3 })),
	  ONE_NODE(NOWAIT, .order = 1), R4_4, "slow/none/none/failed" },

	/* ---- per-cpu lists of order 0 alone, to 5.12 (004:150) ---- */
	{ "pcp-5.10-one-page-only", ZONES(N(0, NORMAL, 9000)), ONE_NODE(KERNEL, .order = 1), R5_10,
	  "fast/buddy/0:NORMAL/ok" },
	{ "pcp-6.1-small-orders", ZONES(N(0, NORMAL, 9000)), ONE_NODE(KERNEL, .order = 1), R6_1,
	  "fast/refill/0:NORMAL/ok" },
	{ "pcp-4.9-of-movable-pages-with-cma", ZONES(WITH(0, NORMAL, 9000, ALL_BLOCKS, .pcp = { T(MOVABLE) })),
	  ONE_NODE(KERNEL, .cma = true, .asked = { .migratetype = WALK_MOVABLE }), R4_9, "fast/pcp/0:NORMAL/ok" },

	/* ---- CMA: the last resort to 5.7, then first while it is most of what is free ---- */
	{ "cma-5.4-last", ZONES(WITH(0, NORMAL, 9000, .free_cma = 6000, .types = { 7, [8] = 7 | T(CMA) }, .blocks = { 90, [8] = 30 })),
	  ONE_NODE(KERNEL, .order = 4, .cma = true, .asked = { .migratetype = WALK_MOVABLE }), R5_4,
	  "fast/buddy/0:NORMAL/ok" },
	{ "cma-5.8-first", ZONES(WITH(0, NORMAL, 9000, .free_cma = 6000, .types = { 7, [8] = 7 | T(CMA) }, .blocks = { 90, [8] = 30 })),
	  ONE_NODE(KERNEL, .order = 4, .cma = true, .asked = { .migratetype = WALK_MOVABLE }), R5_8,
	  "fast/cma/0:NORMAL/ok" },

	/* ---- NOFRAGMENT since 5.0, ALLOC_KSWAPD later (L3) ---- */
	{ "nofragment-4.19-mixes", ZONES(WITH(0, NORMAL, 9000, .types = { 0, [4] = T(MOVABLE) }, .blocks = { 0, [4] = 90 }), N(0, DMA32, 9000)),
	  ONE_NODE(KERNEL, .nofragment = true), R4_19, "fast/refill/0:NORMAL/ok", "0x1 ALLOC_WMARK_LOW)" },
	{ "nofragment-5.4-rather-dma32", ZONES(WITH(0, NORMAL, 9000, .types = { 0, [4] = T(MOVABLE) }, .blocks = { 0, [4] = 90 }), N(0, DMA32, 9000)),
	  ONE_NODE(KERNEL, .nofragment = true), R5_4, "fast/refill/0:DMA32/ok", "without mixing" },

	/* ---- scopes: after the fast path to 5.12 (001:46), and only those that there were ---- */
	{ "scopes-4.19-after-the-fast-path", ZONES(N(0, NORMAL, 900)),
	  ONE_NODE(KERNEL, .asked = { .filesystem = true, .compacts = true, .nofs = true }), R4_19,
	  "reclaim|oom/pcp|refill|unknown/0:NORMAL/ok|never",
	  "__alloc_pages_slowpath\n  current_gfp_context: the task's scopes hold from here on" },
	{ "scopes-6.1-at-once", ZONES(N(0, NORMAL, 900)),
	  ONE_NODE(KERNEL, .asked = { .filesystem = true, .compacts = true, .nofs = true }), R6_1,
	  "reclaim|oom/pcp|refill|unknown/0:NORMAL/ok|never", "kills no task without __GFP_FS", "current_gfp_context" },
	{ "scopes-4.9-no-nofs-yet", ZONES(N(0, NORMAL, 900)),
	  ONE_NODE(KERNEL, .asked = { .filesystem = true, .compacts = true, .nofs = true }), R4_9,
	  "reclaim|oom/pcp|refill|unknown/0:NORMAL/ok|kills" },
	{ "scopes-4.9-noio", ZONES(N(0, NORMAL, 900)),
	  ONE_NODE(KERNEL, .asked = { .filesystem = true, .compacts = true, .noio = true }), R4_9,
	  "reclaim|oom/pcp|refill|unknown/0:NORMAL/ok|never" },
	{ "scopes-2.6.38-no-noio-yet", ZONES(N(0, NORMAL, 900)),
	  ONE_NODE(KERNEL, .asked = { .filesystem = true, .compacts = true, .noio = true }), R2_6_38,
	  "reclaim|oom/pcp|refill|unknown/0:NORMAL/ok|kills" },
	{ "scopes-4.19-no-pin-yet", ZONES(WITH(0, NORMAL, 9000, ALL_BLOCKS, .pcp = { T(MOVABLE) })),
	  ONE_NODE(KERNEL, .asked = { .migratetype = WALK_MOVABLE, .pin = true }), R4_19, "fast/pcp/0:NORMAL/ok",
	  "migratetype movable" },
	{ "scopes-4.19-pin-forbids-no-cma",
	  ZONES(WITH(0, NORMAL, 9000, .free_cma = 6000, .types = { [8] = T(CMA) }, .blocks = { [8] = 30 })),
	  ONE_NODE(NOWAIT, .order = 4, .cma = true, .asked = { .migratetype = WALK_MOVABLE, .pin = true }), R4_19,
	  "fast/cma/0:NORMAL/ok" },
	{ "scopes-5.10-pin-leaves-it-movable", ZONES(WITH(0, NORMAL, 9000, ALL_BLOCKS, .pcp = { T(MOVABLE) })),
	  ONE_NODE(KERNEL, .asked = { .migratetype = WALK_MOVABLE, .pin = true }), R5_10, "fast/pcp/0:NORMAL/ok" },
	{ "scopes-6.1-pin", ZONES(WITH(0, NORMAL, 9000, ALL_BLOCKS, .pcp = { T(MOVABLE) })),
	  ONE_NODE(KERNEL, .asked = { .migratetype = WALK_MOVABLE, .pin = true }), R6_1, "fast/refill/0:NORMAL/ok",
	  "migratetype unmovable" },

	/* ---- compaction: none to 2.6.34, of any order before reclaim to 4.7 (002), of costly ones in 4.9 (004:370) ---- */
	{ "compaction-2.6.32-none", ZONES(N(0, NORMAL, 900)), ONE_NODE(KERNEL, .order = 2, .noretry = true), R2_6_32,
	  "reclaim/buddy/0:NORMAL/ok|failed", "direct_reclaim", "compact" },
	{ "compaction-4.3-any-order", ZONES(N(0, NORMAL, 900)), ONE_NODE(KERNEL, .order = 2, .noretry = true), R4_3,
	  "compact|reclaim/buddy/0:NORMAL/ok|failed", "direct_compact: may bring a block\n  __alloc_pages_direct_reclaim" },
	{ "compaction-4.9-costly-orders", ZONES(N(0, NORMAL, 900)), ONE_NODE(KERNEL, .order = 2, .noretry = true), R4_9,
	  "reclaim/buddy/0:NORMAL/ok|failed", "direct_reclaim", "compact" },
	{ "compaction-4.14-unmovable-orders", ZONES(N(0, NORMAL, 900)), ONE_NODE(KERNEL, .order = 2, .noretry = true), R4_14,
	  "compact|reclaim/buddy/0:NORMAL/ok|failed" },
	{ "compaction-4.9-needs-fs", ZONES(N(0, NORMAL, 900)), ONE_NODE(NOFS, .order = 4, .noretry = true), R4_9,
	  "reclaim/buddy/0:NORMAL/ok|failed", "direct_reclaim", "direct_compact" },
	{ "compaction-4.14-needs-io-alone", ZONES(N(0, NORMAL, 900)), ONE_NODE(NOFS, .order = 4, .noretry = true), R4_14,
	  "compact|reclaim/buddy/0:NORMAL/ok|failed" },
	/* Nothing is there, so it is skipped; only deferred compaction ends the request then. */
	{ "compaction-4.9-noretry-ends-on-deferred", ZONES(ZONE(0, NORMAL, 0, ALLOWED, .unmanaged = true)),
	  ONE_NODE(KERNEL, .order = 4, .noretry = true), R4_9, "compact|reclaim/none/none/failed",
	  "NORETRY: fails where compaction was deferred" },
	{ "compaction-5.4-noretry-ends-on-skipped", ZONES(ZONE(0, NORMAL, 0, ALLOWED, .unmanaged = true)),
	  ONE_NODE(KERNEL, .order = 4, .noretry = true), R5_4, "compact/none/none/failed",
	  "NORETRY: fails where compaction was skipped or deferred" },
	{ "compaction-4.3-huge-page-ends", ZONES(N(0, NORMAL, 900)),
	  ONE_NODE(KERNEL, .order = 9, .noretry = true, .nowarn = true, .nomemalloc = true,
		   .asked = { .filesystem = true, .compacts = true, .migratetype = WALK_MOVABLE }), R4_3,
	  "compact|reclaim/buddy/0:NORMAL/ok|failed", "for a huge page: fails where compaction was deferred" },
	{ "compaction-5.4-captures", ZONES(N(0, NORMAL, 900)), ONE_NODE(KERNEL, .order = 4, .noretry = true), R5_4,
	  "compact|reclaim/buddy|capture/0:NORMAL/ok|failed" },

	/* ---- __GFP_REPEAT, __GFP_NORETRY, __GFP_NOFAIL ---- */
	{ "repeat-4.9-kills", ZONES(N(0, NORMAL, 900)), ONE_NODE(KERNEL, .mayfail = true), R4_9,
	  "reclaim|oom/pcp|refill|unknown/0:NORMAL/ok|kills" },
	{ "repeat-4.3-kills", ZONES(N(0, NORMAL, 900)), ONE_NODE(KERNEL, .mayfail = true), R4_3,
	  "reclaim|oom/pcp|refill|unknown/0:NORMAL/ok|kills" },
	{ "repeat-4.14-fails", ZONES(N(0, NORMAL, 900)), ONE_NODE(KERNEL, .mayfail = true), R4_14,
	  "reclaim/pcp|refill|unknown/0:NORMAL/ok|failed", "never kills" },
	{ "noretry-4.3-one-round", ZONES(N(0, NORMAL, 900)), ONE_NODE(KERNEL, .noretry = true), R4_3,
	  "reclaim/pcp|refill|unknown/0:NORMAL/ok|failed", "one round only (NORETRY)" },
	{ "noretry-4.3-costly-order", ZONES(N(0, NORMAL, 900)), ONE_NODE(KERNEL, .order = 4), R4_3,
	  "compact|reclaim/buddy/0:NORMAL/ok|failed", "one round only (a costly order)" },
	{ "nofail-4.9-costly-order-fails", ZONES(N(0, NORMAL, 900)), ONE_NODE(KERNEL, .order = 4, .nofail = true), R4_9,
	  "compact|reclaim/buddy/0:NORMAL/ok|failed" },
	{ "nofail-4.14-costly-order-tries-on", ZONES(N(0, NORMAL, 900)), ONE_NODE(KERNEL, .order = 4, .nofail = true), R4_14,
	  "compact|reclaim/buddy/0:NORMAL/ok|never" },
	{ "nofail-4.3-costly-order-kills", ZONES(N(0, NORMAL, 900)), ONE_NODE(KERNEL, .order = 4, .nofail = true), R4_3,
	  "compact|reclaim|oom/buddy/0:NORMAL/ok|never|kills" },
	{ "nofail-4.9-noretry-fails", ZONES(N(0, NORMAL, 900)), ONE_NODE(KERNEL, .nofail = true, .noretry = true), R4_9,
	  "reclaim/pcp|refill|unknown/0:NORMAL/ok|failed" },
	{ "nofail-4.9-pf-memalloc-waits", ZONES(N(0, NORMAL, 0)),
	  ONE_NODE(KERNEL, .nofail = true, .pf_memalloc = true, .memalloc = true, .order = 11), R4_9,
	  "slow/none/none/never" },

	/* ---- the OOM killer (000 to 004: __alloc_pages_may_oom of that age) ---- */
	{ "oom-4.3-kernel", ZONES(N(0, NORMAL, 900)), ONE_NODE(KERNEL), R4_3,
	  "reclaim|oom/pcp|refill|unknown/0:NORMAL/ok|kills" },
	{ "oom-4.3-nofs-tries-on", ZONES(N(0, NORMAL, 900)), ONE_NODE(NOFS), R4_3,
	  "reclaim/pcp|refill|unknown/0:NORMAL/ok|never", "kills no task without __GFP_FS; tries on" },
	{ "oom-4.3-one-node-fails", ZONES(N(0, NORMAL, 900)), ONE_NODE(KERNEL, .thisnode = true), R4_3,
	  "reclaim/pcp|refill|unknown/0:NORMAL/ok|failed", "no task is killed for one node alone" },
	{ "oom-4.3-nofs-of-one-node-tries-on", ZONES(N(0, NORMAL, 900)), ONE_NODE(NOFS, .thisnode = true), R4_3,
	  "reclaim/pcp|refill|unknown/0:NORMAL/ok|never" },
	{ "oom-4.7-nofs-of-one-node-fails", ZONES(N(0, NORMAL, 900)), ONE_NODE(NOFS, .thisnode = true), R4_7,
	  "reclaim/pcp|refill|unknown/0:NORMAL/ok|failed" },
	{ "oom-3.19-one-node-starts-again", ZONES(N(0, NORMAL, 900)), ONE_NODE(KERNEL, .thisnode = true), R3_19,
	  "reclaim/pcp|refill|unknown/0:NORMAL/ok|never", "for one node alone; tries on" },
	{ "oom-2.6.32-kills-for-one-node", ZONES(N(0, NORMAL, 900)), ONE_NODE(KERNEL, .thisnode = true), R2_6_32,
	  "reclaim|oom/pcp|refill|unknown/0:NORMAL/ok|kills" },
	{ "oom-4.3-lowmem-fails", ZONES(N(0, DMA32, 900)), ONE_NODE(KERNEL, .highest = DMA32), R4_3,
	  "reclaim/pcp|refill|unknown/0:DMA32/ok|failed", "no task helps a zone below Normal" },
	{ "oom-2.6.32-kills-for-lowmem", ZONES(N(0, DMA32, 900)), ONE_NODE(KERNEL, .highest = DMA32), R2_6_32,
	  "reclaim|oom/pcp|refill|unknown/0:DMA32/ok|kills" },
	{ "oom-4.3-victim-fails-early", ZONES(N(0, NORMAL, 0)), ONE_NODE(KERNEL, .oom_victim = true, .order = 11), R4_3,
	  "slow/none/none/failed" },
	{ "oom-4.7-victim-has-no-mark", ZONES(N(0, NORMAL, 1)), ONE_NODE(KERNEL, .oom_victim = true), R4_7,
	  "slow/refill/0:NORMAL/ok", "0x4 ALLOC_NO_WATERMARKS" },
	{ "oom-4.9-victim-fails-before-reclaim", ZONES(WITH(0, NORMAL, 9000, .types = { 0 })),
	  ONE_NODE(KERNEL, .oom_victim = true, .order = 1), R4_9, "slow/none/none/failed",
	  "fails before it reclaims" },

	/* ---- what begins no slow path, or none of its attempts ---- */
	{ "early-4.3-thisnode-that-can-not-wait", ZONES(N(0, NORMAL, 1100)), ONE_NODE(NOWAIT, .thisnode = true), R4_3,
	  "slow/none/none/failed", "for this node alone: fails", "ALLOC_WMARK_MIN" },
	{ "early-4.4-thisnode-may-take-min", ZONES(N(0, NORMAL, 1100)), ONE_NODE(NOWAIT, .thisnode = true), R4_4,
	  "slow/refill/0:NORMAL/ok" },
	{ "early-3.10-gfp-thisnode", ZONES(N(0, NORMAL, 1100)),
	  ONE_NODE(KERNEL, .thisnode = true, .noretry = true, .nowarn = true), R3_10, "slow/none/none/failed" },
	{ "early-4.3-gfp-thisnode-reclaims", ZONES(N(0, NORMAL, 900)),
	  ONE_NODE(KERNEL, .thisnode = true, .noretry = true, .nowarn = true), R4_3,
	  "reclaim/pcp|refill|unknown/0:NORMAL/ok|failed" },
	{ "early-4.7-no-zone", ZONES(OFF_MASK(0, NORMAL, 9000)), ASK(KERNEL, .masked = true), R4_7,
	  "rejected/none/none/failed", "no zone is allowed: turned away" },
	{ "early-4.9-no-zone-in-the-slow-path", ZONES(OFF_MASK(0, NORMAL, 9000)), ASK(KERNEL, .masked = true), R4_9,
	  "slow/none/none/failed", "__alloc_pages_slowpath\n  no zone is allowed" },
	{ "early-4.9-order-in-the-slow-path", ZONES(N(0, NORMAL, 9000)), ONE_NODE(NOWAIT, .order = 11), R4_9,
	  "slow/none/none/failed" },
	{ "early-4.19-order-before-all", ZONES(N(0, NORMAL, 9000)), ONE_NODE(NOWAIT, .order = 11), R4_19,
	  "rejected/none/none/failed" },

	/* ---- nodemask and cpuset of urgent requests ---- */
	{ "nodemask-4.9-holds-for-the-reserves", ZONES(N(0, NORMAL, 0), OFF_MASK(1, NORMAL, 9000)),
	  ASK(ATOMIC, .masked = true), R4_9, "slow/none/none/failed", "Node 1 NORMAL: not in the nodemask" },
	{ "nodemask-4.19-is-forgotten", ZONES(N(0, NORMAL, 0), OFF_MASK(1, NORMAL, 9000)),
	  ASK(ATOMIC, .masked = true), R4_19, "slow/refill/1:NORMAL/ok", "nodemask and cpuset are forgotten" },
	{ "nodemask-4.9-outside-the-cpuset", ZONES(ZONE(0, NORMAL, 9000, .in_cpuset = true, ALL_BLOCKS), OFF_CPUSET(1, NORMAL, 900)),
	  ASK(KERNEL, .masked = true, .hardwall = true, .nodemask_outside_cpuset = true, .noretry = true), R4_9,
	  "reclaim/pcp|refill|unknown/1:NORMAL/ok|failed", "not in the nodemask", "is forgotten" },

	{ "reserves-2.6.32-no-gfp-memalloc-yet", ZONES(N(0, NORMAL, 1)), ONE_NODE(NOWAIT, .memalloc = true), R2_6_32,
	  "slow/none/none/failed" },
	{ "reserves-2.6.32-pf-memalloc", ZONES(N(0, NORMAL, 1)),
	  ONE_NODE(KERNEL, .memalloc = true, .pf_memalloc = true), R2_6_32, "slow/refill/0:NORMAL/ok" },
	{ "reserves-3.10-gfp-memalloc", ZONES(N(0, NORMAL, 1)), ONE_NODE(NOWAIT, .memalloc = true), R3_10,
	  "slow/refill/0:NORMAL/ok", "0x4 ALLOC_NO_WATERMARKS" },

	/* ---- what is not there, or not known ---- */
	{ "unknown-4.3-reserve", ZONES(N(0, NORMAL, 9000)), ONE_NODE(KERNEL), R4_3, "fast/refill/0:NORMAL/ok",
	  "unknown: how much MIGRATE_RESERVE would hold" },
	{ "unknown-4.9-charge", ZONES(N(0, NORMAL, 9000)), ONE_NODE(KERNEL, .charge_short = true), R4_9,
	  "fast/refill/0:NORMAL/ok", "unknown: what a memory cgroup that has no room did then" },
	{ "unknown-6.1-nothing", ZONES(N(0, NORMAL, 9000)), ONE_NODE(KERNEL), R6_1, "fast/refill/0:NORMAL/ok",
	  "alloc_flags", "unknown:" },
	{ "unknown-4.3-no-nolock", ZONES(N(0, NORMAL, 9000)), ONE_NODE(.once = true), R4_3, "none" },

	/* ---- where two families part ---- */
	{ "parting-marks", ZONES(WITH(0, NORMAL, 3000, .types = { 7, 7, 7 }, .blocks = { 2900, 10, 20 })),
	  ONE_NODE(NOWAIT, .order = 2), R4_3, "slow/none/none/failed", .than = R6_1,
	  .parts = { "-> enough, but not order by order", "-> ok" } },
	{ "parting-per-cpu-list", ZONES(N(0, NORMAL, 9000)), ONE_NODE(KERNEL, .order = 1), R5_10,
	  "fast/buddy/0:NORMAL/ok", .than = R6_1,
	  .parts = { "rmqueue(0:NORMAL): buddy", "rmqueue(0:NORMAL): refill" } },
	{ "parting-not-at-all", ZONES(N(0, NORMAL, 9000)), ONE_NODE(KERNEL), R4_19, "fast/refill/0:NORMAL/ok",
	  .than = R6_1 },
	{ "parting-at-the-end", ZONES(N(0, NORMAL, 900)), ONE_NODE(KERNEL, .mayfail = true), R4_9,
	  "reclaim|oom/pcp|refill|unknown/0:NORMAL/ok|kills", .than = R4_14,
	  .parts = { "__alloc_pages_may_oom: may kill a task", "never kills" } },
	{ "parting-numbers-alone-are-none", ZONES(WITH(0, NORMAL, 1300, ALL_BLOCKS, .min_unboosted = 900)),
	  ONE_NODE(KERNEL), R4_19, "fast/refill/0:NORMAL/ok", .than = R5_4 },
};

/* A sink that keeps the steps. */
struct text_sink {
	struct gfplab_explain_sink sink;
	char text[8192];
	size_t len;
};

static void keep_step(struct gfplab_explain_sink *to, const char *fmt, ...)
{
	struct text_sink *kept = (struct text_sink *)to;
	va_list args;

	va_start(args, fmt);
	kept->len += vsnprintf(kept->text + kept->len, sizeof(kept->text) - kept->len, fmt, args);
	va_end(args);
	if (kept->len >= sizeof(kept->text))
		kept->len = sizeof(kept->text) - 1;
}

/* The request as a kernel of today sees it, whose scopes hold at once, and as @release does. */
static bool see(const struct row *row, __u32 release, struct gfplab_walk *then)
{
	struct gfplab_walk now = row->walk;

	if (!now.family)
		now.family = FAMILY_6_1;
	now.zones = row->zones;
	while (now.nr_zones < 4 && row->zones[now.nr_zones].name)
		now.nr_zones++;
	now.max_order = 10;
	now.pageblock = 9;
	now.normal = NORMAL;
	return gfplab_walk_of_release(then, &now, release);
}

static int wrong(const struct row *row, const char *what, const char *text)
{
	printf("not ok %s: %s %s\n", row->name, what, text);
	return 1;
}

static int judge_parting(const struct row *row, const struct gfplab_walk *one)
{
	static struct gfplab_parting parting;
	struct gfplab_walk other;
	bool parts;
	int i;

	see(row, row->than, &other);
	parts = gfplab_part(&parting, one, &other);
	if (parts != !!row->parts[0])
		return wrong(row, parts ? "parts at" : "does not part", parts ? parting.side[0].line : "");
	for (i = 0; parts && i < 2; i++)
		if (!strstr(parting.side[i].line, row->parts[i]))
			return wrong(row, "parts at", parting.side[i].line);
	return 0;
}

static int judge(const struct row *row, int aloud)
{
	struct text_sink kept = { .sink.step = keep_step };
	char text[GFPLAB_PREDICTION_MAX] = "none", place[32];
	struct gfplab_prediction p;
	struct gfplab_walk then;

	if (see(row, row->release, &then)) {
		gfplab_predict(&then, &p, &kept.sink);
		gfplab_not_followed(&then, &kept.sink);
		snprintf(place, sizeof(place), "%d:%s", p.nid, p.zone == NORMAL ? "NORMAL" : "DMA32");
		gfplab_prediction_format(text, sizeof(text), &p, place);
	}
	if (aloud)
		fputs(kept.text, stdout);
	if (strcmp(text, row->want))
		return wrong(row, "predicted", text);
	if (row->says && !strstr(kept.text, row->says))
		return wrong(row, "does not say", row->says);
	if (row->silent && strstr(kept.text, row->silent))
		return wrong(row, "says", row->silent);
	if (row->than && judge_parting(row, &then))
		return 1;
	printf("ok %s\n", row->name);
	return 0;
}

#define NR_ROWS (sizeof(rows) / sizeof(rows[0]))

static const char *name_of(size_t i)
{
	return rows[i].name;
}

static int judge_at(size_t i, int aloud)
{
	return judge(&rows[i], aloud);
}

int main(int argc, char **argv)
{
	return rows_main(argc, argv, NR_ROWS, name_of, judge_at);
}
