#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: the machine sleeps and wakes: what requests lose meanwhile, and that no run goes on (rows P15 H7)
# dangerous: suspends the machine for ten seconds
# suite: full
# requires: tracefs
# vm: sleeper
# timeout: 240
. "$(dirname "$0")/lib/lib.sh"

TRACING=/sys/kernel/tracing
ALARM=/sys/class/rtc/rtc0/wakealarm

# To memory. What wakes the machine before it sleeps keeps it awake: then the clock is set anew.
sleep_and_wake()
{
	grep -qw mem /sys/power/state 2> /dev/null && grep -qw deep /sys/power/mem_sleep ||
		skip "the machine can't be suspended to memory"
	[ -w $ALARM ] && [ "$(cat /sys/class/rtc/rtc0/device/power/wakeup)" = enabled ] ||
		skip "the machine has no clock that wakes it"
	undo "echo $(sed 's/.*\[\(.*\)\].*/\1/' /sys/power/mem_sleep) > /sys/power/mem_sleep"
	echo deep > /sys/power/mem_sleep
	for _seconds in 10 20 40; do
		echo 0 > $ALARM
		read -r _wakeups < /sys/power/wakeup_count
		echo "+$_seconds" > $ALARM
		! echo "$_wakeups" > /sys/power/wakeup_count || ! echo mem > /sys/power/state || return 0
	done 2> "$GFP_TMP/said"
	fail "the machine does not sleep: $(cat "$GFP_TMP/said")"
}

# TASK: masks of its requests of order 2 in the trace, each with `asleep`, between suspend and resume of devices, which
# is within pm_restrict_gfp_mask() and pm_restore_gfp_mask(), or `awake`: before all that and behind it. The first one of
# each time may have begun earlier: it is the allocator's end of it that is traced.
masks()
{
	traced | awk -v task="$1-" '
		BEGIN { now = "awake" }
		/ suspend_resume: suspend_enter.* begin/ { now = "" }
		/ suspend_resume: dpm_prepare.* begin/ { now = "asleep"; n = 0 }
		/ suspend_resume: dpm_complete.* end/ { now = "" }
		/ suspend_resume: thaw_processes.* begin/ { now = "awake"; n = 0 }
		now && index($1, task) == 1 && / mm_page_alloc: .* order=2 / && n++ {
			sub(/.* gfp_flags=/, "")
			print now, $0
		}'
}

# Red if a driver's request may start I/O while devices sleep, or may not when they are awake again.
masks_restricted()
{
	load_beside gfplab_neighbour || fail "gfplab_neighbour.ko does not load: $(cat "$GFP_TMP/insmod")"
	watch_events kmem/mm_page_alloc power/suspend_resume
	undo "echo 0 > $TRACING/events/kmem/mm_page_alloc/filter"
	echo "order == 2" > $TRACING/events/kmem/mm_page_alloc/filter
	sleep_and_wake
	# A task's name has 15 characters.
	masks gfplab_neighbou > "$GFP_TMP/masks"
	sort "$GFP_TMP/masks" | uniq -c > "$GFP_TMP/sorts"
	note "$(tr '\n' ',' < "$GFP_TMP/sorts")"
	expect_ge "requests while devices sleep" "$(grep -c '^asleep' "$GFP_TMP/masks")" 1
	expect_eq "masks while devices sleep" "$(grep '^asleep' "$GFP_TMP/masks" | sort -u)" 'asleep GFP_NOIO|__GFP_NOWARN'
	expect_eq "masks before and after" "$(grep '^awake' "$GFP_TMP/masks" | sort -u)" 'awake GFP_KERNEL|__GFP_NOWARN'
}

# Red if a run goes on, if it does not say why it ended, or if none can be made afterwards.
run_ends()
{
	# shellcheck disable=SC2086 # several options
	set_opts $ENDLESS timeout_ms=60000 release=fifo hold=100 interval_us=100
	start
	wait_at_work
	sleep_and_wake
	expect_eq "how the run ended" "$(status state) $(status aborted) $(status held_pages)" "idle suspend 0"
	set_opts count=50 hold=0 interval_us=0 release=at_once
	call
	expect_eq "afterwards" "$(summary ok)" 50
}

test_case "P15 while devices sleep no request has __GFP_IO or __GFP_FS" masks_restricted
test_case "H7 a run ends as the machine is suspended, and others can follow" run_ends

run_cases
