// SPDX-License-Identifier: GPL-2.0
/*
 * text.c - a report's answer for a person: one screen.
 */
#include <stdio.h>
#include <string.h>
#include "answer.h"
#include "rules/alloc_flags.h"
#include "rules/gfp_ages.h"
#include "rules/slowpath.h"
#include "rules/watermark.h"
#include "zone.h"

/* GFP_NOWAIT has __GFP_NOWARN besides since 6.7, so that today's name is another's. */
static bool was_nowait(const struct failure *f)
{
	return f->release < GFPLAB_RELEASE(6, 7, 0) && (f->flags & GFPLAB_GFP(KSWAPD_RECLAIM)) &&
	       !(f->flags & (GFPLAB_GFP(DIRECT_RECLAIM) | GFPLAB_GFP(HIGH) | GFPLAB_GFP(NOWARN)));
}

static void put_asked(const struct failure *f)
{
	char names[GFPLAB_GFP_TODAY_MAX];
	int flag;

	fputs("  asked      ", stdout);
	if (f->kind == KIND_cma || f->kind == KIND_contig) {
		printf(f->contig_pages ? "%ld contiguous pages\n" : "contiguous pages\n",
		       f->contig_pages);
		return;
	}
	if (f->has_bytes)
		printf("a vmalloc of %llu bytes, ", f->bytes);
	if (f->leaked)
		fputs("by a page fault, which does not tell what", stdout);
	else if (f->order == UNKNOWN && f->kind == KIND_vmalloc)
		fputs("page by page", stdout);
	else if (f->order == UNKNOWN)
		fputs("order unknown", stdout);
	else
		printf("order %d (%lu kB)", f->order, (unsigned long)f->page_kb << f->order);
	if (f->has_gfp) {
		gfplab_gfp_today(names, sizeof(names), f->flags, "|");
		printf(", %s", names[0] ? names : "no gfp flag");
	}
	if (f->unknown_bits)
		printf("|0x%x", f->unknown_bits);
	putchar('\n');
	for (flag = 0; flag < NR_GFP_FLAGS; flag++)
		if ((f->flags >> flag & 1) && gfplab_gfp_became(flag))
			printf("             %s %s\n", gfplab_gfp_flag_name(flag),
			       gfplab_gfp_became(flag));
	if (was_nowait(f))
		puts("             __GFP_KSWAPD_RECLAIM without direct reclaim was GFP_NOWAIT to 6.6");
	if (f->slab_cache[0])
		printf("             for the slab cache %s", f->slab_cache);
	if (f->slab_group[0])
		printf(", that of the memory cgroup %s", f->slab_group);
	if (f->slab_cache[0])
		putchar('\n');
	if (f->stall_ms)
		printf("             for %ld ms by then\n", f->stall_ms);
	if (f->walk.thisnode)
		puts("             __GFP_THISNODE: one node alone");
}

static void put_from(const struct failure *f)
{
	printf("  from       %s", f->interrupt && f->context == FROM_unknown ? "an interrupt" :
	       failure_contexts[f->context].help);
	if (f->comm[0])
		printf(f->interrupt ? " that came while %s ran" : " (%s)", f->comm);
	if (f->reclaiming)
		fputs(", which was reclaiming memory itself", stdout);
	if (f->suspending)
		fputs(", in suspend or resume", stdout);
	if (f->caller)
		printf("; asked by %s()", f->caller);
	if (f->nodemask[0] && f->nodemask[0] != '(')
		printf("; nodemask %s", f->nodemask);
	if (f->mems_allowed[0])
		printf("; cpuset's nodes %s", f->mems_allowed);
	putchar('\n');
}

/* More than the mark as it stands: what of it is a watermark boost. */
static void put_boost(const struct failure *f, int i)
{
	const struct gfplab_zone_snapshot *s = &f->snapshots[i];
	long boost = zone_boost(f, i);

	if (boost && f->verdicts[i].full == s->mark[0])
		printf(" (%s%ld of it boost)", s->mark[0] > s->min_unboosted ? "" : "about ",
		       boost);
}

static void put_zone(const struct failure *f, int i)
{
	const struct zone_verdict *v = &f->verdicts[i];
	const struct gfplab_zone_snapshot *s = &f->snapshots[i];
	bool cma = s->free_cma && !(f->alloc_flags & GFPLAB_ALLOC_CMA);

	printf("  Node %d %-8s", f->zones[i].nid, f->zones[i].name);
	if (v->verdict == REASON_not_allowed) {
		printf("free %ld: may not be used\n", v->free);
		return;
	}
	if (!zone_told(f, &f->zones[i])) {
		fputs("no numbers\n", stdout);
		return;
	}
	if (!knows_request(f)) {
		printf("free %ld -> %s\n", v->free, failure_reasons[v->verdict].name);
		return;
	}
	if (f->alloc_flags & GFPLAB_ALLOC_NO_WATERMARKS) {
		printf("free %ld, no watermark counts", v->free);
	} else {
		printf("free %ld", v->free);
		if (v->usable != v->free)
			printf(" - %ld unusable = %ld", v->free - v->usable, v->usable);
		if (cma)
			printf(" (CMA %ld)", s->free_cma);
		if (s->highatomic)
			printf(" (highatomic %ld)", s->highatomic);
		printf(" %s min %ld", v->short_by ? "<=" : ">", v->mark);
		if (v->mark != v->full)
			printf(" (of %ld)", v->full);
		put_boost(f, i);
		if (v->reserve)
			printf(" + lowmem_reserve %ld", v->reserve);
	}
	if (v->verdict == REASON_highatomic_only && !v->short_by && !s->highatomic)
		fputs(", but the reserve for high-order atomic requests is not printed", stdout);
	if (v->short_by)
		printf(": %ld page%s short", v->short_by, v->short_by == 1 ? "" : "s");
	if (f->order > 0 && v->blocks != UNKNOWN)
		printf("; %ld block%s of order %d and above", v->blocks, v->blocks == 1 ? "" : "s",
		       f->order);
	printf(" -> %s\n", failure_reasons[v->verdict].name);
}

/* Up to 4.3: at which order the blocks above it are too few. */
static void put_orders(const struct failure *f, int i)
{
	const struct gfplab_zone_snapshot *s = &f->snapshots[i];
	long free = s->free - gfplab_order_pages(&f->walk), min = f->verdicts[i].mark;
	unsigned int order;

	if (f->verdicts[i].verdict != REASON_fragmented ||
	    !gfplab_walk_can(&f->walk, order_by_order))
		return;
	for (order = 0; order < f->walk.order && order < WALK_ORDERS; order++) {
		free -= (long)s->blocks[order] << order;
		min >>= 1;
		if (free > min)
			continue;
		fputs("             without blocks of order 0", stdout);
		if (order)
			printf(" to %u", order);
		printf(": %ld <= %ld, the mark halved%s\n", free, min, order ? " for each" : "");
		return;
	}
}

/* Which free blocks there are of the order, and why they don't count. */
static void put_blocks(const struct failure *f, int i)
{
	static const char letters[] = { 'U', 'M', 'E', 'H', 'C' };
	const struct zone_lines *z = &f->zones[i];
	const char *join = " ";
	int order;
	size_t type;

	if (f->verdicts[i].verdict == REASON_not_allowed || f->verdicts[i].blocks <= 0 ||
	    !f->walk.order)
		return;
	fputs("             blocks:", stdout);
	for (order = f->walk.order; order < z->nr_orders; order++) {
		if (!z->blocks[order])
			continue;
		printf("%s%lu of order %d", join, z->blocks[order], order);
		join = ", ";
		if (!z->lettered)
			continue;
		fputs(" (", stdout);
		for (type = 0; type < sizeof(letters); type++)
			if (z->types[order] & WALK_BIT(type))
				putchar(letters[type]);
		if (!z->types[order])
			putchar('I');
		putchar(')');
	}
	putchar('\n');
	put_orders(f, i);
}

static void put_slowpath(const struct failure *f)
{
	char names[GFPLAB_ALLOC_FLAGS_MAX];
	const char *may;

	if (!knows_request(f) || f->refused || f->reason == REASON_address_space ||
	    f->kind == KIND_cma || f->kind == KIND_contig)
		return;
	gfplab_alloc_flags_format(names, sizeof(names), f->alloc_flags &
				  ~(f->family < FAMILY_5_10 ? GFPLAB_ALLOC_KSWAPD : 0), f->family);
	if (!f->walk.direct)
		may = "no reclaim, it may not sleep";
	else if (f->reclaiming)
		may = "no reclaim within reclaim";
	else if (f->walk.noretry)
		may = "one round of reclaim and compaction (__GFP_NORETRY)";
	else if (f->order > 3 && !f->walk.mayfail)
		may = "one round of reclaim and compaction, as the order is above 3";
	else if (!f->walk.filesystem)
		may = "reclaim without file systems, and no OOM kill";
	else if (!gfplab_may_retry(&f->walk))
		may = "reclaim, as long as it gets anywhere, and no OOM kill";
	else
		may = "reclaim, and the OOM killer if that does not help";
	printf("  slow path  %s; last attempt with %s%s\n", may, names,
	       f->kind == KIND_oom ? ", and once more at the high mark before the kill" : "");
}

/* What an OOM kill is asked about first. */
static void put_kill(const struct failure *f)
{
	if (f->victim[0])
		printf("  killed     %s\n", f->victim);
	if (f->total_swap_kb > 0 && f->free_swap_kb >= 0)
		printf("  swap       %ld of %ld kB free\n", f->free_swap_kb, f->total_swap_kb);
	else if (!f->total_swap_kb)
		puts("  swap       none");
}

static void put_list(const char *title, const char texts[][TEXT_SIZE], int nr)
{
	int i;

	for (i = 0; i < nr; i++)
		printf("  %-10s %s\n", i ? "" : title, texts[i]);
}

/* The reason in a sentence; unknown, where memory was not asked for, in one of its own. */
static const char *sentence(const struct failure *f)
{
	if (f->reason != REASON_unknown)
		return failure_reasons[f->reason].help;
	if (f->refused)
		return f->has_bytes && !f->bytes ?
		       "the size was 0, which vmalloc() refuses; memory was not the problem" :
		       "the size is larger than all memory; what was free was not the problem";
	if (f->leaked)
		return "a page fault came back without memory, and its request is not printed";
	return failure_reasons[f->reason].help;
}

/**
 * answer_text - print the answer
 * @f: the report, judged
 * @number: which one of the text it is
 */
void answer_text(const struct failure *f, int number)
{
	int i;

	if (number > 1)
		putchar('\n');
	printf("%s", failure_kinds[f->kind].help);
	if (f->kernel[0])
		printf(", Linux %s", f->kernel);
	if (f->has_gfp)
		printf(" (rules of %s%s)", gfplab_families[f->family].name,
		       f->guessed ? ", by what it prints" : "");
	putchar('\n');
	put_asked(f);
	put_from(f);
	printf("  reason     %s: %s", failure_reasons[f->reason].name, sentence(f));
	if (f->reason == REASON_exhausted && (f->alloc_flags & GFPLAB_ALLOC_NO_WATERMARKS))
		fputs(" (no watermark held it back)", stdout);
	if (f->preferred != UNKNOWN)
		printf(" (Node %d %s)", f->zones[f->preferred].nid,
		       f->zones[f->preferred].name);
	putchar('\n');
	if (f->nr_zones)
		printf("  zones      in pages of %d kB\n", f->page_kb);
	for (i = 0; i < f->nr_zones; i++) {
		put_zone(f, i);
		put_blocks(f, i);
	}
	put_slowpath(f);
	if (f->kind == KIND_oom)
		put_kill(f);
	put_list("would pass", f->wouldpass, f->nr_wouldpass);
	put_list("not told", f->unknowns, f->nr_unknowns);
}
