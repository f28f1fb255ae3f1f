// SPDX-License-Identifier: GPL-2.0
/*
 * record_binary.c - a record of fixed size, and the layout that says how to read it.
 *
 * A record has the values at the places that they have in struct gfplab_record. Only what a key
 * names is copied, and only if it is known; all else is 0. So the layout, which is text, names
 * all that there is, for readers that know neither this kernel nor this module.
 */
#include <linux/build_bug.h>
#include <linux/kernel.h>
#include <linux/mmzone.h>
#include <linux/seq_file.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/types.h>
#include "compat.h"
#include "entry.h"
#include "gfp.h"
#include "record.h"
#include "record_binary.h"
#include "record_keys.h"
#include "record_text.h"
#include "rules/alloc_flags.h"
#include "rules/words.h"
#include "zone.h"

#define LAYOUT_BYTES	16384

/**
 * struct binary - a record as it is read
 * @unknown: bit n of word n / 64: the value of the key n is unknown
 * @none: likewise: there is no such value
 * @rec: the values of the other keys
 */
struct binary {
	u64 unknown[GFPLAB_RECORD_KEYS_MAX / 64];
	u64 none[GFPLAB_RECORD_KEYS_MAX / 64];
	struct gfplab_record rec;
} __aligned(sizeof(u64));

#ifdef __LITTLE_ENDIAN
#define BYTE_ORDER_NAME	"little"
#else
#define BYTE_ORDER_NAME	"big"
#endif

#define FORM_NAME(form, name)	name,

static const char * const forms[] = { GFPLAB_FORMS(FORM_NAME) };

/* What the values are called. */
static void show_names(struct seq_file *m, const struct gfplab_plan *plan,
		       const struct gfplab_record_key *key)
{
	const struct gfplab_alloc_flag *flag = NULL;
	const struct gfplab_word *w;
	unsigned int i;

	for (w = key->words; w && w->name; w++)
		seq_printf(m, " %s", w->name);
	switch (key->form) {
	case FORM_entry:
		for (i = 0; i < gfplab_nr_entries; i++)
			seq_printf(m, " %s", gfplab_entries[i].name);
		break;
	case FORM_zone:
		for (i = 0; i < MAX_NR_ZONES; i++)
			seq_printf(m, " %s", gfplab_zone_name(i));
		break;
	case FORM_type:
	case FORM_steal:
		for (i = 0; i < MIGRATE_TYPES; i++)
			seq_printf(m, " %s", gfplab_migratetype_name(i));
		break;
	case FORM_gfp:
		gfplab_gfp_help(m, " %s=0x%lx");
		break;
	case FORM_attempt_names:
		while ((flag = gfplab_alloc_flag_next(flag, GFPLAB_FAMILY)))
			seq_printf(m, " %s=0x%x", flag->name, flag->bits);
		break;
	case FORM_nodes:
		seq_putc(m, ' ');
		gfplab_record_nodes(m, plan);
		break;
	}
}

/**
 * gfplab_record_layout - the layout of binary records, LAYOUT_BYTES of text
 * @m: where to
 * @plan: of the run; NULL: there was none
 * @records: how many follow
 *
 * Context: any.
 */
void gfplab_record_layout(struct seq_file *m, const struct gfplab_plan *plan, u64 records)
{
	const struct gfplab_record_key *key = gfplab_record_keys;

	BUILD_BUG_ON(sizeof(struct binary) % sizeof(u64));
	seq_setwidth(m, LAYOUT_BYTES - 1);
	seq_printf(m, "gfplab-records version=1 byte_order=" BYTE_ORDER_NAME
		   " header_bytes=%d record_bytes=%zu records=%llu\n"
		   "unknown keys %zu %zu\nnone keys %zu %zu\n",
		   LAYOUT_BYTES, sizeof(struct binary), records,
		   offsetof(struct binary, unknown), sizeof_field(struct binary, unknown),
		   offsetof(struct binary, none), sizeof_field(struct binary, none));
	for (; plan && key < gfplab_record_keys + gfplab_nr_record_keys; key++) {
		seq_printf(m, "%.*s %s %zu %d", key->lead_len - 2, key->lead + 1, forms[key->form],
			   offsetof(struct binary, rec) + key->at, key->bytes);
		show_names(m, plan, key);
		seq_putc(m, '\n');
	}
	seq_pad(m, '\n');
}

/**
 * gfplab_record_write - a record in binary
 * @m: where to
 * @plan: of the run
 * @rec: the record; NULL: nothing but zeros
 *
 * Context: any.
 */
void gfplab_record_write(struct seq_file *m, const struct gfplab_plan *plan,
			 const struct gfplab_record *rec)
{
	const struct gfplab_record_key *key;
	struct binary to = {};
	u64 value;
	int i;

	for (i = 0; rec && i < gfplab_nr_record_keys; i++) {
		key = &gfplab_record_keys[i];
		switch (gfplab_record_look(key, plan, rec, &value)) {
		case VALUE_unknown:
			to.unknown[i / 64] |= BIT_ULL(i % 64);
			break;
		case VALUE_none:
			to.none[i / 64] |= BIT_ULL(i % 64);
			break;
		case VALUE_known:
			memcpy((void *)&to.rec + key->at, (void *)rec + key->at, key->bytes);
			break;
		}
	}
	seq_write(m, &to, sizeof(to));
}
