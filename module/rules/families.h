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
 * X(name, help): what some families do and others do not. 5.10's ALLOC_HARDER
 * is set by __GFP_ATOMIC, or for a realtime task; it takes a quarter off the
 * mark also without __GFP_HIGH, and all of HIGHATOMIC may be used. Later
 * kernels have ALLOC_NON_BLOCK for requests that can't sleep, ALLOC_MIN_RESERVE
 * for realtime tasks, and ALLOC_HIGHATOMIC.
 */
#define GFPLAB_CAPABILITIES(X)						\
	X(alloc_harder, "ALLOC_HARDER and ALLOC_HIGH instead of ALLOC_NON_BLOCK, ALLOC_MIN_RESERVE and ALLOC_HIGHATOMIC") \
	X(atomic_ignores_boost, "__GFP_ATOMIC at the min mark ignores a watermark boost, else ALLOC_MIN_RESERVE does") \
	X(silent_steal, "a block stolen from another migratetype is taken without the event mm_page_alloc_zone_locked") \
	X(skips_kswapd_nodes, "nodes whose kswapd is awake are the last to be tried") \
	X(compacts_late, "the reserves are tried before compaction, and skipped compaction does not end a costly NORETRY request") \
	X(no_refill_highatomic, "no per-cpu list is refilled for HIGHATOMIC") \
	X(fast_highatomic, "a request that can't sleep may use HIGHATOMIC at its first attempt")

#define GFPLAB_CAPABILITY_ENUM(name, help)	CAPABILITY_##name,

enum gfplab_capability { GFPLAB_CAPABILITIES(GFPLAB_CAPABILITY_ENUM) NR_CAPABILITIES };

#define CAN(name)	(1U << CAPABILITY_##name)

/* X(enumerator, name, capabilities), oldest first */
#define GFPLAB_FAMILIES(X)						\
	X(5_10, "5.10", CAN(alloc_harder) | CAN(atomic_ignores_boost))	\
	X(6_1,  "6.1",  CAN(atomic_ignores_boost))			\
	X(6_3,  "6.3",  0)						\
	X(6_12, "6.12", CAN(silent_steal))				\
	X(7_2,  "7.2",  CAN(silent_steal) | CAN(skips_kswapd_nodes) | CAN(compacts_late) | \
			CAN(no_refill_highatomic))			\
	X(7_3,  "7.3",  CAN(silent_steal) | CAN(skips_kswapd_nodes) | CAN(compacts_late) | \
			CAN(no_refill_highatomic) | CAN(fast_highatomic))

#define GFPLAB_FAMILY_ENUM(id, name, can)	FAMILY_##id,

enum gfplab_family { GFPLAB_FAMILIES(GFPLAB_FAMILY_ENUM) NR_FAMILIES };

#define FAMILY_OLDEST	((enum gfplab_family)0)
#define FAMILY_NEWEST	((enum gfplab_family)(NR_FAMILIES - 1))

/**
 * struct gfplab_family_row - a family of kernels
 * @name: the first release that follows these rules
 * @capabilities: bit CAPABILITY_x
 */
struct gfplab_family_row {
	const char *name;
	__u32 capabilities;
};

extern const struct gfplab_family_row gfplab_families[NR_FAMILIES];
extern const struct gfplab_word gfplab_capabilities[];

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
