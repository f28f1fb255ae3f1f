#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: a block of memory goes offline while it holds blocks of ours: they go back, or it stays
# vm: dimm
# timeout: 90
. "$(dirname "$0")/lib.sh"

# The block that was plugged in is the only one that is offline at boot; it begins a zone of its own.
find_block()
{
	for _block in /sys/devices/system/memory/memory[0-9]*; do
		if [ "$(cat "$_block/state")" = offline ]; then
			BLOCK=$_block
			return
		fi
	done
	skip "this kernel or this machine has no memory that can be plugged in"
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
		"$GFP_DIR/wr" "$_job/control" stop > /dev/null || :
		"$GFP_DIR/wr" "$_job/control" reset > /dev/null || :
	done
}

# success|EBUSY: what becomes of the attempt, within 5 s, or 30 s on a watched kernel. Whoever hangs
# here can be killed.
offline()
{
	limit=500
	[ -z "$WATCHED" ] || limit=3000
	clock
	begin=$NOW
	"$GFP_DIR/wr" "$BLOCK/state" offline > "$GFP_TMP/offline" 2>&1 &
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
	expect_eq "taking the memory offline" "$said" "$1"
}

# COUNT of them are in zone Movable
keep_in_movable()
{
	set_opts gfp=GFP_HIGHUSER_MOVABLE release=keep observe=full "$@"
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
	online online_movable
	set_opts gfp=GFP_HIGHUSER_MOVABLE count=0 hold=300 interval_us=500 timeout_ms=60000 ring=1000
	start
	sleep 0.5
	first=$(status "done")
	offline EBUSY
	refused=$took
	sleep 0.2
	expect_ge "requests since" "$(status "done")" $((first + 1))
	expect_eq "state of the run" "$(status state)" running
	stop
	offline success
	note "torture: memory offline: refused in $((refused * 10)) ms during a run, done in $((took * 10)) ms after it"
}

# In and out, beside runs that come and go.
again_and_again()
{
	online online_movable
	set_opts gfp=GFP_HIGHUSER_MOVABLE count=100 release=keep
	gone=0 refused=0
	while [ $((gone + refused)) -lt 10 ]; do
		"$GFP_DIR/wr" "$JOB/control" start > /dev/null || :
		[ $(((gone + refused) % 2)) -eq 0 ] || wait_idle
		if "$GFP_DIR/wr" "$BLOCK/state" offline > "$GFP_TMP/offline"; then
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

# In zone Normal the kernel refuses by itself. What others put there in the meantime may stay, so
# nothing comes after this.
unmovable_refused()
{
	find_block
	echo online_kernel > "$BLOCK/state"
	set_opts gfp=GFP_KERNEL release=keep count=2000
	call
	inside=$(count_where zone=Normal)
	expect_ge "blocks in the new zone Normal" "$inside" 100
	offline EBUSY
	expect_eq "pages held" "$(status held_pages)" 2000
	note "torture: memory offline: refused in $((took * 10)) ms with $inside unmovable blocks held there"
}

test_case "Q-kept blocks that are kept in zone Movable go back" kept_goes_back
test_case "Q-orders blocks of several orders, verified, go back" kept_goes_back order=0-4 check=full
test_case "Q-scattered pages of bulk requests go back" kept_goes_back entry=bulk order=2
test_case "Q-run it is refused while a run may hold blocks there" running_refuses
test_case "Q-again runs come and go, and so does the memory" again_and_again
test_case "Q-unmovable it is refused while unmovable blocks are held there" unmovable_refused

run_cases
