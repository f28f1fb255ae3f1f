#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: what rounds of direct reclaim did: priorities, lists, shrinkers, waits, groups (rows R4 to R9)
# suite: full
# requires: nodes>=2 zone=1:Normal kprobes
# vm: disk
# timeout: 300
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"

TRACING=/sys/kernel/tracing

# GFP_KERNEL, but kswapd is not woken: what is freed, the request itself freed.
KERNEL='__GFP_DIRECT_RECLAIM|__GFP_IO|__GFP_FS|__GFP_THISNODE|__GFP_NOWARN'

# OPTION=VALUE...: of node 1 alone, one page at a time; above half of min, where none waits for kswapd
node1()
{
	find_disk
	sysctl_set vm/min_free_kbytes 32768
	sysctl_set vm/percpu_pagelist_high_fraction 20000
	set_opts entry=alloc_pages_node nid=1 "gfp=$KERNEL" release=at_end "$@"
}

# COMMAND...: what is to be around while the run is made
call_with()
{
	"$@" "$GFP_DIR/write1" "$JOB/control" call > "$GFP_TMP/said" || fail "call with $*: $(cat "$GFP_TMP/said")"
}

# What the round's events do not tell: generations have none of their own before 6.7.
told() { [ "$(record 1 scanned)" != unknown ] || skip "this kernel's generations are not traced"; }

# KEY: how far a counter of vmstat went since `counters` was called with it
counters()
{
	for _key; do
		eval "FROM_$_key=\$(vmstat $_key)"
	done
}
grown() { eval "echo \$((\$(vmstat $1) - FROM_$1))"; }

# ---- R4 priorities

# Anonymous memory that can't be written is looked at down to priority 0, and none of it is freed. Red if the
# kernel gives up early, or if the lowest priority is not told.
down_to_nothing()
{
	lru lists
	node1 "gfp=__GFP_DIRECT_RECLAIM|__GFP_NORETRY|__GFP_THISNODE|__GFP_NOWARN" squeeze=1:Normal:60 count=2
	swap_on
	for _round in 1 2 3; do
		call_with "$GFP_DIR/anon" 1 24
		[ "$(count_where result=failed reclaimed=0)" = 0 ] || break
	done
	told
	expect_some_record result=failed stage=reclaim reclaims=1 reclaimed=0 priority=0 "scanned_anon>0" \
		scanned_nodes=1 reclaimed_anon=0 reclaimed_file=0
}

# With lists the portion of a priority is size >> priority, and the first that brings 32 pages is the last.
# Red if reclaim begins at another priority, goes on behind its aim, or takes other portions.
portions()
{
	lru lists
	node1 squeeze=1:Normal:60 count=1
	# shellcheck disable=SC2016 # the inner shell's
	"$GFP_DIR/pagecache" 1 90 "$DISK" sh -c '
		awk "\$1 == \"Node\" && \$3 == \"Inactive(file):\" { print \$4 / 4 }" \
			/sys/devices/system/node/node1/meminfo > "$0/inactive"
		exec "$1" "$2" call' "$GFP_TMP" "$GFP_DIR/write1" "$JOB/control" || fail "call with page cache"
	expect_record 1 result=ok stage=reclaim "reclaimed_file>=32" reclaimed_anon=0 "priority>=8" "priority<=11"
	_size=$(cat "$GFP_TMP/inactive") _sum=0 _at=12
	while [ $_at -ge "$(record 1 priority)" ]; do
		_sum=$((_sum + (_size >> _at)))
		_at=$((_at - 1))
	done
	note "priority $(record 1 priority), inactive $_size, scanned $(record 1 scanned), by the rule $_sum"
	expect_ge "pages scanned" "$(record 1 scanned)" $((_sum * 3 / 4))
	expect_le "pages scanned" "$(record 1 scanned)" $((_sum * 2 * $(record 1 reclaims)))
}

# A costly order that compaction can work for ends the round at once: no priority is gone through, one page is
# claimed to be reclaimed, and no task is killed. Red if reclaim is made for it all the same.
compaction_ready()
{
	[ -e /proc/sys/vm/compact_memory ] || skip "the kernel does not compact (CONFIG_COMPACTION)"
	for _round in 1 2 3 4; do
		node1 "gfp=$KERNEL|__GFP_RETRY_MAYFAIL" order=5 fragment=1:Normal:5 count=4
		call
		[ "$(count_where stage=reclaim)" = 0 ] || break
	done
	expect_some_record stage=reclaim scanned=0
	expect_no_record stage=reclaim priority!=none
	expect_eq "rounds, and what each claims" "$(sum_of reclaims)" "$(sum_of reclaimed)"
	expect_all_records victim=none
}

# Rounds are counted by the zone that the mask means at most. Red if all are Normal's.
stalls_by_zone()
{
	node1
	set_opts entry=alloc_pages nid=-1 "gfp=GFP_DMA|__GFP_DIRECT_RECLAIM|__GFP_NORETRY|__GFP_NOWARN" \
		squeeze=0:DMA:20 count=3
	counters allocstall_dma
	call
	expect_all_records stage=reclaim reclaims=1
	# A round whose active pages were spared is made again, and counted again.
	expect_ge "allocstall_dma" "$(grown allocstall_dma)" 3
	expect_le "allocstall_dma" "$(grown allocstall_dma)" 7
}

# A round looks at a node once, however many of its zones the zonelist has. Red if each zone shrinks its node:
# then a shrinker that knows no nodes is asked twice at a priority.
node_once()
{
	require_tracefs
	lru lists
	node1
	set_opts entry=alloc_pages_nodemask nid=0 nodes=0 \
		"gfp=__GFP_DIRECT_RECLAIM|__GFP_NORETRY|__GFP_NOWARN" squeeze=0:DMA:40,0:DMA32:60 count=1
	trace_shrinkers
	call
	shrinkers_off
	expect_record stage=reclaim reclaims=1
	# In the order of time a priority follows another; with groups, as here are none, each would be asked.
	awk '{ for (i = 1; i < NF; i++) {
			if ($i == "mm_shrink_slab_start:") key = $(i + 1) " " $(i + 2)
			if ($i == "priority") prio = $(i + 1)
		}
		if (last[key] == prio "") print
		last[key] = prio }' "$GFP_TMP/shrunk" > "$GFP_TMP/twice"
	expect_ge "calls of shrinkers" "$(wc -l < "$GFP_TMP/shrunk")" 3
	expect_eq "a shrinker asked twice at a priority" "$(head -n 2 "$GFP_TMP/twice")" ""
}

test_case "R4 fruitless reclaim goes down to priority 0" down_to_nothing
test_case "R4 a priority's portion of a list is its size >> priority" portions
test_case "R4 a costly order that compaction may have is not reclaimed for" compaction_ready
test_case "R4 a round looks at a node once" node_once
test_case "R4 rounds are counted by the highest zone of the request" stalls_by_zone

# ---- R5 anonymous memory and files

# LRU SWAPPINESS: a call with 40 MiB of each around
both_around()
{
	lru "$1"
	node1 squeeze=1:Normal:60 count=30
	sysctl_set vm/swappiness "$2"
	# Swap on the first half of the disk, and page cache of the second.
	swap_on 60000
	counters pgsteal_anon pgsteal_file
	# Read twice it is active, and no reason to leave anonymous memory alone.
	# shellcheck disable=SC2016 # the inner shell's
	call_with "$GFP_DIR/anon" 1 40 "$GFP_DIR/pagecache" 1 40 "$DISK@64" sh -c '
		dd if="$0" of=/dev/null bs=1M skip=64 count=40 2> /dev/null; exec "$@"' "$DISK"
	expect_all_records result=ok
}

# With swappiness 0 files alone are given up. Red if anonymous pages are scanned.
files_alone()
{
	both_around "$1" 0
	expect_ge "file pages freed" "$(grown pgsteal_file)" 32
	expect_le "anonymous pages freed" "$(grown pgsteal_anon)" 8
	told
	expect_all_records scanned_anon=0 reclaimed_anon=0
	expect_some_record "reclaimed_file>=1"
	expect_near "file pages freed, by the records" "$(sum_of reclaimed_file)" "$(grown pgsteal_file)" 64
}

# With the most both are. Red if swappiness is ignored.
anonymous_too()
{
	both_around "$1" 200
	expect_ge "anonymous pages freed" "$(grown pgsteal_anon)" 16
	told
	expect_some_record "scanned_anon>=1" "reclaimed_anon>=1"
	expect_near "anonymous pages freed, by the records" "$(sum_of reclaimed_anon)" "$(grown pgsteal_anon)" 64
}

for lru in lists generations; do
	test_case "R5 with swappiness 0 pages of files alone are freed, by $lru" files_alone $lru
done
# By generations the oldest goes first, and that is what was read.
test_case "R5 with swappiness 200 anonymous pages are freed, by lists" anonymous_too lists

# ---- R6 shrinkers

# What shrinkers are asked for, by the kernel's own events
trace_shrinkers()
{
	undo shrinkers_off
	trace_buffer 8192
	: > $TRACING/trace
	echo 1 > $TRACING/events/vmscan/mm_shrink_slab_start/enable
	echo 1 > $TRACING/events/vmscan/mm_vmscan_direct_reclaim_begin/enable
	echo 1 > $TRACING/events/vmscan/mm_vmscan_direct_reclaim_end/enable
	echo 1 > $TRACING/events/gfplab/gfplab_request/enable
	echo 1 > $TRACING/tracing_on
}
shrinkers_off()
{
	# Reading frees pages, and each free is an event: a trace that goes on may not come to its end.
	echo 0 > $TRACING/tracing_on
	cat $TRACING/trace > "$GFP_TMP/traced"
	echo 0 > $TRACING/events/vmscan/enable
	echo 0 > $TRACING/events/gfplab/gfplab_request/enable
	# Of the task that made the requests, inside of its own rounds.
	awk '/ gfplab_request: / { print $1; exit }' "$GFP_TMP/traced" > "$GFP_TMP/task"
	awk -v task="$(cat "$GFP_TMP/task")" '$1 != task { next }
		/ mm_vmscan_direct_reclaim_begin: / { inside = 1 }
		/ mm_vmscan_direct_reclaim_end: / { inside = 0 }
		/ mm_shrink_slab_start: / && inside { print }' "$GFP_TMP/traced" > "$GFP_TMP/shrunk"
}

# Names that are not there, remembered on node 1
call_with_dentries() { call_with "$GFP_DIR/dentries" 1 10000; }

# For each shrinker the events say how many objects there are, and at which priority: the delta of a file system's
# (two seeks) is (objects >> priority) * 2, or half of the objects where they cost nothing to make (no seek: sysfs,
# proc), and no more than twice the objects are asked for in the end. Red if the
# kernel reckons otherwise, or if a record has other sums than the kernel's events.
slab_arithmetic()
{
	require_tracefs
	node1 squeeze=1:Normal:60 count=4 "gfp=$KERNEL|__GFP_NORETRY"
	echo 2 > /proc/sys/vm/drop_caches
	trace_shrinkers
	call_with_dentries
	shrinkers_off
	expect_ge "calls of shrinkers" "$(wc -l < "$GFP_TMP/shrunk")" 5
	awk '{
		for (i = 1; i < NF; i++) {
			if ($i == "items") objects = $(i + 1)
			if ($i == "delta") delta = $(i + 1)
			if ($i == "total_scan") total = $(i + 1)
			if ($i == "priority") prio = $(i + 1)
			if ($i == "shrink") put_off = $(i + 1)
		}
		for (want = objects; prio > 0; prio--)
			want = int(want / 2)
		want *= 2
		if (/super_cache_scan/ && delta != want && delta != int(objects / 2)) print "delta " delta ", not " want ": " $0
		if (total > 2 * objects) print "total_scan over twice the objects: " $0
		if (/super_cache_scan/) seen++
	} END { if (!seen) print "no file system was asked" }' "$GFP_TMP/shrunk" > "$GFP_TMP/odd"
	expect_eq "shrinkers that reckon otherwise" "$(head -n 3 "$GFP_TMP/odd")" ""
	expect_eq "delta of all, by the records" "$(sum_of slab_delta)" "$(sum_in_trace delta)"
	expect_eq "objects to scan, by the records" "$(sum_of slab_scan)" "$(sum_in_trace total_scan)"
}
sum_in_trace() { awk -v key="$1" '{ for (i = 1; i < NF; i++) if ($i == key) n += $(i + 1) } END { print n + 0 }' "$GFP_TMP/shrunk"; }

# The shrinker of a file system stops at once without __GFP_FS (SHRINK_STOP). Red if it is not asked, or if it
# frees all the same.
shrink_stop()
{
	require_tracefs
	node1 squeeze=1:Normal:60 count=2 "gfp=$KERNEL|__GFP_NORETRY" scope=nofs
	echo 2 > /proc/sys/vm/drop_caches
	trace_shrinkers
	call_with_dentries
	shrinkers_off
	expect_ge "calls of file systems' shrinkers" "$(grep -c super_cache_scan "$GFP_TMP/shrunk" || :)" 1
	expect_some_record stage=reclaim "slab_delta>=1"
	expect_le "objects freed under scope=nofs" "$(sum_of slab)" 200
	with=$(sum_of slab)
	set_opts scope=none
	call_with_dentries
	expect_ge "objects freed without the scope" "$(sum_of slab)" $((with + 200))
}

# Objects of a group have a list of their own, and reclaim for the machine comes to it. Red if groups' are left.
slab_of_a_group()
{
	cgroup_make memory
	node1 squeeze=1:Normal:60 count=4 "gfp=$KERNEL|__GFP_NORETRY"
	echo 2 > /proc/sys/vm/drop_caches
	cgroup_run "$GFP_DIR/dentries" 1 20000 true || fail "no names in the group"
	before=$(awk '$1 == "slab_reclaimable" { print $2 }' "$CGROUP/memory.stat")
	# A round may come to an end with objects of others.
	for _round in 1 2 3 4; do
		call_with_dentries
		after=$(awk '$1 == "slab_reclaimable" { print $2 }' "$CGROUP/memory.stat")
		[ "$after" -gt $((before - 100000)) ] || break
	done
	note "slab_reclaimable of the group: $before to $after"
	[ "$before" -ge 500000 ] || skip "the file system remembers no names that are not there"
	expect_le "bytes of the group's objects that are left" "$after" $((before - 100000))
}

test_case "R6 what shrinkers are asked for is the documents' arithmetic" slab_arithmetic
test_case "R6 the shrinker of a file system stops without __GFP_FS" shrink_stop
test_case "R6 objects of a memory cgroup are shrunk for others' requests" slab_of_a_group

# ---- R7 waiting

# [OPTION=VALUE...]: below half of min, with page cache that kswapd can free and is awake for
below_half()
{
	node1 squeeze=1:Normal:40 count=1 "gfp=GFP_KERNEL|__GFP_THISNODE|__GFP_NOWARN" "$@"
	counters pgscan_direct_throttle
	call_with "$GFP_DIR/pagecache" 1 90 "$DISK"
}

# A task waits for kswapd there. Red if it does not, or if the time is not told, or is reclaim's.
throttled()
{
	for _round in 1 2 3 4; do
		below_half "$@"
		[ "$(grown pgscan_direct_throttle)" = 0 ] || break
	done
	expect_ge "pgscan_direct_throttle" "$(grown pgscan_direct_throttle)" 1
	expect_record 1 stage=reclaim "$(took throttled_ns)"
	[ "$(record 1 throttled_ns)" -le "$(record 1 latency_ns)" ] || fail "it waited longer than it took"
}

# Above half of min none waits.
not_throttled()
{
	node1 squeeze=1:Normal:80 count=8 "gfp=GFP_KERNEL|__GFP_THISNODE|__GFP_NOWARN"
	counters pgscan_direct_throttle
	call_with "$GFP_DIR/pagecache" 1 90 "$DISK"
	expect_eq "pgscan_direct_throttle" "$(grown pgscan_direct_throttle)" 0
	expect_all_records throttled_ns=0
}

# A kernel thread does not wait: others may wait for what it does.
kthread_not_throttled()
{
	for _round in 1 2 3; do
		job keeper
		node1 squeeze=1:Normal:40 count=1 order=0 gfp=__GFP_NOWARN release=keep
		job default
		node1 count=1 cpus=0 "gfp=GFP_KERNEL|__GFP_THISNODE|__GFP_NOWARN"
		counters pgscan_direct_throttle
		# shellcheck disable=SC2016 # the inner shell's
		"$GFP_DIR/pagecache" 1 90 "$DISK" sh -c '"$0" "$1/keeper/control" call && "$0" "$1/default/control" start &&
			while ! grep -q "^state=idle" "$1/default/status"; do sleep 0.1; done' \
			"$GFP_DIR/write1" "$GFP/jobs" || fail "no start with a squeezed node"
		_stage=$(record 1 stage)
		put "$GFP/jobs/keeper/control" reset
		[ "$_stage" != reclaim ] || break
	done
	expect_record 1 stage=reclaim throttled_ns=0
	expect_eq "pgscan_direct_throttle" "$(grown pgscan_direct_throttle)" 0
}

test_case "R7 below half of min direct reclaim waits for kswapd" throttled
test_case "R7 so it does without __GFP_FS, a second at most" throttled \
	"gfp=__GFP_RECLAIM|__GFP_IO|__GFP_NORETRY|__GFP_THISNODE|__GFP_NOWARN"
test_case "R7 above it none waits" not_throttled
test_case "R7 a kernel thread does not wait" kthread_not_throttled

# ---- R8 groups

# NAME [FILE=VALUE...]: another group; its page cache comes later
group()
{
	_name=$1
	shift
	[ -n "${GROUPS_TOP:-}" ] || { cgroup_make memory; GROUPS_TOP=/sys/fs/cgroup/gfplab.; }
	CGROUP=$GROUPS_TOP$_name
	undo "cgroup_remove $CGROUP"
	mkdir "$CGROUP"
	for _kv; do
		echo "${_kv#*=}" > "$CGROUP/${_kv%%=*}"
	done
}
of_group() { awk -v key="$2" '$1 == key { print $2 }' "$GROUPS_TOP$1/memory.$3"; }

# LRU: from 6.11 on generations take a group's protection to be what kswapd found last, until that was mended (7.3,
# and some of 6.12). So kswapd is made to look, once the groups have what they have.
LOOKER=
kswapd_looks()
{
	[ "$1" = generations ] || return 0
	job looker
	node1 squeeze=1:Normal:low-2% count=2 interval_us=200000 "gfp=GFP_NOWAIT|__GFP_THISNODE|__GFP_NOWARN"
	LOOKER=$JOB/control
	job default
}

# COMMAND...: what is to be around; then the call, of a task in no group. What the events of group a were before it
# is in the file `before`.
call_outside()
{
	# shellcheck disable=SC2016 # the inner shell's
	"$@" sh -c 'echo $$ > /sys/fs/cgroup/cgroup.procs
		[ -z "$2" ] || "$0" "$2" call || exit
		cat "$3" > "$4"
		exec "$0" "$1" call' "$GFP_DIR/write1" "$JOB/control" "$LOOKER" "${GROUPS_TOP}a/memory.events" \
		"$GFP_TMP/before" > "$GFP_TMP/said" || fail "call with groups: $(cat "$GFP_TMP/said")"
}

# MIB MIB: page cache of groups a and b on node 1, and the call outside of both
call_with_groups()
{
	# shellcheck disable=SC2016 # the inner shells'
	call_outside sh -c 'echo $$ > "${0}a/cgroup.procs"; exec "$@"' "$GROUPS_TOP" "$GFP_DIR/pagecache" 1 "$1" "$DISK" \
		sh -c 'echo $$ > "${0}b/cgroup.procs"; exec "$@"' "$GROUPS_TOP" "$GFP_DIR/pagecache" 1 "$2" "$DISK@64"
}

# Red if one group alone is reclaimed from.
each_group()
{
	lru "$1"
	node1 squeeze=1:Normal:60 count=400
	group a; group b
	# Generations draw where they begin: one group may have enough for a whole run.
	_left=10
	until [ "$(of_group a pgsteal stat)" -ge 16 ] && [ "$(of_group b pgsteal stat)" -ge 16 ]; do
		_left=$((_left - 1))
		[ $_left -ge 0 ] || fail "ten runs freed nothing of a group"
		call_with_groups 40 40
		expect_all_records result=ok
		note "freed of a: $(of_group a pgsteal stat), of b: $(of_group b pgsteal stat)"
	done
}

# memory.min is not touched, as long as there is another. Red if it is.
protected()
{
	lru "$1"
	node1 squeeze=1:Normal:60 count=400
	group a memory.min=64M; group b
	kswapd_looks "$1"
	call_with_groups 40 40
	expect_all_records result=ok
	expect_eq "pages freed of the group below its memory.min" "$(of_group a pgsteal stat)" 0
	expect_ge "pages freed of the other" "$(of_group b pgsteal stat)" 32
	expect_ge "pages freed by the requests" "$(sum_of reclaimed)" 32
}

# memory.low holds while others have something, and not a moment longer: the request is served from it. Red if
# it is ignored, or if it makes the request fail. Only with priority 0 behind it is the second pass made.
low_at_last()
{
	lru "$1"
	node1 squeeze=1:Normal:60 count=4
	group a memory.low=64M
	kswapd_looks "$1"
	# shellcheck disable=SC2016 # the inner shell's
	call_outside sh -c 'echo $$ > "${0}a/cgroup.procs"; exec "$@"' "$GROUPS_TOP" "$GFP_DIR/pagecache" 1 40 "$DISK"
	expect_all_records result=ok
	low=$(($(of_group a low events) - $(awk '$1 == "low" { print $2 }' "$GFP_TMP/before")))
	note "low events: $low, freed: $(of_group a pgsteal stat)"
	expect_ge "times the group was reclaimed from below memory.low" $low 1
	expect_ge "pages freed of it" "$(sum_of reclaimed)" 16
}

# Red if reclaim of a task with a cpuset takes pages of nodes that it may not use.
cpuset_respected()
{
	node1
	set_opts entry=alloc_pages nid=-1 "gfp=GFP_USER|__GFP_NORETRY|__GFP_NOWARN" squeeze=1:Normal:60 count=20
	cgroup_make cpuset cpuset.mems=1
	# shellcheck disable=SC2016 # the inner shell's
	"$GFP_DIR/pagecache" 0 20 "$DISK" sh -c 'echo $$ > "$0/cgroup.procs"; exec "$@"' "$CGROUP" "$GFP_DIR/pagecache" 1 60 "$DISK@64" \
		"$GFP_DIR/write1" "$JOB/control" call > "$GFP_TMP/said" || fail "call in the cpuset: $(cat "$GFP_TMP/said")"
	expect_some_record stage=reclaim "reclaimed>=1"
	told
	expect_no_record scanned_nodes!=1 scanned_nodes!=none
}

# Where the cpuset allows both, both are looked at. Red if one node alone is.
both_nodes()
{
	lru lists
	node1
	set_opts entry=alloc_pages_nodemask nid=1 nodes=0-1 "gfp=GFP_DMA32|__GFP_NORETRY|__GFP_NOWARN" count=1
	set_opts "gfp=__GFP_DIRECT_RECLAIM|__GFP_IO|__GFP_NORETRY|__GFP_NOWARN" \
		squeeze=1:Normal:60,0:DMA32:70,0:DMA:40
	call_with "$GFP_DIR/pagecache" 0 12 "$DISK" "$GFP_DIR/pagecache" 1 40 "$DISK@64"
	expect_record 1 stage=reclaim scanned_nodes=0,1
}

for lru in lists generations; do
	test_case "R8 reclaim goes from group to group, by $lru" each_group $lru
	test_case "R8 memory.min is left alone, by $lru" protected $lru
	test_case "R8 memory.low is reclaimed at last, by $lru" low_at_last $lru
done
test_case "R8 reclaim keeps to the nodes of the task's cpuset" cpuset_respected
test_case "R8 without one it looks at each node of the zonelist" both_nodes

# ---- R9 active lists

# All of the page cache was read twice. It is deactivated first, and then freed; the kernel counts the same. Red if
# active pages are never moved, or if the record has other sums.
deactivated()
{
	lru lists
	node1 squeeze=1:Normal:60 count=200
	counters pgdeactivate pgrefill
	"$GFP_DIR/pagecache" 1 90 "$DISK" sh -c "dd if=$DISK of=/dev/null bs=1M count=90 2> /dev/null
		exec $GFP_DIR/write1 $JOB/control call" || fail "call with active page cache"
	expect_all_records result=ok
	expect_some_record "deactivated>=1"
	expect_near "pages deactivated, by the records" "$(sum_of deactivated)" "$(grown pgdeactivate)" 64
	expect_ge "pages of active lists looked at" "$(grown pgrefill)" "$(sum_of deactivated)"
}

# Executable pages that are in use stay active for another round. Red if they are deactivated like others.
executables_stay()
{
	lru lists
	node1 squeeze=1:Normal:60 count=40
	call_with "$GFP_DIR/mapped" 1 80 "$DISK" exec
	note "kept $(sum_of kept_active), deactivated $(sum_of deactivated), activated $(sum_of activated)"
	expect_some_record "kept_active>=1"
	expect_ge "active pages that stayed, against those that did not" "$(sum_of kept_active)" \
		$(($(sum_of deactivated) / 4))
}

# Pages that are used come back from the inactive list to the active one.
activated()
{
	lru lists
	node1 squeeze=1:Normal:60 count=20
	counters pgactivate
	call_with "$GFP_DIR/mapped" 1 80 "$DISK" used
	expect_ge "pages activated by reclaim" "$(sum_of activated)" 1
	expect_le "pages activated, by the records and by the kernel's count" "$(sum_of activated)" \
		$(($(grown pgactivate) + 64))
}

# Locked pages are on no list. Red if they are looked at or freed.
locked_stay()
{
	lru "$1"
	node1 squeeze=1:Normal:60 "gfp=$KERNEL|__GFP_NORETRY" count=3
	counters unevictable_pgs_mlocked
	call_with "$GFP_DIR/mapped" 1 60 "$DISK" lock
	expect_ge "pages locked" "$(grown unevictable_pgs_mlocked)" 15000
	note "reclaimed $(sum_of reclaimed_file) of $(sum_of scanned) looked at"
	expect_le "file pages freed" "$(sum_of reclaimed)" 1500
}

test_case "R9 active pages are made inactive, and the figures are the kernel's" deactivated
test_case "R9 executable pages that are used stay active" executables_stay
test_case "R9 pages that are used become active again" activated
test_case "R9 locked pages are not reclaimed, by lists" locked_stay lists
test_case "R9 locked pages are not reclaimed, by generations" locked_stay generations

# ---- witnesses

# Time in reclaim is a stall of memory for the kernel's own account. Red if direct reclaim is left out there.
pressure()
{
	[ -r /proc/pressure/memory ] || skip "the kernel has no PSI"
	node1 squeeze=1:Normal:60 count=300
	stalled=$(sed -n 's/^some .*total=//p' /proc/pressure/memory) reclaiming=0
	for _round in 1 2 3; do
		call_with "$GFP_DIR/pagecache" 1 90 "$DISK"
		reclaiming=$((reclaiming + $(sum_of reclaim_ns) / 1000))
	done
	sleep 2.5
	stalled=$(($(sed -n 's/^some .*total=//p' /proc/pressure/memory) - stalled))
	note "stalled $stalled us, in reclaim $reclaiming us"
	# What it has of one CPU counts for less as long as others work.
	expect_ge "microseconds stalled, by /proc/pressure" "$stalled" $((reclaiming / 50 + 1))
}
test_case "R4 time in direct reclaim is in /proc/pressure/memory" pressure

run_cases
