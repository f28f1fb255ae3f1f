/* SPDX-License-Identifier: GPL-2.0 */
/*
 * median.h - the value in the middle of many, without sorting them.
 */
#ifndef GFPLAB_RULES_MEDIAN_H
#define GFPLAB_RULES_MEDIAN_H

#include "portable.h"

__u64 gfplab_median(__u64 (*at_most)(void *of, __u64 limit), void *of, __u64 nr, __u64 min,
		    __u64 max);

#endif
