/* SPDX-License-Identifier: GPL-2.0 */
/*
 * families.h - in what the page allocators of different kernels differ.
 *
 * Kernels whose page allocator follows the same rules are a family, named after
 * its first release. To add one: a row here, and its versions in compat.h.
 */
#ifndef GFPLAB_RULES_FAMILIES_H
#define GFPLAB_RULES_FAMILIES_H

#include "portable.h"
#include "words.h"

/*
 * X(name, help): what some families do and others do not. ALLOC_HARDER (to 6.2)
 * is set by __GFP_ATOMIC, or for a realtime task; it takes a quarter off the
 * mark also without __GFP_HIGH, and all of HIGHATOMIC may be used. Later
 * kernels have ALLOC_NON_BLOCK for requests that can't sleep, ALLOC_MIN_RESERVE
 * for realtime tasks, and ALLOC_HIGHATOMIC. Families before 5.10 are for reports
 * from such kernels (scripts/failure); no module is built for them.
 */
#define GFPLAB_CAPABILITIES(X)						\
	X(order_by_order, "blocks below the order don't count, the mark is halved for each order, and no block is looked for") \
	X(counts_off_by_two, "a request must leave two more pages than its mark asks for") \
	X(harder_no_wait, "ALLOC_HARDER is for all that can't wait, not for __GFP_ATOMIC") \
	X(harder_nomemalloc, "also with __GFP_NOMEMALLOC")		\
	X(harder_not_thp, "but not for those that don't wake kswapd")	\
	X(harder_any_block, "ALLOC_HARDER finds a free block of any migratetype large enough") \
	X(counts_cma, "free CMA pages count for every request")		\
	X(victims_no_mark, "an OOM victim ignores watermarks")		\
	X(single_ignores_highatomic, "for a single page above the whole mark HIGHATOMIC counts as free") \
	X(alloc_harder, "ALLOC_HARDER and ALLOC_HIGH instead of ALLOC_NON_BLOCK, ALLOC_MIN_RESERVE and ALLOC_HIGHATOMIC") \
	X(atomic_ignores_boost, "__GFP_ATOMIC at the min mark ignores a watermark boost, else ALLOC_MIN_RESERVE does") \
	X(last_highatomic, "a single page that can't wait comes from HIGHATOMIC when nothing else is left") \
	X(silent_steal, "a block stolen from another migratetype is taken without the event mm_page_alloc_zone_locked") \
	X(claims_whole, "a fallback claims a pageblock with its type, or takes one block alone, the smallest") \
	X(skips_kswapd_nodes, "nodes whose kswapd is awake are the last to be tried") \
	X(compacts_late, "the reserves are tried before compaction, and skipped compaction does not end a costly NORETRY request") \
	X(no_refill_highatomic, "no per-cpu list is refilled for HIGHATOMIC") \
	X(fast_highatomic, "a request that can't sleep may use HIGHATOMIC at its first attempt") \
	X(insane_cpusets, "a cpuset whose nodes have no zone for a request with __GFP_HARDWALL is an end at once")

#define GFPLAB_CAPABILITY_ENUM(name, help)	CAPABILITY_##name,

enum gfplab_capability { GFPLAB_CAPABILITIES(GFPLAB_CAPABILITY_ENUM) NR_CAPABILITIES };

#define CAN(name)	(1U << CAPABILITY_##name)

/* A release as one number; what comes after .255 of a stable series counts as that. */
#define GFPLAB_RELEASE(major, minor, patch)				\
	(((major) << 16) | ((minor) << 8) | ((patch) > 255 ? 255 : (patch)))

/* What families share: all up to 4.3, up to 5.10, from 6.12 on, and from 7.0 on. */
#define CAN_TO_4_3	(CAN_TO_5_10 | CAN(order_by_order) | CAN(harder_no_wait) | \
			 CAN(victims_no_mark))
#define CAN_FROM_6_12	(CAN(insane_cpusets) | CAN(last_highatomic) | CAN(silent_steal) | \
			 CAN(claims_whole))
#define CAN_FROM_7_0	(CAN_FROM_6_12 | CAN(skips_kswapd_nodes) | CAN(compacts_late) | \
			 CAN(no_refill_highatomic))
#define CAN_TO_5_10	(CAN(alloc_harder) | CAN(atomic_ignores_boost))

/*
 * What a release follows that has another one's rules by backport, or lacks them: 6.2 is as 6.0,
 * 6.7.0 to 6.11.6 as 6.3. (6.1.116, 6.6.60 and 6.11.7 took the rules for reserves of 6.12.)
 */
#define GFPLAB_RULES_OF(release)					\
	((release) >> 8 == GFPLAB_RELEASE(6, 2, 0) >> 8 ? GFPLAB_RELEASE(6, 0, 0) : \
	 (release) >= GFPLAB_RELEASE(6, 7, 0) && (release) < GFPLAB_RELEASE(6, 11, 7) ? \
	 GFPLAB_RELEASE(6, 3, 0) : (release))

/* X(enumerator, name, first release, capabilities), oldest first */
#define GFPLAB_FAMILIES(X)						\
	X(2_6_32, "2.6.32", GFPLAB_RELEASE(2, 6, 32), CAN_TO_4_3 | CAN(harder_nomemalloc) | \
						CAN(counts_cma))	\
	X(2_6_38, "2.6.38", GFPLAB_RELEASE(2, 6, 38), CAN_TO_4_3 | CAN(counts_cma) | \
						CAN(counts_off_by_two))	\
	X(3_3,  "3.3",  GFPLAB_RELEASE(3, 3, 0), CAN_TO_4_3 | CAN(counts_cma)) \
	X(3_7,  "3.7",  GFPLAB_RELEASE(3, 7, 0), CAN_TO_4_3)		\
	X(3_16, "3.16", GFPLAB_RELEASE(3, 16, 0), CAN_TO_4_3 | CAN(harder_not_thp)) \
	X(4_4,  "4.4",  GFPLAB_RELEASE(4, 4, 0), CAN_TO_5_10 | CAN(harder_any_block) | \
						CAN(victims_no_mark))	\
	X(4_7,  "4.7",  GFPLAB_RELEASE(4, 7, 0), CAN_TO_5_10 | CAN(harder_any_block) | \
						CAN(victims_no_mark) | CAN(single_ignores_highatomic)) \
	X(4_14, "4.14", GFPLAB_RELEASE(4, 14, 0), CAN_TO_5_10 | CAN(harder_any_block) | \
						CAN(single_ignores_highatomic)) \
	X(4_15, "4.15", GFPLAB_RELEASE(4, 15, 0), CAN_TO_5_10 | CAN(single_ignores_highatomic)) \
	X(5_10, "5.10", GFPLAB_RELEASE(5, 9, 0), CAN_TO_5_10 | CAN(insane_cpusets)) \
	X(6_1,  "6.1",  GFPLAB_RELEASE(6, 1, 116), CAN(atomic_ignores_boost) | CAN(last_highatomic) | \
						CAN(insane_cpusets))	\
	X(6_3,  "6.3",  GFPLAB_RELEASE(6, 3, 0), CAN(insane_cpusets))	\
	X(6_6,  "6.6",  GFPLAB_RELEASE(6, 6, 60), CAN(last_highatomic) | CAN(insane_cpusets)) \
	X(6_12, "6.12", GFPLAB_RELEASE(6, 12, 0), CAN_FROM_6_12)	\
	X(7_2,  "7.2",  GFPLAB_RELEASE(7, 0, 0), CAN_FROM_7_0)		\
	X(7_3,  "7.3",  GFPLAB_RELEASE(7, 3, 0), CAN_FROM_7_0 | CAN(fast_highatomic))

#define GFPLAB_FAMILY_ENUM(id, name, since, can)	FAMILY_##id,

enum gfplab_family { GFPLAB_FAMILIES(GFPLAB_FAMILY_ENUM) NR_FAMILIES };

#define FAMILY_OLDEST	((enum gfplab_family)0)
#define FAMILY_NEWEST	((enum gfplab_family)(NR_FAMILIES - 1))

/**
 * struct gfplab_family_row - a family of kernels
 * @name: the first release that follows these rules
 * @since: the same, as GFPLAB_RELEASE() has it
 * @capabilities: bit CAPABILITY_x
 */
struct gfplab_family_row {
	const char *name;
	__u32 since;
	__u32 capabilities;
};

extern const struct gfplab_family_row gfplab_families[NR_FAMILIES];
extern const struct gfplab_word gfplab_capabilities[];

/* The newest release whose sources the rules were held against. */
#define GFPLAB_RELEASE_NEWEST	GFPLAB_RELEASE(7, 3, 255)

bool gfplab_release_known(__u32 release);
enum gfplab_family gfplab_family_of(__u32 release);
size_t gfplab_release_parse(const char *text, size_t len, __u32 *release);

/**
 * gfplab_family_can - does a family of kernels do this?
 * @family: the family
 * @capability: what it may do or not
 *
 * Context: any; inline, since it is asked several times for each prediction.
 * Return: true if it does.
 */
static inline bool gfplab_family_can(enum gfplab_family family, enum gfplab_capability capability)
{
	return gfplab_families[family].capabilities & (1U << capability);
}

#endif
