// SPDX-License-Identifier: GPL-2.0
/*
 * runas user|nocap|namespace COMMAND [ARGUMENT...]
 *
 * Runs the command with fewer rights: as `user` without any; as root without CAP_SYS_ADMIN
 * (`nocap`), which it can't get back; as the root of a user namespace of its own (`namespace`), with
 * every capability there, and none here. Files that are open stay open.
 * Exit status: the command's, 2 usage, 4 the kernel has no such thing.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define NOBODY	65534

static int explain(void)
{
	fputs("usage: runas user|nocap|namespace COMMAND [ARGUMENT...]\n", stderr);
	return 2;
}

static int become_nobody(void)
{
	return setgroups(0, NULL) || setgid(NOBODY) || setuid(NOBODY);
}

static int map_root(const char *file)
{
	char line[32];
	int fd = open(file, O_WRONLY), n = snprintf(line, sizeof(line), "0 %d 1", NOBODY);

	return fd < 0 || write(fd, line, n) != n || close(fd);
}

static int enter_namespace(void)
{
	int fd;

	if (become_nobody() || prctl(PR_SET_DUMPABLE, 1) || unshare(CLONE_NEWUSER))
		return -1;
	fd = open("/proc/self/setgroups", O_WRONLY);
	if (fd < 0 || write(fd, "deny", 4) != 4)
		return -1;
	close(fd);
	return map_root("/proc/self/uid_map") || map_root("/proc/self/gid_map") || setuid(0);
}

int main(int argc, char **argv)
{
	int err;

	if (argc < 3)
		return explain();
	if (!strcmp(argv[1], "user"))
		err = become_nobody();
	else if (!strcmp(argv[1], "nocap"))	/* root gets on exec what is in the bounding set */
		err = prctl(PR_CAPBSET_DROP, CAP_SYS_ADMIN);
	else if (!strcmp(argv[1], "namespace"))
		err = enter_namespace();
	else
		return explain();
	if (err) {
		perror(argv[1]);
		return 4;
	}
	execvp(argv[2], argv + 2);
	perror(argv[2]);
	return 2;
}
