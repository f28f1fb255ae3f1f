// SPDX-License-Identifier: GPL-2.0
/*
 * state.c - a report's request and zones as state text: one line each, key=value, counts in
 * pages; what was not printed is left out.
 */
#include <stdio.h>
#include "answer.h"
#include "rules/gfp_ages.h"
#include "zone.h"

static void put_request(const struct failure *f)
{
	char names[GFPLAB_GFP_TODAY_MAX];

	printf("request kind=%s family=%s", failure_kinds[f->kind].name,
	       gfplab_families[f->family].name);
	if (f->order != UNKNOWN)
		printf(" order=%d", f->order);
	if (f->has_gfp) {
		gfplab_gfp_today(names, sizeof(names), f->flags, "|");
		printf(" gfp=%s", names);
	}
	printf(" context=%s reclaiming=%d reason=%s", failure_contexts[f->context].name,
	       f->reclaiming, failure_reasons[f->reason].name);
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
	static const char letters[] = "UMEHC";
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
	printf(" allowed=%d", zone_allowed(f, zone));
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
