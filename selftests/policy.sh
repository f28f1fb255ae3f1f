#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: the NUMA policy of the task that asks: who obeys, who does not (row M1)
# suite: full
# requires: nodes>=3 zone=1:Normal zone=2:Normal kprobes
# vm: numa3
# timeout: 180
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"

# The CPUs are on node 0: whoever ignores the policy gets its pages there.

# Entries that look at the policy of the task, with an order that they take.
OBEY="alloc_pages:2 alloc_page:0 get_free_pages:1 get_zeroed_page:0 alloc_pages_exact:3 folio_alloc:2 \
	put_page:2 held_page:2 split_page:2 vmalloc:3"
# Entries that are told the node, or take the nearest.
IGNORE="alloc_pages_node:2 alloc_pages_nodemask:2 bulk:4 bulk_list:4 bulk_refill:4 release_pages:4 page_frag:0"

# MODE NODES [CONTROL]: `call` from a task with this policy
with_policy()
{
	_rc=0
	_said=$("$GFP_DIR/mempol" "$1" "$2" "$GFP_DIR/write1" "$JOB/control" "${3:-call}" 2>&1) || _rc=$?
	[ $_rc -ne 4 ] || skip "this kernel has no policy $1"
	[ $_rc -eq 0 ] || fail "call with policy $1 $2: $_said"
}

# ENTRY:ORDER
ask()
{
	set_opts "entry=${1%:*}" "order=${1#*:}" count=24 release=at_end gfp=GFP_KERNEL
}

# The nodes of all records, in order
nodes_seen() { sed 's/.* page_nid=\([^ ]*\) .*/\1/' "$JOB/records" | tr '\n' ' '; }

# NODES-IN-A-CYCLE: the records' nodes go round and round in this order, from wherever they begin.
expect_cycle()
{
	_broken=$(nodes_seen | awk -v cycle="$1" '{
		n = split(cycle, want, " ")
		for (from = 1; from <= n; from++) {
			good = 1
			for (i = 1; i <= NF && good; i++)
				good = $i == want[(from + i - 2) % n + 1]
			if (good)
				exit
		}
		print $0
	}')
	expect_eq "nodes that do not go round $1" "$_broken" ""
}

# ---- who obeys

# MODE NODES WANT: every entry of OBEY gets its pages from node WANT and no other. Red if an entry
# or a mode loses the policy on its way to the zonelist.
obeyed()
{
	for entry in $(only_here $OBEY); do
		ask "$entry"
		with_policy "$1" "$2"
		expect_all_records result=ok page_nid="$3" bad=none
	done
}

# The same for those that do not look at it: node 0. Red if they began to.
ignored()
{
	for entry in $(only_here $IGNORE); do
		ask "$entry"
		with_policy "$1" "$2"
		expect_all_records result=ok page_nid=0 bad=none
	done
}

# Red if a node that is named is overruled by the policy.
named_node()
{
	for entry in $(only_here alloc_pages_node:0 alloc_pages_nodemask:0 bulk:3 bulk_list:3 bulk_refill:3); do
		ask "$entry"
		set_opts nid=2
		with_policy bind 1
		expect_all_records result=ok page_nid=2
	done
	ask alloc_pages_nodemask:0
	set_opts nid=0 nodes=2
	with_policy bind 1
	expect_all_records result=ok page_nid=2
}

# A large kmalloc() without a node is alloc_pages(), which obeys, or alloc_pages_node().
large_kmalloc()
{
	_want=0
	! has kmalloc_obeys_policy || _want=1
	for policy in preferred bind interleave; do
		ask kmalloc_large:2
		with_policy $policy 1
		expect_all_records result=ok page_nid=$_want
	done
}

test_case "M1 default: pages come from the CPU's node" obeyed default - 0
test_case "M1 local: pages come from the CPU's node" obeyed local - 0
test_case "M1 preferred: without nodes it means local" obeyed preferred - 0
test_case "M1 preferred: every entry that obeys gets the preferred node" obeyed preferred 1 1
test_case "M1 preferred: node 2 is another than node 1" obeyed preferred 2 2
test_case "M1 bind: every entry that obeys stays on the node" obeyed bind 1 1
test_case "M1 bind: of two nodes the nearer one serves" obeyed bind 1-2 1
test_case "M1 preferred-many: every entry that obeys gets the nearest of them" obeyed preferred-many 1-2 1
test_case "M1 preferred: the entries that ignore it" ignored preferred 1
test_case "M1 bind: the entries that ignore it" ignored bind 1
test_case "M1 interleave: the entries that ignore it" ignored interleave 1-2
test_case "M1 preferred-many: the entries that ignore it" ignored preferred-many 1-2
test_case "M1 bind: a node that the caller names wins" named_node
test_case "M1 bind: large kmalloc() obeys or ignores it as its kernel does" large_kmalloc

# ---- who asks from where

# Workers are kthreads: what the writer of `start` brings along is not theirs.
kthreads()
{
	set_opts count=24
	with_policy bind 1 start
	wait_idle
	expect_all_records result=ok page_nid=0
}

# CONTEXT GFP NODE: an interrupt has nobody's policy, though it borrows a task that has one; a
# spinlock changes nothing. Red if in_interrupt() is not asked before the task's policy is taken.
context()
{
	require_context "$1"
	set_opts context="$1" gfp="$2" count=24
	for policy in bind preferred interleave; do
		with_policy $policy 1
		expect_all_records result=ok page_nid="$3"
	done
}

# Red if __GFP_THISNODE, which means this very node, goes where the policy says.
thisnode()
{
	for policy in bind preferred interleave preferred-many; do
		set_opts 'gfp=GFP_KERNEL|__GFP_THISNODE' count=8
		with_policy $policy 1
		expect_all_records result=ok page_nid=0 zone!=Normal
	done
}

# A bind holds for the highest zone only: a request for a lower one may leave the nodes, or it could
# never be served. Red if apply_policy_zone() is lost.
lower_zone()
{
	set_opts gfp=GFP_DMA32 count=8
	with_policy bind 1
	expect_all_records result=ok page_nid=0 zone=DMA32 stage=fast
	set_opts entry=get_dma_pages gfp=GFP_KERNEL
	with_policy bind 1
	expect_all_records result=ok page_nid=0 zone=DMA stage=fast
}

test_case "M1 bind: workers are not bound by the policy of the task that starts them" kthreads
test_case "M1 bind: under a spinlock the policy holds" context atomic GFP_ATOMIC 1
test_case "M1 bind: a softirq has no policy" context softirq GFP_ATOMIC 0
test_case "M1 bind: a hardirq has no policy" context hardirq GFP_ATOMIC 0
test_case "M1 every mode: __GFP_THISNODE ignores the policy" thisnode
test_case "M1 bind: zones below the highest are exempt" lower_zone

# ---- when the node is short

NORETRY='GFP_KERNEL|__GFP_NORETRY|__GFP_NOWARN'

# Below the min mark of node 1, with two nodes free: NULL. Red if a bind is a preference.
bind_fails()
{
	set_opts gfp="$NORETRY" squeeze=1:Normal:60 count=4
	with_policy bind 1
	expect_all_records result=failed stage=reclaim page_nid=none
	set_opts 'gfp=GFP_NOWAIT|__GFP_NOWARN'
	with_policy bind 1
	expect_all_records result=failed stage=slow alloc_flags=0x801,0x850,0x850
}

# With something to reclaim there, it is reclaimed. Red as above.
bind_reclaims()
{
	set_opts gfp=GFP_KERNEL squeeze=1:Normal:75 count=20 release=at_end
	"$GFP_DIR/cache" 1 60 "$GFP_DIR/mempol" bind 1 "$GFP_DIR/write1" "$JOB/control" call ||
		fail "call with reclaimable memory on node 1"
	expect_all_records result=ok page_nid=1 victim=none
	expect_some_record stage=reclaim "reclaimed>=1"
}

# What a bound task makes the kernel allocate besides comes from its node as well, and each CPU's lists take a batch
# of it: room between the marks, and free pages in the middle of it.
wide_marks()
{
	sysctl_set vm/min_free_kbytes 16384
	set_opts squeeze=1:Normal:115 "$@"
}

# Below low, a bind to both nodes goes to the second in the fast path; to one, it waits for min.
bind_falls_back()
{
	wide_marks count=8
	with_policy bind 1-2
	expect_all_records result=ok page_nid=2 stage=fast attempts=1
	with_policy bind 1
	expect_all_records result=ok page_nid=1 stage=slow attempts=2 alloc_flags=0x801,0x840
}

# What can't wait is let off the policy before it fails. Red if the slow path keeps the nodemask of
# a request that needs no cpuset, or drops it for all.
bind_atomic_escapes()
{
	set_opts 'gfp=GFP_ATOMIC|__GFP_NOWARN' squeeze=1:Normal:30 count=8
	with_policy bind 1
	expect_all_records result=ok page_nid=0 stage=slow attempts=3 alloc_flags=0x801,0x830,0x830 bad=none
}

# The preferred node is left as soon as the fast path does not find its mark, and the nodes count
# whom they missed. Red if a preference is a bind, or if it ends elsewhere than at the nearest node
# to the preferred one.
preferred_falls_back()
{
	wide_marks count=500
	foreign=$(numastat 1 numa_foreign)
	with_policy preferred 1
	expect_all_records result=ok stage=fast attempts=1 page_nid=0/2
	expect_ge "requests that node 1 lost" $(($(numastat 1 numa_foreign) - foreign)) 500
	set_opts squeeze=none
	with_policy preferred 1
	expect_all_records result=ok page_nid=1
}

# It tries its nodes down to the min mark, but reclaims nothing for them; then the others. Red if the
# first pass ends at low, reclaims, or the second is left out.
preferred_many_short()
{
	wide_marks count=8
	with_policy preferred-many 1
	expect_all_records result=ok page_nid=1 stage=slow attempts=2 alloc_flags=0x801,0x850
	with_policy preferred-many 1-2
	expect_all_records result=ok page_nid=2 stage=fast attempts=1
	set_opts squeeze=1:Normal:60
	with_policy preferred-many 1
	twice=,0x850
	! has compacts_late || twice=
	expect_all_records result=ok page_nid=0 stage=slow attempts=$(($(looks) + 1)) \
		alloc_flags=0x801,0x850$twice,0x801 reclaimed=0 reclaim_ns=0
}

test_case "M1 bind: a request fails rather than leave its node" bind_fails
test_case "M1 bind: a request reclaims rather than leave its node" bind_reclaims
test_case "M1 bind: from one node of it to the other" bind_falls_back
test_case "M1 bind: GFP_ATOMIC leaves its node at last" bind_atomic_escapes
test_case "M1 preferred: falls back in the fast path" preferred_falls_back
test_case "M1 preferred-many: its nodes first, without reclaim, then any" preferred_many_short

# ---- turns

# Red if a turn is lost or taken twice, or if a node outside the policy gets one.
interleave_cycle()
{
	for entry in $(only_here $OBEY); do
		case $entry in vmalloc:*) continue ;; esac
		ask "$entry"
		with_policy interleave 0-2
		expect_cycle "0 1 2"
		with_policy interleave 0,2
		expect_cycle "0 2"
		with_policy interleave 1-2
		expect_cycle "1 2"
	done
}

# vmalloc asks for all its pages at once: each node gets its share of them. Where it asks for a block
# first, which is all of one node, vmallocs take turns.
interleave_vmalloc()
{
	set_opts entry=vmalloc order=8 count=1 release=keep
	! has vmalloc_large_blocks || set_opts order=2 count=256
	hits=$(numastat 1 numa_hit) others=$(numastat 2 numa_hit)
	with_policy interleave 1-2
	expect_near "pages of node 1" $(($(numastat 1 numa_hit) - hits)) \
		$(($(numastat 2 numa_hit) - others)) 16
	expect_ge "pages of node 1" $(($(numastat 1 numa_hit) - hits)) 128
}

# COUNT: sets GOT0, GOT1, GOT2 to what interleave_hit of the nodes grew by over so many requests
interleave_growth()
{
	set_opts "count=$1" ring=100
	GOT0=$(numastat 0 interleave_hit) GOT1=$(numastat 1 interleave_hit) GOT2=$(numastat 2 interleave_hit)
	with_policy interleave 1-2
	GOT0=$(($(numastat 0 interleave_hit) - GOT0))
	GOT1=$(($(numastat 1 interleave_hit) - GOT1))
	GOT2=$(($(numastat 2 interleave_hit) - GOT2))
}

# The rest of the task's life counts as well, so two runs are compared. Red if interleave_hit is not
# counted, or on the wrong node.
interleave_counted()
{
	interleave_growth 10
	few1=$GOT1 few2=$GOT2
	interleave_growth 1010
	expect_near "interleave_hit of node 1 for 500 turns" $((GOT1 - few1)) 500 10
	expect_near "interleave_hit of node 2 for 500 turns" $((GOT2 - few2)) 500 10
	expect_le "interleave_hit of node 0" "$GOT0" 10
}

# A node that is short loses its turns to its neighbours, and they are no hits.
interleave_short()
{
	set_opts squeeze=1:Normal:105
	interleave_growth 10
	few1=$GOT1 few2=$GOT2
	interleave_growth 1010
	expect_near "interleave_hit of node 1, which is short" $((GOT1 - few1)) 0 10
	expect_near "interleave_hit of node 2" $((GOT2 - few2)) 500 10
	expect_all_records result=ok stage=fast page_nid!=1
}

WEIGHTS=/sys/kernel/mm/mempolicy/weighted_interleave

# W0 W1 W2: how many turns each node gets
weights()
{
	[ -d $WEIGHTS ] || skip "the kernel has no weighted interleave"
	for nid in 0 1 2; do
		undo "echo $(cat $WEIGHTS/node$nid) > $WEIGHTS/node$nid"
		echo "$1" > $WEIGHTS/node$nid
		shift
	done
}

# Red if weights are swapped, ignored or off by one.
weighted()
{
	weights 1 3 2
	for entry in $(only_here alloc_pages:0 get_free_pages:1 folio_alloc:2); do
		ask "$entry"
		set_opts count=120
		with_policy weighted-interleave 1-2
		expect_cycle "1 1 1 2 2"
		with_policy weighted-interleave 0-2
		expect_cycle "0 1 1 1 2 2"
	done
}

# Weights belong to their mode alone.
weights_unused()
{
	weights 1 5 1
	set_opts count=30
	with_policy interleave 1-2
	expect_cycle "1 2"
}

test_case "M1 interleave: nodes take turns, record by record" interleave_cycle
test_case "M1 interleave: vmalloc's pages are shared out" interleave_vmalloc
test_case "M1 interleave: interleave_hit counts the turns" interleave_counted
test_case "M1 interleave: a node that is short loses its turns" interleave_short
test_case "M1 weighted-interleave: turns by weight" weighted
test_case "M1 weighted-interleave: interleave takes no notice of weights" weights_unused

run_cases
