// SPDX-License-Identifier: GPL-2.0
/*
 * hungry NID MIB FILE TEXT
 *
 * Prints its pid and makes one write(2) of TEXT to FILE, while it holds MIB of
 * memory on node NID and is whom the OOM killer likes best (oom_score_adj
 * 1000): whoever runs out of memory in that write had better look here first.
 * Gets a minute. Exit status: 0 everything was written, 1 it was not, 2.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
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
	size_t size;
	FILE *f;
	char *at;
	int fd;

	if (argc != 5) {
		fprintf(stderr, "usage: hungry NID MIB FILE TEXT\n");
		return 2;
	}
	alarm(60);
	f = fopen("/proc/self/oom_score_adj", "w");
	if (!f || fputs("1000", f) < 0 || fclose(f))
		die("oom_score_adj");
	size = strtoul(argv[2], NULL, 0) << 20;
	at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (at == MAP_FAILED)
		die("mmap");
	policy(MPOL_BIND, 1UL << atoi(argv[1]));
	memset(at, 1, size);
	policy(MPOL_DEFAULT, 0);
	fd = open(argv[3], O_WRONLY);
	if (fd < 0)
		die(argv[3]);
	printf("%d\n", getpid());
	fflush(stdout);
	return write(fd, argv[4], strlen(argv[4])) != (ssize_t)strlen(argv[4]);
}
