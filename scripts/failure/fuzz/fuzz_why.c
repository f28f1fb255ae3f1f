// SPDX-License-Identifier: GPL-2.0
/*
 * fuzz_why - any bytes as a log, for libFuzzer: read, judged, answered in each form.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include "../advice.h"
#include "../answer.h"
#include "../collect.h"
#include "../judge.h"
#include "../redact.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void answer(struct failure *f)
{
	judge_failure(f, 0);
	advise(f);
	answer_json(f);
	answer_text(f, 2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct log_reader log;
	static struct collector c;
	struct failure *f;
	char *line;
	FILE *in;

	if (!size)
		return 0;
	/* What is printed is not looked at, but has to be made. */
	if (!freopen("/dev/null", "w", stdout))
		return 0;
	in = fmemopen((void *)data, size, "r");
	if (!in)
		return 0;
	log = (struct log_reader){ .in = in };
	c = (struct collector){ .done = answer };
	while ((line = log_next_line(&log))) {
		f = collect_line(&c, line);
		if (f)
			redact_line(f, c.joined ? c.unwrapped : line, c.caller);
	}
	collect_end(&c);
	fclose(in);
	return 0;
}
