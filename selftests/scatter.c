// SPDX-License-Identifier: GPL-2.0
/*
 * scatter NID MIB COMMAND [ARGUMENT...]
 *
 * Runs the command while MIB of memory on node NID are single anonymous pages,
 * every second one of them free: nothing that can't be moved is in the way of
 * larger blocks. The command gets a minute. Exit status: the command's, or 2.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MPOL_DEFAULT	0
#define MPOL_BIND	2

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static void policy(int mode, unsigned long nodes)
{
	if (syscall(SYS_set_mempolicy, mode, mode ? &nodes : NULL, mode ? 8 * sizeof(nodes) : 0))
		die("set_mempolicy");
}

int main(int argc, char **argv)
{
	size_t size, page = sysconf(_SC_PAGESIZE), i;
	char *at;
	int status;
	pid_t pid;

	if (argc < 4) {
		fprintf(stderr, "usage: scatter NID MIB COMMAND [ARGUMENT...]\n");
		return 2;
	}
	size = strtoul(argv[2], NULL, 0) << 20;
	at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (at == MAP_FAILED)
		die("mmap");
	madvise(at, size, MADV_NOHUGEPAGE);
	madvise(at, size, MADV_DONTFORK);
	policy(MPOL_BIND, 1UL << atoi(argv[1]));
	memset(at, 1, size);
	policy(MPOL_DEFAULT, 0);
	for (i = 0; i < size; i += 2 * page)
		if (madvise(at + i, page, MADV_DONTNEED))
			die("MADV_DONTNEED");

	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid) {
		alarm(60);
		execvp(argv[3], argv + 3);
		die(argv[3]);
	}
	if (waitpid(pid, &status, 0) < 0)
		die("waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 2;
}
