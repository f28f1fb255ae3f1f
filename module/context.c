// SPDX-License-Identifier: GPL-2.0
/*
 * context.c - from where a request is made, and what the task says of all it
 * allocates meanwhile.
 */
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/sched/mm.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>
#include "compat.h"
#include "context.h"
#include "rules/words.h"

static void in_softirq_context(struct tasklet_struct *tasklet)
{
	struct gfplab_context_call *call = from_tasklet(call, tasklet, tasklet);

	call->run(call->data);
	complete(&call->done);
}

static void in_hardirq_context(struct irq_work *irq)
{
	struct gfplab_context_call *call = container_of(irq, struct gfplab_context_call, irq);

	call->run(call->data);
	complete(&call->done);
}

/**
 * gfplab_context_call_init - prepare something to be done in a chosen context
 * @call: zeroed
 * @run: what; must suit the context
 * @data: its argument
 */
void gfplab_context_call_init(struct gfplab_context_call *call, void (*run)(void *), void *data)
{
	call->run = run;
	call->data = data;
	spin_lock_init(&call->lock);
	init_completion(&call->done);
	tasklet_setup(&call->tasklet, in_softirq_context);
	init_irq_work(&call->irq, in_hardirq_context);
}

/**
 * gfplab_context_call_run - do it, and return when it is done
 * @call: initialised
 * @context: where
 *
 * Context: task; sleeps for CONTEXT_softirq and CONTEXT_hardirq.
 */
void gfplab_context_call_run(struct gfplab_context_call *call, enum gfplab_context context)
{
	switch (context) {
	case CONTEXT_atomic:
		spin_lock(&call->lock);
		call->run(call->data);
		spin_unlock(&call->lock);
		break;
	case CONTEXT_softirq:
		reinit_completion(&call->done);
		local_bh_disable();
		tasklet_schedule(&call->tasklet);
		local_bh_enable();
		wait_for_completion(&call->done);
		break;
	case CONTEXT_hardirq:
		reinit_completion(&call->done);
		irq_work_queue(&call->irq);
		wait_for_completion(&call->done);
		/* The item may be queued again only once the interrupt let go of it. */
		irq_work_sync(&call->irq);
		break;
	default:
		call->run(call->data);
	}
}

/**
 * gfplab_context_call_exit - make sure that no context holds the call any more
 * @call: initialised
 *
 * Context: may sleep.
 */
void gfplab_context_call_exit(struct gfplab_context_call *call)
{
	tasklet_kill(&call->tasklet);
	irq_work_sync(&call->irq);
}

/* ---- scopes ---- */

/**
 * gfplab_scope_enter - what memalloc_*_save() do, one inside the other
 * @scopes: bit SCOPE_x
 *
 * What they return (up to 6.9 the flags that were set, since 6.10 those that were
 * not) is only what their *_restore() want.
 *
 * Context: the task that makes the requests.
 * Return: for gfplab_scope_leave().
 */
unsigned int gfplab_scope_enter(u32 scopes)
{
	unsigned int before = 0;

	if (scopes & (1U << SCOPE_nofs))
		before |= memalloc_nofs_save();
	if (scopes & (1U << SCOPE_noio))
		before |= memalloc_noio_save();
	if (scopes & (1U << SCOPE_noreclaim))
		before |= memalloc_noreclaim_save();
	if (scopes & (1U << SCOPE_pin))
		before |= gfplab_pin_save();
	return before;
}

/**
 * gfplab_scope_leave - undo gfplab_scope_enter()
 * @scopes: as there
 * @before: what it returned
 *
 * Context: the same task.
 */
void gfplab_scope_leave(u32 scopes, unsigned int before)
{
	if (scopes & (1U << SCOPE_pin))
		gfplab_pin_restore(before & GFPLAB_PF_PIN);
	if (scopes & (1U << SCOPE_noreclaim))
		memalloc_noreclaim_restore(before & PF_MEMALLOC);
	if (scopes & (1U << SCOPE_noio))
		memalloc_noio_restore(before & PF_MEMALLOC_NOIO);
	if (scopes & (1U << SCOPE_nofs))
		memalloc_nofs_restore(before & PF_MEMALLOC_NOFS);
}

/**
 * gfplab_scope_gfp - a gfp mask as the allocator sees it
 * @gfp: what is asked with
 * @scopes: bit SCOPE_x, of those that will be entered
 * @own_task: the current task will ask: scopes that it is in already count as well
 *
 * Such a task is one with PR_SET_IO_FLUSHER, or one that writes from inside a filesystem.
 *
 * Context: any.
 * Return: the mask without what the scopes forbid.
 * Mirrors current_gfp_context(), 5.10 to 7.3.
 */
gfp_t gfplab_scope_gfp(gfp_t gfp, u32 scopes, bool own_task)
{
	if (own_task)
		gfp = current_gfp_context(gfp);
	if (scopes & (1U << SCOPE_noio))
		gfp &= ~(__GFP_IO | __GFP_FS);
	if (scopes & (1U << SCOPE_nofs))
		gfp &= ~__GFP_FS;
	if (scopes & (1U << SCOPE_pin))
		gfp &= ~GFPLAB_PIN_STRIPS;
	return gfp;
}

/**
 * gfplab_scope_show - the scopes, joined by commas
 * @m: where to print
 * @scopes: bit SCOPE_x
 */
void gfplab_scope_show(struct seq_file *m, u32 scopes)
{
	char text[GFPLAB_WORDS_MAX];

	gfplab_words_format(text, sizeof(text), gfplab_scopes, scopes, ",");
	seq_puts(m, scopes ? text : "none");
}
