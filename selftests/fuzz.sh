#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: a hostile user: every file and option, from several processes at once, while runs come and go
# requires: nodes>=2
# vm: numa
# timeout: 300
#
# FUZZ=N operations (20,000), SEED=N (1). The full numbers: scripts/torture.
. "$(dirname "$0")/lib.sh"

FUZZ=${FUZZ:-20000}
SEED=${SEED:-1}

# KiB that nobody uses: the free lists, and the per-cpu lists that move in and out of them
free_kb()
{
	sync
	echo 3 > /proc/sys/vm/drop_caches
	awk '
		$1 == "MemFree:" { kb = $2 }
		$1 == "count:" { pages += $2 }
		END { print kb + pages * 4 }' /proc/meminfo /proc/zoneinfo
}

# SEED OPERATIONS: what it did is in $GFP_TMP/fuzz. With few operations it need not reach everything.
fuzz()
{
	_status=0
	"$GFP_DIR/fuzz" "$@" > "$GFP_TMP/fuzz" || _status=$?
	case $_status,$2 in
	0,* | 3,???) ;;
	*) fail "the fuzzer says:" "$(cat "$GFP_TMP/fuzz")" ;;
	esac
}

# OPERATIONS: no complaint of the kernel's (settle looks), nothing held, no memory lost.
all_files()
{
	fuzz "$SEED" 900
	before=$(free_kb)
	fuzz "$SEED" "$1"
	after=$(free_kb)
	note "$(cat "$GFP_TMP/fuzz")"
	note "torture: fuzz$MODE: $(tail -n 2 "$GFP_TMP/fuzz" | tr '\n' ' '); $((after - before)) KiB of free memory"
	expect_ge "KiB of free memory afterwards" "$after" $((before - 2048))
	expect_eq "jobs that are left" "$(get create)" default
	[ -e /sys/module/gfplab ] && expect_eq "users of the module" "$(cat /sys/module/gfplab/refcnt)" 0
}

unsafe_files()
{
	gfp_unload
	gfp_load unsafe=1
	MODE=" unsafe=1"
	all_files "$1"
}

sum() { sed -n 's/.* sum //p' "$GFP_TMP/fuzz"; }

# What each process does depends on the seed and on nothing else.
again()
{
	fuzz "$SEED" 900
	first=$(sum)
	fuzz "$SEED" 900
	expect_eq "the sum of what was done with seed $SEED, again" "$(sum)" "$first"
	fuzz $((SEED + 1)) 900
	expect_ne "the sum of what was done with another seed" "$(sum)" "$first"
}

MODE=
test_case "F-again the same seed does the same" again
test_case "F-$FUZZ operations on every file and option: nothing hangs, leaks, complains or goes over the budget" all_files "$FUZZ"
test_case "F-unsafe the same with what unsafe=1 allows" unsafe_files $((FUZZ / 2))

run_cases
