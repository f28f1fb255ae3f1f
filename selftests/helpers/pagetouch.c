// SPDX-License-Identifier: GPL-2.0
/*
 * pagetouch [ROUNDS]
 *
 * What others pay for the page allocator: touches 64 pages and gives them
 * back, ROUNDS times (64), and prints the median of the rounds in picoseconds
 * a page. A round is shorter than the time between two timer ticks.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

#define PAGES	64
#define PAGE	4096

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
	int rounds = argc > 1 ? atoi(argv[1]) : 64, r, i;
	long long *took;
	char *at;

	if (rounds < 1)
		return 2;
	took = calloc(rounds, sizeof(*took));
	at = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (!took || at == MAP_FAILED) {
		perror("pagetouch");
		return 2;
	}
	madvise(at, PAGES * PAGE, MADV_NOHUGEPAGE);
	for (r = 0; r < rounds; r++) {
		took[r] = now();
		for (i = 0; i < PAGES; i++)
			*(volatile char *)(at + i * PAGE) = 1;
		madvise(at, PAGES * PAGE, MADV_DONTNEED);
		took[r] = now() - took[r];
	}
	qsort(took, rounds, sizeof(*took), compare);
	printf("%lld\n", took[(rounds - 1) / 2] * 1000 / PAGES);
	return 0;
}
