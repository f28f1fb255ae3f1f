#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: a kernel that zeroes every page when it is handed out (row N8)
# requires: nodes>=2 zone=1:Normal
# vm: zeroing
# timeout: 120
. "$(dirname "$0")/lib/lib.sh"

# ENTRY ORDERS: every byte is zero without __GFP_ZERO, though others have written into all of them. Red if a page
# is handed out as it was.
zero_unasked()
{
	expect_eq "init_on_alloc" "$(environment init_on_alloc)" 1
	# The pattern of check=full stays in what is freed.
	set_opts "entry=$1" "order=$2" count=800 hold=100 release=random check=full seed=5
	call
	expect_all_records result=ok bad=none
	expect_eq "requests, blocks that are not zero" "$(summary requests bad_blocks)" "800 0"
}

test_case "N8 init_on_alloc=1: pages are zero without __GFP_ZERO" zero_unasked alloc_pages 0
test_case "N8 init_on_alloc=1: blocks are zero without __GFP_ZERO" zero_unasked alloc_pages 1-5
test_case "N8 init_on_alloc=1: pages of a bulk are zero without __GFP_ZERO" zero_unasked bulk 2

run_cases
