#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: __GFP_NOFAIL: what it takes before it waits, and that it waits (row S8)
# suite: full
# requires: nodes>=2 zone=1:Normal kprobes
# vm: pieces
# timeout: 120
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"

LIMIT_MS=20000
[ -z "$WATCHED" ] || LIMIT_MS=120000

# GFP_NOFS, and kswapd is left alone: nothing frees memory behind our back, nobody is killed.
NOFAIL='__GFP_DIRECT_RECLAIM|__GFP_IO|__GFP_NOFAIL'

# OPTION=VALUE...: of node 1
node1()
{
	sysctl_set vm/min_free_kbytes 32768
	sysctl_set vm/percpu_pagelist_high_fraction 20000
	set_opts entry=alloc_pages_nodemask nid=1 nodes=1 gfp=$NOFAIL timeout_ms=$LIMIT_MS "$@"
}

last_flags() { echo $((0x$(record -1 alloc_flags | sed 's/.*0x//'))); }

# Red if it is anything but an ordinary request as long as there is memory.
plenty()
{
	node1 count=50 release=at_end
	call
	expect_all_records result=ok stage=fast attempts=1 alloc_flags=0x1 reserve=none
}

# Between min and low, too.
second_attempt()
{
	node1 squeeze=1:Normal:low-3%
	call
	expect_record result=ok stage=slow attempts=2 alloc_flags=0x1,0x40 reserve=none reclaims=0
}

# Who can't be helped by a kill, for it may not use file systems, gets reserves without watermarks.
# Red if it waits, is given less, or if somebody dies for it.
reserves_at_once()
{
	node1 squeeze=1:Normal:20
	kills=$(vmstat oom_kill)
	call
	expect_record result=ok stage=oom page_nid=1 reserve=nowatermarks pfmemalloc=1 victim=none \
		"reclaims>=1" "attempts>=4"
	expect_eq "the last attempt's alloc_flags" "$(last_flags)" $((0x44))
	expect_eq "tasks killed" "$(vmstat oom_kill)" "$kills"
}

# __GFP_THISNODE never comes that far: it gets half of min, and nothing of cpusets or marks but that.
# Red if it is given no reserve, or all of it.
thisnode()
{
	_squeeze=70 _reserve=high _flags=0x60
	! has alloc_harder || _squeeze=85 _reserve=nonblock _flags=0x50	# a quarter of min
	node1 "gfp=$NOFAIL|__GFP_THISNODE" squeeze=1:Normal:$_squeeze
	call
	expect_record result=ok stage=reclaim page_nid=1 reserve=$_reserve pfmemalloc=0 victim=none "reclaims>=1"
	expect_eq "the last attempt's alloc_flags" "$(last_flags)" $((_flags))
}

# Below half of min it waits for as long as it takes. Statistical for a block: reclaim empties the per-cpu
# lists, and what they kept may be just what is missing; in one of five rounds it must not be.
# Red if it fails, or takes what it must not have.
waits()
{
	sysctl_set vm/min_free_kbytes 32768
	sysctl_set vm/percpu_pagelist_high_fraction 20000
	for _round in 1 2 3 4 5; do
		job keeper
		set_opts entry=alloc_pages_node nid=1 order=4 count=400 release=keep max_pages=8000 \
			gfp=GFP_KERNEL\|__GFP_THISNODE
		call
		expect_record result=ok page_nid=1
		JOB=$GFP/jobs/default
		node1 "gfp=$NOFAIL|__GFP_THISNODE|__GFP_NOWARN" "$@" count=1
		"$GFP_DIR/write1" "$JOB/control" call > "$GFP_TMP/said" &
		_left=$((LIMIT_MS / 100))
		until grep -q 'reached\.free_area.* [1-9]' "$JOB/summary"; do
			_left=$((_left - 1))
			[ $_left -gt 0 ] || fail "the memory state is not reached"
			sleep 0.1
		done
		sleep 2
		early=$(status "done")
		JOB=$GFP/jobs/keeper
		reset
		JOB=$GFP/jobs/default
		wait_idle
		wait
		expect_eq "what call said" "$(cat "$GFP_TMP/said")" ""
		expect_record result=ok page_nid=1 victim=none
		[ "$early" != 0 ] || break
	done
	expect_eq "requests served while there is no memory" "$early" 0
	expect_record result=ok stage=reclaim "latency_ns>=1000000000" "reclaims>=10" "attempts>=20"
}
waits_for_pages() { waits squeeze=1:Normal:30; expect_record compacts=0; }
waits_for_block() { waits order=1 fragment=1:Normal:1; expect_record "compacts>=1"; }

# Nothing is free on the only node that it may use, and its time is over: what the state took comes back,
# and serves it. Red if it waits until it is killed.
time_is_over()
{
	node1 "gfp=$NOFAIL|__GFP_THISNODE" lists=1:Normal:0 count=1 timeout_ms=2000
	soon "a call whose time is over" call
	expect_eq "aborted" "$(status aborted)" timeout
	expect_record result=ok page_nid=1 victim=none "latency_ns>=2000000000"
}

# A cpuset's nodes come first, then any. Red if the cpuset is ignored at once, or kept for ever.
beyond_cpuset()
{
	sysctl_set vm/percpu_pagelist_high_fraction 20000
	cgroup_make cpuset cpuset.mems=1
	set_opts entry=alloc_pages nid=-1 nodes=all order=1 fragment=1:Normal:1 timeout_ms=$LIMIT_MS \
		"gfp=$NOFAIL|__GFP_HARDWALL|__GFP_NOWARN"
	cgroup_run "$GFP_DIR/write1" "$JOB/control" call > "$GFP_TMP/said" ||
		fail "call in a cpuset: $(cat "$GFP_TMP/said")"
	expect_record result=ok stage=oom page_nid=0 reserve=nowatermarks victim=none
	expect_eq "the last attempt's alloc_flags" "$(last_flags)" $((0x4))
}

# What can't wait must not say that it does not fail: every kernel warns and gives NULL.
refused()
{
	for gfp in 'GFP_NOWAIT|__GFP_NOFAIL' 'GFP_ATOMIC|__GFP_NOFAIL' __GFP_NOFAIL; do
		expect_refused EINVAL "gfp=$gfp" set '' '*__GFP_NOFAIL*'
	done
	expect_dmesg_silent
}

test_case "S8 with memory free __GFP_NOFAIL is an ordinary request" plenty
test_case "S8 between min and low the second attempt serves it" second_attempt
test_case "S8 reserves are opened where no task can be killed for it" reserves_at_once
test_case "S8 __GFP_THISNODE gets half of min, with ALLOC_HARDER a quarter" thisnode
test_case "S8 it waits for pages" waits_for_pages
test_case "S8 it waits for a block of order 1" waits_for_block
test_case "S8 it ends when its time is over, as the memory state is undone" time_is_over
test_case "S8 P6 it leaves its cpuset when all else fails" beyond_cpuset
test_case "S8 what can't wait is refused" refused

run_cases
