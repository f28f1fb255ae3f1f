#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: predictions where a node has no memory, or none but movable memory
# suite: full
# requires: nodes>=3 zone=2:Movable kprobes
# vm: odd
# timeout: 120
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"

# Node 1 has a CPU and no memory, node 2 nothing but zone Movable.

# OPTION=VALUE... : in the task's own cpuset, or in that of cgroup_make
foreseen()
{
	set_opts observe=explain count=4 "$@"
	if [ -d "${CGROUP:-/nowhere}" ]; then
		cgroup_run "$GFP_DIR/write1" "$JOB/control" call
	else
		call
	fi
	expect_eq "explain.agree, differ ($*)" "$(summary explain.agree) $(summary explain.differ)" "4 0"
}

fails_at_once()
{
	expect_all_records result=failed stage=slow
	expect_eq "records that foresaw just that" \
		"$(grep -c ' predicted=slow/none/none/failed ' "$JOB/records")" 4
}

# A nodemask of a node without memory is obeyed, as long as no cpuset is there to be the better
# reason. Red if explain takes it for forgotten.
empty_mask()
{
	! grep -qw cpuset /sys/fs/cgroup/cgroup.subtree_control 2> /dev/null || skip "cpusets are in use here"
	for gfp in "GFP_KERNEL|__GFP_NOWARN" "GFP_ATOMIC|__GFP_NOMEMALLOC|__GFP_NOWARN" "GFP_NOWAIT|__GFP_NOWARN"; do
		foreseen entry=alloc_pages_nodemask nid=1 nodes=1 "gfp=$gfp"
	done
	fails_at_once
}

# The same once there is one, though this task is not in it. Red if explain takes it for obeyed.
empty_mask_forgotten()
{
	cgroup_make cpuset
	CGROUP=
	for gfp in "GFP_KERNEL|__GFP_NOWARN" "GFP_ATOMIC|__GFP_NOMEMALLOC|__GFP_NOWARN" "GFP_NOWAIT|__GFP_NOWARN"; do
		foreseen entry=alloc_pages_nodemask nid=1 nodes=1 "gfp=$gfp"
	done
	expect_all_records result=ok page_nid=0 stage=slow
}

# Behind a hard wall, only node 2: nothing but movable requests has a zone. The kernel sees it at once.
# Red if explain has it reclaim, or kill.
movable_only()
{
	cgroup_make cpuset cpuset.mems=2
	foreseen "gfp=GFP_HIGHUSER|__GFP_NOWARN"
	fails_at_once
	foreseen order=3
	fails_at_once
	foreseen order=0 "gfp=GFP_NOWAIT|__GFP_HARDWALL|__GFP_NOWARN"
	expect_all_records result=failed stage=slow
	foreseen gfp=GFP_HIGHUSER_MOVABLE
	expect_all_records result=ok page_nid=2 zone=Movable stage=fast
	foreseen gfp=GFP_KERNEL
	expect_all_records result=ok page_nid=0 stage=slow
}

# One that must not fail is let out. Red if explain has it fail.
movable_only_nofail()
{
	cgroup_make cpuset cpuset.mems=2
	foreseen "gfp=GFP_HIGHUSER|__GFP_NOFAIL"
	expect_all_records result=ok page_nid=0 stage=slow
}

test_case "X-nodes-empty a nodemask without memory is obeyed while there is no cpuset" empty_mask
test_case "X-nodes-empty it is forgotten as soon as there is one" empty_mask_forgotten
test_case "X-nodes-movable a cpuset of movable memory alone ends other requests at once" movable_only
test_case "X-nodes-movable but for those that may not fail" movable_only_nofail

# A cpuset that is made while a run goes on makes what is predicted from before it wrong, as help says. It
# must show. Red if a difference is not counted, or taken for agreement.
difference_counts()
{
	! grep -qw cpuset /sys/fs/cgroup/cgroup.subtree_control 2> /dev/null || skip "cpusets are in use here"
	set_opts observe=explain entry=alloc_pages_nodemask nid=1 nodes=1 "gfp=GFP_KERNEL|__GFP_NOWARN" cpus=0 \
		count=0 interval_us=5000
	start
	wait_at_work 5
	cgroup_make cpuset
	wait_at_work $(($(status "done") + 5))
	stop
	wait_idle
	expect_ge "requests that met the cpuset" "$(summary ok)" 5
	expect_ge "requests before" "$(summary failed)" 5
	expect_eq "explain.differ" "$(summary explain.differ)" "$(summary ok)"
	expect_eq "explain.agree" "$(summary explain.agree)" "$(summary failed)"
	expect_eq "records that show both" \
		"$(records_where result=ok | grep -c ' predicted=slow/none/none/failed ')" "$(summary ok)"
}

test_case "X-differ a request that went otherwise is counted, and its record shows both" difference_counts

run_cases
