// SPDX-License-Identifier: GPL-2.0
/*
 * cache NID MIB COMMAND [ARGUMENT...]
 *
 * Runs the command while MIB of memory on node NID can be reclaimed at once:
 * pages of a private mapping that MADV_FREE gave up, which need neither a
 * file system nor swap. Exit status: the command's, or 2.
 */
#include "helper.h"

int main(int argc, char **argv)
{
	size_t size;
	char *at;

	if (argc < 4) {
		fprintf(stderr, "usage: cache NID MIB COMMAND [ARGUMENT...]\n");
		return 2;
	}
	size = strtoul(argv[2], NULL, 0) << 20;
	at = fill(argv[1], size);
	if (madvise(at, size, MADV_FREE))
		die("MADV_FREE");

	return run_command(argv + 3);
}
