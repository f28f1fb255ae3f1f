/* SPDX-License-Identifier: GPL-2.0 */
/* record_keys.h - the keys of a record: what text, binary and `help` are made from */
#ifndef GFPLAB_RECORD_KEYS_H
#define GFPLAB_RECORD_KEYS_H

#include <linux/types.h>

struct gfplab_plan;
struct gfplab_record;
struct gfplab_word;
struct seq_file;

/*
 * X(enumerator, name): how a value is to be read. The names stand in the layout of binary
 * records, scripts/format/README.md says what they mean.
 */
#define GFPLAB_FORMS(X)			\
	X(count,     "count")		\
	X(number,    "number")		\
	X(order,     "order")		\
	X(word,      "word")		\
	X(entry,     "word")		\
	X(zone,      "word")		\
	X(type,      "word")		\
	X(set,       "set")		\
	X(gfp,       "gfp")		\
	X(attempts,  "attempts")	\
	X(attempt_names, "attempt_names") \
	X(steal,     "steal")		\
	X(predicted, "predicted")	\
	X(words,     "words")		\
	X(zones,     "zones")		\
	X(nodes,     "text")

#define GFPLAB_FORM_ENUM(form, name)	FORM_##form,

enum gfplab_form { GFPLAB_FORMS(GFPLAB_FORM_ENUM) };

#define GFPLAB_RECORD_KEYS_MAX	128

/* What is known of a value. */
enum gfplab_known { VALUE_known, VALUE_none, VALUE_unknown };

/**
 * struct gfplab_record_key - a key of a record
 * @lead: ` KEY=`
 * @help: one line on what it says
 * @words: of FORM_word, FORM_set, FORM_words and FORM_zones; the results that FORM_predicted may
 *	have
 * @probes: bit PROBE_x for each that must have been attached
 * @at: offset of the value in struct gfplab_record
 * @bytes: of the value, 0: it is the run's
 * @lead_len: length of @lead
 * @form: enum gfplab_form
 * @rules: when there is no value, see record_keys.c
 */
struct gfplab_record_key {
	const char *lead;
	const char *help;
	const struct gfplab_word *words;
	u64 probes;
	u16 at;
	u8 bytes;
	u8 lead_len;
	u8 form;
	u8 rules;
};

extern const struct gfplab_record_key gfplab_record_keys[];
extern const unsigned int gfplab_nr_record_keys;

enum gfplab_known gfplab_record_look(const struct gfplab_record_key *key,
				     const struct gfplab_plan *plan,
				     const struct gfplab_record *rec, u64 *value);
void gfplab_record_help(struct seq_file *m);

#endif
