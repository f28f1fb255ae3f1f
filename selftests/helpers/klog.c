// SPDX-License-Identifier: GPL-2.0
/*
 * klog MARK FILE
 *
 * Prints what the kernel has logged since the last line that has MARK in it (all, if none has), as
 * dmesg does. What was read before is in FILE, what comes now is read from descriptor 8, which the
 * caller has open on /dev/kmsg, and added: each line is read once, however often this is asked.
 * Without such a descriptor all is read anew.
 * Exit status: 0, 1 an errno, 2 usage.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KMSG	8

static char *text;
static size_t len, size;

static int die(const char *what)
{
	fprintf(stderr, "klog: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void add(const char *from, size_t n)
{
	if (len + n + 1 > size) {
		size = 2 * (len + n + 1);
		text = realloc(text, size);
		if (!text)
			die("realloc");
	}
	memcpy(text + len, from, n);
	len += n;
	text[len] = 0;
}

static void read_file(const char *name)
{
	char chunk[8192];
	ssize_t n;
	int fd = open(name, O_RDONLY);

	if (fd < 0) {
		if (errno == ENOENT)
			return;
		die(name);
	}
	while ((n = read(fd, chunk, sizeof(chunk))) > 0)
		add(chunk, n);
	if (n < 0)
		die(name);
	close(fd);
}

/* "PRIORITY,SEQUENCE,MICROSECONDS,FLAGS[,...];TEXT", and lines of " KEY=VALUE" that dmesg doesn't print */
static void add_record(char *record)
{
	char *semicolon = strchr(record, ';'), *end, stamp[40];
	unsigned long long us;

	if (!semicolon || sscanf(record, "%*u,%*u,%llu", &us) != 1)
		return;
	end = strchr(semicolon, '\n');
	snprintf(stamp, sizeof(stamp), "[%5llu.%06llu] ", us / 1000000, us % 1000000);
	add(stamp, strlen(stamp));
	if (end)
		end[1] = 0;
	add(semicolon + 1, strlen(semicolon + 1));
}

static void read_kmsg(int fd)
{
	char record[9000];
	ssize_t n;

	for (;;) {
		n = read(fd, record, sizeof(record) - 1);
		if (n > 0) {
			record[n] = 0;
			add_record(record);
		} else if (n < 0 && errno == EAGAIN) {
			return;
		} else if (n >= 0 || (errno != EPIPE && errno != EINTR)) {	/* EPIPE: lines were overwritten */
			die("/dev/kmsg");
		}
	}
}

/* Descriptor 8, if it is the log and this process may read it without waiting. */
static int find_kmsg(void)
{
	struct stat got, want;

	if (stat("/dev/kmsg", &want))
		die("/dev/kmsg");
	if (fstat(KMSG, &got) || !S_ISCHR(got.st_mode) || got.st_rdev != want.st_rdev)
		return -1;
	if (fcntl(KMSG, F_SETFL, O_NONBLOCK))
		die("fcntl");
	return KMSG;
}

static void keep(const char *name, const char *from)
{
	FILE *f = fopen(name, "w");

	if (!f || fputs(from, f) < 0 || fclose(f))
		die(name);
}

int main(int argc, char **argv)
{
	char *since, *next, *line;
	int fd;

	if (argc != 3) {
		fprintf(stderr, "usage: klog MARK FILE\n");
		return 2;
	}
	add("", 0);
	fd = find_kmsg();
	if (fd >= 0) {
		read_file(argv[2]);
	} else {
		fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK);
		if (fd < 0)
			die("/dev/kmsg");
	}
	read_kmsg(fd);
	for (since = next = text; (next = strstr(next, argv[1])); since = next++)
		;
	while (since > text && since[-1] != '\n')
		since--;
	keep(argv[2], since);
	for (line = since; *line; line = next) {
		next = strchr(line, '\n');
		next = next ? next + 1 : line + strlen(line);
		if (line == since && strstr(line, argv[1]) && strstr(line, argv[1]) < next)
			continue;
		/* It says that this machine was slow for a moment. */
		if (!memmem(line, next - line, "hrtimer: interrupt took", 23))
			fwrite(line, 1, next - line, stdout);
	}
	return fclose(stdout) ? die("stdout") : 0;
}
