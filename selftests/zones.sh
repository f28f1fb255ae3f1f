#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: which zone of one node serves a request, and what lower zones keep back (rows Z, P)
# requires: zone=0:DMA zone=0:DMA32 zone=0:Normal kprobes
# vm: zones
# timeout: 120
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"

MIN_KB=32768

# GFP [OPTION=VALUE...]: of node 0, whatever the node of the caller
node0()
{
	_gfp=$1
	shift
	sysctl_set vm/min_free_kbytes $MIN_KB
	set_opts entry=alloc_pages_node nid=0 "gfp=$_gfp|__GFP_NOWARN" "$@"
}

# ---- the highest zone that gfp allows

# GFP ZONE: red if gfp_zone() names another, or the walk starts elsewhere.
highest_zone()
{
	node0 "$1" count=200 release=at_end order=4
	call
	expect_all_records result=ok stage=fast "zone=$2" page_nid=0
}

# Red if the walk looks at zones above, or at none.
dma_alone()
{
	# Only DMA may serve it, and DMA is squeezed: Normal and DMA32 are full of pages.
	node0 'GFP_NOWAIT|GFP_DMA' squeeze=0:DMA:50
	call
	expect_record result=failed stage=slow attempts="$(looks)"
}

dma32_spills_down()
{
	node0 'GFP_NOWAIT|GFP_DMA32' squeeze=0:DMA32:110 count=8 release=at_end
	call
	expect_all_records result=ok stage=fast zone=DMA
}

test_case "P2 GFP_KERNEL's highest zone is Normal" highest_zone GFP_KERNEL Normal
test_case "P2 GFP_HIGHUSER_MOVABLE's is Normal where there is no zone above" \
	highest_zone GFP_HIGHUSER_MOVABLE Normal
test_case "P2 GFP_DMA32's is DMA32" highest_zone GFP_DMA32 DMA32
test_case "P2 GFP_DMA's is DMA" highest_zone 'GFP_KERNEL|GFP_DMA' DMA
test_case "P2 __GFP_MOVABLE alone changes no zone: Normal" highest_zone 'GFP_KERNEL|__GFP_MOVABLE' Normal
test_case "P2 __GFP_MOVABLE with GFP_DMA32 is DMA32" highest_zone 'GFP_KERNEL|__GFP_MOVABLE|GFP_DMA32' DMA32
test_case "P2 __GFP_MOVABLE with GFP_DMA is DMA" highest_zone 'GFP_KERNEL|__GFP_MOVABLE|GFP_DMA' DMA
test_case "P2 GFP_DMA fails when DMA is short, though others are not" dma_alone
test_case "P2 GFP_DMA32 goes down to DMA when DMA32 is short, not up to Normal" dma32_spills_down

# ---- the walk: Normal, DMA32, DMA, each down to low + what it keeps from requests for Normal

# ZONE: pages that may leave it before its low mark and what it keeps from requests for $above stop
# the fast path
spare() { echo $(($(zone_field 0 "$1" free) - $(zone_mark 0 "$1" low) - $(zone_protection 0 "$1" "$above"))); }

# In blocks of order 6: of them, records of a walk are few.
SIZE=64
blocks() { [ "$1" -gt 0 ] && echo $(($1 / SIZE)) || echo 0; }

# RATIO: lowmem_reserve_ratio. Normal is squeezed to below low, then blocks are held until the fast
# path has none. Red if the zone order is another, a zone is left out or left early, the
# lowmem reserve is not kept, kept of the wrong zone's share or kept where the ratio is 0.
walk()
{
	above=Normal
	sysctl_set vm/lowmem_reserve_ratio "$1"
	node0 none order=6 release=at_end max_pages=80000 squeeze=0:Normal:110
	fold_counters
	dma32=$(blocks "$(spare DMA32)") dma=$(blocks "$(spare DMA)")
	# What lists of CPUs had of these zones may be free after the squeeze, which takes it and sets it aside, and
	# the reverse; in DMA, a few pages in a list keep a block or two apart. So some more are asked for than
	# the fast path may give.
	set_opts count=$((dma32 + dma + 80))
	call
	expect_near "blocks from DMA32 (lowmem_reserve_ratio=$1)" \
		"$(count_where result=ok stage=fast zone=DMA32)" "$dma32" 40
	expect_near "blocks from DMA (lowmem_reserve_ratio=$1)" \
		"$(count_where result=ok stage=fast zone=DMA)" "$dma" 4
	expect_no_record stage=fast zone=Normal
	# What the fast path no longer gives, Normal gives down to its min mark, and others after it.
	expect_some_record result=ok stage=slow alloc_flags=0x101,0x50
	[ "$dma" -gt 1 ] && met="DMA32 DMA Normal " || met="DMA32 Normal "
	expect_like "zones in the order of their blocks" "$(zones_met)" "$met*"
	expect_some_record result=ok stage=slow zone=Normal
}

# The zone asked for keeps nothing back from its own requests. Red if it does.
own_requests()
{
	sysctl_set vm/lowmem_reserve_ratio "256 8 32 0 0"
	node0 GFP_DMA32 order=4 count=40 release=at_end
	low=$(zone_mark 0 DMA32 low) min=$(zone_mark 0 DMA32 min)
	kept=$(zone_protection 0 DMA32 Normal)
	expect_ge "what DMA32 keeps from requests for Normal" "$kept" 1500
	set_opts squeeze=0:DMA32:$(((low + 800) * 100 / min))
	call
	expect_all_records result=ok stage=fast zone=DMA32
}

# With Normal below low and DMA kept for its own, DMA32 serves until low, then Normal until min, then
# DMA32 until min; half of Normal's pages, or a part that DMA32 can spare, are on top of both of DMA32's
# marks. Red if they are on top of one of them only.
kept_of_both_marks()
{
	above=Normal
	node0 none order=6 release=at_end max_pages=80000 squeeze=0:Normal:110
	# While Normal is short, others take their pages from DMA32: a few of its blocks at times.
	for _try in 1 2 3; do
		for _ratio in 2 3 4; do
			sysctl_set vm/lowmem_reserve_ratio "1 $_ratio 32 0 0"
			fold_counters
			fast=$(blocks "$(spare DMA32)")
			[ "$fast" -le 6 ] || break
		done
		expect_ge "blocks of DMA32 above low and what it keeps from requests for Normal" "$fast" 7
		expect_ge "what it keeps from them" "$(zone_protection 0 DMA32 Normal)" 16000
		slow=$((($(zone_mark 0 DMA32 low) - $(zone_mark 0 DMA32 min)) / SIZE))
		# What DMA32 keeps counts as not available: no more room for records than is needed.
		count=$((fast + slow + $(zone_mark 0 Normal min) / 64 + 20))
		set_opts count=$count ring=$count
		call
		got=$(count_where result=ok stage=fast zone=DMA32)
		[ "$got" -lt $((fast - 12)) ] || break
	done
	expect_near "blocks from DMA32 in the fast path" "$got" "$fast" 12
	expect_near "blocks from DMA32 in the slow path" \
		"$(count_where result=ok stage=slow zone=DMA32)" $slow 1
	expect_eq "zones in the order of their blocks" "$(zones_met)" "DMA32 Normal DMA32 none "
	expect_record result=failed stage=slow alloc_flags=0x101,0x50,0x50
}

test_case "Z2 Z4 zones are walked down: Normal, DMA32, DMA, with the default reserves" walk "256 256 32 0 0"
test_case "Z2 Z4 with no lowmem reserve, lower zones are used down to their low mark" walk "0 0 0 0 0"
test_case "Z2 Z4 with an eighth of Normal kept in DMA32, less of it is used" walk "256 8 32 0 0"
test_case "Z2 Z4 a DMA kept for its own is not used at all" walk "1 256 32 0 0"
test_case "Z4 what DMA32 keeps from requests for Normal is on top of low and of min" kept_of_both_marks
test_case "Z4 what DMA32 keeps from others, GFP_DMA32 gets" own_requests

# ---- the walk in the fast path avoids mixing migratetypes

# Red if ALLOC_NOFRAGMENT is not set where there is a lower zone to go to.
nofragment_set()
{
	node0 GFP_KERNEL
	call
	expect_record result=ok stage=fast attempts=1 alloc_flags=0x901 zone=Normal
	expect_eq "alloc_flags_names" "$(record 1 alloc_flags_names)" "ALLOC_WMARK_LOW|ALLOC_NOFRAGMENT|ALLOC_KSWAPD"
}

# Red if it is set for a zone that has nothing below to go to.
nofragment_unset()
{
	node0 GFP_DMA32
	call
	expect_record result=ok stage=fast attempts=1 alloc_flags=0x1 zone=DMA32
}

# Red if the slow path keeps it.
nofragment_dropped()
{
	# Nothing may count as available then: a budget of none would be the default, and a large ring too large.
	node0 GFP_NOWAIT squeeze=0:Normal:110 max_pages=100 ring=16
	above=Normal
	sysctl_set vm/lowmem_reserve_ratio "1 1 1 0 0"
	call
	expect_record result=ok stage=slow attempts=2 alloc_flags=0x901,0x850 zone=Normal
}

test_case "Z5 a request that prefers Normal first avoids fragmentation" nofragment_set
test_case "Z5 one that prefers DMA32 does not" nofragment_unset
test_case "Z5 the slow path does not" nofragment_dropped

run_cases
