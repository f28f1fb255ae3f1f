/* SPDX-License-Identifier: GPL-2.0 */
/* json.h - standard input, and lines of JSON on standard output */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/types.h>

#define BUFFER_BYTES	1048576
#define BEGIN		"{\"format\": \"gfplab/1\", \"type\": \"record\""

extern char *out, *out_at;

void give_up(const char *what);
void out_begin(size_t record_bytes);
void out_flush(void);
void put_string(const char *from, const char *end);
size_t read_some(char *to, size_t most);
bool plain(unsigned char c);

/* The record has room: out_begin(). */
static inline void put(const char *from, size_t length)
{
	memcpy(out_at, from, length);
	out_at += length;
}

/* At the end of a record */
static inline void out_end(void)
{
	put("}\n", 2);
	if (out_at - out >= BUFFER_BYTES)
		out_flush();
}

#endif
