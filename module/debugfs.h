/* SPDX-License-Identifier: GPL-2.0 */
/* debugfs.h - the files */
#ifndef GFPLAB_DEBUGFS_H
#define GFPLAB_DEBUGFS_H

struct gfplab_job;

int gfplab_debugfs_init(void);
void gfplab_debugfs_exit(void);
int gfplab_debugfs_add(struct gfplab_job *job);
void gfplab_debugfs_remove(struct gfplab_job *job);

#endif
