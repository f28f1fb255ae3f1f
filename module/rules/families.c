// SPDX-License-Identifier: GPL-2.0
/*
 * families.c - the tables of families.h, instantiated, and which of them a release follows.
 */
#include "families.h"

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
