/* SPDX-License-Identifier: GPL-2.0 */
/* oom.h - what is given back when memory runs out or goes offline */
#ifndef GFPLAB_OOM_H
#define GFPLAB_OOM_H

void gfplab_oom_init(void);
void gfplab_oom_exit(void);
void gfplab_offline_exit(void);

#endif
