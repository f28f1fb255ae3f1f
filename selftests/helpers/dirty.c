// SPDX-License-Identifier: GPL-2.0
/*
 * dirty NID MIB DISK COMMAND [ARGUMENT...]
 *
 * Overwrites the start of the block device DISK, and runs the command while
 * these MIB are dirty page cache on node NID. The command gets five minutes.
 * Whether the pages stay dirty that long is for the vm.dirty_* knobs to say;
 * they are written back in the end, as the device is closed.
 * Exit status: the command's, or 2.
 */
#include <fcntl.h>
#include "helper.h"

static char mib[1 << 20];

int main(int argc, char **argv)
{
	int fd, left;

	if (argc < 5) {
		fprintf(stderr, "usage: dirty NID MIB DISK COMMAND [ARGUMENT...]\n");
		return 2;
	}
	/* Open to the end: the last to close a device drops its page cache. */
	fd = open(argv[3], O_RDWR | O_CLOEXEC);
	if (fd < 0)
		die(argv[3]);
	memset(mib, 1, sizeof(mib));
	policy(MPOL_BIND, 1UL << atoi(argv[1]));
	for (left = atoi(argv[2]); left > 0; left--)
		if (write(fd, mib, sizeof(mib)) != (ssize_t)sizeof(mib))
			die("write");
	policy(MPOL_DEFAULT, 0);

	return run_command(argv + 4);
}
