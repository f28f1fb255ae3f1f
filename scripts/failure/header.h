/* SPDX-License-Identifier: GPL-2.0 */
/*
 * header.h - first lines of reports: what was asked.
 */
#ifndef FAILURE_HEADER_H
#define FAILURE_HEADER_H

#include "failure.h"

bool header_begins(const char *msg, enum failure_kind *kind);
bool header_oom_panic(const char *msg);
void header_begin(struct failure *f, enum failure_kind kind, const char *msg);
void header_add(struct failure *f, const char *msg);
void header_comm(struct failure *f, const char *msg, const char *text);
bool header_nodes(struct failure *f, const char *msg);
bool header_line(struct failure *f, const char *msg);

#endif
