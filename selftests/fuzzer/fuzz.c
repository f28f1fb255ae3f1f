// SPDX-License-Identifier: GPL-2.0
/*
 * fuzz SEED OPERATIONS [PROCESSES [GRACE_MS]]
 *
 * A hostile user with CAP_SYS_ADMIN. Several processes write and read every file of the module at
 * once: values that are right, at the limit, over it, garbage, too long, in part, at odd offsets,
 * from bad addresses; jobs are made and removed, runs started, called, stopped and reset, trace
 * events toggled. Files are found by a look at the folder, options and their words by reading
 * `help`, so what is new is covered without a change here.
 *
 * What a process does, and in which order, follows from SEED and its number alone; the sum of all
 * it did is printed. Processes are whom the OOM killer likes best, and are replaced when killed.
 * With GRACE_MS operations are such that begin and end runs, of all options, and no run may last
 * longer than its timeout and that; SIGTERM ends it all at once, wherever the processes are, and the
 * number of runs is printed.
 *
 * With the module loaded with unsafe=1, what is meant to bring the machine down is left out.
 *
 * Prints, for each file, how often it was read and written, and each errno. Fails if a file, an
 * option, a word of one or a control word was never reached, if an errno is none that is foreseen,
 * if a process makes no progress, if more is held than the budget allows, or if anything is left
 * held.
 * Exit status: 0; 1 with the reason on standard output; 3 if all it lacks is to have reached
 * everything, for which it takes some 10,000 operations; 2 usage.
 *
 * Here are the processes; what they do, and who watches them, is in the other files of this folder.
 */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>
#include "fuzzer.h"

struct shared *shared;
__u64 seed;
int nr_processes = 4;
unsigned int grace_ms;
volatile sig_atomic_t ends;
static __u64 operations;

void fail(const char *format, ...)
{
	va_list args;
	int i;

	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf(" (seed %llu)\n", seed);
	fflush(stdout);
	for (i = 0; i < nr_processes; i++)
		if (shared && shared->processes[i].pid > 0)
			kill(shared->processes[i].pid, SIGKILL);
	exit(1);
}

static void set_score(const char *score)
{
	FILE *f = fopen("/proc/self/oom_score_adj", "w");

	if (f) {
		fputs(score, f);
		fclose(f);
	}
}

static void process(int number)
{
	struct process *self = &shared->processes[number];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGTERM, SIG_DFL);
	set_score("1000");
	begin_access(self);
	map_edge();
	while (self->next < operations / nr_processes) {
		begin_stream(number, self->next++);
		operate();
	}
	_exit(0);
}

pid_t spawn(int number)
{
	pid_t pid = fork();

	if (pid < 0)
		fail("fork: %s", strerror(errno));
	if (!pid)
		process(number);
	shared->processes[number].pid = pid;
	return pid;
}

static void on_term(int sig)
{
	(void)sig;
	ends = 1;
}

int main(int argc, char **argv)
{
	double begin = now();
	struct watched watched;
	bool complete;

	if (argc < 3 || argc > 5) {
		fputs("usage: fuzz SEED OPERATIONS [PROCESSES [GRACE_MS]]\n", stderr);
		return 2;
	}
	seed = strtoull(argv[1], NULL, 0);
	operations = strtoull(argv[2], NULL, 0);
	if (argc > 3)
		nr_processes = atoi(argv[3]);
	if (argc > 4) {
		grace_ms = strtoul(argv[4], NULL, 0);
		signal(SIGTERM, on_term);
		/* From here on SIGTERM makes it report. */
		puts("begun");
		fflush(stdout);
	}
	if (nr_processes < 1 || nr_processes > MAX_PROCESSES) {
		fprintf(stderr, "fuzz: 1 to %d processes\n", MAX_PROCESSES);
		return 2;
	}
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED) {
		perror("fuzz: mmap");
		return 1;
	}
	learn();
	watched = supervise();
	clean_up();
	complete = report(&watched, now() - begin);
	if (shared->strange_errno)
		fail("an errno that nobody documents: %s: %s", shared->strange, strerror(shared->strange_errno));
	return complete ? 0 : 3;
}
