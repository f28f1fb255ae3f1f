// SPDX-License-Identifier: GPL-2.0
/*
 * info.c - what may be written, and on what machine we are: the generated
 * files `help` and `environment`.
 */
#include <linux/cpumask.h>
#include <linux/mm.h>
#include <linux/seq_file.h>
#include <linux/utsname.h>
#include "account.h"
#include "budget.h"
#include "clock.h"
#include "compat.h"
#include "entry.h"
#include "explain.h"
#include "gfp.h"
#include "info.h"
#include "option.h"
#include "params.h"
#include "probe.h"
#include "record.h"
#include "record_keys.h"
#include "rules/families.h"
#include "rules/words.h"
#include "run.h"
#include "summary.h"
#include "sysctl.h"
#include "zone.h"

static void show_words(struct seq_file *m, const char *title, const struct gfplab_word *w)
{
	seq_printf(m, "\n%s\n", title);
	for (; w->name; w++)
		seq_printf(m, "  %-14s %s\n", w->name, w->help);
}

static const struct gfplab_word limits[] = {
	{ "never ends", "refused: direct reclaim without __GFP_FS, order 3 or less, none of" },
	{ "", "NORETRY, RETRY_MAYFAIL and THISNODE" },
	{ "zones", "all runs hold a quarter of what the zones of one could give above" },
	{ "", "their high watermarks and lowmem reserves" },
	{ "module", "blocks, pools, rings, kthreads and results are a quarter of what is" },
	{ "", "available: account.*" },
	{ "machine", "max(4096 pages, 128 MiB, 1/64 of it) is left, with unsafe=1 as well," },
	{ "", "but by memory states" },
	{ "room", "an eighth is left of nodes, zones and groups that are not the machine" },
	{ "group", "a quarter of what a memory cgroup with a limit (max, high) can give" },
	{ "", "is held, and nothing beyond the run" },
	{ "movable", "blocks of CMA and zone Movable are not held" },
	{ "rmmod", "refused while a file is open, a call goes on, or a trace event is on or" },
	{ "", "has a trigger" },
	{ "unsafe=1", "max_pages above these limits lifts those of zones and module" },
	{ "", "a request that never ends gets what its run holds, a second after stop," },
	{ "", "timeout_ms or rmmod; else the kernel lets go when others free memory" },
	{}
};

/* Filters of trace events compare numbers: those of the words, a line a field. */
static void show_numbers(struct seq_file *m)
{
	static const struct {
		const char *field;
		const struct gfplab_word *words;
	} fields[] = {
		{ "result", gfplab_results },
		{ "stage", gfplab_stages },
		{ "source", gfplab_sources },
		{ "reserve", gfplab_reserves },
		{ "claimed", gfplab_claims },
		{ "charge", gfplab_charges },
		{ "observe", gfplab_observes },
		{ "aborted", gfplab_aborts },
	};
	const struct gfplab_word *w;
	int i;

	seq_puts(m, "\nnumbers of words in filters of trace events (events/gfplab/EVENT/filter)\n");
	for (i = 0; i < ARRAY_SIZE(fields); i++) {
		seq_printf(m, "  %-14s", fields[i].field);
		for (w = fields[i].words; w->name; w++)
			seq_printf(m, " %s=%d", w->name, (int)(w - fields[i].words));
		seq_putc(m, '\n');
	}
	seq_puts(m, "  zone          ");
	for (i = 0; i < MAX_NR_ZONES; i++)
		seq_printf(m, " %s=%d", NODE_DATA(first_online_node)->node_zones[i].name, i);
	seq_putc(m, '\n');
}

/**
 * gfplab_help_show - every option, entry and word, from the tables
 * @m: the file `help`
 */
void gfplab_help_show(struct seq_file *m)
{
	seq_puts(m, "options (jobs/NAME/options/OPTION, jobs/NAME/set, module parameters)\n");
	gfplab_option_help(m);
	seq_puts(m, "\nentries\n");
	gfplab_entry_help(m);
	show_words(m, "control words", gfplab_controls);
	show_words(m, "contexts", gfplab_contexts);
	show_words(m, "scopes, nested as a list", gfplab_scopes);
	show_words(m, "results", gfplab_results);
	show_words(m, "results in a prediction", gfplab_outcomes);
	show_words(m, "stages, the furthest that a request reached", gfplab_stages);
	show_words(m, "sources of a block", gfplab_sources);
	show_words(m, "reserves that a block was taken from", gfplab_reserves);
	show_words(m, "claimed: what the last fallback took of its pageblock", gfplab_claims);
	show_words(m, "charge: what became of the charge to a memory cgroup", gfplab_charges);
	show_words(m, "state: were the zones in their memory states?", gfplab_in_states);
	show_words(m, "what can be bad about a block", gfplab_faults);
	show_words(m, "why a run was aborted", gfplab_aborts);
	show_numbers(m);
	show_words(m, "what protects the machine without unsafe=1", limits);
	seq_puts(m, "\nkeys of a record (jobs/NAME/records; the last N: write N to jobs/NAME/last, and read it; binary, with its layout: records.bin); what no probe could tell is unknown\n");
	gfplab_record_help(m);
	seq_puts(m, "\nkeys of jobs/NAME/summary\n");
	gfplab_summary_help(m);
	gfplab_explain_help(m);
	seq_puts(m, "\ngfp names of this kernel; __GFP_ may be left out\n");
	gfplab_gfp_help(m, "  %-24s 0x%lx\n");
}

/* What this kernel does and others do not, by name: a test that asks for one needs no version. */
static void show_capabilities(struct seq_file *m)
{
	static const struct {
		const char *name;
		bool here;
	} others[] = {
		{ "pcp_small_orders", GFPLAB_PCP_SMALL_ORDERS },
		{ "scopes_at_once", GFPLAB_SCOPES_AT_ONCE },
		{ "nofail_any_order", GFPLAB_NOFAIL_MAX_ORDER > 1 },
		{ "kmalloc_obeys_policy", GFPLAB_KMALLOC_POLICY },
		{ "vmalloc_large_blocks", GFPLAB_VMALLOC_LARGE },
		{ "vmalloc_refuses_masks", GFPLAB_VMALLOC_REFUSES != 0 },
	};
	int i;

	seq_puts(m, "capabilities");
	for (i = 0; i < NR_CAPABILITIES; i++)
		if (gfplab_family_can(GFPLAB_FAMILY, i))
			seq_printf(m, " %s", gfplab_capabilities[i].name);
	for (i = 0; i < ARRAY_SIZE(others); i++)
		if (others[i].here)
			seq_printf(m, " %s", others[i].name);
	seq_putc(m, '\n');
}

/**
 * gfplab_environment_show - the hidden state that moves results
 * @m: the file `environment`
 */
void gfplab_environment_show(struct seq_file *m)
{
	struct gfplab_clock clock;
	u64 loop_ps, read_ps;

	gfplab_clock_pick(&clock);
	gfplab_clock_calibrate(&clock, &loop_ps, &read_ps);
	seq_printf(m, "release %s\n", init_utsname()->release);
	seq_printf(m, "init_on_alloc %d\n", want_init_on_alloc(0));
	seq_printf(m, "init_on_free %d\n", want_init_on_free());
	seq_printf(m, "cpus_online %u\n", num_online_cpus());
	seq_printf(m, "nodes_online %u\n", num_online_nodes());
	seq_printf(m, "clock %s\n", gfplab_clock_name(&clock));
	seq_printf(m, "clock.loop_ps %llu\n", loop_ps);
	seq_printf(m, "clock.read_ps %llu\n", read_ps);
	seq_printf(m, "page_size %lu\n", PAGE_SIZE);
	seq_printf(m, "max_order %d\n", GFPLAB_MAX_ORDER);
	seq_printf(m, "pageblock_order %d\n", (int)pageblock_order);
	seq_printf(m, "lru %s\n", gfplab_generations() ? "generations" : "lists");
	seq_printf(m, "unsafe %d\n", gfplab_unsafe);
	seq_printf(m, "limit.max_pages %llu\n", gfplab_account_left());
	seq_printf(m, "limit.reserve_pages %llu\n", gfplab_reserve_pages());
	gfplab_runs_flush();	/* they are still in the account */
	gfplab_account_show(m);
	seq_printf(m, "record_bytes %zu\n", sizeof(struct gfplab_record));
	seq_printf(m, "family %s\n", gfplab_families[GFPLAB_FAMILY].name);
	show_capabilities(m);
	gfplab_zone_show(m);
	gfplab_probe_show(m);
}
