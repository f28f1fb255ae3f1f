// SPDX-License-Identifier: GPL-2.0
/* Functions by names of the allocator's, for gcov to count: see test_coverage.py. */
#include <stdlib.h>
int helper(int x);

static int expand(int order)
{
	while (order > 3) {
		if (order == 7)
			abort();
		order--;
	}
	return order;
}

static int rmqueue(int order, int fail)
{
	if (fail && order) {
		return -1;
	}
	return expand(order) + helper(order);
}

/* Never called. */
int boost_watermark(int x)
{
	if (x)
		return 1;
	return 2;
}

int main(int argc, char **argv)
{
	return rmqueue(atoi(argv[1]), argc > 2) > 100;
}
