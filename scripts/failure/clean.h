/* SPDX-License-Identifier: GPL-2.0 */
/*
 * clean.h - lines of a log, out of text that mail, web pages and terminals have damaged.
 */
#ifndef FAILURE_CLEAN_H
#define FAILURE_CLEAN_H

#include <stdbool.h>
#include <stdio.h>

/* Longer lines are read in pieces of this size. */
#define LINE_SIZE	4096
#define LOOK_AHEAD	4096	/* bytes that the longest tag has room in */

/**
 * struct log_reader - where lines come from
 * @in: the file
 * @line: the present line, without what damaged it; a string
 * @buf: bytes that were read
 * @at: of those, how many have been used
 * @len: how many there are
 * @column: bytes before it in its line of the file
 * @last: the byte before it
 * @encoded: a = stands for what follows it
 * @text: bytes that were decoded
 * @first: of those, how many have been used
 * @nr_text: how many there are
 */
struct log_reader {
	FILE *in;
	char line[LINE_SIZE];
	char buf[1 << 16];
	size_t at;
	size_t len;
	size_t column;
	int last;
	bool encoded;
	unsigned char text[LOOK_AHEAD];
	size_t first;
	size_t nr_text;
};

char *log_next_line(struct log_reader *log);
char *log_message(char *line, char *caller, size_t size);

#endif
