/* SPDX-License-Identifier: GPL-2.0 */
/*
 * words.h - every list of words that the module knows, each declared once.
 *
 * Enumerators, parsers, `help`, `summary` and the trace events are derived
 * from these rows.
 */
#ifndef GFPLAB_RULES_WORDS_H
#define GFPLAB_RULES_WORDS_H

#include "portable.h"

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

#define GFPLAB_CLAIMS(X)						\
	X(none,     "no fallback, or no more than the block that was free") \
	X(part,     "all free blocks of its pageblock moved, the pageblock's type did not change") \
	X(whole,    "the pageblock's type changed as well")		\
	X(unknown,  "not asked for, or the pageblock reaches beyond its zone")

#define GFPLAB_CHARGES(X)						\
	X(none,     "no charge failed")					\
	X(failed,   "a block was found, and given back at the limit of a memory cgroup") \
	X(unknown,  "the evidence fits both")

#define GFPLAB_IN_STATES(X)						\
	X(none,     "the run has no memory states")			\
	X(held,     "all zones were in their states when the request was made") \
	X(lost,     "a zone was not, and could not be brought back; or a request before it had reclaimed or compacted")

#define GFPLAB_RESULTS(X)						\
	X(ok,       "a block came back")				\
	X(failed,   "NULL after the allocator looked for a block")	\
	X(rejected, "NULL before the allocator looked for a block")	\
	X(freed,    "a block was freed (frees=1)")

#define GFPLAB_FREED(X)							\
	X(none,     "no free, or others still use the block")		\
	X(pcp,      "to this CPU's list")				\
	X(batch,    "likewise, and a batch from there to the free lists") \
	X(buddy,    "to the zone's free lists")				\
	X(unknown,  "a probe is missing")

#define GFPLAB_OUTCOMES(X)						\
	X(ok,       "a block comes back")				\
	X(failed,   "NULL comes back")					\
	X(never,    "the rules let the kernel try for ever: nothing makes it fail or free memory") \
	X(kills,    "the OOM killer is asked for a task on the way")

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

#define GFPLAB_RANGES(X)						\
	X(free,     "whose pages are all free")				\
	X(busy,     "the last of the highest zone that is not free and may be had: one try") \
	X(cma,      "of CMA pageblocks")

#define GFPLAB_CHECKS(X)						\
	X(none,     "trust what comes back")				\
	X(basic,    "placement, alignment, reference count, flags, zeroing; where blocks are freed at once, of the first and last page") \
	X(full,     "the same of every page, and every byte written and verified")

#define GFPLAB_ABORTS(X)						\
	X(none,     "the run ended by itself")				\
	X(stop,     "`stop`, `remove` or rmmod")			\
	X(timeout,  "timeout_ms passed")				\
	X(budget,   "max_pages, or what its zones, the module or a memory cgroup may give")	\
	X(oom,      "the system ran out of memory")			\
	X(signal,   "the caller got a signal")				\
	X(suspend,  "the machine was about to sleep")

#define GFPLAB_CONTROLS(X)						\
	X(start,    "run in one worker per CPU of `cpus`; returns at once") \
	X(call,     "run in the writing task, memory states included; returns when done") \
	X(stop,     "end the run; returns when it is over")		\
	X(reset,    "free kept blocks and forget the last run's results")

/*
 * What can be wrong with a block when it comes; several may hold at once. A
 * block whose content changed while it was held is found when it is freed, and
 * counted.
 */
#define GFPLAB_FAULTS(X)						\
	X(align,    "the pfn is not a multiple of the block's size")	\
	X(zone,     "a zone above the one that gfp asks for")		\
	X(node,     "a node that the request excluded")			\
	X(refcount, "a reference count other than one")			\
	X(zero,     "__GFP_ZERO, but a byte is not zero")		\
	X(compound, "compound structure missing, wrong or not asked for") \
	X(pfmemalloc, "the pfmemalloc mark and the reserve disagree")	\
	X(overlap,  "a page of it is held by us already")		\
	X(private,  "private or mapping is not 0 (check=full)") \
	X(flags,    "a page flag is set (check=full)") \
	X(mapcount, "mapped or pinned (check=full)")

#define GFPLAB_STAGE_ENUM(name, help)	STAGE_##name,
#define GFPLAB_SOURCE_ENUM(name, help)	SOURCE_##name,
#define GFPLAB_RESERVE_ENUM(name, help)	RESERVE_##name,
#define GFPLAB_CLAIM_ENUM(name, help)	CLAIM_##name,
#define GFPLAB_CHARGE_ENUM(name, help)	CHARGE_##name,
#define GFPLAB_IN_STATE_ENUM(name, help) IN_STATE_##name,
#define GFPLAB_RESULT_ENUM(name, help)	RESULT_##name,
#define GFPLAB_FREED_ENUM(name, help)	FREED_##name,
#define GFPLAB_OUTCOME_ENUM(name, help)	OUTCOME_##name,
#define GFPLAB_OBSERVE_ENUM(name, help)	OBSERVE_##name,
#define GFPLAB_CONTEXT_ENUM(name, help)	CONTEXT_##name,
#define GFPLAB_SCOPE_ENUM(name, help)	SCOPE_##name,
#define GFPLAB_RELEASE_ENUM(name, help)	RELEASE_##name,
#define GFPLAB_RANGE_ENUM(name, help)	RANGE_##name,
#define GFPLAB_CHECK_ENUM(name, help)	CHECK_##name,
#define GFPLAB_ABORT_ENUM(name, help)	ABORT_##name,
#define GFPLAB_CONTROL_ENUM(name, help)	CONTROL_##name,
#define GFPLAB_FAULT_ENUM(name, help)	FAULT_##name,

enum gfplab_stage { GFPLAB_STAGES(GFPLAB_STAGE_ENUM) NR_STAGES };
enum gfplab_source { GFPLAB_SOURCES(GFPLAB_SOURCE_ENUM) NR_SOURCES };
enum gfplab_reserve { GFPLAB_RESERVES(GFPLAB_RESERVE_ENUM) NR_RESERVES };
enum gfplab_claim { GFPLAB_CLAIMS(GFPLAB_CLAIM_ENUM) NR_CLAIMS };
enum gfplab_charge { GFPLAB_CHARGES(GFPLAB_CHARGE_ENUM) NR_CHARGES };
enum gfplab_in_state { GFPLAB_IN_STATES(GFPLAB_IN_STATE_ENUM) NR_IN_STATES };
enum gfplab_result { GFPLAB_RESULTS(GFPLAB_RESULT_ENUM) NR_RESULTS };
enum gfplab_freed { GFPLAB_FREED(GFPLAB_FREED_ENUM) NR_FREED };
enum gfplab_predicted_result { GFPLAB_OUTCOMES(GFPLAB_OUTCOME_ENUM) NR_OUTCOMES };
enum gfplab_observe { GFPLAB_OBSERVES(GFPLAB_OBSERVE_ENUM) NR_OBSERVES };
enum gfplab_context { GFPLAB_CONTEXTS(GFPLAB_CONTEXT_ENUM) NR_CONTEXTS };
enum gfplab_scope { GFPLAB_SCOPES(GFPLAB_SCOPE_ENUM) NR_SCOPES };
enum gfplab_release { GFPLAB_RELEASES(GFPLAB_RELEASE_ENUM) NR_RELEASES };
enum gfplab_range { GFPLAB_RANGES(GFPLAB_RANGE_ENUM) NR_RANGES };
enum gfplab_check { GFPLAB_CHECKS(GFPLAB_CHECK_ENUM) NR_CHECKS };
enum gfplab_abort { GFPLAB_ABORTS(GFPLAB_ABORT_ENUM) NR_ABORTS };
enum gfplab_control { GFPLAB_CONTROLS(GFPLAB_CONTROL_ENUM) NR_CONTROLS };
enum gfplab_fault { GFPLAB_FAULTS(GFPLAB_FAULT_ENUM) NR_FAULTS };

/**
 * struct gfplab_word - one word of a list; a list ends with a NULL name
 * @name: the word
 * @help: what it means
 */
struct gfplab_word {
	const char *name;
	const char *help;
};

/* An element of such a list, out of a row. */
#define GFPLAB_WORD(name, help)	{ #name, help },

extern const struct gfplab_word gfplab_stages[];
extern const struct gfplab_word gfplab_sources[];
extern const struct gfplab_word gfplab_reserves[];
extern const struct gfplab_word gfplab_claims[];
extern const struct gfplab_word gfplab_charges[];
extern const struct gfplab_word gfplab_in_states[];
extern const struct gfplab_word gfplab_results[];
extern const struct gfplab_word gfplab_freed[];
extern const struct gfplab_word gfplab_outcomes[];
extern const struct gfplab_word gfplab_observes[];
extern const struct gfplab_word gfplab_contexts[];
extern const struct gfplab_word gfplab_scopes[];
extern const struct gfplab_word gfplab_releases[];
extern const struct gfplab_word gfplab_ranges[];
extern const struct gfplab_word gfplab_checks[];
extern const struct gfplab_word gfplab_aborts[];
extern const struct gfplab_word gfplab_controls[];
extern const struct gfplab_word gfplab_faults[];

/* Room for any set of the words of one list, and its NUL. */
#define GFPLAB_WORDS_MAX	160

size_t gfplab_words_format(char *buf, size_t size, const struct gfplab_word *words, __u32 set,
			   const char *join);
int gfplab_word_find(const struct gfplab_word *words, const char *text, size_t len);

#endif
