// SPDX-License-Identifier: GPL-2.0
/* ioflusher COMMAND [ARGUMENT...]: run it as what writes back for others, whose requests are all NOIO */
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

#ifndef PR_SET_IO_FLUSHER
#define PR_SET_IO_FLUSHER 57
#endif

int main(int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr, "usage: ioflusher COMMAND [ARGUMENT...]\n");
		return 2;
	}
	if (prctl(PR_SET_IO_FLUSHER, 1, 0, 0, 0)) {
		perror("PR_SET_IO_FLUSHER");
		return 1;
	}
	execvp(argv[1], argv + 1);
	perror(argv[1]);
	return 1;
}
