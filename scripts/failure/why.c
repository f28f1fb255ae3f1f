// SPDX-License-Identifier: GPL-2.0
/*
 * why - why did this allocation fail? See scripts/why for its options.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "advice.h"
#include "answer.h"
#include "collect.h"
#include "judge.h"
#include "redact.h"
#include "request.h"

static struct collector collector;
static unsigned int release;
static bool json;
static bool state;
static int reports;
static int explained;

static void answer(struct failure *f)
{
	reports++;
	judge_failure(f, release);
	advise(f);
	explained += f->reason != REASON_unknown;
	if (json)
		answer_json(f);
	else if (state)
		answer_state(f, reports);
	else
		answer_text(f, reports);
}

static void ignore(struct failure *f)
{
	(void)f;
	reports++;
}

static int read_log(FILE *in, struct collector *c, bool redact)
{
	static struct log_reader log;
	struct failure *f;
	char *line;

	log = (struct log_reader){ .in = in };
	while ((line = log_next_line(&log))) {
		f = collect_line(c, line);
		if (!redact)
			continue;
		if (c->noted)
			puts(c->noted);
		if (!f)
			continue;
		if (c->late)
			redact_line(f, c->cpu, c->caller);
		c->late = false;
		redact_line(f, c->joined ? c->unwrapped : line, c->caller);
	}
	collect_end(c);
	return ferror(in) ? -1 : 0;
}

static int usage(const char *why, const char *what)
{
	fprintf(stderr, "why: %s%s\n", why, what);
	return 2;
}

int main(int argc, char **argv)
{
	bool redact = false;
	int i, files = 0;

	/* scripts/why has judged them, and puts -- in front of the files */
	for (i = 1; i < argc && strcmp(argv[i], "--"); i++) {
		if (!strcmp(argv[i], "--json"))
			json = true;
		else if (!strcmp(argv[i], "--state"))
			state = true;
		else if (!strcmp(argv[i], "--redact"))
			redact = true;
		else if (strcmp(argv[i], "--kernel") || !argv[++i] ||
			 !parse_release(argv[i], &release))
			return usage("not an option, or not a version: ", argv[i] ? argv[i] : "");
	}
	i += i < argc;
	for (; i < argc || !files; i++, files++) {
		FILE *in = i < argc && strcmp(argv[i], "-") ? fopen(argv[i], "r") : stdin;

		collector = (struct collector){ .done = redact ? ignore : answer };
		if (!in || read_log(in, &collector, redact)) {
			fprintf(stderr, "why: %s: %s\n", i < argc ? argv[i] : "standard input",
				strerror(errno));
			return 3;
		}
		if (in != stdin)
			fclose(in);
	}
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "why: the answer could not be written: %s\n", strerror(errno));
		return 3;
	}
	if (!reports) {
		fprintf(stderr, "why: no report of a failed allocation in it\n");
		return 1;
	}
	return redact || explained ? 0 : 1;
}
