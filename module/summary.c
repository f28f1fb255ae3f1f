// SPDX-License-Identifier: GPL-2.0
/*
 * summary.c - the sums over all workers of a run, and the histogram, as text.
 */
#include <linux/atomic.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include "entry.h"
#include "plan.h"
#include "record.h"
#include "rules/words.h"
#include "run.h"
#include "states.h"
#include "stats.h"
#include "summary.h"
#include "window.h"
#include "worker.h"

static void stats_add(struct gfplab_stats *sum, const struct gfplab_stats *one)
{
	int i;

	sum->requests += one->requests;
	sum->lost += one->lost;
	sum->bad_blocks += one->bad_blocks;
	sum->not_held += one->not_held;
	sum->agree += one->agree;
	sum->differ += one->differ;
	sum->predicted_open += one->predicted_open;
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

static void show_each(struct seq_file *m, const char *prefix, const struct gfplab_word *words,
		      const u64 *values)
{
	for (; words->name; words++, values++)
		seq_printf(m, "%s%s %llu\n", prefix, words->name, *values);
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
	mutex_lock(&run->results);
	if (run->forgotten) {
		mutex_unlock(&run->results);
		kfree(sum);
		return NULL;
	}
	for (w = 0; w < run->nr_workers; w++)
		for (o = 0; o < run->plan.nr_orders; o++)
			for (s = 0; s < NR_STAGES; s++)
				for (b = 0; b < GFPLAB_NS_BUCKETS; b++)
					sum[b] += run->workers[w]->rq.stats.buckets[o][s][b];
	mutex_unlock(&run->results);
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
	return b >= GFPLAB_NS_BUCKETS - 1 ? max_ns : min(gfplab_bucket_limit(b), max_ns);
}

static void show_latency(struct seq_file *m, struct gfplab_run *run,
			 const struct gfplab_stats *sum)
{
	static const struct {
		const char *name;
		unsigned int per_mille;
	} rows[] = { { "p50", 500 }, { "p90", 900 }, { "p99", 990 }, { "p99.9", 999 } };
	u64 *buckets = NULL;
	int i;

	if (run && gfplab_plan_timed(&run->plan) && sum->requests)
		buckets = bucket_sums(run);
	show_sum(m, "latency.min", buckets, sum->min_ns);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		seq_puts(m, "latency.");
		show_sum(m, rows[i].name, buckets, !buckets ? 0 :
			 percentile(buckets, sum->max_ns, rows[i].per_mille));
	}
	show_sum(m, "latency.max", buckets, sum->max_ns);
	for (i = 0; i < NR_STAGES; i++) {
		seq_puts(m, "time.");
		show_sum(m, gfplab_stages[i].name, buckets, sum->stage_ns[i]);
	}
	kfree(buckets);
}

/* ---- the keys ---- */

static void show_run(struct seq_file *m, struct gfplab_run *run, const struct gfplab_stats *sum)
{
	seq_printf(m, "run %u\n", run ? run->plan.id : 0);
}

static void show_requests(struct seq_file *m, struct gfplab_run *run,
			  const struct gfplab_stats *sum)
{
	seq_printf(m, "requests %llu\n", sum->requests);
}

static void show_results(struct seq_file *m, struct gfplab_run *run,
			 const struct gfplab_stats *sum)
{
	show_each(m, "", gfplab_results, sum->result);
}

static void show_stages(struct seq_file *m, struct gfplab_run *run,
			const struct gfplab_stats *sum)
{
	show_each(m, "stage.", gfplab_stages, sum->stage);
}

static void show_sources(struct seq_file *m, struct gfplab_run *run,
			 const struct gfplab_stats *sum)
{
	show_each(m, "source.", gfplab_sources, sum->source);
}

static void show_reserves(struct seq_file *m, struct gfplab_run *run,
			  const struct gfplab_stats *sum)
{
	show_each(m, "reserve.", gfplab_reserves, sum->reserve);
}

static void show_losses(struct seq_file *m, struct gfplab_run *run,
			const struct gfplab_stats *sum)
{
	seq_printf(m, "lost_records %llu\n", sum->lost);
	seq_printf(m, "bad_blocks %llu\n", sum->bad_blocks);
}

/* How often the prediction held, and how much it left open on average. */
static void show_explained(struct seq_file *m, struct gfplab_run *run,
			   const struct gfplab_stats *sum)
{
	bool known = run && run->plan.opt.observe >= OBSERVE_explain;
	u64 nr = sum->agree + sum->differ, mean;
	u32 thousandths;

	show_sum(m, "explain.agree", known, sum->agree);
	show_sum(m, "explain.differ", known, sum->differ);
	if (!nr) {
		show_sum(m, "explain.mean_set", false, 0);
		return;
	}
	mean = div_u64_rem(div64_u64(sum->predicted_open * 1000, nr), 1000, &thousandths);
	seq_printf(m, "explain.mean_set %llu.%03u\n", mean, thousandths);
}

static void show_memory(struct seq_file *m, struct gfplab_run *run,
			const struct gfplab_stats *sum)
{
	seq_printf(m, "memory.worker %zu\n", run ? run->workers[0]->bytes : 0);
	seq_printf(m, "memory.record %zu\n", sizeof(struct gfplab_record));
}

static void show_not_held(struct seq_file *m, struct gfplab_run *run,
			  const struct gfplab_stats *sum)
{
	seq_printf(m, "not_held %llu\n", sum->not_held);
}

static void show_window(struct seq_file *m, struct gfplab_run *run,
			const struct gfplab_stats *sum)
{
	gfplab_window_show(m, run);
}

static void show_states(struct seq_file *m, struct gfplab_run *run,
			const struct gfplab_stats *sum)
{
	if (run)
		gfplab_states_show(&run->states, m);
}

/**
 * struct row - lines of `summary` that belong together
 * @keys: their keys, X for a word of a list
 * @help: what they are
 * @show: prints them
 */
struct row {
	const char *keys;
	const char *help;
	void (*show)(struct seq_file *m, struct gfplab_run *run, const struct gfplab_stats *sum);
};

static const struct row rows[] = {
	{ "run", "number of the run", show_run },
	{ "requests", "made so far", show_requests },
	{ "ok failed rejected freed", "requests by result; frees with frees=1", show_results },
	{ "stage.X", "requests by the furthest stage", show_stages },
	{ "source.X", "requests by where the block came from", show_sources },
	{ "reserve.X", "requests by the reserve that they dipped into", show_reserves },
	{ "latency.X time.X", "ns: min, percentiles and max; the sum by stage (observe=time)",
	  show_latency },
	{ "lost_records bad_blocks", "records that were replaced; blocks that failed a check",
	  show_losses },
	{ "explain.X", "predictions that agree and differ, stages predicted on average (observe=explain)",
	  show_explained },
	{ "memory.X", "bytes of a worker and of a record", show_memory },
	{ "block.X window.X", "ns of requests timed together; throughput while all workers were at work",
	  show_window },
	{ "STATE.X", "of a memory state, pages: before, reached and after, with free blocks by order",
	  show_states },
	{ "not_held", "blocks freed at once: of CMA or zone Movable (held with unsafe=1), or out of a reserve",
	  show_not_held },
};

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
	unsigned int i;

	if (!sum)
		return;
	sum->min_ns = U64_MAX;
	for (i = 0; run && i < run->nr_workers; i++)
		stats_add(sum, &run->workers[i]->rq.stats);
	if (run)
		sum->bad_blocks += atomic_read(&run->bad_blocks);
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		rows[i].show(m, run, sum);
	kfree(sum);
}

/**
 * gfplab_summary_help - the keys of `summary`
 * @m: the file `help`
 *
 * Context: any.
 */
void gfplab_summary_help(struct seq_file *m)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		seq_printf(m, "  %-24s %s\n", rows[i].keys, rows[i].help);
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
	if (!run || !gfplab_plan_timed(&run->plan))
		return;
	mutex_lock(&run->results);
	for (o = 0; !run->forgotten && o < run->plan.nr_orders; o++) {
		for (s = 0; s < NR_STAGES; s++) {
			for (b = 0; b < GFPLAB_NS_BUCKETS; b++) {
				u64 sum = 0;

				for (w = 0; w < run->nr_workers; w++)
					sum += run->workers[w]->rq.stats.buckets[o][s][b];
				if (!sum)
					continue;
				seq_printf(m, "%s %u %s ", gfplab_entries[run->plan.opt.entry].name,
					   run->plan.orders[o], gfplab_stages[s].name);
				if (b == GFPLAB_NS_BUCKETS - 1)
					seq_puts(m, "inf");
				else
					seq_printf(m, "%llu", gfplab_bucket_limit(b));
				seq_printf(m, " %llu\n", sum);
			}
		}
	}
	mutex_unlock(&run->results);
}
