#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: CMA pageblocks serve movable requests, and nobody else (rows Z12 B8)
# suite: full
# requires: nodes>=2 zone=1:Normal kprobes
# vm: cma
# timeout: 120
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"

MOVABLE='GFP_HIGHUSER_MOVABLE|__GFP_THISNODE|__GFP_NOWARN'
UNMOVABLE='GFP_KERNEL|__GFP_THISNODE|__GFP_NOWARN'

# Free pages of node 1 that are in CMA pageblocks
cma() { zone_field 1 Normal nr_free_cma; }

# Skips where node 1 has less than half of its 64 MiB of CMA, and says which of the reasons it is.
require_cma()
{
	fold_counters
	_free=$(cma)
	[ "${_free:-0}" -lt 8192 ] || return 0
	_total=$(meminfo CmaTotal)
	[ -n "$_total" ] || skip "this kernel has no CMA (CONFIG_CMA)"
	case " $(cat /proc/cmdline) " in
	*" cma="[1-9]*) ;;
	*) skip "this kernel has CMA, but none was asked for: cma=64M@4096M, where node 1 lies, is not on its command line" ;;
	esac
	[ "$_total" != 0 ] || skip "the kernel could not reserve what cma= asks for: $(dmesg | sed -n 's/.*\(cma: .*\)/\1/p' | tail -n 1)"
	skip "of $_total KiB of CMA, ${_free:-0} pages are free on node 1; 8192 are needed"
}

# OPTION=VALUE...: of node 1 alone, where 64 MiB are CMA
node1()
{
	require_cma
	sysctl_set vm/min_free_kbytes 32768
	sysctl_set vm/percpu_pagelist_high_fraction 20000
	set_opts entry=alloc_pages_node nid=1 release=at_end "$@"
}

# Most of what is free is CMA: movable requests are served from it, in the fast path. Red if they may not
# have it, or if the watermark check leaves it out for them.
movable_served()
{
	node1 "gfp=$MOVABLE" order=4 count=40 squeeze=1:Normal:110
	call
	expect_all_records result=ok stage=fast source=cma migratetype=cma page_nid=1 attempts=1 \
		alloc_flags=0x881 reserve=none steal=none bad=none
	expect_ge "free CMA pages when the first request was made" "$(summary squeeze.reached.cma)" 8192
}
movable_pages()
{
	drain 1		# per-cpu lists may have enough for all of them
	node1 "gfp=$MOVABLE" order=0 count=300 squeeze=1:Normal:110
	call
	expect_all_records result=ok stage=fast page_nid=1 alloc_flags=0x881
	expect_ge "pages of CMA blocks" "$(count_where migratetype=cma)" 200
	expect_some_record source=cma
}

# The same state, and nobody else gets any: what is free for them is below low, or below min.
# Red if CMA pages count for them, or are given to them.
unmovable_not_served()
{
	node1 "gfp=$UNMOVABLE|__GFP_NORETRY" order=4 squeeze=1:Normal:110
	call
	expect_record result=ok stage=slow migratetype!=cma source=buddy alloc_flags=0x801,0x840
	set_opts squeeze=1:Normal:50 count=10 order=0
	call
	expect_all_records result=failed stage=reclaim page_nid=none
	set_opts "gfp=GFP_ATOMIC|__GFP_THISNODE|__GFP_NOWARN" squeeze=1:Normal:30 order=0
	call
	expect_all_records result=failed stage=slow alloc_flags=0x801,0x830,0x830
	set_opts "gfp=$UNMOVABLE|__GFP_RECLAIMABLE|__GFP_NORETRY" squeeze=1:Normal:50
	call
	expect_all_records result=failed stage=reclaim
	expect_ge "free CMA pages all the while" "$(summary squeeze.reached.cma)" 8192
}

# A movable request is pinned: it is not movable any more.
pinned_not_served()
{
	node1 "gfp=$MOVABLE" order=4 count=10 scope=pin squeeze=1:Normal:110
	call
	expect_no_record migratetype=cma
	expect_all_records result=ok stage=slow
}

# With plenty of other memory, CMA is left alone, so that it is there when it is needed. Red if it is
# used before it is half of what is free.
left_alone()
{
	node1 "gfp=$MOVABLE" order=4 count=100
	call
	expect_all_records result=ok stage=fast source=buddy migratetype=movable
}

# All blocks of the largest order: movable requests get those of CMA as well, others do not.
# Red if CMA is not fallen back to, or given to others.
all_blocks()
{
	order=$(awk '$1 == "max_order" { print $2 }' $GFP/environment)
	node1 "gfp=$MOVABLE" "order=$order" count=110 max_pages=120000
	call
	movable=$(count_where result=ok) from_cma=$(count_where result=ok migratetype=cma source=cma)
	expect_ge "largest blocks from CMA" "$from_cma" 4
	set_opts "gfp=$UNMOVABLE|__GFP_NORETRY"
	call
	expect_no_record migratetype=cma
	expect_record result=failed
	expect_near "largest blocks for those who may not have CMA" "$(count_where result=ok)" \
		$((movable - from_cma)) 4
}

# Freed, they go back to where they came from.
given_back()
{
	node1 "gfp=$MOVABLE" order=4 count=400 squeeze=1:Normal:110
	before=$(cma)
	blocks=$(type_pageblocks 1 Normal CMA)
	call
	expect_some_record migratetype=cma
	fold_counters
	expect_near "free CMA pages" "$(cma)" "$before" 64
	expect_eq "CMA pageblocks" "$(type_pageblocks 1 Normal CMA)" "$blocks"
}

# What is taken out of CMA pageblocks is missing from NR_FREE_CMA_PAGES as long as it is held, page by page and
# in blocks. Red if a refill, or a block, is not counted, or is twice.
counted_while_held()
{
	drain 1
	node1 "gfp=$MOVABLE" "order=$1" "count=$2" release=keep squeeze=1:Normal:110
	call
	fold_counters
	held=$(($(count_where migratetype=cma) << $1))
	expect_ge "pages held of CMA pageblocks" "$held" 200
	set_opts squeeze=none
	now=$(cma)
	listed=$(pcp_pages 1 Normal)
	reset
	drain 1
	expect_near "free CMA pages, when those held and those listed came back" "$(($(cma) - now))" "$held" $((listed + 64))
}

test_case "Z12 pages held are missing from the zone's free CMA pages" counted_while_held 0 600
test_case "Z12 blocks held are missing from the zone's free CMA pages" counted_while_held 4 40

# Without unsafe=1 what comes of CMA is not held, for its owner may want it at any time. No state may be asked
# for: half of what is free is CMA when the rest was taken by others.
not_held()
{
	require_cma
	gfp_unload
	gfp_load
	fill=$((($(zone_free 1 Normal) - $(cma)) / 256 - 40))
	set_opts entry=alloc_pages_node nid=1 "gfp=$MOVABLE" order=0 count=3000 release=keep
	"$GFP_DIR/anon" 1 $fill "$GFP_DIR/write1" "$JOB/control" call > "$GFP_TMP/called" ||
		fail "call: $(cat "$GFP_TMP/called")" "$(tail -n 3 "$GFP/error")"
	from_cma=$(count_where migratetype=cma)
	expect_ge "pages of CMA blocks" "$from_cma" 100
	expect_ge "pages that were not held" "$(summary not_held)" "$from_cma"
}

# Nothing is free but CMA: the rules say so, and requests that may not use it fail, with all of it free.
only_cma()
{
	blocks=$(type_pageblocks 1 Normal CMA)
	node1 "gfp=GFP_ATOMIC|__GFP_THISNODE|__GFP_NOWARN" observe=explain cma_only=1:Normal release=keep count=4
	before=$(free_or_listed 1 Normal)
	call
	expect_all_records result=failed stage=slow
	expect_eq "predictions that differ" "$(summary explain.differ)" 0
	expect_eq "pages free but CMA, in per-cpu lists" \
		"$(summary cma_only.reached) $(summary cma_only.reached.listed)" "0 0"
	expect_ge "pages of CMA" "$(summary cma_only.reached.cma)" 8192
	expect_eq "free blocks of other types" "$(for _type in Unmovable Movable Reclaimable; do
		type_counts 1 Normal $_type; done | tr -d '0 \n')" ""
	job other
	node1 "gfp=$MOVABLE" count=40
	call
	expect_all_records result=ok migratetype=cma
	reset
	job default
	reset
	expect_near "pages free or in per-cpu lists" "$(free_or_listed 1 Normal)" "$before" 512
	expect_eq "CMA pageblocks" "$(type_pageblocks 1 Normal CMA)" "$blocks"
}

# A block that only CMA has: the mark counts such blocks for those who may have them. Red if it does not,
# so that the request is held up in the slow path.
only_block_of_cma()
{
	node1 "gfp=$MOVABLE" order=4 count=10 observe=explain cma_only=1:Normal
	call
	expect_all_records result=ok stage=fast source=cma migratetype=cma attempts=1
	expect_eq "predictions that differ" "$(summary explain.differ)" 0
}

# A batch that comes of CMA and of others: each page is what it is.
batch_of_both()
{
	drain 1
	node1 "gfp=$MOVABLE" order=0 count=300 squeeze=1:Normal:110
	call
	expect_eq "pages called CMA that are not" "$(count_where source=cma migratetype!=cma)" 0
}

# A range of CMA, as its owner asks for it. Its pageblocks stay what they are.
range_of_cma()
{
	blocks=$(type_pageblocks 1 Normal CMA)
	node1 entry=contig_range gfp=GFP_KERNEL pages=2025 range=cma count=3
	call
	expect_all_records result=ok pages=2025 migratetype=cma page_nid=1 errno=0 bad=none
	set_opts range=free pages=3000
	call
	expect_all_records result=ok pages=3000 migratetype=movable errno=0 bad=none
	expect_eq "CMA pageblocks" "$(type_pageblocks 1 Normal CMA)" "$blocks"
}

test_case "state-cma nothing is free but CMA, and it is undone" only_cma
test_case "Z10 Z12 a block counts that only CMA has" only_block_of_cma
test_case "Z12 source=cma is said of pages of CMA alone" batch_of_both
test_case "E10 contig_range: a range of CMA, and others leave CMA alone" range_of_cma
test_case "H6 without unsafe=1 no block of CMA is held" not_held
test_case "Z12 B8 movable blocks come from CMA when most of what is free is that" movable_served
test_case "Z12 B8 movable pages do, too" movable_pages
test_case "Z12 other requests get no CMA pages, which do not count for them" unmovable_not_served
test_case "Z12 a pinned request gets none" pinned_not_served
test_case "Z12 CMA is left alone as long as other memory is most of what is free" left_alone
test_case "B8 CMA is fallen back to when other blocks are gone" all_blocks
test_case "Z12 CMA pages go back to CMA" given_back

run_cases
