// SPDX-License-Identifier: GPL-2.0
/*
 * states.c - the memory states of a run: applied, undone or kept, shown.
 *
 * Most are undone before a `call` returns to user space, because a machine that lives on
 * without the memory may end in an OOM panic. With release=keep they stay until `reset`, or
 * until memory runs out.
 */
#include <linux/atomic.h>
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "busted.h"
#include "compat.h"
#include "error.h"
#include "free_blocks.h"
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

#define for_each_state(state, states) \
	for (state = (states)->of; state < (states)->of + (states)->nr; state++)

/* All states of all runs that stay after their `call`. */
static atomic_t nr_kept;

/* ---- what is free ---- */

static void free_counts_read(struct gfplab_free_counts *counts, struct zone *zone)
{
	int order;

	gfplab_free_blocks_count(&counts->types, zone);
	counts->free = gfplab_zone_usable(zone);
	counts->cma = gfplab_zone_free(zone) - counts->free;
	counts->listed = gfplab_pcp_pages(zone);
	for (order = 0; order <= GFPLAB_MAX_ORDER; order++)
		/* how many just now; the lock would not make it last */
		counts->blocks[order] = data_race(zone->free_area[order].nr_free);
}

static void free_counts_show(struct seq_file *m, const struct gfplab_state *state,
			     const char *when, const struct gfplab_free_counts *counts)
{
	int order;

	gfplab_state_key(state, m, "%s %ld\n", when, counts->free);
	gfplab_state_key(state, m, "%s.cma %ld\n", when, counts->cma);
	gfplab_state_key(state, m, "%s.listed %ld\n", when, counts->listed);
	gfplab_state_key(state, m, "%s.free_area", when);
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

	gfplab_state_key(state, m, "zone %d:%s\n", zone_to_nid(zone), zone->name);
	gfplab_state_key(state, m, "min %lu\n", state->mark[MARK_min]);
	gfplab_state_key(state, m, "low %lu\n", state->mark[MARK_low]);
	gfplab_state_key(state, m, "high %lu\n", state->mark[MARK_high]);
	free_counts_show(m, state, "before", &state->before);
	free_counts_show(m, state, "reached", &state->reached);
	free_counts_show(m, state, "after", &state->after);
	gfplab_state_key(state, m, "blocks %llu\n", state->ballast.nr_blocks);
	if (state->ops->show)
		state->ops->show(state, m);
}

/* ---- what is wanted ---- */

/* Another target of the same zone that this one can't go with; NULL: none. */
static const char *conflict(const struct gfplab_state_arg args[NR_STATES], int state,
			    const struct gfplab_state_target *target)
{
	unsigned int i, n;

	for (i = 0; i < NR_STATES; i++) {
		if (i == state || !(ops[i]->alone || ops[state]->alone))
			continue;
		for (n = 0; n < args[i].nr; n++)
			if (args[i].targets[n].nid == target->nid &&
			    args[i].targets[n].zone == target->zone)
				return names[i];
	}
	return NULL;
}

/**
 * gfplab_states_check - can a run have all these states?
 * @args: the values of their options
 * @why: the reason for a refusal
 *
 * Context: any.
 * Return: 0; -EINVAL if a zone is to be in two that exclude each other; -ENODEV if one is gone.
 */
int gfplab_states_check(const struct gfplab_state_arg args[NR_STATES], struct gfplab_reason *why)
{
	const struct gfplab_state_target *target;
	const char *other;
	unsigned int i, n;

	for (i = 0; i < NR_STATES; i++) {
		for (n = 0; n < args[i].nr; n++) {
			target = &args[i].targets[n];
			if (!gfplab_zone(target->nid, target->zone))
				return gfplab_refuse(why, -1, -ENODEV, "%s: node %d went offline",
						     names[i], target->nid);
			other = conflict(args, i, target);
			if (other)
				return gfplab_refuse(why, -1, -EINVAL,
						     "%d:%s can't have %s and %s at once",
						     target->nid, gfplab_zone_name(target->zone),
						     names[i], other);
		}
	}
	return 0;
}

/* What the first state of a zone keeps for it serves the others as well. */
static struct gfplab_ballast *drains_of(struct gfplab_states *states, const struct zone *zone)
{
	struct gfplab_state *state;

	for_each_state(state, states)
		if (state->ballast.zone == zone)
			return &state->ballast;
	return NULL;
}

/**
 * gfplab_states_make - note what a run's memory states are
 * @states: filled in; nothing is done yet
 * @args: the values of their options, which gfplab_states_check() allows
 * @aborted: the run's, which stays as long as @states
 *
 * Context: may sleep.
 * Return: false without memory.
 */
bool gfplab_states_make(struct gfplab_states *states,
			const struct gfplab_state_arg args[NR_STATES], const atomic_t *aborted)
{
	struct gfplab_state *state;
	unsigned int i, n, nr = 0;

	for (i = 0; i < NR_STATES; i++)
		nr += args[i].nr;
	if (!nr)
		return true;
	states->of = kvcalloc(nr, sizeof(*states->of), GFP_KERNEL);
	if (!states->of)
		return false;
	for (i = 0; i < NR_STATES; i++) {
		for (n = 0; n < args[i].nr; n++) {
			state = &states->of[states->nr++];
			state->ops = ops[i];
			state->name = names[i];
			state->nth = n + 1;
			state->target = args[i].targets[n];
			gfplab_ballast_init(&state->ballast,
					    gfplab_zone(state->target.nid, state->target.zone),
					    aborted);
			state->ballast.drains = drains_of(states, state->ballast.zone);
		}
	}
	return true;
}

/**
 * gfplab_states_free - undo what is kept, and forget all
 * @states: made, or zeroed
 *
 * Context: may sleep.
 */
void gfplab_states_free(struct gfplab_states *states)
{
	gfplab_states_release(states);
	kvfree(states->of);
	states->of = NULL;
	states->nr = 0;
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
		if (args[i].nr)
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
		if (args[i].nr && ops[i]->leaves_little)
			return true;
	return false;
}

/* ---- applied, renewed, undone, kept ---- */

static void in_order(struct gfplab_states *states, void (*act)(struct gfplab_state *state))
{
	struct gfplab_state *state;
	int zone, rank;

	for (zone = MAX_NR_ZONES - 1; zone >= 0; zone--)
		for (rank = 0; rank < NR_RANKS; rank++)
			for_each_state(state, states)
				if (state->target.zone == zone && state->ops->rank == rank)
					act(state);
}

static void undo(struct gfplab_states *states)
{
	struct gfplab_state *state;

	for_each_state(state, states)
		gfplab_ballast_free_all(&state->ballast);
	for_each_state(state, states)
		free_counts_read(&state->after, state->ballast.zone);
}

static bool all_hold(const struct gfplab_states *states)
{
	const struct gfplab_state *state;

	for_each_state(state, states)
		if (!state->ops->holds(state))
			return false;
	return true;
}

static void state_renew(struct gfplab_state *state)
{
	if (!state->ops->renew || state->ops->holds(state))
		return;
	state->ops->renew(state);
	gfplab_zone_fold(state->ballast.zone);
}

#define TRIES	2

/*
 * To fold the counters makes other CPUs drain their lists: what comes of that is taken again.
 * Return: whether all zones are in their states.
 */
static bool settle(struct gfplab_states *states)
{
	int tries;

	for (tries = 0; tries < TRIES && !all_hold(states); tries++)
		in_order(states, state_renew);
	return all_hold(states);
}

/**
 * gfplab_states_apply - bring the zones into their states
 * @states: made
 *
 * Higher zones first: what is taken of a zone that is short of memory comes from lower
 * zones of its node before.
 *
 * Context: task; neither reclaims nor wakes kswapd.
 */
void gfplab_states_apply(struct gfplab_states *states)
{
	struct gfplab_state *state;

	for_each_state(state, states)
		free_counts_read(&state->before, state->ballast.zone);
	in_order(states, state_apply);
	for_each_state(state, states)
		gfplab_zone_fold(state->ballast.zone);
	settle(states);
	for_each_state(state, states)
		free_counts_read(&state->reached, state->ballast.zone);
	if (states->nr)
		atomic_set_release(&states->phase, STATES_held);
}

/**
 * gfplab_states_renew - bring zones that have left their states back before a request
 * @states: of a run
 *
 * kswapd and kcompactd, per-cpu lists of other CPUs and tasks that free memory give zones what
 * a state had taken, and it is taken again. What a request of the run gains by reclaim or
 * compaction stays: @spent.
 *
 * Context: the task of the `call`; neither reclaims nor wakes kswapd.
 * Return: enum gfplab_in_state.
 */
enum gfplab_in_state gfplab_states_renew(struct gfplab_states *states)
{
	bool held = all_hold(states);

	if ((held && atomic_read(&states->phase) == STATES_held) || GFPLAB_BUSTED(fading_state))
		return IN_STATE_held;
	/* Others may undo the states at any moment, but not while this task is at work on them. */
	if (!states->spent &&
	    atomic_cmpxchg(&states->phase, STATES_held, STATES_renewed) == STATES_held) {
		held = settle(states);
		states->renewed++;
		if (atomic_cmpxchg(&states->phase, STATES_renewed, STATES_held) == STATES_renewed)
			goto out;
		undo(states);
	}
	held = false;
out:
	states->lost += !held;
	return held ? IN_STATE_held : IN_STATE_lost;
}

/**
 * gfplab_states_keep - let the zones be in their states until gfplab_states_release()
 * @states: applied
 *
 * Context: task.
 */
void gfplab_states_keep(struct gfplab_states *states)
{
	struct gfplab_state *state;

	/* No other task gives back what is counted here. */
	if (atomic_cmpxchg(&states->phase, STATES_held, STATES_gone) != STATES_held)
		return;
	states->pages = 0;
	for_each_state(state, states) {
		free_counts_read(&state->after, state->ballast.zone);
		states->pages += gfplab_ballast_pages(&state->ballast);
	}
	atomic_inc(&nr_kept);
	atomic_set_release(&states->phase, STATES_kept);
}

/**
 * gfplab_states_are_kept - are the zones in their states after the `call`?
 * @states: of a run
 *
 * Context: any.
 * Return: whether they are.
 */
bool gfplab_states_are_kept(const struct gfplab_states *states)
{
	return atomic_read_acquire(&states->phase) == STATES_kept;
}

/**
 * gfplab_states_pages - what states hold that are kept
 * @states: of a run
 *
 * Context: any.
 * Return: pages.
 */
u64 gfplab_states_pages(const struct gfplab_states *states)
{
	return gfplab_states_are_kept(states) ? states->pages : 0;
}

/**
 * gfplab_states_release - give back what the states hold, if they still do
 * @states: of a run
 *
 * Context: task; several may call it at once, and one of them undoes the states, or the task that
 * is just renewing them.
 * Return: pages that came back of states that were kept.
 */
u64 gfplab_states_release(struct gfplab_states *states)
{
	int phase = atomic_xchg(&states->phase, STATES_gone);

	if (phase == STATES_held || phase == STATES_kept)
		undo(states);
	if (phase != STATES_kept)
		return 0;
	atomic_dec(&nr_kept);
	return states->pages;
}

/**
 * gfplab_states_in - does a state that is kept hold anything of a zone?
 * @states: of a run
 * @zone: the zone
 *
 * Context: any.
 * Return: whether it may.
 */
bool gfplab_states_in(const struct gfplab_states *states, const struct zone *zone)
{
	const struct gfplab_state *state;

	if (!gfplab_states_are_kept(states))
		return false;
	for_each_state(state, states)
		if (state->ballast.zone == zone)
			return true;
	return false;
}

/**
 * gfplab_any_state_kept - is any zone in a state after its `call`?
 *
 * Context: any.
 * Return: whether one is, for any run.
 */
bool gfplab_any_state_kept(void)
{
	return atomic_read(&nr_kept);
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
		state_show(state, m);
	if (!states->nr)
		return;
	seq_printf(m, "state.kept %d\n", gfplab_states_are_kept(states));
	seq_printf(m, "state.held %d\n", !states->lost);
	seq_printf(m, "state.lost %llu\n", states->lost);
	seq_printf(m, "state.renewed %llu\n", states->renewed);
}
