#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: somebody else's shortage, while 64 workers hold memory, on a kernel that is preempted where it asks
# dangerous: runs the machine out of memory
# suite: full
# requires: cpus>=64
# vm: many
# timeout: 600
. "$(dirname "$0")/lib/lib.sh"

# OPTION=VALUE...: red if one deadline after the other goes by. Emulated, 64 busy CPUs would leave the hungry task
# a 64th of the time.
many()
{
	busy_workers 64 interval_us=20000 "$@"
	hungry_for $(($(meminfo MemAvailable) + HELD * 2))
	expect_eq "whoever was hungry: exit status, tasks killed" "$HUNGRY $KILLS" "0 0"
	wait_idle 60
	expect_like "why the run ended, pages held" "$(status aborted) $(status held_pages)" "[ob][ou][md]* 0"
}

# Sixty-four pools of a run that is over. Red if they are not emptied before a task is killed.
kept()
{
	_pages=$(($(environment limit.max_pages) * 8 / 10))
	set_opts count=$_pages release=keep check=full observe=none timeout_ms=60000
	start
	wait_idle 60
	expect_ge "pages held" "$(status held_pages)" $((_pages * 9 / 10))
	hungry_for $(($(meminfo MemAvailable) + _pages * 2))
	expect_eq "whoever was hungry: exit status, tasks killed" "$HUNGRY $KILLS" "0 0"
	expect_le "pages held of $_pages" "$(status held_pages)" $((_pages / 2))
}

# Each run has 64 kthreads. Red if they are counted nowhere, or leave no room for the tasks of others.
kthreads()
{
	_other=$(environment account.other_kb) _refused=0
	for _n in 1 2 3 4 5 6 7 8 9 10 11 12; do
		job "threads$_n"
		set_opts count=0 interval_us=60000000 timeout_ms=0 observe=none
		"$GFP_DIR/write1" "$JOB/control" start > "$GFP_TMP/called" 2>&1 || {
			expect_eq "job $_n" "$(cat "$GFP_TMP/called")" ENOMEM
			expect_like "the reason" "$(tail -n 3 "$GFP/error")" "*too many workers*"
			_refused=$((_refused + 1))
		}
		[ $_n != 1 ] || expect_ge "account.other_kb with 64 kthreads" \
			$(($(environment account.other_kb) - _other)) $((64 * 16))
	done
	expect_ge "runs refused" $_refused 1
	expect_le "kthreads" "$(ps -o comm | grep -c '^gfplab/')" $(($(cat /proc/sys/kernel/threads-max) / 4))
}

test_case "H3 kthreads are counted, and leave room for other tasks" kthreads
test_case "H5 what 64 workers have left goes before a task is killed" kept
test_case "H5 so does what 64 workers hold" many release=fifo
test_case "H5 also of a run that frees all at once" many release=at_end

run_cases
