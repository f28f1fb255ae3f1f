#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: what the kernel itself counts of direct reclaim, held against the records (rows R11 to R14)
# suite: full
# requires: nodes>=2 zone=1:Normal kprobes
# vm: disk
# timeout: 120
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"

# GFP_KERNEL, but kswapd is not woken: what is freed, the request itself freed.
KERNEL='__GFP_DIRECT_RECLAIM|__GFP_IO|__GFP_FS'

# OPTION=VALUE...: requests for order-0 pages of node 1 that reclaim, a squeeze that they do not end
reclaiming()
{
	sysctl_set vm/min_free_kbytes 32768
	sysctl_set vm/percpu_pagelist_high_fraction 20000
	set_opts entry=alloc_pages_node nid=1 "gfp=$KERNEL|__GFP_THISNODE|__GFP_NOWARN" squeeze=1:Normal:70 \
		release=at_end "$@"
}

# Red if a round of reclaim is not in the records, or one that was not made is.
delays()
{
	[ ! -e /proc/sys/kernel/task_delayacct ] || sysctl_set kernel/task_delayacct 1
	reclaiming count=300
	_rc=0
	"$GFP_DIR/cache" 1 60 "$GFP_DIR/delays" "$JOB/control" call > "$GFP_TMP/said" || _rc=$?
	[ $_rc != 4 ] || skip "the kernel has no taskstats"
	expect_eq "exit status of the caller" $_rc 0
	read -r _ rounds _ waited _ < "$GFP_TMP/said"
	told=$(sum_of reclaim_ns) reclaims=$(sum_of reclaims)
	expect_ge "rounds of direct reclaim" "$reclaims" 3
	expect_eq "rounds of direct reclaim, by taskstats" "$rounds" "$reclaims"
	# taskstats has what lies between the record's two events
	expect_ge "nanoseconds in the records" "$told" "$waited"
	expect_le "nanoseconds in the records" "$told" $((waited * 2 + 1000000))
}

# Red if reclaim does not tell how hard it was, or if none of this is counted as the system's.
pressure_told()
{
	version1 memory
	reclaiming count=2000
	looked=$(vmstat pgscan_direct)
	"$GFP_DIR/pressured" "$GROUP" low "$GFP_DIR/cache" 1 60 "$GFP_DIR/write1" "$JOB/control" call > "$GFP_TMP/said" ||
		fail "call with a listener: $(cat "$GFP_TMP/said")"
	# The kernel sums up 512 pages that were looked at, and more, before it tells.
	expect_ge "pages that direct reclaim looked at, by the kernel's count" $(($(vmstat pgscan_direct) - looked)) 1100
	expect_ge "times that low pressure was told" "$(tail -n 1 "$GFP_TMP/said")" 1
	set_opts squeeze=none count=2000
	"$GFP_DIR/pressured" "$GROUP" low "$GFP_DIR/write1" "$JOB/control" call > "$GFP_TMP/said"
	expect_eq "rounds without a squeeze" "$(sum_of reclaims)" 0
	expect_eq "times that pressure was told without reclaim" "$(tail -n 1 "$GFP_TMP/said")" 0
}

# By the caller alone: kswapd looks at such groups as well.
looked_at_first() { grep -c '^ *write1-.*mm_vmscan_memcg_softlimit_reclaim_begin' /sys/kernel/tracing/trace || :; }

# Red if a group above its soft limit is not looked at first.
soft_limit()
{
	require_tracefs
	_event=/sys/kernel/tracing/events/vmscan/mm_vmscan_memcg_softlimit_reclaim_begin
	[ -d $_event ] || skip "the kernel has no soft limits"
	version1 memory
	mkdir "$GROUP/soft"
	undo "rmdir $GROUP/soft"
	reclaiming count=300
	echo > /sys/kernel/tracing/trace
	echo 1 > $_event/enable
	undo "echo 0 > $_event/enable"
	"$GFP_DIR/cache" 1 60 "$GFP_DIR/write1" "$JOB/control" call > /dev/null
	expect_eq "groups looked at first, without a soft limit" "$(looked_at_first)" 0
	echo 4M > "$GROUP/soft/memory.soft_limit_in_bytes"
	# shellcheck disable=SC2016 # the inner shell's
	sh -c 'echo $$ > "$0/tasks" && exec "$@"' "$GROUP/soft" \
		"$GFP_DIR/cache" 1 60 "$GFP_DIR/write1" "$JOB/control" call > /dev/null
	expect_ge "rounds of direct reclaim" "$(sum_of reclaims)" 1
	expect_ge "groups looked at first, by a soft limit" "$(looked_at_first)" 1
}

# Red if rounds of direct reclaim are not counted for the task's cpuset.
cpuset_pressure()
{
	version1 cpuset
	[ -e "$GROUP/cpuset.memory_pressure_enabled" ] || skip "the kernel's cpusets count no pressure"
	echo 1 > "$GROUP/cpuset.memory_pressure_enabled"
	undo "echo 0 > $GROUP/cpuset.memory_pressure_enabled"
	expect_eq "pressure before" "$(cat "$GROUP/cpuset.memory_pressure")" 0
	reclaiming count=2000
	"$GFP_DIR/cache" 1 60 "$GFP_DIR/write1" "$JOB/control" call > /dev/null
	expect_ge "rounds of direct reclaim" "$(sum_of reclaims)" 3
	# It is a rate, brought up to date once a second.
	_left=40
	while [ "$(cat "$GROUP/cpuset.memory_pressure")" = 0 ]; do
		_left=$((_left - 1))
		[ $_left -gt 0 ] || fail "no pressure is told after $(sum_of reclaims) rounds"
		sleep 0.1
	done
}

test_case "R11 rounds and time of direct reclaim are the task's by taskstats" delays
test_case "R12 memory pressure is told to those who listen" pressure_told
test_case "R13 a group above its soft limit is reclaimed from first" soft_limit
test_case "R14 rounds are counted as the cpuset's memory pressure" cpuset_pressure

run_cases
