// SPDX-License-Identifier: GPL-2.0
/*
 * probe.c - watch the allocator: what can be attached, and what each event
 * says of the request that it belongs to (flight.c).
 *
 * The callbacks run inside the allocator, in the context of the task that
 * allocates. Probes are attached only while a run needs them.
 *
 * No kernel lock is taken and nothing is allocated in a callback.
 */
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched/clock.h>
#include <linux/slab.h>
#include <linux/tracepoint.h>
#include "flight.h"
#include "gfplab.h"

#include <trace/events/compaction.h>
#include <trace/events/kmem.h>
#include <trace/events/oom.h>
#include <trace/events/vmscan.h>

static void bracket_open(struct gfplab_evidence *ev)
{
	if (!ev->inside++)
		ev->since = local_clock();
}

static u64 bracket_close(struct gfplab_evidence *ev)
{
	if (!ev->inside || --ev->inside)
		return 0;
	return local_clock() - ev->since;
}

/* ---- events: the kernel's own headers check the prototypes ---- */

static void on_mm_page_alloc(void *data, struct page *page, unsigned int order,
			     gfp_t gfp, int migratetype)
{
	struct gfplab_evidence *ev = gfplab_evidence_inline();

	if (!ev)
		return;
	ev->alloc_event = 1;
	ev->alloc_gfp = (__force u32)gfp;
}

static void zone_locked(int migratetype)
{
	struct gfplab_evidence *ev = gfplab_evidence(false);

	if (!ev)
		return;
	ev->zonelocked++;
	if (migratetype == MIGRATE_HIGHATOMIC)
		ev->highatomic++;
	if (is_migrate_cma(migratetype))
		ev->cma++;
}

static void __maybe_unused on_zone_locked(void *data, struct page *page, unsigned int order,
					  int migratetype, int percpu_refill)
{
	zone_locked(migratetype);
}

static void __maybe_unused on_zone_locked_5_10(void *data, struct page *page, unsigned int order,
					       int migratetype)
{
	zone_locked(migratetype);
}

static void on_mm_page_alloc_extfrag(void *data, struct page *page,
				     int alloc_order, int fallback_order,
				     int alloc_type, int fallback_type)
{
	struct gfplab_evidence *ev = gfplab_evidence(false);

	if (!ev)
		return;
	ev->extfrag++;
	ev->steal_to = alloc_type;
	ev->steal_from = fallback_type;
}

static void on_mm_vmscan_wakeup_kswapd(void *data, int nid, int zid, int order, gfp_t gfp)
{
	struct gfplab_evidence *ev = gfplab_evidence(false);

	if (ev)
		ev->kswapd++;
}

static void reclaim_begins(void)
{
	struct gfplab_evidence *ev = gfplab_evidence(false);

	if (!ev)
		return;
	ev->reclaims++;
	bracket_open(ev);
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
	struct gfplab_evidence *ev = gfplab_evidence(true);

	if (!ev)
		return;
	ev->reclaimed += reclaimed;
	ev->reclaim_ns += bracket_close(ev);
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
	struct gfplab_evidence *ev = gfplab_evidence(false);

	if (ev)
		bracket_open(ev);
}

/* The next three fire inside reclaim and compaction, for what these do. */
static void on_mm_vmscan_lru_shrink_inactive(void *data, int nid, unsigned long nr_scanned,
					     unsigned long nr_reclaimed,
					     struct reclaim_stat *stat, int priority, int file)
{
	struct gfplab_evidence *ev = gfplab_evidence(true);

	if (ev && ev->inside)
		ev->scanned += nr_scanned;
}

static void slab_shrunk(int freed)
{
	struct gfplab_evidence *ev = gfplab_evidence(true);

	if (ev && ev->inside && freed > 0)
		ev->slab += freed;
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
	struct gfplab_evidence *ev = gfplab_evidence(true);

	if (ev && ev->inside)
		ev->migrated += nr;
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

static void on_mm_compaction_try_to_compact_pages(void *data, int order, gfp_t gfp, int prio)
{
	struct gfplab_evidence *ev = gfplab_evidence(false);

	if (!ev)
		return;
	ev->compacts++;
	ev->compact_result = COMPACT_SKIPPED + 1;
}

static void compaction_begins(void)
{
	struct gfplab_evidence *ev = gfplab_evidence(false);

	if (ev)
		bracket_open(ev);
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
	struct gfplab_evidence *ev = gfplab_evidence(true);

	if (!ev)
		return;
	ev->compact_result = status + 1;
	ev->compact_ns += bracket_close(ev);
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

static void on_mm_compaction_deferred(void *data, struct zone *zone, int order)
{
	struct gfplab_evidence *ev = gfplab_evidence(false);

	if (ev)
		ev->compact_result = COMPACT_DEFERRED + 1;
}

/* A request that must not fail may go round for hours. */
static void more(u16 *count)
{
	if (*count < U16_MAX)
		++*count;
}

static void on_reclaim_retry_zone(void *data, struct zoneref *zoneref, int order,
				  unsigned long reclaimable, unsigned long available,
				  unsigned long min_wmark, int no_progress_loops,
				  bool wmark_check)
{
	struct gfplab_evidence *ev = gfplab_evidence(false);

	if (ev)
		more(&ev->retries);
}

static void on_compact_retry(void *data, int order, enum compact_priority priority,
			     enum compact_result result, int retries, int max_retries,
			     bool ret)
{
	struct gfplab_evidence *ev = gfplab_evidence(false);

	if (ev)
		more(&ev->retries);
}

static void victim_marked(int pid)
{
	struct gfplab_evidence *ev = gfplab_evidence(true);

	if (ev)
		ev->victim = pid;
}

static void __maybe_unused on_mark_victim_task(void *data, struct task_struct *task, uid_t uid)
{
	victim_marked(task->pid);
}

static void __maybe_unused on_mark_victim_pid(void *data, int pid)
{
	victim_marked(pid);
}

/* ---- kprobes ---- */

static int on_slowpath(struct kprobe *kp, struct pt_regs *regs)
{
	struct gfplab_evidence *ev = gfplab_evidence(false);

	if (ev)
		ev->slow = 1;
	return 0;
}

static int on_oom(struct kprobe *kp, struct pt_regs *regs)
{
	struct gfplab_evidence *ev = gfplab_evidence(false);

	if (ev)
		ev->oom = 1;
	return 0;
}

#define ALLOC_WMARK_LOW	WMARK_LOW

/*
 * get_page_from_freelist(gfp, order, alloc_flags, ac). A compiler that
 * reshuffled the arguments of this static function would make the order
 * differ from the one asked for: then the flags are not believed.
 */
static int on_attempt(struct kprobe *kp, struct pt_regs *regs)
{
	struct gfplab_evidence *ev = gfplab_evidence_inline();
	unsigned int expected;
	u16 flags = 0;

	if (!ev)
		return 0;
	expected = container_of(ev, struct gfplab_flight, evidence)->order;
#ifdef CONFIG_HAVE_FUNCTION_ARG_ACCESS_API
	flags = regs_get_kernel_argument(regs, 2);
	if (expected != GFPLAB_ANY_ORDER &&
	    (unsigned int)regs_get_kernel_argument(regs, 1) != expected)
		ev->flags_bad = 1;
#else
	ev->flags_bad = 1;
#endif
	/* Only the fast path asks for the low watermark, or tries locks: see stand_in(). */
	if ((flags & (GFPLAB_ALLOC_WMARK_MASK | GFPLAB_ALLOC_NO_WATERMARKS)) != ALLOC_WMARK_LOW &&
	    !(flags & GFPLAB_ALLOC_TRYLOCK))
		ev->slow = 1;
	if (ev->attempts < GFPLAB_FLAGS_KEPT)
		ev->flags_kept[ev->attempts] = flags;
	ev->flags_last = flags;
	more(&ev->attempts);
	more(&ev->attempts_after);
	return 0;
}

/* ---- the table ---- */

/**
 * struct probe - one thing to attach to
 * @name: in `environment`
 * @target: the event's name, or the symbol without what a compiler appends
 * @is_kprobe: a kprobe, not an event
 * @level: the least observe level that needs it
 * @callback: of an event
 * @handler: of a kprobe
 * @event: the tracepoint found
 * @kprobe: zero before each use
 * @absent: why it can't be had; NULL if it can
 * @moot: this kernel can't do what the probe would report
 * @symbol: what a kprobe found, suffix included
 * @users: runs that have it attached
 */
struct probe {
	const char *name;
	const char *target;
	bool is_kprobe;
	enum gfplab_observe level;
	void *callback;
	kprobe_pre_handler_t handler;
	struct tracepoint *event;
	struct kprobe kprobe;
	char symbol[KSYM_NAME_LEN];
	const char *absent;
	bool moot;
	unsigned int users;
};

#define PROBE_kprobe(name_, symbol_, level_)				\
	[PROBE_##name_] = { .name = #name_, .target = #symbol_,		\
			    .is_kprobe = true, .level = OBSERVE_##level_ },
#define PROBE_event(name_, event_, level_)				\
	[PROBE_##name_] = { .name = #name_, .target = #event_,		\
			    .level = OBSERVE_##level_ },
#define PROBE_ROW(name, kind, target, level) PROBE_##kind(name, target, level)

static struct probe probes[NR_PROBES] = { GFPLAB_PROBES(PROBE_ROW) };
static DEFINE_MUTEX(probes_lock);

/* Fails to compile if the kernel's event has another prototype. */
#define BIND_EVENT(id, event)						\
	do {								\
		check_trace_callback_type_##event(on_##event);		\
		probes[PROBE_##id].callback = on_##event;		\
	} while (0)

/* Likewise for an event whose prototype has changed: this kernel's is one of those named. */
#define BIND_IF(id, event, callback_, ...)				\
	do {								\
		if (GFPLAB_TAKES(event, __VA_ARGS__))			\
			probes[PROBE_##id].callback = callback_;	\
	} while (0)

static void bind_callbacks(void)
{
	BIND_EVENT(alloc, mm_page_alloc);
	BIND_IF(zonelocked, mm_page_alloc_zone_locked, on_zone_locked,
		struct page *, unsigned int, int, int);
	BIND_IF(zonelocked, mm_page_alloc_zone_locked, on_zone_locked_5_10,
		struct page *, unsigned int, int);
	BIND_EVENT(extfrag, mm_page_alloc_extfrag);
	BIND_EVENT(kswapd, mm_vmscan_wakeup_kswapd);
	BIND_IF(reclaim, mm_vmscan_direct_reclaim_begin, on_reclaim_begin, int, gfp_t);
	BIND_IF(reclaim, mm_vmscan_direct_reclaim_begin, on_reclaim_begin_7_2,
		gfp_t, int, struct mem_cgroup *);
	BIND_IF(reclaimed, mm_vmscan_direct_reclaim_end, on_reclaim_end, unsigned long);
	BIND_IF(reclaimed, mm_vmscan_direct_reclaim_end, on_reclaim_end_7_2,
		unsigned long, struct mem_cgroup *);
#ifdef CONFIG_NUMA
	BIND_IF(nodereclaim, mm_vmscan_node_reclaim_begin, on_node_reclaim_begin, int, int, gfp_t);
	/* Ends as direct reclaim does. */
	BIND_IF(nodereclaimed, mm_vmscan_node_reclaim_end, on_reclaim_end, unsigned long);
	BIND_IF(nodereclaimed, mm_vmscan_node_reclaim_end, on_reclaim_end_7_2,
		unsigned long, struct mem_cgroup *);
#else
	probes[PROBE_nodereclaim].moot = true;
	probes[PROBE_nodereclaimed].moot = true;
#endif
	BIND_EVENT(scanned, mm_vmscan_lru_shrink_inactive);
	BIND_IF(slab, mm_shrink_slab_end, on_shrink_slab_end,
		struct shrinker *, int, int, long, long, long);
	BIND_IF(slab, mm_shrink_slab_end, on_shrink_slab_end_7_2,
		struct shrinker *, int, int, long, long, long, struct mem_cgroup *);
#ifdef CONFIG_COMPACTION
	BIND_IF(migrated, mm_compaction_migratepages, on_migratepages_of,
		struct compact_control *, unsigned int);
	BIND_IF(migrated, mm_compaction_migratepages, on_migratepages,
		unsigned int, unsigned int);
	BIND_IF(migrated, mm_compaction_migratepages, on_migratepages_5_10,
		unsigned long, int, struct list_head *);
	BIND_EVENT(compact, mm_compaction_try_to_compact_pages);
	BIND_IF(compacting, mm_compaction_begin, on_compaction_begin,
		struct compact_control *, unsigned long, unsigned long, bool);
	BIND_IF(compacting, mm_compaction_begin, on_compaction_begin_5_10,
		unsigned long, unsigned long, unsigned long, unsigned long, bool);
	BIND_IF(compacted, mm_compaction_end, on_compaction_end,
		struct compact_control *, unsigned long, unsigned long, bool, int);
	BIND_IF(compacted, mm_compaction_end, on_compaction_end_5_10,
		unsigned long, unsigned long, unsigned long, unsigned long, bool, int);
	BIND_EVENT(deferred, mm_compaction_deferred);
	BIND_EVENT(retrycompact, compact_retry);
#else
	probes[PROBE_compact].moot = true;
	probes[PROBE_compacting].moot = true;
	probes[PROBE_compacted].moot = true;
	probes[PROBE_migrated].moot = true;
	probes[PROBE_deferred].moot = true;
	probes[PROBE_retrycompact].moot = true;
#endif
	BIND_EVENT(retryzone, reclaim_retry_zone);
	BIND_IF(victim, mark_victim, on_mark_victim_task, struct task_struct *, uid_t);
	BIND_IF(victim, mark_victim, on_mark_victim_pid, int);
	probes[PROBE_slowpath].handler = on_slowpath;
	probes[PROBE_oom].handler = on_oom;
	probes[PROBE_attempt].handler = on_attempt;
}

static void match_event(struct tracepoint *event, void *unused)
{
	int i;

	for (i = 0; i < NR_PROBES; i++)
		if (!probes[i].is_kprobe && !strcmp(event->name, probes[i].target))
			probes[i].event = event;
}

/* ---- attaching ---- */

/* A struct kprobe must be zero before it is used again. */
static int kprobe_attach(struct probe *p)
{
	memset(&p->kprobe, 0, sizeof(p->kprobe));
	p->kprobe.symbol_name = p->symbol;
	p->kprobe.pre_handler = p->handler;
	return register_kprobe(&p->kprobe);
}

/* Compilers rename static functions that they specialise. */
static void kprobe_find(struct probe *p)
{
	static const char * const suffixes[] = {
		"", ".constprop.0", ".isra.0", ".constprop.0.isra.0", ".isra.0.constprop.0",
	};
	int i, err = -ENOENT;

	if (!gfplab_kprobes) {
		p->absent = "observe_kprobes=0";
		return;
	}
	for (i = 0; i < ARRAY_SIZE(suffixes); i++) {
		snprintf(p->symbol, sizeof(p->symbol), "%s%s", p->target, suffixes[i]);
		err = kprobe_attach(p);
		if (!err) {
			unregister_kprobe(&p->kprobe);
			return;
		}
	}
	p->absent = err == -ENOENT ? "no such symbol" : "refused by the kernel";
}

static int attach(struct probe *p)
{
	if (p->is_kprobe)
		return kprobe_attach(p);
	return tracepoint_probe_register(p->event, p->callback, NULL);
}

static void detach(struct probe *p)
{
	if (p->is_kprobe)
		unregister_kprobe(&p->kprobe);
	else
		WARN_ON_ONCE(tracepoint_probe_unregister(p->event, p->callback, NULL));
}

/*
 * A compiler may inline __alloc_pages_slowpath(). Then the attempts tell: the
 * fast path's only one asks for the low watermark, those of the slow path
 * never do. That costs a kprobe hit on every request, so it is the second
 * choice.
 */
static bool stand_in(void)
{
	return probes[PROBE_slowpath].absent && !probes[PROBE_attempt].absent;
}

static enum gfplab_observe least_level(const struct probe *p)
{
	if (p == &probes[PROBE_attempt] && stand_in())
		return probes[PROBE_slowpath].level;
	return p->level;
}

/**
 * gfplab_probe_get - attach what an observe level needs
 * @level: enum gfplab_observe
 *
 * Context: may sleep; takes the probes' mutex.
 * Return: bit PROBE_x for each probe whose silence can be believed.
 */
u32 gfplab_probe_get(enum gfplab_observe level)
{
	struct probe *p;
	u32 ready = 0;

	mutex_lock(&probes_lock);
	for (p = probes; p < probes + NR_PROBES; p++) {
		if (least_level(p) > level || level == OBSERVE_none)
			continue;
		if (p->moot)
			ready |= 1U << (p - probes);
		if (p->absent || p->moot)
			continue;
		if (!p->users && attach(p))
			continue;
		p->users++;
		ready |= 1U << (p - probes);
	}
	if ((ready & (1U << PROBE_attempt)) && stand_in())
		ready |= 1U << PROBE_slowpath;
	mutex_unlock(&probes_lock);
	return ready;
}

/**
 * gfplab_probe_put - detach what nobody else needs
 * @ready: what gfplab_probe_get() returned
 *
 * No callback runs any more when this returns.
 *
 * Context: may sleep; takes the probes' mutex.
 */
void gfplab_probe_put(u32 ready)
{
	struct probe *p;

	mutex_lock(&probes_lock);
	for (p = probes; p < probes + NR_PROBES; p++) {
		if (!(ready & (1U << (p - probes))) || p->moot || p->absent)
			continue;
		if (!--p->users)
			detach(p);
	}
	mutex_unlock(&probes_lock);
	tracepoint_synchronize_unregister();
}

/**
 * gfplab_probe_init - find out what this kernel has
 *
 * Attaches each kprobe once for a moment, because only that tells whether
 * its symbol can be had. What is missing is noted, not an error.
 *
 * Context: module init. Return: 0.
 */
int gfplab_probe_init(void)
{
	struct probe *p;

	bind_callbacks();
	for_each_kernel_tracepoint(match_event, NULL);
	for (p = probes; p < probes + NR_PROBES; p++) {
		if (p->moot)
			continue;
		if (p->is_kprobe)
			kprobe_find(p);
		else if (!p->event)
			p->absent = "no such event";
		else if (!p->callback)
			p->absent = "its prototype is not known";
	}
	return 0;
}

/**
 * gfplab_probe_exit - leave nothing attached
 *
 * Context: module exit, after the last run.
 */
void gfplab_probe_exit(void)
{
	tracepoint_synchronize_unregister();
}

/**
 * gfplab_probe_show - which probes this kernel has
 * @m: the file `environment`
 */
void gfplab_probe_show(struct seq_file *m)
{
	struct probe *p;

	mutex_lock(&probes_lock);
	for (p = probes; p < probes + NR_PROBES; p++) {
		const char *symbol = p->is_kprobe && !p->absent ? p->symbol : p->target;

		seq_printf(m, "probe.%s %s %s:%s users=%u", p->name,
			   p->moot ? "moot" : p->absent ? "absent" : "present",
			   p->is_kprobe ? "kprobe" : "event", symbol, p->users);
		if (p->absent)
			seq_printf(m, " (%s)", p->absent);
		if (p == &probes[PROBE_slowpath] && stand_in())
			seq_puts(m, " (told from the attempts)");
		seq_putc(m, '\n');
	}
	mutex_unlock(&probes_lock);
}
