// SPDX-License-Identifier: GPL-2.0
/*
 * record_keys.c - the keys of a record, in one table: where the value is, and when there is none.
 */
#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/kernel.h>
#include <linux/seq_file.h>
#include <linux/stddef.h>
#include "compat.h"
#include "entry.h"
#include "plan.h"
#include "record.h"
#include "record_keys.h"
#include "rules/probes.h"
#include "rules/words.h"

/* enum compact_result + 1, 4.8 and later */
static const struct gfplab_word compact_results[] = {
	{ "none" }, { "not_suitable_zone" }, { "skipped" }, { "deferred" }, { "no_suitable_page" },
	{ "continue" }, { "complete" }, { "partial_skipped" }, { "contended" }, { "success" }, {}
};

/* enum compact_priority + 1 */
static const struct gfplab_word compact_prios[] = {
	{ "none" }, { "sync_full" }, { "sync_light" }, { "async" }, {}
};

/* enum gfplab_node_reclaim */
static const struct gfplab_word node_reclaims[] = { { "none" }, { "some" }, { "success" }, {} };

/* The bits of gfplab_node_bit() */
static const struct gfplab_word nodes[] = {
	{ "0" }, { "1" }, { "2" }, { "3" }, { "4" }, { "5" }, { "6" }, { "7" }, { "8" }, { "9" },
	{ "10" }, { "11" }, { "12" }, { "13" }, { "14" }, { "15" }, { "16" }, { "17" }, { "18" },
	{ "19" }, { "20" }, { "21" }, { "22" }, { "23" }, { "24" }, { "25" }, { "26" }, { "27" },
	{ "28" }, { "29" }, { "30" }, { "31-" }, {}
};

static const struct gfplab_word steps[] = {
	{ "none" }, { "same" }, { "next" }, { "back" }, { "away" }, {}
};

/* When a key has no value. */
#define RULE_block	BIT(0)	/* none without a block */
#define RULE_zero	BIT(1)	/* 0 is none */
#define RULE_blind	BIT(2)	/* unknown if no attempt could be seen */
#define RULE_bad	BIT(3)	/* or if their arguments were not the request's */
#define RULE_seen	BIT(4)	/* likewise, of the first attempt, unless mm_page_alloc tells */
#define RULE_listed	BIT(5)	/* unknown of pages that hang in a list */
#define RULE_compact	BIT(6)	/* unknown if this kernel has results that are not listed above */
#define RULE_untold	BIT(7)	/* or if there is no ratio of dirty pages */
#define RULES_attempts	(RULE_blind | RULE_bad)	/* of alloc_flags: none without attempts */

#define SAW(probe)	BIT_ULL(PROBE_##probe)

/* What tells of waiting within a round; kernels before 5.16 have nothing that does. */
#define SAW_waits	(GFPLAB_RECLAIM_THROTTLE ? SAW(throttled) : 0)

#define SPAN(key, form_, first, last, probes_, rules_, words_, help_)			\
	{ .lead = " " #key "=", .lead_len = sizeof(#key) + 1, .help = help_, .words = words_, \
	  .at = offsetof(struct gfplab_record, first), .form = FORM_##form_, .rules = rules_, \
	  .bytes = offsetofend(struct gfplab_record, last) -				\
		   offsetof(struct gfplab_record, first), .probes = probes_ },
#define ROW(key, form, member, probes, rules, words, help)	\
	SPAN(key, form, member, member, probes, rules, words, help)
#define COUNT(key, member, help)		ROW(key, count, member, 0, 0, NULL, help)
#define NUMBER(key, member, help)		ROW(key, number, member, 0, 0, NULL, help)
#define WORD(key, words, member, help)		ROW(key, word, member, 0, 0, words, help)
#define KNOWN(key, probes, member, help)	ROW(key, count, member, probes, 0, NULL, help)
#define OTHER(key, form, member, probes, rules, words, help)	\
	ROW(key, form, member, probes, rules, words, help)
#define ATTEMPTS(key, form, help)		\
	SPAN(key, form, seen.flags_kept, seen.flags_last, SAW(attempt), RULES_attempts, NULL, help)

/*
 * The keys of a record, in their order. COUNT(key, member, help), NUMBER() that may be negative,
 * WORD(key, words, ...), KNOWN(key, probes, ...): a count that these must have been there for;
 * OTHER(key, form, member, probes, rules, words, help); SPAN() of several members; ATTEMPTS().
 */
const struct gfplab_record_key gfplab_record_keys[] = {
	COUNT(run, run, "number of the run")
	COUNT(seq, seq, "number of the request in the run; of a free, of the one under way")
	COUNT(ts_ns, ts, "when it began, ns since boot (observe=time; else 0)")
	COUNT(cpu, cpu, "the CPU after the request")
	OTHER(entry, entry, entry, 0, 0, NULL, "the entry point called")
	OTHER(gfp, gfp, gfp, 0, RULE_zero, NULL, "the mask handed to it")
	COUNT(order, order, "the order asked for")
	NUMBER(nid, nid, "the preferred node; -1: the nearest")
	{ .lead = " nodes=", .lead_len = 7, .form = FORM_nodes,
	  .help = "the nodemask; all: none was given" },
	WORD(context, gfplab_contexts, context, "from where it was made")
	OTHER(scope, set, scope, 0, RULE_zero, gfplab_scopes, "memalloc scopes around it")
	WORD(result, gfplab_results, verdict.result, "what came of it")
	WORD(stage, gfplab_stages, verdict.stage, "the furthest that it reached")
	WORD(source, gfplab_sources, verdict.source, "where the block came from")
	WORD(reserve, gfplab_reserves, verdict.reserve, "the reserve that it dipped into")
	KNOWN(kswapd, SAW(kswapd), seen.kswapd, "wake-ups of kswapd")
	SPAN(steal, steal, seen.steal_to, seen.steal_from, SAW(extfrag), 0, NULL,
	     "migratetype asked for<the one taken from; none: no fallback")
	OTHER(page_nid, number, page_nid, 0, RULE_block, NULL, "node of the first page")
	OTHER(zone, zone, zone, 0, RULE_block, NULL, "its zone")
	OTHER(migratetype, type, migratetype, 0, RULE_block, NULL,
	      "migratetype of its pageblock, afterwards")
	OTHER(pfmemalloc, count, pfmemalloc, 0, RULE_block | RULE_listed, NULL,
	      "1: the page is marked as taken from the reserves")
	OTHER(attempts, count, seen.attempts, SAW(attempt), RULE_blind, NULL,
	      "calls of get_page_from_freelist()")
	ATTEMPTS(alloc_flags, attempts,
		 "the alloc_flags of the first attempts and the last, hex")
	COUNT(latency_ns, latency_ns, "how long it took, ns (observe=time; else 0)")
	KNOWN(reclaim_ns, SAW(reclaim) | SAW(reclaimed), seen.reclaim_ns,
	      "of that in direct or node reclaim, ns")
	KNOWN(compact_ns, SAW(compacting) | SAW(compacted), seen.compact_ns,
	      "of that in direct compaction, ns")
	KNOWN(reclaimed, SAW(reclaimed), seen.reclaimed, "pages that reclaim freed")
	OTHER(compact_result, word, seen.compact_result, SAW(compacted), RULE_compact,
	      compact_results, "what compaction of the last zone came to")
	KNOWN(retries, SAW(retryzone) | SAW(retrycompact), seen.retries,
	      "decisions to try again after reclaim or compaction")
	OTHER(victim, number, seen.victim, SAW(victim), RULE_zero, NULL,
	      "pid of the last task that the OOM killer chose")
	OTHER(predicted, predicted, predicted, 0, RULE_zero, gfplab_outcomes,
	      "STAGES/SOURCES/PLACES/RESULTS of explain; of a free FREED/MERGED or batch/DRAINED")
	OTHER(bad, set, bad, 0, RULE_zero, gfplab_faults, "what is wrong with the block")
	COUNT(pages, pages, "pages that came")
	OTHER(gfp_seen, gfp, seen.alloc_gfp, 0, RULE_zero | RULE_seen, NULL,
	      "the mask of the first attempt, or that of mm_page_alloc; scopes applied")
	KNOWN(reclaims, SAW(reclaim), seen.reclaims, "rounds of direct reclaim")
	KNOWN(scanned, SAW(scanned), seen.scanned, "pages of inactive lists that reclaim looked at")
	KNOWN(slab, SAW(slab), seen.slab, "objects that shrinkers freed in reclaim")
	KNOWN(compacts, SAW(compact), seen.compacts, "calls of try_to_compact_pages()")
	KNOWN(migrated, SAW(migrated), seen.migrated, "pages that compaction moved")
	ATTEMPTS(alloc_flags_names, attempt_names, "alloc_flags by name")
	NUMBER(errno, err, "what alloc_contig_range() returned; 0 as well if no range was tried")
	WORD(claimed, gfplab_claims, verdict.claimed,
	     "what the last fallback took of its pageblock")
	WORD(charge, gfplab_charges, verdict.charge,
	     "what became of the charge to a memory cgroup")
	WORD(state, gfplab_in_states, state,
	     "whether zones were in their memory states when it was made")
	OTHER(order_seen, order, seen.order_seen, 0, RULE_zero | RULE_seen, NULL,
	      "that of the first attempt, or of mm_page_alloc or mm_page_free")
	OTHER(split, order, seen.split, SAW(zonelocked) | SAW(extfrag), RULE_zero, NULL,
	      "order of the largest free block that something was taken off")
	WORD(step, steps, step,
	     "next: it begins where the worker's last block ended; back: ends where that began")
	WORD(freed, gfplab_freed, verdict.freed, "where a free took the block (frees=1)")
	OTHER(merged, order, verdict.merged, 0, RULE_zero, NULL,
	      "order of the free block that it is part of then")
	KNOWN(batched, SAW(batched), seen.batched, "pages freed as a list (frees=1)")
	KNOWN(drained, SAW(drained), seen.drained,
	      "pages that left this CPU's lists for the free lists (frees=1)")
	OTHER(priority, order, seen.priority, SAW(slabasked) | SAW(scanned), RULE_zero, NULL,
	      "the lowest priority of reclaim, from 12 down to 0")
	KNOWN(scanned_anon, SAW(scanned), seen.scanned_anon, "of scanned, anonymous pages")
	KNOWN(reclaimed_anon, SAW(scanned), seen.reclaimed_anon,
	      "anonymous pages that direct reclaim freed")
	KNOWN(reclaimed_file, SAW(scanned), seen.reclaimed_file, "pages of files")
	KNOWN(activated, SAW(scanned), seen.activated, "inactive pages made active")
	KNOWN(deactivated, SAW(active), seen.deactivated, "active pages made inactive")
	KNOWN(kept_active, SAW(active), seen.kept_active, "active pages that stayed so")
	OTHER(scanned_nodes, set, seen.scanned_nodes, SAW(scanned), RULE_zero, nodes,
	      "nodes whose pages were looked at")
	KNOWN(throttled_ns, SAW(tofree) | SAW_waits, seen.throttled_ns,
	      "time that direct reclaim was made to wait, ns")
	KNOWN(slab_delta, SAW(slabasked), seen.slab_delta,
	      "objects that priorities asked shrinkers to scan")
	KNOWN(slab_scan, SAW(slabasked), seen.slab_scan,
	      "objects to scan, with what was put off before")
	OTHER(node_reclaim, word, seen.node_reclaim, SAW(nodereclaimed), 0, node_reclaims,
	      "what reclaim of a node came to; success: all that was asked for, some: less")
	KNOWN(dirty_asked, SAW(dirtyok), seen.dirty_asked, "calls of node_dirty_ok()")
	OTHER(over_dirty, set, seen.over_dirty, SAW(dirtyok), RULE_zero | RULE_untold, nodes,
	      "nodes found over their dirty limit")
	OTHER(compact_prios, words, seen.compact_prios, SAW(compact), RULE_zero, compact_prios,
	      "priority of each try_to_compact_pages()")
	OTHER(compact_zones, zones, seen.compact_zones, SAW(suitable) | SAW(compacted), RULE_zero,
	      compact_results, "nid:Zone:RESULT of compaction, each zone's last")
	KNOWN(kcompactd, SAW(kcompactd), seen.kcompactd, "wake-ups of kcompactd")
	KNOWN(cpuset_changes, SAW(attempt) | SAW(slowpath), seen.cpuset_changes,
	      "changes of the task's nodes between attempts of the slow path")
};

const unsigned int gfplab_nr_record_keys = ARRAY_SIZE(gfplab_record_keys);
static_assert(ARRAY_SIZE(gfplab_record_keys) <= GFPLAB_RECORD_KEYS_MAX);

static u64 load(const void *at, unsigned int bytes)
{
	switch (bytes) {
	case 1:
		return *(const u8 *)at;
	case 4:
	case sizeof(struct gfplab_prediction):	/* its stages: 0 if there is none */
		return *(const u32 *)at;
	case 8:
		return *(const u64 *)at;
	default:
		return *(const u16 *)at;
	}
}

static bool unknown(const struct gfplab_record_key *key, u64 probes,
		    const struct gfplab_record *rec, u64 value)
{
	u8 rules = key->rules;

	if (rules & RULE_seen) {
		if (probes & SAW(alloc))
			return false;
		if (!(probes & SAW(attempt)))
			return true;
		rules |= RULES_attempts;
	}
	return (rules & RULE_blind && rec->blind) || (rules & RULE_bad && rec->seen.flags_bad) ||
	       (rules & RULE_untold && rec->seen.dirty_untold) ||
	       (rules & RULE_listed && gfplab_entries[rec->entry].listed) ||
	       (rules & RULE_compact && value >= ARRAY_SIZE(compact_results) - 1);
}

/**
 * gfplab_record_look - the value that a record has for a key
 * @key: of gfplab_record_keys[]
 * @plan: of the record's run
 * @rec: the record
 * @value: what there is at the key's place, without a sign; of more than 8 bytes, the first 4
 *
 * Context: any.
 * Return: whether it means something.
 */
enum gfplab_known gfplab_record_look(const struct gfplab_record_key *key,
				     const struct gfplab_plan *plan,
				     const struct gfplab_record *rec, u64 *value)
{
	*value = load((const void *)rec + key->at, key->bytes);
	if (key->probes & ~plan->probes)
		return VALUE_unknown;
	if (key->rules & RULE_block && rec->verdict.result != RESULT_ok &&
	    rec->verdict.result != RESULT_freed)
		return VALUE_none;
	if (key->rules && unknown(key, plan->probes, rec, *value))
		return VALUE_unknown;
	if ((key->rules & RULE_zero && !*value) ||
	    (key->form == FORM_steal && rec->seen.steal_to == rec->seen.steal_from) ||
	    (key->rules == RULES_attempts && !rec->seen.attempts))
		return VALUE_none;
	return VALUE_known;
}

/**
 * gfplab_record_help - the keys of a record
 * @m: the file `help`
 *
 * Context: any.
 */
void gfplab_record_help(struct seq_file *m)
{
	const struct gfplab_record_key *key;

	for (key = gfplab_record_keys; key < gfplab_record_keys + gfplab_nr_record_keys; key++)
		seq_printf(m, "  %-17.*s %s\n", key->lead_len - 2, key->lead + 1, key->help);
}
