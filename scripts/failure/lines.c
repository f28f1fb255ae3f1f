// SPDX-License-Identifier: GPL-2.0
/*
 * lines.c - lines of reports behind the first: the task and its kernel, cgroups, slab caches, CMA.
 */
#include <ctype.h>
#include <string.h>
#include "header.h"
#include "lines.h"
#include "meminfo.h"
#include "rules/portable.h"
#include "scan.h"
#include "trace.h"

#define KERNEL_LINES	2	/* that the release may be wrapped into */

/**
 * lines_kernel - take the release, in front of the build's number: ... 4.9.0-8-amd64 #1 SMP
 * @f: the report
 * @msg: the message of the line that has it, or of the one that it was wrapped into
 */
void lines_kernel(struct failure *f, const char *msg)
{
	const char *tainted = strstr(msg, "ainted"), *comm = strstr(msg, "omm: "), *s, *build;
	struct word word, last = { NULL, 0 };

	if (f->kernel[0])
		return;
	/* Wrapped, it is followed by the build, or has nothing but taint flags in front of it. */
	if (!tainted && f->wants_kernel && !strstr(msg, " #") &&
	    strspn(msg, "ABCDEFGHIJKLMNOPQRSTUVWXYZ- ") + strcspn(msg, " ") < strlen(msg) &&
	    strchr(msg + strspn(msg, "ABCDEFGHIJKLMNOPQRSTUVWXYZ- "), ' '))
		return;
	if (!tainted)
		tainted = msg;
	/* It may have been wrapped into the next line, and then the build's number as well. */
	f->wants_kernel = tainted != msg || comm ? KERNEL_LINES : f->wants_kernel;
	build = strstr(tainted, " #");
	if (build)
		f->wants_kernel = 0;
	if (comm && comm < tainted) {
		const char *end = tainted;

		while (end > comm && end[-1] != ' ')
			end--;
		if (end - comm > 4 && !strncmp(end - 4, "Not ", 4))
			end -= 4;
		while (end > comm + 5 && end[-1] == ' ')
			end--;
		if (!f->comm[0])
			scan_copy(f->comm, sizeof(f->comm), comm + 5, end - comm - 5);
	}
	s = tainted;
	while (scan_word(&s, &word) && (!build || word.s < build)) {
		if (*word.s == '(') {
			word.s++;
			word.len--;
		}
		if (word.len > 2 && isdigit((unsigned char)*word.s) &&
		    memchr(word.s, '.', word.len)) {
			last = word;
			if (!build)
				break;
		}
	}
	if (!last.s)
		return;
	f->wants_kernel = 0;
	scan_copy(f->kernel, sizeof(f->kernel), last.s, strcspn(last.s, " )#"));
}

static bool names_task(const char *msg)
{
	return (strstr(msg, "ainted") &&
		(strstr(msg, "PID: ") || strstr(msg, "Pid: ") || strstr(msg, "CPU: "))) ||
	       (strstr(msg, "PID: ") && strstr(msg, "Comm: "));
}

/**
 * lines_foreign - does something begin that is no report about memory, or another task's?
 * @f: the open report
 * @msg: the message of a line
 *
 * Return: whether it does: what follows is not the report's.
 */
bool lines_foreign(const struct failure *f, const char *msg)
{
	static const char * const marks[] = {
		"BUG: ",	      "kernel BUG at ",		 "Oops: ",
		"Oops[#",	      "Oops - ",		 "Internal error: ",
		"general protection", "Unable to handle kernel", "------------[ cut here",
		"divide error: ",     "invalid opcode: ",	 "double fault: ",
		"stack segment: ",    "Kernel panic - ",	 "WARNING: CPU: ",
		"WARNING: at ",	      "INFO: task ",		 "INFO: rcu_",
		"rcu: INFO: ",	      "Linux version ",
	};
	size_t i;

	if (header_oom_panic(msg) || (f->kind == KIND_warn && strstr(msg, "panic_on_warn")))
		return false;
	for (i = 0; i < ARRAY_SIZE(marks); i++)
		if (strstr(msg, marks[i]))
			return true;
	/* A report has one such line, in front of its trace. What a slab cache says has none. */
	return names_task(msg) && (f->has_trace || f->has_meminfo || f->nr_zones ||
				   f->kind == KIND_slab);
}

/* Lines about who asked: CPU and Pid, cpuset, constraint. */
static bool task_line(struct failure *f, const char *msg)
{
	const char *s;

	if (f->wants_kernel) {
		f->wants_kernel--;
		lines_kernel(f, msg);
		if (f->kernel[0])
			return true;
	} else if (f->kernel[0] && f->kernel[strlen(f->kernel) - 1] == '-' && !strstr(msg, "+0x")) {
		scan_copy(f->kernel + strlen(f->kernel), sizeof(f->kernel) - strlen(f->kernel), msg,
			  strcspn(msg, " "));
		return true;
	}
	if (f->kind == KIND_warn && !f->warned[0] && strstr(msg, "+0x"))
		scan_copy(f->warned, sizeof(f->warned), msg, strcspn(msg, "+ ."));
	if (names_task(msg)) {
		lines_kernel(f, msg);
		return true;
	}
	s = scan_after(msg, "oom-kill:constraint=");
	if (!s)
		return header_nodes(f, msg);
	header_nodes(f, msg);
	scan_copy(f->constraint, sizeof(f->constraint), s, strcspn(s, ", "));
	f->memcg |= !strcmp(f->constraint, "CONSTRAINT_MEMCG");
	return true;
}

/* [  123]  1000   123 ...: a row of the table of tasks */
static bool task_row(const char *msg)
{
	if (*msg != '[')
		return false;
	msg++;
	msg += strspn(msg, " ");
	return strspn(msg, "0123456789") && msg[strspn(msg, "0123456789")] == ']';
}

static bool oom_line(struct failure *f, const char *msg)
{
	const char *victim;

	if (strstr(msg, "emory cgroup out of memory") || strstr(msg, "memory: usage ")) {
		f->memcg = true;
		return true;
	}
	if (strstr(msg, "killed as a result of limit of")) {
		f->memcg_task = true;
		return true;
	}
	victim = scan_after(msg, "Killed process ");
	if (victim)
		scan_copy(f->victim, sizeof(f->victim), victim, strlen(victim));
	if (victim || !strncmp(msg, "Out of memory", 13) ||
	    strstr(msg, "oom_reaper: ") || header_oom_panic(msg)) {
		f->killed = true;
		return true;
	}
	/* the table of tasks */
	return f->kind == KIND_oom && (strstr(msg, "total_vm") || task_row(msg));
}

/* NAME or, of a memory cgroup's cache (to 5.8), NAME(NUMBER:GROUP) */
static void take_cache(struct failure *f, const char *s)
{
	size_t len = strcspn(s, ", "), name = strcspn(s, "(, "), group = name;

	if (s[name] == '(')
		group += 1 + strspn(s + name + 1, "0123456789N");
	if (s[group] == ':' && s[len - 1] == ')')
		scan_name(f->slab_group, sizeof(f->slab_group), s + group + 1, len - group - 2);
	else
		name = len;
	scan_name(f->slab_cache, sizeof(f->slab_cache), s, name);
}

/**
 * lines_slab - take what SLUB or SLAB say under their first line
 * @f: the report
 * @msg: the message of a line
 *
 * Return: false if it is no such line.
 */
bool lines_slab(struct failure *f, const char *msg)
{
	const char *s = scan_after(msg, "cache: "), *orders = scan_after(msg, "min order:");
	long order;

	if (f->kind != KIND_slab)
		return false;
	if (strstr(msg, "slabs: ") && strstr(msg, "node "))
		return true;
	if (!s && !orders)
		return false;
	if (s)
		take_cache(f, s);
	if (scan_value(msg, "min order:", &order) || scan_value(msg, ", order:", &order))
		f->order = order >= 0 && order < LIST_ORDERS ? order : UNKNOWN;
	return true;
}

/* number of available pages: 3@125+20@172 => 23 free of 4096 total pages */
static bool cma_line(struct failure *f, const char *msg)
{
	const char *s = scan_after(msg, "number of available pages:");
	long run;

	if (f->kind != KIND_cma || !s)
		return false;
	f->cma_free = 0;
	for (s += strspn(s, " "); isdigit((unsigned char)*s); s++) {
		if (!scan_number(s, strspn(s, "0123456789"), &run))
			break;
		f->cma_free += run;
		s += strcspn(s, "+= ");
		if (*s != '+')
			break;
	}
	scan_value(msg, "=>", &f->cma_free);
	return true;
}

static bool injected_line(struct failure *f, const char *msg)
{
	if (!f->injected || !strstr(msg, "name ") || !strstr(msg, "interval "))
		return false;
	if (!strstr(msg, "fail_page_alloc") && !strstr(msg, "failslab"))
		f->injected = false;	/* not of memory: no report */
	return true;
}

/**
 * lines_take - take any line that is not the first
 * @f: the report
 * @msg: the message of the line
 *
 * Return: false if it is of others.
 */
bool lines_take(struct failure *f, const char *msg)
{
	if (strstr(msg, "Allocation of length ") && f->nr_zones) {
		f->again = true;	/* nommu prints it all once more */
		return true;
	}
	/* a slab cache's report has no trace: what follows is another's */
	if (header_line(f, msg) || injected_line(f, msg) || task_line(f, msg) ||
	    (f->kind != KIND_slab && trace_line(f, msg))) {
		f->open = OPEN_NONE;
		return true;
	}
	if (f->again)
		return strstr(msg, " free:") || strstr(msg, "lowmem_reserve");
	return meminfo_line(f, msg) || lines_slab(f, msg) || cma_line(f, msg) || oom_line(f, msg);
}
