// SPDX-License-Identifier: GPL-2.0
/*
 * failure.c - an empty report, and the words for it.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "failure.h"
#include "rules/words.h"

const struct gfplab_word failure_kinds[] = { FAILURE_KINDS(GFPLAB_WORD) {} };
const struct gfplab_word failure_reasons[] = { FAILURE_REASONS(GFPLAB_WORD) {} };
const struct gfplab_word failure_contexts[] = { FAILURE_CONTEXTS(GFPLAB_WORD) {} };

/**
 * zone_name - as the kernel prints it
 * @kind: which zone
 *
 * Return: the name.
 */
const char *zone_name(enum zone_kind kind)
{
#define NAME(name)	#name,
	static const char * const names[] = { ZONE_NAMES(NAME) };

	return names[kind];
}

/**
 * failure_begin - nothing is known yet
 * @f: the report
 * @kind: what its first line says
 */
void failure_begin(struct failure *f, enum failure_kind kind)
{
	/* Of the large arrays, what is in use is counted. */
	int nr_zones = f->nr_zones;

	memset(f, 0, offsetof(struct failure, zones));
	memset(f->verdicts, 0, sizeof(f->verdicts[0]) * nr_zones);
	memset(&f->page_kb, 0,
	       offsetof(struct failure, snapshots) - offsetof(struct failure, page_kb));
	f->kind = kind;
	f->nr_zones = 0;
	f->order = UNKNOWN;
	f->cma_free = UNKNOWN;
	f->free_swap_kb = UNKNOWN;
	f->total_swap_kb = UNKNOWN;
	f->free_cma = UNKNOWN;
	f->free_pages = UNKNOWN;
	f->preferred = UNKNOWN;
	f->reason = REASON_unknown;
	f->context = FROM_unknown;
	f->nr_wouldpass = 0;
	f->nr_unknowns = 0;
	f->alloc_flags = 0;
}

static void add_text(char texts[][TEXT_SIZE], int *nr, const char *fmt, va_list ap)
{
	if (*nr < TEXTS_MAX)
		vsnprintf(texts[(*nr)++], TEXT_SIZE, fmt, ap);
}

/**
 * failure_unknown - name something that the report can't tell
 * @f: the report
 * @fmt: as of printf
 */
void failure_unknown(struct failure *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add_text(f->unknowns, &f->nr_unknowns, fmt, ap);
	va_end(ap);
}

/**
 * failure_would - name a change that would have let the request through
 * @f: the report
 * @fmt: as of printf
 */
void failure_would(struct failure *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add_text(f->wouldpass, &f->nr_wouldpass, fmt, ap);
	va_end(ap);
}
