#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: __GFP_ACCOUNT: what is charged to the task's memory cgroup, and given back (row M2)
# suite: full
# requires: nodes>=2 kprobes
# vm: disk
# timeout: 240
# kills: yes
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"

# What a group's own task may need besides, and what each CPU may have charged in advance: pages
SLACK=200

# OPTION=VALUE...: `call` from a task of the group
call_in()
{
	set_opts "$@"
	_said=$(cgroup_run "$GFP_DIR/write1" "$JOB/control" "${CONTROL:-call}" 2>&1) ||
		fail "call in the group: $_said"
}

charged() { echo $(($(cat "$CGROUP/memory.current") / 4096)); }
event() { awk -v key="$1" '$1 == key { print $2 }' "$CGROUP/memory.events"; }

# WHAT WANT: pages charged
expect_charged()
{
	_got=$(charged)
	expect_ge "pages charged $1" "$_got" "$2"
	expect_le "pages charged $1" "$_got" $(($2 + SLACK))
}

# ---- at the limit

# The page is there, reclaim in the group finds nothing, and the caller gets NULL: all behind the
# fast path. Red if the charge is forgotten, or its failure.
limit()
{
	cgroup_make memory memory.max=4M
	call_in 'gfp=GFP_KERNEL_ACCOUNT|__GFP_NORETRY|__GFP_NOWARN' count=1200 release=at_end
	ok=$(summary ok)
	expect_ge "pages that a limit of 1024 allows" "$ok" $((1024 - SLACK))
	expect_le "pages that a limit of 1024 allows" "$ok" 1024
	expect_eq "requests that failed" "$(summary failed)" $((1200 - ok))
	expect_record result=failed stage=fast source=none reserve=none attempts=1 alloc_flags=0x801 \
		reclaim_ns=0 victim=none page_nid=none charge=failed
	expect_eq "records of a charge that failed" "$(count_where charge=failed)" $((1200 - ok))
	expect_eq "records that failed or not" "$(count_where result=ok charge=none)" "$ok"
	expect_eq "records that failed otherwise" \
		"$(count_where result=failed stage=fast attempts=1 reclaim_ns=0)" $((1200 - ok))
	expect_ge "times the group met its limit" "$(event max)" $((1200 - ok))
	expect_eq "OOM kills in the group" "$(event oom_kill)" 0
	expect_charged "when all is given back" 0
}

# What was predicted of the page came true, and that the charge may fail. Red if it is counted as a difference.
charge_predicted()
{
	cgroup_make memory memory.max=4M
	call_in 'gfp=GFP_KERNEL_ACCOUNT|__GFP_NORETRY|__GFP_NOWARN' count=1200 release=at_end observe=explain
	expect_ge "charges that failed" "$(count_where charge=failed)" 100
	expect_eq "predictions that differ" "$(summary explain.differ)" 0
	expect_eq "predictions that agree" "$(summary explain.agree)" 1200
}

# A group that may kill does, and its task: no request has come to the machine's OOM killer. Red if a group's is
# taken for that.
group_oom()
{
	cgroup_make memory memory.max=8M memory.swap.max=0
	kills=$(vmstat oom_kill)
	set_opts gfp=GFP_KERNEL_ACCOUNT count=3000 release=at_end observe=explain
	cgroup_run "$GFP_DIR/write1" "$JOB/control" call > "$GFP_TMP/said" 2>&1 || :
	wait_idle
	expect_ge "OOM kills in the group" "$(event oom_kill)" 1
	expect_ge "OOM kills" "$(vmstat oom_kill)" $((kills + 1))
	expect_some_record victim!=none
	expect_no_record stage=oom
	expect_eq "records of the fast path" "$(count_where stage=fast attempts=1)" "$(wc -l < "$JOB/records")"
	expect_eq "predictions that differ" "$(summary explain.differ)" 0
}

# An order that takes what is left in one go. Red if a block is charged as one page.
limit_of_blocks()
{
	cgroup_make memory memory.max=4M
	call_in 'gfp=GFP_KERNEL_ACCOUNT|__GFP_NORETRY|__GFP_NOWARN' order=4 count=100 release=at_end
	expect_ge "blocks of 16 that a limit of 1024 allows" "$(summary ok)" $(((1024 - SLACK) / 16))
	expect_le "blocks of 16 that a limit of 1024 allows" "$(summary ok)" 64
	expect_record result=failed stage=fast
}

# What can't wait fails at the limit at once, and nothing is reclaimed for it.
nowait()
{
	cgroup_make memory memory.max=4M
	call_in 'gfp=GFP_NOWAIT|__GFP_ACCOUNT|__GFP_NOWARN' count=1200 release=at_end
	expect_ge "pages that a limit of 1024 allows" "$(summary ok)" $((1024 - SLACK))
	expect_le "pages that a limit of 1024 allows" "$(summary ok)" 1024
	expect_record result=failed stage=fast attempts=1
}

# __GFP_HIGH goes over the limit. Red if it fails, or if what is forced is not charged.
forced()
{
	cgroup_make memory memory.max=4M
	[ -r "$CGROUP/memory.peak" ] || skip "the kernel has no memory.peak"
	call_in 'gfp=GFP_ATOMIC|__GFP_ACCOUNT' count=1500 release=at_end
	expect_all_records result=ok stage=fast
	peak=$(($(cat "$CGROUP/memory.peak") / 4096))
	expect_ge "most pages charged over a limit of 1024" "$peak" 1500
	expect_le "most pages charged over a limit of 1024" "$peak" $((1500 + SLACK))
	expect_ge "times the group met its limit" "$(event max)" 400
	expect_charged "when all is given back" 0
}

# Without __GFP_ACCOUNT a limit is none of the request's business. Red if everything is charged.
unaccounted()
{
	cgroup_make memory memory.max=4M
	call_in gfp=GFP_KERNEL count=1500 release=keep
	expect_all_records result=ok
	expect_charged "without __GFP_ACCOUNT" 0
	expect_eq "times the group met its limit" "$(event max)" 0
}

# The group makes room by swapping out, which allocates, too: inside the request, and not for it. Red if
# what reclaim of the group takes, marks and costs is taken for the request's own.
swapping()
{
	swap_on
	cgroup_make memory memory.max=32M
	out=$(vmstat pswpout)
	set_opts gfp=GFP_KERNEL_ACCOUNT count=3000 release=at_end
	_said=$(cgroup_run "$GFP_DIR/anon" 0 28 "$GFP_DIR/write1" "$JOB/control" call 2>&1) ||
		fail "call in a group that swaps: $_said"
	expect_ge "pages swapped out" $(($(vmstat pswpout) - out)) 1000
	expect_all_records result=ok stage=fast attempts=1 alloc_flags=0x801 reclaim_ns=0 compact_ns=0 \
		reserve=none victim=none kswapd=0 bad=none
	expect_all_records reclaims=0 reclaimed=0 scanned=0 slab=0
}

test_case "M2 GFP_KERNEL_ACCOUNT fails at the group's limit, behind the fast path" limit
test_case "M2 a charge that failed is no difference from what was predicted" charge_predicted
test_case "M2 a group's OOM killer is not the machine's" group_oom
test_case "M2 what a group's reclaim allocates is not the request's" swapping
test_case "M2 a block is charged page by page" limit_of_blocks
test_case "M2 GFP_NOWAIT|__GFP_ACCOUNT fails at the limit" nowait
test_case "M2 GFP_ATOMIC|__GFP_ACCOUNT is charged over the limit" forced
test_case "M2 without __GFP_ACCOUNT nothing is charged" unaccounted

# ---- given back

# ENTRY ORDER PAGES: 100 blocks of PAGES, and the charge is theirs; then it is gone. Red if an entry
# charges nothing, too much, or if its free forgets to uncharge.
there_and_back()
{
	cgroup_make memory
	call_in entry="$1" order="$2" gfp=GFP_KERNEL_ACCOUNT count=100 release=keep
	expect_all_records result=ok pages="$3"
	expect_charged "for 100 blocks of $3 pages" $(($3 * 100))
	reset
	expect_charged "when all is given back" 0
}

test_case "M2 alloc_pages: charged and given back" there_and_back alloc_pages 3 8
test_case "M2 alloc_pages_node: charged and given back" there_and_back alloc_pages_node 3 8
test_case "M2 alloc_pages_nodemask: charged and given back" there_and_back alloc_pages_nodemask 3 8
test_case "M2 get_free_pages: charged and given back" there_and_back get_free_pages 3 8
test_case "M2 alloc_pages_exact: charged and given back, the tail at once" there_and_back alloc_pages_exact 4 12
test_case "M2 folio_alloc: charged and given back" there_and_back folio_alloc 3 8
test_case "M2 put_page: charged and given back" there_and_back put_page 3 8
test_case "M2 split_page: charged and given back page by page" there_and_back split_page 3 8
test_case "M2 kmalloc_large: charged and given back" there_and_back kmalloc_large 3 8
test_case "M2 vmalloc: charged and given back" there_and_back vmalloc 3 8

# Bulk takes no account: it brings one page, by way of the ordinary door. Red if it brings more that
# nobody pays for.
bulk()
{
	cgroup_make memory
	call_in entry=bulk order=5 gfp=GFP_KERNEL count=8 release=keep
	expect_all_records result=ok pages=32
	expect_charged "without __GFP_ACCOUNT" 0
	reset
	call_in gfp=GFP_KERNEL_ACCOUNT count=500
	expect_all_records result=ok pages=1
	expect_charged "for one page each" 500
	reset
	expect_charged "when all is given back" 0
}

test_case "M2 bulk with __GFP_ACCOUNT brings one page" bulk

# ---- who pays

# An interrupt, or a worker, has no group to charge: the pages are nobody's.
others()
{
	cgroup_make memory memory.max=4M
	for context in softirq $HARDIRQ; do
		call_in context=$context 'gfp=GFP_ATOMIC|__GFP_ACCOUNT' count=1500 release=keep
		expect_all_records result=ok
		expect_charged "from $context" 0
		reset
	done
	CONTROL=start
	call_in context=task gfp=GFP_KERNEL_ACCOUNT
	wait_idle
	expect_all_records result=ok
	expect_charged "to who starts workers" 0
}

# The owner's exit does not end the charge, the group's end does not lose it: it goes to the parent.
outlived()
{
	cgroup_make memory
	call_in gfp=GFP_KERNEL_ACCOUNT count=1000 release=keep
	expect_charged "after its task is gone" 1000
	top=$CGROUP
	mkdir "$top/inner"
	undo "cgroup_remove $top/inner"
	reset
	echo +memory > "$top/cgroup.subtree_control"
	CGROUP=$top/inner
	call_in gfp=GFP_KERNEL_ACCOUNT count=1000 release=keep
	expect_charged "to the inner group" 1000
	cgroup_remove "$CGROUP"
	mkdir "$CGROUP"
	CGROUP=$top
	expect_charged "to the outer group, when the inner one is gone" 1000
	reset
	expect_charged "when all is given back" 0
}

test_case "M2 requests of interrupts and workers are charged to no group" others
test_case "M2 a charge outlives its task and its group" outlived

run_cases
