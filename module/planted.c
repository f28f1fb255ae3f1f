// SPDX-License-Identifier: GPL-2.0
/*
 * planted.c - deliberate mistakes, each of a kind that a debug kernel reports.
 *
 * `make check-debug` builds the module once per row of GFPLAB_PLANTED_FAULTS
 * (busted.h) and expects the report on the console: the kernel is known to
 * look. In a normal build nothing of this is left.
 */
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include "busted.h"
#include "planted.h"

static DEFINE_SPINLOCK(first);
static DEFINE_SPINLOCK(second);
static DEFINE_MUTEX(nobodys);

/**
 * gfplab_planted - make the mistake that this build was made for
 *
 * Context: may sleep; once a run.
 */
void gfplab_planted(void)
{
	char *text;

	if (GFPLAB_BUSTED(use_after_free)) {
		text = kmalloc(64, GFP_KERNEL);
		kfree(text);
		OPTIMIZER_HIDE_VAR(text);	/* the compiler sees it, too */
		if (!ZERO_OR_NULL_PTR(text))
			WRITE_ONCE(text[8], 1);
	}
	if (GFPLAB_BUSTED(sleep_in_atomic)) {
		spin_lock(&first);
		mutex_lock(&nobodys);	/* free: it might sleep, and does not */
		mutex_unlock(&nobodys);
		spin_unlock(&first);
	}
	if (GFPLAB_BUSTED(lock_inversion)) {
		spin_lock(&first);
		spin_lock(&second);
		spin_unlock(&second);
		spin_unlock(&first);
		spin_lock(&second);
		spin_lock(&first);
		spin_unlock(&first);
		spin_unlock(&second);
	}
	if (GFPLAB_BUSTED(leak)) {
		text = kmalloc(1000, GFP_KERNEL);
		OPTIMIZER_HIDE_VAR(text);
	}
}
