#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: zone HighMem: a machine of 32 bits, without NUMA (rows P2, Z2, Z4, E4, N1)
# requires: zone=0:DMA zone=0:Normal zone=0:HighMem kprobes
# vm: highmem
# timeout: 180
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"

# GFP [OPTION=VALUE...]
asked()
{
	_gfp=$1
	shift
	set_opts entry=alloc_pages "gfp=$_gfp|__GFP_NOWARN" "$@"
}

# ---- the highest zone that gfp allows

# GFP ZONE: red if gfp_zone() names another, or the walk starts elsewhere.
highest_zone()
{
	asked "$1" count=40 release=at_end order=4 observe=explain
	call
	expect_all_records result=ok stage=fast "zone=$2" page_nid=0 bad=none
	expect_eq "records whose prediction did not come true" "$(summary explain.differ)" 0
}

# Red if a request that may not have HighMem goes up there.
normal_alone()
{
	asked GFP_KERNEL squeeze=0:Normal:110 count=8 release=at_end
	sysctl_set vm/lowmem_reserve_ratio "1 32 0 0"
	call
	expect_no_record zone=HighMem
	expect_all_records result=ok stage=slow zone=Normal
}

test_case "P2 GFP_HIGHUSER's highest zone is HighMem" highest_zone GFP_HIGHUSER HighMem
test_case "P2 GFP_HIGHUSER_MOVABLE's is HighMem where there is no Movable" highest_zone GFP_HIGHUSER_MOVABLE HighMem
test_case "P2 GFP_KERNEL's highest zone is Normal, below HighMem" highest_zone GFP_KERNEL Normal
test_case "P2 GFP_DMA's is DMA, below both" highest_zone 'GFP_KERNEL|GFP_DMA' DMA
test_case "P2 GFP_DMA32's is Normal where there is no DMA32" highest_zone GFP_DMA32 Normal
test_case "P2 GFP_KERNEL stays in Normal when that is short and HighMem is not" normal_alone

# ---- the walk: HighMem, Normal, DMA, each down to low + what it keeps from requests for HighMem

SIZE=64
# ZONE: blocks of SIZE pages that may leave it before its low mark and what it keeps from requests for HighMem
spare()
{
	_spare=$((($(zone_field 0 "$1" free) - $(zone_mark 0 "$1" low) - $(zone_protection 0 "$1" HighMem)) / SIZE))
	[ "$_spare" -gt 0 ] && echo "$_spare" || echo 0
}

# RATIO: lowmem_reserve_ratio, of DMA, Normal and HighMem. HighMem is squeezed to below low, then blocks are
# held until the fast path has none. Red if the order of zones is another, a zone is left out or left early, or
# the reserve is not kept.
walk()
{
	sysctl_set vm/lowmem_reserve_ratio "$1"
	asked 'GFP_NOWAIT|__GFP_HIGHMEM' order=6 release=at_end squeeze=0:HighMem:low-5% max_pages=80000
	fold_counters
	normal=$(spare Normal)
	dma=$(spare DMA)
	set_opts count=$((normal + dma + 80))
	call
	expect_near "blocks from Normal (lowmem_reserve_ratio=$1)" \
		"$(count_where result=ok stage=fast zone=Normal)" "$normal" 40
	expect_near "blocks from DMA (lowmem_reserve_ratio=$1)" \
		"$(count_where result=ok stage=fast zone=DMA)" "$dma" 4
	expect_no_record stage=fast zone=HighMem
	met=
	[ "$normal" -le 41 ] || met="Normal "
	[ "$dma" -le 1 ] || met="${met}DMA "
	expect_like "zones in the order of their blocks" "$(zones_met)" "$met*"
}

test_case "Z2 Z4 GFP_HIGHUSER falls from HighMem to Normal and to DMA" walk "256 0 0 0"
test_case "Z2 Z4 what Normal keeps from requests for HighMem is not used" walk "256 32 0 0"
test_case "Z2 Z4 a DMA kept for its own is not used at all" walk "1 0 0 0"

# ---- addresses

# ENTRY: red if a block has no address, or __GFP_HIGHMEM reaches the walk.
strips_highmem()
{
	set_opts "entry=$1" 'gfp=GFP_KERNEL|__GFP_HIGHMEM' count=100 release=at_end order=0 check=full
	call
	expect_all_records result=ok bad=none zone=Normal gfp_seen=GFP_KERNEL
}

# Red if pages are given back by an address that they have not.
without_address()
{
	asked GFP_HIGHUSER count=300 order=3 hold=20 release=random check=full
	call
	expect_all_records result=ok bad=none zone=HighMem
	expect_eq "blocks still held" "$(status held_pages)" 0
}

# Red if an area's pages are taken for wrong because they lie in HighMem, which vmalloc() asks for by itself.
vmalloc_takes_it()
{
	set_opts entry=vmalloc gfp=GFP_KERNEL order=4 count=20 release=at_end check=full
	call
	expect_all_records result=ok bad=none zone=HighMem
}

test_case "E4 get_free_pages: __GFP_HIGHMEM is taken away" strips_highmem get_free_pages
test_case "E4 alloc_pages: blocks of HighMem have no address, and go back by their page" without_address
test_case "E13 vmalloc takes pages of HighMem" vmalloc_takes_it

# ---- contents

# ORDER COUNT: memory that was filled and freed, then asked for zeroed. Red if it is not, in the first page or
# a later one.
zeroed()
{
	asked GFP_HIGHUSER cpus=0 "order=$1" "count=$2" release=at_end check=full
	start
	wait_idle
	expect_all_records result=ok bad=none zone=HighMem
	asked 'GFP_HIGHUSER|__GFP_ZERO' "order=$1" "count=$2" check=basic
	start
	wait_idle
	expect_all_records result=ok bad=none zone=HighMem
	expect_eq "blocks that are not zero" "$(summary bad_blocks)" 0
}

test_case "N1 __GFP_ZERO: pages of HighMem that were dirty are zero" zeroed 0 1000
test_case "N1 __GFP_ZERO: blocks of HighMem that were dirty are zero, each page" zeroed 5 40

# ---- memory states

# Red if the squeeze takes from a lower zone instead, or stops early.
squeezed()
{
	before=$(zone_field 0 Normal free)
	asked GFP_HIGHUSER squeeze=0:HighMem:low-5% hold=1 release=keep
	call
	expect_record zone=Normal stage=fast state=held
	# Not read afterwards: what tasks have lies in HighMem, and they come and go.
	expect_le "free pages of HighMem" "$(summary squeeze.reached)" "$(zone_mark 0 HighMem low)"
	# What tasks ask for comes from there now: far less than the squeeze took.
	expect_ge "free pages of Normal" "$(zone_field 0 Normal free)" $((before - 10000))
	reset
}

# Red if large blocks are left in HighMem, or Normal is broken up.
fragmented()
{
	asked GFP_HIGHUSER order=5 fragment=0:HighMem:5 count=4
	call
	expect_eq "blocks left" "$(summary fragment.left)" 0
	expect_all_records result=ok stage=fast zone=Normal
}

test_case "state-squeeze takes HighMem down to its mark, and leaves Normal" squeezed
test_case "state-fragment leaves no block in HighMem, and leaves Normal" fragmented

run_cases
