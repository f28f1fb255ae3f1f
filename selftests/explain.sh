#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: explain: the allocator's rules in words, and predictions held against what happens
# requires: nodes>=2 kprobes
# vm: numa
# timeout: 180
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/agreement"

# From idle to 30 % of min; then the node that has DMA below DMA32, with and without a reserve that
# keeps requests for DMA32 off it; then plenty of memory in small pieces.
STATES="none squeeze=1:Normal:high+5% squeeze=1:Normal:low+2% squeeze=1:Normal:110 squeeze=1:Normal:90 \
squeeze=1:Normal:70 squeeze=1:Normal:60 squeeze=1:Normal:45 squeeze=1:Normal:30 squeeze=0:DMA32:110 \
lowmem=20,squeeze=0:DMA32:80 fragment=1:Normal:4 fragment=1:Normal:3,squeeze=1:Normal:110"

# Whoever may reclaim gives up in the end: none of these masks reaches the OOM killer.
KINDS="GFP_KERNEL|__GFP_NORETRY GFP_KERNEL|__GFP_RETRY_MAYFAIL GFP_USER|__GFP_NORETRY \
GFP_HIGHUSER_MOVABLE|__GFP_NORETRY GFP_HIGHUSER_MOVABLE|__GFP_RETRY_MAYFAIL \
GFP_KERNEL|__GFP_RECLAIMABLE|__GFP_NORETRY GFP_NOIO|__GFP_NORETRY \
GFP_KERNEL|__GFP_HIGH|__GFP_NORETRY GFP_KERNEL|__GFP_MEMALLOC|__GFP_NORETRY GFP_KERNEL|GFP_DMA32|__GFP_NORETRY \
GFP_ATOMIC GFP_ATOMIC|__GFP_NOMEMALLOC GFP_ATOMIC|GFP_DMA32 GFP_ATOMIC|__GFP_MOVABLE \
GFP_NOWAIT GFP_NOWAIT|__GFP_MOVABLE GFP_NOWAIT|__GFP_RECLAIMABLE GFP_NOWAIT|__GFP_MEMALLOC \
__GFP_HIGH __GFP_HIGH|__GFP_RECLAIMABLE none"

agreement()
{
	ask_at_random 4 2 "$STATES" "$KINDS"
	expect_agreement
}

test_case "X-agree predictions come true, whatever is asked in whatever state of memory" agreement

run_cases
