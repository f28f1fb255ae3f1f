/* SPDX-License-Identifier: GPL-2.0 */
/*
 * watermark.h - are there free pages enough in a zone for a request?
 */
#ifndef GFPLAB_RULES_WATERMARK_H
#define GFPLAB_RULES_WATERMARK_H

#include "portable.h"
#include "walk.h"

/**
 * struct gfplab_watermark_check - the arithmetic of one check
 * @free: pages
 * @unusable: of those, for this request
 * @highatomic: of the unusable, those kept for HIGHATOMIC
 * @cma: of the unusable, those of CMA
 * @full: the watermark as it stands
 * @mark: what the request must leave of it
 * @reserve: what it must leave besides, for requests that have no other zone
 * @enough: there are pages enough
 * @block: and one of the free blocks is large enough
 */
struct gfplab_watermark_check {
	long free;
	long unusable;
	long highatomic;
	long cma;
	long full;
	long mark;
	long reserve;
	bool enough;
	bool block;
};

long gfplab_order_pages(const struct gfplab_walk *w);
long gfplab_mark_of(const struct gfplab_walk *w, const struct gfplab_zone_snapshot *v,
		    unsigned int index);
bool gfplab_type_free(const struct gfplab_walk *w, const struct gfplab_zone_snapshot *v,
		      unsigned int types);
bool gfplab_zone_watermark_ok(const struct gfplab_walk *w, const struct gfplab_zone_snapshot *v,
			      long mark, unsigned int flags, struct gfplab_watermark_check *c);
bool gfplab_zone_watermark_fast(const struct gfplab_walk *w, const struct gfplab_zone_snapshot *v,
				unsigned int flags, struct gfplab_watermark_check *c);

#endif
