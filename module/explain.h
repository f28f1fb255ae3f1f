/* SPDX-License-Identifier: GPL-2.0 */
/* explain.h - the predicted walk as text */
#ifndef GFPLAB_EXPLAIN_H
#define GFPLAB_EXPLAIN_H

#include <linux/types.h>

struct gfplab_options;
struct gfplab_prediction;

void gfplab_prediction_show(struct seq_file *m, const struct gfplab_prediction *p);
void gfplab_explain_show(struct seq_file *m, const struct gfplab_options *opt);
void gfplab_explain_help(struct seq_file *m);

#endif
