#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: squeeze and fragment: where they land, what summary says of it, that they are undone (row Z10)
# suite: full
# requires: nodes>=2 zone=1:Normal kprobes
# vm: pieces
# timeout: 120
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"

KERNEL='__GFP_DIRECT_RECLAIM|__GFP_IO|__GFP_FS|__GFP_NOWARN|__GFP_THISNODE'

# Fewer pages in per-cpu lists: they are neither free nor held.
node1()
{
	sysctl_set vm/min_free_kbytes 32768
	sysctl_set vm/percpu_pagelist_high_fraction 20000
	set_opts entry=alloc_pages_node nid=1 "gfp=$KERNEL" "$@"
}

# Reclaim empties the per-cpu lists of all CPUs: what they kept would merge in the midst of a case.
reclaim_once()
{
	set_opts "gfp=$KERNEL|__GFP_NORETRY" squeeze=1:Normal:50
	call
	expect_record stage=reclaim
	set_opts squeeze=none "gfp=$KERNEL"
}

# `call`, with a look at the per-cpu lists before
call_counted()
{
	listed=$(pcp_pages "${zone%%:*}" "${zone#*:}")
	call
}

# STATE: what it took is back, in free blocks or in per-cpu lists
expect_undone()
{
	expect_eq "pages held" "$(status held_pages)" 0
	expect_near "pages free or in per-cpu lists afterwards" \
		$(($(summary "$1.after") + $(pcp_pages "${zone%%:*}" "${zone#*:}"))) \
		$(($(summary "$1.before") + listed)) 1500
	expect_near "pages in free blocks afterwards" \
		"$(counted_pages "$(summary "$1.after.free_area")")" \
		$(($(summary "$1.after") + $(summary "$1.after.cma"))) 64
}

# ---- squeeze

# ZONE TARGET PAGES: red if it lands elsewhere, if the summary's figures are not the zone's, or if
# it is not undone.
squeeze_to()
{
	target=$2
	set_opts "squeeze=$zone:$target" count=1
	for mark in min low high; do
		eval "$mark=$(zone_mark "${zone%%:*}" "${zone#*:}" $mark)"
	done
	call_counted
	for mark in min low high; do
		expect_eq "squeeze.$mark" "$(summary squeeze.$mark)" "$(eval "echo \$$mark")"
	done
	expect_eq "zone" "$(summary squeeze.zone)" "$zone"
	expect_near "target of $target" "$(summary squeeze.target)" $(($3)) 1
	expect_near "free pages of $zone, squeezed to $target" \
		"$(summary squeeze.reached)" "$(summary squeeze.target)" 16
	expect_undone squeeze
}

# ZONE...: red as squeeze_to
squeeze_percent()
{
	node1 'gfp=GFP_NOWAIT|__GFP_NOWARN'
	for zone; do
		require_zone "${zone%%:*}" "${zone#*:}"
		for percent in 30 55 70 98 110 140; do
			squeeze_to "$zone" $percent "min * $percent / 100"
		done
	done
}
squeeze_relative()
{
	node1
	zone=1:Normal
	# The writer's own second request does not fit in below min.
	set_opts 'gfp=GFP_NOWAIT|__GFP_NOWARN'
	squeeze_to $zone low "low"
	squeeze_to $zone low+5% "low * 105 / 100"
	squeeze_to $zone low-10% "low * 90 / 100"
	squeeze_to $zone high "high"
	squeeze_to $zone high-4% "high * 96 / 100"
	squeeze_to $zone high+20% "high * 120 / 100"
	squeeze_to $zone min+3% "min * 103 / 100"
}

# Somebody else reads the zones while the requests are made. Red if the summary's figures are not what
# everybody sees, or another zone is eaten.
squeeze_seen()
{
	zone=1:Normal
	node1 squeeze=1:Normal:low+20% count=6 interval_us=200000
	fold_counters
	other=$(zone_free 0 DMA32) listed=$(pcp_pages 1 Normal)
	"$GFP_DIR/write1" "$JOB/control" call > /dev/null &
	wait_at_work
	fold_counters
	seen=$(zone_free 1 Normal) seen_other=$(zone_free 0 DMA32)
	wait
	expect_near "free pages of node 1, as others see it" "$seen" "$(summary squeeze.reached)" 64
	expect_near "free pages of node 0 meanwhile" "$seen_other" "$other" 2500
	expect_all_records result=ok stage=fast
	expect_undone squeeze
}

test_case "state-squeeze a percentage of min is reached within 16 pages, and undone" \
	squeeze_percent 1:Normal 0:DMA32 0:DMA
test_case "state-squeeze so are shares of low and of high" squeeze_relative
test_case "state-squeeze every reader sees it, and no other zone suffers" squeeze_seen

# ---- fragment

# COUNTS ORDER: how many are free of ORDER or above
from_order() { echo "$1" | awk -v order="$2" '{ for (i = order + 1; i <= NF; i++) n += $i; print n + 0 }'; }

# ORDER: red if a block of that order is left or comes back, if less is free than low, or if it is not
# undone.
fragment()
{
	zone=1:Normal
	node1
	reclaim_once
	set_opts fragment=$zone:"$1" order=0 count=1
	call_counted
	expect_record result=ok stage=fast
	expect_eq "fragment.left" "$(summary fragment.left)" 0
	counts=$(summary fragment.reached.free_area)
	expect_eq "free blocks of order $1 and above in $counts" "$(from_order "$counts" "$1")" 0
	expect_ge "free pages" "$(summary fragment.reached)" $(($(summary fragment.low) + 1))
	expect_near "pages in free blocks" "$(counted_pages "$counts")" \
		$(($(summary fragment.reached) + $(summary fragment.reached.cma))) 64
	expect_undone fragment
	large=$(summary fragment.before.free_area)
	expect_ge "large blocks afterwards" "$(from_order "$(summary fragment.after.free_area)" 9)" \
		$(($(from_order "$large" 9) * 8 / 10))
}

# Plenty is free, but not in one piece: red if only free pages are counted, or if a block is called
# suitable that is not.
one_piece()
{
	zone=1:Normal
	node1
	reclaim_once
	# kswapd, if woken, may have found a block by the next attempt: on a realtime kernel it has.
	set_opts fragment=$zone:4 order=4 count=20 release=at_end "gfp=__GFP_NOWARN|__GFP_THISNODE"
	call
	expect_ge "free pages" "$(summary fragment.reached)" $((4 * $(summary fragment.low)))
	expect_all_records result=failed stage=slow attempts=3 alloc_flags=0x1,0x50,0x50
	set_opts order=3 count=20
	call
	expect_all_records result=ok stage=fast attempts=1 alloc_flags=0x1 page_nid=1
}

# The same from node to node: red if the walk does not go on for want of a block.
one_piece_elsewhere()
{
	zone=1:Normal
	node1
	reclaim_once
	set_opts fragment=$zone:4 order=4 count=20 release=at_end "gfp=GFP_NOWAIT|__GFP_NOWARN"
	call
	expect_all_records result=ok stage=fast page_nid=0 attempts=1
}

# Both: in pieces, and little of it, but more than may be kept for HIGHATOMIC. Red if either spoils the other.
both()
{
	zone=1:Normal
	node1
	reclaim_once
	set_opts fragment=$zone:5 squeeze=$zone:low+40% order=0 count=1
	call_counted
	expect_record result=ok stage=fast
	expect_eq "free blocks of order 5 and above" \
		"$(from_order "$(summary squeeze.reached.free_area)" 5)" 0
	expect_eq "both speak of the same" "$(summary squeeze.reached.free_area)" \
		"$(summary fragment.reached.free_area)"
	expect_near "free pages" "$(summary squeeze.reached)" "$(summary squeeze.target)" 16
	expect_undone squeeze
}

# ---- held

# OPTION=VALUE...: requests in a state that is spoilt meanwhile: node 1 gets 8,000 pages, in blocks of order 5
spoilt()
{
	zone=1:Normal
	node1
	reclaim_once
	set_opts "gfp=__GFP_NOWARN|__GFP_THISNODE" order=5 count=250 release=keep observe=none max_pages=9000
	call
	expect_eq "pages to spoil it with" "$(status held_pages)" 8000
	job spoilt
	node1 "gfp=__GFP_NOWARN|__GFP_THISNODE" count=30 interval_us=100000 timeout_ms=100000 release=at_end "$@"
	call_async
	wait_at_work 5
	job default
	reset
	job spoilt
	caller_ends 0
	expect_eq requests "$(status "done")" 30
}

# OPTION=VALUE...: no request finds the zone in another state. Red if what comes is left there.
stays()
{
	spoilt "$@"
	expect_all_records result=failed state=held
	expect_eq "state.held, state.lost" "$(summary state.held) $(summary state.lost)" "1 0"
	expect_ge "state.renewed" "$(summary state.renewed)" 1
}

# What is not brought back is told. Red if it is not, or of a request that was made before.
is_lost()
{
	spoilt order=0 lists=1:Normal:0
	expect_eq state.held "$(summary state.held)" 0
	lost=$(count_where state=lost)
	expect_ge "requests with state=lost" "$lost" 1
	expect_ge "requests with state=held" "$(count_where state=held)" 5
	expect_eq "requests, state.lost of them, and one more at the end" \
		"$((lost + $(count_where state=held))) $((lost + 1))" "30 $(summary state.lost)"
	expect_eq "requests with state=held that got a page" "$(count_where state=held result=ok)" 0
}

# A run without states
no_state()
{
	set_opts count=5
	call
	expect_all_records state=none
	expect_eq state.held "$(summary state.held)" ""
}

test_case "state-held a zone in pieces stays in pieces, whatever comes" stays order=4 fragment=1:Normal:4
test_case "state-held a squeezed zone stays so" stays order=0 squeeze=1:Normal:20
test_case "state-held both at once" stays order=5 squeeze=1:Normal:low+40% fragment=1:Normal:5
test_case "state-held a state that was lost is told of each request" is_lost
test_case "state-held without states there is none" no_state

for order in 1 2 3 4 5 8 9 10; do
	test_case "state-fragment no free block of order $order or above is left, and it is undone" \
		fragment $order
done
test_case "Z10 a high order needs a block, not only pages" one_piece
test_case "Z10 another node's block serves" one_piece_elsewhere
test_case "state-both a zone in pieces can be squeezed" both

run_cases
