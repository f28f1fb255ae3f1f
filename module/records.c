// SPDX-License-Identifier: GPL-2.0
/*
 * records.c - the records of a run as text: the workers' rings merged by time.
 *
 * A worker never waits for a reader: a record that finds its ring full replaces
 * the oldest one and is counted as lost.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include "check.h"
#include "clock.h"
#include "context.h"
#include "entry.h"
#include "explain.h"
#include "gfp.h"
#include "plan.h"
#include "record.h"
#include "records.h"
#include "run.h"
#include "tables.h"
#include "verdict.h"
#include "worker.h"
#include "zone.h"

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

/*
 * A reader is slower than those who write, and would never come to an end (one
 * that seeks: within one system call). It gets as many records as there are
 * when it begins.
 */
static void cursor_rewind(struct gfplab_cursor *c)
{
	unsigned int w;

	for (w = 0; w < c->run->nr_workers; w++) {
		struct gfplab_ring *ring = &c->run->workers[w]->rq.ring;
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
		struct gfplab_ring *ring = &c->run->workers[w]->rq.ring;
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
	if (!gfplab_plan_watched(&run->plan, PROBE_attempt) || rec->flags_bad) {
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
	if (!gfplab_plan_watched(&run->plan, PROBE_extfrag))
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
		   !gfplab_plan_watched(&run->plan, PROBE_compacted) || i > ARRAY_SIZE(compact_names) ? "unknown" :
		   i ? compact_names[i - 1] : "none");
}

static int records_show(struct seq_file *m, void *v)
{
	const struct gfplab_cursor *c = m->private;
	const struct gfplab_run *run = c->run;
	const struct gfplab_record *rec = &c->rec;

	seq_printf(m, "run=%u seq=%llu ts_ns=%llu cpu=%u entry=%s gfp=", rec->run, rec->seq,
		   rec->ts ? gfplab_clock_stamp(&run->plan.clock, rec->ts) : 0, rec->cpu,
		   gfplab_entries[rec->entry].name);
	gfplab_gfp_show(m, rec->gfp);
	seq_printf(m, " order=%u nid=%d nodes=", rec->order, rec->nid);
	if (run->plan.opt.nodes.all)
		seq_puts(m, "all");
	else
		seq_printf(m, "%*pbl", nodemask_pr_args(&run->plan.opt.nodes.mask));
	seq_printf(m, " context=%s scope=", context_names[rec->context]);
	gfplab_scope_show(m, rec->scope);
	seq_printf(m, " result=%s stage=%s source=%s reserve=%s",
		   result_names[rec->verdict.result], stage_names[rec->verdict.stage],
		   source_names[rec->verdict.source], reserve_names[rec->verdict.reserve]);
	show_count(m, "kswapd", gfplab_plan_watched(&run->plan, PROBE_kswapd), rec->kswapd);
	show_steal(m, run, rec);
	show_placement(m, rec);
	show_count(m, "attempts", gfplab_plan_watched(&run->plan, PROBE_attempt), rec->attempts);
	show_flags(m, run, rec);
	seq_printf(m, " latency_ns=%llu", rec->latency_ns);
	show_count(m, "reclaim_ns", gfplab_plan_watched(&run->plan, PROBE_reclaim) && gfplab_plan_watched(&run->plan, PROBE_reclaimed),
		   rec->reclaim_ns);
	show_count(m, "compact_ns", gfplab_plan_watched(&run->plan, PROBE_compacting) && gfplab_plan_watched(&run->plan, PROBE_compacted),
		   rec->compact_ns);
	show_count(m, "reclaimed", gfplab_plan_watched(&run->plan, PROBE_reclaimed), rec->reclaimed);
	show_compact(m, run, rec);
	show_count(m, "retries", gfplab_plan_watched(&run->plan, PROBE_retryzone) && gfplab_plan_watched(&run->plan, PROBE_retrycompact),
		   rec->retries);
	if (!gfplab_plan_watched(&run->plan, PROBE_victim))
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
	if (!gfplab_plan_watched(&run->plan, PROBE_alloc))
		seq_puts(m, "unknown");
	else
		gfplab_gfp_show(m, (__force gfp_t)rec->gfp_seen);
	show_count(m, "reclaims", gfplab_plan_watched(&run->plan, PROBE_reclaim), rec->reclaims);
	show_count(m, "scanned", gfplab_plan_watched(&run->plan, PROBE_scanned), rec->scanned);
	show_count(m, "slab", gfplab_plan_watched(&run->plan, PROBE_slab), rec->slab);
	show_count(m, "compacts", gfplab_plan_watched(&run->plan, PROBE_compact), rec->compacts);
	show_count(m, "migrated", gfplab_plan_watched(&run->plan, PROBE_migrated), rec->migrated);
	seq_putc(m, '\n');
	return 0;
}

const struct seq_operations gfplab_records_ops = {
	.start = records_start,
	.next = records_next,
	.stop = records_stop,
	.show = records_show,
};
