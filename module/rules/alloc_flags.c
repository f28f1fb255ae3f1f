// SPDX-License-Identifier: GPL-2.0
/*
 * alloc_flags.c - alloc_flags by the names that a kernel has for them.
 */
#include "alloc_flags.h"
#include "text.h"

#define MARK_ROW(name_, value, help_)					\
	{ .name = "ALLOC_" #name_, .help = help_, .bits = value, .mark = true, \
	  .first = FAMILY_OLDEST, .last = FAMILY_NEWEST },
#define FLAG_ROW(name_, bit, first_, last_, help_)			\
	{ .name = "ALLOC_" #name_, .help = help_, .bits = bit,		\
	  .first = FAMILY_##first_, .last = FAMILY_##last_ },

static const struct gfplab_alloc_flag rows[] = {
	GFPLAB_ALLOC_MARKS(MARK_ROW) GFPLAB_ALLOC_FLAGS(FLAG_ROW) {}
};

/**
 * gfplab_alloc_flag_next - go through the flags that a family of kernels has
 * @flag: the last one; NULL for the first
 * @family: the family that has the names
 *
 * Context: any.
 * Return: the next one, watermarks first; NULL after the last.
 */
const struct gfplab_alloc_flag *gfplab_alloc_flag_next(const struct gfplab_alloc_flag *flag,
						       enum gfplab_family family)
{
	for (flag = flag ? flag + 1 : rows; flag->name; flag++)
		if (family >= flag->first && family <= flag->last)
			return flag;
	return NULL;
}

/* No watermark is the min watermark where none counts. */
static bool holds(unsigned int flags, const struct gfplab_alloc_flag *flag)
{
	if (!flag->mark)
		return flags & flag->bits;
	return (flags & GFPLAB_ALLOC_WMARK_MASK) == flag->bits &&
	       (flag->bits || !(flags & GFPLAB_ALLOC_NO_WATERMARKS));
}

/**
 * gfplab_alloc_flags_format - alloc_flags by name, joined by |
 * @buf: where the text goes
 * @size: bytes in @buf; GFPLAB_ALLOC_FLAGS_MAX is enough
 * @flags: alloc_flags
 * @family: the family that has the names
 *
 * A bit that the family has no name for is printed as a number, all of them
 * together.
 *
 * Context: any; touches nothing but its arguments.
 * Return: the length of the whole text; as with snprintf(), what is over
 * @size - 1 was left out.
 * Names and bits as in mm/internal.h of 5.10 to 7.2, mm/page_alloc.h of 7.3.
 */
size_t gfplab_alloc_flags_format(char *buf, size_t size, unsigned int flags,
				 enum gfplab_family family)
{
	struct gfplab_text text = gfplab_text_begin(buf, size);
	const struct gfplab_alloc_flag *flag = NULL;
	unsigned int rest = flags;

	while ((flag = gfplab_alloc_flag_next(flag, family))) {
		if (!holds(flags, flag))
			continue;
		if (text.len)
			gfplab_text_add(&text, "|");
		gfplab_text_add(&text, flag->name);
		rest &= ~flag->bits;
	}
	if (rest) {
		if (text.len)
			gfplab_text_add(&text, "|");
		gfplab_text_add_hex(&text, rest);
	}
	return text.len;
}
