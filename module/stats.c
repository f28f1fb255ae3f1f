// SPDX-License-Identifier: GPL-2.0
/*
 * stats.c - one worker's sums and histogram.
 *
 * A worker writes its own alone and waits for no reader.
 */
#include <linux/bitops.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include "rules/words.h"
#include "stats.h"

/**
 * gfplab_bucket_limit - the longest time that falls into a bucket
 * @bucket: 0..GFPLAB_NS_BUCKETS - 2; the last one has no limit
 *
 * Context: any.
 * Return: ns.
 */
u64 gfplab_bucket_limit(unsigned int bucket)
{
	if (bucket < 8)
		return bucket;
	return ((8ULL + bucket % 8 + 1) << (bucket / 8 - 1)) - 1;
}

/**
 * gfplab_latency - add one time to a worker's histogram
 * @stats: the worker's
 * @order_index: which of the plan's orders
 * @stage: how far the request got
 * @ns: how long it took
 *
 * Context: the worker.
 */
void gfplab_latency(struct gfplab_stats *stats, unsigned int order_index,
		    enum gfplab_stage stage, u64 ns)
{
	stats->stage_ns[stage] += ns;
	stats->buckets[order_index][stage][gfplab_bucket(ns)]++;
	if (ns < stats->min_ns)
		stats->min_ns = ns;
	if (ns > stats->max_ns)
		stats->max_ns = ns;
}

/**
 * gfplab_tally_end - add a tally to a worker's sums
 * @tally: of a burst
 * @stats: the worker's
 * @stage: which all of its requests reached
 *
 * Context: the worker.
 */
void gfplab_tally_end(const struct gfplab_tally *tally, struct gfplab_stats *stats,
		      enum gfplab_stage stage)
{
	stats->stage_ns[stage] += tally->ns;
	stats->min_ns = min(stats->min_ns, tally->min_ns);
	stats->max_ns = max(stats->max_ns, tally->max_ns);
}
