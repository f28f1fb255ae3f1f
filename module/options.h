/* SPDX-License-Identifier: GPL-2.0 */
/* options.h - what a job is told: the values of its options */
#ifndef GFPLAB_OPTIONS_H
#define GFPLAB_OPTIONS_H

#include <linux/cpumask.h>
#include <linux/gfp.h>
#include <linux/nodemask.h>
#include <linux/types.h>
#include "state.h"

struct gfplab_nodes {
	bool all;		/* no nodemask: NULL is passed */
	nodemask_t mask;
};

struct gfplab_cpus {
	bool all;		/* every CPU online when the run starts */
	struct cpumask mask;
};

struct gfplab_release_arg {
	u32 how;		/* enum gfplab_release */
	u32 every;		/* for RELEASE_every */
};

struct gfplab_options {
	u32 entry;		/* row of gfplab_entries[] */
	bool bare;		/* its calls alone, in a tight loop; set with @entry */
	gfp_t gfp;
	unsigned long order;	/* bit n: order n may be drawn */
	u32 pages;		/* asked for, by entries that take any number; 0: 2^order */
	u32 range;		/* enum gfplab_range */
	int nid;
	struct gfplab_nodes nodes;
	u64 count;
	u32 duration_ms;
	struct gfplab_cpus cpus;
	u32 context;
	u32 scope;		/* bit SCOPE_x */
	u64 hold;
	struct gfplab_release_arg release;
	u32 interval_us;
	u64 seed;
	struct gfplab_state_arg state[NR_STATES];
	u32 observe;
	u32 ring;
	u32 check;
	u64 max_pages;		/* 0: the default budget */
	u32 timeout_ms;
	u32 keep_probes;	/* 0 or 1 */
	u32 rules;		/* of which release `explain` predicts as well; 0: of none */
	u32 verbose;		/* 0 or 1 */
	u32 frees;		/* 0 or 1 */
};

#endif
