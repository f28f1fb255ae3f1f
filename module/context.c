// SPDX-License-Identifier: GPL-2.0
/*
 * context.c - from where a request is made, and what the task says of all it
 * allocates meanwhile.
 */
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/sched/mm.h>
#include "gfplab.h"

static void in_softirq_context(struct tasklet_struct *tasklet)
{
	struct gfplab_errand *errand = from_tasklet(errand, tasklet, tasklet);

	errand->run(errand->data);
	complete(&errand->done);
}

static void in_hardirq_context(struct irq_work *irq)
{
	struct gfplab_errand *errand = container_of(irq, struct gfplab_errand, irq);

	errand->run(errand->data);
	complete(&errand->done);
}

/**
 * gfplab_errand_init - prepare something to be done in a chosen context
 * @errand: zeroed
 * @run: what; must suit the context
 * @data: its argument
 */
void gfplab_errand_init(struct gfplab_errand *errand, void (*run)(void *), void *data)
{
	errand->run = run;
	errand->data = data;
	spin_lock_init(&errand->lock);
	init_completion(&errand->done);
	tasklet_setup(&errand->tasklet, in_softirq_context);
	init_irq_work(&errand->irq, in_hardirq_context);
}

/**
 * gfplab_errand_do - do it, and return when it is done
 * @errand: initialised
 * @context: where
 *
 * Context: task; sleeps for CONTEXT_softirq and CONTEXT_hardirq.
 */
void gfplab_errand_do(struct gfplab_errand *errand, enum gfplab_context context)
{
	switch (context) {
	case CONTEXT_atomic:
		spin_lock(&errand->lock);
		errand->run(errand->data);
		spin_unlock(&errand->lock);
		break;
	case CONTEXT_softirq:
		reinit_completion(&errand->done);
		local_bh_disable();
		tasklet_schedule(&errand->tasklet);
		local_bh_enable();
		wait_for_completion(&errand->done);
		break;
	case CONTEXT_hardirq:
		reinit_completion(&errand->done);
		irq_work_queue(&errand->irq);
		wait_for_completion(&errand->done);
		/* The item may be queued again only once the interrupt let go of it. */
		irq_work_sync(&errand->irq);
		break;
	default:
		errand->run(errand->data);
	}
}

/**
 * gfplab_errand_exit - make sure that no context holds the errand any more
 * @errand: initialised
 *
 * Context: may sleep.
 */
void gfplab_errand_exit(struct gfplab_errand *errand)
{
	tasklet_kill(&errand->tasklet);
	irq_work_sync(&errand->irq);
}

/* ---- scopes ---- */

const struct gfplab_word gfplab_scope_words[] = { GFPLAB_SCOPES(GFPLAB_WORD) {} };

/**
 * gfplab_scope_enter - what memalloc_*_save() do, one inside the other
 * @scopes: bit SCOPE_x
 *
 * What they return is no business of ours: up to 6.9 the flags that were set,
 * since 6.10 those that were not, each what its *_restore() wants.
 *
 * Context: the task whose requests are meant.
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
 * gfplab_scope_show - the scopes, joined by commas
 * @m: where to print
 * @scopes: bit SCOPE_x
 */
void gfplab_scope_show(struct seq_file *m, u32 scopes)
{
	const char *join = "";
	int i;

	if (!scopes)
		seq_puts(m, "none");
	for (i = 0; i < NR_SCOPES; i++) {
		if (!(scopes & (1U << i)))
			continue;
		seq_printf(m, "%s%s", join, gfplab_scope_words[i].name);
		join = ",";
	}
}
