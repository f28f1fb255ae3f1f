/* SPDX-License-Identifier: GPL-2.0 */
/*
 * probes.h - what may watch the allocator, each a row.
 */
#ifndef GFPLAB_RULES_PROBES_H
#define GFPLAB_RULES_PROBES_H

#include "portable.h"
#include "words.h"

/* A level of its own, above the others: with frees=1 */
#define OBSERVE_frees	((enum gfplab_observe)NR_OBSERVES)

/* Evidence, one bit each: what must be attached for a verdict to be known. */
#define GFPLAB_PROBES(X)						\
	/* name, kind, symbol, least observe level */			\
	X(self_test, kprobe, gfplab_self_test, path)			\
	X(slowpath,  kprobe, __alloc_pages_slowpath, path)		\
	X(oom,       kprobe, out_of_memory, path)			\
	X(attempt,   kprobe, get_page_from_freelist, full)		\
	X(alloc,     event, mm_page_alloc, full)			\
	X(zonelocked, event, mm_page_alloc_zone_locked, path)		\
	X(extfrag,   event, mm_page_alloc_extfrag, path)		\
	X(kswapd,    event, mm_vmscan_wakeup_kswapd, path)		\
	X(reclaim,   event, mm_vmscan_direct_reclaim_begin, path)	\
	X(reclaimed, event, mm_vmscan_direct_reclaim_end, path)		\
	X(nodereclaim, event, mm_vmscan_node_reclaim_begin, path)	\
	X(nodereclaimed, event, mm_vmscan_node_reclaim_end, path)	\
	X(charge,    event, mm_vmscan_memcg_reclaim_begin, path)	\
	X(charged,   event, mm_vmscan_memcg_reclaim_end, path)		\
	X(scanned,   event, mm_vmscan_lru_shrink_inactive, path)		\
	X(slab,      event, mm_shrink_slab_end, path)			\
	X(tofree,    kprobe, try_to_free_pages, full)			\
	X(throttled, event, mm_vmscan_throttled, full)			\
	X(active,    event, mm_vmscan_lru_shrink_active, full)		\
	X(slabasked, event, mm_shrink_slab_start, full)			\
	X(dirtyok,   kprobe, node_dirty_ok, full)			\
	X(compact,   event, mm_compaction_try_to_compact_pages, path)	\
	X(compacting, event, mm_compaction_begin, path)			\
	X(compacted, event, mm_compaction_end, path)			\
	X(migrated,  event, mm_compaction_migratepages, path)		\
	X(deferred,  event, mm_compaction_deferred, path)		\
	X(suitable,  event, mm_compaction_suitable, full)		\
	X(kcompactd, event, mm_compaction_wakeup_kcompactd, full)	\
	X(retryzone, event, reclaim_retry_zone, path)			\
	X(retrycompact, event, compact_retry, path)			\
	X(victim,    event, mark_victim, path)				\
	X(freed,     event, mm_page_free, frees)			\
	X(batched,   event, mm_page_free_batched, frees)		\
	X(drained,   event, mm_page_pcpu_drain, frees)

#define GFPLAB_PROBE_ENUM(name, kind, symbol, level) PROBE_##name,

enum gfplab_probe_id { GFPLAB_PROBES(GFPLAB_PROBE_ENUM) NR_PROBES };

#define PROBE_BIT(name)	(1ULL << PROBE_##name)

#define GFPLAB_BIT_kprobe(name)		| 1U << PROBE_##name
#define GFPLAB_BIT_event(name)
#define GFPLAB_BIT_OF(name, kind, symbol, level)	GFPLAB_BIT_##kind(name)

/* Bit PROBE_x for each that is a kprobe: they are among the first 32. */
#define GFPLAB_KPROBES		(0U GFPLAB_PROBES(GFPLAB_BIT_OF))

__u64 gfplab_probe_halves(__u64 probes);

#endif
