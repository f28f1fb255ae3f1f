// SPDX-License-Identifier: GPL-2.0
/*
 * record.c - per-worker rings, sums and histograms, and their text.
 *
 * A worker writes its own alone and never waits for a reader: a record that
 * finds its ring full replaces the oldest one and is counted as lost.
 */
#include <linux/bitops.h>
#include <linux/math64.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include "gfplab.h"

#define NAMES(name, list) \
	static const char * const name[] = { list(GFPLAB_NAME) }

NAMES(stage_names, GFPLAB_STAGES);
NAMES(source_names, GFPLAB_SOURCES);
NAMES(reserve_names, GFPLAB_RESERVES);
NAMES(result_names, GFPLAB_RESULTS);
NAMES(context_names, GFPLAB_CONTEXTS);

/* enum compact_result, 4.8 and later */
static const char * const compact_names[] = {
	"not_suitable_zone", "skipped", "deferred", "no_suitable_page", "continue",
	"complete", "partial_skipped", "contended", "success",
};

/* ---- histogram ---- */

/* The most that falls into a bucket of gfplab_bucket(). */
static u64 bucket_limit(unsigned int bucket)
{
	if (bucket < 8)
		return bucket;
	return ((8ULL + bucket % 8 + 1) << (bucket / 8 - 1)) - 1;
}

/**
 * gfplab_latency - add one time to a worker's histogram
 * @stats: the worker's
 * @order_index: which of the plan's orders
 * @stage: how far the request got
 * @ns: how long it took
 *
 * Context: the worker.
 */
void gfplab_latency(struct gfplab_stats *stats, unsigned int order_index,
		    enum gfplab_stage stage, u64 ns)
{
	stats->stage_ns[stage] += ns;
	stats->buckets[order_index][stage][gfplab_bucket(ns)]++;
	if (ns < stats->min_ns)
		stats->min_ns = ns;
	if (ns > stats->max_ns)
		stats->max_ns = ns;
}

/**
 * gfplab_timed - do this run's requests have a latency?
 * @run: a run
 */
bool gfplab_timed(const struct gfplab_run *run)
{
	return run->opt.observe >= OBSERVE_time;
}

/* ---- ring ---- */

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
	smp_rmb();	/* the slot before the head, which says whether it was overwritten */
	return READ_ONCE(ring->head) <= i + ring->size;
}

/* ---- records: the rings merged by time ---- */

/*
 * A reader is slower than those who write, and would never come to an end (one
 * that seeks: within one system call). It gets as many records as there are
 * when it begins.
 */
static void cursor_rewind(struct gfplab_cursor *c)
{
	unsigned int w;

	for (w = 0; w < c->run->nr_workers; w++) {
		struct gfplab_ring *ring = &c->run->workers[w]->ring;
		/* pairs with the release in gfplab_record_commit() */
		u64 head = smp_load_acquire(&ring->head);

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
		struct gfplab_ring *ring = &c->run->workers[w]->ring;
		u64 head = smp_load_acquire(&ring->head);	/* as above */
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
	cond_resched_tasks_rcu_qs();
	return cursor_advance(c) ? c : NULL;
}

static void *records_start(struct seq_file *m, loff_t *pos)
{
	struct gfplab_cursor *c = m->private;
	void *v = c;

	if (!c->run)
		return NULL;
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
}

static bool saw(const struct gfplab_run *run, enum gfplab_probe_id probe)
{
	return run->probes & (1U << probe);
}

static void show_count(struct seq_file *m, const char *key, bool known, u64 value)
{
	if (known)
		seq_printf(m, " %s=%llu", key, value);
	else
		seq_printf(m, " %s=unknown", key);
}

static void show_flags(struct seq_file *m, const struct gfplab_run *run,
		       const struct gfplab_record *rec)
{
	int i, kept = min_t(int, rec->attempts, GFPLAB_FLAGS_KEPT);

	seq_puts(m, " alloc_flags=");
	if (!saw(run, PROBE_attempt) || rec->flags_bad) {
		seq_puts(m, "unknown");
		return;
	}
	if (!kept)
		seq_puts(m, "none");
	for (i = 0; i < kept; i++)
		seq_printf(m, "%s0x%x", i ? "," : "", rec->flags_kept[i]);
	if (rec->attempts > GFPLAB_FLAGS_KEPT)
		seq_printf(m, "%s0x%x", rec->attempts > GFPLAB_FLAGS_KEPT + 1 ? ",..," : ",",
			   rec->flags_last);
}

static void show_placement(struct seq_file *m, const struct gfplab_record *rec)
{
	if (rec->verdict.result != RESULT_ok) {
		seq_puts(m, " page_nid=none zone=none migratetype=none pfmemalloc=none");
		return;
	}
	seq_printf(m, " page_nid=%d zone=%s migratetype=%s", rec->page_nid,
		   gfplab_zone_name(rec->zone), gfplab_migratetype_name(rec->migratetype));
	if (gfplab_entries[rec->entry].listed)
		seq_puts(m, " pfmemalloc=unknown");
	else
		seq_printf(m, " pfmemalloc=%u", rec->pfmemalloc);
}

static void show_steal(struct seq_file *m, const struct gfplab_run *run,
		       const struct gfplab_record *rec)
{
	if (!saw(run, PROBE_extfrag))
		seq_puts(m, " steal=unknown");
	else if (rec->steal_to == rec->steal_from)
		seq_puts(m, " steal=none");
	else
		seq_printf(m, " steal=%s<%s", gfplab_migratetype_name(rec->steal_to),
			   gfplab_migratetype_name(rec->steal_from));
}

static void show_compact(struct seq_file *m, const struct gfplab_run *run,
			 const struct gfplab_record *rec)
{
	unsigned int i = rec->compact_result;

	seq_printf(m, " compact_result=%s",
		   !saw(run, PROBE_compacted) || i > ARRAY_SIZE(compact_names) ? "unknown" :
		   i ? compact_names[i - 1] : "none");
}

static int records_show(struct seq_file *m, void *v)
{
	const struct gfplab_cursor *c = m->private;
	const struct gfplab_run *run = c->run;
	const struct gfplab_record *rec = &c->rec;

	seq_printf(m, "run=%u seq=%llu ts_ns=%llu cpu=%u entry=%s gfp=", rec->run, rec->seq,
		   rec->ts ? gfplab_clock_stamp(&run->clock, rec->ts) : 0, rec->cpu,
		   gfplab_entries[rec->entry].name);
	gfplab_gfp_show(m, rec->gfp);
	seq_printf(m, " order=%u nid=%d nodes=", rec->order, rec->nid);
	if (run->opt.nodes.all)
		seq_puts(m, "all");
	else
		seq_printf(m, "%*pbl", nodemask_pr_args(&run->opt.nodes.mask));
	seq_printf(m, " context=%s scope=", context_names[rec->context]);
	gfplab_scope_show(m, rec->scope);
	seq_printf(m, " result=%s stage=%s source=%s reserve=%s",
		   result_names[rec->verdict.result], stage_names[rec->verdict.stage],
		   source_names[rec->verdict.source], reserve_names[rec->verdict.reserve]);
	show_count(m, "kswapd", saw(run, PROBE_kswapd), rec->kswapd);
	show_steal(m, run, rec);
	show_placement(m, rec);
	show_count(m, "attempts", saw(run, PROBE_attempt), rec->attempts);
	show_flags(m, run, rec);
	seq_printf(m, " latency_ns=%llu", rec->latency_ns);
	show_count(m, "reclaim_ns", saw(run, PROBE_reclaim) && saw(run, PROBE_reclaimed),
		   rec->reclaim_ns);
	show_count(m, "compact_ns", saw(run, PROBE_compacting) && saw(run, PROBE_compacted),
		   rec->compact_ns);
	show_count(m, "reclaimed", saw(run, PROBE_reclaimed), rec->reclaimed);
	show_compact(m, run, rec);
	show_count(m, "retries", saw(run, PROBE_retryzone) && saw(run, PROBE_retrycompact),
		   rec->retries);
	if (!saw(run, PROBE_victim))
		seq_puts(m, " victim=unknown");
	else if (rec->victim)
		seq_printf(m, " victim=%d", rec->victim);
	else
		seq_puts(m, " victim=none");
	seq_puts(m, " predicted=");
	gfplab_prediction_show(m, &rec->predicted);
	seq_puts(m, " bad=");
	gfplab_faults_show(m, rec->bad);
	seq_printf(m, " pages=%u gfp_seen=", rec->pages);
	if (!saw(run, PROBE_alloc))
		seq_puts(m, "unknown");
	else
		gfplab_gfp_show(m, (__force gfp_t)rec->gfp_seen);
	show_count(m, "reclaims", saw(run, PROBE_reclaim), rec->reclaims);
	show_count(m, "scanned", saw(run, PROBE_scanned), rec->scanned);
	show_count(m, "slab", saw(run, PROBE_slab), rec->slab);
	show_count(m, "compacts", saw(run, PROBE_compact), rec->compacts);
	show_count(m, "migrated", saw(run, PROBE_migrated), rec->migrated);
	seq_putc(m, '\n');
	return 0;
}

const struct seq_operations gfplab_records_ops = {
	.start = records_start,
	.next = records_next,
	.stop = records_stop,
	.show = records_show,
};

/* ---- summary and histogram ---- */

static void stats_add(struct gfplab_stats *sum, const struct gfplab_stats *one)
{
	int i;

	sum->requests += one->requests;
	sum->lost += one->lost;
	sum->bad_blocks += one->bad_blocks;
	sum->agree += one->agree;
	sum->differ += one->differ;
	sum->predicted_stages += one->predicted_stages;
	for (i = 0; i < NR_RESULTS; i++)
		sum->result[i] += one->result[i];
	for (i = 0; i < NR_STAGES; i++) {
		sum->stage[i] += one->stage[i];
		sum->stage_ns[i] += one->stage_ns[i];
	}
	for (i = 0; i < NR_SOURCES; i++)
		sum->source[i] += one->source[i];
	for (i = 0; i < NR_RESERVES; i++)
		sum->reserve[i] += one->reserve[i];
	sum->min_ns = min(sum->min_ns, one->min_ns);
	sum->max_ns = max(sum->max_ns, one->max_ns);
}

static void show_each(struct seq_file *m, const char *prefix, const char * const *names,
		      const u64 *values, int nr)
{
	int i;

	for (i = 0; i < nr; i++)
		seq_printf(m, "%s%s %llu\n", prefix, names[i], values[i]);
}

static void show_sum(struct seq_file *m, const char *key, bool known, u64 value)
{
	if (known)
		seq_printf(m, "%s %llu\n", key, value);
	else
		seq_printf(m, "%s unknown\n", key);
}

/* All workers, orders and stages together: what is at or below a bucket. */
static u64 *bucket_sums(struct gfplab_run *run)
{
	u64 *sum = kcalloc(GFPLAB_NS_BUCKETS, sizeof(*sum), GFP_KERNEL);
	unsigned int w, o, s, b;

	if (!sum)
		return NULL;
	for (w = 0; w < run->nr_workers; w++)
		for (o = 0; o < run->nr_orders; o++)
			for (s = 0; s < NR_STAGES; s++)
				for (b = 0; b < GFPLAB_NS_BUCKETS; b++)
					sum[b] += run->workers[w]->stats.buckets[o][s][b];
	for (b = 1; b < GFPLAB_NS_BUCKETS; b++)
		sum[b] += sum[b - 1];
	return sum;
}

/* The smallest bucket limit that a share of all times does not exceed. */
static u64 percentile(const u64 *sum, u64 max_ns, unsigned int per_mille)
{
	u64 total = sum[GFPLAB_NS_BUCKETS - 1];
	unsigned int b;

	for (b = 0; b < GFPLAB_NS_BUCKETS; b++)
		if (sum[b] * 1000 >= total * per_mille)
			break;
	return b >= GFPLAB_NS_BUCKETS - 1 ? max_ns : min(bucket_limit(b), max_ns);
}

static void show_latency(struct seq_file *m, struct gfplab_run *run,
			 const struct gfplab_stats *sum)
{
	static const struct {
		const char *name;
		unsigned int per_mille;
	} rows[] = { { "p50", 500 }, { "p90", 900 }, { "p99", 990 }, { "p99.9", 999 } };
	u64 *buckets = run && gfplab_timed(run) && sum->requests ? bucket_sums(run) : NULL;
	int i;

	show_sum(m, "latency.min", buckets, sum->min_ns);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		seq_puts(m, "latency.");
		show_sum(m, rows[i].name, buckets, !buckets ? 0 :
			 percentile(buckets, sum->max_ns, rows[i].per_mille));
	}
	show_sum(m, "latency.max", buckets, sum->max_ns);
	for (i = 0; i < NR_STAGES; i++) {
		seq_puts(m, "time.");
		show_sum(m, stage_names[i], buckets, sum->stage_ns[i]);
	}
	kfree(buckets);
}

/* How often the prediction held, and how many stages it left open on average. */
static void show_explained(struct seq_file *m, bool known, const struct gfplab_stats *sum)
{
	u64 nr = sum->agree + sum->differ;

	show_sum(m, "explain.agree", known, sum->agree);
	show_sum(m, "explain.differ", known, sum->differ);
	if (nr)
		seq_printf(m, "explain.mean_set %llu.%03llu\n",
			   div64_u64(sum->predicted_stages, nr),
			   div64_u64(sum->predicted_stages * 1000, nr) % 1000);
	else
		show_sum(m, "explain.mean_set", false, 0);
}

/**
 * gfplab_summary_show - the sums over all workers of a run
 * @m: the file `summary`
 * @run: the job's last run, NULL if there was none
 *
 * Context: may sleep. While the run goes on, sums may be a request apart.
 */
void gfplab_summary_show(struct seq_file *m, struct gfplab_run *run)
{
	struct gfplab_stats *sum = kzalloc(sizeof(*sum), GFP_KERNEL);
	unsigned int w;

	if (!sum)
		return;
	sum->min_ns = U64_MAX;
	for (w = 0; run && w < run->nr_workers; w++)
		stats_add(sum, &run->workers[w]->stats);

	seq_printf(m, "run %u\n", run ? run->id : 0);
	seq_printf(m, "requests %llu\n", sum->requests);
	show_each(m, "", result_names, sum->result, NR_RESULTS);
	show_each(m, "stage.", stage_names, sum->stage, NR_STAGES);
	show_each(m, "source.", source_names, sum->source, NR_SOURCES);
	show_each(m, "reserve.", reserve_names, sum->reserve, NR_RESERVES);
	show_latency(m, run, sum);
	seq_printf(m, "lost_records %llu\n", sum->lost);
	seq_printf(m, "bad_blocks %llu\n", sum->bad_blocks);
	show_explained(m, run && run->opt.observe >= OBSERVE_explain, sum);
	seq_printf(m, "memory.worker %zu\n", run ? run->workers[0]->bytes : 0);
	seq_printf(m, "memory.record %zu\n", sizeof(struct gfplab_record));
	gfplab_throughput_show(m, run);
	if (run)
		gfplab_states_show(&run->states, m);
	kfree(sum);
}

/**
 * gfplab_histogram_show - how often which latency, by order and stage
 * @m: the file `histogram`
 * @run: the job's last run, NULL if there was none
 *
 * Context: may sleep.
 */
void gfplab_histogram_show(struct seq_file *m, struct gfplab_run *run)
{
	unsigned int w, o, s, b;

	seq_puts(m, "entry order stage le_ns count\n");
	if (!run || !gfplab_timed(run))
		return;
	for (o = 0; o < run->nr_orders; o++) {
		for (s = 0; s < NR_STAGES; s++) {
			for (b = 0; b < GFPLAB_NS_BUCKETS; b++) {
				u64 sum = 0;

				for (w = 0; w < run->nr_workers; w++)
					sum += run->workers[w]->stats.buckets[o][s][b];
				if (!sum)
					continue;
				seq_printf(m, "%s %u %s ", gfplab_entries[run->opt.entry].name,
					   run->orders[o], stage_names[s]);
				if (b == GFPLAB_NS_BUCKETS - 1)
					seq_puts(m, "inf");
				else
					seq_printf(m, "%llu", bucket_limit(b));
				seq_printf(m, " %llu\n", sum);
			}
		}
	}
}
