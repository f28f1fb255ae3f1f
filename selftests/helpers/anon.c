// SPDX-License-Identifier: GPL-2.0
/*
 * anon NID MIB COMMAND [ARGUMENT...]
 *
 * Runs the command while MIB of anonymous memory are on node NID, all in use:
 * it can be swapped out, and not be reclaimed otherwise. The command gets a
 * minute. Exit status: the command's, or 2.
 */
#include "helper.h"

int main(int argc, char **argv)
{
	size_t size;

	if (argc < 4) {
		fprintf(stderr, "usage: anon NID MIB COMMAND [ARGUMENT...]\n");
		return 2;
	}
	size = strtoul(argv[2], NULL, 0) << 20;
	fill(argv[1], size);

	return run_command(argv + 3);
}
