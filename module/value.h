/* SPDX-License-Identifier: GPL-2.0 */
/*
 * value.h - a row of the option table, and the types that its values have.
 */
#ifndef GFPLAB_VALUE_H
#define GFPLAB_VALUE_H

#include "state.h"

struct gfplab_reason;
struct gfplab_word;

/**
 * struct gfplab_option - one row of the option table
 * @name: of the option, its file and its module parameter
 * @type: parses and prints its values
 * @offset: of its field in struct gfplab_options
 * @min: smallest value, for types that are numbers
 * @max: largest value, likewise
 * @words: allowed words, for types that are words; ends with a NULL name
 * @state: what the memory state of this name does, if it is the option of one
 * @def: the default, as text: it passes the same parser as everything else
 * @unit: of numbers, for `help`; may be empty
 * @help: one line on what it does
 */
struct gfplab_option {
	const char *name;
	const struct gfplab_option_type *type;
	size_t offset;
	u64 min;
	u64 max;
	const struct gfplab_word *words;
	const struct gfplab_state_ops *state;
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

/* TYPE(name, what may be written): value.c has a parser and a printer for each. */
#define GFPLAB_TYPES(TYPE)						\
	TYPE(u32, "a number")						\
	TYPE(u64, "a number")						\
	TYPE(pages, "a number of pages")				\
	TYPE(word, "a word")						\
	TYPE(rules, "this, or a version such as 4.3")			\
	TYPE(entry, "an entry")						\
	TYPE(release, "a word, or every:N")				\
	TYPE(scope, "none, or a list of words")				\
	TYPE(gfp, "names joined by | or ,; a number; HEX(NAMES); HEX@VERSION")	\
	TYPE(orders, "a list of orders: 0 or 0-3,9")			\
	TYPE(nid, "a node, or -1 for the caller's")			\
	TYPE(nodes, "a list of nodes, or all for no nodemask")		\
	TYPE(cpus, "a list of CPUs, or all")

#define GFPLAB_TYPE_DECLARE(name_, ...) extern const struct gfplab_option_type gfplab_##name_##_type;
GFPLAB_TYPES(GFPLAB_TYPE_DECLARE)
GFPLAB_STATES(GFPLAB_TYPE_DECLARE)

#endif
