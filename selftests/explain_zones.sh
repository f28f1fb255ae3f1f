#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: explain on one node with DMA, DMA32 and Normal: reserves of low zones, types kept apart
# suite: full
# requires: kprobes zone=0:DMA32 zone=0:Normal
# vm: explained
# timeout: 240
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"
. "$(dirname "$0")/lib/agreement"

# Normal is full and DMA32 is not, and the other way round; whether DMA32 is open to requests for
# Normal depends on its reserve. Where it is not, Normal stays above min: others need memory too. So it
# does with a large reserve, for what is put aside of DMA32 while Normal is squeezed may close it. On a
# watched kernel, which takes its time for that, the OOM killer would come: of every fourth, which it
# has, none goes below min.
STATES="none squeeze=0:Normal:high+5% squeeze=0:Normal:70 squeeze=0:Normal:110 squeeze=0:Normal:low+2% \
squeeze=0:Normal:45 squeeze=0:Normal:30 lowmem=8,squeeze=0:Normal:110 squeeze=0:DMA32:110 \
lowmem=2,squeeze=0:Normal:60 lowmem=1,squeeze=0:Normal:105 lowmem=1,squeeze=0:Normal:120 fragment=0:Normal:5 \
fragment=0:Normal:9 fragment=0:DMA32:4,squeeze=0:Normal:110"

# One node is all there is: whoever may reclaim gives up in the end.
KINDS="GFP_KERNEL|__GFP_NORETRY GFP_KERNEL|__GFP_RETRY_MAYFAIL GFP_HIGHUSER_MOVABLE|__GFP_NORETRY \
GFP_KERNEL|__GFP_RECLAIMABLE|__GFP_NORETRY GFP_KERNEL|GFP_DMA32|__GFP_NORETRY GFP_KERNEL|GFP_DMA|__GFP_NORETRY \
GFP_ATOMIC GFP_ATOMIC|GFP_DMA32 GFP_ATOMIC|__GFP_RECLAIMABLE GFP_NOWAIT GFP_NOWAIT|__GFP_RECLAIMABLE \
GFP_NOWAIT|__GFP_MOVABLE GFP_NOWAIT|GFP_DMA __GFP_HIGH"

agreement()
{
	ask_at_random 4 1 "$STATES" "$KINDS"
	expect_agreement
}

# NOFRAGMENT is for who starts in Normal and has DMA32 to turn to.
nofragment()
{
	set_opts gfp=GFP_KERNEL order=4
	get explain > "$GFP_TMP/explained"
	grep -q 'get_page_from_freelist(alloc_flags 0x9[08]1 ' "$GFP_TMP/explained" ||
		fail "a request for Normal does not begin with NOFRAGMENT:" "$(cat "$GFP_TMP/explained")"
	set_opts 'gfp=GFP_KERNEL|GFP_DMA32'
	get explain > "$GFP_TMP/explained"
	grep -q 'get_page_from_freelist(alloc_flags 0x8[08]1 ' "$GFP_TMP/explained" ||
		fail "a request for DMA32 begins with NOFRAGMENT:" "$(cat "$GFP_TMP/explained")"
	expect_eq "zones that a request for DMA32 sees" "$(grep -c Normal: "$GFP_TMP/explained" || :)" 0
}

test_case "X-zones-nofragment types are kept apart first, in Normal only" nofragment
test_case "X-zones-agree predictions come true, whichever zone is full" agreement

run_cases
