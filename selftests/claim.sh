#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: what a fallback claims of the pageblock that it takes a block of (row B6)
# suite: full
# requires: nodes>=2 zone=1:Normal kprobes
# vm: claims
# timeout: 180
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"

UNMOVABLE='GFP_KERNEL|__GFP_THISNODE|__GFP_NOWARN'
RECLAIMABLE="$UNMOVABLE|__GFP_RECLAIMABLE"
MOVABLE='GFP_HIGHUSER_MOVABLE|__GFP_THISNODE|__GFP_NOWARN'

# States have some free pages for the marks, which a request of a larger order can't take, and the blocks in
# question. Every other block of a pageblock is free, so that 15 of order 4 are less than half of it.

# Free pageblocks of all types
make_types()
{
	for _gfp in "$UNMOVABLE" "$RECLAIMABLE"; do
		set_opts entry=alloc_pages_node nid=1 order=9 "gfp=$_gfp" count=24 release=keep lists=none
		call
		expect_all_records result=ok
	done
	reset
}

# LISTS: what is free in 1:Normal from now on, until the job default is reset
leave()
{
	sysctl_set vm/min_free_kbytes 1024
	make_types
	set_opts entry=alloc_pages_node nid=1 order=10 count=1 'gfp=__GFP_NOWARN|__GFP_THISNODE' release=keep \
		"lists=1:Normal:$1"
	call
	expect_record result=failed
	expect_eq "lists.exact" "$(summary lists.exact)" 1
	job asks
}

# ORDER: its free blocks, of all types
# shellcheck disable=SC2046 # counts of free blocks, by order
blocks_of() { nth $(($1 + 1)) $(buddy_counts 1 Normal); }

# LISTS ORDER GFP STEAL CLAIMED [CLAIMED since 6.10]: the next request in that state, and what explain says
# of it before.
claims()
{
	leave "$1"
	set_opts entry=alloc_pages_node nid=1 order="$2" "gfp=$3" count=1 observe=explain release=keep lists=none
	want=$5
	apart || want=${6:-$5}
	get explain > "$GFP_TMP/explained"
	told=$(sed -n 's/^ *falls back.*claimed //p' "$GFP_TMP/explained" | head -n 1)
	case "|$told|" in
	*"|${want%%/*}|"*) ;;
	*) fail "what explain says is claimed: $told" "  wanted: $want" "$(cat "$GFP_TMP/explained")" ;;
	esac
	call
	expect_record result=ok "steal=$4" "claimed=$want" page_nid=1
	expect_eq "predictions that differ" "$(summary explain.differ)" 0
}

# Does the kernel move free blocks without their pageblock's type?
apart() { ! has claims_whole; }

# The next state
again()
{
	reset
	job default
	reset
}

# What others have of a pageblock counts as the request's own kind unless it can be moved: so nearly every
# pageblock that was movable changes its type. Red if it keeps it, whether large or small blocks are free.
of_movable()
{
	claims 400E/0/0/0/12M 4 "$UNMOVABLE" 'unmovable<movable' whole
	again
	claims 400U/0/0/0/12M 4 "$RECLAIMABLE" 'reclaimable<movable' whole
}

# As small as they are: red if requests that can't be moved claim large ones alone.
of_small()
{
	claims 400E/0/0/20M 3 "$UNMOVABLE" 'unmovable<movable' whole
	again
	claims 400U/0/0/20M 3 "$RECLAIMABLE" 'reclaimable<movable' whole
}

# Where others have unmovable pages the block may be the only one of its pageblock: then no more than that is
# taken. Of two types that can't be moved it is not known whose the pages are: less than half is free, and the
# pageblock keeps its type. Red if it changes.
of_unmovable()
{
	claims 400M/0/0/0/12E 4 "$UNMOVABLE" 'unmovable<reclaimable' part none
	again
	claims 400M/0/0/0/12U 4 "$RECLAIMABLE" 'reclaimable<unmovable' part/none none
}

# A movable request leaves pageblocks alone of which little is free. Red if it claims any.
small_for_movable()
{
	claims 0/0/0/60U 3 "$MOVABLE" 'movable<unmovable' none
}

# Of half a pageblock it does: the largest is taken. Red if it is a smaller one.
half_for_movable()
{
	claims 400M/0/0/0/2E/0/0/0/1U 4 "$MOVABLE" 'movable<unmovable' whole
	expect_eq "free blocks of order 8" "$(blocks_of 8)" 0
}

# Of less than half it takes the largest all the same, to 6.9, and leaves the pageblock its type. Red if it
# is the smallest, which is of the type that comes first.
less_for_movable()
{
	if apart; then
		claims 400M/0/0/0/3E/3U 4 "$MOVABLE" 'movable<unmovable' part/none
		expect_eq "free blocks of orders 4 and 5" "$(blocks_of 4) $(blocks_of 5)" "4 2"
	else
		claims 400M/0/0/0/3E/3U 4 "$MOVABLE" 'movable<reclaimable' none
		expect_eq "free blocks of orders 4 and 5" "$(blocks_of 4) $(blocks_of 5)" "2 3"
	fi
}

# Pageblocks that are free change hands, for any request.
whole_pageblocks()
{
	claims 400M/0/0/0/0/0/0/0/0/1E 4 "$MOVABLE" 'movable<reclaimable' whole
}

# The only block: on kernels that tell of it twice, it is one. Red if it is taken for a batch.
only_block()
{
	claims 400E/0/0/1M 3 "$UNMOVABLE" 'unmovable<movable' whole
	expect_record source=unknown
}

# Its own type, and nothing of another.
nothing_claimed()
{
	leave 400E/0/0/0/12U/0/12M
	set_opts entry=alloc_pages_node nid=1 order=4 "gfp=$UNMOVABLE" count=6 observe=explain release=keep lists=none
	call
	expect_all_records result=ok steal=none claimed=none
}

test_case "B6 a pageblock that was movable changes its type for a request that can't be moved" of_movable
test_case "B6 as small as the block is that it takes" of_small
test_case "B6 unmovable and reclaimable pageblocks keep their types, if little is free" of_unmovable
test_case "B6 a movable request claims no pageblock of which little is free" small_for_movable
test_case "B6 a movable request takes the largest block, and half a pageblock is claimed" half_for_movable
test_case "B6 and of less than half its type stays" less_for_movable
test_case "B6 free pageblocks change their type" whole_pageblocks
test_case "B6 a block that two events tell of is one" only_block
test_case "B6 nothing is claimed where nothing is stolen" nothing_claimed

run_cases
