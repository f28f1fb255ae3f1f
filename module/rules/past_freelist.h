/* SPDX-License-Identifier: GPL-2.0 */
/*
 * past_freelist.h - how kernels to 4.7 went through the zonelist.
 */
#ifndef GFPLAB_RULES_PAST_FREELIST_H
#define GFPLAB_RULES_PAST_FREELIST_H

#include "scan.h"
#include "walk.h"

struct gfplab_attempt gfplab_past_scan(const struct gfplab_walk *w, const struct gfplab_scan *s,
				       const struct gfplab_zone_snapshot *preferred);

#endif
