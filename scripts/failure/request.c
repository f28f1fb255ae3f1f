// SPDX-License-Identifier: GPL-2.0
/*
 * request.c - from a report to struct gfplab_walk: release, gfp, zones.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "request.h"
#include "rules/gfp_ages.h"
#include "trace.h"

#define NEWEST_RELEASE	GFPLAB_RELEASE(7, 3, 0)

/**
 * parse_release - a release as a number
 * @text: such as 4.18.0-553.el8; what follows the numbers does not count
 * @release: filled in
 *
 * Return: false if it does not begin with a release.
 */
bool parse_release(const char *text, unsigned int *release)
{
	return gfplab_release_parse(text, strlen(text), release);
}

/**
 * list_has - is a number in a list as kernels print them?
 * @list: such as 0-3,8
 * @n: the number
 *
 * Return: whether it is.
 */
bool list_has(const char *list, int n)
{
	char *end;

	while (isdigit((unsigned char)*list)) {
		unsigned long first = strtoul(list, &end, 10), last = first;

		if (*end == '-' && isdigit((unsigned char)end[1]))
			last = strtoul(end + 1, &end, 10);
		if ((unsigned long)n >= first && (unsigned long)n <= last)
			return true;
		list = *end == ',' ? end + 1 : end;
	}
	return false;
}

/* ---- gfp */

static bool flags_by_name(const char *names, unsigned int release, unsigned long long *flags)
{
	unsigned long long found = 0;
	bool any = false;
	__u64 word;
	size_t len;

	while (*names) {
		names += strspn(names, "|, ");
		len = strcspn(names, "|, ");
		word = 0;
		if (len > 2 && !strncmp(names, "0x", 2)) {
			__u32 rest;

			word = gfplab_gfp_decode(release, strtoul(names, NULL, 16), &rest);
			if (release < GFPLAB_RELEASE(4, 4, 0))
				word &= ~GFPLAB_GFP(KSWAPD_RECLAIM);
		} else if (len) {
			any |= gfplab_gfp_word(release, names, len, &word);
		}
		found |= word;
		names += len;
	}
	*flags = found;
	return any;
}

/* The releases at which bits or names changed. */
static const unsigned int layouts[] = {
	GFPLAB_RELEASE(2, 6, 32), GFPLAB_RELEASE(3, 7, 0),  GFPLAB_RELEASE(4, 4, 0),
	GFPLAB_RELEASE(4, 5, 0),  GFPLAB_RELEASE(4, 8, 0),  GFPLAB_RELEASE(4, 10, 0),
	GFPLAB_RELEASE(4, 15, 0), GFPLAB_RELEASE(4, 19, 0), GFPLAB_RELEASE(5, 10, 0),
	GFPLAB_RELEASE(5, 15, 0), GFPLAB_RELEASE(6, 3, 0),  GFPLAB_RELEASE(6, 7, 0),
	GFPLAB_RELEASE(6, 12, 0),
};

/* Does a release print these names for these bits? */
static bool agrees(const struct failure *f, unsigned int release)
{
	unsigned long long flags;

	return flags_by_name(f->gfp_names, release, &flags) &&
	       gfplab_gfp_encode(release, flags) == f->gfp_hex;
}

struct range {
	unsigned int least;
	unsigned int most;
};

static void not_before(struct range *range, unsigned int release)
{
	if (range->least < release)
		range->least = release;
}

static void not_after(struct range *range, unsigned int release)
{
	if (range->most > release)
		range->most = release;
}

/* What reports of some releases have in them, and those of others don't. */
static struct range printed_by(const struct failure *f)
{
	struct range range = { 0, NEWEST_RELEASE };
	const struct zone_lines *z;
	const char *header = f->header;

	/* and 2.6.38, which has rules of its own */
	if (strstr(header, "failure. order"))
		not_after(&range, GFPLAB_RELEASE(2, 6, 37));
	else if (strstr(header, "failure: order"))
		not_before(&range, GFPLAB_RELEASE(2, 6, 39));
	if (strstr(header, "oom_adj="))
		not_after(&range, GFPLAB_RELEASE(3, 6, 0));
	if (strstr(header, "oom_score_adj="))
		not_before(&range, strstr(header, "oom_adj=") ? GFPLAB_RELEASE(2, 6, 36) :
				   GFPLAB_RELEASE(3, 7, 0));
	for (z = f->zones; z < f->zones + f->nr_zones; z++) {
		if (z->unreclaimable != UNKNOWN) {
			not_after(&range, GFPLAB_RELEASE(4, 7, 0));
			if (z->kb[FIELD_free_cma] == UNKNOWN)
				not_after(&range, GFPLAB_RELEASE(3, 6, 0));
		}
		if (z->kb[FIELD_free_cma] != UNKNOWN)
			not_before(&range, GFPLAB_RELEASE(3, 7, 0));
		if (z->kb[FIELD_managed] != UNKNOWN)
			not_before(&range, GFPLAB_RELEASE(3, 8, 0));
		if (z->kb[FIELD_boost] != UNKNOWN)
			not_before(&range, GFPLAB_RELEASE(5, 18, 0));
		else if (z->kb[FIELD_free] != UNKNOWN && z->kb[FIELD_min] != UNKNOWN)
			not_after(&range, GFPLAB_RELEASE(5, 17, 0));
	}
	if (range.least > range.most)
		return (struct range){ 0, NEWEST_RELEASE };
	return range;
}

static unsigned int within(struct range range, unsigned int release)
{
	if (release < range.least)
		return range.least;
	return release > range.most ? range.most : release;
}

/* Of the releases in a range, one whose bits agree with the names; 0: none. */
static unsigned int agreeing(const struct failure *f, struct range range)
{
	unsigned int release;
	size_t i;

	for (i = ARRAY_SIZE(layouts); i-- > 0;) {
		release = within(range, layouts[i]);
		if (release >= layouts[i] &&
		    (i + 1 == ARRAY_SIZE(layouts) || release < layouts[i + 1]) &&
		    agrees(f, release))
			return release;
	}
	return 0;
}

/*
 * A vendor's kernel may have a later one's bits, and some reports name no kernel: names and
 * bits together tell.
 */
static void settle_release(struct failure *f)
{
	struct range range = printed_by(f), all = { 0, NEWEST_RELEASE };
	size_t i, n = ARRAY_SIZE(layouts);

	if (!f->has_hex || !f->gfp_names[0] || (f->release && agrees(f, f->release)))
		goto out;
	if (f->release) {
		/* the nearest later one, as vendors backport */
		for (i = 0; i < n; i++) {
			if (layouts[i] > f->release && agrees(f, layouts[i])) {
				f->release = layouts[i];
				f->guessed = true;
				return;
			}
		}
		return;
	}
	f->release = agreeing(f, range);
	if (!f->release)
		f->release = agreeing(f, all);
	f->guessed = f->release;
out:
	if (!f->release) {
		/* names came with 4.6; bits alone tell 4.4 and 4.5 from what was before */
		f->release = !f->has_hex || f->gfp_names[0] ? NEWEST_RELEASE
			     : f->gfp_hex & 0x2000000	    ? GFPLAB_RELEASE(4, 4, 0)
							    : GFPLAB_RELEASE(3, 16, 0);
		f->release = within(range, f->release);
		f->guessed = true;
	}
}

static void take_flags(struct failure *f)
{
	unsigned long long flags;
	__u32 rest = 0;

	f->flags = 0;
	f->unknown_bits = 0;
	if (!f->has_gfp)
		return;
	if (f->names_cut && f->has_hex) {
		f->flags = gfplab_gfp_decode(f->release, f->gfp_hex, &rest);
		f->unknown_bits = rest;
		return;
	}
	if (f->gfp_names[0] && flags_by_name(f->gfp_names, f->release, &flags)) {
		f->flags = flags;
		return;
	}
	f->flags = gfplab_gfp_decode(f->release, f->gfp_hex, &rest);
	f->unknown_bits = rest;
}

/* ---- zones */

static bool seen(const struct failure *f, enum zone_kind kind)
{
	int i;

	for (i = 0; i < f->nr_zones; i++)
		if (f->zones[i].kind == kind)
			return true;
	return false;
}

/* The place of a zone among those that a kernel is built with: lowmem_reserve[] goes by it. */
static int place(unsigned int set, enum zone_kind kind)
{
	return __builtin_popcount(set & ((1U << kind) - 1));
}

/* lowmem_reserve[] is 0 up to the zone itself, and grows at zones that have memory. */
static bool fits(const struct failure *f, unsigned int set)
{
	const struct zone_lines *z;
	int kind, at, own;

	for (z = f->zones; z < f->zones + f->nr_zones; z++) {
		if (!z->nr_reserve)
			continue;
		own = place(set, z->kind);
		for (at = 0; at < z->nr_reserve && at <= own; at++)
			if (z->reserve[at])
				return false;
		for (kind = z->kind + 1; kind < NR_ZONES; kind++) {
			at = place(set, kind);
			if (!(set & (1U << kind)) || at >= z->nr_reserve || at == 0)
				continue;
			/* a zone that nobody printed has no memory */
			if (z->reserve[at] != z->reserve[at - 1] && !seen(f, kind))
				return false;
		}
	}
	return true;
}

#define SET(kind)	(1U << ZONE_##kind)

/* Which zones the kernel is built with; 0: can't be told. */
static unsigned int zone_set(const struct failure *f)
{
	static const unsigned int likely[] = {
		0,
		SET(DMA32),
		SET(DMA),
		SET(DMA) | SET(DMA32),
		SET(Device),
		SET(DMA32) | SET(Device),
		SET(DMA) | SET(Device),
		SET(DMA) | SET(DMA32) | SET(Device),
		SET(HighMem),
		SET(DMA) | SET(HighMem),
	};
	static const unsigned int likely32[] = {
		0, SET(HighMem), SET(DMA), SET(DMA) | SET(HighMem), SET(DMA32), SET(Device),
	};
	bool narrow = f->address_bits == 32 || seen(f, ZONE_HighMem);
	const unsigned int *add = narrow ? likely32 : likely;
	size_t n = narrow ? ARRAY_SIZE(likely32) : ARRAY_SIZE(likely), i;
	unsigned int set = SET(Normal) | SET(Movable);
	int most = 0, pass;

	for (i = 0; i < (size_t)f->nr_zones; i++) {
		set |= 1U << f->zones[i].kind;
		if (f->zones[i].nr_reserve > most)
			most = f->zones[i].nr_reserve;
	}
	if (!most)
		return set;
	/* Zones above the request may not be printed: a value may grow at one that is not seen. */
	for (pass = 0; pass < 2; pass++)
		for (i = 0; i < n; i++)
			if (__builtin_popcount(set | add[i]) == most &&
			    (pass || fits(f, set | add[i])))
				return set | add[i];
	return set;
}

/* gfp_zone() */
static enum zone_kind highest_zone(const struct failure *f, unsigned int set)
{
	enum zone_kind kind = ZONE_Normal;

	if (f->flags & GFPLAB_GFP(DMA))
		kind = ZONE_DMA;
	else if (f->flags & GFPLAB_GFP(DMA32))
		kind = ZONE_DMA32;
	else if ((f->flags & GFPLAB_GFP(HIGHMEM)) && (f->flags & GFPLAB_GFP(MOVABLE)))
		kind = ZONE_Movable;
	else if (f->flags & GFPLAB_GFP(HIGHMEM))
		kind = ZONE_HighMem;
	return set & (1U << kind) || kind == ZONE_Movable ? kind : ZONE_Normal;
}

static long pages(const struct failure *f, long kb)
{
	return kb == UNKNOWN ? 0 : kb / f->page_kb;
}

static void take_zone(struct failure *f, int i, unsigned int set)
{
	const struct zone_lines *z = &f->zones[i];
	struct gfplab_zone_snapshot *v = &f->snapshots[i];
	long boost = pages(f, z->kb[FIELD_boost]);
	int order, kind;

	memset(v, 0, sizeof(*v));
	v->nid = z->nid;
	v->zone = z->kind;
	v->name = zone_name(z->kind);
	v->free = pages(f, z->kb[FIELD_free]);
	v->free_cma = pages(f, z->kb[FIELD_free_cma]);
	if (z->kb[FIELD_free_cma] == UNKNOWN && f->nr_zones == 1 && f->free_cma > 0)
		v->free_cma = f->free_cma;	/* the line was cut off before it */
	if (z->kb[FIELD_free_highatomic] != UNKNOWN)
		v->highatomic = pages(f, z->kb[FIELD_free_highatomic]);
	else
		v->highatomic = pages(f, z->kb[FIELD_reserved_highatomic]);
	v->mark[0] = pages(f, z->kb[FIELD_min]);
	v->mark[1] = pages(f, z->kb[FIELD_low]);
	v->mark[2] = pages(f, z->kb[FIELD_high]);
	v->min_unboosted = v->mark[0] - boost;
	for (kind = 0; kind < NR_ZONES; kind++)
		if ((set & (1U << kind)) && place(set, kind) < z->nr_reserve)
			v->reserve[kind] = z->reserve[place(set, kind)];
	for (order = 0; order < WALK_ORDERS && order < LIST_ORDERS; order++) {
		v->blocks[order] = z->blocks[order];
		if (z->blocks[order])
			v->types[order] = z->lettered ? z->types[order] : WALK_ORDINARY;
	}
}

/**
 * pageblock_pages - how many pages a pageblock has, at least
 * @f: the report
 *
 * Return: the pages of a huge page, by the size of a page.
 */
long pageblock_pages(const struct failure *f)
{
	return f->page_kb == 64 ? 8192 : f->page_kb == 16 ? 2048 : 512;
}

/* build_all_zonelists(): pageblocks have no types where there would be too few of them. */
static bool mobility_off(const struct failure *f)
{
	long managed = 0;
	int i;

	for (i = 0; i < f->nr_zones; i++) {
		if (f->zones[i].kb[FIELD_managed] == UNKNOWN)
			return false;
		managed += pages(f, f->zones[i].kb[FIELD_managed]);
	}
	return managed && managed < pageblock_pages(f) * 4;
}

/* A realtime task may use ALLOC_HARDER or ALLOC_MIN_RESERVE; these threads of the kernel are. */
static bool realtime(const struct failure *f)
{
	return !f->interrupt &&
	       (!strncmp(f->comm, "irq/", 4) || !strncmp(f->comm, "migration/", 10) ||
		!strncmp(f->comm, "watchdog/", 9) || !strncmp(f->comm, "posixcputmr/", 12));
}

/**
 * request_of - the request of a report
 * @f: the report; release, family, flags, context and walk are filled in
 * @release: whose rules hold; 0: as the report says
 */
void request_of(struct failure *f, unsigned int release)
{
	unsigned int set;
	int i;

	/* pagefault_out_of_memory(), to 5.15: no request for the OOM killer is without reclaim */
	f->leaked = f->kind == KIND_oom && f->has_hex && !f->gfp_hex &&
		    !strstr(f->gfp_names, "GFP_");
	if (f->leaked) {
		f->has_gfp = false;
		f->order = UNKNOWN;
	}
	f->release = release;
	if (!release && !parse_release(f->kernel, &f->release))
		f->release = 0;
	settle_release(f);
	f->family = gfplab_family_of(f->release);
	take_flags(f);
	trace_judge(f);
	f->page_told = f->page_kb;
	if (!f->page_kb)
		f->page_kb = 4;
	set = zone_set(f);
	for (i = 0; i < f->nr_zones; i++)
		take_zone(f, i, set);
	f->mobility_off = mobility_off(f);
	f->walk = (struct gfplab_walk){
		.family = f->family,
		.zones = f->snapshots,
		.nr_zones = f->nr_zones,
		.order = f->order > 0 ? f->order : 0,
		.max_order = WALK_ORDERS - 1,
		.highest = highest_zone(f, set),
		.normal = ZONE_Normal,
		.nodes = 1,
		.migratetype = f->mobility_off			    ? WALK_UNMOVABLE
			       : f->flags & GFPLAB_GFP(MOVABLE)	    ? WALK_MOVABLE
			       : f->flags & GFPLAB_GFP(RECLAIMABLE) ? WALK_RECLAIMABLE
								    : WALK_UNMOVABLE,
		.cma = true,
		.atomic = f->flags & GFPLAB_GFP(ATOMIC),
		.high = f->flags & GFPLAB_GFP(HIGH),
		.kswapd = f->flags & GFPLAB_GFP(KSWAPD_RECLAIM),
		.direct = f->flags & GFPLAB_GFP(DIRECT_RECLAIM),
		.nomemalloc = f->flags & GFPLAB_GFP(NOMEMALLOC),
		.memalloc = (f->flags & GFPLAB_GFP(MEMALLOC)) || f->reclaiming,
		.pf_memalloc = f->reclaiming,
		.rt = realtime(f),
		.filesystem = f->flags & GFPLAB_GFP(FS),
		.noretry = f->flags & GFPLAB_GFP(NORETRY),
		.mayfail = f->flags & GFPLAB_GFP(RETRY_MAYFAIL),
		.nofail = f->flags & GFPLAB_GFP(NOFAIL),
		.thisnode = f->flags & GFPLAB_GFP(THISNODE),
		.hardwall = f->flags & GFPLAB_GFP(HARDWALL),
		.compacts = true,
	};
}
