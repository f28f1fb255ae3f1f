// SPDX-License-Identifier: GPL-2.0
/*
 * scatter NID MIB COMMAND [ARGUMENT...]
 *
 * Runs the command while MIB of memory on node NID are single anonymous pages,
 * every second one of them free: nothing that can't be moved is in the way of
 * larger blocks. The command gets a minute. Exit status: the command's, or 2.
 */
#include "helper.h"

int main(int argc, char **argv)
{
	size_t size, page = sysconf(_SC_PAGESIZE), i;
	char *at;

	if (argc < 4) {
		fprintf(stderr, "usage: scatter NID MIB COMMAND [ARGUMENT...]\n");
		return 2;
	}
	size = strtoul(argv[2], NULL, 0) << 20;
	at = fill(argv[1], size);
	for (i = 0; i < size; i += 2 * page)
		if (madvise(at + i, page, MADV_DONTNEED))
			die("MADV_DONTNEED");

	return run_command(argv + 3);
}
