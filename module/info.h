/* SPDX-License-Identifier: GPL-2.0 */
/* info.h - the files help and environment */
#ifndef GFPLAB_INFO_H
#define GFPLAB_INFO_H

void gfplab_help_show(struct seq_file *m);
void gfplab_environment_show(struct seq_file *m);

#endif
