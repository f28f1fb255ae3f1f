#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: the slow path: kswapd, the second attempt, reclaim and who stays out of it (rows S)
# requires: nodes>=2 zone=1:Normal kprobes
# vm: fresh
# timeout: 120
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"

# What is looked twice before reclaim, where compaction does not come late
twice() { has compacts_late || echo ,0x840; }

# GFP [OPTION=VALUE...]: of node 1 alone. Per-cpu lists are kept short: since 6.7 a refill may take
# 480 pages, and with them the state that was squeezed for.
node1()
{
	_gfp=$1
	shift
	sysctl_set vm/min_free_kbytes 32768
	sysctl_set vm/percpu_pagelist_high_fraction 20000
	set_opts entry=alloc_pages_node nid=1 "gfp=$_gfp|__GFP_THISNODE|__GFP_NOWARN" "$@"
}

# Between min and low, and below min
BETWEEN=squeeze=1:Normal:110
BELOW=squeeze=1:Normal:70

# With reclaimable memory on node 1, enough for kswapd to believe in: `call` from below it.
call_with_cache()
{
	"$GFP_DIR/cache" 1 100 "$GFP_DIR/write1" "$JOB/control" call > "$GFP_TMP/said" ||
		fail "call with reclaimable memory on node 1: $(cat "$GFP_TMP/said")"
}

# A kswapd that failed often gives up until reclaim succeeds. Newer kernels want the whole node above its
# high mark, which is more than a request ever does; they can be asked to reclaim a node.
revive_kswapd()
{
	node1 GFP_KERNEL squeeze=1:Normal:75 count=4 release=at_end
	stolen=$(vmstat pgsteal_kswapd)
	call_with_cache
	# A realtime kernel may let kswapd be faster.
	expect_ge "pages reclaimed, by kswapd or by us" \
		$(($(sum_of reclaimed) + $(vmstat pgsteal_kswapd) - stolen)) 1
	if [ -e /sys/devices/system/node/node1/reclaim ]; then
		"$GFP_DIR/cache" 1 100 sh -c 'echo 16M > /sys/devices/system/node/node1/reclaim' ||
			fail "node 1 was not reclaimed"
	fi
	sleep 0.4
}

# Rounds of direct reclaim, over all zones, anybody's: now and then one is not ours.
stalls() { awk '/^allocstall_/ { n += $2 } END { print n + 0 }' /proc/vmstat; }

# ---- S1 kswapd

# Red if the slow path does not wake kswapd, or wakes another node's.
kswapd_woken()
{
	revive_kswapd
	node1 GFP_KERNEL $BETWEEN count=1
	woken=$(vmstat pageoutrun)
	call_with_cache
	expect_record result=ok stage=slow kswapd=1 attempts=2 alloc_flags=0x801,0x840
	expect_ge "runs of kswapd" "$(vmstat pageoutrun)" $((woken + 1))
}

# Red if it is woken for a request that did not ask for it.
kswapd_left_alone()
{
	revive_kswapd
	node1 none $BETWEEN count=8 release=at_end
	call_with_cache
	expect_all_records result=ok stage=slow kswapd=0 alloc_flags=0x1,0x50
}

# Red if it is woken above low already, by every request.
kswapd_not_yet()
{
	revive_kswapd
	node1 GFP_KERNEL squeeze=1:Normal:low+4% count=8 release=at_end
	call_with_cache
	expect_all_records result=ok stage=fast kswapd=0
}

# A request that does not wait: kswapd works for the next one. Red as kswapd_woken.
kswapd_for_nowait()
{
	revive_kswapd
	node1 GFP_NOWAIT $BELOW count=1
	call_with_cache
	expect_record stage=slow reclaimed=0 reclaim_ns=0
	expect_ge "wake-ups of kswapd" "$(record -1 kswapd)" 1
}

# kswapd raises the node to its high mark while a request waits for nothing but time.
kswapd_balances()
{
	revive_kswapd
	# A state that outlasts its call, so that nothing renews it.
	job squeezed
	node1 none squeeze=1:Normal:105 count=1 release=keep
	squeezed=$JOB/control
	job default
	node1 GFP_KERNEL squeeze=none count=40 interval_us=20000
	stolen=$(vmstat pgsteal_kswapd)
	# While the cache is still there: what it gives back when it ends is not kswapd's doing.
	# shellcheck disable=SC2016 # for the other shell
	"$GFP_DIR/cache" 1 100 sh -c 'echo call > "$0" && echo call > "$1" && cat /proc/zoneinfo > "$2"' \
		"$squeezed" "$JOB/control" "$GFP_TMP/zoneinfo" || fail "call with reclaimable memory on node 1"
	# It works until the high mark, and sees what lists of other CPUs hold as free or not.
	expect_ge "pages free on node 1 when it was done" \
		"$(awk '$1 == "Node" { here = $2 == "1," && $4 == "Normal" } here && $1 == "pages" { print $3; exit }' "$GFP_TMP/zoneinfo")" \
		$(($(zone_mark 1 Normal high) - 64))
	expect_record 1 stage=slow kswapd=1
	expect_record result=ok stage=fast
	expect_ge "pages that kswapd freed" "$(($(vmstat pgsteal_kswapd) - stolen))" 32
}

# What kswapd frees does not end a state. Red if it does, or if kswapd is not woken.
kswapd_in_vain()
{
	revive_kswapd
	node1 GFP_NOWAIT $BETWEEN count=40 interval_us=20000 release=at_end
	stolen=$(vmstat pgsteal_kswapd)
	call_with_cache
	expect_ge "requests that woke kswapd" "$(count_where "kswapd>0")" 1
	expect_ge "pages that kswapd freed" "$(($(vmstat pgsteal_kswapd) - stolen))" 32
	expect_ge state.renewed "$(summary state.renewed)" 1
	# kswapd may free more between the last look and the request.
	expect_le "requests of the fast path that say that the state was there" "$(count_where stage=fast state=held)" 8
	expect_ge "requests in the state" "$(count_where stage=slow state=held)" 20
}

test_case "S1 kswapd is woken between min and low" kswapd_woken
test_case "S1 kswapd is not woken without __GFP_KSWAPD_RECLAIM" kswapd_left_alone
test_case "S1 kswapd is not woken above low" kswapd_not_yet
test_case "S1 GFP_NOWAIT wakes kswapd, though it does not wait" kswapd_for_nowait
test_case "S1 kswapd brings the node back above low" kswapd_balances
test_case "S1 state-held kswapd does not end a squeeze" kswapd_in_vain

# ---- S2 the second attempt

# GFP FLAGS: red if the slow path does not try at once at the min mark, or reclaims before it does.
second_attempt()
{
	node1 "$1" $BETWEEN count=20 release=at_end
	before=$(stalls)
	call
	expect_all_records result=ok stage=slow attempts=2 "alloc_flags=$2" reserve=none page_nid=1 \
		reclaims=0 reclaimed=0 reclaim_ns=0 compact_ns=0 retries=0 victim=none
	expect_le "direct reclaims" "$(stalls)" $((before + 4))
}

test_case "S2 GFP_KERNEL is served by the second attempt" second_attempt GFP_KERNEL 0x801,0x840
test_case "S2 GFP_ATOMIC is served by the second attempt" second_attempt GFP_ATOMIC 0x801,0x830
test_case "S2 GFP_NOIO is served by the second attempt" second_attempt GFP_NOIO 0x801,0x840

# ---- S5 S6 S7 reclaim

# Red if reclaim is not entered, frees nothing though it could, or if what it freed is not handed out.
reclaim_serves()
{
	node1 GFP_KERNEL squeeze=1:Normal:75 count=20 release=at_end
	before=$(stalls) stolen=$(vmstat pgsteal_direct)
	call_with_cache
	expect_all_records result=ok page_nid=1 victim=none
	expect_record 1 stage=reclaim
	expect_like "flags of the first request" "$(record 1 alloc_flags)" "0x801,0x840,0x840$(twice)*"
	expect_ge "direct reclaims" $(($(stalls) - before)) 1
	freed=$(($(vmstat pgsteal_direct) - stolen))
	expect_ge "pages that direct reclaim freed" "$freed" 32
	expect_near "pages reclaimed, by the records" "$(sum_of reclaimed)" "$freed" 64
}

# One round, no retry. Red if it retries, kills, or is not even tried.
noretry()
{
	node1 'GFP_KERNEL|__GFP_NORETRY' squeeze=1:Normal:50
	before=$(stalls)
	call
	expect_record result=failed stage=reclaim reclaims=1 retries=0 victim=none "attempts=$(looks)/$(($(looks) + 1))"
	expect_like "its flags" "$(record -1 alloc_flags)" "0x801,0x840$(twice)*"
	expect_ge "direct reclaims" $(($(stalls) - before)) 1
}

# Red if it gives up like NORETRY, or ends in a kill.
retry_mayfail()
{
	node1 'GFP_KERNEL|__GFP_RETRY_MAYFAIL' squeeze=1:Normal:50
	before=$(stalls)
	call
	expect_record result=failed stage=reclaim "reclaims>=1" "retries>=1" victim=none "attempts>=$(($(looks) + 1))"
	# Before it gives up it looks once more, at the high mark: somebody may have freed a lot.
	expect_like "its flags" "$(record -1 alloc_flags)" "0x801,0x840,*0x42"
	expect_ge "direct reclaims" $(($(stalls) - before)) 1
}

# A costly order without retries gives up before reclaim, when compaction has no room to work in.
costly()
{
	node1 'GFP_KERNEL|__GFP_NORETRY' order=5 squeeze=1:Normal:50
	call
	expect_record result=failed stage=compact compact_result=skipped/deferred reclaims=0 retries=0
	expect_like "its flags" "$(record -1 alloc_flags)" "0x801,0x840*"
}

# A round that freed too little is followed by an attempt, by draining the per-cpu lists of all CPUs, and by one more
# attempt. CPU 1 has pages of node 1 in its lists, of which a request that does not reclaim takes none. Red if
# they stay there, if only this CPU's are drained, or if it is not tried again, or more than once.
drained_once()
{
	[ -e /sys/devices/system/cpu/cpu1 ] || skip "needs a second CPU"
	# Nor by the kernel, once node 1 is not used for a while.
	sysctl_set vm/stat_interval 600
	job keeper
	node1 none squeeze=1:Normal:60 count=1 release=keep
	# None of them wakes kswapd, which would free as much as is needed.
	job filler
	node1 __GFP_HIGH count=24 release=at_end
	job still
	node1 none count=1
	job default
	node1 '__GFP_DIRECT_RECLAIM|__GFP_IO|__GFP_FS|__GFP_NORETRY' count=1
	# shellcheck disable=SC2016 # the inner shell's
	"$GFP_DIR/cache" 1 40 taskset 1 sh -c '
		"$0" "$1/keeper/control" call && taskset 2 "$0" "$1/filler/control" call || exit
		cat /proc/zoneinfo > "$2/filled"
		"$0" "$1/still/control" call || exit
		cat /proc/zoneinfo > "$2/still"
		"$0" "$1/default/control" call || exit
		cat /proc/zoneinfo > "$2/drained"' "$GFP_DIR/write1" "$GFP/jobs" "$GFP_TMP" > "$GFP_TMP/said" ||
		fail "call with reclaimable memory: $(cat "$GFP_TMP/said")"
	note "pages of CPU 1: filled $(listed_of_1 filled), still $(listed_of_1 still), drained $(listed_of_1 drained)"
	expect_ge "pages in the lists of CPU 1" "$(listed_of_1 filled)" 12
	expect_ge "pages in them after a request without reclaim" "$(listed_of_1 still)" 12
	expect_record stage=reclaim result=failed reclaims=1 "reclaimed>=1" retries=0 "attempts=$(($(looks) + 2))"
	expect_le "pages in them after a round" "$(listed_of_1 drained)" 4
}
# FILE: pages of node 1 in the per-cpu lists of CPU 1, by such a copy of /proc/zoneinfo
listed_of_1()
{
	awk '$1 == "Node" { here = ($2 == "1," && $4 == "Normal") }
		here && $1 == "cpu:" { cpu = $2 }
		here && $1 == "count:" && cpu == 1 { print $2; exit }' "$GFP_TMP/$1"
}

test_case "S5 per-cpu lists of all CPUs are drained after a round, once" drained_once
test_case "S5 direct reclaim frees pages, and the request is served from them" reclaim_serves
test_case "S6 __GFP_NORETRY gives up after one round of reclaim" noretry
test_case "S7 __GFP_RETRY_MAYFAIL retries, and fails without a kill" retry_mayfail
test_case "S6 __GFP_NORETRY of a costly order gives up before reclaim" costly

# ---- S9 who never reclaims

# GFP SQUEEZE FLAGS: red if a request that must not wait reclaims or compacts, or
# tries another time than after the second wake-up.
never_reclaims()
{
	node1 "$1" "squeeze=1:Normal:$2" count=20
	before=$(stalls)
	call
	expect_all_records result=failed stage=slow source=none attempts=3 "alloc_flags=$3" \
		reclaims=0 reclaimed=0 reclaim_ns=0 compact_ns=0 compact_result=none retries=0 victim=none
	expect_le "direct reclaims" "$(stalls)" $((before + 4))
}

never_compacts() { set_opts order=3; never_reclaims "$@"; }

test_case "S9 GFP_NOWAIT never reclaims" never_reclaims GFP_NOWAIT 70 0x801,0x850,0x850
test_case "S9 GFP_ATOMIC never reclaims" never_reclaims GFP_ATOMIC 30 0x801,0x830,0x830
test_case "S9 a mask without any reclaim never reclaims" never_reclaims none 70 0x1,0x50,0x50
test_case "S9 GFP_NOWAIT of order 3 never compacts" never_compacts GFP_NOWAIT 70 0x801,0x850,0x850

run_cases
