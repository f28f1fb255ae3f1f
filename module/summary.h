/* SPDX-License-Identifier: GPL-2.0 */
/* summary.h - the sums over a run as text */
#ifndef GFPLAB_SUMMARY_H
#define GFPLAB_SUMMARY_H

#include <linux/types.h>

struct gfplab_run;

void gfplab_summary_show(struct seq_file *m, struct gfplab_run *run);
void gfplab_summary_help(struct seq_file *m);
void gfplab_histogram_show(struct seq_file *m, struct gfplab_run *run);

#endif
