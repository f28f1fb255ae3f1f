/* SPDX-License-Identifier: GPL-2.0 */
/* binary.h - records of fixed size behind a text that says how to read them */
#ifndef BINARY_H
#define BINARY_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define BINARY_MAGIC	"gfplab-records "

static inline bool is_binary(const char *in, size_t got)
{
	return got >= sizeof(BINARY_MAGIC) - 1 &&
	       !memcmp(in, BINARY_MAGIC, sizeof(BINARY_MAGIC) - 1);
}

int binary(const char *in, size_t got);

#endif
