// SPDX-License-Identifier: GPL-2.0
/*
 * explain.c - the predicted walk of a job's request as text, and the numbers
 * that it was worked out from.
 */
#include <linux/bitops.h>
#include <linux/mm.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include "account.h"
#include "compat.h"
#include "context.h"
#include "entry.h"
#include "error.h"
#include "explain.h"
#include "gfp.h"
#include "options.h"
#include "predictor.h"
#include "rules/alloc_flags.h"
#include "rules/families.h"
#include "rules/prediction.h"
#include "rules/walk.h"
#include "rules/words.h"
#include "zone.h"

/* A sink that prints into a file. */
struct file_sink {
	struct gfplab_explain_sink sink;
	struct seq_file *m;
};

static __printf(2, 3)
void print_step(struct gfplab_explain_sink *to, const char *fmt, ...)
{
	struct file_sink *file = container_of(to, struct file_sink, sink);
	va_list args;

	va_start(args, fmt);
	seq_vprintf(file->m, fmt, args);
	va_end(args);
}

/**
 * gfplab_prediction_show - print a prediction as gfplab_prediction_format() does
 * @m: where to print
 * @p: the prediction
 */
void gfplab_prediction_show(struct seq_file *m, const struct gfplab_prediction *p)
{
	char text[GFPLAB_PREDICTION_MAX], place[32];

	snprintf(place, sizeof(place), "%d:%s", p->nid,
		 p->nid == WALK_ANYWHERE ? "any" : gfplab_zone_name(p->zone));
	gfplab_prediction_format(text, sizeof(text), p, place);
	seq_puts(m, text);
}

/* Migratetypes by Mem-Info's letters. */
static void show_types(struct seq_file *m, unsigned int types)
{
	static const char letters[] = WALK_LETTERS;
	int i;

	for (i = 0; letters[i]; i++)
		if (types & WALK_BIT(i))
			seq_putc(m, letters[i]);
}

/* What only the walk reads: `explain --state` and other readers of the text need it all. */
static void show_rest(struct seq_file *m, const struct gfplab_walk *walk,
		      const struct gfplab_zone_snapshot *v)
{
	unsigned int o;

	for (o = 0; o < MAX_NR_ZONES && o < WALK_ZONE_TYPES; o++)
		seq_printf(m, "%s%ld", o ? "/" : " reserves=", v->reserve[o]);
	for (o = 0; o <= walk->max_order; o++) {
		seq_printf(m, "%s%lu", o ? "/" : " lists=", v->blocks[o]);
		show_types(m, v->types[o]);
	}
	for (o = 0; o < WALK_SMALL; o++) {
		seq_puts(m, o ? "/" : " percpu=");
		show_types(m, v->pcp[o]);
		if (!v->pcp[o])
			seq_putc(m, '0');
	}
	seq_printf(m, "/%s%s%s refill=%d", v->pcp_thp & 1 ? "U" : "", v->pcp_thp & 2 ? "M" : "",
		   v->pcp_thp ? "" : "0", v->pcp_refill);
	seq_printf(m, " kswapd=%s nodes=%d cpuset=%d",
		   v->hopeless ? "hopeless" : v->busy ? "awake" : "asleep", v->in_nodes,
		   v->in_cpuset);
	if (v->balance_mark != v->mark[GFPLAB_ALLOC_WMARK_HIGH] || v->balance_free != v->free)
		seq_printf(m, " balance=%ld/%ld", v->balance_free, v->balance_mark);
	if (v->node_reclaims)
		seq_puts(m, " node_reclaim=1");
	if (v->over_dirty)
		seq_puts(m, " over_dirty=1");
}

/* The same request, for a reader that has nothing but the text. */
static void show_request(struct seq_file *m, const struct gfplab_walk *walk,
			 const struct gfplab_options *opt)
{
	seq_printf(m, "  request rules=%u.%u.%u order=%u gfp=", GFPLAB_RELEASE_NUMBERS,
		   walk->order);
	gfplab_gfp_show(m, opt->gfp);
	seq_printf(m, " nid=%d nodes=", opt->nid);
	if (opt->nodes.all)
		seq_puts(m, "all");
	else
		seq_printf(m, "%*pbl", nodemask_pr_args(&opt->nodes.mask));
	seq_printf(m, " context=%s scope=", gfplab_contexts[opt->context].name);
	gfplab_scope_show(m, opt->scope);
	seq_printf(m, " online=%u%s\n", walk->nodes, walk->cpuset_movable ? " cpuset=movable" : "");
}

/* The numbers that the walk read, a line a zone, in zonelist order. */
static void show_snapshot(struct seq_file *m, const struct gfplab_walk *walk,
			  const struct gfplab_options *opt)
{
	const struct gfplab_zone_snapshot *v;
	unsigned int o;

	seq_puts(m, "snapshot:\n");
	show_request(m, walk, opt);
	for (v = walk->zones; v < walk->zones + walk->nr_zones; v++) {
		struct zone *zone = gfplab_zone(v->nid, v->zone);
		long min = v->mark[GFPLAB_ALLOC_WMARK_MIN];

		seq_printf(m, "  %d:%s free=%ld cma=%ld highatomic=%ld min=%ld low=%ld high=%ld boost=%ld reserve=%ld",
			   v->nid, v->name, v->free, v->free_cma, v->highatomic, min,
			   v->mark[GFPLAB_ALLOC_WMARK_LOW], v->mark[GFPLAB_ALLOC_WMARK_HIGH],
			   min - v->min_unboosted, v->reserve[walk->highest]);
		if (zone)
			seq_printf(m, " pcp=%d/%d/%d managed=%lu", gfplab_pcp_count(zone),
				   gfplab_pcp_high(zone), gfplab_pcp_batch(zone),
				   zone_managed_pages(zone));
		show_rest(m, walk, v);
		seq_puts(m, " blocks=");
		for (o = 0; o <= walk->max_order; o++)
			seq_printf(m, "%s%lu", o ? "," : "", v->blocks[o]);
		seq_putc(m, '\n');
	}
}

/**
 * gfplab_explain_show - the walk that the job's request would take, now
 * @m: the file `explain`
 * @opt: the job's options; of each order one walk
 *
 * Below it, the numbers that it was worked out from. A memory state of the
 * options is not applied: it exists only in a `call`.
 *
 * Context: may sleep; explains for the reading task on its CPU.
 */
void gfplab_explain_show(struct seq_file *m, const struct gfplab_options *opt)
{
	const struct gfplab_entry *entry = &gfplab_entries[opt->entry];
	struct file_sink file = { .sink.step = print_step, .m = m };
	unsigned long orders = opt->order;
	struct gfplab_predictor *predictor;
	struct gfplab_prediction p;
	struct gfplab_reason why;
	const char *unforeseen;
	unsigned int order;

	/* Of two zones gfp_zone() makes a third, or a BUG. */
	if (gfplab_entry_check(entry, opt->gfp, orders, opt->context, &why)) {
		seq_printf(m, "no prediction: %s\n", why.text);
		return;
	}
	predictor = gfplab_predictor_create();
	if (!predictor)
		return;
	if (!gfplab_release_known(GFPLAB_THIS_RELEASE))
		seq_printf(m, "not followed: what changed after %s, whose rules are the newest that are known; this is %u.%u.%u\n",
			   gfplab_families[FAMILY_NEWEST].name, GFPLAB_RELEASE_NUMBERS);
	for_each_set_bit(order, &orders, GFPLAB_MAX_ORDER + 2) {
		seq_printf(m, "%s(", entry->name);
		gfplab_gfp_show(m, opt->gfp);
		seq_printf(m, ", order %u)\n", order);
		unforeseen = gfplab_predict_request(predictor, opt, order, &p, &file.sink);
		if (unforeseen) {
			seq_printf(m, "no prediction: %s\n", unforeseen);
			continue;
		}
		seq_puts(m, "prediction: ");
		gfplab_prediction_show(m, &p);
		seq_putc(m, '\n');
		show_snapshot(m, &predictor->walk, opt);
	}
	gfplab_array_free(predictor);
}

/**
 * gfplab_explain_help - which kernel functions the steps mirror
 * @m: the file `help`
 */
void gfplab_explain_help(struct seq_file *m)
{
	const struct gfplab_alloc_flag *flag = NULL;

	seq_printf(m, "\nexplain (mm/page_alloc.c, by the rules of %s)\n",
		   gfplab_families[GFPLAB_FAMILY].name);
	seq_puts(m,
		 "  prepare_alloc_pages, alloc_flags_nofragment   where the walk starts, NOFRAGMENT first\n"
		 "  get_page_from_freelist                        zones in zonelist order\n"
		 "  zone_watermark_fast, __zone_watermark_ok      free - unusable > mark + lowmem_reserve, and a block\n"
		 "  __zone_watermark_unusable_free                HIGHATOMIC, CMA, 2^order - 1\n"
		 "  rmqueue, rmqueue_pcplist, __rmqueue           per-cpu list, refill, own type, CMA, fallback\n"
		 "  gfp_to_alloc_flags, __gfp_pfmemalloc_flags    min, its half and eighths, no watermarks\n"
		 "  __alloc_pages_slowpath                        compaction, reclaim, OOM: in which order, for which requests\n"
		 "  node_reclaim, node_dirty_ok                   vm.zone_reclaim_mode; __GFP_WRITE and vm.dirty_ratio\n"
		 "  __memcg_kmem_charge_page, try_charge_memcg    __GFP_ACCOUNT in a memory cgroup that has no room\n"
		 "  not foreseen: cpusets above the task's (v1: mem_hardwall, mem_exclusive), injected failures, what other\n"
		 "    tasks do between the prediction and the request; and what changes while a run goes on: sysctls, the\n"
		 "    first cpuset\n"
		 "  no prediction at all: with vm.defrag_mode, with __GFP_WRITE under vm.dirty_bytes, and as long as a\n"
		 "    guest has memory that it has not accepted\n"
		 "  snapshot: state text for scripts/gfplab explain --state, counts in pages: free, of that CMA, kept\n"
		 "    for HIGHATOMIC; marks with the boost, and it; reserve of this request; pcp count/high/batch of this\n"
		 "    CPU; blocks by order; reserves by the highest zone; lists are blocks with letters of types; percpu: types\n"
		 "    of this CPU's lists of order 0 to 3 and of huge pages; refill: blocks that a refill takes; balance:\n"
		 "    free pages and the mark as kswapd counts them, where it does otherwise; node_reclaim=1: that may\n"
		 "    help a full zone; over_dirty=1: its node has more dirty pages than its share\n"
		 "  history: the fair zone policy (ALLOC_FAIR) went with 4.8, the zonelist cache (zlc) with 4.4;\n"
		 "    where struct pages are initialised after boot has begun (deferred init, since 4.2), the walk did\n"
		 "    part of that work while it lasted: over before a module can be loaded\n"
		 "\nalloc_flags of an attempt\n");
	while ((flag = gfplab_alloc_flag_next(flag, GFPLAB_FAMILY)))
		seq_printf(m, "  %-20s 0x%-4x %s\n", flag->name, flag->bits, flag->help);
}
