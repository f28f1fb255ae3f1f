#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: squeeze and fragment on 64 CPUs and 128 GB: exact, and held (row Z10)
# suite: full
# requires: cpus>=64 memory>=100 zone=0:Normal zone=0:DMA32 kprobes
# vm: large
# timeout: 900
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"

ZONE=0:Normal

# Every CPU's lists get pages, as other people's work leaves them: what drains from there makes large blocks.
fill_lists()
{
	job filler
	set_opts entry=alloc_pages order=0 gfp=GFP_KERNEL cpus=0-63 count=12800 hold=100 observe=none
	start
	wait_idle 120
	expect_ge "pages in per-cpu lists" "$(pcp_pages 0 Normal)" 1000
	reset
	job default
}

squeezed_to()
{
	fill_lists
	set_opts "gfp=GFP_NOWAIT|__GFP_NOWARN" "squeeze=$ZONE:$1" count=1
	call
	# One of 64 CPUs may just have taken a batch for its list.
	listed=$(summary squeeze.reached.listed)
	expect_le "pages in per-cpu lists then" "$listed" 128
	expect_near "pages free or in lists, squeezed to $1" $(($(summary squeeze.reached) + listed)) \
		"$(summary squeeze.target)" 16
	expect_eq "pages held" "$(status held_pages)" 0
}

# ORDER MOST: red if more blocks of that order are left, or if the state is not undone. Of pages any two that others
# free make a block of order 1: with 64 emulated CPUs some always are.
in_pieces()
{
	fill_lists
	set_opts "fragment=$ZONE:$1" order=0 count=1 release=keep
	call
	expect_le "fragment.left" "$(summary fragment.left)" "$2"
	expect_ge "free pages" "$(summary fragment.reached)" $(($(summary fragment.before) * 4 / 10))
	_large=$(summary fragment.before.free_area | awk '{ print $NF }')
	reset
	expect_ge "large blocks afterwards" "$(awk '$2 == "0," && $4 == "Normal" { print $NF }' /proc/buddyinfo)" \
		$((_large * 8 / 10))
}

# For seconds, in which what CPUs keep would drain. Red if a large block comes back and a request gets it.
stays()
{
	fill_lists
	set_opts order=4 "gfp=__GFP_NOWARN|__GFP_THISNODE" count=20 interval_us=250000 release=at_end \
		timeout_ms=300000 "fragment=$ZONE:4,0:DMA32:4,0:DMA:4"
	call
	expect_eq requests "$(status "done")" 20
	expect_all_records result=failed state=held
	expect_eq "state.held, state.lost" "$(summary state.held) $(summary state.lost)" "1 0"
}

for target in 70 low+5% high+20%; do
	test_case "state-squeeze $target of 128 GB, with 64 CPUs' lists" squeezed_to $target
done
test_case "state-fragment of 128 GB hardly a pair of pages is left in one piece" in_pieces 1 64
for order in 4 10; do
	test_case "state-fragment no block of order $order or above is left of 128 GB" in_pieces $order 0
done
test_case "state-held it stays so while lists drain" stays

run_cases
