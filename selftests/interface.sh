#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: the files that scripts rely on: modes, set, control, create, remove, error
# vm: numa
# timeout: 120
. "$(dirname "$0")/lib/lib.sh"

OPTIONS="entry gfp order pages range nid nodes count duration_ms cpus context scope hold release interval_us seed \
squeeze fragment lists cma_only observe ring check max_pages timeout_ms keep_probes rules verbose frees"

# ---- files

# MODE FILE...
modes()
{
	_mode=$1 _paths=
	shift
	for _file; do
		find_path "$_file"
		_paths="$_paths $PATH_OF"
	done
	# shellcheck disable=SC2086 # no blanks in them
	stat -c '%a %n' $_paths > "$GFP_TMP/modes"
	expect_eq "files whose mode is not $_mode" "$(grep -v "^$_mode " "$GFP_TMP/modes" || :)" ""
}

top_files()
{
	modes 600 create remove error
	modes 400 help environment
}

job_files()
{
	options=
	for option in $OPTIONS; do
		options="$options options/$option"
	done
	# shellcheck disable=SC2086 # a list of names
	modes 600 set control last $options
	modes 400 status summary histogram records records.bin
}

reads()
{
	for file in help environment set control status summary histogram; do
		expect_ne "what $file reads as" "$(get $file)" ""
	done
}

# With five levels of page tables they begin at ff00000000000000.
no_kernel_pointer()
{
	set_opts count=30 observe=explain
	call
	for file in help environment error set status summary histogram records last; do
		expect_eq "kernel pointers in $file" "$(get $file | grep -Ec '\bff[0-9a-f]{14}\b' || :)" 0
	done
	od -A n -v -t x8 "$JOB/records.bin" | tr -s ' ' '\n' | grep . > "$GFP_TMP/words"
	expect_eq "words of 64 bits in records.bin" "$(wc -l < "$GFP_TMP/words")" $(($(wc -c < "$JOB/records.bin") / 8))
	# A prediction may name the node -2.
	expect_eq "kernel pointers in records.bin" "$(grep '^ff' "$GFP_TMP/words" | grep -vc '^fffffffe' || :)" 0
}

binary_is_read_only()
{
	set_opts count=3
	call
	for text in x ''; do
		expect_errno EINVAL "$text" records.bin
	done
	expect_eq "records afterwards" "$(wc -l < "$JOB/records")" 3
}

test_case "I-top the module's files have their modes" top_files
test_case "I-job a job's files have their modes, and there is one for every option" job_files
test_case "I-read every file can be read" reads
test_case "I-pointer no file shows a kernel pointer" no_kernel_pointer
test_case "I-binary records.bin can't be written" binary_is_read_only

# ---- help

help_options()
{
	get help > "$GFP_TMP/help"
	for option in $OPTIONS; do
		grep -qw "^[[:space:]]*$option" "$GFP_TMP/help" || fail "help does not tell of the option $option"
	done
}

help_words()
{
	get help > "$GFP_TMP/help"
	for word in alloc_pages alloc_pages_node alloc_pages_nodemask get_free_pages \
		task fast slow compact reclaim oom rejected unknown pcp refill buddy capture \
		at_once fifo lifo random every at_end keep none path time full; do
		grep -qw "$word" "$GFP_TMP/help" || fail "help does not tell of the word $word"
	done
}

test_case "I-help-options help tells of every option" help_options
test_case "I-help-words help tells of every entry, context, stage, source, release and observe word" help_words

# ---- options and set

set_lists_options()
{
	options_now
	for option in $OPTIONS; do
		read -r value < "$JOB/options/$option"
		expect_like "set, which has $option" "$OPTIONS_NOW " "* $option=$value *"
	done
	expect_eq "number of options in set" "$(get set | wc -w)" "$(echo "$OPTIONS" | wc -w)"
}

set_round_trip()
{
	# All nodes and CPUs: a kernel without NUMA or SMP has one.
	set_opts order=0-3,9 "gfp=GFP_KERNEL|__GFP_ZERO" count=7 hold=5 release=every:3 \
		"nodes=$(cat /sys/devices/system/node/online 2> /dev/null || echo 0)" \
		seed=99 "cpus=$(cat /sys/devices/system/cpu/online)" observe=time
	saved=$(get set)
	put set "$(cat "$GFP_TMP/defaults")"
	expect_ne "set after the defaults were written back" "$(get set)" "$saved"
	put set "$saved"
	expect_eq "set after it was written back" "$(get set)" "$saved"
}

# What an option reads as can be written to it, and reads the same again.
option_round_trip()
{
	for option in $OPTIONS; do
		read -r value < "$JOB/options/$option"
		put "options/$option" "$value"
		read -r again < "$JOB/options/$option"
		expect_eq "options/$option after writing back what it read as" "$again" "$value"
	done
}

option_is_set()
{
	put options/order 3
	expect_eq "order in set" "$(get set | tr ' ' '\n' | grep ^order=)" order=3
	set_opts order=5
	expect_eq "options/order" "$(opt order)" 5
}

set_blanks()
{
	put set "  order=2	count=3
hold=1
"
	expect_eq "order count hold" "$(opt order) $(opt count) $(opt hold)" "2 3 1"
}

set_last_wins()
{
	set_opts order=1 order=2
	expect_eq order "$(opt order)" 2
}

set_unknown() { expect_refused EINVAL "count=2 colour=red" set colour "*option*"; }
set_no_value() { expect_refused EINVAL "count=2 order" set order; }
set_empty_value() { expect_refused EINVAL "order=" set ''; }
set_all_or_nothing() { expect_refused EINVAL "order=4 count=9 gfp=GFP_KERNELL hold=3" set GFP_KERNELL; }
set_too_long() { expect_errno E2BIG "gfp=$(printf '%5000s' x | tr ' ' x)" set; }

test_case "I-set-list set reads as every option with its value" set_lists_options
test_case "I-set-back what set reads as can be written back" set_round_trip
test_case "I-option-back what an option reads as can be written back" option_round_trip
test_case "I-option-set an option and set are two views of one value" option_is_set
test_case "I-set-blanks set takes blanks, tabs and newlines between options" set_blanks
test_case "I-set-last of an option given twice the last value counts" set_last_wins
test_case "I-set-unknown an unknown option is EINVAL, with a caret under it" set_unknown
test_case "I-set-word a word without = is EINVAL, with a caret under it" set_no_value
test_case "I-set-empty an empty value is EINVAL" set_empty_value
test_case "I-set-nothing one bad value, and set changes nothing" set_all_or_nothing
test_case "I-set-long a write longer than a page is E2BIG" set_too_long

# ---- control and status

control_words()
{
	for word in start call stop reset; do
		get control | grep -qw $word || fail "control does not list $word"
	done
}

control_unknown() { expect_refused EINVAL jump control jump; }

status_line()
{
	expect_eq "lines of status" "$(get status | wc -l)" 1
	expect_eq "keys of status" "$(get status | tr ' ' '\n' | sed 's/=.*//' | tr '\n' ' ')" \
		"state run done total held_pages elapsed_ms aborted memory_kb inside "
	expect_like status "$(get status)" "state=idle run=* done=* total=* held_pages=0 * aborted=* memory_kb=* inside=*"
}

call_counts()
{
	set_opts count=5
	call
	expect_like "status after call" "$(get status)" "state=idle * done=5 total=5 held_pages=0 *aborted=none *"
	expect_eq "requests, ok, failed, rejected" \
		"$(summary requests ok failed rejected)" "5 5 0 0"
	expect_eq "number of records" "$(wc -l < "$JOB/records")" 5
}

call_success_when_failing()
{
	set_opts order=11 "gfp=GFP_KERNEL|__GFP_NOWARN" count=3
	call
	expect_eq "requests, ok, rejected" "$(summary requests ok rejected)" "3 0 3"
}

start_runs()
{
	set_opts count=100
	start
	wait_idle
	expect_like status "$(get status)" "state=idle * done=100 total=100 held_pages=0 * aborted=none *"
	expect_eq requests "$(summary requests)" 100
	expect_eq "number of records" "$(wc -l < "$JOB/records")" 100
}

run_number_grows()
{
	call
	first=$(status run)
	call
	expect_eq "run after the second call" "$(status run)" $((first + 1))
	expect_all_records run=$((first + 1))
}

endless() { set_opts count=0 interval_us=1000; start; expect_eq state "$(status state)" running; }

stop_ends()
{
	endless
	stop
	wait_idle 2
	expect_eq aborted "$(status aborted)" stop
	expect_eq "records, requests" "$(wc -l < "$JOB/records")" "$(summary requests)"
}

# FILE TEXT: is refused while the job runs
busy()
{
	endless
	expect_refused EBUSY "$2" "$1" ''
	expect_eq "state after the refusal" "$(status state)" running
	stop
	wait_idle 2
}

reset_forgets()
{
	set_opts count=3 hold=3 release=keep
	call
	expect_eq "pages held" "$(status held_pages)" 3
	reset
	expect_eq "pages held after reset" "$(status held_pages)" 0
	expect_eq "records after reset" "$(wc -l < "$JOB/records")" 0
	expect_eq "count after reset: options stay" "$(opt count)" 3
}

stop_when_idle() { stop; expect_eq state "$(status state)" idle; }

test_case "I-control-words control lists its words" control_words
test_case "I-control-unknown an unknown control word is EINVAL, with a caret" control_unknown
test_case "I-status status is one line of known keys" status_line
test_case "I-call call has run when it returns" call_counts
test_case "I-call-rejected call succeeds when the requests ran, whatever came of them" call_success_when_failing
test_case "I-start start runs to the end by itself" start_runs
test_case "I-run each run has the next number, in status and in records" run_number_grows
test_case "I-stop stop ends an endless run within 2 s" stop_ends
test_case "I-stop-idle stop does nothing to a job that is idle" stop_when_idle
test_case "I-busy-start start while running is EBUSY" busy control start
test_case "I-busy-call call while running is EBUSY" busy control call
test_case "I-busy-reset reset while running is EBUSY" busy control reset
test_case "I-busy-set set while running is EBUSY" busy set order=1
test_case "I-busy-option an option while running is EBUSY" busy options/order 1
test_case "I-reset reset frees what is kept and forgets the results, not the options" reset_forgets

# ---- create and remove

job_names() { ls "$GFP"/jobs | tr '\n' ' '; }

create_and_remove()
{
	expect_eq jobs "$(job_names)" "default "
	put create second
	expect_eq jobs "$(job_names)" "default second "
	for file in set control status summary histogram records records.bin last options/order; do
		[ -e "$GFP/jobs/second/$file" ] || fail "the new job has no file $file"
	done
	put remove second
	expect_eq jobs "$(job_names)" "default "
}

create_apart()
{
	set_opts order=4
	job second
	set_opts order=1 count=2
	call
	JOB=$GFP/jobs/default
	expect_eq "order of the job default" "$(opt order)" 4
	expect_eq "requests of the job default" "$(summary requests)" 0
}

create_two_at_once()
{
	endless
	job second
	endless
	expect_eq "state of the job second" "$(status state)" running
	stop
	JOB=$GFP/jobs/default
	expect_eq "state of the job default" "$(status state)" running
	stop
}

# A thousand, `default` among them: each works, and is in the account.
create_many()
{
	_account=$(environment account.other_kb)
	_n=1
	while [ $_n -lt 1000 ]; do
		put create "many$_n"
		_n=$((_n + 1))
	done
	expect_eq jobs "$(get create | wc -l)" 1000
	expect_refused ENOSPC many1000 create ''
	expect_ge "KiB in the account for them" "$(environment account.other_kb)" $((_account + 9990))
	for _job in many1 many500 many999; do
		job $_job
		set_opts count=3
		call
		expect_eq "requests of $_job, ok" "$(summary requests ok)" "3 3"
	done
	while [ $_n -gt 1 ]; do
		_n=$((_n - 1))
		put remove "many$_n"
	done
	job default
	expect_eq jobs "$(job_names)" "default "
	expect_eq "KiB in the account without them" "$(environment account.other_kb)" "$_account"
}

# NAME [ERRNO]: cannot be a job's name
create_bad()
{
	expect_errno "${2:-EINVAL}" "$1" create
	expect_eq jobs "$(job_names)" "default "
}
create_blank() { expect_refused EINVAL "a b" create " b"; }
create_empty() { create_bad " "; }
create_twice() { expect_refused EEXIST default create default; }
remove_unknown() { expect_refused ENOENT nobody remove nobody; }
remove_default() { expect_refused EINVAL default remove default; }

remove_running()
{
	job second
	endless
	expect_refused EBUSY second remove second "*running*"
	expect_eq jobs "$(job_names)" "default second "
	stop
	put remove second
	JOB=$GFP/jobs/default
	expect_eq jobs "$(job_names)" "default "
}

remove_keeping()
{
	job second
	set_opts count=8 release=keep
	call
	expect_eq "pages held" "$(status held_pages)" 8
	put remove second
	JOB=$GFP/jobs/default
	expect_eq jobs "$(job_names)" "default "
}

test_case "I-create create makes a job with all its files, remove takes it away" create_and_remove
test_case "I-create-apart jobs do not share options or results" create_apart
test_case "I-create-two two jobs run at once and stop one by one" create_two_at_once
test_case "I-create-many there can be a thousand jobs, and each works" create_many
test_case "I-create-slash a slash in a job's name is EINVAL" create_bad ../x
test_case "I-create-dot a job cannot be called .." create_bad ..
test_case "I-create-blank a blank in a job's name is EINVAL" create_blank
test_case "I-create-empty an empty name is EINVAL" create_empty
test_case "I-create-long a job's name of 200 letters is E2BIG" create_bad "$(printf '%200s' x | tr ' ' x)" E2BIG
test_case "I-create-twice a name that is taken is EEXIST, with a caret" create_twice
test_case "I-remove-unknown removing a job that is not there is ENOENT" remove_unknown
test_case "I-remove-default the job default cannot be removed" remove_default
test_case "I-remove-running removing a job that runs is EBUSY" remove_running
test_case "I-remove-kept a job that keeps blocks gives them back when removed" remove_keeping

# ---- errors and rights

error_clears()
{
	expect_errno EINVAL colour=red set
	expect_ne "error after a refusal" "$(get error)" ""
	put error "
"
	expect_eq "error after an empty write" "$(get error)" ""
}

error_keeps_last()
{
	put error "
"
	expect_errno EINVAL first=1 set
	expect_errno EINVAL second=2 set
	expect_eq "refused texts in error" "$(get error | grep -Eo 'first=1|second=2' | tr '\n' ' ')" \
		"first=1 second=2 "
}

errors_log_nothing()
{
	for text in colour=red order=99 order=x gfp=GFP_NONSENSE nid=77 squeeze=77:Normal:50 \
		release=never observe=everything count=-1; do
		_said=$("$GFP_DIR/write1" "$JOB/set" $text) && fail "$text was taken"
	done
	expect_dmesg_silent
}

# FILE TEXT: refused without CAP_SYS_ADMIN, though the file's owner writes
without_capability()
{
	_said=$("$GFP_DIR/write1" -c "$(path "$1")" "$2") && fail "'$2' was taken by $1"
	expect_eq "writing to $1 without CAP_SYS_ADMIN" "$_said" EPERM
}

test_case "I-error-clear an empty write clears error" error_clears
test_case "I-error-last error keeps the last refusals in their order" error_keeps_last
test_case "I-error-quiet refusals leave nothing in the kernel's log" errors_log_nothing
test_case "I-cap-set set without CAP_SYS_ADMIN is EPERM" without_capability set order=1
test_case "I-cap-option an option without CAP_SYS_ADMIN is EPERM" without_capability options/order 1
test_case "I-cap-control control without CAP_SYS_ADMIN is EPERM" without_capability control call
test_case "I-cap-create create without CAP_SYS_ADMIN is EPERM" without_capability create second
test_case "I-cap-remove remove without CAP_SYS_ADMIN is EPERM" without_capability remove default

run_cases
