/* SPDX-License-Identifier: GPL-2.0 */
/* stats.h - one worker's sums and histogram */
#ifndef GFPLAB_STATS_H
#define GFPLAB_STATS_H

#include <linux/bitops.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/types.h>
#include "rules/verdict.h"
#include "rules/words.h"

#define GFPLAB_NS_BUCKETS	256	/* 8 to an octave, up to 2^34 ns */

/**
 * struct gfplab_stats - one worker's sums
 * @requests: requests made
 * @lost: records that were replaced before the run was over
 * @bad_blocks: blocks that failed a check
 * @not_held: blocks that were to be held and were freed at once
 * @agree: predictions that the verdict agrees with
 * @differ: predictions that it differs from
 * @predicted_open: gfplab_prediction_size() of all predictions
 * @result: requests by enum gfplab_result
 * @stage: requests by enum gfplab_stage
 * @source: requests by enum gfplab_source
 * @reserve: requests by enum gfplab_reserve
 * @stage_ns: latencies by stage, added up, ns
 * @min_ns: the least latency; U64_MAX before the first
 * @max_ns: the largest latency
 * @buckets: the histogram: [order index][stage][bucket]; NULL below observe=time
 */
struct gfplab_stats {
	u64 requests;
	u64 lost;
	u64 bad_blocks;
	u64 not_held;
	u64 agree;
	u64 differ;
	u64 predicted_open;
	u64 result[NR_RESULTS];
	u64 stage[NR_STAGES];
	u64 source[NR_SOURCES];
	u64 reserve[NR_RESERVES];
	u64 stage_ns[NR_STAGES];
	u64 min_ns;
	u64 max_ns;
	u64 (*buckets)[NR_STAGES][GFPLAB_NS_BUCKETS];
};

/* Eight buckets to an octave. */
static __always_inline unsigned int gfplab_bucket(u64 ns)
{
	unsigned int octave, bucket;

	if (ns < 8)
		return ns;
	octave = fls64(ns) - 1;
	bucket = (octave - 2) * 8 + ((ns >> (octave - 3)) & 7);
	return min_t(unsigned int, bucket, GFPLAB_NS_BUCKETS - 1);
}

/**
 * struct gfplab_tally - the times of one burst, all of one stage
 * @buckets: the slots of the histogram for this order and stage
 * @ns: sum of the times
 * @min_ns: the least of them; U64_MAX before the first
 * @max_ns: the largest of them
 */
struct gfplab_tally {
	u64 *buckets;
	u64 ns;
	u64 min_ns;
	u64 max_ns;
};

/* An empty tally for requests of the plan's first order that reach @stage. */
static __always_inline void gfplab_tally_begin(struct gfplab_tally *tally,
					       const struct gfplab_stats *stats,
					       enum gfplab_stage stage)
{
	tally->buckets = stats->buckets[0][stage];
	tally->ns = 0;
	tally->min_ns = U64_MAX;
	tally->max_ns = 0;
}

static __always_inline void gfplab_tally_add(struct gfplab_tally *tally, u64 ns)
{
	tally->buckets[gfplab_bucket(ns)]++;
	tally->ns += ns;
	if (ns < tally->min_ns)
		tally->min_ns = ns;
	if (ns > tally->max_ns)
		tally->max_ns = ns;
}

/* Counts @n requests that all came to the same verdict. */
static __always_inline void gfplab_stats_count(struct gfplab_stats *stats,
					       const struct gfplab_verdict *verdict, u32 n)
{
	stats->result[verdict->result] += n;
	stats->stage[verdict->stage] += n;
	stats->source[verdict->source] += n;
	stats->reserve[verdict->reserve] += n;
}

u64 gfplab_bucket_limit(unsigned int bucket);
void gfplab_latency(struct gfplab_stats *stats, unsigned int order_index,
		    enum gfplab_stage stage, u64 ns);
void gfplab_tally_end(const struct gfplab_tally *tally, struct gfplab_stats *stats,
		      enum gfplab_stage stage);

#endif
