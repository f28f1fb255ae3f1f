// SPDX-License-Identifier: GPL-2.0
/*
 * meminfo.c - zones, their free lists and lowmem_reserve, out of what show_mem() printed.
 *
 * A line may have been wrapped: what follows it goes on with the same zone if all its words
 * fit. Mirrors show_free_areas(), 2.6.32 to 7.3.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include "clean.h"
#include "meminfo.h"
#include "rules/portable.h"
#include "scan.h"

/* A vendor's own zone stands where the kernel has it: behind the one before. */
static int own_zone(const struct failure *f, int nid, const char *s, size_t len)
{
	const struct zone_lines *z;
	int kind = ZONE_DMA;

	if (!len || len > 15 || !isupper((unsigned char)*s))
		return UNKNOWN;
	for (z = f->zones; z < f->zones + f->nr_zones; z++) {
		if (z->nid != nid)
			continue;
		if (strlen(z->name) == len && !memcmp(z->name, s, len))
			return z->kind;
		kind = z->kind + 1;
	}
	return kind < NR_ZONES ? kind : UNKNOWN;
}

static int zone_of(const char *s, size_t len)
{
	int kind;

	for (kind = 0; kind < NR_ZONES; kind++)
		if (strlen(zone_name(kind)) == len && !memcmp(s, zone_name(kind), len))
			return kind;
	return UNKNOWN;
}

static void clear(struct zone_lines *z, int nid, enum zone_kind kind)
{
	int i;

	memset(z, 0, sizeof(*z));
	z->nid = nid;
	z->kind = kind;
	z->unreclaimable = UNKNOWN;
	for (i = 0; i < NR_FIELDS; i++)
		z->kb[i] = UNKNOWN;
}

static struct zone_lines *known_zone(struct failure *f, int nid, enum zone_kind kind)
{
	struct zone_lines *z;

	for (z = f->zones; z < f->zones + f->nr_zones; z++)
		if (z->nid == nid && z->kind == kind)
			return z;
	return NULL;
}

static struct zone_lines *find_zone(struct failure *f, int nid, enum zone_kind kind,
				    struct word name)
{
	struct zone_lines *z = known_zone(f, nid, kind);

	if (z || f->nr_zones == ZONES_MAX)
		return z;
	z = &f->zones[f->nr_zones];
	clear(z, nid, kind);
	scan_copy(z->name, sizeof(z->name), name.s, name.len);
	f->nr_zones++;
	return z;
}

/* ---- words of a line */

/* KEY:NUMBERkB, of a zone or node; @known: it is one that is kept. */
static bool take_field(struct zone_lines *z, struct word word)
{
#define FIELD_NAME(name)	#name,
	static const char * const fields[] = { ZONE_FIELDS(FIELD_NAME) };
	const char *colon = memchr(word.s, ':', word.len);
	size_t key = colon ? (size_t)(colon - word.s) : 0;
	long value;
	int i;

	if (!key || !islower((unsigned char)*word.s) ||
	    !scan_number(colon + 1, word.len - key - 1, &value))
		return false;
	for (i = 0; i < NR_FIELDS; i++)
		if (strlen(fields[i]) == key && !memcmp(fields[i], word.s, key) &&
		    (word.s[word.len - 1] == 'B' || i == FIELD_pages_scanned))
			z->kb[i] = value;
	return true;
}

static bool take_zone_word(struct zone_lines *z, struct word word)
{
	if (word_is(word, "yes") || word_is(word, "no")) {
		z->unreclaimable = word.len == 3;
		return true;
	}
	return word_is(word, "all_unreclaimable?") || take_field(z, word);
}

static bool take_reserve_word(struct zone_lines *z, struct word word)
{
	long value;

	if (!scan_number(word.s, word.len, &value))
		return false;
	if (z->nr_reserve < WALK_ZONE_TYPES)
		z->reserve[z->nr_reserve++] = value;
	return true;
}

static unsigned int type_of(char letter)
{
	switch (letter) {
	case 'U': return WALK_BIT(WALK_UNMOVABLE);
	case 'M': return WALK_BIT(WALK_MOVABLE);
	case 'E': return WALK_BIT(WALK_RECLAIMABLE);
	/* MIGRATE_RESERVE, to 4.3: any request may fall back to it */
	case 'R': return WALK_BIT(WALK_UNMOVABLE);
	case 'H': return WALK_BIT(WALK_HIGHATOMIC);
	case 'C': return WALK_BIT(WALK_CMA);
	}
	return 0;
}

/*
 * COUNT*SIZEkB; where Markdown ate the asterisk, the size of this order tells the two apart. What
 * makes text of pages may have put an underscore in its place.
 */
static bool take_count(struct failure *f, struct zone_lines *z, struct word word)
{
	static const int sizes[] = { 4, 16, 64, 8, 32 };
	const char *star = memchr(word.s, '*', word.len);
	size_t digits = strspn(word.s, "0123456789*_"), len, i;
	char size[24];
	long count, kb;

	if (digits + 2 != word.len || word.s[digits] != 'k' || z->nr_orders == LIST_ORDERS)
		return false;
	if (!star)
		star = memchr(word.s, '_', digits);
	if (star) {
		if (!scan_number(word.s, star - word.s, &count) ||
		    !scan_number(star + 1, word.s + digits - star - 1, &kb))
			return false;
		if (!z->nr_orders && kb > 0 && kb <= 1024)
			f->page_kb = kb;
		/* an order was lost */
		if (f->page_kb && kb != (long)f->page_kb << z->nr_orders)
			z->gap = true;
		z->starred = true;
		z->blocks[z->nr_orders++] = count;
		return true;
	}
	if (z->starred) {
		z->list_ends = true;	/* the sum, whose = was wrapped off */
		f->open = OPEN_NONE;
		return true;
	}
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		if (z->nr_orders && sizes[i] != f->page_kb)
			continue;
		snprintf(size, sizeof(size), "%ld", (long)sizes[i] << z->nr_orders);
		len = strlen(size);
		if (digits <= len || memcmp(word.s + digits - len, size, len))
			continue;
		if (!scan_number(word.s, digits - len, &count))
			return false;
		f->page_kb = sizes[i];
		z->blocks[z->nr_orders++] = count;
		return true;
	}
	return false;
}

static bool take_list_word(struct failure *f, struct zone_lines *z, struct word word)
{
	size_t i;

	/* cut in two, it is "(" or "UME)" */
	if (*word.s != '(' && word.s[word.len - 1] != ')')
		return take_count(f, z, word);
	for (i = *word.s == '('; i < word.len && word.s[i] != ')'; i++) {
		if (!strchr("UMERHCI", word.s[i]))
			return false;
		if (z->nr_orders)
			z->types[z->nr_orders - 1] |= type_of(word.s[i]);
	}
	z->lettered |= i > 1;
	return true;
}

static bool take_word(struct failure *f, struct word word)
{
	switch (f->open) {
	case OPEN_ZONE:
		return take_zone_word(f->at, word);
	case OPEN_RESERVE:
		return take_reserve_word(f->at, word);
	case OPEN_LIST:
		if (*word.s == '=') {
			f->at->list_ends = true;
			f->open = OPEN_NONE;
			return true;
		}
		return take_list_word(f, f->at, word);
	default:
		return false;
	}
}

/* A number that was cut in two: free:182, 0*40, without its kB, at the end of a line. */
static bool is_cut(const struct failure *f, struct word number, const char *behind)
{
	char last = number.s[number.len - 1];

	if (*behind || number.len >= sizeof(f->cut_word) || f->open == OPEN_RESERVE ||
	    (!strchr("*_k:", last) && !isdigit((unsigned char)last)))
		return false;
	return f->open == OPEN_LIST ? isdigit((unsigned char)*number.s) :
	       memchr(number.s, ':', number.len) && strncmp(number.s, "pages_scanned", 13);
}

/* A count that a blank parts from its *SIZEkB. */
static bool is_count(const struct failure *f, struct word number)
{
	return f->open == OPEN_LIST && number.len < sizeof(f->cut_word) &&
	       strspn(number.s, "0123456789") == number.len;
}

/* The rest of a line; words that don't fit are passed over. */
static void take_words(struct failure *f, const char *s)
{
	struct word word;
	char joined[LINE_SIZE];

	f->cut_word[0] = '\0';

	while (f->at && f->open != OPEN_NONE && scan_word(&s, &word)) {
		/* a line that another one was glued to */
		if (f->open == OPEN_ZONE && word_is(word, "lowmem_reserve[]:")) {
			f->open = OPEN_RESERVE;
			f->at->nr_reserve = 0;
		} else if (f->open == OPEN_LIST && *word.s == '*' && f->cut_word[0]) {
			snprintf(joined, sizeof(joined), "%s%.*s", f->cut_word,
				 (int)word.len, word.s);
			f->cut_word[0] = '\0';
			take_word(f, (struct word){ joined, strlen(joined) });
		} else if (is_cut(f, word, s) || is_count(f, word)) {
			scan_copy(f->cut_word, sizeof(f->cut_word), word.s, word.len);
		} else {
			take_word(f, word);
		}
	}
}

/* ---- lines */

static void open_at(struct failure *f, int what, struct zone_lines *at)
{
	f->open = at ? what : OPEN_NONE;
	f->at = at;
}

/* ZONE: alone, where each count has a line of its own; of a zone that was told of before. */
static bool open_list(struct failure *f, struct zone_lines *z)
{
	if (!z || z->nr_orders)
		return false;
	open_at(f, OPEN_LIST, z);
	return true;
}

/* ZONE free:... or ZONE: 1*4kB ...; false if it is neither. */
static bool zone_line(struct failure *f, int nid, const char *s, bool node)
{
	struct zone_lines *z;
	struct word name, next;
	const char *rest;
	bool list;
	int kind;

	if (!scan_word(&s, &name))
		return false;
	list = name.s[name.len - 1] == ':';
	name.len -= list;
	kind = zone_of(name.s, name.len);
	if (kind == UNKNOWN && node)
		kind = own_zone(f, nid, name.s, name.len);
	if (kind == UNKNOWN)
		return false;
	rest = s;
	if (list) {
		/* Other lines have a zone's name and a colon as well; 0 where Markdown ate all. */
		if (!scan_word(&rest, &next))
			return open_list(f, known_zone(f, nid, kind));
		if (!isdigit((unsigned char)*next.s) || !memchr(next.s, 'k', next.len))
			return false;
		z = find_zone(f, nid, kind, name);
		if (z) {
			z->nr_orders = 0;
			z->list_ends = false;
			z->starred = false;
			z->gap = false;
		}
		open_at(f, OPEN_LIST, z);
	} else {
		/* wrapped right behind the name, nothing follows */
		if (scan_word(&rest, &next) && (next.len < 5 || memcmp(next.s, "free:", 5)))
			return false;
		open_at(f, OPEN_ZONE, find_zone(f, nid, kind, name));
	}
	take_words(f, s);
	return true;
}

/* Where a line says Node N, what follows it. */
static const char *after_node(const char *msg, long *nid)
{
	const char *s = scan_after(msg, "Node ");

	if (!s || !scan_number(s, strspn(s, "0123456789"), nid) || *nid < 0 || *nid >= NODES_MAX)
		return NULL;
	return s + strspn(s, "0123456789");
}

static bool node_line(struct failure *f, long nid, const char *s)
{
	const char *first = s + strspn(s, " ");

	if (!strncmp(first, "hugepages_total", 15)) {
		f->open = OPEN_NONE;
		return true;
	}
	if (!strncmp(first, "active_anon:", 12)) {
		open_at(f, OPEN_NONE, NULL);	/* of the node; zones tell their own */
		return true;
	}
	return zone_line(f, nid, s, true);
}

/* All words of a line, if it goes on with the last one. */
static bool continued(struct failure *f, const char *msg)
{
	struct word word;

	char joined[2 * sizeof(f->cut_word)];

	if (f->open == OPEN_NONE || !f->at || !scan_word(&msg, &word))
		return false;
	if (f->cut_word[0] && word.len < sizeof(f->cut_word)) {
		snprintf(joined, sizeof(joined), "%s%.*s", f->cut_word, (int)word.len, word.s);
		word = (struct word){ joined, strlen(joined) };
		f->cut_word[0] = '\0';
	}
	if (!take_word(f, word))
		return false;
	take_words(f, msg);
	return true;
}

/**
 * meminfo_repeats - is it about a zone that has been told of?
 * @f: the report
 * @msg: the message of a line
 *
 * Return: true if it is: another report begins, or began unseen.
 */
bool meminfo_repeats(const struct failure *f, const char *msg)
{
	const struct zone_lines *z;
	const char *s;
	long nid = 0;
	struct word name;
	int kind;

	s = after_node(msg, &nid);
	if (!s)
		s = msg;
	if (!scan_word(&s, &name) || strncmp(s + strspn(s, " "), "free:", 5))
		return false;
	kind = zone_of(name.s, name.len);
	for (z = f->zones; z < f->zones + f->nr_zones; z++)
		if (z->kb[FIELD_free] != UNKNOWN && z->nid == nid && (int)z->kind == kind)
			return true;
	return false;
}

/* free:1234 slab_reclaimable:..., in pages, of all zones; free_cma: at its end or on its own */
static bool totals_line(struct failure *f, const char *msg)
{
	const char *s = msg + strspn(msg, " ");

	if (!strncmp(s, "free:", 5))
		scan_value(s, "free:", &f->free_pages);
	else if (strncmp(s, "free_cma:", 9))
		return false;
	scan_value(s, "free_cma:", &f->free_cma);
	return true;
}

/**
 * meminfo_line - take what a line says of memory
 * @f: the report, which gets it
 * @msg: the message of the line
 *
 * Return: false if it says nothing of that.
 */
bool meminfo_line(struct failure *f, const char *msg)
{
	const char *s;
	long nid = 0;

	s = after_node(msg, &nid);
	if (s)
		return node_line(f, nid, s);
	if (zone_line(f, 0, msg, false))
		return true;
	s = scan_after(msg, "lowmem_reserve[]:");
	if (!s)
		s = scan_after(msg, "protections[]:");
	if (s) {
		open_at(f, OPEN_RESERVE, f->at);
		if (f->at)
			f->at->nr_reserve = 0;
		take_words(f, s);
		return true;
	}
	if (scan_value(msg, "Free swap  =", &f->free_swap_kb) ||
	    scan_value(msg, "Free swap =", &f->free_swap_kb) ||
	    scan_value(msg, "Total swap =", &f->total_swap_kb) ||
	    (!strstr(msg, "kB") && totals_line(f, msg)) ||
	    strstr(msg, "Mem-Info:") || strstr(msg, "pages RAM") ||
	    strstr(msg, "pages of RAM") ||
	    strstr(msg, "total pagecache pages")) {
		if (strstr(msg, "Mem-Info:"))
			f->has_meminfo = true;
		f->has_totals |= strstr(msg, "pages RAM") || strstr(msg, "total pagecache pages");
		if (strstr(msg, "pages RAM") || strstr(msg, "pages of RAM"))
			scan_value(msg, "", &f->ram_pages);
		f->open = OPEN_NONE;
		return true;
	}
	return continued(f, msg);
}
