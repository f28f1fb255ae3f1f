#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: who asks from where, and what the task says of all its requests (rows P7, P10, S12)
# suite: full
# requires: nodes>=2 cpus>=2 zone=1:Normal kprobes
# vm: numa
# timeout: 240
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"

TRACING=/sys/kernel/tracing

# GFP [OPTION=VALUE...]: of node 1 alone, with marks wide enough to be told apart
node1()
{
	_gfp=$1
	shift
	sysctl_set vm/min_free_kbytes 32768
	set_opts entry=alloc_pages_node nid=1 "gfp=$_gfp|__GFP_THISNODE|__GFP_NOWARN" "$@"
}

# N: so many requests, as many records, all of them served and sound
expect_sound()
{
	expect_eq "requests, failed, rejected, bad blocks, lost records" \
		"$(summary requests failed rejected bad_blocks lost_records)" \
		"$1 0 0 0 0"
	expect_eq "records" "$(wc -l < "$JOB/records")" "$1"
}

# ---- P10 who can't wait is not asked to

# CONTEXT: every mask that may sleep is refused, and nothing was asked. Red if one gets through: the
# kernel would reclaim or schedule there.
may_not_sleep()
{
	for gfp in GFP_KERNEL GFP_NOFS GFP_HIGHUSER_MOVABLE __GFP_DIRECT_RECLAIM '__GFP_RECLAIM|__GFP_NORETRY'; do
		set_opts "gfp=$gfp" "context=$1" count=10
		for word in call start; do
			expect_refused EINVAL $word control '' "*DIRECT_RECLAIM*sleep*"
			expect_eq "requests made with $gfp" "$(summary requests)" 0
		done
	done
	expect_dmesg_silent
}

# CONTEXT WORD: those that don't are served.
may_not_wait()
{
	for gfp in GFP_ATOMIC none '__GFP_KSWAPD_RECLAIM|__GFP_ZERO|__GFP_COMP'; do
		set_opts "gfp=$gfp" order=0,3,5 "context=$1" count=30 hold=4 check=full
		"$2"
		wait_idle
		expect_sound 30
		expect_all_records result=ok stage=fast bad=none attempts=1 "context=$1"
		expect_eq "masks that reached the allocator" "$(values gfp_seen)" "$(opt gfp)"
	done
}

for context in atomic softirq hardirq; do
	test_case "P10 a request that may sleep is refused in context $context" may_not_sleep $context
	test_case "P10 a request that can't sleep is served in context $context, for the writer" \
		may_not_wait $context call
	test_case "P10 a request that can't sleep is served in context $context, for a worker" \
		may_not_wait $context start
done

# ---- that it is that context

trace_off() { echo 0 > $TRACING/events/kmem/mm_page_alloc/enable; echo 0 > $TRACING/events/kmem/mm_page_alloc/filter; }

# CONTEXT FLAG WORD: what the tracer of the kernel says of where mm_page_alloc fired: hardirq,
# softirq, or neither. By the order, nobody else asks for such.
is_there()
{
	require_tracefs
	[ -n "$HARDIRQ" ] || [ "$1" != softirq ] || skip "on PREEMPT_RT tasks serve softirqs, and the tracer marks none"
	undo trace_off
	trace_buffer 4096
	echo 'order == 7' > $TRACING/events/kmem/mm_page_alloc/filter
	: > $TRACING/trace
	echo 1 > $TRACING/events/kmem/mm_page_alloc/enable
	echo 1 > $TRACING/tracing_on
	set_opts gfp=GFP_ATOMIC order=7 "context=$1" count=100
	$3
	wait_idle
	trace_off
	expect_eq "context flags of the kernel's events" \
		"$(sed -n 's/.*\] \([^ ]*\) .*: mm_page_alloc:.*order=7.*/\1/p' $TRACING/trace | cut -c 3 | sort | uniq -c | sed 's/^ *//')" \
		"100 $2"
}

for word in call start; do
	test_case "C-task a $word in context task is in no interrupt" is_there task . $word
	test_case "C-atomic a $word in context atomic is in no interrupt" is_there atomic . $word
	test_case "C-softirq a $word in context softirq is in a softirq" is_there softirq s $word
	test_case "C-hardirq a $word in context hardirq is in an interrupt" is_there hardirq h $word
done

# ---- the evidence is the request's own, in interrupts, too

# CONTEXT: two workers, and between their beginning and their end a shell that keeps the CPUs and the
# allocator busy. Every order asked for here is served off the free lists, each block by one event.
own_evidence()
{
	set_opts gfp=GFP_ATOMIC order=4-6 "context=$1" count=0 interval_us=500 hold=20 release=random check=full
	start
	while :; do cat /proc/self/maps /proc/vmstat; done > /dev/null &
	busy=$!
	undo "kill $busy 2> /dev/null || :"
	sleep 1
	wait_at_work 100
	kill $busy
	wait $busy 2> /dev/null || :
	stop
	requests=$(summary requests)
	expect_ge "requests" "$requests" 100
	expect_le "requests, as many as a ring keeps" "$requests" 16384
	expect_sound "$requests"
	expect_eq "stage, source, attempts, masks, CPUs" "$(values stage source attempts gfp_seen context cpu)" \
		"fast buddy 1 GFP_ATOMIC $1 0 1"
}

for context in atomic softirq hardirq; do
	test_case "C-evidence each request from context $context has its own evidence on a busy machine" \
		own_evidence $context
done

# CONTEXT GFP PERCENT CONDITION...: under a squeeze. Red if an interrupt is given less or more of the
# reserves than a task that can't wait, or reclaims.
squeezed()
{
	_context=$1 _gfp=$2 _percent=$3
	shift 3
	node1 "$_gfp" "squeeze=1:Normal:$_percent" "context=$_context" count=30 release=at_end
	stalls=$(vmstat allocstall_normal)
	call
	expect_eq "requests, bad blocks" "$(summary requests bad_blocks)" "30 0"
	expect_all_records "context=$_context" reclaim_ns=0 compact_ns=0 compact_result=none retries=0 victim=none "$@"
	expect_eq "direct reclaims" "$(vmstat allocstall_normal)" "$stalls"
}

for context in task atomic softirq hardirq; do
	test_case "Z7 GFP_ATOMIC in context $context dips into the reserves" \
		squeezed $context GFP_ATOMIC 70 result=ok stage=slow reserve=nonblock alloc_flags=0x801,0x830 \
		page_nid=1 pfmemalloc=0
	test_case "Z7 GFP_ATOMIC in context $context fails where the reserves end for it" \
		squeezed $context GFP_ATOMIC 30 result=failed stage=slow alloc_flags=0x801,0x830,0x830
	test_case "S9 GFP_NOWAIT in context $context fails below min" \
		squeezed $context GFP_NOWAIT 70 result=failed stage=slow alloc_flags=0x801,0x850,0x850
	test_case "S2 GFP_NOWAIT in context $context is served between min and low" \
		squeezed $context GFP_NOWAIT low-5% result=ok stage=slow reserve=none alloc_flags=0x801,0x850 \
		page_nid=1
done

# ---- P7 scopes

# Else the mask that fast path and events see is the caller's.
scoped_at_once() { has scopes_at_once || skip "on this kernel a scope reaches the slow path alone"; }

# SCOPE GFP SEEN [ENTRY...]: what is left of the mask inside the scope
scoped()
{
	[ "$2" = "$3" ] || scoped_at_once
	_scope=$1 _gfp=$2 _seen=$3
	shift 3
	[ $# -gt 0 ] || set -- alloc_pages alloc_pages_nodemask
	for _entry; do
		case $(get help | grep -A 1 "^  $_entry ") in *absent:*) continue ;; esac
		_want=$_seen
		case $_entry in put_page | folio_alloc | kmalloc_large) _want="$_want|__GFP_COMP" ;; esac
		# A watched kernel has blocks of order 2 for the stacks that it remembers, any time.
		set_opts "entry=$_entry" "scope=$_scope" "gfp=$_gfp" order=3 count=5
		call
		expect_sound 5
		expect_all_records "scope=$(opt scope)" "gfp=$_gfp" result=ok
		expect_eq "the mask that reached the allocator through $_entry" "$(values gfp_seen)" "$_want"
	done
}

test_case "P7 no scope changes nothing" scoped none GFP_KERNEL GFP_KERNEL
test_case "P7 nofs takes __GFP_FS" scoped nofs GFP_KERNEL GFP_NOFS
test_case "P7 noio takes __GFP_IO and __GFP_FS" scoped noio GFP_KERNEL GFP_NOIO
test_case "P7 nofs inside noio takes both" scoped nofs,noio GFP_KERNEL GFP_NOIO
test_case "P7 nofs has nothing to take from GFP_NOIO" scoped nofs GFP_NOIO GFP_NOIO
test_case "P7 pin takes __GFP_MOVABLE" scoped pin GFP_HIGHUSER_MOVABLE GFP_HIGHUSER
test_case "P7 pin takes nothing else" scoped pin GFP_KERNEL GFP_KERNEL
test_case "P7 pin, noio and nofs together" scoped nofs,noio,pin 'GFP_NOFS|__GFP_MOVABLE' GFP_NOIO
test_case "P7 a scope holds at every entry" scoped nofs GFP_KERNEL GFP_NOFS alloc_pages_node get_free_pages \
	put_page folio_alloc alloc_pages_exact held_page split_page kmalloc_large
test_case "P7 noreclaim takes nothing off the mask" scoped noreclaim GFP_KERNEL GFP_KERNEL

# In context atomic it is still the task that asks.
scoped_atomic()
{
	scoped_at_once
	set_opts "scope=$1" "gfp=$2" context=atomic count=5
	call
	expect_sound 5
	expect_eq "the mask that reached the allocator" "$(values gfp_seen)" "$3"
	start
	wait_idle
	expect_eq "the mask that reached the allocator, for workers" "$(values gfp_seen)" "$3"
}

test_case "P7 a scope holds in context atomic" scoped_atomic pin 'GFP_ATOMIC|__GFP_MOVABLE' GFP_ATOMIC

# A scope ends with the request: the same writer, this shell, and the same worker have none afterwards.
# Red if it is left as it was not found, also if the next request then finds and ends it.
scope_ends()
{
	scoped_at_once
	for word in call start; do
		set_opts scope=nofs,noio,noreclaim,pin 'gfp=GFP_KERNEL|__GFP_MOVABLE' count=5
		echo $word > "$JOB/control"
		wait_idle
		expect_eq "the mask inside" "$(values gfp_seen)" GFP_NOIO
		set_opts scope=none
		echo $word > "$JOB/control"
		wait_idle
		expect_eq "the mask outside" "$(values gfp_seen)" 'GFP_KERNEL|__GFP_MOVABLE'
	done
	node1 GFP_NOWAIT squeeze=1:Normal:30 count=5
	call
	expect_all_records result=failed stage=slow pfmemalloc=none
}

test_case "P7 a scope ends with the request" scope_ends

# A pinned page must not be one that can be moved: it is taken off the unmovable lists, all of it.
# Red if the migratetype is chosen before the scope is applied.
pin_unmovable()
{
	scoped_at_once
	set_opts entry=alloc_pages_node nid=1 gfp=GFP_HIGHUSER_MOVABLE scope=pin order=4 count=64 hold=64
	call
	expect_sound 64
	expect_all_records result=ok page_nid=1 migratetype=unmovable steal=none/'unmovable<movable'/'unmovable<reclaimable'
	set_opts scope=none
	call
	expect_all_records result=ok page_nid=1 migratetype=movable steal=none
}

test_case "P7 pin: pages come from unmovable pageblocks" pin_unmovable

# SCOPE SEEN: direct reclaim is told of the scope, too. Red if the slow path uses the mask as it was
# asked: reclaim would enter the file system or the disk inside the scope.
reclaim_in_scope()
{
	require_tracefs
	event=$TRACING/events/vmscan/mm_vmscan_direct_reclaim_begin
	undo "echo 0 > $event/enable"
	: > $TRACING/trace
	echo 1 > $event/enable
	echo 1 > $TRACING/tracing_on
	node1 'GFP_KERNEL|__GFP_NORETRY' squeeze=1:Normal:50 "scope=$1"
	call
	echo 0 > $event/enable
	expect_all_records stage=reclaim
	expect_eq "masks of direct reclaim" \
		"$(sed -n 's/.*mm_vmscan_direct_reclaim_begin: .*gfp_flags=//p' $TRACING/trace | sort -u |
			tr '|' '\n' | grep -E '^GFP_')" "$2"
}

test_case "P7 direct reclaim has the caller's mask without a scope" reclaim_in_scope none GFP_KERNEL
test_case "P7 direct reclaim keeps to nofs" reclaim_in_scope nofs GFP_NOFS
test_case "P7 direct reclaim keeps to noio" reclaim_in_scope noio GFP_NOIO

# ---- S12 noreclaim is PF_MEMALLOC

# ORDER CONTEXT: the reserves without a limit, and not a step of reclaim or compaction
noreclaim()
{
	gfp=GFP_KERNEL
	[ "$2" = task ] || gfp=GFP_ATOMIC
	node1 $gfp squeeze=1:Normal:25 scope=noreclaim "order=$1" "context=$2" count=10 release=at_end
	stalls=$(vmstat allocstall_normal)
	call
	expect_sound 10
	expect_all_records result=ok stage=slow reserve=nowatermarks pfmemalloc=1 page_nid=1 bad=none \
		reclaim_ns=0 compact_ns=0 compact_result=none retries=0
	expect_eq "flags without ALLOC_NO_WATERMARKS in the last attempt" \
		"$(values alloc_flags | tr ' ' '\n' | grep -vcE '0x(8[04]|)4$' || :)" 0
	expect_eq "direct reclaims" "$(vmstat allocstall_normal)" "$stalls"
}

# Without it, the same request reclaims.
reclaims()
{
	node1 'GFP_KERNEL|__GFP_NORETRY' squeeze=1:Normal:25
	call
	expect_all_records stage=reclaim
}

# Where memory is free, nothing of the reserves is used, and the page says so.
noreclaim_free()
{
	set_opts scope=noreclaim count=200 hold=10 check=full
	call
	expect_sound 200
	expect_all_records result=ok stage=fast reserve=none pfmemalloc=0
}

# Red if PF_MEMALLOC beats __GFP_NOMEMALLOC, or recurses into reclaim instead.
noreclaim_nomemalloc()
{
	node1 'GFP_KERNEL|__GFP_NOMEMALLOC' squeeze=1:Normal:30 scope=noreclaim count=10 release=at_end
	call
	expect_all_records result=failed stage=slow reclaim_ns=0 compact_ns=0 retries=0
}

test_case "S12 noreclaim: a page of the reserves, and no reclaim" noreclaim 0 task
test_case "S12 noreclaim: an order-3 block of the reserves, and no compaction" noreclaim 3 task
test_case "S12 noreclaim holds in context atomic" noreclaim 0 atomic
test_case "S12 noreclaim holds in context softirq, whose own it is" noreclaim 0 softirq
test_case "S12 without noreclaim the same request reclaims" reclaims
test_case "S12 noreclaim takes nothing of the reserves as long as memory is free" noreclaim_free
test_case "S12 __GFP_NOMEMALLOC forbids it" noreclaim_nomemalloc

# ---- scopes that are refused

# An interrupt has no task to say it.
not_in_interrupts()
{
	for context in softirq hardirq; do
		for scope in nofs noio noreclaim pin nofs,pin nofs,noreclaim; do
			# Softirqs of the network are made so.
			[ $context:$scope != softirq:noreclaim ] || continue
			set_opts gfp=GFP_ATOMIC context=$context scope=$scope
			expect_refused EINVAL call control '' "*scope*interrupt*"
			expect_refused EINVAL start control '' "*scope*interrupt*"
			expect_eq "requests" "$(summary requests)" 0
		done
	done
	expect_dmesg_silent
}

noreclaim_is_unsafe()
{
	gfp_unload
	gfp_load
	dmesg_mark "without unsafe=1"
	expect_refused EPERM scope=noreclaim set noreclaim "*unsafe=1*"
	expect_refused EPERM scope=nofs,noreclaim set noreclaim "*unsafe=1*"
	expect_refused EPERM noreclaim options/scope noreclaim "*unsafe=1*"
	set_opts scope=nofs,noio,pin 'gfp=GFP_KERNEL|__GFP_NORETRY'
	call
	expect_record result=ok
	! has scopes_at_once || expect_record 'gfp_seen=GFP_NOIO|__GFP_NORETRY'
	expect_dmesg_silent
}

test_case "P7 scopes are refused in interrupts" not_in_interrupts
test_case "S12 noreclaim needs unsafe=1" noreclaim_is_unsafe

run_cases
