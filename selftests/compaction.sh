#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: direct compaction: when it is tried, in vain or not, and when it is put off (rows S3 S4 R2 S13)
# suite: full
# requires: nodes>=2 zone=1:Normal kprobes
# vm: pieces
# timeout: 300
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"

# GFP_KERNEL, but nobody else works on node 1 meanwhile: neither kswapd nor kcompactd is woken.
KERNEL='__GFP_DIRECT_RECLAIM|__GFP_IO|__GFP_FS|__GFP_NOWARN|__GFP_THISNODE'

[ -e /proc/sys/vm/compact_memory ] || COMPACTS=no

# ORDER GFP [OPTION=VALUE...]: node 1 has no free block of ORDER, nothing that could be moved, and
# what per-cpu lists of all CPUs kept was drained by a reclaim.
in_pieces()
{
	[ "${COMPACTS:-}" != no ] || skip "the kernel does not compact (CONFIG_COMPACTION)"
	sysctl_set vm/percpu_pagelist_high_fraction 20000
	set_opts entry=alloc_pages_node nid=1 order=0 count=1 fragment=none squeeze=1:Normal:50 "gfp=$KERNEL|__GFP_NORETRY"
	call
	expect_record stage=reclaim
	_order=$1 _gfp=$2
	shift 2
	set_opts fragment=1:Normal:"$_order" squeeze=none "order=$_order" "gfp=$KERNEL$_gfp" "$@"
}

# The mask with which compaction after reclaim is bolder than before it: where compaction comes after the
# reserves, __GFP_NORETRY ends it there.
bolder() { if has compacts_late; then echo '|__GFP_RETRY_MAYFAIL'; else echo '|__GFP_NORETRY'; fi; }

# FILE: records of requests that compacted: by the clock they took time, a quarter of them where it is not exact
expect_timed()
{
	_least=$(wc -l < "$1")
	exact_clock || _least=$((_least / 4))
	expect_ge "compactions that took time, of $(wc -l < "$1")" \
		"$(awk -v where="compact_ns>0" "$GFP_WHERE wrong == \"\"" "$1" | wc -l)" $_least
}

# What failing compaction says; put off by earlier failures, it says that.
VAIN=partial_skipped/complete/no_suitable_page/contended

# ---- S4 with success

# `call` on a node whose memory is single pages that can be moved
call_among_movable()
{
	set_opts release=at_end timeout_ms=60000 max_pages=60000
	"$GFP_DIR/scatter" 1 240 "$GFP_DIR/write1" "$JOB/control" call > "$GFP_TMP/said" ||
		fail "call among scattered pages: $(cat "$GFP_TMP/said")"
}

# Where compaction looked in vain it does not look again until kswapd has had its turn.
forget_hints()
{
	set_opts order=0 count=4 fragment=none squeeze=1:Normal:75 release=at_end "gfp=$KERNEL|GFP_KERNEL"
	"$GFP_DIR/cache" 1 60 "$GFP_DIR/write1" "$JOB/control" call > "$GFP_TMP/said" ||
		fail "call with reclaimable memory: $(cat "$GFP_TMP/said")"
	sleep 0.5
}

served() { count_where result=ok stage=compact compact_result=success; }

# ORDER N LEAST: N movable requests for blocks that are not there. Statistical: in one of eight rounds, at
# least LEAST are served by compaction. Up to 64 may be put off for what failed before, hints may lead it
# away, and a page that somebody uses at that moment spoils a block. What is said of a success is exact.
# Red if compaction does not find what to move or where to, or if what it made is not handed out.
compacted()
{
	for _round in 1 2 3 4 5 6 7 8; do
		[ $_round = 1 ] || forget_hints
		in_pieces "$1" '|__GFP_NORETRY|__GFP_MOVABLE' "count=$2"
		moved=$(vmstat pgmigrate_success) good=$(vmstat compact_success)
		call_among_movable
		[ "$(served)" -lt "$3" ] || break
	done
	expect_ge "requests of order $1 that compaction served" "$(served)" "$3"
	awk '/ result=ok stage=compact .* compact_result=success /' "$JOB/records" > "$GFP_TMP/served"
	expect_eq "of these, the ones that are not as they must be" "$(awk -v where="migrated>=1 \
		attempts>=2 attempts<=3 page_nid=1 source=capture/buddy reclaims=0 reclaimed=0 reclaim_ns=0 \
		retries=0 bad=none victim=none" "$GFP_WHERE wrong != \"\"" "$GFP_TMP/served")" ""
	expect_timed "$GFP_TMP/served"
	expect_ge "compactions with success, by the kernel's count" $(($(vmstat compact_success) - good)) "$3"
	moved=$(($(vmstat pgmigrate_success) - moved))
	expect_near "pages moved, by the records and by the kernel's count" "$(sum_of migrated)" $moved \
		$((moved / 10 + 600))
}

# A block of order 9 made of every second page: half of it has to move.
compacted_9() { compacted 9 75 3; expect_some_record stage=compact result=ok "migrated>=128"; }
compacted_4() { compacted 4 90 2; }

# Before reclaim, pageblocks of another type are left alone. Red if what is not movable compacts
# movable memory at once.
not_of_this_type()
{
	# Somebody's movable pages in a pageblock of this type may be moved, but hardly three times over.
	for _round in 1 2 3; do
		in_pieces 4 '|__GFP_NORETRY' count=3
		call_among_movable
		[ "$(count_where result=ok)" != 0 ] || break
	done
	expect_all_records result=failed stage=compact migrated=0 reclaims=0 compact_result=$VAIN/deferred
}

# After reclaim they are not. Red if the second compaction is as timid as the first.
after_reclaim()
{
	make_ready
	for _round in 1 2 3 4; do
		forget_hints
		in_pieces 3 "$(bolder)" count=1
		call_among_movable
		[ "$(count_where compact_result=success)" = 0 ] || break
	done
	expect_record 1 result=ok stage=reclaim reclaims=1 compacts=2 compact_result=success "migrated>=1" \
		retries=0 page_nid=1 "attempts>=$(($(looks) + 1))" "attempts<=5"
}

# A success makes the kernel forget the failures of this order and those below.
make_ready()
{
	compacted 9 75 1
	forget_hints
}

test_case "S4 order 9 is served by compaction" compacted_9
test_case "S4 order 4 is served by compaction" compacted_4
test_case "R2 before reclaim compaction keeps to pageblocks of the request's type" not_of_this_type
test_case "S4 R2 after reclaim compaction takes any pageblock" after_reclaim

# ---- S3 in vain

# A call that nothing can serve. What somebody frees at that moment may be a block: then it is made again.
call_in_vain()
{
	for _try in 1 2 3 4; do
		call
		[ "$(count_where result=ok)" -gt 0 ] || return 0
	done
	in_vain
}

# Where ALLOC_HARDER still is, reclaim, or compaction after it, often makes a block: then there is nothing
# to see.
in_vain()
{
	! has alloc_harder || [ "$(count_where result=ok)" = 0 ] ||
		skip "there was a block after all, $(count_where result=ok) times"
}

# NULL after one compaction: red if it is not tried, or if reclaim is. When compaction is put off, a
# kernel that compacts late does not look again behind it.
ended_by_compaction()
{
	attempts=attempts=3 flags=0x1,0x40,0x40
	! has compacts_late || attempts=attempts=2/3 flags=0x1,0x40/0x1,0x40,0x40
	expect_all_records result=failed stage=compact $attempts alloc_flags=:$flags compacts=1 \
		compact_result=$VAIN/deferred reclaims=0 retries=0 migrated=0 victim=none
	expect_no_record compact_result=$VAIN attempts!=3
}

# A costly order is compacted for before reclaim; with __GFP_NORETRY that's all. Red if it is not
# tried, if reclaim is, or if its attempts are of another number or mark.
costly_noretry()
{
	in_pieces 4 '|__GFP_NORETRY' count=4
	stalls=$(vmstat compact_stall)
	call
	ended_by_compaction
	expect_ge "direct compactions by the kernel's count" "$(vmstat compact_stall)" \
		$((stalls + $(count_where "compact_ns>0")))
}

# The fruitless runs took time, and that is in the record; what was put off took none.
time_spent()
{
	forget_hints
	in_pieces 4 '|__GFP_NORETRY' count=70
	call
	expect_some_record compact_result=$VAIN "compact_ns>0"
	expect_no_record compact_result=deferred "compact_ns>0"
	records_where compact_result=$VAIN > "$GFP_TMP/vain"
	expect_timed "$GFP_TMP/vain"
	awk '{ for (i = 1; i <= NF; i++) { split($i, kv, "="); v[kv[1]] = kv[2] }
		if (v["compact_ns"] + v["reclaim_ns"] > v["latency_ns"]) n++ } END { exit n > 0 }' \
		"$JOB/records" || fail "a stage took longer than its request"
}

# Up to order 3: compaction, reclaim, compaction again, and __GFP_NORETRY ends it. With
# compacts_late the first compaction ends it where __GFP_THISNODE is there, too.
small_noretry()
{
	in_pieces 3 '|__GFP_NORETRY' count=4
	attempts=attempts=5 flags=0x1,0x40,0x40,0x40,0x40
	if has compacts_late; then
		call
		ended_by_compaction
		set_opts entry=alloc_pages_nodemask nodes=1 "gfp=$(opt gfp | sed 's/|__GFP_THISNODE//')"
		attempts=attempts=3/4/5 flags=0x1,0x40,0x40/0x1,0x40,0x40,0x40/0x1,0x40,0x40,0x40,0x40
	fi
	call_in_vain
	expect_all_records result=failed stage=reclaim $attempts alloc_flags=:$flags \
		compacts=2 reclaims=1 retries=0 compact_result=$VAIN/deferred victim=none
}

# Without __GFP_NORETRY the allocator asks whether to try again, for there is no block to be had from
# reclaim it does not, and it looks once more at the high mark before it would kill.
small_retry()
{
	in_pieces 3 "${1:-}" count=4
	call_in_vain
	attempts=attempts=6 flags=0x1,0x40,0x40,0x40,0x40,0x42
	! has compacts_late ||
		attempts=attempts=4/5/6 flags=0x1,0x40,0x40,0x42/0x1,0x40,0x40,0x40,0x42/$flags
	expect_all_records result=failed stage=reclaim $attempts alloc_flags=:$flags \
		compacts=2 reclaims=1 retries=1 compact_result=$VAIN/deferred victim=none
}

# Who must not sleep does not compact. One request each: it wakes kswapd, which may find a block for the next.
no_compaction()
{
	in_pieces 3 '' "gfp=GFP_ATOMIC|__GFP_NOWARN|__GFP_THISNODE" count=1
	call_in_vain
	expect_all_records result=failed stage=slow attempts=3 compacts=0 compact_ns=0 compact_result=none
	set_opts 'gfp=GFP_NOWAIT|__GFP_NOWARN|__GFP_THISNODE'
	call_in_vain
	expect_all_records result=failed stage=slow attempts="$(looks)" compacts=0 compact_ns=0 compact_result=none
}

test_case "S3 a costly order with __GFP_NORETRY: compaction in vain, and no reclaim" costly_noretry
test_case "S3 order 3 with __GFP_NORETRY: compaction, reclaim, compaction, NULL" small_noretry
test_case "S13 S3 order 3 with __GFP_RETRY_MAYFAIL: reclaim is not retried where no block would come" \
	small_retry '|__GFP_RETRY_MAYFAIL'
test_case "S13 S3 order 3 with __GFP_THISNODE: the same, and no kill" small_retry ''
test_case "S9 GFP_ATOMIC and GFP_NOWAIT never compact" no_compaction
test_case "R2 the time of fruitless compaction is its own, what was put off takes none" time_spent

# ---- R2 skipped, deferred

# Too little is free to move anything to. Red if compaction runs all the same, or if another result
# is told.
skipped()
{
	in_pieces 5 '|__GFP_RETRY_MAYFAIL' fragment=none squeeze=1:Normal:50 count=3
	call
	# Where ALLOC_HARDER still is, the free lists are looked at behind it all the same.
	each='' more=0
	! has alloc_harder || each=,0x40 more=1
	expect_all_records result=failed stage=reclaim compact_result=skipped compacts=2 reclaims=1 migrated=0 \
		compact_ns=0 retries=1 attempts=$((4 + 2 * more)) "alloc_flags=0x1,0x40$each,0x40$each,0x42"
	set_opts "gfp=$KERNEL|__GFP_NORETRY"
	call
	expect_all_records result=failed stage=compact compact_result=skipped compacts=1 reclaims=0 \
		attempts=$((2 + more)) alloc_flags=0x1,0x40$each
}

# After failures a zone is left alone for 2, 4 ... 64 tries. Each request makes two, one before and one
# after reclaim, and only the second counts as a failure. Red if failures are not remembered, if requests
# are not counted, or if the limit grows otherwise.
put_off()
{
	make_ready
	in_pieces 3 "$(bolder)" count=130
	call
	# A second one would not begin to count anew.
	in_vain
	expect_all_records result=failed stage=reclaim compacts=2 reclaims=1
	expect_record 1 compact_result=$VAIN "$(took compact_ns)"
	expect_eq "requests from one that compacts to the next" "$(awk '!/ compact_result=deferred / {
		if (last) printf "%d ", NR - last; last = NR }' "$JOB/records")" "1 2 4 8 16 32 32 32 "
}

# A lower order was not tried in vain: it is not put off. Then it is.
put_off_by_order()
{
	make_ready
	in_pieces 3 "$(bolder)" count=40
	call_in_vain
	expect_record compact_result=deferred compact_ns=0
	in_pieces 2 "$(bolder)" count=40
	call
	in_vain
	expect_record 1 compact_result=$VAIN "$(took compact_ns)"
	expect_record compact_result=deferred compact_ns=0
}

# A success ends it.
put_off_until_success()
{
	in_pieces 3 "$(bolder)" count=40
	call_in_vain
	expect_record compact_result=deferred compact_ns=0
	make_ready
	in_pieces 3 "$(bolder)" count=1
	call
	in_vain
	expect_record compact_result=$VAIN "$(took compact_ns)"
}

test_case "R2 compaction is skipped where there is no room for it" skipped
test_case "R2 after failures a zone is left alone for ever more requests" put_off
test_case "R2 a lower order than the one that failed is not put off" put_off_by_order
test_case "R2 a success ends it" put_off_until_success

# ---- R10 from the inside

# The first compaction is asynchronous, that after reclaim is not; of a costly order with __GFP_NORETRY all are.
# Red if it begins otherwise, or if the priority is not told.
priorities()
{
	in_pieces 4 '|__GFP_NORETRY' count=4
	call
	in_vain
	expect_all_records compacts=1 compact_prios=async
	in_pieces 3 "$(bolder)" count=4
	call_in_vain
	expect_some_record compacts=2
	expect_no_record compacts=2 compact_prios!=async,sync_light
}

# Each zone of the zonelist is compacted, and has its own result. Red if the first alone is, or if the last one's
# result stands for all.
each_zone()
{
	in_pieces 5 '|__GFP_NORETRY'
	set_opts entry=alloc_pages_nodemask nid=1 nodes=0-1 "gfp=__GFP_DIRECT_RECLAIM|__GFP_IO|__GFP_NORETRY|__GFP_NOWARN" \
		fragment=1:Normal:5,0:DMA32:5,0:DMA:5 count=4
	call
	in_vain
	records_where result=failed compact_zones!=none | sed 's/.* compact_zones=\([^ ]*\) .*/\1/' > "$GFP_TMP/zones"
	note "$(sort "$GFP_TMP/zones" | uniq -c)"
	expect_ge "requests that compacted in vain" "$(wc -l < "$GFP_TMP/zones")" 2
	expect_eq "requests without a result of each zone" \
		"$(grep -vcE '^1:Normal:[a-z_]+,0:DMA32:[a-z_]+,0:DMA:[a-z_]+$' "$GFP_TMP/zones" || :)" 0
}

# What compaction was called for and brought nothing is counted as a failure. Red if it is not.
failures_counted()
{
	in_pieces 4 '|__GFP_NORETRY' count=4
	fail=$(vmstat compact_fail) success=$(vmstat compact_success) stall=$(vmstat compact_stall)
	call
	in_vain
	expect_near "compact_fail" $(($(vmstat compact_fail) - fail)) "$(count_where compact_result!=skipped)" 1
	expect_eq "stalls, by failures and successes" $(($(vmstat compact_stall) - stall)) \
		$(($(vmstat compact_fail) - fail + $(vmstat compact_success) - success))
}

# echo > compact_memory: then a request finds blocks in the free lists. Red if nothing was compacted.
by_hand()
{
	in_pieces 9 '|__GFP_NORETRY|__GFP_MOVABLE'
	job keeper
	set_opts entry=alloc_pages_node nid=1 order=0 count=1 gfp=__GFP_NOWARN release=keep fragment=1:Normal:9
	job default
	set_opts entry=alloc_pages_node nid=1 "gfp=__GFP_MOVABLE|__GFP_THISNODE|__GFP_NOWARN" order=9 fragment=none \
		squeeze=none count=4 release=at_end max_pages=60000
	# shellcheck disable=SC2016 # the inner shell's
	"$GFP_DIR/scatter" 1 240 sh -c '"$0" "$1/keeper/control" call && "$0" "$1/default/control" call &&
		cat "$1/default/records" > "$2/before" && echo 1 > /proc/sys/vm/compact_memory &&
		exec "$0" "$1/default/control" call' "$GFP_DIR/write1" "$GFP/jobs" "$GFP_TMP" > "$GFP_TMP/said" ||
		fail "call among scattered pages: $(cat "$GFP_TMP/said")"
	expect_eq "requests before that failed" "$(grep -c ' result=failed ' "$GFP_TMP/before" || :)" 4
	expect_some_record result=ok compacts=0
}

# For who may not reclaim kcompactd is woken instead of a kswapd that has given up. Red if it is not, or is not told.
kcompactd_woken()
{
	in_pieces 4 ''
	_left=60
	set_opts fragment=none squeeze=1:Normal:40 order=0 count=4 interval_us=100000 release=at_end \
		"gfp=GFP_NOWAIT|__GFP_THISNODE|__GFP_NOWARN"
	until gave_up; do
		call
		_left=$((_left - 1))
		[ $_left -gt 0 ] || skip "kswapd does not give up"
	done
	set_opts squeeze=none fragment=1:Normal:4 order=4 count=1
	call
	expect_all_records stage=slow kcompactd=1 kswapd=0 compacts=0
	set_opts "gfp=__GFP_THISNODE|__GFP_NOWARN"
	call
	expect_all_records kcompactd=0
}
gave_up() { [ "$(awk '$1 == "Node" { here = ($2 == "1,") } here && $1 == "node_unreclaimable:" { print $2; exit }' /proc/zoneinfo)" = 1 ]; }

# So it is not woken for another order, until a round of direct reclaim frees something. Red if it works on, or
# if it never comes back.
kswapd_gives_up()
{
	kcompactd_woken
	set_opts fragment=none squeeze=1:Normal:110 order=0 count=4 "gfp=GFP_NOWAIT|__GFP_THISNODE|__GFP_NOWARN"
	call
	expect_all_records stage=slow kswapd=0
	set_opts squeeze=1:Normal:75 "gfp=$KERNEL|__GFP_KSWAPD_RECLAIM"
	"$GFP_DIR/cache" 1 60 "$GFP_DIR/write1" "$JOB/control" call > "$GFP_TMP/said" ||
		fail "call with reclaimable memory: $(cat "$GFP_TMP/said")"
	expect_ge "pages reclaimed" "$(sum_of reclaimed)" 1
	! gave_up || fail "kswapd has given up, though memory was reclaimed"
}

# Where compaction looked in vain it looks no more, until hints are reset. Red if each looks everywhere.
hints_kept()
{
	make_ready
	in_pieces 4 '|__GFP_NORETRY|__GFP_MOVABLE' count=1
	looked
	call
	first=$(looked_at)
	in_vain
	looked
	call
	again=$(looked_at)
	note "pages scanned first: $first, again: $again"
	expect_ge "pages that the first compaction scanned" "$first" 1000
	expect_le "pages that the second one scanned" "$again" $((first / 2))
}
looked() { SCANNED=$(($(vmstat compact_migrate_scanned) + $(vmstat compact_free_scanned))); }
looked_at() { echo $(($(vmstat compact_migrate_scanned) + $(vmstat compact_free_scanned) - SCANNED)); }

# A caller that is killed compacts no further zone. Red if each zone of the zonelist is gone through all the same.
killed()
{
	set_opts timeout_ms=60000
	in_pieces 5 '|__GFP_NORETRY'
	set_opts entry=alloc_pages_nodemask nid=1 nodes=0-1 "gfp=__GFP_DIRECT_RECLAIM|__GFP_IO|__GFP_NORETRY|__GFP_NOWARN" \
		fragment=1:Normal:5,0:DMA32:5,0:DMA:5 count=0
	callers=40
	until [ -s "$GFP_TMP/ended" ]; do
		callers=$((callers - 1))
		[ $callers -gt 0 ] || fail "of 40 callers that were killed none left a zone out: $(cat "$GFP_TMP/zones")"
		call_async
		wait_at_work 3
		# shellcheck disable=SC2154 # call_async sets it
		kill -KILL "$caller"
		caller_ends 137
		wait_idle
		records_where result=failed compact_zones!=none | sed 's/.* compact_zones=\([^ ]*\) .*/\1/' > "$GFP_TMP/zones"
		tail -n 1 "$JOB/records" | grep ' result=failed ' |
			grep -E ' compact_zones=1:Normal:[a-z_]+(,0:DMA32:[a-z_]+)? ' > "$GFP_TMP/ended" || :
	done
	note "killed: $((40 - _left)); $(sed 's/.* compact_zones=\([^ ]*\) .*/\1/' "$GFP_TMP/ended")"
	expect_ge "requests that went through all zones" "$(grep -c ',0:DMA:' "$GFP_TMP/zones" || :)" 1
	expect_eq "requests before it that left a zone out" "$(sed '$d' "$GFP_TMP/zones" |
		grep -vcE '^1:Normal:[a-z_]+,0:DMA32:[a-z_]+,0:DMA:[a-z_]+$' || :)" 0
}

test_case "R10 priorities of compaction: asynchronous first" priorities
test_case "R10 each zone has a result of its own" each_zone
test_case "R10 compaction in vain is counted by the kernel" failures_counted
test_case "R10 compact_memory brings blocks back" by_hand
test_case "R10 kcompactd is woken where kswapd has given up" kcompactd_woken
test_case "R10 S1 a kswapd that has given up is not woken until memory is reclaimed" kswapd_gives_up
test_case "R10 where compaction looked in vain it looks no more" hints_kept
test_case "R10 a caller that is killed compacts no further zone" killed

run_cases
