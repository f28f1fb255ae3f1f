// SPDX-License-Identifier: GPL-2.0
/*
 * families.c - the tables of families.h, instantiated.
 */
#include "families.h"

#define FAMILY_ROW(id, name_, can)	{ .name = name_, .capabilities = can },

const struct gfplab_family_row gfplab_families[NR_FAMILIES] = { GFPLAB_FAMILIES(FAMILY_ROW) };
const struct gfplab_word gfplab_capabilities[] = { GFPLAB_CAPABILITIES(GFPLAB_WORD) {} };
