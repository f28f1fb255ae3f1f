/* SPDX-License-Identifier: GPL-2.0 */
/*
 * families.h - in what the page allocators of different kernels differ.
 *
 * Kernels whose page allocator follows the same rules are a family, named after
 * a release that the rules were held against. To add one: a row here.
 */
#ifndef GFPLAB_RULES_FAMILIES_H
#define GFPLAB_RULES_FAMILIES_H

#include "portable.h"
#include "words.h"

/* X(name, help): what kernels did that no module is built for */
#define GFPLAB_PAST_CAPABILITIES(X)					\
	X(past, "of a kernel before 5.9: what follows has names of its own") \
	X(classzone, "lowmem_reserve is by the zone that the request prefers (classzone_idx), not by the highest that it may have") \
	X(zonelist_cache, "zones that were full a second ago are passed over, until no other one is left (zlc)") \
	X(zlc_at_once, "the zonelist cache is asked after the first zone, full or not") \
	X(fair_zones, "the first attempt lets the zones of a node take turns (ALLOC_FAIR) before it asks other nodes") \
	X(fair_goes_on, "and goes on to other nodes in the same pass") \
	X(dirty_zones, "limits for dirty pages are those of a zone, not of its node") \
	X(no_dirty_limits, "no zone or node has a limit for dirty pages") \
	X(fast_cpuset, "the first attempt always has ALLOC_CPUSET") \
	X(no_kswapd_flag, "no ALLOC_KSWAPD") \
	X(no_nofragment, "no ALLOC_NOFRAGMENT: types are mixed as soon as need be") \
	X(no_boost, "watermarks are not boosted")			\
	X(no_highatomic, "no HIGHATOMIC reserve, but MIGRATE_RESERVE pageblocks, the last that any request falls back to") \
	X(no_capture, "compaction hands no block over as it is freed") \
	X(no_gfp_memalloc, "no __GFP_MEMALLOC")				\
	X(cma_last, "CMA pageblocks are taken when the request's own type has no block, and not before") \
	X(first_zone_or_null, "NULL at once if no zone is allowed, without the slow path") \
	X(order_turned_away_late, "too large an order is turned away in the slow path") \
	X(one_loop, "the slow path is one loop: compaction of any order, then reclaim, then the OOM killer") \
	X(never_compacts, "no compaction")				\
	X(compaction_needs_fs, "compaction needs __GFP_FS as well as __GFP_IO") \
	X(compacts_costly, "compaction before reclaim is for costly orders alone") \
	X(deferred_ends, "a costly NORETRY request fails where compaction is deferred, not where it is skipped") \
	X(keeps_nodemask, "the nodemask holds for the reserves and for atomic requests, too") \
	X(no_retry_cpuset, "a nodemask outside the cpuset is obeyed to the end") \
	X(repeat, "__GFP_REPEAT for __GFP_RETRY_MAYFAIL: lesser orders ask the OOM killer all the same") \
	X(nofail_gives_up, "__GFP_NOFAIL ends with NULL where a request may not wait, with NORETRY, or for a costly order") \
	X(costly_nofail_kills, "but not for a costly order, for which the OOM killer is asked") \
	X(restarts_after_oom, "the walk starts again, whatever the OOM killer said, but for lowmem") \
	X(kills_anywhere, "the OOM killer is asked for __GFP_THISNODE and for lowmem, too") \
	X(nofs_loops, "a request without __GFP_FS tries on before the OOM killer looks at node and zone") \
	X(bare_thisnode_fails, "__GFP_THISNODE with NORETRY and NOWARN fails without the slow path") \
	X(thisnode_nowait_fails, "__GFP_THISNODE fails without the slow path if it may not wait") \
	X(victims_fail_early, "an OOM victim fails before it compacts or reclaims")

/*
 * X(name, help): what some families do and others do not. ALLOC_HARDER (to 6.2)
 * is set by __GFP_ATOMIC, or for a realtime task; it takes a quarter off the
 * mark also without __GFP_HIGH, and all of HIGHATOMIC may be used. Later
 * kernels have ALLOC_NON_BLOCK for requests that can't sleep, ALLOC_MIN_RESERVE
 * for realtime tasks, and ALLOC_HIGHATOMIC. Families before 5.10 are for the option
 * rules= and for reports from such kernels (scripts/failure); no module is built for
 * them. What they alone do has names of its own here, and past_*.c.
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
	X(insane_cpusets, "a cpuset whose nodes have no zone for a request with __GFP_HARDWALL is an end at once") \
	GFPLAB_PAST_CAPABILITIES(X)

#define GFPLAB_CAPABILITY_ENUM(name, help)	CAPABILITY_##name,

enum gfplab_capability { GFPLAB_CAPABILITIES(GFPLAB_CAPABILITY_ENUM) NR_CAPABILITIES };

#define CAN(name)	(1ULL << CAPABILITY_##name)

/* A release as one number; what comes after .255 of a stable series counts as that. */
#define GFPLAB_RELEASE(major, minor, patch)				\
	(((major) << 16) | ((minor) << 8) | ((patch) > 255 ? 255 : (patch)))

/* What families share: all up to a release, each with what the later ones have. */
#define CAN_TO_5_10	(CAN(alloc_harder) | CAN(atomic_ignores_boost))
#define CAN_TO_5_8	(CAN_TO_5_10 | CAN(past) | CAN(single_ignores_highatomic) | \
			 CAN(no_kswapd_flag))
#define CAN_TO_5_7	(CAN_TO_5_8 | CAN(classzone) | CAN(cma_last))
#define CAN_TO_4_20	(CAN_TO_5_7 | CAN(no_nofragment) | CAN(no_boost) | CAN(deferred_ends) | \
			 CAN(no_capture))
#define CAN_TO_4_18	(CAN_TO_4_20 | CAN(keeps_nodemask) | CAN(order_turned_away_late))
#define CAN_TO_4_14	(CAN_TO_4_18 | CAN(harder_any_block))
#define CAN_TO_4_13	(CAN_TO_4_14 | CAN(victims_no_mark) | CAN(compaction_needs_fs) | \
			 CAN(compacts_costly) | CAN(no_retry_cpuset) | CAN(repeat) | \
			 CAN(nofail_gives_up) | CAN(victims_fail_early))
#define CAN_TO_4_7	((CAN_TO_4_13 & ~CAN(compacts_costly)) | CAN(one_loop) | CAN(fair_zones) | \
			 CAN(fair_goes_on) | CAN(dirty_zones) | CAN(first_zone_or_null))
#define CAN_TO_4_6	((CAN_TO_4_7 & ~CAN(single_ignores_highatomic) & ~CAN(fair_goes_on)) | \
			 CAN(nofs_loops) | CAN(costly_nofail_kills))
#define CAN_TO_4_3	((CAN_TO_4_6 & ~CAN(harder_any_block)) | CAN(order_by_order) | \
			 CAN(harder_no_wait) | CAN(zonelist_cache) | CAN(fast_cpuset) | \
			 CAN(no_highatomic) | CAN(thisnode_nowait_fails) | CAN(harder_not_thp))
#define CAN_TO_3_19	((CAN_TO_4_3 & ~CAN(thisnode_nowait_fails)) | CAN(bare_thisnode_fails) | CAN(restarts_after_oom))
#define CAN_TO_3_15	(CAN_TO_3_19 & ~CAN(fair_zones) & ~CAN(harder_not_thp))
#define CAN_TO_3_6	(CAN_TO_3_15 | CAN(counts_cma) | CAN(no_gfp_memalloc))
#define CAN_TO_3_2	((CAN_TO_3_6 & ~CAN(dirty_zones)) | CAN(no_dirty_limits) | \
			 CAN(zlc_at_once) | CAN(counts_off_by_two))
#define CAN_TO_2_6_37	((CAN_TO_3_2 & ~CAN(counts_off_by_two)) | CAN(harder_nomemalloc) | \
			 CAN(never_compacts) | CAN(kills_anywhere))
/* From 6.12 on, and from 7.0 on. */
#define CAN_FROM_6_12	(CAN(insane_cpusets) | CAN(last_highatomic) | CAN(silent_steal) | \
			 CAN(claims_whole))
#define CAN_FROM_7_0	(CAN_FROM_6_12 | CAN(skips_kswapd_nodes) | CAN(compacts_late) | \
			 CAN(no_refill_highatomic))

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
	X(2_6_32, "2.6.32", GFPLAB_RELEASE(2, 6, 32), CAN_TO_2_6_37)	\
	X(2_6_38, "2.6.38", GFPLAB_RELEASE(2, 6, 38), CAN_TO_3_2)	\
	X(3_3,  "3.3",  GFPLAB_RELEASE(3, 3, 0), CAN_TO_3_6)		\
	X(3_7,  "3.7",  GFPLAB_RELEASE(3, 7, 0), CAN_TO_3_15)		\
	X(3_16, "3.16", GFPLAB_RELEASE(3, 16, 0), CAN_TO_3_19)		\
	X(4_3,  "4.3",  GFPLAB_RELEASE(4, 0, 0), CAN_TO_4_3)		\
	X(4_4,  "4.4",  GFPLAB_RELEASE(4, 4, 0), CAN_TO_4_6)		\
	X(4_7,  "4.7",  GFPLAB_RELEASE(4, 7, 0), CAN_TO_4_7)		\
	X(4_9,  "4.9",  GFPLAB_RELEASE(4, 8, 0), CAN_TO_4_13)		\
	X(4_14, "4.14", GFPLAB_RELEASE(4, 14, 0), CAN_TO_4_14)		\
	X(4_15, "4.15", GFPLAB_RELEASE(4, 15, 0), CAN_TO_4_18)		\
	X(4_19, "4.19", GFPLAB_RELEASE(4, 19, 0), CAN_TO_4_20)		\
	X(5_4,  "5.4",  GFPLAB_RELEASE(5, 0, 0), CAN_TO_5_7)		\
	X(5_8,  "5.8",  GFPLAB_RELEASE(5, 8, 0), CAN_TO_5_8)		\
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
	__u64 capabilities;
};

extern const struct gfplab_family_row gfplab_families[NR_FAMILIES];
extern const struct gfplab_word gfplab_capabilities[];

/*
 * X(name, first release, help): what a request may ask for, or the machine have, that
 * came at once and has no rules beside it.
 */
#define GFPLAB_FEATURES(X)						\
	X(scope_noio,  GFPLAB_RELEASE(3, 9, 0), "scope=noio: memalloc_noio_save()") \
	X(scope_nofs,  GFPLAB_RELEASE(4, 12, 0), "scope=nofs: memalloc_nofs_save()") \
	X(scope_pin,   GFPLAB_RELEASE(5, 1, 0), "scope=pin: memalloc_nocma_save(), no CMA pageblock") \
	X(pin_unmovable, GFPLAB_RELEASE(5, 12, 0), "memalloc_pin_save(): nothing movable") \
	X(pcp_orders,  GFPLAB_RELEASE(5, 13, 0), "per-cpu lists of orders 1 to 3 and of huge pages") \
	X(scopes_at_once, GFPLAB_RELEASE(5, 13, 0), "scopes hold for the first attempt as well") \
	X(nolock,      GFPLAB_RELEASE(6, 15, 0), "alloc_pages_nolock()")

#define GFPLAB_FEATURE_ENUM(name, since, help)	FEATURE_##name,

enum gfplab_feature { GFPLAB_FEATURES(GFPLAB_FEATURE_ENUM) NR_FEATURES };

/* The oldest and the newest release whose sources the rules were held against. */
#define GFPLAB_RELEASE_OLDEST	GFPLAB_RELEASE(2, 6, 32)
#define GFPLAB_RELEASE_NEWEST	GFPLAB_RELEASE(7, 3, 255)

bool gfplab_release_known(__u32 release);
enum gfplab_family gfplab_family_of(__u32 release);
bool gfplab_release_has(__u32 release, enum gfplab_feature feature);
__u32 gfplab_family_until(enum gfplab_family family);
size_t gfplab_release_format(char *buf, size_t size, __u32 release);
__u32 gfplab_release_meant(__u32 release, __u32 here);
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
	return gfplab_families[family].capabilities & (1ULL << capability);
}

#endif
