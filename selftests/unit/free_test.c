// SPDX-License-Identifier: GPL-2.0
/*
 * free_test - made-up per-cpu lists and evidence, and what a free does and did (module/rules/free.c).
 * Each row was worked out by hand from the kernel's source.
 *
 * Prints a line a row, `ok NAME` or `not ok NAME: what differs`; with -l, the names alone; with a
 * name, that row alone. Exit status: 0 if all are right.
 */
#include <stdio.h>
#include <string.h>
#include "judged_rows.h"

#include "rules/evidence.h"
#include "rules/free.h"
#include "rules/probes.h"
#include "rules/words.h"

#define SINGLE		{ .order = 0, .max_order = 10, .costly = 3, .pcp_order = true }
#define ORDER(n)	{ .order = n, .max_order = 10, .costly = 3, .pcp_order = (n) <= 3 }

/* A list of 6.1 and of 6.12: high 500, batch 63. */
#define PCP_6_1(...)	{ .rules = PCP_DOUBLING, .high = 500, .batch = 63, __VA_ARGS__ }
#define PCP_6_12(...)	{ .rules = PCP_COUNTING, .high = 500, .high_min = 500, .high_max = 4000, .batch = 63, \
			  .most = 5, __VA_ARGS__ }
#define BATCH(a, b)	{ FREED_batch, a, b }
#define LISTED		{ FREED_pcp, 0, 0 }
#define FREE(n)		{ FREED_buddy, n, 0 }

static const struct row {
	const char *name;
	struct gfplab_freeing freeing;
	struct gfplab_pcp pcp;
	struct gfplab_free_prediction want;
} rows[] = {
	/* 5.10: one batch, whatever came before. */
	{ "batch-below-high", SINGLE, { .rules = PCP_BATCH, .count = 376, .high = 378, .batch = 63 }, LISTED },
	{ "batch-at-high", SINGLE, { .rules = PCP_BATCH, .count = 377, .high = 378, .batch = 63 }, BATCH(63, 63) },
	{ "batch-no-more-than-there-is", SINGLE, { .rules = PCP_BATCH, .count = 0, .high = 0, .batch = 63 },
	  BATCH(1, 1) },

	/* 5.14 to 6.6: nr_pcp_high(), nr_pcp_free(). */
	{ "doubling-below-high", SINGLE, PCP_6_1(.count = 498), LISTED },
	{ "doubling-at-high", SINGLE, PCP_6_1(.count = 499), BATCH(63, 63) },
	{ "doubling-once", SINGLE, PCP_6_1(.count = 499, .freed = 1), BATCH(126, 126) },
	{ "doubling-leaves-a-batch", SINGLE, PCP_6_1(.count = 499, .freed = 5), BATCH(437, 437) },
	{ "doubling-ends-with-a-block", SINGLE, PCP_6_1(.count = 499, .largest = 3), BATCH(63, 70) },
	{ "doubling-high-order-first", ORDER(2), PCP_6_1(.count = 40), LISTED },
	{ "doubling-high-order-gives-all", ORDER(2), PCP_6_1(.count = 40, .freed = 1), BATCH(44, 44) },
	{ "doubling-nothing-is-kept", SINGLE, PCP_6_1(.high = 0, .count = 0), BATCH(1, 1) },
	{ "doubling-high-below-batch", SINGLE, PCP_6_1(.high = 20, .count = 19), BATCH(1, 1) },
	{ "doubling-reclaim-lowers-high", SINGLE, PCP_6_1(.count = 251, .reclaims = true), BATCH(63, 63) },
	{ "doubling-reclaim-below-that", SINGLE, PCP_6_1(.count = 250, .reclaims = true), LISTED },
	{ "doubling-reclaim-leaves-a-batch", SINGLE, PCP_6_1(.count = 251, .reclaims = true, .freed = 4),
	  BATCH(189, 189) },

	/* Since 6.7. */
	{ "counting-below-high", SINGLE, PCP_6_12(.count = 498), LISTED },
	{ "counting-at-high", SINGLE, PCP_6_12(.count = 499), BATCH(63, 63) },
	{ "counting-as-much-as-was-freed", SINGLE, PCP_6_12(.count = 499, .freed = 200), BATCH(201, 201) },
	{ "counting-high-below-two-batches", SINGLE, PCP_6_12(.count = 99, .high = 100, .high_min = 100),
	  BATCH(63, 63) },
	{ "counting-high-below-two-batches-keeps-one", SINGLE,
	  PCP_6_12(.count = 99, .high = 100, .high_min = 100, .freed = 63), BATCH(37, 37) },
	{ "counting-leaves-a-batch", SINGLE, PCP_6_12(.count = 499, .freed = 900), BATCH(437, 437) },
	{ "counting-stops-counting", SINGLE, PCP_6_12(.count = 3999, .high = 4000, .freed = 2016), BATCH(2016, 2016) },
	{ "counting-high-is-kept-in-bounds", SINGLE, PCP_6_12(.count = 499, .high = 100), BATCH(63, 63) },
	{ "counting-high-is-kept-in-bounds-above", SINGLE, PCP_6_12(.count = 3998, .high = 9000), LISTED },
	{ "counting-nothing-is-kept", SINGLE, PCP_6_12(.high = 0, .high_min = 0, .high_max = 0), BATCH(1, 1) },
	{ "counting-zone-below-its-high-mark", SINGLE, PCP_6_12(.count = 700, .high = 900, .below_high = true),
	  BATCH(63, 63) },
	{ "counting-zone-below-but-list-small", SINGLE, PCP_6_12(.count = 498, .high = 900, .below_high = true),
	  LISTED },
	{ "counting-fixed-high-ignores-that", SINGLE,
	  PCP_6_12(.count = 700, .high = 900, .high_min = 900, .high_max = 900, .below_high = true), LISTED },
	{ "counting-reclaim-lowers-high", SINGLE, PCP_6_12(.count = 251, .reclaims = true), BATCH(63, 63) },
	{ "counting-high-order-alone", ORDER(2), PCP_6_12(.count = 100, .freed = 63), LISTED },
	{ "counting-high-orders-after-a-batch", ORDER(2), PCP_6_12(.count = 100, .freed = 63, .after_high_order = true),
	  BATCH(104, 104) },
	{ "counting-high-orders-before-it", ORDER(2), PCP_6_12(.count = 100, .freed = 62, .after_high_order = true),
	  LISTED },
	{ "counting-high-orders-keep-a-batch", ORDER(2),
	  PCP_6_12(.count = 40, .freed = 63, .after_high_order = true, .whole_batch = true), LISTED },
	{ "counting-high-orders-no-more-than-so-much", ORDER(2),
	  PCP_6_12(.count = 3000, .high = 4000, .freed = 63, .after_high_order = true), BATCH(2016, 2019) },
	{ "counting-late-high-orders-stay", ORDER(2),
	  PCP_6_12(.rules = PCP_COUNTING_LATE, .count = 100, .freed = 63, .after_high_order = true), LISTED },
	{ "counting-late-high-orders-go", ORDER(2),
	  PCP_6_12(.rules = PCP_COUNTING_LATE, .count = 100, .freed = 313, .after_high_order = true), BATCH(104, 104) },
	{ "counting-late-each-batch-may-be-larger", SINGLE,
	  PCP_6_12(.rules = PCP_COUNTING_LATE, .count = 499, .freed = 125, .largest = 2), BATCH(126, 132) },

	/* No per-cpu list. */
	{ "buddy-alone", ORDER(4), PCP_6_1(), FREE(4) },
	{ "buddy-merges", { .order = 4, .max_order = 10, .buddies = 0x70 }, PCP_6_1(), FREE(7) },
	{ "buddy-gap", { .order = 4, .max_order = 10, .buddies = 0x60 }, PCP_6_1(), FREE(4) },
	{ "buddy-up-to-the-largest", { .order = 4, .max_order = 10, .buddies = 0xfff0 }, PCP_6_1(), FREE(10) },
	{ "buddy-isolated-page", { .order = 0, .max_order = 10, .pcp_order = true, .isolated = true, .buddies = 1 },
	  PCP_6_1(), FREE(1) },
};

#define NR_ROWS (sizeof(rows) / sizeof(rows[0]))

static int judge(const struct row *row)
{
	struct gfplab_free_prediction got = gfplab_predict_free(&row->freeing, &row->pcp);

	if (!memcmp(&got, &row->want, sizeof(got))) {
		printf("ok %s\n", row->name);
		return 0;
	}
	printf("not ok %s: predicted %s %u-%u; by hand %s %u-%u\n", row->name, gfplab_freed[got.freed].name, got.least,
	       got.most, gfplab_freed[row->want.freed].name, row->want.least, row->want.most);
	return 1;
}

/* ---- what was seen ---- */

#define SEEN		(PROBE_BIT(freed) | PROBE_BIT(batched) | PROBE_BIT(drained))
#define NOT		0
#define UP_TO(n)	((n) + 1)

static const struct seen_row {
	const char *name;
	unsigned long long probes;
	unsigned int freed;
	unsigned int drained;
	int pcp_order;
	__u8 merged;
	__u8 want;
	__u8 want_merged;
} seen_rows[] = {
	{ "seen-listed", SEEN, 1, 0, 1, NOT, FREED_pcp, NOT },
	{ "seen-batch", SEEN, 1, 63, 1, NOT, FREED_batch, NOT },
	{ "seen-batch-with-the-block", SEEN, 1, 63, 1, UP_TO(3), FREED_batch, UP_TO(3) },
	{ "seen-buddy", SEEN, 1, 0, 0, UP_TO(7), FREED_buddy, UP_TO(7) },
	{ "seen-buddy-taken-again", SEEN, 1, 0, 0, NOT, FREED_buddy, NOT },
	{ "seen-list-was-locked", SEEN, 1, 0, 1, UP_TO(2), FREED_buddy, UP_TO(2) },
	{ "seen-others-have-it", SEEN, 0, 0, 1, NOT, FREED_none, NOT },
	{ "seen-no-drain-event", SEEN & ~PROBE_BIT(drained), 1, 0, 1, NOT, FREED_unknown, NOT },
	{ "seen-no-drain-event-no-list", SEEN & ~PROBE_BIT(drained), 1, 0, 0, UP_TO(5), FREED_buddy, UP_TO(5) },
	{ "seen-no-free-event", SEEN & ~PROBE_BIT(freed), 0, 0, 0, UP_TO(5), FREED_unknown, NOT },
};

#define NR_SEEN (sizeof(seen_rows) / sizeof(seen_rows[0]))

static int judge_seen(const struct seen_row *row)
{
	struct gfplab_evidence ev = { .seen.freed = row->freed, .seen.drained = row->drained };
	struct gfplab_verdict got;

	gfplab_classify_free(&ev, row->probes, row->pcp_order, row->merged, &got);
	if (got.freed == row->want && got.merged == row->want_merged && got.result == RESULT_freed &&
	    got.stage == STAGE_unknown && got.source == SOURCE_none) {
		printf("ok %s\n", row->name);
		return 0;
	}
	printf("not ok %s: %s, merged %u, result %s; expected %s, merged %u, result freed\n", row->name,
	       gfplab_freed[got.freed].name, got.merged, gfplab_results[got.result].name,
	       gfplab_freed[row->want].name, row->want_merged);
	return 1;
}

/* ---- does one agree with the other? ---- */

static const struct holds_row {
	const char *name;
	struct gfplab_free_prediction p;
	__u8 freed;
	__u8 merged;
	unsigned int drained;
	int want;
} holds_rows[] = {
	{ "holds-listed", LISTED, FREED_pcp, NOT, 0, 1 },
	{ "holds-not-a-batch", LISTED, FREED_batch, NOT, 63, 0 },
	{ "holds-batch-least", BATCH(63, 70), FREED_batch, NOT, 63, 1 },
	{ "holds-batch-most", BATCH(63, 70), FREED_batch, NOT, 70, 1 },
	{ "holds-batch-less", BATCH(63, 70), FREED_batch, NOT, 62, 0 },
	{ "holds-batch-more", BATCH(63, 70), FREED_batch, NOT, 71, 0 },
	{ "holds-merged", FREE(7), FREED_buddy, UP_TO(7), 0, 1 },
	{ "holds-not-merged-so-far", FREE(7), FREED_buddy, UP_TO(6), 0, 0 },
	{ "holds-taken-again", FREE(7), FREED_buddy, NOT, 0, 1 },
	{ "holds-what-is-unknown", FREE(7), FREED_unknown, NOT, 0, 1 },
};

#define NR_HOLDS (sizeof(holds_rows) / sizeof(holds_rows[0]))

static int judge_holds(const struct holds_row *row)
{
	struct gfplab_verdict verdict = { .freed = row->freed, .merged = row->merged };
	struct gfplab_evidence ev = { .seen.drained = row->drained };

	if (gfplab_free_prediction_holds(&row->p, &verdict, &ev) == row->want) {
		printf("ok %s\n", row->name);
		return 0;
	}
	printf("not ok %s: expected %d\n", row->name, row->want);
	return 1;
}

static const char *name_of(size_t i)
{
	if (i < NR_ROWS)
		return rows[i].name;
	return i < NR_ROWS + NR_SEEN ? seen_rows[i - NR_ROWS].name : holds_rows[i - NR_ROWS - NR_SEEN].name;
}

static int judge_at(size_t i, int aloud)
{
	if (i < NR_ROWS)
		return judge(&rows[i]);
	return i < NR_ROWS + NR_SEEN ? judge_seen(&seen_rows[i - NR_ROWS]) :
				       judge_holds(&holds_rows[i - NR_ROWS - NR_SEEN]);
}

int main(int argc, char **argv)
{
	return rows_main(argc, argv, NR_ROWS + NR_SEEN + NR_HOLDS, name_of, judge_at);
}
