// SPDX-License-Identifier: GPL-2.0
/*
 * handler_reclaim.c - what direct reclaim, reclaim of a node and of a memory cgroup say of the
 * request that they are for.
 *
 * As handler.c: all of this runs inside the allocator. No kernel lock is taken and
 * nothing is allocated.
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/tracepoint.h>
#include "compat.h"
#include "flight.h"
#include "handler_reclaim.h"
#include "handler_rows.h"
#include "rules/evidence.h"
#include "rules/probes.h"

#include <trace/events/oom.h>
#include <trace/events/vmscan.h>

static void reclaim_begins(void)
{
	struct gfplab_evidence *ev = gfplab_flight_evidence(false);

	if (!ev)
		return;
	inc_saturating(&ev->seen.reclaims);
	gfplab_flight_enter(ev);
}

static void __maybe_unused on_reclaim_begin(void *data, int order, gfp_t gfp)
{
	reclaim_begins();
}

static void __maybe_unused on_reclaim_begin_7_2(void *data, gfp_t gfp, int order,
						struct mem_cgroup *memcg)
{
	reclaim_begins();
}

static void reclaim_ends(unsigned long reclaimed)
{
	struct gfplab_evidence *ev = gfplab_flight_evidence(true);

	if (!ev)
		return;
	ev->seen.reclaimed += reclaimed;
	ev->seen.reclaim_ns += gfplab_flight_leave(ev);
}

static void __maybe_unused on_reclaim_end(void *data, unsigned long reclaimed)
{
	reclaim_ends(reclaimed);
}

static void __maybe_unused on_reclaim_end_7_2(void *data, unsigned long reclaimed,
					      struct mem_cgroup *memcg)
{
	reclaim_ends(reclaimed);
}

/*
 * vm.zone_reclaim_mode: the free list walk itself reclaims a node. That is no
 * round of direct reclaim and no stage, but it takes time and frees pages.
 */
static void __maybe_unused on_node_reclaim_begin(void *data, int nid, int order, gfp_t gfp)
{
	struct gfplab_evidence *ev = gfplab_flight_evidence(false);

	if (ev)
		gfplab_flight_enter(ev);
}

/*
 * A memory cgroup at its limit reclaims for the charge: neither a step of the
 * allocator nor its cost, but swapping out allocates.
 */
static void charge_begins(void)
{
	struct gfplab_evidence *ev = gfplab_flight_evidence(false);

	if (!ev)
		return;
	ev->charging = 1;
	ev->charged = 1;
	gfplab_flight_enter(ev);
}

static void __maybe_unused on_charge_begin(void *data, int order, gfp_t gfp)
{
	charge_begins();
}

static void __maybe_unused on_charge_begin_7_2(void *data, gfp_t gfp, int order,
					       struct mem_cgroup *memcg)
{
	charge_begins();
}

static void charge_ends(void)
{
	struct gfplab_evidence *ev = gfplab_flight_evidence(true);

	if (!ev || !ev->charging)
		return;
	ev->charging = 0;
	gfplab_flight_leave(ev);
}

static void __maybe_unused on_charge_end(void *data, unsigned long reclaimed)
{
	charge_ends();
}

static void __maybe_unused on_charge_end_7_2(void *data, unsigned long reclaimed,
					     struct mem_cgroup *memcg)
{
	charge_ends();
}

static void __maybe_unused on_mm_vmscan_lru_shrink_inactive(void *data, int nid,
							    unsigned long nr_scanned,
							    unsigned long nr_reclaimed,
							    struct reclaim_stat *stat, int priority,
							    int file)
{
	struct gfplab_evidence *ev = gfplab_flight_reclaim();

	if (ev)
		ev->seen.scanned += nr_scanned;
}

static void slab_shrunk(int freed)
{
	struct gfplab_evidence *ev = gfplab_flight_reclaim();

	if (ev && freed > 0)
		ev->seen.slab += freed;
}

static void __maybe_unused on_shrink_slab_end(void *data, struct shrinker *shr, int nid, int freed,
					      long unused_scan_cnt, long new_scan_cnt,
					      long total_scan)
{
	slab_shrunk(freed);
}

static void __maybe_unused on_shrink_slab_end_7_2(void *data, struct shrinker *shr, int nid,
						  int freed, long unused_scan_cnt,
						  long new_scan_cnt, long total_scan,
						  struct mem_cgroup *memcg)
{
	slab_shrunk(freed);
}

static void __maybe_unused on_reclaim_retry_zone(void *data, struct zoneref *zoneref, int order,
						 unsigned long reclaimable, unsigned long available,
						 unsigned long min_wmark, int no_progress_loops,
						 bool wmark_check)
{
	struct gfplab_evidence *ev = gfplab_flight_evidence(false);

	if (ev)
		inc_saturating(&ev->seen.retries);
}

/* ---- the table ---- */

const struct gfplab_handler gfplab_reclaim_handlers[NR_RECLAIM_HANDLERS] = {
	EVENT(reclaim, mm_vmscan_direct_reclaim_begin, on_reclaim_begin, on_reclaim_begin_7_2)
	EVENT(reclaimed, mm_vmscan_direct_reclaim_end, on_reclaim_end, on_reclaim_end_7_2)
	EVENT_NUMA(nodereclaim, mm_vmscan_node_reclaim_begin, on_node_reclaim_begin)
	/* Ends as direct reclaim does. */
	EVENT_NUMA(nodereclaimed, mm_vmscan_node_reclaim_end, on_reclaim_end, on_reclaim_end_7_2)
	EVENT_MEMCG(charge, mm_vmscan_memcg_reclaim_begin, on_charge_begin, on_charge_begin_7_2)
	EVENT_MEMCG(charged, mm_vmscan_memcg_reclaim_end, on_charge_end, on_charge_end_7_2)
	EVENT(scanned, mm_vmscan_lru_shrink_inactive, on_mm_vmscan_lru_shrink_inactive)
	EVENT(slab, mm_shrink_slab_end, on_shrink_slab_end, on_shrink_slab_end_7_2)
	EVENT(retryzone, reclaim_retry_zone, on_reclaim_retry_zone)
};
