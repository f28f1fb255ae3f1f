#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: the module's trace events as tracefs shows them, against the records
# requires: tracefs nodes>=2 cpus>=2
# vm: runs
# timeout: 120
export MODULE_PARAMS="unsafe=1"
. "$(dirname "$0")/lib/lib.sh"

TRACING=/sys/kernel/tracing
EVENTS=$TRACING/events/gfplab

# EVENT...: on for the rest of the case, with an empty buffer that has room
trace_on()
{
	trap trace_off EXIT
	undo "trace_off || :"
	echo nop > $TRACING/current_tracer
	trace_buffer 8192
	: > $TRACING/trace
	for _event; do
		echo 1 > "$EVENTS/$_event/enable"
	done
	echo 1 > $TRACING/tracing_on
}

trace_off()
{
	for _event in gfplab_request gfplab_run; do
		[ ! -e "$EVENTS/$_event" ] || { echo 0 > "$EVENTS/$_event/enable"; echo 0 > "$EVENTS/$_event/filter"; }
	done 2> /dev/null || :
}

# EVENT: its lines in $GFP_TMP/EVENT, as `cpu=N KEY=VALUE...`
collect()
{
	sed -n "s/.*\[0*\([0-9][0-9]*\)\].* $1: /cpu=\1 /p" $TRACING/trace > "$GFP_TMP/$1"
}

events() { collect gfplab_request; wc -l < "$GFP_TMP/gfplab_request"; }

# Each event has its record, each record its event, and they say the same.
expect_same_as_records()
{
	collect gfplab_request
	awk '
		function read(   i, at) {
			split("", field)
			for (i = 1; i <= NF; i++) {
				at = index($i, "=")
				field[substr($i, 1, at - 1)] = substr($i, at + 1)
			}
		}
		function same(key, got, want) {
			if (got != want)
				print of ": " key "=" got " in the event, " want " in the record"
		}
		BEGIN {
			number["DMA"] = 0; number["DMA32"] = 1; number["Normal"] = 2
			number["Movable"] = 3; number["none"] = 255
			keys = split("cpu entry order nid result stage source reserve kswapd attempts " \
				"latency_ns reclaim_ns compact_ns", key, " ")
		}
		NR == FNR {
			read()
			of = "run=" field["run"] " seq=" field["seq"]
			records++
			for (k in field)
				record[of, k] = field[k]
			known[of] = 1
			next
		}
		{
			read()
			of = "run=" field["run"] " seq=" field["seq"]
			events++
			if (!(of in known)) {
				print of ": an event without a record"
				next
			}
			if (told[of]++)
				print of ": more than one event"
			for (i = 1; i <= keys; i++)
				same(key[i], field[key[i]], record[of, key[i]])
			same("gfp_flags", field["gfp_flags"], record[of, "gfp"])
			same("page_nid", field["page_nid"],
			     record[of, "page_nid"] == "none" ? -1 : record[of, "page_nid"])
			same("zone", field["zone"], number[record[of, "zone"]])
			n = split(record[of, "alloc_flags"], flags, ",")
			same("alloc_flags", field["alloc_flags"], flags[n] == "none" ? "0x0" : flags[n])
			same("bad", field["bad"], record[of, "bad"] == "none" ? "0x0" : record[of, "bad"])
			same("observe", field["observe"], "full")
		}
		END {
			if (records != events || !records)
				print records + 0 " records, " events + 0 " events"
		}' "$JOB/records" "$GFP_TMP/gfplab_request" > "$GFP_TMP/wrong"
	[ ! -s "$GFP_TMP/wrong" ] || fail "events and records differ:" "$(head -n 5 "$GFP_TMP/wrong")"
}

# OPTION=VALUE...: of a call
compare()
{
	set_opts "$@"
	trace_on gfplab_request
	call
	expect_eq "events, requests" "$(events)" "$(summary requests)"
	expect_same_as_records
}

compare_workers()
{
	set_opts count=600 order=0-4 hold=20
	trace_on gfplab_request
	start
	wait_idle
	expect_eq events "$(events)" 600
	expect_same_as_records
}

# Which of these come is for other tests to say; here all but the first kind must be there.
compare_slow()
{
	require_kprobes
	compare entry=alloc_pages_node nid=1 squeeze=1:Normal:70 count=4 \
		"gfp=GFP_NOWAIT|__GFP_THISNODE|__GFP_NOWARN"
	expect_all_records stage=slow result=failed
	compare "gfp=GFP_ATOMIC|__GFP_THISNODE|__GFP_NOWARN"
	expect_all_records stage=slow result=ok
}

test_case "T-request an event a request, with what its record says" \
	compare count=60 order=0-10 hold=5
test_case "T-gfp gfp_flags is the text that gfp reads as" \
	compare count=3 "gfp=GFP_HIGHUSER_MOVABLE|__GFP_ZERO|__GFP_NOWARN"
test_case "T-gfp-none even with no flag at all" compare count=3 gfp=none
test_case "T-rejected rejected requests have their event" \
	compare count=20 order=0,11 "gfp=GFP_KERNEL|__GFP_NOWARN"
test_case "T-nodes an entry with nid and nodes" \
	compare count=20 entry=alloc_pages_nodemask nid=1 nodes=1
test_case "T-slow slow and failed requests have theirs" compare_slow
test_case "T-workers the events of workers tell their CPUs" compare_workers

# ---- off, and levels below full

off()
{
	trace_on gfplab_run
	set_opts count=50
	call
	expect_eq "events, requests" "$(events) $(summary requests)" "0 50"
}

off_again()
{
	trace_on gfplab_request
	call
	expect_eq events "$(events)" 1
	echo 0 > $EVENTS/gfplab_request/enable
	call
	expect_eq "events after it was turned off" "$(events)" 1
}

# LEVEL STAGE SOURCE: there are events though there are no records, and they know what the level knows
level()
{
	[ "$2" = unknown ] || require_kprobes
	set_opts count=40 order=4 observe="$1"
	trace_on gfplab_request
	call
	expect_eq "events, records" "$(events) $(wc -l < "$JOB/records")" "40 0"
	expect_eq "events with stage=$2, source=$3, observe=$1" \
		"$(grep -c " order=4 nid=-1 result=ok stage=$2 source=$3 .*observe=$1 " "$GFP_TMP/gfplab_request" || :)" 40
	expect_eq "sequence numbers" \
		"$(sed 's/.* seq=\([0-9]*\) .*/\1/' "$GFP_TMP/gfplab_request" | sort -n | uniq | wc -l)" 40
	latency=$(sed 's/.*latency_ns=\([0-9]*\) .*/\1/' "$GFP_TMP/gfplab_request" | sort -n | head -n 1)
	case $1 in
	time) expect_ge "least latency_ns" "$latency" "$(least_ns)" ;;
	*) expect_eq "least latency_ns" "$latency" 0 ;;
	esac
}

# In the middle of a run, as a user would
during()
{
	set_opts "$ENDLESS" interval_us=1000
	start
	trace_on gfplab_request
	before=$(status "done")
	wait_at_work $((before + 5))
	trace_off
	seen=$(events)
	expect_ge "events of six requests, one of which may have been under way" "$seen" 5
	before=$(status "done")
	wait_at_work $((before + 5))
	expect_eq "events after it was turned off" "$(events)" "$seen"
	stop
	expect_eq "events after the end" "$(events)" "$seen"
}

# What changes the kernel's code, as events and tracers do, waits until each task has come by a place
# where it might sleep. Red if workers that never pause do not: all others then wait for the run's end.
unhindered()
{
	tracer=$TRACING/instances/unhindered
	trap 'trace_off; rmdir $tracer 2> /dev/null || :' EXIT
	set_opts "$ENDLESS"
	start
	# Without CONFIG_DYNAMIC_FTRACE a tracer changes no code; an event does all the same.
	if [ -e $TRACING/set_ftrace_filter ] && grep -qw function $TRACING/available_tracers; then
		mkdir $tracer
		echo vfs_read > $tracer/set_ftrace_filter
		echo function > $tracer/current_tracer
		echo nop > $tracer/current_tracer
		expect_eq "state after a tracer came and went" "$(status state)" running
	fi
	for _ in 1 2; do
		echo 1 > $EVENTS/gfplab_run/enable
		sleep 0.1
		echo 0 > $EVENTS/gfplab_run/enable
	done
	expect_eq "state after an event came and went" "$(status state)" running
	stop
}

filter()
{
	set_opts count=100 order=1-3
	trace_on gfplab_request
	echo 'order == 3' > $EVENTS/gfplab_request/filter
	call
	expect_eq "events that the filter let through" "$(events)" "$(count_where order=3)"
	expect_eq "of another order" "$(grep -cv ' order=3 ' "$GFP_TMP/gfplab_request" || :)" 0
}

test_case "T-off off, there are none" off
test_case "T-off-again turned on and off again, there are no more" off_again
test_case "T-path at observe=path events tell stage and source" level path fast buddy
test_case "T-none at observe=none they are there and know nothing" level none unknown unknown
test_case "T-time at observe=time they have latencies" level time fast buddy
test_case "T-during events can be turned on and off in the middle of a run" during
test_case "T-unhindered a run that never pauses holds up no change of tracers and events" unhindered
test_case "T-filter tracefs' filters work on their fields" filter

# ---- runs

# WANT: the run events since, without CPU
expect_runs()
{
	collect gfplab_run
	expect_eq "run events" "$(sed 's/^cpu=[0-9]* //' "$GFP_TMP/gfplab_run")" "$1"
}

run_call()
{
	set_opts count=17
	trace_on gfplab_run
	call
	n=$(status run)
	expect_runs "job=default run=$n begin requests=0 aborted=none
job=default run=$n end requests=17 aborted=none"
}

run_start()
{
	set_opts count=100
	trace_on gfplab_run
	start
	wait_idle
	n=$(status run)
	expect_runs "job=default run=$n begin requests=0 aborted=none
job=default run=$n end requests=100 aborted=none"
}

run_stop()
{
	job other
	set_opts "$ENDLESS" interval_us=1000
	trace_on gfplab_run gfplab_request
	start
	sleep 0.2
	stop
	expect_runs "job=other run=1 begin requests=0 aborted=none
job=other run=1 end requests=$(summary requests) aborted=stop"
	expect_eq "request events" "$(events)" "$(summary requests)"
	sed -n 's/.*: \(job=.*\|run=\).*/\1/p' $TRACING/trace | sed -n '1p;$p' > "$GFP_TMP/ends"
	expect_eq "the first and the last event" "$(grep -c '^job=other run=1 [be]' "$GFP_TMP/ends" || :)" 2
}

run_refused()
{
	set_opts order=11
	trace_on gfplab_run
	expect_errno EINVAL call control
	expect_runs ""
}

test_case "T-run-call a call begins and ends with an event" run_call
test_case "T-run-start so does a run of workers" run_start
test_case "T-run-stop the end tells why, and comes after every request" run_stop
test_case "T-run-refused what does not run has no event" run_refused

# ---- with the module

# WHY: rmmod is refused, and the module stays as it was
expect_held()
{
	! rmmod gfplab > "$GFP_TMP/said" 2>&1 || fail "rmmod succeeded although $1"
	expect_like "what rmmod said" "$(cat "$GFP_TMP/said")" "*[Uu]navailable*"
	[ -e $EVENTS/gfplab_request/enable ] || fail "the events are gone although $1"
}

# Red if the module goes while an event is on, and if it stays when none is any more.
unload_when_off()
{
	trace_on gfplab_request gfplab_run
	call
	expect_eq events "$(events)" 1
	expect_held "two events are on"
	echo 0 > $EVENTS/gfplab_request/enable
	expect_held "an event is on"
	echo 0 > $EVENTS/gfplab_run/enable
	gfp_unload
	[ ! -e $EVENTS ] || fail "the events are there without the module"
	cat $TRACING/trace > /dev/null
	gfp_load unsafe=1
	expect_eq "enable after a new load" "$(cat $EVENTS/gfplab_request/enable)" 0
	trace_on gfplab_request
	call
	expect_eq "events after a new load" "$(events)" 1
}

# TRIGGER: a kernel that loses a module while one hangs on its event leaves the probe registered, WARNs and
# leaks. Red if it can, whether the trigger comes first or the event is on before; in an instance as well.
trigger_holds()
{
	trap trace_off EXIT
	undo "trace_off || :"
	instance=$TRACING/instances/gfplab_trigger
	undo "rmdir $instance 2> /dev/null || :"
	mkdir $instance
	for at in $TRACING $instance; do
		event=$at/events/gfplab/gfplab_request
		echo "$1" 2> /dev/null > $event/trigger || skip "this kernel has no trigger $1"
		undo "echo !$1 2> /dev/null > $event/trigger || :"
		expect_held "a trigger hangs on its event"
		echo 1 > $event/enable
		call
		echo 0 > $event/enable
		expect_held "a trigger hangs on its event, which was on"
		echo "!$1" > $event/trigger
		echo 1 > $event/enable
		echo "$1" > $event/trigger
		echo 0 > $event/enable
		expect_held "a trigger was added to its event, which is off again"
		echo "!$1" > $event/trigger
		gfp_unload
		gfp_load unsafe=1
	done
	rmdir $instance
}

test_case "T-unload rmmod is refused while an event is on, and goes when it is off" unload_when_off
for trigger in traceon stacktrace hist:keys=order; do
	test_case "T-unload a trigger on an event keeps the module: $trigger" trigger_holds $trigger
done

run_cases
