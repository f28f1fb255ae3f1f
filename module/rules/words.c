// SPDX-License-Identifier: GPL-2.0
/*
 * words.c - the lists of words, each instantiated once, and how words and sets
 * of words become text and are found in it.
 */
#include "text.h"
#include "words.h"

const struct gfplab_word gfplab_stages[] = { GFPLAB_STAGES(GFPLAB_WORD) {} };
const struct gfplab_word gfplab_sources[] = { GFPLAB_SOURCES(GFPLAB_WORD) {} };
const struct gfplab_word gfplab_reserves[] = { GFPLAB_RESERVES(GFPLAB_WORD) {} };
const struct gfplab_word gfplab_claims[] = { GFPLAB_CLAIMS(GFPLAB_WORD) {} };
const struct gfplab_word gfplab_charges[] = { GFPLAB_CHARGES(GFPLAB_WORD) {} };
const struct gfplab_word gfplab_in_states[] = { GFPLAB_IN_STATES(GFPLAB_WORD) {} };
const struct gfplab_word gfplab_results[] = { GFPLAB_RESULTS(GFPLAB_WORD) {} };
const struct gfplab_word gfplab_freed[] = { GFPLAB_FREED(GFPLAB_WORD) {} };
const struct gfplab_word gfplab_outcomes[] = { GFPLAB_OUTCOMES(GFPLAB_WORD) {} };
const struct gfplab_word gfplab_observes[] = { GFPLAB_OBSERVES(GFPLAB_WORD) {} };
const struct gfplab_word gfplab_contexts[] = { GFPLAB_CONTEXTS(GFPLAB_WORD) {} };
const struct gfplab_word gfplab_scopes[] = { GFPLAB_SCOPES(GFPLAB_WORD) {} };
const struct gfplab_word gfplab_releases[] = { GFPLAB_RELEASES(GFPLAB_WORD) {} };
const struct gfplab_word gfplab_ranges[] = { GFPLAB_RANGES(GFPLAB_WORD) {} };
const struct gfplab_word gfplab_checks[] = { GFPLAB_CHECKS(GFPLAB_WORD) {} };
const struct gfplab_word gfplab_aborts[] = { GFPLAB_ABORTS(GFPLAB_WORD) {} };
const struct gfplab_word gfplab_controls[] = { GFPLAB_CONTROLS(GFPLAB_WORD) {} };
const struct gfplab_word gfplab_faults[] = { GFPLAB_FAULTS(GFPLAB_WORD) {} };

/**
 * gfplab_words_format - the words of a set, joined
 * @buf: where the text goes
 * @size: bytes in @buf; GFPLAB_WORDS_MAX is enough for the lists above
 * @words: the list
 * @set: bit n for word n; bits without a word are not printed
 * @join: what stands between two words
 *
 * Context: any; touches nothing but its arguments.
 * Return: the length of the whole text, 0 for the empty set; as with snprintf(),
 * what is over @size - 1 was left out.
 */
size_t gfplab_words_format(char *buf, size_t size, const struct gfplab_word *words, __u32 set,
			   const char *join)
{
	struct gfplab_text text = gfplab_text_begin(buf, size);

	for (; words->name; words++, set >>= 1) {
		if (!(set & 1))
			continue;
		if (text.len)
			gfplab_text_add(&text, join);
		gfplab_text_add(&text, words->name);
	}
	return text.len;
}

/**
 * gfplab_word_find - look up a word
 * @words: the list
 * @text: the word, not NUL-terminated
 * @len: its length
 *
 * Context: any; touches nothing but its arguments.
 * Return: its place in the list, which is its enumerator; -1 if it is not there.
 */
int gfplab_word_find(const struct gfplab_word *words, const char *text, size_t len)
{
	int i;

	for (i = 0; words[i].name; i++)
		if (strlen(words[i].name) == len && !memcmp(words[i].name, text, len))
			return i;
	return -1;
}
