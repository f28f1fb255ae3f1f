// SPDX-License-Identifier: GPL-2.0
/*
 * state.c - what all memory states share.
 */
#include <linux/kernel.h>
#include <linux/seq_file.h>
#include "state.h"

/**
 * gfplab_state_key - begin a line of `summary`
 * @state: a state
 * @m: the file
 * @fmt: what follows the state's name and a dot
 */
void gfplab_state_key(const struct gfplab_state *state, struct seq_file *m,
		      const char *fmt, ...)
{
	va_list args;

	seq_printf(m, "%s.", state->name);
	if (state->nth > 1)
		seq_printf(m, "%u.", state->nth);
	va_start(args, fmt);
	seq_vprintf(m, fmt, args);
	va_end(args);
}
