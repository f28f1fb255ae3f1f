// SPDX-License-Identifier: GPL-2.0
/*
 * armed.c - whether the kprobes still fire.
 *
 * Kprobes can be switched off for the whole machine, at any moment (debugfs
 * kprobes/enabled, kernel.ftrace_enabled). Registering one succeeds all the same,
 * and it never fires. No notifier tells. So a kprobe is on a function of this module:
 * if a call of that one is not seen, the absence of a hit proves nothing for any kprobe.
 *
 * To ask at each request would cost more than the request. But a kprobe that is
 * switched off gets its instruction back, so only a change of that is followed by a
 * question. An instruction may also change because others trace the function as well,
 * or because the kernel optimizes the kprobe. Kprobes that are off and on again within one
 * request go unnoticed.
 */
#include <linux/bitops.h>
#include <linux/jiffies.h>
#include <linux/kprobes.h>
#include <linux/spinlock.h>
#include "armed.h"
#include "busted.h"

#define SWITCHING	(HZ / 10 + 1)	/* by then all kprobes are off, if one is */

/* What a kprobe that is not armed points to. */
static const u32 nothing;

#define NOT_ARMED(name, kind, symbol, level)				\
	[PROBE_##name] = { .at = &nothing },

struct gfplab_armed gfplab_armed[NR_PROBES] = { GFPLAB_PROBES(NOT_ARMED) };

/* Guards @gfplab_armed but for reads, and the self-test. */
static DEFINE_SPINLOCK(armed_lock);

static unsigned int self_test_hits;

/* Kprobes did not fire when last a run looked. */
static bool off;

static noinline void gfplab_self_test(void)
{
	/* A compiler drops the call of an empty function. */
	asm volatile("");
}

/**
 * gfplab_on_self_test - pre-handler of the kprobe on gfplab_self_test()
 * @kp: the kprobe
 * @regs: its registers
 *
 * Context: kprobe.
 * Return: 0.
 */
int gfplab_on_self_test(struct kprobe *kp, struct pt_regs *regs)
{
	self_test_hits++;
	return 0;
}

/* With armed_lock held. */
static bool fires(void)
{
	unsigned int before = self_test_hits;

	gfplab_self_test();
	WRITE_ONCE(off, READ_ONCE(self_test_hits) == before);
	return !off;
}

/**
 * gfplab_kprobes_fire - do kprobes fire now, with that of the self-test attached?
 *
 * Context: task; takes a spinlock.
 * Return: false if they are switched off for the whole machine.
 */
bool gfplab_kprobes_fire(void)
{
	bool fire;

	spin_lock(&armed_lock);
	fire = fires();
	spin_unlock(&armed_lock);
	return fire;
}

/**
 * gfplab_kprobes_off - did kprobes not fire when last a run looked?
 *
 * Context: any.
 * Return: true if they were switched off.
 */
bool gfplab_kprobes_off(void)
{
	return READ_ONCE(off);
}

/**
 * gfplab_armed_text - the instruction at an address
 * @at: where a kprobe is or may be; NULL is allowed
 *
 * Context: any.
 * Return: its first four bytes.
 */
u32 gfplab_armed_text(const void *at)
{
	return at ? READ_ONCE(*(const u32 *)at) : 0;
}

/**
 * gfplab_armed_begin - a kprobe has been registered
 * @id: which
 * @at: its address
 * @before: gfplab_armed_text() before that
 *
 * Context: task; takes a spinlock.
 */
void gfplab_armed_begin(enum gfplab_probe_id id, const void *at, u32 before)
{
	struct gfplab_armed *armed = &gfplab_armed[id];

	spin_lock(&armed_lock);
	WRITE_ONCE(armed->text, gfplab_armed_text(at));
	WRITE_ONCE(armed->at, at);
	armed->before = before;
	armed->told = armed->text != before;
	armed->since = 0;
	spin_unlock(&armed_lock);
}

/**
 * gfplab_armed_end - a kprobe is about to be unregistered
 * @id: which; no run needs it
 *
 * Context: task; takes a spinlock.
 */
void gfplab_armed_end(enum gfplab_probe_id id)
{
	spin_lock(&armed_lock);
	WRITE_ONCE(gfplab_armed[id].at, &nothing);
	WRITE_ONCE(gfplab_armed[id].text, nothing);
	spin_unlock(&armed_lock);
}

/*
 * The kernel optimizes a kprobe some time after it was registered: the breakpoint becomes a
 * jump, and it fires all the while.
 */
static bool was_optimized(const struct gfplab_armed *armed)
{
	return IS_ENABLED(CONFIG_X86) && (armed->text & 0xff) == 0xcc;
}

/**
 * gfplab_armed_differs - is the instruction at a kprobe another one than when it was registered?
 * @id: which; it is registered
 *
 * Context: task; takes a spinlock.
 * Return: whether it is, but for the kernel's optimization.
 */
bool gfplab_armed_differs(enum gfplab_probe_id id)
{
	const struct gfplab_armed *armed = &gfplab_armed[id];
	bool changed;

	spin_lock(&armed_lock);
	changed = READ_ONCE(*armed->at) != armed->text && !was_optimized(armed);
	spin_unlock(&armed_lock);
	return changed;
}

/**
 * gfplab_armed_silent - which probes no longer report their event
 * @probes: bit PROBE_x for each probe of interest
 * @doubtful: set to those that may not have reported just now, and may do so later
 *
 * Context: task; takes a spinlock.
 * Return: those of @probes that are switched off.
 */
u32 gfplab_armed_silent(u32 probes, u32 *doubtful)
{
	u32 left, silent = 0;

	*doubtful = 0;
	if (GFPLAB_BUSTED(deaf_kprobes))
		return 0;
	spin_lock(&armed_lock);
	for (left = probes & GFPLAB_KPROBES; left; left &= left - 1) {
		struct gfplab_armed *armed = &gfplab_armed[__ffs(left)];
		u32 text = READ_ONCE(*armed->at);

		if (text == armed->text) {
			armed->since = 0;
			continue;
		}
		if ((armed->told && text == armed->before) || !fires()) {
			silent |= left & -left;
			continue;
		}
		if (!was_optimized(armed)) {
			/* They are switched off one after the other, and this one may be. */
			*doubtful = probes & GFPLAB_KPROBES;
			if (!armed->since)
				armed->since = jiffies | 1;
			if (time_before(jiffies, armed->since + SWITCHING))
				continue;
		}
		armed->since = 0;
		WRITE_ONCE(armed->text, text);
	}
	/* Without that of the self-test nothing is known. */
	if (off || (silent & PROBE_BIT(self_test))) {
		WRITE_ONCE(off, true);
		silent = GFPLAB_KPROBES;
	} else if ((silent & PROBE_BIT(attempt)) &&
		   gfplab_armed[PROBE_slowpath].at == &nothing) {
		/* It is derived from the attempts. */
		silent |= PROBE_BIT(slowpath);
	}
	spin_unlock(&armed_lock);
	return silent & probes;
}
