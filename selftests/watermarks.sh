#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: watermarks and reserves, each request against the arithmetic of node 1 (rows Z)
# requires: nodes>=2 zone=1:Normal kprobes
# vm: fresh
# timeout: 120
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"

# Marks that do not depend on the kernel's configuration, and wide enough to be told apart.
MIN_KB=32768

# GFP [OPTION=VALUE...]: of node 1 alone
node1()
{
	_gfp=$1
	shift
	sysctl_set vm/min_free_kbytes $MIN_KB
	MIN=$(zone_mark 1 Normal min) LOW=$(zone_mark 1 Normal low) HIGH=$(zone_mark 1 Normal high)
	set_opts entry=alloc_pages_node nid=1 "gfp=$_gfp|__GFP_THISNODE|__GFP_NOWARN" "$@"
}

# min, or what its reserves leave of it: in pages
reserve_end()
{
	half=$((MIN - MIN / 2))
	case $1 in
	min) echo "$MIN" ;;
	half) echo $half ;;
	harder) echo $((MIN - MIN / 4)) ;;
	quarter) echo $((half - half / 4)) ;;
	esac
}

# More is free than low asks for, but not by as much as the request itself. In some rounds no block of this size
# is left. Red if what is asked for is not taken off first.
asked_for()
{
	for _round in 1 2 3 4 5; do
		node1 none order=8 count=1 squeeze=1:Normal:low+2%
		call
		[ "$(count_where result=ok)" = 0 ] || break
	done
	expect_ge "free pages" "$(summary squeeze.reached)" $((LOW + 1))
	expect_le "free pages" "$(summary squeeze.reached)" $((LOW + 255))
	expect_record result=ok stage=slow attempts=2 alloc_flags=0x1,0x50
}

# PAGES: asks with node 1 squeezed to just above them: by 30 pages to 30 + 1 % of min
call_above()
{
	set_opts squeeze=1:Normal:$((($1 + 30) * 100 / MIN + 1))
	call
	expect_ge "free pages after the squeeze" "$(summary squeeze.reached)" $(($1 + 10))
}

# PAGES: the same, just below
call_below()
{
	set_opts squeeze=1:Normal:$((($1 - 30) * 100 / MIN))
	call
	expect_le "free pages after the squeeze" "$(summary squeeze.reached)" $(($1 - 10))
}

# ---- the marks: which one is held against, and with how many pages

# Red if the fast path uses another mark than low, or none, or if alloc_flags lose kswapd.
fast_when_free()
{
	node1 GFP_KERNEL
	call
	expect_record result=ok stage=fast reserve=none page_nid=1 zone=Normal attempts=1 \
		alloc_flags=0x801 kswapd=0
}

# Red if ALLOC_KSWAPD is set for a request that did not ask for it.
fast_without_kswapd()
{
	node1 none
	call
	expect_record result=ok stage=fast attempts=1 alloc_flags=0x1 kswapd=0
}

# Red if the fast path's mark is not low: min, high, or off by more than a hundredth.
fast_above_low()
{
	node1 GFP_KERNEL
	call_above "$LOW"
	expect_record result=ok stage=fast page_nid=1 attempts=1 alloc_flags=0x801
}
slow_below_low()
{
	node1 GFP_KERNEL
	call_below "$LOW"
	expect_record result=ok stage=slow reserve=none page_nid=1 attempts=2 alloc_flags=0x801,0x840
}

# ORDER OVER_LOW: blocks are held, none is freed, until requests fail: how many the fast path gave
# and how many the slow path after it must be what low and min allow, since a check asks for
# free - (2^order - 1) > mark. Red if a mark is another, if 2^order - 1 is forgotten, if the free
# pages are not counted as blocks leave.
both_marks()
{
	size=$((1 << $1))
	node1 none "order=$1" count=$((($2 / size + 1) * 3)) release=at_end max_pages=30000
	set_opts "squeeze=1:Normal:$(((LOW + $2) * 100 / MIN))"
	call
	free=$(summary squeeze.reached)
	fast=$(count_where result=ok stage=fast alloc_flags=0x1)
	slow=$(count_where result=ok stage=slow alloc_flags=0x1,0x50)
	expect_near "blocks of order $1 from $free to low=$LOW" "$fast" $(((free - LOW) / size)) 1
	expect_near "blocks of order $1 from $free to min=$MIN" $((fast + slow)) $(((free - MIN) / size)) 1
	expect_record result=failed stage=slow reserve=none kswapd=0 alloc_flags=0x1,0x50,0x50
	expect_eq "requests that are none of these" \
		"$(count_where result=failed stage=slow alloc_flags=0x1,0x50,0x50)" \
		$(($(summary requests) - fast - slow))
}

test_case "Z1 with memory free, the fast path answers at the low mark" fast_when_free
test_case "Z1 without __GFP_KSWAPD_RECLAIM the fast path's flags lack it" fast_without_kswapd
test_case "Z1 just above low, the fast path answers" fast_above_low
test_case "Z1 just below low, the fast path does not answer, the min mark does" slow_below_low
test_case "Z1 Z6 blocks of order 4 flip at low and at min, where the arithmetic says" both_marks 4 1200
test_case "Z1 Z6 blocks of order 5 flip at low and at min, where the arithmetic says" both_marks 5 1500
test_case "Z1 Z6 blocks of order 8 flip 255 pages before the marks" both_marks 8 1900

# ---- the slow path's mark, and how far below it each gfp may go

# GFP END FLAGS RESERVE: just above that end the second attempt gets a page, with these
# alloc_flags and out of this reserve.
reaches()
{
	node1 "$1"
	call_above "$(reserve_end "$2")"
	expect_record result=ok stage=slow page_nid=1 zone=Normal attempts=2 "alloc_flags=0x801,$3" \
		"reserve=$4" pfmemalloc=0 reclaimed=0
}

# Just below it, a request that must not reclaim fails after the third.
fails()
{
	node1 "$1"
	call_below "$(reserve_end "$2")"
	expect_record result=failed stage=slow source=none reserve=none attempts=3 \
		"alloc_flags=0x801,$3,$3" reclaimed=0 victim=none
}

# Just below it, a request that may reclaim does, whatever comes of it.
reclaims()
{
	node1 "$1"
	call_below "$(reserve_end "$2")"
	expect_record stage=reclaim
	_twice=",$3"
	! has compacts_late || _twice=''	# one look before it reclaims
	expect_like "its flags" "$(record -1 alloc_flags)" "0x801,$3$_twice*"
}

NORETRY='GFP_KERNEL|__GFP_NORETRY'
ATOMIC_NOMEMALLOC='GFP_ATOMIC|__GFP_NOMEMALLOC'

# Red if the slow path uses low or high, or no mark at all.
z6_reaches() { reaches "$NORETRY" min 0x840 none; }
z6_reclaims() { reclaims "$NORETRY" min 0x840; }
z6_nowait() { reaches GFP_NOWAIT min 0x850 none; }
# Red if all that can't sleep may dip, not only __GFP_HIGH.
z7_nowait() { fails GFP_NOWAIT min 0x850; }
# Red if __GFP_HIGH does not halve min, or halves it twice.
z7_high() { reaches "$NORETRY|__GFP_HIGH" half 0x860 high; }
z7_high_end() { reclaims "$NORETRY|__GFP_HIGH" half 0x860; }
# Red if the further quarter is not given, or more than that.
z7_atomic() { reaches GFP_ATOMIC quarter 0x830 nonblock; }
z7_atomic_end() { fails GFP_ATOMIC quarter 0x830; }
# Red if __GFP_NOMEMALLOC does not forbid the quarter, or forbids the half as well.
z7_nomemalloc() { reaches "$ATOMIC_NOMEMALLOC" half 0x820 high; }
z7_nomemalloc_end() { fails "$ATOMIC_NOMEMALLOC" half 0x820; }

test_case "Z6 the pages asked for do not count as free" asked_for
test_case "Z6 just above min, the slow path's first attempt answers" z6_reaches
test_case "Z6 just below min, a request that may reclaim must" z6_reclaims
test_case "Z6 just above min, GFP_NOWAIT is answered" z6_nowait
test_case "Z7 just below min, GFP_NOWAIT fails" z7_nowait
test_case "Z7 __GFP_HIGH takes down to half of min" z7_high
test_case "Z7 __GFP_HIGH takes no more than half of min" z7_high_end
test_case "Z7 GFP_ATOMIC takes a further quarter of that half" z7_atomic
test_case "Z7 GFP_ATOMIC takes no more than that" z7_atomic_end
test_case "Z7 GFP_ATOMIC|__GFP_NOMEMALLOC takes down to half of min" z7_nomemalloc
test_case "Z7 GFP_ATOMIC|__GFP_NOMEMALLOC takes no more than half" z7_nomemalloc_end

# Of a node that is short, with a nodemask: who may take from the reserves is let go elsewhere. With
# ALLOC_HARDER __GFP_ATOMIC says who, else __GFP_HIGH. Red if a block from elsewhere is called bad.
leaves_nodemask()
{
	node1 none
	set_opts entry=alloc_pages_nodemask nodes=1 'gfp=GFP_ATOMIC|__GFP_NOWARN'
	! has alloc_harder || set_opts 'gfp=__GFP_ATOMIC|__GFP_KSWAPD_RECLAIM|__GFP_NOWARN'
	set_opts squeeze=1:Normal:30
	call
	expect_record result=ok stage=slow page_nid=0 bad=none
	has alloc_harder || return 0
	set_opts 'gfp=__GFP_HIGH|__GFP_KSWAPD_RECLAIM|__GFP_NOWARN'
	call
	expect_record result=failed
}

# A bulk that finds a node short gets a single page, out of the same reserve. Red if it is taken for as
# many pages as were asked for: then the refill of a list looks as if there had been pages enough.
bulk_from_reserve()
{
	[ -n "$(only_here bulk)" ] || skip "this kernel has no bulk"
	node1 GFP_ATOMIC
	set_opts entry=bulk order=5 count=200 release=at_end squeeze=1:Normal:60
	call
	expect_all_records result=ok stage=slow pages=1 reserve=nonblock page_nid=1
}

# A realtime task's GFP_KERNEL reaches as far as __GFP_HIGH, or as ALLOC_HARDER alone.
# Red if its policy is not looked at.
realtime()
{
	node1 "$NORETRY"
	_end=half _reserve=high _flags=0x801,0x860
	! has alloc_harder || _end=harder _reserve=nonblock _flags=0x801,0x850
	set_opts squeeze=1:Normal:$((($(reserve_end $_end) + 30) * 100 / MIN + 1))
	# What the per-cpu list had left was taken before it came to reserves.
	for _round in 1 2 3; do
		"$GFP_DIR/realtime" "$GFP_DIR/write1" "$JOB/control" call > /dev/null || fail "no realtime task"
		[ "$(count_where source=pcp)" != 0 ] || break
	done
	expect_record result=ok stage=slow attempts=2 reserve=$_reserve
	expect_eq "alloc_flags" "$(record -1 alloc_flags)" $_flags
}

# CONTEXT: a realtime task's, while it is interrupted, and as the task itself. Red if in_interrupt() is not
# looked at, and an interrupt reaches as far as the task that it meets.
realtime_interrupted()
{
	require_context "$1"
	has alloc_harder || skip "this kernel looks at the task for masks alone that no interrupt may have"
	node1 'GFP_NOWAIT|__GFP_THISNODE'
	set_opts "context=$1" count=1 squeeze=1:Normal:$((($(reserve_end harder) + 30) * 100 / MIN + 1))
	"$GFP_DIR/realtime" "$GFP_DIR/write1" "$JOB/control" call > /dev/null || fail "no realtime task"
	expect_record result=failed stage=slow reserve=none
	set_opts context=task
	for _round in 1 2 3; do
		"$GFP_DIR/realtime" "$GFP_DIR/write1" "$JOB/control" call > /dev/null || fail "no realtime task"
		[ "$(count_where source=pcp)" != 0 ] || break
	done
	expect_record result=ok stage=slow reserve!=none
}

# The same count as both_marks, but it is the reserve that gives out. Per-cpu lists are kept short:
# what they take from the zone and do not give out is lost to the count. Red as z7_atomic.
atomic_count()
{
	no_highatomic
	sysctl_set vm/percpu_pagelist_high_fraction 20000
	node1 GFP_ATOMIC release=at_end
	end=$(reserve_end quarter)
	set_opts count="$MIN" squeeze=1:Normal:95
	listed=$(pcp_pages 1 Normal)
	call
	free=$(summary squeeze.reached) ok=$(summary ok)
	expect_record result=failed stage=slow alloc_flags=0x801,0x830,0x830
	expect_no_record result=ok reserve!=nonblock
	expect_no_record result=ok stage=fast
	expect_le "pages from $free to $end, $listed in per-cpu lists" "$ok" $((free - end + listed + 16))
	expect_ge "pages from $free to $end, $listed in per-cpu lists" "$ok" $((free - end - 100))
}

test_case "Z7 GFP_ATOMIC leaves the nodemask when its nodes give no more" leaves_nodemask
test_case "Z7 a bulk takes single pages out of the reserve" bulk_from_reserve
test_case "Z7 a realtime task takes down to half of min" realtime
test_case "Z7 a hardirq on a realtime task does not" realtime_interrupted hardirq
test_case "Z7 a softirq on a realtime task does not" realtime_interrupted softirq
test_case "Z7 GFP_ATOMIC pages come down to 3/8 of min one by one" atomic_count

# ---- no watermarks

# With ALLOC_HARDER, what is kept for HIGHATOMIC is nobody else's, not even without watermarks.
no_highatomic()
{
	has alloc_harder || return 0
	set_opts nid=1
	_kept=$(explain_field 1 Normal highatomic)
	[ "${_kept:-0}" = 0 ] || skip "$_kept pages of the zone are kept for HIGHATOMIC requests, and this kernel gives them to no other"
}

# Red if ALLOC_NO_WATERMARKS is not given, or page_is_pfmemalloc() is not set by it.
memalloc()
{
	no_highatomic
	node1 'GFP_NOWAIT|__GFP_MEMALLOC' squeeze=1:Normal:30
	call
	expect_record result=ok stage=slow page_nid=1 attempts=3 alloc_flags=0x801,0x850,0x804 \
		reserve=nowatermarks pfmemalloc=1 bad=none
}

# Red if the mark is set whenever __GFP_MEMALLOC is, not when reserves were opened.
memalloc_free()
{
	node1 'GFP_NOWAIT|__GFP_MEMALLOC'
	call
	expect_record result=ok stage=fast attempts=1 alloc_flags=0x801 reserve=none pfmemalloc=0
}

# Red if the mark of the last owner stays on a page.
memalloc_forgotten()
{
	no_highatomic
	node1 'GFP_NOWAIT|__GFP_MEMALLOC' squeeze=1:Normal:30 count=64 release=at_end
	call
	expect_all_records result=ok pfmemalloc=1
	node1 GFP_NOWAIT count=500 release=at_end squeeze=none
	call
	expect_all_records result=ok stage=fast pfmemalloc=0
}

# The list that links them takes the place of the mark. Red if that is believed.
memalloc_listed()
{
	[ -n "$(only_here bulk_list)" ] || skip "this kernel has no bulk_list"
	no_highatomic
	node1 'GFP_NOWAIT|__GFP_MEMALLOC'
	set_opts entry=bulk_list order=5 count=50 release=at_end squeeze=1:Normal:30
	call
	expect_all_records result=ok stage=slow pages=1 page_nid=1 reserve=nowatermarks bad=none \
		pfmemalloc=unknown
}

# Red if __GFP_NOMEMALLOC does not win.
nomemalloc()
{
	node1 'GFP_NOWAIT|__GFP_MEMALLOC|__GFP_NOMEMALLOC' squeeze=1:Normal:30
	call
	expect_record result=failed stage=slow attempts=3 alloc_flags=0x801,0x840,0x840
}

# Red if it is refused reclaim-free pages or enters reclaim before it takes them.
memalloc_may_sleep()
{
	no_highatomic
	node1 'GFP_KERNEL|__GFP_MEMALLOC' squeeze=1:Normal:30
	call
	expect_record result=ok stage=slow attempts=3 alloc_flags=0x801,0x840,0x804 pfmemalloc=1
}

test_case "Z8 __GFP_MEMALLOC ignores the marks, and marks its page" memalloc
test_case "Z8 __GFP_MEMALLOC with memory free is an ordinary request" memalloc_free
test_case "Z8 N4 the next owner of a page from the reserves finds no mark" memalloc_forgotten
test_case "Z8 pages of a bulk_list from the reserves, whose mark is gone" memalloc_listed
test_case "Z8 __GFP_NOMEMALLOC beats __GFP_MEMALLOC" nomemalloc
test_case "Z8 __GFP_MEMALLOC takes reserves before it would reclaim" memalloc_may_sleep

run_cases
