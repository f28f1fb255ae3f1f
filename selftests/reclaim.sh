#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: direct reclaim from the inside: pages, slab, swap, nested requests, retries (rows R1 R3 S5 S13 Z11)
# suite: full
# requires: nodes>=2 zone=1:Normal kprobes
# vm: disk
# timeout: 240
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"

DISK=/dev/nvme0n1
[ -b $DISK ] || DISK=/dev/vda

# GFP_KERNEL, but kswapd is not woken: what is freed, the request itself freed.
KERNEL='__GFP_DIRECT_RECLAIM|__GFP_IO|__GFP_FS'

# OPTION=VALUE...: of node 1 alone, one page at a time. Not below half of min: there direct reclaim wakes
# kswapd and waits for it, whatever the request asked for.
node1()
{
	[ -b $DISK ] || skip "no disk"
	sysctl_set vm/min_free_kbytes 32768
	sysctl_set vm/percpu_pagelist_high_fraction 20000
	set_opts entry=alloc_pages_node nid=1 "gfp=$KERNEL|__GFP_THISNODE|__GFP_NOWARN" release=at_end "$@"
}

# COMMAND...: what is to be around while the run is made
call_with()
{
	"$@" "$GFP_DIR/write1" "$JOB/control" call > "$GFP_TMP/said" ||
		fail "call with $*: $(cat "$GFP_TMP/said")"
}

# Red if a record's figures do not fit together.
consistent()
{
	awk '{
		for (i = 1; i <= NF; i++) { split($i, kv, "="); v[kv[1]] = kv[2] }
		r = v["reclaims"] + 0
		if (v["reclaim_ns"] + v["compact_ns"] > v["latency_ns"] + 0) why = "stages longer than the request"
		else if (!r && v["reclaim_ns"] + v["reclaimed"] + v["scanned"] + v["slab"]) why = "reclaim without a round"
		else if ((v["stage"] == "reclaim" || v["stage"] == "oom") != (r > 0)) why = "stage and rounds"
		else next
		print why ": " $0; exit }' "$JOB/records" > "$GFP_TMP/odd"
	[ ! -s "$GFP_TMP/odd" ] || fail "$(cat "$GFP_TMP/odd")"
	# A few rounds may pass while a clock stands still that is not exact.
	exact_clock || [ "$(count_where "reclaims>0")" -ge 10 ] || return 0
	expect_ge "time in reclaim" "$(sum_of reclaim_ns)" 1
}

# ---- page cache

# Red if rounds, pages or time are not told, are of somebody else, or are told of the wrong request;
# or if the squeeze is renewed although a request has ended it.
from_cache()
{
	node1 squeeze=1:Normal:60 count=30
	scanned=$(vmstat pgscan_direct) stolen=$(vmstat pgsteal_direct)
	call_with "$GFP_DIR/pagecache" 1 90 $DISK
	expect_all_records result=ok page_nid=1 zone=Normal victim=none kswapd=0 compacts=0 reserve=none
	expect_record 1 stage=reclaim "reclaims>=1" "reclaimed>=32" "scanned>=32" state=held
	consistent
	# What a request has gained is not taken away again, and the later ones say so.
	expect_eq "requests with state=held, and state.held" "$(count_where state=held) $(summary state.held)" "1 0"
	expect_eq "rounds without a page, of requests that were served" \
		"$(count_where stage=reclaim "reclaimed<32")" 0
	expect_near "pages scanned, by the records" "$(sum_of scanned)" $(($(vmstat pgscan_direct) - scanned)) 64
	expect_near "pages reclaimed, by the records" "$(sum_of reclaimed)" $(($(vmstat pgsteal_direct) - stolen)) 64
}

# Enough for the mark is freed, and not much more: a round aims at 32 pages. Red if it goes on when the
# request could be served, or if a round takes all it can find.
no_more_than_needed()
{
	node1 squeeze=1:Normal:90 count=1
	call_with "$GFP_DIR/pagecache" 1 90 $DISK
	short=$(($(summary squeeze.min) - $(summary squeeze.reached)))
	# Per-cpu lists are drained, and what they held counts.
	expect_record result=ok stage=reclaim "reclaimed>=$((short - 250))" "reclaimed<=$((short + 600))"
}

# NOIO can drop clean pages. What is short of the mark after one round is not served under NORETRY.
clean_cache_needs_no_io()
{
	node1 "gfp=__GFP_DIRECT_RECLAIM|__GFP_THISNODE|__GFP_NOWARN" squeeze=1:Normal:75 count=2
	call_with "$GFP_DIR/pagecache" 1 90 $DISK
	expect_all_records result=ok victim=none
	expect_record 1 stage=reclaim "reclaimed>=32"
}
one_round()
{
	node1 "gfp=$KERNEL|__GFP_NORETRY|__GFP_THISNODE|__GFP_NOWARN" squeeze=1:Normal:60 count=1
	call_with "$GFP_DIR/pagecache" 1 90 $DISK
	expect_record stage=reclaim reclaims=1 "reclaimed>=32" "reclaimed<=1000" retries=0 "attempts>=4" "attempts<=5"
	expect_like "flags" "$(record -1 alloc_flags)" "0x1,0x40,0x40,0x40*"
}

test_case "S5 R1 page cache is reclaimed, and the figures are the kernel's" from_cache
test_case "R1 no more is reclaimed than it takes" no_more_than_needed
test_case "S5 clean page cache can be reclaimed without I/O" clean_cache_needs_no_io
test_case "S6 with __GFP_NORETRY there is one round, successful or not" one_round

# ---- slab

# Names in the kernel's memory that no file has
negative_dentries() { awk '{ print $5 }' /proc/sys/fs/dentry-state; }

# Whether sysfs is among the filesystems that remember them
sysfs_remembers()
{
	_known=$(negative_dentries) _name=200
	while [ $_name -gt 0 ]; do
		[ ! -e /sys/no-such-name-$_name ] || return 1
		_name=$((_name - 1))
	done
	[ "$(negative_dentries)" -ge $((_known + 100)) ]
}

# Red if shrinkers are not called, or what they free is not told.
slab()
{
	node1 "gfp=$KERNEL|__GFP_RETRY_MAYFAIL|__GFP_THISNODE|__GFP_NOWARN" squeeze=1:Normal:60 count=4
	scanned=$(vmstat slabs_scanned)
	if sysfs_remembers; then
		call_with "$GFP_DIR/dentries" 1 40000
	else
		echo 2 > /proc/sys/vm/drop_caches
		# shellcheck disable=SC2016 # the inner shell's
		call_with "$GFP_DIR/mempol" bind 1 sh -c 'find /sys > /dev/null 2>&1; exec "$0" "$@"'
	fi
	consistent
	expect_ge "objects freed, by the records" "$(sum_of slab)" 1000
	scanned=$(($(vmstat slabs_scanned) - scanned))
	# Some shrinkers free a few more than they say they looked at.
	scanned=$((scanned + scanned / 100))
	expect_ge "objects scanned, by the kernel's count" "$scanned" "$(sum_of slab)"
}
test_case "R1 S5 what shrinkers free is in the record" slab

# ---- swap

# Red if anonymous memory is not swapped out for it, or the figures are not its own.
from_swap()
{
	swap_on
	node1 squeeze=1:Normal:85 count=10
	out=$(vmstat pswpout) stolen=$(vmstat pgsteal_direct)
	call_with "$GFP_DIR/anon" 1 70
	expect_all_records result=ok page_nid=1 victim=none
	expect_record 1 stage=reclaim "reclaims>=1"
	consistent
	expect_ge "pages swapped out" $(($(vmstat pswpout) - out)) 32
	expect_near "pages reclaimed, by the records" "$(sum_of reclaimed)" $(($(vmstat pgsteal_direct) - stolen)) 64
}

# Anonymous memory counts as reclaimable when there is swap, but without __GFP_IO none of it can be
# freed: 16 rounds are made in vain, and the 17th is the last. Red if fruitless rounds are not counted, or
# counted to another number. Runs before take what others left to be had without I/O; progress begins the
# count anew, so only requests that made none are looked at.
sixteen_rounds()
{
	swap_on
	sync
	echo 3 > /proc/sys/vm/drop_caches
	node1 "gfp=__GFP_DIRECT_RECLAIM|__GFP_RETRY_MAYFAIL|__GFP_THISNODE|__GFP_NOWARN" squeeze=1:Normal:60 count=4
	"$GFP_DIR/anon" 1 24 sh -c "for run in 1 2 3; do $GFP_DIR/write1 $JOB/control call || exit; done" > "$GFP_TMP/said" ||
		fail "call with anonymous memory: $(cat "$GFP_TMP/said")"
	expect_some_record result=failed stage=reclaim reclaims=17 retries=16 reclaimed=0 victim=none compacts=0
	expect_no_record reclaimed=0 stage=reclaim reclaims!=17
	expect_no_record reclaimed=0 stage=reclaim retries!=16
}

# N: of so many times four pages on node 1, three are held: what is free in between can't grow together
hoard()
{
	job hoarder
	set_opts entry=alloc_pages_exact order=2 gfp=__GFP_NOWARN release=keep observe=none max_pages=1000000 "count=$1"
	"$GFP_DIR/mempol" bind 1 "$GFP_DIR/write1" "$JOB/control" call
	expect_ge "pages held" "$(status held_pages)" 30000
	job default
}

# [NAME]: nor has what is left a block of two pages: what a task bound to node 1 needed for itself is free again.
mop()
{
	drain 1
	for order in 10 9 8 7 6 5 4 3 2 1; do
		# shellcheck disable=SC2046 # a list of numbers
		count=$(nth $((order + 1)) $(buddy_counts 1 Normal))
		[ "${count:-0}" -gt 0 ] || continue
		job "mop$order${1:-}"
		set_opts entry=alloc_pages_node nid=1 "gfp=__GFP_THISNODE|__GFP_NOWARN" "order=$order" "count=$count" \
			release=keep observe=none max_pages=100000
		call
	done
	job default
}

# What earlier cases left in the page cache and in per-cpu lists would come back in one piece.
forget_cache()
{
	sysctl_set vm/percpu_pagelist_high_fraction 20000
	sync
	echo 3 > /proc/sys/vm/drop_caches
	drain 1
}

# A job holds three of four pages, the page cache sits between: reclaim makes progress, and no block ever
# comes of it. The allocator asks whether to retry reclaim, then whether to retry compaction, and a costly
# order is given up where the second compaction was no use. Red if it does not ask, or goes on without end.
compaction_judged()
{
	[ -b $DISK ] || skip "no disk"
	[ -e /proc/sys/vm/compact_memory ] || skip "the kernel does not compact (CONFIG_COMPACTION)"
	forget_cache
	hoard $((($(zone_free 1 Normal) - 10000) / 4))
	node1 "gfp=$KERNEL|__GFP_RETRY_MAYFAIL|__GFP_THISNODE|__GFP_NOWARN" order=6 fragment=1:Normal:3 squeeze=1:Normal:60 count=1
	call_with "$GFP_DIR/pagecache" 1 40 $DISK
	expect_record result=failed stage=reclaim "reclaims>=1" "reclaimed>=32" "compacts>=2" "retries>=2" \
		"retries<=100" victim=none
	consistent
}

# The same without swap: what is free and what is reclaimable do not reach the mark; no retry.
no_round_too_many()
{
	node1 "gfp=__GFP_DIRECT_RECLAIM|__GFP_RETRY_MAYFAIL|__GFP_THISNODE|__GFP_NOWARN" squeeze=1:Normal:20 count=3
	call_with "$GFP_DIR/anon" 1 70
	twice=,0x40
	! has compacts_late || twice=
	expect_all_records result=failed stage=reclaim reclaims=1 retries=1 reclaimed=0 attempts=$(($(looks) + 1)) \
		alloc_flags=0x1,0x40$twice,0x42
}

# All memory is held but every fourth page, so hardly a block will come of it. For an order that is not costly
# the allocator goes on while reclaim can make room for compaction, then once more with compaction at its
# hardest. Red if it gives up at the first that is skipped, or at the first that is in vain. Statistical: in one of
# eight rounds, for page cache that is read anew may count as active, and compaction may be put off.
compaction_pressed()
{
	[ -b $DISK ] || skip "no disk"
	[ -e /proc/sys/vm/compact_memory ] || skip "the kernel does not compact (CONFIG_COMPACTION)"
	forget_cache
	hoard $(($(zone_free 1 Normal) / 3))
	set -- stage=reclaim "reclaims>=2" "compacts>=3" "retries>=4" "reclaimed>=100"
	for _round in 1 2 3 4 5 6 7 8; do
		# Slabs of the page cache that was can be a block.
		[ $_round = 1 ] || forget_cache
		mop _$_round
		node1 "gfp=$KERNEL|__GFP_RETRY_MAYFAIL|__GFP_THISNODE|__GFP_NOWARN" order=3 squeeze=1:Normal:60 count=1
		call_with "$GFP_DIR/pagecache" 1 36 $DISK
		[ "$(count_where "$@")" = 0 ] || ! $wanted || break
	done
	expect_record "$@" victim=none
	consistent
}

# What else a round of it must have brought
wanted=:
compaction_failed() { grep -q ' write1-.*compact_retry: .*compaction_result=failed' /sys/kernel/tracing/trace; }

test_case "S5 R1 anonymous memory is swapped out" from_swap
test_case "S13 S7 fruitless rounds are retried 16 times while there is something to reclaim" sixteen_rounds
test_case "S13 R2 a costly order is given up where compaction after reclaim was no use" compaction_judged
# FUNCTION, whose runs are of one request: what should_compact_retry() decided meanwhile, in the events of the kernel,
# is what the rule says: after a compaction that failed there is another one, with a higher priority, until there is
# none. For a costly order that is sync_light, else sync_full. Red if it is given up before, or never; or if `retries`
# of the last run is not these and should_reclaim_retry()'s.
decided()
{
	require_tracefs
	_events=/sys/kernel/tracing/events
	[ -d $_events/oom/compact_retry ] || skip "the kernel has no event compact_retry"
	trace_buffer 4096
	for _event in oom/compact_retry oom/reclaim_retry_zone gfplab/gfplab_request; do
		undo "echo 0 > $_events/$_event/enable"
		echo 1 > $_events/$_event/enable
	done
	echo 1 > /sys/kernel/tracing/tracing_on
	: > /sys/kernel/tracing/trace
	wanted=compaction_failed
	"$@"
	grep ' write1-' /sys/kernel/tracing/trace > "$GFP_TMP/retried"
	awk -v costly=3 '/ compact_retry: / {
			for (i = 1; i <= NF; i++) if (split($i, kv, "=") == 2) v[kv[1]] = kv[2]
			prio = v["priority"] ~ /ASYNC/ ? 2 : v["priority"] ~ /LIGHT/ ? 1 : 0
			if (v["max_retries"] != 16 && !(v["order"] > costly && v["max_retries"] == 4)) print "max_retries: " $0
			if (v["compaction_result"] != "failed") next
			failed++
			if (v["should_retry"] != (prio > (v["order"] > costly))) print "should_retry: " $0
		} END { if (!failed) print "no compaction failed" }' "$GFP_TMP/retried" > "$GFP_TMP/odd"
	note "$(sed -n 's/.* compact_retry: //p' "$GFP_TMP/retried" | sort | uniq -c | head -n 12)"
	expect_eq "decisions against the rule" "$(head -n 3 "$GFP_TMP/odd")" ""
	expect_eq "retries of the record, and those of compaction and of reclaim" "$(sum_of retries)" \
		"$(awk '/ gfplab_request: / { last = n; n = 0 } / (compact_retry|reclaim_retry_zone): / { n++ }
			END { print last + 0 }' "$GFP_TMP/retried")"
}
test_case "S13 after compaction that failed the next priority decides" decided compaction_pressed
test_case "S13 R2 order 3 is pressed for while reclaim can make room for compaction" compaction_pressed
test_case "S13 S7 nothing is retried where there is nothing to reclaim" no_round_too_many

# ---- R3 nested requests

# Swapping out allocates, by the same task, inside the request. The kernel's own trace is the witness:
# each attempt of this task is either inside of a bracket of direct reclaim or one of the record's.
nested_once()
{
	echo > $trace/trace
	for event in gfplabtest/attempt vmscan/mm_vmscan_direct_reclaim_begin \
		vmscan/mm_vmscan_direct_reclaim_end gfplab/gfplab_request; do
		echo 1 > $trace/events/$event/enable
	done
	call_with "$GFP_DIR/anon" 1 120
	for event in gfplabtest/attempt vmscan/mm_vmscan_direct_reclaim_begin \
		vmscan/mm_vmscan_direct_reclaim_end gfplab/gfplab_request; do
		echo 0 > $trace/events/$event/enable
	done
	# Of the task that made the requests: it is the one with the records' events.
	awk '/ gfplab_request: / { print $1; exit }' $trace/trace > "$GFP_TMP/task"
	[ -s "$GFP_TMP/task" ] || fail "no gfplab_request in the trace"
	awk -v task="$(cat "$GFP_TMP/task")" '
		$1 != task { next }
		/ mm_vmscan_direct_reclaim_begin: / { inside = 1; rounds++ }
		/ mm_vmscan_direct_reclaim_end: / { inside = 0 }
		/ attempt: / { if (inside) nested++; else own++ }
		/ gfplab_request: / {
			print own + 0 " " rounds + 0; all += nested
			own = rounds = nested = 0 }
		END { print all + 0 > "'"$GFP_TMP/nested"'" }' $trace/trace > "$GFP_TMP/seen"
	awk 'NR == 1 { for (i = 1; i <= NF; i++) { split($i, kv, "="); at[kv[1]] = i } }
		{ print substr($(at["attempts"]), 10) " " substr($(at["reclaims"]), 10) }' "$JOB/records" > "$GFP_TMP/told"
	# What the writer allocated before its first request counts as that one's in the trace.
	sed 1d "$GFP_TMP/seen" > "$GFP_TMP/seen.rest"
	sed 1d "$GFP_TMP/told" > "$GFP_TMP/told.rest"
	note "attempts inside of reclaim: $(cat "$GFP_TMP/nested")"
	expect_eq "requests" "$(wc -l < "$GFP_TMP/seen")" "$(wc -l < "$GFP_TMP/told")"
	expect_eq "attempts and rounds of each request: what the trace has and the records do not" \
		"$(diff "$GFP_TMP/seen.rest" "$GFP_TMP/told.rest" | head -n 6)" ""
	expect_ge "attempts of the first request, by the trace" "$(sed 's/ .*//;q' "$GFP_TMP/seen")" \
		"$(record 1 attempts)"
}

nested()
{
	require_tracefs
	trace=/sys/kernel/tracing
	symbol=$(awk '$1 == "probe.attempt" && $2 == "present" { sub(/.*:/, "", $3); print $3 }' $GFP/environment)
	# By its address: the name alone may be ambiguous.
	symbol=$(awk -v name="$symbol" '$3 == name && NF == 3 { print "0x" $1 }' /proc/kallsyms)
	[ -n "$symbol" ] && [ -w $trace/kprobe_events ] || skip "no kprobe on get_page_from_freelist"
	swap_on
	# Slabs that swapping needs are used up early, so that it asks for more.
	node1 squeeze=1:Normal:60 count=2500
	undo "echo 0 > $trace/events/enable; echo > $trace/kprobe_events; echo > $trace/trace"
	trace_buffer 16000
	echo "p:gfplabtest/attempt $symbol" > $trace/kprobe_events
	for try in 1 2 3 4 5 6; do
		nested_once
		[ "$(cat "$GFP_TMP/nested")" = 0 ] || return 0
	done
	fail "all fits, but reclaim asked for nothing, six times"
}
test_case "R3 what reclaim allocates for itself is not the request's" nested

# ---- Z11 node reclaim

# With vm.zone_reclaim_mode a node's own page cache is given up before another node is asked, and inside
# of the fast path. Red if the mode is ignored.
node_reclaim()
{
	node1 "squeeze=1:Normal:$2" count=60 "gfp=$KERNEL|__GFP_NOWARN"
	sysctl_set vm/zone_reclaim_mode "$1"
	set_opts observe=explain
	call_with "$GFP_DIR/pagecache" 1 90 $DISK
	expect_eq "explain.differ" "$(summary explain.differ)" 0
}
node_reclaimed()
{
	# The multi-generational LRU does not reclaim a node unless it may unmap and write.
	case $(cat /sys/kernel/mm/lru_gen/enabled 2> /dev/null) in
	'' | 0x0000) mode=1 ;;
	*) mode=7 ;;
	esac
	node_reclaim $mode low-8%
	expect_eq "requests that either node might have served" \
		"$(grep -cE ' predicted=fast/[a-z|]*/any/ok ' "$JOB/records")" \
		"$(($(grep -c . "$JOB/records") - $(grep -cE ' predicted=fast/[a-z|]*/1:Normal/ok ' "$JOB/records")))"
	# 32 pages at a time, so that the first requests are still short.
	expect_all_records result=ok stage=fast attempts=1 reclaims=0
	expect_some_record "reclaimed>=32" "scanned>=32" node_reclaim=success
	expect_no_record node_reclaim=success reclaimed=0
	expect_ge "pages reclaimed" "$(sum_of reclaimed)" 64
	expect_some_record page_nid=1
	expect_ge "time in reclaim" "$(sum_of reclaim_ns)" 1
}
node_not_reclaimed()
{
	node_reclaim 0 low-8%
	expect_eq "requests that node 0 had to serve" \
		"$(grep -cE ' predicted=fast/[a-z|]*/0:DMA32/ok ' "$JOB/records")" 60
	expect_all_records result=ok stage=fast attempts=1 page_nid=0 reclaimed=0 reclaim_ns=0
}
# Nothing to give up: it is tried, and the next node serves.
node_reclaim_in_vain()
{
	node1 squeeze=1:Normal:low-8% count=5 "gfp=$KERNEL|__GFP_NOWARN"
	sysctl_set vm/zone_reclaim_mode 1
	call
	expect_all_records result=ok stage=fast attempts=1 page_nid=0 node_reclaim!=success
}
# Who can't sleep does not reclaim here either, nor who has PF_MEMALLOC.
node_reclaim_not_for_all()
{
	node1 squeeze=1:Normal:low-8% count=5 'gfp=GFP_ATOMIC|__GFP_NOWARN'
	sysctl_set vm/zone_reclaim_mode 1
	call_with "$GFP_DIR/pagecache" 1 90 $DISK
	expect_all_records result=ok stage=fast page_nid=0 reclaimed=0 node_reclaim=none
	set_opts "gfp=$KERNEL|__GFP_NOWARN" scope=noreclaim
	call_with "$GFP_DIR/pagecache" 1 90 $DISK
	expect_all_records result=ok stage=fast page_nid=0 reclaimed=0 node_reclaim=none
}
test_case "Z11 node reclaim serves the fast path from the node's page cache" node_reclaimed
test_case "Z11 without it the next node serves" node_not_reclaimed
test_case "Z11 without page cache the next node serves all the same" node_reclaim_in_vain
test_case "Z11 a request that can't sleep, or is made by reclaim, does not reclaim the node" node_reclaim_not_for_all

run_cases
