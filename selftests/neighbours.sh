#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: an adversary that may use everything but unsafe=1, beside a machine that does other work
# dangerous: is an adversary beside all other work
# suite: full
# requires: nodes>=2 zone=1:Normal
# vm: work
# timeout: 300
#
# HOST_JOBS=N runs at least (100), SEED=N (1). The full numbers: scripts/check-host.
. "$(dirname "$0")/lib/lib.sh"

HOST_JOBS=${HOST_JOBS:-100}
SEED=${SEED:-1}
LOOK_AT=/sys/module/gfplab_neighbour/parameters/report

# Tasks outside of any group, and tasks in one that has little more than they need.
work_begin()
{
	_disk=none
	for _d in /dev/nvme0n1 /dev/vda; do
		[ ! -b $_d ] || _disk=$_d	# it is read, and nothing else
	done
	"$GFP_DIR/work" $_disk > "$GFP_TMP/work.out" 2>&1 &
	outside=$!
	undo "kill $outside 2> /dev/null || :"
	cgroup_make memory memory.max=24M
	cgroup_run "$GFP_DIR/work" none > "$GFP_TMP/work.in" 2>&1 &
	inside=$!
	undo "kill $inside 2> /dev/null; wait $inside 2> /dev/null || :"
}

# Neither failed nor was killed until now.
work_goes_on()
{
	kill -0 $outside 2> /dev/null || fail "a task beside was killed, or failed: $(cat "$GFP_TMP/work.out")"
	kill -0 $inside 2> /dev/null || fail "a task in a group was killed, or failed: $(cat "$GFP_TMP/work.in")"
	expect_eq "tasks killed for want of memory" $(($(vmstat oom_kill) - kills)) 0
}

# FILE: what the neighbours saw so far is kept there
look() { cat "$LOOK_AT" > "$1"; }

# Looks and requests of one phase held against another: what did not happen without the module may not
# happen with it; what did, no more than twice as often.
expect_no_worse()
{
	_worse=$(awk '
		{
			split("", f)
			for (i = 1; i <= NF; i++) {
				at = index($i, "=")
				f[substr($i, 1, at - 1)] = substr($i, at + 1)
			}
			name = $1 == "zone" ? $1 " " $2 : $1
			bad = $1 == "zone" ? f["below"] : f["failed"]
			if ($1 != "zone")
				all = f["requests"] + 1
			else
				all = looks
			if ($1 == "atomic")
				looks = f["requests"] + 1
		}
		NR == FNR { bad_before[name] = bad; all_before[name] = all; next }
		bad / all > 2 * bad_before[name] / all_before[name] {
			printf "%s: %d of %d, without the module %d of %d;", $0, bad, all,
				bad_before[name], all_before[name]
		}' "$1" "$2")
	[ -z "$_worse" ] || fail "what happens to others:" "$_worse"
}

# How long a plain call takes here and now, of three the longest: to attach and to take off probes. That is
# the measure for a machine that is busy or emulated. Sets $grace, in milliseconds.
measure()
{
	_longest=0
	for _ in 1 2 3; do
		clock
		_begun=$NOW
		call
		clock
		[ $((NOW - _begun)) -le $_longest ] || _longest=$((NOW - _begun))
	done
	grace=$((2000 + _longest * 10 * 20))
}

x=$((SEED % 2147483646 + 1))
# BELOW: sets $drawn to 0..BELOW-1, by Park and Miller
draw()
{
	x=$((x * 16807 % 2147483647))
	drawn=$((x / 8 % $1))
}

# A job that sleeps keeps the probes attached: to attach them takes longer than most runs.
keep_probes()
{
	(
		job keeper
		set_opts observe=explain count=0 cpus=0 interval_us=60000000 ring=1 timeout_ms=0
		start
	)
}

# COMMAND...: becomes a task of which a mempolicy, a cpuset or a memory cgroup holds, each in its turn
become()
{
	case $((rounds % 4)) in
	0) exec "$@" ;;
	1) exec "$GFP_DIR/mempol" bind 1 "$@" ;;
	2) _group=/sys/fs/cgroup/gfplab.cpuset ;;
	3) _group=/sys/fs/cgroup/gfplab.adversary ;;
	esac
	# shellcheck disable=SC2016 # the inner shell's
	exec sh -c 'echo $$ > "$0/cgroup.procs" && exec "$@"' $_group "$@"
}

# The adversary for some seconds; its processes are killed, and the module unloaded, at any moment.
round()
{
	keep_probes
	become "$GFP_DIR/fuzz" $((SEED * 1000 + rounds)) 1000000 4 $grace > "$GFP_TMP/fuzz" 2>&1 &
	_fuzz=$!
	until grep -q '^begun' "$GFP_TMP/fuzz" 2> /dev/null; do
		kill -0 $_fuzz 2> /dev/null || fail "the adversary did not begin: $(cat "$GFP_TMP/fuzz")"
		sleep 0.1
	done
	draw 20
	sleep $((drawn + 5))
	kill -TERM $_fuzz 2> /dev/null || fail "the adversary ended: $(cat "$GFP_TMP/fuzz")"
	wait $_fuzz || fail "the adversary says: $(cat "$GFP_TMP/fuzz")"
	work_goes_on
	made=$((made + $(sed -n 's/^runs //p' "$GFP_TMP/fuzz")))
	# What was killed in the middle of a `call` ends with its request.
	_busy=100
	until [ "$(cat /sys/module/gfplab/refcnt)" = 0 ]; do
		_busy=$((_busy - 1))
		[ $_busy -gt 0 ] || fail "the module is still in use 10 s after all that used it were killed"
		sleep 0.1
	done
	clock
	_begun=$NOW
	gfp_unload
	clock
	[ $((NOW - _begun)) -le $slowest ] || slowest=$((NOW - _begun))
	gfp_load
	rounds=$((rounds + 1))
}

adversary()
{
	load_beside gfplab_neighbour || fail "gfplab_neighbour.ko does not load: $(cat "$GFP_TMP/insmod")"
	kills=$(vmstat oom_kill)
	gfp_unload
	work_begin
	mkdir /sys/fs/cgroup/gfplab.adversary
	undo "cgroup_remove /sys/fs/cgroup/gfplab.adversary"
	echo 64M > /sys/fs/cgroup/gfplab.adversary/memory.max
	cgroup_make cpuset cpuset.mems=1
	sleep 3		# until all of it is at work
	echo > "$LOOK_AT"
	sleep $((HOST_JOBS < 1000 ? 10 : 30))
	look "$GFP_TMP/without"
	work_goes_on
	gfp_load
	measure
	echo > "$LOOK_AT"
	made=0 rounds=0 slowest=0
	while [ $made -lt "$HOST_JOBS" ]; do
		round
	done
	look "$GFP_TMP/with"
	work_goes_on
	expect_no_worse "$GFP_TMP/without" "$GFP_TMP/with"
	expect_le "centiseconds for the slowest rmmod" $slowest $((grace / 10 + 300))
	note "torture: host: $made runs in $rounds rounds (seed $SEED), slowest rmmod $((slowest * 10)) ms," \
		"nobody killed; drivers beside: $(grep -v zone "$GFP_TMP/with" | tr '\n' ';')" \
		"zones: $(sed -n 's/^zone //p' "$GFP_TMP/with" | tr '\n' ';')"
}

test_case "H9 others get what they ask for, and nobody is killed, whatever is asked here" adversary

run_cases
