/* SPDX-License-Identifier: GPL-2.0 */
/* sysctl.h - what the machine's administrator has set, where no symbol tells it */
#ifndef GFPLAB_SYSCTL_H
#define GFPLAB_SYSCTL_H

bool gfplab_generations(void);
long gfplab_sysctl(const char *name, long absent);

#endif
