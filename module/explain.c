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
#include "rules/parting.h"
#include "rules/past.h"
#include "rules/predict.h"
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
	if (v->zone_over_dirty)
		seq_puts(m, " zone_over_dirty=1");
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

static const char *this_family(void)
{
	return gfplab_families[GFPLAB_FAMILY].name;
}

/* The first step at which two walks part, as both tell it. */
static void show_parting(struct seq_file *m, const struct gfplab_walk *now,
			 const struct gfplab_walk *then, bool alike)
{
	struct gfplab_parting *parting = gfplab_array(ACCOUNT_other, 1, sizeof(*parting), NULL);
	const char *ends = "its walk has ended";
	const struct gfplab_parting_side *side;
	int i;

	if (!parting)
		return;
	if (!gfplab_part(parting, now, then)) {
		seq_printf(m, "they do not part: every step is the same%s\n",
			   alike ? "" : ", but not what may come of it");
		gfplab_array_free(parting);
		return;
	}
	side = &parting->side[0];
	seq_printf(m, "they part after step %u, in %s:\n", parting->at,
		   *side->attempt ? skip_spaces(side->attempt) : "the beginning");
	for (i = 0; i < 2; i++) {
		side = &parting->side[i];
		seq_printf(m, "  %s: %s\n", i ? gfplab_families[then->family].name : this_family(),
			   *side->line ? skip_spaces(side->line) : ends);
	}
	gfplab_array_free(parting);
}

static bool same_prediction(const struct gfplab_prediction *a, const struct gfplab_prediction *b)
{
	return a->stages == b->stages && a->results == b->results && a->sources == b->sources &&
	       a->nid == b->nid && (a->nid == WALK_ANYWHERE || a->zone == b->zone);
}

/* The same request by the rules of another release: its walk, prediction, and where they part. */
static void explain_other(struct seq_file *m, const struct gfplab_walk *now, u32 release,
			  const struct gfplab_prediction *p, struct gfplab_explain_sink *to)
{
	const struct gfplab_family_row *family;
	struct gfplab_prediction other;
	struct gfplab_walk then;
	char name[12];

	gfplab_release_format(name, sizeof(name), release);
	release = gfplab_release_meant(release, GFPLAB_THIS_RELEASE);
	if (!gfplab_walk_of_release(&then, now, release)) {
		seq_printf(m, "no prediction by the rules of %s: it has no such entry\n", name);
		return;
	}
	family = &gfplab_families[then.family];
	if (gfplab_same_rules(now, &then)) {
		seq_printf(m, "the rules of %s are those of this kernel (%s)\n", name,
			   family->name);
		return;
	}
	seq_printf(m, "by the rules of %s (family %s):\n", name, family->name);
	gfplab_predict(&then, &other, to);
	gfplab_not_followed(&then, to);
	seq_printf(m, "prediction by %s: ", name);
	gfplab_prediction_show(m, &other);
	seq_putc(m, '\n');
	show_parting(m, now, &then, same_prediction(p, &other));
}

/**
 * gfplab_explain_show - the walk that the job's request would take, now
 * @m: the file `explain`
 * @opt: the job's options; of each order one walk
 *
 * With the option `rules`, how another family of kernels would decide from the same
 * numbers, and where the two part. Below it, these numbers. A memory state of the options
 * is not applied: it exists only in a `call`.
 *
 * Context: may sleep; explains for the reading task on its CPU.
 */
void gfplab_explain_show(struct seq_file *m, const struct gfplab_options *opt)
{
	const struct gfplab_entry *entry = &gfplab_entries[opt->entry];
	struct file_sink file = { .sink.step = print_step, .sink.verbose = opt->verbose, .m = m };
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
		if (opt->rules)
			explain_other(m, &predictor->walk, opt->rules, &p, &file.sink);
		show_snapshot(m, &predictor->walk, opt);
	}
	gfplab_array_free(predictor);
}

/* Which releases follow which rules, in which they differ, and what the words mean. */
static void families_help(struct seq_file *m)
{
	char from[12], until[12];
	int family, i;

	seq_puts(m, "\nfamilies of kernels, for rules=: the first release, the first of the next family, in what they differ\n");
	for (family = FAMILY_OLDEST; family < NR_FAMILIES; family++) {
		gfplab_release_format(from, sizeof(from), gfplab_families[family].since);
		gfplab_release_format(until, sizeof(until), gfplab_family_until(family));
		seq_printf(m, "  %-8s from %s, before %s:", gfplab_families[family].name, from,
			   until);
		for (i = 0; i < NR_CAPABILITIES; i++)
			if (gfplab_family_can(family, i))
				seq_printf(m, " %s", gfplab_capabilities[i].name);
		seq_putc(m, '\n');
	}
	seq_puts(m, "  by backport: 6.2 follows 5.10, 6.7 to 6.11.6 follow 6.3\n"
		    "  taken as fresh, since a kernel of today has none: batches of ALLOC_FAIR, the zonelist cache\n"
		    "  unknown: MIGRATE_RESERVE, numa_zonelist_order, memory cgroups before 5.9\n"
		    "  __GFP_COLD (to 4.14) takes from the other end of a per-cpu list: the same prediction\n");
	for (i = 0; i < NR_CAPABILITIES; i++)
		seq_printf(m, "  %-22s %s\n", gfplab_capabilities[i].name,
			   gfplab_capabilities[i].help);
}

/**
 * gfplab_explain_help - which kernel functions the steps mirror
 * @m: the file `help`
 */
void gfplab_explain_help(struct seq_file *m)
{
	const struct gfplab_alloc_flag *flag = NULL;

	seq_printf(m, "\nexplain (mm/page_alloc.c, by the rules of %s)\n", this_family());
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
		 "  not foreseen: injected failures, what other tasks do between the prediction and the request; and what\n"
		 "    changes while a run goes on: sysctls, the first cpuset\n"
		 "  no prediction at all: with vm.defrag_mode, with __GFP_WRITE under vm.dirty_bytes, as long as a\n"
		 "    guest has memory that it has not accepted, and of the slow path where a cpuset above the task's (v1:\n"
		 "    mem_hardwall, mem_exclusive) may be a wall\n"
		 "  snapshot: state text for scripts/gfplab explain --state, counts in pages: free, of that CMA, kept\n"
		 "    for HIGHATOMIC; marks with the boost, and it; reserve of this request; pcp count/high/batch of this\n"
		 "    CPU; blocks by order; reserves by the highest zone; lists are blocks with letters of types; percpu: types\n"
		 "    of this CPU's lists of order 0 to 3 and of huge pages; refill: blocks that a refill takes; balance:\n"
		 "    free pages and the mark as kswapd counts them, where it does otherwise; node_reclaim=1: that may\n"
		 "    help a full zone; over_dirty=1: its node has more dirty pages than its share, zone_over_dirty=1:\n"
		 "    the zone has, by the rules to 4.7\n"
		 "  history: the fair zone policy (ALLOC_FAIR) went with 4.8, the zonelist cache (zlc) with 4.4;\n"
		 "    where struct pages are initialised after boot has begun (deferred init, since 4.2), the walk did\n"
		 "    part of that work while it lasted: over before a module can be loaded\n"
		 "\nalloc_flags of an attempt\n");
	while ((flag = gfplab_alloc_flag_next(flag, GFPLAB_FAMILY)))
		seq_printf(m, "  %-20s 0x%-4x %s\n", flag->name, flag->bits, flag->help);
	families_help(m);
}
