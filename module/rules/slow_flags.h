/* SPDX-License-Identifier: GPL-2.0 */
/*
 * slow_flags.h - alloc_flags of the slow path: which reserves a request may use.
 */
#ifndef GFPLAB_RULES_SLOW_FLAGS_H
#define GFPLAB_RULES_SLOW_FLAGS_H

#include "walk.h"

unsigned int gfplab_alloc_flags_nonblocking(const struct gfplab_walk *w);
unsigned int gfplab_alloc_flags_cma(const struct gfplab_walk *w);
unsigned int gfplab_gfp_to_alloc_flags(const struct gfplab_walk *w);
unsigned int gfplab_pfmemalloc_flags(const struct gfplab_walk *w);
unsigned int gfplab_alloc_flags_slowpath(const struct gfplab_walk *w);

#endif
