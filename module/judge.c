// SPDX-License-Identifier: GPL-2.0
/*
 * judge.c - the verdict of a request: its evidence, and what has to be looked
 * at before the block is freed.
 */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include "block.h"
#include "compat.h"
#include "entry.h"
#include "judge.h"
#include "options.h"
#include "plan.h"
#include "requester.h"
#include "rules/evidence.h"
#include "rules/families.h"
#include "rules/probes.h"
#include "rules/verdict.h"
#include "zone.h"

/*
 * Free pages when the attempt looked at them: now, plus what the request has
 * taken off the free lists since. Requests of other tasks in between are noise.
 */
static bool was_below_min(struct page *page, unsigned int order, gfp_t gfp,
			  const struct gfplab_evidence *ev)
{
	struct zone *zone = page_zone(page);
	long free = gfp & __GFP_MOVABLE ? gfplab_zone_free(zone) : gfplab_zone_usable(zone);

	/* Without a right to reserves, what is kept for HIGHATOMIC does not count. */
	free += (long)ev->taken - (long)gfplab_highatomic(zone);
	return free - ((1L << order) - 1) <=
	       (long)(gfplab_zone_mark(zone, MARK_min) + zone->lowmem_reserve[gfp_zone(gfp)]);
}

/**
 * gfplab_judge - what the evidence of the request just made means
 * @rq: the requester; its call has come back, its block is not freed
 * @verdict: filled in
 *
 * Context: the task that made the request; reads the zone's counters.
 */
void gfplab_judge(const struct gfplab_requester *rq, struct gfplab_verdict *verdict)
{
	const struct gfplab_entry *entry = &gfplab_entries[rq->plan->opt.entry];
	const struct gfplab_evidence *ev = &rq->call.flight.evidence;
	struct page *page = rq->call.got ? rq->call.block.page : NULL;
	bool varies = gfplab_inner_order(rq) == GFPLAB_ANY_ORDER;
	/* Where it varies, the event tells what a client asked for; single pages are the rule. */
	unsigned int inner = !varies ? gfplab_inner_order(rq) :
			     entry->client && ev->seen.order_seen ? ev->seen.order_seen - 1 : 0;
	struct gfplab_outcome out = {
		.probes = rq->plan->probes & ~(u64)rq->blind,
		.got = page,
		.over_max = rq->call.args.order > GFPLAB_MAX_ORDER,
		.account = rq->call.args.gfp & __GFP_ACCOUNT,
		.reclaims = rq->call.args.gfp & __GFP_DIRECT_RECLAIM,
		.once = entry->once,
		.pcp_order = gfplab_pcp_order(inner),
		.no_refill_highatomic = gfplab_family_can(GFPLAB_FAMILY,
							  CAPABILITY_no_refill_highatomic),
		.claims_whole = gfplab_family_can(GFPLAB_FAMILY, CAPABILITY_claims_whole),
		/* A client asks for one block, of an order that it falls back to. */
		.mixed = varies && !entry->client,
		.client = entry->client,
		.bypass = entry->bypass,
	};

	/* Without a kprobe on the slow path its entry is derived from readable alloc_flags. */
	if (ev->seen.flags_bad && !ev->slow)
		out.probes &= ~PROBE_BIT(slowpath);
	if (page && ev->cma)
		out.cma = is_migrate_cma(gfplab_pageblock_type(page));
	if (page && ev->slow) {
		out.placed = true;
		out.pfmemalloc = page_is_pfmemalloc(page);
		out.below_min = was_below_min(page, inner,
					      gfplab_entry_gfp(entry, rq->call.args.gfp), ev);
	}
	gfplab_classify(ev, &out, verdict);
}
