// SPDX-License-Identifier: GPL-2.0
/*
 * walk_test - feeds made-up snapshots of zones to module/rules, which know no
 * kernel, and holds their predictions against answers worked out by hand.
 *
 * Prints a line a row, `ok NAME` or `not ok NAME: what differs`; with -l, the
 * names alone; with a name, that row alone, and the steps of its walk. Exit
 * status: 0 if all are right.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "judged_rows.h"

#include "rules/predict.h"
#include "rules/walk.h"
#include "rules/words.h"

#define S(stage)	(1U << STAGE_##stage)
#define SRC(source)	(1U << SOURCE_##source)
#define OK		(1U << OUTCOME_ok)
#define FAILED		(1U << OUTCOME_failed)
#define NEVER		(1U << OUTCOME_never)
#define KILLS		(1U << OUTCOME_kills)

enum { DMA, DMA32, NORMAL };

static const struct row {
	const char *name;
	struct gfplab_zone_snapshot zones[3];
	struct gfplab_walk walk;
	struct gfplab_prediction want;
	const char *says;	/* part of the steps as they are told */
} rows[] = {
/* A zone, its place in the zonelist being its place in the row. */
#define ZONE(nid_, zone_, free_, ...)					\
	{ .nid = nid_, .zone = zone_, .name = #zone_, .free = free_,	\
	  .balance_free = free_, .pcp_refill = 63, __VA_ARGS__ }
#define MARKS		.mark = { 1000, 1250, 1500 }, .min_unboosted = 1000, .balance_mark = 1500
#define BOOSTED		.mark = { 1300, 1550, 1800 }, .min_unboosted = 1000, .balance_mark = 1800
#define ALLOWED		.in_nodes = true, .in_cpuset = true
#define OFF_MASK	.in_nodes = false, .in_cpuset = true
#define OFF_CPUSET	.in_nodes = true, .in_cpuset = false
/* Free blocks: of every order and type; of one order, so many of these types. */
#define ALL_BLOCKS	.types = { [0 ... 10] = 7 }, .blocks = { [0 ... 10] = 50 }
#define BLOCKS(order, nr, which) .types = { [order] = which }, .blocks = { [order] = nr }
#define NO_BLOCKS	.types = { 0 }
#define T(type)		(1U << WALK_##type)
/* The usual zone. */
#define N1(free)	ZONE(1, NORMAL, free, MARKS, ALLOWED, ALL_BLOCKS)
#define NOTHING		ZONE(1, DMA, 0, ALLOWED, NO_BLOCKS, .unmanaged = true)
#define N0(free)	ZONE(0, NORMAL, free, MARKS, ALLOWED, ALL_BLOCKS)

#define ZONES(...)	.zones = { __VA_ARGS__ }
#define ROOMY(...)	ZONE(1, NORMAL, 5000, MARKS, ALLOWED, __VA_ARGS__)
/* A request that may use zone Normal and those below; DMA32 and below. */
#define ASK_OF(family_, ...)	.walk = { .family = FAMILY_##family_, .highest = NORMAL, __VA_ARGS__ }
#define ASK(...)	ASK_OF(6_1, __VA_ARGS__)
#define ASK_DMA32(...)	.walk = { .family = FAMILY_6_1, .highest = DMA32, __VA_ARGS__ }
#define KERNEL		.direct = true, .kswapd = true, .compacts = true
#define FS_KERNEL	KERNEL, .filesystem = true
#define USER		KERNEL, .hardwall = true
#define ATOMIC		.high = true, .kswapd = true
#define NOWAIT		.kswapd = true

#define ONE(stage_, source_, nid_, zone_)				\
	.want = { S(stage_), OK, SRC(source_), nid_, zone_ }
#define FAST(source, nid)	ONE(fast, source, nid, NORMAL)
#define SLOW(source, nid)	ONE(slow, source, nid, NORMAL)
#define UNKNOWN		.want = { .nid = WALK_ANYWHERE }
#define FAILS(stage)	.want = { S(stage), FAILED, 0, WALK_ANYWHERE, 0 }
/* Where a block may come from that was freed for it: of an order with per-cpu lists, of another one. */
#define LISTED		(SRC(pcp) | SRC(refill) | SRC(unknown))
#define FREE		SRC(buddy)
#define CAPTURED	SRC(capture)
#define MAY_AT(nid, zone, stages, sources, results) .want = { stages, results, sources, nid, zone }
#define MAY(...)	MAY_AT(1, NORMAL, __VA_ARGS__)
#define MAY_ANY(...)	MAY_AT(WALK_ANYWHERE, 0, __VA_ARGS__)
#define OPEN(stages, sources)		MAY(stages, sources, OK | FAILED)
#define OPEN_ANY(stages, sources)	MAY_ANY(stages, sources, OK | FAILED)

	/* ---- the mark: min 1000, low 1250, high 1500; free - unusable must be above it ---- */
	{ "mark-low-equal", ZONES(N1(1250)), ASK(KERNEL), SLOW(refill, 1),
	  "free 1250 - 0 unusable = 1250 <= low 1250 + reserve 0 -> too little" },
	{ "mark-low-one-above", ZONES(N1(1251)), ASK(KERNEL), FAST(refill, 1),
	  "free 1251 - 0 unusable = 1251 > low 1250 + reserve 0 -> ok" },
	{ "mark-high-does-not-matter", ZONES(N1(1499)), ASK(KERNEL), FAST(refill, 1) },
	{ "mark-min-equal", ZONES(N1(1000)), ASK(NOWAIT), FAILS(slow),
	  "= 1000 <= min 1000 + reserve 0 -> too little" },
	{ "mark-min-one-above", ZONES(N1(1001)), ASK(NOWAIT), SLOW(refill, 1) },
	{ "mark-min-is-not-halved-for-kernel", ZONES(N1(1000)), ASK(KERNEL, .noretry = true),
	  OPEN(S(reclaim), LISTED) },
	/* 1265 - 15 = 1250 */
	{ "mark-low-order-4-equal", ZONES(N1(1265)), ASK(KERNEL, .order = 4), SLOW(buddy, 1),
	  "free 1265 - 15 unusable = 1250 <= low" },
	{ "mark-low-order-4-one-above", ZONES(N1(1266)), ASK(KERNEL, .order = 4), FAST(buddy, 1) },
	{ "mark-min-order-4-equal", ZONES(N1(1015)), ASK(NOWAIT, .order = 4), FAILS(slow) },
	{ "mark-min-order-4-one-above", ZONES(N1(1016)), ASK(NOWAIT, .order = 4), SLOW(buddy, 1) },
	/* 2273 - 1023 = 1250 */
	{ "mark-low-order-10-equal", ZONES(N1(2273)), ASK(KERNEL, .order = 10), SLOW(buddy, 1) },
	{ "mark-low-order-10-one-above", ZONES(N1(2274)), ASK(KERNEL, .order = 10), FAST(buddy, 1) },
	/* The free pages may be fewer than the unusable ones. */
	{ "mark-negative", ZONES(N1(100)), ASK(NOWAIT, .order = 10), FAILS(slow),
	  "free 100 - 1023 unusable = -923 <= min" },

	/* ---- alloc_pages_nolock(): once, at min, no reserve and no slow path ---- */
	{ "once-min-equal", ZONES(N1(1000)), ASK_OF(7_2, .once = true, .nomemalloc = true),
	  FAILS(fast), "= 1000 <= min 1000 + reserve 0 -> too little" },
	{ "once-min-one-above", ZONES(N1(1001)), ASK_OF(7_2, .once = true, .nomemalloc = true),
	  FAST(refill, 1), "get_page_from_freelist(alloc_flags 0x400 " },
	{ "once-takes-the-next-node", ZONES(N1(1000), N0(1001)),
	  ASK_OF(7_2, .once = true, .nomemalloc = true, .nodes = 2), FAST(refill, 0) },
	{ "once-of-a-memalloc-task-has-no-reserve", ZONES(N1(10)),
	  ASK_OF(7_2, .once = true, .nomemalloc = true, .memalloc = true, .pf_memalloc = true),
	  FAILS(fast) },

	/* ---- what does not count: HIGHATOMIC, CMA ---- */
	/* 1762 - 512 = 1250 */
	{ "unusable-highatomic-equal",
	  ZONES(ZONE(1, NORMAL, 1762, MARKS, ALLOWED, ALL_BLOCKS, .highatomic = 512)),
	  ASK(KERNEL), SLOW(refill, 1), "free 1762 - 512 unusable = 1250 <= low" },
	{ "unusable-highatomic-one-above",
	  ZONES(ZONE(1, NORMAL, 1763, MARKS, ALLOWED, ALL_BLOCKS, .highatomic = 512)),
	  ASK(KERNEL), FAST(refill, 1) },
	{ "unusable-highatomic-at-min",
	  ZONES(ZONE(1, NORMAL, 1512, MARKS, ALLOWED, ALL_BLOCKS, .highatomic = 512)),
	  ASK(KERNEL, .noretry = true), OPEN(S(reclaim), LISTED) },
	/* Who may use a reserve counts it: 1001 > 1000. */
	{ "unusable-highatomic-counts-for-nonblock",
	  ZONES(ZONE(1, NORMAL, 1001, MARKS, ALLOWED, ALL_BLOCKS, .highatomic = 512)),
	  ASK(NOWAIT), SLOW(refill, 1) },
	/* 501 > 500 */
	{ "unusable-highatomic-counts-for-high",
	  ZONES(ZONE(1, NORMAL, 501, MARKS, ALLOWED, ALL_BLOCKS, .highatomic = 400)),
	  ASK(KERNEL, .high = true), SLOW(refill, 1) },
	/* But not at the low mark: 1700 - 512 = 1188. */
	{ "unusable-highatomic-at-low-for-atomic",
	  ZONES(ZONE(1, NORMAL, 1700, MARKS, ALLOWED, ALL_BLOCKS, .highatomic = 512)),
	  ASK(ATOMIC), SLOW(refill, 1) },
	/* 1350 - 100 = 1250 */
	{ "unusable-cma-equal",
	  ZONES(ZONE(1, NORMAL, 1350, MARKS, ALLOWED, ALL_BLOCKS, .free_cma = 100)),
	  ASK(KERNEL, .cma = true), SLOW(refill, 1), "free 1350 - 100 unusable = 1250 <= low" },
	{ "unusable-cma-one-above",
	  ZONES(ZONE(1, NORMAL, 1351, MARKS, ALLOWED, ALL_BLOCKS, .free_cma = 100)),
	  ASK(KERNEL, .cma = true), FAST(refill, 1) },
	{ "unusable-cma-counts-for-movable",
	  ZONES(ZONE(1, NORMAL, 1251, MARKS, ALLOWED, ALL_BLOCKS, .free_cma = 100)),
	  ASK(KERNEL, .cma = true, .migratetype = WALK_MOVABLE), FAST(refill, 1) },
	{ "unusable-cma-at-min",
	  ZONES(ZONE(1, NORMAL, 1100, MARKS, ALLOWED, ALL_BLOCKS, .free_cma = 100)),
	  ASK(NOWAIT, .cma = true), FAILS(slow) },
	/* 7 + 512 + 100 = 619; 1869 - 619 = 1250 */
	{ "unusable-all-equal",
	  ZONES(ZONE(1, NORMAL, 1869, MARKS, ALLOWED, ALL_BLOCKS, .highatomic = 512, .free_cma = 100)),
	  ASK(KERNEL, .cma = true, .order = 3), SLOW(refill, 1), "free 1869 - 619 unusable = 1250 <= low" },
	{ "unusable-is-named",
	  ZONES(ZONE(1, NORMAL, 1869, MARKS, ALLOWED, ALL_BLOCKS, .highatomic = 512, .free_cma = 100)),
	  ASK(KERNEL, .cma = true, .order = 3), SLOW(refill, 1),
	  "unusable: 100 of CMA, 512 kept for HIGHATOMIC" },
	{ "unusable-all-one-above",
	  ZONES(ZONE(1, NORMAL, 1870, MARKS, ALLOWED, ALL_BLOCKS, .highatomic = 512, .free_cma = 100)),
	  ASK(KERNEL, .cma = true, .order = 3), FAST(refill, 1) },

	/* ---- the shares of min ---- */
	/* 1000 - 1000/2 = 500 */
	{ "share-high-half-equal", ZONES(N1(500)), ASK(KERNEL, .high = true, .noretry = true),
	  OPEN(S(reclaim), LISTED), "= 500 <= min 500 (of 1000) + reserve 0" },
	{ "share-high-half-one-above", ZONES(N1(501)), ASK(KERNEL, .high = true), SLOW(refill, 1) },
	/* 500 - 500/4 = 375 */
	{ "share-atomic-equal", ZONES(N1(375)), ASK(ATOMIC), FAILS(slow),
	  "= 375 <= min 375 (of 1000) + reserve 0" },
	{ "share-atomic-one-above", ZONES(N1(376)), ASK(ATOMIC), SLOW(refill, 1) },
	{ "share-atomic-order-4-equal", ZONES(N1(390)), ASK(ATOMIC, .order = 4), FAILS(slow) },
	{ "share-atomic-order-4-one-above", ZONES(N1(391)), ASK(ATOMIC, .order = 4), SLOW(buddy, 1) },
	/* 1001 - 500 = 501; 501 - 125 = 376: each step rounds what is taken off */
	{ "share-rounding-equal",
	  ZONES(ZONE(1, NORMAL, 376, .mark = { 1001, 1250, 1500 }, .min_unboosted = 1001, ALLOWED,
		     ALL_BLOCKS)),
	  ASK(ATOMIC), FAILS(slow) },
	{ "share-rounding-one-above",
	  ZONES(ZONE(1, NORMAL, 377, .mark = { 1001, 1250, 1500 }, .min_unboosted = 1001, ALLOWED,
		     ALL_BLOCKS)),
	  ASK(ATOMIC), SLOW(refill, 1) },
	{ "share-nonblock-alone-is-none", ZONES(N1(999)), ASK(NOWAIT), FAILS(slow) },
	{ "share-nomemalloc-half-equal", ZONES(N1(500)), ASK(ATOMIC, .nomemalloc = true), FAILS(slow) },
	{ "share-nomemalloc-half-one-above", ZONES(N1(501)), ASK(ATOMIC, .nomemalloc = true),
	  SLOW(refill, 1) },
	{ "share-realtime-half", ZONES(N1(501)), ASK(KERNEL, .rt = true), SLOW(refill, 1) },
	{ "share-realtime-only-if-it-may-sleep", ZONES(N1(900)), ASK(NOWAIT, .rt = true), FAILS(slow) },
	/* The second attempt of an OOM victim: 1000 - 1000/2 = 500. */
	{ "share-victim-half-equal", ZONES(N1(500)), ASK(KERNEL, .oom_victim = true, .noretry = true),
	  OPEN(S(reclaim), LISTED | FREE) },
	{ "share-victim-half-one-above", ZONES(N1(501)), ASK(KERNEL, .oom_victim = true),
	  SLOW(refill, 1), "get_page_from_freelist(alloc_flags 0x808 " },
	{ "share-victim-nomemalloc", ZONES(N1(900)),
	  ASK(KERNEL, .oom_victim = true, .nomemalloc = true, .noretry = true), OPEN(S(reclaim), LISTED | FREE) },
	{ "share-no-watermarks", ZONES(N1(1)), ASK(NOWAIT, .memalloc = true), SLOW(refill, 1),
	  "watermarks ignored" },
	{ "share-no-watermarks-only-if-needed", ZONES(N1(1001)), ASK(NOWAIT, .memalloc = true),
	  SLOW(refill, 1) },
	{ "share-no-watermarks-forbidden", ZONES(N1(900)),
	  ASK(NOWAIT, .memalloc = true, .nomemalloc = true), FAILS(slow) },
	{ "share-no-watermarks-before-victim", ZONES(N1(1)),
	  ASK(KERNEL, .memalloc = true, .oom_victim = true), SLOW(refill, 1) },

	/* ---- boost: marks 300 higher; min without it 1000 ---- */
	{ "boost-counts-at-low", ZONES(ZONE(1, NORMAL, 1550, BOOSTED, ALLOWED, ALL_BLOCKS)),
	  ASK(KERNEL), SLOW(refill, 1) },
	{ "boost-counts-at-low-for-gfp-atomic", ZONES(ZONE(1, NORMAL, 1550, BOOSTED, ALLOWED, ALL_BLOCKS)),
	  ASK_OF(6_12, ATOMIC), SLOW(refill, 1) },
	{ "boost-counts-at-min", ZONES(ZONE(1, NORMAL, 1300, BOOSTED, ALLOWED, ALL_BLOCKS)),
	  ASK_OF(6_12, NOWAIT), FAILS(slow) },
	/* 1300 * 3/8 = 488 (650 - 162), 1000 * 3/8 = 375 */
	{ "boost-ignored-for-gfp-atomic", ZONES(ZONE(1, NORMAL, 376, BOOSTED, ALLOWED, ALL_BLOCKS)),
	  ASK(ATOMIC, .atomic = true), SLOW(refill, 1), "> min 375 (of 1000)" },
	{ "boost-ignored-to-its-end", ZONES(ZONE(1, NORMAL, 375, BOOSTED, ALLOWED, ALL_BLOCKS)),
	  ASK(ATOMIC, .atomic = true), FAILS(slow) },
	{ "boost-not-ignored-without-gfp-atomic",
	  ZONES(ZONE(1, NORMAL, 488, BOOSTED, ALLOWED, ALL_BLOCKS)), ASK(ATOMIC), FAILS(slow),
	  "= 488 <= min 488 (of 1300)" },
	{ "boost-ignored-for-high-since-6.3", ZONES(ZONE(1, NORMAL, 501, BOOSTED, ALLOWED, ALL_BLOCKS)),
	  ASK_OF(6_12, KERNEL, .high = true), SLOW(refill, 1) },
	{ "boost-not-ignored-for-high-in-6.1", ZONES(ZONE(1, NORMAL, 501, BOOSTED, ALLOWED, ALL_BLOCKS)),
	  ASK(KERNEL, .high = true, .noretry = true), OPEN(S(reclaim), LISTED) },
	/* 401 - 1 = 400 <= 488 */
	{ "boost-not-ignored-for-two-pages", ZONES(ZONE(1, NORMAL, 401, BOOSTED, ALLOWED, ALL_BLOCKS)),
	  ASK_OF(6_12, ATOMIC, .order = 1), FAILS(slow) },

	/* ---- 5.10: ALLOC_HARDER ---- */
	/* 1000 - 1000/2 - 500/4 = 375, as later; it comes with __GFP_ATOMIC, not for want of sleep */
	/* ---- before 5.10: for reports alone; marks as above, halved for each order up to 4.3 ---- */
	{ "order-by-order-small-blocks-do-not-count",
	  ZONES(ROOMY(.types = { 7 }, .blocks = { 4990 })), ASK_OF(3_16, NOWAIT, .order = 1),
	  FAILS(slow), "free 5000 - 1 unusable = 4999 > min 750 (of 1000) + reserve 0 -> enough, but" },
	/* 4999 - 4624 = 375 is half of 750; one page more is enough */
	{ "order-by-order-equal", ZONES(ROOMY(.types = { 7, 7 }, .blocks = { 4624, 188 })),
	  ASK_OF(3_16, NOWAIT, .order = 1), FAILS(slow) },
	{ "order-by-order-one-above", ZONES(ROOMY(.types = { 7, 7 }, .blocks = { 4623, 188 })),
	  ASK_OF(3_16, NOWAIT, .order = 1), SLOW(refill, 1) },
	/* 4997 - 1000 - 2 * 1842 = 313 is above a quarter of low, 1250, but not with one page less */
	{ "order-by-order-a-quarter", ZONES(ROOMY(.types = { 7, 7, 7 }, .blocks = { 1000, 1842, 79 })),
	  ASK_OF(3_16, NOWAIT, .order = 2), FAST(refill, 1) },
	{ "order-by-order-a-quarter-equal",
	  ZONES(ROOMY(.types = { 7, 7, 7 }, .blocks = { 1001, 1842, 78 })),
	  ASK_OF(3_16, NOWAIT, .order = 2), SLOW(refill, 1) },
	{ "order-by-order-went-with-4.4", ZONES(ROOMY(.types = { 7, 7 }, .blocks = { 4980, 10 })),
	  ASK_OF(4_4, NOWAIT, .order = 1), FAST(refill, 1) },
	{ "harder-for-all-that-can-not-wait", ZONES(N1(751)), ASK_OF(3_16, NOWAIT), SLOW(refill, 1),
	  "<= low 1250" },
	{ "harder-for-atomic-alone-from-4.4", ZONES(N1(751)), ASK_OF(4_4, NOWAIT), FAILS(slow),
	  "<= min 1000" },
	{ "harder-not-for-huge-pages-from-3.16", ZONES(N1(751)), ASK_OF(3_16, .order = 0), FAILS(slow) },
	{ "harder-for-huge-pages-to-3.15", ZONES(N1(751)), ASK_OF(3_7, .order = 0), SLOW(refill, 1) },
	{ "harder-whatever-nomemalloc-to-2.6.37", ZONES(N1(751)),
	  ASK_OF(2_6_32, NOWAIT, .nomemalloc = true), SLOW(refill, 1) },
	{ "harder-not-for-nomemalloc-from-2.6.38", ZONES(N1(751)),
	  ASK_OF(2_6_38, NOWAIT, .nomemalloc = true), FAILS(slow) },
	{ "cma-counts-for-all-to-3.6",
	  ZONES(ZONE(1, NORMAL, 1251, MARKS, ALLOWED, ALL_BLOCKS, .free_cma = 1000)),
	  ASK_OF(3_3, KERNEL, .cma = true), FAST(refill, 1) },
	{ "two-pages-more-from-2.6.38-equal", ZONES(N1(1252)), ASK_OF(2_6_38, KERNEL),
	  SLOW(refill, 1), "free 1252 - 2 unusable = 1250 <= low" },
	{ "two-pages-more-from-2.6.38-one-above", ZONES(N1(1253)), ASK_OF(2_6_38, KERNEL),
	  FAST(refill, 1) },
	{ "two-pages-more-not-from-3.3", ZONES(N1(1251)), ASK_OF(3_3, KERNEL), FAST(refill, 1) },
	{ "cma-counts-for-movable-alone-from-3.7",
	  ZONES(ZONE(1, NORMAL, 1251, MARKS, ALLOWED, ALL_BLOCKS, .free_cma = 1000)),
	  ASK_OF(3_7, NOWAIT, .cma = true), FAILS(slow), "free 1251 - 1000 unusable" },
	{ "victim-without-marks-to-4.13", ZONES(N1(1)), ASK_OF(4_4, KERNEL, .oom_victim = true),
	  SLOW(refill, 1), "watermarks ignored" },
	{ "victim-at-half-the-mark-from-4.14", ZONES(N1(501)),
	  ASK_OF(4_14, KERNEL, .oom_victim = true), SLOW(refill, 1), "> min 500 (of 1000)" },
	{ "harder-finds-any-block-to-4.14", ZONES(ROOMY(BLOCKS(3, 1, T(CMA)))),
	  ASK_OF(4_14, ATOMIC, .atomic = true, .order = 3), FAILS(slow), "rmqueue() finds no block" },
	{ "harder-finds-highatomic-alone-from-4.15", ZONES(ROOMY(BLOCKS(3, 1, T(CMA)))),
	  ASK_OF(4_15, ATOMIC, .atomic = true, .order = 3), FAILS(slow),
	  "min 375 (of 1000) + reserve 0 -> enough, but no free block" },

	/* ---- HIGHATOMIC and single pages ---- */
	{ "single-ignores-highatomic-4.7-to-5.8",
	  ZONES(ZONE(1, NORMAL, 1251, MARKS, ALLOWED, ALL_BLOCKS, .highatomic = 512)),
	  ASK_OF(4_15, KERNEL), FAST(refill, 1), "free 1251 - 0 unusable = 1251 > low 1250" },
	{ "single-at-the-mark-does-not",
	  ZONES(ZONE(1, NORMAL, 1000, MARKS, ALLOWED, ALL_BLOCKS, .highatomic = 512)),
	  ASK_OF(4_15, NOWAIT), FAILS(slow), "free 1000 - 512 unusable" },
	{ "single-counts-highatomic-from-5.9",
	  ZONES(ZONE(1, NORMAL, 1251, MARKS, ALLOWED, ALL_BLOCKS, .highatomic = 512)),
	  ASK_OF(5_10, NOWAIT), FAILS(slow), "free 1251 - 512 unusable" },
	{ "atomic-single-finds-no-highatomic-6.3", ZONES(ROOMY(BLOCKS(0, 500, T(HIGHATOMIC)))),
	  ASK_OF(6_3, ATOMIC), FAILS(slow), "rmqueue() finds no block" },
	{ "atomic-single-finds-highatomic-6.6.60", ZONES(ROOMY(BLOCKS(0, 500, T(HIGHATOMIC)))),
	  ASK_OF(6_6, ATOMIC), SLOW(buddy, 1) },

	{ "harder-atomic-equal", ZONES(N1(375)), ASK_OF(5_10, ATOMIC, .atomic = true), FAILS(slow),
	  "= 375 <= min 375 (of 1000)" },
	{ "harder-atomic-one-above", ZONES(N1(376)), ASK_OF(5_10, ATOMIC, .atomic = true),
	  SLOW(refill, 1) },
	{ "harder-not-for-high-alone", ZONES(N1(500)), ASK_OF(5_10, ATOMIC), FAILS(slow),
	  "= 500 <= min 500 (of 1000)" },
	{ "harder-not-with-nomemalloc", ZONES(N1(500)),
	  ASK_OF(5_10, ATOMIC, .atomic = true, .nomemalloc = true), FAILS(slow), "<= min 500" },
	/* A boost of 300 is ignored as in 6.1: by __GFP_ATOMIC, which may leave 375. */
	{ "harder-boost-ignored-for-atomic",
	  ZONES(ZONE(1, NORMAL, 376, BOOSTED, ALLOWED, ALL_BLOCKS)), ASK_OF(5_10, ATOMIC, .atomic = true),
	  SLOW(refill, 1) },
	{ "harder-boost-not-ignored-for-high",
	  ZONES(ZONE(1, NORMAL, 650, BOOSTED, ALLOWED, ALL_BLOCKS)), ASK_OF(5_10, ATOMIC),
	  FAILS(slow), "= 650 <= min 650 (of 1300)" },
	/* A realtime task takes the quarter, 750; later the half. */
	{ "harder-realtime-equal", ZONES(N1(750)), ASK_OF(5_10, KERNEL, .rt = true, .noretry = true),
	  OPEN(S(reclaim), LISTED), "= 750 <= min 750 (of 1000)" },
	{ "harder-realtime-one-above", ZONES(N1(751)), ASK_OF(5_10, KERNEL, .rt = true), SLOW(refill, 1) },
	{ "harder-realtime-later", ZONES(N1(501)), ASK(KERNEL, .rt = true), SLOW(refill, 1), "> min 500" },
	/* For a victim the half instead of the quarter: 1000/2/2 = 250. */
	{ "harder-victim-equal", ZONES(N1(250)),
	  ASK_OF(5_10, KERNEL, .high = true, .rt = true, .oom_victim = true, .noretry = true, .order = 0),
	  OPEN(S(reclaim), LISTED | FREE) },
	/* HIGHATOMIC counts for HARDER, not for __GFP_HIGH; 901 - 400 = 501 > 500. */
	{ "harder-highatomic-not-for-high",
	  ZONES(ZONE(1, NORMAL, 900, MARKS, ALLOWED, ALL_BLOCKS, .highatomic = 400)),
	  ASK_OF(5_10, ATOMIC), FAILS(slow), "free 900 - 400 unusable = 500 <= min 500" },
	{ "harder-highatomic-for-atomic",
	  ZONES(ZONE(1, NORMAL, 376, MARKS, ALLOWED, ALL_BLOCKS, .highatomic = 400)),
	  ASK_OF(5_10, ATOMIC, .atomic = true), SLOW(refill, 1), "free 376 - 0 unusable" },
	{ "harder-highatomic-block", ZONES(ZONE(1, NORMAL, 1200, MARKS, ALLOWED,
						BLOCKS(5, 3, T(HIGHATOMIC)))),
	  ASK_OF(5_10, ATOMIC, .atomic = true, .order = 4), SLOW(buddy, 1) },
	{ "harder-highatomic-block-not-for-high", ZONES(ZONE(1, NORMAL, 1200, MARKS, ALLOWED,
							     BLOCKS(5, 3, T(HIGHATOMIC)))),
	  ASK_OF(5_10, ATOMIC, .order = 4), FAILS(slow), "no free block is large enough" },
	/* 6.1's last resort, a single page out of HIGHATOMIC, is not there yet. */
	{ "harder-highatomic-no-last-resort", ZONES(ZONE(1, NORMAL, 2000, MARKS, ALLOWED,
							 BLOCKS(5, 3, T(HIGHATOMIC)))),
	  ASK_OF(5_10, ATOMIC, .atomic = true), FAILS(slow), "rmqueue() finds no block" },
	{ "harder-cpuset-dropped-for-atomic",
	  ZONES(N1(100), ZONE(0, NORMAL, 1001, MARKS, OFF_CPUSET, ALL_BLOCKS)),
	  ASK_OF(5_10, ATOMIC, .atomic = true, .hardwall = true), SLOW(refill, 0) },
	{ "harder-cpuset-kept-for-high",
	  ZONES(N1(100), ZONE(0, NORMAL, 1001, MARKS, OFF_CPUSET, ALL_BLOCKS)),
	  ASK_OF(5_10, ATOMIC, .hardwall = true), FAILS(slow) },

	/* ---- 7.2: nodes whose kswapd is awake come last; compaction comes after the reserves ---- */
	{ "late-busy-node-is-passed-over",
	  ZONES(ZONE(1, NORMAL, 9000, MARKS, ALLOWED, ALL_BLOCKS, .busy = true), N0(9000)),
	  ASK_OF(7_2, KERNEL), FAST(refill, 0), "its kswapd is awake" },
	{ "late-busy-node-is-taken-before",
	  ZONES(ZONE(1, NORMAL, 9000, MARKS, ALLOWED, ALL_BLOCKS, .busy = true), N0(9000)),
	  ASK_OF(6_12, KERNEL), FAST(refill, 1) },
	{ "late-busy-node-is-better-than-none",
	  ZONES(ZONE(1, NORMAL, 9000, MARKS, ALLOWED, ALL_BLOCKS, .busy = true), N0(1250)),
	  ASK_OF(7_2, KERNEL), FAST(refill, 1), "again with the nodes" },
	{ "late-busy-does-not-matter-on-one-node",
	  ZONES(ZONE(0, NORMAL, 9000, MARKS, ALLOWED, ALL_BLOCKS, .busy = true)),
	  ASK_OF(7_2, KERNEL, .nodes = 1), FAST(refill, 0) },
	/* The slow path wakes node 1's; node 0's has given up and stays asleep. */
	{ "late-hopeless-node-comes-first",
	  ZONES(N1(1100), ZONE(0, NORMAL, 1200, MARKS, ALLOWED, ALL_BLOCKS, .hopeless = true)),
	  ASK_OF(7_2, KERNEL), SLOW(refill, 0) },
	{ "late-all-woken-alike", ZONES(N1(1100), N0(1200)), ASK_OF(7_2, KERNEL), SLOW(refill, 1) },
	{ "late-nobody-woken",
	  ZONES(N1(1100), ZONE(0, NORMAL, 1200, MARKS, ALLOWED, ALL_BLOCKS, .hopeless = true)),
	  ASK_OF(7_2, .direct = true, .compacts = true), SLOW(refill, 1) },
	{ "late-costly-noretry-goes-on", ZONES(N1(900)),
	  ASK_OF(7_2, KERNEL, .order = 4, .noretry = true), OPEN(S(compact) | S(reclaim), FREE | CAPTURED),
	  "__alloc_pages_direct_reclaim" },
	{ "late-noretry-thisnode-ends", ZONES(N1(900)),
	  ASK_OF(7_2, KERNEL, .order = 2, .noretry = true, .thisnode = true), OPEN(S(compact), LISTED | CAPTURED) },
	{ "late-noretry-thisnode-goes-on-before", ZONES(N1(900)),
	  ASK_OF(6_12, KERNEL, .order = 2, .noretry = true, .thisnode = true),
	  OPEN(S(compact) | S(reclaim), LISTED | CAPTURED) },
	{ "late-reserves-before-compaction", ZONES(N1(900)),
	  ASK_OF(7_2, KERNEL, .order = 4, .memalloc = true), SLOW(buddy, 1) },
	/* With nothing in the reserves either, 7.2 compacts, 6.12 does not. */
	{ "late-compacts-after-reserves", ZONES(ZONE(1, NORMAL, 900, MARKS, ALLOWED, BLOCKS(3, 9, 7))),
	  ASK_OF(7_2, KERNEL, .order = 4, .memalloc = true, .noretry = true, .thisnode = true),
	  OPEN(S(compact), FREE | CAPTURED) },
	{ "late-no-compaction-with-reserves-before",
	  ZONES(ZONE(1, NORMAL, 900, MARKS, ALLOWED, BLOCKS(3, 9, 7))),
	  ASK_OF(6_12, KERNEL, .order = 4, .memalloc = true, .noretry = true, .thisnode = true),
	  OPEN(S(reclaim), FREE | CAPTURED) },

	/* ---- 7.3: the first attempt of who may not sleep may use HIGHATOMIC ---- */
	{ "early-highatomic-block", ZONES(ROOMY(BLOCKS(4, 1, T(HIGHATOMIC)))),
	  ASK_OF(7_3, ATOMIC, .order = 4), FAST(buddy, 1) },
	{ "early-highatomic-block-late-before", ZONES(ROOMY(BLOCKS(4, 1, T(HIGHATOMIC)))),
	  ASK_OF(7_2, ATOMIC, .order = 4), SLOW(buddy, 1) },
	{ "early-highatomic-block-not-for-nomemalloc", ZONES(ROOMY(BLOCKS(4, 1, T(HIGHATOMIC)))),
	  ASK_OF(7_3, ATOMIC, .order = 4, .nomemalloc = true), FAILS(slow) },
	{ "early-highatomic-block-not-for-sleepers", ZONES(ROOMY(BLOCKS(4, 1, T(HIGHATOMIC)))),
	  ASK_OF(7_3, KERNEL, .order = 4, .high = true, .noretry = true, .thisnode = true),
	  OPEN(S(compact), FREE | CAPTURED) },
	/* A per-cpu list is asked, but not refilled, and HIGHATOMIC is next. */
	{ "early-no-refill", ZONES(ROOMY(BLOCKS(9, 2, T(UNMOVABLE)))),
	  ASK_OF(7_3, ATOMIC, .order = 2), FAST(buddy, 1) },
	{ "early-no-refill-but-the-list", ZONES(ROOMY(BLOCKS(9, 2, T(UNMOVABLE)), .pcp = { [2] = T(UNMOVABLE) })),
	  ASK_OF(7_3, ATOMIC, .order = 2), FAST(pcp, 1) },
	{ "early-refill-for-nomemalloc", ZONES(ROOMY(BLOCKS(9, 2, T(UNMOVABLE)))),
	  ASK_OF(7_3, ATOMIC, .order = 2, .nomemalloc = true), FAST(refill, 1) },
	{ "early-refill-at-low-before", ZONES(ROOMY(BLOCKS(9, 2, T(UNMOVABLE)))),
	  ASK_OF(7_2, ATOMIC, .order = 2), FAST(refill, 1) },
	{ "early-no-refill-at-min-before", ZONES(N1(1100)), ASK_OF(7_2, ATOMIC, .order = 2), SLOW(buddy, 1) },
	{ "early-refill-at-min-in-6.12", ZONES(N1(1100)), ASK_OF(6_12, ATOMIC, .order = 2), SLOW(refill, 1) },
	/* So it counts: 1266 - 15 = 1251 > 1250; and nothing is off the mark: 1265 - 15 = 1250. */
	{ "early-highatomic-counts", ZONES(ZONE(1, NORMAL, 1266, MARKS, ALLOWED, ALL_BLOCKS, .highatomic = 512)),
	  ASK_OF(7_3, ATOMIC, .order = 4), FAST(buddy, 1), "free 1266 - 15 unusable" },
	{ "early-highatomic-counts-equal",
	  ZONES(ZONE(1, NORMAL, 1265, MARKS, ALLOWED, ALL_BLOCKS, .highatomic = 512)),
	  ASK_OF(7_3, ATOMIC, .order = 4), SLOW(buddy, 1), "<= low 1250" },
	/* Not for single pages: 1700 - 512 = 1188. */
	{ "early-highatomic-counts-not-for-order-0",
	  ZONES(ZONE(1, NORMAL, 1700, MARKS, ALLOWED, ALL_BLOCKS, .highatomic = 512)),
	  ASK_OF(7_3, ATOMIC), SLOW(refill, 1), "free 1700 - 512 unusable" },

	/* ---- lowmem_reserve: 500 pages of DMA32 are not for those who may have Normal ---- */
#define LOW32(free)	ZONE(0, DMA32, free, MARKS, ALLOWED, ALL_BLOCKS, .reserve = { [NORMAL] = 500 })
	{ "reserve-low-equal", ZONES(LOW32(1750)), ASK(KERNEL), ONE(slow, refill, 0, DMA32),
	  "= 1750 <= low 1250 + reserve 500" },
	{ "reserve-low-one-above", ZONES(LOW32(1751)), ASK(KERNEL), ONE(fast, refill, 0, DMA32) },
	{ "reserve-min-equal", ZONES(LOW32(1500)), ASK(NOWAIT), FAILS(slow) },
	{ "reserve-min-one-above", ZONES(LOW32(1501)), ASK(NOWAIT), ONE(slow, refill, 0, DMA32) },
	/* 375 + 500: the share is of the mark, never of the reserve */
	{ "reserve-is-not-halved-equal", ZONES(LOW32(875)), ASK(ATOMIC), FAILS(slow),
	  "= 875 <= min 375 (of 1000) + reserve 500" },
	{ "reserve-is-not-halved-one-above", ZONES(LOW32(876)), ASK(ATOMIC), ONE(slow, refill, 0, DMA32) },
	{ "reserve-none-for-its-own", ZONES(LOW32(1251)), ASK_DMA32(KERNEL), ONE(fast, refill, 0, DMA32) },
	{ "reserve-ignored-without-watermarks", ZONES(LOW32(1)), ASK(NOWAIT, .memalloc = true),
	  ONE(slow, refill, 0, DMA32) },
	{ "reserve-after-normal", ZONES(N0(1250), LOW32(1751)), ASK(KERNEL), ONE(fast, refill, 0, DMA32) },
	{ "reserve-closes-the-lower-zone", ZONES(N0(1250), LOW32(1750)), ASK(KERNEL), SLOW(refill, 0) },

	/* ---- a block of the order ---- */
	{ "block-absent", ZONES(ROOMY(BLOCKS(3, 600, 7))), ASK(NOWAIT, .order = 4), FAILS(slow),
	  "enough, but no free block is large enough" },
	{ "block-larger", ZONES(ROOMY(BLOCKS(10, 1, T(UNMOVABLE)))), ASK(NOWAIT, .order = 4), FAST(buddy, 1) },
	{ "block-of-another-type", ZONES(ROOMY(BLOCKS(4, 1, T(MOVABLE)))), ASK(NOWAIT, .order = 4),
	  FAST(buddy, 1) },
	{ "block-highatomic-not-for-kernel", ZONES(ROOMY(BLOCKS(4, 1, T(HIGHATOMIC)))),
	  ASK(KERNEL, .order = 4, .noretry = true), OPEN(S(compact) | S(reclaim), FREE | CAPTURED) },
	{ "block-highatomic-for-atomic", ZONES(ROOMY(BLOCKS(4, 1, T(HIGHATOMIC)))),
	  ASK(ATOMIC, .order = 4), SLOW(buddy, 1) },
	{ "block-highatomic-not-for-nowait", ZONES(ROOMY(BLOCKS(4, 1, T(HIGHATOMIC)))),
	  ASK(NOWAIT, .order = 4), FAILS(slow) },
	{ "block-highatomic-not-for-nomemalloc", ZONES(ROOMY(BLOCKS(4, 1, T(HIGHATOMIC)))),
	  ASK(ATOMIC, .order = 4, .nomemalloc = true), FAILS(slow) },
	{ "block-highatomic-for-a-victim", ZONES(ROOMY(BLOCKS(4, 1, T(HIGHATOMIC)))),
	  ASK(KERNEL, .order = 4, .oom_victim = true), SLOW(buddy, 1) },
	/* 2000 - 512 is above low, but the fast path may not have what there is. */
	{ "block-highatomic-last-for-one-page",
	  ZONES(ZONE(1, NORMAL, 2000, MARKS, ALLOWED, .highatomic = 512, BLOCKS(9, 1, T(HIGHATOMIC)))),
	  ASK(NOWAIT), SLOW(buddy, 1) },
	/* A HIGHATOMIC block goes first to a high-order atomic request, but after its per-cpu list. */
	{ "block-highatomic-after-pcp", ZONES(ZONE(1, NORMAL, 1200, MARKS, ALLOWED, .pcp = { [2] = T(UNMOVABLE) },
						   BLOCKS(4, 9, T(HIGHATOMIC) | T(UNMOVABLE)))),
	  ASK(ATOMIC, .order = 2), SLOW(pcp, 1) },
	{ "block-highatomic-before-cma",
	  ZONES(ZONE(1, NORMAL, 1200, MARKS, ALLOWED, .free_cma = 700, BLOCKS(6, 9, T(HIGHATOMIC) | T(CMA)))),
	  ASK(ATOMIC, .order = 4, .cma = true, .migratetype = WALK_MOVABLE), SLOW(buddy, 1),
	  "get_page_from_freelist(alloc_flags 0xab0 " },
	{ "block-highatomic-is-not-for-one-page", ZONES(N1(1200)), ASK(ATOMIC), SLOW(refill, 1),
	  "get_page_from_freelist(alloc_flags 0x830 " },
	{ "block-cma-for-movable", ZONES(ROOMY(BLOCKS(4, 1, T(CMA)), .free_cma = 16)),
	  ASK(NOWAIT, .order = 4, .cma = true, .migratetype = WALK_MOVABLE), FAST(cma, 1) },
	{ "block-cma-not-for-unmovable", ZONES(ROOMY(BLOCKS(4, 1, T(CMA)), .free_cma = 16)),
	  ASK(NOWAIT, .order = 4, .cma = true), FAILS(slow) },
	{ "block-cma-not-for-pinned-to-5.12", ZONES(ROOMY(BLOCKS(4, 1, T(CMA)), .free_cma = 16)),
	  ASK_OF(5_10, NOWAIT, .order = 4, .cma = true, .nocma = true, .migratetype = WALK_MOVABLE), FAILS(slow) },
	{ "block-not-asked-for-one-page", ZONES(ROOMY(NO_BLOCKS)), ASK(NOWAIT), FAILS(slow),
	  "rmqueue() finds no block" },
	{ "block-absent-without-watermarks", ZONES(ROOMY(BLOCKS(3, 600, 7))),
	  ASK(NOWAIT, .order = 4, .memalloc = true), FAILS(slow) },

	/* ---- per-cpu lists ---- */
	{ "pcp-hit", ZONES(ROOMY(ALL_BLOCKS, .pcp = { T(UNMOVABLE) })), ASK(KERNEL), FAST(pcp, 1) },
	{ "pcp-of-another-type", ZONES(ROOMY(ALL_BLOCKS, .pcp = { T(MOVABLE) })), ASK(KERNEL), FAST(refill, 1) },
	{ "pcp-of-another-order", ZONES(ROOMY(ALL_BLOCKS, .pcp = { [2] = T(UNMOVABLE) })), ASK(KERNEL, .order = 3),
	  FAST(refill, 1) },
	{ "pcp-order-3", ZONES(ROOMY(ALL_BLOCKS, .pcp = { [3] = T(MOVABLE) })),
	  ASK(KERNEL, .order = 3, .migratetype = WALK_MOVABLE), FAST(pcp, 1) },
	{ "pcp-none-for-order-4", ZONES(ROOMY(ALL_BLOCKS, .pcp = { [0 ... 3] = 7 })), ASK(KERNEL, .order = 4),
	  FAST(buddy, 1) },
	{ "pcp-huge", ZONES(ROOMY(ALL_BLOCKS, .pcp_thp = 1)), ASK(KERNEL, .order = 9), FAST(pcp, 1) },
	{ "pcp-huge-movable", ZONES(ROOMY(ALL_BLOCKS, .pcp_thp = 2)),
	  ASK(KERNEL, .order = 9, .migratetype = WALK_MOVABLE), FAST(pcp, 1) },
	{ "pcp-huge-reclaimable-shares-with-unmovable", ZONES(ROOMY(ALL_BLOCKS, .pcp_thp = 1)),
	  ASK(KERNEL, .order = 9, .migratetype = WALK_RECLAIMABLE), FAST(pcp, 1) },
	{ "pcp-huge-of-another-type", ZONES(ROOMY(ALL_BLOCKS, .pcp_thp = 2)), ASK(KERNEL, .order = 9),
	  FAST(refill, 1) },
	/* To 5.12: movable pages pass the list by where CMA is not allowed, for it may have such pages. */
	{ "pcp-without-cma", ZONES(ROOMY(ALL_BLOCKS, .pcp = { 7 })),
	  ASK_OF(5_10, KERNEL, .migratetype = WALK_MOVABLE, .cma = true, .nocma = true), FAST(unknown, 1) },
	{ "pcp-with-cma", ZONES(ROOMY(ALL_BLOCKS, .pcp = { 7 })),
	  ASK_OF(5_10, KERNEL, .migratetype = WALK_MOVABLE, .cma = true), FAST(pcp, 1) },
	{ "pcp-without-cma-unmovable", ZONES(ROOMY(ALL_BLOCKS, .pcp = { 7 })),
	  ASK_OF(5_10, KERNEL, .cma = true, .nocma = true), FAST(pcp, 1) },
	{ "pcp-hit-obeys-the-mark", ZONES(ZONE(1, NORMAL, 999, MARKS, ALLOWED, NO_BLOCKS, .pcp = { 7 })),
	  ASK(NOWAIT), FAILS(slow) },
	{ "pcp-hit-with-empty-lists", ZONES(ROOMY(NO_BLOCKS, .pcp = { 7 })), ASK(KERNEL), FAST(pcp, 1) },
	/* One block is no evidence of a refill, two are. */
	{ "pcp-refill-of-one", ZONES(ROOMY(BLOCKS(0, 1, T(UNMOVABLE)))), ASK(KERNEL), FAST(unknown, 1) },
	{ "pcp-refill-of-two", ZONES(ROOMY(BLOCKS(0, 2, T(UNMOVABLE)))), ASK(KERNEL), FAST(refill, 1) },
	{ "pcp-refill-of-one-split", ZONES(ROOMY(BLOCKS(1, 1, T(UNMOVABLE)))), ASK(KERNEL), FAST(refill, 1) },
	{ "pcp-refill-of-another-type", ZONES(ROOMY(BLOCKS(1, 1, T(MOVABLE)))), ASK(KERNEL), FAST(refill, 1) },
	{ "pcp-refill-batch-of-one",
	  ZONES({ .nid = 1, .zone = NORMAL, .name = "NORMAL", .free = 5000, .pcp_refill = 1, MARKS, ALLOWED,
		  ALL_BLOCKS }),
	  ASK(KERNEL), FAST(unknown, 1) },
	/* Two blocks, but one of them may not be ours. */
	{ "pcp-refill-mixed", ZONES(ROOMY(BLOCKS(9, 2, T(UNMOVABLE) | T(HIGHATOMIC)))),
	  ASK(KERNEL, .order = 9), .want = { S(fast), OK, SRC(refill) | SRC(unknown), 1, NORMAL } },
	{ "pcp-refill-mixed-but-enough", ZONES(ROOMY(BLOCKS(10, 2, T(UNMOVABLE) | T(HIGHATOMIC)))),
	  ASK(KERNEL, .order = 9), FAST(refill, 1) },

	/* ---- CMA: while it is more than half of what is free, then before other types ---- */
#define MOVING		KERNEL, .cma = true, .migratetype = WALK_MOVABLE
	{ "cma-more-than-half", ZONES(ZONE(1, NORMAL, 4000, MARKS, ALLOWED, .free_cma = 2001,
					   BLOCKS(8, 15, 7 | T(CMA)))),
	  ASK(MOVING), FAST(cma, 1) },
	{ "cma-half", ZONES(ZONE(1, NORMAL, 4000, MARKS, ALLOWED, .free_cma = 2000,
				 BLOCKS(8, 15, 7 | T(CMA)))),
	  ASK(MOVING), FAST(refill, 1) },
	{ "cma-before-another-type", ZONES(ZONE(1, NORMAL, 4000, MARKS, ALLOWED, .free_cma = 100,
						BLOCKS(8, 15, T(UNMOVABLE) | T(CMA)))),
	  ASK(MOVING), FAST(cma, 1) },
	{ "cma-order-4", ZONES(ZONE(1, NORMAL, 4000, MARKS, ALLOWED, .free_cma = 2001,
				    BLOCKS(8, 15, 7 | T(CMA)))),
	  ASK(MOVING, .order = 4), FAST(cma, 1) },
	/* 2000 - 100 is enough, but nothing of it is for us. */
	{ "cma-alone-not-for-unmovable", ZONES(ZONE(1, NORMAL, 2000, MARKS, ALLOWED, .free_cma = 100,
						    BLOCKS(8, 15, T(CMA)))),
	  ASK(NOWAIT, .cma = true), FAILS(slow) },

	/* ---- NOFRAGMENT: other types only by the whole pageblock ---- */
#define SMALL_MOVABLE	BLOCKS(5, 90, T(MOVABLE))
#define RECLAIMABLE	KERNEL, .order = 4, .migratetype = WALK_RECLAIMABLE, .nofragment = true
#define ROOMY_AT(nid, zone, ...) ZONE(nid, zone, 5000, MARKS, ALLOWED, __VA_ARGS__)
	{ "nofragment-own-type", ZONES(ROOMY_AT(0, NORMAL, BLOCKS(5, 9, T(RECLAIMABLE)))),
	  ASK(RECLAIMABLE, .nodes = 1), FAST(buddy, 0) },
	{ "nofragment-goes-to-dma32",
	  ZONES(ROOMY_AT(0, NORMAL, SMALL_MOVABLE), ROOMY_AT(0, DMA32, BLOCKS(5, 9, T(RECLAIMABLE)))),
	  ASK(RECLAIMABLE, .nodes = 1), ONE(fast, buddy, 0, DMA32), "without mixing" },
	{ "nofragment-not-set",
	  ZONES(ROOMY_AT(0, NORMAL, SMALL_MOVABLE), ROOMY_AT(0, DMA32, BLOCKS(5, 9, T(RECLAIMABLE)))),
	  ASK(KERNEL, .order = 4, .migratetype = WALK_RECLAIMABLE, .nodes = 1), FAST(buddy, 0) },
	{ "nofragment-takes-a-pageblock",
	  ZONES(ROOMY_AT(0, NORMAL, BLOCKS(9, 1, T(MOVABLE))), ROOMY_AT(0, DMA32, BLOCKS(5, 9, T(RECLAIMABLE)))),
	  ASK(RECLAIMABLE, .nodes = 1), FAST(buddy, 0) },
	{ "nofragment-order-8-is-no-pageblock",
	  ZONES(ROOMY_AT(0, NORMAL, BLOCKS(8, 1, T(MOVABLE))), ROOMY_AT(0, DMA32, BLOCKS(5, 9, T(RECLAIMABLE)))),
	  ASK(RECLAIMABLE, .nodes = 1), ONE(fast, buddy, 0, DMA32) },
	{ "nofragment-dropped-when-nobody-has-it",
	  ZONES(ROOMY_AT(0, NORMAL, SMALL_MOVABLE), ROOMY_AT(0, DMA32, SMALL_MOVABLE)),
	  ASK(RECLAIMABLE, .nodes = 1), FAST(buddy, 0), "again without NOFRAGMENT" },
	{ "nofragment-kept-while-other-zones-are-unseen",
	  ZONES(ROOMY_AT(0, NORMAL, SMALL_MOVABLE)), ASK(RECLAIMABLE, .nodes = 1, .first_zone_only = true),
	  SLOW(buddy, 0) },
	{ "nofragment-dropped-for-a-remote-node",
	  ZONES(ROOMY_AT(0, NORMAL, SMALL_MOVABLE), ROOMY_AT(1, NORMAL, BLOCKS(5, 9, T(RECLAIMABLE)))),
	  ASK(RECLAIMABLE, .nodes = 2), FAST(buddy, 0), "remote" },
	{ "nofragment-local-zones-first",
	  ZONES(ROOMY_AT(0, NORMAL, SMALL_MOVABLE), ROOMY_AT(0, DMA32, BLOCKS(5, 9, T(RECLAIMABLE))),
		ROOMY_AT(1, NORMAL, BLOCKS(5, 9, T(RECLAIMABLE)))),
	  ASK(RECLAIMABLE, .nodes = 2), ONE(fast, buddy, 0, DMA32) },
	/* With a nodemask the preferred zone may be one that the cpuset forbids. */
	{ "nofragment-remote-to-a-forbidden-node",
	  ZONES(ZONE(0, NORMAL, 5000, MARKS, OFF_CPUSET, SMALL_MOVABLE), ROOMY_AT(1, NORMAL, SMALL_MOVABLE),
		ROOMY_AT(1, DMA32, BLOCKS(5, 9, T(RECLAIMABLE)))),
	  ASK(RECLAIMABLE, .nodes = 2, .masked = true), FAST(buddy, 1), "remote" },
	{ "nofragment-home-is-in-the-cpuset",
	  ZONES(ZONE(0, NORMAL, 5000, MARKS, OFF_CPUSET, SMALL_MOVABLE), ROOMY_AT(1, NORMAL, SMALL_MOVABLE),
		ROOMY_AT(1, DMA32, BLOCKS(5, 9, T(RECLAIMABLE)))),
	  ASK(RECLAIMABLE, .nodes = 2), ONE(fast, buddy, 1, DMA32) },
	{ "nofragment-dropped-and-remote-all-the-same",
	  ZONES(ZONE(0, NORMAL, 1250, MARKS, ALLOWED, SMALL_MOVABLE), ROOMY_AT(1, NORMAL, SMALL_MOVABLE)),
	  ASK(RECLAIMABLE, .nodes = 2), FAST(buddy, 1) },
	{ "nofragment-not-in-the-slow-path",
	  ZONES(ZONE(0, NORMAL, 1200, MARKS, ALLOWED, SMALL_MOVABLE),
		ZONE(0, DMA32, 1200, MARKS, ALLOWED, BLOCKS(5, 9, T(RECLAIMABLE)))),
	  ASK(RECLAIMABLE, .nodes = 1), SLOW(buddy, 0) },

	/* ---- the zonelist ---- */
	{ "zones-first-that-answers", ZONES(N1(2000), N0(2000)), ASK(KERNEL), FAST(refill, 1) },
	{ "zones-next-node-before-the-slow-path", ZONES(N1(1250), N0(1251)), ASK(KERNEL), FAST(refill, 0) },
	{ "zones-slow-path-starts-anew", ZONES(N1(1001), N0(1250)), ASK(KERNEL), SLOW(refill, 1) },
	{ "zones-slow-path-goes-on", ZONES(N1(1000), N0(1001)), ASK(KERNEL), SLOW(refill, 0) },
	{ "zones-all-full", ZONES(N1(1000), N0(1000)), ASK(NOWAIT), FAILS(slow) },
	{ "zones-third", ZONES(N1(1250), N0(1250), ZONE(0, DMA32, 1251, MARKS, ALLOWED, ALL_BLOCKS)),
	  ASK(KERNEL), ONE(fast, refill, 0, DMA32) },
	{ "zones-block-decides-too", ZONES(ROOMY(BLOCKS(3, 600, 7)), N0(2000)), ASK(KERNEL, .order = 4),
	  FAST(buddy, 0) },

	/* ---- the nodemask ---- */
#define MASKED		.masked = true
#define FULL1		ZONE(1, NORMAL, 300, MARKS, ALLOWED, ALL_BLOCKS)
#define OFF0(free)	ZONE(0, NORMAL, free, MARKS, OFF_MASK, ALL_BLOCKS)
	{ "nodemask-skips", ZONES(ZONE(1, NORMAL, 2000, MARKS, OFF_MASK, ALL_BLOCKS), N0(2000)),
	  ASK(KERNEL, MASKED), FAST(refill, 0), "Node 1 NORMAL: not in the nodemask" },
	{ "nodemask-holds-in-the-slow-path", ZONES(FULL1, OFF0(2000)), ASK(KERNEL, MASKED, .noretry = true),
	  OPEN(S(reclaim), LISTED) },
	{ "nodemask-holds-for-nowait", ZONES(FULL1, OFF0(2000)), ASK(NOWAIT, MASKED), FAILS(slow) },
	{ "nodemask-forgotten-for-atomic", ZONES(FULL1, OFF0(2000)), ASK(ATOMIC, MASKED), SLOW(refill, 0),
	  "nodemask and cpuset are forgotten" },
	{ "nodemask-forgotten-for-memalloc",
	  ZONES(ZONE(1, NORMAL, 300, MARKS, ALLOWED, NO_BLOCKS), OFF0(2000)),
	  ASK(NOWAIT, MASKED, .memalloc = true), SLOW(refill, 0) },
	{ "nodemask-forgotten-for-a-victim", ZONES(FULL1, OFF0(2000)),
	  ASK(KERNEL, MASKED, .oom_victim = true), SLOW(refill, 0) },
	{ "nodemask-without-a-zone", ZONES(OFF0(2000)), ASK(KERNEL, MASKED), FAILS(slow), "no zone is allowed" },

	/* ---- the cpuset ---- */
#define OUT0(free)	ZONE(0, NORMAL, free, MARKS, OFF_CPUSET, ALL_BLOCKS)
	{ "cpuset-skips", ZONES(ZONE(1, NORMAL, 2000, MARKS, OFF_CPUSET, ALL_BLOCKS), N0(2000)), ASK(KERNEL),
	  FAST(refill, 0), "Node 1 NORMAL: not in the cpuset" },
	{ "cpuset-is-hard-in-the-fast-path", ZONES(N1(1250), OUT0(9000)), ASK(KERNEL), SLOW(refill, 1) },
	{ "cpuset-is-soft-in-the-slow-path", ZONES(FULL1, OUT0(2000)), ASK(KERNEL), SLOW(refill, 0) },
	{ "cpuset-walls-above-are-not-followed", ZONES(FULL1, OUT0(2000)), ASK(KERNEL, .cpuset_v1 = true),
	  UNKNOWN, "not followed: a cpuset above" },
	{ "cpuset-walls-above-do-not-matter-to-the-fast-path", ZONES(N1(1251), OUT0(2000)),
	  ASK(KERNEL, .cpuset_v1 = true), FAST(refill, 1) },
	{ "cpuset-walls-above-do-not-matter-to-atomic", ZONES(FULL1, OUT0(2000)),
	  ASK(ATOMIC, .cpuset_v1 = true), SLOW(refill, 0) },
	{ "cpuset-is-hard-for-user", ZONES(FULL1, OUT0(2000)), ASK(USER, .noretry = true), OPEN_ANY(S(reclaim), LISTED) },
	{ "cpuset-forgotten-for-atomic-at-once", ZONES(ZONE(0, NORMAL, 400, MARKS, OFF_CPUSET, ALL_BLOCKS), N1(400)),
	  ASK(ATOMIC, .hardwall = true), SLOW(refill, 0) },
	{ "cpuset-forgotten-for-atomic", ZONES(FULL1, OUT0(2000)), ASK(ATOMIC, .hardwall = true), SLOW(refill, 0) },
	{ "cpuset-kept-for-nowait", ZONES(FULL1, OUT0(2000)), ASK(NOWAIT, .hardwall = true), FAILS(slow) },
	{ "cpuset-forgotten-for-memalloc",
	  ZONES(ZONE(1, NORMAL, 300, MARKS, ALLOWED, NO_BLOCKS), OUT0(2000)),
	  ASK(USER, .memalloc = true), SLOW(refill, 0) },
	/* Nodemask {0}, cpuset {1}: no node in common. */
#define STRAY		MASKED, .nodemask_outside_cpuset = true
#define IN1(free)	ZONE(1, NORMAL, free, MARKS, OFF_MASK, ALL_BLOCKS)
	{ "cpuset-over-nodemask", ZONES(OUT0(2000), IN1(2000)), ASK(USER, STRAY), SLOW(refill, 1),
	  "check_retry_cpuset" },
	{ "cpuset-over-nodemask-not-if-soft", ZONES(OUT0(2000), IN1(2000)), ASK(KERNEL, STRAY), SLOW(refill, 0) },
	{ "cpuset-over-nodemask-without-a-zone", ZONES(IN1(2000)), ASK(USER, STRAY), SLOW(refill, 1) },
	{ "cpuset-over-nodemask-after-compaction-and-reclaim-from-7.0", ZONES(OUT0(2000), IN1(2000)),
	  ASK_OF(7_2, USER, STRAY, .order = 4), MAY_ANY(S(reclaim) | S(compact), FREE | CAPTURED, OK) },
	{ "cpuset-over-nodemask-after-reclaim-from-7.0", ZONES(OUT0(2000), IN1(2000)),
	  ASK_OF(7_2, USER, STRAY), MAY_ANY(S(reclaim), LISTED, OK), "check_retry_cpuset" },
	{ "cpuset-over-nodemask-at-once-if-it-may-not-sleep-from-7.0", ZONES(OUT0(2000), IN1(2000)),
	  ASK_OF(7_2, NOWAIT, STRAY, .hardwall = true), SLOW(refill, 1), "check_retry_cpuset" },
	{ "cpuset-over-nodemask-after-compaction", ZONES(OUT0(2000), IN1(2000)),
	  ASK(USER, STRAY, .order = 4, .noretry = true), MAY_ANY(S(compact), FREE | CAPTURED, OK) },

	/* A cpuset of movable memory alone (node 0), and a request that may not have it. */
#define INSANE		ZONES(ZONE(1, NORMAL, 9000, MARKS, OFF_CPUSET, ALL_BLOCKS))
#define ALL_MOVABLE	.cpuset_movable = true
	{ "cpuset-insane-ends-at-once", INSANE, ASK(USER, ALL_MOVABLE), FAILS(slow), "cpusets_insane_config" },
	{ "cpuset-insane-for-gfp-atomic-too", INSANE, ASK(ATOMIC, ALL_MOVABLE, .hardwall = true), FAILS(slow) },
	{ "cpuset-insane-not-without-hardwall", INSANE, ASK(KERNEL, ALL_MOVABLE), SLOW(refill, 1) },
	{ "cpuset-insane-not-before-5.10", INSANE, ASK_OF(4_15, USER, ALL_MOVABLE, .noretry = true),
	  MAY(S(reclaim), LISTED, OK | FAILED) },
	/* As of a node outside, or a zone that the cpuset's nodes lack, where other zones would do. */
	{ "cpuset-insane-not-with-zones-for-others", INSANE, ASK(USER, .noretry = true),
	  MAY(S(reclaim), LISTED, OK | FAILED) },
	{ "cpuset-insane-nofail", INSANE, ASK(USER, ALL_MOVABLE, .nofail = true), SLOW(refill, 1),
	  "NOFAIL: with some of the reserves" },
	{ "cpuset-insane-nofail-half-of-min-equal",
	  ZONES(ZONE(1, NORMAL, 500, MARKS, OFF_CPUSET, ALL_BLOCKS)),
	  ASK(USER, ALL_MOVABLE, .nofail = true, .thisnode = true), MAY(S(reclaim), LISTED, OK | NEVER) },
	{ "cpuset-insane-nofail-half-of-min-one-above",
	  ZONES(ZONE(1, NORMAL, 501, MARKS, OFF_CPUSET, ALL_BLOCKS)),
	  ASK(USER, ALL_MOVABLE, .nofail = true, .thisnode = true), SLOW(refill, 1) },
	{ "cpuset-insane-nofail-three-quarters-in-5.10-equal",
	  ZONES(ZONE(1, NORMAL, 750, MARKS, OFF_CPUSET, ALL_BLOCKS)),
	  ASK_OF(5_10, USER, ALL_MOVABLE, .nofail = true, .thisnode = true),
	  MAY(S(reclaim), LISTED, OK | NEVER) },
	{ "cpuset-insane-nofail-three-quarters-in-5.10-one-above",
	  ZONES(ZONE(1, NORMAL, 751, MARKS, OFF_CPUSET, ALL_BLOCKS)),
	  ASK_OF(5_10, USER, ALL_MOVABLE, .nofail = true, .thisnode = true), SLOW(refill, 1) },
	{ "cpuset-sane-with-one-zone", ZONES(OUT0(2000), N1(1001)), ASK(USER), SLOW(refill, 1) },
	{ "nodemask-without-a-zone-nofail", ZONES(OFF0(2000)), ASK(KERNEL, MASKED, .nofail = true),
	  .want = { S(reclaim) | S(oom), NEVER, 0, WALK_ANYWHERE, 0 } },
	/* A victim of the OOM killer is let out of its cpuset, but not past one that is its nodemask. */
	{ "cpuset-victim-is-let-out", ZONES(FULL1, OUT0(1001)), ASK(USER, .oom_victim = true),
	  SLOW(refill, 0) },
	{ "cpuset-victim-with-a-nodemask-at-once", ZONES(OUT0(1251)), ASK(USER, MASKED, .oom_victim = true),
	  FAST(refill, 0) },
	{ "cpuset-victim-without-one-not-at-once", ZONES(OUT0(9000)), ASK(KERNEL, .oom_victim = true),
	  SLOW(refill, 0) },

	/* ---- the order of the slow path's steps ---- */
#define SMALLS		ROOMY(BLOCKS(0, 5000, 7))
	{ "steps-reclaim-for-one-page", ZONES(FULL1), ASK(KERNEL, .noretry = true), OPEN(S(reclaim), LISTED) },
	{ "steps-compact-first-if-costly", ZONES(SMALLS), ASK(KERNEL, .order = 4, .migratetype = WALK_MOVABLE),
	  OPEN(S(compact) | S(reclaim), FREE | CAPTURED) },
	{ "steps-compact-first-if-unmovable", ZONES(SMALLS), ASK(KERNEL, .order = 1, .noretry = true),
	  OPEN(S(compact) | S(reclaim), LISTED | CAPTURED) },
	{ "steps-reclaim-first-if-movable", ZONES(SMALLS),
	  ASK(KERNEL, .order = 3, .migratetype = WALK_MOVABLE, .noretry = true), OPEN(S(reclaim), LISTED | CAPTURED) },
	{ "steps-no-compaction-without-io", ZONES(SMALLS), ASK(.direct = true, .kswapd = true, .order = 4),
	  OPEN(S(reclaim), FREE) },
	{ "steps-no-compaction-before-the-reserves", ZONES(SMALLS),
	  ASK(KERNEL, .order = 4, .memalloc = true, .noretry = true), OPEN(S(reclaim), FREE | CAPTURED) },
	{ "steps-one-node-noretry-does-not-reclaim", ZONES(SMALLS),
	  ASK(KERNEL, .order = 4, .noretry = true, .thisnode = true), OPEN(S(compact), FREE | CAPTURED) },
	{ "steps-one-node-reclaims-if-not-costly", ZONES(SMALLS),
	  ASK(KERNEL, .order = 3, .noretry = true, .thisnode = true), OPEN(S(compact) | S(reclaim), LISTED | CAPTURED) },
	{ "steps-costly-noretry", ZONES(SMALLS), ASK(KERNEL, .order = 4, .noretry = true),
	  OPEN(S(compact) | S(reclaim), FREE | CAPTURED) },
	{ "steps-costly-mayfail", ZONES(SMALLS), ASK(KERNEL, .order = 4, .mayfail = true),
	  OPEN(S(compact) | S(reclaim), FREE | CAPTURED), "retries while reclaim makes progress, never kills" },
	{ "steps-nothing-for-who-cannot-sleep", ZONES(SMALLS), ASK(NOWAIT, .order = 4), FAILS(slow),
	  "may not sleep" },
	{ "steps-no-recursion", ZONES(SMALLS), ASK(KERNEL, .order = 4, .memalloc = true, .pf_memalloc = true),
	  FAILS(slow), "PF_MEMALLOC" },
	{ "steps-no-recursion-without-reserves", ZONES(FULL1), ASK(KERNEL, .nomemalloc = true, .pf_memalloc = true),
	  FAILS(slow) },
	{ "steps-kswapd-is-woken", ZONES(N1(1250)), ASK(KERNEL), SLOW(refill, 1), "wake_all_kswapds" },

	/* ---- who may kill ---- */
	{ "kill-one-page", ZONES(FULL1), ASK(FS_KERNEL), MAY(S(reclaim) | S(oom), LISTED, OK | KILLS),
	  "may kill a task" },
	{ "kill-one-page-perhaps-itself", ZONES(FULL1), ASK(FS_KERNEL, .killable = true),
	  MAY(S(reclaim) | S(oom), LISTED, OK | KILLS | FAILED), "if it is this task" },
	{ "kill-not-without-fs", ZONES(FULL1), ASK(KERNEL, .killable = true),
	  MAY(S(reclaim) | S(oom), LISTED, OK | NEVER), "kills no task without __GFP_FS" },
	{ "kill-not-for-a-victim", ZONES(FULL1), ASK(FS_KERNEL, .oom_victim = true),
	  MAY(S(reclaim) | S(oom), LISTED | FREE, OK | FAILED), "a victim of the OOM killer" },
	{ "kill-order-3", ZONES(SMALLS), ASK(FS_KERNEL, .order = 3),
	  MAY(S(compact) | S(reclaim) | S(oom), LISTED | CAPTURED, OK | KILLS) },
	{ "kill-not-if-costly", ZONES(SMALLS), ASK(KERNEL, .order = 4), OPEN(S(compact) | S(reclaim), FREE | CAPTURED) },
	{ "kill-not-for-one-node", ZONES(FULL1), ASK(KERNEL, .thisnode = true), OPEN(S(reclaim), LISTED) },
	{ "kill-not-for-a-low-zone", ZONES(ZONE(0, DMA32, 300, MARKS, ALLOWED, ALL_BLOCKS)), ASK_DMA32(KERNEL),
	  MAY_AT(0, DMA32, S(reclaim), LISTED, OK | FAILED) },
	{ "kill-not-if-it-may-fail", ZONES(FULL1), ASK(KERNEL, .mayfail = true), OPEN(S(reclaim), LISTED) },
	{ "kill-not-if-noretry", ZONES(FULL1), ASK(KERNEL, .noretry = true), OPEN(S(reclaim), LISTED), "NORETRY" },
	{ "kill-nofail", ZONES(FULL1), ASK(FS_KERNEL, .nofail = true, .killable = true),
	  MAY(S(reclaim) | S(oom), LISTED, OK | NEVER | KILLS) },
	{ "kill-nofail-not-without-fs", ZONES(FULL1), ASK(KERNEL, .nofail = true),
	  MAY(S(reclaim) | S(oom), LISTED, OK | NEVER) },
	{ "kill-nofail-not-for-one-node", ZONES(FULL1), ASK(KERNEL, .nofail = true, .thisnode = true),
	  MAY(S(reclaim), LISTED, OK | NEVER) },

	/* ---- a zone without managed pages, as DMA of a kdump kernel: nothing can come ---- */
	{ "unmanaged-costly-noretry", ZONES(NOTHING), ASK(KERNEL, .order = 5, .noretry = true),
	  FAILS(compact), "nothing can come" },
	{ "unmanaged-costly", ZONES(NOTHING), ASK(KERNEL, .order = 5), FAILS(reclaim) },
	{ "unmanaged-one-page", ZONES(NOTHING), ASK_DMA32(KERNEL), FAILS(reclaim) },
	{ "unmanaged-before-another", ZONES(NOTHING, N0(500)), ASK(KERNEL, .order = 5),
	  MAY_AT(0, NORMAL, S(compact) | S(reclaim), FREE | CAPTURED, OK | FAILED) },

	/* ---- vm.zone_reclaim_mode: a full zone may be helped before the next is tried ---- */
#define HELPED(nid, free)	ZONE(nid, NORMAL, free, MARKS, ALLOWED, ALL_BLOCKS, .node_reclaims = true)
	{ "node-reclaim-or-the-next-node", ZONES(HELPED(1, 1250), N0(2000)), ASK(KERNEL),
	  MAY_ANY(S(fast), LISTED, OK), "node_reclaim() may free enough" },
	{ "node-reclaim-not-for-nowait", ZONES(HELPED(1, 1250), N0(2000)), ASK(NOWAIT), FAST(refill, 0) },
	{ "node-reclaim-not-for-pf-memalloc", ZONES(HELPED(1, 1250), N0(2000)),
	  ASK(KERNEL, .memalloc = true, .pf_memalloc = true), FAST(refill, 0) },
	{ "node-reclaim-not-if-there-is-enough", ZONES(HELPED(1, 1251), N0(2000)), ASK(KERNEL),
	  FAST(refill, 1) },
	{ "node-reclaim-or-the-slow-path", ZONES(HELPED(1, 1100)), ASK(KERNEL),
	  MAY(S(fast) | S(slow), LISTED, OK) },
	{ "node-reclaim-at-min-as-well", ZONES(HELPED(1, 900)), ASK(KERNEL, .noretry = true),
	  OPEN(S(fast) | S(slow) | S(reclaim), LISTED) },

	/* ---- __GFP_WRITE: nodes over their share of dirty pages come after the others ---- */
#define DIRTY(nid, free)	ZONE(nid, NORMAL, free, MARKS, ALLOWED, ALL_BLOCKS, .over_dirty = true)
	{ "dirty-goes-to-another-node", ZONES(DIRTY(1, 5000), N0(5000)), ASK(USER, .writes = true),
	  FAST(refill, 0), "Node 1 NORMAL: the node has its share of dirty pages" },
	{ "dirty-does-not-matter-to-others", ZONES(DIRTY(1, 5000), N0(5000)), ASK(USER), FAST(refill, 1) },
	{ "dirty-does-not-matter-in-the-slow-path", ZONES(DIRTY(1, 5000), DIRTY(0, 5000)),
	  ASK(USER, .writes = true), SLOW(refill, 1) },

	/* ---- what is isolated is neither free for any request nor known to be few ---- */
	{ "isolated-is-no-block", ZONES(ROOMY(BLOCKS(5, 9, T(ISOLATE)))), ASK(NOWAIT, .order = 4),
	  FAILS(slow) },
	{ "isolated-among-others", ZONES(ROOMY(BLOCKS(0, 500, T(UNMOVABLE) | T(ISOLATE)))), ASK(KERNEL),
	  MAY(S(fast), SRC(refill) | SRC(unknown), OK) },

	/* ---- what kswapd counts: its own mark, and free pages exactly ---- */
#define CALM(nid, free, ...)	ZONE(nid, NORMAL, free, MARKS, ALLOWED, ALL_BLOCKS, __VA_ARGS__)
	{ "balance-mark-reached-so-not-woken", ZONES(CALM(1, 1200, .balance_free = 1501), N0(1240)),
	  ASK_OF(7_2, KERNEL), SLOW(refill, 1) },
	{ "balance-mark-of-tiering-not-reached",
	  ZONES(CALM(1, 1200, .balance_free = 1600, .balance_mark = 1700), CALM(0, 1240, .balance_free = 1501)),
	  ASK_OF(7_2, KERNEL), SLOW(refill, 0) },

	/* ---- a memory cgroup that has no room ---- */
#define SHORT		.charge_short = true
#define CHARGED(results) .want = { S(fast), results, SRC(refill), 1, NORMAL }
	{ "charge-kills-or-fails", ZONES(N1(9000)), ASK(FS_KERNEL, SHORT), CHARGED(OK | KILLS | FAILED),
	  "try_charge_memcg" },
	{ "charge-of-a-costly-order-fails", ZONES(N1(9000)), ASK(FS_KERNEL, SHORT, .order = 4),
	  .want = { S(fast), OK | FAILED, SRC(buddy), 1, NORMAL } },
	{ "charge-that-may-fail-fails", ZONES(N1(9000)), ASK(KERNEL, SHORT, .noretry = true),
	  CHARGED(OK | FAILED) },
	{ "charge-that-can-not-wait-fails", ZONES(N1(9000)), ASK(NOWAIT, SHORT), CHARGED(OK | FAILED),
	  "unless this CPU has charges in stock\n" },
	{ "charge-is-forced-for-high", ZONES(N1(9000)), ASK(ATOMIC, SHORT), CHARGED(OK) },
	{ "charge-is-not-forced-for-high-alone-in-5.10", ZONES(N1(9000)), ASK_OF(5_10, ATOMIC, SHORT),
	  CHARGED(OK | FAILED) },
	{ "charge-is-forced-for-nofail", ZONES(N1(9000)), ASK(KERNEL, SHORT, .nofail = true),
	  CHARGED(OK | KILLS) },
	{ "charge-is-forced-for-pf-memalloc", ZONES(N1(9000)),
	  ASK(KERNEL, SHORT, .memalloc = true, .pf_memalloc = true), CHARGED(OK) },
	{ "charge-comes-after-the-page", ZONES(N1(500)), ASK(NOWAIT, SHORT), FAILS(slow) },

	/* ---- another migratetype's block, and what is claimed with it ---- */
#define OF(...)		.blocks = { [0 ... 10] = 50 }, .types = { __VA_ARGS__ }
	{ "fallback-unmovable-takes-the-largest", ZONES(ROOMY(OF([4] = T(MOVABLE), [10] = T(MOVABLE)))),
	  ASK(KERNEL, .order = 4), FAST(buddy, 1),
	  "falls back: unmovable<movable, a free block of order 10, claimed whole\n" },
	{ "fallback-unmovable-of-reclaimable-first", ZONES(ROOMY(OF([9] = T(MOVABLE) | T(RECLAIMABLE)))),
	  ASK(KERNEL, .order = 4), FAST(buddy, 1), "falls back: unmovable<reclaimable, a free block of order 9," },
	{ "fallback-reclaimable-of-unmovable-first", ZONES(ROOMY(OF([9] = T(MOVABLE) | T(UNMOVABLE)))),
	  ASK(KERNEL, .order = 4, .migratetype = WALK_RECLAIMABLE), FAST(buddy, 1),
	  "falls back: reclaimable<unmovable, a free block of order 9," },
	{ "fallback-movable-of-reclaimable-first", ZONES(ROOMY(OF([9] = T(UNMOVABLE) | T(RECLAIMABLE)))),
	  ASK(KERNEL, .order = 4, .migratetype = WALK_MOVABLE), FAST(buddy, 1),
	  "falls back: movable<reclaimable, a free block of order 9," },
	{ "fallback-order-before-type", ZONES(ROOMY(OF([4] = T(RECLAIMABLE), [5] = T(MOVABLE)))),
	  ASK(KERNEL, .order = 4), FAST(buddy, 1), "falls back: unmovable<movable, a free block of order 5," },
	{ "fallback-half-is-enough", ZONES(ROOMY(OF([8] = T(MOVABLE)))), ASK(KERNEL, .order = 4), FAST(buddy, 1),
	  "order 8, claimed whole\n" },
	{ "fallback-less-is-open", ZONES(ROOMY(OF([7] = T(MOVABLE)))), ASK(KERNEL, .order = 4), FAST(buddy, 1),
	  "order 7, claimed none|part|whole\n" },
	{ "fallback-movable-takes-the-largest-if-it-may-claim",
	  ZONES(ROOMY(OF([4] = T(UNMOVABLE), [5] = T(UNMOVABLE)))),
	  ASK(KERNEL, .order = 4, .migratetype = WALK_MOVABLE), FAST(buddy, 1),
	  "falls back: movable<unmovable, a free block of order 5, claimed none|part|whole\n" },
	{ "fallback-movable-takes-the-smallest-else",
	  ZONES(ROOMY(OF([1] = T(UNMOVABLE), [3] = T(UNMOVABLE)))),
	  ASK(KERNEL, .order = 1, .migratetype = WALK_MOVABLE), FAST(refill, 1),
	  "falls back: movable<unmovable, a free block of order 1, claimed none\n" },
	{ "fallback-unmovable-claims-small-ones", ZONES(ROOMY(OF([1] = T(MOVABLE), [3] = T(MOVABLE)))),
	  ASK(KERNEL, .order = 1), FAST(refill, 1),
	  "falls back: unmovable<movable, a free block of order 3, claimed none|part|whole\n" },
	{ "fallback-nofragment-takes-pageblocks", ZONES(ROOMY(OF([4] = T(MOVABLE), [9] = T(MOVABLE)))),
	  ASK(KERNEL, .order = 4, .nofragment = true), FAST(buddy, 1), "order 9, claimed whole\n" },
	{ "fallback-6.12-half-is-enough", ZONES(ROOMY(OF([4] = T(MOVABLE), [8] = T(MOVABLE)))),
	  ASK_OF(6_12, KERNEL, .order = 4), FAST(buddy, 1), "order 8, claimed whole\n" },
	{ "fallback-6.12-less-is-open", ZONES(ROOMY(OF([4] = T(MOVABLE), [7] = T(MOVABLE)))),
	  ASK_OF(6_12, KERNEL, .order = 4), FAST(buddy, 1),
	  "falls back to another type, claimed none|whole\n" },
	{ "fallback-6.12-less-is-open-but-for-the-block", ZONES(ROOMY(OF([5] = T(MOVABLE)))),
	  ASK_OF(6_12, KERNEL, .order = 4), FAST(buddy, 1),
	  "falls back: unmovable<movable, a free block of order 5, claimed none|whole\n" },
	{ "fallback-6.12-movable-takes-the-smallest", ZONES(ROOMY(OF([1] = T(UNMOVABLE), [3] = T(UNMOVABLE)))),
	  ASK_OF(6_12, KERNEL, .order = 1, .migratetype = WALK_MOVABLE), FAST(refill, 1),
	  "falls back: movable<unmovable, a free block of order 1, claimed none\n" },

	/* ---- the smallest block of its own type, and what expand() gives back ---- */
	{ "smallest-exact", ZONES(ROOMY(OF([4] = T(UNMOVABLE), [5] = T(UNMOVABLE)))),
	  ASK(KERNEL, .order = 4), FAST(buddy, 1), "      __rmqueue_smallest: order 4\n" },
	{ "smallest-of-its-own-type", ZONES(ROOMY(OF([4] = T(MOVABLE), [7] = T(UNMOVABLE), [9] = T(UNMOVABLE)))),
	  ASK(KERNEL, .order = 4), FAST(buddy, 1), "__rmqueue_smallest: order 7; expand gives back 6 5 4\n" },
	{ "smallest-for-a-refill", ZONES(ROOMY(OF([1] = T(UNMOVABLE)))), ASK(KERNEL), FAST(refill, 1),
	  "__rmqueue_smallest: order 1; expand gives back 0\n" },

	/* ---- turned away ---- */
	{ "over-max", ZONES(ROOMY(ALL_BLOCKS)), ASK(KERNEL, .order = 11),
	  .want = { S(rejected), FAILED, 0, WALK_ANYWHERE, 0 } },
	{ "over-max-not-at-it", ZONES(ROOMY(ALL_BLOCKS)), ASK(KERNEL, .order = 10), FAST(buddy, 1) },
};

/* A sink that keeps the steps. */
struct text_sink {
	struct gfplab_explain_sink sink;
	char text[4096];
	size_t len;
};

static void keep_step(struct gfplab_explain_sink *to, const char *fmt, ...)
{
	struct text_sink *kept = (struct text_sink *)to;
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(kept->text + kept->len, sizeof(kept->text) - kept->len, fmt, args);
	va_end(args);
	kept->len += len;
	if (kept->len >= sizeof(kept->text))
		kept->len = sizeof(kept->text) - 1;
}

/* What a row leaves open: one machine, and which orders have per-cpu lists. */
static void predict(const struct row *row, struct gfplab_prediction *p, struct gfplab_explain_sink *to)
{
	struct gfplab_walk walk = row->walk;

	walk.zones = row->zones;
	while (walk.nr_zones < 3 && row->zones[walk.nr_zones].name)
		walk.nr_zones++;
	walk.max_order = 10;
	walk.pageblock = 9;
	walk.normal = NORMAL;
	if (!walk.nodes)
		walk.nodes = 2;
	walk.pcp_order = walk.order <= 3 || walk.order == 9;
	gfplab_predict(&walk, p, to);
}

static int same(const struct gfplab_prediction *a, const struct gfplab_prediction *b)
{
	return a->stages == b->stages && a->results == b->results && a->sources == b->sources &&
	       a->nid == b->nid && (a->nid == WALK_ANYWHERE || a->zone == b->zone);
}

static void print_set(const char *label, const struct gfplab_word *words, __u32 set)
{
	char text[GFPLAB_WORDS_MAX];

	gfplab_words_format(text, sizeof(text), words, set, " ");
	printf(" %s %s", label, text);
}

static void print(const char *label, const struct gfplab_prediction *p)
{
	printf("%s:", label);
	print_set("stages", gfplab_stages, p->stages);
	print_set("results", gfplab_outcomes, p->results);
	print_set("sources", gfplab_sources, p->sources);
	printf(" nid %d zone %u", p->nid, p->zone);
}

/* Told or not, a prediction is the same. Return: 1 if the row is wrong. */
static int judge(const struct row *row, int aloud)
{
	struct text_sink kept = { .sink.step = keep_step };
	struct gfplab_prediction got, quiet;

	predict(row, &got, &kept.sink);
	predict(row, &quiet, NULL);
	if (aloud)
		fputs(kept.text, stdout);
	if (!same(&got, &row->want)) {
		printf("not ok %s:", row->name);
		print(" predicted", &got);
		print("; by hand", &row->want);
		putchar('\n');
		return 1;
	}
	if (!same(&got, &quiet)) {
		printf("not ok %s: another prediction when nobody listens\n", row->name);
		return 1;
	}
	if (row->says && !strstr(kept.text, row->says)) {
		printf("not ok %s: does not say `%s`\n", row->name, row->says);
		return 1;
	}
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
