#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: the recipes of recipes/ see what the module's own files tell
# requires: tracefs kprobes nodes>=2
# programs: perf trace-cmd bpftrace
# vm: traced
# timeout: 300
export MODULE_PARAMS="unsafe=1"
. "$(dirname "$0")/lib/lib.sh"

TRACING=/sys/kernel/tracing
# A folder of its own, for what recipes keep
RECIPES=$GFP_DIR/recipes

# What a recipe `needs:`; the reason if this machine has it not
needed()
{
	_need=$(sed -n 's/^# needs: //p' "$RECIPES/$1")
	case $_need in
	hist) [ -e $TRACING/events/gfplab/gfplab_request/hist ] || skip "this kernel has no hist triggers" ;;
	synth) [ -e $TRACING/synthetic_events ] || skip "this kernel has no synthetic events" ;;
	*) command -v "$_need" > /dev/null || skip "$_need is not here: scripts/deps tracing installs it for scripts/check" ;;
	esac
	[ "$_need" != bpftrace ] || [ -e /sys/kernel/btf/vmlinux ] ||
		skip "bpftrace wants the kernel's types (CONFIG_DEBUG_INFO_BTF)"
}

# NAME [OPTION=VALUE...]: the recipe around a call of a job with these; what it prints is in $GFP_TMP/out
recipe()
{
	needed "$1"
	_recipe=$1
	shift
	set_opts "$@"
	mkdir -p "$GFP_TMP/at"
	# A word with blanks, quotes and a dollar sign is still one, and none of it the recipe's.
	(cd "$GFP_TMP/at" && "$RECIPES/$_recipe" sh -c "word=' '; echo call\$word > '$JOB/control'") > "$GFP_TMP/out" 2>&1 || {
		_status=$?
		fail "$_recipe ended with $_status:" "$(tail -n 20 "$GFP_TMP/out")"
	}
}

out() { tail -n 20 "$GFP_TMP/out"; }

# WHAT WANTED GOT
same() { [ "$2" = "$3" ] || fail "$1: $3, not $2; it said:" "$(out)"; }

# 12 that are fast, then 6 that fail, then 5 that take the slow path
FAST="entry=alloc_pages nid=-1 gfp=GFP_KERNEL squeeze=none count=12 order=2"
FAILING="entry=alloc_pages_node nid=1 squeeze=1:Normal:60 count=6 gfp=GFP_NOWAIT|__GFP_THISNODE|__GFP_NOWARN"
SLOW="entry=alloc_pages_node nid=1 squeeze=1:Normal:110 count=5 gfp=GFP_KERNEL|__GFP_THISNODE"
RECLAIM="entry=alloc_pages_node nid=1 squeeze=1:Normal:50 count=4 gfp=GFP_KERNEL|__GFP_THISNODE|__GFP_NORETRY|__GFP_NOWARN"

perf_stat()
{
	for _options in "$FAST" "$SLOW" "$RECLAIM"; do
		# shellcheck disable=SC2086 # options
		recipe perf-stat $_options
		# shellcheck disable=SC2046 # numbers
		set -- $(awk '$2 ~ /^gfplab:gfplab_request/ { print $1 }' "$GFP_TMP/out")
		same "of the stages" "$(summary stage.fast) $(summary stage.slow) $(summary stage.reclaim)" "$*"
		echo reset > $JOB/control
	done
}

perf_record()
{
	# shellcheck disable=SC2086
	recipe perf-record $FAILING
	same events "$(summary failed)" "$(grep -c 'gfplab:gfplab_request: run=.* result=failed stage=slow' "$GFP_TMP/out")"
	# shellcheck disable=SC2086
	recipe perf-record $FAST
	same "events of what did not fail" 0 "$(grep -c 'gfplab:gfplab_request: run=' "$GFP_TMP/out" || :)"
}

perf_callers()
{
	# shellcheck disable=SC2086
	recipe perf-callers $SLOW
	grep -q 'ksys_write' "$GFP_TMP/out" || fail "no caller is named:" "$(out)"
}

trace_cmd()
{
	# shellcheck disable=SC2086
	recipe trace-cmd $RECLAIM
	same "requests" "$(summary requests)" "$(grep -c 'gfplab_request: .*stage=reclaim' "$GFP_TMP/out")"
	_begun=$(grep -c 'mm_vmscan_direct_reclaim_begin:' "$GFP_TMP/out")
	[ "$_begun" -ge "$(summary requests)" ] || fail "reclaim began $_begun times:" "$(out)"
}

bpftrace_latency()
{
	# shellcheck disable=SC2086
	recipe bpftrace-latency $SLOW
	same "requests of order 0" "$(summary stage.slow)" "$(sed -n 's/^@requests\[0\]: //p' "$GFP_TMP/out")"
	grep -q '^@latency_ns\[0\]:' "$GFP_TMP/out" || fail "it has no histogram:" "$(out)"
	# shellcheck disable=SC2086
	recipe bpftrace-latency $FAST
	same "of fast requests" "" "$(sed -n 's/^@requests\[.*\]: //p' "$GFP_TMP/out")"
}

# Of a trigger's histogram: the hits, in all
hits() { awk '$1 == "Hits:" { print $2 }' "$GFP_TMP/out"; }

hist_trigger()
{
	# shellcheck disable=SC2086
	recipe hist-trigger $SLOW
	same hits "$(summary ok)" "$(hits)"
	# shellcheck disable=SC2086
	recipe hist-trigger $FAILING
	same "hits of what failed" 0 "$(hits)"
}

hist_latency()
{
	# shellcheck disable=SC2086
	recipe hist-latency $SLOW
	same hits "$(summary ok)" "$(hits)"
	grep -q 'latency_ns: ~ 2^' "$GFP_TMP/out" || fail "no powers of two:" "$(out)"
}

synthetic_reclaim()
{
	# shellcheck disable=SC2086
	recipe synthetic-reclaim $RECLAIM
	same hits "$(summary stage.reclaim)" "$(hits)"
	[ ! -e $TRACING/events/synthetic/gfplab_reclaim ] || fail "the synthetic event is still there"
}

# The number of each word is the one that the event has for it.
numbers()
{
	. "$RECIPES/numbers"
	sed -n '/^numbers of words in filters/,/^$/p' $GFP/help | awk '
		NR > 1 { for (i = 2; i <= NF; i++) { split($i, word, "="); print $1, word[1], word[2] } }' > "$GFP_TMP/help"
	# REC->FIELD, { NUMBER, "WORD" }, ...
	sed -n 's/^print fmt: //p' $TRACING/events/gfplab/gfplab_request/format | tr '}' '\n' | awk '
		match($0, /REC->[a-z]+, *[{]/) {
			field = substr($0, RSTART + 5)
			sub(/,.*/, "", field)
			sub(/.*REC->/, "")
		}
		match($0, /[{] *[0-9]+, "[a-z]+" *$/) {
			split(substr($0, RSTART + 1), part, /[ ,"]+/)
			print field, part[3], part[2] == "" ? part[1] : part[2]
		}' > "$GFP_TMP/format"
	for _field in result stage source reserve claimed charge observe; do
		grep "^$_field " "$GFP_TMP/format" > "$GFP_TMP/want" || fail "the format has no words of $_field:" "$(head -n 3 "$GFP_TMP/format")"
		grep "^$_field " "$GFP_TMP/help" > "$GFP_TMP/got" || fail "help has no words of $_field"
		cmp -s "$GFP_TMP/want" "$GFP_TMP/got" || fail "$_field in help:" "$(cat "$GFP_TMP/got")" "in the format:" "$(cat "$GFP_TMP/want")"
	done
	expect_eq "stage reclaim" "$(number stage reclaim)" "$(sed -n 's/^stage reclaim //p' "$GFP_TMP/format")"
	expect_eq "two words" "$(any_of result failed rejected)" "result == $(number result failed) || result == $(number result rejected)"
	if (number stage nosuch) 2> /dev/null; then fail "a word that is not there has a number"; fi
}

# Every recipe has a case.
each()
{
	for _file in "$RECIPES"/*; do
		[ -x "$_file" ] || continue
		_name=$(echo "${_file##*/}" | tr - _)
		grep -q "^test_case .* $_name\$" "$GFP_DIR/recipes.sh" || fail "${_file##*/} has no case"
	done
}

test_case "T-numbers help tells the numbers that the events have for words" numbers
test_case "T-each every recipe has a case" each
test_case "T-perf-stat perf counts requests by stage" perf_stat
test_case "T-perf-record perf records requests that failed" perf_record
test_case "T-perf-callers perf tells who asked" perf_callers
test_case "T-trace-cmd trace-cmd records requests among the kernel's events" trace_cmd
test_case "T-bpftrace bpftrace makes histograms by order" bpftrace_latency
test_case "T-hist a hist trigger counts stages and sources" hist_trigger
test_case "T-hist-latency a hist trigger counts latencies in powers of two" hist_latency
test_case "T-synthetic a synthetic event spans reclaim and request" synthetic_reclaim

run_cases
