#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: no run holds more than its budget, and the machine keeps its reserve
# requires: cpus>=2
# vm: runs
# timeout: 120
. "$(dirname "$0")/lib/lib.sh"

available_pages() { awk '$1 == "MemAvailable:" { print int($2 / 4) }' /proc/meminfo; }

# WORD ABORTED HELD OPTION=VALUE...: a run that keeps all it gets, and how it ends
ends()
{
	word=$1 aborted=$2 held=$3
	shift 3
	set_opts release=keep "$@"
	put control "$word"
	wait_idle
	expect_eq "aborted, pages held" "$(status aborted) $(status held_pages)" "$aborted $held"
}

# The same, and the requests are no more than what the budget has room for
full()
{
	requests=$1
	shift
	ends "$@"
	expect_eq "requests, ok" "$(summary requests ok)" "$requests $requests"
}

test_case "G-order0 a run that would hold more ends with aborted=budget" \
	full 100 call budget 100 count=1000 max_pages=100
test_case "G-order2 blocks count by their pages" \
	full 25 call budget 100 count=1000 max_pages=100 order=2
test_case "G-order3 a block that does not fit any more is not asked for" \
	full 12 call budget 96 count=1000 max_pages=100 order=3
test_case "G-exact a run that needs just its budget ends by itself" \
	full 100 call none 100 count=100 max_pages=100
test_case "G-one-more one request more, and it does not" \
	full 100 call budget 100 count=101 max_pages=100
test_case "G-worker-1 one worker has it all" \
	full 200 start budget 200 count=1000 max_pages=200 cpus=1

# ORDER: two workers have half each. The first to reach its half ends the run for both.
workers()
{
	set_opts release=keep count=1000 max_pages=200 order="$1" interval_us=100
	start
	wait_idle
	expect_eq aborted "$(status aborted)" budget
	half=$((100 >> $1))
	zero=$(count_where cpu=0) one=$(count_where cpu=1)
	expect_le "blocks of worker 0" "$zero" $half
	expect_le "blocks of worker 1" "$one" $half
	expect_eq "one of $zero and $one" $((zero == half || one == half)) 1
	expect_eq "pages held" "$(status held_pages)" $(((zero + one) << $1))
}

test_case "G-workers workers share the budget" workers 0
test_case "G-workers-order by blocks, not by pages" workers 3

# In the end everything goes back, whatever ended the run.
at_end()
{
	set_opts count=0 max_pages=500 release=at_end
	call
	expect_eq "aborted, pages held" "$(status aborted) $(status held_pages)" "budget 0"
	expect_eq requests "$(summary requests)" 500
}

# The block asked for counts before another is freed for it.
steady()
{
	set_opts count=1000 max_pages=101 hold=100
	call
	expect_eq "aborted, requests with room for one more" "$(status aborted) $(summary requests)" "none 1000"
	set_opts max_pages=100
	call
	expect_eq "aborted, requests without" "$(status aborted) $(summary requests)" "budget 100"
}

# Whenever one looks
never_more()
{
	set_opts count=0 timeout_ms=100000 max_pages=3000 order=0-5 release=at_end interval_us=300
	start
	most=0 looks=0 state=running
	while [ $state = running ]; do
		read -r state _ _ _ held _ < "$JOB/status"
		state=${state#*=} held=${held#*=} looks=$((looks + 1))
		[ "$held" -le 3000 ] || fail "$held pages held with max_pages=3000"
		[ "$held" -le $most ] || most=$held
	done
	wait_idle
	expect_ge "times that status was read" $looks 5
	expect_ge "most pages held" "$most" 500
	expect_eq aborted "$(status aborted)" budget
}

# A fragment keeps its block: freed in random order, 8 of them keep 2.7 times their own memory. Red if
# that is not reckoned with.
fragments()
{
	set_opts entry=page_frag order=6 release=random max_pages=3000 hold=1100 count=30000
	call
	expect_eq "aborted, fragments" "$(status aborted) $(summary ok)" "budget 1000"
	set_opts hold=990 count=0 timeout_ms=300000 cpus=0
	_before=$(unused_kb)
	start
	while [ "$(status "done")" -lt 30000 ] && [ "$(status state)" = running ]; do
		sleep 0.1
	done
	_taken=$(((_before - $(unused_kb)) / 4))
	stop
	expect_eq aborted "$(status aborted)" stop
	expect_ge "pages that 990 fragments keep" $_taken 1500
	expect_le "pages held with max_pages=3000" $_taken 3300
}

kept_counts()
{
	full 60 call none 60 count=60 max_pages=100
	full 40 call budget 100 count=60 max_pages=100
	expect_refused ENOMEM call control '' "*budget*"
	expect_refused ENOMEM start control '' "*budget*"
	expect_eq "pages held after the refusals" "$(status held_pages)" 100
	reset
	full 60 call none 60 count=60 max_pages=100
}

test_case "G-at-end what was held until the budget ended the run is given back" at_end
test_case "G-steady a steady hold needs room for one block more" steady
test_case "G-always held_pages never exceeds max_pages" never_more
test_case "G-fragments fragments that are freed at random keep no more than max_pages" fragments
test_case "G-kept blocks kept by earlier runs count, until reset" kept_counts

# ---- too small

# WORD OPTION=VALUE...
too_small()
{
	word=$1
	shift
	set_opts "$@"
	expect_refused ENOMEM "$word" control '' "*budget*"
	expect_like status "$(get status)" "state=idle * held_pages=0 *"
	expect_dmesg_silent
}

# Red if a run that is refused takes the records of the last one with it.
records_stay()
{
	set_opts count=5
	call
	too_small call order=4 max_pages=10
	expect_eq "records of the last run, requests, lost" \
		"$(wc -l < "$JOB/records") $(summary requests lost_records)" "5 5 0"
}

test_case "G-small a refusal leaves the last run's records" records_stay
test_case "G-small an order that exceeds the budget is ENOMEM" too_small call order=4 max_pages=10
test_case "G-small-one-of even one of several" too_small call order=0-4 max_pages=10
test_case "G-small-share or a worker's share of it" too_small start order=4 max_pages=31 count=10
test_case "G-small-fits a share that fits is none" full 2 start none 32 order=4 max_pages=32 count=2

# ---- the default

default_limit()
{
	limit=$(environment limit.max_pages)
	available=$(available_pages)
	reserve=$(environment limit.reserve_pages)
	expect_ge "limit.max_pages" "$limit" $((available / 4 - available / 50))
	expect_le "limit.max_pages" "$limit" $((available / 4 + available / 50))
	expect_ge "limit.reserve_pages" "$reserve" 32768
	set_opts count=0 order=5 release=keep observe=none timeout_ms=60000
	call
	expect_eq aborted "$(status aborted)" budget
	expect_ge "pages held" "$(status held_pages)" $((limit - limit / 20))
	expect_le "pages held" "$(status held_pages)" $((limit + limit / 20))
}

above_default()
{
	most=$(environment limit.max_pages)
	expect_refused EPERM $((most * 2)) options/max_pages $((most * 2)) "*unsafe=1*"
	expect_eq max_pages "$(opt max_pages)" 0
	set_opts max_pages=$((most / 2))
}

# Allowed when it was written, but the machine has less memory by now
above_default_later()
{
	set_opts max_pages=$(($(environment limit.max_pages) * 9 / 10)) count=10
	call
	trap 'rm -f /tmp/ballast' EXIT
	dd if=/dev/zero of=/tmp/ballast bs=1M count=150 2> /dev/null
	expect_refused EPERM call control '' "*max_pages*unsafe=1*"
	expect_refused EPERM start control '' "*max_pages*unsafe=1*"
	set_opts max_pages=0
	call
	rm /tmp/ballast
}

# Even when more is allowed, LTP's reserve is left: 128 MiB on a machine of this size.
reserve_left()
{
	gfp_unload
	gfp_load unsafe=1
	reserve=$(environment limit.reserve_pages)
	set_opts max_pages=1000000 count=0 order=4 release=keep observe=none timeout_ms=60000
	call
	expect_eq aborted "$(status aborted)" budget
	expect_ge "pages held" "$(status held_pages)" "$(environment limit.max_pages)"
	expect_ge "pages available at the end" "$(available_pages)" $((reserve - 4096))
	reset
}

# Jobs that hold little each, but are many. Red if a worker may take its first pages without a look.
many_jobs()
{
	reserve=$(environment limit.reserve_pages)
	trap 'rm -f /tmp/ballast' EXIT
	dd if=/dev/zero of=/tmp/ballast bs=1M count=60 2> /dev/null
	# Pauses that leave time for those who look, on a watched kernel too.
	pace='interval_us=2000 timeout_ms=300000'
	[ -z "$WATCHED" ] || pace='interval_us=40000 timeout_ms=300000 order=2'
	names=$(awk 'BEGIN { for (i = 1; i < 64; i++) print "job" i }')
	for name in $names; do
		job "$name"
		# shellcheck disable=SC2086 # a list of options
		set_opts count=0 hold=1000 observe=none ring=1 $pace
	done
	for name in $names; do
		echo start > "$GFP/jobs/$name/control"
	done
	_left=2400
	until grep -qs aborted=budget "$GFP"/jobs/job*/status; do
		_left=$((_left - 1))
		[ $_left -gt 0 ] || fail "no run came to the reserve: $(available_pages) pages are available"
		sleep 0.1
	done
	sleep 2
	expect_ge "pages available while 126 workers hold up to 1000 each" "$(available_pages)" $((reserve - 4096))
	for name in $names; do
		JOB=$GFP/jobs/$name
		stop
		put remove "$name"
	done
}

# What a run needs for its own records and blocks is no reason to kill anybody either.
own_memory()
{
	set_opts ring=1048576 count=1000
	for _ in 1 2; do
		said=$("$GFP_DIR/write1" "$JOB/control" start) || expect_eq "start with two rings of a million" "$said" ENOMEM
		wait_idle
		said=$("$GFP_DIR/write1" "$JOB/control" call) || expect_eq "call with such a ring" "$said" ENOMEM
	done
	expect_dmesg_silent
}

own_memory_unsafe()
{
	gfp_unload
	gfp_load unsafe=1
	for pages in 50000000 1000000000000; do
		dmesg_mark "max_pages=$pages"
		set_opts max_pages=$pages count=0 release=at_end timeout_ms=20000 order=6 observe=none
		said=$("$GFP_DIR/write1" "$JOB/control" call) || expect_eq "call with max_pages=$pages" "$said" ENOMEM
		expect_dmesg_silent
	done
}

test_case "G-default without max_pages the budget is a quarter of what is available" default_limit
test_case "G-unsafe more than the default is EPERM without unsafe=1" above_default
test_case "G-later so it is when memory has become scarce since it was written" above_default_later
test_case "G-reserve with unsafe=1 and no limit the machine's reserve is left" reserve_left
test_case "G-many many small runs leave the machine's reserve as well" many_jobs
test_case "G-own a ring too large for the machine is ENOMEM at most, and kills no task" own_memory
test_case "G-own-unsafe a budget too large for the machine makes no noise" own_memory_unsafe

run_cases
