// SPDX-License-Identifier: GPL-2.0
/* trylock FD: the lock of the file that is open as FD, for all who have it open so; 1 if others have it */
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>

int main(int argc, char **argv)
{
	if (argc != 2) {
		fputs("usage: trylock FD\n", stderr);
		return 2;
	}
	return flock(atoi(argv[1]), LOCK_EX | LOCK_NB) ? 1 : 0;
}
