// SPDX-License-Identifier: GPL-2.0
/*
 * victim NID MIB COMMAND [ARGUMENT...]
 *
 * Runs the command while a process with MIB of memory on node NID is there,
 * whom the OOM killer likes best (oom_score_adj 1000). Prints `victim PID` and,
 * when the command is done, `killed` or `alive`; then it is gone in any case.
 * Both get a minute. Exit status: the command's, or 2.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MPOL_BIND	2
#define LIMIT		60	/* seconds */

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static void offer_itself(void)
{
	FILE *f = fopen("/proc/self/oom_score_adj", "w");

	if (!f || fputs("1000", f) < 0 || fclose(f))
		die("oom_score_adj");
}

static void victim(unsigned long nodes, size_t size, int ready)
{
	char *at;

	alarm(LIMIT);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	offer_itself();
	if (syscall(SYS_set_mempolicy, MPOL_BIND, &nodes, 8 * sizeof(nodes)))
		die("set_mempolicy");
	at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (at == MAP_FAILED)
		die("mmap");
	memset(at, 1, size);
	if (write(ready, "", 1) != 1)
		die("write");
	for (;;)
		pause();
}

int main(int argc, char **argv)
{
	pid_t prey, pid;
	int status, end, ready[2];
	char byte;

	if (argc < 4) {
		fprintf(stderr, "usage: victim NID MIB COMMAND [ARGUMENT...]\n");
		return 2;
	}
	if (pipe(ready))
		die("pipe");
	prey = fork();
	if (prey < 0)
		die("fork");
	if (!prey)
		victim(1UL << atoi(argv[1]), strtoul(argv[2], NULL, 0) << 20, ready[1]);
	close(ready[1]);
	if (read(ready[0], &byte, 1) != 1)
		return 2;
	printf("victim %d\n", prey);
	fflush(stdout);

	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid) {
		alarm(LIMIT);
		execvp(argv[3], argv + 3);
		die(argv[3]);
	}
	if (waitpid(pid, &status, 0) < 0)
		die("waitpid");
	if (waitpid(prey, &end, WNOHANG) == prey) {
		puts(WIFSIGNALED(end) && WTERMSIG(end) == SIGKILL ? "killed" : "ended");
	} else {
		puts("alive");
		kill(prey, SIGKILL);
		waitpid(prey, &end, 0);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 2;
}
