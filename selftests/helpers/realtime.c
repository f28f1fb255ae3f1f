// SPDX-License-Identifier: GPL-2.0
/* realtime COMMAND [ARGUMENT...]: run it with SCHED_FIFO, for the allocator looks at that */
#include <sched.h>
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct sched_param param = { .sched_priority = 1 };

	if (argc < 2) {
		fprintf(stderr, "usage: realtime COMMAND [ARGUMENT...]\n");
		return 2;
	}
	if (sched_setscheduler(0, SCHED_FIFO, &param)) {
		perror("sched_setscheduler");
		return 1;
	}
	execvp(argv[1], argv + 1);
	perror(argv[1]);
	return 1;
}
