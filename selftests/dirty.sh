#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: __GFP_WRITE keeps dirty pages from crowding one node (row P8)
# suite: full
# requires: nodes>=2 zone=1:Normal kprobes
# vm: disk
# timeout: 120
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"

# Nothing is written back while we look: the flusher comes in an hour, and is not called for 60 MiB.
# (Told never to come, it comes at once, and writes what is above the disk's share, which is nothing
# at first.)
no_writeback()
{
	sysctl_set vm/dirty_writeback_centisecs 360000
	sysctl_set vm/dirty_background_ratio 80
	sysctl_set vm/dirty_ratio 90
}

# Pages of a disk in the cache can be dirty, those of tmpfs never are.
# SYSCTL=LIMIT OPTION=VALUE...: `call` with 60 MiB of dirty pages on node 1, and this limit (none: much
# more), which goes when dirty_ratio is set back. What the limit makes of it must be foreseen.
call_with_dirty()
{
	limit=$1
	shift
	set_opts observe=explain
	find_disk
	no_writeback
	set_opts count=16 "$@"
	# shellcheck disable=SC2016 # the inner shell's
	"$GFP_DIR/dirty" 1 60 "$DISK" sh -c '
		[ "$1" = none ] || echo "${1#*=}" > "/proc/sys/vm/${1%=*}"
		cat /sys/devices/system/node/node1/meminfo > "$2/meminfo"
		exec "$3" "$4" call' sh "$limit" "$GFP_TMP" "$GFP_DIR/write1" "$JOB/control" ||
		fail "call with dirty pages on node 1"
	expect_ge "KiB of dirty pages on node 1" \
		"$(awk '$3 == "Dirty:" { print $4 }' "$GFP_TMP/meminfo")" 50000
	expect_eq "explain.differ" "$(summary explain.differ)" 0
}

LIMIT=dirty_ratio=1
WRITE='GFP_HIGHUSER_MOVABLE|__GFP_WRITE'

# Node 1 is asked for, and has memory, but more than its share is dirty: node 0 it is, in the first
# attempt. Red if dirty pages are not spread.
spread()
{
	call_with_dirty $LIMIT entry=alloc_pages_node nid=1 gfp=$WRITE
	expect_all_records result=ok page_nid=0 stage=fast attempts=1
}

# Red if every request is spread, not only those for pages to be written.
not_spread()
{
	call_with_dirty $LIMIT entry=alloc_pages_node nid=1 gfp=GFP_HIGHUSER_MOVABLE
	expect_all_records result=ok page_nid=1 stage=fast attempts=1
}

# Red if the limit is not looked at, only the flag.
below_limit()
{
	call_with_dirty none entry=alloc_pages_node nid=1 gfp=$WRITE
	expect_all_records result=ok page_nid=1 stage=fast attempts=1
}

# Node 0 has nothing dirty. Red if the limit is held against all nodes together.
clean_node()
{
	call_with_dirty $LIMIT entry=alloc_pages gfp=$WRITE
	expect_all_records result=ok page_nid=0 stage=fast attempts=1
}

# No other node may serve: the slow path does not care for dirty pages. Red if it does, and starts to
# reclaim, or if the fast path does not.
nowhere_else()
{
	call_with_dirty $LIMIT entry=alloc_pages_nodemask nid=1 nodes=1 gfp=$WRITE
	expect_all_records result=ok page_nid=1 stage=slow attempts=2 reserve=none reclaimed=0
	set_opts gfp="$WRITE|__GFP_THISNODE" nodes=all
	call_with_dirty $LIMIT entry=alloc_pages_node
	expect_all_records result=ok page_nid=1 stage=slow attempts=2 reserve=none reclaimed=0
}

# Of a limit in bytes each node has a share by all that could be dirty, which is not followed. Red if
# something is predicted all the same.
in_bytes()
{
	call_with_dirty dirty_bytes=8388608 entry=alloc_pages_node nid=1 gfp=$WRITE
	expect_all_records result=ok page_nid=0 stage=fast attempts=1 predicted=none
}

test_case "P8 __GFP_WRITE leaves a node that has its share of dirty pages" spread
test_case "P8 without __GFP_WRITE the node's dirty pages do not count" not_spread
test_case "P8 __GFP_WRITE stays on a node below its limit" below_limit
test_case "P8 __GFP_WRITE stays on a node without dirty pages" clean_node
test_case "P8 __GFP_WRITE takes a dirty node by the slow path rather than none" nowhere_else

# node_dirty_ok() is asked of each node that the walk comes to, and what it said is in the record. Red if
# neither is told, or if a node is asked that is not needed.
asked_and_told()
{
	call_with_dirty $LIMIT entry=alloc_pages_node nid=1 gfp=$WRITE
	expect_all_records dirty_asked=2 over_dirty=1
	call_with_dirty none entry=alloc_pages_node nid=1 gfp=$WRITE
	expect_all_records dirty_asked=1 over_dirty=none
	call_with_dirty $LIMIT entry=alloc_pages_node nid=1 gfp=GFP_HIGHUSER_MOVABLE
	expect_all_records dirty_asked=0 over_dirty=none
	call_with_dirty dirty_bytes=8388608 entry=alloc_pages_node nid=1 gfp=$WRITE
	expect_all_records dirty_asked=2 over_dirty=unknown
}

# Node 0 has two zones, and is asked once: the answer holds for the next zone. Red if each zone asks.
asked_once()
{
	find_disk
	no_writeback
	set_opts entry=alloc_pages_node nid=0 gfp=$WRITE count=4
	# shellcheck disable=SC2016 # the inner shell's
	"$GFP_DIR/dirty" 0 60 "$DISK" sh -c 'echo 1 > /proc/sys/vm/dirty_ratio; exec "$0" "$1" call' \
		"$GFP_DIR/write1" "$JOB/control" || fail "call with dirty pages on node 0"
	expect_all_records result=ok stage=fast page_nid=1 dirty_asked=2 over_dirty=0
}

test_case "P8 with vm.dirty_bytes nothing is predicted" in_bytes
test_case "P8 what node_dirty_ok() was asked and said is told" asked_and_told
test_case "P8 a node is asked once for all of its zones" asked_once

run_cases
