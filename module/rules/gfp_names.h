/* SPDX-License-Identifier: GPL-2.0 */
/*
 * gfp_names.h - gfp masks as text, by any kernel's names.
 */
#ifndef GFPLAB_RULES_GFP_NAMES_H
#define GFPLAB_RULES_GFP_NAMES_H

#include "portable.h"

/**
 * struct gfplab_gfp_name - a name and its bits; a table ends with a NULL name
 * @mask: the bits; names of more bits come first
 * @name: with __GFP_ or GFP_
 *
 * As the kernel's __def_gfpflag_names initialises it.
 */
struct gfplab_gfp_name {
	unsigned long mask;
	const char *name;
};

/* What is wrong with a text, if anything. */
enum gfplab_gfp_text { GFP_TEXT_OK, GFP_TEXT_MISSING, GFP_TEXT_UNKNOWN };

/* Room for a name of 24 characters for each of 32 bits, and NUL. */
#define GFPLAB_GFP_NAMES_MAX	(32 * 25 + 1)

enum gfplab_gfp_text gfplab_gfp_names_parse(const struct gfplab_gfp_name *names, const char *text,
					    size_t len, __u32 *mask, size_t *at);
size_t gfplab_gfp_names_format(char *buf, size_t size, const struct gfplab_gfp_name *names,
			       __u32 mask);

#endif
