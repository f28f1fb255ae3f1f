// SPDX-License-Identifier: GPL-2.0
/*
 * judge.c - why a request failed, out of what its zones come to and what the report says besides.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "judge.h"
#include "request.h"
#include "rules/gfp_ages.h"
#include "rules/slowpath.h"
#include "trace.h"
#include "zone.h"

static long pages_of(const struct failure *f, const struct zone_lines *z, enum zone_field field)
{
	return z->kb[field] > 0 ? z->kb[field] / f->page_kb : 0;
}

/* Pages that reclaim could still get at, in the zones that may be used. */
static long reclaimable(const struct failure *f)
{
	long file = 0, anon = 0, swap = f->free_swap_kb > 0 ? f->free_swap_kb / f->page_kb : 0;
	const struct zone_lines *z;
	int i;

	for (i = 0; i < f->nr_zones; i++) {
		z = &f->zones[i];
		if (!zone_allowed(f, i))
			continue;
		file += pages_of(f, z, FIELD_active_file) + pages_of(f, z, FIELD_inactive_file);
		anon += pages_of(f, z, FIELD_active_anon) + pages_of(f, z, FIELD_inactive_anon);
	}
	return file + (anon < swap ? anon : swap);
}

/* Reclaim had given up, or there is less to reclaim than the marks ask for. */
static bool nothing_to_reclaim(const struct failure *f, int zone)
{
	long marks = 0;
	int i;

	if (f->zones[zone].kb[FIELD_active_file] == UNKNOWN)
		return false;
	if (f->zones[zone].unreclaimable == 1)
		return true;
	for (i = 0; i < f->nr_zones; i++)
		if (zone_allowed(f, i))
			marks += f->snapshots[i].mark[0];
	return reclaimable(f) <= marks;
}

/* Even for a single page, with nothing to reclaim for a request that may, or none at all. */
static bool is_gone(const struct failure *f, int zone)
{
	const struct zone_verdict *v = &f->verdicts[zone];

	if (!v->free && !v->mark)
		return true;
	return f->walk.direct && v->free <= v->mark + v->reserve && nothing_to_reclaim(f, zone);
}

/* Of the zones that may be used: the highest of the first node that has all its own fail. */
static int preferred_zone(const struct failure *f)
{
	int best = UNKNOWN, i;

	for (i = 0; i < f->nr_zones; i++) {
		if (!zone_allowed(f, i))
			continue;
		if (best == UNKNOWN || f->zones[i].kind > f->zones[best].kind)
			best = i;
	}
	return best;
}

static bool any_passes(const struct failure *f, int nid, bool *unsure)
{
	int i;

	for (i = 0; i < f->nr_zones; i++) {
		if (!zone_allowed(f, i) || (nid != UNKNOWN && f->zones[i].nid != nid))
			continue;
		if (f->verdicts[i].verdict == REASON_passes)
			return true;
		*unsure |= f->verdicts[i].verdict == REASON_unknown;
	}
	return false;
}

/* The first one that passes, which must be there. */
static int passing_zone(const struct failure *f, int nid)
{
	int tried[ZONES_MAX], i, zone;

	zone_order(f, tried);
	for (i = 0; i < f->nr_zones - 1; i++) {
		zone = tried[i];
		if (zone_allowed(f, zone) && (nid == UNKNOWN || f->zones[zone].nid == nid) &&
		    f->verdicts[zone].verdict == REASON_passes)
			break;
	}
	return tried[i];
}

/* With __GFP_THISNODE one node was asked, which the report does not name: one that fails. */
static int failing_node(const struct failure *f)
{
	bool unsure = false;
	int i;

	for (i = 0; i < f->nr_zones; i++)
		if (zone_allowed(f, i) && !any_passes(f, f->zones[i].nid, &unsure))
			return f->zones[i].nid;
	return UNKNOWN;
}

/* Why no zone may be used, or why one that would pass may not. */
static enum failure_reason left_out(const struct failure *f, bool passing)
{
	enum failure_reason reason = REASON_unknown;
	int i;

	for (i = 0; i < f->nr_zones; i++) {
		const struct zone_lines *z = &f->zones[i];

		if (!zone_low_enough(f, i) || !zone_has_memory(z) || zone_allowed(f, i))
			continue;
		if (passing && judge_zone(f, &f->walk, i, f->alloc_flags).verdict != REASON_passes)
			continue;
		reason = zone_in_nodemask(f, z->nid) ? REASON_cpuset : REASON_nodemask;
	}
	return reason;
}

/*
 * An OOM report shows the nodes that were allowed alone. What is free besides them, and is more
 * than they would need, lies on others. (From 6.1 on it may lie in zones above the request.)
 */
static bool nodes_not_shown(const struct failure *f)
{
	long free = 0, marks = 0;
	int i;

	if (f->kind != KIND_oom || f->free_pages == UNKNOWN || !f->mems_allowed[0] ||
	    (f->release >= GFPLAB_RELEASE(6, 1, 0) && f->walk.highest < ZONE_Movable))
		return false;
	for (i = 0; i < f->nr_zones; i++) {
		free += f->snapshots[i].free;
		marks += f->snapshots[i].mark[2];
	}
	return f->free_pages - free > 2 * marks && f->free_pages - free > free;
}

static int max_order(const struct failure *f)
{
	int most = 0, i;

	for (i = 0; i < f->nr_zones; i++)
		if (zone_lists(&f->zones[i]) && f->zones[i].nr_orders > most)
			most = f->zones[i].nr_orders;
	return most - 1;
}

/* What bound a task that was killed, where the kernel names it. */
static enum failure_reason bound_by(const struct failure *f)
{
	if (!strcmp(f->constraint, "CONSTRAINT_CPUSET"))
		return REASON_cpuset;
	if (!strcmp(f->constraint, "CONSTRAINT_MEMORY_POLICY"))
		return REASON_nodemask;
	return REASON_unknown;
}

/* Why a task was killed although the numbers pass. */
static void explain_kill(struct failure *f)
{
	int i;

	for (i = 0; i < f->nr_zones; i++) {
		const struct zone_verdict *v = &f->verdicts[i];

		if (v->verdict == REASON_passes &&
		    v->usable > f->snapshots[i].mark[2] + v->reserve) {
			if (!f->nodemask[0])
				failure_unknown(f,
						"which nodes the task's memory policy allows: this kernel does not print it");
			return;
		}
	}
	if (bound_by(f) != REASON_unknown) {
		f->reason = bound_by(f);
		return;
	}
	failure_unknown(f,
			"whether memory came back at all: the last attempt before a kill is held to the high mark, which no zone passes");
}

/* pm_restrict_gfp_mask(): between suspend and resume no request has __GFP_IO and __GFP_FS. */
static bool io_off(const struct failure *f)
{
	return f->suspending && f->has_gfp && f->walk.direct &&
	       !(f->flags & (GFPLAB_GFP(IO) | GFPLAB_GFP(FS)));
}

/* What refuses pages that are there. A page failure's own report comes before the charge. */
static void name_charge(struct failure *f)
{
	if (f->kind == KIND_vmalloc && f->flags & GFPLAB_GFP(ACCOUNT))
		failure_unknown(f,
				"whether the charge of its pages to the task's memory cgroup failed (__GFP_ACCOUNT), or a fatal signal ended it: that is not printed");
}

static void judge_zones(struct failure *f)
{
	bool unsure = false;
	int i, nid = UNKNOWN;

	for (i = 0; i < f->nr_zones; i++) {
		f->verdicts[i] = judge_zone(f, &f->walk, i, f->alloc_flags);
		if (!zone_allowed(f, i))
			f->verdicts[i].verdict = REASON_not_allowed;
	}
	f->preferred = preferred_zone(f);
	if (f->preferred == UNKNOWN) {
		f->reason = left_out(f, false);
		if (f->reason == REASON_unknown)
			f->reason = REASON_no_zone;
		return;
	}
	if (f->walk.thisnode) {
		nid = failing_node(f);
		for (i = 0; nid != UNKNOWN && i < f->nr_zones; i++)
			if (f->zones[i].nid == nid && zone_allowed(f, i) &&
			    (f->zones[f->preferred].nid != nid ||
			     f->zones[i].kind > f->zones[f->preferred].kind))
				f->preferred = i;
	}
	if (f->kind == KIND_page_alloc_failure && gfplab_may_retry(&f->walk))
		failure_unknown(f,
				"why it gave up: a request that may wait tries on at this order, but for an OOM victim, within reclaim, or in suspend");
	if (any_passes(f, nid, &unsure)) {
		f->reason = REASON_recovered;
		f->preferred = passing_zone(f, nid);
		name_charge(f);
		if (f->kind == KIND_oom)
			explain_kill(f);
		return;
	}
	if (unsure) {
		f->reason = REASON_unknown;
		failure_unknown(f,
				"free blocks by order are not in the report, so not whether one was large enough");
		return;
	}
	f->reason = left_out(f, true);
	if (f->reason == REASON_unknown && nodes_not_shown(f))
		f->reason = zone_nodemask(f) ? REASON_nodemask : REASON_cpuset;
	if (f->reason == REASON_unknown)
		f->reason = f->verdicts[f->preferred].verdict;
	if (f->reason == REASON_below_mark && is_gone(f, f->preferred))
		f->reason = REASON_exhausted;
	if (io_off(f))
		f->reason = REASON_suspended;
}

/* The function that judges the order; to 4.20 that was the slow path. */
static bool warns_of_order(const struct failure *f)
{
	static const char * const names[] = {
		"__alloc_pages", "__alloc_pages_noprof", "__alloc_pages_nodemask",
		"__alloc_frozen_pages_noprof",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (!strcmp(f->warned, names[i]))
			return true;
	return !strcmp(f->warned, "__alloc_pages_slowpath") &&
	       f->release < GFPLAB_RELEASE(5, 0, 0);
}

/* An order of a warning, if the registers still hold the arguments. */
static void judge_warning(struct failure *f)
{
	f->reason = REASON_unknown;
	if (f->order == UNKNOWN && f->has_args && f->rsi > 9 && f->rsi < 64 && f->rdi &&
	    f->rdi < 0x10000000)
		failure_unknown(f,
				"order and gfp: they are not printed; registers hold %llu and 0x%llx, which may be them",
			f->rsi, f->rdi);
	else if (f->order == UNKNOWN)
		failure_unknown(f, "order and gfp: they are not printed");
	if (warns_of_order(f)) {
		f->reason = REASON_over_max_order;
	} else {
		failure_unknown(f,
				"which rule of the allocator the warning was about: line numbers differ between kernels");
	}
}

static void judge_contig(struct failure *f)
{
	if (f->kind == KIND_contig || f->contig_ret == -EBUSY) {
		f->reason = REASON_contig_busy;
		failure_unknown(f, "which pages of the range were busy, and whose they are");
	} else if (f->contig_ret == -ENOMEM && f->cma_free != UNKNOWN) {
		f->reason = f->cma_free < f->contig_pages ? REASON_exhausted : REASON_fragmented;
	} else {
		f->reason = REASON_unknown;
		failure_unknown(f, f->contig_ret == -ENOMEM ?
				"whether the CMA area was full or in pieces" :
				"why cma_alloc() failed: its error says neither busy nor full");
	}
}

/* vmalloc() does not look for addresses then. To 5.12 it says no more than where there are none. */
static bool size_refused(const struct failure *f)
{
	if (f->kind != KIND_vmalloc || f->over_total || !f->has_bytes || !f->vmap_full ||
	    strstr(f->header, "vmap allocation") || strstr(f->header, "vm_struct"))
		return f->over_total;
	return !f->bytes ||
	       (f->ram_pages && f->bytes / 1024 / f->page_kb > (unsigned long)f->ram_pages);
}

static void judge_memory(struct failure *f)
{
	f->refused = size_refused(f);
	if (f->memcg || (f->memcg_task && !f->nr_zones)) {
		f->reason = REASON_memcg;
	} else if (f->injected) {
		f->reason = REASON_injected;
	} else if (f->refused) {
		failure_unknown(f, f->has_bytes && !f->bytes ?
				"nothing about memory: the size was 0, which vmalloc() refuses" :
				"nothing about memory: the size is larger than all there is");
	} else if (f->kind == KIND_vmalloc && f->vmap_full) {
		f->reason = REASON_address_space;
	} else if (f->map_failed) {
		failure_unknown(f,
				"why the pages could not be mapped: they and a range of addresses were there");
	} else if (f->sysrq) {
		failure_unknown(f, "why: the OOM killer was asked for with SysRq f");
	} else if (f->leaked) {
		failure_unknown(f,
				"what was asked: a page fault came back without memory, and gfp_mask=0x0 stands for its request");
	} else if (f->order != UNKNOWN && f->nr_zones && f->order > max_order(f) &&
		   max_order(f) > 0) {
		f->reason = REASON_over_max_order;
	} else if (!f->nr_zones && io_off(f)) {
		f->reason = REASON_suspended;
	} else if (!f->nr_zones && f->has_meminfo && f->has_totals && f->has_gfp &&
		   f->release >= GFPLAB_RELEASE(6, 1, 0)) {
		/* zones above the request are not printed, and no other has memory */
		f->reason = REASON_no_zone;
	} else if (!f->nr_zones) {
		failure_unknown(f, "how much memory was free: the report has no lines about zones");
		name_charge(f);
		if (f->slab_group[0])
			failure_unknown(f,
					"whether a charge failed, not the page allocation: the cache is a memory cgroup's, and grows within its limit");
	} else if (!knows_request(f)) {
		failure_unknown(f, "what was asked: the beginning of the report is cut off");
	} else {
		judge_zones(f);
	}
	if (bound_by(f) != REASON_unknown && f->reason != REASON_recovered)
		f->reason = bound_by(f);
}

/* Numbers, where a reason without zones leaves them out. */
static void fill_verdicts(struct failure *f)
{
	int i;

	for (i = 0; i < f->nr_zones; i++) {
		f->verdicts[i] = judge_zone(f, &f->walk, i, f->alloc_flags);
		if (!knows_request(f))
			f->verdicts[i].verdict = REASON_unknown;
		else if (!zone_allowed(f, i))
			f->verdicts[i].verdict = REASON_not_allowed;
	}
}

/* What was taken for granted. */
static void name_guesses(struct failure *f)
{
	if (!f->has_gfp || f->kind == KIND_cma || f->kind == KIND_contig)
		return;
	if (f->guessed && !f->kernel[0])
		failure_unknown(f, "the kernel: the rules of %s are taken",
				gfplab_families[f->family].name);
	if (f->nr_zones && !f->page_told)
		failure_unknown(f, "the size of a page: 4 kB is taken");
}

/**
 * judge_failure - what a report means
 * @f: the report, whole
 * @release: whose rules hold; 0: as the report says
 */
void judge_failure(struct failure *f, unsigned int release)
{
	request_of(f, release);
	f->alloc_flags = gfplab_alloc_flags_slowpath(&f->walk);
	f->reason = REASON_unknown;
	fill_verdicts(f);
	switch (f->kind) {
	case KIND_warn:
		judge_warning(f);
		break;
	case KIND_contig:
	case KIND_cma:
		judge_contig(f);
		break;
	default:
		judge_memory(f);
	}
	name_guesses(f);
}
