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
#include <sys/prctl.h>
#include "helper.h"

#define LIMIT		60	/* seconds */

/* Written to when the victim is ready, and once more if it lives when it is asked. */
static int answers;

static void answer(int sig)
{
	(void)sig;
	if (write(answers, "", 1) != 1)
		_exit(2);
}

/*
 * In single pages: huge ones go back all together at the end of exit_mmap(),
 * after the victim has been marked as of no more use to the OOM killer, which
 * may take another one in between.
 */
static void victim(const char *nid, size_t size)
{
	alarm(LIMIT);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	offer_itself();
	fill(nid, size);
	policy(MPOL_BIND, 1UL << atoi(nid));
	signal(SIGUSR1, answer);
	answer(0);
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
	answers = ready[1];
	prey = fork();
	if (prey < 0)
		die("fork");
	if (!prey)
		victim(argv[1], strtoul(argv[2], NULL, 0) << 20);
	close(answers);
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
	/* One that was killed may take its time to end, but does not answer. */
	kill(prey, SIGUSR1);
	if (read(ready[0], &byte, 1) == 1) {
		puts("alive");
		kill(prey, SIGKILL);
		waitpid(prey, &end, 0);
	} else {
		waitpid(prey, &end, 0);
		puts(WIFSIGNALED(end) && WTERMSIG(end) == SIGKILL ? "killed" : "ended");
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 2;
}
