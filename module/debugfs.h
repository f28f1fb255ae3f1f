/* SPDX-License-Identifier: GPL-2.0 */
/* debugfs.h - the files */
#ifndef GFPLAB_DEBUGFS_H
#define GFPLAB_DEBUGFS_H

int gfplab_debugfs_init(void);
void gfplab_debugfs_exit(void);

#endif
