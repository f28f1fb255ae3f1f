#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: a kernel without memory cgroups (cgroup_disable=memory): no charge, shrinkers of the whole machine
# suite: full
# requires: nodes>=2 zone=1:Normal kprobes
# vm: ungrouped
# timeout: 60
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"

require_ungrouped()
{
	[ -r /sys/fs/cgroup/cgroup.controllers ] || skip "no cgroup2 at /sys/fs/cgroup"
	! grep -qw memory /sys/fs/cgroup/cgroup.controllers ||
		skip "memory cgroups are not switched off: boot with cgroup_disable=memory"
}

# Red if a request with __GFP_ACCOUNT fails where there is no group to charge, or is taken for one whose charge did.
not_charged()
{
	require_ungrouped
	set_opts entry=alloc_pages_node nid=1 gfp=GFP_KERNEL_ACCOUNT count=500 release=at_end observe=explain check=full
	call
	expect_all_records result=ok charge=none bad=none page_nid=1
	expect_eq "explain.differ" "$(summary explain.differ)" 0
}

# Red if a run is held to the limit of a group, or can't tell that there is none.
no_limit()
{
	require_ungrouped
	set_opts entry=alloc_pages_node nid=1 gfp=GFP_KERNEL count=2000 release=at_end observe=none
	start
	wait_idle
	expect_eq "how the run ended" "$(status aborted)" none
	expect_eq "requests that were served" "$(summary ok)" 2000
}

# Red if shrink_slab() calls no shrinker where there is no root group.
slab_shrunk()
{
	require_ungrouped
	set_opts entry=alloc_pages_node nid=1 'gfp=GFP_KERNEL|__GFP_RETRY_MAYFAIL|__GFP_THISNODE|__GFP_NOWARN' \
		squeeze=1:Normal:60 count=4
	echo 2 > /proc/sys/vm/drop_caches
	scanned=$(vmstat slabs_scanned)
	# shellcheck disable=SC2016 # the inner shell's
	"$GFP_DIR/mempol" bind 1 sh -c 'find /sys > /dev/null 2>&1; exec "$@"' sh "$GFP_DIR/write1" "$JOB/control" call ||
		fail "no call with the policy bind 1"
	expect_some_record "reclaims>=1"
	expect_ge "objects freed, by the records" "$(sum_of slab)" 100
	expect_ge "objects scanned, by the kernel's count" "$(($(vmstat slabs_scanned) - scanned))" 100
}

test_case "M2 without memory cgroups __GFP_ACCOUNT is not charged" not_charged
test_case "M2 without memory cgroups no limit of one is looked at" no_limit
test_case "R1 without memory cgroups slab is shrunk" slab_shrunk

run_cases
