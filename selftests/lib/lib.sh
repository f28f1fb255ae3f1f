# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# What a test script sources. It registers cases, then runs them:
#
#	#!/bin/sh
#	# SPDX-License-Identifier: GPL-2.0
#	# description: one line on what is held here
#	# requires: nodes>=2 kprobes		(optional: see require)
#	# vm: numa				(optional: a shape)
#	# timeout: 60				(optional: seconds, at most what `settings` says)
#	# kills: yes				(optional: the OOM killer may kill tasks)
#	# dangerous: takes memory offline	(optional: kselftest runs it on request only)
#	. "$(dirname "$0")/lib/lib.sh"
#
#	order0_from_pcp() {
#		set_opts order=0 count=2
#		call
#		expect_record -1 result=ok source=pcp
#	}
#	test_case "B1 second page comes from the per-cpu list" order0_from_pcp
#
#	run_cases
#
# A case runs in a subshell under `set -eu`, with the module loaded (with $MODULE_PARAMS) and the
# job `default` at its defaults, and leaves the same behind: see settle. Any command that fails
# fails the case; `skip "why"` skips it. ROW= selects by the first word of a case's name, or by further
# ids behind it; scripts/rows tells what each means.
#
# Environment: GFPLAB_ROW (names or globs), GFPLAB_REPEAT=N, GFPLAB_FAILFAST=1, GFPLAB_KO=path,
# GFPLAB_DANGEROUS=1.

set -eu

GFP=/sys/kernel/debug/gfplab
JOB=$GFP/jobs/default
GFP_DIR=$(cd "$(dirname "$0")" && pwd)
GFP_TMP=${GFPLAB_ORPHAN:-$(mktemp -d "${TMPDIR:-/tmp}/gfplab.XXXXXX")}
GFP_TMP=$(cd "$GFP_TMP" && pwd -P)	# as /proc shows it
MODULE_PARAMS=${MODULE_PARAMS:-}
trap 'if [ -n "${GFPLAB_ORPHAN:-}" ]; then orphan; else unguard; fi' EXIT

. "$GFP_DIR/lib/ktap"
. "$GFP_DIR/lib/expectations"
. "$GFP_DIR/lib/machine"
. "$GFP_DIR/lib/requirements"
. "$GFP_DIR/lib/guardian"

# ---- cases -------------------------------------------------------------------------------------

CASES=0

# NAME FUNCTION [ARGUMENT...]: registers a case. The arguments may hold no quotes.
test_case()
{
	CASES=$((CASES + 1))
	eval "CASE_NAME_$CASES=\$1"
	shift
	eval "CASE_CALL_$CASES=\$*"
}

# What the subshell of a case says goes to file descriptor 1 of the case, also from inside $( ).
note() { echo "$*" >&9; }

skip()
{
	echo "$*" > "$GFP_TMP/skip"
	exit "$KSFT_SKIP"
}

# MESSAGE...: a line each, then what the job looks like; ends the case.
fail()
{
	echo failed > "$GFP_TMP/failed"
	for _m; do
		note "$_m"
	done
	[ ! -s "$GFP_TMP/record" ] || note "record: $(cat "$GFP_TMP/record")"
	if [ -r "$JOB/set" ]; then
		note "job ${JOB##*/}: $(tr '\n' ' ' < "$JOB/set")"
		note "status: $(cat "$JOB/status")"
		note "$(grep "^account" "$GFP/environment" | tr '\n' ' ')"
	fi
	exit "$KSFT_FAIL"
}

# FUNCTION...: runs it as a case does: VERDICT is KSFT_PASS, _FAIL or _SKIP; what it said is in
# $GFP_TMP/said. Never call it, or what calls it, behind if, && or ||: that turns `set -e` off.
isolate()
{
	: > "$GFP_TMP/failed"
	: > "$GFP_TMP/skip"
	: > "$GFP_TMP/record"
	set +e
	(
		exec 9>&1
		set -eu
		"$@"
	) > "$GFP_TMP/said" 2>&1
	VERDICT=$?
	set -e
	if [ -s "$GFP_TMP/failed" ]; then
		VERDICT=$KSFT_FAIL
	elif [ $VERDICT -ne 0 ] && [ ! -s "$GFP_TMP/skip" ]; then
		echo "a command failed with status $VERDICT" >> "$GFP_TMP/said"
		VERDICT=$KSFT_FAIL
	fi
}

diagnose() { [ ! -s "$GFP_TMP/said" ] || sed 's/^/# /' "$GFP_TMP/said"; }

# FUNCTION...: once, with what must hold after every case
run_once()
{
	dmesg_mark "case: $CASE_NAME"
	isolate "$@"
	diagnose
	_once=$VERDICT
	[ $_once -ne $KSFT_SKIP ] || WHY=$(cat "$GFP_TMP/skip")
	isolate settle
	if [ $VERDICT -ne 0 ]; then
		echo "# what the case left behind:"
		diagnose
	else
		VERDICT=$_once
	fi
}

run_case()
{
	_n=${GFPLAB_REPEAT:-1} _i=0 _good=0
	while [ $_i -lt "$_n" ]; do
		_i=$((_i + 1))
		run_once "$@"
		if [ $VERDICT -eq $KSFT_SKIP ]; then
			# A failure of an earlier repetition is not forgotten for it.
			[ $_good -lt $((_i - 1)) ] || { ktap_test_skip "$CASE_NAME" "$WHY"; return; }
		elif [ $VERDICT -eq $KSFT_PASS ]; then
			_good=$((_good + 1))
		elif [ "$_n" -gt 1 ]; then
			echo "# repetition $_i of $_n failed"
		fi
	done
	[ "$_n" -eq 1 ] || echo "# passed $_good of $_n"
	if [ $_good -eq "$_n" ]; then
		ktap_test_pass "$CASE_NAME"
	else
		ktap_test_fail "$CASE_NAME"
	fi
}

# Whether one of the ids that a case's name begins with is among GFPLAB_ROW's names and globs; of those
# with a file before them, FILE:NAME, only this file's.
selected()
{
	[ -n "${GFPLAB_ROW:-}" ] || return 0
	set -f
	_first=yes
	for _id in $1; do
		case $_first$_id in
		yes* | [A-Z][0-9] | [A-Z][0-9][0-9]) _first= ;;
		*) break ;;
		esac
		for _row in $GFPLAB_ROW; do
			case $_row in
			"${0##*/}:"*) _row=${_row#*:} ;;
			*:*) continue ;;
			esac
			# shellcheck disable=SC2254 # a glob is meant
			case $_id in $_row) set +f; return 0 ;; esac
		done
	done
	set +f
	return 1
}

# REASON: the script skips all of its cases
skip_all()
{
	ktap_print_header
	ktap_skip_all "$1"
	exit "$KSFT_SKIP"
}

# Skips all if this machine is none for the script.
may_run()
{
	requested || skip_all "$WHY"
	[ "$(id -u)" = 0 ] || skip_all "needs root"
	# shellcheck disable=SC2154 # from there
	! locked_down ||
		skip_all "lockdown=$_level: the kernel takes no module without a signature and opens no file of debugfs for writing"
	isolate requirements "${0##*/}"
	[ $VERDICT -ne $KSFT_SKIP ] || skip_all "$(cat "$GFP_TMP/skip")"
}

run_cases()
{
	[ -z "${GFPLAB_ORPHAN:-}" ] || exit
	_chosen='' _c=0
	while [ $_c -lt $CASES ]; do
		_c=$((_c + 1))
		eval "CASE_NAME=\$CASE_NAME_$_c"
		! selected "$CASE_NAME" || _chosen="$_chosen $_c"
	done
	[ -n "$_chosen" ] || skip_all "no case matches ROW=${GFPLAB_ROW:-}"
	may_run
	ktap_print_header
	# shellcheck disable=SC2086 # a list of numbers
	set -- $_chosen
	ktap_set_plan $(($# + 1))

	guard
	exec 8< /dev/kmsg	# for klog
	dmesg_mark "script: ${0##*/}"
	# shellcheck disable=SC2086 # parameters separated by blanks
	isolate gfp_load $MODULE_PARAMS
	diagnose
	[ $VERDICT -eq $KSFT_PASS ] || ktap_exit_fail_msg "the module does not load"
	DEFAULTS=$(cat "$GFP_TMP/defaults")
	learn_capabilities || ktap_exit_fail_msg "environment has no line: capabilities"
	for _c; do
		eval "CASE_NAME=\$CASE_NAME_$_c CASE_CALL=\$CASE_CALL_$_c"
		if [ -n "${GFPLAB_FAILFAST:-}" ] && [ $KTAP_CNT_FAIL -gt 0 ]; then
			ktap_test_skip "$CASE_NAME" "not run after a failure"
			continue
		fi
		# shellcheck disable=SC2086 # a function and its arguments
		run_case $CASE_CALL
	done
	dmesg_mark "end: ${0##*/}"
	_skipped=$KTAP_CNT_SKIP
	isolate gfp_unload
	diagnose
	ktap_test_result "unload: every block was given back" [ $VERDICT -eq $KSFT_PASS ]
	: > "$GFP_TMP/finished"
	if [ "$_skipped" -eq $# ] && [ $VERDICT -eq $KSFT_PASS ]; then
		ktap_print_totals
		exit "$KSFT_SKIP"
	fi
	ktap_finished
}

# What every case must leave behind: no bad block, nothing held, no run, a clean console.
# Brings sysctls, the module and its job `default` back to what they were; removes other jobs.
settle()
{
	sysctl_restore
	undo_all
	_wrong=
	if ! loaded_as_usual; then
		! loaded || gfp_unload
		# shellcheck disable=SC2086 # parameters separated by blanks
		gfp_load $MODULE_PARAMS
	else
		for JOB in "$GFP"/jobs/*; do
			settle_job
		done
	fi
	dmesg_since > "$GFP_TMP/since"
	if [ -s "$GFP_TMP/since" ]; then
		_bad=$(bad_lines < "$GFP_TMP/since")
		[ -z "$_bad" ] || fail "the kernel complained:" "$_bad"
	fi
	[ -z "$_wrong" ] || fail "what must be 0 is not:$_wrong"
}

# Puts JOB right before anything is said about it, so that the next case does not suffer.
settle_job()
{
	_bad=0
	if ! has_status idle; then
		"$GFP_DIR/write1" "$JOB/control" stop > /dev/null || :
		wait_idle 20
	fi
	if ! has_status run=0; then
		summary bad_blocks > "$GFP_TMP/bad_blocks"
		read -r _bad < "$GFP_TMP/bad_blocks" || _bad=unknown
	fi
	put control reset
	has_status held_pages=0 && [ "$_bad" = 0 ] ||
		_wrong="$_wrong job ${JOB##*/} has $_bad bad_blocks, and held_pages=$(status held_pages) after reset;"
	if [ "${JOB##*/}" = default ]; then
		put set "$DEFAULTS"
	else
		put remove "${JOB##*/}"
	fi
}

# ---- the module --------------------------------------------------------------------------------

loaded() { [ -d /sys/module/gfplab ]; }

# With $MODULE_PARAMS
loaded_as_usual()
{
	loaded || return 1
	read -r _params < "$GFP_TMP/params" || :
	[ "$_params" = "$MODULE_PARAMS" ]
}

ko()
{
	# The last is where newer kselftests put modules; in a checkout it may be of an older build.
	for _ko in "${GFPLAB_KO:-}" "$GFP_DIR/gfplab.ko" "$GFP_DIR/../gfplab.ko" "$GFP_DIR/modules/gfplab.ko"; do
		if [ -f "$_ko" ]; then
			echo "$_ko"
			return
		fi
	done
	fail "no gfplab.ko beside the tests: build it, or set GFPLAB_KO"
}

# [PARAMETER=VALUE...]
gfp_load()
{
	! loaded || fail "gfplab is loaded already"
	_said=$(insmod "$(ko)" "$@" 2>&1) ||
		fail "insmod gfplab.ko $*: $_said" "$(dmesg_since | tail -n 5)"
	[ -d "$GFP/jobs/default" ] || fail "loaded, but $GFP/jobs/default is not there"
	echo "$*" > "$GFP_TMP/params"
	cat "$GFP/jobs/default/set" > "$GFP_TMP/defaults"
}

# The last line that the module prints counts its blocks: all were given back, none is quarantined. Sets
# TAKEN to how many there were.
gfp_unload()
{
	rmmod gfplab 2> "$GFP_TMP/rmmod" || fail "rmmod gfplab: $(cat "$GFP_TMP/rmmod")"
	dmesg_since > "$GFP_TMP/since"
	_said=$(awk 'sub(/.*gfplab: blocks taken/, "taken") { last = $0 } END { print last }' "$GFP_TMP/since")
	TAKEN=${_said#taken }
	TAKEN=${TAKEN%%,*}
	expect_eq "what the module said at exit" "$_said" "taken $TAKEN, given back $TAKEN, quarantined 0"
}

# NAME: the job that everything below speaks to; created if need be.
job()
{
	[ -d "$GFP/jobs/$1" ] || put create "$1"
	JOB=$GFP/jobs/$1
}

# Sets PATH_OF to a file's path: FILE as it stands, or one of the module's, or one of the job's.
find_path()
{
	case $1 in
	/*) PATH_OF=$1 ;;
	create | remove | help | error | environment) PATH_OF=$GFP/$1 ;;
	*) PATH_OF=$JOB/$1 ;;
	esac
}

path() { find_path "$1"; echo "$PATH_OF"; }

get() { find_path "$1"; cat "$PATH_OF"; }

# FILE TEXT: one write(2), which must succeed. What the kernel lacks is no failure. The shell does it, which
# starts no process.
put()
{
	find_path "$1"
	! printf '%s\n' "$2" 2> /dev/null > "$PATH_OF" || return 0
	[ -e "$PATH_OF" ] || fail "writing '$2' to $1 failed: there is no such file"
	_why=$(grep '(-E[A-Z0-9]*): ' "$GFP/error" | tail -n 1 |
		sed -n 's/.*(-EOPNOTSUPP): \(.*: came with .*\|.*: went away with .*\|.*on PREEMPT_RT .*\)/\1/p')
	[ -z "$_why" ] || skip "$_why"
	fail "writing '$2' to $1 failed:" "$(tail -n 4 "$GFP/error")"
}

# ENTRY[:WHATEVER]...: those that this kernel has
only_here()
{
	get help | awk -v asked="$*" '
		BEGIN { n = split(asked, entry, " ") }
		/^[^ ]/ { here = /^entries/ }
		here && $1 == "absent:" { gone[last] = 1 }
		{ last = $1 }
		END {
			for (i = 1; i <= n; i++) {
				split(entry[i], part, ":")
				if (!(part[1] in gone))
					print entry[i]
			}
		}'
}

# OPTION=VALUE...
set_opts() { put set "$*"; }
# OPTION: what it reads as
opt() { read -r _value < "$JOB/options/$1"; echo "$_value"; }

call() { put control call; }
start() { put control start; }
stop() { put control stop; }
reset() { put control reset; }

# KEY: a value of the status line
status()
{
	read -r _status < "$JOB/status"
	for _kv in $_status; do
		case $_kv in "$1="*) echo "${_kv#*=}" ;; esac
	done
}

# [KEY=]VALUE: stands in the status line, and if no KEY is named, as the state
has_status()
{
	read -r _status < "$JOB/status"
	case $1 in
	*=*) case " $_status " in *" $1 "*) return 0 ;; esac ;;
	*) case $_status in "state=$1 "*) return 0 ;; esac ;;
	esac
	return 1
}

# Options of a run that nothing but `stop` ends; unless it fails to, as a test must not hang on it.
# shellcheck disable=SC2034 # tests read it
ENDLESS="count=0 timeout_ms=$([ -n "$WATCHED" ] && echo 120000 || echo 20000)"

wait_running()
{
	_left=2000
	until has_status running; do
		_left=$((_left - 1))
		[ $_left -gt 0 ] || fail "never running: $(cat "$JOB/status")"
		sleep 0.01
	done
}

# The first request is made: states and probes, if it asks for some, are there.
wait_at_work()
{
	_left=600
	until [ "$(status "done")" -gt "${1:-0}" ]; do
		_left=$((_left - 1))
		[ $_left -gt 0 ] || fail "it makes no more requests: $(cat "$JOB/status")"
		sleep 0.1
	done
}

# A `call` in the background, under way: $caller. Its writer prints the errno to $GFP_TMP/called.
call_async()
{
	"$GFP_DIR/write1" "$JOB/control" call > "$GFP_TMP/called" 2>&1 &
	caller=$!
	wait_running
}

# STATUS: how the writer of call_async ended
caller_ends()
{
	_rc=0
	wait "$caller" 2> /dev/null || _rc=$?
	expect_eq "exit status of the caller, who said '$(cat "$GFP_TMP/called")'" $_rc "$1"
}

# [SECONDS]
wait_idle()
{
	_left=$((${1:-20} * 20))
	until has_status idle; do
		_left=$((_left - 1))
		[ $_left -gt 0 ] || fail "not idle after ${1:-20} s: $(cat "$JOB/status")"
		sleep 0.05
	done
}

# WHAT COMMAND...: succeeds within 5 s; on a watched kernel everything takes many times as long
soon()
{
	_task=$1 _limit=500
	[ -z "$WATCHED" ] || _limit=1500
	shift
	clock
	_since=$NOW
	"$@"
	clock
	expect_le "centiseconds for $_task" $((NOW - _since)) $_limit
}

# KEY: a value of environment
environment() { sed -n "s/^$1 //p" "$GFP/environment"; }

# KEY...: their values in the summary, in one line; nothing for one that is not there
summary()
{
	awk -v keys="$*" '
		{ key = $1; $1 = ""; value[key] = substr($0, 2) }
		END {
			n = split(keys, key_nr, " ")
			for (i = 1; i <= n; i++)
				line = line (i > 1 ? " " : "") value[key_nr[i]]
			print line
		}' "$JOB/summary"
}

# LINE: the first line of records.bin; sets $HEADER_BYTES, $RECORD_BYTES and $RECORDS
# shellcheck disable=SC2034 # tests read them
binary_head()
{
	for _word in $1; do
		case $_word in
		header_bytes=*) HEADER_BYTES=${_word#*=} ;;
		record_bytes=*) RECORD_BYTES=${_word#*=} ;;
		records=*) RECORDS=${_word#*=} ;;
		esac
	done
}

# NID ZONE FIELD: of the snapshot below explain's walk, if the job's request may go there
explain_field() { get explain | sed -n "s/^  $1:$2 .* $3=\([0-9]*\) .*/\1/p" | head -n 1; }

# ---- the kernel's log --------------------------------------------------------------------------

# TEXT: says so in the log, and starts what dmesg_since prints
dmesg_mark()
{
	read -r GFP_MARK _ < /proc/uptime
	GFP_MARK="gfplab-selftests: $1 ($GFP_MARK)"
	echo "$GFP_MARK" > /dev/kmsg
}

# But for what says that this machine was slow for a moment.
dmesg_since() { "$GFP_DIR/klog" "$GFP_MARK" "$GFP_TMP/klog"; }

# What the module, or the kernel of somebody's request, has logged since the case began. A kernel has other
# things to say at any moment.
complaints()
{
	dmesg_since > "$GFP_TMP/since"
	[ -s "$GFP_TMP/since" ] || return 0
	grep -v gfplab-selftests: "$GFP_TMP/since" > "$GFP_TMP/log" || :
	grep -E -e 'gfplab' -e 'page allocation|oom-killer|Killed process|Mem-Info|Call Trace' "$GFP_TMP/log" || :
	bad_lines < "$GFP_TMP/log"
}

expect_dmesg_silent() { expect_eq "complaints in the kernel's log" "$(complaints)" ""; }

# Filters what is on the list of things that a kernel with a bug says.
bad_lines()
{
	for _list in "$GFP_DIR/badness" "$GFP_DIR/../scripts/badness"; do
		[ ! -f "$_list" ] || break
	done
	grep -E -f "$_list" || :
}

# Our own runner does not even start what this machine is none for; kselftest's starts all.
[ -z "${kselftest_default_timeout:-}" ] || [ -n "${GFPLAB_ORPHAN:-}" ] || may_run
