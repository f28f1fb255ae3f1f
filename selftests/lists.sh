#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: free lists as a report has them, states of several zones, states that outlast their call
# suite: full
# requires: nodes>=2 zone=1:Normal zone=0:DMA32 kprobes
# vm: pieces
# timeout: 180
# shellcheck disable=SC2034,SC2086 # lib.sh reads it; lists of options
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"

# It fails, and takes nothing: no state here has a block of the largest order.
REQUEST='entry=alloc_pages_node nid=1 order=10 count=1 gfp=__GFP_NOWARN|__GFP_THISNODE'

# `536*4kB (UM) 281*8kB ...` of Mem-Info as the option has it: 536UM/281/...
lists_of()
{
	echo "$1" | sed -E 's/\*[0-9]+kB( \(([A-Z]+)\))?/\2/g; s/ *=.*//; s, +,/,g'
}

# Free blocks of all types that there are: requests take pageblocks over for their own. Both are held at once:
# the second would take those of the first.
make_types()
{
	for _gfp in GFP_KERNEL 'GFP_KERNEL|__GFP_RECLAIMABLE'; do
		set_opts entry=alloc_pages_node nid=1 order=9 "gfp=$_gfp|__GFP_THISNODE" count=24 release=keep
		call
		expect_all_records result=ok
	done
	reset
}

# ZONE: its free blocks by order, with letters, as /proc/pagetypeinfo has them
pagetypes()
{
	awk -v nid="${1%%:*}," -v zone="${1#*:}," '
		BEGIN { letter["Unmovable"] = "U"; letter["Movable"] = "M"; letter["Reclaimable"] = "E"
			letter["HighAtomic"] = "H"; letter["CMA"] = "C" }
		$2 == nid && $4 == zone && $5 == "type" && letter[$6] != "" {
			for (i = 7; i <= NF; i++) {
				n[i] += $i
				if ($i > 0)
					types[i] = types[i] letter[$6]
			}
			last = NF
		}
		END { for (i = 7; i <= last; i++) printf "%s%d%s", (i > 7 ? "/" : ""), n[i], types[i] }' /proc/pagetypeinfo
}

# LISTS: their numbers alone
numbers() { echo "$1" | tr -d '[:upper:]'; }

# VERSION: what a report of a zone of such a kernel says
free_area_of()
{
	case $1 in
	2.6.32) echo "2087*4kB 20*8kB 18*16kB 10*32kB 1*64kB 0*128kB 0*256kB 1*512kB 0*1024kB 0*2048kB 0*4096kB = 9692kB" ;;
	2.6.32-xen) echo "3714*4kB 5129*8kB 1732*16kB 28*32kB 5*64kB 0*128kB 0*256kB 0*512kB 0*1024kB 0*2048kB 0*4096kB = 84816kB" ;;
	3.10) echo "11912*4kB (UEM) 13*8kB (UM) 0*16kB 0*32kB 0*64kB 0*128kB 0*256kB 0*512kB 0*1024kB 0*2048kB 0*4096kB = 47752kB" ;;
	4.13) echo "536*4kB (UM) 281*8kB (UM) 124*16kB (UME) 76*32kB (UM) 12*64kB (U) 3*128kB (U) 2*256kB (U) 0*512kB 0*1024kB 1*2048kB (M) 0*4096kB = 12520kB" ;;
	5.8) echo "162*4kB (UM) 83*8kB (U) 447*16kB (UME) 52*32kB (UME) 20*64kB (UME) 4*128kB (UME) 3*256kB (ME) 48*512kB (UM) 19*1024kB (M) 0*2048kB 0*4096kB = 56720kB" ;;
	4.9) echo "1208*4kB (UME) 856*8kB (UME) 779*16kB (UME) 295*32kB (UME) 106*64kB (UME) 20*128kB (UME) 7*256kB (ME) 0*512kB 0*1024kB 0*2048kB 0*4096kB = 44720kB" ;;
	esac
}

# VERSION: red if /proc/pagetypeinfo has another number of blocks for any order, or a type that is not
# named, or if the lists of CPUs hold any page.
exactly()
{
	# The letters in the order in which later kernels print them
	lists=$(lists_of "$(free_area_of "$1")" | sed 's/UEM/UME/g')
	make_types
	set_opts $REQUEST release=keep "lists=1:Normal:$lists"
	call
	# The counter that watermarks are held against, before any CPU adds to it what it has kept
	free=$(zone_free 1 Normal)
	seen=$(pagetypes 1:Normal)
	expect_eq "free pages by the zone's counter" "$free" "$(counted_pages "$(numbers "$lists" | tr / ' ')")"
	expect_eq "what the option reads back" "$(opt lists)" "1:Normal:$lists"
	expect_eq "free blocks in /proc/pagetypeinfo" "$(numbers "$seen")" "$(numbers "$lists")"
	case $lists in
	*[A-Z]*)
		expect_eq "their types" "$seen" "$lists"
		;;
	*)
		expect_eq "blocks of CMA or HIGHATOMIC" "$(echo "$seen" | tr -d '0-9/UME')" ""
		;;
	esac
	expect_eq "lists.left" "$(summary lists.left)" "$seen"
	expect_eq "lists.exact" "$(summary lists.exact)" 1
	expect_eq "pages in per-cpu lists" "$(summary lists.reached.listed)" 0
	expect_record result=failed
	reset
}

undone()
{
	before=$(free_or_listed 1 Normal)
	set_opts $REQUEST release=keep lists=1:Normal:9/8/7
	call
	expect_eq "pages free" "$(summary lists.reached)" $((9 + 8 * 2 + 7 * 4))
	held=$(environment account.blocks_kb)
	expect_ge "KiB that the module holds" "$held" $((before * 4 * 9 / 10))
	reset
	expect_near "pages free or in per-cpu lists" "$(free_or_listed 1 Normal)" "$before" 512
	expect_eq "KiB that the module holds" "$(environment account.blocks_kb)" 0
}

# Nothing at all: the request has every attempt and no page.
none_left()
{
	set_opts $REQUEST order=0 lists=1:Normal:0
	call
	expect_eq "lists.left" "$(numbers "$(summary lists.left)")" 0/0/0/0/0/0/0/0/0/0/0
	expect_record result=failed stage=slow
}

# Types that no pageblock has: told, not made up.
inexact()
{
	set_opts $REQUEST lists=1:Normal:3/2H
	call
	expect_eq "lists.exact" "$(summary lists.exact)" 0
	expect_like "lists.left" "$(summary lists.left)" "3*/0/0/*"
}

# Red if one of the zones is not where it is to be when the first request is made; other tasks have memory
# of node 0, too.
zones_at_once()
{
	set_opts $REQUEST squeeze=0:DMA32:24148kB,1:Normal:1234p
	expect_eq "squeeze reads back" "$(opt squeeze)" 0:DMA32:6037p,1:Normal:1234p
	call
	expect_eq "zones" "$(summary squeeze.zone) $(summary squeeze.2.zone)" "0:DMA32 1:Normal"
	expect_near "pages of 0:DMA32" "$(summary squeeze.reached)" 6037 64
	expect_eq "pages of 1:Normal" "$(summary squeeze.2.reached)" 1234
	set_opts squeeze=none fragment=0:DMA32:6,1:Normal:3
	call
	expect_eq "blocks of the order or above" "$(summary fragment.left) $(summary fragment.2.left)" "0 0"
	set_opts fragment=0:DMA32:6 squeeze=0:DMA32:8000p lists=1:Normal:5/5/5
	call
	expect_near "pages of 0:DMA32" "$(summary squeeze.reached)" 8000 64
	expect_eq "the other two" "$(summary fragment.left) $(summary lists.exact)" "0 1"
	expect_eq "per-cpu lists" "$(summary squeeze.reached.listed) $(summary lists.reached.listed)" "0 0"
}

# A state of 1:Normal that stays, of the job default
keep()
{
	set_opts $REQUEST release=keep "$@"
	call
	expect_eq "state.kept" "$(summary state.kept)" 1
}

# Another job asks and explains in it, and holds blocks of it.
others_in_it()
{
	pages=$(($(zone_mark 1 Normal min) / 2))
	keep squeeze=1:Normal:${pages}p
	free=$(zone_free 1 Normal)
	expect_near "free pages of node 1 after the call" "$free" $pages 40
	job other
	set_opts entry=alloc_pages_node nid=1 'gfp=GFP_NOWAIT|__GFP_NOWARN|__GFP_THISNODE' observe=explain
	expect_like "what explain says of it" "$(get explain)" "*fails*"
	call
	expect_record result=failed stage=slow
	expect_eq "predictions that differ" "$(summary explain.differ)" 0
	# Its blocks are not refused for want of room: the state is what is asked about.
	set_opts 'gfp=GFP_ATOMIC|__GFP_HIGH|__GFP_MEMALLOC|__GFP_NOWARN|__GFP_THISNODE' count=100 hold=100 release=keep
	call
	expect_eq "pages held" "$(status held_pages)" 100
	reset
	set_opts entry=alloc_pages nid=-1 gfp=GFP_KERNEL order=0 count=20000 hold=5000 release=fifo
	call
	expect_eq "aborted, requests" "$(status aborted) $(summary ok)" "none 20000"
	job default
	expect_eq "state.kept" "$(summary state.kept)" 1
	reset
	expect_ge "free pages of node 1 after reset" "$(free_or_listed 1 Normal)" $((free * 10))
}

# Red if a second state is put on top of one that is kept, or a call without one is refused.
once()
{
	keep lists=1:Normal:40/30/20
	expect_refused EBUSY call control '' "*the memory state of run * is kept: *reset*"
	expect_eq "state.kept" "$(summary state.kept)" 1
	set_opts lists=none
	call
	expect_ge "KiB that the job holds" "$(status memory_kb)" 200000
	expect_le "free pages of node 1" "$(zone_free 1 Normal)" 300
	reset
	expect_eq "KiB that the module holds" "$(environment account.blocks_kb)" 0
}

# A run that a signal or `stop` ends leaves nothing behind, nor does a job that is removed, or rmmod.
ended()
{
	set_opts $REQUEST release=keep squeeze=1:Normal:1000p count=0 interval_us=1000
	"$GFP_DIR/write1" "$JOB/control" call > /dev/null 2>&1 &
	wait_at_work
	stop
	wait
	expect_eq "state.kept after stop" "$(summary state.kept)" 0
	expect_eq "KiB that the module holds" "$(environment account.blocks_kb)" 0
	job other
	keep squeeze=1:Normal:1000p count=1 interval_us=0
	echo other > "$GFP/remove"
	expect_eq "KiB that the module holds" "$(environment account.blocks_kb)" 0
	job default
	keep squeeze=1:Normal:1000p count=1 interval_us=0
	gfp_unload
	expect_ge "free pages of node 1 after rmmod" "$(free_or_listed 1 Normal)" 40000
	gfp_load
}

# Somebody else's shortage: what the state holds goes, and no task is killed.
given_to_oom()
{
	keep squeeze=1:Normal:1000p
	held=$(($(environment account.blocks_kb)))
	hungry_for $(($(meminfo MemAvailable) + held / 2))
	expect_eq "whoever was hungry: exit status, tasks killed" "$HUNGRY $KILLS" "0 0"
	expect_eq "state.kept" "$(summary state.kept)" 0
	# The state is gone, so that there can be another one.
	call
	expect_eq "state.kept" "$(summary state.kept)" 1
}

for report in 2.6.32 2.6.32-xen 3.10 4.9 4.13 5.8; do
	test_case "state-lists as a report of $report has them" exactly $report
done
test_case "state-lists undone, all of it is back" undone
test_case "state-lists no block at all" none_left
test_case "state-lists what the kernel has no pageblock for is told" inexact
test_case "state-several zones and states at once" zones_at_once
test_case "state-kept other jobs ask, explain and hold in it" others_in_it
test_case "state-kept one at a time for a job" once
test_case "state-kept not after stop, remove and rmmod" ended
test_case "state-kept not when memory runs out" given_to_oom

run_cases
