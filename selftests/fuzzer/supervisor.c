// SPDX-License-Identifier: GPL-2.0
/*
 * The supervisor: replaces processes that were killed, and looks at what goes on meanwhile.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "fuzzer.h"

#define STUCK_SECONDS	60
#define AVAILABLE_KB	(48 << 10)	/* of the reserve of 128 MiB, what must be left at any time */

static __u64 field(const char *in, const char *key)
{
	const char *at = strstr(in, key);

	return at ? strtoull(at + strlen(key), NULL, 10) : 0;
}

/* The content of a job's file; NULL if it is gone. */
static char *job_file(const char *job, const char *file)
{
	static char buf[1 << 16];
	char name[600];
	ssize_t len, sum = 0;
	int fd;

	snprintf(name, sizeof(name), ROOT "/jobs/%s/%s", job, file);
	fd = open(name, O_RDONLY);
	if (fd < 0)
		return NULL;
	while ((len = read(fd, buf + sum, sizeof(buf) - 1 - sum)) > 0)
		sum += len;
	close(fd);
	buf[sum] = '\0';
	return len < 0 ? NULL : buf;
}

static bool try_write(const char *file, const char *what)
{
	int fd = open(file, O_WRONLY);
	bool good = fd >= 0 && write(fd, what, strlen(what)) == (ssize_t)strlen(what);

	if (fd >= 0)
		close(fd);
	return good;
}

static void must_write(const char *file, const char *what)
{
	if (!try_write(file, what))
		fail("writing %s to %s: %s", what, file, strerror(errno));
}

static void say_what_is_bad(const char *job)
{
	char *line, *save, *records = job_file(job, "records");
	int left = 5;

	for (line = strtok_r(records ? records : "", "\n", &save); line && left; line = strtok_r(NULL, "\n", &save))
		if (!strstr(line, " bad=none") && left--)
			puts(line);
}

/* The processes make no more trouble; the job shows what is wrong, and once more with records. */
static void bad_blocks(const char *job)
{
	char path[320], *said;
	int i;

	for (i = 0; i < nr_processes; i++)
		kill(shared->processes[i].pid, SIGSTOP);
	said = job_file(job, "set");
	printf("bad blocks! options of %s:\n%s", job, said ? said : "");
	said = job_file(job, "summary");
	printf("summary:\n%s", said ? said : "");
	say_what_is_bad(job);
	snprintf(path, sizeof(path), ROOT "/jobs/%s/control", job);
	if (try_write(path, "stop") && try_write(path, "reset")) {
		*strrchr(path, '/') = '\0';
		strcat(path, "/set");
		try_write(path, "observe=full timeout_ms=3000");
		*strrchr(path, '/') = '\0';
		strcat(path, "/control");
		puts(try_write(path, "call") ? "called again:" : "can't be called again");
		say_what_is_bad(job);
	}
	fail("%s has bad blocks", job);
}

/* No run lasts longer than it may, but for a worker that is inside of a request. */
static void look_at_time(const char *job, const char *status)
{
	__u64 elapsed = field(status, "elapsed_ms="), limit;
	char copy[256], *said;

	if (!strncmp(status, "state=idle", 10) || field(status, "inside=") || elapsed <= grace_ms)
		return;
	snprintf(copy, sizeof(copy), "%s", status);
	said = job_file(job, "options/timeout_ms");
	limit = said ? strtoull(said, NULL, 10) : 0;
	if (limit && elapsed > limit + grace_ms)
		fail("%s lasts longer than %llu ms and %u: %s", job, limit, grace_ms, copy);
}

/* What all jobs hold, and what is left to the system. */
static void sample(struct watched *w)
{
	__u64 pages, sum = 0, kb;
	struct dirent *entry;
	char *said;
	DIR *d = opendir(ROOT "/jobs");

	while (d && (entry = readdir(d))) {
		if (entry->d_name[0] == '.')
			continue;
		said = job_file(entry->d_name, "status");
		if (!said)
			continue;
		if (grace_ms)
			look_at_time(entry->d_name, said);
		pages = field(said, "held_pages=");
		sum += pages;
		if (pages > w->most_held)
			w->most_held = pages;
		/* What is available moves a little; a budget is a quarter of that. */
		if (pages > limit_pages + limit_pages / 20)
			fail("%s holds %llu pages, the budget is %llu", entry->d_name,
			     pages, limit_pages);
		said = job_file(entry->d_name, "summary");
		if (said && field(said, "bad_blocks "))
			bad_blocks(entry->d_name);
	}
	if (d)
		closedir(d);
	if (sum > w->most_held_together)
		w->most_held_together = sum;
	kb = field(slurp("/proc/meminfo"), "MemAvailable:");
	if (kb < w->least_available)
		w->least_available = kb;
	if (kb < AVAILABLE_KB)
		fail("%llu KiB are left to the system", kb);
}

double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

struct watched supervise(void)
{
	struct watched w = { .least_available = ~0ULL };
	double moved[MAX_PROCESSES];
	__u64 seen[MAX_PROCESSES];
	int i, status, left = nr_processes;
	pid_t pid;

	for (i = 0; i < nr_processes; i++) {
		spawn(i);
		moved[i] = now();
		seen[i] = 0;
	}
	while (left) {
		usleep(200000);
		if (ends) {
			for (i = 0; i < nr_processes; i++)
				kill(shared->processes[i].pid, SIGKILL);
			printf("runs %llu\n", runs_made());
			fflush(stdout);
			_exit(0);
		}
		sample(&w);
		while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
			for (i = 0; i < nr_processes && shared->processes[i].pid != pid; i++)
				;
			if (i == nr_processes)
				continue;
			shared->processes[i].pid = 0;
			if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) {
				w.killed++;
				spawn(i);
			} else if (status) {
				fail("process %d ended with %#x in %s", i, status, shared->processes[i].doing);
			} else {
				left--;
			}
		}
		for (i = 0; i < nr_processes; i++) {
			struct process *p = &shared->processes[i];

			if (p->next != seen[i] || !p->pid) {
				seen[i] = p->next;
				moved[i] = now();
			} else if (now() - moved[i] > STUCK_SECONDS) {
				/* Whoever sleeps, and what CPUs do, goes to the kernel's log. */
				try_write("/proc/sysrq-trigger", "w");
				try_write("/proc/sysrq-trigger", "l");
				fail("process %d is stuck in operation %llu: %s", i,
				     p->next, p->doing);
			}
		}
	}
	return w;
}

/* The fuzz is over: every job can be stopped, reset and removed, and then holds nothing. */
void clean_up(void)
{
	char name[320], *names[MAX_JOBS], *said;
	struct dirent *entry;
	int i, nr = 0;
	DIR *d = opendir(ROOT "/jobs");

	must_write(EVENTS "/enable", "0");
	while ((entry = readdir(d)) && nr < MAX_JOBS)
		if (entry->d_name[0] != '.')
			names[nr++] = strdup(entry->d_name);
	closedir(d);
	for (i = 0; i < nr; i++) {
		snprintf(name, sizeof(name), ROOT "/jobs/%s/control", names[i]);
		must_write(name, "stop");
		must_write(name, "reset");
		said = job_file(names[i], "status");
		if (!said || !strstr(said, "held_pages=0 "))
			fail("after reset: %s: %s", names[i], said);
		if (strcmp(names[i], "default"))
			must_write(ROOT "/remove", names[i]);
	}
}
