#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: somebody else's shortage, while workers that hold memory have no time to give it back
# dangerous: runs the machine out of memory
# requires: nodes>=2 zone=1:Normal
# vm: preempted
# timeout: 600
. "$(dirname "$0")/lib/lib.sh"

# What workers hold must be gone, and no task killed. It may have been seen in time that there is no room.
expect_given()
{
	expect_eq "whoever was hungry: exit status, tasks killed" "$HUNGRY $KILLS" "0 0"
	wait_idle
	expect_like "why the run ended, pages held" "$(status aborted) $(status held_pages)" "[ob][ou][md]* 0"
}

# WORKERS OPTION=VALUE...: red if blocks stay because a worker that has a lock is not on its CPU.
machine()
{
	busy_workers "$@"
	hungry_for $(($(meminfo MemAvailable) + HELD * 2))
	expect_given
}

# COMMAND...: by which a task may use node 1 alone. Half of what is held there is what it lacks.
node_of()
{
	job held
	# A quarter of the node: what all of the machine would be is not there.
	set_opts entry=alloc_pages_nodemask nid=1 nodes=1 gfp=GFP_KERNEL count=100000 release=keep check=full \
		observe=none timeout_ms=60000
	call
	_held=$(status held_pages)
	expect_ge "pages held on node 1" "$_held" 10000
	fold_counters
	hungry_for $((($(zone_free 1 Normal) - $(zone_mark 1 Normal high) + _held / 2) * 4)) "$@"
	expect_eq "whoever was hungry: exit status, tasks killed" "$HUNGRY $KILLS" "0 0"
	expect_le "pages held of $_held" "$(status held_pages)" $((_held / 2))
}

in_policy() { node_of "$GFP_DIR/mempol" bind 1; }
in_cpuset()
{
	cgroup_make cpuset cpuset.mems=1
	node_of cgroup_run
}

test_case "H5 what busy workers hold goes before a task is killed" machine 2 release=fifo
test_case "H5 also of a run that frees all at once" machine 2 release=at_end
test_case "H5 also of one worker" machine 1 release=random cpus=1
test_case "H5 also for a task that a mempolicy binds to the node" in_policy
test_case "H5 and for one whose cpuset has no other" in_cpuset

run_cases
