// SPDX-License-Identifier: GPL-2.0
/*
 * write1 [-c] FILE... TEXT
 *
 * One write(2) of TEXT to each FILE, and the errno by its name on stdout, which
 * echo in a shell cannot tell; a line for each FILE, if there are several, and `success`
 * where that is so. -c gives up CAP_SYS_ADMIN first.
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

static int write_to(const char *name, const char *text)
{
	const ssize_t len = strlen(text);
	ssize_t done;
	int fd = open(name, O_WRONLY);

	if (fd < 0)
		return say(errno);
	done = write(fd, text, len);
	if (done < 0)
		say(errno);
	else if (done != len)
		printf("short write: %zd of %zd bytes\n", done, len);
	close(fd);
	return done != len;
}

int main(int argc, char **argv)
{
	int drop = argc > 1 && !strcmp(argv[1], "-c"), failed = 0, err, i;

	argv += drop;
	argc -= drop;
	if (argc < 3) {
		fputs("usage: write1 [-c] FILE... TEXT\n", stderr);
		return 2;
	}
	if (drop && drop_sys_admin())
		return say(errno);
	for (i = 1; i < argc - 1; i++) {
		err = write_to(argv[i], argv[argc - 1]);
		if (!err && argc > 3)
			puts("success");
		failed |= err;
	}
	return failed;
}
