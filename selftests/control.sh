#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: how a run begins, how it ends, what it holds meanwhile, and who may disturb it
# requires: nodes>=2 cpus>=2
# vm: runs
# timeout: 240
export MODULE_PARAMS="unsafe=1"
. "$(dirname "$0")/lib/lib.sh"

caller=	# call_async sets it

# ---- status

status_values()
{
	pattern='^state=(idle|running|draining) run=[0-9]+ done=[0-9]+ total=[0-9]+ held_pages=[0-9]+ elapsed_ms=[0-9]+ aborted=(none|stop|timeout|budget|oom|signal) memory_kb=[0-9]+ inside=[0-9]+$'
	get status | grep -Eq "$pattern" || fail "before any run: $(get status)"
	set_opts "$ENDLESS" hold=5
	start
	get status | grep -Eq "$pattern" || fail "in a run: $(get status)"
	stop
	get status | grep -Eq "$pattern" || fail "after a run: $(get status)"
}

status_before()
{
	set_opts count=7
	expect_eq status "$(get status)" "state=idle run=0 done=0 total=7 held_pages=0 elapsed_ms=0 aborted=none memory_kb=0 inside=0"
}

test_case "C-status-form status has the same form before, in and after a run" status_values
test_case "C-status-before before any run, status tells of none" status_before

# ---- how many

count_workers()
{
	set_opts count=1001 hold=10
	start
	wait_idle
	expect_like status "$(get status)" "state=idle run=* done=1001 total=1001 held_pages=0 *aborted=none *"
	expect_eq "records of CPU 0 and CPU 1" "$(count_where cpu=0) $(count_where cpu=1)" "501 500"
}

count_one()
{
	set_opts count=1
	start
	wait_idle
	expect_eq "requests, records" "$(summary requests) $(count_where order=0)" "1 1"
}

count_cpus()
{
	set_opts count=100 cpus=1
	start
	wait_idle
	expect_eq "records of CPU 1" "$(count_where cpu=1)" 100
}

count_endless()
{
	set_opts "$ENDLESS" interval_us=1000
	start
	wait_running
	first=$(status "done")
	wait_at_work $((first + 1))
	expect_like status "$(get status)" "state=running * total=0 * aborted=none *"
	stop
	expect_like status "$(get status)" "state=idle * total=0 * aborted=stop *"
}

test_case "C-count count is shared out over the workers and is their sum" count_workers
test_case "C-count-1 one request is made by one worker" count_one
test_case "C-cpus cpus says where workers run" count_cpus
test_case "C-count-0 count=0 goes on until stop" count_endless

# ---- how long

# WORD OPTION ABORTED OTHER-OPTIONS...: a run that this option ends after 0.3 s
ends_by()
{
	word=$1 option=$2 aborted=$3
	shift 3
	set_opts "$ENDLESS" "$@" "$option=300"
	put control "$word"
	wait_idle 10
	expect_eq aborted "$(status aborted)" "$aborted"
	expect_ge "elapsed ms" "$(status elapsed_ms)" 300
	expect_le "elapsed ms" "$(status elapsed_ms)" 2500
	expect_ge requests "$(summary requests)" 1
	expect_eq "pages held" "$(status held_pages)" 0
}

# US: between any two requests there is at least that much time
interval()
{
	set_opts count=11 interval_us="$1"
	call
	expect_ge "elapsed ms" "$(status elapsed_ms)" $(($1 / 100))
	least=$(awk '{
			for (i = 1; i <= NF; i++)
				if ($i ~ /^ts_ns=/)
					ts = substr($i, 7)
			if (NR > 1 && (least == "" || ts - last < least))
				least = ts - last
			last = ts
		}
		END { print int(least / 1000) }' "$JOB/records")
	# A clock that is not exact can be a tick late.
	expect_ge "least us between two requests" "$least" $(($1 - $(exact_clock && echo 0 || echo 4000)))
}

test_case "C-duration-start duration_ms ends a run of workers, as meant" ends_by start duration_ms none hold=9
test_case "C-duration-call duration_ms ends a call" ends_by call duration_ms none hold=9
test_case "C-timeout-start timeout_ms aborts a run of workers" ends_by start timeout_ms timeout hold=9
test_case "C-timeout-call timeout_ms aborts a call" ends_by call timeout_ms timeout hold=9
test_case "C-duration-interval a long interval does not make a run outlast duration_ms" \
	ends_by start duration_ms none interval_us=8000000
test_case "C-timeout-interval a long interval does not make a call outlast timeout_ms" \
	ends_by call timeout_ms timeout interval_us=8000000
test_case "C-interval-short interval_us=2000 keeps requests 2 ms apart" interval 2000
test_case "C-interval-long interval_us=30000 keeps requests 30 ms apart" interval 30000

# ---- stop and signals

# WORD OTHER-OPTIONS...: a run in full swing, with blocks held, ends within 2 s of `stop`
stop_run()
{
	word=$1
	shift
	set_opts "$ENDLESS" "$@"
	case $word in
	call) call_async ;;
	*) start; wait_running ;;
	esac
	soon stop stop
	expect_like status "$(get status)" "state=idle * held_pages=0 * aborted=stop *"
	[ "$word" = start ] || caller_ends 0
	call_again
}

stop_search()
{
	case $(get help | grep -A 1 '^  contig_range ') in *absent:*) skip "no contig_range" ;; esac
	stop_run start entry=contig_range nid=0 hold=400 cpus=0
}

# After an end of whatever kind the job runs as ever.
call_again()
{
	set_opts count=5 interval_us=0 squeeze=none
	call
	expect_like "status of the next call" "$(get status)" "state=idle * done=5 total=5 held_pages=0 *aborted=none *"
}

# SIGNAL OTHER-OPTIONS...: the caller of a `call` gets it
signal_caller()
{
	signal=$1
	shift
	set_opts "$ENDLESS" "$@"
	put error "
"
	call_async
	sleep 0.1
	kill -"$signal" "$caller"
	soon "the caller to end" wait_caller
	expect_like status "$(get status)" "state=idle * held_pages=0 * aborted=signal *"
	expect_like error "$(get error | head -n 1)" "*EINTR*signal*"
	call_again
}
wait_caller() { wait "$caller" 2> /dev/null || :; }

# What is undone goes through per-CPU lists, which keep some, and other tasks take pages: so only the
# greater part is asked for here. That no block is missing is what unloading tells.
signal_squeezed()
{
	set_opts "$ENDLESS" entry=alloc_pages_node nid=1 squeeze=1:Normal:120 interval_us=1000
	call_async
	wait_at_work
	kill "$caller"
	wait_caller
	expect_eq aborted "$(status aborted)" signal
	before=$(summary squeeze.before)
	reached=$(summary squeeze.reached)
	expect_le "free pages in the squeeze" "$reached" $((before / 2))
	expect_ge "free pages of the zone afterwards" "$(summary squeeze.after)" $((before - (before - reached) / 4))
}

test_case "C-stop-start stop ends workers that hold blocks" stop_run start hold=100
test_case "C-stop-call stop ends a call, which succeeds" stop_run call hold=100
test_case "C-stop-interval stop does not wait for workers that pause for 6 s" stop_run start interval_us=6000000
test_case "C-stop-call-interval nor for a caller that pauses for 6 s" stop_run call interval_us=6000000
test_case "C-stop-search nor for a search through a node where no range is left" stop_search
test_case "C-signal-term SIGTERM to the caller ends its call and gives all back" signal_caller TERM hold=500 order=0-3
test_case "C-signal-kill so does SIGKILL" signal_caller KILL hold=500 order=0-3
test_case "C-signal-pause a signal ends a long pause" signal_caller TERM interval_us=6000000
test_case "C-signal-squeeze a signal undoes the squeeze" signal_squeezed

# ---- busy

# Everything that would disturb a run is refused while a call is under way.
busy_call()
{
	job busy
	set_opts "$ENDLESS" interval_us=1000
	call_async
	expect_refused EBUSY start control ''
	expect_refused EBUSY call control ''
	expect_refused EBUSY reset control ''
	expect_refused EBUSY order=1 set ''
	expect_refused EBUSY 1 options/order ''
	expect_refused EBUSY busy remove busy
	expect_eq state "$(status state)" running
	stop
	caller_ends 0
	expect_eq "requests, records" "$(summary requests)" "$(wc -l < "$JOB/records")"
	put remove busy
	JOB=$GFP/jobs/default
}

# Results can be read at any time.
read_while_running()
{
	set_opts "$ENDLESS" hold=20 order=0-3 ring=50 interval_us=20
	start
	wait_running
	for _ in 1 2 3; do
		for file in status summary histogram set control options/order; do
			expect_ne "$file in a run" "$(get $file)" ""
		done
		get records > "$GFP_TMP/records"
		expect_ge records "$(wc -l < "$GFP_TMP/records")" 50
		expect_eq "lines of records that are cut short" \
			"$(grep -Ecv '^run=[0-9]+ seq=.* bad=none( |$)' "$GFP_TMP/records" || :)" 0
	done
	stop
}

# Workers are faster than who reads their records. Red if that goes on until the run ends.
records_end()
{
	set_opts "$ENDLESS" order=0 ring=500
	start
	wait_running
	get records > "$GFP_TMP/records"
	expect_eq "state after all records were read" "$(status state)" running
	expect_le "records of two rings of 500" "$(wc -l < "$GFP_TMP/records")" 1000
	stop
}

test_case "C-busy-call whatever would disturb a call is EBUSY while it runs" busy_call
test_case "C-read every file can be read while workers run" read_while_running
test_case "C-read-end a reader of records comes to their end before the run does" records_end

# ---- draws

# SEED: the orders asked for, in their sequence
orders_of()
{
	set_opts seed="$1"
	call
	sed 's/.* order=\([0-9]*\) .*/\1/' "$JOB/records" | tr '\n' ' '
}

seed_sequence()
{
	set_opts order=0-4 count=60
	one=$(orders_of 1)
	two=$(orders_of 2)
	expect_ne "orders drawn with another seed" "$two" "$one"
	expect_eq "orders drawn with the same seed" "$(orders_of 1)" "$one"
	expect_eq "orders drawn with the same seed" "$(orders_of 2)" "$two"
	expect_eq "orders that were drawn" "$(echo "$one" | tr ' ' '\n' | sort -u | tr -d '\n')" 01234
}

# CPU
orders_on() { records_where "cpu=$1" | sed 's/.* order=\([0-9]*\) .*/\1/' | tr '\n' ' '; }

seed_workers()
{
	set_opts order=0,2,3 count=200 seed=42
	start
	wait_idle
	zero=$(orders_on 0) one=$(orders_on 1)
	expect_ne "orders of worker 1" "$one" "$zero"
	start
	wait_idle
	expect_eq "orders of worker 0 in the second run" "$(orders_on 0)" "$zero"
	expect_eq "orders of worker 1 in the second run" "$(orders_on 1)" "$one"
}

test_case "C-seed the same seed draws the same sequence of orders, another one does not" seed_sequence
test_case "C-seed-workers each worker has a sequence of its own, that seed repeats" seed_workers

# ---- hold and release

# Reads status while a run goes slowly, into $GFP_TMP/samples: lines `DONE HELD`, of moments
# between two requests only: what is read twice in a row. The end is not one of them, the
# blocks may be gone already.
sample_held()
{
	last='' state=running
	: > "$GFP_TMP/samples"
	while [ $state = running ]; do
		read -r state _ made _ held _ < "$JOB/status"
		state=${state#*=}
		[ "$state $made $held" != "$last" ] || [ $state != running ] || [ "$made" = done=10 ] ||
			echo "${made#*=} ${held#*=}" >> "$GFP_TMP/samples"
		last="$state $made $held"
		sleep 0.02
	done
	sort -u "$GFP_TMP/samples" > "$GFP_TMP/held"
}

# The pages of each request, a line each, in $GFP_TMP/pages
pages_asked()
{
	sed 's/.* order=\([0-9]*\) .*/\1/' "$JOB/records" |
		awk '{ n = 1; for (i = 0; i < $1; i++) n *= 2; print n }' > "$GFP_TMP/pages"
}

# POLICY HOLD: $GFP_TMP/wrong says which of $GFP_TMP/held disagree with the records
compare_held()
{
	pages_asked
	awk -v policy="${1%:*}" -v every="${1#*:}" -v hold="$2" '
		NR == FNR { pages[++n] = $1; next }
		{
			held = 0
			for (i = 1; i <= $1; i++)
				if (policy == "at_end" || policy == "keep" ||
				    (policy == "fifo" && i > $1 - hold) ||
				    (policy == "lifo" && (i < hold || i == $1)) ||
				    (policy == "every" && i > $1 - $1 % every))
					held += pages[i]
			if (held != $2)
				print "after " $1 " requests: held_pages=" $2 ", " policy " means " held
		}' "$GFP_TMP/pages" "$GFP_TMP/held" > "$GFP_TMP/wrong"
}

# RELEASE HOLD: 10 requests, so slow that there is time to look between them; slower still where the
# shell gets no time to look.
PAUSE_US=90000
[ -z "$WATCHED" ] || PAUSE_US=1000000
slow_run()
{
	for _slower in 1 3 9; do
		# What a first attempt kept would be held still.
		reset
		set_opts count=10 cpus=0 interval_us=$((PAUSE_US * _slower)) order=0-5 seed=3 \
			release="$1" hold="$2"
		start
		sample_held
		[ "$(wc -l < "$GFP_TMP/held")" -lt 4 ] || break
	done
	expect_ge "moments at which status was read" "$(wc -l < "$GFP_TMP/held")" 4
	expect_eq "requests done" "$(status "done")" 10
}

# RELEASE HOLD: what is held between two requests is what the policy says
release()
{
	slow_run "$1" "$2"
	compare_held "$1" "$2"
	expect_eq "held_pages that do not fit $1" "$(cat "$GFP_TMP/wrong")" ""
	[ "$1" = keep ] || expect_eq "pages held in the end" "$(status held_pages)" 0
}

release_at_once()
{
	slow_run at_once 0
	expect_eq "held_pages" "$(cut -d' ' -f2 "$GFP_TMP/held" | sort -u)" 0
}

# A busy machine sees a few moments of each run only, and not all of them tell the policies apart.
release_random()
{
	: > "$GFP_TMP/seen"
	for round in 1 2 3 4; do
		slow_run random 3
		expect_eq "held_pages that differ from those of the runs before" \
			"$(awk 'NR == FNR { held[$1] = $2; next }
				$1 in held && held[$1] != $2 { print $0 ", not " held[$1] }' \
				"$GFP_TMP/seen" "$GFP_TMP/held")" ""
		cat "$GFP_TMP/held" >> "$GFP_TMP/seen"
		cp "$GFP_TMP/seen" "$GFP_TMP/held"
		compare_held fifo 3
		fifo=$(cat "$GFP_TMP/wrong")
		compare_held lifo 3
		lifo=$(cat "$GFP_TMP/wrong")
		[ $round = 1 ] || [ -z "$fifo" ] || [ -z "$lifo" ] || break
	done
	expect_ne "held_pages that do not fit fifo" "$fifo" ""
	expect_ne "held_pages that do not fit lifo" "$lifo" ""
}

release_keep()
{
	release keep 0
	sum=$(awk '{ n += $1 } END { print n }' "$GFP_TMP/pages")
	expect_eq "pages held after the run" "$(status held_pages)" "$sum"
	set_opts count=4 order=2 interval_us=0
	call
	expect_eq "pages held after another run" "$(status held_pages)" $((sum + 16))
	set_opts release=fifo
	call
	expect_eq "pages held after a run that keeps none" "$(status held_pages)" $((sum + 16))
	reset
	expect_eq "pages held after reset" "$(status held_pages)" 0
}

keep_hold()
{
	set_opts count=20 hold=5 release=keep order=1
	call
	expect_eq "pages held of 20 blocks of order 1, with hold=5" "$(status held_pages)" 10
	set_opts cpus=all
	start
	wait_idle
	expect_eq "pages held after two workers kept 5 each" "$(status held_pages)" 30
}

test_case "C-hold-none without hold each block is freed before the next" release fifo 0
test_case "C-fifo fifo keeps the youngest blocks" release fifo 3
test_case "C-lifo lifo keeps the oldest blocks and the last one" release lifo 3
test_case "C-every every:4 frees all that is held after each 4 requests" release every:4 0
test_case "C-at-end at_end frees nothing before the end" release at_end 0
test_case "C-at-once at_once holds nothing" release_at_once
test_case "C-random random frees as seed says, neither the oldest nor the youngest" release_random
test_case "C-keep keep holds blocks over runs until reset" release_keep
test_case "C-keep-hold with keep, hold is how many a worker keeps" keep_hold

# ---- reset

reset_all()
{
	set_opts count=9 hold=2 release=keep
	call
	runs=$(status run)
	reset
	expect_eq status "$(get status)" "state=idle run=0 done=0 total=9 held_pages=0 elapsed_ms=0 aborted=none memory_kb=0 inside=0"
	expect_eq "requests, ok" "$(summary requests ok)" "0 0"
	expect_eq "lines of histogram and records" "$(get histogram | wc -l) $(wc -l < "$JOB/records")" "1 0"
	reset
	call
	expect_eq "run after reset" "$(status run)" $((runs + 1))
}

test_case "C-reset reset forgets the last run, and runs are numbered on" reset_all

# ---- several jobs

several_jobs()
{
	for n in 1 2 3; do
		job "job$n"
		set_opts count=600 order=$n hold=$((n * 10)) seed=$n
	done
	for n in 1 2 3; do
		job "job$n"
		start
	done
	for n in 1 2 3; do
		job "job$n"
		wait_idle
		expect_like "status of job$n" "$(get status)" \
			"state=idle run=1 done=600 total=600 held_pages=0 * aborted=none *"
		expect_eq "requests, ok" "$(summary requests ok)" "600 600"
		expect_eq "records of order $n" "$(count_where order=$n run=1 result=ok)" 600
	done
	JOB=$GFP/jobs/default
	expect_eq "requests of the job default" "$(summary requests)" 0
}

# A call in one job, workers in another: neither sees the other's requests.
call_beside_workers()
{
	job workers
	set_opts "$ENDLESS" order=9 hold=2 ring=200
	start
	JOB=$GFP/jobs/default
	set_opts count=500 order=0 hold=3
	call
	expect_eq "requests, records of order 0" "$(summary requests) $(count_where order=0)" "500 500"
	job workers
	expect_eq state "$(status state)" running
	stop
	expect_eq "records of another order" "$(count_where order!=9)" 0
	JOB=$GFP/jobs/default
}

test_case "C-jobs three jobs run at once and each has its own results" several_jobs
test_case "C-jobs-call a call runs beside another job's workers" call_beside_workers

run_cases
