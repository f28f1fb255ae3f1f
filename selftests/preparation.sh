#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: what a request is turned into before a zone is looked at: order, type, nodes (rows P, Z3)
# requires: nodes>=2 zone=1:Normal kprobes
# vm: fresh
# timeout: 120
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"

MAX_ORDER=$(awk '{ print NF - 5; exit }' /proc/buddyinfo)

# GFP [OPTION=VALUE...]: node 1 preferred
prefer1()
{
	_gfp=$1
	shift
	sysctl_set vm/min_free_kbytes 32768
	set_opts entry=alloc_pages_node nid=1 "gfp=$_gfp|__GFP_NOWARN" "$@"
}

# GFP NODES [OPTION=VALUE...]: node 1 preferred, but with a nodemask
masked()
{
	_nodes=$2
	_gfp=$1
	shift 2
	prefer1 "$_gfp" entry=alloc_pages_nodemask "nodes=$_nodes" "$@"
}

# How far node 1 is squeezed: below any mark, so that node 0 has to serve, or nobody.
SHORT=squeeze=1:Normal:30

# ---- P1 order

# ENTRY: red if the order is not looked at before the walk: the request would fail, not be rejected.
order_over_max()
{
	set_opts entry="$1" order=$((MAX_ORDER + 1)) 'gfp=GFP_KERNEL|__GFP_NOWARN' count=3
	allocated=$(vmstat allocstall_normal)
	call
	expect_all_records result=rejected stage=rejected source=none attempts=0 alloc_flags=none kswapd=0
	expect_eq "direct reclaims" "$(vmstat allocstall_normal)" "$allocated"
	expect_dmesg_silent
}

# Red if the largest order is turned away, or its block is not that large.
order_max()
{
	set_opts entry=alloc_pages_node nid=1 order=$MAX_ORDER count=3 release=at_end
	call
	expect_all_records result=ok stage=fast source=buddy page_nid=1 bad=none
}

test_case "P1 an order over the maximum is rejected by alloc_pages" order_over_max alloc_pages
test_case "P1 an order over the maximum is rejected by get_free_pages" order_over_max get_free_pages
test_case "P1 an order over the maximum is rejected by alloc_pages_nodemask" order_over_max alloc_pages_nodemask
test_case "P1 the maximum order is served" order_max

# ---- P3 migratetype

# GFP TYPE: blocks come from pageblocks of the type, and from its free lists unless they had to be
# filled from another's. Red if gfp_migratetype() gives another type, or the lists are mixed up.
migratetype()
{
	prefer1 "$1" order=4 count=64 hold=64 release=keep
	call
	expect_all_records result=ok stage=fast page_nid=1 "migratetype=$2" "steal=none/$2<movable/$2<unmovable/$2<reclaimable"
}

# Movable pages leave the movable lists alone, exactly. Red if they come from another type's.
movable_lists()
{
	prefer1 GFP_HIGHUSER_MOVABLE order=4 count=100 release=keep
	fold_counters
	movable=$(type_pages Movable) others=$(($(type_pages Unmovable) + $(type_pages Reclaimable)))
	call
	expect_near "free pages in the movable lists" "$(type_pages Movable)" $((movable - 1600)) 48
	expect_near "free pages in the other lists" \
		$(($(type_pages Unmovable) + $(type_pages Reclaimable))) $others 48
}

# TYPE: pages in free lists of node 1
type_pages() { counted_pages "$(type_counts 1 Normal "$1")"; }

test_case "P3 a plain request is served from unmovable pageblocks" migratetype GFP_KERNEL unmovable
test_case "P3 __GFP_MOVABLE is served from movable pageblocks" migratetype GFP_HIGHUSER_MOVABLE movable
test_case "P3 __GFP_RECLAIMABLE is served from reclaimable pageblocks" \
	migratetype 'GFP_KERNEL|__GFP_RECLAIMABLE' reclaimable
test_case "P3 movable blocks leave the movable free lists and no other" movable_lists

# ---- P4 zonelist, Z3 the next node

# Red if the preferred node is not the first of the zonelist.
preferred_first()
{
	set_opts entry=alloc_pages_node "nid=$1" count=500 release=at_end
	call
	expect_all_records result=ok stage=fast attempts=1 "page_nid=$1"
}

# NUMA counters of node 0: a page that another node should have given is a miss.
misses() { fold_counters; echo $(($(numastat 0 numa_miss))); }

# Red if the walk stops at the first node, if the slow path is entered though node 0 is free, or
# if the miss is not counted.
next_node()
{
	prefer1 GFP_KERNEL squeeze=1:Normal:105 count=300 release=at_end
	before=$(misses)
	call
	expect_all_records result=ok stage=fast attempts=1 page_nid=0 alloc_flags=0x801
	expect_near "numa_miss of node 0" "$(misses)" $((before + 300)) 8
}

# Red if the zonelist goes from node to node by zone, not by node: all that node 0 has comes first.
within_node_first()
{
	require_zone 0 DMA
	sysctl_set vm/min_free_kbytes 32768
	fold_counters
	spare=$(($(zone_field 0 DMA free) - $(zone_mark 0 DMA low) - $(zone_protection 0 DMA Normal)))
	[ $spare -gt 160 ] || skip "no memory to spare in DMA"
	set_opts entry=alloc_pages_node nid=0 gfp=__GFP_NOWARN order=4 count=$((spare / 16 + 20)) \
		release=at_end squeeze=0:DMA32:90
	call
	# Pages that lists of CPUs or pieces keep apart are not blocks: what is kept of DMA is a thousand pages and more.
	expect_near "blocks from DMA" "$(count_where result=ok stage=fast zone=DMA page_nid=0)" $((spare / 16)) 8
	expect_record 1 zone=DMA page_nid=0
	expect_record result=ok stage=fast zone=Normal page_nid=1
	expect_no_record stage!=fast
}

# Red if __GFP_THISNODE does not choose the zonelist without other nodes.
this_node_fails()
{
	prefer1 'GFP_NOWAIT|__GFP_THISNODE' squeeze=1:Normal:60 count=50 release=at_end
	before=$(misses)
	call
	expect_all_records result=failed stage=slow attempts="$(looks)"
	expect_near "numa_miss of node 0: node 0 is untouched" "$(misses)" "$before" 4
}

# The node's one zonelist with __GFP_THISNODE has no zone that the mask may have. Red if another node's zone
# is taken, or if what has nowhere to look reclaims first.
this_node_without_zone()
{
	set_opts entry=alloc_pages_node nid=1 'gfp=GFP_KERNEL|GFP_DMA32|__GFP_THISNODE|__GFP_NOWARN' observe=explain
	call
	expect_record result=failed page_nid=none zone=none reclaims=0 compacts=0 retries=0
	expect_eq "what was predicted" "$(record 1 predicted)" slow/none/none/failed
}

this_node_served()
{
	set_opts entry=alloc_pages_node nid=1 'gfp=GFP_KERNEL|__GFP_THISNODE' count=3000 release=at_end
	call
	expect_all_records result=ok stage=fast page_nid=1 zone=Normal
}

# The same squeeze, only without __GFP_THISNODE.
other_node_serves()
{
	prefer1 GFP_NOWAIT squeeze=1:Normal:60 count=50 release=at_end
	call
	expect_all_records result=ok stage=fast page_nid=0
}

test_case "P4 node 0 preferred: all pages come from it" preferred_first 0
test_case "P4 node 1 preferred: all pages come from it" preferred_first 1
test_case "P4 __GFP_THISNODE fails when the node is short, and takes nothing from the other" this_node_fails
test_case "P4 __GFP_THISNODE on a node without the mask's zones: NULL at once" this_node_without_zone
test_case "P4 __GFP_THISNODE is served by its node" this_node_served
test_case "P4 without __GFP_THISNODE the other node serves" other_node_serves
test_case "Z3 a node that is short is passed over in the fast path" next_node
test_case "Z3 all zones of a node come before the next node" within_node_first

# ---- P5 nodemask

# Red if the nodemask is ignored by the walk, or the preferred zone is not taken from it.
mask_beats_preference()
{
	masked GFP_KERNEL 1 nid=0 count=300 release=at_end
	call
	expect_all_records result=ok stage=fast attempts=1 page_nid=1
	masked GFP_KERNEL 0 nid=1 count=300
	call
	expect_all_records result=ok stage=fast attempts=1 page_nid=0
}

mask_of_both()
{
	masked GFP_KERNEL 0-1 count=300 release=at_end
	call
	expect_all_records result=ok stage=fast page_nid=1
	set_opts $SHORT
	call
	expect_all_records result=ok stage=fast page_nid=0
}

# Red if the mask is lost in the slow path, where node 0 could serve.
mask_holds()
{
	masked GFP_NOWAIT 1 $SHORT count=20 release=at_end
	call
	expect_all_records result=failed stage=slow attempts=3 alloc_flags=0x801,0x850,0x850
}

mask_holds_in_reclaim()
{
	masked 'GFP_KERNEL|__GFP_NORETRY' 1 $SHORT
	call
	expect_record stage=reclaim page_nid=none/1
}

# Red if the mask is kept for a request that may use reserves: it would fail at node 1.
mask_dropped()
{
	masked GFP_ATOMIC 1 $SHORT count=20 release=at_end
	call
	expect_all_records result=ok stage=slow page_nid=0 attempts=3 alloc_flags=0x801,0x830,0x830
}

# Red if it is dropped before the first attempt of the slow path, which must still keep to it.
mask_kept_at_first()
{
	masked GFP_ATOMIC 1 squeeze=1:Normal:70 count=20 release=at_end
	call
	expect_all_records result=ok stage=slow page_nid=1 attempts=2 reserve=nonblock
}

test_case "P5 the nodemask decides, not the preferred node" mask_beats_preference
test_case "P5 in a nodemask of both, the preferred node comes first, then the other" mask_of_both
test_case "P5 the nodemask holds in the slow path" mask_holds
test_case "P5 the nodemask holds for a request that reclaims" mask_holds_in_reclaim
test_case "P5 GFP_ATOMIC drops the nodemask when its reserve is not enough" mask_dropped
test_case "P5 GFP_ATOMIC keeps to the nodemask while its reserve lasts" mask_kept_at_first

run_cases
