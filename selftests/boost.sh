#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: a fallback to another type raises the watermarks and wakes kswapd, once (row Z13)
# suite: full
# requires: nodes>=2 zone=1:Normal kprobes
# vm: pieces
# timeout: 120
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"

# 5.10 does not show it in /proc/zoneinfo.
boost() { explain_field 1 Normal boost; }

# kswapd lowers what was raised, as soon as somebody who may wakes it. One that gave up works again when
# reclaim has found something.
unboost()
{
	_left=20
	while [ "$(boost)" -gt 0 ]; do
		set_opts entry=alloc_pages_node nid=1 order=0 count=4 fragment=none squeeze=1:Normal:75 \
			'gfp=GFP_KERNEL|__GFP_THISNODE|__GFP_NOWARN' release=at_end
		"$GFP_DIR/cache" 1 60 "$GFP_DIR/write1" "$JOB/control" call > "$GFP_TMP/said" ||
			fail "call with reclaimable memory: $(cat "$GFP_TMP/said")"
		_left=$((_left - 1))
		[ $_left -gt 0 ] || fail "the boost stays at $(boost)"
		sleep 0.7
	done
}

# FACTOR GFP: held blocks of order 7 until unmovable pageblocks give out and others are broken into.
# Whole pageblocks can change hands without a boost: none is free.
fallback()
{
	undo unboost
	sysctl_set vm/watermark_boost_factor "$1"
	set_opts entry=alloc_pages_node nid=1 order=7 count=100 fragment=1:Normal:9 release=at_end max_pages=30000 \
		"gfp=$2|__GFP_THISNODE|__GFP_NOWARN"
	MIN=$(zone_mark 1 Normal min)
	call
	expect_some_record result=ok steal=unmovable/unmovable\<movable/unmovable\<reclaimable
}

# Red if marks are not raised, or beyond their limit, or if somebody is woken who was not asked for.
raised()
{
	high=$(zone_mark 1 Normal high)
	fallback 15000 __GFP_NOWARN
	expect_some_record result=ok steal=unmovable\<movable/unmovable\<reclaimable
	expect_ge "watermark_boost" "$(boost)" 512
	expect_le "watermark_boost, at most 1.5 high=$high" "$(boost)" $((high * 3 / 2 + 512))
	expect_eq "watermark_boost, in pageblocks" $(($(boost) % 512 == 0 || $(boost) >= high)) 1
	expect_all_records kswapd=0
}

# Red if factor 0 does not turn it off.
off()
{
	unboost
	fallback 0 __GFP_NOWARN
	expect_eq "watermark_boost" "$(boost)" 0
}

# What was raised counts: a request that the fast path served before is not any more. Red if the boost
# is forgotten when the marks are compared.
counts()
{
	fallback 15000 __GFP_NOWARN
	boost=$(boost)
	expect_ge "watermark_boost" "$boost" 512
	set_opts "gfp=__GFP_THISNODE|__GFP_NOWARN" order=0 count=1 fragment=none release=fifo
	set_opts squeeze=1:Normal:low-3%
	call
	expect_ge "the low mark with its boost" "$(summary squeeze.low)" $((MIN + boost))
	expect_record result=ok stage=slow attempts=2
}

# Who can't wait, and asks for one page, goes by min as it was. Red if the boost is held against it, or if
# larger orders pass as well. Its share of min, 3/8, is below what is free, and of the boosted one above.
spared()
{
	# GFP_ATOMIC, but kswapd is not woken, who would take the boost back.
	atomic=__GFP_HIGH
	case $(get help) in *__GFP_ATOMIC*) atomic="$atomic|__GFP_ATOMIC" ;; esac
	fallback 15000 __GFP_NOWARN
	boost=$(boost)
	[ "$boost" -ge $((MIN / 2)) ] || fail "a boost of $boost is too little for min=$MIN"
	set_opts "gfp=$atomic|__GFP_THISNODE|__GFP_NOWARN" order=0 count=1 fragment=none release=fifo \
		squeeze=1:Normal:32
	call
	free=$(summary squeeze.reached)
	expect_ge "free pages, of 3/8 of min=$MIN" "$free" $((MIN * 3 / 8))
	expect_le "free pages, of 3/8 of min=$MIN and its boost=$boost" "$free" $(((MIN + boost) * 3 / 8))
	expect_record result=ok stage=slow attempts=2 page_nid=1 reserve=nonblock
	set_opts order=1
	call
	expect_record result=failed stage=slow
	expect_eq "the boost" "$(boost)" "$boost"
}

# There is something to reclaim all the while: a kswapd that finds nothing sixteen times gives up.
with_cache()
{
	rm -f "$GFP_TMP/cached"
	"$GFP_DIR/cache" 1 60 sh -c "touch $GFP_TMP/cached; exec sleep 55" &
	_holder=$!
	undo "kill $_holder 2> /dev/null; wait $_holder || :"
	until [ -e "$GFP_TMP/cached" ]; do
		kill -0 $_holder 2> /dev/null || fail "no memory for the page cache"
		sleep 0.1
	done
}

# Red if the fallback wakes nobody, or if the boost is never taken back.
wakes_kswapd()
{
	undo unboost
	with_cache
	# One that gave up must have had success first.
	sysctl_set vm/watermark_boost_factor 15000
	set_opts entry=alloc_pages_node nid=1 order=0 count=4 squeeze=1:Normal:75 release=at_end \
		'gfp=GFP_KERNEL|__GFP_THISNODE|__GFP_NOWARN'
	call
	sleep 0.7
	set_opts squeeze=none
	runs=$(vmstat pageoutrun)
	fallback 15000 'GFP_NOWAIT'
	expect_some_record kswapd=1
	expect_no_record kswapd=1 stage!=fast attempts=1
	_left=20
	while [ "$(boost)" -gt 0 ] && [ $_left -gt 0 ]; do
		_left=$((_left - 1))
		# What was raised while it worked it has not seen: the next who wakes it has it taken back.
		set_opts order=0 count=1 squeeze=1:Normal:low-3% fragment=none
		[ $((_left % 2)) -ne 0 ] || call
		sleep 0.7
	done
	# If it has given up in between, when it works again.
	kill $_holder 2> /dev/null || :
	unboost
	expect_ge "runs of kswapd" "$(vmstat pageoutrun)" $((runs + 1))
}

test_case "Z13 a fallback raises the watermarks" raised
test_case "Z13 with watermark_boost_factor=0 it does not" off
test_case "Z13 raised marks are the ones that count" counts
test_case "Z13 atomic requests for a page go by min without the boost" spared
test_case "Z13 kswapd is woken, and takes the boost back" wakes_kswapd

run_cases
