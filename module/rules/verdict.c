// SPDX-License-Identifier: GPL-2.0
/*
 * verdict.c - evidence to verdict. Pure functions: no locks, no kernel state.
 *
 * The rule of this file: silence of a probe counts only if the probe was
 * there. What can't be told from the evidence is `unknown`, never a guess.
 */
#include "alloc_flags.h"
#include "busted.h"
#include "probes.h"
#include "verdict.h"
#include "words.h"

/* compact_result holds the kernel's value + 1; COMPACT_SUCCESS is 8 since 4.8 */
#define COMPACT_RESULT_SUCCESS	(8 + 1)

static bool watched(const struct gfplab_outcome *out, __u64 probes)
{
	return (out->probes & probes) == probes;
}

/* Nothing was asked of the allocator, and that is known. */
static bool from_cache(const struct gfplab_evidence *ev, const struct gfplab_outcome *out)
{
	return out->client && out->got && !ev->hits && watched(out, PROBE_BIT(alloc));
}

/*
 * A request that fails without the slow path was never tried: the fast path
 * alone gives up in no kernel. The exceptions are the memory cgroup's charge,
 * which comes after the page, and an entry that has no slow path; then only
 * an attempt or mm_page_alloc can tell.
 */
static enum gfplab_result result_of(const struct gfplab_evidence *ev,
				    const struct gfplab_outcome *out)
{
	if (out->got)
		return RESULT_ok;
	if (out->over_max)
		return RESULT_rejected;
	if (ev->slow || ev->alloc_event || ev->seen.attempts)
		return RESULT_failed;
	if (out->bypass)
		return RESULT_failed;
	if (watched(out, PROBE_BIT(alloc)))
		return RESULT_rejected;
	if (watched(out, PROBE_BIT(attempt)) && !out->client && !out->mixed)
		return RESULT_rejected;
	if (watched(out, PROBE_BIT(slowpath)) && !out->account && !out->once)
		return RESULT_rejected;
	return RESULT_failed;
}

/* The machine's OOM killer, as far as that can be told from a memory cgroup's. */
static bool asked_for_victim(const struct gfplab_evidence *ev, const struct gfplab_outcome *out)
{
	if (ev->oom)
		return true;
	return ev->seen.victim && !ev->group_oom && (!out->account || watched(out, PROBE_BIT(oom)));
}

/* Each stage is believed only if every later one would have been seen. */
static enum gfplab_stage stage_of(const struct gfplab_evidence *ev,
				  const struct gfplab_outcome *out,
				  enum gfplab_result result)
{
	__u64 need = PROBE_BIT(oom);

	if (result == RESULT_rejected)
		return STAGE_rejected;
	if (out->bypass || from_cache(ev, out))
		return STAGE_unknown;
	if (asked_for_victim(ev, out))
		return STAGE_oom;
	if (ev->seen.reclaims)
		return watched(out, need) ? STAGE_reclaim : STAGE_unknown;
	need |= PROBE_BIT(reclaim);
	if (ev->seen.compacts)
		return watched(out, need) ? STAGE_compact : STAGE_unknown;
	need |= PROBE_BIT(compact);
	/*
	 * See result_of(): what failed has been there, even where the attempts
	 * stand in for the entry and there was none, for want of a zone.
	 */
	if (ev->slow || (result == RESULT_failed && !out->account && !out->once &&
			 watched(out, PROBE_BIT(slowpath)))) {
		if (GFPLAB_BUSTED(wrong_stage))
			return STAGE_fast;
		return watched(out, need) ? STAGE_slow : STAGE_unknown;
	}
	need |= PROBE_BIT(slowpath);
	return watched(out, need) ? STAGE_fast : STAGE_unknown;
}

/* The last attempt would rather have left the per-cpu list empty than refill it. */
static bool skipped_refill(const struct gfplab_evidence *ev, const struct gfplab_outcome *out)
{
	return out->no_refill_highatomic && watched(out, PROBE_BIT(attempt)) && ev->seen.attempts &&
	       !ev->seen.flags_bad && (ev->seen.flags_last & GFPLAB_ALLOC_HIGHATOMIC);
}

/*
 * One block off the free lists for an order that the per-cpu lists serve is
 * either a refill that found no more, or a list that could not be locked:
 * the two leave the same traces.
 */
static enum gfplab_source source_of(const struct gfplab_evidence *ev,
				    const struct gfplab_outcome *out)
{
	__u32 taken = ev->zonelocked + ev->silent;
	bool compacted = ev->seen.compact_result == COMPACT_RESULT_SUCCESS;

	if (!out->got || from_cache(ev, out))
		return SOURCE_none;
	if (out->bypass)
		return SOURCE_unknown;
	/* A batch may hold pages of CMA beside others. */
	if (ev->cma && out->cma)
		return SOURCE_cma;
	if (!watched(out, PROBE_BIT(zonelocked) | PROBE_BIT(extfrag)))
		return SOURCE_unknown;
	if (!out->pcp_order) {
		if (taken)
			return SOURCE_buddy;
		return compacted ? SOURCE_capture : SOURCE_unknown;
	}
	/* Two refills and two orders leave the same traces. */
	if (taken && out->mixed)
		return SOURCE_unknown;
	if (taken >= 2)
		return GFPLAB_BUSTED(wrong_source) ? SOURCE_pcp : SOURCE_refill;
	if (taken)
		return ev->highatomic || skipped_refill(ev, out) ? SOURCE_buddy : SOURCE_unknown;
	if (!compacted)
		return SOURCE_pcp;
	/* A captured block is handed over with no further attempt. */
	if (!watched(out, PROBE_BIT(attempt)))
		return SOURCE_unknown;
	return ev->attempts_after ? SOURCE_pcp : SOURCE_capture;
}

/*
 * alloc_flags say what the successful attempt was allowed; whether it needed
 * that is for the zone's free pages to say. NO_WATERMARKS is different: the
 * kernel itself marks such a page as taken from the reserves.
 */
static enum gfplab_reserve reserve_of(const struct gfplab_evidence *ev,
				      const struct gfplab_outcome *out,
				      enum gfplab_stage stage)
{
	if (!out->got)
		return RESERVE_none;
	if (ev->highatomic)
		return RESERVE_highatomic;
	if (from_cache(ev, out))
		return RESERVE_none;
	if (stage == STAGE_fast)
		return RESERVE_none;
	if (!out->placed)
		return RESERVE_unknown;
	if (out->pfmemalloc)
		return RESERVE_nowatermarks;
	if (!out->below_min)
		return RESERVE_none;
	if (!watched(out, PROBE_BIT(attempt)) || ev->seen.flags_bad || !ev->seen.attempts)
		return RESERVE_unknown;
	/* Where the page was linked into a list (bulk_list), the mark is gone. */
	if (ev->seen.flags_last & GFPLAB_ALLOC_NO_WATERMARKS)
		return RESERVE_nowatermarks;
	if (ev->seen.flags_last & GFPLAB_ALLOC_OOM)
		return RESERVE_oom;
	if (ev->seen.flags_last & GFPLAB_ALLOC_NON_BLOCK)
		return RESERVE_nonblock;
	if (ev->seen.flags_last & GFPLAB_ALLOC_MIN_RESERVE)
		return RESERVE_high;
	return RESERVE_none;
}

/*
 * Of the last fallback. Where types and free lists are one, the pageblock's type tells all.
 * Elsewhere its other free blocks do: a request for movable pages may take a block out of a
 * pageblock that has been movable before, and no more than that.
 */
static enum gfplab_claim claimed_of(const struct gfplab_evidence *ev,
				    const struct gfplab_outcome *out)
{
	bool same = ev->seen.steal_block == ev->seen.steal_to;

	if (!watched(out, PROBE_BIT(extfrag)))
		return CLAIM_unknown;
	if (!ev->extfrag)
		return CLAIM_none;
	if (out->claims_whole)
		return same ? CLAIM_whole : CLAIM_none;
	switch (ev->seen.steal_others) {
	case OTHERS_STAY:
		return CLAIM_none;
	case OTHERS_MOVED:
		return same ? CLAIM_whole : CLAIM_part;
	case OTHERS_NONE:
		return same ? CLAIM_whole : CLAIM_none;
	case OTHERS_UNTOLD:
		return same ? CLAIM_unknown : CLAIM_none;
	default:
		return same ? CLAIM_whole : CLAIM_unknown;
	}
}

/*
 * The charge comes after the page. A request that finds none has been in the slow path; one that
 * finds one there leaves a trace only where the memory cgroup reclaims for the charge.
 */
static enum gfplab_charge charge_of(const struct gfplab_evidence *ev,
				    const struct gfplab_outcome *out, enum gfplab_result result)
{
	if (result != RESULT_failed || !out->account || out->bypass)
		return CHARGE_none;
	if (ev->charged || ev->group_oom)
		return out->mixed ? CHARGE_unknown : CHARGE_failed;
	if (out->once)
		return CHARGE_unknown;
	if (!ev->slow)
		return watched(out, PROBE_BIT(slowpath)) ? CHARGE_failed : CHARGE_unknown;
	return out->reclaims && watched(out, PROBE_BIT(charge)) ? CHARGE_none : CHARGE_unknown;
}

/**
 * gfplab_classify - what the evidence of one request means
 * @ev: what the probes saw
 * @out: what came back, and which probes were there to see
 * @verdict: filled in
 *
 * Context: any; touches nothing but its arguments.
 * Mirrors __alloc_pages() and rmqueue() of mm/page_alloc.c, 5.10 to 7.3.
 */
void gfplab_classify(const struct gfplab_evidence *ev,
		     const struct gfplab_outcome *out,
		     struct gfplab_verdict *verdict)
{
	verdict->result = result_of(ev, out);
	verdict->stage = stage_of(ev, out, verdict->result);
	verdict->source = source_of(ev, out);
	verdict->reserve = reserve_of(ev, out, verdict->stage);
	verdict->claimed = claimed_of(ev, out);
	verdict->charge = charge_of(ev, out, verdict->result);
	verdict->freed = FREED_none;
	verdict->merged = 0;
}
