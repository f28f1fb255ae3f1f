#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: requests made in bursts are the same requests; how long blocks of them took
# requires: cpus>=2 kprobes
# vm: runs
# timeout: 240
export MODULE_PARAMS="unsafe=1"
. "$(dirname "$0")/lib/lib.sh"

PLAIN="check=none cpus=0 hold=0"
event=/sys/kernel/tracing/events/gfplab/gfplab_request/enable

# Pages that the kernel says it handed out, in all zones
handed_out()
{
	fold_counters
	awk '/^pgalloc_/ { n += $2 } END { print n }' /proc/vmstat
}

workers() { start; wait_idle; }

# ENTRY ORDER: the kernel's own counters see as many pages as the loop says it asked for. Red if the
# loop is shorter than it says, or asks for something else.
bare_asks()
{
	set_opts "entry=$1" "order=$2" observe=none count=20000 $PLAIN
	_before=$(handed_out)
	workers
	_pages=$(($(handed_out) - _before))
	expect_eq "requests, ok" "$(summary requests ok)" "20000 20000"
	# A watched kernel takes most of a minute for it, in which others ask as well.
	_slack=1000
	[ -z "$WATCHED" ] || _slack=$((5000 << $2))
	expect_near "pages that the kernel handed out" "$_pages" $((20000 << $2)) $_slack
}

bare_free()
{
	_before=$(memfree_kb)
	_count=200000
	[ -z "$WATCHED" ] || _count=20000
	set_opts entry=bare order=3 observe=none count=$_count $PLAIN
	workers
	# More may be free: per-cpu lists are drained now and then.
	expect_ge "free memory afterwards in KiB" "$(memfree_kb)" $((_before - 8192))
}

# What is more than the two calls is refused, and the combination said.
bare_alone()
{
	for _more in observe=path check=basic order=0,1 context=atomic scope=nofs "hold=3 release=lifo" \
		"release=at_end" "release=every:10" interval_us=10; do
		# shellcheck disable=SC2086 # two words
		set_opts entry=bare observe=none check=none order=0 context=task scope=none hold=0 \
			release=fifo interval_us=0 count=100 $_more
		expect_refused EINVAL start control '' "*bare*"
	done
	set_opts entry=bare:get_free_pages observe=none check=none
	expect_eq entry "$(opt entry)" bare:get_free_pages
	set_opts entry=bare:alloc_pages
	expect_eq entry "$(opt entry)" bare
	expect_refused EINVAL entry=bare:nothing set nothing "no such entry*"
	expect_refused EINVAL entry=barely set barely "no such entry*"
}

# LEVEL OPTION=VALUE...: runs in bursts, unchecked and checked at a glance, and one that can't be (it
# writes every byte), agree in every sum. The per-cpu list is not ours alone: one that somebody drained
# is refilled during whichever run that was, but hardly three times over.
same_sums()
{
	_level=$1
	shift
	set_opts "observe=$_level" count=1000 $PLAIN "$@"
	for _try in 1 2 3; do
		for _check in none basic full; do
			set_opts check=$_check
			workers
			grep -E '^(requests|ok|failed|rejected|stage|source|reserve|bad_blocks|lost_records)' \
				"$JOB/summary" > "$GFP_TMP/$_check"
		done
		_differs=
		for _check in none basic; do
			cmp -s "$GFP_TMP/$_check" "$GFP_TMP/full" || _differs=$_check
		done
		[ -n "$_differs" ] || break
	done
	[ -z "$_differs" ] || fail "sums of bursts and of single requests differ" \
		"check=$_differs, and single requests:" "$(diff "$GFP_TMP/$_differs" "$GFP_TMP/full")"
	expect_eq requests "$(summary requests)" 1000
}

plain() { same_sums "$1" order=0; expect_eq "requests that came" "$(summary ok)" 1000; }
from_buddy()
{
	same_sums "$1" order=4
	[ "$1" = none ] || expect_eq source.buddy "$(summary source.buddy)" 1000
}
rejected() { same_sums "$1" order=11 'gfp=GFP_KERNEL|__GFP_NOWARN'; expect_eq rejected "$(summary rejected)" 1000; }

# Every request has its record, in order, and its time is in the histogram.
recorded()
{
	set_opts observe=full order=0 count=1000 $PLAIN
	# As above: a list that somebody drained is refilled, but hardly three times over.
	for _try in 1 2 3; do
		workers
		[ "$(count_where source=pcp)" -lt 1000 ] || break
	done
	expect_all_records result=ok stage=fast source=pcp attempts=1 alloc_flags=0x801 order=0 \
		gfp_seen=GFP_KERNEL pages=1
	sed 's/.* seq=\([0-9]*\) .*/\1/' "$JOB/records" > "$GFP_TMP/seq"
	seq 0 999 | cmp -s - "$GFP_TMP/seq" || fail "sequence numbers are not 0..999"
	expect_eq "times in the histogram" "$(awk 'NR > 1 { n += $5 } END { print n }' "$JOB/histogram")" 1000
}

# LEVEL: the trace event tells of every request, bursts or not. Red if a burst goes past it.
burst_traced()
{
	set_opts "observe=$1" order=0 count=300 $PLAIN
	echo > /sys/kernel/tracing/trace
	undo "echo 0 > $event"
	echo 1 > $event
	workers
	echo 0 > $event
	expect_eq "events" "$(grep -c "gfplab_request: run=$(status run) " /sys/kernel/tracing/trace)" 300
}

# ---- blocks

blocks()
{
	set_opts observe=none order=0 count=$((256 * 40)) $PLAIN
	workers
	expect_eq "requests a block" "$(summary block.requests)" 256
	_count=$(summary block.count)
	expect_ge blocks "$_count" 30
	expect_eq "requests of these blocks" "$(summary window.requests)" $((_count * 256))
	expect_ge "the median, against the least" "$(summary block.median)" "$(summary block.min)"
	expect_ge "the most, against the median" "$(summary block.max)" "$(summary block.median)"
	expect_ge "the window, against all blocks" "$(($(summary window.ns) + 1000))" \
		$((_count * $(summary block.min)))
	# On a watched kernel even these take longer, and sometimes a worker has to share its CPU.
	[ -z "$WATCHED" ] || return 0
	for _try in 1 2 3 4 5 6 7 8 9 10; do
		case $(summary window.valid) in "no: shorter than 100 ms"*) return 0 ;; esac
		sleep 0.5
		workers
	done
	expect_like window.valid "$(summary window.valid)" "no: shorter than 100 ms*"
}

# However long the run: the same memory, longer blocks, and what they say does not change.
longer()
{
	set_opts observe=time order=0 count=10000 $PLAIN
	workers
	_memory=$(summary memory.worker)
	_count=1000000 _block=1024
	[ -z "$WATCHED" ] || _count=300000 _block=512
	set_opts count=$_count timeout_ms=600000
	start
	wait_idle 300
	expect_eq "bytes a worker" "$(summary memory.worker)" "$_memory"
	expect_eq "requests a block" "$(summary block.requests)" $_block
	_requests=$(summary window.requests)
	expect_ge "requests in the window" "$_requests" $((_count / 10 * 8))
	expect_le "requests in the window" "$_requests" $_count
}

# Two workers count only while both are at work. On a watched kernel or a busy host half a second may be over
# before the second has begun.
overlap()
{
	for _ms in 500 5000 20000; do
		set_opts observe=none order=0 $PLAIN cpus=0-1 count=0 duration_ms=$_ms
		start
		wait_idle 60
		_ns=$(summary window.ns)
		[ "${_ns:-0}" -lt 100000000 ] || break
	done
	expect_ge "ns of the window" "$(summary window.ns)" 100000000
	_rate=$(($(summary window.requests) * 1000 / ($(summary window.ns) / 1000000)))
	# One is told by the blocks, one by the whole window, in which others ran as well.
	expect_ge "requests a second, of $_rate" "$(summary window.per_second)" $((_rate / 2))
	expect_le "requests a second, of $_rate" "$(summary window.per_second)" $((_rate * 3))
	set_opts count=0 duration_ms=0
	start
	sleep 1
	stop
	expect_eq window.valid "$(summary window.valid)" "no: aborted"
}

test_case "P-bare bare asks for as many pages as it says" bare_asks bare 0
test_case "P-bare-3 bare asks with its order" bare_asks bare 3
test_case "P-bare-entry bare:ENTRY asks through that entry" bare_asks bare:get_free_pages 1
test_case "P-bare-free bare gives back what it took" bare_free
test_case "P-bare-alone bare refuses what is more than the two calls" bare_alone
for level in none path time full explain; do
	test_case "P-plain-$level order 0 at $level: bursts add up as single requests do" plain $level
	test_case "P-buddy-$level order 4 at $level likewise" from_buddy $level
	test_case "P-rejected-$level an order over the maximum at $level likewise" rejected $level
	test_case "P-trace-$level the trace event tells of each request of a burst at $level" burst_traced $level
done
test_case "P-records a burst leaves a record and a time for each request" recorded
test_case "P-blocks blocks of requests are timed, and a short run is no measurement" blocks
test_case "P-longer a hundred times the requests take the same memory" longer
test_case "P-overlap workers count while all are at work; an aborted run is no measurement" overlap

run_cases
