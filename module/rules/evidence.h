/* SPDX-License-Identifier: GPL-2.0 */
/*
 * evidence.h - what the probes see of one request.
 */
#ifndef GFPLAB_RULES_EVIDENCE_H
#define GFPLAB_RULES_EVIDENCE_H

#include "portable.h"

/* What became of the other free blocks of the pageblock that a fallback took a block of. */
enum gfplab_others { OTHERS_UNSEEN, OTHERS_NONE, OTHERS_STAY, OTHERS_MOVED, OTHERS_UNTOLD };

/* What reclaim of a node came to: it freed less than was asked for, or as much. */
enum gfplab_node_reclaim { NODE_RECLAIMED_none, NODE_RECLAIMED_some, NODE_RECLAIMED_success };

#define GFPLAB_FLAGS_KEPT	7	/* attempts whose alloc_flags are kept */
#define GFPLAB_COMPACT_ZONES	4	/* zones whose result of compaction is kept */
#define GFPLAB_PRIOS		8	/* calls of try_to_compact_pages() whose priority is kept */

/* A node up to 511, a zone up to 7, and enum compact_result + 1. */
#define GFPLAB_COMPACT_ZONE(nid, zone, result)	((nid) << 7 | (zone) << 4 | (result))

/**
 * struct gfplab_seen - what a record keeps of the evidence, as it is
 * @reclaim_ns: time inside direct reclaim and reclaim of a node
 * @compact_ns: time inside direct compaction
 * @reclaimed: pages freed by direct reclaim, or by reclaim of a node
 * @throttled_ns: time that direct reclaim was made to wait, before its round or in it
 * @alloc_gfp: the mask of the first attempt, or that of mm_page_alloc; 0: there was neither
 * @victim: pid of the last OOM victim, 0 if none
 * @scanned: pages of the inactive lists looked at by direct reclaim; at most 4294967295, as all
 *	sums of 32 bits
 * @slab: objects that shrinkers freed in direct reclaim
 * @migrated: pages moved by direct compaction
 * @scanned_anon: of @scanned, those of anonymous memory
 * @reclaimed_anon: pages of anonymous memory that direct reclaim freed
 * @reclaimed_file: pages of files
 * @activated: pages of inactive lists that went to active ones
 * @kept_active: pages of active lists that stayed there
 * @deactivated: pages of active lists that went to inactive ones
 * @slab_delta: objects that the priority asked shrinkers to look at
 * @slab_scan: what they were told in the end, with what had been put off
 * @scanned_nodes: bit N: pages of node N were looked at; bit 31: of a node from 31 on
 * @over_dirty: likewise: the node had more dirty pages than its share
 * @compact_zones: results by zone, each by GFPLAB_COMPACT_ZONE(); 0: none
 * @compact_prios: for each call of try_to_compact_pages() its priority + 1; the last ones share the
 *	last place
 * @kswapd: kswapd wake-ups, at most 65535, as all counts of 16 bits
 * @reclaims: rounds of direct reclaim
 * @compacts: calls of try_to_compact_pages()
 * @retries: decisions to try again (reclaim_retry_zone, compact_retry)
 * @attempts: calls of get_page_from_freelist()
 * @flags_kept: alloc_flags of the first attempts
 * @flags_last: alloc_flags of the last attempt
 * @freed: blocks that the allocator took back, with frees=1
 * @batched: of those, freed as a list
 * @drained: pages that went from this CPU's lists to the free lists, with frees=1
 * @steal_to: the migratetype asked for by the last fallback
 * @steal_from: the migratetype that the last fallback took from
 * @steal_block: the migratetype of its pageblock afterwards
 * @steal_others: enum gfplab_others
 * @compact_result: enum compact_result + 1 of the last zone tried, 0 if none
 * @split: order of the largest free block that a block was taken off, + 1; 0 if none was
 * @order_seen: the order of the first attempt, or that of mm_page_alloc, in a free that of
 *	mm_page_free; + 1, 0 if there was none
 * @flags_bad: an attempt's arguments did not look like the request's
 * @priority: the lowest priority of reclaim + 1; 0: nothing was looked at
 * @node_reclaim: enum gfplab_node_reclaim of the last node
 * @kcompactd: wake-ups of kcompactd; at most 255, as all counts of 8 bits
 * @dirty_asked: calls of node_dirty_ok()
 * @dirty_untold: there is no ratio to tell what it said
 * @cpuset_changes: changes of the task's mems_allowed that attempts of the slow path met
 */
struct gfplab_seen {
	__u64 reclaim_ns;
	__u64 compact_ns;
	__u64 reclaimed;
	__u64 throttled_ns;
	__u32 alloc_gfp;
	__s32 victim;
	__u32 scanned;
	__u32 slab;
	__u32 migrated;
	__u32 scanned_anon;
	__u32 reclaimed_anon;
	__u32 reclaimed_file;
	__u32 activated;
	__u32 kept_active;
	__u32 deactivated;
	__u32 slab_delta;
	__u32 slab_scan;
	__u32 scanned_nodes;
	__u32 over_dirty;
	__u16 compact_zones[GFPLAB_COMPACT_ZONES];
	__u16 kswapd;
	__u16 reclaims;
	__u16 compacts;
	__u16 retries;
	__u16 attempts;
	__u16 flags_kept[GFPLAB_FLAGS_KEPT];
	__u16 flags_last;
	__u16 freed;
	__u16 batched;
	__u16 drained;
	__u8 steal_to;
	__u8 steal_from;
	__u8 steal_block;
	__u8 steal_others;
	__u8 compact_result;
	__u8 split;
	__u8 order_seen;
	__u8 flags_bad;
	__u8 compact_prios[GFPLAB_PRIOS];
	__u8 priority;
	__u8 node_reclaim;
	__u8 kcompactd;
	__u8 dirty_asked;
	__u8 dirty_untold;
	__u8 cpuset_changes;
};

/**
 * struct gfplab_evidence - what the probes saw while one request was in flight
 * @hits: events of any kind; 0 means that nothing below was touched
 * @inside: nesting of reclaim and compaction; events in there are not the request's
 * @charging: what it is inside of is a memory cgroup's reclaim, for the charge
 * @charged: there was such reclaim
 * @slow: __alloc_pages_slowpath() was entered
 * @oom: out_of_memory() was entered, for the machine or a nodemask
 * @group_oom: it was, for a memory cgroup
 * @alloc_event: mm_page_alloc fired
 * @odd: an attempt's arguments did not look like the request's
 * @attempts_after: attempts since the last zone was compacted
 * @summary: all of these, to be compared at once
 * @zonelocked: blocks taken off the zone's free lists
 * @highatomic: of those, taken off the HIGHATOMIC lists
 * @cma: of those, taken off the CMA lists
 * @extfrag: fallbacks to another migratetype
 * @silent: of those, that took a block which is not among @zonelocked
 * @last: the block that was last among @zonelocked
 * @taken: pages of all blocks taken
 * @since: when the innermost reclaim or compaction began
 * @entered: when try_to_free_pages() was called, whose round has not begun; 0: it was not
 * @pages_asked: of reclaim of a node
 * @switches: how often the task had slept by then
 * @compacting: the zone that compaction found suitable last
 * @cpuset: what mems_allowed_seq was at the last attempt of the slow path
 * @seen: what the record keeps
 */
struct gfplab_evidence {
	union {
		struct {
			__u32 hits;
			__u8 inside;
			__u8 charging;
			__u8 charged;
			__u8 slow;
			__u8 oom;
			__u8 group_oom;
			__u8 alloc_event;
			__u8 odd;
			__u16 attempts_after;
		};
		__u64 summary[2];
	};
	__u32 zonelocked;
	__u32 highatomic;
	__u32 cma;
	__u32 extfrag;
	__u32 silent;
	const void *last;
	__u64 taken;
	__u64 since;
	__u64 entered;
	unsigned long switches;
	void *compacting;
	__u32 cpuset;
	__u32 pages_asked;
	struct gfplab_seen seen;
};

/**
 * struct gfplab_steal - a fallback to another migratetype
 * @page: the block
 * @order: of the request
 * @to: the migratetype asked for
 * @from: the migratetype that the block was free as
 * @block: the migratetype of its pageblock afterwards
 * @others: enum gfplab_others
 * @whole: order of the free block
 * @silent: this kernel takes such a block with no other event, or has told of it before
 */
struct gfplab_steal {
	const void *page;
	unsigned int order;
	__u8 to;
	__u8 from;
	__u8 block;
	__u8 others;
	__u8 whole;
	bool silent;
};

void gfplab_evidence_taken(struct gfplab_evidence *ev, const void *page, unsigned int order,
			   unsigned int split);
void gfplab_evidence_steal(struct gfplab_evidence *ev, const struct gfplab_steal *steal);

#endif
