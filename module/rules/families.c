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
 * gfplab_family_of - whose rules a release follows
 * @release: as GFPLAB_RELEASE() has it
 *
 * 6.1.y took the rules for reserves by backport, with 6.1.116; 6.2 never did.
 *
 * Context: any.
 * Return: the newest family that is not newer; the oldest for what is older than all.
 */
enum gfplab_family gfplab_family_of(__u32 release)
{
	enum gfplab_family family = FAMILY_OLDEST;
	int i;

	if (release >> 8 == GFPLAB_RELEASE(6, 2, 0) >> 8)
		return FAMILY_5_10;
	for (i = FAMILY_OLDEST; i < NR_FAMILIES; i++)
		if (release >= gfplab_families[i].since)
			family = i;
	return family;
}
