// SPDX-License-Identifier: GPL-2.0
/*
 * slow_flags.c - alloc_flags of the slow path: which reserves a request may use.
 */
#include "alloc_flags.h"
#include "slow_flags.h"

/**
 * gfplab_alloc_flags_nonblocking - the reserves that are for requests that can't sleep
 * @w: the request
 *
 * Context: any; touches nothing but its arguments.
 * Return: alloc_flags.
 * Mirrors alloc_flags_nonblocking() of 7.3, and gfp_to_alloc_flags() of 6.1 to 7.2.
 */
unsigned int gfplab_alloc_flags_nonblocking(const struct gfplab_walk *w)
{
	if (w->direct || w->nomemalloc)
		return 0;
	return GFPLAB_ALLOC_NON_BLOCK | (w->order && w->high ? GFPLAB_ALLOC_HIGHATOMIC : 0);
}

/**
 * gfplab_alloc_flags_cma - may a request use CMA pageblocks?
 * @w: the request
 *
 * Context: any; touches nothing but its arguments.
 * Return: alloc_flags.
 * Mirrors gfp_to_alloc_flags_cma(), 5.10 to 7.2, and alloc_flags_cma() of 7.3.
 */
unsigned int gfplab_alloc_flags_cma(const struct gfplab_walk *w)
{
	return w->cma && !w->nocma && !gfplab_walk_can(w, counts_cma) &&
	       w->migratetype == WALK_MOVABLE ? GFPLAB_ALLOC_CMA : 0;
}

/* Which requests try harder, and off the cpuset; for families with alloc_harder. */
static bool harder_atomic(const struct gfplab_walk *w)
{
	if (!gfplab_walk_can(w, harder_no_wait))
		return w->atomic;
	return !w->direct && (w->kswapd || !gfplab_walk_can(w, harder_not_thp));
}

/**
 * gfplab_gfp_to_alloc_flags - alloc_flags of the slow path, reserves left out that ignore marks
 * @w: the request
 *
 * Context: any; touches nothing but its arguments.
 * Return: alloc_flags.
 * Mirrors gfp_to_alloc_flags(), 2.6.32 to 7.3.
 */
unsigned int gfplab_gfp_to_alloc_flags(const struct gfplab_walk *w)
{
	unsigned int flags = GFPLAB_ALLOC_WMARK_MIN | GFPLAB_ALLOC_CPUSET;

	if (w->high)
		flags |= GFPLAB_ALLOC_MIN_RESERVE;
	if (w->kswapd && !gfplab_walk_can(w, no_kswapd_flag))
		flags |= GFPLAB_ALLOC_KSWAPD;
	if (gfplab_walk_can(w, alloc_harder)) {
		bool atomic = harder_atomic(w);

		if (atomic)
			flags &= ~GFPLAB_ALLOC_CPUSET;
		if (atomic ? !w->nomemalloc || gfplab_walk_can(w, harder_nomemalloc) : w->rt)
			flags |= GFPLAB_ALLOC_HARDER;
		return flags;
	}
	flags |= gfplab_alloc_flags_nonblocking(w);
	if (!w->direct) {
		if (w->high)
			flags &= ~GFPLAB_ALLOC_CPUSET;
	} else if (w->rt) {
		flags |= GFPLAB_ALLOC_MIN_RESERVE;
	}
	return flags;
}

/**
 * gfplab_pfmemalloc_flags - the reserves for tasks that free memory, and for OOM victims
 * @w: the request
 *
 * Context: any; touches nothing but its arguments.
 * Return: alloc_flags, or 0.
 * Mirrors __gfp_pfmemalloc_flags(), 4.14 to 7.3, gfp_pfmemalloc_allowed() and
 * gfp_to_alloc_flags() before.
 */
unsigned int gfplab_pfmemalloc_flags(const struct gfplab_walk *w)
{
	if (w->nomemalloc)
		return 0;
	if ((w->memalloc && (w->pf_memalloc || !gfplab_walk_can(w, no_gfp_memalloc))) ||
	    (w->oom_victim && gfplab_walk_can(w, victims_no_mark)))
		return GFPLAB_ALLOC_NO_WATERMARKS;
	return w->oom_victim ? GFPLAB_ALLOC_OOM : 0;
}

/**
 * gfplab_alloc_flags_slowpath - alloc_flags of the attempt that a request fails with
 * @w: the request
 *
 * The reserves that it may use included. The one at the high watermark, before an OOM
 * kill, is left out: it only finds out whether another task has freed memory meanwhile.
 *
 * Context: any; touches nothing but its arguments.
 * Return: alloc_flags.
 * Mirrors gfp_to_alloc_flags() and __gfp_pfmemalloc_flags(), 2.6.32 to 7.3.
 */
unsigned int gfplab_alloc_flags_slowpath(const struct gfplab_walk *w)
{
	unsigned int reserve = gfplab_pfmemalloc_flags(w);

	return (reserve ? reserve : gfplab_gfp_to_alloc_flags(w)) | gfplab_alloc_flags_cma(w);
}
