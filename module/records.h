/* SPDX-License-Identifier: GPL-2.0 */
/* records.h - the records of a run as text */
#ifndef GFPLAB_RECORDS_H
#define GFPLAB_RECORDS_H

#include <linux/seq_file.h>
#include <linux/types.h>
#include "record.h"

struct gfplab_run;

/**
 * struct gfplab_cursor - a reader's place in the records of a run
 * @rec: a copy of the record at @pos
 * @at: of each worker, the next record that was not shown, and how many may be
 */
struct gfplab_cursor {
	struct gfplab_run *run;
	struct gfplab_record rec;
	loff_t pos;
	struct {
		u64 next;
		u64 left;
	} at[];
};

extern const struct seq_operations gfplab_records_ops;
void gfplab_records_help(struct seq_file *m);

#endif
