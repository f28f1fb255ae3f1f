/* SPDX-License-Identifier: GPL-2.0 */
/* quarantine.h - bad blocks, kept out of circulation */
#ifndef GFPLAB_QUARANTINE_H
#define GFPLAB_QUARANTINE_H

#include <linux/types.h>

struct gfplab_block;

bool gfplab_quarantine(const struct gfplab_block *block);
u64 gfplab_quarantined(void);
bool gfplab_quarantined_in(unsigned long start, unsigned long end);

#endif
