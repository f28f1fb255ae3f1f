// SPDX-License-Identifier: GPL-2.0
/*
 * json.c - standard input, and lines of JSON on standard output.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "json.h"

char *out, *out_at;

/* Ends: input or output fails. */
void give_up(const char *what)
{
	fprintf(stderr, "records: %s: %s\n", what, strerror(errno));
	exit(3);
}

/* Before all else; @record_bytes is the longest record. */
void out_begin(size_t record_bytes)
{
	out = malloc(BUFFER_BYTES + record_bytes);
	if (!out)
		give_up("no memory");
	out_at = out;
}

/* Write what there is. */
void out_flush(void)
{
	const char *from = out;

	while (from < out_at) {
		ssize_t n = write(STDOUT_FILENO, from, out_at - from);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			give_up("cannot write");
		from += n;
	}
	out_at = out;
}

/* At most @most bytes of input; 0 at its end. */
size_t read_some(char *to, size_t most)
{
	ssize_t got;

	do
		got = read(STDIN_FILENO, to, most);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		give_up("cannot read");
	return got;
}

/* What JSON takes as it is, of ASCII. */
bool plain(unsigned char c)
{
	return c >= ' ' && c < 0x7f && c != '"' && c != '\\';
}

/* From @from up to @end, quoted. */
void put_string(const char *from, const char *end)
{
	static const char digits[] = "0123456789abcdef";

	*out_at++ = '"';
	for (; from < end; from++) {
		unsigned char c = *from;

		if (plain(c)) {
			*out_at++ = c;
		} else if (c == '"' || c == '\\') {
			*out_at++ = '\\';
			*out_at++ = c;
		} else {
			put("\\u00", 4);
			*out_at++ = digits[c >> 4];
			*out_at++ = digits[c & 15];
		}
	}
	*out_at++ = '"';
}
