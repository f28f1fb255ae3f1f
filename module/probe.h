/* SPDX-License-Identifier: GPL-2.0 */
/* probe.h - what watches the allocator */
#ifndef GFPLAB_PROBE_H
#define GFPLAB_PROBE_H

#include <linux/types.h>
#include "rules/words.h"

int gfplab_probe_init(void);
void gfplab_probe_exit(void);
u64 gfplab_probe_get(enum gfplab_observe level, bool one, u64 *ready);
void gfplab_probe_put(u64 attached);
void gfplab_probe_wait(void);
void gfplab_probe_show(struct seq_file *m);

#endif
