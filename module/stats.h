/* SPDX-License-Identifier: GPL-2.0 */
/* stats.h - one worker's sums and histogram */
#ifndef GFPLAB_STATS_H
#define GFPLAB_STATS_H

#include <linux/bitops.h>
#include <linux/minmax.h>
#include <linux/types.h>
#include "tables.h"

#define GFPLAB_NS_BUCKETS	256	/* 8 to an octave, up to 2^34 ns */

/* One worker's sums; a histogram slot is [order index][stage][bucket]. */
struct gfplab_stats {
	u64 requests;
	u64 lost;
	u64 bad_blocks;
	u64 agree;
	u64 differ;
	u64 predicted_stages;	/* the sizes of all predicted sets, added up */
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

u64 gfplab_bucket_limit(unsigned int bucket);
void gfplab_latency(struct gfplab_stats *stats, unsigned int order_index,
		    enum gfplab_stage stage, u64 ns);

#endif
