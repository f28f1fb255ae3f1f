// SPDX-License-Identifier: GPL-2.0
/*
 * dentries NID N COMMAND [ARGUMENT...]
 *
 * Looks N names up that do not exist, with its memory bound to node NID, and
 * runs the command: what the kernel remembers of them is slab that shrinkers
 * can free. The command gets five minutes. Exit status: the command's, or 2.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
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
	struct stat st;
	char name[64];
	int i;

	if (argc < 4) {
		fprintf(stderr, "usage: dentries NID N COMMAND [ARGUMENT...]\n");
		return 2;
	}
	policy(MPOL_BIND, 1UL << atoi(argv[1]));
	for (i = atoi(argv[2]); i > 0; i--) {
		snprintf(name, sizeof(name), "/sys/kernel/no-such-name-%d", i);
		stat(name, &st);
	}
	policy(MPOL_DEFAULT, 0);
	alarm(60);
	execvp(argv[3], argv + 3);
	die(argv[3]);
}
