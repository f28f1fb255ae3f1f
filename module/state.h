/* SPDX-License-Identifier: GPL-2.0 */
/*
 * state.h - memory states: what is done to a zone for the time of a `call`.
 *
 * A state NAME is:
 *   - module/NAME.c, which includes this file and defines
 *     const struct gfplab_state_ops gfplab_NAME_state;
 *   - a row of GFPLAB_STATES;
 *   - NAME.o in Kbuild.
 *
 * From the row come the option NAME (its file in options/, its line in `set`
 * and `help`, its module parameter), its place in struct gfplab_options and in
 * each run, the refusal with `start`, and the keys NAME.zone to NAME.blocks of
 * `summary`. The option's value is `none` (the default), or `nid:Zone` and, for
 * a state that has an amount, `:AMOUNT`.
 */
#ifndef GFPLAB_STATE_H
#define GFPLAB_STATE_H

#include <linux/atomic.h>
#include <linux/numa.h>
#include <linux/types.h>
#include "ballast.h"
#include "compat.h"
#include "zone.h"

struct gfplab_reason;

struct seq_file;

/*
 * STATE(name, form, min, max, unit, help), in the order of options and of keys
 * of `summary`:
 *   form      what the option's value may be, for `help`
 *   min, max  range of the amount's number; 0, 0 for a state without an amount
 *   unit      of that number
 *   help      what the state does to the zone
 */
#define GFPLAB_STATES(STATE)						\
	STATE(squeeze, "none, nid:Zone:PERCENT, nid:Zone:low+5%",	\
	      1, 10000, "%",						\
	      "eat a zone down to a share of a watermark during a `call`") \
	STATE(fragment, "none, nid:Zone:ORDER",				\
	      1, GFPLAB_MAX_ORDER, "",					\
	      "leave a zone no free block of this order or above during a `call`")

#define GFPLAB_STATE_ID(name_, ...) GFPLAB_STATE_##name_,
enum gfplab_state_id { GFPLAB_STATES(GFPLAB_STATE_ID) NR_STATES };

/**
 * struct gfplab_state_arg - the value of a memory state's option
 * @nid: NUMA_NO_NODE: `none`
 * @zone: enum zone_type
 * @variant: which form the amount has, if there are several; the state's own
 * @number: the amount
 */
struct gfplab_state_arg {
	int nid;
	u32 zone;
	u32 variant;
	long number;
};

/*
 * When a state is applied, if several are. Those of one rank are applied in the
 * order of their rows. All are undone in the reverse order.
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
 * @blocks: free blocks of each order, of both
 */
struct gfplab_free_counts {
	long free;
	long cma;
	unsigned long blocks[GFPLAB_MAX_ORDER + 1];
};

/**
 * struct gfplab_state - a memory state in a run
 * @ops: what it does
 * @name: the name of its row
 * @arg: what the option says
 * @target: what @arg amounts to in this zone, where that is another number
 * @mark: the zone's watermarks just before the state was applied
 * @before: what was free before any state was applied
 * @reached: what is free when the first request is made
 * @after: what is free once all states are undone
 * @ballast: what it holds of the zone; without a zone, the state is not wanted
 */
struct gfplab_state {
	const struct gfplab_state_ops *ops;
	const char *name;
	struct gfplab_state_arg arg;
	long target;
	unsigned long mark[NR_MARKS];
	struct gfplab_free_counts before;
	struct gfplab_free_counts reached;
	struct gfplab_free_counts after;
	struct gfplab_ballast ballast;
};

/**
 * struct gfplab_state_ops - what a memory state does
 * @rank: when it is applied, if other states are wanted as well
 * @leaves_little: the zone is meant to be nearly empty, so a run with this
 *	state does not end when the machine's reserve is reached
 * @unsafe: what is dangerous about it; the option is refused with EPERM and this
 *	text unless the module was loaded with unsafe=1. NULL: nothing is
 * @parse_amount: stores what @text says in arg->variant and arg->number, and in
 *	nothing else; returns 0, or what gfplab_refuse() returns, with the offset of
 *	the mistake in @text. NULL if the amount is a number: @min to @max of the row
 * @show_amount: prints what @parse_amount takes back. NULL if that is NULL
 * @apply: brings state->ballast.zone into the state that state->arg asks for.
 *	Takes memory by gfplab_ballast_alloc() only, and adds each block to
 *	state->ballast, by gfplab_ballast_hold() or gfplab_ballast_set_aside();
 *	leaves nothing set aside. Stops when gfplab_ballast_alloc() returns NULL:
 *	there is no more, or the run is to end. May not reclaim, nor wake kswapd
 * @show: prints lines `NAME.key value` into `summary`, after those that all
 *	states have (zone, watermarks, what was free, blocks). NULL: there are none
 *
 * A state is undone by freeing its ballast; so what @apply does must be gone
 * with that. @parse_amount and @show_amount belong to the option (process
 * context, may sleep); @apply runs in the task of the `call`, before its first
 * request; @show whenever the run's results are read.
 */
struct gfplab_state_ops {
	enum gfplab_state_rank rank;
	bool leaves_little;
	const char *unsafe;
	int (*parse_amount)(struct gfplab_state_arg *arg, const char *text, u64 min, u64 max,
			    struct gfplab_reason *why);
	void (*show_amount)(const struct gfplab_state_arg *arg, struct seq_file *m);
	void (*apply)(struct gfplab_state *state);
	void (*show)(const struct gfplab_state *state, struct seq_file *m);
};

#define GFPLAB_STATE_DECLARE(name_, ...) \
	extern const struct gfplab_state_ops gfplab_##name_##_state;
GFPLAB_STATES(GFPLAB_STATE_DECLARE)

#endif
