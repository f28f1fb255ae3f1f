// SPDX-License-Identifier: GPL-2.0
/*
 * anon NID MIB[,active] COMMAND [ARGUMENT...]
 *
 * Runs the command while MIB of anonymous memory are on node NID, all in use:
 * it can be swapped out, and not be reclaimed otherwise. It is inactive, or
 * active. The command gets five minutes. Exit status: the command's, or 2.
 */
#include <fcntl.h>
#include "helper.h"

/* Who reads another's memory marks the page as accessed: twice makes it active. */
static void activate(const char *at, size_t size)
{
	int fd = open("/proc/self/mem", O_RDONLY | O_CLOEXEC), twice;
	size_t i;
	char c;

	if (fd < 0)
		die("/proc/self/mem");
	for (twice = 0; twice < 2; twice++)
		for (i = 0; i < size; i += 4096)
			if (pread(fd, &c, 1, (off_t)(unsigned long)(at + i)) != 1)
				die("/proc/self/mem");
	close(fd);
}

int main(int argc, char **argv)
{
	size_t size;
	char *at, *how;

	if (argc < 4) {
		fprintf(stderr, "usage: anon NID MIB[,active] COMMAND [ARGUMENT...]\n");
		return 2;
	}
	size = strtoul(argv[2], &how, 0) << 20;
	at = fill(argv[1], size);
	if (!strcmp(how, ",active"))
		activate(at, size);

	return run_command(argv + 3);
}
