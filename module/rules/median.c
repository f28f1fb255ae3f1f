// SPDX-License-Identifier: GPL-2.0
/*
 * median.c - the value in the middle of many, without sorting them: there may be
 * millions, and to sort them takes memory, and long without a break.
 */
#include "median.h"

/**
 * gfplab_median - the value in the middle; of two, the lower one
 * @at_most: how many values are not above a limit; called 64 times at most
 * @of: for @at_most
 * @nr: how many values there are, at least 1
 * @min: the least of them
 * @max: the largest
 *
 * Context: as @at_most.
 * Return: the value.
 */
__u64 gfplab_median(__u64 (*at_most)(void *of, __u64 limit), void *of, __u64 nr, __u64 min,
		    __u64 max)
{
	__u64 limit;

	while (min < max) {
		limit = min + (max - min) / 2;
		if (at_most(of, limit) > (nr - 1) / 2)
			max = limit;
		else
			min = limit + 1;
	}
	return min;
}
