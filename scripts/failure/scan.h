/* SPDX-License-Identifier: GPL-2.0 */
/*
 * scan.h - words and numbers in a line.
 */
#ifndef FAILURE_SCAN_H
#define FAILURE_SCAN_H

#include <stdbool.h>
#include <stddef.h>

/* Of kB or pages; sums and shifts by an order stay within a long. */
#define NUMBER_MAX	0x3fffffffL

/**
 * struct word - some characters of a line
 * @s: where they begin
 * @len: how many they are
 */
struct word {
	const char *s;
	size_t len;
};

bool scan_word(const char **s, struct word *word);
bool scan_number(const char *s, size_t len, long *value);
const char *scan_after(const char *s, const char *key);
bool scan_value(const char *s, const char *key, long *value);
void scan_copy(char *to, size_t size, const char *from, size_t len);
void scan_name(char *to, size_t size, const char *from, size_t len);
bool word_is(struct word word, const char *text);

#endif
