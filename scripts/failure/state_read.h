/* SPDX-License-Identifier: GPL-2.0 */
/*
 * state_read.h - zones and a request out of state text.
 */
#ifndef FAILURE_STATE_READ_H
#define FAILURE_STATE_READ_H

#include "failure.h"

#define STATE_ZONES	64	/* more than any machine that a walk was printed of */

/**
 * struct state_zone - what a state text says of a zone beyond what reports print
 * @percpu: by order 0..3, and the THP order: migratetypes of this CPU's lists
 * @percpu_known: the text has them
 * @refill: blocks that a refill would take; UNKNOWN
 * @kswapd: asleep, awake or hopeless
 * @in_nodes: the node is in the nodemask
 * @in_cpuset: and in the cpuset
 * @node_reclaims: node_reclaim() may free pages of it
 * @over_dirty: its node has more than its share of dirty pages
 * @zone_over_dirty: the zone has more than its own, by the rules to 4.7
 * @balance_free: free pages as kswapd counts them; UNKNOWN
 * @balance_mark: what it has to reach; UNKNOWN
 */
struct state_zone {
	unsigned int percpu[WALK_SMALL + 1];
	bool percpu_known;
	long refill;
	enum { KSWAPD_asleep, KSWAPD_awake, KSWAPD_hopeless } kswapd;
	bool in_nodes;
	bool in_cpuset;
	bool node_reclaims;
	bool over_dirty;
	bool zone_over_dirty;
	long balance_free;
	long balance_mark;
};

/**
 * struct state - a state text
 * @f: its zones, and as far as it says so the request
 * @zones: beside @f's
 * @request: words of its line `request`, without values that are not the options'
 * @lines: read so far
 */
struct state {
	struct failure f;
	struct state_zone zones[STATE_ZONES];
	char request[1024];
	int lines;
};

bool state_read_line(struct state *s, char *line, char *why, size_t size);

#endif
