/* SPDX-License-Identifier: GPL-2.0 */
/* records.h - the records of a run, in the order of time */
#ifndef GFPLAB_RECORDS_H
#define GFPLAB_RECORDS_H

#include <linux/fs.h>
#include <linux/types.h>

struct gfplab_run;

int gfplab_records_open(struct file *file, struct gfplab_run *run, u64 last, bool binary);
int gfplab_records_release(struct inode *inode, struct file *file);

#endif
