/* SPDX-License-Identifier: GPL-2.0 */
/*
 * gfp_text.h - gfp masks as people have them in hand: in a kernel's log, by names that are gone,
 * by another kernel's bits.
 */
#ifndef GFPLAB_RULES_GFP_TEXT_H
#define GFPLAB_RULES_GFP_TEXT_H

#include "gfp_names.h"
#include "portable.h"

/* What is wrong with a text. X(name, reason) */
#define GFPLAB_GFP_MISTAKES(X)						\
	X(NONE,    "")							\
	X(MISSING, "a gfp name is missing here")			\
	X(UNKNOWN, "not a gfp name of this kernel; see help")		\
	X(LACKS,   "a gfp name of other kernels, for what this one can't do") \
	X(BRACKET, "HEX(NAMES) ends with a bracket")			\
	X(NUMBER,  "HEX(NAMES) and HEX@VERSION begin with a number")	\
	X(VERSION, "HEX@VERSION wants a kernel's version, such as 4.9 or 2.6.32") \
	X(BITS,    "that kernel has no name for some of the bits")

#define GFPLAB_GFP_MISTAKE_ENUM(name, reason)	GFP_MISTAKE_##name,

enum gfplab_gfp_mistake { GFPLAB_GFP_MISTAKES(GFPLAB_GFP_MISTAKE_ENUM) NR_GFP_MISTAKES };

#define GFPLAB_GFP_NOTES	4

/**
 * struct gfplab_gfp_parsed - what a text means to this kernel
 * @mask: the bits
 * @mistake: what is wrong; then no other field but @at and @bits counts
 * @at: where
 * @bits: those that have no name
 * @differs: the hex of HEX(NAMES) is not what the names are on this kernel
 * @hex: that hex
 * @notes: what became of names that are gone
 * @nr_notes: how many there are
 */
struct gfplab_gfp_parsed {
	__u32 mask;
	enum gfplab_gfp_mistake mistake;
	size_t at;
	__u32 bits;
	bool differs;
	__u32 hex;
	struct {
		const char *name;
		const char *became;
	} notes[GFPLAB_GFP_NOTES];
	unsigned int nr_notes;
};

extern const char * const gfplab_gfp_mistakes[NR_GFP_MISTAKES];

void gfplab_gfp_text_parse(const struct gfplab_gfp_name *names, const char *text, size_t len,
			   struct gfplab_gfp_parsed *parsed);

#endif
