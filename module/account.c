// SPDX-License-Identifier: GPL-2.0
/*
 * account.c - all the memory that the module holds, and how much that may be: a quarter
 * of what the machine has, and never into its reserve.
 *
 * One account for everything, so that many jobs, large rings and results of past runs
 * can't add up to more.
 */
#include <linux/atomic.h>
#include <linux/cache.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/topology.h>
#include "account.h"
#include "budget.h"
#include "busted.h"

#define SHARE		4			/* of the memory, for all that we hold */
/* Is had even where nothing counts as available: one array, and all of them. */
#define SMALL_BYTES	(16ULL << PAGE_SHIFT)
#define SMALL_SUM	(512ULL << PAGE_SHIFT)

/* All that is held, and the part of it that counts for the module's share. */
static atomic64_t held[NR_ACCOUNTS];
static atomic64_t limited;
/* What memory states hold: limits are what they would be without them. */
static atomic64_t stated;
/* Of that, what came in little pieces. */
static atomic64_t small;

/* In front of each array, which begins on the next cache line. */
struct array_head {
	size_t bytes;
	enum gfplab_account kind;
} ____cacheline_aligned;

static u64 limited_pages(void)
{
	return max(atomic64_read(&limited), 0LL) >> PAGE_SHIFT;
}

static u64 stated_pages(void)
{
	return max(atomic64_read(&stated), 0LL) >> PAGE_SHIFT;
}

/* Pages that the module may hold; @asked of those that are entered are not had yet. */
static u64 limit_pages(u64 asked)
{
	u64 memory = max(si_mem_available(), 0L) + limited_pages() + stated_pages();
	u64 reserve = gfplab_reserve_pages();

	memory -= min(memory, asked);
	if (memory <= reserve)
		return 0;
	return min(memory / SHARE, memory - reserve);
}

/**
 * gfplab_account_limit - what the module may hold
 *
 * A quarter of what would be available without it, and never into the reserve.
 *
 * Context: any.
 * Return: pages, perhaps 0.
 */
u64 gfplab_account_limit(void)
{
	return limit_pages(0);
}

/**
 * gfplab_account_left - how much more the module may hold
 *
 * Context: any.
 * Return: pages, perhaps 0.
 */
u64 gfplab_account_left(void)
{
	u64 limit = gfplab_account_limit(), pages = limited_pages();

	return limit > pages ? limit - pages : 0;
}

static bool within(enum gfplab_limit limit, u64 bytes)
{
	switch (limit) {
	case LIMIT_module:
		return limited_pages() <= limit_pages(bytes >> PAGE_SHIFT);
	case LIMIT_reserve:
		return max(si_mem_available(), 0L) + stated_pages() >=
		       gfplab_reserve_pages() + (bytes >> PAGE_SHIFT);
	default:
		return true;
	}
}

/**
 * gfplab_account_enter - enter memory that is held in any case
 * @kind: what it is for
 * @bytes: how much
 * @limit: what it counts for
 *
 * Context: any.
 */
void gfplab_account_enter(enum gfplab_account kind, u64 bytes, enum gfplab_limit limit)
{
	atomic64_add(bytes, &held[kind]);
	if (limit == LIMIT_module)
		atomic64_add(bytes, &limited);
	if (limit == LIMIT_state)
		atomic64_add(bytes, &stated);
}

/**
 * gfplab_account_take - enter memory that is about to be held
 * @kind: what it is for
 * @bytes: how much
 * @limit: what it is held against
 *
 * Context: any.
 * Return: false if that is too much; then nothing is entered.
 */
bool gfplab_account_take(enum gfplab_account kind, u64 bytes, enum gfplab_limit limit)
{
	gfplab_account_enter(kind, bytes, limit);
	if (GFPLAB_BUSTED(no_account) || within(limit, bytes))
		return true;
	gfplab_account_give(kind, bytes, limit);
	return false;
}

/**
 * gfplab_account_take_small - enter a little memory that is about to be had
 * @kind: what it is for
 * @bytes: how much; more than a little is taken as ever
 *
 * A little is to be had on a full machine as well, as long as it all adds up to little.
 *
 * Context: any.
 * Return: false if that is more than may be held; then nothing is entered. Else it is for
 * gfplab_account_give_small().
 */
bool gfplab_account_take_small(enum gfplab_account kind, u64 bytes)
{
	if (bytes > SMALL_BYTES)
		return gfplab_account_take(kind, bytes, LIMIT_module);
	if (atomic64_add_return(bytes, &small) <= SMALL_SUM) {
		gfplab_account_enter(kind, bytes, LIMIT_module);
		return true;
	}
	if (gfplab_account_take(kind, bytes, LIMIT_module))
		return true;
	atomic64_sub(bytes, &small);
	return false;
}

/**
 * gfplab_account_give_small - what gfplab_account_take_small() entered is gone
 * @kind: as there
 * @bytes: as there
 *
 * Context: any.
 */
void gfplab_account_give_small(enum gfplab_account kind, u64 bytes)
{
	gfplab_account_give(kind, bytes, LIMIT_module);
	if (bytes <= SMALL_BYTES)
		atomic64_sub(bytes, &small);
}

/**
 * gfplab_account_give - undo gfplab_account_take()
 * @kind: what it was for
 * @bytes: how much; 0 is allowed
 * @limit: what it was held against
 *
 * Context: any.
 */
void gfplab_account_give(enum gfplab_account kind, u64 bytes, enum gfplab_limit limit)
{
	atomic64_sub(bytes, &held[kind]);
	if (limit == LIMIT_module)
		atomic64_sub(bytes, &limited);
	if (limit == LIMIT_state)
		atomic64_sub(bytes, &stated);
}

/**
 * gfplab_account_show - what is held, and what may be
 * @m: the file `environment`
 *
 * Context: any.
 */
void gfplab_account_show(struct seq_file *m)
{
	static const char * const names[NR_ACCOUNTS] = { "blocks", "rings", "other" };
	int i;

	for (i = 0; i < NR_ACCOUNTS; i++)
		seq_printf(m, "account.%s_kb %llu\n", names[i],
			   (u64)atomic64_read(&held[i]) >> 10);
	seq_printf(m, "account.limit_kb %llu\n", gfplab_account_limit() << (PAGE_SHIFT - 10));
}

static void *make_array(enum gfplab_account kind, size_t n, size_t size, size_t *sum, gfp_t zero)
{
	struct array_head *head;
	size_t bytes;

	if (check_mul_overflow(n, size, &bytes) || bytes > GFPLAB_ARRAY_MAX)
		return NULL;
	bytes += sizeof(*head);
	if (!gfplab_account_take_small(kind, bytes))
		return NULL;
	/* With a node of its own it is not the caller's mempolicy that tells from where. */
	head = kvmalloc_node(bytes, GFP_KERNEL | __GFP_NOWARN | __GFP_RETRY_MAYFAIL | zero,
			     numa_node_id());
	if (!head) {
		gfplab_account_give_small(kind, bytes);
		return NULL;
	}
	head->bytes = bytes;
	head->kind = kind;
	if (sum)
		*sum += bytes;
	return head + 1;
}

/**
 * gfplab_array - zeroed memory that is entered in the account
 * @kind: what it is for
 * @n: elements
 * @size: of one, in bytes
 * @sum: NULL, or where the bytes are added
 *
 * Fails quietly instead of invoking the OOM killer: what an option asks for is no
 * reason to kill a task.
 *
 * Context: may sleep.
 * Return: the memory, for gfplab_array_free(); NULL if it is more than may be held, or
 * not there.
 */
void *gfplab_array(enum gfplab_account kind, size_t n, size_t size, size_t *sum)
{
	return make_array(kind, n, size, sum, __GFP_ZERO);
}

/**
 * gfplab_array_unset - the same, with anything in it
 * @kind: what it is for
 * @n: elements
 * @size: of one, in bytes
 * @sum: NULL, or where the bytes are added
 *
 * For what is written before it is read, and may never be: a run that makes one request
 * need not pay for the records of a million.
 *
 * Context: may sleep.
 * Return: as gfplab_array().
 */
void *gfplab_array_unset(enum gfplab_account kind, size_t n, size_t size, size_t *sum)
{
	return make_array(kind, n, size, sum, 0);
}

/**
 * gfplab_array_free - free what gfplab_array() returned
 * @array: may be NULL
 *
 * Context: may sleep.
 * Return: the bytes that are free now.
 */
u64 gfplab_array_free(void *array)
{
	struct array_head *head = array;
	u64 bytes;

	if (!array)
		return 0;
	head--;
	bytes = head->bytes;
	gfplab_account_give_small(head->kind, bytes);
	kvfree(head);
	return bytes;
}
