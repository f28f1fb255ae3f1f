// SPDX-License-Identifier: GPL-2.0
/*
 * mapped NID MIB DISK lock|exec|used COMMAND [ARGUMENT...]
 *
 * Runs the command while MIB of the start of the block device DISK are page cache on node NID that
 * is mapped: active and locked; active, executable and touched again and again; or the same, but
 * inactive at first.
 * Exit status: the command's, or 2.
 */
#include <fcntl.h>
#include <signal.h>
#include "helper.h"

static char mib[1 << 20];

static void read_all(int fd, int left)
{
	if (lseek(fd, 0, SEEK_SET))
		die("lseek");
	for (; left > 0; left--)
		if (read(fd, mib, sizeof(mib)) != (ssize_t)sizeof(mib))
			die("read");
}

static void touch(const volatile char *at, size_t size)
{
	size_t i;

	for (i = 0; i < size; i += 4096)
		(void)at[i];
}

int main(int argc, char **argv)
{
	size_t size;
	pid_t toucher = 0;
	int fd, lock, used, status;
	char *at;

	lock = argc >= 6 && !strcmp(argv[4], "lock");
	used = argc >= 6 && !strcmp(argv[4], "used");
	if (argc < 6 || (!lock && !used && strcmp(argv[4], "exec"))) {
		fprintf(stderr, "usage: mapped NID MIB DISK lock|exec|used COMMAND [ARGUMENT...]\n");
		return 2;
	}
	size = (size_t)atoi(argv[2]) << 20;
	fd = open(argv[3], O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die(argv[3]);
	if (posix_fadvise(fd, 0, 0, POSIX_FADV_RANDOM))
		die("posix_fadvise");
	policy(MPOL_BIND, 1UL << atoi(argv[1]));
	/* Read twice, a page of the cache is active. */
	read_all(fd, atoi(argv[2]));
	if (!used)
		read_all(fd, atoi(argv[2]));
	at = mmap(NULL, size, PROT_READ | PROT_EXEC, MAP_SHARED, fd, 0);
	if (at == MAP_FAILED)
		die("mmap");
	if (lock && mlock(at, size))
		die("mlock");
	touch(at, size);
	policy(MPOL_DEFAULT, 0);
	if (!lock)
		toucher = fork();
	if (!lock && !toucher) {
		for (;;)
			touch(at, size);
	}
	status = run_command(argv + 5);
	if (toucher > 0)
		kill(toucher, SIGKILL);
	return status;
}
