// SPDX-License-Identifier: GPL-2.0
/*
 * redact.c - prints a line of a report without host, commands, paths and addresses.
 *
 * What stands in front of the kernel's message goes whole. The rest is what a kernel prints by
 * a fixed text, and a word where a name was.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include "clean.h"
#include "redact.h"
#include "rules/portable.h"
#include "scan.h"

/* @text: what stands behind a name; the rest of the line from there, or NULL */
static const char *behind(const char *msg, const char *text)
{
	const char *s = strstr(msg, text);

	return s && s > msg ? s : NULL;
}

/* Between a text and the next of some characters stands a name. */
static void hide(char *msg, size_t size, const char *before, const char *ends, const char *with)
{
	char rest[LINE_SIZE], *at = strstr(msg, before);
	size_t skip;

	if (!at)
		return;
	at += strlen(before);
	skip = strcspn(at, ends);
	if (!skip || !strncmp(at, "(null)", 6))
		return;
	scan_copy(rest, sizeof(rest), at + skip, strlen(at + skip));
	snprintf(at, size - (at - msg), "%s%s", with, rest);
}

/* From a text to another one, which stays with the separator in front of it, or to the end. */
static void hide_until(char *msg, size_t size, const char *before, const char *next)
{
	char rest[LINE_SIZE], *at = strstr(msg, before), *end;

	if (!at)
		return;
	at += strlen(before);
	end = *next ? strstr(at, next) : NULL;
	if (!end)
		end = at + strlen(at);
	else if (end > at)
		end--;
	if (end <= at || !strncmp(at, "(null)", 6))
		return;
	scan_copy(rest, sizeof(rest), end, strlen(end));
	snprintf(at, size - (at - msg), "X%s", rest);
}

/* A slab cache's name may have its memory cgroup in brackets: (N:X) is as short as any. */
static void hide_group(char *msg)
{
	char *name = strstr(msg, "cache: "), *group, *end;

	group = name ? strchr(name, '(') : NULL;
	end = group ? strchr(group, ')') : NULL;
	if (!end || end - group < 4)
		return;
	memcpy(group + 1, "N:X", 3);
	memmove(group + 4, end, strlen(end) + 1);
}

/* Threads of the kernel are the same on every machine, and some have a priority that counts. */
static bool kernel_thread(const char *comm, size_t len)
{
	static const char * const names[] = {
		"swapper",    "kswapd",    "ksoftirqd/", "kworker/",   "kthreadd",
		"khugepaged", "kcompactd", "irq/",       "migration/",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (len >= strlen(names[i]) && !memcmp(comm, names[i], strlen(names[i])))
			return true;
	return false;
}

/* Comm: NAME Not tainted ..., where the name may have blanks; cut off behind it or not. */
static void hide_comm(char *msg, size_t size)
{
	char rest[LINE_SIZE], *comm = strstr(msg, "Comm: "), *end, *tainted;

	if (!comm)
		comm = strstr(msg, "comm: ");
	if (!comm)
		return;
	comm += strlen("Comm: ");
	end = comm + strcspn(comm, " ");
	tainted = strstr(comm, "ainted");
	if (tainted) {
		for (end = tainted; end > comm && end[-1] != ' '; end--)
			;
		if (end - comm >= 4 && !strncmp(end - 4, "Not ", 4))
			end -= 4;
		while (end > comm && end[-1] == ' ')
			end--;
	} else if (strstr(comm, " Not")) {
		end = strstr(comm, " Not");
	}
	if (kernel_thread(comm, end - comm))
		return;
	scan_copy(rest, sizeof(rest), end, strlen(end));
	snprintf(comm, size - (comm - msg), "X%s", rest);
}

/* A folder, wherever it stands in a word; offsets and kernel threads have a / as well. */
static bool has_path(const char *word, size_t len)
{
	static const char * const roots[] = {
		"/home", "/root", "/var", "/mnt", "/media", "/opt", "/tmp", "/data", "/srv", "/usr",
		"/etc", "/run", "/dev",
	};
	size_t i;

	if (len > 1 && *word == '/' && isalnum((unsigned char)word[1]))
		return true;
	for (i = 0; i < ARRAY_SIZE(roots); i++)
		if (memmem(word, len, roots[i], strlen(roots[i])))
			return true;
	return false;
}

/* Paths, mail, IPv4 and IPv6 and MAC addresses, with a mask or without. */
static bool is_private(const char *line, const char *word, size_t len)
{
	size_t i, dots = 0, colons = 0, digits = 0, slashes = 0;

	if (has_path(word, len) || memchr(word, '@', len))
		return true;
	for (i = 0; i < len; i++) {
		dots += word[i] == '.';
		colons += word[i] == ':';
		slashes += word[i] == '/';
		digits += isxdigit((unsigned char)word[i]) != 0;
	}
	/* a release has three dots as well, but stands behind the taint flags */
	return digits + dots + colons + slashes == len && digits &&
	       ((dots == 3 && !strstr(line, "ainted")) || (colons >= 2 && slashes < 2));
}

/* How much of a word, at its end, is a source file's suffix and line: .c:123 */
static size_t place_len(const char *word, size_t len)
{
	static const char * const suffixes[] = { ".c:", ".h:", ".S:", ".rs:" };
	const char *at;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(suffixes); i++) {
		size_t digits = strlen(suffixes[i]);

		at = memmem(word, len, suffixes[i], digits);
		while (at && at + digits < word + len && isdigit((unsigned char)at[digits]))
			digits++;
		if (at && digits > strlen(suffixes[i]) && at + digits == word + len)
			return digits;
	}
	return 0;
}

/* Of a frame that was decoded, the kernel's own folders stay. */
static bool own_place(const char *word, size_t len)
{
	return len && isalpha((unsigned char)*word) && place_len(word, len) &&
	       !memchr(word, '@', len) && !memmem(word, len, "/home", 5);
}

static void hide_private(char *msg)
{
	char out[LINE_SIZE];
	size_t n = 0, len;
	const char *s = msg;

	while (*s && n < sizeof(out) - 32) {
		len = strcspn(s, " ,=()\"\'");
		if (len && is_private(msg, s, len) && !own_place(s, len)) {
			size_t tail = place_len(s, len);

			out[n++] = 'X';
			if (tail > sizeof(out) - 32 - n)
				tail = 0;
			memcpy(out + n, s + len - tail, tail);
			n += tail;
		} else {
			if (len > sizeof(out) - 32 - n)
				len = sizeof(out) - 32 - n;
			memcpy(out + n, s, len);
			n += len;
		}
		s += len;
		if (*s)
			out[n++] = *s++;
	}
	out[n] = '\0';
	scan_copy(msg, LINE_SIZE, out, n);
}

/* [ 1234.567890], where lines were glued together. */
static void hide_stamps(char *msg)
{
	char *s = msg, *end;

	while ((s = strchr(s, '['))) {
		end = s + 1 + strspn(s + 1, " ");
		end += strspn(end, "0123456789.");
		if (*end != ']' || !memchr(s, '.', end - s)) {
			s++;
			continue;
		}
		end += 1 + strspn(end + 1, " ");
		memmove(s, end, strlen(end) + 1);
	}
}

/**
 * redact_line - print a line of a report
 * @f: the report that it belongs to
 * @line: the line; changed
 * @caller: the task or CPU that printed it, if that is known
 */
void redact_line(const struct failure *f, char *line, const char *caller)
{
	static const char * const after_comm[] = {
		": page allocation failure", ": page allocation stalls", " invoked oom-killer",
		": vmalloc: allocation failure", ": vmalloc error: size",
		": vmemmap alloc failure",       " cpuset=",
	};
	char msg[LINE_SIZE], printed[16];
	const char *rest = NULL, *from = log_message(line, printed, sizeof(printed));
	size_t i;

	for (i = 0; i < ARRAY_SIZE(after_comm) && !rest; i++)
		rest = behind(from, after_comm[i]);
	if (rest && !kernel_thread(from, rest - from))
		snprintf(msg, sizeof(msg), "X%s", rest);
	else
		scan_copy(msg, sizeof(msg), from, strlen(from));
	/* a host in front of it, without the word kernel */
	if (strstr(msg, " Node ") && strstr(msg, " free:"))
		memmove(msg, strstr(msg, " Node ") + 1, strlen(strstr(msg, " Node ") + 1) + 1);
	/* the table of tasks, and the names of hardware */
	if ((f->kind == KIND_oom && *msg == '[' && !strstr(msg, "+0x")) ||
	    strstr(msg, "Hardware name:"))
		return;
	hide_comm(msg, sizeof(msg));
	hide_until(msg, sizeof(msg), "cpuset=", "mems_allowed=");
	hide_until(msg, sizeof(msg), "oom_memcg=", "task_memcg=");
	hide_until(msg, sizeof(msg), "task_memcg=", "pid=");
	hide_until(msg, sizeof(msg), "ed process ", "total-vm:");
	hide_until(msg, sizeof(msg), "ill process ", "score ");
	hide_until(msg, sizeof(msg), "reaped process ", "now anon-rss");
	hide_until(msg, sizeof(msg), "unable to reap pid:", "");
	hide_until(msg, sizeof(msg), "Task in ", "killed as");
	hide_until(msg, sizeof(msg), "limit of ", "");
	hide_until(msg, sizeof(msg), "Memory cgroup stats for ", "");
	hide_until(msg, sizeof(msg), ", CPU#", "");
	hide_until(msg, sizeof(msg), "uid=", "");
	hide(msg, sizeof(msg), "UID: ", " ", "N");
	hide_group(msg);
	hide_private(msg);
	hide_stamps(msg);
	/* all that such a line tells is its question mark */
	if (msg[0] && msg[strlen(msg) - 1] == '?' && !strstr(msg, "+0x"))
		strcpy(msg, "?");
	if ((caller[0] == 'T' || caller[0] == 'C') && isdigit((unsigned char)caller[1]))
		printf("[%s] ", caller);
	puts(msg);
}
