// SPDX-License-Identifier: GPL-2.0
/*
 * records.c - the module's file `records` or `records.bin` as JSON Lines, at the speed of the disk.
 *
 *	records KEY=TYPE... < RECORDS > JSON
 *
 * What is binary says so, and how it is to be read (binary.c). Of text, TYPE is `integer`, `text`,
 * or a character that separates the words of a list, as the schema has them
 * (scripts/report/schema.py). A key that is not named is an integer where it looks like one.
 * `unknown` is null whatever the type; `none` is an empty list, and a word for other types; a value
 * that is no integer where one belongs stays text, which the schema refuses.
 *
 * Records of a run have the same keys in the same order: what a key's column is was found out with
 * the first line, and is compared with each of the others.
 *
 * Exit status: 1 for a line that is no record, which is named; 3 if it cannot be read or written.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "binary.h"
#include "json.h"

#define LINE_MAX_BYTES	65536
/*
 * In JSON, a record of text is at most eight times as long: a byte becomes six (\u00XX), a word of
 * a list four more, and a key is quoted. One in binary has each line of a layout of 64 KiB at most
 * 66 times, and words of other lines in predictions.
 */
#define RECORD_JSON_BYTES	16777216
#define COLUMNS		256
#define HEAD_BYTES	128

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
	return i && i < COLUMNS && from > end;
}

/* Lines: @got bytes of them are at @in, which has room for more, the others come. */
static int text(char *in, size_t got, char **types)
{
	unsigned long number = 0;
	size_t kept = 0;

	while (got) {
		char *from = in, *end = in + kept + got;

		for (;;) {
			char *stop = memchr(from, '\n', end - from), *before = out_at;

			if (!stop && end - from < LINE_MAX_BYTES)
				break;
			number++;
			if (!stop || stop - from >= LINE_MAX_BYTES ||
			    !convert(from, stop, types)) {
				out_at = before;
				out_flush();
				fprintf(stderr, "records: line %lu is no record: KEY=VALUE words\n",
					number);
				return 1;
			}
			from = stop + 1;
			out_end();
		}
		kept = end - from;
		memmove(in, from, kept);
		got = read_some(in + kept, BUFFER_BYTES);
		/* A last line that lacks its end is a line. */
		if (!got && kept) {
			in[kept] = '\n';
			got = 1;
		}
	}
	out_flush();
	return 0;
}

int main(int argc, char **argv)
{
	static char in[BUFFER_BYTES + LINE_MAX_BYTES];
	size_t got = 0, more;

	(void)argc;
	out_begin(RECORD_JSON_BYTES);
	do {
		more = read_some(in + got, BUFFER_BYTES - got);
		got += more;
	} while (more && got < sizeof(BINARY_MAGIC));
	return is_binary(in, got) ? binary(in, got) : text(in, got, argv + 1);
}
