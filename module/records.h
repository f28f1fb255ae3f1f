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
 * @run: the run, a reference; NULL if the job has none
 * @rec: a copy of the record at @pos
 * @locked: @run->results is held, from the begin to the end of one read
 * @pos: index of the record among all that are shown; -1 before the first
 * @at: one for each worker of @run
 * @at.next: the worker's next record that was not shown
 * @at.left: how many more of the worker's records are shown at most
 */
struct gfplab_cursor {
	struct gfplab_run *run;
	struct gfplab_record rec;
	bool locked;
	loff_t pos;
	struct {
		u64 next;
		u64 left;
	} at[];
};

extern const struct seq_operations gfplab_records_ops;
void gfplab_records_help(struct seq_file *m);

#endif
