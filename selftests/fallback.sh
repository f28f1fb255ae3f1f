#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: what a fallback takes of another type: the pageblock, or the smallest piece (row B6)
# suite: full
# requires: nodes>=2 zone=1:Normal kprobes
# vm: pieces
# timeout: 120
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"
. "$(dirname "$0")/lib/freelists"

# Nothing is reclaimed for it, and there is no mark to stop at.
HELD='__GFP_MOVABLE|__GFP_HIGHMEM|__GFP_THISNODE|__GFP_NOWARN'

# ORDER...: all free blocks of these orders are held, one order after the other. A few smaller pieces must be
# free besides, for the last one to be above the mark.
hold_all()
{
	sysctl_set vm/min_free_kbytes 1024
	held=${held:-0}
	for order; do
		# shellcheck disable=SC2046 # counts of free blocks, by order
		count=$(nth $((order + 1)) $(buddy_counts 1 Normal))
		[ "$count" -gt 0 ] || continue
		held=$((held + 1))
		job "held$held"
		on_cpu0 "gfp=$HELD" "order=$order" "count=$count" "ring=$count" release=keep max_pages=200000
	done
}

# [OPTION=VALUE...]: held by a task bound to node 1, as the entry takes no node
exact_on_node1()
{
	set_opts entry=alloc_pages_exact cpus=all "gfp=$UNMOVABLE" release=keep max_pages=60000 ring=2000 "$@"
	"$GFP_DIR/mempol" bind 1 "$GFP_DIR/write1" "$JOB/control" call > "$GFP_TMP/said" ||
		fail "call bound to node 1: $(cat "$GFP_TMP/said")"
	expect_all_records result=ok page_nid=1
}

# What others have left is too small for its whole pageblock to change hands: then a movable request takes the
# smallest piece that will do. alloc_pages_exact() leaves such pieces: of 4 pages it gives back one, of 16 four.
# Red if the largest is taken, or the pageblock changes hands: that would be five for so many pieces. Up to
# three are what others do meanwhile: they free, and a larger piece takes its pageblock along; or take some of four.
steal_smallest()
{
	job fours
	exact_on_node1 order=4 count=1200
	job ones
	exact_on_node1 order=2 count=1200
	job quiet
	quiet
	# Not once: of the order of huge pages some come by way of the per-cpu list, and some stay there.
	for _try in 1 2 3 4 5; do
		hold_all 10 9 8 7 6 5 4
		left=$(counted_pages "0 0 0 0 $(large "$(buddy_counts 1 Normal)")")
		[ "$left" -gt 512 ] || break
	done
	expect_le "free pages in blocks of order 4 and above" "$left" 512
	before=$(type_counts 1 Normal Unmovable) blocks=$(type_pageblocks 1 Normal Unmovable)
	ones=${before%% *}
	expect_ge "unmovable pieces of one page" "$ones" 800
	# What is left of the movable ones goes first.
	_step=0 _stolen=0
	until [ $_stolen -ge 1 ] && [ $((ones - $(type_counts 1 Normal Unmovable | cut -d ' ' -f 1))) -ge 600 ]; do
		_step=$((_step + 1))
		[ $_step -le 40 ] || fail "of $ones unmovable pieces of one page none goes"
		job "step$_step"
		on_cpu0 "gfp=$HELD" order=0 count=200 ring=200 release=keep max_pages=200000
		expect_all_records result=ok
		_stolen=$((_stolen + $(count_where "steal=movable<unmovable")))
	done
	expect_ge "requests that took unmovable pieces" "$_stolen" 1
	after=$(type_counts 1 Normal Unmovable)
	# shellcheck disable=SC2086 # lists of numbers
	expect_le "unmovable pieces of four pages that went, beside $((ones - ${after%% *})) of one page" \
		$(($(nth 3 $before) - $(nth 3 $after))) $(((ones - ${after%% *}) / 4))
	expect_ge "unmovable pageblocks" "$(type_pageblocks 1 Normal Unmovable)" $((blocks - 3))
}

# Of a pageblock half is free, and that is the largest piece there is: all of it changes hands, and what is
# free of it. Red if only the piece is taken.
steal_pageblock()
{
	job fours
	exact_on_node1 order=4 count=600
	job quiet
	quiet
	# Of three pairs the second is given back: its buddy is held, so it stays half a pageblock.
	for half in 1 2 3; do
		job "kept$half"
		on_cpu0 "gfp=$MOVABLE" order=8 count=1 ring=1 release=keep
		job "given$half"
		on_cpu0 "gfp=$MOVABLE" order=8 count=1 ring=1 release=keep
	done
	for half in 1 2 3; do
		job "given$half"
		reset
	done
	without_own
	# Again and again: what the per-cpu lists had comes back, too.
	for _try in 1 2 3 4 5; do
		hold_all 10 9
		without_own "again$_try"
		# shellcheck disable=SC2046 # counts of free blocks, by order
		[ "$(nth 10 $(buddy_counts 1 Normal))" != 0 ] || break
	done
	# shellcheck disable=SC2046 # counts of free blocks, by order
	expect_eq "free blocks of a pageblock" "$(nth 10 $(buddy_counts 1 Normal))" 0
	# shellcheck disable=SC2046 # counts of free blocks, by order
	expect_ge "free blocks of half a pageblock" "$(nth 9 $(buddy_counts 1 Normal))" 1
	blocks=$(type_pageblocks 1 Normal Reclaimable)
	job last
	on_cpu0 "gfp=$RECLAIMABLE" order=4 count=1 ring=1 release=keep
	expect_record result=ok source=buddy "steal=reclaimable<movable/reclaimable<unmovable" migratetype=reclaimable
	expect_eq "reclaimable pageblocks" "$(type_pageblocks 1 Normal Reclaimable)" $((blocks + 1))
	expect_ge "reclaimable free pages: what is left of the half, at least" \
		"$(counted_pages "0 0 0 0 $(large "$(type_counts 1 Normal Reclaimable)")")" 240
}

test_case "B6 a pageblock of which half is taken changes hands" steal_pageblock
test_case "B6 a movable request takes the smallest piece, where no pageblock can change hands" steal_smallest

run_cases
