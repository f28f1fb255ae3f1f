/* SPDX-License-Identifier: GPL-2.0 */
/* cpusets.h - does the allocator look at cpusets? */
#ifndef GFPLAB_CPUSETS_H
#define GFPLAB_CPUSETS_H

#include <linux/types.h>

bool gfplab_cpusets_enabled(void);

#endif
