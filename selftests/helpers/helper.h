/* SPDX-License-Identifier: GPL-2.0 */
/*
 * helper.h - what helpers share that put memory of a node into a state and run
 * a command meanwhile.
 */
#ifndef GFPLAB_HELPER_H
#define GFPLAB_HELPER_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MPOL_DEFAULT	0
#define MPOL_BIND	2

static inline void die(const char *what)
{
	perror(what);
	exit(2);
}

static inline void policy(int mode, unsigned long nodes)
{
	if (syscall(SYS_set_mempolicy, mode, mode ? &nodes : NULL, mode ? 8 * sizeof(nodes) : 0))
		die("set_mempolicy");
}

/* Whom the OOM killer likes best. */
static inline void offer_itself(void)
{
	FILE *f = fopen("/proc/self/oom_score_adj", "w");

	if (!f || fputs("1000", f) < 0 || fclose(f))
		die("oom_score_adj");
}

/* Anonymous memory of a node, all in use, in single pages; children do not see it. */
static inline char *fill(const char *nid, size_t size)
{
	char *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		die("mmap");
	madvise(at, size, MADV_NOHUGEPAGE);
	madvise(at, size, MADV_DONTFORK);
	policy(MPOL_BIND, 1UL << atoi(nid));
	memset(at, 1, size);
	policy(MPOL_DEFAULT, 0);
	return at;
}

/* The command gets five minutes. Return: its exit status, or 2. */
static inline int run_command(char **command)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		die("fork");
	if (!pid) {
		alarm(300);
		execvp(command[0], command);
		die(command[0]);
	}
	if (waitpid(pid, &status, 0) < 0)
		die("waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 2;
}

#endif
