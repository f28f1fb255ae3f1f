// SPDX-License-Identifier: GPL-2.0
/*
 * free.c - a free as a request of its own: predicted, watched, recorded (frees=1).
 */
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/nodemask.h>
#include <linux/smp.h>
#include <linux/string.h>
#include "block.h"
#include "burst.h"
#include "clock.h"
#include "compat.h"
#include "entry.h"
#include "flight.h"
#include "free.h"
#include "free_blocks.h"
#include "options.h"
#include "plan.h"
#include "pool.h"
#include "record.h"
#include "requester.h"
#include "rules/evidence.h"
#include "rules/free.h"
#include "rules/verdict.h"
#include "rules/words.h"
#include "stats.h"
#include "zone.h"

/* migratetype_is_mergeable(), from the order of a pageblock on; below, both are of one. */
static bool may_merge(struct page *page, struct page *buddy, unsigned int order)
{
	unsigned int a, b;

	if (order < pageblock_order)
		return true;
	a = gfplab_block_type(page);
	b = gfplab_block_type(buddy);
	return a == b || (a && b && (a | b) < 1U << MIGRATE_PCPTYPES);
}

/* Which buddies of the blocks that a page would be part of are free, and may merge. */
static u32 free_buddies(struct page *page, unsigned int order)
{
	unsigned long pfn = page_to_pfn(page), size;
	struct page *buddy;
	u32 buddies = 0;

	for (; order < GFPLAB_MAX_ORDER; order++) {
		size = 1UL << order;
		buddy = page - (pfn & (size - 1));
		buddy += pfn & size ? -size : size;
		if (PageBuddy(buddy) && page_private(buddy) == order &&
		    page_zone_id(buddy) == page_zone_id(page) && may_merge(page, buddy, order))
			buddies |= 1U << order;
	}
	return buddies;
}

/* Of what is freed as one block. */
static struct gfplab_free_prediction predict(const struct gfplab_block *block)
{
	const struct gfplab_entry *entry = &gfplab_entries[block->entry];
	struct gfplab_freeing f;
	struct gfplab_pcp pcp;

	if (entry->shape != SHAPE_block || entry->apart || block->order > GFPLAB_MAX_ORDER)
		return (struct gfplab_free_prediction){ .freed = FREED_none };
	f = (struct gfplab_freeing){
		.order = block->order,
		.max_order = GFPLAB_MAX_ORDER,
		.costly = PAGE_ALLOC_COSTLY_ORDER,
		.pcp_order = gfplab_pcp_order(block->order),
		.isolated = gfplab_pageblock_isolated(block->page),
		.buddies = free_buddies(block->page, block->order),
	};
	gfplab_pcp_snapshot(&pcp, page_zone(block->page));
	return gfplab_predict_free(&f, &pcp);
}

static void count_prediction(struct gfplab_requester *rq, const struct gfplab_free_prediction *p,
			     const struct gfplab_verdict *verdict)
{
	if (p->freed == FREED_none)
		return;
	rq->stats.predicted_open++;
	if (gfplab_free_prediction_holds(p, verdict, &rq->call.flight.evidence))
		rq->stats.agree++;
	else
		rq->stats.differ++;
}

/* Both readings are made by one call, so that what it costs is the same. */
static noinline u64 now(const struct gfplab_requester *rq)
{
	return gfplab_clock_read(rq->call.clock);
}

/**
 * gfplab_free_recorded - free a block, and record it
 * @rq: the requester; its task calls, no request is in flight
 * @block: is freed the way it came
 *
 * Context: task; any that the entry's free function allows.
 */
void gfplab_free_recorded(struct gfplab_requester *rq, const struct gfplab_block *block)
{
	const struct gfplab_plan *plan = rq->plan;
	struct gfplab_record *rec = gfplab_record_slot(&rq->ring);
	struct gfplab_flight *flight = &rq->call.flight;
	struct page *page = block->page;
	unsigned int order;
	u64 end;

	memset(rec, 0, sizeof(*rec));
	rec->seq = gfplab_next_seq(rq);
	rec->run = plan->id;
	rec->gfp = rq->call.args.gfp;
	rec->nid = rq->call.args.nid;
	rec->order = block->order;
	rec->entry = block->entry;
	rec->pages = block->pages;
	rec->page_nid = page_to_nid(page);
	rec->zone = page_zonenum(page);
	rec->migratetype = gfplab_pageblock_type(page);
	if (rq->predictor)
		rec->free = predict(block);
	memset(&flight->evidence, 0, sizeof(flight->evidence));
	flight->order = GFPLAB_ANY_ORDER;
	gfplab_flight_open(flight);
	rec->ts = now(rq);
	gfplab_block_free(block);
	end = now(rq);
	gfplab_flight_close(flight);

	rec->latency_ns = gfplab_clock_between(&plan->clock, rec->ts, end);
	rec->cpu = raw_smp_processor_id();
	rec->seen = flight->evidence.seen;
	order = rec->seen.order_seen ? rec->seen.order_seen - 1 : 0;
	gfplab_classify_free(&flight->evidence, plan->probes, gfplab_pcp_order(order),
			     gfplab_merged_of(page), &rec->verdict);
	count_prediction(rq, &rec->free, &rec->verdict);
	rq->stats.result[RESULT_freed]++;
	gfplab_keep_record(rq);
}
