// SPDX-License-Identifier: GPL-2.0
/*
 * json.c - a report's answer as one line of JSON Lines.
 *
 * All text was made printable ASCII when it was read (clean.c).
 */
#include <stdio.h>
#include <string.h>
#include "answer.h"
#include "rules/gfp_ages.h"
#include "zone.h"

static void put_string(const char *s)
{
	putchar('"');
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			putchar('\\');
		putchar(*s);
	}
	putchar('"');
}

static void put_text(const char *key, const char *s)
{
	printf(", \"%s\": ", key);
	if (s && *s)
		put_string(s);
	else
		fputs("null", stdout);
}

static void put_number(const char *key, long value, bool known)
{
	if (known)
		printf(", \"%s\": %ld", key, value);
	else
		printf(", \"%s\": null", key);
}

static void put_list(const char *key, const char texts[][TEXT_SIZE], int nr)
{
	int i;

	printf(", \"%s\": [", key);
	for (i = 0; i < nr; i++) {
		fputs(i ? ", " : "", stdout);
		put_string(texts[i]);
	}
	putchar(']');
}

static void put_gfp(const struct failure *f)
{
	char names[GFPLAB_GFP_TODAY_MAX], *name;
	const char *join = "";

	fputs(", \"gfp\": [", stdout);
	gfplab_gfp_today(names, sizeof(names), f->flags, "|");
	for (name = strtok(names, "|"); f->has_gfp && name; name = strtok(NULL, "|")) {
		fputs(join, stdout);
		put_string(name);
		join = ", ";
	}
	putchar(']');
}

static void put_zones(const struct failure *f)
{
	bool asked = knows_request(f);
	int i;

	fputs(", \"zones\": [", stdout);
	for (i = 0; i < f->nr_zones; i++) {
		const struct zone_verdict *v = &f->verdicts[i];
		bool line = zone_told(f, &f->zones[i]);

		printf("%s{\"node\": %d, \"zone\": \"%s\"", i ? ", " : "", f->zones[i].nid,
		       f->zones[i].name);
		put_number("free", v->free, f->zones[i].kb[FIELD_free] != UNKNOWN);
		put_number("usable", v->usable, line && asked);
		put_number("mark", v->mark, line && asked);
		put_number("reserve", v->reserve, line && asked);
		put_number("short_by", v->short_by, line && asked);
		put_number("blocks", v->blocks, v->blocks != UNKNOWN);
		put_text("verdict", failure_reasons[v->verdict].name);
		putchar('}');
	}
	putchar(']');
}

/**
 * answer_json - print the answer as one line
 * @f: the report, judged
 */
void answer_json(const struct failure *f)
{
	fputs("{\"format\": \"gfplab/1\", \"type\": \"why\"", stdout);
	put_text("kind", failure_kinds[f->kind].name);
	put_text("kernel", f->kernel);
	put_text("family", gfplab_families[f->family].name);
	put_number("order", f->order, f->order != UNKNOWN);
	put_gfp(f);
	put_text("context", failure_contexts[f->context].name);
	put_text("caller", f->caller);
	put_text("nodemask", f->nodemask);
	put_text("reason", failure_reasons[f->reason].name);
	put_zones(f);
	put_list("wouldpass", f->wouldpass, f->nr_wouldpass);
	put_list("unknown", f->unknowns, f->nr_unknowns);
	puts("}");
}
