// SPDX-License-Identifier: GPL-2.0
/*
 * option.c - the options of a job: one table, from which the parser, the
 * debugfs files, the module parameters and `help` are derived.
 *
 * A value is judged here, when it is written; combinations are judged when a
 * run is asked for (plan.c).
 */
#include <linux/bitmap.h>
#include <linux/ctype.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "gfplab.h"

struct gfplab_option_type;

/**
 * struct gfplab_option - one row of the option table
 * @offset: of its field in struct gfplab_options
 * @min: smallest value, for types that are numbers
 * @max: largest value, likewise
 * @words: allowed words, for types that are words; ends with a NULL name
 * @def: the default, as text: it passes the same parser as everything else
 */
struct gfplab_option {
	const char *name;
	const struct gfplab_option_type *type;
	size_t offset;
	u64 min;
	u64 max;
	const struct gfplab_word *words;
	const char *def;
	const char *unit;
	const char *help;
};

struct gfplab_option_type {
	const char *name;
	const char *form;	/* what may be written, for `help` */
	int (*parse)(const struct gfplab_option *o, void *field, const char *text,
		     struct gfplab_reason *why);
	void (*show)(const struct gfplab_option *o, const void *field, struct seq_file *m);
};

/* ---- numbers ---- */

static int number_parse(const struct gfplab_option *o, u64 *value, const char *text,
			struct gfplab_reason *why)
{
	int err;

	if (!isdigit(text[0]))
		return gfplab_refuse(why, 0, -EINVAL, "%s wants a number", o->name);
	err = kstrtou64(text, 0, value);
	if (err == -ERANGE || (!err && (*value < o->min || *value > o->max))) {
		if (GFPLAB_BUSTED(swallowed_error)) {
			*value = o->min;
			return 0;
		}
		return gfplab_refuse(why, 0, -ERANGE, "%s is %llu..%llu",
				     o->name, o->min, o->max);
	}
	if (err)
		return gfplab_refuse(why, 0, -EINVAL, "%s wants a number", o->name);
	return 0;
}

static int u32_parse(const struct gfplab_option *o, void *field, const char *text,
		     struct gfplab_reason *why)
{
	u64 value;
	int err = number_parse(o, &value, text, why);

	if (!err)
		*(u32 *)field = value;
	return err;
}

static void u32_show(const struct gfplab_option *o, const void *field, struct seq_file *m)
{
	seq_printf(m, "%u", *(const u32 *)field);
}

static int u64_parse(const struct gfplab_option *o, void *field, const char *text,
		     struct gfplab_reason *why)
{
	u64 value;
	int err = number_parse(o, &value, text, why);

	if (!err)
		*(u64 *)field = value;
	return err;
}

static void u64_show(const struct gfplab_option *o, const void *field, struct seq_file *m)
{
	seq_printf(m, "%llu", *(const u64 *)field);
}

static int pages_parse(const struct gfplab_option *o, void *field, const char *text,
		       struct gfplab_reason *why)
{
	u64 most = gfplab_default_pages();
	u64 value;
	int err = number_parse(o, &value, text, why);

	if (err)
		return err;
	if (value > most && !gfplab_unsafe)
		return gfplab_refuse(why, 0, -EPERM,
				     "%s above %llu (a quarter of the memory available now): load with unsafe=1",
				     o->name, most);
	*(u64 *)field = value;
	return 0;
}

/* ---- words ---- */

static int word_find(const struct gfplab_word *words, const char *text, size_t len)
{
	int i;

	for (i = 0; words[i].name; i++)
		if (strlen(words[i].name) == len && !strncmp(words[i].name, text, len))
			return i;
	return -1;
}

static int word_refuse(const struct gfplab_option *o, struct gfplab_reason *why)
{
	size_t used;
	int i;

	gfplab_refuse(why, 0, 0, "%s is one of:", o->name);
	for (i = 0; why && o->words[i].name; i++) {
		used = strlen(why->text);
		scnprintf(why->text + used, sizeof(why->text) - used, " %s",
			  o->words[i].name);
	}
	return -EINVAL;
}

static int word_parse(const struct gfplab_option *o, void *field, const char *text,
		      struct gfplab_reason *why)
{
	int i = word_find(o->words, text, strlen(text));

	if (i < 0)
		return word_refuse(o, why);
	*(u32 *)field = i;
	return 0;
}

static void word_show(const struct gfplab_option *o, const void *field, struct seq_file *m)
{
	seq_puts(m, o->words[*(const u32 *)field].name);
}

static int entry_parse(const struct gfplab_option *o, void *field, const char *text,
		       struct gfplab_reason *why)
{
	unsigned int i;

	for (i = 0; i < gfplab_nr_entries; i++) {
		if (strcmp(gfplab_entries[i].name, text))
			continue;
		if (gfplab_entries[i].absent)
			return gfplab_refuse(why, 0, -EOPNOTSUPP, "%s: %s", text,
					     gfplab_entries[i].absent);
		*(u32 *)field = i;
		return 0;
	}
	return gfplab_refuse(why, 0, -EINVAL, "no such entry; see help");
}

static void entry_show(const struct gfplab_option *o, const void *field, struct seq_file *m)
{
	seq_puts(m, gfplab_entries[*(const u32 *)field].name);
}

/* every:N carries a number, the other words do not. */
static int release_parse(const struct gfplab_option *o, void *field, const char *text,
			 struct gfplab_reason *why)
{
	size_t len = strcspn(text, ":");
	int how = word_find(o->words, text, len);
	struct gfplab_keep keep = {};

	if (how < 0)
		return word_refuse(o, why);
	keep.how = how;
	if (how == RELEASE_every) {
		u64 every;
		int err;

		if (text[len] != ':')
			return gfplab_refuse(why, len, -EINVAL,
					     "every wants a number: every:N");
		err = number_parse(o, &every, text + len + 1, why);
		if (err) {
			if (why)
				why->at += len + 1;
			return err;
		}
		keep.every = every;
	} else if (text[len]) {
		return gfplab_refuse(why, len, -EINVAL, "%s takes no number",
				     o->words[how].name);
	}
	*(struct gfplab_keep *)field = keep;
	return 0;
}

static void release_show(const struct gfplab_option *o, const void *field, struct seq_file *m)
{
	const struct gfplab_keep *keep = field;

	seq_puts(m, o->words[keep->how].name);
	if (keep->how == RELEASE_every)
		seq_printf(m, ":%u", keep->every);
}

/* Scopes nest in any order: they are flags of the task. */
static int scope_parse(const struct gfplab_option *o, void *field, const char *text,
		       struct gfplab_reason *why)
{
	const char *at = text;
	u32 scopes = 0;
	size_t len;
	int i;

	if (!strcmp(text, "none")) {
		*(u32 *)field = 0;
		return 0;
	}
	for (;;) {
		len = strcspn(at, ",");
		i = word_find(o->words, at, len);
		if (i < 0) {
			i = word_refuse(o, why);
			if (why)
				why->at = at - text;
			return i;
		}
		if (i == SCOPE_noreclaim && !gfplab_unsafe)
			return gfplab_refuse(why, at - text, -EPERM,
					     "noreclaim can drain the machine's reserves: load with unsafe=1");
		scopes |= 1U << i;
		if (!at[len])
			break;
		at += len + 1;
	}
	*(u32 *)field = scopes;
	return 0;
}

static void scope_show(const struct gfplab_option *o, const void *field, struct seq_file *m)
{
	gfplab_scope_show(m, *(const u32 *)field);
}

/* ---- gfp ---- */

static int gfp_parse(const struct gfplab_option *o, void *field, const char *text,
		     struct gfplab_reason *why)
{
	return gfplab_gfp_parse(text, strlen(text), field, why);
}

static void gfp_show(const struct gfplab_option *o, const void *field, struct seq_file *m)
{
	gfplab_gfp_show(m, *(const gfp_t *)field);
}

/* ---- lists of orders, nodes, CPUs ---- */

static int list_refuse(const struct gfplab_option *o, int err, struct gfplab_reason *why)
{
	if (err == -ERANGE || err == -EOVERFLOW)
		return gfplab_refuse(why, 0, -ERANGE, "%s holds a number that is too large",
				     o->name);
	return gfplab_refuse(why, 0, -EINVAL, "%s wants a list such as 0-3,9", o->name);
}

static int orders_parse(const struct gfplab_option *o, void *field, const char *text,
			struct gfplab_reason *why)
{
	DECLARE_BITMAP(orders, BITS_PER_LONG);
	int err = bitmap_parselist(text, orders, BITS_PER_LONG);
	unsigned int most;

	if (err && err != -ERANGE && err != -EOVERFLOW)
		return list_refuse(o, err, why);
	most = err ? UINT_MAX : find_last_bit(orders, BITS_PER_LONG);
	if (!err && most == BITS_PER_LONG)
		return list_refuse(o, -EINVAL, why);
	if (most > o->max) {
		if (GFPLAB_BUSTED(swallowed_error))
			return 0;
		return gfplab_refuse(why, 0, -ERANGE,
				     "%s is %llu..%llu (the last is over this kernel's maximum, to see it refused)",
				     o->name, o->min, o->max);
	}
	*(unsigned long *)field = orders[0];
	return 0;
}

static void orders_show(const struct gfplab_option *o, const void *field, struct seq_file *m)
{
	seq_printf(m, "%*pbl", BITS_PER_LONG, field);
}

static int nid_parse(const struct gfplab_option *o, void *field, const char *text,
		     struct gfplab_reason *why)
{
	int nid, err = 0;

	if (!strcmp(text, "any"))
		nid = NUMA_NO_NODE;
	else
		err = kstrtoint(text, 0, &nid);
	if (err == -ERANGE)
		nid = MAX_NUMNODES;
	else if (err)
		return gfplab_refuse(why, 0, -EINVAL, "nid wants a number, or -1 for any");
	if (nid < NUMA_NO_NODE || nid >= MAX_NUMNODES)
		return gfplab_refuse(why, 0, -ERANGE, "nid is -1..%d", MAX_NUMNODES - 1);
	if (nid != NUMA_NO_NODE && !node_online(nid))
		return gfplab_refuse(why, 0, -ENODEV, "node %d is not online (every kernel oopses on it)",
				     nid);
	*(int *)field = nid;
	return 0;
}

static void nid_show(const struct gfplab_option *o, const void *field, struct seq_file *m)
{
	seq_printf(m, "%d", *(const int *)field);
}

static int nodes_parse(const struct gfplab_option *o, void *field, const char *text,
		       struct gfplab_reason *why)
{
	struct gfplab_nodes *nodes = field;
	nodemask_t mask;
	int err;

	if (!strcmp(text, "all")) {
		nodes->all = true;
		nodes_clear(nodes->mask);
		return 0;
	}
	err = nodelist_parse(text, mask);
	if (err)
		return list_refuse(o, err, why);
	if (nodes_empty(mask))
		return gfplab_refuse(why, 0, -EINVAL, "nodes is empty: `all` is no nodemask");
	if (!nodes_subset(mask, node_online_map))
		return gfplab_refuse(why, 0, -ENODEV, "a node of the list is not online");
	nodes->all = false;
	nodes->mask = mask;
	return 0;
}

static void nodes_show(const struct gfplab_option *o, const void *field, struct seq_file *m)
{
	const struct gfplab_nodes *nodes = field;

	if (nodes->all)
		seq_puts(m, "all");
	else
		seq_printf(m, "%*pbl", nodemask_pr_args(&nodes->mask));
}

static int cpus_parse(const struct gfplab_option *o, void *field, const char *text,
		      struct gfplab_reason *why)
{
	struct gfplab_cpus *cpus = field;
	cpumask_var_t mask;
	int err;

	if (!strcmp(text, "all")) {
		cpus->all = true;
		cpumask_clear(&cpus->mask);
		return 0;
	}
	if (!zalloc_cpumask_var(&mask, GFP_KERNEL))
		return gfplab_refuse(why, -1, -ENOMEM, "no memory");
	err = cpulist_parse(text, mask);
	/* The kernel's bitmap ends with the last possible CPU. */
	if (err == -ERANGE || err == -EOVERFLOW)
		err = gfplab_refuse(why, 0, -ENODEV, "a CPU of the list does not exist");
	else if (err)
		err = list_refuse(o, err, why);
	else if (cpumask_empty(mask))
		err = gfplab_refuse(why, 0, -EINVAL, "cpus is empty: `all` is every online CPU");
	else if (!cpumask_subset(mask, cpu_online_mask))
		err = gfplab_refuse(why, 0, -ENODEV, "a CPU of the list is not online");
	if (!err) {
		cpus->all = false;
		cpumask_copy(&cpus->mask, mask);
	}
	free_cpumask_var(mask);
	return err;
}

static void cpus_show(const struct gfplab_option *o, const void *field, struct seq_file *m)
{
	const struct gfplab_cpus *cpus = field;

	if (cpus->all)
		seq_puts(m, "all");
	else
		seq_printf(m, "%*pbl", cpumask_pr_args(&cpus->mask));
}

/* ---- squeeze: nid:Zone:PERCENT, nid:Zone:min|low|high[+-PERCENT] ---- */

static const char * const marks[NR_MARKS] = { "min", "low", "high" };

static int squeeze_refuse(struct gfplab_reason *why, const char *text, const char *at)
{
	return gfplab_refuse(why, at - text, -EINVAL,
			     "squeeze is none, nid:Zone:PERCENT of the min watermark, or nid:Zone:low+5%%");
}

static int squeeze_target(const struct gfplab_option *o, struct gfplab_target *to,
			  const char *text, const char *at, struct gfplab_reason *why)
{
	size_t len;
	u64 share;
	int i, sign = 1;

	to->mark = MARK_min;
	for (i = 0; i < NR_MARKS; i++) {
		if (!strncmp(at, marks[i], strlen(marks[i])))
			break;
	}
	if (i < NR_MARKS) {
		to->mark = i;
		to->percent = 100;
		at += strlen(marks[i]);
		if (!*at)
			return 0;
		if (*at != '+' && *at != '-')
			return squeeze_refuse(why, text, at);
		sign = *at++ == '-' ? -1 : 1;
	} else {
		to->percent = 0;
	}
	len = strspn(at, "0123456789");
	if (!len || strcmp(at + len, at[len] == '%' ? "%" : ""))
		return squeeze_refuse(why, text, at);
	/* No number of this many digits is in range, whatever follows. */
	if (len > 9 || sscanf(at, "%llu", &share) != 1 || share > o->max)
		share = o->max + 1;
	if (share <= o->max)
		to->percent += sign * (int)share;
	if (share > o->max || to->percent < (int)o->min || to->percent > (int)o->max)
		return gfplab_refuse(why, at - text, -ERANGE, "a squeeze's percentage is %llu..%llu",
				     o->min, o->max);
	return 0;
}

/* nid:Zone: at the head of both states; @rest is what follows. */
static int zone_prefix(const char *text, int *nid, u32 *zone, const char **rest,
		       struct gfplab_reason *why)
{
	const char *name, *end;
	char number[12];
	int i;

	name = strchr(text, ':');
	if (!name || name == text || name - text >= sizeof(number) || !isdigit(*text))
		return gfplab_refuse(why, 0, -EINVAL, "a zone is wanted: nid:Zone:...");
	memcpy(number, text, name - text);
	number[name++ - text] = '\0';
	end = strchr(name, ':');
	if (kstrtoint(number, 10, nid) || !end)
		return gfplab_refuse(why, 0, -EINVAL, "a zone is wanted: nid:Zone:...");
	if (*nid >= MAX_NUMNODES || !node_online(*nid))
		return gfplab_refuse(why, 0, -ENODEV, "node %d is not online", *nid);
	i = gfplab_zone_parse(name, end - name);
	if (i < 0)
		return gfplab_refuse(why, name - text, -EINVAL,
				     "no such zone: DMA DMA32 Normal Movable");
	if (!gfplab_zone(*nid, i))
		return gfplab_refuse(why, name - text, -ENODEV, "node %d has no pages in zone %s",
				     *nid, gfplab_zone_name(i));
	*zone = i;
	*rest = end + 1;
	return 0;
}

static int squeeze_parse(const struct gfplab_option *o, void *field, const char *text,
			 struct gfplab_reason *why)
{
	struct gfplab_target to = { .nid = NUMA_NO_NODE };
	const char *rest;
	int err;

	if (strcmp(text, "none")) {
		err = zone_prefix(text, &to.nid, &to.zone, &rest, why);
		if (!err)
			err = squeeze_target(o, &to, text, rest, why);
		if (err)
			return err;
		if (!gfplab_unsafe)
			return gfplab_refuse(why, 0, -EPERM,
					     "a squeeze takes nearly all of a zone: load with unsafe=1");
	}
	*(struct gfplab_target *)field = to;
	return 0;
}

static int fragment_parse(const struct gfplab_option *o, void *field, const char *text,
			  struct gfplab_reason *why)
{
	struct gfplab_chop to = { .nid = NUMA_NO_NODE };
	const char *rest;
	u64 order;
	int err;

	if (strcmp(text, "none")) {
		err = zone_prefix(text, &to.nid, &to.zone, &rest, why);
		if (err)
			return err;
		err = number_parse(o, &order, rest, why);
		if (err) {
			if (why)
				why->at += rest - text;
			return err;
		}
		if (!gfplab_unsafe)
			return gfplab_refuse(why, 0, -EPERM,
					     "fragment takes half of a zone: load with unsafe=1");
		to.order = order;
	}
	*(struct gfplab_chop *)field = to;
	return 0;
}

static void fragment_show(const struct gfplab_option *o, const void *field, struct seq_file *m)
{
	const struct gfplab_chop *to = field;

	if (to->nid == NUMA_NO_NODE)
		seq_puts(m, "none");
	else
		seq_printf(m, "%d:%s:%u", to->nid, gfplab_zone_name(to->zone), to->order);
}

static void squeeze_show(const struct gfplab_option *o, const void *field, struct seq_file *m)
{
	const struct gfplab_target *to = field;

	if (to->nid == NUMA_NO_NODE)
		seq_puts(m, "none");
	else if (to->mark == MARK_min)
		seq_printf(m, "%d:%s:%d", to->nid, gfplab_zone_name(to->zone), to->percent);
	else
		seq_printf(m, "%d:%s:%s%+d%%", to->nid, gfplab_zone_name(to->zone),
			   marks[to->mark], to->percent - 100);
}

/* ---- the table ---- */

#define WORDS(name, list) \
	static const struct gfplab_word name[] = { list(GFPLAB_WORD) {} }

WORDS(context_words, GFPLAB_CONTEXTS);
WORDS(release_words, GFPLAB_RELEASES);
WORDS(observe_words, GFPLAB_OBSERVES);
WORDS(check_words, GFPLAB_CHECKS);

#define TYPE(name, form) \
	static const struct gfplab_option_type name##_type = \
		{ #name, form, name##_parse, name##_show }

#define pages_show u64_show

TYPE(u32, "a number");
TYPE(u64, "a number");
TYPE(pages, "a number of pages");
TYPE(word, "a word");
TYPE(entry, "an entry");
TYPE(release, "a word, or every:N");
TYPE(scope, "none, or a list of words");
TYPE(gfp, "names joined by | or , or a number");
TYPE(orders, "a list of orders: 0 or 0-3,9");
TYPE(nid, "a node, or -1 for the caller's");
TYPE(nodes, "a list of nodes, or all for no nodemask");
TYPE(cpus, "a list of CPUs, or all");
TYPE(fragment, "none, nid:Zone:ORDER");
TYPE(squeeze, "none, nid:Zone:PERCENT, nid:Zone:low+5%");

/* OPTION(name, type, min, max, words, default, unit, help) */
#define GFPLAB_OPTIONS(OPTION)						\
	OPTION(entry, entry, 0, 0, NULL, "alloc_pages", "",		\
	       "the allocator's function that is called")		\
	OPTION(gfp, gfp, 0, 0, NULL, "GFP_KERNEL", "",			\
	       "the gfp mask")						\
	OPTION(order, orders, 0, GFPLAB_MAX_ORDER + 1, NULL, "0", "",	\
	       "log2 of the pages asked for; of several, one a request is drawn from seed") \
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
	OPTION(context, word, 0, 0, context_words, "task", "",		\
	       "from where the request is made")			\
	OPTION(scope, scope, 0, 0, gfplab_scope_words, "none", "",	\
	       "what the task says of all it allocates meanwhile")	\
	OPTION(hold, u64, 0, 1 << 24, NULL, "0", "blocks",		\
	       "a worker keeps this many; 0 is none (at_end, every, keep: no limit but max_pages)") \
	OPTION(release, release, 1, 1 << 24, release_words, "fifo", "",	\
	       "when and in which order blocks are freed")		\
	OPTION(interval_us, u32, 0, 60000000, NULL, "0", "us",		\
	       "pause between two requests of a worker")		\
	OPTION(seed, u64, 0, U64_MAX, NULL, "1", "",			\
	       "of every draw: the same seed asks the same sequence")	\
	OPTION(squeeze, squeeze, 1, 10000, NULL, "none", "%",		\
	       "eat a zone down to a share of a watermark during a `call`") \
	OPTION(fragment, fragment, 1, GFPLAB_MAX_ORDER, NULL, "none", "", \
	       "leave a zone no free block of this order or above during a `call`") \
	OPTION(observe, word, 0, 0, observe_words, "full", "",		\
	       "how closely requests are watched")			\
	OPTION(ring, u32, 1, 1 << 20, NULL, "16384", "records",		\
	       "kept per worker at observe=full; the oldest give way")	\
	OPTION(check, word, 0, 0, check_words, "basic", "",		\
	       "what is verified of every block")			\
	OPTION(max_pages, pages, 0, U64_MAX, NULL, "0", "pages",	\
	       "budget of all workers together; 0 is a quarter of the available memory") \
	OPTION(timeout_ms, u32, 0, 86400000, NULL, "600000", "ms",	\
	       "abort the run after this long; 0 is no limit")

#define ROW(name_, kind, min_, max_, words_, def_, unit_, help_)	\
	{ .name = #name_, .type = &kind##_type,			\
	  .offset = offsetof(struct gfplab_options, name_),		\
	  .min = min_, .max = max_, .words = words_, .def = def_,	\
	  .unit = unit_, .help = help_ },

static const struct gfplab_option table[] = { GFPLAB_OPTIONS(ROW) };
const unsigned int gfplab_nr_options = ARRAY_SIZE(table);

/* The same rows as module parameters; they go to the job `default`. */
#define PARAM(name_, type_, min_, max_, words_, def_, unit_, help_)	\
	static char *param_##name_;					\
	module_param_named(name_, param_##name_, charp, 0444);		\
	MODULE_PARM_DESC(name_, help_ " (default: " def_ ")");

GFPLAB_OPTIONS(PARAM)

#define PARAM_POINTER(name_, type_, min_, max_, words_, def_, unit_, help_) &param_##name_,

static char ** const params[] = { GFPLAB_OPTIONS(PARAM_POINTER) };

/**
 * gfplab_option_row - a row of the option table
 * @i: 0..gfplab_nr_options - 1
 */
const struct gfplab_option *gfplab_option_row(unsigned int i)
{
	return &table[i];
}

/**
 * gfplab_option_name - the name of an option
 * @option: its row
 */
const char *gfplab_option_name(const struct gfplab_option *option)
{
	return option->name;
}

/**
 * gfplab_option_parse - judge a text and store its value
 * @option: whose value it is
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
 * @option: whose value
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
 * Context: may sleep. Return: 0, or an error that only a wrong table can give.
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
 * Context: module init. Return: as gfplab_option_parse().
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
