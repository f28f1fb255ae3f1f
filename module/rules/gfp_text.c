// SPDX-License-Identifier: GPL-2.0
/*
 * gfp_text.c - NAMES, HEX, HEX(NAMES) and HEX@VERSION to a mask of this kernel.
 */
#include "gfp_ages.h"
#include "gfp_text.h"

#define REASON(name, reason)	reason,

const char * const gfplab_gfp_mistakes[NR_GFP_MISTAKES] = { GFPLAB_GFP_MISTAKES(REASON) };

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* @from..@to without blanks at its ends */
static void trim(const char *text, size_t *from, size_t *to)
{
	while (*from < *to && is_blank(text[*from]))
		++*from;
	while (*to > *from && is_blank(text[*to - 1]))
		--*to;
}

static size_t find(const char *text, size_t from, size_t to, char c)
{
	while (from < to && text[from] != c)
		from++;
	return from;
}

static void mistake(struct gfplab_gfp_parsed *parsed, enum gfplab_gfp_mistake what, size_t at)
{
	parsed->mistake = what;
	parsed->at = at;
}

static void note(struct gfplab_gfp_parsed *parsed, const char *name, const char *became)
{
	unsigned int i;

	for (i = 0; i < parsed->nr_notes; i++)
		if (parsed->notes[i].name == name)
			return;
	if (parsed->nr_notes == GFPLAB_GFP_NOTES)
		return;
	parsed->notes[parsed->nr_notes].name = name;
	parsed->notes[parsed->nr_notes++].became = became;
}

/* What the kernel calls a flag; false if it has no such name. */
static bool own_bits(const struct gfplab_gfp_name *names, const char *name, __u32 *mask)
{
	size_t at;

	return gfplab_gfp_names_parse(names, name, strlen(name), mask, &at) == GFP_TEXT_OK;
}

/* Flags of any kernel as this one's bits; a flag that is gone is noted. */
static bool take_flags(const struct gfplab_gfp_name *names, __u64 flags,
		       struct gfplab_gfp_parsed *parsed)
{
	const char *name, *became;
	__u32 bits;
	int flag;

	for (flag = 0; flag < NR_GFP_FLAGS; flag++) {
		if (!(flags >> flag & 1))
			continue;
		name = gfplab_gfp_flag_name(flag);
		became = gfplab_gfp_became(flag);
		if (own_bits(names, name, &bits))
			parsed->mask |= bits;
		else if (became)
			note(parsed, name, became);
		else
			return false;
	}
	return true;
}

/* A word of NAMES: a name of this kernel or a number, else one that other kernels have. */
static void take_word(const struct gfplab_gfp_name *names, const char *text, size_t from,
		      size_t to, struct gfplab_gfp_parsed *parsed, __u64 *gone)
{
	const char *name, *became;
	__u64 flags = 0;
	__u32 bits;
	size_t at;

	trim(text, &from, &to);
	switch (gfplab_gfp_names_parse(names, text + from, to - from, &bits, &at)) {
	case GFP_TEXT_OK:
		parsed->mask |= bits;
		return;
	case GFP_TEXT_MISSING:
		mistake(parsed, GFP_MISTAKE_MISSING, from);
		return;
	case GFP_TEXT_UNKNOWN:
		break;
	}
	if (!gfplab_gfp_old_word(text + from, to - from, &flags, &name, &became)) {
		mistake(parsed, GFP_MISTAKE_UNKNOWN, from);
		return;
	}
	if (became)
		note(parsed, name, became);
	*gone |= flags;
	if (!take_flags(names, flags, parsed))
		mistake(parsed, GFP_MISTAKE_LACKS, from);
}

static void take_names(const struct gfplab_gfp_name *names, const char *text, size_t from,
		       size_t to, struct gfplab_gfp_parsed *parsed)
{
	__u64 gone = 0;
	__u32 kswapd;
	size_t end;

	for (;; from = end + 1) {
		for (end = from; end < to && text[end] != '|' && text[end] != ','; end++)
			;
		take_word(names, text, from, end, parsed, &gone);
		if (parsed->mistake || end == to)
			break;
	}
	if ((gone & GFPLAB_GFP(NO_KSWAPD)) && own_bits(names, "__GFP_KSWAPD_RECLAIM", &kswapd))
		parsed->mask &= ~kswapd;
}

/* A number alone; what is wrong with it is that it is none. */
static bool take_number(const struct gfplab_gfp_name *names, const char *text, size_t from,
			size_t to, struct gfplab_gfp_parsed *parsed, __u32 *number)
{
	size_t at;

	trim(text, &from, &to);
	if (from < to && text[from] >= '0' && text[from] <= '9' &&
	    find(text, from, to, '|') == to && find(text, from, to, ',') == to &&
	    gfplab_gfp_names_parse(names, text + from, to - from, number, &at) == GFP_TEXT_OK)
		return true;
	mistake(parsed, GFP_MISTAKE_NUMBER, from);
	return false;
}

static void take_version(const struct gfplab_gfp_name *names, const char *text, size_t at,
			 size_t to, struct gfplab_gfp_parsed *parsed)
{
	size_t from = at + 1;
	__u32 hex, release;

	if (!take_number(names, text, 0, at, parsed, &hex))
		return;
	trim(text, &from, &to);
	if (from == to || gfplab_release_parse(text + from, to - from, &release) != to - from) {
		mistake(parsed, GFP_MISTAKE_VERSION, from);
		return;
	}
	if (!take_flags(names, gfplab_gfp_decode(release, hex, &parsed->bits), parsed))
		mistake(parsed, GFP_MISTAKE_LACKS, 0);
	else if (parsed->bits)
		mistake(parsed, GFP_MISTAKE_BITS, 0);
}

/**
 * gfplab_gfp_text_parse - text to mask
 * @names: this kernel's table
 * @text: NAMES or numbers joined by | or , with blanks around them; HEX(NAMES), of which the
 *	names decide; HEX@VERSION, bits of another kernel; not NUL-terminated
 * @len: its length
 * @parsed: filled in
 *
 * A name that is gone is taken for what became of it, which is noted.
 *
 * Context: any; touches nothing but its arguments.
 */
void gfplab_gfp_text_parse(const struct gfplab_gfp_name *names, const char *text, size_t len,
			   struct gfplab_gfp_parsed *parsed)
{
	size_t at = find(text, 0, len, '@'), bracket = find(text, 0, len, '(');
	size_t from = 0, to = len;

	*parsed = (struct gfplab_gfp_parsed){};
	trim(text, &from, &to);
	if (at < to) {
		take_version(names, text, at, to, parsed);
	} else if (bracket < to) {
		if (!take_number(names, text, 0, bracket, parsed, &parsed->hex))
			return;
		if (text[to - 1] != ')') {
			mistake(parsed, GFP_MISTAKE_BRACKET, to);
			return;
		}
		take_names(names, text, bracket + 1, to - 1, parsed);
		parsed->differs = parsed->hex != parsed->mask;
	} else {
		take_names(names, text, 0, len, parsed);
	}
}
