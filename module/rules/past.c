// SPDX-License-Identifier: GPL-2.0
/*
 * past.c - the same request and machine, as another release would see them.
 */
#include "past.h"

/* Does a scope hold in that release? What had no such scope lets the request as it was asked. */
static void apply_scopes(struct gfplab_walk *then, __u32 release)
{
	const struct gfplab_asked *asked = &then->asked;
	bool noio = asked->noio && gfplab_release_has(release, FEATURE_scope_noio);
	bool nofs = asked->nofs && gfplab_release_has(release, FEATURE_scope_nofs);
	bool pin = asked->pin && gfplab_release_has(release, FEATURE_scope_pin);

	then->filesystem = asked->filesystem && !noio && !nofs;
	then->compacts = asked->compacts && !noio;
	then->migratetype = asked->migratetype;
	then->nocma = false;
	if (pin && gfplab_release_has(release, FEATURE_pin_unmovable)) {
		if (then->migratetype == WALK_MOVABLE)
			then->migratetype = WALK_UNMOVABLE;
	} else {
		then->nocma = pin;
	}
	then->scopes_late = !gfplab_release_has(release, FEATURE_scopes_at_once);
}

/**
 * gfplab_walk_of_release - the same request by the rules of another release
 * @then: filled in
 * @now: the request; its @asked is filled in
 * @release: as GFPLAB_RELEASE() has it
 *
 * The gfp mask is one of flags, not bits. A kernel that has no __GFP_ATOMIC (6.3 and later)
 * means it by __GFP_HIGH without direct reclaim, and so it is taken here.
 *
 * Context: any; touches nothing but its arguments.
 * Return: false if the entry came later than @release.
 */
bool gfplab_walk_of_release(struct gfplab_walk *then, const struct gfplab_walk *now,
			    __u32 release)
{
	*then = *now;
	then->family = gfplab_family_of(release);
	if (now->once && !gfplab_release_has(release, FEATURE_nolock))
		return false;
	apply_scopes(then, release);
	if (!gfplab_release_has(release, FEATURE_pcp_orders))
		then->pcp_order = !then->order;
	else
		then->pcp_order = then->order < WALK_SMALL || then->order == then->pageblock;
	if (gfplab_walk_can(then, alloc_harder) && !gfplab_walk_can(now, alloc_harder))
		then->atomic = now->high && now->kswapd && !now->direct;
	return true;
}

/**
 * gfplab_same_rules - do two releases see a request alike?
 * @a: as one does
 * @b: as the other does
 *
 * Context: any; touches nothing but its arguments.
 * Return: true if their family, and all that they take from the request, is the same.
 */
bool gfplab_same_rules(const struct gfplab_walk *a, const struct gfplab_walk *b)
{
	return a->family == b->family && a->pcp_order == b->pcp_order &&
	       a->filesystem == b->filesystem && a->compacts == b->compacts &&
	       a->migratetype == b->migratetype && a->nocma == b->nocma;
}

/**
 * gfplab_not_followed - what a kernel of that age would know that the rules can't
 * @w: the request, as that release sees it
 * @to: where to report it
 *
 * Context: any; touches nothing but its arguments.
 */
void gfplab_not_followed(const struct gfplab_walk *w, struct gfplab_explain_sink *to)
{
	if (!gfplab_walk_can(w, past))
		return;
	if (w->charge_short)
		gfplab_step(to, "unknown: what a memory cgroup that has no room did then\n");
	if (w->nodes > 1 && gfplab_walk_can(w, one_loop) && w->memalloc)
		gfplab_step(to, "unknown: the zonelist of this CPU's node, by which the reserves were given\n");
	if (w->nodes > 1 && gfplab_walk_can(w, keeps_nodemask))
		gfplab_step(to, "unknown: a zonelist that the administrator ordered by zone (numa_zonelist_order)\n");
	if (gfplab_walk_can(w, no_highatomic))
		gfplab_step(to, "unknown: how much MIGRATE_RESERVE would hold\n");
}
