// SPDX-License-Identifier: GPL-2.0
/*
 * record_text.c - a record as a line of text: the keys, in one table.
 *
 * A million records are a gigabyte of text. So numbers are written by seq_put_decimal_ull()
 * instead of seq_printf(), and what takes long to name is remembered.
 */
#include <linux/hash.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/nodemask.h>
#include <linux/seq_file.h>
#include "check.h"
#include "clock.h"
#include "compat.h"
#include "context.h"
#include "entry.h"
#include "explain.h"
#include "gfp.h"
#include "plan.h"
#include "record.h"
#include "record_text.h"
#include "rules/alloc_flags.h"
#include "rules/evidence.h"
#include "rules/probes.h"
#include "rules/words.h"
#include "zone.h"

/* enum compact_result, 4.8 and later */
static const char * const compact_names[] = {
	"not_suitable_zone", "skipped", "deferred", "no_suitable_page", "continue",
	"complete", "partial_skipped", "contended", "success",
};

static const char * const steps[] = { "none", "same", "next", "back", "away" };

/* What a key is printed from. */
#define SHOW_ARGS	struct seq_file *m, struct gfplab_record_text *text, \
			const struct gfplab_record *rec

static bool watched(const struct gfplab_record_text *text, enum gfplab_probe_id probe)
{
	return gfplab_plan_watched(text->plan, probe);
}

static bool attempts_known(const struct gfplab_record_text *text, const struct gfplab_record *rec)
{
	return watched(text, PROBE_attempt) && !rec->blind;
}

static void show_ts_ns(SHOW_ARGS)
{
	seq_put_decimal_ull(m, "", rec->ts ? gfplab_clock_stamp(&text->plan->clock, rec->ts) : 0);
}

/* Most records have the same mask, and it takes longer to name than the rest of the line. */
static void put_gfp(struct seq_file *m, struct gfplab_gfp_named *named, gfp_t gfp)
{
	if (!named->names[0] || named->gfp != gfp) {
		named->gfp = gfp;
		gfplab_gfp_format(named->names, sizeof(named->names), gfp);
	}
	seq_puts(m, named->names);
}

static void show_gfp(SHOW_ARGS)
{
	put_gfp(m, &text->gfp, rec->gfp);
}

static void show_nodes(SHOW_ARGS)
{
	if (text->plan->opt.nodes.all)
		seq_puts(m, "all");
	else
		seq_printf(m, "%*pbl", nodemask_pr_args(&text->plan->opt.nodes.mask));
}

static void show_scope(SHOW_ARGS)
{
	if (rec->scope)
		gfplab_scope_show(m, rec->scope);
	else
		seq_puts(m, "none");
}

static void show_steal(SHOW_ARGS)
{
	const struct gfplab_seen *seen = &rec->seen;

	if (!watched(text, PROBE_extfrag)) {
		seq_puts(m, "unknown");
	} else if (seen->steal_to == seen->steal_from) {
		seq_puts(m, "none");
	} else {
		seq_puts(m, gfplab_migratetype_name(seen->steal_to));
		seq_putc(m, '<');
		seq_puts(m, gfplab_migratetype_name(seen->steal_from));
	}
}

static bool has_block(const struct gfplab_record *rec)
{
	return rec->verdict.result == RESULT_ok || rec->verdict.result == RESULT_freed;
}

static void show_page_nid(SHOW_ARGS)
{
	if (has_block(rec))
		seq_put_decimal_ll(m, "", rec->page_nid);
	else
		seq_puts(m, "none");
}

static void show_zone(SHOW_ARGS)
{
	seq_puts(m, has_block(rec) ? gfplab_zone_name(rec->zone) : "none");
}

static void show_migratetype(SHOW_ARGS)
{
	seq_puts(m, has_block(rec) ? gfplab_migratetype_name(rec->migratetype) : "none");
}

static void show_pfmemalloc(SHOW_ARGS)
{
	if (!has_block(rec))
		seq_puts(m, "none");
	else if (gfplab_entries[rec->entry].listed)
		seq_puts(m, "unknown");
	else
		seq_put_decimal_ull(m, "", rec->pfmemalloc);
}

/* The alloc_flags of the first attempts and the last, each printed by @show. */
static void show_each_attempt(SHOW_ARGS, void (*show)(struct seq_file *m,
						      struct gfplab_record_text *text,
						      unsigned int flags))
{
	const struct gfplab_seen *seen = &rec->seen;
	int i, kept = min_t(int, seen->attempts, GFPLAB_FLAGS_KEPT);

	if (!attempts_known(text, rec) || seen->flags_bad) {
		seq_puts(m, "unknown");
		return;
	}
	if (!kept)
		seq_puts(m, "none");
	for (i = 0; i < kept; i++) {
		if (i)
			seq_putc(m, ',');
		show(m, text, seen->flags_kept[i]);
	}
	if (seen->attempts > GFPLAB_FLAGS_KEPT) {
		seq_puts(m, seen->attempts > GFPLAB_FLAGS_KEPT + 1 ? ",..," : ",");
		show(m, text, seen->flags_last);
	}
}

/* Attempts of most records have one of two or three. */
static struct gfplab_flags_named *name_flags(struct gfplab_record_text *text, unsigned int flags)
{
	struct gfplab_flags_named *named = &text->flags[hash_32(flags, GFPLAB_FLAGS_TEXT_BITS)];

	if (!named->hex[0] || named->flags != flags) {
		named->flags = flags;
		snprintf(named->hex, sizeof(named->hex), "0x%x", flags);
		gfplab_alloc_flags_format(named->names, sizeof(named->names), flags, GFPLAB_FAMILY);
	}
	return named;
}

static void show_hex(struct seq_file *m, struct gfplab_record_text *text, unsigned int flags)
{
	seq_puts(m, name_flags(text, flags)->hex);
}

static void show_alloc_flags(SHOW_ARGS)
{
	show_each_attempt(m, text, rec, show_hex);
}

static void show_flag_names(struct seq_file *m, struct gfplab_record_text *text, unsigned int flags)
{
	seq_puts(m, name_flags(text, flags)->names);
}

static void show_alloc_flags_names(SHOW_ARGS)
{
	show_each_attempt(m, text, rec, show_flag_names);
}

static void show_compact_result(SHOW_ARGS)
{
	unsigned int i = rec->seen.compact_result;

	seq_puts(m, !watched(text, PROBE_compacted) || i > ARRAY_SIZE(compact_names) ? "unknown" :
		 i ? compact_names[i - 1] : "none");
}

static void show_victim(SHOW_ARGS)
{
	if (!watched(text, PROBE_victim))
		seq_puts(m, "unknown");
	else if (rec->seen.victim)
		seq_put_decimal_ll(m, "", rec->seen.victim);
	else
		seq_puts(m, "none");
}

/* An order + 1, or 0. */
static void put_order(struct seq_file *m, bool known, unsigned int order)
{
	if (!known)
		seq_puts(m, "unknown");
	else if (order)
		seq_put_decimal_ull(m, "", order - 1);
	else
		seq_puts(m, "none");
}

static void show_merged(SHOW_ARGS)
{
	put_order(m, true, rec->verdict.merged);
}

static void show_order_seen(SHOW_ARGS)
{
	put_order(m, watched(text, PROBE_alloc) ||
		  (attempts_known(text, rec) && !rec->seen.flags_bad), rec->seen.order_seen);
}

static void show_split(SHOW_ARGS)
{
	put_order(m, watched(text, PROBE_zonelocked) && watched(text, PROBE_extfrag),
		  rec->seen.split);
}

/* FREED/, what it merges up to or how much goes to the free lists */
static void show_predicted_free(struct seq_file *m, const struct gfplab_free_prediction *free)
{
	seq_printf(m, free->freed == FREED_batch ? "%s/%u-%u" : "%s/%u",
		   gfplab_freed[free->freed].name, free->least, free->most);
}

static void show_predicted(SHOW_ARGS)
{
	if (rec->verdict.result == RESULT_freed && rec->free.freed)
		show_predicted_free(m, &rec->free);
	else if (rec->predicted.stages)
		gfplab_prediction_show(m, &rec->predicted);
	else
		seq_puts(m, "none");
}

static void show_bad(SHOW_ARGS)
{
	if (rec->bad)
		gfplab_faults_show(m, rec->bad);
	else
		seq_puts(m, "none");
}

static void show_gfp_seen(SHOW_ARGS)
{
	if (!watched(text, PROBE_alloc) && (!attempts_known(text, rec) || rec->seen.flags_bad))
		seq_puts(m, "unknown");
	else
		put_gfp(m, &text->gfp_seen, (__force gfp_t)rec->seen.alloc_gfp);
}

#define SAW(probe)	watched(text, PROBE_##probe)

/*
 * The keys of a record, in their order. COUNT(key, value, help), NUMBER() that may be negative,
 * WORD(); KNOWN(key, whether it is known, count, help); OTHER(key, help), by show_KEY().
 */
#define RECORD_KEYS(COUNT, NUMBER, WORD, KNOWN, OTHER)					\
	COUNT(run, rec->run, "number of the run")					\
	COUNT(seq, rec->seq, "number of the request in the run; of a free, of the one under way") \
	OTHER(ts_ns, "when it began, ns since boot (observe=time; else 0)")		\
	COUNT(cpu, rec->cpu, "the CPU after the request")				\
	WORD(entry, gfplab_entries[rec->entry].name, "the entry point called")	\
	OTHER(gfp, "the mask handed to it")						\
	COUNT(order, rec->order, "the order asked for")				\
	NUMBER(nid, rec->nid, "the preferred node; -1: the nearest")		\
	OTHER(nodes, "the nodemask; all: none was given")				\
	WORD(context, gfplab_contexts[rec->context].name, "from where it was made")	\
	OTHER(scope, "memalloc scopes around it")					\
	WORD(result, gfplab_results[rec->verdict.result].name, "what came of it")	\
	WORD(stage, gfplab_stages[rec->verdict.stage].name, "the furthest that it reached") \
	WORD(source, gfplab_sources[rec->verdict.source].name, "where the block came from") \
	WORD(reserve, gfplab_reserves[rec->verdict.reserve].name,			\
	     "the reserve that it dipped into")						\
	KNOWN(kswapd, SAW(kswapd), rec->seen.kswapd, "wake-ups of kswapd")		\
	OTHER(steal, "migratetype asked for<the one taken from; none: no fallback")	\
	OTHER(page_nid, "node of the first page")					\
	OTHER(zone, "its zone")								\
	OTHER(migratetype, "migratetype of its pageblock, afterwards")			\
	OTHER(pfmemalloc, "1: the page is marked as taken from the reserves")		\
	KNOWN(attempts, attempts_known(text, rec), rec->seen.attempts,			\
	      "calls of get_page_from_freelist()")					\
	OTHER(alloc_flags, "the alloc_flags of the first attempts and the last, hex")	\
	COUNT(latency_ns, rec->latency_ns, "how long it took, ns (observe=time; else 0)") \
	KNOWN(reclaim_ns, SAW(reclaim) && SAW(reclaimed), rec->seen.reclaim_ns,		\
	      "of that in direct or node reclaim, ns")					\
	KNOWN(compact_ns, SAW(compacting) && SAW(compacted), rec->seen.compact_ns,	\
	      "of that in direct compaction, ns")					\
	KNOWN(reclaimed, SAW(reclaimed), rec->seen.reclaimed, "pages that reclaim freed") \
	OTHER(compact_result, "what compaction of the last zone came to")		\
	KNOWN(retries, SAW(retryzone) && SAW(retrycompact), rec->seen.retries,		\
	      "decisions to try again after reclaim or compaction")			\
	OTHER(victim, "pid of the last task that the OOM killer chose")			\
	OTHER(predicted, \
	      "STAGES/SOURCES/PLACES/RESULTS of explain; of a free FREED/MERGED or batch/DRAINED") \
	OTHER(bad, "what is wrong with the block")					\
	COUNT(pages, rec->pages, "pages that came")					\
	OTHER(gfp_seen, "the mask of the first attempt, or that of mm_page_alloc; scopes applied") \
	KNOWN(reclaims, SAW(reclaim), rec->seen.reclaims, "rounds of direct reclaim")	\
	KNOWN(scanned, SAW(scanned), rec->seen.scanned,					\
	      "pages of inactive lists that reclaim looked at")				\
	KNOWN(slab, SAW(slab), rec->seen.slab, "objects that shrinkers freed in reclaim") \
	KNOWN(compacts, SAW(compact), rec->seen.compacts, "calls of try_to_compact_pages()") \
	KNOWN(migrated, SAW(migrated), rec->seen.migrated, "pages that compaction moved")	\
	OTHER(alloc_flags_names, "alloc_flags by name")					\
	NUMBER(errno, rec->err,								\
	       "what alloc_contig_range() returned; 0 as well if no range was tried")	\
	WORD(claimed, gfplab_claims[rec->verdict.claimed].name,				\
	      "what the last fallback took of its pageblock")				\
	WORD(charge, gfplab_charges[rec->verdict.charge].name,			\
	      "what became of the charge to a memory cgroup")			\
	WORD(state, gfplab_in_states[rec->state].name,				\
	      "whether zones were in their memory states when it was made")	\
	OTHER(order_seen, "that of the first attempt, or of mm_page_alloc or mm_page_free") \
	OTHER(split, "order of the largest free block that something was taken off")	\
	WORD(step, steps[rec->step],							\
	      "next: it begins where the worker's last block ended; back: ends where that began") \
	WORD(freed, gfplab_freed[rec->verdict.freed].name,				\
	     "where a free took the block (frees=1)")					\
	OTHER(merged, "order of the free block that it is part of then")		\
	KNOWN(batched, SAW(batched), rec->seen.batched, "pages freed as a list (frees=1)") \
	KNOWN(drained, SAW(drained), rec->seen.drained,					\
	      "pages that left this CPU's lists for the free lists (frees=1)")

#define COUNT_SHOW(key, value, help)							\
	static void show_##key(SHOW_ARGS) { seq_put_decimal_ull(m, "", value); }
#define NUMBER_SHOW(key, value, help)							\
	static void show_##key(SHOW_ARGS) { seq_put_decimal_ll(m, "", value); }
#define WORD_SHOW(key, value, help)							\
	static void show_##key(SHOW_ARGS) { seq_puts(m, value); }
#define KNOWN_SHOW(key, known, value, help)						\
	static void show_##key(SHOW_ARGS)						\
	{										\
		if (known)								\
			seq_put_decimal_ull(m, "", value);				\
		else									\
			seq_puts(m, "unknown");						\
	}
#define OTHER_SHOW(key, help)

RECORD_KEYS(COUNT_SHOW, NUMBER_SHOW, WORD_SHOW, KNOWN_SHOW, OTHER_SHOW)

#define ROW(key, help)									\
	{ #key, " " #key "=", sizeof(" " #key "=") - 1, help, show_##key },
#define VALUE_ROW(key, value, help)	ROW(key, help)
#define KNOWN_ROW(key, known, value, help)	ROW(key, help)

static const struct {
	const char *name;
	const char *lead;
	unsigned int lead_len;
	const char *help;
	void (*show)(SHOW_ARGS);
} keys[] = { RECORD_KEYS(VALUE_ROW, VALUE_ROW, VALUE_ROW, KNOWN_ROW, ROW) };

/**
 * gfplab_record_show - a record as a line of text
 * @m: where to
 * @text: zeroed before the first record but for its plan
 * @rec: the record
 *
 * Context: any.
 */
void gfplab_record_show(struct seq_file *m, struct gfplab_record_text *text,
			const struct gfplab_record *rec)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		seq_write(m, keys[i].lead + !i, keys[i].lead_len - !i);
		keys[i].show(m, text, rec);
	}
	seq_putc(m, '\n');
}

/**
 * gfplab_record_help - the keys of a record
 * @m: the file `help`
 *
 * Context: any.
 */
void gfplab_record_help(struct seq_file *m)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(keys); i++)
		seq_printf(m, "  %-17s %s\n", keys[i].name, keys[i].help);
}
