/* SPDX-License-Identifier: GPL-2.0 */
/* window.h - the throughput of a run as text */
#ifndef GFPLAB_WINDOW_H
#define GFPLAB_WINDOW_H

struct gfplab_run;

void gfplab_window_show(struct seq_file *m, const struct gfplab_run *run);

#endif
