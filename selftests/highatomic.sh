#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: pageblocks kept for high-order atomic requests: made, used, respected, given back (row B7)
# suite: full
# requires: nodes>=2 zone=1:Normal kprobes
# vm: kept
# timeout: 120
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"

# Pageblocks of node 1 that are kept
blocks() { type_pageblocks 1 Normal HighAtomic; }

# OPTION=VALUE...: of node 1 alone
node1()
{
	sysctl_set vm/min_free_kbytes 32768
	sysctl_set vm/percpu_pagelist_high_fraction 20000
	set_opts entry=alloc_pages_node nid=1 "gfp=GFP_ATOMIC|__GFP_THISNODE|__GFP_NOWARN" "$@"
}

# Whatever is kept is given back when a request that may reclaim finds nothing in the end; with ALLOC_HARDER
# all but the last pageblock, so cases that begin with none can't be had any more when there was one.
# shellcheck disable=SC2120 # undo passes one
give_back()
{
	if has alloc_harder && [ "$(blocks)" -gt 0 ]; then
		[ "${1:-}" != undo ] || return 0
		skip "this kernel gives the last pageblock back only after sixteen rounds of fruitless reclaim"
	fi
	_left=12
	while [ "$(blocks)" -gt 0 ]; do
		drain 1		# of such a block something must be free
		node1 "gfp=__GFP_DIRECT_RECLAIM|__GFP_RETRY_MAYFAIL|__GFP_THISNODE|__GFP_NOWARN" order=0 count=1 \
			squeeze=1:Normal:20 release=at_end fragment=none
		call
		_left=$((_left - 1))
		[ $_left -gt 0 ] || fail "$(blocks) pageblocks are still kept"
	done
}

# ORDER: one that the slow path serves sets a pageblock aside. Red if none is kept, or more than one, or if it
# is kept for order 0 or for who may sleep.
made()
{
	give_back
	undo give_back undo
	node1 order="$1" squeeze=1:Normal:low-3% count=1
	call
	# Where earlier ones merged, the kernel still counts pages as kept that are not: to it, this was below min.
	expect_record result=ok stage=slow page_nid=1 attempts=2 reserve=none/nonblock alloc_flags=0x801,0xa30
	expect_eq "pageblocks kept" "$(blocks)" 1
}
not_made()
{
	give_back
	undo give_back undo
	node1 "$@" squeeze=1:Normal:110 count=4 release=at_end
	call
	expect_all_records result=ok
	expect_eq "pageblocks kept" "$(blocks)" 0
}
# With memory free nothing is set aside.
not_made_fast()
{
	give_back
	node1 order=4 count=8 release=at_end
	call
	expect_all_records result=ok stage=fast
	expect_eq "pageblocks kept" "$(blocks)" 0
}

# One per cent of the zone and a pageblock, and no more. Red if the limit is not looked at.
limited()
{
	give_back
	undo give_back undo
	limit=$((($(zone_field 1 Normal managed) / 100) / 512 + 2))
	node1 order=4 squeeze=1:Normal:120 count=60 release=at_end
	call
	expect_ge "pageblocks kept" "$(blocks)" 1
	expect_le "pageblocks kept, of $(zone_field 1 Normal managed) pages" "$(blocks)" $limit
}

# Where there is no other block, the kept one serves who may have it, and nobody else. Red if it serves
# GFP_NOWAIT, or is not looked into at all. Others may free a block in between: in one of five rounds not.
used()
{
	for _round in 1 2 3 4 5; do
		made 7
		node1 order=4 squeeze=none fragment=1:Normal:4 count=4
		call
		[ "$(count_where reserve=highatomic)" != 4 ] || break
	done
	expect_ge "blocks of order 4 and above that are left" "$(summary fragment.left)" 1
	how="stage=slow attempts=2 alloc_flags=0x801,0xa30"
	! has fast_highatomic || how="stage=fast attempts=1 alloc_flags=:0xa01"
	# shellcheck disable=SC2086 # conditions
	expect_all_records result=ok source=buddy reserve=highatomic migratetype=highatomic page_nid=1 $how
	for _round in 1 2 3 4 5; do
		set_opts "gfp=GFP_NOWAIT|__GFP_THISNODE|__GFP_NOWARN"
		call
		expect_no_record reserve=highatomic
		expect_no_record migratetype=highatomic
		[ "$(count_where result=failed)" != 4 ] || break
	done
	expect_all_records result=failed stage=slow attempts="$(looks)"
	expect_ge "pageblocks kept" "$(blocks)" 1
}

# Who may have it is served from there, even as other blocks are free. Red if others are looked at first.
first()
{
	made 7
	node1 order=4 squeeze=1:Normal:low-3% count=4 release=at_end
	call
	# shellcheck disable=SC2046 # counts of free blocks, by order
	set -- $(summary squeeze.reached.free_area)
	expect_ge "free pages in blocks of order 4 and above, kept ones and others" \
		"$(counted_pages "0 0 0 0 $(shift 4; echo "$@")")" 640
	expect_all_records result=ok stage=slow reserve=highatomic migratetype=highatomic page_nid=1 \
		alloc_flags=0x801,0xa30
}

# Its free pages do not count for the fast path's mark. Red if they do.
not_counted()
{
	made 8
	kept=$(counted_pages "$(type_counts 1 Normal HighAtomic)") low=$(zone_mark 1 Normal low)
	[ $((kept * 50 / low)) -ge 2 ] || skip "too few free pages are kept: $kept"
	node1 order=0 "gfp=__GFP_THISNODE|__GFP_NOWARN" count=4 squeeze=1:Normal:low+$((kept * 50 / low))% release=at_end
	call
	expect_ge "free pages, above low" "$(summary squeeze.reached)" "$(summary squeeze.low)"
	expect_all_records result=ok stage=slow migratetype!=highatomic
}

# With nothing else left, an atomic request of order 0 gets what is kept: a low mark leaves enough of it
# above what such a request may go down to. Red if it fails instead.
last_resort()
{
	made 7
	node1 order=0 squeeze=1:Normal:5 count=200 release=at_end
	sysctl_set vm/min_free_kbytes 2048
	call
	expect_ge "requests that what is kept served" "$(count_where result=ok stage=slow source=buddy \
		reserve=highatomic migratetype=highatomic page_nid=1)" 1
	expect_no_record reserve=highatomic migratetype!=highatomic
}

# Before a request that may wait gives up, it opens what was kept. Red if it does not, or if it fails
# though that would have served it. What others just gave back, or what drained per-cpu lists make, may help
# the first ones; not as many as are held.
given_back()
{
	made 7
	node1 "gfp=__GFP_DIRECT_RECLAIM|__GFP_IO|__GFP_RETRY_MAYFAIL|__GFP_THISNODE|__GFP_NOWARN" order=4 \
		squeeze=none fragment=1:Normal:4 count=8 release=at_end
	call
	expect_all_records result=ok source=buddy page_nid=1 migratetype!=highatomic victim=none reserve=none
	expect_some_record stage=reclaim
	expect_eq "pageblocks kept" "$(blocks)" 0
}

# A request that reclaim can't help takes all of them back. Red if one is kept for ever.
all_given_back()
{
	limited
	give_back
}

test_case "B7 a request of order 4 sets a pageblock aside" made 4
test_case "B7 so does one of order 1" made 1
test_case "B7 order 0 does not" not_made order=0
test_case "B7 GFP_NOWAIT does not" not_made order=4 'gfp=GFP_NOWAIT|__GFP_THISNODE|__GFP_NOWARN'
test_case "B7 nothing is set aside as long as memory is free" not_made_fast
test_case "B7 no more is kept than a hundredth" limited
test_case "B7 what is kept serves atomic requests of a high order alone" used
test_case "B7 requests that may have what is kept get it first" first
test_case "B7 what is kept does not count as free for other requests" not_counted
test_case "B7 what is kept is the last resort of atomic requests of order 0" last_resort
test_case "B7 in the end all are given back" all_given_back
test_case "B7 what is kept is given back before a request fails" given_back

run_cases
