/* SPDX-License-Identifier: GPL-2.0 */
/* zone.h - zones and pageblocks */
#ifndef GFPLAB_ZONE_H
#define GFPLAB_ZONE_H

#include <linux/gfp.h>
#include <linux/mmzone.h>
#include <linux/topology.h>
#include <linux/types.h>
#include "compat.h"
#include "rules/evidence.h"

struct gfplab_reason;

enum gfplab_mark { MARK_min, MARK_low, MARK_high, NR_MARKS };

struct zone *gfplab_zone(int nid, unsigned int zone);
const char *gfplab_zone_name(unsigned int zone);
int gfplab_zone_parse(const char *text, size_t len);
gfp_t gfplab_zone_gfp(unsigned int zone);
int gfplab_zone_prefix(const char *text, bool more, int *nid, u32 *zone, const char **rest,
		       struct gfplab_reason *why);
long gfplab_zone_free(struct zone *zone);
long gfplab_zone_usable(struct zone *zone);
void gfplab_zone_fold(struct zone *zone);
unsigned long gfplab_zone_mark(struct zone *zone, enum gfplab_mark mark);
bool gfplab_pageblock_isolated(const struct page *page);
bool gfplab_groups_by_mobility(void);
enum gfplab_others gfplab_pageblock_others(const struct page *page, unsigned int type);
unsigned int gfplab_split_of(struct page *page, unsigned int order);
unsigned int gfplab_merged_of(struct page *page);
const char *gfplab_migratetype_name(unsigned int type);
unsigned int gfplab_policy_zone(void);
bool gfplab_bind_holds(const struct mempolicy *pol, gfp_t gfp, unsigned int policy_zone);
void gfplab_zone_show(struct seq_file *m);

/* The preferred node of a request: the one asked for, or the nearest with memory. */
static inline int gfplab_nid(int nid)
{
	return nid == NUMA_NO_NODE ? numa_mem_id() : nid;
}

#ifdef CONFIG_SPARSEMEM
/* As __pfn_to_section() for a page that there is; compilers may not inline that. 5.10 to 7.3. */
static __always_inline struct mem_section *gfplab_section(unsigned long pfn)
{
	unsigned long nr = pfn >> PFN_SECTION_SHIFT;

	return &mem_section[SECTION_NR_TO_ROOT(nr)][nr & SECTION_ROOT_MASK];
}
#endif

/*
 * What is noted of the pageblock that a page is in. get_pfnblock_flags_mask()
 * is not exported, the bitmap that it reads is reachable: four bits a
 * pageblock, or eight.
 */
static __always_inline unsigned long gfplab_pageblock_bits(const struct page *page)
{
	unsigned long pfn = page_to_pfn(page);
	unsigned long *bitmap, bit;

#ifdef CONFIG_SPARSEMEM
	bitmap = section_to_usemap(gfplab_section(pfn));
	pfn &= PAGES_PER_SECTION - 1;
#else
	bitmap = page_zone(page)->pageblock_flags;
	pfn -= round_down(page_zone(page)->zone_start_pfn, pageblock_nr_pages);
#endif
	bit = (pfn >> pageblock_order) * NR_PAGEBLOCK_BITS;
	return READ_ONCE(bitmap[bit / BITS_PER_LONG]) >> (bit % BITS_PER_LONG);
}

/**
 * gfplab_pageblock_type - the migratetype of the pageblock that a page is in
 * @page: a page of a zone
 *
 * Context: any.
 * Return: enum migratetype.
 * Mirrors get_pfnblock_flags_mask(), 5.10 to 7.3.
 */
static __always_inline unsigned int gfplab_pageblock_type(const struct page *page)
{
	return gfplab_pageblock_bits(page) & GFPLAB_MIGRATETYPE_MASK;
}

#endif
