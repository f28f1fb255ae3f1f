// SPDX-License-Identifier: GPL-2.0
/*
 * binary.c - the module's file `records.bin` as JSON Lines.
 *
 * README.md says what the layout at its begin means. Nothing here knows what keys there are, but
 * for those that a value is read together with: how many attempts there were, and whose words
 * the parts of a prediction are.
 */
#include <limits.h>
#include <linux/types.h>
#include <stdio.h>
#include <stdlib.h>
#include "binary.h"
#include "json.h"

#define HEADER_MAX_BYTES	65536
#define RECORD_MAX_BYTES	4096
#define ATTEMPTS_MAX_BYTES	64
#define KEYS			128	/* bits of a set of them */
#define WORDS			128
#define MASKS			256	/* that are remembered */
#define ANYWHERE		(-2)	/* the node of a prediction that names none */

enum form {
	FORM_count, FORM_number, FORM_order, FORM_word, FORM_set, FORM_gfp, FORM_attempts,
	FORM_attempt_names, FORM_steal, FORM_predicted, FORM_words, FORM_zones, FORM_text, NR_FORMS
};

/**
 * struct reading - how values of a form are read
 * @name: of the form, in the layout
 * @bytes: of a value; 0: 1, 2, 4 or 8
 * @least: the least number of bytes, where several are right
 * @list: in JSON it is one
 */
struct reading {
	const char *name;
	unsigned int bytes;
	unsigned int least;
	bool list;
};

static const struct reading forms[NR_FORMS] = {
	[FORM_count] = { "count" }, [FORM_number] = { "number" }, [FORM_order] = { "order" },
	[FORM_word] = { "word" }, [FORM_set] = { "set", .list = true },
	[FORM_gfp] = { "gfp", 4, .list = true },
	[FORM_attempts] = { "attempts", .least = 4, .list = true },
	[FORM_attempt_names] = { "attempt_names", .least = 4, .list = true },
	[FORM_steal] = { "steal", 2 }, [FORM_predicted] = { "predicted", 24 },
	[FORM_words] = { "words", .least = 2, .list = true },
	[FORM_zones] = { "zones", .least = 2, .list = true }, [FORM_text] = { "text" },
};

/**
 * struct text - a piece of JSON
 * @from: where it begins; NULL: there is none yet
 * @length: its length
 */
struct text {
	char *from;
	size_t length;
};

/**
 * struct word - a word of a key's
 * @name: the word
 * @value: of a name of bits
 * @said: head and value in JSON, where the word is the whole value
 */
struct word {
	const char *name;
	__u32 value;
	struct text said;
};

/**
 * struct key - a line of the layout
 * @name: the key
 * @form: of its value
 * @at: where the value is
 * @bytes: of it
 * @nr: words
 * @words: them
 * @head: what stands before a value
 * @unknown: head and null
 * @none: head and what stands for none
 */
struct key {
	const char *name;
	enum form form;
	size_t at;
	size_t bytes;
	unsigned int nr;
	struct word words[WORDS];
	struct text head;
	struct text unknown;
	struct text none;
};

static struct key keys[KEYS];
static unsigned int nr_keys;
static const struct key *key_unknown, *key_none, *key_attempts, *key_result;
static const struct key *key_stage, *key_source, *key_zone, *key_freed;
static bool swapped;

/* Ends: the input is bad. */
static void bad(const char *what, const char *which)
{
	out_flush();
	fprintf(stderr, "records: %s%s\n", what, which);
	exit(1);
}

static __u64 load(const unsigned char *at, size_t bytes)
{
	__u16 two;
	__u32 four;
	__u64 eight;

	switch (bytes) {
	case 1:
		return *at;
	case 2:
		memcpy(&two, at, 2);
		return swapped ? __builtin_bswap16(two) : two;
	case 4:
		memcpy(&four, at, 4);
		return swapped ? __builtin_bswap32(four) : four;
	default:
		memcpy(&eight, at, 8);
		return swapped ? __builtin_bswap64(eight) : eight;
	}
}

static __u64 value_of(const struct key *key, const unsigned char *record)
{
	return load(record + key->at, key->bytes);
}

/* What was put since @from, to keep. */
static struct text keep(char *from)
{
	struct text text = { .length = out_at - from };

	text.from = malloc(text.length + 1);
	if (!text.from)
		give_up("no memory");
	memcpy(text.from, from, text.length);
	text.from[text.length] = 0;
	out_at = from;
	return text;
}

static void put_text(const struct text *text)
{
	put(text->from, text->length);
}

static void put_name(const char *name)
{
	put(name, strlen(name));
}

static void put_number(__u64 value)
{
	char digits[20], *at = digits + sizeof(digits);

	do {
		*--at = '0' + value % 10;
		value /= 10;
	} while (value);
	put(at, digits + sizeof(digits) - at);
}

/* ---- the layout */

static const struct key *key_of(const char *name, enum form form)
{
	unsigned int i;

	for (i = 0; i < nr_keys; i++)
		if (!strcmp(keys[i].name, name) && keys[i].form == form)
			return &keys[i];
	return NULL;
}

/* Pieces of JSON that each record may have. */
static void prepare(struct key *key)
{
	char *from = out_at;
	unsigned int i;

	put(", \"", 3);
	put_name(key->name);
	put("\": ", 3);
	key->head = keep(from);

	put_text(&key->head);
	put("null", 4);
	key->unknown = keep(from);

	put_text(&key->head);
	put_name(forms[key->form].list ? "[]" : "\"none\"");
	key->none = keep(from);

	for (i = 0; i < key->nr; i++) {
		struct word *word = &key->words[i];

		put_text(&key->head);
		if (key->form == FORM_word && !strcmp(word->name, "unknown"))
			put("null", 4);
		else
			put_string(word->name, word->name + strlen(word->name));
		word->said = keep(from);
	}
}

static bool fits(const struct key *key, size_t record_bytes)
{
	size_t wanted = forms[key->form].bytes, least = forms[key->form].least;
	size_t bytes = key->bytes;

	if (bytes > record_bytes || key->at > record_bytes - bytes)
		return false;
	if (key->form == FORM_text)
		return key->nr == 1;
	if (wanted)
		return bytes == wanted;
	if (least)
		return bytes >= least && bytes <= ATTEMPTS_MAX_BYTES && bytes % 2 == 0;
	return bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8;
}

/* KEY FORM OFFSET BYTES WORD... */
static void read_key(char *line, size_t record_bytes)
{
	char *save = NULL, *form, *at, *bytes, *word, *end;
	struct key *key = &keys[nr_keys];

	if (nr_keys == KEYS)
		bad("the layout has too many keys", "");
	key->name = strtok_r(line, " ", &save);
	form = strtok_r(NULL, " ", &save);
	at = strtok_r(NULL, " ", &save);
	bytes = strtok_r(NULL, " ", &save);
	if (!bytes)
		bad("a line of the layout has too few words: ", line);
	key->at = strtoul(at, NULL, 10);
	key->bytes = strtoul(bytes, NULL, 10);
	/* Sets of keys are no key. */
	if (!strcmp(form, "keys")) {
		struct key *set = calloc(1, sizeof(*set));

		if (!set)
			give_up("no memory");
		set->at = key->at;
		set->bytes = key->bytes;
		if (!set->bytes || set->bytes % 8 || set->bytes > KEYS / 8 ||
		    set->bytes > record_bytes || set->at > record_bytes - set->bytes)
			bad("a set of keys is none: ", line);
		*(!strcmp(key->name, "none") ? &key_none : &key_unknown) = set;
		return;
	}
	for (key->form = 0; key->form < NR_FORMS; key->form++)
		if (!strcmp(forms[key->form].name, form))
			break;
	if (key->form == NR_FORMS)
		bad("the layout has a form that is not known here: ", form);
	while ((word = strtok_r(NULL, " ", &save)) && key->nr < WORDS) {
		key->words[key->nr].name = word;
		end = forms[key->form].list && key->form != FORM_set ? strchr(word, '=') : NULL;
		if (end) {
			*end = 0;
			key->words[key->nr].value = strtoul(end + 1, NULL, 16);
		}
		key->nr++;
	}
	if (word || !fits(key, record_bytes))
		bad("a key of the layout does not fit into a record: ", key->name);
	prepare(key);
	nr_keys++;
}

static void read_layout(char *layout, size_t record_bytes)
{
	char *save = NULL, *line;
	unsigned int i;

	for (line = strtok_r(layout, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		if (*line != ' ')
			read_key(line, record_bytes);
	key_attempts = key_of("attempts", FORM_count);
	key_result = key_of("result", FORM_word);
	key_stage = key_of("stage", FORM_word);
	key_source = key_of("source", FORM_word);
	key_zone = key_of("zone", FORM_word);
	key_freed = key_of("freed", FORM_word);
	for (i = 0; i < nr_keys; i++) {
		enum form form = keys[i].form;
		bool attempts = form == FORM_attempts || form == FORM_attempt_names;
		bool predicted = form == FORM_predicted;

		if ((attempts && !key_attempts) || (form == FORM_zones && !key_zone) ||
		    (predicted && !(key_result && key_stage && key_source && key_zone &&
				    key_freed)))
			bad("the layout lacks a key that is read together with ", keys[i].name);
	}
	if (nr_keys && (!key_unknown || !key_none))
		bad("the layout does not say where it is told what is unknown", "");
}

/* ---- values */

/* The words of a set, joined by @join, each quoted where it is a list. */
static void put_set(const struct key *key, __u64 set, const char *join, bool quoted)
{
	const char *before = "";
	unsigned int i;

	for (i = 0; i < key->nr && i < 64; i++) {
		if (!(set >> i & 1))
			continue;
		put_name(before);
		before = join;
		if (quoted)
			put_string(key->words[i].name, strchr(key->words[i].name, 0));
		else
			put_name(key->words[i].name);
	}
}

/* Names of more bits come first; bits without a name are a number. */
static void put_gfp(const struct key *key, __u32 mask)
{
	static struct { __u32 mask; const struct key *key; struct text text; } seen[MASKS];
	unsigned int i, slot = (mask * 0x9e3779b1u) >> 24;
	const char *before = "[";
	char *from = out_at, rest[16];

	if (seen[slot].key == key && seen[slot].mask == mask) {
		put_text(&seen[slot].text);
		return;
	}
	seen[slot].mask = mask;
	seen[slot].key = key;
	for (i = 0; i < key->nr && mask; i++) {
		if ((mask & key->words[i].value) != key->words[i].value)
			continue;
		mask &= ~key->words[i].value;
		put_name(before);
		before = ", ";
		put_string(key->words[i].name, strchr(key->words[i].name, 0));
	}
	if (mask) {
		put_name(before);
		put_string(rest, rest + sprintf(rest, "0x%x", mask));
	}
	put("]", 1);
	free(seen[slot].text.from);
	seen[slot].text = keep(from);
	put_text(&seen[slot].text);
}

/* The two lowest bits are the number of a watermark, 0 is none if the next bit is set. */
static bool flag_holds(const struct word *word, __u32 flags)
{
	if (word->value > 2)
		return flags & word->value;
	return (flags & 3) == word->value && (word->value || !(flags & 4));
}

static void put_flags(const struct key *key, __u16 flags)
{
	static struct text seen[2][USHRT_MAX + 1];
	struct text *text = &seen[key->form == FORM_attempt_names][flags];
	__u32 rest = flags;
	char *from = out_at, number[16];
	const char *before = "";
	unsigned int i;

	if (text->from) {
		put_text(text);
		return;
	}
	put("\"", 1);
	for (i = 0; i < key->nr; i++) {
		if (!flag_holds(&key->words[i], flags))
			continue;
		put_name(before);
		before = "|";
		put_name(key->words[i].name);
		rest &= ~key->words[i].value;
	}
	if (rest || key->form == FORM_attempts) {
		put_name(before);
		put(number, sprintf(number, "0x%x", rest));
	}
	put("\"", 1);
	*text = keep(from);
	put_text(text);
}

/* Of the first attempts and of the last one. */
static void put_attempts(const struct key *key, const unsigned char *record)
{
	__u64 attempts = value_of(key_attempts, record), i, kept = key->bytes / 2 - 1;
	const unsigned char *at = record + key->at;

	put("[", 1);
	for (i = 0; i < attempts && i < kept; i++) {
		if (i)
			put(", ", 2);
		put_flags(key, load(at + 2 * i, 2));
	}
	if (attempts > kept) {
		put_name(attempts > kept + 1 ? ", \"..\", " : ", ");
		put_flags(key, load(at + 2 * kept, 2));
	}
	put("]", 1);
}

static const char *word_of(const struct key *key, __u64 value)
{
	return value < key->nr ? key->words[value].name : "unknown";
}

static void put_free(const unsigned char *at)
{
	const char *freed = word_of(key_freed, load(at, 4));

	put_name(freed);
	put("/", 1);
	put_number(load(at + 4, 4));
	if (strcmp(freed, "batch"))
		return;
	put("-", 1);
	put_number(load(at + 8, 4));
}

/* STAGES/SOURCES/PLACES/RESULTS */
static void put_request(const struct key *key, const unsigned char *at)
{
	__u64 results = load(at + 4, 4);
	__s32 nid = load(at + 12, 4);
	char place[48];
	bool comes = false;
	unsigned int i;

	for (i = 0; i < key->nr && i < 32; i++)
		comes |= results >> i & 1 && !strcmp(key->words[i].name, "ok");
	put_set(key_stage, load(at, 4), "|", false);
	put("/", 1);
	if (comes)
		put_set(key_source, load(at + 8, 4), "|", false);
	else
		put("none", 4);
	put("/", 1);
	if (comes && nid != ANYWHERE)
		put(place, snprintf(place, sizeof(place), "%d:%.30s", nid,
				    word_of(key_zone, load(at + 16, 4))));
	else
		put_name(comes ? "any" : "none");
	put("/", 1);
	put_set(key, results, "|", false);
}

static void put_predicted(const struct key *key, const unsigned char *record)
{
	const unsigned char *at = record + key->at;

	put("\"", 1);
	if (!strcmp(word_of(key_result, value_of(key_result, record)), "freed"))
		put_free(at);
	else
		put_request(key, at);
	put("\"", 1);
}

/* A byte each, up to the first 0 */
static void put_words(const struct key *key, const unsigned char *at)
{
	const char *word;
	unsigned int i;

	put("[", 1);
	for (i = 0; i < key->bytes && at[i]; i++) {
		if (i)
			put(", ", 2);
		word = word_of(key, at[i]);
		put_string(word, strchr(word, 0));
	}
	put("]", 1);
}

/* NID:ZONE:WORD, 16 bits each, up to the first 0 */
static void put_zones(const struct key *key, const unsigned char *at)
{
	char text[128];
	unsigned int i;
	__u16 of;

	put("[", 1);
	for (i = 0; i + 2 <= key->bytes && (of = load(at + i, 2)); i += 2) {
		if (i)
			put(", ", 2);
		put_string(text, text + snprintf(text, sizeof(text), "%u:%.30s:%.60s", of >> 7,
						 word_of(key_zone, of >> 4 & 7),
						 word_of(key, of & 15)));
	}
	put("]", 1);
}

/* A value that is known, but no word */
static void put_value(const struct key *key, const unsigned char *record)
{
	__u64 value = key->bytes <= 8 ? value_of(key, record) : 0;
	__s64 number;
	char text[128];

	put_text(&key->head);
	switch (key->form) {
	case FORM_number:
		number = (__s64)(value << (64 - key->bytes * 8)) >> (64 - key->bytes * 8);
		if (number < 0)
			put("-", 1);
		put_number(number < 0 ? -(__u64)number : (__u64)number);
		break;
	case FORM_order:
		put_number(value - 1);
		break;
	case FORM_set:
		put("[", 1);
		put_set(key, value, ", ", true);
		put("]", 1);
		break;
	case FORM_gfp:
		put_gfp(key, value);
		break;
	case FORM_attempts:
	case FORM_attempt_names:
		put_attempts(key, record);
		break;
	case FORM_steal:
		put_string(text, text + snprintf(text, sizeof(text), "%.50s<%.50s",
						 word_of(key, record[key->at]),
						 word_of(key, record[key->at + 1])));
		break;
	case FORM_predicted:
		put_predicted(key, record);
		break;
	case FORM_words:
		put_words(key, record + key->at);
		break;
	case FORM_zones:
		put_zones(key, record + key->at);
		break;
	case FORM_text:
		put_string(key->words[0].name, strchr(key->words[0].name, 0));
		break;
	default:
		put_number(value);
	}
}

/* 64 keys of a set of them */
static __u64 set_of(const struct key *set, const unsigned char *record, unsigned int n)
{
	return n < set->bytes / 8 ? load(record + set->at + n * 8, 8) : 0;
}

static void convert(const unsigned char *record)
{
	const struct key *key;
	__u64 unknown = 0, none = 0, word;
	unsigned int i;

	put(BEGIN, sizeof(BEGIN) - 1);
	for (i = 0; i < nr_keys; i++, unknown >>= 1, none >>= 1) {
		key = &keys[i];
		if (i % 64 == 0) {
			unknown = set_of(key_unknown, record, i / 64);
			none = set_of(key_none, record, i / 64);
		}
		if (unknown & 1) {
			put_text(&key->unknown);
		} else if (none & 1) {
			put_text(&key->none);
		} else if (key->form == FORM_word) {
			word = value_of(key, record);
			put_text(word < key->nr ? &key->words[word].said : &key->unknown);
		} else {
			put_value(key, record);
		}
	}
	out_end();
}

/* ---- the file */

/* @got bytes of the file are at @in, the others come. Returns the exit status. */
int binary(const char *in, size_t got)
{
	static const unsigned char zeros[RECORD_MAX_BYTES];
	const __u16 one = 1;
	unsigned long header_bytes, record_bytes, version;
	unsigned long long records, number = 0, gone = 0;
	size_t room, more;
	char order[8], *buffer, *from, *end;

	if (!memchr(in, '\n', got < 512 ? got : 512) ||
	    sscanf(in,
		   BINARY_MAGIC "version=%lu byte_order=%7s header_bytes=%lu record_bytes=%lu records=%llu\n",
		   &version, order, &header_bytes, &record_bytes, &records) != 5 ||
	    version != 1 || header_bytes < 512 || header_bytes > HEADER_MAX_BYTES ||
	    record_bytes < 16 || record_bytes > RECORD_MAX_BYTES)
		bad("the first line is not that of records.bin, version 1", "");
	swapped = strcmp(order, *(const unsigned char *)&one ? "little" : "big");

	room = HEADER_MAX_BYTES + BUFFER_BYTES;
	buffer = malloc(room);
	if (!buffer)
		give_up("no memory");
	memcpy(buffer, in, got);
	for (more = 1; more && got < header_bytes; got += more)
		more = read_some(buffer + got, header_bytes - got);
	if (got < header_bytes)
		bad("the layout is cut off", "");
	for (from = buffer; from < buffer + header_bytes; from++)
		if (!plain(*from) && *from != '\n')
			bad("the layout is no text", "");
	/* It stays: keys and words are in it. */
	from = strndup(buffer, header_bytes);
	if (!from)
		give_up("no memory");
	read_layout(strchr(from, '\n') + 1, record_bytes);

	from = buffer + header_bytes;
	for (end = buffer + got;; end = buffer + got + more) {
		for (; (size_t)(end - from) >= record_bytes; from += record_bytes, number++) {
			if (number == records)
				bad("there is more than the records that the layout says", "");
			if (memcmp(from, zeros, record_bytes))
				convert((const unsigned char *)from);
			else
				gone++;
		}
		got = end - from;
		memmove(buffer, from, got);
		from = buffer;
		more = read_some(buffer + got, BUFFER_BYTES);
		if (!more)
			break;
	}
	out_flush();
	if (got || number != records) {
		fprintf(stderr, "records: it ends after %llu of %llu records\n", number, records);
		return 1;
	}
	if (gone)
		fprintf(stderr, "records: %llu were given back before they were read\n", gone);
	return 0;
}
