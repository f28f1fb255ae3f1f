// SPDX-License-Identifier: GPL-2.0
/*
 * probe.c - watch the allocator: what can be attached, and when it is. What a
 * probe does when it fires is in handler.c.
 *
 * To attach and to detach costs a hundred times what a request does, most of it kprobes on
 * ftrace: hundreds of interrupts to each other CPU. So probes linger for linger_ms after the
 * last run that needed them. A run does not find attached what only linger and its level
 * does not need: that would be in what it measures. Whether kprobes fire is for armed.c to
 * tell.
 */
#include <linux/bitops.h>
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/tracepoint.h>
#include <linux/workqueue.h>
#include "armed.h"
#include "compat.h"
#include "dirty.h"
#include "handler.h"
#include "handler_rows.h"
#include "params.h"
#include "probe.h"
#include "queue.h"
#include "rules/probes.h"
#include "rules/words.h"
#include "sysctl.h"

/**
 * struct probe - one thing to attach to
 * @name: in `environment`
 * @target: the event's name, or the symbol without what a compiler appends
 * @is_kprobe: a kprobe, not an event
 * @level: the least observe level that needs it
 * @handler: what runs when it fires
 * @event: the tracepoint found
 * @kprobe: zero before each use
 * @at: of a kprobe: its address
 * @symbol: of a kprobe: the symbol found, suffix included
 * @absent: why it can't be attached; NULL if it can
 * @users: runs, and jobs with keep_probes=1, that need it
 * @attached: it is; without @users, it lingers
 * @stuck: of a kprobe: it could not be taken off, and is never used again
 */
struct probe {
	const char *name;
	const char *target;
	bool is_kprobe;
	enum gfplab_observe level;
	const struct gfplab_handler *handler;
	struct tracepoint *event;
	struct kprobe kprobe;
	const void *at;
	char symbol[KSYM_NAME_LEN];
	const char *absent;
	unsigned int users;
	bool attached;
	bool stuck;
};

#define PROBE_kprobe(name_, symbol_, level_)				\
	[PROBE_##name_] = { .name = #name_, .target = #symbol_,		\
			    .is_kprobe = true, .level = OBSERVE_##level_ },
#define PROBE_event(name_, event_, level_)				\
	[PROBE_##name_] = { .name = #name_, .target = #event_,		\
			    .level = OBSERVE_##level_ },
#define PROBE_ROW(name, kind, target, level) PROBE_##kind(name, target, level)

static struct probe probes[NR_PROBES] = { GFPLAB_PROBES(PROBE_ROW) };
/* Guards probes[]: users, kprobe and what is attached. */
static DEFINE_MUTEX(probes_lock);

/* Detaches what lingers, in a kworker: a task that is being killed may get no memory for that. */
static void linger_over(struct work_struct *work);
static DECLARE_DELAYED_WORK(linger, linger_over);

static void match_event(struct tracepoint *event, void *unused)
{
	int i;

	for (i = 0; i < NR_PROBES; i++)
		if (!probes[i].is_kprobe && !strcmp(event->name, probes[i].target))
			probes[i].event = event;
}

/* ---- attaching ---- */

/* A struct kprobe must be zero before it is used again. */
static int kprobe_attach(struct probe *p, u32 flags)
{
	memset(&p->kprobe, 0, sizeof(p->kprobe));
	p->kprobe.symbol_name = p->symbol;
	p->kprobe.pre_handler = p->handler->at_kprobe;
	p->kprobe.flags = flags;
	return register_kprobe(&p->kprobe);
}

/*
 * Compilers rename static functions that they specialise. Nothing is armed in
 * here: it takes a second on slow machines, and to disarm needs memory, without
 * which the kernel WARNs.
 */
static void kprobe_find(struct probe *p)
{
	static const char * const suffixes[] = {
		"", ".constprop.0", ".isra.0", ".constprop.0.isra.0", ".isra.0.constprop.0",
	};
	int i, err, refused = 0;

	if (!gfplab_kprobes) {
		p->absent = "observe_kprobes=0";
		return;
	}
	for (i = 0; i < ARRAY_SIZE(suffixes); i++) {
		snprintf(p->symbol, sizeof(p->symbol), "%s%s", p->target, suffixes[i]);
		err = kprobe_attach(p, KPROBE_FLAG_DISABLED);
		if (!err) {
			p->at = p->kprobe.addr;
			unregister_kprobe(&p->kprobe);
			return;
		}
		if (err != -ENOENT)
			refused = err;
	}
	if (!IS_ENABLED(CONFIG_KPROBES))
		p->absent = "this kernel is built without CONFIG_KPROBES";
	else
		p->absent = refused ? "refused by the kernel" : "no such symbol";
}

static int attach(struct probe *p)
{
	u32 before;
	int err;

	if (p->attached)
		return 0;
	if (p->is_kprobe) {
		before = gfplab_armed_text(p->at);
		err = kprobe_attach(p, 0);
		if (!err)
			gfplab_armed_begin(p - probes, p->kprobe.addr, before);
	} else if (IS_ENABLED(CONFIG_TRACEPOINTS)) {
		err = tracepoint_probe_register(p->event, p->handler->at_event, NULL);
	} else {
		err = -EOPNOTSUPP;
	}
	p->attached = !err;
	return err;
}

/*
 * A compiler may inline __alloc_pages_slowpath(). Then the alloc_flags of the
 * attempts decide: the only attempt of the fast path has ALLOC_WMARK_LOW, those
 * of the slow path never have. That costs a kprobe hit on every request, so the
 * kprobe on the slow path is preferred. Where arguments can't be read from registers
 * the stage is unknown.
 */
static bool slowpath_from_attempts(void)
{
	return IS_ENABLED(CONFIG_HAVE_FUNCTION_ARG_ACCESS_API) &&
	       probes[PROBE_slowpath].absent && !probes[PROBE_attempt].absent;
}

static enum gfplab_observe least_level(const struct probe *p)
{
	if (p == &probes[PROBE_attempt] && slowpath_from_attempts())
		return probes[PROBE_slowpath].level;
	return p->level;
}

/* Bit PROBE_x for each probe that would have reported its event. */
static u64 ready_probes(u64 attached)
{
	u64 ready = attached;
	bool fire = (attached & PROBE_BIT(self_test)) && gfplab_kprobes_fire();
	int i;

	for (i = 0; i < NR_PROBES; i++) {
		if (probes[i].handler->not_applicable)
			ready |= 1ULL << i;
		if (probes[i].is_kprobe && !fire)
			ready &= ~(1ULL << i);
	}
	if ((ready & PROBE_BIT(attempt)) && slowpath_from_attempts())
		ready |= PROBE_BIT(slowpath);
	return ready;
}

/* Where the multi-generational LRU works instead of the lists, which it may do any time. */
static u64 untraced(void)
{
	return !GFPLAB_GENERATIONS_TRACED && gfplab_generations() ? PROBE_BIT(scanned) : 0;
}

/* With probes_lock held. Returns @attached without the halves of pairs. */
static u64 drop_halves(u64 attached)
{
	u64 halves = gfplab_probe_halves(attached), left;

	for (left = halves; left; left &= left - 1)
		probes[__ffs64(left)].users--;
	return attached & ~halves;
}

/*
 * To disarm a kprobe takes memory, and what it needs may come out of the reserves here. If
 * there is none all the same, unregister_kprobes() leaves the kprobe where it is and clears its
 * address, which tells; the kernel's count of kprobes is wrong then, and the more so each time it
 * is tried again. So its handler stays for good, and its address, which finds it. 5.10 to 7.3.
 *
 * With probes_lock held. Returns how many could not be taken off.
 */
static int take_off(struct probe *of[], int n)
{
	struct kprobe *gone[NR_PROBES];
	kprobe_opcode_t *addr[NR_PROBES];
	unsigned int flags;
	int i, stuck = 0;

	for (i = 0; i < n; i++) {
		gfplab_armed_end(of[i] - probes);
		gone[i] = &of[i]->kprobe;
		addr[i] = gone[i]->addr;
	}
	/* All at once: each call waits for all CPUs that may run one of the handlers. */
	flags = memalloc_noreclaim_save();
	unregister_kprobes(gone, n);
	memalloc_noreclaim_restore(flags);
	for (i = 0; i < n; i++) {
		of[i]->attached = false;
		if (gone[i]->addr)
			continue;
		gone[i]->addr = addr[i];
		of[i]->stuck = true;
		of[i]->absent = "it could not be taken off, for want of memory";
		stuck++;
	}
	return stuck;
}

/* No run needs it, and @want is NULL or agrees. */
static bool is_idle(const struct probe *p, bool (*want)(const struct probe *p))
{
	return p->attached && !p->users && (!want || want(p));
}

/* With probes_lock held: take off what no run needs, if @want is NULL or agrees. */
static void detach_idle(bool (*want)(const struct probe *p))
{
	struct probe *p, *kprobes[NR_PROBES];
	int n = 0, stuck = 0;

	for (p = probes; p < probes + NR_PROBES; p++) {
		if (!is_idle(p, want))
			continue;
		if (p->is_kprobe) {
			kprobes[n++] = p;
		} else if (IS_ENABLED(CONFIG_TRACEPOINTS)) {
			p->attached = false;
			WARN_ON_ONCE(tracepoint_probe_unregister(p->event, p->handler->at_event,
								 NULL));
		}
	}
	if (n)
		stuck = take_off(kprobes, n);
	if (!stuck)
		return;
	__module_get(THIS_MODULE);
	pr_warn("no memory to take %d kprobes off: the module stays until the machine is booted anew\n",
		stuck);
}

/*
 * All kprobes were switched off and on while it lingered, or others trace the function:
 * registered anew, it is known again what its instruction looks like when it fires.
 */
static bool is_changed(const struct probe *p)
{
	return p->is_kprobe && gfplab_armed_differs(p - probes);
}

static void linger_over(struct work_struct *work)
{
	mutex_lock(&probes_lock);
	detach_idle(NULL);
	mutex_unlock(&probes_lock);
}

/**
 * gfplab_probe_get - attach what an observe level needs, and nothing that only lingers
 * @level: enum gfplab_observe
 * @one: each request makes attempts of its own, so that mm_page_alloc, which every request of the
 *	machine would pay for, tells no more
 * @ready: bit PROBE_x for each probe that reports its event without fail
 *
 * Context: may sleep; takes the probes' mutex.
 * Return: what is attached for the caller, for gfplab_probe_put().
 */
u64 gfplab_probe_get(enum gfplab_observe level, bool one, u64 *ready)
{
	struct probe *p;
	u64 attached = 0;

	*ready = 0;
	if (level >= OBSERVE_full)
		gfplab_dirty_ratio_read();
	mutex_lock(&probes_lock);
	detach_idle(is_changed);
	for (p = probes; p < probes + NR_PROBES && level > OBSERVE_none; p++) {
		if (least_level(p) > level || p->absent || p->handler->not_applicable)
			continue;
		if (p == &probes[PROBE_alloc] && one && (attached & PROBE_BIT(attempt)))
			continue;
		if (attach(p))
			continue;
		p->users++;
		attached |= 1ULL << (p - probes);
	}
	attached = drop_halves(attached);
	detach_idle(NULL);
	*ready = ready_probes(attached) & ~untraced();
	mutex_unlock(&probes_lock);
	return attached;
}

/**
 * gfplab_probe_put - what was attached for one is no longer needed by it
 * @attached: what gfplab_probe_get() returned
 *
 * What no other needs is detached linger_ms later. Until then callbacks run, which
 * look for flights: a flight that has ended is freed after gfplab_probe_wait().
 *
 * Context: may sleep; takes the probes' mutex.
 */
void gfplab_probe_put(u64 attached)
{
	bool now = !gfplab_linger_ms, here = now && (current->flags & PF_KTHREAD);
	u64 left;

	if (!attached)
		return;
	mutex_lock(&probes_lock);
	for (left = attached; left; left &= left - 1)
		probes[__ffs64(left)].users--;
	if (here)
		detach_idle(NULL);
	else
		mod_delayed_work(gfplab_queue, &linger, msecs_to_jiffies(gfplab_linger_ms));
	mutex_unlock(&probes_lock);
	if (now && !here)
		flush_delayed_work(&linger);
}

/**
 * gfplab_probe_wait - wait until no callback runs that has begun before
 *
 * That takes two waits: since 7.0 tracepoints have an SRCU of their own.
 *
 * Context: may sleep.
 */
void gfplab_probe_wait(void)
{
	tracepoint_synchronize_unregister();
	synchronize_rcu();
}

/**
 * gfplab_probe_init - find out what this kernel has
 *
 * Registers each kprobe once, disabled: only that shows whether its symbol can
 * be probed. A missing probe is no error.
 *
 * Context: module init.
 * Return: 0.
 */
int gfplab_probe_init(void)
{
	struct probe *p;

	if (IS_ENABLED(CONFIG_TRACEPOINTS))
		for_each_kernel_tracepoint(match_event, NULL);
	for (p = probes; p < probes + NR_PROBES; p++) {
		p->handler = gfplab_handler_of(p - probes);
		if (p->handler->not_applicable)
			continue;
		if (p->is_kprobe)
			kprobe_find(p);
		else if (!IS_ENABLED(CONFIG_TRACEPOINTS))
			p->absent = "this kernel is built without CONFIG_TRACEPOINTS";
		else if (!p->event)
			p->absent = "no such event";
		else if (!p->handler->at_event)
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
	int i;

	flush_delayed_work(&linger);
	/* A kprobe that got stuck just now, with rmmod under way: its handler may not go. */
	for (i = 0; i < NR_PROBES; i++) {
		if (probes[i].stuck)
			pr_warn("rmmod waits for ever: a kprobe is still in the kernel\n");
		while (probes[i].stuck)
			ssleep(60);
	}
	gfplab_probe_wait();
}

/**
 * gfplab_probe_show - which probes this kernel has
 * @m: the file `environment`
 *
 * Context: may sleep; takes the probes' mutex.
 */
void gfplab_probe_show(struct seq_file *m)
{
	struct probe *p;

	mutex_lock(&probes_lock);
	for (p = probes; p < probes + NR_PROBES; p++) {
		const char *symbol = p->is_kprobe && !p->absent ? p->symbol : p->target;

		seq_printf(m, "probe.%s %s %s:%s users=%u attached=%d", p->name,
			   p->handler->not_applicable ? "not_applicable" : p->absent ? "absent" : "present",
			   p->is_kprobe ? "kprobe" : "event", symbol, p->users, p->attached);
		if (p->absent)
			seq_printf(m, " (%s)", p->absent);
		if (p == &probes[PROBE_slowpath] && slowpath_from_attempts())
			seq_puts(m, " (derived from the attempts)");
		if (p->is_kprobe && !p->absent && gfplab_kprobes_off())
			seq_puts(m, " (did not fire in the last run: kprobes/enabled or kernel.ftrace_enabled is 0)");
		seq_putc(m, '\n');
	}
	mutex_unlock(&probes_lock);
}
