// SPDX-License-Identifier: GPL-2.0
/*
 * prepare.c - what every attempt of a request goes by (struct alloc_context), as a step.
 */
#include "freelist.h"
#include "prepare.h"

static void step_highest(const struct gfplab_walk *w, struct gfplab_explain_sink *to)
{
	unsigned int i;

	if (w->highest_name) {
		to->step(to, "highest zone %s", w->highest_name);
		return;
	}
	for (i = 0; i < w->nr_zones; i++)
		if (w->zones[i].zone == w->highest)
			break;
	if (i < w->nr_zones)
		to->step(to, "highest zone %s", w->zones[i].name);
	else
		to->step(to, "highest zone number %u", w->highest);
}

static void step_zonelist(const struct gfplab_walk *w, struct gfplab_explain_sink *to)
{
	const struct gfplab_zone_snapshot *v;

	to->step(to, ", zonelist%s", w->nr_zones ? "" : " empty");
	for (v = w->zones; v < w->zones + w->nr_zones; v++)
		to->step(to, " %d:%s", v->nid, v->name);
}

/* The nodes of the zonelist that a nodemask has, or the cpuset where there is none. */
static void step_nodemask(const struct gfplab_walk *w, struct gfplab_explain_sink *to)
{
	const struct gfplab_zone_snapshot *v;
	bool cpuset = false, any = false;

	for (v = w->zones; v < w->zones + w->nr_zones; v++)
		cpuset = cpuset || !v->in_cpuset;
	if (!w->masked && !cpuset) {
		to->step(to, ", nodemask none");
		return;
	}
	to->step(to, ", nodemask%s", w->masked ? "" : " of the cpuset");
	for (v = w->zones; v < w->zones + w->nr_zones; v++) {
		if (!(w->masked ? v->in_nodes : v->in_cpuset) ||
		    (v > w->zones && v[-1].nid == v->nid))
			continue;
		to->step(to, "%s%d", any ? "," : " ", v->nid);
		any = true;
	}
	if (!any)
		to->step(to, " without a node of these");
}

/**
 * gfplab_step_prepare - tell the alloc_context of a request
 * @w: the request and a snapshot of the zones
 * @to: where to report it, or NULL
 *
 * Context: any; touches nothing but its arguments.
 * Mirrors prepare_alloc_pages(), 4.11 to 7.3, and the beginning of __alloc_pages_nodemask() before.
 */
void gfplab_step_prepare(const struct gfplab_walk *w, struct gfplab_explain_sink *to)
{
	static const char * const types[] = {
		[WALK_UNMOVABLE] = "unmovable", [WALK_MOVABLE] = "movable",
		[WALK_RECLAIMABLE] = "reclaimable",
	};
	const struct gfplab_zone_snapshot *first;

	if (!to)
		return;
	first = gfplab_first_zone(w, true, !w->masked);
	to->step(to, "  prepare_alloc_pages: ");
	step_highest(w, to);
	step_zonelist(w, to);
	if (first)
		to->step(to, ", preferred zone %d:%s", first->nid, first->name);
	else
		to->step(to, ", preferred zone none");
	to->step(to, ", migratetype %s", types[w->migratetype]);
	step_nodemask(w, to);
	to->step(to, ", spread_dirty_pages %s\n",
		 w->writes && !gfplab_walk_can(w, no_dirty_limits) ? "yes" : "no");
	if (gfplab_walk_can(w, classzone) && first)
		to->step(to, "    classzone_idx: %s, whose lowmem_reserve counts\n", first->name);
	gfplab_step_note(to, NOTE_prepare);
}
