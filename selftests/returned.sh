#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: what comes back: content, structure, placement, and who counted it (rows N)
# requires: nodes>=2 zone=1:Normal
# vm: fresh
# timeout: 120
. "$(dirname "$0")/lib/lib.sh"

MAX_ORDER=$(awk '{ print NF - 5; exit }' /proc/buddyinfo)

# [OPTION=VALUE...]: of node 1, by a worker on CPU 0
on_cpu0()
{
	set_opts entry=alloc_pages_node nid=1 cpus=0 "$@"
	start
	wait_idle
	expect_eq "how the run ended" "$(status aborted)" none
	fold_counters
}

# ENTRY ORDER COUNT: the same memory, first filled with a pattern and freed, then asked for zeroed.
# Red if prep_new_page() zeroes nothing, the first page alone, or not for this entry.
zeroed()
{
	set_opts "entry=$1" cpus=0 "order=$2" "count=$3" release=at_end check=full
	start
	wait_idle
	expect_all_records result=ok bad=none
	set_opts 'gfp=GFP_KERNEL|__GFP_ZERO' check=basic
	start
	wait_idle
	expect_all_records result=ok bad=none
	expect_eq "blocks that are not zero" "$(summary bad_blocks)" 0
}

test_case "N1 __GFP_ZERO: 1500 pages that were dirty are zero" zeroed alloc_pages 0 1500
test_case "N1 __GFP_ZERO: order-3 blocks that were dirty are zero" zeroed get_free_pages 3 200
test_case "N1 __GFP_ZERO: order-6 blocks that were dirty are zero" zeroed alloc_pages 6 30
test_case "N1 __GFP_ZERO: blocks of the largest order that were dirty are zero" zeroed alloc_pages "$MAX_ORDER" 3

# ORDERS: red if a head, a tail or the order is not set, or set where nobody asked.
compound()
{
	on_cpu0 'gfp=GFP_KERNEL|__GFP_COMP' "order=$1" count=100 hold=10
	expect_all_records result=ok bad=none
	on_cpu0 gfp=GFP_KERNEL "order=$1" count=100 hold=10
	expect_all_records result=ok bad=none
}

test_case "N2 __GFP_COMP makes a head and tails, and only __GFP_COMP does: orders 1 to 3" compound 1-3
test_case "N2 __GFP_COMP makes a head and tails, and only __GFP_COMP does: orders 4 and up" \
	compound "4-$MAX_ORDER"
test_case "N2 __GFP_COMP of order 0 makes nothing compound" compound 0

# Red if a block starts at the wrong page, counts references that nobody holds, lies on another node
# or in another zone, or if two owners got the same page: every byte is written and must stay.
sound()
{
	on_cpu0 "order=$1" "count=$2" "hold=$3" release=random check=full seed=7
	expect_all_records result=ok bad=none page_nid=1 zone=Normal pfmemalloc=0
	expect_eq "requests, blocks that are not sound" "$(summary requests bad_blocks)" "$2 0"
}

test_case "N3 pages: one reference, the right place, no other owner" sound 0 3000 1500
test_case "N3 blocks of orders 0 to 3: aligned, one reference, the right place, no other owner" sound 0-3 1500 700
test_case "N3 blocks of orders 4 and up: aligned, one reference, the right place, no other owner" \
	sound 4-9 300 20

# Two workers on two CPUs write and verify at once.
nobody_elses()
{
	require_cpus 2
	set_opts entry=alloc_pages_node nid=1 order=0-4 count=2000 hold=300 release=random check=full
	start
	wait_idle
	expect_all_records result=ok bad=none page_nid=1
	expect_eq "requests, blocks that are not sound" "$(summary requests bad_blocks)" "2000 0"
}

test_case "N3 blocks of two CPUs do not overlap" nobody_elses

# ENTRY GFP ORDERS: every page as prep_new_page() leaves it: private and mapping 0, no flag but that of a
# head, mapped by nobody, pinned by nobody, and a compound block of as many pages as its order says. Other
# owners have left the pages with all sorts of these. Red if one of them stays.
fresh_state()
{
	set_opts "entry=$1" cpus=0 "gfp=$2" "order=$3" count=400 hold=60 release=random check=full seed=3
	start
	wait_idle
	expect_all_records result=ok bad=none
	expect_eq "requests, blocks that are not as new" "$(summary requests bad_blocks)" "400 0"
}

test_case "N6 new pages: private, mapping, flags and mapcount are as they should be" fresh_state alloc_pages GFP_KERNEL 0
test_case "N6 new blocks: private, mapping, flags and mapcount are as they should be" fresh_state alloc_pages GFP_KERNEL 1-6
test_case "N6 new compound blocks: size, mapcount and pincount as well" fresh_state alloc_pages 'GFP_KERNEL|__GFP_COMP' 1-6
test_case "N6 pages of a bulk: flags and mapcount are as they should be" fresh_state bulk GFP_KERNEL 1-3

# ORDER COUNT: red if pages handed out or freed are not counted, or counted as another number.
counted()
{
	pages=$(($2 << $1))
	fold_counters
	alloc=$(vmstat pgalloc_normal) free=$(vmstat pgfree) hit=$(numastat 1 numa_hit)
	other=$(numastat 1 other_node) miss=$(numastat 1 numa_miss)
	on_cpu0 "order=$1" "count=$2" hold="$2" release=keep
	expect_near "pgalloc_normal" $(($(vmstat pgalloc_normal) - alloc)) $pages 64
	expect_near "numa_hit of node 1" $(($(numastat 1 numa_hit) - hit)) "$2" 32
	expect_near "other_node of node 1: its pages go to CPUs of node 0" \
		$(($(numastat 1 other_node) - other)) "$2" 32
	expect_near "numa_miss of node 1" $(($(numastat 1 numa_miss) - miss)) 0 4
	reset
	fold_counters
	[ $(($(vmstat pgfree) - free)) -ge $pages ] ||
		fail "pgfree" "  expected: at least $pages" "  actual:   $(($(vmstat pgfree) - free))"
}

test_case "N5 pages are counted: pgalloc, pgfree, numa_hit" counted 0 3000
test_case "N5 order-2 blocks are counted: pgalloc, pgfree, numa_hit" counted 2 500
test_case "N5 order-5 blocks are counted: pgalloc, pgfree, numa_hit" counted 5 200

run_cases
