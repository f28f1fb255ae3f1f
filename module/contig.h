/* SPDX-License-Identifier: GPL-2.0 */
/* contig.h - contiguous ranges */
#ifndef GFPLAB_CONTIG_H
#define GFPLAB_CONTIG_H

#include <linux/types.h>

struct gfplab_alloc_args;
struct gfplab_block;

struct page;

bool gfplab_contig_alloc(const struct gfplab_alloc_args *args, struct gfplab_block *block);
void gfplab_contig_free(const struct gfplab_block *block);
bool gfplab_contig_take(struct page *page, unsigned long pages);
bool gfplab_contig_still_isolated(unsigned long start, unsigned long end);

#endif
