// SPDX-License-Identifier: GPL-2.0
/*
 * gfp_ages.c - gfp masks of any release, as sets of flags and by today's names.
 */
#include "gfp_ages.h"
#include "text.h"

#define R(major, minor)	GFPLAB_RELEASE(major, minor, 0)
#define NEVER		(~0U)

/* ---- flags */

#define NAME_ROW(flag, became_)	{ .name = "__GFP_" #flag, .became = became_ },

static const struct {
	const char *name;
	const char *became;
} names[NR_GFP_FLAGS] = { GFPLAB_GFP_FLAGS(NAME_ROW) };

#define BIT_ROW(name_, bit_, from_, to_)				\
	{ .flag = GFP_FLAG_##name_, .bit = bit_, .from = from_, .to = to_ },

/*
 * Which bit a flag had, from a release up to the one before another. 4.4 split
 * __GFP_WAIT; 4.10, 4.19 and 5.1 moved bits. Where a configuration moves some
 * (KASAN, lockdep), it is the usual one's: without.
 */
static const struct {
	__u8 flag;
	__u32 bit;
	__u32 from;
	__u32 to;
} bits[] = {
	BIT_ROW(DMA,            0x01,      0,        NEVER)
	BIT_ROW(HIGHMEM,        0x02,      0,        NEVER)
	BIT_ROW(DMA32,          0x04,      0,        NEVER)
	BIT_ROW(MOVABLE,        0x08,      0,        NEVER)
	BIT_ROW(DIRECT_RECLAIM, 0x10,      0,        R(4, 4))	/* __GFP_WAIT */
	BIT_ROW(RECLAIMABLE,    0x10,      R(4, 4),  NEVER)
	BIT_ROW(HIGH,           0x20,      0,        NEVER)
	BIT_ROW(IO,             0x40,      0,        NEVER)
	BIT_ROW(FS,             0x80,      0,        NEVER)
	BIT_ROW(COLD,           0x100,     0,        R(4, 15))
	BIT_ROW(WRITE,          0x100,     R(4, 19), R(5, 1))
	BIT_ROW(ZERO,           0x100,     R(5, 1),  NEVER)
	BIT_ROW(NOWARN,         0x200,     0,        R(5, 1))
	BIT_ROW(ATOMIC,         0x200,     R(5, 1),  R(6, 3))
	BIT_ROW(RETRY_MAYFAIL,  0x400,     0,        R(5, 1))	/* __GFP_REPEAT to 4.12 */
	BIT_ROW(DIRECT_RECLAIM, 0x400,     R(5, 1),  NEVER)
	BIT_ROW(NOFAIL,         0x800,     0,        R(5, 1))
	BIT_ROW(KSWAPD_RECLAIM, 0x800,     R(5, 1),  NEVER)
	BIT_ROW(NORETRY,        0x1000,    0,        R(5, 1))
	BIT_ROW(WRITE,          0x1000,    R(5, 1),  NEVER)
	BIT_ROW(MEMALLOC,       0x2000,    R(3, 6),  R(5, 1))
	BIT_ROW(NOWARN,         0x2000,    R(5, 1),  NEVER)
	BIT_ROW(COMP,           0x4000,    0,        R(5, 1))
	BIT_ROW(RETRY_MAYFAIL,  0x4000,    R(5, 1),  NEVER)
	BIT_ROW(ZERO,           0x8000,    0,        R(5, 1))
	BIT_ROW(NOFAIL,         0x8000,    R(5, 1),  NEVER)
	BIT_ROW(NOMEMALLOC,     0x10000,   0,        R(5, 1))
	BIT_ROW(NORETRY,        0x10000,   R(5, 1),  NEVER)
	BIT_ROW(HARDWALL,       0x20000,   0,        R(5, 1))
	BIT_ROW(MEMALLOC,       0x20000,   R(5, 1),  NEVER)
	BIT_ROW(THISNODE,       0x40000,   0,        R(5, 1))
	BIT_ROW(COMP,           0x40000,   R(5, 1),  NEVER)
	BIT_ROW(RECLAIMABLE,    0x80000,   0,        R(4, 4))
	BIT_ROW(ATOMIC,         0x80000,   R(4, 4),  R(5, 1))
	BIT_ROW(NOMEMALLOC,     0x80000,   R(5, 1),  NEVER)
	BIT_ROW(KMEMCG,         0x100000,  R(3, 8),  R(3, 16))
	BIT_ROW(NOACCOUNT,      0x100000,  R(4, 0),  R(4, 5))
	BIT_ROW(ACCOUNT,        0x100000,  R(4, 5),  R(5, 1))
	BIT_ROW(HARDWALL,       0x100000,  R(5, 1),  NEVER)
	BIT_ROW(NOTRACK,        0x200000,  0,        R(4, 15))
	BIT_ROW(DIRECT_RECLAIM, 0x200000,  R(4, 19), R(5, 1))
	BIT_ROW(THISNODE,       0x200000,  R(5, 1),  NEVER)
	BIT_ROW(NO_KSWAPD,      0x400000,  0,        R(4, 4))	/* 2.6.38; 2.6.32 of RHEL 6 */
	BIT_ROW(DIRECT_RECLAIM, 0x400000,  R(4, 4),  R(4, 19))
	BIT_ROW(KSWAPD_RECLAIM, 0x400000,  R(4, 19), R(5, 1))
	BIT_ROW(ACCOUNT,        0x400000,  R(5, 1),  NEVER)
	BIT_ROW(OTHER_NODE,     0x800000,  GFPLAB_RELEASE(2, 6, 39), R(4, 10))
	BIT_ROW(WRITE,          0x800000,  R(4, 10), R(4, 19))
	BIT_ROW(NOLOCKDEP,      0x800000,  R(4, 19), R(5, 14))
	BIT_ROW(ZEROTAGS,       0x800000,  R(5, 14), NEVER)
	BIT_ROW(WRITE,          0x1000000, R(3, 3),  R(4, 10))
	BIT_ROW(KSWAPD_RECLAIM, 0x1000000, R(4, 10), R(4, 19))
	BIT_ROW(SKIP_KASAN_POISON, 0x1000000, R(5, 14), R(5, 18))
	BIT_ROW(NOLOCKDEP,      0x2000000, R(5, 14), R(5, 18))
	BIT_ROW(SKIP_ZERO,      0x1000000, R(5, 18), NEVER)
	BIT_ROW(KSWAPD_RECLAIM, 0x2000000, R(4, 4),  R(4, 10))
	BIT_ROW(NOLOCKDEP,      0x2000000, R(4, 12), R(4, 19))
	BIT_ROW(SKIP_KASAN_UNPOISON, 0x2000000, R(5, 18), R(6, 4))
	BIT_ROW(SKIP_KASAN,     0x2000000, R(6, 4),  NEVER)
	BIT_ROW(SKIP_KASAN_POISON, 0x4000000, R(5, 18), R(6, 4))
	BIT_ROW(NOLOCKDEP,      0x4000000, R(6, 4),  NEVER)
	BIT_ROW(NOLOCKDEP,      0x8000000, R(5, 18), R(6, 4))
	BIT_ROW(NO_OBJ_EXT,     0x8000000, R(6, 10), NEVER)
};

/**
 * gfplab_gfp_decode - the flags of a mask of any release
 * @release: whose bits they are, as GFPLAB_RELEASE() has it
 * @mask: the bits
 * @unknown: filled in: those that the release had no name for
 *
 * Context: any; touches nothing but its arguments.
 * Return: the set. To 4.3, when kswapd was always woken but for __GFP_NO_KSWAPD,
 * __GFP_KSWAPD_RECLAIM is in it likewise.
 * Mirrors include/linux/gfp.h, 2.6.32 to 6.0, and gfp_types.h, 6.1 to 7.3.
 */
__u64 gfplab_gfp_decode(__u32 release, __u32 mask, __u32 *unknown)
{
	__u64 flags = 0;
	size_t i;

	*unknown = mask;
	for (i = 0; i < ARRAY_SIZE(bits); i++) {
		if (!(mask & bits[i].bit) || release < bits[i].from || release >= bits[i].to)
			continue;
		flags |= 1ULL << bits[i].flag;
		*unknown &= ~bits[i].bit;
	}
	if (release < R(4, 4) && !(flags & GFPLAB_GFP(NO_KSWAPD)))
		flags |= GFPLAB_GFP(KSWAPD_RECLAIM);
	return flags;
}

/**
 * gfplab_gfp_encode - the mask that a release has for a set of flags
 * @release: whose bits to take
 * @flags: the set; flags that the release lacks are left out
 *
 * Context: any; touches nothing but its arguments.
 * Return: the bits.
 */
__u32 gfplab_gfp_encode(__u32 release, __u64 flags)
{
	__u32 mask = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bits); i++)
		if ((flags >> bits[i].flag & 1) && release >= bits[i].from &&
		    release < bits[i].to)
			mask |= bits[i].bit;
	return mask;
}

/**
 * gfplab_gfp_became - what became of a flag
 * @flag: the flag
 *
 * Context: any.
 * Return: a sentence without a full stop; NULL if it is still there.
 */
const char *gfplab_gfp_became(enum gfplab_gfp_flag flag)
{
	return names[flag].became;
}

/**
 * gfplab_gfp_flag_name - the name of a flag
 * @flag: the flag
 *
 * Context: any.
 * Return: the name, with __GFP_.
 */
const char *gfplab_gfp_flag_name(enum gfplab_gfp_flag flag)
{
	return names[flag].name;
}

/* ---- names */

#define GFP_ATOMIC_		(GFPLAB_GFP(HIGH) | GFPLAB_GFP(KSWAPD_RECLAIM))
#define GFP_NOIO_		GFPLAB_GFP_RECLAIM
#define GFP_NOFS_		(GFP_NOIO_ | GFPLAB_GFP(IO))
#define GFP_KERNEL_		(GFP_NOFS_ | GFPLAB_GFP(FS))
#define GFP_USER_		(GFP_KERNEL_ | GFPLAB_GFP(HARDWALL))
#define GFP_HIGHUSER_		(GFP_USER_ | GFPLAB_GFP(HIGHMEM))
#define GFP_HIGHUSER_MOVABLE_	(GFP_HIGHUSER_ | GFPLAB_GFP(MOVABLE))
#define GFP_TRANSHUGE_LIGHT_	((GFP_HIGHUSER_MOVABLE_ & ~GFPLAB_GFP_RECLAIM) |	\
				 GFPLAB_GFP(COMP) | GFPLAB_GFP(NOMEMALLOC) | GFPLAB_GFP(NOWARN))
#define GFP_TRANSHUGE_4_4_	(GFP_TRANSHUGE_LIGHT_ | GFPLAB_GFP(DIRECT_RECLAIM) | \
				 GFPLAB_GFP(NORETRY))

/*
 * What a name stood for, from a release on; of a name, the last row that fits counts. And what
 * became of it, if it is gone.
 */
static const struct {
	const char *name;
	__u64 flags;
	__u32 from;
	const char *became;
} compounds[] = {
	{ "GFP_TRANSHUGE", GFP_TRANSHUGE_4_4_, 0 },
	{ "GFP_TRANSHUGE", GFP_TRANSHUGE_LIGHT_ | GFPLAB_GFP(DIRECT_RECLAIM), R(4, 8) },
	{ "GFP_TRANSHUGE_LIGHT", GFP_TRANSHUGE_LIGHT_, 0 },
	{ "GFP_HIGHUSER_MOVABLE", GFP_HIGHUSER_MOVABLE_, 0 },
	{ "GFP_HIGHUSER", GFP_HIGHUSER_, 0 },
	{ "GFP_USER", GFP_USER_, 0 },
	{ "GFP_TEMPORARY", GFP_KERNEL_ | GFPLAB_GFP(RECLAIMABLE), 0,
	  "went with 4.14: GFP_KERNEL|__GFP_RECLAIMABLE" },
	{ "GFP_KERNEL_ACCOUNT", GFP_KERNEL_ | GFPLAB_GFP(ACCOUNT), 0 },
	{ "GFP_KERNEL", GFP_KERNEL_, 0 },
	{ "GFP_NOFS", GFP_NOFS_, 0 },
	{ "GFP_ATOMIC", GFP_ATOMIC_, 0 },
	{ "GFP_ATOMIC", GFP_ATOMIC_ | GFPLAB_GFP(ATOMIC), R(4, 4) },
	{ "GFP_ATOMIC", GFP_ATOMIC_, R(6, 3) },
	{ "GFP_NOIO", GFP_NOIO_, 0 },
	{ "GFP_NOWAIT", GFPLAB_GFP(KSWAPD_RECLAIM), 0 },
	{ "GFP_NOWAIT", GFPLAB_GFP(KSWAPD_RECLAIM) | GFPLAB_GFP(NOWARN), R(6, 7) },
	{ "GFP_DMA", GFPLAB_GFP(DMA), 0 },
	{ "GFP_DMA32", GFPLAB_GFP(DMA32), 0 },
	{ "GFP_THISNODE", GFPLAB_GFP(THISNODE) | GFPLAB_GFP(NOWARN) | GFPLAB_GFP(NORETRY), 0,
	  "went with 4.1: __GFP_THISNODE|__GFP_NOWARN|__GFP_NORETRY" },
	{ "__GFP_RECLAIM", GFPLAB_GFP_RECLAIM, 0 },
	{ "__GFP_WAIT", GFPLAB_GFP_RECLAIM, 0,
	  "went with 4.4: __GFP_DIRECT_RECLAIM|__GFP_KSWAPD_RECLAIM" },
	{ "__GFP_REPEAT", GFPLAB_GFP(RETRY_MAYFAIL), 0, "is __GFP_RETRY_MAYFAIL since 4.13" },
};

/* The names that a mask is printed by today, the largest first; GFP_NOIO is __GFP_RECLAIM. */
static const struct {
	const char *name;
	__u64 flags;
} today[] = {
	{ "GFP_TRANSHUGE", GFP_TRANSHUGE_LIGHT_ | GFPLAB_GFP(DIRECT_RECLAIM) },
	{ "GFP_TRANSHUGE_LIGHT", GFP_TRANSHUGE_LIGHT_ },
	{ "GFP_HIGHUSER_MOVABLE", GFP_HIGHUSER_MOVABLE_ },
	{ "GFP_HIGHUSER", GFP_HIGHUSER_ },
	{ "GFP_USER", GFP_USER_ },
	{ "GFP_KERNEL_ACCOUNT", GFP_KERNEL_ | GFPLAB_GFP(ACCOUNT) },
	{ "GFP_KERNEL", GFP_KERNEL_ },
	{ "GFP_NOFS", GFP_NOFS_ },
	{ "GFP_ATOMIC", GFP_ATOMIC_ },
	{ "GFP_NOIO", GFP_NOIO_ },
	{ "GFP_NOWAIT", GFPLAB_GFP(KSWAPD_RECLAIM) | GFPLAB_GFP(NOWARN) },
	{ "GFP_DMA", GFPLAB_GFP(DMA) },
	{ "GFP_DMA32", GFPLAB_GFP(DMA32) },
};

static bool is_word(const char *name, const char *word, size_t len)
{
	return strlen(name) == len && !memcmp(name, word, len);
}

/* A name with its __GFP_, or without. */
static bool is_called(const char *name, const char *word, size_t len)
{
	return is_word(name, word, len) ||
	       (!strncmp(name, "__GFP_", 6) && is_word(name + 6, word, len));
}

/**
 * gfplab_gfp_old_word - what a name stood for that a kernel does not have
 * @word: the name, with or without __GFP_; not NUL-terminated
 * @len: its length
 * @flags: the flags are added
 * @name: filled in: the whole name
 * @became: filled in: what became of it; NULL if it is the name of a single flag, for which
 *	gfplab_gfp_became() tells it
 *
 * Context: any; touches nothing but its arguments.
 * Return: false if no release has had this name.
 */
bool gfplab_gfp_old_word(const char *word, size_t len, __u64 *flags, const char **name,
			 const char **became)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(compounds); i++) {
		if (!compounds[i].became || !is_called(compounds[i].name, word, len))
			continue;
		*flags |= compounds[i].flags;
		*name = compounds[i].name;
		*became = compounds[i].became;
		return true;
	}
	for (i = 0; i < NR_GFP_FLAGS; i++) {
		if (!is_called(names[i].name, word, len))
			continue;
		*flags |= 1ULL << i;
		*name = names[i].name;
		*became = NULL;
		return true;
	}
	return false;
}

/**
 * gfplab_gfp_word - what one name of a mask stood for
 * @release: in which release
 * @word: the name, with __GFP_ or GFP_; not NUL-terminated
 * @len: its length
 * @flags: the flags are added
 *
 * Context: any; touches nothing but its arguments.
 * Return: false if no release has had this name.
 * Mirrors __def_gfpflag_names of include/trace/events/mmflags.h, 4.6 to 7.3.
 */
bool gfplab_gfp_word(__u32 release, const char *word, size_t len, __u64 *flags)
{
	__u64 found = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(compounds); i++)
		if (is_word(compounds[i].name, word, len) &&
		    (!found || release >= compounds[i].from))
			found = compounds[i].flags;
	for (i = 0; i < NR_GFP_FLAGS; i++)
		if (is_word(names[i].name, word, len))
			found = 1ULL << i;
	*flags |= found;
	return found || is_word("none", word, len);
}

static void add_name(struct gfplab_text *text, const char *name, const char *join)
{
	if (text->len)
		gfplab_text_add(text, join);
	gfplab_text_add(text, name);
}

/**
 * gfplab_gfp_today - a set of flags by the names that today's kernels have
 * @buf: where the text goes
 * @size: bytes in @buf; GFPLAB_GFP_TODAY_MAX is enough where @join is one character
 * @flags: the set; flags that are gone are left out
 * @join: what stands between two names
 *
 * Context: any; touches nothing but its arguments.
 * Return: the length of the whole text, 0 if no flag is left; as with snprintf(), what
 * is over @size - 1 was left out.
 * Mirrors __def_gfpflag_names of include/trace/events/mmflags.h, 7.3.
 */
size_t gfplab_gfp_today(char *buf, size_t size, __u64 flags, const char *join)
{
	struct gfplab_text text = gfplab_text_begin(buf, size);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(today); i++) {
		if ((flags & today[i].flags) != today[i].flags)
			continue;
		flags &= ~today[i].flags;
		add_name(&text, today[i].name, join);
	}
	for (i = 0; i < NR_GFP_FLAGS; i++)
		if ((flags >> i & 1) && !names[i].became)
			add_name(&text, names[i].name, join);
	return text.len;
}
