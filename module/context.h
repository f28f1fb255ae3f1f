/* SPDX-License-Identifier: GPL-2.0 */
/* context.h - from where a request is made */
#ifndef GFPLAB_CONTEXT_H
#define GFPLAB_CONTEXT_H

#include <linux/completion.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include "rules/words.h"

/**
 * struct gfplab_context_call - something done once in a chosen context
 * @run: the function
 * @data: its argument
 * @lock: held in context=atomic
 * @done: completed by the other context
 * @tasklet: for context=softirq
 * @irq: for context=hardirq
 */
struct gfplab_context_call {
	void (*run)(void *data);
	void *data;
	spinlock_t lock;	/* guards nothing: to be in atomic context */
	struct completion done;
	struct tasklet_struct tasklet;
	struct irq_work irq;
};

void gfplab_context_call_init(struct gfplab_context_call *call, void (*run)(void *), void *data);
void gfplab_context_call_run(struct gfplab_context_call *call, enum gfplab_context context);
void gfplab_context_call_exit(struct gfplab_context_call *call);
unsigned int gfplab_scope_enter(u32 scopes);
void gfplab_scope_leave(u32 scopes, unsigned int before);
gfp_t gfplab_scope_gfp(gfp_t gfp, u32 scopes, bool own_task);
void gfplab_scope_show(struct seq_file *m, u32 scopes);

#endif
