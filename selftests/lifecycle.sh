#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: load and unload at any moment: prompt, refused where it must be, nothing left behind
# requires: cpus>=2 kprobes
# vm: runs
# timeout: 240
. "$(dirname "$0")/lib/lib.sh"

KPROBES=/sys/kernel/debug/kprobes/list

# As gfp_unload, and soon
unload_soon() { soon rmmod gfp_unload; }

# NUMBER: a run of some kind, under way
round()
{
	set_opts count=0 timeout_ms=60000 hold=300 order=0-3 ring=500 interval_us=100
	case $(($1 % 5)) in
	1) set_opts release=at_end order=0 max_pages=8000 interval_us=1000 ;;
	2) set_opts check=full release=random hold=50 ;;
	3) set_opts interval_us=6000000 hold=2 ;;
	4) set_opts observe=none release=keep hold=1000 order=0 interval_us=0 ;;
	esac
	start
	if [ $(($1 % 4)) -eq 0 ]; then
		job second
		set_opts count=0 timeout_ms=60000 hold=20 order=9 cpus=1
		start
		JOB=$GFP/jobs/default
	fi
	wait_at_work
	has_status running || fail "the run is over: $(cat "$JOB/status")"
}

# FROM TO: loads, runs, unloads in the middle
rounds()
{
	_round=$1
	while [ "$_round" -le "$2" ]; do
		loaded || gfp_load
		round "$_round"
		unload_soon
		expect_ge "blocks taken in round $_round" "$TAKEN" 1
		expect_nothing_left
		_round=$((_round + 1))
	done
}

# The first rounds, which fill caches of the kernel's own, are not measured.
ten_times()
{
	rounds 1 3
	before=$(unused_kb)
	rounds 1 10
	after=$(unused_kb)
	expect_ge "KiB of free memory after 10 rounds" "$after" $((before - 1023))
}

load_unload()
{
	for _ in 1 2 3 4 5; do
		unload_soon
		expect_eq "blocks taken" "$TAKEN" 0
		expect_nothing_left
		gfp_load
	done
	call
	expect_eq "requests, ok" "$(summary requests ok)" "1 1"
}

load_twice()
{
	call
	said=$(insmod "$(ko)" 2>&1) && fail "the module was loaded a second time"
	expect_like "what insmod says" "$said" "*File exists*"
	expect_eq "requests" "$(summary requests)" 1
	call
}

kept_blocks()
{
	before=$(unused_kb)
	set_opts count=1000 order=0-3 release=keep
	call
	held=$(status held_pages)
	expect_ge "pages held" "$held" 1000
	expect_le "KiB of free memory while they are held" "$(unused_kb)" $((before - held * 4 + 1024))
	unload_soon
	expect_eq "blocks taken" "$TAKEN" 1000
	expect_ge "KiB of free memory afterwards" "$(unused_kb)" $((before - 1023))
}

test_case "L-load loading and unloading five times leaves nothing" load_unload
test_case "L-twice a second insmod is refused and harmless" load_twice
test_case "L-run rmmod in the middle of a run, ten times: prompt, every block back, no memory lost" ten_times
test_case "L-kept rmmod gives back what release=keep holds" kept_blocks

# ---- when it must not go

# WHY: rmmod is refused, and the module goes on
expect_stays()
{
	said=$(rmmod gfplab 2>&1) && fail "rmmod succeeded though $1"
	expect_like "what rmmod says though $1" "$said" "*temporarily unavailable*"
	loaded || fail "the module is gone though $1"
	get status > /dev/null
}

during_call()
{
	set_opts "$ENDLESS" hold=100 interval_us=1000
	"$GFP_DIR/write1" "$JOB/control" call > "$GFP_TMP/called" 2>&1 &
	caller=$!
	wait_running
	expect_stays "a call is in progress"
	first=$(status "done")
	wait_at_work "$first"
	stop
	wait "$caller" || fail "the caller got $(cat "$GFP_TMP/called")"
	unload_soon
	expect_nothing_left
}

# FILE: held open for reading, as a pager does
file_open()
{
	expect_errno EINVAL colour=red set
	exec 3< "$(path "$1")"
	expect_stays "$1 is open"
	[ -n "$(cat <&3)" ] || fail "$1 can't be read after rmmod was refused"
	exec 3<&-
	unload_soon
	expect_nothing_left
}

records_open()
{
	set_opts count=3000
	call
	exec 3< "$JOB/records"
	read -r line <&3
	expect_like "the first record" "$line" "run=*"
	reset
	expect_stays "records is open"
	expect_ge "records that a reader has before reset" "$(wc -l <&3)" 2900
	exec 3<&-
	unload_soon
}

binary_open()
{
	set_opts count=3000
	call
	exec 3< "$JOB/records.bin"
	read -r line <&3
	binary_head "$line"
	expect_eq records "$RECORDS" 3000
	reset
	expect_stays "records.bin is open"
	expect_eq "bytes that a reader has before reset" $((${#line} + 1 + $(wc -c <&3))) \
		$((HEADER_BYTES + RECORDS * RECORD_BYTES))
	exec 3<&-
	unload_soon
}

test_case "L-call rmmod is refused while a call is in progress, and the call goes on" during_call
for file in help environment error status summary set control options/order; do
	test_case "L-open-${file##*/} rmmod is refused while $file is open" file_open $file
done
test_case "L-open-records a reader keeps its records: past a reset, and rmmod is refused" records_open
test_case "L-open-records.bin so does a reader of records.bin" binary_open

# A module that is refused is freed at once, whoever has a file of it open. Red if anybody can have.
refused()
{
	gfp_unload
	: > "$GFP_TMP/opened"
	while :; do
		read -r line < $GFP/help && echo "$line" >> "$GFP_TMP/opened"
	done 2> /dev/null &
	intruder=$!
	for _ in 1 2 3; do
		! insmod "$(ko)" run=1 order=4 max_pages=1 2> /dev/null || fail "insmod was not refused"
	done
	kill $intruder
	wait $intruder || :
	expect_eq "files that could be opened meanwhile" "$(wc -l < "$GFP_TMP/opened")" 0
	expect_nothing_left
	gfp_load
}

# ---- probes

# They linger for a second (linger.sh).
wait_no_kprobes()
{
	_left=300
	while [ -n "$(cat $KPROBES)" ]; do
		_left=$((_left - 1))
		[ $_left -gt 0 ] || fail "kprobes are still there:" "$(cat $KPROBES)"
		sleep 0.1
	done
}

probes_gone()
{
	wait_no_kprobes
	set_opts "$ENDLESS" interval_us=1000
	start
	# A compiler may have made the first a part of another function. Of a hundred thousand names few are left
	# for the regular expression.
	expect_eq "kprobes in the run" "$(sed 's/.* \([a-z_]*\)[.+].*/\1/' $KPROBES | sort | tr '\n' ' ')" \
		"$(grep -F -e __alloc_pages_slowpath -e get_page_from_freelist -e gfplab_self_test -e node_dirty_ok \
			-e out_of_memory -e try_to_free_pages /proc/kallsyms |
			sed -En 's/.* [tT] (__alloc_pages_slowpath|get_page_from_freelist|gfplab_self_test|node_dirty_ok|out_of_memory|try_to_free_pages)([.[:space:]].*)?$/\1/p' |
			sort -u | tr '\n' ' ')"
	expect_like "kprobes in the run" "$(cat $KPROBES)" "*get_page_from_freelist*"
	stop
	wait_no_kprobes
	start
	unload_soon
	expect_nothing_left
}

users()
{
	expect_eq "users of the idle module" "$(cat /sys/module/gfplab/refcnt)" 0
	set_opts "$ENDLESS" interval_us=1000
	start
	expect_eq "users while workers run" "$(cat /sys/module/gfplab/refcnt)" 0
	stop
	expect_eq "users after the run" "$(cat /sys/module/gfplab/refcnt)" 0
}

test_case "L-refused while loading is about to be refused no file can be opened" refused
test_case "L-probes kprobes are there during a run, and gone soon after it or with the module" probes_gone
test_case "L-users files that are not open do not keep the module" users

run_cases
