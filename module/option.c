// SPDX-License-Identifier: GPL-2.0
/*
 * option.c - the options of a job: one table, from which the parser, the
 * debugfs files, the module parameters and `help` are derived.
 *
 * A value is judged when it is written (value.c), a combination when a run is
 * asked for.
 */
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/moduleparam.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "compat.h"
#include "error.h"
#include "option.h"
#include "options.h"
#include "rules/words.h"
#include "state.h"
#include "value.h"

/* ---- the table ---- */

/* OPTION(name, type, min, max, words, default, unit, help); STATE: see state.h */
#define GFPLAB_OPTIONS(OPTION, STATE)					\
	OPTION(entry, entry, 0, 0, NULL, "alloc_pages", "",		\
	       "the allocator's function that is called")		\
	OPTION(gfp, gfp, 0, 0, NULL, "GFP_KERNEL", "",			\
	       "the gfp mask")						\
	OPTION(order, orders, 0, GFPLAB_MAX_ORDER + 1, NULL, "0", "",	\
	       "log2 of the pages asked for; of several, one a request is drawn from seed") \
	OPTION(pages, u32, 0, 1 << 24, NULL, "0", "pages",		\
	       "asked for, by entries that take any number; 0 is 2^order")	\
	OPTION(range, word, 0, 0, gfplab_ranges, "free", "",		\
	       "which ranges contig_range asks for")			\
	OPTION(nid, nid, 0, 0, NULL, "-1", "",				\
	       "preferred node, for entries that take one")		\
	OPTION(nodes, nodes, 0, 0, NULL, "all", "",			\
	       "nodemask, for entries that take one")			\
	OPTION(count, u64, 0, U64_MAX, NULL, "1", "requests",		\
	       "over all workers; 0 is until stopped")			\
	OPTION(duration_ms, u32, 0, 86400000, NULL, "0", "ms",		\
	       "end the run after this long; 0 is no limit")		\
	OPTION(cpus, cpus, 0, 0, NULL, "all", "",			\
	       "`start` binds a worker to each; `call` stays on the writer's CPU") \
	OPTION(context, word, 0, 0, gfplab_contexts, "task", "",		\
	       "from where the request is made")			\
	OPTION(scope, scope, 0, 0, gfplab_scopes, "none", "",	\
	       "what the task says of all it allocates meanwhile")	\
	OPTION(hold, u64, 0, 1 << 24, NULL, "0", "blocks",		\
	       "a worker keeps this many; 0 is none (at_end, every, keep: no limit but max_pages)") \
	OPTION(release, release, 1, 1 << 24, gfplab_releases, "fifo", "",	\
	       "when and in which order blocks are freed")		\
	OPTION(interval_us, u32, 0, 60000000, NULL, "0", "us",		\
	       "pause between two requests of a worker")		\
	OPTION(seed, u64, 0, U64_MAX, NULL, "1", "",			\
	       "of every draw: the same seed asks the same sequence")	\
	GFPLAB_STATES(STATE)						\
	OPTION(observe, word, 0, 0, gfplab_observes, "full", "",		\
	       "how closely requests are watched")			\
	OPTION(ring, u32, 1, 1 << 20, NULL, "16384", "records",		\
	       "kept per worker at observe=full, fewer by default on many CPUs with little memory; the oldest give way") \
	OPTION(check, word, 0, 0, gfplab_checks, "basic", "",		\
	       "what is verified of every block")			\
	OPTION(max_pages, pages, 0, U64_MAX, NULL, "0", "pages",	\
	       "budget of all workers together; 0 is a quarter of the available memory") \
	OPTION(timeout_ms, u32, 0, 86400000, NULL, "600000", "ms",	\
	       "abort the run after this long; 0 is no limit")		\
	OPTION(keep_probes, u32, 0, 1, NULL, "0", "",			\
	       "1: probes stay attached until `reset` or a run with 0")	\
	OPTION(rules, rules, 0, 0, NULL, "this", "",			\
	       "`explain` predicts by the rules of that kernel as well, 2.6.32 or later; 6.1 is any 6.1 that runs") \
	OPTION(verbose, u32, 0, 1, NULL, "0", "",			\
	       "1: `explain` has a sentence on what each step is for, and since when") \
	OPTION(frees, u32, 0, 1, NULL, "0", "",				\
	       "1: a record as well of each block that is freed, but by `reset` (observe=full or explain)")

#define ROW(name_, kind, min_, max_, words_, def_, unit_, help_)	\
	{ .name = #name_, .type = &gfplab_##kind##_type,		\
	  .offset = offsetof(struct gfplab_options, name_),		\
	  .min = min_, .max = max_, .words = words_, .def = def_,	\
	  .unit = unit_, .help = help_ },

#define STATE_ROW(name_, form_, help_)					\
	{ .name = #name_, .type = &gfplab_##name_##_type,		\
	  .offset = offsetof(struct gfplab_options, state[GFPLAB_STATE_##name_]), \
	  .state = &gfplab_##name_##_state,				\
	  .def = "none", .unit = "", .help = help_ },

static const struct gfplab_option table[] = { GFPLAB_OPTIONS(ROW, STATE_ROW) };
const unsigned int gfplab_nr_options = ARRAY_SIZE(table);

/* The same rows as module parameters; they go to the job `default`. */
#define PARAM(name_, type_, min_, max_, words_, def_, unit_, help_)	\
	static char *param_##name_;					\
	module_param_named(name_, param_##name_, charp, 0444);		\
	MODULE_PARM_DESC(name_, help_ " (default: " def_ ")");

#define STATE_PARAM(name_, form_, help_)				\
	PARAM(name_, state, 0, 0, NULL, "none", "", help_)

GFPLAB_OPTIONS(PARAM, STATE_PARAM)

#define PARAM_POINTER(name_, ...) &param_##name_,

static char ** const params[] = { GFPLAB_OPTIONS(PARAM_POINTER, PARAM_POINTER) };

/**
 * gfplab_option_row - a row of the option table
 * @i: 0..gfplab_nr_options - 1
 *
 * Context: any.
 * Return: the row.
 */
const struct gfplab_option *gfplab_option_row(unsigned int i)
{
	return &table[i];
}

/**
 * gfplab_option_name - the name of an option
 * @option: its row
 *
 * Context: any.
 * Return: the name.
 */
const char *gfplab_option_name(const struct gfplab_option *option)
{
	return option->name;
}

/**
 * gfplab_option_parse - judge a text and store its value
 * @option: the option that it is the value of
 * @to: where it goes; unchanged on error
 * @text: the value, without surrounding blanks
 * @why: the reason for a refusal
 *
 * Context: may sleep.
 * Return: 0; -EINVAL (syntax), -ERANGE, -ENODEV (a node, zone or CPU that is
 * not there), -EPERM (needs unsafe=1) or -ENOMEM.
 */
int gfplab_option_parse(const struct gfplab_option *option,
			struct gfplab_options *to, const char *text,
			struct gfplab_reason *why)
{
	if (!*text)
		return gfplab_refuse(why, 0, -EINVAL, "%s wants a value", option->name);
	return option->type->parse(option, (void *)to + option->offset, text, why);
}

/**
 * gfplab_option_show - canonical text, which gfplab_option_parse() takes back
 * @option: the option
 * @from: where it is stored
 * @m: where to print
 */
void gfplab_option_show(const struct gfplab_option *option,
			const struct gfplab_options *from, struct seq_file *m)
{
	option->type->show(option, (const void *)from + option->offset, m);
}

static const struct gfplab_option *option_find(const char *name, size_t len)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(table); i++)
		if (strlen(table[i].name) == len && !strncmp(table[i].name, name, len))
			return &table[i];
	return NULL;
}

/* Blanks may stand around the | of a mask, and within the brackets of HEX(NAMES). */
static bool mask_goes_on(const char *mask, const char *blank)
{
	const char *next = skip_spaces(blank), *p;
	int depth = 0;

	/* the next option, though something is missing */
	for (p = next; *p && !isspace(*p); p++)
		if (*p == '=')
			return false;
	for (p = mask; p < blank; p++)
		depth += (*p == '(') - (*p == ')');
	return *next && (depth > 0 || *next == '|' || *next == ',' ||
			 (blank > mask && (blank[-1] == '|' || blank[-1] == ',')));
}

/* The blank behind a value that begins here, or the end of the text. */
static char *value_end(const struct gfplab_option *option, char *value)
{
	char *end = value;

	for (;;) {
		while (*end && !isspace(*end))
			end++;
		if (!*end || option->type != &gfplab_gfp_type || !mask_goes_on(value, end))
			return end;
		end = skip_spaces(end);
	}
}

/**
 * gfplab_options_set - take `option=value ...`, blanks between
 * @to: where the values go; the caller throws it away on error
 * @text: the words; cut up in place, but every byte keeps its offset
 * @why: the reason for a refusal, with the offset of the mistake
 *
 * Context: may sleep.
 * Return: as gfplab_option_parse(); -EINVAL for an unknown option.
 */
int gfplab_options_set(struct gfplab_options *to, char *text,
		       struct gfplab_reason *why)
{
	const struct gfplab_option *option;
	char *word = text, *value, *end, cut;
	int err;

	for (;;) {
		while (isspace(*word))
			word++;
		if (!*word)
			return 0;
		for (end = word; *end && !isspace(*end); end++)
			;
		value = memchr(word, '=', end - word);
		if (!value)
			return gfplab_refuse(why, word - text, -EINVAL, "option=value is wanted");
		option = option_find(word, value - word);
		if (!option)
			return gfplab_refuse(why, word - text, -EINVAL,
					     "no such option; see help");
		value++;
		end = value_end(option, value);
		cut = *end;
		*end = '\0';
		err = gfplab_option_parse(option, to, value, why);
		*end = cut;
		if (err) {
			if (why->at >= 0)
				why->at += value - text;
			return err;
		}
		word = end;
	}
}

/**
 * gfplab_options_show - every option as option=value, fit for `set`
 * @from: the options
 * @m: where to print
 */
void gfplab_options_show(const struct gfplab_options *from, struct seq_file *m)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(table); i++) {
		seq_printf(m, "%s=", table[i].name);
		gfplab_option_show(&table[i], from, m);
		seq_putc(m, '\n');
	}
}

/**
 * gfplab_options_default - every option's default
 * @to: filled in
 *
 * Context: may sleep.
 * Return: 0, or an error that only a wrong table can give.
 */
int gfplab_options_default(struct gfplab_options *to)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < ARRAY_SIZE(table) && !err; i++)
		err = gfplab_option_parse(&table[i], to, table[i].def, NULL);
	return err;
}

/**
 * gfplab_options_params - apply the module parameters
 * @to: the options of the job `default`
 *
 * There is no `error` file yet when insmod judges its parameters, so this is
 * the one refusal that goes to the kernel log.
 *
 * Context: module init.
 * Return: 0, or as gfplab_option_parse().
 */
int gfplab_options_params(struct gfplab_options *to)
{
	struct gfplab_reason why = { .at = -1 };
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(table); i++) {
		if (!*params[i])
			continue;
		err = gfplab_option_parse(&table[i], to, *params[i], &why);
		if (err) {
			pr_err("%s=%.64s: %s\n", table[i].name, *params[i], why.text);
			return err;
		}
	}
	return 0;
}

/**
 * gfplab_option_help - the option table as text
 * @m: the file `help`
 */
void gfplab_option_help(struct seq_file *m)
{
	const struct gfplab_option *o;
	const struct gfplab_word *w;

	for (o = table; o < table + ARRAY_SIZE(table); o++) {
		seq_printf(m, "%s\t%s", o->name, o->type->form);
		if (o->max)
			seq_printf(m, "; %llu..%llu", o->min, o->max);
		if (*o->unit)
			seq_printf(m, " %s", o->unit);
		seq_printf(m, "; default %s\n\t%s\n", o->def, o->help);
		for (w = o->words; w && w->name; w++)
			seq_printf(m, "\t  %-12s %s\n", w->name, w->help);
	}
}
