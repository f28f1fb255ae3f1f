// SPDX-License-Identifier: GPL-2.0
/*
 * records.c - the module's file `records` as JSON Lines, at the speed of the disk.
 *
 *	records KEY=TYPE... < TEXT > JSON
 *
 * TYPE is `integer`, `text`, or a character that separates the words of a list, as the schema has
 * them (scripts/reports/schema.py). A key that is not named is an integer where it looks like one.
 * `unknown` is null whatever the type; `none` is an empty list, and a word for other types; a value
 * that is no integer where one belongs stays text, which the schema refuses.
 *
 * Records of a run have the same keys in the same order: what a key's column is was found out with
 * the first line, and is compared with each of the others.
 *
 * Exit status: 1 for a line that is no record, which is named; 3 if it cannot be read or written.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LINE_MAX_BYTES	65536
#define BUFFER_BYTES	1048576
/* A byte becomes six at most (\u00XX), a word of a list four more, and a key is quoted. */
#define GROWTH		8
#define COLUMNS		256
#define HEAD_BYTES	128

#define BEGIN		"{\"format\": \"gfplab/1\", \"type\": \"record\""

enum type { TYPE_by_form, TYPE_integer, TYPE_text, TYPE_list };

/**
 * struct column - the Nth word of each line
 * @key: `KEY=` as the text has it
 * @key_length: its length
 * @head: what stands before the value in JSON
 * @head_length: its length
 * @type: of the value
 * @separator: of a list's words
 */
struct column {
	char key[HEAD_BYTES];
	size_t key_length;
	char head[HEAD_BYTES];
	size_t head_length;
	enum type type;
	char separator;
};

static struct column columns[COLUMNS];
static char *out, *out_at;

static void give_up(const char *what)
{
	fprintf(stderr, "records: %s: %s\n", what, strerror(errno));
	exit(3);
}

static void flush(void)
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

static void put(const char *from, size_t length)
{
	memcpy(out_at, from, length);
	out_at += length;
}

/* What JSON takes as it is, of ASCII. */
static bool plain(unsigned char c)
{
	return c >= ' ' && c < 0x7f && c != '"' && c != '\\';
}

static void put_string(const char *from, const char *end)
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

static bool is(const char *from, const char *end, const char *word)
{
	size_t length = strlen(word);

	return (size_t)(end - from) == length && !memcmp(from, word, length);
}

/* A number as JSON has it and the text gets it back: no sign but -, no leading zero, 64 bits. */
static bool is_integer(const char *from, const char *end)
{
	const char *at = from;

	if (at < end && *at == '-')
		at++;
	if (at == end || end - at > 20 || (*at == '0' && (end - at > 1 || at > from)))
		return false;
	for (; at < end; at++)
		if (*at < '0' || *at > '9')
			return false;
	return true;
}

static void put_list(const char *from, const char *end, char separator)
{
	const char *stop = is(from, end, "none") ? NULL : from;

	*out_at++ = '[';
	while (stop) {
		stop = memchr(from, separator, end - from);
		put_string(from, stop ? stop : end);
		if (stop) {
			put(", ", 2);
			from = stop + 1;
		}
	}
	*out_at++ = ']';
}

static void put_value(const struct column *column, const char *from, const char *end)
{
	if (is(from, end, "unknown"))
		put("null", 4);
	else if (column->type == TYPE_list)
		put_list(from, end, column->separator);
	else if (column->type != TYPE_text && is_integer(from, end))
		put(from, end - from);
	else
		put_string(from, end);
}

/* Make a column of KEY= at @from; false if it is none. */
static bool learn(struct column *column, const char *from, const char *end, char **types)
{
	const char *equals = memchr(from, '=', end - from);
	size_t length = equals ? equals + 1 - from : 0;
	const char *at;

	if (length < 2 || length + 8 > HEAD_BYTES)
		return false;
	for (at = from; at < equals; at++)
		if (!plain(*at))
			return false;
	memcpy(column->key, from, length);
	column->key_length = length;
	column->head_length = sprintf(column->head, ", \"%.*s\": ", (int)length - 1, from);
	column->type = TYPE_by_form;
	for (; *types; types++) {
		const char *type = *types + length;

		if (strncmp(*types, from, length))
			continue;
		column->type = !strcmp(type, "integer") ? TYPE_integer :
			       !strcmp(type, "text") ? TYPE_text : TYPE_list;
		column->separator = *type;
		break;
	}
	return true;
}

/* Print a line as an object; false if it is no record. */
static bool convert(const char *from, const char *end, char **types)
{
	unsigned int i;

	put(BEGIN, sizeof(BEGIN) - 1);
	for (i = 0; i < COLUMNS && from < end; i++) {
		struct column *column = &columns[i];
		const char *stop = memchr(from, ' ', end - from);

		if (!stop)
			stop = end;
		if ((size_t)(stop - from) < column->key_length || !column->key_length ||
		    memcmp(from, column->key, column->key_length)) {
			if (!learn(column, from, stop, types))
				return false;
		}
		put(column->head, column->head_length);
		put_value(column, from + column->key_length, stop);
		from = stop + 1;
	}
	put("}\n", 2);
	return i && i < COLUMNS && from > end;
}

int main(int argc, char **argv)
{
	static char in[BUFFER_BYTES + LINE_MAX_BYTES];
	unsigned long number = 0;
	size_t kept = 0;
	ssize_t got = 1;

	(void)argc;
	out = malloc(BUFFER_BYTES + GROWTH * LINE_MAX_BYTES);
	if (!out)
		give_up("no memory");
	out_at = out;
	while (got) {
		char *from = in, *end;

		got = read(STDIN_FILENO, in + kept, BUFFER_BYTES);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			give_up("cannot read");
		end = in + kept + got;
		/* A last line that lacks its end is a line. */
		if (!got && kept)
			*end++ = '\n';
		for (;;) {
			char *stop = memchr(from, '\n', end - from), *before = out_at;

			if (!stop && end - from < LINE_MAX_BYTES)
				break;
			number++;
			if (!stop || stop - from >= LINE_MAX_BYTES ||
			    !convert(from, stop, argv + 1)) {
				out_at = before;
				flush();
				fprintf(stderr, "records: line %lu is no record: KEY=VALUE words\n",
					number);
				return 1;
			}
			from = stop + 1;
			if (out_at - out >= BUFFER_BYTES)
				flush();
		}
		kept = end - from;
		memmove(in, from, kept);
	}
	flush();
	return 0;
}
