// SPDX-License-Identifier: GPL-2.0
/*
 * header.c - first lines of reports: what was asked.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "header.h"
#include "scan.h"

#define COMM_MAX	15	/* TASK_COMM_LEN - 1 */
#define HEADER_LINES	3	/* that a wrapped header may take */

static bool page_failure(const char *msg)
{
	const char *s = scan_after(msg, "page allocation failure");

	/* prose goes on in another way */
	return (s && (!*s || *s == '.' || *s == ':' || *s == ',' || !strncmp(s, " order", 6))) ||
	       strstr(msg, "vmemmap alloc failure: order");
}

/**
 * header_oom_panic - did the OOM killer find no task to kill?
 * @msg: the message of a line
 *
 * Return: whether it says so, which may be without any other first line.
 */
bool header_oom_panic(const char *msg)
{
	return strstr(msg, "Kernel panic - not syncing") &&
	       (strstr(msg, "ut of memory") || strstr(msg, "deadlocked on memory"));
}

/**
 * header_begins - does a report begin with this line?
 * @msg: the message of the line
 * @kind: filled in if so
 *
 * Return: whether it does.
 */
bool header_begins(const char *msg, enum failure_kind *kind)
{
	if (page_failure(msg))
		*kind = KIND_page_alloc_failure;
	else if (strstr(msg, "page allocation stalls for"))
		*kind = KIND_stall;
	else if (strstr(msg, "invoked oom-killer"))
		*kind = KIND_oom;
	else if (strstr(msg, "SLUB: Unable to allocate memory") ||
		 strstr(msg, "SLAB: Unable to allocate memory"))
		*kind = KIND_slab;
	else if (strstr(msg, "vmalloc: allocation failure") || strstr(msg, "vmalloc error: size") ||
		 strstr(msg, "vmalloc size") || strstr(msg, "vmap allocation for size") ||
		 strstr(msg, "vmap allocation failed"))
		*kind = KIND_vmalloc;
	else if (strstr(msg, "PFNs busy") || strstr(msg, "alloc_contig_range test_pages_isolated("))
		*kind = KIND_contig;
	else if (strstr(msg, "cma_alloc") && strstr(msg, "alloc failed"))
		*kind = KIND_cma;
	else if (strstr(msg, "WARNING: ") && strstr(msg, "mm/page_alloc.c:"))
		*kind = KIND_warn;
	else if (strstr(msg, "FAULT_INJECTION: forcing a failure"))
		*kind = KIND_other;
	else
		return false;
	return true;
}

/**
 * header_comm - take the command that stands in front of a text
 * @f: the report
 * @msg: the message of a first line
 * @text: the text
 */
void header_comm(struct failure *f, const char *msg, const char *text)
{
	const char *end = strstr(msg, text);

	if (!end || f->comm[0])
		return;
	msg += strspn(msg, " :");
	while (end > msg && (end[-1] == ' ' || end[-1] == ':'))
		end--;
	if (end < msg)
		return;
	/* A command has 15 characters; what is more stood in front of the line. */
	while (end - msg > COMM_MAX) {
		size_t skip = strcspn(msg, " ]") + 1;

		msg += msg + skip < end ? skip : (size_t)(end - msg - COMM_MAX);
	}
	scan_copy(f->comm, sizeof(f->comm), msg, end - msg);
}

static void copy_list(char *to, size_t size, const char *s)
{
	size_t len;

	/* what mail made of another = */
	if (!strncmp(s, "3D(", 3))
		s += 2;
	len = strspn(s, "0123456789-,");
	if (!strncmp(s, "(null)", 6) || !strncmp(s, "(nil)", 5))
		len = strcspn(s, ")") + 1;
	while (len && s[len - 1] == ',')
		len--;
	if (len)
		scan_copy(to, size, s, len);
}

/* mode:0x20, gfp_mask=0x201da(NAMES), (gfp=0xd0): the bits, and names if there are any. */
static void take_gfp(struct failure *f, const char *s)
{
	static const char * const keys[] = { "mode:", "gfp_mask=", "gfp=", "gfp_flags=" };
	const char *at = NULL;
	char *end;
	size_t i, len;

	for (i = 0; i < ARRAY_SIZE(keys) && !at; i++)
		at = scan_after(s, keys[i]);
	if (!at)
		return;
	at += strspn(at, " ");
	if (!isxdigit((unsigned char)*at))
		return;
	f->gfp_hex = strtoul(at, &end, 16);
	end += strspn(end, " ");
	/* digits may have been masked; names decide anyway */
	f->has_hex = *end != '*';
	end += strspn(end, "*x");
	f->has_gfp = f->has_hex || *end == '(';
	if (*end != '(')
		return;
	len = strspn(end + 1, "GFP_ABCDEHIJKLMNOQRSTUVWXYZ0123456789abcdefghijklmnopqrstuvwxyz|, ");
	scan_copy(f->gfp_names, sizeof(f->gfp_names), end + 1, len);
	f->names_cut = end[1 + len] != ')';
}

static void take_order(struct failure *f, const char *s)
{
	static const char * const keys[] = { "order:", "order=", "page order " };
	long order;
	size_t i;

	/* of SLUB: the order that was tried last, see lines_slab() */
	if (f->kind == KIND_slab)
		return;
	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		if (!scan_value(s, keys[i], &order))
			continue;
		f->sysrq = order < 0;
		f->order = order >= 0 && order < LIST_ORDERS ? order : UNKNOWN;
		return;
	}
}

/**
 * header_nodes - take the node lists that a line has
 * @f: the report
 * @msg: the message of the line
 *
 * Return: whether it has mems_allowed.
 */
bool header_nodes(struct failure *f, const char *msg)
{
	const char *nodemask = scan_after(msg, "nodemask=");
	const char *mems = scan_after(msg, "mems_allowed=");

	if (nodemask && !f->nodemask[0])
		copy_list(f->nodemask, sizeof(f->nodemask), nodemask);
	if (mems && !f->mems_allowed[0])
		copy_list(f->mems_allowed, sizeof(f->mems_allowed), mems);
	return mems;
}

static bool take_bytes(struct failure *f, const char *s)
{
	if (!s || !isdigit((unsigned char)s[strspn(s, " ")]))
		return false;
	f->bytes = strtoull(s, NULL, 10);
	f->has_bytes = true;
	return true;
}

/* Which of its two steps failed: a range of addresses is taken first, then pages one by one. */
static void take_vmalloc(struct failure *f, const char *s)
{
	static const char * const keys[] = {
		"vmalloc error: size", "allocation failure:", "vmalloc size", " of ",
		/* with a guard page */
		"vmap allocation for size",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keys); i++)
		if (take_bytes(f, scan_after(s, keys[i])))
			break;
	f->map_failed = strstr(s, "failed to map pages");
	f->over_total = strstr(s, "exceeds total pages");
	f->vmap_full |= strstr(s, "vmap allocation") || strstr(s, "vm_struct allocation failed") ||
			(strstr(s, "vmalloc: allocation failure:") &&
			 !strstr(s, "page allocation failure"));
}

/* What all first lines have, as far as the header goes by now. */
static void take_header(struct failure *f)
{
	take_gfp(f, f->header);
	take_order(f, f->header);
	header_nodes(f, f->header);
	if (f->kind == KIND_vmalloc)
		take_vmalloc(f, f->header);
	scan_value(f->header, "stalls for", &f->stall_ms);
	if (scan_value(f->header, "req-size:", &f->contig_pages))
		scan_value(f->header, "ret:", &f->contig_ret);
}

/**
 * header_add - take one more line of a header
 * @f: the report
 * @msg: the message of the line
 */
void header_add(struct failure *f, const char *msg)
{
	size_t len = strlen(f->header);
	const char *join =
		!len || f->header[len - 1] == '|' || f->header[len - 1] == ',' ? "" : " ";

	if (len && f->header[len - 1] == '_')
		join = "";
	scan_copy(f->header + len, sizeof(f->header) - len, join, strlen(join));
	len = strlen(f->header);
	scan_copy(f->header + len, sizeof(f->header) - len, msg, strlen(msg));
	take_header(f);
}

/* mm/page_alloc.c:5123 FUNCTION+0x1/0x2, or ...:5123 at FUNCTION+... */
static void take_warned(struct failure *f, const char *msg)
{
	const char *s = scan_after(msg, "mm/page_alloc.c:");

	s += strspn(s, "0123456789");
	s += strspn(s, " ");
	if (!strncmp(s, "at ", 3))
		s += 3;
	scan_copy(f->warned, sizeof(f->warned), s, strcspn(s, "+ .,"));
}

/**
 * header_begin - begin a report
 * @f: the report
 * @kind: its kind
 * @msg: the message of its first line; empty if that is not there
 */
void header_begin(struct failure *f, enum failure_kind kind, const char *msg)
{
	static const char * const texts[] = {
		"page allocation failure", "vmemmap alloc failure",
		"page allocation stalls",  "invoked oom-killer",
		"vmalloc: allocation failure", "vmalloc error: size",
	};
	size_t i;

	failure_begin(f, kind);
	f->header_lines = HEADER_LINES;
	for (i = 0; i < ARRAY_SIZE(texts); i++)
		header_comm(f, msg, texts[i]);
	f->injected = strstr(msg, "FAULT_INJECTION");
	if (kind == KIND_warn)
		take_warned(f, msg);
	header_add(f, msg);
}

/* Nothing but words of a vmalloc's first line, up to the mask, which all of them have. */
static bool vmalloc_words(const char *msg)
{
	static const char * const words[] = {
		"vmap",	    "for",   "size",   "vm_struct", "allocation", "failure", "failed",
		"allocate", "bytes", "to",     "map",	    "pages",	  "page",    "order",
		"array",    "of",    "exceeds", "total",    "allocated",
	};
	struct word word;
	size_t i;
	int n;

	for (n = 0; scan_word(&msg, &word); n++) {
		if (n && (!strncmp(word.s, "mode:", 5) || !strncmp(word.s, "nodemask=", 9)))
			return true;
		if (strchr(",:", word.s[word.len - 1]) && word.len > 1)
			word.len--;
		for (i = 0; i < ARRAY_SIZE(words) && !word_is(word, words[i]); i++)
			;
		if (i == ARRAY_SIZE(words) && strspn(word.s, "0123456789") < word.len)
			return false;
	}
	return n;
}

/**
 * header_line - take more of a first line that was wrapped
 * @f: the report
 * @msg: the message of a line
 *
 * Return: false if it is no such line.
 */
bool header_line(struct failure *f, const char *msg)
{
	bool brackets = strrchr(f->header, '(') > strrchr(f->header, ')');

	if (f->header_lines <= 0 || f->has_trace)
		return false;
	f->header_lines--;
	if (brackets && strncmp(msg, "GFP_", 4) && strncmp(msg, "__GFP_", 6) && *msg != '|' &&
	    strcspn(msg, ")|") >= strcspn(msg, " "))
		return false;
	if (!brackets && strncmp(msg, "order", 5) && strncmp(msg, "mode", 4) &&
	    strncmp(msg, "gfp", 3) && strncmp(msg, "nodemask", 8) && strncmp(msg, "oom_", 4) &&
	    strncmp(msg, "(GFP", 4) && strncmp(msg, "name ", 5) && strncmp(msg, "ret:", 4) &&
	    (f->kind != KIND_vmalloc || f->has_gfp || !vmalloc_words(msg)))
		return false;
	header_add(f, msg);
	return !f->injected;
}
