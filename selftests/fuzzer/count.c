// SPDX-License-Identifier: GPL-2.0
/*
 * What was done, in numbers: errnos as they come, everything at the end.
 */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "fuzzer.h"

static const struct {
	int nr;
	const char *name;
} errnos[] = {
#define E(name) { name, #name }
	/* the module's */
	E(EINVAL), E(ERANGE), E(ENODEV), E(EBUSY), E(EOPNOTSUPP), E(EPERM), E(ENOMEM), E(E2BIG),
	E(EEXIST), E(ENOENT), E(ENOSPC), E(EINTR),
	/* of debugfs, for a file whose job is gone; of read, write, lseek, ioctl, mmap */
	E(EIO), E(EFAULT), E(ESPIPE), E(ENOTTY), E(EBADF), E(EOVERFLOW),
#undef E
};

static_assert(ARRAY_SIZE(errnos) <= MAX_ERRNOS, "struct count has too few");

/* Return: false if it is none that is foreseen. */
bool count_errno(struct count *c, int nr)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(errnos); i++) {
		if (errnos[i].nr == nr) {
			COUNT(c->errnos[i]);
			return true;
		}
	}
	return false;
}

static void print_count(const char *name, const struct count *c)
{
	size_t i;

	printf("%-22s reads %llu (%llu KiB) writes %llu refused %llu", name, c->read,
	       c->bytes >> 10, c->written,
	       c->refused);
	for (i = 0; i < ARRAY_SIZE(errnos); i++)
		if (c->errnos[i])
			printf(" %s %llu", errnos[i].name, c->errnos[i]);
	putchar('\n');
}

static bool missed;

static void miss(const char *name, const char *what)
{
	printf("never: %s %s\n", name, what);
	missed = true;
}

__u64 runs_made(void)
{
	__u64 sum = 0;
	int i;

	for (i = 0; i < nr_controls; i++)
		if (!strcmp(controls[i], "start") || !strcmp(controls[i], "call"))
			sum += shared->words[i];
	return sum;
}

/* Return: whether everything was reached. */
bool report(const struct watched *w, double seconds)
{
	__u64 sum = 0, done = 0;
	int i, j, words = 0;

	for (i = 0; i < nr_files; i++) {
		const struct file *f = &files[i];
		const struct count *c = &shared->files[i];

		print_count(f->name, c);
		if (!c->read)
			miss(f->name, "read");
		if (f->written && !c->written)
			miss(f->name, "written");
		if (!c->refused)
			miss(f->name, "refused a write");
	}
	print_count("(trace events)", &shared->events);
	if (!shared->events.written)
		miss("trace events", "toggled");
	for (i = 0; i < nr_controls; i++) {
		printf("%s %llu%s", controls[i], shared->words[i], i + 1 < nr_controls ? ", " : "\n");
		if (!shared->words[i])
			miss(controls[i], "carried out");
	}
	for (i = 0; i < nr_options; i++)
		for (j = 0; j < options[i].nr_words; j++, words++)
			if (!shared->said[i][j])
				miss(options[i].name, options[i].words[j]);
	for (i = 0; i < nr_processes; i++) {
		done += shared->processes[i].next;
		sum = mix(sum ^ shared->processes[i].sum);
	}
	printf("%llu operations by %d processes in %.0f s, seed %llu, sum %016llx\n", done,
	       nr_processes, seconds, seed, sum);
	printf("%d files, %d options, %d words of theirs; at most %llu pages held by a job (budget %llu), %llu by all; at least %llu KiB available; %d processes killed\n",
	       nr_files, nr_options, words, w->most_held, limit_pages,
	       w->most_held_together, w->least_available, w->killed);
	return !missed;
}
