/* SPDX-License-Identifier: GPL-2.0 */
/* zone.h - zones and pageblocks */
#ifndef GFPLAB_ZONE_H
#define GFPLAB_ZONE_H

#include <linux/gfp.h>
#include <linux/mmzone.h>
#include <linux/types.h>
#include "options.h"

struct zone *gfplab_zone(int nid, unsigned int zone);
const char *gfplab_zone_name(unsigned int zone);
int gfplab_zone_parse(const char *text, size_t len);
long gfplab_zone_free(struct zone *zone);
long gfplab_zone_usable(struct zone *zone);
unsigned long gfplab_zone_mark(struct zone *zone, enum gfplab_mark mark);
unsigned int gfplab_pageblock_type(const struct page *page);
bool gfplab_pageblock_isolated(const struct page *page);
const char *gfplab_migratetype_name(unsigned int type);
unsigned int gfplab_policy_zone(void);
bool gfplab_bind_holds(const struct mempolicy *pol, gfp_t gfp, unsigned int policy_zone);
void gfplab_zone_show(struct seq_file *m);

#endif
