// SPDX-License-Identifier: GPL-2.0
/*
 * probes.c - which probes tell nothing without others.
 */
#include "probes.h"

#define PAIR(begin, end)	(1U << PROBE_##begin | 1U << PROBE_##end)

/* Two events between which something is left out, both bits at once; 0 is the end. */
static const __u32 pairs[] = {
	PAIR(reclaim, reclaimed),
	PAIR(nodereclaim, nodereclaimed),
	PAIR(charge, charged),
	PAIR(compacting, compacted),
	0
};

/**
 * gfplab_probe_halves - begins without their end, and ends without their begin
 * @probes: bit PROBE_x for each probe that could be attached
 *
 * Context: any.
 * Return: those of @probes that tell nothing.
 */
__u32 gfplab_probe_halves(__u32 probes)
{
	const __u32 *pair;
	__u32 halves = 0;

	for (pair = pairs; *pair; pair++)
		if ((probes & *pair) != *pair)
			halves |= probes & *pair;
	return halves;
}
