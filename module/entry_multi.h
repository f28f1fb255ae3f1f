/* SPDX-License-Identifier: GPL-2.0 */
/* entry_multi.h - entries that bring more or less than one block */
#ifndef GFPLAB_ENTRY_MULTI_H
#define GFPLAB_ENTRY_MULTI_H

#include <linux/types.h>

struct gfplab_alloc_args;
struct gfplab_block;

bool gfplab_bulk_alloc(const struct gfplab_alloc_args *args, struct gfplab_block *block);
bool gfplab_bulk_list_alloc(const struct gfplab_alloc_args *args, struct gfplab_block *block);
bool gfplab_bulk_refill_alloc(const struct gfplab_alloc_args *args, struct gfplab_block *block);
void gfplab_bulk_free(const struct gfplab_block *block);
void gfplab_bulk_release(const struct gfplab_block *block);
struct page *gfplab_bulk_next(const struct gfplab_block *block, struct page *prev, u32 i);
bool gfplab_frag_alloc(const struct gfplab_alloc_args *args, struct gfplab_block *block);
void gfplab_frag_free(const struct gfplab_block *block);
bool gfplab_kmalloc_alloc(const struct gfplab_alloc_args *args, struct gfplab_block *block);
bool gfplab_slab_alloc(const struct gfplab_alloc_args *args, struct gfplab_block *block);
void gfplab_kmalloc_free(const struct gfplab_block *block);
bool gfplab_vmalloc_alloc(const struct gfplab_alloc_args *args, struct gfplab_block *block);
bool gfplab_vmalloc_32_alloc(const struct gfplab_alloc_args *args, struct gfplab_block *block);
void gfplab_vmalloc_free(const struct gfplab_block *block);
struct page *gfplab_vmalloc_next(const struct gfplab_block *block, struct page *prev, u32 i);

#endif
