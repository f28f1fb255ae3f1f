/* SPDX-License-Identifier: GPL-2.0 */
/*
 * meminfo.h - the lines that the kernel prints under Mem-Info.
 */
#ifndef FAILURE_MEMINFO_H
#define FAILURE_MEMINFO_H

#include "failure.h"

bool meminfo_repeats(const struct failure *f, const char *msg);
bool meminfo_line(struct failure *f, const char *msg);

#endif
