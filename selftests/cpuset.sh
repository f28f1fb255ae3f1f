#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: the cpuset of the task that asks: its nodes, the hard wall, who escapes (row P6)
# suite: full
# requires: nodes>=3 zone=1:Normal zone=2:Normal kprobes
# vm: numa3
# timeout: 120
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"

# The CPUs are on node 0: whoever ignores the cpuset gets its pages there.

# MEMS [COMMAND...]: `call`, in a cpuset with these nodes
call_in()
{
	[ -d "${CGROUP:-/nowhere}" ] || cgroup_make cpuset
	echo "$1" > "$CGROUP/cpuset.mems"
	shift
	[ $# -gt 0 ] || set -- "$GFP_DIR/write1" "$JOB/control" call
	_said=$(cgroup_run "$@" 2>&1) || fail "in the cpuset: $* failed: $_said"
	[ "$(get options/observe)" != explain ] || expect_eq "explain.differ" "$(summary explain.differ)" 0
}

NORETRY='__GFP_NORETRY|__GFP_NOWARN'
SHORT=squeeze=1:Normal:60	# below min, above what GFP_ATOMIC may take

# ---- with memory free

# Every entry, with GFP_KERNEL as with GFP_USER: the fast path has a hard wall for all. It shows in
# the mask that mm_page_alloc saw. Red if the allowed nodes do not become the nodemask.
every_entry()
{
	for entry in $(only_here alloc_pages:2 alloc_page:0 alloc_pages_node:1 alloc_pages_nodemask:0 \
		get_free_pages:1 get_zeroed_page:0 alloc_pages_exact:3 folio_alloc:2 put_page:2 \
		held_page:2 split_page:2 bulk:4 bulk_list:4 bulk_refill:4 release_pages:4 page_frag:0 \
		kmalloc_large:2 vmalloc:3); do
		set_opts "entry=${entry%:*}" "order=${entry#*:}" count=24 release=at_end
		call_in 1
		expect_all_records result=ok page_nid=1 stage!=slow bad=none
	done
}

hardwall_in_fast_path()
{
	set_opts gfp=GFP_KERNEL count=8
	call_in 1
	expect_all_records page_nid=1 stage=fast attempts=1 alloc_flags=0x801 gfp_seen=GFP_USER
}

# Node 0 is named, and the fast path still goes to node 1. Red as above.
node_named()
{
	set_opts entry=alloc_pages_node nid=0 gfp=GFP_KERNEL count=8
	call_in 1
	expect_all_records result=ok page_nid=1 stage=fast
	set_opts nid=2
	call_in 1
	expect_all_records result=ok page_nid=1 stage=fast
}

# Two nodes: the nearer one; and as that is short of low, the other, without a word.
two_nodes()
{
	set_opts gfp=GFP_KERNEL count=8
	call_in 1-2
	expect_all_records result=ok page_nid=1 stage=fast
	call_in 2
	expect_all_records result=ok page_nid=2 stage=fast
	set_opts squeeze=1:Normal:105
	call_in 1-2
	expect_all_records result=ok page_nid=2 stage=fast attempts=1
}

# The same task in the root cpuset: red if the cpuset were not what held it.
without()
{
	cgroup_make cpuset
	echo 1 > "$CGROUP/cpuset.mems"
	set_opts count=8
	call
	expect_all_records result=ok page_nid=0 stage=fast
}

test_case "P6 mems=1: every entry gets its pages there" every_entry
# With a nodemask of its own the walk of a bulk has to look at the cpuset: what it prefers is forbidden,
# and from another node there is one page. Red if the cpuset is not looked at.
bulk_and_nodemask()
{
	set_opts observe=explain entry=bulk nid=0 nodes=0-1 order=4 count=8
	call_in 1
	expect_all_records result=ok page_nid=1 pages=1 stage=fast attempts=1
	set_opts nid=1
	call_in 1
	expect_all_records result=ok page_nid=1 pages=16 stage=fast attempts=0
}

test_case "P6 mems=1: a bulk with a nodemask passes over node 0" bulk_and_nodemask
test_case "P6 the fast path has a hard wall for GFP_KERNEL as well" hardwall_in_fast_path
test_case "P6 mems=1: another node may be named, it is not used" node_named
test_case "P6 mems=1-2: both are used, node 0 is not" two_nodes
test_case "P6 a task outside the cpuset has all nodes" without

# ---- with node 1 short

# The kswapd of node 1 is woken, those of nodes with plenty are not: with skips_kswapd_nodes that decides
# which node is tried first. Red if explain takes them for woken.
foreseen()
{
	set_opts observe=explain squeeze=1:Normal:110 count=8
	for gfp in GFP_USER GFP_KERNEL GFP_ATOMIC; do
		set_opts "gfp=$gfp"
		call_in 1
		expect_eq "explain.differ ($gfp)" "$(summary explain.differ)" 0
	done
}

# GFP: NULL, though two nodes are free. Red if __GFP_HARDWALL is ignored, or the slow path forgets
# the cpuset.
user_fails()
{
	set_opts observe=explain "gfp=GFP_USER|$NORETRY" $SHORT count=4
	call_in 1
	expect_all_records result=failed stage=reclaim page_nid=none
	set_opts 'gfp=GFP_NOWAIT|__GFP_HARDWALL|__GFP_NOWARN'
	call_in 1
	expect_all_records result=failed stage=slow alloc_flags=0x801,0x850,0x850 page_nid=none
}

# Between min and low, GFP_USER waits for no other node: min of its own will do.
user_takes_min()
{
	set_opts observe=explain gfp=GFP_USER squeeze=1:Normal:110 count=8
	call_in 1
	expect_all_records result=ok page_nid=1 stage=slow attempts=2 alloc_flags=0x801,0x840
}

# No hard wall: the first attempt of the slow path leaves the cpuset. Red if a hard wall is built
# around everybody.
kernel_escapes()
{
	set_opts observe=explain "gfp=GFP_KERNEL|$NORETRY" $SHORT count=8
	call_in 1
	expect_all_records result=ok page_nid=0 stage=slow attempts=2 alloc_flags=0x801,0x840 \
		reserve=none bad=none
}

# It does not wait, so it leaves even with __GFP_HARDWALL, which GFP_NOWAIT does not.
atomic_escapes()
{
	set_opts observe=explain 'gfp=GFP_ATOMIC|__GFP_NOWARN' $SHORT count=8
	call_in 1
	expect_all_records result=ok page_nid=0 stage=slow attempts=2 alloc_flags=0x801,0x830 \
		reserve=none bad=none
	set_opts 'gfp=GFP_ATOMIC|__GFP_HARDWALL|__GFP_NOWARN'
	call_in 1
	expect_all_records result=ok page_nid=0 stage=slow attempts=2 alloc_flags=0x801,0x830
}

# Node 0 named and nothing else: the fast path has no node in common, the slow path has no cpuset
# for GFP_KERNEL, and none for GFP_USER.
thisnode()
{
	set_opts observe=explain entry=alloc_pages_node nid=0 "gfp=GFP_KERNEL|__GFP_THISNODE|$NORETRY" count=4
	call_in 1
	expect_all_records result=ok page_nid=0 stage=slow
	set_opts "gfp=GFP_USER|__GFP_THISNODE|$NORETRY"
	call_in 1
	expect_all_records result=failed stage!=fast
}

# A nodemask outside of the cpuset: ALLOC_CPUSET, 0x40, does what the nodemask can't. Behind the
# hard wall nothing is left of it, and before the slow path fails it drops the nodemask, for what
# the cpuset changed might have been that. Red if it drops it for GFP_KERNEL, too, or at once.
nodemask()
{
	set_opts entry=alloc_pages_nodemask nid=0 nodes=0,2 "gfp=GFP_KERNEL|$NORETRY" count=4
	call_in 1
	expect_all_records result=ok page_nid=0 stage=slow attempts=2 alloc_flags=0x841,0x840
	set_opts "gfp=GFP_USER|$NORETRY"
	call_in 1
	if has compacts_late; then
		# Reclaim comes first, and finds no zone.
		expect_all_records result=ok page_nid=1 stage=reclaim attempts=3 alloc_flags=:0x841,0x840,0x840 \
			reclaimed=0 bad=none
	else
		expect_all_records result=ok page_nid=1 stage=slow attempts=3 alloc_flags=0x841,0x840,0x840 bad=none
	fi
	set_opts nodes=0-2
	call_in 1
	expect_all_records result=ok page_nid=1 stage=fast attempts=1 alloc_flags=0x841
}

test_case "P6 mems=1 is short: a hard wall means NULL" user_fails
test_case "P6 mems=1 is below low: GFP_USER takes it down to min" user_takes_min
test_case "P6 mems=1 is below low: explain foresees from which node the page comes" foreseen
test_case "P6 mems=1 is short: GFP_KERNEL escapes" kernel_escapes
test_case "P6 mems=1 is short: GFP_ATOMIC escapes, hard wall or not" atomic_escapes
test_case "P6 a node outside and no other: GFP_KERNEL escapes, GFP_USER fails" thisnode
test_case "P6 a nodemask outside: GFP_KERNEL escapes to it, GFP_USER loses it" nodemask

# Somebody moves the task from node to node while it asks: what was right when it asked is no fault. Red
# if a block is held against the cpuset of afterwards, or of before. OPTION=VALUE...
moved()
{
	cgroup_make cpuset
	echo 1 > "$CGROUP/cpuset.mems"
	set_opts count=0 duration_ms=300000 hold=1 "$@"
	cgroup_run "$GFP_DIR/write1" "$JOB/control" call &
	_caller=$!
	wait_running
	_moves=0
	clock
	_until=$((NOW + 300))
	while read -r _state _ < "$JOB/status" && [ "$_state" = state=running ]; do
		echo 2 > "$CGROUP/cpuset.mems"
		echo 1 > "$CGROUP/cpuset.mems"
		_moves=$((_moves + 2))
		clock
		[ "$NOW" -lt $_until ] || [ $_moves -lt 10 ] || [ "$(status "done")" -lt 50 ] || break
	done
	stop
	wait $_caller
	expect_ge "times it was moved" $_moves 10
	expect_ge requests "$(summary requests)" 50
	expect_eq "bad blocks" "$(summary bad_blocks)" 0
}

test_case "P6 a task that is moved to other nodes while it asks gets no bad block" moved observe=none order=7 "gfp=GFP_USER|__GFP_ZERO"
test_case "P6 nor does one that asks for fragments of a page that is older than the move" \
	moved observe=time entry=page_frag order=0 gfp=GFP_KERNEL interval_us=100

# ---- who is not the task

# Interrupts and workers have nothing to do with the task's cpuset.
interrupts()
{
	for context in softirq $HARDIRQ; do
		set_opts context=$context gfp=GFP_ATOMIC count=24
		call_in 1
		expect_all_records result=ok page_nid=0 stage=fast
	done
	set_opts context=atomic
	call_in 1
	expect_all_records result=ok page_nid=1 stage=fast
}

workers()
{
	set_opts count=24
	call_in 1 "$GFP_DIR/write1" "$JOB/control" start
	wait_idle
	expect_all_records result=ok page_nid=0 stage=fast
}

test_case "P6 mems=1: an interrupt takes its pages anywhere" interrupts
test_case "P6 mems=1: workers are not in the cpuset of the task that starts them" workers

# Without __GFP_FS a request tries on for ever in a cpuset that has nothing; then the cpuset gets a second
# node. Red if the slow path does not begin anew with it, or if the change is not told.
begins_anew()
{
	cgroup_make cpuset cpuset.mems=1
	set_opts entry=alloc_pages "gfp=__GFP_DIRECT_RECLAIM|__GFP_IO|__GFP_HARDWALL|__GFP_NOWARN" \
		squeeze=1:Normal:5 count=1 timeout_ms=60000
	cgroup_run "$GFP_DIR/write1" "$JOB/control" call > "$GFP_TMP/said" 2>&1 &
	_caller=$!
	wait_running
	sleep 2
	echo 0-1 > "$CGROUP/cpuset.mems"
	wait $_caller || fail "call in the cpuset: $(cat "$GFP_TMP/said")"
	expect_record result=ok page_nid=0 "cpuset_changes>=1" "reclaims>=1"
}
test_case "P6 a cpuset that changes under a request makes it begin anew" begins_anew

# ---- with a policy

# MODE NODES: gets the policy, goes into the cpuset, asks
policy_then_cpuset()
{
	# shellcheck disable=SC2016 # the inner shell's
	"$GFP_DIR/mempol" "$1" "$2" sh -c 'echo $$ > "$1/cgroup.procs" && exec "$2" "$3" call' \
		sh "$CGROUP" "$GFP_DIR/write1" "$JOB/control" || fail "call with policy $1 $2 in the cpuset"
}

# A policy follows its task into the cpuset: its nodes become the cpuset's. Red if it is not bound
# anew: then a bind to node 0 would keep it there, or find no node at all.
rebound()
{
	cgroup_make cpuset
	echo 1 > "$CGROUP/cpuset.mems"
	set_opts count=8
	for policy in bind preferred interleave; do
		policy_then_cpuset $policy 0
		expect_all_records result=ok page_nid=1 stage=fast
	done
	echo 1-2 > "$CGROUP/cpuset.mems"
	policy_then_cpuset bind 0-1
	expect_all_records result=ok page_nid=1
	policy_then_cpuset interleave 0-1
	expect_some_record page_nid=1
	expect_some_record page_nid=2
	expect_no_record page_nid=0
}

# Inside the cpuset, a policy chooses among its nodes.
policy_inside()
{
	set_opts count=8
	call_in 1-2 "$GFP_DIR/mempol" bind 2 "$GFP_DIR/write1" "$JOB/control" call
	expect_all_records result=ok page_nid=2
	call_in 1-2 "$GFP_DIR/mempol" preferred 2 "$GFP_DIR/write1" "$JOB/control" call
	expect_all_records result=ok page_nid=2
}

# A preferred node outside of it does not count.
preferred_outside()
{
	set_opts count=8
	call_in 1 sh -c "! $GFP_DIR/mempol bind 0 true 2> /dev/null"
	call_in 1 sh -c "! $GFP_DIR/mempol interleave 0 true 2> /dev/null"
}

test_case "P6 M1 a policy is bound anew to the nodes of the cpuset" rebound
test_case "P6 M1 a policy chooses among the nodes of the cpuset" policy_inside
test_case "P6 M1 a policy outside of the cpuset is refused" preferred_outside

# ---- version 1, last: where it had its controller, version 2 has none for a while

# Of cgroup version 1 a hard wall may be farther up: GFP_KERNEL leaves its own cpuset, as far as the next one with
# mem_hardwall or mem_exclusive. Red if the wall is not respected, if there is one without it, or if explain
# foresees what is not so.
walled()
{
	version1 cpuset
	_wall=$GROUP/wall _in=$GROUP/wall/in
	undo "rmdir $_wall"
	mkdir "$_wall"
	undo "rmdir $_in"
	mkdir "$_in"
	cat "$GROUP/cpuset.cpus" > "$_wall/cpuset.cpus"
	echo 1-2 > "$_wall/cpuset.mems"
	cat "$GROUP/cpuset.cpus" > "$_in/cpuset.cpus"
	echo 1 > "$_in/cpuset.mems"
	set_opts observe=explain "gfp=GFP_KERNEL|$NORETRY" $SHORT count=8
	call_walled
	expect_all_records result=ok page_nid=0 stage=slow attempts=2 alloc_flags=0x801,0x840
	for _knob in mem_hardwall mem_exclusive; do
		echo 1 > "$_wall/cpuset.$_knob"
		call_walled
		expect_all_records result=ok page_nid=2 stage=slow attempts=2 alloc_flags=0x801,0x840
		echo 0 > "$_wall/cpuset.$_knob"
	done
	echo 1 > "$_wall/cpuset.mem_hardwall"
	echo 1 > "$_wall/cpuset.mems"
	call_walled
	expect_all_records result=failed page_nid=none
	set_opts squeeze=none
	call_walled
	expect_all_records result=ok page_nid=1 stage=fast predicted!=none
}
call_walled()
{
	# shellcheck disable=SC2016 # the inner shell's
	sh -c 'echo $$ > "$0/tasks" && exec "$1" "$2" call' "$_in" "$GFP_DIR/write1" "$JOB/control" ||
		fail "call in the cpuset $_in"
	expect_eq "explain.differ" "$(summary explain.differ)" 0
}
test_case "P6 a hard wall farther up holds GFP_KERNEL, and no other wall does" walled

run_cases
