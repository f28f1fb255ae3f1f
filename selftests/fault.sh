#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: fail_page_alloc turns requests away before the allocator looks (row P9)
# suite: full
# requires: nodes>=2 kprobes
# vm: numa
# timeout: 60
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"

FAULT=/sys/kernel/debug/fail_page_alloc

# NAME=VALUE...: of fail_page_alloc, for the rest of the case. Only tasks that ask for it are hit:
# without the filter init would be.
inject()
{
	[ -d $FAULT ] || skip "the kernel has no fail_page_alloc (CONFIG_FAIL_PAGE_ALLOC)"
	# shellcheck disable=SC2086 # pairs
	for _kv in task-filter=Y probability=100 times=-1 interval=1 space=0 verbose=0 min-order=0 \
		ignore-gfp-wait=Y ignore-gfp-highmem=Y "$@"; do
		[ "$(cat "$FAULT/${_kv%%=*}")" = "${_kv#*=}" ] && continue
		undo "echo $(cat "$FAULT/${_kv%%=*}") > $FAULT/${_kv%%=*}"
		echo "${_kv#*=}" > "$FAULT/${_kv%%=*}"
	done
}

# OPTION=VALUE...: `call`, by a task that is to be hit. Whatever else it needs on its way may
# sleep, or is below min-order; with neither, it would not live to make its request.
call_hit()
{
	set_opts "$@"
	# shellcheck disable=SC2016 # the inner shell's
	sh -c 'echo 1 > /proc/self/make-it-fail && exec "$@"' sh \
		"$GFP_DIR/write1" "$JOB/control" "${CONTROL:-call}" > "$GFP_TMP/said" ||
		fail "call: $(cat "$GFP_TMP/said")"
}

# CONDITION...: turned away: no attempt, no event, no block. Red if the allocator looks all the same.
expect_turned_away()
{
	expect_all_records result=rejected stage=rejected source=none reserve=none attempts=0 \
		alloc_flags=none gfp_seen=none page_nid=none kswapd=0 reclaim_ns=0 "$@"
}

cant_wait()
{
	inject
	for entry in alloc_pages alloc_page alloc_pages_node alloc_pages_nodemask get_free_pages \
		get_zeroed_page alloc_pages_exact folio_alloc bulk; do
		call_hit entry=$entry gfp=GFP_ATOMIC count=8
		expect_turned_away order=0
	done
	expect_eq "requests turned away" "$(summary rejected)" 8
	expect_eq "stage.rejected" "$(summary stage.rejected)" 8
	# A bulk of several asks before it looks for a zone.
	for entry in bulk bulk_list; do
		call_hit entry=$entry order=3
		expect_turned_away order=3
	done
}

# ignore-gfp-wait spares what may sleep.
may_wait_spared()
{
	inject
	call_hit gfp=GFP_KERNEL count=8
	expect_all_records result=ok stage=fast attempts=1
}

# min-order spares what the caller needs itself.
may_wait()
{
	inject ignore-gfp-wait=N min-order=4
	call_hit gfp=GFP_KERNEL order=4 count=8
	expect_turned_away order=4
	call_hit order=3
	expect_all_records result=ok stage=fast
}

highmem_spared()
{
	inject
	call_hit 'gfp=GFP_ATOMIC|__GFP_HIGHMEM' count=8
	expect_all_records result=ok stage=fast
	inject ignore-gfp-highmem=N ignore-gfp-wait=N min-order=4
	call_hit gfp=GFP_HIGHUSER order=4
	expect_turned_away order=4
}

# GFP: the caller asks for order 1 on and on, and is to be hit for a while. Neither on its way there nor
# on its way back: where slabs are large, what it needs then is of that order as well.
call_hit_midway()
{
	set_opts "$ENDLESS" "gfp=$1" order=1 interval_us=10000
	"$GFP_DIR/write1" "$JOB/control" call > "$GFP_TMP/said" &
	_caller=$!
	wait_at_work
	echo 1 > "/proc/$_caller/make-it-fail"
	_hit=$(status "done")
	_left=600
	until [ "$(status "done")" -gt $((_hit + 20)) ]; do
		_left=$((_left - 1))
		[ $_left -gt 0 ] || fail "no 20 requests since number $_hit: $(get status)"
		sleep 0.1
	done
	echo 0 > "/proc/$_caller/make-it-fail"
	stop
	wait $_caller || fail "call: $(cat "$GFP_TMP/said")"
}

# __GFP_NOFAIL is never turned away, where the same without it is.
nofail_spared()
{
	inject ignore-gfp-wait=N min-order=1
	call_hit_midway GFP_KERNEL
	expect_ge "requests turned away" "$(summary rejected)" 20
	call_hit_midway 'GFP_KERNEL|__GFP_NOFAIL'
	expect_all_records result=ok stage=fast
}

# Every third, then as many as `times` allows. Nothing else of that order is asked for.
interval()
{
	inject ignore-gfp-wait=N min-order=4 interval=3
	call_hit gfp=GFP_KERNEL order=4 count=30 ring=30
	expect_eq "requests turned away, every third" "$(summary rejected)" 10
	expect_eq "the others" "$(summary ok)" 20
	inject ignore-gfp-wait=N min-order=4 times=5
	call_hit
	expect_eq "requests turned away, 5 times" "$(summary rejected)" 5
	expect_record 5 result=rejected stage=rejected
	expect_record 6 result=ok stage=fast
}

# Workers, interrupts and other tasks are not hit.
others_spared()
{
	inject
	call_hit gfp=GFP_ATOMIC context=hardirq count=8
	expect_all_records result=ok stage=fast
	call_hit context=softirq
	expect_all_records result=ok stage=fast
	call_hit context=atomic
	expect_turned_away
	set_opts context=task
	call
	expect_all_records result=ok stage=fast
	CONTROL=start
	call_hit count=8
	wait_idle
	expect_all_records result=ok stage=fast
}

# With fewer probes it is still known, or said to be unknown, never taken for a failure.
by_level()
{
	inject
	for observe in none path time full; do
		call_hit gfp=GFP_ATOMIC count=8 observe=$observe
		expect_eq "requests that came back" "$(summary ok)" 0
		expect_eq "requests that failed or were rejected" $(($(summary rejected) + $(summary failed))) 8
		[ $observe = none ] || expect_eq "requests turned away" "$(summary rejected)" 8
	done
}

test_case "P9 what can't wait is turned away, by every entry" cant_wait
test_case "P9 ignore-gfp-wait spares what may" may_wait_spared
test_case "P9 GFP_KERNEL is turned away from min-order on" may_wait
test_case "P9 ignore-gfp-highmem spares __GFP_HIGHMEM" highmem_spared
test_case "P9 __GFP_NOFAIL is never turned away" nofail_spared
test_case "P9 interval and times count requests" interval
test_case "P9 only the task that asked for it is hit" others_spared
test_case "P9 every level of observation knows" by_level

run_cases
