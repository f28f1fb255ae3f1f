// SPDX-License-Identifier: GPL-2.0
/*
 * prediction.c - what attempts and stages add to a prediction, and what it reads like.
 */
#include "prediction.h"
#include "text.h"

/**
 * gfplab_prediction_begin - nothing is predicted yet
 * @p: the prediction
 *
 * Context: any; touches nothing but its arguments.
 */
void gfplab_prediction_begin(struct gfplab_prediction *p)
{
	*p = (struct gfplab_prediction){ .nid = WALK_ANYWHERE };
}

/*
 * Where a block comes from once memory has been freed for it: as gfplab_rmqueue() has it, or
 * compaction hands it over, which also follows on reclaim.
 */
static __u32 sources_of(const struct gfplab_walk *w)
{
	bool cma = w->cma && w->migratetype == WALK_MOVABLE;
	__u32 sources = cma && !w->nocma ? WALK_BIT(SOURCE_cma) : 0;

	if (w->order && w->compacts && !gfplab_walk_can(w, no_capture))
		sources |= WALK_BIT(SOURCE_capture);
	/* A victim's single pages may come from HIGHATOMIC, past the lists. */
	if (!w->pcp_order || (cma && w->nocma) || w->oom_victim)
		sources |= WALK_BIT(SOURCE_buddy);
	/* A refill that finds a single block can't be told from none. */
	if (w->pcp_order)
		sources |= WALK_BIT(SOURCE_pcp) | WALK_BIT(SOURCE_refill) |
			   WALK_BIT(SOURCE_unknown);
	return sources;
}

/* A block may come from one of so many places, of which @zone is one. */
static void comes(struct gfplab_prediction *p, enum gfplab_stage stage, __u32 sources,
		  const struct gfplab_zone_snapshot *zone, __u32 places)
{
	p->stages |= WALK_BIT(stage);
	p->results |= WALK_BIT(OUTCOME_ok);
	p->sources |= sources;
	if (places == 1 && (!p->places || (p->nid == zone->nid && p->zone == zone->zone))) {
		p->nid = zone->nid;
		p->zone = zone->zone;
		p->places = 1;
		return;
	}
	/* One beside another one are two; beside several it is taken for one of them. */
	if (places == 1 && p->nid != WALK_ANYWHERE)
		places = 2;
	p->nid = WALK_ANYWHERE;
	if (places > p->places)
		p->places = places;
}

/**
 * gfplab_prediction_unsure - a block may come at a stage, from one of several places
 * @p: the prediction
 * @w: the request and a snapshot of the zones
 * @stage: the furthest stage then
 * @nodemask: the nodemask counts
 *
 * Context: any; touches nothing but its arguments.
 */
void gfplab_prediction_unsure(struct gfplab_prediction *p, const struct gfplab_walk *w,
			      enum gfplab_stage stage, bool nodemask)
{
	const struct gfplab_zone_snapshot *v, *last = NULL;
	__u32 places = 0;

	for (v = w->zones; v < w->zones + w->nr_zones; v++) {
		if (!v->unmanaged && gfplab_may_use(v, nodemask, false)) {
			places++;
			last = v;
		}
	}
	comes(p, stage, sources_of(w), last, places);
}

/**
 * gfplab_prediction_answered - take the zone that an attempt found, if it did
 * @p: the prediction
 * @w: the request
 * @found: what the attempt found
 * @stage: the furthest stage at that time
 *
 * Context: any; touches nothing but its arguments.
 * Return: true if the attempt found a zone: the prediction is complete.
 */
bool gfplab_prediction_answered(struct gfplab_prediction *p, const struct gfplab_walk *w,
				const struct gfplab_attempt *found, enum gfplab_stage stage)
{
	if (found->nr_reclaimed)
		comes(p, stage, sources_of(w), found->reclaimed, found->nr_reclaimed);
	if (found->zone)
		comes(p, stage, found->sources, found->zone, 1);
	return found->zone;
}

/**
 * gfplab_prediction_fails - the request may end here without a block
 * @p: the prediction
 * @stage: the furthest stage at that time
 *
 * Context: any; touches nothing but its arguments.
 */
void gfplab_prediction_fails(struct gfplab_prediction *p, enum gfplab_stage stage)
{
	p->stages |= WALK_BIT(stage);
	p->results |= WALK_BIT(OUTCOME_failed);
}

/**
 * gfplab_prediction_size - how much a prediction leaves open
 * @p: the prediction
 *
 * Context: any; touches nothing but its arguments.
 * Return: stages times sources times places times results that it names, where `unknown` beside
 * others is none of the sources; 1 if it is exact.
 */
__u32 gfplab_prediction_size(const struct gfplab_prediction *p)
{
	__u32 size = hweight32(p->stages) * hweight32(p->results), sources;

	if (!(p->results & WALK_BIT(OUTCOME_ok)))
		return size;
	sources = hweight32(p->sources & ~WALK_BIT(SOURCE_unknown));
	return size * (sources ? sources : 1) * (p->nid == WALK_ANYWHERE ? p->places : 1);
}

static void add_set(struct gfplab_text *text, __u32 set, const struct gfplab_word *words)
{
	char set_text[GFPLAB_WORDS_MAX];

	gfplab_words_format(set_text, sizeof(set_text), words, set, "|");
	gfplab_text_add(text, set_text);
}

/**
 * gfplab_prediction_format - STAGES/SOURCES/PLACES/RESULTS, each of them a set
 * @buf: where the text goes
 * @size: bytes in @buf; GFPLAB_PREDICTION_MAX is enough
 * @p: the prediction
 * @place: its node and zone, NID:ZONE; not read if @p names none
 *
 * `any` is any place that is allowed, `none` that no block will come.
 *
 * Context: any; touches nothing but its arguments.
 */
void gfplab_prediction_format(char *buf, size_t size, const struct gfplab_prediction *p,
			      const char *place)
{
	bool comes = p->results & WALK_BIT(OUTCOME_ok);
	struct gfplab_text text = gfplab_text_begin(buf, size);

	if (!p->stages) {
		gfplab_text_add(&text, "none");
		return;
	}
	add_set(&text, p->stages, gfplab_stages);
	gfplab_text_add(&text, "/");
	if (comes)
		add_set(&text, p->sources, gfplab_sources);
	else
		gfplab_text_add(&text, "none");
	gfplab_text_add(&text, "/");
	gfplab_text_add(&text, !comes ? "none" : p->nid == WALK_ANYWHERE ? "any" : place);
	gfplab_text_add(&text, "/");
	add_set(&text, p->results, gfplab_outcomes);
}
