// SPDX-License-Identifier: GPL-2.0
/*
 * handler.c - what each event and kprobe says of the request that it belongs
 * to (flight.c).
 *
 * All of this runs inside the allocator, in the context of the task that
 * allocates. No kernel lock is taken and nothing is allocated.
 *
 * To add a probe:
 * 1. rules/probes.h: its row, with the kind (event or kprobe) and the symbol.
 * 2. struct gfplab_seen, or struct gfplab_evidence if only the verdict needs
 *    it (rules/evidence.h): a member. The record takes gfplab_seen as a whole.
 * 3. here: a callback that writes the member.
 * 4. here: a row of gfplab_handlers. An event whose prototype differs between
 *    kernels names one callback for each prototype.
 * 5. records.c: a key that prints it, or rules/verdict.c: a rule that reads it.
 * 6. selftests/: a row that shows it.
 * An event that older kernels lack: the row of 4 stands under a condition of
 * compat.h. Without the row the probe is `absent`, and what needs it `unknown`.
 * An event of a configuration: EVENT_NUMA() or its like. Without the option the
 * probe is `not_applicable`: nothing to report, so the count is 0.
 */
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/oom.h>
#include <linux/sched/clock.h>
#include <linux/tracepoint.h>
#include "armed.h"
#include "block.h"
#include "compat.h"
#include "flight.h"
#include "handler.h"
#include "rules/alloc_flags.h"
#include "rules/evidence.h"
#include "rules/families.h"
#include "rules/probes.h"
#include "zone.h"

#include <trace/events/compaction.h>
#include <trace/events/kmem.h>
#include <trace/events/oom.h>
#include <trace/events/vmscan.h>

/* A request with __GFP_NOFAIL may loop for hours: the counter stays at its maximum. */
static __always_inline void inc_saturating(u16 *count)
{
	*count += *count < U16_MAX;
}

static void nested_enter(struct gfplab_evidence *ev)
{
	if (!ev->inside++)
		ev->since = local_clock();
}

static u64 nested_exit(struct gfplab_evidence *ev)
{
	u64 now;

	if (!ev->inside || --ev->inside)
		return 0;
	/* The task may have moved to a CPU whose clock is behind. */
	now = local_clock();
	return now > ev->since ? now - ev->since : 0;
}

/* Whether the event is about the order of the request, as far as that order is known. */
static bool own_order(struct gfplab_evidence *ev, unsigned int order)
{
	unsigned int expected = container_of(ev, struct gfplab_flight, evidence)->order;

	return expected == GFPLAB_ANY_ORDER || order == expected;
}

/* ---- events; a suffix is the kernel with that prototype ---- */

/* The stack depot (KASAN) allocates inside kmalloc() as well: its order tells it apart. */
static void __maybe_unused on_mm_page_alloc(void *data, struct page *page, unsigned int order,
					    gfp_t gfp, int migratetype)
{
	struct gfplab_evidence *ev = gfplab_flight_evidence_inline();

	if (!ev || !own_order(ev, order))
		return;
	ev->alloc_event = 1;
	ev->seen.order_seen = order + 1;
	ev->seen.alloc_gfp = (__force u32)gfp;
}

static void zone_locked(struct page *page, unsigned int order, int migratetype)
{
	struct gfplab_evidence *ev = gfplab_flight_evidence(false);

	if (!ev)
		return;
	gfplab_evidence_taken(ev, page, order, gfplab_split_of(page, order));
	if (migratetype == MIGRATE_HIGHATOMIC)
		ev->highatomic++;
	if (is_migrate_cma(migratetype))
		ev->cma++;
}

static void __maybe_unused on_zone_locked(void *data, struct page *page, unsigned int order,
					  int migratetype, int percpu_refill)
{
	zone_locked(page, order, migratetype);
}

static void __maybe_unused on_zone_locked_5_10(void *data, struct page *page, unsigned int order,
					       int migratetype)
{
	zone_locked(page, order, migratetype);
}

static void __maybe_unused on_mm_page_alloc_extfrag(void *data, struct page *page, int alloc_order,
						    int fallback_order, int alloc_type,
						    int fallback_type)
{
	struct gfplab_evidence *ev = gfplab_flight_evidence(false);
	struct gfplab_steal steal = {
		.page = page,
		.order = alloc_order,
		.to = alloc_type,
		.from = fallback_type,
		.whole = fallback_order,
		.silent = gfplab_family_can(GFPLAB_FAMILY, CAPABILITY_silent_steal),
	};

	if (!ev)
		return;
	steal.block = gfplab_pageblock_type(page);
	/* From 6.10 on the block is off the lists by now. */
	if (fallback_order < pageblock_order && PageBuddy(page) &&
	    !gfplab_family_can(GFPLAB_FAMILY, CAPABILITY_claims_whole))
		steal.others = gfplab_pageblock_others(page, alloc_type);
	/*
	 * can_steal_fallback(), to 6.11: with a small block a movable request claims nothing, so a
	 * pageblock that is movable may have been so before, unless others were moved.
	 */
	if (alloc_type == MIGRATE_MOVABLE && fallback_order < pageblock_order / 2 &&
	    (steal.others == OTHERS_NONE || steal.others == OTHERS_UNSEEN))
		steal.others = OTHERS_UNTOLD;
	gfplab_evidence_steal(ev, &steal);
}

static void __maybe_unused on_mm_vmscan_wakeup_kswapd(void *data, int nid, int zid, int order,
						      gfp_t gfp)
{
	struct gfplab_evidence *ev = gfplab_flight_evidence(false);

	if (ev)
		inc_saturating(&ev->seen.kswapd);
}

static void reclaim_begins(void)
{
	struct gfplab_evidence *ev = gfplab_flight_evidence(false);

	if (!ev)
		return;
	inc_saturating(&ev->seen.reclaims);
	nested_enter(ev);
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
	ev->seen.reclaim_ns += nested_exit(ev);
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
		nested_enter(ev);
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
	nested_enter(ev);
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
	nested_exit(ev);
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

/* The next three fire inside reclaim and compaction, for what these do. */
static bool in_own_reclaim(const struct gfplab_evidence *ev)
{
	return ev && ev->inside && !ev->charging;
}

static void __maybe_unused on_mm_vmscan_lru_shrink_inactive(void *data, int nid,
							    unsigned long nr_scanned,
							    unsigned long nr_reclaimed,
							    struct reclaim_stat *stat, int priority,
							    int file)
{
	struct gfplab_evidence *ev = gfplab_flight_evidence(true);

	if (in_own_reclaim(ev))
		ev->seen.scanned += nr_scanned;
}

static void slab_shrunk(int freed)
{
	struct gfplab_evidence *ev = gfplab_flight_evidence(true);

	if (in_own_reclaim(ev) && freed > 0)
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

static void pages_migrated(unsigned int nr)
{
	struct gfplab_evidence *ev = gfplab_flight_evidence(true);

	if (in_own_reclaim(ev))
		ev->seen.migrated += nr;
}

static void __maybe_unused on_migratepages_of(void *data, struct compact_control *cc,
					      unsigned int nr_succeeded)
{
	pages_migrated(nr_succeeded);
}

static void __maybe_unused on_migratepages(void *data, unsigned int nr_migratepages,
					   unsigned int nr_succeeded)
{
	pages_migrated(nr_succeeded);
}

/* The list holds what did not move, and migrate_pages() says how many, or an error. */
static void __maybe_unused on_migratepages_5_10(void *data, unsigned long nr_all, int migrate_rc,
						struct list_head *migratepages)
{
	struct list_head *at;
	unsigned long left = 0;

	if (migrate_rc >= 0)
		left = migrate_rc;
	else
		list_for_each(at, migratepages)
			left++;
	pages_migrated(nr_all - min(left, nr_all));
}

static void __maybe_unused on_mm_compaction_try_to_compact_pages(void *data, int order, gfp_t gfp,
								 int prio)
{
	struct gfplab_evidence *ev = gfplab_flight_evidence(false);

	if (!ev)
		return;
	inc_saturating(&ev->seen.compacts);
	ev->seen.compact_result = COMPACT_SKIPPED + 1;
}

static void compaction_begins(void)
{
	struct gfplab_evidence *ev = gfplab_flight_evidence(false);

	if (ev)
		nested_enter(ev);
}

static void __maybe_unused on_compaction_begin(void *data, struct compact_control *cc,
					       unsigned long zone_start, unsigned long zone_end,
					       bool sync)
{
	compaction_begins();
}

static void __maybe_unused on_compaction_begin_5_10(void *data, unsigned long zone_start,
						    unsigned long migrate_pfn,
						    unsigned long free_pfn,
						    unsigned long zone_end, bool sync)
{
	compaction_begins();
}

static void compaction_ends(int status)
{
	struct gfplab_evidence *ev = gfplab_flight_evidence(true);

	if (!ev)
		return;
	ev->seen.compact_result = status + 1;
	ev->seen.compact_ns += nested_exit(ev);
	ev->attempts_after = 0;
}

static void __maybe_unused on_compaction_end(void *data, struct compact_control *cc,
					     unsigned long zone_start, unsigned long zone_end,
					     bool sync, int status)
{
	compaction_ends(status);
}

static void __maybe_unused on_compaction_end_5_10(void *data, unsigned long zone_start,
						  unsigned long migrate_pfn,
						  unsigned long free_pfn,
						  unsigned long zone_end, bool sync, int status)
{
	compaction_ends(status);
}

static void __maybe_unused on_mm_compaction_deferred(void *data, struct zone *zone, int order)
{
	struct gfplab_evidence *ev = gfplab_flight_evidence(false);

	if (ev)
		ev->seen.compact_result = COMPACT_DEFERRED + 1;
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

static void __maybe_unused on_compact_retry(void *data, int order, enum compact_priority priority,
					    enum compact_result result, int retries,
					    int max_retries, bool ret)
{
	struct gfplab_evidence *ev = gfplab_flight_evidence(false);

	if (ev)
		inc_saturating(&ev->seen.retries);
}

static void victim_marked(int pid)
{
	struct gfplab_evidence *ev = gfplab_flight_evidence(true);

	if (ev)
		ev->seen.victim = pid;
}

static void __maybe_unused on_mark_victim_task(void *data, struct task_struct *task, uid_t uid)
{
	victim_marked(task->pid);
}

static void __maybe_unused on_mark_victim_pid(void *data, int pid)
{
	victim_marked(pid);
}

/* A request may free as well: what is too much of a block, or a block that can't be charged. */
static void __maybe_unused on_mm_page_free(void *data, struct page *page, unsigned int order)
{
	struct gfplab_evidence *ev = gfplab_flight_evidence(false);

	if (!ev)
		return;
	inc_saturating(&ev->seen.freed);
	if (!ev->alloc_event)
		ev->seen.order_seen = order + 1;
}

static void __maybe_unused on_mm_page_free_batched(void *data, struct page *page)
{
	struct gfplab_evidence *ev = gfplab_flight_evidence(false);

	if (ev)
		inc_saturating(&ev->seen.batched);
}

static void __maybe_unused on_mm_page_pcpu_drain(void *data, struct page *page, unsigned int order,
						 int migratetype)
{
	struct gfplab_evidence *ev = gfplab_flight_evidence(false);

	if (ev)
		ev->seen.drained = min(ev->seen.drained + (1U << order), (unsigned int)U16_MAX);
}

/* ---- kprobes ---- */

static int on_slowpath(struct kprobe *kp, struct pt_regs *regs)
{
	struct gfplab_evidence *ev = gfplab_flight_evidence(false);

	if (ev)
		ev->slow = 1;
	return 0;
}

/* out_of_memory(oc), which a memory cgroup calls as well when a charge finds no room. */
static int on_oom(struct kprobe *kp, struct pt_regs *regs)
{
	struct gfplab_evidence *ev = gfplab_flight_evidence(false);

	if (!ev)
		return 0;
#ifdef CONFIG_HAVE_FUNCTION_ARG_ACCESS_API
	if (((struct oom_control *)regs_get_kernel_argument(regs, 0))->memcg) {
		ev->group_oom = 1;
		return 0;
	}
#endif
	ev->oom = 1;
	return 0;
}

#define ALLOC_WMARK_LOW	WMARK_LOW

/*
 * get_page_from_freelist(gfp, order, alloc_flags, ac). A compiler that
 * reshuffled the arguments of this static function would make the order
 * differ from the one asked for: then the flags are not used.
 */
static int on_attempt(struct kprobe *kp, struct pt_regs *regs)
{
	struct gfplab_evidence *ev = gfplab_flight_evidence_inline();
	u16 flags;

	if (!ev)
		return 0;
#ifdef CONFIG_HAVE_FUNCTION_ARG_ACCESS_API
	flags = regs_get_kernel_argument(regs, 2);
	if (!own_order(ev, regs_get_kernel_argument(regs, 1)))
		ev->odd = 1;
	if (!ev->seen.attempts) {
		ev->seen.alloc_gfp = regs_get_kernel_argument(regs, 0);
		ev->seen.order_seen = regs_get_kernel_argument(regs, 1) + 1;
	}
#else
	flags = ALLOC_WMARK_LOW;
	ev->odd = 1;
#endif
	ev->seen.flags_bad |= ev->odd;
	/* Only the fast path asks for low, or tries locks: slowpath_from_attempts(). */
	if ((flags & (GFPLAB_ALLOC_WMARK_MASK | GFPLAB_ALLOC_NO_WATERMARKS)) != ALLOC_WMARK_LOW &&
	    !(flags & GFPLAB_ALLOC_TRYLOCK))
		ev->slow = 1;
	if (ev->seen.attempts < GFPLAB_FLAGS_KEPT)
		ev->seen.flags_kept[ev->seen.attempts] = flags;
	ev->seen.flags_last = flags;
	inc_saturating(&ev->seen.attempts);
	inc_saturating(&ev->attempts_after);
	return 0;
}

/* ---- the table ---- */

/* The first of the callbacks that has the prototype of this kernel's event; NULL if none has. */
#define FIT(event, callback, otherwise)					\
	(GFPLAB_TAKES(event, callback) ? (void *)(callback) : (otherwise))
#define FIT_1(event, a)		FIT(event, a, NULL)
#define FIT_2(event, a, b)	FIT(event, a, FIT_1(event, b))
#define FIT_3(event, a, b, c)	FIT(event, a, FIT_2(event, b, c))

#define KPROBE(id, handler)						\
	[PROBE_##id] = { .at_kprobe = handler },
#define EVENT(id, event, ...)						\
	[PROBE_##id] = {						\
		.at_event = CONCATENATE(FIT_, COUNT_ARGS(__VA_ARGS__))(event, __VA_ARGS__) \
	},
/* Events of what a kernel without the option can't do: such a kernel has no prototype for them. */
#define NOT_APPLICABLE(id, ...)						\
	[PROBE_##id] = { .not_applicable = true },
#ifdef CONFIG_NUMA
#define EVENT_NUMA		EVENT
#else
#define EVENT_NUMA		NOT_APPLICABLE
#endif
#ifdef CONFIG_MEMCG
#define EVENT_MEMCG		EVENT
#else
#define EVENT_MEMCG		NOT_APPLICABLE
#endif
#ifdef CONFIG_COMPACTION
#define EVENT_COMPACTION	EVENT
#else
#define EVENT_COMPACTION	NOT_APPLICABLE
#endif

const struct gfplab_handler gfplab_handlers[NR_PROBES] = {
	KPROBE(self_test, gfplab_on_self_test)
	KPROBE(slowpath, on_slowpath)
	KPROBE(oom, on_oom)
	KPROBE(attempt, on_attempt)
	EVENT(alloc, mm_page_alloc, on_mm_page_alloc)
	EVENT(zonelocked, mm_page_alloc_zone_locked, on_zone_locked, on_zone_locked_5_10)
	EVENT(extfrag, mm_page_alloc_extfrag, on_mm_page_alloc_extfrag)
	EVENT(kswapd, mm_vmscan_wakeup_kswapd, on_mm_vmscan_wakeup_kswapd)
	EVENT(reclaim, mm_vmscan_direct_reclaim_begin, on_reclaim_begin, on_reclaim_begin_7_2)
	EVENT(reclaimed, mm_vmscan_direct_reclaim_end, on_reclaim_end, on_reclaim_end_7_2)
	EVENT_NUMA(nodereclaim, mm_vmscan_node_reclaim_begin, on_node_reclaim_begin)
	/* Ends as direct reclaim does. */
	EVENT_NUMA(nodereclaimed, mm_vmscan_node_reclaim_end, on_reclaim_end, on_reclaim_end_7_2)
	EVENT_MEMCG(charge, mm_vmscan_memcg_reclaim_begin, on_charge_begin, on_charge_begin_7_2)
	EVENT_MEMCG(charged, mm_vmscan_memcg_reclaim_end, on_charge_end, on_charge_end_7_2)
	EVENT(scanned, mm_vmscan_lru_shrink_inactive, on_mm_vmscan_lru_shrink_inactive)
	EVENT(slab, mm_shrink_slab_end, on_shrink_slab_end, on_shrink_slab_end_7_2)
	EVENT_COMPACTION(compact, mm_compaction_try_to_compact_pages,
			 on_mm_compaction_try_to_compact_pages)
	EVENT_COMPACTION(compacting, mm_compaction_begin, on_compaction_begin,
			 on_compaction_begin_5_10)
	EVENT_COMPACTION(compacted, mm_compaction_end, on_compaction_end, on_compaction_end_5_10)
	EVENT_COMPACTION(migrated, mm_compaction_migratepages, on_migratepages_of,
			 on_migratepages, on_migratepages_5_10)
	EVENT_COMPACTION(deferred, mm_compaction_deferred, on_mm_compaction_deferred)
	EVENT(retryzone, reclaim_retry_zone, on_reclaim_retry_zone)
	EVENT_COMPACTION(retrycompact, compact_retry, on_compact_retry)
	EVENT(victim, mark_victim, on_mark_victim_task, on_mark_victim_pid)
	EVENT(freed, mm_page_free, on_mm_page_free)
	EVENT(batched, mm_page_free_batched, on_mm_page_free_batched)
	EVENT(drained, mm_page_pcpu_drain, on_mm_page_pcpu_drain)
};
