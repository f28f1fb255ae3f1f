// SPDX-License-Identifier: GPL-2.0
/*
 * write1 [-c] FILE TEXT
 *
 * One write(2) of TEXT to FILE, and the errno by its name on stdout, which
 * echo in a shell cannot tell. -c gives up CAP_SYS_ADMIN first.
 * Exit status: 0 everything was written, 1 an errno or a short write, 2 usage.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct {
	int nr;
	const char *name;
} errnos[] = {
#define E(name) { name, #name }
	E(EPERM), E(ENOENT), E(EINTR), E(EIO), E(E2BIG), E(EBADF), E(EAGAIN),
	E(ENOMEM), E(EACCES), E(EFAULT), E(EBUSY), E(EEXIST), E(ENODEV),
	E(ENOTDIR), E(EISDIR), E(EINVAL), E(ENOSPC), E(ERANGE), E(ENOSYS),
	E(ENAMETOOLONG), E(EOPNOTSUPP), E(EOVERFLOW), E(ETIMEDOUT), E(EILSEQ),
#undef E
};

static int say(int nr)
{
	size_t i;

	for (i = 0; i < sizeof(errnos) / sizeof(errnos[0]); i++) {
		if (errnos[i].nr == nr) {
			puts(errnos[i].name);
			return 1;
		}
	}
	printf("errno %d\n", nr);
	return 1;
}

static int drop_sys_admin(void)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2];
	const unsigned int bit = 1U << CAP_SYS_ADMIN;

	if (syscall(SYS_capget, &head, data))
		return -1;
	data[0].effective &= ~bit;
	data[0].permitted &= ~bit;
	data[0].inheritable &= ~bit;
	return syscall(SYS_capset, &head, data);
}

int main(int argc, char **argv)
{
	int fd, drop = argc > 1 && !strcmp(argv[1], "-c");
	ssize_t len, done;

	argv += drop;
	argc -= drop;
	if (argc != 3) {
		fputs("usage: write1 [-c] FILE TEXT\n", stderr);
		return 2;
	}
	if (drop && drop_sys_admin())
		return say(errno);
	fd = open(argv[1], O_WRONLY);
	if (fd < 0)
		return say(errno);
	len = strlen(argv[2]);
	done = write(fd, argv[2], len);
	if (done < 0)
		return say(errno);
	if (done != len) {
		printf("short write: %zd of %zd bytes\n", done, len);
		return 1;
	}
	return 0;
}
