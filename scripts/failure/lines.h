/* SPDX-License-Identifier: GPL-2.0 */
/*
 * lines.h - lines of reports behind the first.
 */
#ifndef FAILURE_LINES_H
#define FAILURE_LINES_H

#include "failure.h"

void lines_kernel(struct failure *f, const char *msg);
bool lines_foreign(const struct failure *f, const char *msg);
bool lines_slab(struct failure *f, const char *msg);
bool lines_take(struct failure *f, const char *msg);

#endif
