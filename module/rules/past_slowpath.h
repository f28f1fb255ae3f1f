/* SPDX-License-Identifier: GPL-2.0 */
/*
 * past_slowpath.h - the slow path of kernels to 4.7, which is one loop.
 */
#ifndef GFPLAB_RULES_PAST_SLOWPATH_H
#define GFPLAB_RULES_PAST_SLOWPATH_H

#include "stage.h"

void gfplab_past_loop(struct gfplab_slowpath *s);

#endif
