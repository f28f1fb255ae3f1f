// SPDX-License-Identifier: GPL-2.0
/*
 * verdict_test - feeds made-up evidence to module/rules/verdict.c, which knows no kernel,
 * and holds its answers against verdicts worked out by hand.
 *
 * Prints a line a row, `ok NAME` or `not ok NAME: what differs`; with -l, the
 * names alone; with a name, that row alone. Exit status: 0 if all are right.
 */
#include <stdio.h>
#include <string.h>
#include "judged_rows.h"

#include "rules/alloc_flags.h"
#include "rules/probes.h"
#include "rules/verdict.h"
#include "rules/words.h"

#define ALL		((1ULL << NR_PROBES) - 1)
#define BUT(...)	(ALL & ~(__VA_ARGS__))

/* What a run has at observe=none and observe=path or time. */
#define AT_NONE		0U
#define AT_PATH		BUT(PROBE_BIT(attempt) | PROBE_BIT(alloc))

/* Blocks, of which the address alone counts. */
static const char block[4];

/* enum migratetype */
#define UNMOVABLE	0
#define MOVABLE		1
#define RECLAIMABLE	2

/* enum compact_result + 1 */
#define SKIPPED		(1 + 1)
#define COMPLETE	(5 + 1)
#define SUCCESS		(8 + 1)

/* alloc_flags as the kernels use them (mm/internal.h) */
#define MIN		0x0
#define LOW		0x1
#define NOWMARK		0x4
#define OOM		0x8
#define HARDER		0x10
#define HIGH		0x20

static const struct row {
	const char *name;
	struct gfplab_evidence ev;
	struct gfplab_outcome out;
	struct gfplab_verdict want;
} rows[] = {
#define EV(...)		.ev = { __VA_ARGS__ }
#define OUT(...)	.out = { __VA_ARGS__ }
#define WANT(result_, stage_, source_, reserve_)			\
	.want = { RESULT_##result_, STAGE_##stage_, SOURCE_##source_, RESERVE_##reserve_ }
/* The same, where a fallback or a charge is what it is about. */
#define WANT_ALSO(result_, stage_, source_, claimed_, charge_)		\
	.want = { RESULT_##result_, STAGE_##stage_, SOURCE_##source_, RESERVE_none, \
		  CLAIM_##claimed_, CHARGE_##charge_ }
/* The same with nothing to see a fallback by. */
#define WANT_UNSEEN(result_, stage_, source_, reserve_)			\
	.want = { RESULT_##result_, STAGE_##stage_, SOURCE_##source_, RESERVE_##reserve_, CLAIM_unknown }
/* One fallback: the type asked for, the one taken from, the pageblock's afterwards. */
#define STOLEN(to, from, block_, others)					\
	.extfrag = 1, .seen.steal_to = to, .seen.steal_from = from,	\
	.seen.steal_block = block_, .seen.steal_others = OTHERS_##others
/* The slow path's first words, and a fast path's. */
#define FAST		.hits = 2, .alloc_event = 1, .seen.attempts = 1, .seen.flags_last = LOW
#define SLOW(n, flags)	.hits = 9, .slow = 1, .alloc_event = 1, .seen.attempts = n, .seen.flags_last = flags
#define SMALL		.got = true, .pcp_order = true
#define LARGE		.got = true

	/* ---- fast: sources ---- */
	{ "fast-pcp",
	  EV(FAST), OUT(.probes = ALL, SMALL),
	  WANT(ok, fast, pcp, none) },
	{ "fast-pcp-no-events-at-all",
	  EV(.hits = 0), OUT(.probes = AT_PATH, SMALL),
	  WANT(ok, fast, pcp, none) },
	{ "fast-refill",
	  EV(FAST, .zonelocked = 63), OUT(.probes = ALL, SMALL),
	  WANT(ok, fast, refill, none) },
	{ "fast-refill-of-two",
	  EV(FAST, .zonelocked = 2), OUT(.probes = ALL, SMALL),
	  WANT(ok, fast, refill, none) },
	{ "fast-many-taken-for-several-orders",
	  EV(FAST, .zonelocked = 63), OUT(.probes = ALL, SMALL, .mixed = true),
	  WANT(ok, fast, unknown, none) },
	{ "fast-nothing-taken-for-several-orders",
	  EV(FAST), OUT(.probes = ALL, SMALL, .mixed = true),
	  WANT(ok, fast, pcp, none) },
	{ "fast-one-taken-is-refill-or-buddy",
	  EV(FAST, .zonelocked = 1), OUT(.probes = ALL, SMALL),
	  WANT(ok, fast, unknown, none) },
	{ "fast-buddy",
	  EV(FAST, .zonelocked = 1), OUT(.probes = ALL, LARGE),
	  WANT(ok, fast, buddy, none) },
	{ "fast-buddy-steal-with-event",
	  EV(FAST, .zonelocked = 1, STOLEN(UNMOVABLE, MOVABLE, MOVABLE, STAY)), OUT(.probes = ALL, LARGE),
	  WANT(ok, fast, buddy, none) },
	{ "fast-buddy-silent-steal",
	  EV(FAST, STOLEN(UNMOVABLE, MOVABLE, MOVABLE, UNSEEN), .silent = 1),
	  OUT(.probes = ALL, LARGE, .claims_whole = true), WANT(ok, fast, buddy, none) },
	{ "fast-large-with-nothing-seen-taken",
	  EV(FAST), OUT(.probes = ALL, LARGE),
	  WANT(ok, fast, unknown, none) },
	{ "fast-steal-alone-is-no-block-where-steals-are-not-silent",
	  EV(FAST, STOLEN(UNMOVABLE, MOVABLE, MOVABLE, STAY)), OUT(.probes = ALL, LARGE),
	  WANT(ok, fast, unknown, none) },
	{ "fast-refill-one-of-two-silent",
	  EV(FAST, .zonelocked = 1, STOLEN(UNMOVABLE, MOVABLE, MOVABLE, UNSEEN), .silent = 1),
	  OUT(.probes = ALL, SMALL, .claims_whole = true), WANT(ok, fast, refill, none) },
	{ "fast-steal-counts-once-where-it-has-its-event",
	  EV(FAST, .zonelocked = 1, STOLEN(UNMOVABLE, MOVABLE, MOVABLE, STAY)), OUT(.probes = ALL, SMALL),
	  WANT(ok, fast, unknown, none) },
	{ "fast-steal-that-claims-is-told-of-twice-and-counts-once",
	  EV(FAST, .zonelocked = 1, STOLEN(UNMOVABLE, MOVABLE, UNMOVABLE, UNSEEN)),
	  OUT(.probes = ALL, SMALL, .claims_whole = true),
	  WANT_ALSO(ok, fast, unknown, whole, none) },
	{ "fast-cma",
	  EV(FAST, .zonelocked = 1, .cma = 1), OUT(.probes = ALL, LARGE, .cma = true),
	  WANT(ok, fast, cma, none) },
	{ "fast-cma-before-refill",
	  EV(FAST, .zonelocked = 63, .cma = 63), OUT(.probes = ALL, SMALL, .cma = true),
	  WANT(ok, fast, cma, none) },
	{ "fast-cma-among-the-batch-but-not-the-page",
	  EV(FAST, .zonelocked = 63, .cma = 1), OUT(.probes = ALL, SMALL),
	  WANT(ok, fast, refill, none) },
	{ "fast-cma-page-that-the-list-had",
	  EV(FAST), OUT(.probes = ALL, SMALL, .cma = true),
	  WANT(ok, fast, pcp, none) },
	{ "fast-highatomic-small-comes-from-the-buddy",
	  EV(FAST, .zonelocked = 1, .highatomic = 1), OUT(.probes = ALL, SMALL),
	  WANT(ok, fast, buddy, highatomic) },
	{ "fast-highatomic-large",
	  EV(FAST, .zonelocked = 1, .highatomic = 1), OUT(.probes = ALL, LARGE),
	  WANT(ok, fast, buddy, highatomic) },

	/* A kernel that refills nothing for HIGHATOMIC leaves no doubt; the last attempt's flags count. */
#define HIGHATOMIC	0x200
	{ "fast-one-taken-for-highatomic",
	  EV(.hits = 2, .alloc_event = 1, .seen.attempts = 1, .seen.flags_last = LOW | HIGHATOMIC, .zonelocked = 1),
	  OUT(.probes = ALL, SMALL, .no_refill_highatomic = true), WANT(ok, fast, buddy, none) },
	{ "fast-one-taken-for-highatomic-that-refills",
	  EV(.hits = 2, .alloc_event = 1, .seen.attempts = 1, .seen.flags_last = LOW | HIGHATOMIC, .zonelocked = 1),
	  OUT(.probes = ALL, SMALL), WANT(ok, fast, unknown, none) },
	{ "fast-one-taken-for-another",
	  EV(FAST, .zonelocked = 1), OUT(.probes = ALL, SMALL, .no_refill_highatomic = true),
	  WANT(ok, fast, unknown, none) },
	{ "fast-one-taken-flags-unseen",
	  EV(.hits = 2, .seen.flags_last = LOW | HIGHATOMIC, .seen.attempts = 1, .zonelocked = 1),
	  OUT(.probes = AT_PATH, SMALL, .no_refill_highatomic = true), WANT(ok, fast, unknown, none) },

	/* ---- what a fallback took of its pageblock ---- */
	{ "claimed-nothing-moved",
	  EV(FAST, .zonelocked = 1, STOLEN(MOVABLE, UNMOVABLE, UNMOVABLE, STAY)), OUT(.probes = ALL, LARGE),
	  WANT_ALSO(ok, fast, buddy, none, none) },
	{ "claimed-small-movable-untold",
	  EV(FAST, .zonelocked = 1, STOLEN(MOVABLE, UNMOVABLE, MOVABLE, UNTOLD)), OUT(.probes = ALL, LARGE),
	  WANT_ALSO(ok, fast, buddy, unknown, none) },
	{ "claimed-nothing-though-the-pageblock-has-that-type",
	  EV(FAST, .zonelocked = 1, STOLEN(MOVABLE, UNMOVABLE, MOVABLE, STAY)), OUT(.probes = ALL, LARGE),
	  WANT_ALSO(ok, fast, buddy, none, none) },
	{ "claimed-part",
	  EV(FAST, .zonelocked = 1, STOLEN(UNMOVABLE, MOVABLE, MOVABLE, MOVED)), OUT(.probes = ALL, LARGE),
	  WANT_ALSO(ok, fast, buddy, part, none) },
	{ "claimed-whole",
	  EV(FAST, .zonelocked = 1, STOLEN(UNMOVABLE, MOVABLE, UNMOVABLE, MOVED)), OUT(.probes = ALL, LARGE),
	  WANT_ALSO(ok, fast, buddy, whole, none) },
	{ "claimed-the-only-block-with-the-type",
	  EV(FAST, .zonelocked = 1, STOLEN(UNMOVABLE, MOVABLE, UNMOVABLE, NONE)), OUT(.probes = ALL, LARGE),
	  WANT_ALSO(ok, fast, buddy, whole, none) },
	{ "claimed-the-only-block-and-no-more",
	  EV(FAST, .zonelocked = 1, STOLEN(UNMOVABLE, RECLAIMABLE, RECLAIMABLE, NONE)), OUT(.probes = ALL, LARGE),
	  WANT_ALSO(ok, fast, buddy, none, none) },
	{ "claimed-whole-pageblocks",
	  EV(FAST, .zonelocked = 1, STOLEN(RECLAIMABLE, MOVABLE, RECLAIMABLE, UNSEEN)), OUT(.probes = ALL, LARGE),
	  WANT_ALSO(ok, fast, buddy, whole, none) },
	{ "claimed-unknown-at-the-end-of-a-zone",
	  EV(FAST, .zonelocked = 1, STOLEN(UNMOVABLE, MOVABLE, MOVABLE, UNSEEN)), OUT(.probes = ALL, LARGE),
	  WANT_ALSO(ok, fast, buddy, unknown, none) },
	{ "claimed-none-where-there-is-no-part",
	  EV(FAST, STOLEN(UNMOVABLE, MOVABLE, MOVABLE, UNSEEN), .silent = 1),
	  OUT(.probes = ALL, LARGE, .claims_whole = true), WANT_ALSO(ok, fast, buddy, none, none) },
	{ "claimed-whole-where-there-is-no-part",
	  EV(FAST, STOLEN(UNMOVABLE, MOVABLE, UNMOVABLE, UNSEEN), .silent = 1),
	  OUT(.probes = ALL, LARGE, .claims_whole = true), WANT_ALSO(ok, fast, buddy, whole, none) },

	/* ---- slow: stages ---- */
	{ "slow-second-attempt",
	  EV(SLOW(2, MIN)), OUT(.probes = ALL, SMALL, .placed = true),
	  WANT(ok, slow, pcp, none) },
	{ "slow-at-path-needs-no-attempt-probe",
	  EV(.hits = 3, .slow = 1, .seen.kswapd = 1), OUT(.probes = AT_PATH, SMALL, .placed = true),
	  WANT(ok, slow, pcp, none) },
	{ "slow-failed-without-an-attempt",
	  EV(FAST), OUT(.probes = ALL, .pcp_order = true),
	  WANT(failed, slow, none, none) },
	{ "slow-failed-and-nobody-there-to-see",
	  EV(FAST), OUT(.probes = ALL & ~PROBE_BIT(slowpath), .pcp_order = true),
	  WANT(failed, unknown, none, none) },
	{ "slow-failed",
	  EV(SLOW(3, MIN)), OUT(.probes = ALL, .pcp_order = true),
	  WANT(failed, slow, none, none) },
	{ "slow-failed-without-the-last-event",
	  EV(.hits = 2, .slow = 1), OUT(.probes = AT_PATH, .pcp_order = true),
	  WANT(failed, slow, none, none) },
	{ "slow-buddy",
	  EV(SLOW(2, MIN), .zonelocked = 1), OUT(.probes = ALL, LARGE, .placed = true),
	  WANT(ok, slow, buddy, none) },
	{ "compact-then-failed",
	  EV(SLOW(3, MIN), .seen.compacts = 1, .seen.compact_result = COMPLETE), OUT(.probes = ALL),
	  WANT(failed, compact, none, none) },
	{ "compact-skipped-is-compact-still",
	  EV(SLOW(3, MIN), .seen.compacts = 1, .seen.compact_result = SKIPPED, .zonelocked = 1),
	  OUT(.probes = ALL, LARGE, .placed = true),
	  WANT(ok, compact, buddy, none) },
	{ "compact-capture-large",
	  EV(SLOW(2, MIN), .seen.compacts = 1, .seen.compact_result = SUCCESS),
	  OUT(.probes = ALL, LARGE, .placed = true),
	  WANT(ok, compact, capture, none) },
	{ "compact-success-then-taken-is-buddy",
	  EV(SLOW(3, MIN), .seen.compacts = 1, .seen.compact_result = SUCCESS, .zonelocked = 1),
	  OUT(.probes = ALL, LARGE, .placed = true),
	  WANT(ok, compact, buddy, none) },
	{ "compact-capture-small-no-attempt-after",
	  EV(SLOW(2, MIN), .seen.compacts = 1, .seen.compact_result = SUCCESS, .attempts_after = 0),
	  OUT(.probes = ALL, SMALL, .placed = true),
	  WANT(ok, compact, capture, none) },
	{ "compact-small-attempt-after-is-pcp",
	  EV(SLOW(3, MIN), .seen.compacts = 1, .seen.compact_result = SUCCESS, .attempts_after = 1),
	  OUT(.probes = ALL, SMALL, .placed = true),
	  WANT(ok, compact, pcp, none) },
	{ "compact-small-without-attempt-probe",
	  EV(.hits = 5, .slow = 1, .seen.compacts = 1, .seen.compact_result = SUCCESS),
	  OUT(.probes = AT_PATH, SMALL, .placed = true),
	  WANT(ok, compact, unknown, none) },
	{ "reclaim",
	  EV(SLOW(3, MIN), .seen.reclaims = 1, .seen.reclaimed = 32),
	  OUT(.probes = ALL, SMALL, .placed = true),
	  WANT(ok, reclaim, pcp, none) },
	{ "reclaim-after-compact-is-further",
	  EV(SLOW(4, MIN), .seen.compacts = 1, .seen.compact_result = COMPLETE, .seen.reclaims = 1),
	  OUT(.probes = ALL),
	  WANT(failed, reclaim, none, none) },
	{ "oom-entered",
	  EV(SLOW(5, MIN), .seen.reclaims = 3, .oom = 1), OUT(.probes = ALL, .pcp_order = true),
	  WANT(failed, oom, none, none) },
	{ "oom-victim-alone-proves-it",
	  EV(SLOW(5, MIN), .seen.reclaims = 3, .seen.victim = 123),
	  OUT(.probes = BUT(PROBE_BIT(oom)), SMALL, .placed = true),
	  WANT(ok, oom, pcp, none) },

	/* ---- rejected ---- */
	{ "rejected-order-over-maximum",
	  EV(.hits = 0), OUT(.probes = ALL, .over_max = true),
	  WANT(rejected, rejected, none, none) },
	{ "rejected-order-over-maximum-unobserved",
	  EV(.hits = 0), OUT(.probes = AT_NONE, .over_max = true),
	  WANT_UNSEEN(rejected, rejected, none, none) },
	{ "rejected-nothing-was-tried",
	  EV(.hits = 0), OUT(.probes = ALL, .pcp_order = true),
	  WANT(rejected, rejected, none, none) },
	{ "rejected-no-slow-path-at-path",
	  EV(.hits = 0), OUT(.probes = AT_PATH, .pcp_order = true),
	  WANT(rejected, rejected, none, none) },
	{ "failed-charge-at-path-is-not-called-rejected",
	  EV(.hits = 0), OUT(.probes = AT_PATH, .pcp_order = true, .account = true),
	  WANT_ALSO(failed, fast, none, none, failed) },
	{ "failed-once-at-path-is-not-called-rejected",
	  EV(.hits = 0), OUT(.probes = AT_PATH, .pcp_order = true, .once = true),
	  WANT(failed, fast, none, none) },
	{ "failed-once",
	  EV(FAST), OUT(.probes = ALL, .pcp_order = true, .once = true),
	  WANT(failed, fast, none, none) },
	{ "rejected-once-nothing-was-tried",
	  EV(.hits = 0), OUT(.probes = ALL, .pcp_order = true, .once = true),
	  WANT(rejected, rejected, none, none) },
	{ "failed-charge-after-the-page",
	  EV(FAST), OUT(.probes = ALL, .pcp_order = true, .account = true),
	  WANT_ALSO(failed, fast, none, none, failed) },
	{ "charge-no-slowpath-probe",
	  EV(FAST), OUT(.probes = BUT(PROBE_BIT(slowpath)), .pcp_order = true, .account = true),
	  WANT_ALSO(failed, unknown, none, none, unknown) },
	{ "charge-reclaimed-for-in-the-fast-path",
	  EV(FAST, .charged = 1), OUT(.probes = BUT(PROBE_BIT(slowpath)), .pcp_order = true, .account = true),
	  WANT_ALSO(failed, unknown, none, none, failed) },
	{ "charge-after-the-slow-path",
	  EV(SLOW(2, MIN), .charged = 1), OUT(.probes = ALL, .pcp_order = true, .account = true, .reclaims = true),
	  WANT_ALSO(failed, slow, none, none, failed) },
	{ "charge-that-was-not-come-to",
	  EV(SLOW(3, MIN)), OUT(.probes = ALL, .pcp_order = true, .account = true, .reclaims = true),
	  WANT_ALSO(failed, slow, none, none, none) },
	{ "charge-that-leaves-no-trace",
	  EV(SLOW(3, MIN)), OUT(.probes = ALL, .pcp_order = true, .account = true),
	  WANT_ALSO(failed, slow, none, none, unknown) },
	{ "charge-with-nobody-there-to-see",
	  EV(SLOW(3, MIN)), OUT(.probes = BUT(PROBE_BIT(charge)), .pcp_order = true, .account = true, .reclaims = true),
	  WANT_ALSO(failed, slow, none, none, unknown) },
	{ "charge-of-several-blocks",
	  EV(FAST, .charged = 1), OUT(.probes = ALL, .pcp_order = true, .account = true, .mixed = true),
	  WANT_ALSO(failed, fast, none, none, unknown) },
	{ "charge-of-what-has-no-slow-path",
	  EV(FAST), OUT(.probes = ALL, .pcp_order = true, .account = true, .once = true),
	  WANT_ALSO(failed, fast, none, none, unknown) },
	{ "charge-of-what-comes-back",
	  EV(FAST, .charged = 1), OUT(.probes = ALL, SMALL, .account = true),
	  WANT(ok, fast, pcp, none) },
	{ "group-oom-is-not-the-stage",
	  EV(FAST, .charged = 1, .group_oom = 1, .seen.victim = 123),
	  OUT(.probes = ALL, .pcp_order = true, .account = true),
	  WANT_ALSO(failed, fast, none, none, failed) },
	{ "group-oom-that-made-room",
	  EV(FAST, .charged = 1, .group_oom = 1, .seen.victim = 123), OUT(.probes = ALL, SMALL, .account = true),
	  WANT(ok, fast, pcp, none) },
	{ "group-oom-and-the-machine's",
	  EV(SLOW(5, MIN), .seen.reclaims = 3, .oom = 1, .group_oom = 1, .seen.victim = 123),
	  OUT(.probes = ALL, .pcp_order = true, .account = true),
	  WANT_ALSO(failed, oom, none, none, failed) },
	{ "victim-of-whom-without-oom-probe",
	  EV(FAST, .seen.victim = 123), OUT(.probes = BUT(PROBE_BIT(oom)), SMALL, .account = true),
	  WANT(ok, unknown, pcp, unknown) },
	{ "failed-unobserved-is-not-called-rejected",
	  EV(.hits = 0), OUT(.probes = AT_NONE, .pcp_order = true),
	  WANT_UNSEEN(failed, unknown, none, none) },

	/* ---- reserves ---- */
	{ "reserve-high",
	  EV(SLOW(2, MIN | HIGH)), OUT(.probes = ALL, SMALL, .placed = true, .below_min = true),
	  WANT(ok, slow, pcp, high) },
	{ "reserve-nonblock-is-deeper-than-high",
	  EV(SLOW(2, MIN | HIGH | HARDER)),
	  OUT(.probes = ALL, SMALL, .placed = true, .below_min = true),
	  WANT(ok, slow, pcp, nonblock) },
	{ "reserve-not-needed-though-allowed",
	  EV(SLOW(2, MIN | HIGH | HARDER)), OUT(.probes = ALL, SMALL, .placed = true),
	  WANT(ok, slow, pcp, none) },
	{ "reserve-oom-victim",
	  EV(SLOW(2, OOM)), OUT(.probes = ALL, SMALL, .placed = true, .below_min = true),
	  WANT(ok, slow, pcp, oom) },
	{ "reserve-nowatermarks",
	  EV(SLOW(2, NOWMARK)),
	  OUT(.probes = ALL, SMALL, .placed = true, .below_min = true, .pfmemalloc = true),
	  WANT(ok, slow, pcp, nowatermarks) },
	{ "reserve-nowatermarks-though-the-mark-is-gone",
	  EV(SLOW(2, NOWMARK)), OUT(.probes = ALL, SMALL, .placed = true, .below_min = true),
	  WANT(ok, slow, pcp, nowatermarks) },
	{ "reserve-nowatermarks-needs-no-attempt-probe",
	  EV(.hits = 1, .slow = 1),
	  OUT(.probes = AT_PATH, SMALL, .placed = true, .below_min = true, .pfmemalloc = true),
	  WANT(ok, slow, pcp, nowatermarks) },
	{ "reserve-below-min-and-no-flag-to-blame",
	  EV(SLOW(2, MIN)), OUT(.probes = ALL, SMALL, .placed = true, .below_min = true),
	  WANT(ok, slow, pcp, none) },
	{ "reserve-unknown-without-attempt-probe",
	  EV(.hits = 1, .slow = 1),
	  OUT(.probes = AT_PATH, SMALL, .placed = true, .below_min = true),
	  WANT(ok, slow, pcp, unknown) },
	{ "reserve-unknown-if-flags-were-unreadable",
	  EV(SLOW(2, MIN | HIGH), .seen.flags_bad = 1),
	  OUT(.probes = ALL, SMALL, .placed = true, .below_min = true),
	  WANT(ok, slow, pcp, unknown) },
	{ "reserve-unknown-if-nobody-looked-at-the-zone",
	  EV(SLOW(2, MIN | HIGH)), OUT(.probes = ALL, SMALL),
	  WANT(ok, slow, pcp, unknown) },
	{ "reserve-none-of-a-failure",
	  EV(SLOW(2, MIN | HIGH)), OUT(.probes = ALL, .pcp_order = true),
	  WANT(failed, slow, none, none) },
	{ "reserve-highatomic-in-the-slow-path",
	  EV(SLOW(2, MIN | HIGH), .zonelocked = 1, .highatomic = 1),
	  OUT(.probes = ALL, LARGE, .placed = true, .below_min = true),
	  WANT(ok, slow, buddy, highatomic) },

	/* ---- a probe is absent: silence proves nothing ---- */
	{ "unobserved",
	  EV(.hits = 0), OUT(.probes = AT_NONE, SMALL),
	  WANT_UNSEEN(ok, unknown, unknown, unknown) },
	{ "unobserved-large",
	  EV(.hits = 0), OUT(.probes = AT_NONE, LARGE),
	  WANT_UNSEEN(ok, unknown, unknown, unknown) },
	{ "no-slowpath-probe-is-never-fast",
	  EV(FAST), OUT(.probes = BUT(PROBE_BIT(slowpath)), SMALL),
	  WANT(ok, unknown, pcp, unknown) },
	{ "no-oom-probe-slow-may-be-oom",
	  EV(SLOW(2, MIN)), OUT(.probes = BUT(PROBE_BIT(oom)), SMALL, .placed = true),
	  WANT(ok, unknown, pcp, none) },
	{ "no-oom-probe-reclaim-may-be-oom",
	  EV(SLOW(3, MIN), .seen.reclaims = 1), OUT(.probes = BUT(PROBE_BIT(oom)), .pcp_order = true),
	  WANT(failed, unknown, none, none) },
	{ "no-reclaim-probe-slow-may-be-reclaim",
	  EV(SLOW(2, MIN)), OUT(.probes = BUT(PROBE_BIT(reclaim)), SMALL, .placed = true),
	  WANT(ok, unknown, pcp, none) },
	{ "no-reclaim-probe-compact-may-be-reclaim",
	  EV(SLOW(2, MIN), .seen.compacts = 1, .seen.compact_result = COMPLETE),
	  OUT(.probes = BUT(PROBE_BIT(reclaim))),
	  WANT(failed, unknown, none, none) },
	{ "no-compact-probe-slow-may-be-compact",
	  EV(SLOW(2, MIN), .zonelocked = 1), OUT(.probes = BUT(PROBE_BIT(compact)), LARGE, .placed = true),
	  WANT(ok, unknown, buddy, none) },
	{ "no-compact-probe-reclaim-is-further-anyway",
	  EV(SLOW(3, MIN), .seen.reclaims = 1), OUT(.probes = BUT(PROBE_BIT(compact)), .pcp_order = true),
	  WANT(failed, reclaim, none, none) },
	{ "no-zonelocked-probe-is-never-pcp",
	  EV(FAST), OUT(.probes = BUT(PROBE_BIT(zonelocked)), SMALL),
	  WANT(ok, fast, unknown, none) },
	{ "no-extfrag-probe-is-never-pcp",
	  EV(FAST), OUT(.probes = BUT(PROBE_BIT(extfrag)), SMALL),
	  WANT_UNSEEN(ok, fast, unknown, none) },
	{ "no-slowpath-attempt-and-alloc-probe-failed-stays-failed",
	  EV(.hits = 0), OUT(.probes = BUT(PROBE_BIT(slowpath) | PROBE_BIT(alloc) | PROBE_BIT(attempt)), .pcp_order = true),
	  WANT(failed, unknown, none, none) },
	{ "no-slowpath-and-no-alloc-probe-the-attempts-tell-rejected",
	  EV(.hits = 0), OUT(.probes = BUT(PROBE_BIT(slowpath) | PROBE_BIT(alloc)), .pcp_order = true),
	  WANT(rejected, rejected, none, none) },
	{ "no-alloc-probe-an-attempt-in-vain-is-no-rejection",
	  EV(.hits = 1, .seen.attempts = 1, .seen.flags_last = LOW),
	  OUT(.probes = BUT(PROBE_BIT(alloc)), .pcp_order = true, .account = true),
	  WANT_ALSO(failed, fast, none, none, failed) },
	{ "no-alloc-probe-several-orders-may-be-no-attempt",
	  EV(.hits = 0), OUT(.probes = BUT(PROBE_BIT(slowpath) | PROBE_BIT(alloc)), .pcp_order = true, .mixed = true),
	  WANT(failed, unknown, none, none) },
	{ "no-slowpath-probe-the-alloc-event-tells-rejected",
	  EV(.hits = 0), OUT(.probes = BUT(PROBE_BIT(slowpath)), .pcp_order = true),
	  WANT(rejected, rejected, none, none) },
	/* ---- entries that have memory left over, or go round the walk ---- */
	{ "client-left-over-asked-nobody",
	  EV(.hits = 0), OUT(.probes = ALL, SMALL, .client = true),
	  WANT(ok, unknown, none, none) },
	{ "client-that-asked-is-like-any-other",
	  EV(FAST, .zonelocked = 63), OUT(.probes = ALL, SMALL, .client = true),
	  WANT(ok, fast, refill, none) },
	{ "client-without-alloc-probe-may-have-asked",
	  EV(.hits = 0), OUT(.probes = AT_PATH, SMALL, .client = true),
	  WANT(ok, fast, pcp, none) },
	{ "client-failed-is-not-left-over",
	  EV(SLOW(3, MIN)), OUT(.probes = ALL, .pcp_order = true, .client = true),
	  WANT(failed, slow, none, none) },
	{ "bypass-has-no-path",
	  EV(.hits = 7, .seen.compacts = 1), OUT(.probes = ALL, LARGE, .bypass = true),
	  WANT(ok, unknown, unknown, unknown) },
	{ "bypass-failed-is-not-called-rejected",
	  EV(.hits = 0), OUT(.probes = ALL, .bypass = true),
	  WANT(failed, unknown, none, none) },

	{ "no-kprobes-at-all",
	  EV(.hits = 40, .alloc_event = 1, .zonelocked = 31),
	  OUT(.probes = BUT(PROBE_BIT(slowpath) | PROBE_BIT(oom) | PROBE_BIT(attempt)), SMALL),
	  WANT(ok, unknown, refill, unknown) },
};

#define NR_ROWS (sizeof(rows) / sizeof(rows[0]))

#define NAME(name, help) #name,
static const char * const stages[] = { GFPLAB_STAGES(NAME) };
static const char * const sources[] = { GFPLAB_SOURCES(NAME) };
static const char * const reserves[] = { GFPLAB_RESERVES(NAME) };
static const char * const claims[] = { GFPLAB_CLAIMS(NAME) };
static const char * const charges[] = { GFPLAB_CHARGES(NAME) };
static const char * const results[] = { GFPLAB_RESULTS(NAME) };

static const char *word(const char * const *words, unsigned int nr, unsigned int i)
{
	return i < nr ? words[i] : "out of range";
}

static void say(const struct gfplab_verdict *v)
{
	printf(" result=%s stage=%s source=%s reserve=%s claimed=%s charge=%s",
	       word(results, NR_RESULTS, v->result), word(stages, NR_STAGES, v->stage),
	       word(sources, NR_SOURCES, v->source), word(reserves, NR_RESERVES, v->reserve),
	       word(claims, NR_CLAIMS, v->claimed), word(charges, NR_CHARGES, v->charge));
}

static int judge(const struct row *row)
{
	struct gfplab_evidence ev = row->ev;
	struct gfplab_verdict got;

	memset(&got, 0xff, sizeof(got));
	gfplab_classify(&ev, &row->out, &got);
	if (memcmp(&ev, &row->ev, sizeof(ev))) {
		printf("not ok %s: the evidence was changed\n", row->name);
		return 1;
	}
	if (!memcmp(&got, &row->want, sizeof(got))) {
		printf("ok %s\n", row->name);
		return 0;
	}
	printf("not ok %s: expected", row->name);
	say(&row->want);
	printf(", actual");
	say(&got);
	printf("\n");
	return 1;
}

/* Each word of each list is somebody's answer, or the table is not complete. */
static int complete(void)
{
	unsigned int stage = 0, source = 0, reserve = 0, result = 0, claim = 0, charge = 0;
	size_t i;

	for (i = 0; i < NR_ROWS; i++) {
		result |= 1U << rows[i].want.result;
		stage |= 1U << rows[i].want.stage;
		source |= 1U << rows[i].want.source;
		reserve |= 1U << rows[i].want.reserve;
		claim |= 1U << rows[i].want.claimed;
		charge |= 1U << rows[i].want.charge;
	}
	/* A free has a verdict of its own: free_test.c. */
	if (result == ((1U << NR_RESULTS) - 1 - (1U << RESULT_freed)) && stage == (1U << NR_STAGES) - 1 &&
	    source == (1U << NR_SOURCES) - 1 && reserve == (1U << NR_RESERVES) - 1 &&
	    claim == (1U << NR_CLAIMS) - 1 && charge == (1U << NR_CHARGES) - 1) {
		puts("ok every-word");
		return 0;
	}
	puts("not ok every-word: a stage, source, reserve, result, claim or charge has no row");
	return 1;
}

/* ---- how events add up ---- */

/* An event: of which block, of 2^order pages; a fallback or one taken off the free lists. */
struct event {
	enum { END, TAKEN, STEAL, SILENT_STEAL } what;
	int block;
	unsigned int order;
};

static const struct sums {
	const char *name;
	struct event events[4];
	unsigned int blocks;
	unsigned int pages;
	unsigned int fallbacks;
	unsigned int split;		/* of block N, N orders larger than it; of a silent steal 9 */
} sums[] = {
	/* To 6.9 the fallback comes first, of whatever piece the block is then cut out of. */
	{ "sums-steal-then-taken", { { STEAL, 0, 2 }, { TAKEN, 0, 2 } }, 1, 4, 1, 2 },
	{ "sums-steal-then-another-taken", { { STEAL, 0, 2 }, { TAKEN, 1, 2 } }, 1, 4, 1, 3 },
	/* From 6.12 on a claim of less than a pageblock tells of its block twice, others once. */
	{ "sums-taken-then-its-claim", { { TAKEN, 0, 2 }, { SILENT_STEAL, 0, 2 } }, 1, 4, 1, 2 },
	{ "sums-silent-steal", { { SILENT_STEAL, 0, 2 } }, 1, 4, 1, 9 },
	{ "sums-taken-then-another-stolen", { { TAKEN, 0, 1 }, { SILENT_STEAL, 1, 1 } }, 2, 4, 1, 9 },
	{ "sums-claim-then-taken-from-it",
	  { { TAKEN, 0, 0 }, { SILENT_STEAL, 0, 0 }, { TAKEN, 1, 0 }, { TAKEN, 2, 0 } }, 3, 3, 1, 2 },
	{ "sums-two-claims",
	  { { TAKEN, 0, 0 }, { SILENT_STEAL, 0, 0 }, { TAKEN, 1, 0 }, { SILENT_STEAL, 1, 0 } }, 2, 2, 2, 1 },
};

#define NR_SUMS (sizeof(sums) / sizeof(sums[0]))

static int add_up(const struct sums *row)
{
	struct gfplab_evidence ev = {};
	const struct event *e;

	for (e = row->events; e < row->events + 4 && e->what != END; e++) {
		struct gfplab_steal steal = {
			.page = &block[e->block],
			.order = e->order,
			.to = UNMOVABLE,
			.from = MOVABLE,
			.block = RECLAIMABLE,
			.others = OTHERS_STAY,
			.whole = 9,
			.silent = e->what == SILENT_STEAL,
		};

		if (e->what == TAKEN)
			gfplab_evidence_taken(&ev, &block[e->block], e->order, e->order + e->block);
		else
			gfplab_evidence_steal(&ev, &steal);
	}
	if (ev.zonelocked + ev.silent == row->blocks && ev.taken == row->pages &&
	    ev.extfrag == row->fallbacks && ev.seen.steal_to == UNMOVABLE &&
	    ev.seen.steal_from == MOVABLE && ev.seen.steal_block == RECLAIMABLE &&
	    ev.seen.steal_others == OTHERS_STAY && ev.seen.split == row->split + 1) {
		printf("ok %s\n", row->name);
		return 0;
	}
	printf("not ok %s: expected %u blocks of %u pages, %u fallbacks, split %u, actual %u, %llu, %u, %u\n", row->name,
	       row->blocks, row->pages, row->fallbacks, row->split, ev.zonelocked + ev.silent,
	       (unsigned long long)ev.taken, ev.extfrag, ev.seen.split - 1U);
	return 1;
}

static const char *name_of(size_t i)
{
	if (i < NR_ROWS)
		return rows[i].name;
	return i < NR_ROWS + NR_SUMS ? sums[i - NR_ROWS].name : "every-word";
}

static int judge_at(size_t i, int aloud)
{
	if (i < NR_ROWS)
		return judge(&rows[i]);
	return i < NR_ROWS + NR_SUMS ? add_up(&sums[i - NR_ROWS]) : complete();
}

int main(int argc, char **argv)
{
	return rows_main(argc, argv, NR_ROWS + NR_SUMS + 1, name_of, judge_at);
}
