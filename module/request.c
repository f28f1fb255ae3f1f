// SPDX-License-Identifier: GPL-2.0
/*
 * request.c - one request: made, judged, recorded, and its block held or freed.
 *
 * No lock is held across a request.
 */
#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/nodemask.h>
#include <linux/overflow.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "armed.h"
#include "block.h"
#include "budget.h"
#include "burst.h"
#include "busted.h"
#include "check.h"
#include "clock.h"
#include "compat.h"
#include "context.h"
#include "direct.h"
#include "entry.h"
#include "flight.h"
#include "hold.h"
#include "judge.h"
#include "options.h"
#include "plan.h"
#include "pool.h"
#include "predictor.h"
#include "quick_check.h"
#include "record.h"
#include "request.h"
#include "requester.h"
#include "rules/evidence.h"
#include "rules/prediction.h"
#include "rules/probes.h"
#include "rules/verdict.h"
#include "rules/walk.h"
#include "rules/words.h"
#include "states.h"
#include "stats.h"
#include "stop.h"
#include "trace.h"
#include "zone.h"

/*
 * One attempt of the fast path and mm_page_alloc, as far as this kernel has
 * these probes, and nothing else. Only these members were written, so clearing
 * them makes the evidence ready for the next request.
 */
static __always_inline bool evidence_expected(struct gfplab_evidence *ev,
					      const struct gfplab_evidence *expected)
{
	if (ev->summary[0] != expected->summary[0] || ev->summary[1] != expected->summary[1])
		return false;
	ev->summary[0] = 0;
	ev->summary[1] = 0;
	ev->seen.attempts = 0;
	return true;
}

/*
 * Kprobes may be switched off while a run goes on. What they would report is unknown
 * from then on to its end, and each request is looked at by itself.
 */
static noinline void lose_probes(struct gfplab_requester *rq)
{
	u32 doubtful;

	rq->lost |= gfplab_armed_silent(rq->plan->probes, &doubtful);
	if (rq->lost)
		rq->bursts = false;
	rq->blind = rq->lost | doubtful;
}

/* Bit PROBE_x in @rq->blind for each probe that may not have reported since the last look. */
static __always_inline void look_at_probes(struct gfplab_requester *rq)
{
	rq->blind = rq->lost;
	if (gfplab_armed_changed(rq->call.probes))
		lose_probes(rq);
}

static void prepare_flight(struct gfplab_requester *rq)
{
	if (rq->call.flight.evidence.hits)
		memset(&rq->call.flight.evidence, 0, sizeof(rq->call.flight.evidence));
	rq->call.flight.order = gfplab_inner_order(rq);
}

static __always_inline void fill_placement(struct gfplab_record *rec, struct page *page, u32 pages)
{
	rec->pages = pages;
	rec->page_nid = page_to_nid(page);
	rec->zone = page_zonenum(page);
	rec->migratetype = gfplab_pageblock_type(page);
	rec->pfmemalloc = page_is_pfmemalloc(page);
}

/* Where a block lies beside the one before; NULL: there is none. */
static enum gfplab_step step_to(struct gfplab_requester *rq, struct page *page, u32 pages)
{
	struct page *last = rq->last;
	u32 last_pages = rq->last_pages;

	rq->last = page;
	rq->last_pages = pages;
	if (!last || !page)
		return STEP_none;
	return page == last ? STEP_same : page == last + last_pages ? STEP_next :
	       page + pages == last ? STEP_back : STEP_away;
}

static void fill_record(struct gfplab_record *rec, struct gfplab_requester *rq)
{
	const struct gfplab_options *opt = &rq->plan->opt;
	const struct gfplab_call *c = &rq->call;

	rec->ts = opt->observe >= OBSERVE_time ? c->begin : 0;
	rec->seq = gfplab_next_seq(rq);
	rec->seen = c->flight.evidence.seen;
	rec->run = rq->plan->id;
	rec->state = rq->in_state;
	rec->cpu = raw_smp_processor_id();
	rec->gfp = c->args.gfp;
	rec->nid = c->args.nid;
	rec->order = c->args.order;
	rec->entry = opt->entry;
	rec->context = opt->context;
	rec->scope = opt->scope;
	rec->expected = false;
	rec->blind = rq->blind & PROBE_BIT(attempt);
	rec->err = 0;
	rec->step = step_to(rq, c->got ? c->block.page : NULL, c->block.pages);
	if (c->got) {
		fill_placement(rec, c->block.page, c->block.pages);
	} else {
		rec->err = c->block.err;
		rec->pages = 0;
		rec->page_nid = NUMA_NO_NODE;
		rec->zone = U8_MAX;
		rec->migratetype = 0;
		rec->pfmemalloc = 0;
	}
}

static __always_inline void trace_request(struct gfplab_requester *rq,
					  const struct gfplab_record *rec)
{
	if (!GFPLAB_BUSTED(no_trace))
		trace_gfplab_request(rec, rq->plan->opt.observe);
}

static void count_prediction(struct gfplab_requester *rq, const struct gfplab_verdict *verdict,
			     const struct page *page)
{
	const struct gfplab_prediction *predicted = &rq->predicted;

	/* What SIGKILL made of the request could not be foreseen, the OOM killer's or another. */
	if (!predicted->stages || fatal_signal_pending(current))
		return;
	rq->stats.predicted_open += gfplab_prediction_size(predicted);
	if (gfplab_prediction_holds(predicted, verdict, page,
				    rq->call.flight.evidence.seen.victim > 0))
		rq->stats.agree++;
	else
		rq->stats.differ++;
}

/* The call itself, in the plan's context; what comes of it is left in the requester. */
static void issue(void *data)
{
	struct gfplab_requester *rq = data;
	const struct gfplab_options *opt = &rq->plan->opt;
	struct gfplab_call *c = &rq->call;
	bool timed = opt->observe >= OBSERVE_time;
	bool in_irq = opt->context >= CONTEXT_softirq;
	unsigned int before = 0;

	/* With PREEMPT_RT other softirqs run in this task as well, before and after. */
	gfplab_flight_open(&c->flight);
	if (in_irq)
		gfplab_flight_enter_irq(&c->flight, opt->context);
	/* Of the task that the softirq borrows, which need not be the one that waits. */
	if (in_irq && opt->scope)
		before = gfplab_scope_enter(opt->scope);
	if (timed)
		c->begin = gfplab_clock_read(c->clock);
	c->got = gfplab_entries[opt->entry].calls->alloc(&c->args, &c->block);
	if (timed)
		c->end = gfplab_clock_read(c->clock);
	if (in_irq && opt->scope)
		gfplab_scope_leave(opt->scope, before);
	if (in_irq)
		gfplab_flight_exit_irq(opt->context);
	gfplab_flight_close(&c->flight);
}

/* Of its own doing: what it was given more than the state had left. */
static void note_spent(struct gfplab_requester *rq)
{
	const struct gfplab_seen *seen = &rq->call.flight.evidence.seen;

	if (rq->states && (seen->reclaims || seen->compacts || seen->reclaimed))
		rq->states->spent = true;
}

/* What became of the request just made: judge, check, record; hold or free the block. */
static void finish_request(struct gfplab_requester *rq, unsigned int order_index)
{
	const struct gfplab_plan *plan = rq->plan;
	const struct gfplab_options *opt = &plan->opt;
	struct gfplab_verdict verdict;
	u64 latency = 0;
	u16 bad = 0;

	note_spent(rq);
	if (rq->call.got)
		rq->allocated++;
	if (GFPLAB_BUSTED(spoiled_block) && rq->call.got && !rq->call.quick_checks)
		page_ref_inc(rq->call.block.page);

	look_at_probes(rq);
	if (unlikely(rq->blind & PROBE_BIT(attempt)))
		rq->call.flight.evidence.seen.flags_bad = 1;
	gfplab_judge(rq, &verdict);
	count_prediction(rq, &verdict, rq->call.got ? rq->call.block.page : NULL);
	if (rq->call.got && opt->check != CHECK_none) {
		rq->call.block.checked = true;
		bad = gfplab_check_block(&rq->call.block, plan, &verdict,
					 opt->observe >= OBSERVE_full ?
					 &rq->call.flight.evidence : NULL);
		/* The cpuset changed meanwhile: the node was right before that, or is now. */
		if (unlikely(bad) && ((rq->mems_seq & 1) || gfplab_mems_seq() != rq->mems_seq))
			bad &= ~(1U << FAULT_node);
		if (rq->call.quick_checks && !bad)
			gfplab_quick_check_learn(&rq->call.quick, rq->call.block.page);
	}
	if (opt->observe >= OBSERVE_time) {
		latency = gfplab_clock_between(&plan->clock, rq->call.begin, rq->call.end);
		gfplab_latency(&rq->stats, order_index, verdict.stage, latency);
	}
	if (opt->observe >= OBSERVE_full || trace_gfplab_request_enabled()) {
		struct gfplab_record *rec = gfplab_record_slot(&rq->ring);

		rec->latency_ns = latency;
		rec->verdict = verdict;
		rec->bad = bad;
		rec->predicted = rq->predicted;
		fill_record(rec, rq);
		trace_request(rq, rec);
		if (rq->ring.size)
			gfplab_keep_record(rq);
	}
	gfplab_stats_count(&rq->stats, &verdict, 1);

	if (bad) {
		gfplab_hold_quarantine(rq, &rq->call.block);
	} else if (rq->call.got) {
		if (opt->check == CHECK_full)
			gfplab_check_fill(&rq->call.block, ((u64)rq->index << 48) +
					  (rq->stats.requests << 20));
		gfplab_hold_or_free(rq, &rq->call.block);
	}
	rq->stats.requests++;
}

/**
 * gfplab_request - make one request, look at what came, hold or free it
 * @rq: the requester; its task calls
 * @order_index: which of the plan's orders
 *
 * Context: task; may sleep. No lock is held across the request: the pool can be
 * emptied by oom.c at any moment.
 */
void gfplab_request(struct gfplab_requester *rq, unsigned int order_index)
{
	const struct gfplab_plan *plan = rq->plan;
	const struct gfplab_options *opt = &plan->opt;
	bool in_task = opt->context < CONTEXT_softirq;
	unsigned int before = 0;

	rq->call.args.order = plan->orders[order_index];
	if (rq->states)
		rq->in_state = gfplab_states_renew(rq->states);
	if (rq->predictor)
		gfplab_predict_request(rq->predictor, opt, rq->call.args.order, &rq->predicted,
				       NULL);
	rq->call.block = (struct gfplab_block){
		.order = rq->call.args.order,
		.entry = opt->entry,
	};
	prepare_flight(rq);
	rq->mems_seq = gfplab_mems_seq();
	if (in_task && opt->scope)
		before = gfplab_scope_enter(opt->scope);
	if (opt->context == CONTEXT_task)
		issue(rq);
	else
		gfplab_context_call_run(&rq->context_call, opt->context);
	if (in_task && opt->scope)
		gfplab_scope_leave(opt->scope, before);
	finish_request(rq, order_index);
}

/* A request that went as expected, in a burst: what it has in common with others is there. */
static void record_expected(struct gfplab_requester *rq, struct page *page, u32 pages,
			    u64 begin, u64 latency_ns)
{
	const struct gfplab_seen *seen = &rq->call.flight.evidence.seen;
	struct gfplab_record *rec = gfplab_record_slot(&rq->ring);

	if (unlikely(!rec->expected))
		*rec = rq->pattern;
	if (rq->predictor) {
		count_prediction(rq, &rq->expected, page);
		rec->predicted = rq->predicted;
	}
	rec->seq = gfplab_next_seq(rq);
	rec->ts = begin;
	rec->latency_ns = latency_ns;
	rec->cpu = raw_smp_processor_id();
	rec->seen.alloc_gfp = seen->alloc_gfp;
	rec->seen.flags_kept[0] = seen->flags_last;
	rec->seen.flags_last = seen->flags_last;
	fill_placement(rec, page, pages);
	trace_request(rq, rec);
	gfplab_keep_record(rq);
	rq->stats.requests++;
}

static u32 unrecorded_burst(struct gfplab_requester *rq, struct gfplab_tally *tally, u32 n)
{
	const struct gfplab_options *opt = &rq->plan->opt;
	const struct gfplab_entry_calls *calls = gfplab_entries[opt->entry].calls;
	struct gfplab_call *c = &rq->call;
	enum gfplab_observe level = opt->observe;

	/* The loop at none checks nothing; without probes the one at path does nothing more. */
	if (level == OBSERVE_none && c->quick_checks)
		level = OBSERVE_path;
	if (calls->burst[level])
		return calls->burst[level](c, tally, n);
	return gfplab_burst(calls->alloc, calls->free, c, c->quick_checks ? &c->quick : NULL,
			    tally, n, level);
}

static __always_inline bool call_alloc(const struct gfplab_entry_calls *calls,
				       const struct gfplab_alloc_args *args,
				       struct gfplab_block *block)
{
	switch (calls->direct) {
	case DIRECT_pages:
		return gfplab_call_alloc_pages(args, block);
	case DIRECT_node:
		return gfplab_call_alloc_node(args, block);
	case DIRECT_nodemask:
		return gfplab_call_alloc_nodemask(args, block);
	default:
		return calls->alloc(args, block);
	}
}

static __always_inline void call_free(const struct gfplab_entry_calls *calls,
				      const struct gfplab_block *block)
{
	if (calls->direct)
		gfplab_call_free_pages(block);
	else
		calls->free(block);
}

/* At observe=full and explain one loop serves all entries. */
static u32 recorded_burst(struct gfplab_requester *rq, struct gfplab_tally *tally, u32 n)
{
	const struct gfplab_entry_calls *calls = gfplab_entries[rq->plan->opt.entry].calls;
	struct gfplab_call *c = &rq->call;
	const struct gfplab_quick_check *quick = c->quick_checks ? &c->quick : NULL;
	const struct gfplab_clock *clock = c->clock;
	struct gfplab_block *block = &c->block;
	/* An attempt that was seen has had its kprobe, and the others fire after the first one. */
	u32 kprobes = c->probes & PROBE_BIT(attempt) ? 0 : c->probes;
	unsigned long tick = READ_ONCE(jiffies);
	u64 begin, end, ns;
	bool got;
	u32 i;

	*block = (struct gfplab_block){ .order = c->args.order, .entry = block->entry };
	for (i = 0; i < n; i++) {
		if (rq->predictor && (!i || !gfplab_predict_again(rq->predictor)))
			gfplab_predict_request(rq->predictor, &rq->plan->opt, c->args.order,
					       &rq->predicted, NULL);
		gfplab_flight_open(&c->flight);
		begin = gfplab_clock_read(clock);
		got = call_alloc(calls, &c->args, block);
		end = gfplab_clock_read(clock);
		gfplab_flight_close(&c->flight);
		if (!got || !gfplab_block_expected(quick, block))
			break;
		/* An attempt without watermarks would mark it. */
		if (quick && page_is_pfmemalloc(block->page))
			break;
		/* As in burst.h. */
		if (unlikely(READ_ONCE(jiffies) != tick))
			break;
		if (gfplab_armed_changed_for_slow(kprobes) ||
		    !evidence_expected(&c->flight.evidence, &rq->expected_evidence))
			break;
		ns = gfplab_clock_between(clock, begin, end);
		gfplab_tally_add(tally, ns);
		record_expected(rq, block->page, block->pages, begin, ns);
		call_free(calls, block);
	}
	if (i < n) {
		c->got = got;
		c->begin = begin;
		c->end = end;
	}
	return i;
}

/**
 * gfplab_request_burst - make up to so many requests, free what they bring
 * @rq: a requester with @bursts set; its task calls
 * @n: how many at most
 *
 * Context: task; may sleep.
 * Return: how many were made, at least one.
 */
u32 gfplab_request_burst(struct gfplab_requester *rq, u32 n)
{
	const struct gfplab_options *opt = &rq->plan->opt;
	struct gfplab_tally tally;
	u32 expected;

	if (opt->observe < OBSERVE_full && trace_gfplab_request_enabled() && !opt->bare) {
		gfplab_request(rq, 0);
		return 1;
	}
	if (rq->states)
		rq->in_state = gfplab_states_renew(rq->states);
	prepare_flight(rq);
	rq->last = NULL;
	rq->mems_seq = gfplab_mems_seq();
	if (rq->call.quick_checks)
		gfplab_quick_check_renew(&rq->call.quick, rq->plan, rq->expected.stage);
	if (opt->observe >= OBSERVE_time)
		gfplab_tally_begin(&tally, &rq->stats, rq->expected.stage);
	if (opt->observe >= OBSERVE_full) {
		expected = recorded_burst(rq, &tally, n);
	} else {
		expected = unrecorded_burst(rq, &tally, n);
		rq->stats.requests += expected;
	}
	if (opt->observe >= OBSERVE_time)
		gfplab_tally_end(&tally, &rq->stats, rq->expected.stage);
	rq->allocated += expected;
	rq->freed += expected;
	look_at_probes(rq);
	gfplab_stats_count(&rq->stats, rq->blind && opt->observe < OBSERVE_time ?
			   &rq->unseen : &rq->expected, expected);
	if (expected == n)
		return n;
	finish_request(rq, 0);
	return expected + 1;
}

/* ---- begin and end ---- */

/* Verdict and record of a request that the fast path serves. */
static void prepare_expected(struct gfplab_requester *rq)
{
	struct gfplab_evidence *ev = &rq->call.flight.evidence;
	u64 probes = rq->plan->opt.observe >= OBSERVE_full ? rq->plan->probes : 0;

	memset(ev, 0, sizeof(*ev));
	ev->alloc_event = !!(probes & PROBE_BIT(alloc));
	ev->seen.attempts = !!(probes & PROBE_BIT(attempt));
	ev->hits = ev->alloc_event + ev->seen.attempts;
	ev->attempts_after = ev->seen.attempts;
	rq->expected_evidence = *ev;
	if (ev->hits && gfplab_inner_order(rq) != GFPLAB_ANY_ORDER)
		ev->seen.order_seen = gfplab_inner_order(rq) + 1;
	/* With such evidence the page is not looked at, but that there is one. */
	rq->call.got = true;
	rq->call.block.page = ZERO_PAGE(0);
	rq->lost = 0;
	rq->blind = GFPLAB_KPROBES;
	gfplab_judge(rq, &rq->unseen);
	rq->blind = 0;
	gfplab_judge(rq, &rq->expected);
	rq->call.got = false;
	memset(&rq->pattern, 0, sizeof(rq->pattern));
	fill_record(&rq->pattern, rq);
	rq->pattern.verdict = rq->expected;
	rq->pattern.expected = true;
	rq->last = NULL;
	memset(ev, 0, sizeof(*ev));
}

/* What most records will have in common is there before the first request. */
static void prepare_ring(struct gfplab_requester *rq)
{
	u64 i, slots = rq->ring.size + 1ULL, share = gfplab_plan_share(rq->plan, rq->index);

	if (share)
		slots = min(slots, share);
	for (i = 0; i < slots; i++) {
		rq->ring.slots[i] = rq->pattern;
		if (!(i & 1023))
			cond_resched_tasks_rcu_qs();
	}
}

/**
 * gfplab_requester_begin - before the first request
 * @rq: initialised; its task calls
 *
 * Finds out whether requests can be made in bursts: nothing is held or drawn,
 * and the quick check can tell whether a block is good.
 *
 * Context: task; may sleep.
 */
void gfplab_requester_begin(struct gfplab_requester *rq)
{
	const struct gfplab_plan *plan = rq->plan;
	const struct gfplab_options *opt = &plan->opt;
	bool quick;

	gfplab_context_call_init(&rq->context_call, issue, rq);
	rq->call.args.order = plan->orders[0];
	rq->call.args.pages = opt->pages;
	rq->call.args.range = opt->range;
	rq->call.block.entry = opt->entry;
	rq->call.probes = plan->probes & GFPLAB_KPROBES;
	quick = opt->check == CHECK_basic && plan->nr_orders == 1 &&
		gfplab_quick_check_init(&rq->call.quick, plan);
	rq->bursts = (opt->check == CHECK_none || quick) && !rq->pool->size &&
		     !opt->frees && opt->context == CONTEXT_task && !opt->scope &&
		     !opt->interval_us && plan->nr_orders == 1 &&
		     !(rq->states && opt->observe >= OBSERVE_full);
	rq->call.quick_checks = quick && rq->bursts;
	/* Without probes it can't be told whether a request reclaims. */
	if (rq->states && opt->observe == OBSERVE_none && (opt->gfp & __GFP_DIRECT_RECLAIM))
		rq->states->spent = true;
	prepare_expected(rq);
	if (rq->bursts && rq->ring.size)
		prepare_ring(rq);
}

/**
 * gfplab_requester_end - after the last request
 * @rq: its task calls; the pool is handed on or empty
 *
 * Context: task; may sleep.
 */
void gfplab_requester_end(struct gfplab_requester *rq)
{
	gfplab_frag_drain(&rq->frags);
	gfplab_context_call_exit(&rq->context_call);
	gfplab_count_allocated(rq->allocated);
	gfplab_count_freed(rq->freed);
}
