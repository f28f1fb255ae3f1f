// SPDX-License-Identifier: GPL-2.0
/*
 * clean.c - takes out of a line what does not come from the kernel: terminal colours, HTML,
 * quoted-printable, and in front of the message a quoting mark, a time stamp, a host.
 *
 * What is left is printable: other bytes are gone, or a question mark where they are text of
 * another alphabet.
 */
#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include "clean.h"
#include "rules/portable.h"
#include "scan.h"

/* A byte of the file; EOF behind its end. */
static int raw(struct log_reader *log, size_t ahead)
{
	if (log->at + ahead >= log->len) {
		size_t rest = log->len - log->at;

		memmove(log->buf, log->buf + log->at, rest);
		log->at = 0;
		log->len = rest + fread(log->buf + rest, 1, sizeof(log->buf) - rest, log->in);
	}
	return log->at + ahead < log->len ? (unsigned char)log->buf[log->at + ahead] : EOF;
}

/* ---- quoted-printable */

#define SOFT_BREAK_MIN	60	/* characters of a line that mail has broken at its limit */
#define SOFT_BREAK	(-2)

static int hex_digit(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* A = at the end of a line that is as long as mail allows, or where = stands for no =. */
static bool soft_break(struct log_reader *log)
{
	size_t end = raw(log, 0) == '\r';

	if (raw(log, end) != '\n' || log->last == '=' ||
	    (!log->encoded && log->column < SOFT_BREAK_MIN))
		return false;
	log->at += end + 1;
	log->column = 0;
	return true;
}

/*
 * What a = and what follows it stand for. The kernel prints = as well, and numbers behind it, as
 * in order=20: all is decoded only behind a =3D, and up to the first = that encodes nothing.
 */
static int after_equals(struct log_reader *log)
{
	int high = hex_digit(raw(log, 0)), low = high < 0 ? -1 : hex_digit(raw(log, 1));
	int c = low < 0 ? EOF : high << 4 | low;

	if (soft_break(log))
		return SOFT_BREAK;
	if (c == EOF) {
		log->encoded = false;
		return '=';
	}
	/* blanks that do not wrap don't follow on a name */
	if (c == '=' || (c == 0xa0 && !isalnum(log->last)) ||
	    (c == 0xc2 && raw(log, 2) == '=' && raw(log, 3) == 'A' && raw(log, 4) == '0'))
		log->encoded = true;
	else if (!log->encoded && c != '.')
		return '=';
	log->at += 2;
	/* encoded once more on its way */
	while (c == '=' && raw(log, 0) == '3' && raw(log, 1) == 'D')
		log->at += 2;
	return c;
}

static int decoded(struct log_reader *log)
{
	int c, is;

	do {
		c = raw(log, 0);
		if (c == EOF)
			return EOF;
		log->at++;
		is = c == '=' ? after_equals(log) : c;
		log->column = c == '\n' || is == SOFT_BREAK ? 0 : log->column + 1;
		log->last = c;
	} while (is == SOFT_BREAK);
	return is;
}

/* ---- what is decoded */

/* A byte of the text; it stays to be read. */
static int peek(struct log_reader *log, size_t ahead)
{
	int c;

	if (log->first + ahead >= sizeof(log->text)) {
		memmove(log->text, log->text + log->first, log->nr_text - log->first);
		log->nr_text -= log->first;
		log->first = 0;
	}
	while (log->first + ahead >= log->nr_text) {
		c = decoded(log);
		if (c == EOF)
			return EOF;
		log->text[log->nr_text++] = c;
	}
	return log->text[log->first + ahead];
}

/* Is this what comes next? If so, it has been read. */
static bool skips(struct log_reader *log, const char *text)
{
	size_t i;

	for (i = 0; text[i]; i++)
		if (peek(log, i) != text[i])
			return false;
	log->first += i;
	return true;
}

/* ESC [ ... LETTER, ESC ] ... BEL, ESC LETTER; a sequence that does not end ends with the line. */
static void skip_escape(struct log_reader *log)
{
	int kind = peek(log, 0), c;

	if (kind == EOF || kind == '\n')
		return;
	log->first++;
	if (kind != '[' && kind != ']')
		return;
	while ((c = peek(log, 0)) != EOF && c != '\n') {
		log->first++;
		if (kind == '[' ? c >= 0x40 && c <= 0x7e : c == '\a')
			return;
	}
}

/* ---- HTML */

/* #39; and #x27; */
static int numbered_entity(struct log_reader *log)
{
	size_t at = 1, begin;
	int base = 10, c, value = 0;

	if (peek(log, 1) == 'x' || peek(log, 1) == 'X') {
		base = 16;
		at++;
	}
	for (begin = at; at < begin + 4; at++) {
		c = toupper(peek(log, at));
		if (hex_digit(c) < 0 || hex_digit(c) >= base)
			break;
		value = value * base + hex_digit(c);
	}
	if (at == begin || peek(log, at) != ';')
		return 0;
	log->first += at + 1;
	if (value == '\n')
		return value;
	if (value == '\t' || value == '\r' || value == 160)
		return ' ';
	return value < 0x7f && isprint(value) ? value : '?';
}

/* What HTML has for a character; 0: it is no entity. */
static int entity(struct log_reader *log)
{
	static const struct {
		const char *text;
		int c;
	} entities[] = {
		{ "lt;", '<' },    { "gt;", '>' },   { "amp;", '&' },  { "quot;", '"' },
		{ "apos;", '\'' }, { "nbsp;", ' ' },
	};
	size_t i;

	if (peek(log, 0) == '#')
		return numbered_entity(log);
	for (i = 0; i < ARRAY_SIZE(entities); i++)
		if (skips(log, entities[i].text))
			return entities[i].c;
	return 0;
}

#define TAG_NAME_MAX	12
#define TAG_MAX		1000	/* with its attributes */

/* Of a tag that pages and mail put around logs. Others may be the kernel's: <IRQ>, <EOI>, <4>. */
static bool known_tag(const char *name, bool *newline)
{
	static const char * const tags[] = {
		"br", "p", "pre", "div", "li", "tr", "blockquote",
		"code", "em", "i", "b", "span", "a", "font", "tt", "u", "strong", "td", "wbr",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(tags); i++) {
		if (!strcmp(name, tags[i])) {
			*newline = i < 7;
			return true;
		}
	}
	return false;
}

/* <NAME>, </NAME>, <NAME/>, <NAME ATTRIBUTE="..."> */
static bool skips_tag(struct log_reader *log, bool *newline)
{
	size_t at = peek(log, 0) == '/', len = 0;
	char name[TAG_NAME_MAX];
	int c;

	while (len < sizeof(name) - 1 && isalpha(c = peek(log, at + len)))
		name[len++] = tolower(c);
	name[len] = '\0';
	at += len;
	c = peek(log, at);
	if ((c != '>' && c != '/' && c != ' ' && c != '\n' && c != '\r') ||
	    !known_tag(name, newline))
		return false;
	for (; at < TAG_MAX && (c = peek(log, at)) != EOF && c != '<'; at++) {
		if (c == '>') {
			log->first += at + 1;
			return true;
		}
	}
	return false;
}

/* ---- lines */

/* The end of a line as loggers write it into one: rsyslog's #012, JSON's \n. */
static bool skips_newline(struct log_reader *log, int c)
{
	return (c == '#' && skips(log, "012")) ||
	       (c == '\\' && (skips(log, "r\\n") || skips(log, "n")));
}

/**
 * log_next_line - read a line
 * @log: where from
 *
 * Return: it, without its end; NULL if there is no more.
 */
char *log_next_line(struct log_reader *log)
{
	size_t len = 0;
	bool ends = false;
	int c;

	if (peek(log, 0) == EOF)
		return NULL;
	while (!ends && len < sizeof(log->line) - 1 && (c = peek(log, 0)) != EOF) {
		/* What is plain, at once. */
		if (c == '\t')
			c = ' ';
		log->first++;
		if (c == '\n')
			break;
		if (c == '\\' || c == '#') {
			if (skips_newline(log, c))
				break;
			if (c == '\\' && skips(log, "t"))
				c = ' ';
			else if (c == '#' && skips(log, "011"))
				c = ' ';
		} else if (c == 0x1b) {
			skip_escape(log);
			continue;
		} else if (c == '&') {
			int is = entity(log);

			if (is == '\n')
				break;
			c = is ? is : c;
		} else if (c == '<') {
			if (skips_tag(log, &ends))
				continue;
		} else if (c == 0xa0 || (c == 0xc2 && peek(log, 0) == 0xa0)) {
			log->first += c != 0xa0;
			c = ' ';	/* one that does not wrap */
		} else if (c == 0xc3 && peek(log, 0) == 0x97) {
			log->first++;	/* what blogs make of 0x */
			c = 'x';
		} else if (c < ' ' || c == 0x7f) {
			continue;
		} else if (c > 0x7f) {
			c = '?';
		}
		log->line[len++] = c;
	}
	log->line[len] = '\0';
	return log->line;
}

#define PREFIX_MAX	160	/* of time stamps, hosts and numbers before a message */

/* [Sun Nov 29 10:00:00 2026] in any language, [Nov29 10:00]. */
static char *after_date(char *s)
{
	char *end = strchr(s, ']'), *colon = strchr(s, ':');

	if (!end || end - s > 40 || !colon || colon > end || colon - s < 3)
		return NULL;
	return isdigit((unsigned char)colon[-1]) && isdigit((unsigned char)colon[1]) &&
			       colon[3] == ':'
		       ? end + 1
		       : NULL;
}

/* [ 1234.567890] with what may stand before the ]; NULL if it is none. */
static char *after_stamp(char *s)
{
	char *p = s + 1;

	p += strspn(p, " +");
	if (!isdigit((unsigned char)*p))
		return NULL;
	p += strspn(p, "0123456789");
	if (*p != '.' || !isdigit((unsigned char)p[1]))
		return NULL;
	p += 1 + strspn(p + 1, "0123456789");
	if (*p == '@')
		p += strcspn(p, "] ");
	p += *p == 's';
	return *p == ']' ? p + 1 : NULL;
}

static void take_caller(char *caller, size_t size, const char *from, const char *end)
{
	from += strspn(from, " ");
	scan_copy(caller, size, from, end - from);
}

/* 4,1968,241227987550,-,caller=T12;: /dev/kmsg; @caller is filled in if it is told. */
static char *after_kmsg(char *s, char *caller, size_t size)
{
	char *end = strchr(s, ';'), *p = s, *name;
	int n;

	for (n = 0; n < 3; n++) {
		if (!isdigit((unsigned char)*p))
			return NULL;
		p += strspn(p, "0123456789");
		if (*p++ != ',')
			return NULL;
	}
	if (!end || end - s > PREFIX_MAX)
		return NULL;
	name = strstr(p, "caller=");
	if (name && name < end)
		scan_copy(caller, size, name + 7, strcspn(name + 7, ",;"));
	return end + 1;
}

/* [T123], [    C0], [pid:1,cpu5,NAME]: the task or CPU that printed the line. */
static char *after_caller(char *s)
{
	char *p = s + 1 + strspn(s + 1, " ");

	if (!strncmp(p, "pid:", 4) && strchr(p, ']'))
		return strchr(p, ']') + 1;
	if ((*p != 'T' && *p != 'C') || !isdigit((unsigned char)p[1]))
		return NULL;
	p += 1 + strspn(p + 1, "0123456789");
	return *p == ']' ? p + 1 : NULL;
}

/* <4>: how serious it is. */
static char *after_level(char *s)
{
	size_t digits = strspn(s + 1, "0123456789");

	return digits && s[1 + digits] == '>' ? s + digits + 2 : NULL;
}

static char *after_bracket(char *s)
{
	char *next = after_stamp(s);

	return next ? next : after_date(s);
}

/**
 * log_message - the kernel's part of a line
 * @line: the line
 * @caller: filled in: the task or CPU that printed it, empty if it is not told
 * @size: bytes in @caller
 *
 * Return: where it begins: after time stamps, host, `kernel:`, quoting marks, blanks.
 */
char *log_message(char *line, char *caller, size_t size)
{
	char *p, *next = strstr(line, "kernel: ");

	caller[0] = '\0';
	if (next && next - line < PREFIX_MAX)
		line = next + strlen("kernel: ");
	next = after_kmsg(line + strspn(line, " "), caller, size);
	if (next)
		return next + strspn(next, " ");
	for (p = line; *p && p - line < PREFIX_MAX; p++) {
		next = *p == '[' ? after_bracket(p) : NULL;
		if (next) {
			line = next;
			break;
		}
	}
	for (;;) {
		line += strspn(line, " >|:");
		next = NULL;
		if (*line == '<') {
			next = after_level(line);
		} else if (*line == '[') {
			next = after_caller(line);
			if (next)
				take_caller(caller, size, line + 1, next - 1);
			else
				next = after_bracket(line);
		}
		if (!next)
			return line;
		line = next;
	}
}
