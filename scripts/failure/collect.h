/* SPDX-License-Identifier: GPL-2.0 */
/*
 * collect.h - reports, out of the lines of a log.
 */
#ifndef FAILURE_COLLECT_H
#define FAILURE_COLLECT_H

#include "clean.h"
#include "failure.h"

/**
 * struct collector - which report the lines belong to
 * @f: the report that is open, if @open
 * @side: one about a slab cache that another CPU printed into it, if @side_open
 * @open: there is one
 * @side_open: there is one
 * @idle: lines since one that belonged to it
 * @boot: the kernel that the log says was booted
 * @cpu: the last line outside of reports that named the kernel
 * @since_cpu: lines since then
 * @late: the report that is open has begun without a first line, and @cpu is of it
 * @injected: the last report was of fault injection, and close by
 * @done: called with each report, when it is whole
 */
struct collector {
	struct failure *f;
	struct failure *side;
	bool open;
	bool side_open;
	int idle;
	char boot[NAME_SIZE];
	char cpu[LINE_SIZE];
	int since_cpu;
	bool late;
	int injected;
	void (*done)(struct failure *f);
};

bool collect_line(struct collector *c, char *line);
void collect_end(struct collector *c);

#endif
