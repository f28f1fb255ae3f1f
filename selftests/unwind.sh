#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: every allocation that loading, `create` and `start` make fails once, one after the other
# suite: full
# requires: cpus>=2
# vm: hostile
# timeout: 600
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"

FAULT=/sys/kernel/debug

# Every kind of allocation, whether it may sleep or not, is one that may fail.
inject()
{
	[ -e /proc/self/fail-nth ] || skip "the kernel has no fail-nth (CONFIG_FAULT_INJECTION)"
	for _which in failslab fail_page_alloc; do
		[ -d $FAULT/$_which ] || skip "the kernel has no $_which"
		for _kv in verbose=0 task-filter=N ignore-gfp-wait=N; do
			undo "echo $(cat "$FAULT/$_which/${_kv%%=*}") > $FAULT/$_which/${_kv%%=*}"
			echo "${_kv#*=}" > "$FAULT/$_which/${_kv%%=*}"
		done
	done
	echo 0 > $FAULT/fail_page_alloc/min-order
}

# WHAT...: sets HOW, an errno or `done`, REACHED, and COUNT, the allocations made. The N-th one fails.
failnth()
{
	_said=$("$GFP_DIR/failnth" "$N" "$@") || fail "failnth $N $*: $_said"
	HOW=${_said%% *} COUNT=${_said##* }
	REACHED=${_said#* } REACHED=${REACHED% *}
}

# WHAT...: COUNT, with none that fails
count_all()
{
	N=1000000
	failnth "$@"
}

# N: workers that there are, woken or not. One that was told to end is seen for a moment more.
expect_threads()
{
	_left=400
	while _threads=$(ps -o comm | grep -c '^gfplab/' || :); [ "$_threads" != "$1" ] && [ $_left -gt 0 ]; do
		_left=$((_left - 1))
		sleep 0.05
	done
	expect_eq "threads, after allocation $N failed" "$_threads" "$1"
}

# The files, and what is in those that say what there is
tree() { (cd "$GFP" && find . | sort); }

# One after the other from FIRST to LAST, or until there is no further allocation. GOOD says what must
# be true when it was done, BAD when it was not: every time.
each()
{
	_good=$1 _bad=$2
	shift 2
	N=$((${FIRST:-1} - 1)) refused=0 spared=0
	while [ $N -lt "${LAST:-2000}" ]; do
		N=$((N + 1))
		failnth "$@"
		[ "$REACHED" = reached ] || break
		case $HOW in
		ENOMEM) refused=$((refused + 1)); $_bad ;;
		done) spared=$((spared + 1)); $_good ;;
		*) fail "allocation $N of $*" "  expected: ENOMEM, or done without" "  actual:   $HOW" ;;
		esac
	done
	if [ -z "${LAST:-}" ]; then
		[ "$REACHED" = not ] || fail "$*: $N allocations and no end"
		[ "$HOW" = "done" ] || fail "$*, nothing injected: $HOW"
		$_good
	fi
	note "$((refused + spared)) allocations: $refused refused, $spared done without"
	expect_ge "allocations that failed" $((refused + spared)) "$LEAST"
}

# ---- loading

loaded_well()
{
	expect_eq "files, after allocation $N failed" "$(tree)" "$(cat "$GFP_TMP/tree")"
	wait_idle
	call
	expect_eq "requests" "$(summary requests)" "$(opt count)"
	rmmod gfplab
}

not_loaded()
{
	# The first of our files tells where probes had been looked for; others have their lines beside it.
	if [ ! -e "$GFP_TMP/files_at" ] && dmesg_since | grep -q 'debugfs:'; then
		echo "$N" > "$GFP_TMP/files_at"
	fi
	expect_eq "the module, after allocation $N failed" "$(loaded && echo loaded || echo gone)" gone
	expect_eq "its files" "$([ ! -d "$GFP" ] || echo there)" ""
}

# What the kernel allocates for a module before it reads its parameters is not ours: FIRST comes after
# that, a parameter that is refused tells where. Finding the probes takes seconds on a kernel that
# checks itself, so it's left out where it is not what is asked about.
before_loading()
{
	inject
	tree > "$GFP_TMP/tree"
	gfp_unload
	FILE=$(ko)
	count_all load "$FILE" 'unsafe=?'
	expect_eq "loading with a wrong parameter" "$HOW" EINVAL
	FIRST=$((COUNT + 1))
	count_all load "$FILE" "$QUICK"
	expect_eq "loading" "$HOW" "done"
	ALL=$COUNT
	rmmod gfplab
}
QUICK='unsafe=1 observe_kprobes=0'

loading()
{
	before_loading
	LEAST=20
	each loaded_well not_loaded load "$FILE" "$QUICK"
	gfp_load unsafe=1
}

# Probes are found right before the first file is made.
loading_probes()
{
	before_loading
	[ -s "$GFP_TMP/files_at" ] || fail "F-nth-load did not tell where it makes its files"
	count_all load "$FILE" unsafe=1
	rmmod gfplab
	FIRST=$(($(cat "$GFP_TMP/files_at") - 2))
	LAST=$((FIRST + COUNT - ALL + 3)) LEAST=$((COUNT - ALL))
	each loaded_well not_loaded load "$FILE" unsafe=1
	gfp_load unsafe=1
}

# A run that starts at once starts last. Two workers: the second one's failure finds a first one.
loading_run()
{
	before_loading
	FIRST=$((ALL - 10)) LEAST=25
	each loaded_well not_loaded load "$FILE" "$QUICK run=1 observe=explain cpus=0-1 count=2 ring=100"
	expect_threads 0
	gfp_load unsafe=1
}

# ---- create

created()
{
	expect_eq "files, after allocation $N failed" "$(tree)" "$(cat "$GFP_TMP/tree")"
	put remove made
}

not_created()
{
	expect_eq "the job, after allocation $N failed" "$([ ! -e "$GFP/jobs/made" ] || echo there)" ""
	put create made
	created
}

creating()
{
	inject
	put create made
	tree > "$GFP_TMP/tree"
	put remove made
	LEAST=10
	each created not_created write "$GFP/create" made
}

# ---- start and call

OPTIONS='observe=explain ring=100 hold=20 release=random order=0-3 count=40 check=full'

ran()
{
	wait_idle
	expect_eq "requests, bad blocks, pages held, after allocation $N failed" \
		"$(summary requests bad_blocks) $(status held_pages)" "40 0 0"
	expect_eq "records" "$(wc -l < "$JOB/records")" 40
	# Results that are there would make room, and the second try would hide the failure.
	put control reset
}

# Nothing ran, nothing is left, and the job runs when it is asked again.
not_run()
{
	expect_eq "state, after allocation $N failed" "$(status state) $(status held_pages)" "idle 0"
	expect_threads $OTHERS
	# The first one is for the text that was written: without it there's nothing to tell of.
	[ "$N" -eq 1 ] || expect_like "error, after allocation $N failed" "$(get error)" "*-12 (-ENOMEM)*"
	get error >> "$GFP_TMP/reasons"
	echo > "$GFP/error"
	put control "$WORD"
	ran
}

# What was refused, by the reasons told
count_reasons()
{
	memory=$(grep -c "no memory for the run" "$GFP_TMP/reasons" || :)
	first=$(grep -c "no kthread for CPU 0" "$GFP_TMP/reasons" || :)
	second=$(grep -c "no kthread for CPU 1" "$GFP_TMP/reasons" || :)
}

# CPUS. Probes are attached last, and not again while another job needs them, which saves seconds each time.
starting()
{
	inject
	WORD=start
	: > "$GFP_TMP/reasons"
	echo > "$GFP/error"
	set_opts "$OPTIONS cpus=$1"
	job keeper
	set_opts observe=explain count=0 cpus=0 interval_us=60000000 ring=1
	start
	JOB=$GFP/jobs/default
	count_all write "$JOB/control" $WORD
	ran
	LEAST=5 OTHERS=1
	each ran not_run write "$JOB/control" $WORD
	count_reasons
	note "refused for want of memory $memory, of the first thread $first, of the second $second"
}

starting_one()
{
	starting 0
	FIRST=$((COUNT - 3)) OTHERS=0
	JOB=$GFP/jobs/keeper
	stop
	wait_idle
	JOB=$GFP/jobs/default
	each ran not_run write "$JOB/control" $WORD
}

# What fails for the second worker finds a first one, with all its memory, at last with a thread that
# was never woken. That one comes last, and a kernel that watches its memory allocates now more, now
# less before it, so that it may be missed.
starting_two()
{
	starting 0-1
	LEAST=1 tries=5
	while [ "$second" -eq 0 ] && [ $tries -gt 0 ]; do
		tries=$((tries - 1)) FIRST=$((COUNT - 6))
		each ran not_run write "$JOB/control" $WORD
		count_reasons
	done
	expect_ge "refusals for want of memory, three of them for one worker" "$memory" 4
	expect_ge "refusals for want of the second thread" "$second" 1
}

test_case "F-nth-load every allocation of loading fails: gone without a trace, and with ENOMEM" loading
test_case "F-nth-load-probes so it is when probes are looked for" loading_probes
test_case "F-nth-load-run so it is when a run of two workers starts at once" loading_run
test_case "F-nth-create every allocation of create fails: no job, ENOMEM, and the next one works" creating
test_case "F-nth-start every allocation of start fails: nothing runs, ENOMEM, and the next start works" starting_one
test_case "F-nth-start-two so it is with two workers, one of whom is there already" starting_two

run_cases
