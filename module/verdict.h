/* SPDX-License-Identifier: GPL-2.0 */
/*
 * verdict.h - what the probes saw of one request, and what it means.
 *
 * Usable in user space too: selftests/verdict.c feeds made-up evidence.
 */
#ifndef GFPLAB_VERDICT_H
#define GFPLAB_VERDICT_H

#include <linux/types.h>
#ifndef __KERNEL__
#include <stdbool.h>
#endif

/* alloc_flags bits, alike from 5.10 to 7.3 (mm/internal.h) */
#define GFPLAB_ALLOC_WMARK_MASK		0x03
#define GFPLAB_ALLOC_NO_WATERMARKS	0x04
#define GFPLAB_ALLOC_OOM		0x08
#define GFPLAB_ALLOC_NON_BLOCK		0x10	/* ALLOC_HARDER on 5.10 */
#define GFPLAB_ALLOC_MIN_RESERVE	0x20	/* ALLOC_HIGH on 5.10 */
#define GFPLAB_ALLOC_HIGHATOMIC		0x200	/* since 6.1 */
#define GFPLAB_ALLOC_TRYLOCK		0x400	/* since 6.15 */

#define GFPLAB_FLAGS_KEPT	7	/* attempts whose alloc_flags are kept */

/**
 * struct gfplab_seen - what a record keeps of the evidence, as it is
 * @reclaim_ns: time inside direct reclaim and reclaim of a node
 * @compact_ns: time inside direct compaction
 * @reclaimed: pages freed by direct reclaim, or by reclaim of a node
 * @scanned: pages of the inactive lists looked at by direct reclaim
 * @slab: objects that shrinkers freed in direct reclaim
 * @migrated: pages moved by direct compaction
 * @alloc_gfp: the mask that mm_page_alloc reported, scopes applied; 0: it did not
 * @victim: pid of the last OOM victim, 0 if none
 * @kswapd: kswapd wake-ups, at most 65535, as all counts of 16 bits
 * @reclaims: rounds of direct reclaim
 * @compacts: calls of try_to_compact_pages()
 * @retries: decisions to try again (reclaim_retry_zone, compact_retry)
 * @attempts: calls of get_page_from_freelist()
 * @flags_kept: alloc_flags of the first attempts
 * @flags_last: alloc_flags of the last attempt
 * @steal_to: the migratetype asked for by the last fallback
 * @steal_from: the migratetype that the last fallback took from
 * @compact_result: enum compact_result + 1 of the last zone tried, 0 if none
 * @flags_bad: an attempt's arguments did not look like the request's
 */
struct gfplab_seen {
	__u64 reclaim_ns;
	__u64 compact_ns;
	__u64 reclaimed;
	__u64 scanned;
	__u64 slab;
	__u64 migrated;
	__u32 alloc_gfp;
	__s32 victim;
	__u16 kswapd;
	__u16 reclaims;
	__u16 compacts;
	__u16 retries;
	__u16 attempts;
	__u16 flags_kept[GFPLAB_FLAGS_KEPT];
	__u16 flags_last;
	__u8 steal_to;
	__u8 steal_from;
	__u8 compact_result;
	__u8 flags_bad;
};

/**
 * struct gfplab_evidence - what the probes saw while one request was in flight
 * @hits: events of any kind; 0 means that nothing below was touched
 * @inside: nesting of reclaim and compaction; events in there are not the request's
 * @charging: what it is inside of is a memory cgroup's reclaim, for the charge
 * @slow: __alloc_pages_slowpath() was entered
 * @oom: out_of_memory() was entered
 * @alloc_event: mm_page_alloc fired
 * @attempts_after: attempts since the last zone was compacted
 * @zonelocked: blocks taken off the zone's free lists
 * @highatomic: of those, taken off the HIGHATOMIC lists
 * @cma: of those, taken off the CMA lists
 * @extfrag: fallbacks to another migratetype
 * @taken: pages of these blocks, and of those that a fallback takes without saying so
 * @since: when the innermost reclaim or compaction began
 * @seen: what the record keeps
 */
struct gfplab_evidence {
	__u32 hits;
	__u8 inside;
	__u8 charging;
	__u8 slow;
	__u8 oom;
	__u8 alloc_event;
	__u16 attempts_after;
	__u32 zonelocked;
	__u32 highatomic;
	__u32 cma;
	__u32 extfrag;
	__u64 taken;
	__u64 since;
	struct gfplab_seen seen;
};

/**
 * struct gfplab_outcome - what a verdict needs to know besides the evidence
 * @probes: bit PROBE_x set: probe x was attached, or what it reports can't
 *	happen on this kernel; silence means that it did not happen
 * @got: a block came back
 * @over_max: the order is over the kernel's maximum
 * @account: __GFP_ACCOUNT, so a page may be found and then taken away again
 * @once: the entry has no slow path: it fails without one
 * @pcp_order: the order is served by the per-cpu lists
 * @mixed: one request asks for blocks of several orders
 * @client: the entry may have memory left over and not ask at all
 * @bypass: the entry does not go through get_page_from_freelist()
 * @no_refill_highatomic: this kernel refills no per-cpu list for a HIGHATOMIC request
 * @silent_steal: this kernel takes a stolen block without zone_locked
 * @pfmemalloc: page_is_pfmemalloc()
 * @below_min: the block's zone was below min + lowmem reserve when asked
 * @placed: @pfmemalloc and @below_min were looked at
 */
struct gfplab_outcome {
	__u32 probes;
	bool got;
	bool over_max;
	bool account;
	bool once;
	bool pcp_order;
	bool mixed;
	bool client;
	bool bypass;
	bool no_refill_highatomic;
	bool silent_steal;
	bool pfmemalloc;
	bool below_min;
	bool placed;
};

struct gfplab_verdict {
	__u8 result;		/* enum gfplab_result */
	__u8 stage;		/* enum gfplab_stage */
	__u8 source;		/* enum gfplab_source */
	__u8 reserve;		/* enum gfplab_reserve */
};

void gfplab_classify(const struct gfplab_evidence *ev,
		     const struct gfplab_outcome *out,
		     struct gfplab_verdict *verdict);

#endif
