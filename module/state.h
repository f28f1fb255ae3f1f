/* SPDX-License-Identifier: GPL-2.0 */
/*
 * state.h - memory states: what is done to zones for the time of a `call`.
 *
 * A state NAME is:
 *   - module/NAME.c, which includes this file and defines
 *     const struct gfplab_state_ops gfplab_NAME_state;
 *   - a row of GFPLAB_STATES;
 *   - NAME.o in Kbuild.
 *
 * From the row come the option NAME (its file in options/, its line in `set`
 * and `help`, its module parameter), its targets in struct gfplab_options and in
 * each run, the refusal with `start`, and the keys NAME.zone to NAME.blocks of
 * `summary`. The option's value is `none` (the default), or a list of targets
 * `nid:Zone`, followed by `:AMOUNT` for a state that has an amount.
 */
#ifndef GFPLAB_STATE_H
#define GFPLAB_STATE_H

#include <linux/types.h>
#include "ballast.h"
#include "compat.h"
#include "free_blocks.h"
#include "zone.h"

struct gfplab_reason;

struct seq_file;

/* STATE(name, form, help), in the order of options and of keys of `summary`. */
#define GFPLAB_STATES(STATE)						\
	STATE(squeeze, "none, or a list of nid:Zone:AMOUNT: PERCENT of min, low+5%, 600p, 2400kB", \
	      "eat zones down to so much free memory during a `call`")	\
	STATE(fragment, "none, or a list of nid:Zone:ORDER",		\
	      "leave zones no free block of this order or above during a `call`") \
	STATE(lists, "none, or a list of nid:Zone:N0/N1/..., blocks of each order: 5, 5U, 5UM", \
	      "leave zones exactly these free blocks during a `call`")	\
	STATE(cma_only, "none, or a list of nid:Zone",			\
	      "leave zones no free page but those of CMA during a `call`")

#define GFPLAB_STATE_ID(name_, ...) GFPLAB_STATE_##name_,
enum gfplab_state_id { GFPLAB_STATES(GFPLAB_STATE_ID) NR_STATES };

#define GFPLAB_STATE_TARGETS	8	/* zones that one option may name */

/**
 * struct gfplab_state_target - what an option asks for in one zone
 * @nid: the node
 * @zone: enum zone_type
 * @variant: which form the amount has, if there are several; the state's own
 * @number: the amount
 * @blocks: the amount of `lists`
 */
struct gfplab_state_target {
	int nid;
	u32 zone;
	u32 variant;
	long number;
	struct gfplab_free_blocks blocks;
};

/**
 * struct gfplab_state_arg - the value of a memory state's option
 * @nr: how many of @targets are used; 0 is `none`
 * @targets: no zone twice
 */
struct gfplab_state_arg {
	unsigned int nr;
	struct gfplab_state_target targets[GFPLAB_STATE_TARGETS];
};

/*
 * When a state is applied, if a zone has several. Those of one rank are applied in
 * the order of their rows.
 */
enum gfplab_state_rank {
	RANK_shape,	/* changes which blocks are free, and frees some memory again */
	RANK_amount,	/* sets how much is free: nothing may free any after it */
	NR_RANKS
};

/**
 * struct gfplab_free_counts - what a zone has free at one moment
 * @free: pages, those of CMA not counted
 * @cma: those
 * @listed: pages in per-cpu lists, which are in none of the other numbers
 * @blocks: free blocks of each order, of both
 * @types: the same by type
 */
struct gfplab_free_counts {
	long free;
	long cma;
	long listed;
	unsigned long blocks[GFPLAB_MAX_ORDER + 1];
	struct gfplab_block_counts types;
};

/**
 * struct gfplab_state - a memory state of one zone in a run
 * @ops: what it does
 * @name: the name of its row
 * @nth: which of the targets of its option, from 1
 * @target: what the option says
 * @pages: what that amounts to in this zone, where it is another number
 * @mark: the zone's watermarks just before the state was applied
 * @before: what was free before any state was applied
 * @reached: what is free when the first request is made
 * @after: what is free once all states are undone, or at the end of a run that keeps them
 * @ballast: what it holds of the zone
 */
struct gfplab_state {
	const struct gfplab_state_ops *ops;
	const char *name;
	unsigned int nth;
	struct gfplab_state_target target;
	long pages;
	unsigned long mark[NR_MARKS];
	struct gfplab_free_counts before;
	struct gfplab_free_counts reached;
	struct gfplab_free_counts after;
	struct gfplab_ballast ballast;
};

/**
 * struct gfplab_state_ops - what a memory state does
 * @rank: when it is applied, if the zone is to have other states as well
 * @alone: the zone can have no other state
 * @leaves_little: the zone is meant to be nearly empty, so a run with this
 *	state does not end when the machine's reserve is reached
 * @unsafe: what is dangerous about it; the option is refused with EPERM and this
 *	text unless the module was loaded with unsafe=1. NULL: nothing is
 * @parse_amount: stores what @text says in the target's variant, number and blocks,
 *	and in nothing else; returns 0, or what gfplab_refuse() returns, with the offset
 *	of the mistake in @text. NULL: the state has no amount
 * @show_amount: prints what @parse_amount takes back. NULL if that is NULL
 * @apply: brings state->ballast.zone into the state that state->target asks for.
 *	Takes memory by gfplab_ballast_alloc() only, and adds each block to
 *	state->ballast, by gfplab_ballast_hold() or gfplab_ballast_set_aside();
 *	leaves nothing set aside. Stops when gfplab_ballast_alloc() returns NULL:
 *	there is no more, or the run is to end. May not reclaim, nor wake kswapd.
 *	Ends with gfplab_ballast_drain(): what per-cpu lists keep is neither free nor held
 * @holds: is the zone still in the state, or short of more? What the run's own requests took
 *	is no loss. Neither changes nor locks anything
 * @renew: as @apply, for a zone that was in the state and is not any more. NULL: what was
 *	undone stays undone
 * @show: prints lines NAME.key with gfplab_state_key() into `summary`, after those
 *	that all states have (zone, watermarks, what was free, blocks). NULL: there are none
 *
 * A state is undone by freeing its ballast; so what @apply does must be gone
 * with that. @parse_amount and @show_amount belong to the option (process
 * context, may sleep); @apply runs in the task of the `call`, before its first
 * request, @holds and @renew before each; @show whenever the run's results are read.
 */
struct gfplab_state_ops {
	enum gfplab_state_rank rank;
	bool alone;
	bool leaves_little;
	const char *unsafe;
	int (*parse_amount)(struct gfplab_state_target *target, const char *text,
			    struct gfplab_reason *why);
	void (*show_amount)(const struct gfplab_state_target *target, struct seq_file *m);
	void (*apply)(struct gfplab_state *state);
	bool (*holds)(const struct gfplab_state *state);
	void (*renew)(struct gfplab_state *state);
	void (*show)(const struct gfplab_state *state, struct seq_file *m);
};

#define GFPLAB_STATE_DECLARE(name_, ...) \
	extern const struct gfplab_state_ops gfplab_##name_##_state;
GFPLAB_STATES(GFPLAB_STATE_DECLARE)

__printf(3, 4)
void gfplab_state_key(const struct gfplab_state *state, struct seq_file *m,
		      const char *fmt, ...);

#endif
