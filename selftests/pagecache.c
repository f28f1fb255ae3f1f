// SPDX-License-Identifier: GPL-2.0
/*
 * pagecache NID MIB DISK COMMAND [ARGUMENT...]
 *
 * Runs the command while MIB of the start of the block device DISK are clean,
 * unmapped page cache on node NID. The command gets a minute.
 * Exit status: the command's, or 2.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MPOL_DEFAULT	0
#define MPOL_BIND	2

static char mib[1 << 20];

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
	int fd, left, status;
	pid_t pid;

	if (argc < 5) {
		fprintf(stderr, "usage: pagecache NID MIB DISK COMMAND [ARGUMENT...]\n");
		return 2;
	}
	/* Open to the end: the last to close a device drops its page cache. */
	fd = open(argv[3], O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die(argv[3]);
	policy(MPOL_BIND, 1UL << atoi(argv[1]));
	for (left = atoi(argv[2]); left > 0; left--)
		if (read(fd, mib, sizeof(mib)) != (ssize_t)sizeof(mib))
			die("read");
	policy(MPOL_DEFAULT, 0);

	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid) {
		alarm(60);
		execvp(argv[4], argv + 4);
		die(argv[4]);
	}
	if (waitpid(pid, &status, 0) < 0)
		die("waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 2;
}
