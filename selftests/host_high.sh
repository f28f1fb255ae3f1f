#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: a machine with a little memory at a very high address: loading costs no more for it
# vm: high
# timeout: 60
. "$(dirname "$0")/lib/lib.sh"

# Where the highest zone begins, a page frame
highest() { awk '$1 == "start_pfn:" && $2 > n { n = $2 } END { print n + 0 }' /proc/zoneinfo; }

# Red if the map has a bit for every frame up to the highest: that would be 24 MiB.
little_map()
{
	[ "$(highest)" -gt 100000000 ] || skip "this machine has no memory at a high address"
	other=$(environment account.other_kb)
	expect_le "account.other_kb after load" "$other" 512
}

# What lies there is watched as well.
watched()
{
	[ "$(highest)" -gt 100000000 ] || skip "this machine has no memory at a high address"
	set_opts entry=alloc_pages_node nid=1 gfp=GFP_HIGHUSER count=4000 order=0-2 hold=1000 release=random check=full
	call
	expect_eq "blocks, bad ones" "$(summary ok bad_blocks)" "4000 0"
	expect_ge "blocks of zone Normal" "$(count_where zone=Normal)" 1000
}

test_case "H8 the map of frames is as large as the memory, not as its highest address" little_map
test_case "H8 blocks at high addresses are checked as others are" watched

run_cases
