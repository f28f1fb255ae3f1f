#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: what the kernel logs of a request that failed, and of which (row S14)
# suite: full
# requires: nodes>=2 zone=1:Normal kprobes
# vm: pieces
# timeout: 120
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"

# GFP [OPTION=VALUE...]: a request of the task write1 that fails
failing()
{
	_gfp=$1
	shift
	set_opts entry=alloc_pages_node nid=1 squeeze=1:Normal:30 "gfp=$_gfp" "$@"
	"$GFP_DIR/write1" "$JOB/control" call > "$GFP_TMP/said" || fail "call: $(cat "$GFP_TMP/said")"
	expect_all_records result=failed stage=slow/reclaim/compact
}

reports() { dmesg_since | grep -c 'page allocation failure' || :; }

# At most one report in ten seconds, so it may take as long until the next.
reported()
{
	_left=14
	until failing "$@" && [ "$(reports)" -gt 0 ]; do
		_left=$((_left - 1))
		[ $_left -gt 0 ] || fail "no report in 14 s"
		sleep 1
	done
	REPORT=$(dmesg_since | grep 'page allocation failure' | tail -n 1)
}

# Red if the report is missing, or names another order, mask or task.
one_report()
{
	reported '__GFP_KSWAPD_RECLAIM|__GFP_THISNODE' order=2
	expect_like "the report" "$REPORT" "*write1: page allocation failure: order:2, mode:*(*__GFP_THISNODE*), nodemask=(null)*"
	expect_like "what follows" "$(dmesg_since)" "*Mem-Info:*Node 1 Normal free:*"
	before=$(reports)
	failing '__GFP_KSWAPD_RECLAIM|__GFP_THISNODE' count=20
	expect_eq "reports of 20 more failures within the same second or so" $(($(reports) - before > 1)) 0
}

nodemask_named()
{
	reported 'GFP_KERNEL|__GFP_NORETRY' entry=alloc_pages_nodemask nodes=1 order=5
	expect_like "the report" "$REPORT" "*write1: page allocation failure: order:5, mode:*(*__GFP_NORETRY*), nodemask=1*"
}

# Red if __GFP_NOWARN is not heeded.
silent()
{
	# Had there been a report just now, silence would say nothing.
	sleep 10.5
	failing '__GFP_KSWAPD_RECLAIM|__GFP_THISNODE|__GFP_NOWARN' count=20
	expect_dmesg_silent
	failing 'GFP_KERNEL|__GFP_NORETRY|__GFP_THISNODE|__GFP_NOWARN' order=5 count=5
	expect_dmesg_silent
}

test_case "S14 a failure is reported, once in a while" one_report
test_case "S14 the report names order, mask and nodes" nodemask_named
test_case "S14 __GFP_NOWARN keeps it out of the log" silent

run_cases
