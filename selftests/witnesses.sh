#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: what the kernel itself counts of direct reclaim, held against the records (rows R4 R9 R11 to R16)
# suite: full
# requires: nodes>=2 zone=1:Normal kprobes
# vm: witnesses
# timeout: 400
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
	# taskstats leaves out what took no time.
	if exact_clock; then
		expect_eq "rounds of direct reclaim, by taskstats" "$rounds" "$reclaims"
	else
		expect_le "rounds of direct reclaim, by taskstats" "$rounds" "$reclaims"
		expect_ge "rounds of direct reclaim, by taskstats" "$rounds" $((reclaims * 3 / 4))
	fi
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
	# While kswapd looks at a group nobody else does: on a busy machine that may be so for all rounds of a run.
	_left=10
	until [ "$(looked_at_first)" -gt 0 ]; do
		_left=$((_left - 1))
		[ $_left -ge 0 ] || fail "no round looks first at a group that is above its soft limit; these do:" \
			"$(sed -n 's/^ *\(.*\)-[0-9]* .*softlimit_reclaim_begin.*/\1/p' /sys/kernel/tracing/trace | sort | uniq -c)"
		# shellcheck disable=SC2016 # the inner shell's
		sh -c 'echo $$ > "$0/tasks" && exec "$@"' "$GROUP/soft" \
			"$GFP_DIR/cache" 1 60 "$GFP_DIR/write1" "$JOB/control" call > /dev/null
		expect_ge "rounds of direct reclaim" "$(sum_of reclaims)" 1
	done
}

# Red if rounds of direct reclaim are not counted for the task's cpuset.
cpuset_pressure()
{
	version1 cpuset
	[ -e "$GROUP/cpuset.memory_pressure_enabled" ] || skip "the kernel's cpusets count no pressure"
	echo 1 > "$GROUP/cpuset.memory_pressure_enabled"
	undo "echo 0 > $GROUP/cpuset.memory_pressure_enabled"
	# It is a rate, brought up to date once a second, and falls from then on.
	before=$(cat "$GROUP/cpuset.memory_pressure")
	reclaiming count=2000
	"$GFP_DIR/cache" 1 60 "$GFP_DIR/write1" "$JOB/control" call > /dev/null
	expect_ge "rounds of direct reclaim" "$(sum_of reclaims)" 3
	_left=40
	until [ "$(cat "$GROUP/cpuset.memory_pressure")" -gt "$before" ]; do
		_left=$((_left - 1))
		[ $_left -gt 0 ] || fail "the pressure does not rise by $(sum_of reclaims) rounds"
		sleep 0.1
	done
}

test_case "R11 rounds and time of direct reclaim are the task's by taskstats" delays
test_case "R12 memory pressure is told to those who listen" pressure_told
test_case "R13 a group above its soft limit is reclaimed from first" soft_limit
test_case "R14 rounds are counted as the cpuset's memory pressure" cpuset_pressure

# ---- events of the kernel

# OPTION=VALUE...: requests for node 1 that reclaim, by the lists, from what is on DISK, and nothing else can be freed
by_lists()
{
	lru lists
	find_disk
	reclaiming "$@"
	echo 3 > /proc/sys/vm/drop_caches
}

# COMMAND...: what is to be around while the run is made
call_with()
{
	"$@" "$GFP_DIR/write1" "$JOB/control" call > "$GFP_TMP/said" || fail "call with $*: $(cat "$GFP_TMP/said")"
}

# SYSTEM/NAME...: these events, rounds of direct reclaim and requests
watch_rounds()
{
	trace_buffer 8192
	watch_events "$@" vmscan/mm_vmscan_direct_reclaim_begin vmscan/mm_vmscan_direct_reclaim_end gfplab/gfplab_request
}

# What was written down of the task that made the requests, in its rounds of direct reclaim: $GFP_TMP/rounds, and
# forgotten
watched()
{
	traced > "$GFP_TMP/traced"
	: > /sys/kernel/tracing/trace
	_task=$(awk '/ gfplab_request: / { print $1; exit }' "$GFP_TMP/traced")
	[ -n "$_task" ] || fail "no request is in the trace"
	awk -v task="$_task" '$1 != task { next }
		/ mm_vmscan_direct_reclaim_begin: / { inside = 1 }
		inside { print }
		/ mm_vmscan_direct_reclaim_end: / { inside = 0 }' "$GFP_TMP/traced" > "$GFP_TMP/rounds"
}
# NAME: how many of an event
events() { grep -c " $1: " "$GFP_TMP/rounds" || :; }

# For each round the first priority at which it wrote to swap, a line each
first_writes()
{
	awk '/ mm_vmscan_direct_reclaim_begin: / { told = wrote = 0 }
		/ mm_vmscan_write(page|_folio): / { wrote = 1 }
		/ mm_vmscan_lru_shrink_inactive: / && wrote && !told {
			told = 1
			for (i = 1; i <= NF; i++)
				if ($i ~ /^priority=/) print substr($i, 10)
		}' "$GFP_TMP/rounds"
}

# Anonymous memory that was not used lately: reclaim writes it at once, but with vm.laptop_mode only behind
# priority 9. Red if laptop_mode is not looked at, or if it never ends.
laptop()
{
	by_lists squeeze=1:Normal:60 count=1
	sysctl_set vm/laptop_mode "$1"
	swap_on
	watch_rounds vmscan/mm_vmscan_write_folio,vmscan/mm_vmscan_writepage vmscan/mm_vmscan_lru_shrink_inactive
	# shellcheck disable=SC2016 # the inner shell's
	call_with "$GFP_DIR/anon" 1 60 sh -c 'echo 1 > /proc/$PPID/clear_refs; exec "$@"' sh
	watched
	first_writes > "$GFP_TMP/writes"
	note "priorities of the first write of each round: $(tr '\n' ' ' < "$GFP_TMP/writes")"
	expect_ge "rounds that wrote" "$(wc -l < "$GFP_TMP/writes")" 1
	if [ "$1" = 0 ]; then
		expect_ge "priority of the first write" "$(head -n 1 "$GFP_TMP/writes")" 10
	else
		expect_le "highest priority that wrote" "$(sort -n "$GFP_TMP/writes" | tail -n 1)" 8
		expect_some_record stage=reclaim "priority<=8"
	fi
}

# How often active anonymous pages were looked at
active_anon() { grep -c 'shrink_active: .*_ANON' "$GFP_TMP/rounds" || :; }

# With swappiness 0 no anonymous page is looked at to be freed; where there is swap, active ones are made inactive
# all the same. Red if they are not, or if they are without swap.
rebalanced()
{
	by_lists squeeze=1:Normal:60 count=100
	sysctl_set vm/swappiness 0
	swap_on 60000
	watch_rounds vmscan/mm_vmscan_lru_shrink_active
	: > "$GFP_TMP/rounds"
	# kswapd does the same, and on a busy machine there may be none left for others.
	_left=10
	until [ "$(active_anon)" -gt 0 ]; do
		_left=$((_left - 1))
		[ $_left -ge 0 ] || fail "no round looks at active anonymous pages, of $(sum_of reclaims)"
		call_with "$GFP_DIR/anon" 1 40,active "$GFP_DIR/pagecache" 1 60 "$DISK@64"
		watched
		expect_all_records result=ok scanned_anon=0
	done
	expect_ge "pages deactivated, by the records" "$(sum_of deactivated)" 1
	swapoff "$DISK"
	undo "swapon $DISK"
	call_with "$GFP_DIR/anon" 1 40,active "$GFP_DIR/pagecache" 1 60 "$DISK@64"
	watched
	expect_ge "rounds without swap" "$(sum_of reclaims)" 1
	expect_eq "times that active anonymous pages were looked at without swap" "$(active_anon)" 0
}

# COMMAND...: what is to be around until the end of the case, or of whoever kills the pid in the file `around`
around()
{
	: > "$GFP_TMP/around"
	# shellcheck disable=SC2016 # the inner shell's
	"$@" sh -c 'echo $$ > "$0"; exec sleep 280' "$GFP_TMP/around" &
	undo "kill \$(cat $GFP_TMP/around) && wait $! || :"
	_left=600
	until [ -s "$GFP_TMP/around" ]; do
		_left=$((_left - 1))
		[ $_left -gt 0 ] || fail "it is never there: $*"
		sleep 0.1
	done
}

# MIB: the start of the disk is read once more, which makes it active
read_again() { dd if="$DISK" of=/dev/null bs=1M count="$1" 2> /dev/null; }

# What came back counts as soon as the kernel has summed up what groups have counted: it does so every two seconds.
summed_up() { sleep 5; }

# Active|Inactive: KiB of files' pages there
of_node1() { awk -v key="$1(file):" '$3 == key { print $4 }' /sys/devices/system/node/node1/meminfo; }

# Active pages of files are left alone, as long as half of all are inactive, until pages that went come back: what is
# used has changed. Red if they are looked at before, or not after.
refaults()
{
	by_lists squeeze=1:Normal:60 count=300
	around "$GFP_DIR/pagecache" 1 30 "$DISK" "$GFP_DIR/pagecache" 1 60 "$DISK@60"
	read_again 30
	# What came back earlier counts for the next round.
	summed_up
	call
	gone=$(sum_of reclaimed_file)
	call
	gone=$((gone + $(sum_of reclaimed_file)))
	expect_ge "pages that went" $gone 300
	expect_eq "pages deactivated, as none came back" "$(sum_of deactivated)" 0
	back=$(vmstat workingset_activate_file)
	[ $gone -le 600 ] || gone=600
	"$GFP_DIR/mempol" bind 1 dd if="$DISK" of=/dev/null bs=4k skip=$((60 * 256)) count=$gone 2> /dev/null
	expect_ge "pages that came back, and are active for it" $(($(vmstat workingset_activate_file) - back)) 150
	summed_up
	set_opts count=50
	call
	expect_ge "pages deactivated, as some came back" "$(sum_of deactivated)" 1
	expect_ge "KiB of inactive pages of files, which is half of all" "$(of_node1 Inactive)" "$(of_node1 Active)"
}

# What is inactive is a group's, below its memory.min, and enough that active pages are spared: so nothing is
# there to be freed, until all is gone through once more and active pages are not spared. Red if that second pass is
# not made.
forced()
{
	by_lists squeeze=1:Normal:60 count=4 "gfp=__GFP_DIRECT_RECLAIM|__GFP_IO|__GFP_THISNODE|__GFP_NOWARN|__GFP_NORETRY"
	# What came back earlier counts for the next round.
	summed_up
	call
	cgroup_make memory memory.min=100M
	# shellcheck disable=SC2016 # the inner shells'
	around sh -c 'echo $$ > "$0/cgroup.procs"; exec "$@"' "$CGROUP" "$GFP_DIR/pagecache" 1 60 "$DISK@60" \
		sh -c 'echo $$ > /sys/fs/cgroup/cgroup.procs; exec "$@"' sh "$GFP_DIR/pagecache" 1 30 "$DISK"
	read_again 30
	for _round in 1 2 3 4; do
		stalls=$(vmstat allocstall_normal)
		call
		passes=$(($(vmstat allocstall_normal) - stalls))
		[ $passes -le "$(sum_of reclaims)" ] || break
	done
	expect_ge "passes, by allocstall_normal" $passes $(($(sum_of reclaims) + 1))
	expect_some_record stage=reclaim reclaims=1 "deactivated>=1"
	expect_eq "pages freed of the group" "$(awk '$1 == "pgsteal" { print $2 }' "$CGROUP/memory.stat")" 0
}

# For a costly order a node is shrunk again and again at a priority, until compaction has room: in one round far more
# is freed than the 32 pages that are aimed at, and at the first priority. Red if it goes on to the next instead.
continued()
{
	[ -e /proc/sys/vm/compact_memory ] || skip "the kernel does not compact (CONFIG_COMPACTION)"
	by_lists squeeze=1:Normal:60 count=1
	watch_rounds vmscan/mm_vmscan_lru_shrink_inactive
	call_with "$GFP_DIR/pagecache" 1 90 "$DISK"
	watched
	one=$(freed_at_first)
	set_opts order=5 "gfp=$KERNEL|__GFP_THISNODE|__GFP_NOWARN|__GFP_RETRY_MAYFAIL"
	call_with "$GFP_DIR/pagecache" 1 90 "$DISK"
	watched
	many=$(freed_at_first)
	note "freed at priority 12 by the first round: $one for order 0, $many for order 5"
	expect_le "pages freed at the first priority for order 0" "$one" 64
	expect_ge "pages freed at the first priority for order 5" "$many" 300
	expect_record stage=reclaim "reclaimed>=300"
}
freed_at_first()
{
	awk '/ mm_vmscan_direct_reclaim_end: / { exit }
		/ mm_vmscan_lru_shrink_inactive: .* priority=12 / {
			for (i = 1; i <= NF; i++)
				if ($i ~ /^nr_reclaimed=/) n += substr($i, 14)
		} END { print n + 0 }' "$GFP_TMP/rounds"
}

test_case "R4 with vm.laptop_mode nothing is written before priority 8" laptop 1
test_case "R4 without it the first priority writes" laptop 0
test_case "R4 a node is shrunk again for a costly order until compaction has room" continued
test_case "R9 active anonymous pages are made inactive where there is swap" rebalanced
test_case "R9 active pages are spared until pages that went come back" refaults
test_case "R9 where sparing them frees nothing a second pass does not" forced

# New pages wait in a batch of their CPU, and are put on the lists before a round looks at these. Another task has
# some at any moment. Red if they are left in the batch.
drained_first()
{
	by_lists squeeze=1:Normal:60 count=20 interval_us=20000 \
		"gfp=$KERNEL|__GFP_THISNODE|__GFP_NOWARN|__GFP_NORETRY"
	watch_rounds pagemap/mm_lru_insertion vmscan/mm_vmscan_lru_shrink_inactive
	# shellcheck disable=SC2016 # the inner shell's
	taskset 1 sh -c 'while :; do dd if=/dev/zero of="$0" bs=4k count=4000 2> /dev/null; done' "$GFP_TMP/new" &
	undo "kill $! && wait $! || rm -f $GFP_TMP/new"
	call_with "$GFP_DIR/pagecache" 1 60 "$DISK" taskset 1
	watched
	expect_ge "rounds" "$(sum_of reclaims)" 10
	expect_ge "rounds that put pages on a list before they looked at one" "$(awk '
		/ mm_vmscan_direct_reclaim_begin: / { looked = put = 0 }
		/ mm_vmscan_lru_shrink_inactive: / { looked = 1 }
		/ mm_lru_insertion: / && !looked && !put { put = 1; n++ }
		END { print n + 0 }' "$GFP_TMP/rounds")" 1
}

# What is reclaimed is freed as lists, and no longer its group's. Red if it is freed one by one, or stays charged.
freed_as_lists()
{
	by_lists count=400
	cgroup_make memory
	# shellcheck disable=SC2016 # the inner shells'
	around sh -c 'echo $$ > "$0/cgroup.procs"; exec "$@"' "$CGROUP" "$GFP_DIR/pagecache" 1 60 "$DISK" \
		sh -c 'echo $$ > /sys/fs/cgroup/cgroup.procs; exec "$@"' sh
	watch_rounds kmem/mm_page_free_batched
	read -r before < "$CGROUP/memory.current"
	call
	read -r after < "$CGROUP/memory.current"
	watched
	note "reclaimed $(sum_of reclaimed_file), freed in lists $(events mm_page_free_batched), uncharged $(((before - after) / 4096))"
	expect_ge "pages reclaimed" "$(sum_of reclaimed_file)" 200
	expect_near "pages freed in lists" "$(events mm_page_free_batched)" "$(sum_of reclaimed_file)" 64
	expect_near "pages that are no longer the group's" $(((before - after) / 4096)) "$(sum_of reclaimed_file)" 96
}

test_case "R16 batches of new pages are put on the lists before reclaim looks at them" drained_first
test_case "R16 what is reclaimed is freed as lists, and uncharged" freed_as_lists

run_cases
