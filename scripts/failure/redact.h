/* SPDX-License-Identifier: GPL-2.0 */
/*
 * redact.h - a report's lines without what identifies a person.
 */
#ifndef FAILURE_REDACT_H
#define FAILURE_REDACT_H

#include "failure.h"

void redact_line(const struct failure *f, char *line, const char *caller);

#endif
