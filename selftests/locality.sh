#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: a node of its own is worth more than types that do not mix (row Z5)
# suite: full
# requires: nodes>=2 zone=0:DMA32 zone=0:Normal zone=1:Normal kprobes
# vm: locality
# timeout: 120
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"

# Unmovable pages of node 0 in plenty, while only movable pageblocks are free, in pieces. Lower zones keep
# all they have from such requests.
pieces()
{
	sysctl_set vm/lowmem_reserve_ratio "1 1 32 0 0"
	sysctl_set vm/percpu_pagelist_high_fraction 20000
	set_opts entry=alloc_pages_nodemask nid=0 'gfp=__GFP_NOWARN' order=0 count=12000 release=at_end \
		max_pages=60000 fragment=0:Normal:9 "$@"
	call
}

# The first walk does not mix types. As it comes to another node, it goes back and does. Red if it goes
# there instead.
mixes_before_it_leaves()
{
	pieces
	expect_all_records result=ok stage=fast attempts=1 page_nid=0 zone=Normal alloc_flags=0x101
	expect_some_record "steal=unmovable<movable"
}

# With nobody else to go to there is one more walk as well.
mixes_alone()
{
	pieces nodes=0
	expect_all_records result=ok stage=fast attempts=1 page_nid=0 zone=Normal alloc_flags=0x101
	expect_some_record "steal=unmovable<movable"
}

# Where the node is short it does go there.
leaves()
{
	sysctl_set vm/lowmem_reserve_ratio "1 1 32 0 0"
	set_opts entry=alloc_pages_nodemask nid=0 'gfp=__GFP_NOWARN' order=0 count=200 release=at_end \
		squeeze=0:Normal:110
	call
	expect_all_records result=ok stage=fast attempts=1 page_nid=1 zone=Normal
}

# A lower zone of the node has blocks of its type, and is tried before types mix. Red if that is taken for
# another node.
lower_zone_first()
{
	set_opts entry=alloc_pages_nodemask nid=0 'gfp=__GFP_NOWARN' order=4 count=20 release=at_end \
		lists=0:Normal:0/0/0/0/0/0/0/0/20M
	call
	expect_eq "free blocks of 0:Normal but order 8" "$(summary lists.left)" 0/0/0/0/0/0/0/0/20M/0/0
	# That zone may have none of its type either.
	expect_all_records result=ok stage=fast attempts=1 page_nid=0 zone=DMA32 \
		steal=none/unmovable\<movable/unmovable\<reclaimable
}

test_case "Z5 a lower zone of the node is tried before types mix" lower_zone_first
test_case "Z5 types mix before a request leaves its node" mixes_before_it_leaves
test_case "Z5 types mix before a request that may not leave its node fails" mixes_alone
test_case "Z5 a request leaves a node that is short" leaves

run_cases
