/* SPDX-License-Identifier: GPL-2.0 */
/*
 * text.h - text put together in a buffer that may be too small.
 */
#ifndef GFPLAB_RULES_TEXT_H
#define GFPLAB_RULES_TEXT_H

#include "portable.h"

/**
 * struct gfplab_text - a buffer, and how far it is filled
 * @buf: the buffer; holds a string after each call
 * @size: its bytes; 0 if only the length is wanted
 * @len: of the whole text, whether there was room for it or not
 */
struct gfplab_text {
	char *buf;
	size_t size;
	size_t len;
};

struct gfplab_text gfplab_text_begin(char *buf, size_t size);
void gfplab_text_add(struct gfplab_text *text, const char *add);
void gfplab_text_add_hex(struct gfplab_text *text, __u32 value);

#endif
