/* SPDX-License-Identifier: GPL-2.0 */
/*
 * free.h - what becomes of a block that is freed: to a per-cpu list, with a batch of others from
 * there to the free lists, or to the free lists at once, merged with its buddies.
 */
#ifndef GFPLAB_RULES_FREE_H
#define GFPLAB_RULES_FREE_H

#include "portable.h"
#include "verdict.h"

/* How kernels decide how much goes from a per-cpu list to the free lists. */
enum gfplab_pcp_rules {
	PCP_BATCH,		/* to 5.12: a batch, single pages alone */
	PCP_DOUBLING,		/* to 6.6: a batch that doubles while nothing is allocated */
	PCP_COUNTING,		/* since 6.7: as much as was freed one after the other */
	PCP_COUNTING_LATE,	/* since 7.0: as 6.7, high orders give way later, by batches */
};

/**
 * struct gfplab_pcp - this CPU's lists of one zone, before a block is freed
 * @rules: enum gfplab_pcp_rules
 * @count: pages in all of its lists
 * @high: above it pages go to the free lists; since 6.7 between @high_min and @high_max
 * @high_min: since 6.7
 * @high_max: since 6.7
 * @batch: pages that are moved together
 * @freed: since 6.7 pages freed with no allocation in between, before that how often a batch
 *	doubles
 * @most: how often a batch doubles at most
 * @largest: the largest order in its lists
 * @after_high_order: since 6.7 the block freed before was of order 1 to 3
 * @whole_batch: since 6.7 the CPU's caches are so large that a batch is kept of such orders
 * @reclaims: kswapd or direct reclaim is at work in the zone
 * @below_high: since 6.7 the zone is below its high watermark
 */
struct gfplab_pcp {
	enum gfplab_pcp_rules rules;
	int count;
	int high;
	int high_min;
	int high_max;
	int batch;
	int freed;
	unsigned int most;
	unsigned int largest;
	bool after_high_order;
	bool whole_batch;
	bool reclaims;
	bool below_high;
};

/**
 * struct gfplab_freeing - a block that is about to be freed, and what is around it
 * @order: log2 of its pages
 * @max_order: the largest that there is
 * @costly: PAGE_ALLOC_COSTLY_ORDER
 * @pcp_order: blocks of this order are kept per CPU
 * @isolated: its pageblock is
 * @buddies: bit n: the buddy of the block of order n that it would be part of is free, of order n,
 *	and may merge with it
 */
struct gfplab_freeing {
	unsigned int order;
	unsigned int max_order;
	unsigned int costly;
	bool pcp_order;
	bool isolated;
	__u32 buddies;
};

/**
 * struct gfplab_free_prediction - what will become of it
 * @freed: enum gfplab_freed; FREED_none: there is no prediction
 * @least: pages of a batch, at least; in the free lists, the order that it merges up to
 * @most: pages of a batch, at most
 */
struct gfplab_free_prediction {
	__u32 freed;
	__u32 least;
	__u32 most;
};

struct gfplab_free_prediction gfplab_predict_free(const struct gfplab_freeing *f,
						  const struct gfplab_pcp *pcp);
bool gfplab_free_prediction_holds(const struct gfplab_free_prediction *p,
				  const struct gfplab_verdict *verdict,
				  const struct gfplab_evidence *ev);
void gfplab_classify_free(const struct gfplab_evidence *ev, __u64 probes, bool pcp_order,
			  __u8 merged, struct gfplab_verdict *verdict);

#endif
