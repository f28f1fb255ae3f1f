// SPDX-License-Identifier: GPL-2.0
/*
 * states.c - the memory states of a run: applied, undone, shown.
 */
#include <linux/atomic.h>
#include <linux/mm.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include "ballast.h"
#include "compat.h"
#include "state.h"
#include "states.h"
#include "zone.h"

#define NAME(name_, ...) #name_,
static const char * const names[NR_STATES] = { GFPLAB_STATES(NAME) };

/* For a sentence: `squeeze and fragment`. */
#define AND_NAME(name_, ...) " and " #name_
const char * const gfplab_state_names = &GFPLAB_STATES(AND_NAME)[sizeof(" and ") - 1];

#define OPS(name_, ...) &gfplab_##name_##_state,
static const struct gfplab_state_ops * const ops[NR_STATES] = { GFPLAB_STATES(OPS) };

/* Of a run: states whose option is `none` have no zone. */
#define for_each_state(state, states) \
	for (state = (states)->of; state < (states)->of + NR_STATES; state++)

static bool wanted(const struct gfplab_state *state)
{
	return state->ballast.zone;
}

/* ---- what is free ---- */

static void free_counts_read(struct gfplab_free_counts *counts, struct zone *zone)
{
	int order;

	counts->free = gfplab_zone_usable(zone);
	counts->cma = gfplab_zone_free(zone) - counts->free;
	for (order = 0; order <= GFPLAB_MAX_ORDER; order++)
		/* how many just now; the lock would not make it last */
		counts->blocks[order] = data_race(zone->free_area[order].nr_free);
}

static void free_counts_show(struct seq_file *m, const char *state, const char *when,
			     const struct gfplab_free_counts *counts)
{
	int order;

	seq_printf(m, "%s.%s %ld\n", state, when, counts->free);
	seq_printf(m, "%s.%s.cma %ld\n", state, when, counts->cma);
	seq_printf(m, "%s.%s.free_area", state, when);
	for (order = 0; order <= GFPLAB_MAX_ORDER; order++)
		seq_printf(m, " %lu", counts->blocks[order]);
	seq_putc(m, '\n');
}

/* ---- one state ---- */

static void state_apply(struct gfplab_state *state)
{
	int mark;

	for (mark = 0; mark < NR_MARKS; mark++)
		state->mark[mark] = gfplab_zone_mark(state->ballast.zone, mark);
	state->ops->apply(state);
}

static void state_show(const struct gfplab_state *state, struct seq_file *m)
{
	struct zone *zone = state->ballast.zone;
	const char *name = state->name;

	seq_printf(m, "%s.zone %d:%s\n", name, zone_to_nid(zone), zone->name);
	seq_printf(m, "%s.min %lu\n", name, state->mark[MARK_min]);
	seq_printf(m, "%s.low %lu\n", name, state->mark[MARK_low]);
	seq_printf(m, "%s.high %lu\n", name, state->mark[MARK_high]);
	free_counts_show(m, name, "before", &state->before);
	free_counts_show(m, name, "reached", &state->reached);
	free_counts_show(m, name, "after", &state->after);
	seq_printf(m, "%s.blocks %llu\n", name, state->ballast.nr_blocks);
	if (state->ops->show)
		state->ops->show(state, m);
}

/* ---- all of them ---- */

/**
 * gfplab_states_init - note what a run's memory states are
 * @states: filled in; nothing is done yet
 * @args: the values of their options
 * @aborted: the run's, which stays as long as @states
 */
void gfplab_states_init(struct gfplab_states *states,
			const struct gfplab_state_arg args[NR_STATES], const atomic_t *aborted)
{
	int i;

	memset(states, 0, sizeof(*states));
	for (i = 0; i < NR_STATES; i++) {
		states->of[i].ops = ops[i];
		states->of[i].name = names[i];
		states->of[i].arg = args[i];
		gfplab_ballast_init(&states->of[i].ballast,
				    gfplab_zone(args[i].nid, args[i].zone), aborted);
	}
}

/**
 * gfplab_states_wanted - is there any to apply?
 * @args: the values of their options
 *
 * Return: whether one is other than `none`.
 */
bool gfplab_states_wanted(const struct gfplab_state_arg args[NR_STATES])
{
	int i;

	for (i = 0; i < NR_STATES; i++)
		if (args[i].nid != NUMA_NO_NODE)
			return true;
	return false;
}

/**
 * gfplab_states_leave_little - is a zone meant to be nearly empty?
 * @args: the values of their options
 *
 * Context: any.
 * Return: whether a state that is wanted leaves little.
 */
bool gfplab_states_leave_little(const struct gfplab_state_arg args[NR_STATES])
{
	int i;

	for (i = 0; i < NR_STATES; i++)
		if (args[i].nid != NUMA_NO_NODE && ops[i]->leaves_little)
			return true;
	return false;
}

/**
 * gfplab_states_apply - bring the zones into their states
 * @states: initialised
 *
 * Context: task; neither reclaims nor wakes kswapd.
 */
void gfplab_states_apply(struct gfplab_states *states)
{
	struct gfplab_state *state;
	int rank;

	for_each_state(state, states)
		if (wanted(state))
			free_counts_read(&state->before, state->ballast.zone);
	for (rank = 0; rank < NR_RANKS; rank++)
		for_each_state(state, states)
			if (wanted(state) && state->ops->rank == rank)
				state_apply(state);
	for_each_state(state, states)
		if (wanted(state))
			free_counts_read(&state->reached, state->ballast.zone);
}

/**
 * gfplab_states_undo - give everything back
 * @states: applied
 *
 * Context: task.
 */
void gfplab_states_undo(struct gfplab_states *states)
{
	struct gfplab_state *state;
	int rank, i;

	for (rank = NR_RANKS - 1; rank >= 0; rank--)
		for (i = NR_STATES - 1; i >= 0; i--)
			if (states->of[i].ops->rank == rank)
				gfplab_ballast_free_all(&states->of[i].ballast);
	for_each_state(state, states)
		if (wanted(state))
			free_counts_read(&state->after, state->ballast.zone);
}

/**
 * gfplab_states_show - the states that were reached, and what was left behind
 * @states: of a run
 * @m: the file `summary`
 */
void gfplab_states_show(const struct gfplab_states *states, struct seq_file *m)
{
	const struct gfplab_state *state;

	for_each_state(state, states)
		if (wanted(state))
			state_show(state, m);
}
