/* SPDX-License-Identifier: GPL-2.0 */
/*
 * parting.h - the first step at which two families of kernels part over a request.
 */
#ifndef GFPLAB_RULES_PARTING_H
#define GFPLAB_RULES_PARTING_H

#include "walk.h"

#define GFPLAB_PARTING_STEPS	512	/* decisions that are compared */
#define GFPLAB_PARTING_LINE	256	/* bytes of a step */

/**
 * struct gfplab_parting_side - one of the two walks
 * @sink: that it reports to
 * @decisions: what it decided, as GFPLAB_DECIDED() has it
 * @nr: how many
 * @wanted: the decision whose step is kept; GFPLAB_PARTING_STEPS: none
 * @line: the step that led to it, without the end of the line; empty if there is none
 * @attempt: the last attempt before it, likewise
 * @len: of @line
 * @ended: @line is a whole one
 */
struct gfplab_parting_side {
	struct gfplab_explain_sink sink;
	__u64 decisions[GFPLAB_PARTING_STEPS];
	unsigned int nr;
	unsigned int wanted;
	char line[GFPLAB_PARTING_LINE];
	char attempt[GFPLAB_PARTING_LINE];
	size_t len;
	bool ended;
};

/**
 * struct gfplab_parting - two walks of a request; too large for a stack
 * @side: the one and the other
 * @at: the number of the first decision that differs
 */
struct gfplab_parting {
	struct gfplab_parting_side side[2];
	unsigned int at;
};

bool gfplab_part(struct gfplab_parting *parting, const struct gfplab_walk *one,
		 const struct gfplab_walk *other);

#endif
