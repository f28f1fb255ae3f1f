/* SPDX-License-Identifier: GPL-2.0 */
/* states.h - the memory states of a run, all together */
#ifndef GFPLAB_STATES_H
#define GFPLAB_STATES_H

#include <linux/atomic.h>
#include <linux/types.h>
#include "state.h"

/* Of one run, wanted or not. */
struct gfplab_states {
	struct gfplab_state of[NR_STATES];
};

extern const char * const gfplab_state_names;

void gfplab_states_init(struct gfplab_states *states,
			const struct gfplab_state_arg args[NR_STATES], const atomic_t *aborted);
bool gfplab_states_wanted(const struct gfplab_state_arg args[NR_STATES]);
bool gfplab_states_leave_little(const struct gfplab_state_arg args[NR_STATES]);
void gfplab_states_apply(struct gfplab_states *states);
void gfplab_states_undo(struct gfplab_states *states);
void gfplab_states_show(const struct gfplab_states *states, struct seq_file *m);

#endif
