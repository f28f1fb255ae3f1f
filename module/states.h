/* SPDX-License-Identifier: GPL-2.0 */
/* states.h - the memory states of a run, all together */
#ifndef GFPLAB_STATES_H
#define GFPLAB_STATES_H

#include <linux/atomic.h>
#include <linux/types.h>
#include "rules/words.h"
#include "state.h"

struct gfplab_reason;

struct seq_file;

/* Which task undoes the states is the one that makes the phase STATES_gone. */
enum gfplab_states_phase {
	STATES_gone,	/* or not there yet */
	STATES_held,	/* while the requests of a `call` are made */
	STATES_renewed,	/* the same, and their task is at work on them */
	STATES_kept,	/* they outlast the `call` */
};

/**
 * struct gfplab_states - the memory states of a run
 * @nr: how many of @of there are
 * @of: one for each target of an option
 * @phase: enum gfplab_states_phase
 * @pages: held since they are kept
 * @spent: a request of the run has reclaimed or compacted, and what it gained stays
 * @renewed: how many times a zone was brought back into its state
 * @lost: requests, or bursts, that were made while a zone was not in its state
 */
struct gfplab_states {
	unsigned int nr;
	struct gfplab_state *of;
	atomic_t phase;
	u64 pages;
	bool spent;
	u64 renewed;
	u64 lost;
};

extern const char * const gfplab_state_names;

int gfplab_states_check(const struct gfplab_state_arg args[NR_STATES], struct gfplab_reason *why);
bool gfplab_states_make(struct gfplab_states *states,
			const struct gfplab_state_arg args[NR_STATES], const atomic_t *aborted);
void gfplab_states_free(struct gfplab_states *states);
bool gfplab_states_wanted(const struct gfplab_state_arg args[NR_STATES]);
bool gfplab_states_leave_little(const struct gfplab_state_arg args[NR_STATES]);
void gfplab_states_apply(struct gfplab_states *states);
enum gfplab_in_state gfplab_states_renew(struct gfplab_states *states);
void gfplab_states_keep(struct gfplab_states *states);
bool gfplab_states_are_kept(const struct gfplab_states *states);
u64 gfplab_states_pages(const struct gfplab_states *states);
u64 gfplab_states_release(struct gfplab_states *states);
bool gfplab_states_in(const struct gfplab_states *states, const struct zone *zone);
bool gfplab_any_state_kept(void);
void gfplab_states_show(const struct gfplab_states *states, struct seq_file *m);

#endif
