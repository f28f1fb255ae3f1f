// SPDX-License-Identifier: GPL-2.0
/*
 * scan.c - words and numbers in a line.
 */
#include <ctype.h>
#include <string.h>
#include "scan.h"

/**
 * scan_word - the next word of a line
 * @s: where to look; moved behind the word
 * @word: filled in
 *
 * Return: false if there is none.
 */
bool scan_word(const char **s, struct word *word)
{
	*s += strspn(*s, " ");
	word->s = *s;
	word->len = strcspn(*s, " ");
	*s += word->len;
	return word->len;
}

/**
 * scan_number - digits, and a minus
 * @s: where they begin
 * @len: how far to look
 * @value: filled in; at most NUMBER_MAX, which no machine's memory comes near
 *
 * Return: true if @s is a number to its end, or up to kB or KB there.
 */
bool scan_number(const char *s, size_t len, long *value)
{
	bool minus = len && *s == '-';
	long v = 0;
	size_t i = minus;

	if (i == len || !isdigit((unsigned char)s[i]))
		return false;
	for (; i < len && isdigit((unsigned char)s[i]); i++)
		v = v > NUMBER_MAX ? v : v * 10 + s[i] - '0';
	if (v > NUMBER_MAX)
		v = NUMBER_MAX;
	*value = minus ? -v : v;
	return i == len || (i + 2 == len && (s[i] == 'k' || s[i] == 'K') && s[i + 1] == 'B');
}

/**
 * scan_after - what follows a text in a line
 * @s: the line
 * @key: the text
 *
 * Return: the character behind it; NULL if it is not there.
 */
const char *scan_after(const char *s, const char *key)
{
	s = strstr(s, key);
	return s ? s + strlen(key) : NULL;
}

/**
 * scan_value - the number that follows a text in a line
 * @s: the line
 * @key: the text
 * @value: filled in if there is one
 *
 * Return: true if there is.
 */
bool scan_value(const char *s, const char *key, long *value)
{
	s = scan_after(s, key);
	if (!s)
		return false;
	s += strspn(s, " ");
	return scan_number(s, (*s == '-') + strspn(s + (*s == '-'), "0123456789"), value);
}

/**
 * scan_copy - some characters as a string
 * @to: the string
 * @size: bytes in @to; what is over is left out
 * @from: the characters
 * @len: how many
 */
void scan_copy(char *to, size_t size, const char *from, size_t len)
{
	if (!size)
		return;
	if (len > size - 1)
		len = size - 1;
	memmove(to, from, len);
	to[len] = '\0';
}

/**
 * scan_name - a name as a string, which ends with ... where it was too long
 * @to: the string
 * @size: bytes in @to, more than 4
 * @from: the characters
 * @len: how many
 */
void scan_name(char *to, size_t size, const char *from, size_t len)
{
	scan_copy(to, size, from, len);
	if (len > size - 1)
		memcpy(to + size - 4, "...", 4);
}

/**
 * word_is - is it this word?
 * @word: the word
 * @text: what it should be
 *
 * Return: whether it is.
 */
bool word_is(struct word word, const char *text)
{
	return strlen(text) == word.len && !memcmp(word.s, text, word.len);
}
