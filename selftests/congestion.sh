#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: reclaim waits for a disk that does not keep up with it (row R17)
# suite: full
# requires: nodes>=2 zone=1:Normal kprobes tracefs
# vm: slow
# timeout: 300
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"

MIB=24

# TASK [TEXT]: how often it waited, with this text in the event
waits()
{
	traced | grep "^ *$1-.* $EVENTS_ON: .*${2:-}" > "$GFP_TMP/waits" || :
	wc -l < "$GFP_TMP/waits"
}

# COMMAND...: while all page cache of node 1 is on its way to the disk, which it takes half a minute to reach
under_writeback()
{
	sysctl_set vm/dirty_background_ratio 80
	sysctl_set vm/dirty_ratio 90
	sysctl_set vm/dirty_expire_centisecs 1
	sysctl_set vm/dirty_writeback_centisecs 20
	# As much at a time as the disk's queue holds
	_wbt=/sys/block/${DISK#/dev/}/queue/wbt_lat_usec
	if [ -w "$_wbt" ] && _was=$(cat "$_wbt" 2> /dev/null); then
		undo "echo $_was > $_wbt"
		echo 0 > "$_wbt"
	fi
	echo 3 > /proc/sys/vm/drop_caches
	_status=0
	# shellcheck disable=SC2016 # the inner shell's
	"$GFP_DIR/dirty" 1 $MIB "$DISK" sh -c '
		written() { sed -n "s/^Node 1 Writeback: *\([0-9]*\) kB/\1/p" /sys/devices/system/node/node1/meminfo; }
		left=300
		until [ "$(written)" -ge "$0" ]; do
			left=$((left - 1))
			[ $left -gt 0 ] || exit 9
			sleep 0.1
		done
		"$@"
		status=$?
		[ "$(written)" -ge $(($0 / 4)) ] || exit 8
		exit $status' $((MIB * 1024 * 3 / 4)) "$@" > "$GFP_TMP/said" || _status=$?
	case $_status in
	8) skip "the disk is too fast: no page cache was on its way to it any more" ;;
	9) skip "the disk is too fast: never three quarters of $MIB MiB were on their way to it" ;;
	esac
	expect_eq "exit status with page cache on its way to the disk ($(cat "$GFP_TMP/said"))" $_status 0
}

# [OPTION=VALUE...]: requests that wake kswapd for node 1 and can't be satisfied
asked()
{
	lru lists
	find_disk
	sysctl_set vm/min_free_kbytes 32768
	set_opts entry=alloc_pages_node nid=1 "gfp=GFP_KERNEL|__GFP_THISNODE|__GFP_NOWARN" squeeze=1:Normal:70 \
		release=at_end "$@"
}

# kswapd has seen pages under writeback go round its lists: it waits for the disk. Red if it spins instead.
kswapd_waits()
{
	asked count=20 interval_us=50000
	watch_events vmscan/mm_vmscan_throttled,writeback/writeback_congestion_wait
	under_writeback "$GFP_DIR/write1" "$JOB/control" call
	case $EVENTS_ON in
	mm_vmscan_throttled) expect_ge "waits of kswapd1" "$(waits kswapd1 VMSCAN_THROTTLE_WRITEBACK)" 1 ;;
	*) expect_ge "waits of kswapd1" "$(waits kswapd1)" 1 ;;
	esac
}

# Then direct reclaim waits too, a little, if it finds nothing else. Red if it does not, or if the record has not
# the time.
reclaim_waits()
{
	asked count=20 interval_us=50000
	watch_events vmscan/mm_vmscan_throttled,writeback/writeback_wait_iff_congested
	under_writeback "$GFP_DIR/write1" "$JOB/control" call
	case $EVENTS_ON in
	mm_vmscan_throttled)
		expect_ge "waits for a node that is congested" "$(waits write1 VMSCAN_THROTTLE_CONGESTED)" 1
		waits write1 > "$GFP_TMP/all"
		waited=$(sed 's/.*delayed=\([0-9]*\).*/\1/' "$GFP_TMP/waits" | awk '{ n += $1 } END { print n * 1000 }')
		note "$(cat "$GFP_TMP/all") waits, $waited ns"
		expect_ge "nanoseconds of waits in the records" "$(sum_of throttled_ns)" "$waited"
		;;
	*)
		expect_ge "waits for a node that is congested" "$(waits write1)" 1
		;;
	esac
}

test_case "R17 kswapd waits where all that it finds is under writeback" kswapd_waits
test_case "R17 direct reclaim waits where pages under writeback go round" reclaim_waits

run_cases
