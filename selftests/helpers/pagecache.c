// SPDX-License-Identifier: GPL-2.0
/*
 * pagecache NID MIB DISK[@MIB] COMMAND [ARGUMENT...]
 *
 * Runs the command while MIB of the block device DISK, from its start or from @MIB on, are clean,
 * unmapped page cache on node NID, in single pages. The command gets a minute.
 * Exit status: the command's, or 2.
 */
#include <fcntl.h>
#include "helper.h"

static char mib[1 << 20];

int main(int argc, char **argv)
{
	char *from;
	int fd, left;

	if (argc < 5) {
		fprintf(stderr, "usage: pagecache NID MIB DISK[@MIB] COMMAND [ARGUMENT...]\n");
		return 2;
	}
	from = strchr(argv[3], '@');
	if (from)
		*from++ = '\0';
	/* Open to the end: the last to close a device drops its page cache. */
	fd = open(argv[3], O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die(argv[3]);
	/* In single pages: readahead takes larger blocks on some kernels. */
	if (posix_fadvise(fd, 0, 0, POSIX_FADV_RANDOM))
		die("posix_fadvise");
	if (from && lseek(fd, (off_t)atoi(from) << 20, SEEK_SET) < 0)
		die("lseek");
	policy(MPOL_BIND, 1UL << atoi(argv[1]));
	for (left = atoi(argv[2]); left > 0; left--)
		if (read(fd, mib, sizeof(mib)) != (ssize_t)sizeof(mib))
			die("read");
	policy(MPOL_DEFAULT, 0);

	return run_command(argv + 4);
}
