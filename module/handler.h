/* SPDX-License-Identifier: GPL-2.0 */
/* handler.h - what each probe says of a request */
#ifndef GFPLAB_HANDLER_H
#define GFPLAB_HANDLER_H

#include <linux/types.h>
#include "rules/probes.h"

struct kprobe;
struct pt_regs;

/**
 * struct gfplab_handler - what runs when a probe fires
 * @at_event: of an event: a function with the event's prototype; NULL if no
 *	callback has that of this kernel
 * @at_kprobe: of a kprobe: its pre-handler
 * @not_applicable: the configuration of this kernel excludes what the probe
 *	reports; there is no handler, and its silence counts
 */
struct gfplab_handler {
	void *at_event;
	int (*at_kprobe)(struct kprobe *kp, struct pt_regs *regs);
	bool not_applicable;
};

extern const struct gfplab_handler gfplab_handlers[NR_PROBES];

#endif
