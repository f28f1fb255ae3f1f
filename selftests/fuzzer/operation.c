// SPDX-License-Identifier: GPL-2.0
/*
 * Operations: one is drawn, with all that it needs, and carried out.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "fuzzer.h"

static void op_option(void)
{
	int i = draw(nr_files);
	const char *job = a_job();

	while (!files[i].option)
		i = (i + 1) % nr_files;
	text_len = 0;
	say_value(files[i].option);
	write_file(i, job, "option");
}

static void say_some_options(int n)
{
	struct option *o;

	while (n--) {
		o = &options[draw(nr_options)];
		say("%s=", o->name);
		say_right(o);
		say("%s", one_in(8) ? "\n\t " : " ");
	}
}

static void op_set(void)
{
	const char *job = a_job();

	text_len = 0;
	say_some_options(1 + draw(4));
	if (one_in(4)) {
		struct option *o = &options[draw(nr_options)];

		say("%s=", o->name);
		say_value(o);
	}
	write_file(file_named("set"), job, "set");
}

static void control(const char *word, const char *job)
{
	int i;

	text_len = 0;
	if (word)
		say("%s", word);
	else if (one_in(2))
		say("%s", controls[draw(nr_controls)]);
	else
		say_garbage();
	if (one_in(8))
		say("\n");
	/* A `call` that a signal ended was carried out. */
	if (!write_file(file_named("control"), job, "control") &&
	    (errno != EINTR || !word || strcmp(word, "call")))
		return;
	for (i = 0; i < nr_controls; i++)
		if (word && !strcmp(word, controls[i]))
			COUNT(shared->words[i]);
}

/* Runs of all kinds: what is asked is drawn; how long it takes, most often, is not. */
static void run(const char *word)
{
	const char *job = a_job();
	int i, set = file_named("set");

	if (one_in(2)) {
		text_len = 0;
		say("%s", job);
		write_file(file_named("create"), job, "create");
	}
	text_len = 0;
	if (one_in(2))
		for (i = 0; i < nr_options; i++)
			say("%s=%s ", options[i].name, options[i].def);
	say("count=%u duration_ms=%u timeout_ms=%u ring=%u hold=%u", draw(one_in(3) ? 20000 : 400),
	    1 + draw(200), 1 + draw(400), 1 + draw(2000), draw(1000));
	write_file(set, job, "set");
	/* Some of these are refused; then the run is a plain one. */
	for (i = draw(4); i; i--) {
		text_len = 0;
		say_some_options(1 + draw(3));
		write_file(set, job, "set");
	}
	if (one_in(6)) {	/* as much as it gets */
		text_len = 0;
		say("entry=alloc_pages gfp=GFP_KERNEL context=task nid=-1 nodes=all scope=none order=0-9 count=0 hold=0 max_pages=0 release=%s interval_us=0 duration_ms=0 timeout_ms=%u",
		    one_in(2) ? "keep" : "at_end", 100 + draw(2000));
		write_file(set, job, "set");
	}
	control(word, job);
}

static void make(const char *what)
{
	text_len = 0;
	if (one_in(8))
		say_garbage();
	else
		say("%s", a_job());
	if (one_in(30))
		say_long();
	write_file(file_named(what), "", what);
}

static void op_create(void) { make("create"); }
static void op_remove(void) { make("remove"); }
static void op_start(void) { run("start"); }
static void op_call(void) { run("call"); }
static void op_stop(void) { control("stop", a_job()); }
static void op_reset(void) { control("reset", a_job()); }
static void op_word(void) { control(NULL, a_job()); }

/* How many records the file shows */
static void op_last(void)
{
	text_len = 0;
	say("%u", draw(3000));
	write_file(file_named("last"), a_job(), "last");
}

static void op_any(void)
{
	int i = draw(nr_files);
	const char *job = a_job();

	text_len = 0;
	switch (draw(4)) {
	case 0:
		say("%s", a_word());
		break;
	case 1:
		say_garbage();
		break;
	case 2:
		if (one_in(5))
			say_long();
	}
	write_file(i, job, "any");
}

static void op_events(void)
{
	static const char * const where[] = { EVENTS "/enable", EVENTS "/gfplab_request/enable", EVENTS "/gfplab_run/enable" };
	const char *path;
	int fd;

	text_len = 0;
	say("%u", draw(2));
	path = where[draw(ARRAY_SIZE(where))];
	commit("event", path);
	fd = open(path, O_WRONLY);
	if (!outcome(&shared->events, "open", fd))
		return;
	if (outcome(&shared->events, "write", write(fd, text, text_len)))
		COUNT(shared->events.written);
	close(fd);
}

struct kind {
	int weight;
	void (*run)(void);
};

void operate(void)
{
	/* Per mille. To begin and to end a run takes a hundred times as long as the rest. */
	static const struct kind all[] = {
		{ 290, op_read }, { 290, op_option }, { 100, op_set }, { 60, op_create }, { 28, op_remove },
		{ 7, op_start }, { 3, op_call }, { 10, op_stop }, { 30, op_reset }, { 5, op_word },
		{ 60, op_any }, { 10, op_last }, { 7, op_events }, { 60, op_held }, { 40, op_nonsense }, { 0, NULL },
	};
	static const struct kind runs[] = {
		{ 450, op_start }, { 250, op_call }, { 100, op_stop }, { 100, op_reset }, { 60, op_create },
		{ 40, op_remove }, { 0, NULL },
	};
	const struct kind *kind = grace_ms ? runs : all;
	int at = draw(1000);

	while (kind[1].run && at >= kind->weight)
		at -= kind++->weight;
	kind->run();
}
