// SPDX-License-Identifier: GPL-2.0
/*
 * hungry NID MIB FILE TEXT
 *
 * Prints its pid and makes one write(2) of TEXT to FILE, while it holds MIB of
 * memory on node NID and is whom the OOM killer likes best (oom_score_adj
 * 1000): a request that runs out of memory in that write makes it the first victim.
 * Gets a minute. Exit status: 0 everything was written, 1 it was not, 2.
 */
#include <fcntl.h>
#include "helper.h"

int main(int argc, char **argv)
{
	size_t size;
	int fd;

	if (argc != 5) {
		fprintf(stderr, "usage: hungry NID MIB FILE TEXT\n");
		return 2;
	}
	alarm(60);
	offer_itself();
	size = strtoul(argv[2], NULL, 0) << 20;
	fill(argv[1], size);
	fd = open(argv[3], O_WRONLY);
	if (fd < 0)
		die(argv[3]);
	printf("%d\n", getpid());
	fflush(stdout);
	return write(fd, argv[4], strlen(argv[4])) != (ssize_t)strlen(argv[4]);
}
