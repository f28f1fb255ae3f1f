// SPDX-License-Identifier: GPL-2.0
/*
 * Chance: a stream for each operation of each process, which follows from the seed alone.
 */
#include "fuzzer.h"

static __u64 state;

__u64 mix(__u64 x)
{
	x ^= x >> 30;
	x *= 0xbf58476d1ce4e5b9ULL;
	x ^= x >> 27;
	x *= 0x94d049bb133111ebULL;
	return x ^ x >> 31;
}

void begin_stream(int number, __u64 operation)
{
	state = mix(seed) + mix((__u64)number << 40 | operation);
}

/* Where the stream is: elsewhere if something else, or more, was drawn. */
__u64 stream_at(void)
{
	return state;
}

unsigned int draw(unsigned int below)
{
	state += 0x9e3779b97f4a7c15ULL;
	return (mix(state) >> 32) % below;
}

bool one_in(unsigned int n)
{
	return !draw(n);
}
