/* SPDX-License-Identifier: GPL-2.0 */
/* free_blocks.h - how many free blocks of each order a zone has, or is to have */
#ifndef GFPLAB_FREE_BLOCKS_H
#define GFPLAB_FREE_BLOCKS_H

#include <linux/bits.h>
#include <linux/mmzone.h>
#include <linux/types.h>
#include "compat.h"
#include "zone.h"

struct gfplab_reason;

struct seq_file;

/* TYPE(id, letter of Mem-Info, enum migratetype), in the order of show_free_areas(). */
#ifdef CONFIG_CMA
#define GFPLAB_CMA_TYPE(TYPE)	TYPE(cma, 'C', MIGRATE_CMA)
#else
#define GFPLAB_CMA_TYPE(TYPE)
#endif
#define GFPLAB_BLOCK_TYPES(TYPE)					\
	TYPE(unmovable, 'U', MIGRATE_UNMOVABLE)				\
	TYPE(movable, 'M', MIGRATE_MOVABLE)				\
	TYPE(reclaimable, 'E', MIGRATE_RECLAIMABLE)			\
	TYPE(highatomic, 'H', MIGRATE_HIGHATOMIC)			\
	GFPLAB_CMA_TYPE(TYPE)

#define GFPLAB_BLOCK_TYPE_ID(name_, ...) BLOCK_##name_,
enum gfplab_block_type { GFPLAB_BLOCK_TYPES(GFPLAB_BLOCK_TYPE_ID) NR_BLOCK_TYPES };

/* Bits of types: any request that may steal gets them; and all that there are. */
#define GFPLAB_BLOCKS_USUAL	(BIT(BLOCK_unmovable) | BIT(BLOCK_movable) | BIT(BLOCK_reclaimable))
#define GFPLAB_BLOCKS_ALL	(BIT(NR_BLOCK_TYPES) - 1)

/**
 * struct gfplab_free_blocks - free blocks of each order that a zone is to have
 * @nr: how many
 * @types: bit BLOCK_x: of these types, at least one of each; 0: of the usual ones
 */
struct gfplab_free_blocks {
	u32 nr[GFPLAB_MAX_ORDER + 1];
	u8 types[GFPLAB_MAX_ORDER + 1];
};

/* What a zone has, by type. */
struct gfplab_block_counts {
	u32 nr[GFPLAB_MAX_ORDER + 1][NR_BLOCK_TYPES];
};

int gfplab_free_blocks_parse(struct gfplab_free_blocks *blocks, const char *text,
			     struct gfplab_reason *why);
void gfplab_free_blocks_show(const struct gfplab_free_blocks *blocks, struct seq_file *m);
void gfplab_free_blocks_count(struct gfplab_block_counts *counts, struct zone *zone);
void gfplab_free_blocks_of(struct gfplab_free_blocks *blocks,
			   const struct gfplab_block_counts *counts);
bool gfplab_free_blocks_are(const struct gfplab_free_blocks *wanted,
			    const struct gfplab_block_counts *counts);
u8 gfplab_block_type(const struct page *page);

#endif
