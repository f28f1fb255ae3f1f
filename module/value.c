// SPDX-License-Identifier: GPL-2.0
/*
 * value.c - the types of option values: a parser and a printer each.
 *
 * A parser stores nothing unless the whole text is right, and what a printer
 * prints, the parser takes.
 */
#include <linux/bitmap.h>
#include <linux/cpumask.h>
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/nodemask.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "account.h"
#include "busted.h"
#include "context.h"
#include "entry.h"
#include "error.h"
#include "gfp.h"
#include "options.h"
#include "params.h"
#include "rules/families.h"
#include "rules/words.h"
#include "value.h"

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
	u64 most = gfplab_account_limit();
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
	int i = gfplab_word_find(o->words, text, strlen(text));

	if (i < 0)
		return word_refuse(o, why);
	*(u32 *)field = i;
	return 0;
}

static void word_show(const struct gfplab_option *o, const void *field, struct seq_file *m)
{
	seq_puts(m, o->words[*(const u32 *)field].name);
}

/* ---- rules: 0 is this kernel's, else a release ---- */

static int rules_parse(const struct gfplab_option *o, void *field, const char *text,
		       struct gfplab_reason *why)
{
	size_t len = strlen(text), end;
	char oldest[12], newest[12];
	u32 release;

	if (!strcmp(text, "this")) {
		*(u32 *)field = 0;
		return 0;
	}
	end = gfplab_release_parse(text, len, &release);
	if (end != len)
		return gfplab_refuse(why, end, -EINVAL,
				     "%s wants `this`, or a version: 4.3 or 2.6.32", o->name);
	if (release < GFPLAB_RELEASE_OLDEST || !gfplab_release_known(release)) {
		gfplab_release_format(oldest, sizeof(oldest), GFPLAB_RELEASE_OLDEST);
		gfplab_release_format(newest, sizeof(newest),
				      GFPLAB_RELEASE_NEWEST & ~255U);
		return gfplab_refuse(why, 0, -ERANGE, "%s are known from %s to %s", o->name, oldest,
				     newest);
	}
	*(u32 *)field = release;
	return 0;
}

static void rules_show(const struct gfplab_option *o, const void *field, struct seq_file *m)
{
	u32 release = *(const u32 *)field;
	char text[12];

	gfplab_release_format(text, sizeof(text), release);
	seq_puts(m, release ? text : "this");
}

/* bare[:ENTRY] is the same entry, without all that we do around it. */
static int entry_parse(const struct gfplab_option *o, void *field, const char *text,
		       struct gfplab_reason *why)
{
	struct gfplab_options *to = container_of(field, struct gfplab_options, entry);
	bool bare = !strncmp(text, "bare", 4) && (!text[4] || text[4] == ':');
	const char *name = !bare ? text : text[4] ? text + 5 : gfplab_entries[0].name;
	unsigned int i;

	for (i = 0; i < gfplab_nr_entries; i++) {
		if (strcmp(gfplab_entries[i].name, name))
			continue;
		if (gfplab_entries[i].absent)
			return gfplab_refuse(why, 0, -EOPNOTSUPP, "%s: %s", name,
					     gfplab_entries[i].absent);
		to->entry = i;
		to->bare = bare;
		return 0;
	}
	return gfplab_refuse(why, bare && text[4] ? 5 : 0, -EINVAL, "no such entry; see help");
}

static void entry_show(const struct gfplab_option *o, const void *field, struct seq_file *m)
{
	const struct gfplab_options *from = container_of(field, struct gfplab_options, entry);

	if (from->bare)
		seq_printf(m, "bare%s", from->entry ? ":" : "");
	if (!from->bare || from->entry)
		seq_puts(m, gfplab_entries[from->entry].name);
}

/* every:N carries a number, the other words do not. */
static int release_parse(const struct gfplab_option *o, void *field, const char *text,
			 struct gfplab_reason *why)
{
	size_t len = strcspn(text, ":");
	int how = gfplab_word_find(o->words, text, len);
	struct gfplab_release_arg arg = {};

	if (how < 0)
		return word_refuse(o, why);
	arg.how = how;
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
		arg.every = every;
	} else if (text[len]) {
		return gfplab_refuse(why, len, -EINVAL, "%s takes no number",
				     o->words[how].name);
	}
	*(struct gfplab_release_arg *)field = arg;
	return 0;
}

static void release_show(const struct gfplab_option *o, const void *field, struct seq_file *m)
{
	const struct gfplab_release_arg *arg = field;

	seq_puts(m, o->words[arg->how].name);
	if (arg->how == RELEASE_every)
		seq_printf(m, ":%u", arg->every);
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
		i = gfplab_word_find(o->words, at, len);
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

#define pages_show u64_show

#define DEFINE(name_, form_) \
	const struct gfplab_option_type gfplab_##name_##_type = \
		{ #name_, form_, name_##_parse, name_##_show };

GFPLAB_TYPES(DEFINE)
