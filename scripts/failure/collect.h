/* SPDX-License-Identifier: GPL-2.0 */
/*
 * collect.h - reports, out of the lines of a log.
 */
#ifndef FAILURE_COLLECT_H
#define FAILURE_COLLECT_H

#include "clean.h"
#include "failure.h"

#define SLOTS	6	/* reports that may be open at once, as tasks print at once */

/**
 * struct slot - a report that lines are collected for
 * @f: the report
 * @began: which line it began with; 0: the slot is free
 * @open: lines may follow
 * @waits: another report has begun between its first line and the rest
 * @side: it is of a slab cache, printed into another one
 * @idle: lines since one that belonged to it
 * @caller: the task or CPU that prints it, where lines say so
 */
struct slot {
	struct failure f;
	long began;
	bool open;
	bool waits;
	bool side;
	int idle;
	char caller[16];
};

/**
 * struct collector - reports, and what the log says besides
 * @slots: those that are open, or wait for one that began before
 * @lines: lines so far
 * @boot: the kernel that the log says was booted
 * @cpu: the last line outside of reports that named the kernel
 * @cpu_line: which one it was
 * @late: the report whose line was the last has begun without a first line, and @cpu is of it
 * @injected: the last line of a report on fault injection
 * @suspending: the machine is in suspend or resume
 * @caller: of the last line
 * @noted: what the last line says of all reports that follow; NULL if nothing
 * @wrapped: the last line, if it ended within a first line's words
 * @unwrapped: that and the present line, if @joined
 * @joined: the present line goes on with the last one
 * @done: called with each report, when it is whole
 */
struct collector {
	struct slot slots[SLOTS];
	long lines;
	char boot[NAME_SIZE];
	char cpu[LINE_SIZE];
	long cpu_line;
	bool late;
	long injected;
	bool suspending;
	char caller[16];
	const char *noted;
	char wrapped[LINE_SIZE];
	char unwrapped[2 * LINE_SIZE];
	bool joined;
	void (*done)(struct failure *f);
};

struct failure *collect_line(struct collector *c, char *line);
void collect_end(struct collector *c);

#endif
