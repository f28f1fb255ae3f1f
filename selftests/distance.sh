#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: reclaim of a node inside of the fast path, by how far the node is (row Z11)
# suite: full
# requires: nodes>=3 zone=1:Normal zone=2:Normal kprobes
# vm: far
# timeout: 120
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"

# NODES OTHER ZONE: node 1 is asked first and has nothing to give up; OTHER has page cache, and is short as well
node_reclaim()
{
	find_disk
	sysctl_set vm/percpu_pagelist_high_fraction 20000
	# The multi-generational LRU does not reclaim a node unless it may unmap and write.
	sysctl_set vm/zone_reclaim_mode 7
	set_opts entry=alloc_pages_nodemask nid=1 "nodes=$1" observe=explain \
		"gfp=__GFP_DIRECT_RECLAIM|__GFP_IO|__GFP_FS|__GFP_NOWARN" \
		"squeeze=1:Normal:low-8%,$2:$3:low-4%" count=20 release=at_end
	"$GFP_DIR/pagecache" "$2" 40 "$DISK" "$GFP_DIR/write1" "$JOB/control" call > "$GFP_TMP/said" ||
		fail "call with page cache on node $2: $(cat "$GFP_TMP/said")"
	expect_eq "explain.differ" "$(summary explain.differ)" 0
}

# 30 is not too far (RECLAIM_DISTANCE). Red if only the nearest node is reclaimed.
near_enough()
{
	node_reclaim 1-2 2 Normal
	expect_some_record stage=fast node_reclaim=success page_nid=2
	expect_no_record node_reclaim=success reclaimed=0
}

# 40 is. Red if distance is not looked at.
too_far()
{
	node_reclaim 0-1 0 DMA32
	expect_all_records result=ok node_reclaim=none reclaimed=0
	expect_some_record page_nid=0 zone=DMA
}

test_case "Z11 a node at a distance of 30 is reclaimed in the fast path" near_enough
test_case "Z11 a node at a distance of 40 is not" too_far

run_cases
