#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: somebody else's shortage, while workers that hold memory have no time to give it back
# vm: preempted
# timeout: 600
. "$(dirname "$0")/lib/lib.sh"

# WORKERS OPTION=VALUE...: five tasks take the workers' CPUs. Red if blocks stay because a worker that has a lock
# is not on its CPU.
hogs()
{
	pages=$(($(environment limit.max_pages) * 8 / 10))
	hold=$((pages / $1))
	shift
	set_opts count=0 hold=$hold check=full observe=none timeout_ms=120000 order=0 "$@"
	start
	_left=900
	while [ "$(status held_pages)" -lt $((pages * 9 / 10)) ]; do
		_left=$((_left - 1))
		[ $_left -gt 0 ] || fail "it never holds $pages pages"
		sleep 0.1
	done
	for _ in 1 2 3 4 5; do
		sh -c 'while :; do :; done' &
		undo "kill $! 2> /dev/null || :"
	done
	hungry_for $(($(meminfo MemAvailable) + pages * 2))
	expect_eq "whoever was hungry: exit status, tasks killed" "$HUNGRY $KILLS" "0 0"
	wait_idle
	# It may have seen in time that the machine has no room.
	expect_like "why the run ended, pages held" "$(status aborted) $(status held_pages)" "[ob][ou][md]* 0"
}

test_case "H5 what busy workers hold goes before a task is killed" hogs 2 release=fifo
test_case "H5 also of a run that frees all at once" hogs 2 release=at_end
test_case "H5 also of one worker" hogs 1 release=random cpus=1

run_cases
