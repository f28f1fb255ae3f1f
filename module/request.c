// SPDX-License-Identifier: GPL-2.0
/*
 * request.c - one request: made, judged, recorded, and its block held or freed.
 *
 * No lock is held across a request.
 */
#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/prandom.h>
#include <linux/sched.h>
#include <linux/string.h>
#include "busted.h"
#include "check.h"
#include "clock.h"
#include "compat.h"
#include "context.h"
#include "entry.h"
#include "flight.h"
#include "options.h"
#include "pool.h"
#include "predictor.h"
#include "quarantine.h"
#include "quick_check.h"
#include "record.h"
#include "request.h"
#include "run.h"
#include "stats.h"
#include "tables.h"
#include "trace.h"
#include "verdict.h"
#include "walk.h"
#include "worker.h"
#include "zone.h"

/* Of the request that the allocator proper sees; GFPLAB_ANY_ORDER if that varies. */
static unsigned int inner_order(const struct gfplab_worker *w)
{
	const struct gfplab_entry *entry = &gfplab_entries[w->run->opt.entry];

	return entry->inner == GFPLAB_ORDER_ASKED ? w->args.order : entry->inner;
}

static void prepare_flight(struct gfplab_worker *w)
{
	if (w->flight.evidence.hits)
		memset(&w->flight.evidence, 0, sizeof(w->flight.evidence));
	w->flight.order = inner_order(w);
}

/*
 * Free pages when the attempt looked at them: now, plus what the request has
 * taken off the free lists since. Others' requests in between are noise.
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

static void judge(struct gfplab_worker *w, struct gfplab_verdict *verdict)
{
	const struct gfplab_entry *entry = &gfplab_entries[w->run->opt.entry];
	const struct gfplab_evidence *ev = &w->flight.evidence;
	struct page *page = w->got ? w->block.page : NULL;
	/* Where it varies, single pages are the rule. */
	unsigned int inner = inner_order(w) == GFPLAB_ANY_ORDER ? 0 : inner_order(w);
	struct gfplab_outcome out = {
		.probes = w->run->probes,
		.got = page,
		.over_max = w->args.order > GFPLAB_MAX_ORDER,
		.account = w->args.gfp & __GFP_ACCOUNT,
		.once = entry->once,
		.pcp_order = gfplab_pcp_order(inner),
		.no_refill_highatomic = gfplab_rules_of(GFPLAB_FAMILY)->no_refill_highatomic,
		.silent_steal = GFPLAB_SILENT_STEAL,
		/* A client asks for one block, of an order that it falls back to. */
		.mixed = inner_order(w) == GFPLAB_ANY_ORDER && !entry->client,
		.client = entry->client,
		.bypass = entry->bypass,
	};

	/* Where the attempts stand in for the slow-path probe, they must be readable. */
	if (ev->flags_bad && !ev->slow)
		out.probes &= ~(1U << PROBE_slowpath);
	if (page && ev->slow) {
		out.placed = true;
		out.pfmemalloc = page_is_pfmemalloc(page);
		out.below_min = was_below_min(page, inner, gfplab_entry_gfp(entry, w->args.gfp), ev);
	}
	gfplab_classify(ev, &out, verdict);
}

static __always_inline void fill_placement(struct gfplab_record *rec, struct page *page, u32 pages)
{
	rec->pages = pages;
	rec->page_nid = page_to_nid(page);
	rec->zone = page_zonenum(page);
	rec->migratetype = gfplab_pageblock_type(page);
	rec->pfmemalloc = page_is_pfmemalloc(page);
}

static u64 next_seq(const struct gfplab_worker *w)
{
	return w->stats.requests * w->run->nr_workers + w->index;
}

static void fill_record(struct gfplab_record *rec, const struct gfplab_worker *w)
{
	const struct gfplab_alloc_args *args = &w->args;
	struct page *page = w->got ? w->block.page : NULL;
	const struct gfplab_evidence *ev = &w->flight.evidence;
	const struct gfplab_run *run = w->run;

	rec->ts = run->opt.observe >= OBSERVE_time ? w->begin : 0;
	rec->seq = next_seq(w);
	rec->reclaim_ns = ev->reclaim_ns;
	rec->compact_ns = ev->compact_ns;
	rec->reclaimed = ev->reclaimed;
	rec->scanned = ev->scanned;
	rec->slab = ev->slab;
	rec->migrated = ev->migrated;
	rec->reclaims = ev->reclaims;
	rec->compacts = ev->compacts;
	rec->run = run->id;
	rec->cpu = raw_smp_processor_id();
	rec->gfp = args->gfp;
	rec->nid = args->nid;
	rec->order = args->order;
	rec->entry = run->opt.entry;
	rec->context = run->opt.context;
	rec->scope = run->opt.scope;
	rec->gfp_seen = ev->alloc_gfp;
	rec->kswapd = ev->kswapd;
	rec->attempts = ev->attempts;
	rec->retries = ev->retries;
	rec->victim = ev->victim;
	memcpy(rec->flags_kept, ev->flags_kept, sizeof(rec->flags_kept));
	rec->flags_last = ev->flags_last;
	rec->flags_bad = ev->flags_bad;
	rec->expected = false;
	rec->steal_to = ev->steal_to;
	rec->steal_from = ev->steal_from;
	rec->compact_result = ev->compact_result;
	if (page) {
		fill_placement(rec, page, w->block.pages);
	} else {
		rec->pages = 0;
		rec->page_nid = NUMA_NO_NODE;
		rec->zone = U8_MAX;
		rec->migratetype = 0;
		rec->pfmemalloc = 0;
	}
}

static __always_inline void tell(struct gfplab_worker *w, const struct gfplab_record *rec)
{
	if (!GFPLAB_BUSTED(no_trace))
		trace_gfplab_request(rec, w->run->opt.observe);
}

/* Into a ring that has a size. */
static __always_inline void keep_record(struct gfplab_worker *w)
{
	if (w->ring.head >= w->ring.size)
		w->stats.lost++;
	gfplab_record_commit(&w->ring);
}

static void quarantine_block(struct gfplab_worker *w, const struct gfplab_block *block)
{
	w->stats.bad_blocks++;
	if (!gfplab_quarantine(block))
		gfplab_run_abort(w->run, ABORT_budget);
}

static void free_block(struct gfplab_worker *w, const struct gfplab_block *block)
{
	if (!gfplab_check_leave(block)) {
		quarantine_block(w, block);
		return;
	}
	gfplab_block_free(block);
	w->freed++;
}

/**
 * gfplab_request_release - free all that a worker holds
 * @w: the worker
 *
 * Context: the worker; may sleep.
 */
void gfplab_request_release(struct gfplab_worker *w)
{
	w->stats.bad_blocks += gfplab_pool_drain(w->pool);
	w->looked = 0;
}

/* A full pool then means the end: nothing held may go before the run does. */
static bool holds_all(const struct gfplab_options *opt)
{
	return !opt->hold &&
	       (opt->release.how == RELEASE_at_end || opt->release.how == RELEASE_keep);
}

/* Hold the block, and free what the plan says must go for it. */
static void hold_block(struct gfplab_worker *w, const struct gfplab_block *block)
{
	const struct gfplab_options *opt = &w->run->opt;
	struct gfplab_pool *pool = w->pool;
	struct gfplab_block out;
	u32 i = 0;

	switch (opt->release.how) {
	case RELEASE_every:
		gfplab_pool_push(pool, block);
		if (pool->count == pool->size || !((w->stats.requests + 1) % opt->release.every))
			gfplab_request_release(w);
		return;
	case RELEASE_lifo:
		i = pool->count - 1;
		break;
	case RELEASE_random:
		i = pool->count ? prandom_u32_state(&w->release_rnd) % pool->count : 0;
		break;
	}
	if (pool->count == pool->size && holds_all(opt)) {
		gfplab_run_abort(w->run, ABORT_budget);
		free_block(w, block);
		return;
	}
	if (pool->count == pool->size) {
		out = gfplab_pool_take(pool, i);
		free_block(w, &out);
	}
	gfplab_pool_push(pool, block);
}

static void compare(struct gfplab_worker *w, const struct gfplab_verdict *verdict,
		    const struct page *page)
{
	const struct gfplab_prediction *predicted = &w->predicted;

	if (!predicted->stages)
		return;
	w->stats.predicted_stages += hweight32(predicted->stages);
	if (gfplab_prediction_holds(predicted, verdict, page))
		w->stats.agree++;
	else
		w->stats.differ++;
}

/**
 * gfplab_request_issue - the call itself, and nothing that can wait
 * @data: the worker; what comes of it is left there
 *
 * Context: the plan's.
 */
void gfplab_request_issue(void *data)
{
	struct gfplab_worker *w = data;
	const struct gfplab_options *opt = &w->run->opt;
	const struct gfplab_clock *clock = &w->run->clock;
	bool timed = opt->observe >= OBSERVE_time;
	bool in_irq = opt->context >= CONTEXT_softirq;

	/* With PREEMPT_RT other softirqs run in this task as well, before and after. */
	gfplab_flight_open(&w->flight);
	if (in_irq)
		gfplab_flight_enter_irq(&w->flight, opt->context);
	if (timed)
		w->begin = gfplab_clock_read(clock);
	w->got = gfplab_entries[opt->entry].alloc(&w->args, &w->block);
	if (timed)
		w->end = gfplab_clock_read(clock);
	if (in_irq)
		gfplab_flight_exit_irq(opt->context);
	gfplab_flight_close(&w->flight);
}

static void count(struct gfplab_stats *stats, const struct gfplab_verdict *verdict, u32 n)
{
	stats->result[verdict->result] += n;
	stats->stage[verdict->stage] += n;
	stats->source[verdict->source] += n;
	stats->reserve[verdict->reserve] += n;
}

/* What became of the request just made: judge, check, record; hold or free the block. */
static void finish_request(struct gfplab_worker *w, unsigned int order_index)
{
	const struct gfplab_run *run = w->run;
	const struct gfplab_options *opt = &run->opt;
	struct gfplab_verdict verdict;
	u64 latency = 0;
	u8 bad = 0;

	if (w->got)
		w->allocated++;
	if (GFPLAB_BUSTED(spoiled_block) && w->got && !w->quick_checks)
		page_ref_inc(w->block.page);

	judge(w, &verdict);
	compare(w, &verdict, w->got ? w->block.page : NULL);
	if (w->got && opt->check != CHECK_none) {
		w->block.checked = true;
		bad = gfplab_check_block(&w->block, run, &verdict, opt->observe >= OBSERVE_full ?
					 &w->flight.evidence : NULL);
		/* Who was moved to other nodes meanwhile got what was right before, or is now. */
		if (unlikely(bad) && ((w->mems_seq & 1) || gfplab_mems_seq() != w->mems_seq))
			bad &= ~(1U << FAULT_node);
		if (w->quick_checks && !bad)
			gfplab_quick_check_learn(&w->quick_check, w->block.page);
	}
	if (opt->observe >= OBSERVE_time) {
		latency = gfplab_clock_between(&run->clock, w->begin, w->end);
		gfplab_latency(&w->stats, order_index, verdict.stage, latency);
	}
	if (opt->observe >= OBSERVE_full || trace_gfplab_request_enabled()) {
		struct gfplab_record *rec = gfplab_record_slot(&w->ring);

		rec->latency_ns = latency;
		rec->verdict = verdict;
		rec->bad = bad;
		rec->predicted = w->predicted;
		fill_record(rec, w);
		tell(w, rec);
		if (w->ring.size)
			keep_record(w);
	}
	count(&w->stats, &verdict, 1);

	if (bad) {
		quarantine_block(w, &w->block);
	} else if (w->got) {
		if (opt->check == CHECK_full)
			gfplab_check_fill(&w->block, ((u64)w->index << 48) +
					  (w->stats.requests << 20));
		if (w->pool->size)
			hold_block(w, &w->block);
		else
			free_block(w, &w->block);
	}
	w->stats.requests++;
}

/**
 * gfplab_gate_open - from now on others may empty the worker's pool
 * @w: the worker, its task; it leaves @w->pool alone until gfplab_gate_close()
 *
 * Inside the allocator, or in a long pause, it could not do it soon itself.
 */
void gfplab_gate_open(struct gfplab_worker *w)
{
	if (w->pool->size)
		atomic_set_release(&w->gate, GATE_open);
}

/**
 * gfplab_gate_close - undo gfplab_gate_open()
 * @w: the worker, its task
 *
 * Context: may sleep, until who empties the pool is done.
 */
void gfplab_gate_close(struct gfplab_worker *w)
{
	if (!w->pool->size || atomic_cmpxchg(&w->gate, GATE_open, GATE_closed) == GATE_open)
		return;
	while (atomic_read_acquire(&w->gate) == GATE_reclaiming)
		schedule_timeout_uninterruptible(1);
}

/**
 * gfplab_request - make one request, look at what came, hold or free it
 * @w: the worker, its task
 * @order_index: which of the plan's orders
 *
 * Context: task; no lock is held.
 */
void gfplab_request(struct gfplab_worker *w, unsigned int order_index)
{
	const struct gfplab_run *run = w->run;
	const struct gfplab_options *opt = &run->opt;
	unsigned int before = 0;

	w->args.order = run->orders[order_index];
	if (w->predictor)
		gfplab_predict_request(w->predictor, opt, w->args.order, &w->predicted, NULL);
	w->block = (struct gfplab_block){ .order = w->args.order, .entry = opt->entry };
	prepare_flight(w);
	w->mems_seq = gfplab_mems_seq();
	if (opt->scope)
		before = gfplab_scope_enter(opt->scope);
	if (opt->context == CONTEXT_task)
		gfplab_request_issue(w);
	else
		gfplab_context_call_run(&w->call, opt->context);
	if (opt->scope)
		gfplab_scope_leave(opt->scope, before);
	gfplab_gate_close(w);
	finish_request(w, order_index);
	gfplab_gate_open(w);
}

/**
 * gfplab_record_expected - record a request that went as requests should
 * @w: the worker
 * @page: what it brought
 * @pages: how many
 * @begin: the clock before it
 * @latency_ns: how long it took
 *
 * Context: the worker, in a burst.
 */
void gfplab_record_expected(struct gfplab_worker *w, struct page *page, u32 pages,
			 u64 begin, u64 latency_ns)
{
	const struct gfplab_evidence *ev = &w->flight.evidence;
	struct gfplab_record *rec = gfplab_record_slot(&w->ring);

	if (unlikely(!rec->expected))
		*rec = w->pattern;
	if (w->predictor) {
		compare(w, &w->expected, page);
		rec->predicted = w->predicted;
	}
	rec->seq = next_seq(w);
	rec->ts = begin;
	rec->latency_ns = latency_ns;
	rec->cpu = raw_smp_processor_id();
	rec->gfp_seen = ev->alloc_gfp;
	rec->flags_kept[0] = ev->flags_last;
	rec->flags_last = ev->flags_last;
	fill_placement(rec, page, pages);
	tell(w, rec);
	keep_record(w);
	w->stats.requests++;
}

/* What request and record are like when nothing but the ordinary is seen. */
static void prepare_expected(struct gfplab_worker *w)
{
	struct gfplab_evidence *ev = &w->flight.evidence;
	u32 probes = w->run->opt.observe >= OBSERVE_full ? w->run->probes : 0;

	memset(ev, 0, sizeof(*ev));
	ev->alloc_event = !!(probes & (1U << PROBE_alloc));
	ev->attempts = !!(probes & (1U << PROBE_attempt));
	ev->hits = ev->alloc_event + ev->attempts;
	ev->attempts_after = ev->attempts;
	w->expected_hits = ev->hits;
	/* With such evidence the page is not looked at, but that there is one. */
	w->got = true;
	w->block.page = ZERO_PAGE(0);
	judge(w, &w->expected);
	w->got = false;
	memset(&w->pattern, 0, sizeof(w->pattern));
	fill_record(&w->pattern, w);
	w->pattern.verdict = w->expected;
	w->pattern.expected = true;
	memset(ev, 0, sizeof(*ev));
}

/* What most records will have in common is there before the first request. */
static void prepare_ring(struct gfplab_worker *w)
{
	u64 i, slots = w->ring.size + 1ULL;

	if (w->share)
		slots = min(slots, w->share);
	for (i = 0; i < slots; i++) {
		w->ring.slots[i] = w->pattern;
		if (!(i & 1023))
			cond_resched_tasks_rcu_qs();
	}
}

/**
 * gfplab_request_begin - before a worker's first request
 * @w: the worker
 *
 * Finds out whether requests can be made in bursts: nothing is held or drawn,
 * and what is checked can be seen at a glance.
 */
void gfplab_request_begin(struct gfplab_worker *w)
{
	const struct gfplab_run *run = w->run;
	const struct gfplab_options *opt = &run->opt;

	w->args.order = run->orders[0];
	w->quick_checks = opt->check == CHECK_basic && run->nr_orders == 1 &&
		     gfplab_quick_check_init(&w->quick_check, run);
	w->quick = (opt->check == CHECK_none || w->quick_checks) && !w->pool->size &&
		   opt->context == CONTEXT_task && !opt->scope && !opt->interval_us &&
		   run->nr_orders == 1;
	w->quick_checks = w->quick_checks && w->quick;
	prepare_expected(w);
	if (w->quick && w->ring.size)
		prepare_ring(w);
}

/**
 * gfplab_request_burst - make up to so many requests, free what they bring
 * @w: a worker with @quick set
 * @n: how many at most
 *
 * Context: task. Return: how many were made, at least one.
 */
u32 gfplab_request_burst(struct gfplab_worker *w, u32 n)
{
	const struct gfplab_options *opt = &w->run->opt;
	const struct gfplab_entry *entry = &gfplab_entries[opt->entry];
	u32 expected;

	if (opt->observe < OBSERVE_full && trace_gfplab_request_enabled() && !opt->bare) {
		gfplab_request(w, 0);
		return 1;
	}
	prepare_flight(w);
	w->mems_seq = gfplab_mems_seq();
	if (w->quick_checks)
		gfplab_quick_check_renew(&w->quick_check, w->run, w->expected.stage);
	expected = entry->burst[opt->observe](w, n);
	w->allocated += expected;
	w->freed += expected;
	if (opt->observe < OBSERVE_full)
		w->stats.requests += expected;
	count(&w->stats, &w->expected, expected);
	if (expected == n)
		return n;
	finish_request(w, 0);
	return expected + 1;
}
