// SPDX-License-Identifier: GPL-2.0
/*
 * lock FD SECONDS
 *
 * flock(2), which not every busybox has, of a descriptor that the shell opened: it is locked until that shell, and
 * all that inherit it from there, have closed it. Waits for others SECONDS at most.
 * Exit status: 0 it is locked, 1 others have it still, or an error, 2 usage.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

static void give_up(int nr)
{
	_exit(1);
}

int main(int argc, char **argv)
{
	if (argc != 3) {
		fputs("usage: lock FD SECONDS\n", stderr);
		return 2;
	}
	signal(SIGALRM, give_up);
	alarm(atoi(argv[2]));
	if (flock(atoi(argv[1]), LOCK_EX)) {
		perror("flock");
		return 1;
	}
	return 0;
}
