/* SPDX-License-Identifier: GPL-2.0 */
/* record_binary.h - a record of fixed size, and the layout that says how to read it */
#ifndef GFPLAB_RECORD_BINARY_H
#define GFPLAB_RECORD_BINARY_H

#include <linux/types.h>

struct gfplab_plan;
struct gfplab_record;
struct seq_file;

void gfplab_record_layout(struct seq_file *m, const struct gfplab_plan *plan, u64 records);
void gfplab_record_write(struct seq_file *m, const struct gfplab_plan *plan,
			 const struct gfplab_record *rec);

#endif
