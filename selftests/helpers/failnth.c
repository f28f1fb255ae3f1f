// SPDX-License-Identifier: GPL-2.0
/*
 * failnth N write FILE TEXT
 * failnth N load FILE PARAMETERS
 *
 * One write(2) of TEXT to FILE, or one finit_module(2), during which the
 * kernel lets the N-th allocation of this task fail (/proc/thread-self/fail-nth,
 * CONFIG_FAULT_INJECTION). Prints `done` or the errno by its name, then
 * `reached` if there were as many allocations, `not` if there weren't, and how
 * many there were till then.
 * Exit status: 0 that was printed, 2 usage or no fail-nth.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int load = argc == 5 && !strcmp(argv[2], "load");
	char left[16] = "";
	int fd, nth, err = 0;

	if (!load && (argc != 5 || strcmp(argv[2], "write"))) {
		fputs("usage: failnth N write FILE TEXT | failnth N load FILE PARAMETERS\n", stderr);
		return 2;
	}
	fd = open(argv[3], load ? O_RDONLY : O_WRONLY);
	nth = open("/proc/thread-self/fail-nth", O_RDWR);
	if (fd < 0 || nth < 0) {
		perror(fd < 0 ? argv[3] : "fail-nth");
		return 2;
	}
	if (write(nth, argv[1], strlen(argv[1])) < 0) {
		perror("fail-nth");
		return 2;
	}
	if (load ? syscall(SYS_finit_module, fd, argv[4], 0) != 0
		 : write(fd, argv[4], strlen(argv[4])) < 0)
		err = errno;
	/* What is left of N; 0 says that it was reached. */
	if (pread(nth, left, sizeof(left) - 1, 0) < 0)
		strcpy(left, "0");
	if (pwrite(nth, "0", 1, 0) < 0)
		perror("fail-nth");
	printf("%s %s %d\n", err ? strerrorname_np(err) : "done", atoi(left) ? "not" : "reached",
	       atoi(argv[1]) - atoi(left));
	return 0;
}
