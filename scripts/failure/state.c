// SPDX-License-Identifier: GPL-2.0
/*
 * state.c - a report's request and zones as state text: one line each, key=value, counts in
 * pages; what was not printed is left out. Lines `# judged` are for scripts/reproduce.
 */
#include <stdio.h>
#include "answer.h"
#include "rules/gfp_ages.h"
#include "zone.h"

static void put_request(const struct failure *f)
{
	char names[GFPLAB_GFP_TODAY_MAX];

	unsigned int major = f->release >> 16, minor = f->release >> 8 & 255;
	unsigned int patch = f->release & 255;

	printf("request rules=%u.%u.%u", major, minor, patch);
	if (f->order != UNKNOWN)
		printf(" order=%d", f->order);
	/* Today's names don't tell a mask that had __GFP_ATOMIC from one that had not. */
	if (f->has_gfp)
		printf(" gfp=0x%x@%u.%u.%u", gfplab_gfp_encode(f->release, f->flags), major, minor,
		       patch);
	if (f->context != FROM_unknown)
		printf(" context=%s", failure_contexts[f->context].name);
	if (f->reclaiming)
		fputs(" scope=noreclaim", stdout);
	printf("\n# judged kind=%s reason=%s", failure_kinds[f->kind].name,
	       failure_reasons[f->reason].name);
	if (f->has_gfp) {
		gfplab_gfp_today(names, sizeof(names), f->flags, "|");
		printf(" names=%s", names);
	}
	if (f->preferred != UNKNOWN)
		printf(" zone=%d:%s short_by=%ld", f->zones[f->preferred].nid,
		       f->zones[f->preferred].name, f->verdicts[f->preferred].short_by);
	putchar('\n');
}

static void put_field(const struct failure *f, const struct zone_lines *z, const char *key,
		      enum zone_field field)
{
	if (z->kb[field] != UNKNOWN)
		printf(" %s=%ld", key, z->kb[field] / f->page_kb);
}

static void put_lists(const struct zone_lines *z)
{
	static const char letters[] = WALK_LETTERS;
	int order, type;

	fputs(" lists=", stdout);
	for (order = 0; order < z->nr_orders; order++) {
		printf("%s%lu", order ? "/" : "", z->blocks[order]);
		for (type = 0; letters[type]; type++)
			if (z->types[order] & (1U << type))
				putchar(letters[type]);
	}
}

static void put_zone(const struct failure *f, int zone)
{
	const struct zone_lines *z = &f->zones[zone];
	const struct zone_verdict *v = &f->verdicts[zone];
	int i;

	printf("%d:%s", z->nid, z->name);
	put_field(f, z, "free", FIELD_free);
	put_field(f, z, "cma", FIELD_free_cma);
	put_field(f, z, "highatomic", FIELD_reserved_highatomic);
	put_field(f, z, "min", FIELD_min);
	put_field(f, z, "low", FIELD_low);
	put_field(f, z, "high", FIELD_high);
	put_field(f, z, "boost", FIELD_boost);
	put_field(f, z, "managed", z->kb[FIELD_managed] != UNKNOWN ? FIELD_managed : FIELD_present);
	for (i = 0; i < z->nr_reserve; i++)
		printf("%s%ld", i ? "/" : " reserves=", z->reserve[i]);
	if (zone_lists(z))
		put_lists(z);
	printf("\n# judged %d:%s allowed=%d", z->nid, z->name, zone_allowed(f, zone));
	if (zone_allowed(f, zone))
		printf(" reserve=%ld usable=%ld mark=%ld short_by=%ld verdict=%s", v->reserve,
		       v->usable, v->mark, v->short_by, failure_reasons[v->verdict].name);
	putchar('\n');
}

/**
 * answer_state - print a report's request and zones
 * @f: judged
 * @number: of the report, from 1
 */
void answer_state(const struct failure *f, int number)
{
	int i;

	printf("# report %d: %s\n", number, f->kernel[0] ? f->kernel : "kernel unknown");
	put_request(f);
	for (i = 0; i < f->nr_zones; i++)
		if (zone_has_memory(&f->zones[i]))
			put_zone(f, i);
}
