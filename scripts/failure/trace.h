/* SPDX-License-Identifier: GPL-2.0 */
/*
 * trace.h - call traces: in which context a request was made, and by whose code.
 */
#ifndef FAILURE_TRACE_H
#define FAILURE_TRACE_H

#include "failure.h"

bool trace_line(struct failure *f, const char *msg);
void trace_judge(struct failure *f);

#endif
