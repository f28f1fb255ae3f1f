/* SPDX-License-Identifier: GPL-2.0 */
/* handler.h - what each probe says of a request */
#ifndef GFPLAB_HANDLER_H
#define GFPLAB_HANDLER_H

#include <linux/types.h>
#include "rules/probes.h"

/**
 * struct gfplab_handler - what runs when a probe fires
 * @at_event: a function of the prototype that the event has
 * @at_kprobe: a kprobe's pre-handler
 * @not_applicable: none, because this kernel can't do what the probe would report
 */
struct gfplab_handler {
	void *at_event;
	int (*at_kprobe)(struct kprobe *kp, struct pt_regs *regs);
	bool not_applicable;
};

void gfplab_handlers_init(struct gfplab_handler handlers[NR_PROBES]);

#endif
