// SPDX-License-Identifier: GPL-2.0
/*
 * work DISK
 *
 * What a machine does all day, until it is told to end by SIGTERM: memory that is mapped,
 * used and given back, huge pages too; files that are read and written. A process each.
 * DISK is a file or block device of 4 MiB or more that is read, or `none`.
 *
 * Prints how often each process did its part. Exit status: 0; 1 if one of them failed or
 * was killed, with the reason on standard output; 2 usage.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include "helper.h"

#define MIB		(1UL << 20)
#define READ_MIB	4
#define PAUSE_US	200000	/* between two times: an emulated processor has other things to do */

static volatile sig_atomic_t ends;
static unsigned long *rounds;	/* of each process, shared */
static const char *disk;

static void use_memory(size_t size, int advice)
{
	char *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		die("mmap");
	madvise(at, size, advice);
	memset(at, 1, size);
	munmap(at, size);
}

static void pages(void) { use_memory(4 * MIB, MADV_NOHUGEPAGE); }
static void huge_pages(void) { use_memory(4 * MIB, MADV_HUGEPAGE); }

static void files(void)
{
	static char mib[1 << 20];
	int fd = memfd_create("work", 0), i;

	if (fd < 0)
		die("memfd_create");
	for (i = 0; i < 2; i++)
		if (write(fd, mib, sizeof(mib)) != (ssize_t)sizeof(mib))
			die("write");
	close(fd);
}

static void reads(void)
{
	static char mib[1 << 20];
	int fd, i;

	if (!strcmp(disk, "none")) {
		usleep(100000);
		return;
	}
	fd = open(disk, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die(disk);
	posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	for (i = 0; i < READ_MIB; i++)
		if (read(fd, mib, sizeof(mib)) != (ssize_t)sizeof(mib))
			die("read");
	close(fd);
}

/* Tasks that come and go need stacks and page tables. */
static void forks(void)
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (!pid)
		_exit(0);
	waitpid(pid, NULL, 0);
}

static const struct {
	const char *name;
	void (*part)(void);
} parts[] = {
	{ "pages", pages }, { "huge_pages", huge_pages }, { "files", files }, { "reads", reads },
	{ "forks", forks },
};

#define NR_PARTS	(int)(sizeof(parts) / sizeof(parts[0]))

static void end(int sig)
{
	(void)sig;
	ends = 1;
}

static void process(int i)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGTERM, SIG_DFL);
	for (;;) {
		parts[i].part();
		rounds[i]++;
		usleep(PAUSE_US);
	}
}

int main(int argc, char **argv)
{
	struct sigaction on_term = { .sa_handler = end };
	pid_t pids[NR_PARTS], gone;
	int i, status, failed = 0;

	if (argc != 2) {
		fprintf(stderr, "usage: work DISK\n");
		return 2;
	}
	disk = argv[1];
	rounds = mmap(NULL, NR_PARTS * sizeof(*rounds), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (rounds == MAP_FAILED)
		die("mmap");
	sigaction(SIGTERM, &on_term, NULL);
	for (i = 0; i < NR_PARTS; i++) {
		pids[i] = fork();
		if (pids[i] < 0)
			die("fork");
		if (!pids[i])
			process(i);
	}
	while (!ends && !failed) {
		gone = waitpid(-1, &status, WNOHANG);
		for (i = 0; gone > 0 && i < NR_PARTS; i++) {
			if (pids[i] != gone)
				continue;
			printf("%s: %s %d\n", parts[i].name, WIFSIGNALED(status) ? "signal" : "exit status",
			       WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
			failed = 1;
		}
		usleep(50000);
	}
	for (i = 0; i < NR_PARTS; i++) {
		kill(pids[i], SIGKILL);
		waitpid(pids[i], NULL, 0);
		printf("%s %lu%s", parts[i].name, rounds[i], i + 1 < NR_PARTS ? ", " : "\n");
	}
	return failed;
}
