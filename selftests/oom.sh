#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: the OOM killer: when it is called, whom it takes, when it must not be (rows S10 S11 Z9)
# dangerous: runs the machine out of memory, and the OOM killer takes tasks
# suite: full
# requires: nodes>=2 zone=1:Normal kprobes
# vm: numa3
# timeout: 120
# kills: yes
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"

# Node 1 is below min, with nothing to reclaim; half of the victim's 60 MiB would do. All are
# requests for node 1 alone, so that nothing but a kill can serve them.
SHORT=squeeze=1:Normal:60

# COMMAND...: with the victim around it. Sets VICTIM to its pid, END to what became of it, KILLS to
# how many the kernel killed. Whoever stands around both says less than they do.
with_victim()
{
	KILLS=$(vmstat oom_kill)
	${AROUND:-} "$GFP_DIR/victim" 1 60 "$@" > "$GFP_TMP/victim" ||
		fail "with a victim: $* failed: $(cat "$GFP_TMP/victim")" "$(dmesg_since | grep Killed)"
	KILLS=$(($(vmstat oom_kill) - KILLS))
	VICTIM=$(sed -n 's/^victim //p' "$GFP_TMP/victim" | tail -n 1)
	END=$(sed -n "/^victim $VICTIM$/{n;p;}" "$GFP_TMP/victim")
}

# OPTION=VALUE...: `call` while the victim is there, and no per-cpu list has enough to serve it
call_with_victim()
{
	sysctl_set vm/percpu_pagelist_high_fraction 20000
	set_opts entry=alloc_pages_nodemask nid=1 nodes=1 $SHORT "$@"
	with_victim "$GFP_DIR/write1" "$JOB/control" call
}

# ---- S10 who is killed

# expect_kill [CONDITION...]: one, the right one, by this very request, which it served
expect_kill()
{
	expect_record 1 result=ok stage=oom victim="$VICTIM" page_nid=1 zone=Normal "retries>=1" "$@"
	expect_eq "end of the victim $VICTIM" "$END" killed
	expect_eq "tasks killed" "$KILLS" 1
	expect_like "the kernel's log" "$(dmesg_since)" "*Killed process $VICTIM *"
}

# Red if nobody is killed, or somebody else, or if what it frees is not handed to who asked.
kills()
{
	call_with_victim gfp=GFP_KERNEL
	expect_kill
	case $(record 1 alloc_flags) in
	0x841,* | 0x801,*) ;;
	*) fail "its flags do not begin with the fast path's" ;;
	esac
}

# Up to order 3 a kill may help. Red if the limit is another.
kills_for_order_3()
{
	call_with_victim gfp=GFP_KERNEL order=3
	expect_kill order=3
}

# Whoever comes after the kill finds memory. Red if a kill does not end the shortage.
kills_once()
{
	call_with_victim gfp=GFP_KERNEL count=50 release=at_end
	expect_kill
	expect_all_records result=ok page_nid=1
	expect_eq "requests that killed" "$(count_where stage=oom)" 1
}

# The task's policy is a nodemask as well, and a bind to another node is no victim's.
kills_for_bind()
{
	set_opts entry=alloc_pages nid=-1 nodes=all gfp=GFP_KERNEL $SHORT
	with_victim "$GFP_DIR/mempol" bind 1 "$GFP_DIR/write1" "$JOB/control" call
	expect_kill
}

# Somebody has more memory, but a better score. Red if oom_score_adj is ignored.
kills_by_score()
{
	AROUND="$GFP_DIR/cache 2 90"
	call_with_victim gfp=GFP_KERNEL
	expect_kill
}

# Somebody has more memory and as bad a score, but is bound to node 2: his death would help nobody.
# Red if the request's nodes are not looked at when the victim is chosen.
kills_on_node()
{
	AROUND="$GFP_DIR/victim 2 90"
	call_with_victim gfp=GFP_KERNEL
	expect_kill
	expect_eq "end of who is bound to node 2" "$(tail -n 1 "$GFP_TMP/victim")" alive
}

test_case "S10 the OOM killer takes its victim, and the request is served" kills
test_case "S10 the OOM killer works for order 3" kills_for_order_3
test_case "S10 one kill serves all that come after" kills_once
test_case "S10 M1 the OOM killer works for a task bound to the node" kills_for_bind
test_case "S10 the OOM killer goes by oom_score_adj before size" kills_by_score
test_case "S10 the OOM killer spares tasks that are bound to another node" kills_on_node

# ---- Z9 the writer is the victim

# The writer is killed, and its request sees it. Being dead it may go down to half of min, and does
# not wait for its own memory to be taken away. Red if it has to.
writer_dies()
{
	# What the last one left in a per-cpu list would do.
	sysctl_set vm/percpu_pagelist_high_fraction 20000
	set_opts entry=alloc_pages_nodemask nid=1 nodes=1 $SHORT gfp=GFP_KERNEL count=20 release=at_end
	kills=$(vmstat oom_kill)
	pid=$("$GFP_DIR/hungry" 1 60 "$JOB/control" call 2> /dev/null) || :
	wait_idle
	expect_eq "tasks killed" $(($(vmstat oom_kill) - kills)) 1
	# Who may use the reserves is not bound to the nodemask, and may be sent to a node whose kswapd sleeps.
	where="page_nid=1 reserve=oom"
	! has skips_kswapd_nodes || [ "$(record 1 page_nid)" = 1 ] || where="page_nid=0/2 reserve=none"
	# shellcheck disable=SC2086 # two conditions
	expect_record 1 result=ok stage=oom victim="$pid" $where
	flags=$(record 1 alloc_flags)
	[ $((${flags##*,} & 0x8)) -ne 0 ] || fail "the last of its alloc_flags lacks ALLOC_OOM, 0x8: $flags"
	expect_eq "why the run ended" "$(status aborted)" signal
	expect_eq "pages held" "$(status held_pages)" 0
}

# Killed while it asks for pages without reserves: there is no more to wait for. Red if it goes round again, or
# is given a reserve.
writer_without_reserve()
{
	sysctl_set vm/percpu_pagelist_high_fraction 20000
	set_opts entry=alloc_pages_nodemask nid=1 nodes=1 $SHORT 'gfp=GFP_KERNEL|__GFP_NOMEMALLOC' count=20 release=at_end
	pid=$("$GFP_DIR/hungry" 1 60 "$JOB/control" call 2> /dev/null) || :
	wait_idle
	expect_record 1 result=failed stage=oom victim="$pid" reserve=none page_nid=none
	expect_eq "why the run ended" "$(status aborted)" signal
}

# Red if it is not who asks that dies.
writer_by_sysctl()
{
	sysctl_set vm/oom_kill_allocating_task 1
	writer_dies
}

test_case "Z9 S10 the writer itself is the victim, and reaches its reserve" writer_dies
test_case "Z9 S10 the writer is killed because it asked" writer_by_sysctl
test_case "Z9 S10 the writer itself is the victim, and may have no reserve: NULL" writer_without_reserve

# ---- S11 nobody may be killed

# STAGE OPTION=VALUE...: NULL, with a victim at hand that would serve it; nobody dies
spared()
{
	stage=$1
	shift
	call_with_victim "$@"
	expect_record 1 result=failed stage="$stage" victim=none page_nid=none
	expect_eq "end of the victim $VICTIM" "$END" alive
	expect_eq "tasks killed" "$KILLS" 0
}

# Red if the limit of costly orders is lost: without __GFP_RETRY_MAYFAIL one round is all they get.
spared_costly()
{
	spared reclaim 'gfp=GFP_KERNEL|__GFP_NOWARN' order=4
	expect_record 1 retries=0
	spared reclaim 'gfp=GFP_KERNEL|__GFP_RETRY_MAYFAIL|__GFP_NOWARN' order=4
	expect_record 1 "retries>=1"
}
# A kill may not free memory of this node. Red if __GFP_THISNODE is not asked for.
spared_thisnode() { spared reclaim 'gfp=GFP_KERNEL|__GFP_THISNODE|__GFP_NOWARN'; }
# Red if __GFP_RETRY_MAYFAIL or __GFP_NORETRY ends in a kill.
spared_mayfail() { spared reclaim 'gfp=GFP_KERNEL|__GFP_RETRY_MAYFAIL|__GFP_NOWARN'; }
spared_noretry()
{
	spared reclaim 'gfp=GFP_KERNEL|__GFP_NORETRY|__GFP_NOWARN'
	expect_record 1 retries=0
}
# Red if a request that can't wait reaches the killer.
spared_nowait() { spared slow 'gfp=GFP_NOWAIT|__GFP_NOWARN'; }

# A kill would not free any of the low zone. Red if low zones are not exempt.
spared_lowmem()
{
	require_zone 0 DMA
	spared reclaim nid=0 nodes=0 squeeze=0:DMA:60 'gfp=GFP_DMA|GFP_KERNEL|__GFP_NOWARN'
}

test_case "S11 no kill for a costly order" spared_costly
test_case "S11 no kill for __GFP_THISNODE" spared_thisnode
test_case "S11 no kill for __GFP_RETRY_MAYFAIL" spared_mayfail
test_case "S11 no kill for __GFP_NORETRY" spared_noretry
test_case "S11 no kill for a request that can't wait" spared_nowait
# Last, for a kernel that does kill for it kills everybody: nothing they free is of this zone.
test_case "S11 no kill for a low zone" spared_lowmem

run_cases
