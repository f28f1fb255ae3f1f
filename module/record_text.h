/* SPDX-License-Identifier: GPL-2.0 */
/* record_text.h - a record as a line of text */
#ifndef GFPLAB_RECORD_TEXT_H
#define GFPLAB_RECORD_TEXT_H

#include <linux/gfp.h>
#include <linux/types.h>
#include "rules/alloc_flags.h"
#include "rules/gfp_names.h"

struct gfplab_plan;
struct gfplab_record;
struct seq_file;

#define GFPLAB_FLAGS_TEXT_BITS	3

/**
 * struct gfplab_flags_named - alloc_flags, named
 * @flags: the flags
 * @hex: in hex; empty: there are none yet
 * @names: their names
 */
struct gfplab_flags_named {
	unsigned int flags;
	char hex[12];
	char names[GFPLAB_ALLOC_FLAGS_MAX];
};

/**
 * struct gfplab_gfp_named - a mask, named
 * @gfp: the mask
 * @names: its names; empty: there are none yet
 */
struct gfplab_gfp_named {
	gfp_t gfp;
	char names[GFPLAB_GFP_NAMES_MAX];
};

/**
 * struct gfplab_record_text - what printing records of a run remembers
 * @plan: of the run
 * @gfp: the last mask that was handed to an entry
 * @gfp_seen: the last mask that mm_page_alloc reported
 * @flags: the alloc_flags named last, by a hash of them
 */
struct gfplab_record_text {
	const struct gfplab_plan *plan;
	struct gfplab_gfp_named gfp;
	struct gfplab_gfp_named gfp_seen;
	struct gfplab_flags_named flags[1 << GFPLAB_FLAGS_TEXT_BITS];
};

void gfplab_record_show(struct seq_file *m, struct gfplab_record_text *text,
			const struct gfplab_record *rec);
void gfplab_record_nodes(struct seq_file *m, const struct gfplab_plan *plan);

#endif
