// SPDX-License-Identifier: GPL-2.0
/*
 * records.c - the records of a run as text: the workers' rings merged by time.
 *
 * A worker never waits for a reader: a record that finds its ring full replaces
 * the oldest one and is counted as lost.
 */
#include <linux/atomic.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
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
#include "records.h"
#include "rules/alloc_flags.h"
#include "rules/evidence.h"
#include "rules/probes.h"
#include "rules/words.h"
#include "run.h"
#include "worker.h"
#include "zone.h"

/* enum compact_result, 4.8 and later */
static const char * const compact_names[] = {
	"not_suitable_zone", "skipped", "deferred", "no_suitable_page", "continue",
	"complete", "partial_skipped", "contended", "success",
};

static u64 ring_oldest(const struct gfplab_ring *ring, u64 head)
{
	return head > ring->size ? head - ring->size : 0;
}

/* Copy record @i; false if its slot was used again meanwhile. */
static bool ring_read(const struct gfplab_ring *ring, u64 i, struct gfplab_record *rec)
{
	u64 slot;

	div64_u64_rem(i, (u64)ring->size + 1, &slot);
	*rec = ring->slots[slot];
	smp_rmb();	/* the head is read after the slot: it shows whether that was overwritten */
	return (u64)atomic64_read(&ring->head) <= i + ring->size;
}

/*
 * A reader is slower than the workers and would never reach the end of their
 * rings (one that seeks: within one system call). It gets as many records as
 * there are when it begins.
 */
static void cursor_rewind(struct gfplab_cursor *c)
{
	unsigned int w;

	for (w = 0; w < c->run->nr_workers; w++) {
		struct gfplab_ring *ring = &c->run->workers[w]->rq.ring;
		/* pairs with the release in gfplab_record_commit() */
		u64 head = atomic64_read_acquire(&ring->head);

		c->at[w].next = ring_oldest(ring, head);
		c->at[w].left = head - c->at[w].next;
	}
	c->pos = -1;
}

static bool cursor_advance(struct gfplab_cursor *c)
{
	struct gfplab_record rec;
	int best = -1;
	unsigned int w;

	for (w = 0; w < c->run->nr_workers; w++) {
		struct gfplab_ring *ring = &c->run->workers[w]->rq.ring;
		u64 head = atomic64_read_acquire(&ring->head);	/* as above */
		u64 next = max(c->at[w].next, ring_oldest(ring, head));

		if (!ring->size || !c->at[w].left)
			continue;
		while (next < head && !ring_read(ring, next, &rec))
			next++;
		c->at[w].next = next;
		if (next >= head)
			continue;
		if (best < 0 || rec.ts < c->rec.ts) {
			best = w;
			c->rec = rec;
		}
	}
	if (best < 0)
		return false;
	c->at[best].next++;
	c->at[best].left--;
	c->pos++;
	return true;
}

/* A seek goes through millions of records without a look at anything else. */
static void *cursor_next(struct gfplab_cursor *c)
{
	if (fatal_signal_pending(current))
		return ERR_PTR(-EINTR);
	if (atomic_read(&gfplab_results_wanted))
		return ERR_PTR(-EAGAIN);
	cond_resched_tasks_rcu_qs();
	return cursor_advance(c) ? c : NULL;
}

static void *records_start(struct seq_file *m, loff_t *pos)
{
	struct gfplab_cursor *c = m->private;
	void *v = c;

	if (!c->run)
		return NULL;
	if (mutex_lock_killable(&c->run->results))
		return ERR_PTR(-EINTR);
	c->locked = true;
	if (*pos < c->pos || !*pos)
		cursor_rewind(c);
	while (c->pos < *pos && !IS_ERR_OR_NULL(v))
		v = cursor_next(c);
	return v;
}

static void *records_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return cursor_next(m->private);
}

static void records_stop(struct seq_file *m, void *v)
{
	struct gfplab_cursor *c = m->private;

	if (!c->locked)
		return;
	c->locked = false;
	mutex_unlock(&c->run->results);
}

/* ---- one record: its keys ---- */

/* What a key is printed from. */
#define SHOW_ARGS	struct seq_file *m, const struct gfplab_run *run, \
			const struct gfplab_record *rec

static bool watched(const struct gfplab_run *run, enum gfplab_probe_id probe)
{
	return gfplab_plan_watched(&run->plan, probe);
}

static bool attempts_known(const struct gfplab_run *run, const struct gfplab_record *rec)
{
	return watched(run, PROBE_attempt) && !rec->blind;
}

static void show_count(struct seq_file *m, bool known, u64 value)
{
	if (known)
		seq_printf(m, "%llu", value);
	else
		seq_puts(m, "unknown");
}

static void show_ts_ns(SHOW_ARGS)
{
	seq_printf(m, "%llu", rec->ts ? gfplab_clock_stamp(&run->plan.clock, rec->ts) : 0);
}

static void show_gfp(SHOW_ARGS)
{
	gfplab_gfp_show(m, rec->gfp);
}

static void show_nodes(SHOW_ARGS)
{
	if (run->plan.opt.nodes.all)
		seq_puts(m, "all");
	else
		seq_printf(m, "%*pbl", nodemask_pr_args(&run->plan.opt.nodes.mask));
}

static void show_scope(SHOW_ARGS)
{
	gfplab_scope_show(m, rec->scope);
}

static void show_steal(SHOW_ARGS)
{
	const struct gfplab_seen *seen = &rec->seen;

	if (!watched(run, PROBE_extfrag))
		seq_puts(m, "unknown");
	else if (seen->steal_to == seen->steal_from)
		seq_puts(m, "none");
	else
		seq_printf(m, "%s<%s", gfplab_migratetype_name(seen->steal_to),
			   gfplab_migratetype_name(seen->steal_from));
}

static bool has_block(const struct gfplab_record *rec)
{
	return rec->verdict.result == RESULT_ok;
}

static void show_page_nid(SHOW_ARGS)
{
	if (has_block(rec))
		seq_printf(m, "%d", rec->page_nid);
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
		seq_printf(m, "%u", rec->pfmemalloc);
}

/* The alloc_flags of the first attempts and the last, each printed by @show. */
static void show_each_attempt(struct seq_file *m, const struct gfplab_run *run,
			      const struct gfplab_record *rec,
			      void (*show)(struct seq_file *m, unsigned int flags))
{
	const struct gfplab_seen *seen = &rec->seen;
	int i, kept = min_t(int, seen->attempts, GFPLAB_FLAGS_KEPT);

	if (!attempts_known(run, rec) || seen->flags_bad) {
		seq_puts(m, "unknown");
		return;
	}
	if (!kept)
		seq_puts(m, "none");
	for (i = 0; i < kept; i++) {
		if (i)
			seq_putc(m, ',');
		show(m, seen->flags_kept[i]);
	}
	if (seen->attempts > GFPLAB_FLAGS_KEPT) {
		seq_puts(m, seen->attempts > GFPLAB_FLAGS_KEPT + 1 ? ",..," : ",");
		show(m, seen->flags_last);
	}
}

static void show_hex(struct seq_file *m, unsigned int flags)
{
	seq_printf(m, "0x%x", flags);
}

static void show_alloc_flags(SHOW_ARGS)
{
	show_each_attempt(m, run, rec, show_hex);
}

static void show_flag_names(struct seq_file *m, unsigned int flags)
{
	char text[GFPLAB_ALLOC_FLAGS_MAX];

	gfplab_alloc_flags_format(text, sizeof(text), flags, GFPLAB_FAMILY);
	seq_puts(m, text);
}

static void show_alloc_flags_names(SHOW_ARGS)
{
	show_each_attempt(m, run, rec, show_flag_names);
}

static void show_compact_result(SHOW_ARGS)
{
	unsigned int i = rec->seen.compact_result;

	seq_puts(m, !watched(run, PROBE_compacted) || i > ARRAY_SIZE(compact_names) ? "unknown" :
		 i ? compact_names[i - 1] : "none");
}

static void show_victim(SHOW_ARGS)
{
	if (!watched(run, PROBE_victim))
		seq_puts(m, "unknown");
	else if (rec->seen.victim)
		seq_printf(m, "%d", rec->seen.victim);
	else
		seq_puts(m, "none");
}

static void show_predicted(SHOW_ARGS)
{
	gfplab_prediction_show(m, &rec->predicted);
}

static void show_bad(SHOW_ARGS)
{
	gfplab_faults_show(m, rec->bad);
}

static void show_gfp_seen(SHOW_ARGS)
{
	if (!watched(run, PROBE_alloc))
		seq_puts(m, "unknown");
	else
		gfplab_gfp_show(m, (__force gfp_t)rec->seen.alloc_gfp);
}

#define SAW(probe)	watched(run, PROBE_##probe)

/*
 * The keys of a record, in their order. PLAIN(key, format, value, help);
 * COUNT(key, whether it is known, value, help); OTHER(key, help), by show_KEY().
 */
#define RECORD_KEYS(PLAIN, COUNT, OTHER)						\
	PLAIN(run, "%u", rec->run, "number of the run")					\
	PLAIN(seq, "%llu", rec->seq, "number of the request in the run")		\
	OTHER(ts_ns, "when it began, ns since boot (observe=time; else 0)")		\
	PLAIN(cpu, "%u", rec->cpu, "the CPU after the request")				\
	PLAIN(entry, "%s", gfplab_entries[rec->entry].name, "the entry point called")	\
	OTHER(gfp, "the mask handed to it")						\
	PLAIN(order, "%u", rec->order, "the order asked for")				\
	PLAIN(nid, "%d", rec->nid, "the preferred node; -1: the nearest")		\
	OTHER(nodes, "the nodemask; all: none was given")				\
	PLAIN(context, "%s", gfplab_contexts[rec->context].name, "from where it was made")	\
	OTHER(scope, "memalloc scopes around it")					\
	PLAIN(result, "%s", gfplab_results[rec->verdict.result].name, "what came of it")	\
	PLAIN(stage, "%s", gfplab_stages[rec->verdict.stage].name, "the furthest that it reached") \
	PLAIN(source, "%s", gfplab_sources[rec->verdict.source].name, "where the block came from") \
	PLAIN(reserve, "%s", gfplab_reserves[rec->verdict.reserve].name, "the reserve that it dipped into") \
	COUNT(kswapd, SAW(kswapd), rec->seen.kswapd, "wake-ups of kswapd")		\
	OTHER(steal, "migratetype asked for<the one taken from; none: no fallback")	\
	OTHER(page_nid, "node of the first page")					\
	OTHER(zone, "its zone")								\
	OTHER(migratetype, "migratetype of its pageblock, afterwards")			\
	OTHER(pfmemalloc, "1: the page is marked as taken from the reserves")		\
	COUNT(attempts, attempts_known(run, rec), rec->seen.attempts, "calls of get_page_from_freelist()") \
	OTHER(alloc_flags, "the alloc_flags of the first attempts and the last, hex")	\
	PLAIN(latency_ns, "%llu", rec->latency_ns, "how long it took, ns (observe=time; else 0)") \
	COUNT(reclaim_ns, SAW(reclaim) && SAW(reclaimed), rec->seen.reclaim_ns,		\
	      "of that in direct or node reclaim, ns")					\
	COUNT(compact_ns, SAW(compacting) && SAW(compacted), rec->seen.compact_ns,	\
	      "of that in direct compaction, ns")					\
	COUNT(reclaimed, SAW(reclaimed), rec->seen.reclaimed, "pages that reclaim freed") \
	OTHER(compact_result, "what compaction of the last zone came to")		\
	COUNT(retries, SAW(retryzone) && SAW(retrycompact), rec->seen.retries,		\
	      "decisions to try again after reclaim or compaction")			\
	OTHER(victim, "pid of the last task that the OOM killer chose")			\
	OTHER(predicted, "STAGES/SOURCES/PLACES/RESULTS as explain says (observe=explain)")	\
	OTHER(bad, "what is wrong with the block")					\
	PLAIN(pages, "%u", rec->pages, "pages that came")				\
	OTHER(gfp_seen, "the mask that mm_page_alloc reports, scopes applied")		\
	COUNT(reclaims, SAW(reclaim), rec->seen.reclaims, "rounds of direct reclaim")	\
	COUNT(scanned, SAW(scanned), rec->seen.scanned, "pages of inactive lists that reclaim looked at") \
	COUNT(slab, SAW(slab), rec->seen.slab, "objects that shrinkers freed in reclaim") \
	COUNT(compacts, SAW(compact), rec->seen.compacts, "calls of try_to_compact_pages()") \
	COUNT(migrated, SAW(migrated), rec->seen.migrated, "pages that compaction moved")	\
	OTHER(alloc_flags_names, "alloc_flags by name")					\
	PLAIN(errno, "%d", rec->err, "what alloc_contig_range() returned; 0 as well if no range was tried") \
	PLAIN(claimed, "%s", gfplab_claims[rec->verdict.claimed].name,			\
	      "what the last fallback took of its pageblock")				\
	PLAIN(charge, "%s", gfplab_charges[rec->verdict.charge].name,			\
	      "what became of the charge to a memory cgroup")

#define PLAIN_SHOW(key, format, value, help)						\
	static void show_##key(SHOW_ARGS) { seq_printf(m, format, value); }
#define COUNT_SHOW(key, known, value, help)						\
	static void show_##key(SHOW_ARGS) { show_count(m, known, value); }
#define OTHER_SHOW(key, help)

RECORD_KEYS(PLAIN_SHOW, COUNT_SHOW, OTHER_SHOW)

#define PLAIN_ROW(key, format, value, help)	{ #key, help, show_##key },
#define COUNT_ROW(key, known, value, help)	{ #key, help, show_##key },
#define OTHER_ROW(key, help)			{ #key, help, show_##key },

static const struct {
	const char *name;
	const char *help;
	void (*show)(SHOW_ARGS);
} keys[] = { RECORD_KEYS(PLAIN_ROW, COUNT_ROW, OTHER_ROW) };

static int records_show(struct seq_file *m, void *v)
{
	const struct gfplab_cursor *c = m->private;
	int i;

	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		if (i)
			seq_putc(m, ' ');
		seq_puts(m, keys[i].name);
		seq_putc(m, '=');
		keys[i].show(m, c->run, &c->rec);
	}
	seq_putc(m, '\n');
	return 0;
}

/**
 * gfplab_records_help - the keys of a record
 * @m: the file `help`
 *
 * Context: any.
 */
void gfplab_records_help(struct seq_file *m)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(keys); i++)
		seq_printf(m, "  %-17s %s\n", keys[i].name, keys[i].help);
}

const struct seq_operations gfplab_records_ops = {
	.start = records_start,
	.next = records_next,
	.stop = records_stop,
	.show = records_show,
};
