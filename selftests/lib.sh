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
#	# timeout: 60				(optional: seconds)
#	# kills: yes				(optional: the OOM killer may find somebody)
#	. "$(dirname "$0")/lib.sh"
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
# fails the case; `skip "why"` skips it. The first word of a case's name is what ROW= selects.
#
# Environment: GFPLAB_ROW (names or globs), GFPLAB_REPEAT=N, GFPLAB_FAILFAST=1, GFPLAB_KO=path.

set -eu

GFP=/sys/kernel/debug/gfplab
JOB=$GFP/jobs/default
GFP_DIR=$(cd "$(dirname "$0")" && pwd)
GFP_TMP=$(mktemp -d "${TMPDIR:-/tmp}/gfplab.XXXXXX")
MODULE_PARAMS=${MODULE_PARAMS:-}
trap 'rm -rf "$GFP_TMP"' EXIT

# ---- KTAP, by the names of the kernel's ktap_helpers.sh ----------------------------------------

KSFT_PASS=0
KSFT_FAIL=1
# shellcheck disable=SC2034 # part of the vocabulary
KSFT_XFAIL=2
# shellcheck disable=SC2034
KSFT_XPASS=3
KSFT_SKIP=4

KSFT_NUM_TESTS=0
KTAP_DONE=0 KTAP_CNT_PASS=0 KTAP_CNT_FAIL=0 KTAP_CNT_SKIP=0 KTAP_CNT_XFAIL=0

ktap_print_header() { echo "KTAP version 1"; }
ktap_print_msg() { echo "# $*"; }

ktap_set_plan()
{
	KSFT_NUM_TESTS=$1
	echo "1..$1"
}

ktap_skip_all() { echo "1..0 # SKIP $*"; }

# VERDICT DESCRIPTION [DIRECTIVE]: one result line
ktap_line()
{
	KTAP_DONE=$((KTAP_DONE + 1))
	echo "$1 $KTAP_DONE $2${3:+ # $3}"
}

ktap_test_pass()
{
	KTAP_CNT_PASS=$((KTAP_CNT_PASS + 1))
	ktap_line ok "$1"
}

ktap_test_fail()
{
	KTAP_CNT_FAIL=$((KTAP_CNT_FAIL + 1))
	ktap_line "not ok" "$1"
}

# DESCRIPTION [REASON]
ktap_test_skip()
{
	KTAP_CNT_SKIP=$((KTAP_CNT_SKIP + 1))
	ktap_line ok "$1" "SKIP${2:+ $2}"
}

ktap_test_xfail()
{
	KTAP_CNT_XFAIL=$((KTAP_CNT_XFAIL + 1))
	ktap_line ok "$1" "XFAIL${2:+ $2}"
}

# DESCRIPTION COMMAND...
ktap_test_result()
{
	_desc=$1
	shift
	if "$@"; then
		ktap_test_pass "$_desc"
	else
		ktap_test_fail "$_desc"
	fi
}

ktap_print_totals()
{
	echo "# Totals: pass:$KTAP_CNT_PASS fail:$KTAP_CNT_FAIL xfail:$KTAP_CNT_XFAIL xpass:0" \
		"skip:$KTAP_CNT_SKIP error:0"
}

ktap_exit_fail_msg()
{
	echo "Bail out! $*"
	ktap_print_totals
	exit "$KSFT_FAIL"
}

ktap_finished()
{
	ktap_print_totals
	[ $((KTAP_CNT_PASS + KTAP_CNT_SKIP + KTAP_CNT_XFAIL)) -eq "$KSFT_NUM_TESTS" ] ||
		exit "$KSFT_FAIL"
	exit "$KSFT_PASS"
}

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
	: > "$GFP_TMP/failed"
	for _m; do
		note "$_m"
	done
	[ ! -s "$GFP_TMP/record" ] || note "record: $(cat "$GFP_TMP/record")"
	if [ -r "$JOB/set" ]; then
		note "job ${JOB##*/}: $(tr '\n' ' ' < "$JOB/set")"
		note "status: $(cat "$JOB/status")"
	fi
	exit "$KSFT_FAIL"
}

# FUNCTION...: runs it as a case does: VERDICT is KSFT_PASS, _FAIL or _SKIP; what it said is in
# $GFP_TMP/said. Never call it, or what calls it, behind if, && or ||: that turns `set -e` off.
isolate()
{
	rm -f "$GFP_TMP/failed" "$GFP_TMP/skip" "$GFP_TMP/record"
	set +e
	(
		exec 9>&1
		set -eu
		"$@"
	) > "$GFP_TMP/said" 2>&1
	VERDICT=$?
	set -e
	if [ -e "$GFP_TMP/failed" ]; then
		VERDICT=$KSFT_FAIL
	elif [ $VERDICT -ne 0 ] && [ ! -e "$GFP_TMP/skip" ]; then
		echo "a command failed with status $VERDICT" >> "$GFP_TMP/said"
		VERDICT=$KSFT_FAIL
	fi
}

diagnose() { sed 's/^/# /' "$GFP_TMP/said"; }

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
			ktap_test_skip "$CASE_NAME" "$WHY"
			return
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

# Whether the first word of a case's name is among GFPLAB_ROW's names and globs.
selected()
{
	[ -n "${GFPLAB_ROW:-}" ] || return 0
	set -f
	for _row in $GFPLAB_ROW; do
		# shellcheck disable=SC2254 # a glob is meant
		case ${1%% *} in $_row) set +f; return 0 ;; esac
	done
	set +f
	return 1
}

run_cases()
{
	_chosen='' _c=0
	while [ $_c -lt $CASES ]; do
		_c=$((_c + 1))
		eval "CASE_NAME=\$CASE_NAME_$_c"
		! selected "$CASE_NAME" || _chosen="$_chosen $_c"
	done
	ktap_print_header
	ktap_print_msg "Subtest: ${0##*/}"
	if [ -z "$_chosen" ]; then
		ktap_skip_all "no case matches ROW=${GFPLAB_ROW:-}"
		exit "$KSFT_SKIP"
	fi
	if [ "$(id -u)" != 0 ]; then
		ktap_skip_all "needs root"
		exit "$KSFT_SKIP"
	fi
	if locked_down; then
		ktap_skip_all "lockdown=$_level: the kernel takes no module without a signature and opens no file of debugfs for writing"
		exit "$KSFT_SKIP"
	fi
	# shellcheck disable=SC2086 # a list of numbers
	set -- $_chosen
	ktap_set_plan $(($# + 1))

	dmesg_mark "script: ${0##*/}"
	# shellcheck disable=SC2086 # parameters separated by blanks
	isolate gfp_load $MODULE_PARAMS
	diagnose
	[ $VERDICT -eq $KSFT_PASS ] || ktap_exit_fail_msg "the module does not load"
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
	isolate gfp_unload
	diagnose
	ktap_test_result "unload: every block was given back" [ $VERDICT -eq $KSFT_PASS ]
	ktap_finished
}

# What every case must leave behind: no bad block, nothing held, nobody running, a clean console.
# Brings sysctls, the module and its job `default` back to what they were; removes other jobs.
settle()
{
	sysctl_restore
	undo_all
	_wrong=
	if [ "$(loaded_params)" != "$MODULE_PARAMS" ]; then
		! loaded || gfp_unload
		# shellcheck disable=SC2086 # parameters separated by blanks
		gfp_load $MODULE_PARAMS
	else
		for JOB in "$GFP"/jobs/*; do
			settle_job
		done
	fi
	_bad=$(dmesg_since | bad_lines)
	[ -z "$_bad" ] || fail "the kernel complained:" "$_bad"
	[ -z "$_wrong" ] || fail "what must be 0 is not:$_wrong"
}

# Puts JOB right before anything is said about it, so that the next case does not suffer.
settle_job()
{
	"$GFP_DIR/wr" "$JOB/control" stop > /dev/null || :
	wait_idle 20
	_bad=$(summary bad_blocks)
	put control reset
	_held=$(status held_pages)
	[ "$_bad $_held" = "0 0" ] ||
		_wrong="$_wrong job ${JOB##*/} has $_bad bad_blocks, and held_pages=$_held after reset;"
	if [ "${JOB##*/}" = default ]; then
		put set "$(cat "$GFP_TMP/defaults")"
	else
		put remove "${JOB##*/}"
	fi
}

# ---- the module --------------------------------------------------------------------------------

loaded() { [ -d /sys/module/gfplab ]; }

# The parameters of the loaded module; "none" if it is not there.
loaded_params()
{
	if loaded; then
		cat "$GFP_TMP/params"
	else
		echo none
	fi
}

ko()
{
	for _ko in "${GFPLAB_KO:-}" "$GFP_DIR/gfplab.ko" "$GFP_DIR/../gfplab.ko"; do
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

# The last line that the module prints counts its blocks: all were given back, none is quarantined.
gfp_unload()
{
	_said=$(rmmod gfplab 2>&1) || fail "rmmod gfplab: $_said"
	_said=$(dmesg_since | sed -n 's/.*gfplab: blocks taken/taken/p' | tail -n 1)
	_taken=${_said#taken }
	_taken=${_taken%%,*}
	expect_eq "what the module said at exit" "$_said" "taken $_taken, given back $_taken, quarantined 0"
}

# NAME: the job that everything below speaks to; created if need be.
job()
{
	[ -d "$GFP/jobs/$1" ] || put create "$1"
	JOB=$GFP/jobs/$1
}

# A file's path: FILE as it stands, or one of the module's, or one of the job's.
path()
{
	case $1 in
	/*) echo "$1" ;;
	create | remove | help | error | environment) echo "$GFP/$1" ;;
	*) echo "$JOB/$1" ;;
	esac
}

get() { cat "$(path "$1")"; }

# FILE TEXT: one write(2), which must succeed. What the kernel lacks is no failure.
put()
{
	_said=$("$GFP_DIR/wr" "$(path "$1")" "$2") || {
		_why=
		[ "$_said" != EOPNOTSUPP ] ||
			_why=$(sed -n 's/.*(-EOPNOTSUPP): \(.*: came with .*\|.*on PREEMPT_RT .*\)/\1/p' "$GFP/error" | tail -n 1)
		[ -z "$_why" ] || skip "$_why"
		fail "writing '$2' to $1 failed: $_said" "$(tail -n 4 "$GFP/error")"
	}
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
opt() { cat "$JOB/options/$1"; }

call() { put control call; }
start() { put control start; }
stop() { put control stop; }
reset() { put control reset; }

# KEY: a value of the status line
status()
{
	for _kv in $(cat "$JOB/status"); do
		case $_kv in "$1="*) echo "${_kv#*=}" ;; esac
	done
}

# [SECONDS]
wait_idle()
{
	_left=$((${1:-20} * 20))
	while [ "$(status state)" != idle ]; do
		_left=$((_left - 1))
		[ $_left -gt 0 ] || fail "not idle after ${1:-20} s: $(cat "$JOB/status")"
		sleep 0.05
	done
}

# KEY: its value in the summary; nothing if there is no such line
summary() { awk -v key="$1" '$1 == key { $1 = ""; print substr($0, 2) }' "$JOB/summary"; }

# ---- records -----------------------------------------------------------------------------------

# The language of conditions: KEY=VALUE KEY!=VALUE KEY>=N KEY<=N KEY>N KEY<N; `a/b` is a or b.
GFP_WHERE='
function value(key,   at, rest) {
	at = index(line, " " key "=")
	if (!at)
		return none
	rest = substr(line, at + length(key) + 2)
	return substr(rest, 1, index(rest, " ") - 1)
}
# Flags and numbers of attempts are written as on 6.1 and 6.12. On 5.10 ALLOC_HARDER is not for
# GFP_NOWAIT, reserves lose ALLOC_KSWAPD, and ALLOC_HIGHATOMIC is not there. On 7.2 a request that may
# do no more at the second attempt makes no third. Flags behind a colon hold everywhere.
function here(text,   n, alt, i, m, flag, j, list) {
	n = split(text, alt, "/")
	text = ""
	for (i = 1; i <= n; i++) {
		list = ""
		m = split(alt[i], flag, ",")
		if (family == "7.2" && m == 3 && flag[2] == flag[3] && flag[2] ~ /[45]0$/) {
			m = 2
			fewer = 1
		}
		for (j = 1; j <= m; j++) {
			if (family == "5.10" && (flag[j] in old))
				flag[j] = old[flag[j]]
			list = list (j > 1 ? "," : "") flag[j]
		}
		text = text (i > 1 ? "/" : "") list
	}
	return text
}
function holds(c,   got, n, i, alt, hit) {
	got = value(key[c])
	if (got == none)
		return 0
	if (op[c] == ">=") return got + 0 >= want[c] + 0
	if (op[c] == "<=") return got + 0 <= want[c] + 0
	if (op[c] == ">") return got + 0 > want[c] + 0
	if (op[c] == "<") return got + 0 < want[c] + 0
	n = split(want[c], alt, "/")
	for (i = 1; i <= n; i++)
		if (got == alt[i])
			hit = 1
	return op[c] == "=" ? hit : !hit
}
BEGIN {
	none = "\n"
	family = ENVIRON["GFP_FAMILY"]
	old["0x850"] = "0x840"; old["0x50"] = "0x40"; old["0x804"] = "0x4"; old["0xa30"] = "0x830"
	conds = split(where, cond, " ")
	for (i = 1; i <= conds; i++) {
		if (!match(cond[i], /!=|>=|<=|=|>|</))
			continue
		op[i] = substr(cond[i], RSTART, RLENGTH)
		key[i] = substr(cond[i], 1, RSTART - 1)
		want[i] = substr(cond[i], RSTART + RLENGTH)
		if (key[i] == "alloc_flags" && !sub(/^:/, "", want[i]))
			want[i] = here(want[i])
	}
	for (i = 1; i <= conds; i++)
		if (fewer && key[i] == "attempts" && want[i] == 3)
			want[i] = 2
}
{
	line = " " $0 " "
	wrong = ""
	for (i = 1; i <= conds; i++)
		if (!(i in op) || !holds(i))
			wrong = wrong " " cond[i]
}
'

# CONDITION...: the records for which all of them hold
records_where() { awk -v where="$*" "$GFP_WHERE wrong == \"\"" "$JOB/records"; }

# CONDITION...: how many there are
count_where() { awk -v where="$*" "$GFP_WHERE wrong == \"\" { n++ } END { print n + 0 }" "$JOB/records"; }

# N: puts record N (from 1; -1 is the last) where `fail` finds it
pick_record()
{
	case $1 in
	-*) tail -n "${1#-}" "$JOB/records" | head -n 1 > "$GFP_TMP/record" ;;
	*) sed -n "$1p" "$JOB/records" > "$GFP_TMP/record" ;;
	esac
	[ -s "$GFP_TMP/record" ] || fail "no record $1 among $(wc -l < "$JOB/records")"
}

# N KEY: a value of record N
record()
{
	pick_record "$1"
	awk -v key="$2" '{
		for (i = 1; i <= NF; i++)
			if (index($i, key "=") == 1)
				print substr($i, length(key) + 2)
	}' "$GFP_TMP/record"
}

# [N] CONDITION...: all hold for record N (the last)
expect_record()
{
	case $1 in
	*[!0-9-]*) _nr=-1 ;;
	*) _nr=$1; shift ;;
	esac
	pick_record "$_nr"
	_wrong=$(awk -v where="$*" "$GFP_WHERE { print wrong }" "$GFP_TMP/record")
	[ -z "$_wrong" ] || fail "record $_nr: expected$_wrong"
}

# CONDITION...: all hold for every record, and there is one
expect_all_records()
{
	awk -v where="$*" "$GFP_WHERE wrong != \"\" { print; exit }" "$JOB/records" > "$GFP_TMP/record"
	[ ! -s "$GFP_TMP/record" ] || fail "every record: expected $*"
	[ -n "$(head -n 1 "$JOB/records")" ] || fail "there is no record"
}

# CONDITION...: all hold for at least one
expect_some_record()
{
	tail -n 1 "$JOB/records" > "$GFP_TMP/record"
	[ "$(count_where "$@")" -gt 0 ] || fail "no record has $*; the last one:"
}

# CONDITION...: they hold together for none
expect_no_record()
{
	records_where "$@" > "$GFP_TMP/found"
	head -n 1 "$GFP_TMP/found" > "$GFP_TMP/record"
	[ ! -s "$GFP_TMP/record" ] || fail "$(wc -l < "$GFP_TMP/found") records have $*; the first:"
}

# ---- expectations ------------------------------------------------------------------------------

# WHAT GOT WANT
expect_eq() { [ "$2" = "$3" ] || fail "$1" "  expected: $3" "  actual:   $2"; }
expect_ne() { [ "$2" != "$3" ] || fail "$1" "  expected: anything but $3" "  actual:   $2"; }
expect_ge() { [ "$2" -ge "$3" ] || fail "$1" "  expected: at least $3" "  actual:   $2"; }
expect_le() { [ "$2" -le "$3" ] || fail "$1" "  expected: at most $3" "  actual:   $2"; }

# WHAT GOT PATTERN: a shell pattern
expect_like()
{
	# shellcheck disable=SC2254 # a pattern is meant
	case $2 in
	$3) ;;
	*) fail "$1" "  expected: $3" "  actual:   $2" ;;
	esac
}

# WHAT GOT WANT TOLERANCE
expect_near()
{
	[ "$2" -ge $(($3 - $4)) ] && [ "$2" -le $(($3 + $4)) ] ||
		fail "$1" "  expected: $3, give or take $4" "  actual:   $2"
}

# ERRNO TEXT FILE: writing TEXT to FILE fails with it
expect_errno()
{
	if _said=$("$GFP_DIR/wr" "$(path "$3")" "$2"); then
		_said=success
	fi
	expect_eq "writing '$2' to $3" "$_said" "$1"
}

# ERRNO TEXT FILE MISTAKE [REASON]: as above, and it leaves a reason in `error` (like the pattern
# REASON) with a caret under MISTAKE ('': no caret), and changes no option.
expect_refused()
{
	_before=$(get set)
	put error "
"
	expect_errno "$1" "$2" "$3"
	get error > "$GFP_TMP/error"
	expect_eq "options after '$2' was refused" "$(get set)" "$_before"
	_reason=$(sed -n 1p "$GFP_TMP/error")
	expect_like "reason why '$2' was refused" "$_reason" "*${3##*/}*$1*: *${5:-}*"
	if [ -n "$4" ]; then
		_place=$(awk -v len=${#4} '
			NR == 2 { text = $0 }
			NR == 3 { print substr(text, index($0, "^"), len) }' "$GFP_TMP/error")
		expect_eq "what the caret is under when '$2' is refused" "$_place" "$4"
	fi
}

# ---- the machine -------------------------------------------------------------------------------

# NID ZONE FIELD: free, min, low, high, managed ... in pages, from /proc/zoneinfo
zone_field()
{
	awk -v nid="$1," -v zone="$2" -v field="$3" '
		$1 == "Node" { here = ($2 == nid && $4 == zone) }
		!here { next }
		$1 == "pages" && $2 == field { print $3; exit }
		$1 == field { print $2; exit }' /proc/zoneinfo
}

zone_free() { zone_field "$1" "$2" free; }
# NID ZONE min|low|high
zone_mark() { zone_field "$1" "$2" "$3"; }
memfree_kb() { awk '$1 == "MemFree:" { print $2 }' /proc/meminfo; }

# KiB that nobody uses: the free lists, and the per-cpu lists that move in and out of them
unused_kb()
{
	sync
	echo 3 > /proc/sys/vm/drop_caches
	awk '
		$1 == "MemFree:" { kb = $2 }
		$1 == "count:" { pages += $2 }
		END { print kb + pages * 4 }' /proc/meminfo /proc/zoneinfo
}

# Centiseconds since boot, in $NOW
clock() { read -r NOW _ < /proc/uptime; NOW=${NOW%.*}${NOW#*.}; }

# Once the module is gone, so is all of it.
expect_nothing_left()
{
	! loaded || fail "the module is loaded"
	[ ! -e "$GFP" ] || fail "$GFP is there: $(ls "$GFP")"
	[ ! -e /sys/kernel/tracing/events/gfplab ] || fail "the module's events are there"
	[ ! -r /sys/kernel/debug/kprobes/list ] ||
		expect_eq "kprobes" "$(cat /sys/kernel/debug/kprobes/list)" ""
	expect_eq "threads of the module" "$(ps -o comm | grep -c '^gfplab/' || :)" 0
}

# NID ZONE ABOVE: pages of ZONE that a request for zone ABOVE must leave (lowmem_reserve)
zone_protection()
{
	awk -v nid="$1," -v zone="$2" -v above="$3" '
		BEGIN { split("DMA DMA32 Normal Movable", name) }
		$1 == "Node" { here = ($2 == nid && $4 == zone) }
		here && $1 == "protection:" {
			gsub(/[(),]/, " ")
			for (i in name)
				if (name[i] == above)
					print $(i + 1)
			exit
		}' /proc/zoneinfo
}

# NID ZONE: pages in its per-cpu lists, all CPUs together
pcp_pages()
{
	awk -v nid="$1," -v zone="$2" '
		$1 == "Node" { here = ($2 == nid && $4 == zone) }
		here && $1 == "count:" { n += $2 }
		END { print n + 0 }' /proc/zoneinfo
}

# NID ZONE: free blocks of each order
buddy_counts()
{
	awk -v nid="$1," -v zone="$2" '$2 == nid && $4 == zone {
		$1 = $2 = $3 = $4 = ""; $0 = $0; $1 = $1; print }' /proc/buddyinfo
}

# NID ZONE TYPE (as in /proc/pagetypeinfo): free blocks of each order
type_counts()
{
	awk -v nid="$1," -v zone="$2," -v type="$3" '$2 == nid && $4 == zone && $6 == type {
		$1 = $2 = $3 = $4 = $5 = $6 = ""; $0 = $0; $1 = $1; print }' /proc/pagetypeinfo
}

# N WORD...: the Nth of them
nth() { shift "$1"; echo "$1"; }

# COUNTS: pages in so many free blocks of each order
counted_pages() { echo "$1" | awk '{ for (i = NF; i; i--) n = 2 * n + $i; print n + 0 }'; }

# NID ZONE TYPE: how many of the zone's pageblocks are of this type
type_pageblocks()
{
	awk -v nid="$1," -v zone="$2" -v type="$3" '
		/^Number of blocks type/ { for (i = 5; i <= NF; i++) if ($i == type) at = i }
		at && $2 == nid && $4 == zone { print $at; exit }' /proc/pagetypeinfo
}

# KEY: of /proc/vmstat
vmstat() { awk -v key="$1" '$1 == key { print $2 }' /proc/vmstat; }
# NID KEY: numa_hit, numa_miss ... of a node
numastat() { awk -v key="$2" '$1 == key { print $2 }' "/sys/devices/system/node/node$1/numastat"; }

# Counters that are kept per CPU reach the zone's own.
fold_counters() { echo 1 > /proc/sys/vm/stat_refresh; }

# NID: empties the per-cpu lists of a node's last zone, which every contiguous range does
drain()
{
	_job=$JOB
	job drain
	set_opts entry=contig_range "nid=$1" observe=none
	echo call > "$JOB/control"
	fold_counters
	JOB=$_job
}

# NAME VALUE: a sysctl, for the rest of the case
sysctl_set()
{
	_knob=/proc/sys/$1
	case $1 in
	# Before 5.14 it had another name, and 0 for "as the kernel likes", as now.
	vm/percpu_pagelist_high_fraction) [ -e "$_knob" ] || _knob=/proc/sys/vm/percpu_pagelist_fraction ;;
	esac
	[ -w "$_knob" ] || skip "no sysctl $1"
	echo "$_knob $(cat "$_knob")" >> "$GFP_TMP/sysctls"
	echo "$2" > "$_knob"
}

# The last to be set is the first to be set back.
sysctl_restore()
{
	[ -e "$GFP_TMP/sysctls" ] || return 0
	sed '1!G;h;$!d' "$GFP_TMP/sysctls" | while read -r _knob _value; do
		echo "$_value" > "$_knob"
	done
	rm "$GFP_TMP/sysctls"
}

# COMMAND...: settle runs it when the case is over, however it ended; the last one first.
undo() { echo "$*" >> "$GFP_TMP/undo"; }

undo_all()
{
	[ -e "$GFP_TMP/undo" ] || return 0
	sed '1!G;h;$!d' "$GFP_TMP/undo" > "$GFP_TMP/undoing"
	rm "$GFP_TMP/undo"
	_stuck=
	while read -r _command; do
		eval "$_command" || _stuck="$_stuck $_command;"
	done < "$GFP_TMP/undoing"
	[ -z "$_stuck" ] || fail "could not undo what the case did:$_stuck"
}

# CONTROLLER [FILE=VALUE...]: makes CGROUP, a control group (version 2) with these settings, for
# the rest of the case
cgroup_make()
{
	_root=/sys/fs/cgroup CGROUP=/sys/fs/cgroup/gfplab.$1
	grep -qw "$1" $_root/cgroup.controllers 2> /dev/null ||
		skip "no cgroup2 controller $1 at $_root"
	if ! grep -qw "$1" $_root/cgroup.subtree_control; then
		undo "echo -$1 > $_root/cgroup.subtree_control"
		echo "+$1" > $_root/cgroup.subtree_control
	fi
	undo "cgroup_remove $CGROUP"
	mkdir "$CGROUP"
	shift
	for _kv; do
		echo "${_kv#*=}" > "$CGROUP/${_kv%%=*}"
	done
}

# GROUP: with everybody in it
cgroup_remove()
{
	for _pid in $(cat "$1/cgroup.procs"); do
		kill -KILL "$_pid" || :
	done
	_left=100
	until rmdir "$1" 2> /dev/null; do
		_left=$((_left - 1))
		[ $_left -gt 0 ] || return 1
		sleep 0.05
	done
}

# COMMAND...: in CGROUP
cgroup_run()
{
	# shellcheck disable=SC2016 # the inner shell's
	sh -c 'echo $$ > "$0/cgroup.procs" && exec "$@"' "$CGROUP" "$@"
}

# Whether the kernel is locked down; to which level is in _level.
locked_down()
{
	_knob=/sys/kernel/security/lockdown _level=none
	[ -e $_knob ] || mount -t securityfs security /sys/kernel/security 2> /dev/null || return 1
	[ ! -e $_knob ] || _level=$(sed 's/.*\[\(.*\)\].*/\1/' $_knob)
	[ "$_level" != none ]
}

require_nodes()
{
	_nodes=$(find /sys/devices/system/node -name 'node[0-9]*' | wc -l)
	[ "$_nodes" -ge "$1" ] || skip "needs $1 nodes"
}

require_cpus()
{
	_cpus=$(grep -c ^processor /proc/cpuinfo)
	[ "$_cpus" -ge "$1" ] || skip "needs $1 CPUs"
}

# NID ZONE: with memory in it
require_zone()
{
	_managed=$(zone_field "$1" "$2" managed)
	[ "${_managed:-0}" -gt 0 ] || skip "no zone $2 on node $1"
}

require_unsafe()
{
	[ "$(cat /sys/module/gfplab/parameters/unsafe 2> /dev/null)" = Y ] ||
		skip "needs the module loaded with unsafe=1"
}

require_kprobes() { [ -d /sys/kernel/debug/kprobes ] || skip "the kernel has no kprobes"; }
require_tracefs() { [ -d /sys/kernel/tracing/events ] || skip "no tracefs at /sys/kernel/tracing"; }

# MAJOR.MINOR: whether this kernel is that or later
release_ge()
{
	_release=$(uname -r)
	_minor=${_release#*.}
	[ $((${_release%%.*} * 1000 + ${_minor%%[!0-9]*})) -ge $((${1%.*} * 1000 + ${1#*.})) ]
}

# Which kernel's rules hold, where tests have to know: 5.10, 6.1, 7.2
GFP_FAMILY=5.10
! release_ge 6.1 || GFP_FAMILY=6.1
! release_ge 7.0 || GFP_FAMILY=7.2
export GFP_FAMILY

# The interrupt from which the allocator may be asked: on PREEMPT_RT its locks sleep, and we refuse.
HARDIRQ=hardirq
# shellcheck disable=SC2034 # tests read it
case $(uname -v) in *PREEMPT_RT*) HARDIRQ= ;; esac

# The attempts of who may do no more than look: 7.2 does not look twice in the slow path.
LOOKS=3
# shellcheck disable=SC2034 # tests read it
[ $GFP_FAMILY != 7.2 ] || LOOKS=2

# The largest order below the THP order that is kept per CPU
# shellcheck disable=SC2034 # tests read it
PCP_ORDERS=$(release_ge 5.13 && echo 3 || echo 0)

require_release_ge() { release_ge "$1" || skip "needs Linux $1 or later"; }

# One word of a `# requires:` line
require()
{
	case $1 in
	"nodes>="*) require_nodes "${1#*=}" ;;
	"cpus>="*) require_cpus "${1#*=}" ;;
	"release>="*) require_release_ge "${1#*=}" ;;
	zone=*:*) _zone=${1#zone=}; require_zone "${_zone%%:*}" "${_zone#*:}" ;;
	kprobes) require_kprobes ;;
	tracefs) require_tracefs ;;
	*) skip "unknown requirement $1" ;;
	esac
}

# ---- the kernel's log --------------------------------------------------------------------------

# TEXT: says so in the log, and starts what dmesg_since prints
dmesg_mark()
{
	read -r GFP_MARK _ < /proc/uptime
	GFP_MARK="gfplab-selftests: $1 ($GFP_MARK)"
	echo "$GFP_MARK" > /dev/kmsg
}

dmesg_since()
{
	dmesg | awk -v mark="$GFP_MARK" '
		{ line[++n] = $0 }
		index($0, mark) { n = 0 }
		END { for (i = 1; i <= n; i++) print line[i] }'
}

# Nothing was logged since the case began.
expect_dmesg_silent() { expect_eq "the kernel's log" "$(dmesg_since)" ""; }

# Filters what is on the list of things that a kernel with a bug says.
bad_lines()
{
	for _list in "$GFP_DIR/badness" "$GFP_DIR/../scripts/badness"; do
		[ ! -f "$_list" ] || break
	done
	grep -E -f "$_list" || :
}
