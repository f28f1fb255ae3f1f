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
 * 3. here, or in handler_reclaim.c or handler_compact.c: a callback that writes the member.
 * 4. there: a row of the table at its end. An event whose prototype differs between
 *    kernels names one callback for each prototype.
 * 5. record_keys.c: a row that says where it is, or rules/verdict.c: a rule that reads it.
 * 6. selftests/: a row that shows it.
 * An event that older kernels lack: the row of 4 stands under a condition of
 * compat.h. Without the row the probe is `absent`, and what needs it `unknown`.
 * An event of a configuration: EVENT_NUMA() or its like. Without the option the
 * probe is `not_applicable`: nothing to report, so the count is 0.
 */
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/oom.h>
#include <linux/tracepoint.h>
#include "armed.h"
#include "block.h"
#include "compat.h"
#include "flight.h"
#include "handler.h"
#include "handler_compact.h"
#include "handler_reclaim.h"
#include "handler_rows.h"
#include "rules/alloc_flags.h"
#include "rules/evidence.h"
#include "rules/families.h"
#include "rules/probes.h"
#include "zone.h"

#include <trace/events/kmem.h>
#include <trace/events/oom.h>
#include <trace/events/vmscan.h>

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

/* The slow path begins anew when the task's nodes change under it: check_retry_cpuset(). */
static void look_at_cpuset(struct gfplab_evidence *ev)
{
#ifdef CONFIG_CPUSETS
	/* Only whether it changed matters; the one that changes it takes care of order. */
	u32 now = (u32)READ_ONCE(current->mems_allowed_seq.seqcount.sequence) | 1;

	if (ev->cpuset && ev->cpuset != now)
		inc_saturating_u8(&ev->seen.cpuset_changes);
	ev->cpuset = now;
#endif
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
	if (ev->slow)
		look_at_cpuset(ev);
	if (ev->seen.attempts < GFPLAB_FLAGS_KEPT)
		ev->seen.flags_kept[ev->seen.attempts] = flags;
	ev->seen.flags_last = flags;
	inc_saturating(&ev->seen.attempts);
	inc_saturating(&ev->attempts_after);
	return 0;
}

/* ---- the table ---- */

static const struct gfplab_handler handlers[] = {
	KPROBE(self_test, gfplab_on_self_test)
	KPROBE(slowpath, on_slowpath)
	KPROBE(oom, on_oom)
	KPROBE(attempt, on_attempt)
	EVENT(alloc, mm_page_alloc, on_mm_page_alloc)
	EVENT(zonelocked, mm_page_alloc_zone_locked, on_zone_locked, on_zone_locked_5_10)
	EVENT(extfrag, mm_page_alloc_extfrag, on_mm_page_alloc_extfrag)
	EVENT(kswapd, mm_vmscan_wakeup_kswapd, on_mm_vmscan_wakeup_kswapd)
	EVENT(victim, mark_victim, on_mark_victim_task, on_mark_victim_pid)
	EVENT(freed, mm_page_free, on_mm_page_free)
	EVENT(batched, mm_page_free_batched, on_mm_page_free_batched)
	EVENT(drained, mm_page_pcpu_drain, on_mm_page_pcpu_drain)
};

/**
 * gfplab_handler_of - what runs when a probe fires
 * @id: the probe
 *
 * Context: any.
 * Return: its row; NULL if no table has one.
 */
const struct gfplab_handler *gfplab_handler_of(enum gfplab_probe_id id)
{
	static const struct {
		const struct gfplab_handler *of;
		unsigned int nr;
	} tables[] = {
		{ handlers, ARRAY_SIZE(handlers) },
		{ gfplab_reclaim_handlers, NR_RECLAIM_HANDLERS },
		{ gfplab_compact_handlers, NR_COMPACT_HANDLERS },
	};
	unsigned int i, n;

	for (i = 0; i < ARRAY_SIZE(tables); i++)
		for (n = 0; n < tables[i].nr; n++)
			if (tables[i].of[n].id == id)
				return &tables[i].of[n];
	return NULL;
}
