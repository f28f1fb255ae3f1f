// SPDX-License-Identifier: GPL-2.0
/*
 * rules_test - what of module/rules is text: sets of words, alloc_flags by the
 * names of a family of kernels, gfp masks of any release; and medians, pairs of probes and
 * which family a release follows. Each row
 * was worked out by hand.
 *
 * Prints a line a row, `ok NAME` or `not ok NAME: what differs`; with -l, the
 * names alone; with a name, that row alone. Exit status: 0 if all are right.
 */
#include <stdio.h>
#include <string.h>
#include "judged_rows.h"

#include "rules/alloc_flags.h"
#include "rules/families.h"
#include "rules/gfp_ages.h"
#include "rules/gfp_names.h"
#include "rules/gfp_text.h"
#include "rules/median.h"
#include "rules/probes.h"
#include "rules/words.h"

static const struct gfplab_gfp_name gfp_names[] = {
	{ 0xcc0, "GFP_KERNEL" }, { 0x800, "__GFP_KSWAPD_RECLAIM" }, { 0x400, "__GFP_DIRECT_RECLAIM" },
	{ 0x40, "__GFP_IO" }, { 0x80, "__GFP_FS" }, { 0x2000, "__GFP_NOWARN" }, { 0, NULL }
};

/* What the functions print into a buffer of @size, and return. */
static size_t words(char *buf, size_t size, unsigned int set)
{
	return gfplab_words_format(buf, size, gfplab_scopes, set, ",");
}

static size_t flags_5_10(char *buf, size_t size, unsigned int flags)
{
	return gfplab_alloc_flags_format(buf, size, flags, FAMILY_5_10);
}

static size_t flags_6_12(char *buf, size_t size, unsigned int flags)
{
	return gfplab_alloc_flags_format(buf, size, flags, FAMILY_6_12);
}

static size_t gfp(char *buf, size_t size, unsigned int mask)
{
	return gfplab_gfp_names_format(buf, size, gfp_names, mask);
}

/* A function for the masks of a release, by today's names. */
#define GFP_OF(name, major, minor, patch)					\
static size_t name(char *buf, size_t size, unsigned int mask)			\
{										\
	__u32 rest;								\
										\
	return gfplab_gfp_today(buf, size, gfplab_gfp_decode(			\
				GFPLAB_RELEASE(major, minor, patch), mask, &rest), "|"); \
}

GFP_OF(gfp_2_6_32, 2, 6, 32)

GFP_OF(gfp_3_10, 3, 10, 0)

GFP_OF(gfp_4_9, 4, 9, 0)

GFP_OF(gfp_4_18, 4, 18, 0)

GFP_OF(gfp_4_19, 4, 19, 0)

GFP_OF(gfp_5_10, 5, 10, 0)

GFP_OF(gfp_6_3, 6, 3, 0)

static const struct format_row {
	const char *name;
	size_t (*format)(char *buf, size_t size, unsigned int value);
	unsigned int value;
	size_t size;
	const char *want;
	size_t len;		/* of the whole text; 0: of @want */
} formats[] = {
	{ "words-none", words, 0, 100, "" },
	{ "words-one", words, 1U << SCOPE_noio, 100, "noio" },
	{ "words-all", words, (1U << NR_SCOPES) - 1, 100, "nofs,noio,noreclaim,pin" },
	{ "words-bits-without-a-word", words, 1U << NR_SCOPES, 100, "" },
	{ "words-buffer-too-small", words, 3, 6, "nofs,", 9 },
	{ "words-no-buffer", words, 3, 0, NULL, 9 },
	{ "flags-first-attempt", flags_6_12, 0x801, 100, "ALLOC_WMARK_LOW|ALLOC_KSWAPD" },
	{ "flags-min", flags_6_12, 0x40, 100, "ALLOC_WMARK_MIN|ALLOC_CPUSET" },
	{ "flags-atomic", flags_6_12, 0xa30, 100,
	  "ALLOC_WMARK_MIN|ALLOC_NON_BLOCK|ALLOC_MIN_RESERVE|ALLOC_HIGHATOMIC|ALLOC_KSWAPD" },
	{ "flags-old-names", flags_5_10, 0x830, 100,
	  "ALLOC_WMARK_MIN|ALLOC_HARDER|ALLOC_HIGH|ALLOC_KSWAPD" },
	{ "flags-no-watermark", flags_6_12, 0x804, 100, "ALLOC_NO_WATERMARKS|ALLOC_KSWAPD" },
	{ "flags-bit-without-a-name", flags_5_10, 0x1200, 100, "ALLOC_WMARK_MIN|0x1200" },
	{ "gfp-compound-name-first", gfp, 0x2cc0, 100, "GFP_KERNEL|__GFP_NOWARN" },
	{ "gfp-parts", gfp, 0x840, 100, "__GFP_KSWAPD_RECLAIM|__GFP_IO" },
	{ "gfp-none", gfp, 0, 100, "none" },
	{ "gfp-2.6.32-atomic", gfp_2_6_32, 0x4020, 100, "GFP_ATOMIC|__GFP_COMP" },
	{ "gfp-2.6.32-wakes-kswapd", gfp_2_6_32, 0x0, 100, "__GFP_KSWAPD_RECLAIM" },
	{ "gfp-2.6.32-kernel", gfp_2_6_32, 0x5d0, 100, "GFP_KERNEL|__GFP_RETRY_MAYFAIL" },
	{ "gfp-3.10-without-kswapd", gfp_3_10, 0x400200, 100, "__GFP_NOWARN" },
	{ "gfp-4.9-gone-flags-are-left-out", gfp_4_9, 0x2280120, 100, "GFP_ATOMIC" },
	{ "gfp-4.18-user", gfp_4_18, 0x14200ca, 100, "GFP_HIGHUSER_MOVABLE" },
	{ "gfp-4.19-user", gfp_4_19, 0x6200ca, 100, "GFP_HIGHUSER_MOVABLE" },
	{ "gfp-5.10-user", gfp_5_10, 0x100cca, 100, "GFP_HIGHUSER_MOVABLE" },
	{ "gfp-6.3-atomic", gfp_6_3, 0x820, 100, "GFP_ATOMIC" },
	{ "gfp-unknown-bits", gfp, 0x40000040, 100, "__GFP_IO|0x40000000" },
};

static const struct parse_row {
	const char *name;
	const char *text;
	enum gfplab_gfp_text want;
	unsigned int mask;
	size_t at;
} parses[] = {
	{ "parse-name", "GFP_KERNEL", GFP_TEXT_OK, 0xcc0, 0 },
	{ "parse-bar-and-comma", "__GFP_IO|__GFP_FS,__GFP_NOWARN", GFP_TEXT_OK, 0x20c0, 0 },
	{ "parse-without-prefix", "IO|NOWARN", GFP_TEXT_OK, 0x2040, 0 },
	{ "parse-hex", "0x2040", GFP_TEXT_OK, 0x2040, 0 },
	{ "parse-number-and-name", "64|FS", GFP_TEXT_OK, 0xc0, 0 },
	{ "parse-none", "none", GFP_TEXT_OK, 0, 0 },
	{ "parse-empty", "", GFP_TEXT_MISSING, 0, 0 },
	{ "parse-missing-after-bar", "__GFP_IO|", GFP_TEXT_MISSING, 0, 9 },
	{ "parse-missing-before-bar", "|__GFP_IO", GFP_TEXT_MISSING, 0, 0 },
	{ "parse-unknown-first", "GFP_KERNELL|IO", GFP_TEXT_UNKNOWN, 0, 0 },
	{ "parse-unknown-last", "__GFP_IO|__GFP_WAIT", GFP_TEXT_UNKNOWN, 0, 9 },
	{ "parse-number-too-large", "0x100000000", GFP_TEXT_UNKNOWN, 0, 0 },
	{ "parse-number-with-rest", "0x40zz", GFP_TEXT_UNKNOWN, 0, 0 },
	{ "parse-case-matters", "gfp_kernel", GFP_TEXT_UNKNOWN, 0, 0 },
};

static const struct find_row {
	const char *name;
	const char *text;
	int want;
} finds[] = {
	{ "find-first", "fast", STAGE_fast },
	{ "find-last", "unknown", STAGE_unknown },
	{ "find-prefix-is-no-word", "fas", -1 },
	{ "find-longer-is-no-word", "fastest", -1 },
	{ "find-empty", "", -1 },
};

#define NR(rows) (sizeof(rows) / sizeof((rows)[0]))

static int judge_format(const struct format_row *row)
{
	char buf[200];
	size_t len, want = row->len;

	memset(buf, '#', sizeof(buf));
	len = row->format(row->size ? buf : NULL, row->size, row->value);
	if (!want)
		want = strlen(row->want);
	if (len == want && (!row->want || !strcmp(buf, row->want)) &&
	    buf[row->size] == '#') {
		printf("ok %s\n", row->name);
		return 0;
	}
	buf[sizeof(buf) - 1] = '\0';
	printf("not ok %s: %zu `%s`, expected %zu `%s`\n", row->name, len, buf, want,
	       row->want ? row->want : "");
	return 1;
}

#define TOP	(~0ULL)

static const struct median_row {
	const char *name;
	size_t nr;
	__u64 of[7];
	__u64 want;
} medians[] = {
	{ "median-one", 1, { 7 }, 7 },
	{ "median-odd", 5, { 9, 1, 4, 3, 8 }, 4 },
	{ "median-even-lower", 4, { 10, 40, 30, 20 }, 20 },
	{ "median-equal", 3, { 5, 5, 5 }, 5 },
	{ "median-most-equal", 7, { 2, 2, 2, 2, 1, 9, 9 }, 2 },
	{ "median-two-apart", 2, { 0, TOP }, 0 },
	{ "median-of-largest", 3, { TOP, TOP, 0 }, TOP },
	{ "median-next-to-largest", 3, { TOP, TOP - 1, 0 }, TOP - 1 },
};

static const struct pair_row {
	const char *name;
	__u64 probes;
	__u64 want;
} pairs[] = {
	{ "pairs-none", 0, 0 },
	{ "pairs-whole", PROBE_BIT(reclaim) | PROBE_BIT(reclaimed) | PROBE_BIT(compacting) | PROBE_BIT(compacted), 0 },
	{ "pairs-begin-alone", PROBE_BIT(reclaim) | PROBE_BIT(oom), PROBE_BIT(reclaim) },
	{ "pairs-end-alone", PROBE_BIT(charge) | PROBE_BIT(charged) | PROBE_BIT(compacted), PROBE_BIT(compacted) },
	{ "pairs-two-halves", PROBE_BIT(charge) | PROBE_BIT(nodereclaimed), PROBE_BIT(charge) | PROBE_BIT(nodereclaimed) },
	{ "pairs-no-partner-wanted", PROBE_BIT(slowpath) | PROBE_BIT(alloc) | PROBE_BIT(kswapd) | PROBE_BIT(retryzone), 0 },
};

static __u64 nr_at_most(void *of, __u64 limit)
{
	const struct median_row *row = of;
	__u64 nr = 0;
	size_t i;

	for (i = 0; i < row->nr; i++)
		nr += row->of[i] <= limit;
	return nr;
}

static int judge_median(const struct median_row *row)
{
	__u64 got, min = TOP, max = 0;
	size_t i;

	for (i = 0; i < row->nr; i++) {
		min = row->of[i] < min ? row->of[i] : min;
		max = row->of[i] > max ? row->of[i] : max;
	}
	got = gfplab_median(nr_at_most, (void *)row, row->nr, min, max);
	if (got == row->want) {
		printf("ok %s\n", row->name);
		return 0;
	}
	printf("not ok %s: %llu\n", row->name, (unsigned long long)got);
	return 1;
}

static int judge_pair(const struct pair_row *row)
{
	__u64 got = gfplab_probe_halves(row->probes);

	if (got == row->want) {
		printf("ok %s\n", row->name);
		return 0;
	}
	printf("not ok %s: 0x%llx\n", row->name, (unsigned long long)got);
	return 1;
}

static int judge_parse(const struct parse_row *row)
{
	enum gfplab_gfp_text got;
	__u32 mask = 0;
	size_t at = 0;

	got = gfplab_gfp_names_parse(gfp_names, row->text, strlen(row->text), &mask, &at);
	if (got == row->want && (got != GFP_TEXT_OK ? at == row->at : mask == row->mask)) {
		printf("ok %s\n", row->name);
		return 0;
	}
	printf("not ok %s: %d, mask 0x%x, at %zu\n", row->name, got, mask, at);
	return 1;
}

static int judge_find(const struct find_row *row)
{
	int got = gfplab_word_find(gfplab_stages, row->text, strlen(row->text));

	if (got == row->want) {
		printf("ok %s\n", row->name);
		return 0;
	}
	printf("not ok %s: %d\n", row->name, got);
	return 1;
}

static const struct text_row {
	const char *name;
	const char *text;
	enum gfplab_gfp_mistake want;
	__u32 mask;
	size_t at;
	const char *note;	/* of the first name that is gone */
	int differs;
} texts[] = {
	{ "text-names", "GFP_KERNEL|__GFP_NOWARN", GFP_MISTAKE_NONE, 0x2cc0 },
	{ "text-blanks", "  GFP_KERNEL\t| __GFP_NOWARN ", GFP_MISTAKE_NONE, 0x2cc0 },
	{ "text-as-logged", "0xcc0(GFP_KERNEL)", GFP_MISTAKE_NONE, 0xcc0 },
	{ "text-as-another-kernel-logged", "0x24000c0(GFP_KERNEL)", GFP_MISTAKE_NONE, 0xcc0, 0, NULL, 1 },
	{ "text-of-another-kernel", "0x2d0@3.10", GFP_MISTAKE_NONE, 0x2cc0 },
	{ "text-of-another-kernel-with-what-is-gone", "0x1d0@3.10", GFP_MISTAKE_NONE, 0xcc0, 0, "__GFP_COLD" },
	{ "text-gone-alias", "__GFP_WAIT|__GFP_IO", GFP_MISTAKE_NONE, 0xc40, 0, "__GFP_WAIT" },
	{ "text-gone-without-prefix", "WAIT|IO", GFP_MISTAKE_NONE, 0xc40, 0, "__GFP_WAIT" },
	{ "text-gone-hint", "GFP_KERNEL|__GFP_COLD", GFP_MISTAKE_NONE, 0xcc0, 0, "__GFP_COLD" },
	{ "text-gone-takes-away", "GFP_KERNEL|__GFP_NO_KSWAPD", GFP_MISTAKE_NONE, 0x4c0, 0, "__GFP_NO_KSWAPD" },
	{ "text-of-what-is-not-there", "GFP_KERNEL|__GFP_REPEAT", GFP_MISTAKE_LACKS, 0, 11 },
	{ "text-missing", "GFP_KERNEL||IO", GFP_MISTAKE_MISSING, 0, 11 },
	{ "text-missing-behind-blank", "GFP_KERNEL| ", GFP_MISTAKE_MISSING, 0, 12 },
	{ "text-unknown", "GFP_KERNEL| FOO", GFP_MISTAKE_UNKNOWN, 0, 12 },
	{ "text-unknown-in-brackets", "0xcc0(FOO)", GFP_MISTAKE_UNKNOWN, 0, 6 },
	{ "text-bracket", "0xcc0(GFP_KERNEL", GFP_MISTAKE_BRACKET, 0, 16 },
	{ "text-name-in-front", "GFP_KERNEL(0xcc0)", GFP_MISTAKE_NUMBER, 0, 0 },
	{ "text-name-of-another-kernel", "GFP_KERNEL@4.9", GFP_MISTAKE_NUMBER, 0, 0 },
	{ "text-list-of-another-kernel", "0|GFP_KERNEL@4.9", GFP_MISTAKE_NUMBER, 0, 0 },
	{ "text-list-in-front", "0x1|GFP_KERNEL(GFP_KERNEL)", GFP_MISTAKE_NUMBER, 0, 0 },
	{ "text-version-missing", "0xcc0@", GFP_MISTAKE_VERSION, 0, 6 },
	{ "text-version-of-one-number", "0xcc0@6", GFP_MISTAKE_VERSION, 0, 6 },
	{ "text-version-with-rest", "0xcc0@6.6.x", GFP_MISTAKE_VERSION, 0, 6 },
	{ "text-bits-without-a-name", "0x80000d0@3.10", GFP_MISTAKE_BITS, 0, 0 },
};

static int judge_text(const struct text_row *row)
{
	struct gfplab_gfp_parsed got;
	const char *note;

	gfplab_gfp_text_parse(gfp_names, row->text, strlen(row->text), &got);
	note = got.nr_notes ? got.notes[0].name : NULL;
	if (got.mistake == row->want &&
	    (row->want ? got.at == row->at : got.mask == row->mask && got.differs == row->differs &&
	     (row->note ? note && !strcmp(note, row->note) : !note))) {
		printf("ok %s\n", row->name);
		return 0;
	}
	printf("not ok %s: mistake %d at %zu, mask 0x%x, differs %d, note %s\n", row->name, got.mistake,
	       got.at, got.mask, got.differs, note ? note : "none");
	return 1;
}

static const struct release_row {
	const char *name;
	__u32 release;
	enum gfplab_family want;
	bool unknown;
} releases[] = {
	{ "release-oldest", GFPLAB_RELEASE(2, 6, 18), FAMILY_2_6_32 },
	{ "release-first-of-a-family", GFPLAB_RELEASE(2, 6, 38), FAMILY_2_6_38 },
	{ "release-last-of-a-family", GFPLAB_RELEASE(4, 3, 6), FAMILY_4_3 },
	{ "release-3.19-is-before-4.3", GFPLAB_RELEASE(3, 19, 8), FAMILY_3_16 },
	{ "release-4.8-is-of-4.9", GFPLAB_RELEASE(4, 8, 0), FAMILY_4_9 },
	{ "release-4.18-is-before-4.19", GFPLAB_RELEASE(4, 18, 20), FAMILY_4_15 },
	{ "release-4.19", GFPLAB_RELEASE(4, 19, 325), FAMILY_4_19 },
	{ "release-5.8-is-before-5.10", GFPLAB_RELEASE(5, 8, 18), FAMILY_5_8 },
	{ "release-with-many-patches", GFPLAB_RELEASE(4, 14, 336), FAMILY_4_14 },
	{ "release-6.1-before-the-backport", GFPLAB_RELEASE(6, 1, 115), FAMILY_5_10 },
	{ "release-6.1-from-the-backport-on", GFPLAB_RELEASE(6, 1, 116), FAMILY_6_1 },
	{ "release-6.2-never-had-it", GFPLAB_RELEASE(6, 2, 16), FAMILY_5_10 },
	{ "release-6.6-before-the-backport", GFPLAB_RELEASE(6, 6, 59), FAMILY_6_3 },
	{ "release-6.6-from-the-backport-on", GFPLAB_RELEASE(6, 6, 60), FAMILY_6_6 },
	{ "release-6.8-never-had-it", GFPLAB_RELEASE(6, 8, 12), FAMILY_6_3 },
	{ "release-6.11-from-the-backport-on", GFPLAB_RELEASE(6, 11, 7), FAMILY_6_6 },
	{ "release-5.9-is-of-5.10", GFPLAB_RELEASE(5, 9, 0), FAMILY_5_10 },
	{ "release-between-two", GFPLAB_RELEASE(6, 19, 0), FAMILY_6_12 },
	{ "release-newest", GFPLAB_RELEASE(7, 3, 300), FAMILY_7_3 },
	{ "release-after-the-newest", GFPLAB_RELEASE(7, 4, 0), FAMILY_7_3, .unknown = true },
	{ "release-long-after-the-newest", GFPLAB_RELEASE(9, 0, 0), FAMILY_7_3, .unknown = true },
};

static int judge_release(const struct release_row *row)
{
	enum gfplab_family got = gfplab_family_of(row->release);

	if (got == row->want && gfplab_release_known(row->release) != row->unknown) {
		printf("ok %s\n", row->name);
		return 0;
	}
	printf("not ok %s: %s%s\n", row->name, gfplab_families[got].name,
	       gfplab_release_known(row->release) ? "" : ", not known");
	return 1;
}

/* A family is newer than those above it, and each capability has a family. */
static int judge_families(void)
{
	__u64 all = 0;
	__u32 since = 0;
	int i;

	for (i = 0; i < NR_FAMILIES; i++) {
		all |= gfplab_families[i].capabilities;
		if (gfplab_families[i].since <= since) {
			printf("not ok families: %s is out of order\n", gfplab_families[i].name);
			return 1;
		}
		since = gfplab_families[i].since;
	}
	if (all == (1ULL << NR_CAPABILITIES) - 1) {
		puts("ok families");
		return 0;
	}
	puts("not ok families: a capability that no family has");
	return 1;
}

static const char *name_of(size_t i)
{
	if (i < NR(formats))
		return formats[i].name;
	i -= NR(formats);
	if (i < NR(parses))
		return parses[i].name;
	i -= NR(parses);
	if (i < NR(finds))
		return finds[i].name;
	i -= NR(finds);
	if (i < NR(medians))
		return medians[i].name;
	i -= NR(medians);
	if (i < NR(pairs))
		return pairs[i].name;
	i -= NR(pairs);
	if (i < NR(releases))
		return releases[i].name;
	i -= NR(releases);
	return i < NR(texts) ? texts[i].name : "families";
}

static int judge_at(size_t i, int aloud)
{
	if (i < NR(formats))
		return judge_format(&formats[i]);
	i -= NR(formats);
	if (i < NR(parses))
		return judge_parse(&parses[i]);
	i -= NR(parses);
	if (i < NR(finds))
		return judge_find(&finds[i]);
	i -= NR(finds);
	if (i < NR(medians))
		return judge_median(&medians[i]);
	i -= NR(medians);
	if (i < NR(pairs))
		return judge_pair(&pairs[i]);
	i -= NR(pairs);
	if (i < NR(releases))
		return judge_release(&releases[i]);
	i -= NR(releases);
	return i < NR(texts) ? judge_text(&texts[i]) : judge_families();
}

int main(int argc, char **argv)
{
	return rows_main(argc, argv, NR(formats) + NR(parses) + NR(finds) + NR(medians) + NR(pairs) +
			 NR(releases) + NR(texts) + 1, name_of, judge_at);
}
