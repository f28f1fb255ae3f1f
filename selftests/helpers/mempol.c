// SPDX-License-Identifier: GPL-2.0
/*
 * mempol MODE NODES COMMAND [ARGUMENT...]
 *
 * Becomes the command, with this NUMA policy: default, local, preferred, bind,
 * interleave, preferred-many or weighted-interleave; NODES is a list like
 * 0,2-3, or - for none. The command gets five minutes.
 * Exit status: the command's; 4 if the kernel does not know the mode; 2.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char * const modes[] = {	/* by the kernel's numbers */
	"default", "preferred", "bind", "interleave", "local", "preferred-many",
	"weighted-interleave",
};

#define NR_MODES ((int)(sizeof(modes) / sizeof(modes[0])))

static unsigned long parse_nodes(const char *text)
{
	unsigned long nodes = 0, first, last;
	char *end;

	if (!strcmp(text, "-"))
		return 0;
	for (;;) {
		first = last = strtoul(text, &end, 10);
		if (*end == '-')
			last = strtoul(end + 1, &end, 10);
		if (end == text || last > 62 || first > last)
			break;
		for (; first <= last; first++)
			nodes |= 1UL << first;
		if (!*end)
			return nodes;
		if (*end != ',')
			break;
		text = end + 1;
	}
	fprintf(stderr, "mempol: not a list of nodes: %s\n", text);
	exit(2);
}

int main(int argc, char **argv)
{
	unsigned long nodes;
	int mode;

	if (argc < 4) {
		fprintf(stderr, "usage: mempol MODE NODES COMMAND [ARGUMENT...]\n");
		return 2;
	}
	for (mode = 0; mode < NR_MODES; mode++)
		if (!strcmp(argv[1], modes[mode]))
			break;
	if (mode == NR_MODES) {
		fprintf(stderr, "mempol: no mode %s\n", argv[1]);
		return 2;
	}
	nodes = parse_nodes(argv[2]);
	if (syscall(SYS_set_mempolicy, mode, nodes ? &nodes : NULL, nodes ? 8 * sizeof(nodes) : 0)) {
		perror("mempol: set_mempolicy");
		/* Older kernels know fewer modes, and say the same of a wrong node. */
		return errno == EINVAL && mode > 3 ? 4 : 2;
	}
	alarm(60);
	execvp(argv[3], argv + 3);
	perror(argv[3]);
	return 2;
}
