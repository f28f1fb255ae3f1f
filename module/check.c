// SPDX-License-Identifier: GPL-2.0
/*
 * check.c - what must be true of every block that the allocator hands out.
 *
 * A block that fails is never freed: a page that two owners believe to be
 * theirs must not come back into circulation through us.
 */
#include <linux/atomic.h>
#include <linux/mm.h>
#include <linux/page_ref.h>
#include <linux/string.h>
#include "gfplab.h"

static atomic64_t quarantined;

#define BAD(fault) (1U << FAULT_##fault)

/**
 * gfplab_quarantine - keep a bad block out of the free lists for good
 * @block: neither held nor freed from now on
 *
 * Context: any.
 */
void gfplab_quarantine(const struct gfplab_block *block)
{
	atomic64_inc(&quarantined);
}

/**
 * gfplab_quarantined - how many blocks were kept out of circulation
 */
u64 gfplab_quarantined(void)
{
	return atomic64_read(&quarantined);
}

/*
 * The slow path forgets nodemask and cpuset for requests that may use the
 * reserves: __alloc_pages_slowpath() resets ac->nodemask there.
 */
static bool may_leave_nodes(gfp_t gfp, enum gfplab_stage stage)
{
	if (stage == STAGE_fast)
		return false;
	if ((gfp & __GFP_HIGH) && !(gfp & __GFP_DIRECT_RECLAIM))
		return true;
	if (gfp & __GFP_NOMEMALLOC)
		return false;
	return (gfp & __GFP_MEMALLOC) || (current->flags & PF_MEMALLOC) ||
	       test_thread_flag(TIF_MEMDIE);
}

static bool node_wrong(int nid, const struct gfplab_options *opt, enum gfplab_stage stage)
{
	if ((opt->gfp & __GFP_THISNODE) && opt->nid != NUMA_NO_NODE && nid != opt->nid)
		return true;
	return !opt->nodes.all && !node_isset(nid, opt->nodes.mask) &&
	       !may_leave_nodes(opt->gfp, stage);
}

static bool compound_wrong(struct page *page, unsigned int order, gfp_t gfp)
{
	unsigned long i, pages = 1UL << order;

	if (!order || !(gfp & __GFP_COMP))
		return PageCompound(page);
	if (!PageHead(page) || compound_order(page) != order)
		return true;
	for (i = 1; i < pages; i++)
		if (!PageTail(page + i) || compound_head(page + i) != page)
			return true;
	return false;
}

static bool refcount_wrong(struct page *page, unsigned int order)
{
	unsigned long i, pages = 1UL << order;

	if (page_ref_count(page) != 1)
		return true;
	for (i = 1; i < pages; i++)
		if (page_ref_count(page + i))
			return true;
	return false;
}

/**
 * gfplab_check_block - hold a block against what was asked for
 * @block: just received
 * @opt: the plan
 * @verdict: of the request
 * @seen: its evidence; NULL if attempts were not watched
 *
 * Context: that of the request. Reads struct pages, and with __GFP_ZERO every
 * byte of the block.
 * Return: bit FAULT_x for everything that is wrong.
 */
u8 gfplab_check_block(const struct gfplab_block *block,
		      const struct gfplab_options *opt,
		      const struct gfplab_verdict *verdict,
		      const struct gfplab_evidence *seen)
{
	struct page *page = block->page;
	unsigned int order = block->order;
	gfp_t gfp = opt->gfp & ~gfplab_entries[block->entry].strips;
	void *addr = page_address(page);
	u8 bad = 0;

	if (page_to_pfn(page) & ((1UL << order) - 1))
		bad |= BAD(align);
	if (page_zonenum(page) > gfp_zone(gfp))
		bad |= BAD(zone);
	if (node_wrong(page_to_nid(page), opt, verdict->stage))
		bad |= BAD(node);
	if (refcount_wrong(page, order))
		bad |= BAD(refcount);
	if (compound_wrong(page, order, gfp))
		bad |= BAD(compound);
	if (seen && seen->attempts && !seen->flags_bad &&
	    page_is_pfmemalloc(page) != !!(seen->flags_last & GFPLAB_ALLOC_NO_WATERMARKS))
		bad |= BAD(pfmemalloc);
	if ((gfp & __GFP_ZERO) && addr && memchr_inv(addr, 0, PAGE_SIZE << order))
		bad |= BAD(zero);
	return GFPLAB_BUSTED(blind_check) ? 0 : bad;
}

/* A cheap mix whose words differ within a page, between pages and blocks. */
static u64 pattern(u64 sum, u64 i)
{
	return (sum + i) * 0x9e3779b97f4a7c15ULL;
}

/**
 * gfplab_check_fill - write every byte of a block
 * @block: marked so that gfplab_check_content() will look
 * @sum: seed of the pattern
 */
void gfplab_check_fill(struct gfplab_block *block, u64 sum)
{
	u64 *word = page_address(block->page);
	u64 i, words = (PAGE_SIZE << block->order) / sizeof(*word);

	if (!word)
		return;
	for (i = 0; i < words; i++)
		word[i] = pattern(sum, i);
	block->sum = sum;
	block->patterned = true;
}

/**
 * gfplab_check_content - is what was written still there?
 * @block: about to be freed
 *
 * Return: true if nothing was written, or if nothing changed.
 */
bool gfplab_check_content(const struct gfplab_block *block)
{
	const u64 *word;
	u64 i, words;

	if (!block->patterned)
		return true;
	word = page_address(block->page);
	words = (PAGE_SIZE << block->order) / sizeof(*word);
	for (i = 0; i < words; i++)
		if (word[i] != pattern(block->sum, i))
			return false;
	return true;
}

/**
 * gfplab_faults_show - what is wrong with a block, joined by commas
 * @m: where to print
 * @bad: bit FAULT_x
 */
void gfplab_faults_show(struct seq_file *m, u8 bad)
{
	static const char * const names[] = { GFPLAB_FAULTS(GFPLAB_NAME) };
	const char *join = "";
	int i;

	if (!bad)
		seq_puts(m, "none");
	for (i = 0; i < NR_FAULTS; i++) {
		if (!(bad & (1U << i)))
			continue;
		seq_printf(m, "%s%s", join, names[i]);
		join = ",";
	}
}
