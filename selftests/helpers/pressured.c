// SPDX-License-Identifier: GPL-2.0
/*
 * pressured GROUP LEVEL COMMAND [ARGUMENT...]
 *
 * Runs the command, and prints how often the memory cgroup GROUP (version 1) meanwhile told of memory
 * pressure of this LEVEL (low, medium, critical). The kernel tells from a kernel thread: the first
 * notice is waited for, three seconds at most.
 * Exit status: the command's, or 2; 4 if the group has no such file.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include "helper.h"

int main(int argc, char **argv)
{
	char path[4096], line[64];
	int event, level, control, status;
	struct pollfd ready;
	uint64_t times = 0;

	if (argc < 4) {
		fprintf(stderr, "usage: pressured GROUP LEVEL COMMAND [ARGUMENT...]\n");
		return 2;
	}
	event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	snprintf(path, sizeof(path), "%s/memory.pressure_level", argv[1]);
	level = open(path, O_RDONLY | O_CLOEXEC);
	snprintf(path, sizeof(path), "%s/cgroup.event_control", argv[1]);
	control = open(path, O_WRONLY | O_CLOEXEC);
	if (event < 0 || level < 0 || control < 0) {
		perror(path);
		return 4;
	}
	snprintf(line, sizeof(line), "%d %d %s", event, level, argv[2]);
	if (write(control, line, strlen(line)) < 0)
		die(path);
	status = run_command(argv + 3);
	ready = (struct pollfd){ .fd = event, .events = POLLIN };
	if (poll(&ready, 1, 3000) > 0 && read(event, &times, sizeof(times)) != sizeof(times))
		die("eventfd");
	printf("%llu\n", (unsigned long long)times);
	return status;
}
