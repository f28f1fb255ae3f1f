// SPDX-License-Identifier: GPL-2.0
/*
 * probes.c - which probes tell nothing without others.
 */
#include "probes.h"

#define PAIR(begin, end)	(PROBE_BIT(begin) | PROBE_BIT(end))

/* Two events between which something is left out, both bits at once; 0 is the end. */
static const __u64 pairs[] = {
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
__u64 gfplab_probe_halves(__u64 probes)
{
	const __u64 *pair;
	__u64 halves = 0;

	for (pair = pairs; *pair; pair++)
		if ((probes & *pair) != *pair)
			halves |= probes & *pair;
	return halves;
}
