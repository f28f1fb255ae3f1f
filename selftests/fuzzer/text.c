// SPDX-License-Identifier: GPL-2.0
/*
 * Texts to write: what is right for an option, at its limit, over it; garbage; what is too long.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "fuzzer.h"

char text[TEXT_MAX + 1];
size_t text_len;

void say(const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(text + text_len, TEXT_MAX - text_len, format, args);
	va_end(args);
	text_len += n < (int)(TEXT_MAX - text_len) ? n : (int)(TEXT_MAX - text_len) - 1;
}

void say_garbage(void)
{
	static const char alphabet[] = "0123456789-,:|+%xabN \t\n_=";
	int len = draw(40), plain = draw(2);

	while (len-- && text_len < TEXT_MAX - 1)
		text[text_len++] = plain ? alphabet[draw(sizeof(alphabet) - 1)] : (char)draw(256);
}

void say_long(void)
{
	static const int lengths[] = { 4095, 4096, 4097, 9999, 70000 };
	size_t len = lengths[draw(ARRAY_SIZE(lengths))], unit, from = text_len;

	if (one_in(2))
		say("%s=%s ", options[draw(nr_options)].name, "0");
	else
		say("%c", 1 + draw(255));
	unit = text_len - from;
	while (text_len < len)
		text[text_len] = text[text_len - unit], text_len++;
}

static void say_number(const struct option *o)
{
	static const char * const any[] = {
		"0", "-1", "1", "2147483647", "2147483648", "4294967295", "4294967296",
		"9223372036854775808", "18446744073709551615", "18446744073709551616",
		"0x10", "010", "1e3", "+1", " 1", "0x", "00000000000000000000000000000001",
	};

	switch (draw(6)) {
	case 0:
		say("%llu", o->min);
		break;
	case 1:
		say("%llu", o->max);
		break;
	case 2:
		say("%llu", o->max + 1);
		break;
	case 3:
		say("%lld", (long long)o->min - 1);
		break;
	default:
		say("%s", any[draw(ARRAY_SIZE(any))]);
	}
}

/* One of those that the option takes. */
static const char *say_word(const struct option *o)
{
	unsigned int i = draw(o->nr_words);

	say("%s", o->words[i]);
	COUNT(shared->said[o - options][i]);
	return o->words[i];
}

/* Right in form, and nothing that would keep the machine busy for long. */
void say_right(const struct option *o)
{
	if (strstr(o->form, "list of") && !o->nr_words) {
		static const char * const lists[] = { "0", "0-1", "1", "0-3", "0,2", "0-3,9" };

		say("%s", one_in(4) ? o->def : lists[draw(ARRAY_SIZE(lists))]);
	} else if (o->nr_words) {
		const char *word = say_word(o);

		if (strstr(o->form, "every:N") && !strcmp(word, "every"))
			say(":%u", 1 + draw(50));
		if (!strcmp(word, "bare") && one_in(2)) {
			say(":");
			say_word(o);
		}
		while ((strstr(o->form, "list") || strstr(o->form, "joined")) && one_in(2)) {
			say("%c", strstr(o->form, "|") ? '|' : ',');
			say_word(o);
		}
	} else if (strstr(o->form, "nid:Zone") && !one_in(3)) {
		say("%s:", a_zone());
		if (strstr(o->form, "low+") && one_in(2))
			say("%s%c%u", one_in(2) ? "low" : "high", one_in(2) ? '+' : '-', draw(50));
		else
			say("%u", 1 + draw(o->max > 200 ? 200 : o->max));
	} else if (strstr(o->form, "a version") && !one_in(4)) {
		if (one_in(4))
			say("2.6.%u", 32 + draw(8));
		else
			say("%u.%u", 3 + draw(5), draw(20));
	} else if (o->ranged && !strncmp(o->form, "a number", 8)) {
		__u64 width = o->max - o->min;

		say("%llu", o->min + draw(width > 300 ? 300 : width + 1));
	} else {
		say("%s", o->def);
	}
}

void say_value(const struct option *o)
{
	size_t from = text_len;

	switch (draw(16)) {
	default:
		say_right(o);
		break;
	case 8:
	case 9:
		say("%s", o->def);
		break;
	case 10:
		say_number(o);
		break;
	case 11:
		say("%s", a_word());
		break;
	case 12:
		say_garbage();
		break;
	case 13:
		say_right(o);
		if (text_len > from)
			text[from + draw(text_len - from)] = draw(256);
		break;
	case 14:
		say_right(&options[draw(nr_options)]);
		break;
	case 15:
		if (one_in(4))
			say_long();
		else
			say("%s", one_in(2) ? "" : "\n");
	}
}
