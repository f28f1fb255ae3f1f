#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: on somebody's own machine: nothing that is allowed without unsafe=1 hangs, starves or kills
# dangerous: runs the machine short of memory, and has it prepare for hibernation
# requires: nodes>=2 zone=1:Normal
# vm: runs
# timeout: 300
. "$(dirname "$0")/lib/lib.sh"

# ---- H1 what may not end may not start

# OPTION=VALUE...: refused by `start` and `call`, whatever is free
endless()
{
	set_opts count=1 timeout_ms=2000 "$@"
	for _word in start call; do
		expect_refused EPERM "$_word" control '' "*never end*unsafe=1*"
	done
}

all_endless()
{
	endless gfp=GFP_NOFS
	endless gfp=GFP_NOIO
	endless gfp=GFP_KERNEL scope=nofs
	endless gfp=GFP_KERNEL scope=noio
	endless gfp=GFP_KERNEL scope=pin,nofs
	endless gfp=GFP_NOFS scope=none order=3
	endless gfp=GFP_NOFS order=3-9
	endless entry=alloc_pages_nodemask gfp=GFP_NOFS order=0 nid=1 nodes=1 release=at_once cpus=1
	endless entry=alloc_pages gfp=GFP_NOIO nid=-1 nodes=all release=fifo hold=3
	endless entry=vmalloc 'gfp=GFP_NOFS|__GFP_NORETRY' hold=0
	endless entry=page_frag 'gfp=GFP_NOFS'
}

# In a task that all others wait for every request is NOIO, so GFP_KERNEL may not end either; workers
# are not that task. Red if the options alone are looked at.
endless_by_task()
{
	set_opts count=1 timeout_ms=2000 gfp=GFP_KERNEL
	! "$GFP_DIR/ioflusher" "$GFP_DIR/write1" "$JOB/control" call 2> /dev/null || fail "it was allowed"
	expect_like error "$(get error)" "*never end*unsafe=1*"
	"$GFP_DIR/ioflusher" "$GFP_DIR/write1" "$JOB/control" start
	wait_idle
	expect_eq "requests of workers" "$(summary ok)" 1
}

# What fails by itself, or what the kernel kills for, is none of it. Red if more is refused.
ends()
{
	set_opts count=3 scope=none "$@"
	call
	expect_eq "requests of: $*" "$(summary ok) $(status aborted)" "3 none"
}

all_that_ends()
{
	ends gfp=GFP_KERNEL
	ends gfp=GFP_NOWAIT
	ends gfp=GFP_ATOMIC
	ends 'gfp=GFP_NOFS|__GFP_NORETRY'
	ends 'gfp=GFP_NOIO|__GFP_RETRY_MAYFAIL'
	ends entry=alloc_pages_node nid=1 'gfp=GFP_NOFS|__GFP_THISNODE'
	ends entry=alloc_pages nid=-1 gfp=GFP_NOFS order=4
	ends gfp=GFP_NOWAIT order=0 scope=nofs
}

low_zone_ends()
{
	require_zone 0 DMA
	ends 'gfp=GFP_NOFS|GFP_DMA'
}

# With unsafe=1 that is what somebody may want to see.
endless_unsafe()
{
	gfp_unload
	gfp_load unsafe=1
	ends gfp=GFP_NOFS
}

test_case "H1 what may neither fail nor make anybody free memory is refused" all_endless
test_case "H1 nor does a task with PR_SET_IO_FLUSHER get GFP_KERNEL" endless_by_task
test_case "H1 what fails by itself is not" all_that_ends
test_case "H1 nor is a request for a low zone, where the kernel gives up" low_zone_ends
test_case "H1 with unsafe=1 it is allowed" endless_unsafe

# HOW: with unsafe=1 a request may be stuck for want of memory that its own run holds. Red if `stop`, timeout_ms
# or rmmod waits for ever.
stuck()
{
	how=$1
	gfp_unload
	gfp_load unsafe=1
	_times=300000
	# A busy host may need longer to take all that there is.
	[ "$how" != timeout ] || _times="10000 100000"
	for _time in $_times; do
		set_opts count=0 timeout_ms="$_time" entry=alloc_pages_nodemask nid=1 nodes=1 order=0 hold=0 \
			max_pages=1000000 release=at_end observe=none check=none cpus=1 scope=none "gfp=GFP_NOFS|__GFP_NOWARN"
		start
		_left=900
		until [ "$(status inside)" = 1 ] || [ "$(status state)" = idle ] || [ $_left -eq 0 ]; do
			_left=$((_left - 1))
			sleep 0.1
		done
		[ "$(status state)" = idle ] || break
	done
	[ "$(status inside)" = 1 ] || skip "no request gets stuck: $(cat "$JOB/status")"
	_held=$(status held_pages)
	expect_ge "pages that the run held" "$_held" 1000
	case $how in
	rmmod)
		soon "rmmod with a request that is stuck" gfp_unload
		return ;;
	stop) soon "stop of a request that is stuck" stop ;;
	timeout) wait_idle 120 ;;
	esac
	expect_eq "how the run ended" "$(status aborted) $(status held_pages) $(status inside)" "$how 0 0"
}

test_case "H1 with unsafe=1 a stuck request gets what its run holds at stop" stuck stop
test_case "H1 also when its time is over" stuck timeout
test_case "H1 and at rmmod" stuck rmmod

# Sets `fill`: MiB that leave node 1 between its low and its high watermark
measure_node()
{
	sysctl_set vm/percpu_pagelist_high_fraction 20000
	fill=$((($(zone_free 1 Normal) - ($(zone_mark 1 Normal low) + $(zone_mark 1 Normal high)) / 2) / 256))
}

# Somebody has filled node 1. Red if a run begins all the same.
full_node()
{
	measure_node
	kills=$(vmstat oom_kill)
	set_opts entry=alloc_pages_nodemask nid=1 nodes=1 count=10 timeout_ms=5000 "$@"
	"$GFP_DIR/anon" 1 "$fill" "$GFP_DIR/write1" "$JOB/control" call > "$GFP_TMP/called" 2>&1 || :
	expect_eq "what call says on a full node" "$(cat "$GFP_TMP/called")" ENOMEM
	expect_like "the reason" "$(tail -n 3 "$GFP/error")" "*zones*can give*"
	expect_eq "requests made, tasks killed" "$(summary requests) $(($(vmstat oom_kill) - kills))" "0 0"
}

# Somebody fills it while a run goes on, which holds nothing. Red if it asks for more until somebody is killed.
filled_meanwhile()
{
	measure_node
	kills=$(vmstat oom_kill)
	# shellcheck disable=SC2086 # several options
	set_opts $ENDLESS entry=alloc_pages_nodemask nid=1 nodes=1 release=at_once observe=none interval_us=500 cpus=1 \
		timeout_ms=150000 "$@"
	start
	wait_at_work
	# It stays full until the run is over, however busy the host is.
	"$GFP_DIR/anon" 1 "$fill" sh -c "left=1000
		until grep -q state=idle '$JOB/status' || [ \$left -eq 0 ]; do left=\$((left - 1)); sleep 0.1; done" ||
		fail "the node could not be filled"
	wait_idle
	expect_eq "why the run ended, tasks killed" "$(status aborted) $(($(vmstat oom_kill) - kills))" "budget 0"
}

test_case "H1 H2 on a node that others have filled no run begins" full_node gfp=GFP_KERNEL
test_case "H1 H2 nor one whose requests can't wait" full_node gfp=GFP_ATOMIC
test_case "H1 H2 a run ends when others fill its node" filled_meanwhile gfp=GFP_KERNEL
test_case "H1 H2 also one whose requests can't wait" filled_meanwhile gfp=GFP_ATOMIC
test_case "H1 H2 also one that makes them in bursts" filled_meanwhile gfp=GFP_KERNEL interval_us=0 check=none

# What `status` tells beside: nobody is inside of a request here
status_keys()
{
	set_opts order=4 count=100 release=keep ring=100
	call
	expect_eq "workers inside, when none is" "$(status inside)" 0
	expect_ge "memory_kb, of 1600 pages and 100 records" "$(status memory_kb)" $((1600 * 4 + 10))
	expect_le "memory_kb" "$(status memory_kb)" $((1600 * 4 + 400))
}

test_case "H1 status tells how much memory the job has" status_keys

# ---- H2 zones and nodes keep what they need

# NID ZONE OPTION=VALUE...: a run that keeps all it can get leaves the zone to others
leaves_zone()
{
	require_zone "$1" "$2"
	nid=$1 zone=$2
	shift 2
	fold_counters
	before=$(zone_free "$nid" "$zone")
	high=$(zone_mark "$nid" "$zone" high)
	set_opts count=100000 release=keep observe=none check=none timeout_ms=60000 "$@"
	call
	fold_counters
	expect_eq "why it ended ($*)" "$(status aborted)" budget
	expect_ge "pages held of $before free ones" "$(status held_pages)" $(((before - high) / 16))
	expect_le "pages held of $before free ones" "$(status held_pages)" $((before / 3))
	expect_ge "free pages of zone $nid:$zone, whose high watermark is $high" "$(zone_free "$nid" "$zone")" "$high"
	# A second job, and a second call of it, have no quarter of their own.
	job second
	set_opts count=100000 release=keep observe=none check=none timeout_ms=60000 "$@"
	"$GFP_DIR/write1" "$JOB/control" call > /dev/null || :
	"$GFP_DIR/write1" "$JOB/control" call > /dev/null || :
	fold_counters
	expect_le "pages held by two jobs, of $before free ones" "$(($(zone_free "$nid" "$zone") * -1 + before))" \
		$((before / 3 + 256))
	# Others are served, also those that may not use a reserve.
	job others
	set_opts "$@" count=20 release=at_once hold=0
	call
	expect_eq "requests of others" "$(summary ok) of $(summary requests)" "20 of 20"
}

test_case "H2 zone DMA stays above its high watermark" leaves_zone 0 DMA 'gfp=GFP_ATOMIC|GFP_DMA|__GFP_NOWARN'
test_case "H2 so does zone DMA32" leaves_zone 0 DMA32 'gfp=GFP_ATOMIC|GFP_DMA32|__GFP_NOWARN'
test_case "H2 and a node, by __GFP_THISNODE" \
	leaves_zone 1 Normal entry=alloc_pages_node nid=1 'gfp=GFP_ATOMIC|__GFP_THISNODE|__GFP_NOWARN'
test_case "H2 or by a nodemask" \
	leaves_zone 1 Normal entry=alloc_pages_nodemask nid=1 nodes=1 'gfp=GFP_ATOMIC|__GFP_NOWARN'

# COMMAND...: makes a call that takes all it can get of node 1, which is all that its task may use
confined()
{
	fold_counters
	high=$(zone_mark 1 Normal high)
	kills=$(vmstat oom_kill)
	set_opts gfp=GFP_HIGHUSER order=3 count=0 release=at_end observe=none check=none \
		timeout_ms=300000 interval_us=10
	"$@" "$GFP_DIR/write1" "$JOB/control" call > "$GFP_TMP/called" 2>&1 &
	_least=$(zone_free 1 Normal)
	wait_running
	while [ "$(status state)" != idle ]; do
		_free=$(zone_free 1 Normal)
		[ "$_free" -ge "$_least" ] || _least=$_free
	done
	wait
	expect_eq "why it ended, tasks killed" "$(status aborted) $(($(vmstat oom_kill) - kills))" "budget 0"
	expect_ge "least free pages of node 1, whose high watermark is $high" "$_least" "$high"
	expect_ge "blocks of 8 pages" "$(summary ok)" 500
}

in_policy() { confined "$GFP_DIR/mempol" bind 1; }
in_cpuset()
{
	cgroup_make cpuset cpuset.mems=1
	confined cgroup_run
}

test_case "H2 H5 a task bound to a node leaves what the node needs" in_policy
test_case "H2 H5 so does a task whose cpuset has no other" in_cpuset

# ---- H3 one account

account_keys()
{
	for key in blocks rings other limit; do
		expect_ge "account.${key}_kb" "$(environment account.${key}_kb)" 0
	done
	none=$(environment account.blocks_kb)
	other=$(environment account.other_kb)
	expect_eq "blocks, rings before any run" "$none $(environment account.rings_kb)" "0 0"
	expect_ge "the map of frames" "$other" 32
	record=$(environment record_bytes)
	set_opts count=1000 order=2 release=keep ring=700
	call
	expect_near "account.blocks_kb with 4000 pages" "$(environment account.blocks_kb)" 16000 4
	expect_near "account.rings_kb with a ring of 700" "$(environment account.rings_kb)" $((record * 701 / 1024)) 2
	expect_ge "account.other_kb, with a pool of 1000" "$(environment account.other_kb)" $((other + 30))
	reset
	set_opts release=fifo ring=10000
	call
	expect_near "account.rings_kb for 1000 requests" "$(environment account.rings_kb)" $((record * 1001 / 1024)) 2
	reset
	expect_eq "all of it after reset" \
		"$(environment account.blocks_kb) $(environment account.rings_kb) $(environment account.other_kb)" \
		"0 0 $other"
}

held_kb() { echo $(($(environment account.blocks_kb) + $(environment account.rings_kb) + $(environment account.other_kb))); }

# What is available moves while it is taken, and the limit with it; small arrays are never refused. KiB
SPARE=6144

# Twelve jobs keep all they can get. Red if each may have a quarter.
many_keep()
{
	limit=$(environment account.limit_kb)
	available=$(meminfo MemAvailable)
	expect_near "the limit" "$limit" $((available / 4)) $((available / 40))
	for n in 1 2 3 4 5 6 7 8 9 10 11 12; do
		job "keep$n"
		set_opts count=0 release=keep observe=none check=none order=3 timeout_ms=60000
		"$GFP_DIR/write1" "$JOB/control" call > "$GFP_TMP/called" ||
			expect_eq "job $n" "$(cat "$GFP_TMP/called")" ENOMEM
	done
	expect_le "KiB that twelve jobs keep" "$(held_kb)" $((limit + SPARE))
	expect_ge "KiB that twelve jobs keep" "$(held_kb)" $((limit * 3 / 4))
	expect_ge "MemAvailable, of $available" "$(meminfo MemAvailable)" $((available * 7 / 10))
}

# So many jobs with large rings, which are idle. Red if rings do not count.
rings_fill()
{
	limit=$(environment account.limit_kb)
	refused=0
	for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
		job "ring$n"
		set_opts count=0 duration_ms=500 observe=full ring=$((limit * 1024 / 8 / $(environment record_bytes)))
		"$GFP_DIR/write1" "$JOB/control" call > "$GFP_TMP/called" && continue
		expect_eq "job $n" "$(cat "$GFP_TMP/called")" ENOMEM
		refused=$((refused + 1))
	done
	expect_ge "jobs of 16 that are refused, each with an eighth of the limit" $refused 8
	expect_le "KiB that the others have" "$(held_kb)" $((limit + SPARE))
}

idle_rings()
{
	available=$(meminfo MemAvailable)
	rings_fill
	expect_ge "MemAvailable, of $available" "$(meminfo MemAvailable)" $((available * 7 / 10))
}

# Then somebody needs half of what they take. Red if past results stay while tasks are killed, or if a reader
# gets fewer bytes than it was told: records that are gone are zeros.
rings_given_back()
{
	rings_fill
	exec 3< "$GFP/jobs/ring1/records.bin"
	read -r told <&3
	rings=$(environment account.rings_kb)
	hungry_for $(($(meminfo MemAvailable) + rings / 2))
	expect_eq "whoever was hungry: exit status, tasks killed" "$HUNGRY $KILLS" "0 0"
	expect_le "KiB of rings, of $rings" "$(environment account.rings_kb)" $((rings / 2))
	JOB=$GFP/jobs/ring1
	expect_ge "requests, which are still known" "$(summary requests)" 1
	expect_eq "records that are left, and lost" "$(wc -l < "$JOB/records") $(summary lost_records)" \
		"0 $(summary requests)"
	cat <&3 > "$GFP_TMP/binary"
	exec 3<&-
	binary_head "$told"
	expect_eq "bytes behind the first line: $told" "$(wc -c < "$GFP_TMP/binary")" \
		$((HEADER_BYTES - ${#told} - 1 + RECORD_BYTES * RECORDS))
	expect_eq "bytes of the last record that are not 0" "$(tail -c "$RECORD_BYTES" "$GFP_TMP/binary" | tr -d '\000' | wc -c)" 0
	expect_eq "why the run ended" "$(status aborted)" none
}

test_case "H3 environment tells what the module holds" account_keys
test_case "H3 many jobs that keep blocks have a quarter of the machine together" many_keep
test_case "H3 so do many rings" idle_rings
test_case "H3 records of runs that are over go before a task is killed" rings_given_back

# ---- H4 memory cgroups

# LIMIT: in a group with that of 96 MiB there is another task of 20 MiB
shared_group()
{
	cgroup_make memory "$1"
	cgroup_run "$GFP_DIR/victim" 0 20 sleep 55 > /dev/null 2>&1 &
	_left=500
	while [ "$(cat "$CGROUP/memory.current")" -lt 20971520 ]; do
		_left=$((_left - 1))
		[ $_left -gt 0 ] || fail "nobody else is in the group"
		sleep 0.1
	done
}

# OPTION=VALUE...: a call of that group
in_group()
{
	set_opts "$@"
	cgroup_run "$GFP_DIR/write1" "$JOB/control" call > "$GFP_TMP/called" 2>&1 || :
	kills=$(awk '$1 == "oom_kill" { print $2 }' "$CGROUP/memory.events")
}

# Red if the group's OOM killer is called: it tells nobody before.
group_limit()
{
	shared_group "$2"
	in_group gfp=GFP_KERNEL_ACCOUNT count=100000 order="$1" release=at_end observe=none timeout_ms=30000
	expect_eq "why the run ended, tasks killed" "$(status aborted) $kills" "budget 0"
	expect_ge "pages that the run got, of a quarter of 19456" $(($(summary ok) << $1)) 3000
	expect_le "pages that the run got, of a quarter of 19456" $(($(summary ok) << $1)) 4864
}

# What is charged is not kept: others in the group may have all that it can give. Red if one of them is killed
# for what our jobs keep.
group_of_others()
{
	shared_group memory.max=96M
	for _job in 1 2 3; do
		job "keep$_job"
		in_group gfp=GFP_KERNEL_ACCOUNT count=100000 release=keep observe=none timeout_ms=30000
		expect_eq "why run $_job ended, tasks killed" "$(status aborted) $kills" "budget 0"
		expect_eq "pages kept" "$(status held_pages)" 0
		expect_eq "blocks that were to be" "$(summary not_held)" "$(summary ok)"
	done
	hungry_for $((70 * 1024)) cgroup_run
	expect_eq "whoever was hungry: exit status, tasks killed in the group" \
		"$HUNGRY $(awk '$1 == "oom_kill" { print $2 }' "$CGROUP/memory.events")" "0 0"
}

# Full already: refused, with a reason
group_full()
{
	cgroup_make memory memory.max=24M memory.swap.max=0
	set_opts gfp=GFP_KERNEL_ACCOUNT count=10 release=at_once
	cgroup_run "$GFP_DIR/anon" 0 21 "$GFP_DIR/write1" "$JOB/control" call > "$GFP_TMP/called" 2>&1 || :
	expect_like "what call says" "$(cat "$GFP_TMP/called")" "*ENOMEM*"
	expect_like "the reason" "$(tail -n 3 "$GFP/error")" "*memory cgroup*limit*"
	expect_eq "tasks killed" "$(awk '$1 == "oom_kill" { print $2 }' "$CGROUP/memory.events")" 0
}

test_case "H4 a run ends before its memory cgroup kills" group_limit 0 memory.max=96M
test_case "H4 also with larger blocks" group_limit 3 memory.max=96M
test_case "H4 and before all tasks of the group are throttled" group_limit 0 memory.high=96M
test_case "H4 others in the group can have the rest" group_of_others
test_case "H4 and does not begin where the group is full" group_full

# ---- H7 sleep

# Whoever opens the device of user space's hibernation tells all drivers that the machine is about to sleep,
# until it is closed. Red if a run goes on meanwhile, or begins.
sleeps()
{
	[ -c /dev/snapshot ] || skip "the kernel has no /dev/snapshot: CONFIG_HIBERNATION_SNAPSHOT_DEV"
	for _word in start call; do
		# shellcheck disable=SC2086 # several options
		set_opts $ENDLESS timeout_ms=60000 release=fifo hold=100 interval_us=100
		"$GFP_DIR/write1" "$JOB/control" $_word > "$GFP_TMP/called" 2>&1 &
		wait_running
		wait_at_work
		exec 8< /dev/snapshot
		expect_eq "how the run ended" "$(status state) $(status aborted) $(status held_pages)" "idle suspend 0"
		expect_refused EBUSY start control '' "*about to sleep*"
		expect_refused EBUSY call control '' "*about to sleep*"
		exec 8<&-
		wait
		set_opts count=5 hold=0 interval_us=0
		call
		expect_eq "afterwards" "$(summary ok)" 5
	done
}

test_case "H7 a run ends before the machine sleeps, and none begins until it wakes" sleeps

run_cases
