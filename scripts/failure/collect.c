// SPDX-License-Identifier: GPL-2.0
/*
 * collect.c - which lines belong to which report.
 *
 * Reports come one after the other, or at once: lines that name their caller, as
 * CONFIG_PRINTK_CALLER has it, are told apart. What is whole waits for those that began before.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include "collect.h"
#include "header.h"
#include "lines.h"
#include "meminfo.h"
#include "scan.h"

#define IDLE_MAX	120	/* lines of others after which a report is over */
#define CPU_LINES	8	/* within which a line with the kernel's name is the report's */
#define WAITING_LINES	600	/* that a first line waits for the rest of its report */
#define INJECTED_LINES	80	/* within which a failure is the injected one's */

/* ---- slots */

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
	case KIND_other:
		return f->injected || f->nr_zones;
	case KIND_cma:
		return f->contig_pages || f->contig_ret;
	default:
		return true;
	}
}

static struct slot *oldest(struct collector *c)
{
	struct slot *slot, *first = NULL;

	for (slot = c->slots; slot < c->slots + SLOTS; slot++)
		if (slot->began && (!first || slot->began < first->began))
			first = slot;
	return first;
}

/* Those that are whole and have none before them. */
static void flush(struct collector *c)
{
	struct slot *slot;

	while ((slot = oldest(c)) && !slot->open) {
		if (is_report(&slot->f))
			c->done(&slot->f);
		slot->began = 0;
	}
}

static void finish(struct collector *c, struct slot *slot)
{
	struct failure *f = &slot->f;

	if (!f->kernel[0] && f->kind != KIND_slab)
		scan_copy(f->kernel, sizeof(f->kernel), c->boot, strlen(c->boot));
	if (f->kind == KIND_other && f->injected)
		c->injected = c->lines;
	else if (f->kind == KIND_vmalloc && c->injected && c->lines - c->injected < INJECTED_LINES)
		f->injected = true;
	slot->open = false;
}

static struct slot *begin(struct collector *c, enum failure_kind kind, const char *caller,
			  const char *msg)
{
	struct slot *slot;

	for (;;) {
		for (slot = c->slots; slot < c->slots + SLOTS; slot++)
			if (!slot->began)
				goto found;
		finish(c, oldest(c));
		flush(c);
	}
found:
	header_begin(&slot->f, kind, msg);
	slot->f.suspended = c->suspending;
	slot->began = c->lines;
	slot->open = true;
	slot->side = false;
	slot->waits = false;
	slot->idle = 0;
	scan_copy(slot->caller, sizeof(slot->caller), caller, strlen(caller));
	return slot;
}

/* The report that a caller's lines belong to; NULL if it has none open. */
static struct slot *slot_of(struct collector *c, const char *caller, bool side)
{
	struct slot *slot;

	for (slot = c->slots; slot < c->slots + SLOTS; slot++)
		if (slot->open && !slot->waits && slot->side == side &&
		    !strcmp(slot->caller, caller))
			return slot;
	return NULL;
}

static void end(struct collector *c, struct slot *slot)
{
	struct slot *side = slot ? slot_of(c, slot->caller, true) : NULL;

	if (slot)
		finish(c, slot);
	if (side)
		finish(c, side);
	flush(c);
}

/**
 * collect_end - no line follows
 * @c: the collector; reports that are open are done
 */
void collect_end(struct collector *c)
{
	struct slot *slot;

	for (slot = c->slots; slot < c->slots + SLOTS; slot++)
		if (slot->open)
			finish(c, slot);
	flush(c);
}

/* ---- lines */

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
	if (strstr(msg, "warn_alloc") &&
	    (strstr(msg, "+0x") || strstr(msg, " (mm/page_alloc.c:"))) {
		*kind = KIND_page_alloc_failure;
		return true;
	}
	*kind = KIND_oom;
	return strstr(msg, "emory cgroup out of memory: Kill") ||
	       strstr(msg, "Out of memory: Kill") || strstr(msg, "oom-kill:constraint=") ||
	       header_oom_panic(msg);
}

/* What is not of a report, but tells something about those to come. */
static void note(struct collector *c, const char *msg)
{
	const char *s = scan_after(msg, "Linux version ");

	if (s && isdigit((unsigned char)*s))
		scan_copy(c->boot, sizeof(c->boot), s, strcspn(s, " "));
	if (strstr(msg, "ainted") && strstr(msg, "omm: ")) {
		scan_copy(c->cpu, sizeof(c->cpu), msg, strlen(msg));
		c->cpu_line = c->lines;
	}
	if (strstr(msg, "PM: suspend entry") || strstr(msg, "hibernation entry") ||
	    strstr(msg, "OOM killer disabled"))
		c->noted = "PM: suspend entry";
	else if (strstr(msg, "PM: suspend exit") || strstr(msg, "hibernation exit") ||
		 strstr(msg, "OOM killer enabled"))
		c->noted = "PM: suspend exit";
	if (c->noted)
		c->suspending = strstr(c->noted, "entry");
}

/* SLUB's lines of another CPU, within a report whose zones are still to come. */
static struct slot *side_line(struct collector *c, struct slot *slot, const char *msg)
{
	struct slot *side = slot_of(c, slot->caller, true);
	enum failure_kind kind;

	if (!side && header_begins(msg, &kind) && kind == KIND_slab && slot->f.has_trace &&
	    !slot->f.nr_zones) {
		side = begin(c, kind, slot->caller, msg);
		side->side = true;
		return side;
	}
	return side && (lines_slab(&side->f, msg) || header_line(&side->f, msg)) ? side : NULL;
}

static struct slot *begin_late(struct collector *c, enum failure_kind kind, const char *caller)
{
	struct slot *slot = begin(c, kind, caller, "");

	c->late = c->cpu_line && c->lines - c->cpu_line < CPU_LINES;
	if (c->late)
		lines_kernel(&slot->f, c->cpu);
	c->cpu_line = 0;
	return slot;
}

static bool over(const struct failure *f, const char *msg)
{
	if (lines_foreign(f, msg))
		return true;
	if (f->again)
		return false;
	return (f->kind != KIND_oom && header_oom_panic(msg)) || meminfo_repeats(f, msg) ||
	       (f->nr_zones && strstr(msg, "Mem-Info:"));
}

/*
 * A first line that was wrapped within what it is known by: "...: page" "allocation failure".
 * Where @next is NULL: may it be so?
 */
static bool splits(const char *line, const char *next)
{
	static const char * const known[] = {
		": page allocation failure", ": page allocation stalls for",
		": vmemmap alloc failure: order", ": vmalloc: allocation failure",
		": vmalloc error: size", "vmap allocation for size", " invoked oom-killer",
		"SLUB: Unable to allocate memory", "SLAB: Unable to allocate memory",
	};
	size_t len = strlen(line), i, head;
	const char *rest;

	for (i = 0; i < ARRAY_SIZE(known); i++) {
		for (head = 1; known[i][head]; head++) {
			if (known[i][head] != ' ' || head < 3 || head > len ||
			    strncmp(line + len - head, known[i], head))
				continue;
			rest = known[i] + head + 1;
			if (!next || !strncmp(next, rest, strlen(rest)))
				return true;
		}
	}
	return false;
}

static const char *unwrapped(struct collector *c, const char *msg)
{
	c->joined = c->wrapped[0] && splits(c->wrapped, msg);
	if (c->joined) {
		snprintf(c->unwrapped, sizeof(c->unwrapped), "%s %s", c->wrapped, msg);
		c->wrapped[0] = '\0';
		return c->unwrapped;
	}
	c->wrapped[0] = '\0';
	if (strlen(msg) < sizeof(c->wrapped) && splits(msg, NULL))
		scan_copy(c->wrapped, sizeof(c->wrapped), msg, strlen(msg));
	return msg;
}

/* A first line alone, of a report that has more. */
static bool bodiless(const struct failure *f)
{
	return !f->has_trace && !f->nr_zones && !f->kernel[0] && f->comm[0] &&
	       (f->kind == KIND_page_alloc_failure || f->kind == KIND_stall ||
		f->kind == KIND_vmalloc || f->kind == KIND_oom);
}

/* The line with a task's name goes on with the report that this task has begun. */
static struct slot *resume(struct collector *c, struct slot *slot, const char *msg)
{
	const char *comm = strstr(msg, "ainted") ? scan_after(msg, "omm: ") : NULL;
	struct slot *other;
	size_t len;

	for (other = c->slots; other < c->slots + SLOTS; other++) {
		if (!other->began || !other->waits)
			continue;
		len = strlen(other->f.comm);
		if (comm && (!slot || slot->f.kernel[0]) &&
		    !strncmp(comm, other->f.comm, len) && comm[len] == ' ') {
			end(c, slot);
			other->waits = false;
			return other;
		}
		if (c->lines - other->began > WAITING_LINES) {
			other->waits = false;
			finish(c, other);
			flush(c);
		}
	}
	return slot;
}

static struct slot *take(struct collector *c, const char *msg, const char *caller)
{
	struct slot *slot = slot_of(c, caller, false), *side;
	enum failure_kind kind;

	side = slot ? side_line(c, slot, msg) : NULL;
	if (side)
		return side;
	if (header_begins(msg, &kind)) {
		if (slot && goes_on(&slot->f, kind, msg)) {
			header_comm(&slot->f, msg, "page allocation failure");
			header_add(&slot->f, msg);
			return slot;
		}
		if (slot && bodiless(&slot->f))
			slot->waits = true;
		else
			end(c, slot);
		return begin(c, kind, caller, msg);
	}
	slot = resume(c, slot, msg);
	if (slot && over(&slot->f, msg)) {
		end(c, slot);
		slot = NULL;
	}
	if (!slot) {
		if (!begins_late(msg, &kind)) {
			note(c, msg);
			return NULL;
		}
		slot = begin_late(c, kind, caller);
	}
	if (lines_take(&slot->f, msg)) {
		if (slot->f.kind == KIND_other && (slot->f.killed || slot->f.constraint[0]))
			slot->f.kind = KIND_oom;
		slot->idle = 0;
		return slot;
	}
	note(c, msg);
	if (++slot->idle > IDLE_MAX)
		end(c, slot);
	return NULL;
}

/**
 * collect_line - take one line of a log
 * @c: the collector; @done of it is called when a report turns out to be whole
 * @line: the line
 *
 * Return: the report that the line belongs to; NULL if to none.
 */
struct failure *collect_line(struct collector *c, char *line)
{
	char caller[16];
	const char *msg = log_message(line, caller, sizeof(caller));
	struct slot *slot;

	c->lines++;
	c->noted = NULL;
	/* what a mailer has wrapped has no prefix of its own */
	if (!caller[0] && msg == line + strspn(line, " >|"))
		scan_copy(caller, sizeof(caller), c->caller, strlen(c->caller));
	scan_copy(c->caller, sizeof(c->caller), caller, strlen(caller));
	slot = take(c, unwrapped(c, msg), caller);
	return slot ? &slot->f : NULL;
}
