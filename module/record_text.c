// SPDX-License-Identifier: GPL-2.0
/*
 * record_text.c - a record as a line of text.
 *
 * A million records are a gigabyte of text. So numbers are written by seq_put_decimal_ull()
 * instead of seq_printf(), and what takes long to name is remembered.
 */
#include <linux/bitops.h>
#include <linux/hash.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/nodemask.h>
#include <linux/seq_file.h>
#include "compat.h"
#include "entry.h"
#include "explain.h"
#include "gfp.h"
#include "plan.h"
#include "record.h"
#include "record_keys.h"
#include "record_text.h"
#include "rules/alloc_flags.h"
#include "rules/evidence.h"
#include "rules/words.h"
#include "zone.h"

/**
 * gfplab_record_nodes - the nodemask of a run
 * @m: where to
 * @plan: of the run
 *
 * Context: any.
 */
void gfplab_record_nodes(struct seq_file *m, const struct gfplab_plan *plan)
{
	if (plan->opt.nodes.all)
		seq_puts(m, "all");
	else
		seq_printf(m, "%*pbl", nodemask_pr_args(&plan->opt.nodes.mask));
}

/* Most records have the same mask, and it takes longer to name than the rest of the line. */
static void put_gfp(struct seq_file *m, struct gfplab_gfp_named *named, gfp_t gfp)
{
	if (!named->names[0] || named->gfp != gfp) {
		named->gfp = gfp;
		gfplab_gfp_format(named->names, sizeof(named->names), gfp);
	}
	seq_puts(m, named->names);
}

static void put_set(struct seq_file *m, const struct gfplab_word *words, u32 set)
{
	char text[GFPLAB_WORDS_MAX];

	gfplab_words_format(text, sizeof(text), words, set, ",");
	seq_puts(m, text);
}

/* Attempts of most records have one of two or three. */
static struct gfplab_flags_named *name_flags(struct gfplab_record_text *text, unsigned int flags)
{
	struct gfplab_flags_named *named = &text->flags[hash_32(flags, GFPLAB_FLAGS_TEXT_BITS)];

	if (!named->hex[0] || named->flags != flags) {
		named->flags = flags;
		snprintf(named->hex, sizeof(named->hex), "0x%x", flags);
		gfplab_alloc_flags_format(named->names, sizeof(named->names), flags, GFPLAB_FAMILY);
	}
	return named;
}

static void put_flags(struct seq_file *m, struct gfplab_record_text *text, unsigned int flags,
		      bool by_name)
{
	const struct gfplab_flags_named *named = name_flags(text, flags);

	seq_puts(m, by_name ? named->names : named->hex);
}

/* The alloc_flags of the first attempts and the last. */
static void put_attempts(struct seq_file *m, struct gfplab_record_text *text,
			 const struct gfplab_seen *seen, bool by_name)
{
	int i, kept = min_t(int, seen->attempts, GFPLAB_FLAGS_KEPT);

	for (i = 0; i < kept; i++) {
		if (i)
			seq_putc(m, ',');
		put_flags(m, text, seen->flags_kept[i], by_name);
	}
	if (seen->attempts > GFPLAB_FLAGS_KEPT) {
		seq_puts(m, seen->attempts > GFPLAB_FLAGS_KEPT + 1 ? ",..," : ",");
		put_flags(m, text, seen->flags_last, by_name);
	}
}

/* FREED/, what it merges up to or how much goes to the free lists */
static void put_predicted_free(struct seq_file *m, const struct gfplab_free_prediction *free)
{
	seq_printf(m, free->freed == FREED_batch ? "%s/%u-%u" : "%s/%u",
		   gfplab_freed[free->freed].name, free->least, free->most);
}

static const char *word_at(const struct gfplab_word *words, unsigned int n)
{
	for (; n && words->name; n--)
		words++;
	return words->name ?: "unknown";
}

/* Words, one for each byte, up to the first 0. */
static void put_words(struct seq_file *m, const struct gfplab_record_key *key, const u8 *at)
{
	int i;

	for (i = 0; i < key->bytes && at[i]; i++)
		seq_printf(m, "%s%s", i ? "," : "", word_at(key->words, at[i]));
}

/* NID:ZONE:WORD, each by GFPLAB_COMPACT_ZONE(), up to the first 0. */
static void put_zones(struct seq_file *m, const struct gfplab_record_key *key, const u16 *of)
{
	int i;

	for (i = 0; i < key->bytes / sizeof(*of) && of[i]; i++)
		seq_printf(m, "%s%u:%s:%s", i ? "," : "", of[i] >> 7,
			   gfplab_zone_name(of[i] >> 4 & 7), word_at(key->words, of[i] & 15));
}

/* A value that is known, and no number. */
static void put_other(struct seq_file *m, struct gfplab_record_text *text,
		      const struct gfplab_record *rec, const struct gfplab_record_key *key,
		      unsigned int value)
{
	switch (key->form) {
	case FORM_entry:
		seq_puts(m, gfplab_entries[value].name);
		break;
	case FORM_zone:
		seq_puts(m, gfplab_zone_name(value));
		break;
	case FORM_type:
		seq_puts(m, gfplab_migratetype_name(value));
		break;
	case FORM_set:
		put_set(m, key->words, value);
		break;
	case FORM_gfp:
		put_gfp(m, key->at == offsetof(struct gfplab_record, gfp) ? &text->gfp :
			&text->gfp_seen, (__force gfp_t)value);
		break;
	case FORM_attempts:
	case FORM_attempt_names:
		put_attempts(m, text, &rec->seen, key->form == FORM_attempt_names);
		break;
	case FORM_steal:
		seq_puts(m, gfplab_migratetype_name(rec->seen.steal_to));
		seq_putc(m, '<');
		seq_puts(m, gfplab_migratetype_name(rec->seen.steal_from));
		break;
	case FORM_predicted:
		if (rec->verdict.result == RESULT_freed)
			put_predicted_free(m, &rec->free);
		else
			gfplab_prediction_show(m, &rec->predicted);
		break;
	case FORM_words:
		put_words(m, key, (const u8 *)rec + key->at);
		break;
	case FORM_zones:
		put_zones(m, key, (const u16 *)((const void *)rec + key->at));
		break;
	case FORM_nodes:
		gfplab_record_nodes(m, text->plan);
		break;
	}
}

/**
 * gfplab_record_show - a record as a line of text
 * @m: where to
 * @text: zeroed before the first record but for its plan
 * @rec: the record
 *
 * Context: any.
 */
void gfplab_record_show(struct seq_file *m, struct gfplab_record_text *text,
			const struct gfplab_record *rec)
{
	const struct gfplab_record_key *key;
	u64 value;
	int i;

	for (i = 0; i < gfplab_nr_record_keys; i++) {
		key = &gfplab_record_keys[i];
		seq_write(m, key->lead + !i, key->lead_len - !i);
		switch (gfplab_record_look(key, text->plan, rec, &value)) {
		case VALUE_unknown:
			seq_puts(m, "unknown");
			continue;
		case VALUE_none:
			seq_puts(m, "none");
			continue;
		case VALUE_known:
			break;
		}
		if (key->form == FORM_word)
			seq_puts(m, key->words[value].name);
		else if (key->form == FORM_number)
			seq_put_decimal_ll(m, "", sign_extend64(value, key->bytes * 8 - 1));
		else if (key->form <= FORM_order)
			seq_put_decimal_ull(m, "", value - (key->form == FORM_order));
		else
			put_other(m, text, rec, key, value);
	}
	seq_putc(m, '\n');
}
