// SPDX-License-Identifier: GPL-2.0
/*
 * outlive PID FILE COMMAND [ARGUMENT...]
 *
 * Runs COMMAND when process PID has ended, however that came about. What waits for it is another process, whose
 * id is written to FILE: in a session of its own, so that no signal to a process group reaches it, and asleep all
 * the while. outlive itself returns as soon as that process waits. Its standard output stays open until COMMAND ends.
 * Exit status: 0 it waits, 1 an error, 2 usage.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

static void wait_for_end(pid_t pid, int ready)
{
	int fd = syscall(SYS_pidfd_open, pid, 0);
	struct pollfd end = { .fd = fd, .events = POLLIN };

	/* One that is gone already need not be waited for. */
	if (fd < 0 && errno != ESRCH) {
		perror("pidfd_open");
		exit(1);
	}
	if (write(ready, "", 1) != 1)
		exit(1);
	close(ready);
	if (fd < 0)
		return;
	while (poll(&end, 1, -1) < 0 && errno == EINTR)
		;
	close(fd);
}

int main(int argc, char **argv)
{
	int ready[2];
	pid_t pid;
	FILE *file;
	char byte;

	if (argc < 4) {
		fputs("usage: outlive PID FILE COMMAND [ARGUMENT...]\n", stderr);
		return 2;
	}
	if (pipe(ready)) {
		perror("pipe");
		return 1;
	}
	pid = fork();
	if (pid < 0) {
		perror("fork");
		return 1;
	}
	if (!pid) {
		close(ready[0]);
		if (setsid() < 0) {
			perror("setsid");
			return 1;
		}
		wait_for_end(atoi(argv[1]), ready[1]);
		execvp(argv[3], argv + 3);
		perror(argv[3]);
		return 1;
	}
	close(ready[1]);
	if (read(ready[0], &byte, 1) != 1)
		return 1;
	file = fopen(argv[2], "w");
	if (!file || fprintf(file, "%d\n", pid) < 0 || fclose(file)) {
		perror(argv[2]);
		return 1;
	}
	return 0;
}
