/* SPDX-License-Identifier: GPL-2.0 */
/*
 * verdict.h - what the evidence of one request means.
 */
#ifndef GFPLAB_RULES_VERDICT_H
#define GFPLAB_RULES_VERDICT_H

#include "evidence.h"
#include "portable.h"

/**
 * struct gfplab_outcome - what a verdict needs to know besides the evidence
 * @probes: bit PROBE_x set: probe x was attached, or what it reports can't
 *	happen on this kernel; silence means that it did not happen
 * @got: a block came back
 * @over_max: the order is over the kernel's maximum
 * @account: __GFP_ACCOUNT, so a page may be found and then taken away again
 * @reclaims: gfp allows direct reclaim, which the charge tries as well
 * @once: the entry has no slow path: it fails without one
 * @pcp_order: the order is served by the per-cpu lists
 * @mixed: one request asks for blocks of several orders
 * @client: the entry may have memory left over and not ask at all
 * @bypass: the entry does not go through get_page_from_freelist()
 * @no_refill_highatomic: this kernel refills no per-cpu list for a HIGHATOMIC request
 * @claims_whole: this kernel changes a pageblock's type whenever it moves its free blocks
 * @cma: the block is of a CMA pageblock
 * @pfmemalloc: page_is_pfmemalloc()
 * @below_min: the block's zone was below min + lowmem reserve when asked
 * @placed: @pfmemalloc and @below_min were looked at
 */
struct gfplab_outcome {
	__u64 probes;
	bool got;
	bool over_max;
	bool account;
	bool reclaims;
	bool once;
	bool pcp_order;
	bool mixed;
	bool client;
	bool bypass;
	bool no_refill_highatomic;
	bool claims_whole;
	bool cma;
	bool pfmemalloc;
	bool below_min;
	bool placed;
};

/**
 * struct gfplab_verdict - what became of one request
 * @result: enum gfplab_result
 * @stage: enum gfplab_stage
 * @source: enum gfplab_source
 * @reserve: enum gfplab_reserve
 * @claimed: enum gfplab_claim
 * @charge: enum gfplab_charge
 * @freed: enum gfplab_freed; FREED_none for a request
 * @merged: of a free: the order that the block merged up to, + 1; 0: it is in no free block
 */
struct gfplab_verdict {
	__u8 result;
	__u8 stage;
	__u8 source;
	__u8 reserve;
	__u8 claimed;
	__u8 charge;
	__u8 freed;
	__u8 merged;
};

void gfplab_classify(const struct gfplab_evidence *ev,
		     const struct gfplab_outcome *out,
		     struct gfplab_verdict *verdict);

#endif
