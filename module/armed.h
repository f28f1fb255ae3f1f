/* SPDX-License-Identifier: GPL-2.0 */
/* armed.h - whether the kprobes still fire */
#ifndef GFPLAB_ARMED_H
#define GFPLAB_ARMED_H

#include <linux/compiler.h>
#include <linux/types.h>
#include "rules/probes.h"

struct kprobe;
struct pt_regs;

/**
 * struct gfplab_armed - the instruction of a kprobe
 * @at: where the kprobe is; something that does not change if it is not armed
 * @text: what stood there when kprobes were last seen to fire
 * @before: what stood there before the kprobe
 * @told: @before differs from @text, so its return tells that the kprobe is off
 * @since: jiffies when another instruction was first seen there; 0: none is
 */
struct gfplab_armed {
	const u32 *at;
	u32 text;
	u32 before;
	bool told;
	unsigned long since;
};

extern struct gfplab_armed gfplab_armed[NR_PROBES];

#define GFPLAB_DIFFERS(name)							\
	(READ_ONCE(*READ_ONCE(gfplab_armed[PROBE_##name].at)) ^			\
	 READ_ONCE(gfplab_armed[PROBE_##name].text))

#define GFPLAB_DIFFERS_event(name)
#define GFPLAB_DIFFERS_kprobe(name)	GFPLAB_DIFFERS(name) |
#define GFPLAB_ANY_DIFFERS(name, kind, symbol, level)	GFPLAB_DIFFERS_##kind(name)

/*
 * Whether gfplab_armed_silent() may know something new of these probes: two loads and a compare
 * for each kprobe that there is, whether or not it is one of @probes.
 */
static __always_inline bool gfplab_armed_changed(u32 probes)
{
	return probes && unlikely(GFPLAB_PROBES(GFPLAB_ANY_DIFFERS) 0);
}

/*
 * The same for a request of which nothing was seen: what tells that it took the slow path, which
 * is a kprobe there or else the attempts. All others fire in the slow path, if they fire at all.
 */
static __always_inline bool gfplab_armed_changed_for_slow(u32 probes)
{
	return probes && unlikely(GFPLAB_DIFFERS(slowpath) | GFPLAB_DIFFERS(attempt));
}

bool gfplab_kprobes_fire(void);
bool gfplab_kprobes_off(void);
int gfplab_on_self_test(struct kprobe *kp, struct pt_regs *regs);
u32 gfplab_armed_text(const void *at);
void gfplab_armed_begin(enum gfplab_probe_id id, const void *at, u32 before);
void gfplab_armed_end(enum gfplab_probe_id id);
bool gfplab_armed_differs(enum gfplab_probe_id id);
u32 gfplab_armed_silent(u32 probes, u32 *doubtful);

#endif
