#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: every allocation that loading, `create` and `start` make fails once, one after the other
# suite: full
# timeout: 600
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib.sh"

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

# WHAT...: sets HOW, an errno or `done`, and REACHED. N is how many allocations came before.
nth()
{
	_said=$("$GFP_DIR/nth" "$N" "$@") || fail "nth $N $*: $_said"
	HOW=${_said% *} REACHED=${_said#* }
}

# The files, and what is in those that say what there is
tree() { (cd "$GFP" && find . | sort); }

# One after the other, until there is no further allocation. GOOD says what must be true when it was
# done, BAD when it was not: every time.
each()
{
	_good=$1 _bad=$2
	shift 2
	N=0 refused=0 spared=0
	while :; do
		N=$((N + 1))
		nth "$@"
		[ "$REACHED" = reached ] || break
		case $HOW in
		ENOMEM) refused=$((refused + 1)); $_bad ;;
		done) spared=$((spared + 1)); $_good ;;
		*) fail "allocation $N of $*" "  expected: ENOMEM, or done without" "  actual:   $HOW" ;;
		esac
		[ $N -lt 2000 ] || fail "$*: 2000 allocations and no end"
	done
	[ "$HOW" = "done" ] || fail "$*, nothing injected: $HOW"
	$_good
	note "$((N - 1)) allocations: $refused refused, $spared done without"
	expect_ge "allocations that failed" $((N - 1)) "$LEAST"
}

# ---- loading

loaded_well()
{
	expect_eq "files, after allocation $N failed" "$(tree)" "$(cat "$GFP_TMP/tree")"
	call
	expect_eq "requests" "$(summary requests)" 1
	rmmod gfplab
}

not_loaded()
{
	expect_eq "the module, after allocation $N failed" "$(loaded && echo loaded || echo gone)" gone
	expect_eq "its files" "$([ ! -d "$GFP" ] || echo there)" ""
}

loading()
{
	inject
	tree > "$GFP_TMP/tree"
	gfp_unload
	LEAST=20
	each loaded_well not_loaded load "$(ko)" unsafe=1
	gfp_load unsafe=1
}

# With a run that starts at once
loading_run()
{
	inject
	tree > "$GFP_TMP/tree"
	gfp_unload
	LEAST=25
	each loaded_well not_loaded load "$(ko)" "unsafe=1 run=1 observe=explain count=1"
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
		"$(summary requests) $(summary bad_blocks) $(status held_pages)" "40 0 0"
	expect_eq "records" "$(wc -l < "$JOB/records")" 40
}

# Nothing ran, nothing is left, and the job runs when it is asked again.
not_run()
{
	expect_eq "state, after allocation $N failed" "$(status state) $(status held_pages)" "idle 0"
	expect_like "error" "$(get error)" "*-12 (-ENOMEM)*"
	: > "$GFP/error"
	put control "$WORD"
	ran
}

running()
{
	inject
	WORD=$1
	N=0
	set_opts "$OPTIONS cpus=0"
	put control "$WORD"
	ran
	LEAST=5
	each ran not_run write "$JOB/control" "$WORD"
}

test_case "F-nth-load every allocation of loading fails: gone without a trace, and with ENOMEM" loading
test_case "F-nth-load-run so it is when a run starts at once" loading_run
test_case "F-nth-create every allocation of create fails: no job, ENOMEM, and the next one works" creating
test_case "F-nth-start every allocation of start fails: nothing runs, ENOMEM, and the next start works" running start

run_cases
