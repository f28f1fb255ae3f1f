// SPDX-License-Identifier: GPL-2.0
/*
 * With unsafe=1, the module does as it is told: what must not be told.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "fuzzer.h"

static bool has_number(const char *at, __u64 mask, __u64 most)
{
	__u64 n;
	char *end;

	for (; *at; at++) {
		if (*at < '0' || *at > '9')
			continue;
		errno = 0;
		n = strtoull(at, &end, 0);
		if (errno || n & mask || n > most)
			return true;
		if (end > at)
			at = end - 1;
	}
	return false;
}

static bool is_state(const char *option)
{
	return !strcmp(option, "squeeze=") || !strcmp(option, "fragment=") ||
	       !strcmp(option, "lists=") || !strcmp(option, "cma_only=");
}

/* Node 0 is where all tasks live. */
static bool zone_of_node_0(const char *value)
{
	for (;;) {
		if (*value >= '0' && *value <= '9' && strncmp(value, "1:", 2))
			return true;
		value += strcspn(value, ", \t\n");
		if (*value++ != ',')
			return false;
	}
}

bool deadly(const struct file *f)
{
	const char *at;
	char name[sizeof(options[0].name) + 1];
	int i;

	if (!unsafe || !f->in_job)
		return false;
	if (strcasestr(text, "NOFAIL"))
		return true;
	for (i = 0; i < nr_options; i++) {
		strcat(strcpy(name, options[i].name), "=");
		at = NULL;
		if (f->option == &options[i]) {
			at = text + strspn(text, " \t\n");
		} else if (!strcmp(f->name, "set")) {
			at = strstr(text, name);
			at = at ? at + strlen(name) : NULL;
		}
		if (!at)
			continue;
		if ((!strcmp(name, "gfp=") && has_number(at, nofail, ~0ULL)) ||
		    (!strcmp(name, "max_pages=") && has_number(at, 0, limit_pages)) ||
		    (is_state(name) && zone_of_node_0(at)))
			return true;
	}
	return false;
}
