// SPDX-License-Identifier: GPL-2.0
/*
 * gfp_names.c - gfp masks as text, by any kernel's names.
 */
#include "busted.h"
#include "gfp_names.h"
#include "text.h"

#define PREFIX		"__GFP_"
#define PREFIX_LEN	(sizeof(PREFIX) - 1)
#define WORD_MAX	39	/* characters of one word */

static bool is_separator(char c)
{
	return c == '|' || c == ',';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Of base 16, in either case; 16 for what is no digit. */
static unsigned int digit_of(char c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 16;
}

/* As kstrtouint() with base 0 takes it: 0x is hexadecimal, a leading 0 octal. */
static bool parse_number(const char *text, size_t len, __u32 *number)
{
	unsigned int base = 10, digit;
	__u32 value = 0;
	size_t i = 0;

	if (text[0] == '0')
		base = 8;
	if (len > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
		base = 16;
		i = 2;
	}
	for (; i < len; i++) {
		digit = digit_of(text[i]);
		if (digit >= base || value > (0xffffffffU - digit) / base)
			return false;
		value = value * base + digit;
	}
	*number = value;
	return true;
}

static bool is_name(const char *name, const char *word, size_t len)
{
	return strlen(name) == len && !memcmp(name, word, len);
}

/* A name from the table, its form without __GFP_, or a number. */
static bool parse_word(const struct gfplab_gfp_name *names, const char *word, size_t len,
		       __u32 *mask)
{
	__u32 bits;

	if (len > WORD_MAX)
		return false;
	if (is_digit(word[0])) {
		if (!parse_number(word, len, &bits))
			return false;
		*mask |= bits;
		return true;
	}
	if (is_name("none", word, len))
		return true;
	for (; names->name; names++) {
		if (is_name(names->name, word, len) ||
		    (!strncmp(names->name, PREFIX, PREFIX_LEN) &&
		     is_name(names->name + PREFIX_LEN, word, len))) {
			*mask |= names->mask;
			return true;
		}
	}
	return false;
}

/**
 * gfplab_gfp_names_parse - text to mask
 * @names: the table
 * @text: names, with or without __GFP_, or numbers, joined by | or ,; not
 *	NUL-terminated
 * @len: its length
 * @mask: the bits; untouched on error
 * @at: on error, the offset of the word that is wrong
 *
 * Context: any; touches nothing but its arguments.
 * Return: GFP_TEXT_OK, GFP_TEXT_MISSING where a word is empty, or
 * GFP_TEXT_UNKNOWN where one is neither a name of the table nor a number.
 */
enum gfplab_gfp_text gfplab_gfp_names_parse(const struct gfplab_gfp_name *names, const char *text,
					    size_t len, __u32 *mask, size_t *at)
{
	size_t from = 0, to;
	__u32 bits = 0;

	for (;;) {
		for (to = from; to < len && !is_separator(text[to]); to++)
			;
		*at = from;
		if (to == from)
			return GFP_TEXT_MISSING;
		if (!parse_word(names, text + from, to - from, &bits))
			return GFP_TEXT_UNKNOWN;
		if (to == len)
			break;
		from = to + 1;
	}
	*mask = bits;
	return GFP_TEXT_OK;
}

/**
 * gfplab_gfp_names_format - mask to text, as %pGg prints it
 * @buf: where the text goes
 * @size: bytes in @buf; GFPLAB_GFP_NAMES_MAX is enough
 * @names: the table
 * @mask: the bits
 *
 * Bits without a name are printed as a number, no bits as `none`. The text can
 * be parsed again.
 *
 * Context: any; touches nothing but its arguments.
 * Return: the length of the whole text; as with snprintf(), what is over
 * @size - 1 was left out.
 * Mirrors format_flags() of lib/vsprintf.c, 5.10 to 7.3.
 */
size_t gfplab_gfp_names_format(char *buf, size_t size, const struct gfplab_gfp_name *names,
			       __u32 mask)
{
	struct gfplab_text text = gfplab_text_begin(buf, size);

	if (!mask)
		gfplab_text_add(&text, "none");
	for (; names->name && mask; names++) {
		if ((mask & names->mask) != names->mask)
			continue;
		mask &= ~names->mask;
		if (GFPLAB_BUSTED(stale_gfp) && !mask && text.len)
			return text.len;
		if (text.len)
			gfplab_text_add(&text, "|");
		gfplab_text_add(&text, names->name);
	}
	if (mask) {
		if (text.len)
			gfplab_text_add(&text, "|");
		gfplab_text_add_hex(&text, mask);
	}
	return text.len;
}
