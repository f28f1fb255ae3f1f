/* SPDX-License-Identifier: GPL-2.0 */
/*
 * gfp_ages.h - gfp masks of any release: which bit was which flag, what names stood for.
 *
 * A mask of another release is a set of flags here, whatever their bits were.
 */
#ifndef GFPLAB_RULES_GFP_AGES_H
#define GFPLAB_RULES_GFP_AGES_H

#include "families.h"
#include "portable.h"

/*
 * X(flag, became): every __GFP_ flag from 2.6.32 to 7.3, in the order in which today's kernels
 * print them; what became of it, NULL if it is still there.
 */
#define GFPLAB_GFP_FLAGS(X)						\
	X(DMA,            NULL)						\
	X(HIGHMEM,        NULL)						\
	X(DMA32,          NULL)						\
	X(MOVABLE,        NULL)						\
	X(RECLAIMABLE,    NULL)						\
	X(HIGH,           NULL)						\
	X(IO,             NULL)						\
	X(FS,             NULL)						\
	X(ZERO,           NULL)						\
	X(DIRECT_RECLAIM, NULL)						\
	X(KSWAPD_RECLAIM, NULL)						\
	X(WRITE,          NULL)						\
	X(NOWARN,         NULL)						\
	X(RETRY_MAYFAIL,  NULL)						\
	X(NOFAIL,         NULL)						\
	X(NORETRY,        NULL)						\
	X(MEMALLOC,       NULL)						\
	X(COMP,           NULL)						\
	X(NOMEMALLOC,     NULL)						\
	X(HARDWALL,       NULL)						\
	X(THISNODE,       NULL)						\
	X(ACCOUNT,        NULL)						\
	X(ZEROTAGS,       NULL)						\
	X(SKIP_ZERO,      NULL)						\
	X(SKIP_KASAN,     NULL)						\
	X(NOLOCKDEP,      NULL)						\
	X(NO_OBJ_EXT,     NULL)						\
	X(ATOMIC,         "went with 6.3: no direct reclaim says that a request can't sleep") \
	X(COLD,           "went with 4.15: cache-cold pages are no longer kept apart") \
	X(NOTRACK,        "went with 4.15, and kmemcheck with it")	\
	X(OTHER_NODE,     "went with 4.10: it was for statistics alone") \
	X(NO_KSWAPD,      "went with 4.4: __GFP_KSWAPD_RECLAIM is left out instead") \
	X(KMEMCG,         "went with 3.16: memory cgroups charge without it") \
	X(NOACCOUNT,      "went with 4.5: __GFP_ACCOUNT is left out instead") \
	X(SKIP_KASAN_UNPOISON, "went with 6.4: __GFP_SKIP_KASAN")	\
	X(SKIP_KASAN_POISON, "went with 6.4: __GFP_SKIP_KASAN")

#define GFPLAB_GFP_FLAG_ENUM(flag, became)	GFP_FLAG_##flag,

enum gfplab_gfp_flag { GFPLAB_GFP_FLAGS(GFPLAB_GFP_FLAG_ENUM) NR_GFP_FLAGS };

/* Flags as a set. */
#define GFPLAB_GFP(flag)	(1ULL << GFP_FLAG_##flag)
#define GFPLAB_GFP_RECLAIM	(GFPLAB_GFP(DIRECT_RECLAIM) | GFPLAB_GFP(KSWAPD_RECLAIM))

/* Room for today's names of any set, and NUL. */
#define GFPLAB_GFP_TODAY_MAX	(NR_GFP_FLAGS * 25 + 1)

__u64 gfplab_gfp_decode(__u32 release, __u32 mask, __u32 *unknown);
__u32 gfplab_gfp_encode(__u32 release, __u64 flags);
bool gfplab_gfp_old_word(const char *word, size_t len, __u64 *flags, const char **name,
			 const char **became);
bool gfplab_gfp_word(__u32 release, const char *word, size_t len, __u64 *flags);
const char *gfplab_gfp_became(enum gfplab_gfp_flag flag);
const char *gfplab_gfp_flag_name(enum gfplab_gfp_flag flag);
size_t gfplab_gfp_today(char *buf, size_t size, __u64 flags, const char *join);

#endif
