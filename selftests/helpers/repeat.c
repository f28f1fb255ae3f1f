// SPDX-License-Identifier: GPL-2.0
/*
 * repeat FILE TEXT [TIMES]
 *
 * Writes TEXT to FILE, TIMES times (20), and prints the first and the median of what a
 * write(2) took, in nanoseconds. Exit status: 2 if one fails.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "helper.h"

static int compare(const void *a, const void *b)
{
	long long x = *(const long long *)a, y = *(const long long *)b;

	return x < y ? -1 : x > y;
}

static long long now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

int main(int argc, char **argv)
{
	int times = argc > 3 ? atoi(argv[3]) : 20, fd, i;
	long long *took, first;

	if (argc < 3 || times < 1) {
		fprintf(stderr, "usage: repeat FILE TEXT [TIMES]\n");
		return 2;
	}
	took = calloc(times, sizeof(*took));
	fd = open(argv[1], O_WRONLY);
	if (!took || fd < 0)
		die(argv[1]);
	for (i = 0; i < times; i++) {
		took[i] = now();
		if (write(fd, argv[2], strlen(argv[2])) < 0)
			die(argv[1]);
		took[i] = now() - took[i];
	}
	first = took[0];
	qsort(took, times, sizeof(*took), compare);
	printf("%lld %lld\n", first, took[(times - 1) / 2]);
	return 0;
}
