#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: the kernel's page owner as a witness of what records say (row N7)
# requires: nodes>=2 zone=1:Normal
# vm: owned
# timeout: 120
. "$(dirname "$0")/lib/lib.sh"

OWNERS=/sys/kernel/debug/page_owner

# ORDER MASK: how many blocks of this order, with this mask, gfplab's calls have taken and not given back
owned()
{
	tr '\n' '\t' < $OWNERS | sed 's/\t\t/\n/g' |
		grep "^Page allocated via order $1, mask 0x[0-9a-f]*($2)" | grep -c 'gfplab\]' || :
}

# ORDER GFP COUNT: red if what page_owner noted is another order or mask than the record's, or if it stays
# when the block is freed.
witness()
{
	[ -r $OWNERS ] || skip "no page_owner (CONFIG_PAGE_OWNER), or the kernel is not told page_owner=on"
	set_opts entry=alloc_pages_node nid=1 "gfp=$2" "order=$1" "count=$3" release=keep
	call
	expect_all_records result=ok "order_seen=$1" "gfp_seen=$2" page_nid=1
	expect_eq "blocks that page_owner has, of order $1 with $2" "$(owned "$1" "$2")" "$3"
	reset
	expect_eq "blocks that page_owner has, given back" "$(owned "$1" "$2")" 0
}

test_case "N7 page_owner has pages as records tell" witness 0 GFP_KERNEL 30
test_case "N7 page_owner has blocks of order 3 as records tell" witness 3 'GFP_KERNEL|__GFP_RECLAIMABLE' 20
test_case "N7 page_owner has blocks of order 6 as records tell" witness 6 'GFP_HIGHUSER_MOVABLE' 7

run_cases
