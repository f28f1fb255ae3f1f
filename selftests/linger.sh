#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: probes stay attached for linger_ms after the last run that needed them, and no longer
# requires: cpus>=2 kprobes
# vm: runs
# timeout: 120
. "$(dirname "$0")/lib/lib.sh"

KPROBES=/sys/kernel/debug/kprobes

reload()
{
	! loaded || gfp_unload
	gfp_load "$@"
	dmesg_mark "loaded with $*"
}

# How many are attached, by the module; and how many kprobes there are, by the kernel.
attached() { grep -c '^probe.* attached=1' "$GFP/environment" || :; }
kprobes() { wc -l < $KPROBES/list; }

wait_detached()
{
	_left=300
	until [ "$(attached) $(kprobes)" = "0 0" ]; do
		_left=$((_left - 1))
		[ $_left -gt 0 ] || fail "still attached:" "$(grep '^probe.* attached=1' "$GFP/environment")" \
			"$(cat $KPROBES/list)"
		sleep 0.1
	done
}

# LEVEL: a call at it; there is no other after 60 s
called()
{
	set_opts "observe=$1"
	call
	expect_eq "requests, ok" "$(summary requests ok)" "1 1"
}

# Red if they are detached at once, with a wrong unit, or never.
a_second()
{
	reload
	called full
	expect_ge "probes attached after the call" "$(attached)" 10
	expect_ge "kprobes after the call" "$(kprobes)" 2
	expect_eq "users of them" "$(grep -c '^probe.* users=[1-9]' "$GFP/environment" || :)" 0
	wait_detached
}

as_long_as_told()
{
	reload linger_ms=60000
	expect_eq linger_ms "$(cat /sys/module/gfplab/parameters/linger_ms)" 60000
	called full
	before=$(attached)
	sleep 3
	expect_eq "probes attached three seconds later" "$(attached)" "$before"
	expect_record -1 stage=fast source!=unknown attempts=1
	call
	expect_eq "probes attached after another call" "$(attached)" "$before"
	expect_record -1 stage=fast source!=unknown attempts=1
}

at_once()
{
	reload linger_ms=0
	for level in path full explain; do
		called $level
		expect_eq "probes attached, kprobes after a call at $level" "$(attached) $(kprobes)" "0 0"
	done
}

# A run that needs fewer, or none, is not slowed by what lingers.
no_more_than_needed()
{
	reload linger_ms=60000
	called full
	called path
	# Where the slow path is inlined, attempts tell of it.
	if ! grep -q '^probe.slowpath absent' "$GFP/environment"; then
		! grep -q '^probe.attempt .* attached=1' "$GFP/environment" || fail "after a call at path the attempts are"
		grep -q '^probe.slowpath .* attached=1' "$GFP/environment" || fail "after a call at path the slow path is not"
	fi
	called none
	expect_eq "probes attached, kprobes after a call at none" "$(attached) $(kprobes)" "0 0"
}

# What another run needs stays.
others_stay()
{
	reload linger_ms=0
	set_opts "$ENDLESS" interval_us=1000 observe=full
	start
	wait_at_work
	before=$(attached)
	job second
	called none
	called path
	expect_eq "probes attached beside a run at full" "$(attached)" "$before"
	put remove second
	job default
	expect_eq "state of that run" "$(status state)" running
	stop
	expect_eq "probes attached after it" "$(attached)" 0
}

# keep_probes=1: past the run, until the job no longer wants them.
kept()
{
	reload linger_ms=0
	for over in reset set remove; do
		job keeper
		set_opts keep_probes=1
		called path
		before=$(attached)
		expect_ge "probes that the job keeps after a call at path" "$before" 5
		called full
		expect_ge "after one at full" "$(attached)" $((before + 1))
		called path
		expect_eq "after another at path" "$(attached)" "$before"
		case $over in
		reset) reset ;;
		set) set_opts keep_probes=0; call ;;
		remove) put remove keeper ;;
		esac
		expect_eq "probes attached after $over" "$(attached)" 0
		[ $over = remove ] || put remove keeper
		job default
	done
	set_opts keep_probes=1
	called full
}

# Red if rmmod waits for linger_ms, or leaves a probe that calls into memory that is gone.
unloaded()
{
	reload linger_ms=60000
	called full
	expect_ge "kprobes" "$(kprobes)" 2
	soon rmmod gfp_unload
	expect_eq "kprobes after rmmod" "$(kprobes)" 0
	cat /proc/self/maps > /dev/null	# requests that met the probes before
	gfp_load
	set_opts keep_probes=1
	called full
	soon "rmmod with kept probes" gfp_unload
	expect_eq "kprobes after that" "$(kprobes)" 0
	gfp_load
}

# The switch is turned while probes linger: a call after it knows what it can know.
switched_off()
{
	reload linger_ms=60000
	called full
	[ -w $KPROBES/enabled ] || skip "no $KPROBES/enabled"
	echo 0 > $KPROBES/enabled
	undo "echo 1 > $KPROBES/enabled"
	called full
	expect_record -1 stage=unknown attempts=unknown
	echo 1 > $KPROBES/enabled
	called full
	expect_record -1 stage=fast attempts=1
}

# ERRNO VALUE
refused()
{
	! loaded || gfp_unload
	for bad in x -1 60001 99999999999 ''; do
		! insmod "$(ko)" "linger_ms=$bad" 2> /dev/null || fail "insmod took linger_ms=$bad"
	done
	gfp_load linger_ms=60000
}

test_case "L-linger probes stay for a second after a run, and go" a_second
test_case "L-linger-ms they stay for as long as linger_ms says, and later calls use them" as_long_as_told
test_case "L-linger-0 with linger_ms=0 they go with the run" at_once
test_case "L-linger-less a run at a lower level does not find attached what lingers" no_more_than_needed
test_case "L-linger-others what another run needs stays" others_stay
test_case "L-keep keep_probes=1 holds them past the run, until reset, a run with 0 or removal" kept
test_case "L-linger-rmmod rmmod takes off what lingers or is kept, and does not wait for it" unloaded
test_case "L-linger-switch kprobes that are switched off while they linger are no evidence" switched_off
test_case "L-linger-refused what is no time up to a minute is refused" refused

run_cases
