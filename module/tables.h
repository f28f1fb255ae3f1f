/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tables.h - every list of words that the module knows, each declared once.
 *
 * Enumerators, parsers, `help`, `summary` and the trace events are derived
 * from these rows. The enumerations and the evidence can also be compiled in
 * user space (selftests/verdict.c), so nothing here may need the kernel.
 */
#ifndef GFPLAB_TABLES_H
#define GFPLAB_TABLES_H

/**
 * struct gfplab_word - a word of one of the lists below, and what it means
 * @name: the word; NULL ends a list
 * @help: what it means, for `help`
 */
struct gfplab_word {
	const char *name;
	const char *help;
};

/* X(name, help) */
#define GFPLAB_STAGES(X)						\
	X(fast,     "the first get_page_from_freelist() answered")	\
	X(slow,     "__alloc_pages_slowpath() was entered")		\
	X(compact,  "direct compaction was tried")			\
	X(reclaim,  "direct reclaim was tried")				\
	X(oom,      "out_of_memory() was entered")			\
	X(rejected, "turned away before the fast path")			\
	X(unknown,  "a probe that could tell is missing or not asked for, or the entry went round the free list walk")

#define GFPLAB_SOURCES(X)						\
	X(pcp,      "taken from this CPU's list")			\
	X(refill,   "this CPU's list was empty and took a batch first")	\
	X(buddy,    "taken from the zone's free lists")			\
	X(capture,  "handed over by direct compaction as it was freed")	\
	X(cma,      "taken from a CMA pageblock")			\
	X(none,     "no block came back, or the entry had memory left over") \
	X(unknown,  "the evidence fits more than one source, or was not asked for")

#define GFPLAB_RESERVES(X)						\
	X(none,     "free pages were above the min watermark")		\
	X(high,     "below min, as __GFP_HIGH allows")			\
	X(nonblock, "below min, as a request that can't sleep may")	\
	X(nowatermarks, "watermarks ignored (__GFP_MEMALLOC, PF_MEMALLOC)") \
	X(oom,      "the share kept for OOM victims")			\
	X(highatomic, "a pageblock kept for high-order atomic requests") \
	X(unknown,  "no probe saw the attempt that succeeded")

#define GFPLAB_RESULTS(X)						\
	X(ok,       "a block came back")				\
	X(failed,   "NULL after the allocator looked for a block")	\
	X(rejected, "NULL before the allocator looked for a block")

#define GFPLAB_OBSERVES(X)						\
	X(none,     "count results only")				\
	X(path,     "stage and source from the rare events and the slow-path kprobe") \
	X(time,     "path, and the latency of every request")		\
	X(full,     "time, every attempt's alloc_flags, and a record a request") \
	X(explain,  "full, and what the allocator's rules predict for each request")

#define GFPLAB_CONTEXTS(X)						\
	X(task,     "a task that may sleep: a worker or the writer")	\
	X(atomic,   "that task under a spinlock, preemption off")	\
	X(softirq,  "a tasklet on the task's CPU")			\
	X(hardirq,  "an interrupt on the task's CPU (irq_work)")

#define GFPLAB_SCOPES(X)						\
	X(nofs,     "memalloc_nofs_save(): __GFP_FS is taken away")	\
	X(noio,     "memalloc_noio_save(): __GFP_IO and __GFP_FS are taken away") \
	X(noreclaim, "memalloc_noreclaim_save(): PF_MEMALLOC, reserves and no reclaim (unsafe=1)") \
	X(pin,      "memalloc_pin_save(): __GFP_MOVABLE is taken away")

#define GFPLAB_RELEASES(X)						\
	X(at_once,  "free each block before the next request")		\
	X(fifo,     "keep `hold` blocks, free the oldest")		\
	X(lifo,     "keep `hold` blocks, free the youngest")		\
	X(random,   "keep `hold` blocks, free one drawn from `seed`")	\
	X(every,    "every:N frees all that is held after each N requests") \
	X(at_end,   "free everything when the run ends")		\
	X(keep,     "hold until `reset` or rmmod")

#define GFPLAB_CHECKS(X)						\
	X(none,     "trust what comes back")				\
	X(basic,    "placement, alignment, reference count, flags, zeroing") \
	X(full,     "basic, and every byte written and verified")

#define GFPLAB_ABORTS(X)						\
	X(none,     "the run ended by itself")				\
	X(stop,     "`stop`, `remove` or rmmod")			\
	X(timeout,  "timeout_ms passed")				\
	X(budget,   "max_pages or the machine's reserve was reached")	\
	X(oom,      "the system ran out of memory")			\
	X(signal,   "the caller got a signal")

#define GFPLAB_CONTROLS(X)						\
	X(start,    "run in one worker per CPU of `cpus`; returns at once") \
	X(call,     "run in the writing task, memory states included; returns when done") \
	X(stop,     "end the run; returns when it is over")		\
	X(reset,    "free kept blocks and forget the last run's results")

/* The errors that a write can get; not every kernel has %pe's names. */
#define GFPLAB_ERRORS(X)						\
	X(EINVAL) X(ERANGE) X(ENODEV) X(EBUSY) X(EOPNOTSUPP) X(EPERM)	\
	X(ENOMEM) X(E2BIG) X(EEXIST) X(ENOENT) X(ENOSPC) X(EINTR)

/*
 * What a block can be guilty of when it comes; several may hold at once. One
 * whose content changed while it was held is found when it goes, and counted.
 */
#define GFPLAB_FAULTS(X)						\
	X(align,    "the pfn is not a multiple of the block's size")	\
	X(zone,     "a zone above the one that gfp asks for")		\
	X(node,     "a node that the request excluded")			\
	X(refcount, "a reference count other than one")			\
	X(zero,     "__GFP_ZERO, but a byte is not zero")		\
	X(compound, "compound structure missing, wrong or not asked for") \
	X(pfmemalloc, "the pfmemalloc mark and the reserve disagree")	\
	X(overlap,  "a page of it is held by us already")

/* Evidence, one bit each: what must be attached for a verdict to be known. */
#define GFPLAB_PROBES(X)						\
	/* name, kind, symbol, least observe level */			\
	X(canary,    kprobe, gfplab_canary, path)			\
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
	X(compact,   event, mm_compaction_try_to_compact_pages, path)	\
	X(compacting, event, mm_compaction_begin, path)			\
	X(compacted, event, mm_compaction_end, path)			\
	X(migrated,  event, mm_compaction_migratepages, path)		\
	X(deferred,  event, mm_compaction_deferred, path)		\
	X(retryzone, event, reclaim_retry_zone, path)			\
	X(retrycompact, event, compact_retry, path)			\
	X(victim,    event, mark_victim, path)

#define GFPLAB_STAGE_ENUM(name, help)	STAGE_##name,
#define GFPLAB_SOURCE_ENUM(name, help)	SOURCE_##name,
#define GFPLAB_RESERVE_ENUM(name, help)	RESERVE_##name,
#define GFPLAB_RESULT_ENUM(name, help)	RESULT_##name,
#define GFPLAB_OBSERVE_ENUM(name, help)	OBSERVE_##name,
#define GFPLAB_CONTEXT_ENUM(name, help)	CONTEXT_##name,
#define GFPLAB_SCOPE_ENUM(name, help)	SCOPE_##name,
#define GFPLAB_RELEASE_ENUM(name, help)	RELEASE_##name,
#define GFPLAB_CHECK_ENUM(name, help)	CHECK_##name,
#define GFPLAB_ABORT_ENUM(name, help)	ABORT_##name,
#define GFPLAB_CONTROL_ENUM(name, help)	CONTROL_##name,
#define GFPLAB_FAULT_ENUM(name, help)	FAULT_##name,
#define GFPLAB_PROBE_ENUM(name, kind, symbol, level) PROBE_##name,

enum gfplab_stage { GFPLAB_STAGES(GFPLAB_STAGE_ENUM) NR_STAGES };
enum gfplab_source { GFPLAB_SOURCES(GFPLAB_SOURCE_ENUM) NR_SOURCES };
enum gfplab_reserve { GFPLAB_RESERVES(GFPLAB_RESERVE_ENUM) NR_RESERVES };
enum gfplab_result { GFPLAB_RESULTS(GFPLAB_RESULT_ENUM) NR_RESULTS };
enum gfplab_observe { GFPLAB_OBSERVES(GFPLAB_OBSERVE_ENUM) NR_OBSERVES };
enum gfplab_context { GFPLAB_CONTEXTS(GFPLAB_CONTEXT_ENUM) NR_CONTEXTS };
enum gfplab_scope { GFPLAB_SCOPES(GFPLAB_SCOPE_ENUM) NR_SCOPES };
enum gfplab_release { GFPLAB_RELEASES(GFPLAB_RELEASE_ENUM) NR_RELEASES };
enum gfplab_check { GFPLAB_CHECKS(GFPLAB_CHECK_ENUM) NR_CHECKS };
enum gfplab_abort { GFPLAB_ABORTS(GFPLAB_ABORT_ENUM) NR_ABORTS };
enum gfplab_control { GFPLAB_CONTROLS(GFPLAB_CONTROL_ENUM) NR_CONTROLS };
enum gfplab_fault { GFPLAB_FAULTS(GFPLAB_FAULT_ENUM) NR_FAULTS };
enum gfplab_probe_id { GFPLAB_PROBES(GFPLAB_PROBE_ENUM) NR_PROBES };

#define GFPLAB_WORD(name, help)		{ #name, help },
#define GFPLAB_NAME(name, help)		#name,

#endif
