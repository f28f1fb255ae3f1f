/* SPDX-License-Identifier: GPL-2.0 */
/*
 * sink.h - where a walk reports its steps: as text, and what was decided at each.
 */
#ifndef GFPLAB_RULES_SINK_H
#define GFPLAB_RULES_SINK_H

#include "portable.h"

/* X(decision): what can be decided at a step; with a zone, that zone is meant */
#define GFPLAB_DECISIONS(X)						\
	X(none) X(attempt) X(not_allowed) X(over_dirty) X(remote) X(busy) X(cached) \
	X(short_of) X(no_block) X(enough) X(no_mark) X(empty) X(taken) X(reclaimable) \
	X(mixes) X(other_nodes) X(turned_away) X(slowpath) X(reserves) X(compacts) \
	X(reclaims) X(kills) X(tries_on) X(fails) X(helped) X(restarts) X(charge)

#define GFPLAB_DECISION_ENUM(decision)	DECISION_##decision,

enum gfplab_decision { GFPLAB_DECISIONS(GFPLAB_DECISION_ENUM) NR_DECISIONS };

/* A decision, the zone that it is about, and a set or number that belongs to it. */
#define GFPLAB_DECIDED(what, nid, zone, more)				\
	((__u64)DECISION_##what | (__u64)(__u8)(zone) << 8 | (__u64)(__u16)(nid) << 16 | \
	 (__u64)(__u32)(more) << 32)

/*
 * X(note, sentence): for a student, what a step is for and since when. The years before git
 * (2.6.12) are left out.
 */
#define GFPLAB_NOTES(X)							\
	X(heart,   "the heart of the buddy allocator: one quick attempt, and the slow path if that fails; __alloc_pages() since 5.13, __alloc_pages_nodemask() from 2.6.31 on") \
	X(prepare, "works out once what every attempt needs; struct alloc_context since 4.0, this function since 4.11") \
	X(attempt, "asks the zones in the order of the zonelist, and the first that can takes a block; since 2.6.15") \
	X(fair,    "so that pages age alike in all zones of a node, each gives a batch in turn; 3.12 to 4.7") \
	X(zlc,     "saves a look at zones that were full a moment ago; 2.6.20 to 4.3") \
	X(cpuset,  "a task may be kept to nodes: by its cpuset, and since 2.6.26 by a nodemask for each request") \
	X(dirty,   "no zone (since 3.3) or node (since 4.8) is to hold more than its share of pages that must be written first") \
	X(mark,    "free pages below a watermark are kept for those that can't wait; since 2.6.15, with zone_watermark_fast() since 4.7") \
	X(locality, "a request that would mix types of pageblocks at home is not sent to another node for it; since 5.0") \
	X(busy,    "a node whose kswapd is awake is short already; since 7.0") \
	X(node_reclaim, "frees clean pages of this node before a remote one is used; zone_reclaim() since 2.6.16, node_reclaim() since 4.8") \
	X(rmqueue, "single pages come from this CPU's list, larger blocks from the zone's free lists; lists of orders 1 to 3 since 5.13") \
	X(fallback, "pageblocks are grouped by how movable their pages are, and only for want of one's own is another's taken; since 2.6.24") \
	X(slowpath, "wakes kswapd, lowers the mark, and then frees memory itself; a function of its own since 2.6.31") \
	X(scopes,  "a task can forbid file systems or I/O for all that it allocates; noio since 3.9, nofs since 4.12, at the first attempt since 5.13") \
	X(kswapd,  "kswapd frees memory in the background, up to the high watermark; on demand by __GFP_KSWAPD_RECLAIM since 4.4") \
	X(reserves, "a task that frees memory must not wait for memory: no watermark counts for it; __gfp_pfmemalloc_flags() since 4.14") \
	X(compact, "moves pages together until a block is free; since 2.6.35, before reclaim for large orders since 4.8") \
	X(reclaim, "the task frees pages itself, of caches and by writing to swap; __alloc_pages_direct_reclaim() since 2.6.31") \
	X(retry,   "small orders are tried for ever by default; NORETRY asks for one round, RETRY_MAYFAIL (since 4.13) for no kill") \
	X(oom,     "nothing could be freed, so a task is chosen that must give its memory back; out_of_memory() is asked here since 2.6.31") \
	X(nofail,  "for callers that have no way out; with a part of the reserves since 4.12") \
	X(retry_cpuset, "the cpuset may have changed since the nodemask was made; check_retry_cpuset() since 4.12") \
	X(charge,  "a page for a memory cgroup (__GFP_ACCOUNT) is charged once it is there; since 4.5")

#define GFPLAB_NOTE_ENUM(note, sentence)	NOTE_##note,

enum gfplab_note { GFPLAB_NOTES(GFPLAB_NOTE_ENUM) NR_NOTES };

/**
 * struct gfplab_explain_sink - where a walk reports its steps
 * @step: prints one; a printf format and its arguments
 * @decide: told of what was decided at it, as GFPLAB_DECIDED() has it; may be NULL
 * @verbose: notes are printed as well, each once
 * @noted: bit NOTE_x for each that was
 */
struct gfplab_explain_sink {
	void (*step)(struct gfplab_explain_sink *to, const char *fmt, ...) __printf(2, 3);
	void (*decide)(struct gfplab_explain_sink *to, __u64 decision);
	bool verbose;
	__u32 noted;
};

/* A step of a walk, for files that predict; @to is NULL for a prediction alone. */
#define gfplab_step(to, ...) do { if (to) (to)->step(to, __VA_ARGS__); } while (0)

/* What was decided at the last step; @v is the zone. */
#define gfplab_decide(to, what)						\
	gfplab_decide_any(to, GFPLAB_DECIDED(what, 0, 0, 0))
#define gfplab_decide_set(to, what, set)				\
	gfplab_decide_any(to, GFPLAB_DECIDED(what, 0, 0, set))
#define gfplab_decide_zone(to, what, v, set)				\
	gfplab_decide_any(to, GFPLAB_DECIDED(what, (v)->nid, (v)->zone, set))
#define gfplab_decide_any(to, decision) do { if (to) gfplab_decided(to, decision); } while (0)

/* What the last step is for, once. */
#define gfplab_step_note(to, note) do { if (to) gfplab_say_note(to, note); } while (0)

void gfplab_decided(struct gfplab_explain_sink *to, __u64 decision);
void gfplab_say_note(struct gfplab_explain_sink *to, enum gfplab_note note);

#endif
