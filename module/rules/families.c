// SPDX-License-Identifier: GPL-2.0
/*
 * families.c - the tables of families.h, instantiated, and which of them a release follows.
 */
#include "families.h"
#include "text.h"

#define FAMILY_ROW(id, name_, since_, can)				\
	{ .name = name_, .since = since_, .capabilities = can },

const struct gfplab_family_row gfplab_families[NR_FAMILIES] = { GFPLAB_FAMILIES(FAMILY_ROW) };
const struct gfplab_word gfplab_capabilities[] = { GFPLAB_CAPABILITIES(GFPLAB_WORD) {} };

/**
 * gfplab_release_known - is a release none that came after the rules?
 * @release: as GFPLAB_RELEASE() has it
 *
 * Context: any.
 * Return: false if it is newer than all whose rules are known.
 */
bool gfplab_release_known(__u32 release)
{
	return release <= GFPLAB_RELEASE_NEWEST;
}

/**
 * gfplab_family_of - whose rules a release follows
 * @release: as GFPLAB_RELEASE() has it
 *
 * Context: any.
 * Return: the newest family that is not newer; the oldest for what is older than all.
 */
enum gfplab_family gfplab_family_of(__u32 release)
{
	enum gfplab_family family = FAMILY_OLDEST;
	int i;

	release = GFPLAB_RULES_OF(release);
	for (i = FAMILY_OLDEST; i < NR_FAMILIES; i++)
		if (release >= gfplab_families[i].since)
			family = i;
	return family;
}

#define FEATURE_SINCE(name, since, help)	since,

/**
 * gfplab_release_has - was this there yet?
 * @release: as GFPLAB_RELEASE() has it
 * @feature: what came at once
 *
 * Context: any.
 * Return: true if it was.
 */
bool gfplab_release_has(__u32 release, enum gfplab_feature feature)
{
	static const __u32 since[NR_FEATURES] = { GFPLAB_FEATURES(FEATURE_SINCE) };

	return release >= since[feature];
}

/**
 * gfplab_family_until - the first release that has the rules of the next family
 * @family: the family
 *
 * A release in between may follow other rules by backport: GFPLAB_RULES_OF().
 *
 * Context: any.
 * Return: as GFPLAB_RELEASE() has it; what follows on the newest known for the newest.
 */
__u32 gfplab_family_until(enum gfplab_family family)
{
	return family == FAMILY_NEWEST ? GFPLAB_RELEASE_NEWEST + 1 :
					 gfplab_families[family + 1].since;
}

static void add_number(struct gfplab_text *text, __u32 value)
{
	char digits[4] = { '0' + value / 100, '0' + value / 10 % 10, '0' + value % 10 };

	gfplab_text_add(text, digits + (value < 10 ? 2 : value < 100 ? 1 : 0));
}

/**
 * gfplab_release_format - a release as gfplab_release_parse() takes it
 * @buf: where the text goes
 * @size: bytes in @buf; 12 is enough
 * @release: as GFPLAB_RELEASE() has it
 *
 * Context: any; touches nothing but its arguments.
 * Return: the length of the whole text; of 4.3.0 it is 4.3.
 */
size_t gfplab_release_format(char *buf, size_t size, __u32 release)
{
	struct gfplab_text text = gfplab_text_begin(buf, size);

	add_number(&text, release >> 16);
	gfplab_text_add(&text, ".");
	add_number(&text, release >> 8 & 255);
	if (release & 255) {
		gfplab_text_add(&text, ".");
		add_number(&text, release & 255);
	}
	return text.len;
}

/**
 * gfplab_release_parse - a release as a number
 * @text: such as 4.18.0-553.el8, of which the first two or three numbers count; not
 *	NUL-terminated
 * @len: its length
 * @release: filled in, as GFPLAB_RELEASE() has it
 *
 * Context: any; touches nothing but its arguments.
 * Return: how many characters the numbers and points between them have; 0 if it does not
 * begin with a release.
 */
size_t gfplab_release_parse(const char *text, size_t len, __u32 *release)
{
	__u32 number[3] = {};
	size_t i = 0, end = 0;
	unsigned int n;

	for (n = 0; n < 3 && i < len && text[i] >= '0' && text[i] <= '9'; n++) {
		for (; i < len && text[i] >= '0' && text[i] <= '9'; i++) {
			if (number[n] > 9999)
				return 0;
			number[n] = number[n] * 10 + text[i] - '0';
		}
		end = i;
		if (i < len && text[i] == '.')
			i++;
		else
			i = len;
	}
	if (n < 2 || !number[0] || number[0] > 99 || number[1] > 255)
		return 0;
	*release = GFPLAB_RELEASE(number[0], number[1], number[2]);
	return end;
}

/**
 * gfplab_release_meant - the release that is meant by one without a patch
 * @release: as GFPLAB_RELEASE() has it
 * @here: the kernel's own, or that of a text
 *
 * Context: any; touches nothing but its arguments.
 * Return: @here if that is of the same series and @release names no patch, else @release.
 */
__u32 gfplab_release_meant(__u32 release, __u32 here)
{
	return release == (here & ~255U) ? here : release;
}
