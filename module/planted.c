// SPDX-License-Identifier: GPL-2.0
/*
 * planted.c - gfplab_planted.ko: deliberate mistakes, each of a kind that a
 * debug kernel reports.
 *
 * Built by `make PLANTED=1` alone. `make check-debug` loads it once per row with
 * mistake=NAME, and expects the report on the console. So a silent console of a
 * debug kernel is worth something. scripts/check-debug reads the rows: keep one
 * per line.
 */
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

/* PLANTED(name, what the kernel says, a grep -E pattern; before ` @ `, kernel parameters) */
#define PLANTED_MISTAKES(PLANTED)						\
	PLANTED(use_after_free, "KASAN: use-after-free in use_after_free")	\
	PLANTED(sleep_in_atomic, "BUG: sleeping function called from invalid context") \
	PLANTED(lock_inversion, "possible circular locking dependency detected") \
	PLANTED(reclaim_under_lock, "[(]fs_reclaim[)].*, at: ")		\
	PLANTED(leak, "new suspected memory leaks")				\
	PLANTED(page_after_free, "debug_pagealloc=off @ KASAN: use-after-free in page_after_free") \
	PLANTED(page_unmapped, "BUG: unable to handle page fault for address")	\
	PLANTED(page_poisoned, "debug_pagealloc=off @ pagealloc: (memory|single bit)")	\
	PLANTED(page_guard, "debug_guardpage_minorder=1 @ BUG: unable to handle page fault")

static char *mistake = "";
module_param(mistake, charp, 0444);
MODULE_PARM_DESC(mistake, "the mistake to make at load");

static DEFINE_SPINLOCK(first);
static DEFINE_SPINLOCK(second);
static DEFINE_MUTEX(free_mutex);
static DEFINE_MUTEX(shrinker_mutex);

static noinline void use_after_free(void)
{
	char *text = kmalloc(64, GFP_KERNEL);

	kfree(text);
	OPTIMIZER_HIDE_VAR(text);	/* or the compiler warns of the use below */
	if (!ZERO_OR_NULL_PTR(text))
		WRITE_ONCE(text[8], 1);
}

/* The mutex is free: it might sleep, and does not. */
static void sleep_in_atomic(void)
{
	spin_lock(&first);
	mutex_lock(&free_mutex);
	mutex_unlock(&free_mutex);
	spin_unlock(&first);
}

static void lock_inversion(void)
{
	spin_lock(&first);
	spin_lock(&second);
	spin_unlock(&second);
	spin_unlock(&first);
	spin_lock(&second);
	spin_lock(&first);
	spin_unlock(&first);
	spin_unlock(&second);
}

/*
 * What a shrinker takes, held across a request that may come to that shrinker. Nothing is
 * short here: it is prepare_alloc_pages() that says what a request might do, at each one.
 */
static void reclaim_under_lock(void)
{
	struct page *page;

	fs_reclaim_acquire(GFP_KERNEL);
	mutex_lock(&shrinker_mutex);
	mutex_unlock(&shrinker_mutex);
	fs_reclaim_release(GFP_KERNEL);

	mutex_lock(&shrinker_mutex);
	page = alloc_page(GFP_KERNEL);
	mutex_unlock(&shrinker_mutex);
	if (page)
		__free_page(page);
}

static void leak(void)
{
	char *text = kmalloc(1000, GFP_KERNEL);

	OPTIMIZER_HIDE_VAR(text);
}

/* ---- writes into pages, out of KASAN's sight but for the first ---- */

static noinline void page_after_free(void)
{
	char *at = (char *)__get_free_page(GFP_KERNEL);

	free_page((unsigned long)at);
	OPTIMIZER_HIDE_VAR(at);
	if (at)
		WRITE_ONCE(at[8], 1);
}

static noinline __no_sanitize_address void write_unseen(char *at)
{
	WRITE_ONCE(at[8], 1);
}

/* debug_pagealloc: what is free is not mapped. */
static void page_unmapped(void)
{
	struct page *page = alloc_pages(GFP_KERNEL, 5);

	if (!page)
		return;
	__free_pages(page, 5);
	write_unseen(page_address(page));
}

/* page_poison: found when the page is handed out again, which the per-cpu list does at once. */
static void page_poisoned(void)
{
	unsigned long at = __get_free_page(GFP_KERNEL);

	if (!at)
		return;
	free_page(at);
	write_unseen((char *)at);
	at = __get_free_page(GFP_KERNEL);
	if (at)
		free_page(at);
}

/* debug_guardpage_minorder: expand() leaves half of a block, unmapped and in no free list. */
static void page_guard(void)
{
	static struct page *pages[512];
	int i, n;

	for (n = 0; n < ARRAY_SIZE(pages); n++) {
		pages[n] = alloc_page(GFP_KERNEL);
		if (!pages[n])
			break;
		if (!(page_to_pfn(pages[n]) & 1) && PageGuard(pages[n] + 1)) {
			pr_info("a guard page follows\n");
			write_unseen(page_address(pages[n] + 1));
			n++;
			break;
		}
	}
	for (i = 0; i < n; i++)
		__free_page(pages[i]);
}

static int __init planted_init(void)
{
#define PLANTED_ROW(name_, says) { #name_, name_ },
	static const struct {
		const char *name;
		void (*make)(void);
	} rows[] = { PLANTED_MISTAKES(PLANTED_ROW) };
	int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		if (strcmp(rows[i].name, mistake))
			continue;
		rows[i].make();
		return 0;
	}
	return -EINVAL;
}

static void __exit planted_exit(void)
{
}

module_init(planted_init);
module_exit(planted_exit);

MODULE_DESCRIPTION("Mistakes that a debug kernel must report");
MODULE_AUTHOR("the gfplab developers");
MODULE_LICENSE("GPL");
MODULE_INFO(test, "Y");
