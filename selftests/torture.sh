#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: at any moment: rmmod, SIGKILL, CPUs that go, memory that runs out, a thousand loads
# dangerous: takes CPUs away, kills tasks and runs the machine out of memory
# suite: full
# requires: nodes>=2 cpus>=2 zone=1:Normal kprobes
# vm: hostile
# timeout: 300
#
# TORTURE=1: the full numbers (scripts/torture); SEED=N draws other moments (1).
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"

SEED=${SEED:-1}
if [ -n "${TORTURE:-}" ]; then
	RMMODS=200 KILLS=100 STARTS=50 HOTPLUGS=100 LOADS=1000 OOMS=5
else
	RMMODS=24 KILLS=15 STARTS=13 HOTPLUGS=10 LOADS=30 OOMS=1
fi

# How much less memory is free afterwards. KASAN keeps what was freed for a while, and leaks are kmemleak's.
LOST_KB=1023
[ -z "$WATCHED" ] || LOST_KB=8192

# BELOW: $drawn is 0..BELOW-1, by Park and Miller
x=$((SEED % 2147483646 + 1))
draw()
{
	x=$((x * 16807 % 2147483647))
	drawn=$((x / 8 % $1))
}
draw 2

# Up to MS milliseconds
some_time()
{
	draw "$1"
	sleep "$(printf '0.%03d' "$drawn")"
}

# Runs of every kind: WORD OPTION=VALUE...
KINDS='start context=task order=0-3
start context=atomic gfp=GFP_ATOMIC
start context=softirq gfp=GFP_ATOMIC order=0-2
start context=hardirq gfp=GFP_ATOMIC
start release=keep
start release=at_end order=0 max_pages=20000
start check=full release=random hold=50 order=0-2
start observe=explain order=0-4
start interval_us=6000000 hold=2
start entry=vmalloc order=0-4
start entry=bulk order=3
start entry=page_frag order=0-4
start entry=contig_range order=2 hold=20
call context=task order=0-3
call context=atomic gfp=GFP_ATOMIC
call context=softirq gfp=GFP_ATOMIC
call context=hardirq gfp=GFP_ATOMIC
call release=keep max_pages=5000 interval_us=100
call interval_us=6000000
call entry=alloc_pages_node nid=1 squeeze=1:Normal:low+5%
call entry=alloc_pages_node nid=1 gfp=GFP_ATOMIC squeeze=1:Normal:70
call entry=alloc_pages_node nid=1 gfp=GFP_NOWAIT fragment=1:Normal:4
call entry=alloc_pages_node nid=1 gfp=GFP_NOWAIT squeeze=1:Normal:low fragment=1:Normal:6
call entry=alloc_pages_nodemask nid=1 nodes=1 gfp=GFP_KERNEL|__GFP_RETRY_MAYFAIL|__GFP_NOWARN order=9 squeeze=1:Normal:100'
[ -n "$HARDIRQ" ] || KINDS=$(echo "$KINDS" | sed 's/context=hardirq/context=softirq/' | awk '!seen[$0]++')
[ -n "$(only_here bulk)" ] || KINDS=$(echo "$KINDS" | grep -v 'entry=bulk ')
NR_KINDS=$(echo "$KINDS" | wc -l)

# N: so many kinds there must have been: sets $met
met()
{
	met=$(sort -u "$GFP_TMP/kinds" | wc -l)
	expect_eq "kinds of runs" "$met" "$1"
}

# N [WORD]: chooses a kind, of those with WORD only if it's there: sets $kind, $word and the job's options.
choose()
{
	_kinds=$(echo "$KINDS" | grep "^${2:-}")
	kind=$(echo "$_kinds" | sed -n "$(($1 * 7 % $(echo "$_kinds" | wc -l) + 1))p")
	word=${kind%% *}
	echo "$kind" >> "$GFP_TMP/kinds"
	put set "$(cat "$GFP_TMP/defaults")"
	set_opts count=0 hold=300 timeout_ms=60000 ring=500 "seed=$((SEED + $1))" "${kind#* }"
}

# N [WORD]: begins a run of some kind, for ever; $word is how; $caller is who makes a `call`
begin()
{
	choose "$@"
	caller=
	if [ "$word" = start ]; then
		start
	else
		"$GFP_DIR/write1" "$JOB/control" call > "$GFP_TMP/called" 2>&1 &
		caller=$!
	fi
}

# ---- rmmod

# Refused while the call goes on; the caller being killed, it succeeds.
rmmod_during_call()
{
	wait_running
	some_time 100
	said=$(rmmod gfplab 2>&1) && fail "rmmod succeeded during a call"
	expect_like "what rmmod says" "$said" "*temporarily unavailable*"
	refused=$((refused + 1))
	kill -KILL "$caller"
	wait "$caller" 2> /dev/null || :
	wait_idle 10
}

# Until so many times rmmod came in the middle of a run. Runs that end by themselves, for they may hold
# no more, are met as well.
rmmods()
{
	gfp_unload
	round=0 during=0 refused=0 blocks=0 slowest=0
	: > "$GFP_TMP/kinds"
	while [ $during -lt "$1" ]; do
		[ $round -lt $((2 * $1)) ] || fail "of $round times only $during were in the middle of a run"
		gfp_load unsafe=1
		JOB=$GFP/jobs/default
		begin $round
		if [ "$word" = call ]; then
			rmmod_during_call
			# Beside what that one kept.
			begin $round start
		fi
		some_time 150
		[ "$(status state)" = idle ] || during=$((during + 1))
		clock
		begun=$NOW
		gfp_unload
		clock
		[ $((NOW - begun)) -le $slowest ] || slowest=$((NOW - begun))
		taken=${TAKEN:-0} blocks=$((blocks + taken))
		expect_nothing_left
		round=$((round + 1))
		# The first of each kind fill the kernel's own caches.
		[ $round -ne $((NR_KINDS < $1 / 2 ? NR_KINDS : $1 / 2)) ] || before=$(unused_kb)
	done
	after=$(unused_kb)
	expect_le "centiseconds for the slowest rmmod" $slowest 500
	expect_ge "KiB of free memory afterwards" "$after" $((before - LOST_KB))
	met "$NR_KINDS"
	note "torture: rmmod: $during times in the middle of a run, $((round - during)) times after it, $met kinds" \
		"(seed $SEED); refused $refused times during a call; slowest $((slowest * 10)) ms," \
		"$blocks blocks taken and given back, $((after - before)) KiB of free memory"
}

test_case "T-rmmod rmmod during runs of every kind" rmmods $RMMODS

# ---- SIGKILL

# Free pages of node 1, those of per-cpu lists included
zone_pages() { free_or_listed 1 Normal; }

# What the run is at, by its status line, for the figure
reached()
{
	read -r _status < "$JOB/status"
	_state=${_status#state=}
	_state=${_state%% *}
	case $_status in state=[!i]*" done=0 "*) _state="$_state before a request" ;; esac
	echo "$_state" >> "$GFP_TMP/reached"
}

# N STATE, N STATE...
all_reached()
{
	sort "$GFP_TMP/reached" | uniq -c | awk '{ $1 = $1; printf "%s%s", (NR > 1 ? ", " : ""), $0 }'
}

# Once nobody runs: the job holds what it shall keep, and nothing when that was given back.
expect_survived()
{
	wait_idle 10
	case $kind in
	*release=keep*) reset ;;
	*) expect_eq "pages held after kill ($kind)" "$(status held_pages)" 0 ;;
	esac
	expect_near "pages of the zone that nobody uses ($kind)" "$(zone_pages)" "$zone" 1000
	expect_eq "bad blocks ($kind)" "$(summary bad_blocks)" 0
	reset
	expect_eq "pages held after reset" "$(status held_pages)" 0
}

# The job does what it did, and the machine has its memory.
expect_unhurt()
{
	put set "$(cat "$GFP_TMP/defaults")"
	call
	expect_eq "requests that a call makes afterwards" "$(summary requests ok)" "1 1"
	reset
	after=$(unused_kb)
	expect_ge "KiB of free memory afterwards" "$after" $((before - LOST_KB))
}

# Whoever makes a call, waits for a run's end or reads, in whatever he does.
kills()
{
	round=0 signal=0 slowest=0
	: > "$GFP_TMP/reached"
	: > "$GFP_TMP/kinds"
	zone=$(zone_pages)
	nr_calls=$(echo "$KINDS" | grep -c ^call)
	while [ $round -lt "$1" ]; do
		# The first of each kind fill the kernel's own caches.
		[ $round -ne "$nr_calls" ] || before=$(unused_kb)
		begin $round call
		some_time $((round % 3 * 120 + 20))
		case $((round % 4)) in
		3)	# somebody else waits for it
			"$GFP_DIR/write1" "$JOB/control" stop > /dev/null 2>&1 &
			second=$!
			some_time 30 ;;
		*)
			cat "$JOB/records" > /dev/null 2>&1 &
			second=$! ;;
		esac
		reached
		clock
		begun=$NOW
		kill -KILL $second "$caller" 2> /dev/null || :
		wait $second 2> /dev/null || :
		wait "$caller" 2> /dev/null || :
		wait_idle 10
		clock
		[ $((NOW - begun)) -le $slowest ] || slowest=$((NOW - begun))
		[ "$(status aborted)" != signal ] || signal=$((signal + 1))
		expect_survived
		round=$((round + 1))
	done
	expect_unhurt
	expect_ge "calls that the signal ended" $signal $((round / 3))
	met "$nr_calls"
	note "torture: SIGKILL: $round callers of $met kinds (seed $SEED): $(all_reached);" \
		"$signal runs ended by it; slowest $((slowest * 10)) ms, $((after - before)) KiB of free memory"
}

test_case "T-kill SIGKILL to tasks that call, wait or read" kills $KILLS

# Whoever starts a run: before he writes, while he does, which takes longest with all probes, and after it.
# There is a whole run then, or none.
kills_start()
{
	choose 0 start
	set_opts observe=explain
	clock
	begun=$NOW
	start
	clock
	span=$(((NOW - begun) * 6 + 10))
	stop
	reset
	round=0 early=0 amid=0 late=0
	: > "$GFP_TMP/reached"
	: > "$GFP_TMP/kinds"
	echo > "$GFP/error"
	zone=$(zone_pages)
	nr_starts=$(echo "$KINDS" | grep -c ^start)
	while [ $round -lt "$1" ]; do
		[ $round -ne $((nr_starts < $1 / 2 ? nr_starts : $1 / 2)) ] || before=$(unused_kb)
		choose $round start
		set_opts observe=explain
		"$GFP_DIR/write1" "$JOB/control" start > "$GFP_TMP/called" 2>&1 &
		some_time $span
		kill -KILL $! 2> /dev/null || :
		rc=0
		wait $! 2> /dev/null || rc=$?
		reached
		case $rc-$(status run) in
		137-0) early=$((early + 1)) ;;
		137-*) amid=$((amid + 1)) ;;
		0-[1-9]*) late=$((late + 1)) ;;
		*) fail "how start ended ($kind)" "$rc: $(cat "$GFP_TMP/called")" ;;
		esac
		[ "$(status run)" = 0 ] || wait_at_work
		stop
		expect_survived
		expect_eq "threads ($kind)" "$(ps -o comm | grep -c '^gfplab/' || :)" 0
		round=$((round + 1))
	done
	interrupted=$(get error | grep -c 'no kthread for CPU' || :)
	expect_unhurt
	expect_ge "writers killed in the middle of it" $amid $((round / 25))
	met "$nr_starts"
	note "torture: SIGKILL: $round who start $met kinds (seed $SEED): $early before there was a run" \
		"($interrupted while threads were made), $amid in the middle, $late after it (within $span ms);" \
		"then: $(all_reached); $((after - before)) KiB of free memory"
}

test_case "T-kill-start SIGKILL to tasks that start a run" kills_start $STARTS

# ---- CPU hotplug

# N: CPU 1 goes and comes N times; then $GFP_TMP/toggled says how often.
toggle()
{
	_n=0
	while [ $_n -lt "$1" ]; do
		echo 0 > /sys/devices/system/cpu/cpu1/online
		sleep 0.05
		echo 1 > /sys/devices/system/cpu/cpu1/online
		sleep 0.05
		_n=$((_n + 1))
		echo $_n > "$GFP_TMP/toggles"
	done
	mv "$GFP_TMP/toggles" "$GFP_TMP/toggled"
}

# Every request has its record, none has two.
expect_all_recorded()
{
	requests=$(summary requests)
	expect_eq "lost records" "$(summary lost_records)" 0
	expect_eq "records" "$(wc -l < "$JOB/records")" "$requests"
	expect_eq "records, each counted once" "$(cut -d ' ' -f 1-4 "$JOB/records" | sort -u | wc -l)" "$requests"
	expect_eq "bad blocks" "$(summary bad_blocks)" 0
	total=$((total + requests))
}

hotplug()
{
	[ -w /sys/devices/system/cpu/cpu1/online ] || skip "CPU 1 can't go offline"
	undo "echo 1 > /sys/devices/system/cpu/cpu1/online"
	rm -f "$GFP_TMP/toggled"
	toggle "$1" &
	toggler=$!
	undo "kill $toggler 2> /dev/null || :"
	total=0 runs=0 gone=0
	while [ ! -e "$GFP_TMP/toggled" ]; do
		case $((runs % 5)) in
		0) set_opts context=task gfp=GFP_KERNEL order=0-3 ;;
		1) set_opts context=atomic gfp=GFP_ATOMIC ;;
		2) set_opts context=softirq gfp=GFP_ATOMIC ;;
		3) set_opts context="${HARDIRQ:-softirq}" gfp=GFP_ATOMIC ;;
		4) set_opts context=task gfp=GFP_KERNEL order=0 interval_us=20000 ;;
		esac
		set_opts count=0 cpus=all hold=50 interval_us=1000 ring=20000 timeout_ms=60000
		if said=$("$GFP_DIR/write1" "$JOB/control" start); then
			some_time 999
			stop
			expect_eq "how the run ended" "$(status aborted)" stop
			expect_all_recorded
			runs=$((runs + 1))
		else
			expect_eq "why no run begins" "$said" ENODEV
			gone=$((gone + 1))
		fi
	done
	wait $toggler
	expect_eq "times that the CPU went and came" "$(cat "$GFP_TMP/toggled")" "$1"
	expect_ge "runs" $runs 2
	note "torture: CPU hotplug: CPU 1 went and came $1 times during $runs runs, $total requests, as many records," \
		"0 lost; $gone starts refused because it was gone"
}

test_case "T-hotplug CPUs go and come: no record is lost" hotplug $HOTPLUGS

# ---- out of memory, because of somebody else

# Takes what is available and half of what we hold: that much must come back, or somebody is killed.
hungry()
{
	held=$(status held_pages)
	expect_ge "pages held" "$held" $((PAGES * 31 / 32))
	hungry_for $(($(meminfo MemAvailable) + held * 2))
	wait_idle 10
	left=$(status held_pages)
	expect_le "pages still held, of $held" "$left" $((held / 10))
	# A run that goes on may have seen in time that the machine has no room.
	expect_like "why the run ended" "$(status aborted)" "${ENDED:-[ob][ou][md]*}"
	expect_eq "whoever was hungry: exit status, tasks killed" "$HUNGRY $KILLS" "0 0"
	note "torture: OOM: $1: $((held - left)) of $held pages given back, nobody killed"
	reset
}

# What was hungry leaves pages in the per-cpu lists, which nobody counts as available, from 6.7 on
# many. A run may keep a quarter.
recovered()
{
	drain 0
	drain 1
	_left=200
	while [ "$(meminfo MemAvailable)" -lt $((4 * PAGES * 4)) ] && [ $_left -gt 0 ]; do
		_left=$((_left - 1))
		sleep 0.1
	done
}

# PAGES: waits until the job holds so many, as long as they become more: a busy host may need minutes
wait_holding()
{
	_most=0 _left=600
	while _held=$(status held_pages); [ "$_held" -lt "$1" ]; do
		_left=$((_left - 1))
		[ "$_held" -le $_most ] || _most=$_held _left=600
		[ $_left -gt 0 ] || fail "it holds $_held pages of $1, and no more in a minute: $(get status)"
		sleep 0.1
	done
}

# WORD WHO OPTION=VALUE...: as many pages as they may hold, then somebody is hungry
held_by()
{
	_word=$1 _who=$2
	shift 2
	recovered
	set_opts entry=alloc_pages interval_us=0 release=fifo observe=full count=0 timeout_ms=1200000 cpus=all max_pages=0 "$@"
	"$GFP_DIR/write1" "$JOB/control" "$_word" &
	wait_holding $((PAGES * 31 / 32))
	# Nobody holds it any more who could be told to end.
	ENDED=
	if [ "$(opt release)" = keep ]; then
		wait_idle
		ENDED=oom
	fi
	hungry "$_who"
	wait
}

# Red if nothing is given back by who is inside the allocator, perhaps out of memory there itself, by
# a caller, by whose probes take their time, or by a run that is over.
oom()
{
	gfp_unload
	gfp_load
	# A run may keep a quarter of what is available, which is little where much is watched, and less than that
	# the next time: so less is taken than could be.
	PAGES=$(($(environment limit.max_pages) * 8 / 10 / 1024 * 1024))
	round=0
	while [ $round -lt "$1" ]; do
		held_by start "workers hold" hold=$((PAGES / 32)) order=4 interval_us=200 observe=none
		held_by start "workers that never pause" hold=$((PAGES / 2 - 100)) order=0 ring=100
		held_by call "a caller holds" hold=$PAGES order=0 interval_us=100
		held_by start "kept by a run that is over" release=keep order=4 count=$((PAGES / 16)) hold=0 observe=none
		held_by start "kept by a run that hit its limit and is over" release=keep order=4 hold=0 max_pages=$PAGES \
			cpus=0 observe=none
		round=$((round + 1))
	done
	# What is given back is not the last run's, which kept nothing.
	recovered
	set_opts release=keep order=4 count=$((PAGES / 32)) hold=0 max_pages=0
	"$GFP_DIR/write1" "$JOB/control" call
	set_opts release=fifo count=1
	"$GFP_DIR/write1" "$JOB/control" call
	PAGES=$((PAGES / 2)) ENDED=none
	hungry "kept by a run before the last"
}

test_case "T-oom the system runs out of memory: what is held goes before any task is killed" oom $OOMS

# ---- loads

loads()
{
	gfp_unload
	file=$(ko)
	clock
	begun=$NOW
	n=0
	while [ $n -lt "$1" ]; do
		insmod "$file" || fail "insmod failed the $n-th time"
		rmmod gfplab || fail "rmmod failed the $n-th time"
		n=$((n + 1))
		[ $((n % 50)) -ne 0 ] || expect_nothing_left
		[ $n -ne $((50 < $1 / 2 ? 50 : $1 / 2)) ] || before=$(unused_kb)
	done
	expect_nothing_left
	after=$(unused_kb)
	clock
	expect_ge "KiB of free memory afterwards" "$after" $((before - LOST_KB))
	note "torture: load and unload: $n times in $(((NOW - begun) / 100)) s, $((after - before)) KiB of free memory," \
		"no file, event, kprobe or thread left"
}

test_case "T-load load and unload, again and again" loads $LOADS

run_cases
