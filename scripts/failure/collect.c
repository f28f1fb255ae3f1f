// SPDX-License-Identifier: GPL-2.0
/*
 * collect.c - where reports begin, and which lines belong to them.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "collect.h"
#include "meminfo.h"
#include "rules/portable.h"
#include "scan.h"
#include "trace.h"

#define IDLE_MAX	120	/* lines of others after which a report is over */
#define COMM_MAX	15	/* TASK_COMM_LEN - 1 */
#define HEADER_LINES	3	/* that a wrapped header may take */
#define CPU_LINES	8	/* within which a line with the kernel's name is the report's */
#define INJECTED_LINES	80	/* within which a failure is the injected one's */

/* ---- first lines */

static bool page_failure(const char *msg)
{
	return strstr(msg, "page allocation failure") ||
	       strstr(msg, "vmemmap alloc failure: order");
}

/* The OOM killer found nobody to kill; it may say so without a first line. */
static bool oom_panic(const char *msg)
{
	return strstr(msg, "Kernel panic - not syncing") &&
	       (strstr(msg, "ut of memory") || strstr(msg, "deadlocked on memory"));
}

/* Does a report begin with this line, and which? */
static bool begins(const char *msg, enum failure_kind *kind)
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

/* The command, in front of a text of the first line. */
static void take_comm(struct failure *f, const char *msg, const char *text)
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
	size_t len = strspn(s, "0123456789-,");

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
}

static void take_order(struct failure *f, const char *s)
{
	static const char * const keys[] = { "order:", "order=", "page order " };
	long order;
	size_t i;

	/* of SLUB: the order that was tried last, see slab_line() */
	if (f->kind == KIND_slab)
		return;
	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		if (!scan_value(s, keys[i], &order))
			continue;
		f->sysrq = order < 0;
		f->order = order >= 0 && order < 64 ? order : UNKNOWN;
		return;
	}
}

/* Node lists that a line has. */
static bool take_nodes(struct failure *f, const char *msg)
{
	const char *nodemask = scan_after(msg, "nodemask=");
	const char *mems = scan_after(msg, "mems_allowed=");

	if (nodemask && !f->nodemask[0])
		copy_list(f->nodemask, sizeof(f->nodemask), nodemask);
	if (mems && !f->mems_allowed[0])
		copy_list(f->mems_allowed, sizeof(f->mems_allowed), mems);
	return mems;
}

/* Which of its two steps failed: a range of addresses is taken first, then pages one by one. */
static void take_vmalloc(struct failure *f, const char *s)
{
	static const char * const keys[] = {
		"vmap allocation for size", "vmalloc error: size", "allocation failure:",
		"vmalloc size",             " of ",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keys); i++)
		if (scan_value(s, keys[i], &f->bytes))
			break;
	f->vmap_full |= strstr(s, "vmap allocation") || strstr(s, "vm_struct allocation failed") ||
			(strstr(s, "vmalloc: allocation failure:") &&
			 !strstr(s, "page allocation failure"));
}

/* What all first lines have, as far as the header goes by now. */
static void take_header(struct failure *f)
{
	take_gfp(f, f->header);
	take_order(f, f->header);
	take_nodes(f, f->header);
	if (f->kind == KIND_vmalloc)
		take_vmalloc(f, f->header);
	scan_value(f->header, "stalls for", &f->stall_ms);
	if (scan_value(f->header, "req-size:", &f->contig_pages))
		scan_value(f->header, "ret:", &f->contig_ret);
}

static void add_header(struct failure *f, const char *msg)
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

static void begin(struct failure *f, enum failure_kind kind, const char *msg)
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
		take_comm(f, msg, texts[i]);
	f->injected = strstr(msg, "FAULT_INJECTION");
	if (kind == KIND_warn)
		take_warned(f, msg);
	add_header(f, msg);
}

static void begin_report(struct collector *c, enum failure_kind kind, const char *msg)
{
	begin(c->f, kind, msg);
	c->open = true;
	c->idle = 0;
}

/* ---- other lines */

/* The release, in front of the build's number: ... 4.9.0-8-amd64 #1 SMP */
static void take_kernel(struct failure *f, const char *msg)
{
	const char *tainted = strstr(msg, "ainted"), *comm = strstr(msg, "omm: "), *s, *build;
	struct word word, last = { NULL, 0 };

	if (f->kernel[0])
		return;
	if (!tainted)
		tainted = msg;
	/* It may have been wrapped into the next line. */
	f->wants_kernel = tainted != msg || comm;
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
	build = strstr(tainted, " #");
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
	f->wants_kernel = false;
	scan_copy(f->kernel, sizeof(f->kernel), last.s, strcspn(last.s, " )#"));
}

/* Lines about who asked: CPU and Pid, cpuset, constraint. */
static bool task_line(struct failure *f, const char *msg)
{
	const char *s;

	if (f->wants_kernel) {
		take_kernel(f, msg);
		if (f->kernel[0])
			return true;
	} else if (f->kernel[0] && f->kernel[strlen(f->kernel) - 1] == '-' && !strstr(msg, "+0x")) {
		scan_copy(f->kernel + strlen(f->kernel), sizeof(f->kernel) - strlen(f->kernel), msg,
			  strcspn(msg, " "));
		return true;
	}
	if (f->kind == KIND_warn && !f->warned[0] && strstr(msg, "+0x"))
		scan_copy(f->warned, sizeof(f->warned), msg, strcspn(msg, "+ ."));
	if ((strstr(msg, "ainted") &&
	     (strstr(msg, "PID: ") || strstr(msg, "Pid: ") || strstr(msg, "CPU: "))) ||
	    (strstr(msg, "PID: ") && strstr(msg, "Comm: "))) {
		take_kernel(f, msg);
		return true;
	}
	s = scan_after(msg, "oom-kill:constraint=");
	if (!s)
		return take_nodes(f, msg);
	take_nodes(f, msg);
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
	if (strstr(msg, "emory cgroup out of memory") || strstr(msg, "memory: usage ")) {
		f->memcg = true;
		return true;
	}
	if (strstr(msg, "killed as a result of limit of")) {
		f->memcg_task = true;
		return true;
	}
	if (strstr(msg, "Out of memory") || strstr(msg, "Killed process") ||
	    strstr(msg, "oom_reaper: ") || oom_panic(msg)) {
		f->killed = true;
		return true;
	}
	/* the table of tasks */
	return f->kind == KIND_oom && (strstr(msg, "total_vm") || task_row(msg));
}

/* cache: NAME, object size: 256, buffer size: 256, default order: 0, min order: 0 */
static bool slab_line(struct failure *f, const char *msg)
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
		scan_copy(f->slab_cache, sizeof(f->slab_cache), s, strcspn(s, ", "));
	if (scan_value(msg, "min order:", &order) || scan_value(msg, ", order:", &order))
		f->order = order >= 0 && order < 64 ? order : UNKNOWN;
	return true;
}

/* number of available pages: 3@125+20@172 => 23 free of 4096 total pages */
static bool cma_line(struct failure *f, const char *msg)
{
	const char *s = scan_after(msg, "number of available pages:");
	long run;

	if (f->kind != KIND_cma || !s)
		return false;
	f->cma_largest = 0;
	f->cma_free = 0;
	for (s += strspn(s, " "); isdigit((unsigned char)*s); s++) {
		if (!scan_number(s, strspn(s, "0123456789"), &run))
			break;
		f->cma_largest = run > f->cma_largest ? run : f->cma_largest;
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

/* More of a first line that was wrapped. */
static bool header_line(struct failure *f, const char *msg)
{
	bool brackets = strrchr(f->header, '(') > strrchr(f->header, ')');

	if (f->header_lines <= 0 || f->has_trace)
		return false;
	f->header_lines--;
	if (!brackets && strncmp(msg, "order", 5) && strncmp(msg, "mode", 4) &&
	    strncmp(msg, "gfp", 3) && strncmp(msg, "nodemask", 8) && strncmp(msg, "oom_", 4) &&
	    strncmp(msg, "(GFP", 4) && strncmp(msg, "name ", 5) && strncmp(msg, "ret:", 4))
		return false;
	add_header(f, msg);
	return !f->injected;
}

static bool belongs(struct failure *f, const char *msg)
{
	if (header_line(f, msg) || injected_line(f, msg) || task_line(f, msg) ||
	    trace_line(f, msg)) {
		f->open = OPEN_NONE;
		return true;
	}
	return meminfo_line(f, msg) || slab_line(f, msg) || cma_line(f, msg) || oom_line(f, msg);
}

/* ---- one after the other */

/* Is there anything to be said of it? Prose that quotes a first line has no more. */
static bool is_report(const struct failure *f)
{
	switch (f->kind) {
	case KIND_page_alloc_failure:
	case KIND_stall:
		return f->order != UNKNOWN || f->nr_zones || f->has_trace;
	case KIND_oom:
		return f->has_gfp || f->sysrq || f->nr_zones || f->has_trace || f->killed ||
		       f->memcg;
	case KIND_slab:
		return f->has_gfp || f->slab_cache[0];
	case KIND_warn:
		return true;
	case KIND_other:
		return f->injected || f->nr_zones;
	case KIND_cma:
		return f->contig_pages || f->contig_ret;
	default:
		return true;
	}
}

static void finish(struct collector *c, struct failure *f)
{
	if (!is_report(f))
		return;
	if (!f->kernel[0] && f->kind != KIND_slab)
		scan_copy(f->kernel, sizeof(f->kernel), c->boot, strlen(c->boot));
	if (f->kind == KIND_other && f->injected)
		c->injected = INJECTED_LINES;
	else if (c->injected > 0 && f->kind == KIND_vmalloc)
		f->injected = true;
	c->done(f);
}

/**
 * collect_end - no line follows
 * @c: the collector; a report that is open is done
 */
void collect_end(struct collector *c)
{
	if (c->open)
		finish(c, c->f);
	if (c->side_open)
		finish(c, c->side);
	c->open = false;
	c->side_open = false;
}

/*
 * A vmalloc says so first, and then has the page allocator's line; vendors have lines of their
 * own in front of a page allocation failure's.
 */
static bool goes_on(const struct failure *f, enum failure_kind kind, const char *msg)
{
	if (f->has_trace || f->nr_zones || f->kernel[0])
		return false;
	if (f->kind == KIND_page_alloc_failure && kind == f->kind)
		return !strstr(f->header, "order") || !strstr(msg, "order");
	return f->kind == KIND_vmalloc && (kind == KIND_vmalloc || kind == KIND_page_alloc_failure);
}

/* Without a first line: cut off. */
static bool begins_late(const char *msg, enum failure_kind *kind)
{
	*kind = KIND_other;
	if (strstr(msg, "Mem-Info:") || (strstr(msg, " free:") && strstr(msg, "kB min:")))
		return true;
	if (strstr(msg, "warn_alloc") && strstr(msg, "+0x")) {
		*kind = KIND_page_alloc_failure;
		return true;
	}
	*kind = KIND_oom;
	return strstr(msg, "emory cgroup out of memory: Kill") ||
	       strstr(msg, "Out of memory: Kill") || strstr(msg, "oom-kill:constraint=") ||
	       oom_panic(msg);
}

/* The line that names the kernel, kept in case that a report's first line is not there. */
static void note_cpu(struct collector *c, const char *msg)
{
	if (strstr(msg, "ainted") && strstr(msg, "omm: ")) {
		scan_copy(c->cpu, sizeof(c->cpu), msg, strlen(msg));
		c->since_cpu = 0;
	} else {
		c->since_cpu++;
	}
}

/*
 * Another CPU's few lines about a slab cache, within a report whose zones are still to come. The
 * slab's is told behind it.
 */
static bool side_line(struct collector *c, const char *msg)
{
	enum failure_kind kind;

	if (!c->open)
		return false;
	if (begins(msg, &kind) && kind == KIND_slab && c->f->has_trace && !c->f->nr_zones &&
	    !c->side_open) {
		begin(c->side, kind, msg);
		c->side_open = true;
		return true;
	}
	return c->side_open && (slab_line(c->side, msg) ||
				(c->side->header_lines > 0 && header_line(c->side, msg)));
}

static void note_boot(struct collector *c, const char *msg)
{
	const char *s = scan_after(msg, "Linux version ");

	if (s && isdigit((unsigned char)*s))
		scan_copy(c->boot, sizeof(c->boot), s, strcspn(s, " "));
}

/**
 * collect_line - take one line of a log
 * @c: the collector; @done of it is called when a report turns out to be whole
 * @line: the line
 *
 * Return: true if the line belongs to a report.
 */
bool collect_line(struct collector *c, char *line)
{
	const char *msg = log_message(line);
	enum failure_kind kind;

	c->injected -= c->injected > 0;
	if (side_line(c, msg))
		return true;
	if (c->open && c->f->kind != KIND_oom && oom_panic(msg))
		collect_end(c);
	if (begins(msg, &kind)) {
		if (c->open && goes_on(c->f, kind, msg)) {
			take_comm(c->f, msg, "page allocation failure");
			add_header(c->f, msg);
			return true;
		}
		collect_end(c);
		begin_report(c, kind, msg);
		return true;
	}
	if (c->open && (meminfo_repeats(c->f, msg) || (strstr(msg, "Mem-Info:") && c->f->nr_zones)))
		collect_end(c);
	if (!c->open) {
		if (!begins_late(msg, &kind)) {
			note_boot(c, msg);
			note_cpu(c, msg);
			return false;
		}
		begin_report(c, kind, "");
		c->f->cut = true;
		c->late = c->cpu[0] && c->since_cpu < CPU_LINES;
		if (c->late)
			take_kernel(c->f, c->cpu);
		c->since_cpu = CPU_LINES;
	}
	if (belongs(c->f, msg)) {
		if (c->f->kind == KIND_other && (c->f->killed || c->f->constraint[0]))
			c->f->kind = KIND_oom;
		c->idle = 0;
		return true;
	}
	if (++c->idle > IDLE_MAX)
		collect_end(c);
	return false;
}
