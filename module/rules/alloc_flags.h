/* SPDX-License-Identifier: GPL-2.0 */
/*
 * alloc_flags.h - the ALLOC_ flags of mm/internal.h (7.3: mm/page_alloc.h).
 *
 * The bits are alike from 2.6.32 to 7.3; some were renamed, and some came later.
 * They have a prefix here, since the kernel's private headers define ALLOC_*.
 */
#ifndef GFPLAB_RULES_ALLOC_FLAGS_H
#define GFPLAB_RULES_ALLOC_FLAGS_H

#include "families.h"
#include "portable.h"

/* X(name, value, help): the watermark that free pages must be above; an index, not bits */
#define GFPLAB_ALLOC_MARKS(X)						\
	X(WMARK_MIN,  0, "free pages must be above the min watermark")	\
	X(WMARK_LOW,  1, "above the low watermark: the first attempt")	\
	X(WMARK_HIGH, 2, "above the high watermark: the last one before an OOM kill")

/* X(name, bit, first and last family that has the name, help) */
#define GFPLAB_ALLOC_FLAGS(X)						\
	X(NO_WATERMARKS, 0x4,   OLDEST, NEWEST, "no watermark counts")	\
	X(OOM,           0x8,   4_14, NEWEST, "an OOM victim: half of what would have to stay") \
	X(HARDER,        0x10,  OLDEST, 5_10, "a quarter off the min watermark, and HIGHATOMIC blocks") \
	X(NON_BLOCK,     0x10,  6_1,  NEWEST, "can't sleep: a quarter off what __GFP_HIGH leaves of min") \
	X(HIGH,          0x20,  OLDEST, 5_10, "__GFP_HIGH: half of the min watermark") \
	X(MIN_RESERVE,   0x20,  6_1,  NEWEST, "__GFP_HIGH, or a realtime task: half of the min watermark") \
	X(CPUSET,        0x40,  OLDEST, NEWEST, "the task's cpuset holds")	\
	X(CMA,           0x80,  3_7, NEWEST, "CMA pageblocks may be used") \
	X(FAIR,          0x100, 3_16, 4_7,  "the zones of the node take turns, by their batches") \
	X(NOFRAGMENT,    0x100, 5_4,  NEWEST, "no pageblock of another migratetype") \
	X(HIGHATOMIC,    0x200, 6_1,  NEWEST, "blocks kept for high-order atomic requests may be used") \
	X(TRYLOCK,       0x400, 6_12, 7_2, "waits for no lock")		\
	X(NOLOCK,        0x400, 7_3,  NEWEST, "waits for no lock")		\
	X(KSWAPD,        0x800, 5_10, NEWEST, "kswapd may be woken")

#define GFPLAB_ALLOC_MARK_ENUM(name, value, help)	GFPLAB_ALLOC_##name = (value),
#define GFPLAB_ALLOC_FLAG_ENUM(name, bit, first, last, help) GFPLAB_ALLOC_##name = (bit),

enum {
	GFPLAB_ALLOC_MARKS(GFPLAB_ALLOC_MARK_ENUM)
	GFPLAB_ALLOC_FLAGS(GFPLAB_ALLOC_FLAG_ENUM)
	GFPLAB_ALLOC_WMARK_MASK = GFPLAB_ALLOC_NO_WATERMARKS - 1,
};

/* Room for every name at once, and its NUL. */
#define GFPLAB_ALLOC_FLAGS_MAX	256

/**
 * struct gfplab_alloc_flag - what one value of alloc_flags is called
 * @name: as the kernel has it
 * @help: what it means
 * @bits: the flag, or the index of the watermark
 * @mark: it is the latter
 * @first: the oldest family that has this name
 * @last: the newest
 */
struct gfplab_alloc_flag {
	const char *name;
	const char *help;
	__u16 bits;
	bool mark;
	enum gfplab_family first;
	enum gfplab_family last;
};

const struct gfplab_alloc_flag *gfplab_alloc_flag_next(const struct gfplab_alloc_flag *flag,
						       enum gfplab_family family);
size_t gfplab_alloc_flags_format(char *buf, size_t size, unsigned int flags,
				 enum gfplab_family family);

#endif
