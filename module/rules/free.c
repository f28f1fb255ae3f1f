// SPDX-License-Identifier: GPL-2.0
/*
 * free.c - from a per-cpu list's state to what a free does, and from evidence to what it did.
 */
#include "free.h"
#include "probes.h"
#include "words.h"

/* As the kernel's clamp() since 5.19: with @low above @high, a value below @high becomes @low. */
static int clamped(int value, int low, int high)
{
	return value >= high ? high : max(value, low);
}

/*
 * Is a block of order 1 to 3 to make the list give back all that it may? By pcp->free_factor, from
 * 6.7 on pcp->free_count, before this block.
 */
static bool gives_all(const struct gfplab_freeing *f, const struct gfplab_pcp *pcp)
{
	int enough = pcp->batch;

	if (!f->order || f->order > f->costly)
		return false;
	if (pcp->rules == PCP_DOUBLING)
		return pcp->freed;
	if (pcp->rules == PCP_COUNTING_LATE)
		enough += pcp->high_min / 2;
	return pcp->freed >= enough && pcp->after_high_order &&
	       (!pcp->whole_batch || pcp->count + (1 << f->order) >= pcp->batch);
}

/* nr_pcp_high(), since 6.7; *@freed is pcp->free_count with this block. */
static int counting_high(const struct gfplab_pcp *pcp, int count, int freed, bool all)
{
	int high = clamped(pcp->high, pcp->high_min, pcp->high_max);

	if (!high || all)
		return 0;
	if (pcp->reclaims)
		return min(pcp->batch << 2,
			       max(high - max(freed, pcp->batch), pcp->high_min));
	if (pcp->high_min != pcp->high_max && pcp->below_high)
		return max(count, pcp->high_min);
	return high;
}

/* How many pages go to the free lists; 0: none. @count has this block. */
static int batch_of(const struct gfplab_freeing *f, const struct gfplab_pcp *pcp, int count)
{
	bool all = gives_all(f, pcp);
	int freed = pcp->freed, high, n;

	switch (pcp->rules) {
	case PCP_BATCH:
		return count >= pcp->high ? pcp->batch : 0;
	case PCP_DOUBLING:
		high = !pcp->high || all ? 0 :
		       pcp->reclaims ? min(pcp->batch << 2, pcp->high) : pcp->high;
		n = pcp->batch << freed;
		if (all && count >= high)
			return count;
		break;
	default:
		if (freed < pcp->batch << pcp->most)
			freed += 1 << f->order;
		high = counting_high(pcp, count, freed, all);
		n = freed;
		if (all)
			return min(count, pcp->batch << pcp->most);
		break;
	}
	if (count < high)
		return 0;
	return high < pcp->batch ? 1 : clamped(n, pcp->batch, high - pcp->batch);
}

/**
 * gfplab_predict_free - what becomes of a block that is freed now
 * @f: the block
 * @pcp: this CPU's lists of its zone
 *
 * A batch is counted in pages, and ends with the block that makes it full: so it may be larger by
 * what that block has beyond it.
 *
 * Context: any; touches nothing but its arguments.
 * Return: the prediction; what other tasks do between it and the free is not in it.
 * Mirrors free_unref_page_commit(), nr_pcp_high(), nr_pcp_free(), free_pcppages_bulk() and
 * __free_one_page(), 5.10 to 7.3.
 */
struct gfplab_free_prediction gfplab_predict_free(const struct gfplab_freeing *f,
						  const struct gfplab_pcp *pcp)
{
	struct gfplab_free_prediction p = { .freed = FREED_pcp };
	int count = pcp->count + (1 << f->order), batches = 1, n;

	if (!f->pcp_order || f->isolated) {
		p.freed = FREED_buddy;
		p.least = f->order;
		while (p.least < f->max_order && f->buddies & 1U << p.least)
			p.least++;
		return p;
	}
	n = min(batch_of(f, pcp, count), count);
	if (n <= 0)
		return p;
	if (pcp->rules == PCP_COUNTING_LATE && pcp->batch)
		batches += (n - 1) / pcp->batch;
	p.freed = FREED_batch;
	p.least = n;
	p.most = min(n + batches * ((1 << max(f->order, pcp->largest)) - 1), count);
	return p;
}

/**
 * gfplab_free_prediction_holds - did a free do what was predicted?
 * @p: the prediction
 * @verdict: what happened
 * @ev: and how much
 *
 * Context: any; touches nothing but its arguments.
 * Return: true if it did, as far as it is known.
 */
bool gfplab_free_prediction_holds(const struct gfplab_free_prediction *p,
				  const struct gfplab_verdict *verdict,
				  const struct gfplab_evidence *ev)
{
	if (verdict->freed == FREED_unknown)
		return true;
	if (verdict->freed != p->freed)
		return false;
	if (p->freed == FREED_batch)
		return ev->seen.drained >= p->least && ev->seen.drained <= p->most;
	return p->freed != FREED_buddy || !verdict->merged || verdict->merged == p->least + 1;
}

/**
 * gfplab_classify_free - what the evidence of one free means
 * @ev: what the probes saw
 * @probes: bit PROBE_x for each that was there to see
 * @pcp_order: blocks of the order that was freed are kept per CPU
 * @merged: order of the free block that the first page was part of afterwards, + 1; 0: none
 * @verdict: filled in
 *
 * A block that stays in a list of the CPU is in no free block; but a list that could not be locked
 * is gone round.
 *
 * Context: any; touches nothing but its arguments.
 * Mirrors free_unref_page() and __free_pages_ok(), 5.10 to 7.3.
 */
void gfplab_classify_free(const struct gfplab_evidence *ev, __u64 probes, bool pcp_order,
			  __u8 merged, struct gfplab_verdict *verdict)
{
	*verdict = (struct gfplab_verdict){
		.result = RESULT_freed,
		.stage = STAGE_unknown,
		.source = SOURCE_none,
	};
	if (!(probes & PROBE_BIT(freed))) {
		verdict->freed = FREED_unknown;
		return;
	}
	if (!ev->seen.freed)
		return;
	verdict->merged = merged;
	if (!pcp_order)
		verdict->freed = FREED_buddy;
	else if (!(probes & PROBE_BIT(drained)))
		verdict->freed = FREED_unknown;
	else if (ev->seen.drained)
		verdict->freed = FREED_batch;
	else
		verdict->freed = merged ? FREED_buddy : FREED_pcp;
}
