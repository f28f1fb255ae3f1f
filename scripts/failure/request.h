/* SPDX-License-Identifier: GPL-2.0 */
/*
 * request.h - what was asked of the page allocator, in the words of its rules.
 */
#ifndef FAILURE_REQUEST_H
#define FAILURE_REQUEST_H

#include "failure.h"

void request_of(struct failure *f, unsigned int release);
bool parse_release(const char *text, unsigned int *release);
bool list_has(const char *list, int n);
long pageblock_pages(const struct failure *f);

#endif
