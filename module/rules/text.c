// SPDX-License-Identifier: GPL-2.0
/*
 * text.c - text put together in a buffer that may be too small.
 *
 * As snprintf() does it, which the kernel and user space declare in different
 * headers: the length counts on when the buffer is full.
 */
#include "text.h"

/**
 * gfplab_text_begin - an empty text
 * @buf: where it goes; NULL if @size is 0
 * @size: bytes in @buf
 *
 * Context: any.
 * Return: the text; @buf holds the empty string.
 */
struct gfplab_text gfplab_text_begin(char *buf, size_t size)
{
	struct gfplab_text text = { buf, size, 0 };

	if (size)
		buf[0] = '\0';
	return text;
}

/**
 * gfplab_text_add - append a string
 * @text: what it is appended to
 * @add: the string
 *
 * Context: any. What finds no room is left out and counted.
 */
void gfplab_text_add(struct gfplab_text *text, const char *add)
{
	for (; *add; add++, text->len++) {
		if (text->len + 1 >= text->size)
			continue;
		text->buf[text->len] = *add;
		text->buf[text->len + 1] = '\0';
	}
}

/**
 * gfplab_text_add_hex - append a number, as %#x prints it
 * @text: what it is appended to
 * @value: the number
 *
 * Context: any.
 */
void gfplab_text_add_hex(struct gfplab_text *text, __u32 value)
{
	char digits[9];
	int at = sizeof(digits) - 1;

	digits[at] = '\0';
	do {
		digits[--at] = "0123456789abcdef"[value % 16];
		value /= 16;
	} while (value);
	gfplab_text_add(text, "0x");
	gfplab_text_add(text, digits + at);
}
