/* SPDX-License-Identifier: GPL-2.0 */
/*
 * portable.h - what the kernel and user space both have, in different headers.
 *
 * The one place in this folder that knows in which of the two it is compiled.
 */
#ifndef GFPLAB_RULES_PORTABLE_H
#define GFPLAB_RULES_PORTABLE_H

#include <linux/types.h>
#ifdef __KERNEL__
#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/stddef.h>
#include <linux/string.h>
#else
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#ifndef ARRAY_SIZE
#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#endif
#ifndef min
#define min(a, b)	((a) < (b) ? (a) : (b))
#define max(a, b)	((a) > (b) ? (a) : (b))
#endif
#define hweight32(set)		((unsigned int)__builtin_popcount(set))
#ifndef __printf
#define __printf(a, b)	__attribute__((format(printf, a, b)))
#endif
#endif

#endif
