#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: a hostile user: every file and option, from several processes at once, while runs come and go
# dangerous: is a hostile user of every file and option
# suite: full
# requires: nodes>=2
# vm: hostile
# timeout: 300
#
# FUZZ=N operations (20,000), SEED=N (1). The full numbers: scripts/torture.
. "$(dirname "$0")/lib/lib.sh"

FUZZ=${FUZZ:-20000}
SEED=${SEED:-1}

# SEED OPERATIONS: what it did is in $GFP_TMP/fuzz. With few operations it need not reach everything.
fuzz()
{
	_status=0
	"$GFP_DIR/fuzz" "$@" > "$GFP_TMP/fuzz" || _status=$?
	[ $_status -ne 3 ] || [ "$2" -ge 10000 ] || return 0
	[ $_status -eq 0 ] || fail "the fuzzer says:" "$(cat "$GFP_TMP/fuzz")"
}

# OPERATIONS: no complaint of the kernel's (settle looks), nothing held, no memory lost.
all_files()
{
	fuzz "$SEED" 900
	# KASAN keeps back what was freed for a while.
	slack=2048
	[ -z "$WATCHED" ] || slack=16384
	# Caches of the kernel's own may grow by as much, but not each time: a leak does.
	for _ in 1 2 3; do
		before=$(unused_kb)
		fuzz "$SEED" "$1"
		after=$(unused_kb)
		note "$(cat "$GFP_TMP/fuzz")"
		note "torture: fuzz$MODE: $(tail -n 2 "$GFP_TMP/fuzz" | tr '\n' ';' | sed 's/;/; /g')$((after - before)) KiB of free memory"
		[ "$after" -lt $((before - slack)) ] || break
	done
	expect_ge "KiB of free memory afterwards" "$after" $((before - slack))
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

# What the fuzzer found is held here by itself.

# Memory with something in it, asked for again. Red if a block is called bad for what the kernel does.
zerotags()
{
	get help | grep -q __GFP_ZEROTAGS || skip "this kernel has no __GFP_ZEROTAGS"
	set_opts count=200 order=0-3 hold=100 check=full
	call
	set_opts check=basic 'gfp=GFP_KERNEL|__GFP_ZERO|__GFP_ZEROTAGS'
	call
	expect_eq "requests, bad blocks" "$(summary requests bad_blocks)" "200 0"
	set_opts 'gfp=GFP_KERNEL|__GFP_ZERO'
	call
	expect_eq "requests, bad blocks" "$(summary requests bad_blocks)" "200 0"
}

# Every range makes its pageblock unfit for others, so the search goes down to the first page of all.
# Red if it goes on from there at the other end of the address space, for ever.
contig_to_the_end()
{
	set_opts entry=contig_range order=0 nid=0 count=400 hold=400 cpus=0 timeout_ms=80000
	start
	wait_idle 90
	expect_ge "requests that came down to the first page" "$(summary failed)" 1
}

# Each job holds its quarter of the whole machine, all of it on node 1. Red if they fill it: the
# kernel then kills whoever it finds, in vain, until nobody is left.
one_node()
{
	kills=$(vmstat oom_kill)
	for name in default second third fourth; do
		job $name
		set_opts entry=alloc_pages_nodemask nid=1 nodes=1 order=0-3 count=0 release=keep hold=0 observe=none timeout_ms=60000
		if ! echo start 2> /dev/null > "$JOB/control"; then
			# There may be no room for a second one, as where the kernel's own watchers need much.
			[ "$name" != default ] || fail "the first run is refused: $(head -n 1 "$GFP/error")"
			expect_like "why the run of $name is refused" "$(head -n 1 "$GFP/error")" "*-ENOMEM*budget*"
			continue
		fi
		wait_idle 60
		ended=$(status aborted)
		note "$name: $(status held_pages) pages, $ended; free on node 1: $(zone_free 1 Normal)"
		expect_eq "how the run of $name ended" "$ended" budget
	done
	expect_eq "tasks killed" $(($(vmstat oom_kill) - kills)) 0
	room=$(zone_free 1 Normal)
	for field in nr_zone_inactive_file nr_zone_active_file; do
		room=$((room + $(zone_field 1 Normal $field)))
	done
	managed=$(zone_field 1 Normal managed)
	expect_ge "pages of node 1 that are free or page cache, of $managed" "$room" $((managed / 10))
}

MODE=
test_case "F-again the same seed does the same" again
test_case "F-$FUZZ operations on every file and option: nothing hangs, leaks, complains or goes over the budget" all_files "$FUZZ"
test_case "F-unsafe the same with what unsafe=1 allows" unsafe_files $((FUZZ / 5 > 10000 ? FUZZ / 5 : 10000))
test_case "F-zerotags a block that __GFP_ZEROTAGS leaves as it was is no bad block" zerotags
test_case "F-contig the search for a range ends where memory begins" contig_to_the_end
test_case "F-node nodes=1 leaves something of node 1" one_node

run_cases
