#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: a block of memory goes offline while it holds blocks of ours: they go back, or it stays
# dangerous: takes memory offline
# vm: dimm
# timeout: 90
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"

# The two blocks that were plugged in are the only ones that are offline at boot.
find_block()
{
	BLOCK=$(grep -lx offline /sys/devices/system/memory/memory[0-9]*/state | head -n 1)
	BLOCK=${BLOCK%/state}
	[ -n "$BLOCK" ] || skip "this kernel or this machine has no memory that can be plugged in"
}

# online_movable|online_kernel: makes it zone Movable, or Normal
online()
{
	find_block
	echo "$1" > "$BLOCK/state"
	undo "take_offline $BLOCK"
	expect_eq "state of the block" "$(cat "$BLOCK/state")" online
}

take_offline()
{
	give_back
	[ "$(cat "$1/state")" = offline ] || echo offline > "$1/state"
}

give_back()
{
	for _job in "$GFP"/jobs/*; do
		"$GFP_DIR/write1" "$_job/control" stop > /dev/null || :
		"$GFP_DIR/write1" "$_job/control" reset > /dev/null || :
	done
}

# success|EBUSY|any: what becomes of the attempt, within 5 s, or 30 s on a watched kernel. Whoever hangs
# here can be killed.
offline()
{
	# On a busy host or a watched kernel it takes seconds.
	limit=3000
	clock
	begin=$NOW
	"$GFP_DIR/write1" "$BLOCK/state" offline > "$GFP_TMP/offline" 2>&1 &
	writer=$!
	while kill -0 $writer 2> /dev/null; do
		clock
		if [ $((NOW - begin)) -gt $limit ]; then
			kill -KILL $writer
			fail "to take the memory offline hangs"
		fi
		sleep 0.02
	done
	said=success
	wait $writer || said=$(cat "$GFP_TMP/offline")
	clock
	took=$((NOW - begin))
	[ "$1" = any ] || expect_eq "taking the memory offline" "$said" "$1"
}

# COUNT of them are in zone Movable
keep_in_movable()
{
	set_opts entry=alloc_pages_node nid=1 gfp=GFP_HIGHUSER_MOVABLE release=keep observe=full "$@"
	call
	in_block=$(count_where zone=Movable)
	expect_ge "blocks in zone Movable" "$in_block" 100
}

# What was kept there goes back, what was kept elsewhere stays.
kept_goes_back()
{
	online online_movable
	keep_in_movable count=500 "$@"
	job other
	set_opts gfp=GFP_KERNEL release=keep count=50
	call
	expect_eq "pages held elsewhere" "$(status held_pages)" 50
	offline success
	expect_eq "pages held elsewhere, afterwards" "$(status held_pages)" 50
	JOB=$GFP/jobs/default
	expect_eq "pages held in the block" "$(status held_pages)" 0
	expect_eq "bad blocks" "$(summary bad_blocks)" 0
	note "torture: memory offline: $in_block blocks held there${*:+ ($*)} went back in $((took * 10)) ms, 50 held elsewhere stayed"
}

# A run knows alone what it holds. It goes on, and once it is over the memory goes.
running_refuses()
{
	for _try in 1 2 3 4 5; do
		online online_movable
		set_opts entry=alloc_pages_node nid=1 gfp=GFP_HIGHUSER_MOVABLE count=0 hold=300 interval_us=500 timeout_ms=60000 \
			ring=1000
		start
		wait_at_work 300
		first=$(status "done")
		offline any
		# Free pages are taken out of the node's before a notifier is called: a request that comes then finds it short.
		[ "$said $(status aborted)" = "success budget" ] || break
	done
	expect_eq "taking the memory offline" "$said" EBUSY
	refused=$took
	expect_like "the reason" "$(tail -n 2 "$GFP/error")" "*memory offline*a run goes on*frames 0x*"
	wait_at_work "$first"
	expect_eq "state of the run" "$(status state)" running
	stop
	offline success
	note "torture: memory offline: refused in $((refused * 10)) ms during a run, done in $((took * 10)) ms after it"
}

# In and out, beside runs that come and go.
again_and_again()
{
	online online_movable
	set_opts entry=alloc_pages_node nid=1 gfp=GFP_HIGHUSER_MOVABLE count=100 release=keep
	gone=0 refused=0
	while [ $((gone + refused)) -lt 10 ]; do
		"$GFP_DIR/write1" "$JOB/control" start > /dev/null || :
		[ $(((gone + refused) % 2)) -eq 0 ] || wait_idle
		if "$GFP_DIR/write1" "$BLOCK/state" offline > "$GFP_TMP/offline"; then
			gone=$((gone + 1))
			echo online_movable > "$BLOCK/state"
		else
			expect_eq "why not" "$(cat "$GFP_TMP/offline")" EBUSY
			refused=$((refused + 1))
		fi
	done
	wait_idle
	expect_eq "bad blocks" "$(summary bad_blocks)" 0
	reset
	expect_ge "times that the memory went" $gone 5
	note "torture: memory offline: beside runs that come and go, $gone times done, $refused times refused"
}

# A contig_range looks for free ranges of the very block that goes offline, where the kernel has isolated
# them. Red if that isolation is ended: then the kernel tries for ever. The node has its threads before, so
# that their stacks are elsewhere.
contig_beside()
{
	online online_movable
	find_block
	undo "take_offline $BLOCK"
	# While it looks at a pageblock the kernel refuses; on a watched kernel a look takes longer than 2 ms.
	set_opts entry=contig_range nid=1 order=0-8 count=0 interval_us=2000 timeout_ms=600000 cpus=0
	[ -z "$WATCHED" ] || set_opts interval_us=50000
	gone=0 refused=0
	start
	while [ $((gone + refused)) -lt $((gone > 0 ? 12 : 60)) ]; do
		[ "$(cat "$BLOCK/state")" = online ] || echo online_kernel > "$BLOCK/state"
		sleep 0.0$((gone % 5))
		offline any
		case $said in
		success) gone=$((gone + 1)) ;;
		EBUSY) refused=$((refused + 1)) ;;
		*) fail "what comes of taking memory offline" "$said" ;;
		esac
	done
	expect_eq "state of the run" "$(status state)" running
	stop
	reset
	expect_eq "bad blocks" "$(summary bad_blocks)" 0
	expect_ge "times that the memory went" $gone 1
	note "torture: memory offline: beside contig_range, $gone times done, $refused times refused"
}

# A node with nothing but zone Movable: a bind to it does not hold for other pages. Red if they are called
# bad, or explain foresees that there are none.
bound_to_movable()
{
	online online_movable
	set_opts gfp=GFP_KERNEL count=50 observe=explain
	"$GFP_DIR/mempol" bind 1 "$GFP_DIR/write1" "$JOB/control" call || fail "no call with the policy bind 1"
	expect_all_records result=ok page_nid=0 bad=none
	expect_eq "explain.differ" "$(summary explain.differ)" 0
	set_opts gfp=GFP_HIGHUSER_MOVABLE
	"$GFP_DIR/mempol" bind 1 "$GFP_DIR/write1" "$JOB/control" call || fail "no call with the policy bind 1"
	expect_all_records result=ok page_nid=1 zone=Movable bad=none
	expect_eq "explain.differ, movable" "$(summary explain.differ)" 0
}

# Zone Movable is for masks with both __GFP_MOVABLE and __GFP_HIGHMEM. Red if one of them alone reaches it, or
# both do not.
highest_zone()
{
	online online_movable
	for _gfp in 'GFP_KERNEL|__GFP_MOVABLE' 'GFP_KERNEL|__GFP_HIGHMEM'; do
		set_opts entry=alloc_pages_node nid=1 "gfp=$_gfp" count=100 release=at_end
		call
		expect_all_records result=ok page_nid=0 bad=none zone!=Movable
	done
	set_opts 'gfp=GFP_KERNEL|__GFP_MOVABLE|__GFP_HIGHMEM'
	call
	expect_all_records result=ok page_nid=1 bad=none zone=Movable
}

# In zone Normal the kernel refuses by itself. What others put there in the meantime may stay, so
# nothing comes after this.
unmovable_refused()
{
	find_block
	echo online_kernel > "$BLOCK/state"
	set_opts entry=alloc_pages_node nid=1 gfp=GFP_KERNEL release=keep count=2000
	call
	inside=$(count_where zone=Normal)
	expect_ge "blocks in the new zone Normal" "$inside" 100
	offline EBUSY
	expect_eq "pages held" "$(status held_pages)" 2000
	note "torture: memory offline: refused in $((took * 10)) ms with $inside unmovable blocks held there"
	# KASAN's shadow of what stays online would look like memory lost.
	reset
	for _try in 1 2 3; do
		offline any
		[ "$said" = EBUSY ] || break
	done
}

# Without unsafe=1 nothing is held there. Red if it is: then nobody else can have the memory moved away.
not_held()
{
	gfp_unload
	gfp_load
	online online_movable
	set_opts entry=alloc_pages_node nid=1 gfp=GFP_HIGHUSER_MOVABLE count=500 release=keep observe=full "$@"
	call
	in_block=$(count_where zone=Movable)
	expect_ge "blocks from zone Movable" "$in_block" 100
	expect_eq "blocks that were not held" "$(summary not_held)" "$in_block"
	expect_eq "why the run ended" "$(status aborted)" none
	offline success
	note "torture: memory offline: $in_block blocks came from there, none was held, $((took * 10)) ms"
}

test_case "H6 without unsafe=1 no block is held in zone Movable" not_held
test_case "Q-kept blocks that are kept in zone Movable go back" kept_goes_back
test_case "Q-orders blocks of several orders, verified, go back" kept_goes_back order=0-4 check=full
test_case "Q-scattered pages of bulk requests go back" kept_goes_back entry=bulk order=2
test_case "Q-run it is refused while a run may hold blocks there" running_refuses
test_case "Q-again runs come and go, and so does the memory" again_and_again
test_case "P2 zone Movable takes both __GFP_MOVABLE and __GFP_HIGHMEM" highest_zone
test_case "M1 bound to a node with nothing but zone Movable, other pages come from elsewhere" bound_to_movable
test_case "Q-contig beside contig_range it is freed or refused" contig_beside
test_case "Q-unmovable it is refused while unmovable blocks are held there" unmovable_refused

run_cases
