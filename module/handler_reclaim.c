// SPDX-License-Identifier: GPL-2.0
/*
 * handler_reclaim.c - what direct reclaim, reclaim of a node and of a memory cgroup say of the
 * request that they are for.
 *
 * As handler.c: all of this runs inside the allocator. No kernel lock is taken and
 * nothing is allocated.
 */
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/clock.h>
#include <linux/time64.h>
#include <linux/tracepoint.h>
#include "compat.h"
#include "dirty.h"
#include "flight.h"
#include "handler_reclaim.h"
#include "handler_rows.h"
#include "rules/evidence.h"
#include "rules/probes.h"

#include <trace/events/oom.h>
#include <trace/events/vmscan.h>

/*
 * throttle_direct_reclaim() has no event and no function of its own. It comes between the
 * call and the event of the round, and nothing else there sleeps: a task that did was made to
 * wait. With a fatal signal no round follows, but another call.
 */
static void throttle_ends(struct gfplab_evidence *ev)
{
	u64 now;

	if (ev->entered && current->nvcsw != ev->switches) {
		now = local_clock();
		ev->seen.throttled_ns += now > ev->entered ? now - ev->entered : 0;
	}
	ev->entered = 0;
}

static int on_to_free(struct kprobe *kp, struct pt_regs *regs)
{
	struct gfplab_evidence *ev = gfplab_flight_evidence(false);

	if (ev) {
		throttle_ends(ev);
		ev->entered = local_clock();
		ev->switches = current->nvcsw;
	}
	return 0;
}

/* reclaim_throttle(), since 5.16 */
static void __maybe_unused on_mm_vmscan_throttled(void *data, int nid, int usec_timeout,
						  int usec_delayed, int reason)
{
	struct gfplab_evidence *ev = gfplab_flight_reclaim();

	if (ev)
		ev->seen.throttled_ns += (u64)max(usec_delayed, 0) * NSEC_PER_USEC;
}

static void reclaim_begins(void)
{
	struct gfplab_evidence *ev = gfplab_flight_evidence(false);

	if (!ev)
		return;
	throttle_ends(ev);
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

	if (!ev)
		return;
	ev->pages_asked = 1U << order;
	gfplab_flight_enter(ev);
}

/* As __node_reclaim() judges; pages that others of the task's reclaim freed are none of these. */
static void node_reclaim_ends(unsigned long reclaimed)
{
	struct gfplab_evidence *ev = gfplab_flight_evidence(true);

	if (!ev)
		return;
	ev->seen.node_reclaim = reclaimed >= ev->pages_asked ? NODE_RECLAIMED_success :
							       NODE_RECLAIMED_some;
	reclaim_ends(reclaimed);
}

static void __maybe_unused on_node_reclaim_end(void *data, unsigned long reclaimed)
{
	node_reclaim_ends(reclaimed);
}

static void __maybe_unused on_node_reclaim_end_7_2(void *data, unsigned long reclaimed,
						   struct mem_cgroup *memcg)
{
	node_reclaim_ends(reclaimed);
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

/* do_try_to_free_pages() begins at DEF_PRIORITY and goes down. */
static void at_priority(struct gfplab_evidence *ev, int priority)
{
	if (!ev->seen.priority || priority + 1 < ev->seen.priority)
		ev->seen.priority = priority + 1;
}

static void __maybe_unused on_mm_vmscan_lru_shrink_inactive(void *data, int nid,
							    unsigned long nr_scanned,
							    unsigned long nr_reclaimed,
							    struct reclaim_stat *stat, int priority,
							    int file)
{
	struct gfplab_evidence *ev = gfplab_flight_reclaim();

	if (!ev)
		return;
	add_saturating(&ev->seen.scanned, nr_scanned);
	if (!file)
		add_saturating(&ev->seen.scanned_anon, nr_scanned);
	add_saturating(file ? &ev->seen.reclaimed_file : &ev->seen.reclaimed_anon, nr_reclaimed);
	add_saturating(&ev->seen.activated, stat->nr_activate[0] + stat->nr_activate[1]);
	ev->seen.scanned_nodes |= gfplab_node_bit(nid);
	at_priority(ev, priority);
}

static void __maybe_unused on_mm_vmscan_lru_shrink_active(void *data, int nid,
							  unsigned long nr_taken,
							  unsigned long nr_active,
							  unsigned long nr_deactivated,
							  unsigned long nr_referenced,
							  int priority, int file)
{
	struct gfplab_evidence *ev = gfplab_flight_reclaim();

	if (!ev)
		return;
	add_saturating(&ev->seen.kept_active, nr_active);
	add_saturating(&ev->seen.deactivated, nr_deactivated);
	ev->seen.scanned_nodes |= gfplab_node_bit(nid);
	at_priority(ev, priority);
}

static void slab_asked(u64 delta, unsigned long total_scan, int priority)
{
	struct gfplab_evidence *ev = gfplab_flight_reclaim();

	if (!ev)
		return;
	add_saturating(&ev->seen.slab_delta, delta);
	add_saturating(&ev->seen.slab_scan, total_scan);
	at_priority(ev, priority);
}

static void __maybe_unused on_shrink_slab_start(void *data, struct shrinker *shr,
						struct shrink_control *sc, long put_off,
						unsigned long objects, unsigned long long delta,
						unsigned long total_scan, int priority)
{
	slab_asked(delta, total_scan, priority);
}

static void __maybe_unused on_shrink_slab_start_7_2(void *data, struct shrinker *shr,
						    struct shrink_control *sc, long put_off,
						    unsigned long objects,
						    unsigned long long delta,
						    unsigned long total_scan, int priority,
						    struct mem_cgroup *memcg)
{
	slab_asked(delta, total_scan, priority);
}

static void slab_shrunk(int freed)
{
	struct gfplab_evidence *ev = gfplab_flight_reclaim();

	if (ev && freed > 0)
		add_saturating(&ev->seen.slab, freed);
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

/* node_dirty_ok(node), which __GFP_WRITE alone asks; it reads the same counters a moment later. */
static int on_dirty_ok(struct kprobe *kp, struct pt_regs *regs)
{
	struct gfplab_evidence *ev = gfplab_flight_evidence(false);
	long ratio = READ_ONCE(gfplab_dirty_ratio);

	if (!ev)
		return 0;
	inc_saturating_u8(&ev->seen.dirty_asked);
#ifdef CONFIG_HAVE_FUNCTION_ARG_ACCESS_API
	if (ratio > 0) {
		pg_data_t *node = (pg_data_t *)regs_get_kernel_argument(regs, 0);

		if (gfplab_over_dirty(node, ratio))
			ev->seen.over_dirty |= gfplab_node_bit(node->node_id);
		return 0;
	}
#endif
	ev->seen.dirty_untold = 1;
	return 0;
}

/* ---- the table ---- */

/* Kernels before 5.16 wait elsewhere, with an event of the block layer: theirs is absent. */
#if GFPLAB_RECLAIM_THROTTLE
#define EVENT_THROTTLED		EVENT
#else
#define EVENT_THROTTLED(name, ...)	{ .id = PROBE_##name },
#endif

const struct gfplab_handler gfplab_reclaim_handlers[NR_RECLAIM_HANDLERS] = {
	EVENT(reclaim, mm_vmscan_direct_reclaim_begin, on_reclaim_begin, on_reclaim_begin_7_2)
	EVENT(reclaimed, mm_vmscan_direct_reclaim_end, on_reclaim_end, on_reclaim_end_7_2)
	EVENT_NUMA(nodereclaim, mm_vmscan_node_reclaim_begin, on_node_reclaim_begin)
	EVENT_NUMA(nodereclaimed, mm_vmscan_node_reclaim_end, on_node_reclaim_end,
		   on_node_reclaim_end_7_2)
	EVENT_MEMCG(charge, mm_vmscan_memcg_reclaim_begin, on_charge_begin, on_charge_begin_7_2)
	EVENT_MEMCG(charged, mm_vmscan_memcg_reclaim_end, on_charge_end, on_charge_end_7_2)
	EVENT(scanned, mm_vmscan_lru_shrink_inactive, on_mm_vmscan_lru_shrink_inactive)
	EVENT(slab, mm_shrink_slab_end, on_shrink_slab_end, on_shrink_slab_end_7_2)
	EVENT(active, mm_vmscan_lru_shrink_active, on_mm_vmscan_lru_shrink_active)
	EVENT(slabasked, mm_shrink_slab_start, on_shrink_slab_start, on_shrink_slab_start_7_2)
	KPROBE(tofree, on_to_free)
	EVENT_THROTTLED(throttled, mm_vmscan_throttled, on_mm_vmscan_throttled)
	KPROBE(dirtyok, on_dirty_ok)
	EVENT(retryzone, reclaim_retry_zone, on_reclaim_retry_zone)
};
