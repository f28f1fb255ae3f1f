// SPDX-License-Identifier: GPL-2.0
/*
 * state_read.c - zones and a request out of state text, as `explain` prints it under
 * `snapshot:`, and `why --state`.
 *
 * A line a zone: NID:ZONE key=value..., counts in pages. What a line does not have is unknown; a
 * key that is not known is a mistake.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "scan.h"
#include "state_read.h"

#define PAGE_KB	4	/* counts are kept as reports print them */

static bool refuse(char *why, size_t size, const char *what, const char *word)
{
	snprintf(why, size, "%s: %.60s", what, word);
	return false;
}

static bool take_digits(const char *value, size_t len, long *count)
{
	return strspn(value, "0123456789") >= len && scan_number(value, len, count) &&
	       *count < NUMBER_MAX;
}

static bool take_count(const char *value, long *count)
{
	return take_digits(value, strlen(value), count);
}

static bool take_letters(const char **at, unsigned int *types)
{
	static const char letters[] = WALK_LETTERS;
	const char *letter;

	for (*types = 0; isupper((unsigned char)**at); ++*at) {
		letter = strchr(letters, **at);
		if (!letter)
			return false;
		*types |= 1U << (letter - letters);
	}
	return true;
}

/* 5UM/0/3, or 5,0,3 */
static bool take_lists(struct zone_lines *z, const char *value)
{
	char *end;
	long n;

	for (z->nr_orders = 0; z->nr_orders < WALK_ORDERS; value++) {
		if (!isdigit((unsigned char)*value))
			return false;
		n = strtol(value, &end, 10);
		if (n > NUMBER_MAX)
			return false;
		value = end;
		z->blocks[z->nr_orders] = n;
		if (!take_letters(&value, &z->types[z->nr_orders]))
			return false;
		z->lettered |= z->types[z->nr_orders++] != 0;
		if (!*value) {
			z->list_ends = true;
			return true;
		}
		if (*value != '/' && *value != ',')
			return false;
	}
	return false;
}

static bool take_reserves(struct zone_lines *z, const char *value)
{
	const char *end;

	for (z->nr_reserve = 0; z->nr_reserve < WALK_ZONE_TYPES; value = end + 1) {
		end = value + strcspn(value, "/");
		if (!take_digits(value, end - value, &z->reserve[z->nr_reserve++]))
			return false;
		if (!*end)
			return true;
	}
	return false;
}

/* UM/0/M/0/0 */
static bool take_percpu(struct state_zone *x, const char *value)
{
	int order;

	for (order = 0; order <= WALK_SMALL; order++, value++) {
		if (!take_letters(&value, &x->percpu[order]))
			return false;
		value += *value == '0' && !x->percpu[order];
		if (*value != (order < WALK_SMALL ? '/' : '\0'))
			return false;
	}
	x->percpu_known = true;
	return true;
}

static bool take_kswapd(struct state_zone *x, const char *value)
{
	static const char * const words[] = { "asleep", "awake", "hopeless" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		if (!strcmp(value, words[i])) {
			x->kswapd = i;
			return true;
		}
	}
	return false;
}

static bool take_flag(bool *flag, const char *value)
{
	*flag = !strcmp(value, "1");
	return *flag || !strcmp(value, "0");
}

/* count/high/batch of a CPU's lists, of which the batch is what a refill takes at least */
static bool take_pcp(struct state_zone *x, const char *value)
{
	const char *batch = strrchr(value, '/');

	return batch && take_count(batch + 1, &x->refill);
}

/* FREE/MARK */
static bool take_balance(struct state_zone *x, const char *value)
{
	const char *mark = strchr(value, '/');

	return mark && take_digits(value, mark - value, &x->balance_free) &&
	       take_count(mark + 1, &x->balance_mark);
}

static bool take_key(struct zone_lines *z, struct state_zone *x, const char *key,
		     const char *value)
{
	static const struct {
		const char *key;
		enum zone_field field;
	} counts[] = {
		{ "free", FIELD_free }, { "cma", FIELD_free_cma },
		{ "highatomic", FIELD_reserved_highatomic }, { "min", FIELD_min },
		{ "low", FIELD_low }, { "high", FIELD_high }, { "boost", FIELD_boost },
		{ "managed", FIELD_managed },
	};
	long count;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		if (strcmp(key, counts[i].key))
			continue;
		if (!take_count(value, &count))
			return false;
		z->kb[counts[i].field] = count * PAGE_KB;
		return true;
	}
	if (!strcmp(key, "lists") || !strcmp(key, "blocks"))
		return z->lettered || take_lists(z, value);
	if (!strcmp(key, "reserves"))
		return take_reserves(z, value);
	/* of the request that it was printed for; reserves has it as well */
	if (!strcmp(key, "reserve"))
		return take_count(value, &count);
	if (!strcmp(key, "pcp"))
		return take_pcp(x, value);
	if (!strcmp(key, "percpu"))
		return take_percpu(x, value);
	if (!strcmp(key, "refill"))
		return take_count(value, &x->refill);
	if (!strcmp(key, "kswapd"))
		return take_kswapd(x, value);
	if (!strcmp(key, "nodes"))
		return take_flag(&x->in_nodes, value);
	if (!strcmp(key, "cpuset"))
		return take_flag(&x->in_cpuset, value);
	if (!strcmp(key, "balance"))
		return take_balance(x, value);
	if (!strcmp(key, "node_reclaim"))
		return take_flag(&x->node_reclaims, value);
	if (!strcmp(key, "over_dirty"))
		return take_flag(&x->over_dirty, value);
	if (!strcmp(key, "zone_over_dirty"))
		return take_flag(&x->zone_over_dirty, value);
	return false;
}

static bool zone_begin(struct state *s, const char *word, char *why, size_t size)
{
	struct zone_lines *z = &s->f.zones[s->f.nr_zones];
	const char *name = strchr(word, ':');
	int i;

	if (s->f.nr_zones == STATE_ZONES)
		return refuse(why, size, "too many zones", word);
	*z = (struct zone_lines){ .unreclaimable = UNKNOWN };
	s->zones[s->f.nr_zones] = (struct state_zone){
		.refill = UNKNOWN, .in_nodes = true, .in_cpuset = true,
		.balance_free = UNKNOWN, .balance_mark = UNKNOWN,
	};
	for (i = 0; i < NR_FIELDS; i++)
		z->kb[i] = UNKNOWN;
	if (!name || name == word || strspn(word, "0123456789") != (size_t)(name - word) ||
	    name - word > 4)
		return refuse(why, size, "NID:ZONE or `request` is wanted", word);
	z->nid = atoi(word);
	if (z->nid >= NODES_MAX)
		return refuse(why, size, "no such node", word);
	for (i = 0; i < NR_ZONES; i++)
		if (!strcmp(name + 1, zone_name(i)))
			break;
	if (i == NR_ZONES)
		return refuse(why, size, "no such zone", name + 1);
	z->kind = i;
	snprintf(z->name, sizeof(z->name), "%s", name + 1);
	for (i = 0; i < s->f.nr_zones; i++)
		if (s->f.zones[i].nid == z->nid && s->f.zones[i].kind == z->kind)
			return refuse(why, size, "a zone is there twice", word);
	return true;
}

static bool read_request(struct state *s, char *rest, char *why, size_t size)
{
	if (s->request[0])
		return refuse(why, size, "a second line `request`", rest);
	if (strlen(rest) >= sizeof(s->request))
		return refuse(why, size, "too long a request", rest);
	strcpy(s->request, rest);
	return true;
}

/**
 * state_read_line - take a line of a state text
 * @s: zeroed before the first line, but for @s->f, which failure_begin() has begun
 * @line: the line, without its end; cut up
 * @why: gets the reason if it is not one
 * @size: bytes of @why
 *
 * Return: false if it is not one.
 */
bool state_read_line(struct state *s, char *line, char *why, size_t size)
{
	char *word, *value, *rest, *p;

	s->lines++;
	line[strcspn(line, "\r\n")] = '\0';
	/* Parts of it are printed where it is wrong. */
	for (p = line; *p; p++)
		if (!isprint((unsigned char)*p) && *p != '\t')
			*p = '?';
	/* What explain prints before it is not the state, but the walk. */
	if (!strcmp(line, "snapshot:")) {
		s->f.nr_zones = 0;
		return true;
	}
	word = strtok_r(line, " \t", &rest);
	if (!word || *word == '#')
		return true;
	if (!strcmp(word, "request"))
		return read_request(s, rest, why, size);
	if (!zone_begin(s, word, why, size))
		return false;
	while ((word = strtok_r(NULL, " \t", &rest))) {
		value = strchr(word, '=');
		if (!value)
			return refuse(why, size, "key=value is wanted", word);
		*value++ = '\0';
		if (!take_key(&s->f.zones[s->f.nr_zones], &s->zones[s->f.nr_zones], word, value)) {
			value[-1] = '=';
			return refuse(why, size, "no such key, or not a value of it", word);
		}
	}
	s->f.nr_zones++;
	return true;
}
