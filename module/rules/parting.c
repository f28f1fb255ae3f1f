// SPDX-License-Identifier: GPL-2.0
/*
 * parting.c - the first step at which two families of kernels part over a request.
 *
 * Each walk tells what it decides, step by step; numbers and names may differ where the
 * decision is the same. A second pass keeps the text of the steps where they part.
 */
#include "parting.h"
#include "predict.h"

/* The sink is the first member of its side. */
static struct gfplab_parting_side *side_of(struct gfplab_explain_sink *to)
{
	return (struct gfplab_parting_side *)to;
}

static bool kept(const struct gfplab_parting_side *side)
{
	return side->nr > side->wanted;
}

static __printf(2, 3)
void keep_step(struct gfplab_explain_sink *to, const char *fmt, ...)
{
	struct gfplab_parting_side *side = side_of(to);
	va_list args;
	int len;

	if (kept(side) || side->wanted == GFPLAB_PARTING_STEPS)
		return;
	if (side->ended)
		side->len = 0;
	va_start(args, fmt);
	len = vsnprintf(side->line + side->len, sizeof(side->line) - side->len, fmt, args);
	va_end(args);
	if (len > 0)
		side->len += len;
	if (side->len >= sizeof(side->line))
		side->len = sizeof(side->line) - 1;
	side->ended = side->len && side->line[side->len - 1] == '\n';
	if (side->ended)
		side->line[side->len - 1] = '\0';
}

static void keep_decision(struct gfplab_explain_sink *to, __u64 decision)
{
	struct gfplab_parting_side *side = side_of(to);

	if (side->nr < GFPLAB_PARTING_STEPS)
		side->decisions[side->nr] = decision;
	if ((decision & 0xff) == DECISION_attempt && !kept(side))
		memcpy(side->attempt, side->line, sizeof(side->attempt));
	side->nr++;
}

static void walk_side(struct gfplab_parting_side *side, const struct gfplab_walk *w,
		      unsigned int wanted)
{
	struct gfplab_prediction p;

	side->sink = (struct gfplab_explain_sink){ .step = keep_step, .decide = keep_decision };
	side->nr = 0;
	side->wanted = wanted;
	side->line[0] = '\0';
	side->attempt[0] = '\0';
	side->len = 0;
	side->ended = false;
	gfplab_predict(w, &p, &side->sink);
	/* A walk that ends before has no such step. */
	if (wanted < GFPLAB_PARTING_STEPS && side->nr <= wanted)
		side->line[0] = '\0';
}

/**
 * gfplab_part - find the first step at which two walks of a request part
 * @parting: filled in
 * @one: the request by one family's rules
 * @other: and by the other's
 *
 * Context: any; touches nothing but its arguments.
 * Return: false if they decide alike from the beginning to the end.
 */
bool gfplab_part(struct gfplab_parting *parting, const struct gfplab_walk *one,
		 const struct gfplab_walk *other)
{
	struct gfplab_parting_side *a = &parting->side[0], *b = &parting->side[1];
	unsigned int at;

	walk_side(a, one, GFPLAB_PARTING_STEPS);
	walk_side(b, other, GFPLAB_PARTING_STEPS);
	for (at = 0; at < GFPLAB_PARTING_STEPS && at < a->nr && at < b->nr; at++)
		if (a->decisions[at] != b->decisions[at])
			break;
	if (at == GFPLAB_PARTING_STEPS || (at == a->nr && at == b->nr))
		return false;
	parting->at = at;
	walk_side(a, one, at);
	walk_side(b, other, at);
	return true;
}
