// SPDX-License-Identifier: GPL-2.0
/*
 * delays FILE TEXT
 *
 * One write(2) of TEXT to FILE, and what the kernel then says (taskstats) that this task was delayed by:
 * `reclaims N reclaim_ns N compactions N compact_ns N`; unknown instead of N where the kernel's taskstats
 * are older than that.
 * Exit status: 0 written and told, 1 not written, 2 usage, 4 the kernel has no taskstats for us.
 */
#include <fcntl.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/taskstats.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct {
	struct nlmsghdr nl;
	struct genlmsghdr genl;
	char rest[4096];
} message;

/* One question with one attribute. Returns the length of the answer's attributes; 0 for none. */
static int ask(int sock, int family, int command, int version, int type, const void *value, int size)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct nlattr *attr = (struct nlattr *)message.rest;
	int got;

	memset(&message, 0, sizeof(message));
	attr->nla_type = type;
	attr->nla_len = NLA_HDRLEN + size;
	memcpy((char *)attr + NLA_HDRLEN, value, size);
	message.nl.nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN) + NLA_ALIGN(attr->nla_len);
	message.nl.nlmsg_type = family;
	message.nl.nlmsg_flags = NLM_F_REQUEST;
	message.genl.cmd = command;
	message.genl.version = version;
	if (sendto(sock, &message, message.nl.nlmsg_len, 0, (struct sockaddr *)&kernel, sizeof(kernel)) < 0)
		return 0;
	got = recv(sock, &message, sizeof(message), 0);
	if (got < (int)sizeof(message.nl) || message.nl.nlmsg_type == NLMSG_ERROR)
		return 0;
	return message.nl.nlmsg_len - NLMSG_LENGTH(GENL_HDRLEN);
}

/* The attribute of this type among those at @at; NULL if there is none. */
static struct nlattr *find(void *at, int size, int type)
{
	while (size >= (int)sizeof(struct nlattr)) {
		struct nlattr *attr = at;

		if (attr->nla_len < sizeof(*attr) || attr->nla_len > size)
			return NULL;
		if (attr->nla_type == type)
			return attr;
		at = (char *)at + NLA_ALIGN(attr->nla_len);
		size -= NLA_ALIGN(attr->nla_len);
	}
	return NULL;
}

static void tell(const char *name, const struct taskstats *stats, size_t size, size_t offset)
{
	if (offset + sizeof(__u64) > size)
		printf("%s unknown ", name);
	else
		printf("%s %llu ", name, *(const unsigned long long *)((const char *)stats + offset));
}

int main(int argc, char **argv)
{
	struct taskstats stats = {};
	struct nlattr *attr;
	int sock, fd, size, family;
	__u32 pid = getpid();

	if (argc != 3) {
		fputs("usage: delays FILE TEXT\n", stderr);
		return 2;
	}
	fd = open(argv[1], O_WRONLY);
	if (fd < 0 || write(fd, argv[2], strlen(argv[2])) != (ssize_t)strlen(argv[2])) {
		perror(argv[1]);
		return 1;
	}
	sock = socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
	if (sock < 0)
		return 4;
	size = ask(sock, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1, CTRL_ATTR_FAMILY_NAME, TASKSTATS_GENL_NAME,
		   sizeof(TASKSTATS_GENL_NAME));
	attr = find(message.rest, size, CTRL_ATTR_FAMILY_ID);
	if (!attr)
		return 4;
	family = *(__u16 *)((char *)attr + NLA_HDRLEN);
	size = ask(sock, family, TASKSTATS_CMD_GET, TASKSTATS_GENL_VERSION, TASKSTATS_CMD_ATTR_PID, &pid, sizeof(pid));
	attr = find(message.rest, size, TASKSTATS_TYPE_AGGR_PID);
	if (attr)
		attr = find((char *)attr + NLA_HDRLEN, attr->nla_len - NLA_HDRLEN, TASKSTATS_TYPE_STATS);
	if (!attr)
		return 4;
	size = attr->nla_len - NLA_HDRLEN;
	memcpy(&stats, (char *)attr + NLA_HDRLEN, size < (int)sizeof(stats) ? size : (int)sizeof(stats));
#define TELL(name, member) tell(name, &stats, size, offsetof(struct taskstats, member))
	TELL("reclaims", freepages_count);
	TELL("reclaim_ns", freepages_delay_total);
	TELL("compactions", compact_count);
	TELL("compact_ns", compact_delay_total);
	putchar('\n');
	return 0;
}
