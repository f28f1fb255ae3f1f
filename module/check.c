// SPDX-License-Identifier: GPL-2.0
/*
 * check.c - what must be true of every block that the allocator hands out.
 *
 * A block that fails is never freed: a page that two owners believe to be
 * theirs must not come back into circulation through us.
 */
#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/cpuset.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/nodemask.h>
#include <linux/oom.h>
#include <linux/page_ref.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include "block.h"
#include "check.h"
#include "compat.h"
#include "entry.h"
#include "frames.h"
#include "options.h"
#include "plan.h"
#include "quarantine.h"
#include "quick_check.h"
#include "rules/alloc_flags.h"
#include "rules/evidence.h"
#include "rules/families.h"
#include "rules/verdict.h"
#include "rules/words.h"
#include "zone.h"

/* After so many bad blocks a passing reference is no explanation any more. */
#define SECOND_LOOKS		64
#define NODE_LOOKS	20	/* within a second, for a node to be allowed to the task */

#define BAD(fault) (1U << FAULT_##fault)

/* ---- where the block may come from ---- */

/*
 * The slow path forgets nodemask and cpuset for requests that may use the
 * reserves: __alloc_pages_slowpath() resets ac->nodemask there. To whom
 * gfp_to_alloc_flags() gives no ALLOC_CPUSET, 5.10 tells by __GFP_ATOMIC.
 */
static bool may_leave_nodes(gfp_t gfp, enum gfplab_stage stage)
{
	if (stage == STAGE_fast)
		return false;
	if (gfplab_family_can(GFPLAB_FAMILY, CAPABILITY_alloc_harder)) {
		if (gfp & GFPLAB_GFP_ATOMIC_BIT)
			return true;
	} else if ((gfp & __GFP_HIGH) && !(gfp & __GFP_DIRECT_RECLAIM)) {
		return true;
	}
	if (gfp & __GFP_NOMEMALLOC)
		return false;
	/* PF_MEMALLOC as the request saw it is in opt->scope, or current's own. */
	return (gfp & __GFP_MEMALLOC) || (current->flags & PF_MEMALLOC) ||
	       tsk_is_oom_victim(current);
}

/*
 * __cpuset_node_allowed(): only a hard wall holds in the slow path, and
 * __alloc_pages_cpuset_fallback() leaves even that for a request that must not fail.
 */
static bool cpuset_forbids(int nid, gfp_t gfp, enum gfplab_stage stage)
{
	if (stage != STAGE_fast && (!(gfp & __GFP_HARDWALL) || (gfp & __GFP_NOFAIL)))
		return false;
	return !node_isset(nid, cpuset_current_mems_allowed);
}

static bool policy_forbids(int nid, gfp_t gfp, const struct gfplab_plan *plan)
{
#ifdef CONFIG_NUMA
	const struct mempolicy *pol = current->mempolicy;

	if (!pol || pol->mode != MPOL_BIND || (gfp & __GFP_THISNODE))
		return false;
	return !node_isset(nid, *gfplab_policy_nodes(pol)) &&
	       gfplab_bind_holds(pol, gfp, plan->policy_zone);
#else
	return false;
#endif
}

static bool node_wrong(int nid, gfp_t gfp, const struct gfplab_plan *plan,
		       enum gfplab_stage stage)
{
	const struct gfplab_options *opt = &plan->opt;
	const struct gfplab_entry *entry = &gfplab_entries[opt->entry];

	if ((gfp & __GFP_THISNODE) && opt->nid != NUMA_NO_NODE && nid != opt->nid)
		return true;
	if ((opt->scope & (1U << SCOPE_noreclaim)) && stage != STAGE_fast)
		return false;
	if (entry->bypass || may_leave_nodes(gfp, stage))
		return false;
	/* check_retry_cpuset() drops a nodemask that the cpuset leaves nothing of. */
	if (!opt->nodes.all && !node_isset(nid, opt->nodes.mask) &&
	    (stage == STAGE_fast ||
	     nodes_intersects(opt->nodes.mask, cpuset_current_mems_allowed)))
		return true;
	if (opt->context == CONTEXT_softirq || opt->context == CONTEXT_hardirq)
		return false;
	if (entry->obeys_policy && policy_forbids(nid, gfp, plan))
		return true;
	/* A nodemask makes cpuset nodes a matter of ALLOC_CPUSET, alike. */
	return cpuset_forbids(nid, gfp, stage);
}

static unsigned int highest_zone(gfp_t gfp, const struct gfplab_options *opt)
{
	if (opt->scope & (1U << SCOPE_pin))
		gfp &= ~GFPLAB_PIN_STRIPS;
	return gfp_zone(gfp);
}

static bool compound_wrong(const struct gfplab_block *block, gfp_t gfp)
{
	struct page *page = block->page;
	u32 i;

	if (!block->order || !(gfp & __GFP_COMP))
		return PageCompound(page);
	if (!PageHead(page) || compound_order(page) != block->order ||
	    compound_nr(page) != block->pages)
		return true;
	for (i = 1; i < block->pages; i++)
		if (!PageTail(page + i) || compound_head(page + i) != page)
			return true;
	return false;
}

/* One reference a block, or one a page, or none; a fragment's page has many. */
static bool refcount_wrong(struct page *page, const struct gfplab_entry *entry, u32 i)
{
	if (entry->shape == SHAPE_fragment)
		return false;
	return page_ref_count(page) != (!entry->frozen && (entry->shape != SHAPE_block || !i));
}

static bool a_refcount_wrong(const struct gfplab_block *block)
{
	const struct gfplab_entry *entry = &gfplab_entries[block->entry];
	struct page *page = NULL;
	u32 i;

	for (i = 0; i < block->pages; i++) {
		page = gfplab_block_page(block, page, i);
		if (refcount_wrong(page, entry, i))
			return true;
	}
	return false;
}

/*
 * What is wrong with a page as prep_new_page() leaves it. Of a compound block only the first page
 * is: kernels keep other things in the tails. Where an entry has written into struct page (bulk:
 * private) or its pages belong to a layer above (those with an address), there is nothing to
 * compare.
 */
static u16 state_wrong(struct page *page, const struct gfplab_block *block, bool compound)
{
	unsigned long flags = *(const unsigned long *)&page->flags & PAGE_FLAGS_CHECK_AT_PREP;
	u16 bad = 0;

	if (compound)
		flags &= ~(1UL << PG_head);
	if (flags)
		bad |= BAD(flags);
	/* Of a block the first page's are reset, as it was freed as one. */
	if (gfplab_entries[block->entry].shape == SHAPE_block && page == block->page &&
	    (page_private(page) || page->mapping))
		bad |= BAD(private);
	if (atomic_read(&page->_mapcount) != -1 || (compound && gfplab_in_use(page)))
		bad |= BAD(mapcount);
	return bad;
}

/*
 * A lookup without a lock may take a reference on a page that has just been
 * allocated again, and drops it at once: filemap_get_entry(), fast GUP,
 * compaction. All but the last do so under RCU.
 */
static bool refcount_stays_wrong(const struct gfplab_block *block)
{
	if (gfplab_quarantined() < SECOND_LOOKS)
		synchronize_rcu();
	return a_refcount_wrong(block);
}

static bool a_node_wrong(const struct gfplab_block *block, gfp_t gfp,
			 const struct gfplab_plan *plan, enum gfplab_stage stage)
{
	struct page *page = NULL;
	u32 i;

	for (i = 0; i < block->pages; i++) {
		page = gfplab_block_page(block, page, i);
		if (node_wrong(page_to_nid(page), gfp, plan, stage))
			return true;
	}
	return false;
}

/*
 * A node that has just got memory is allowed to tasks by a kworker, later. Without any cpuset
 * but the root's the allocator uses it at once.
 */
static bool node_stays_wrong(const struct gfplab_block *block, gfp_t gfp,
			     const struct gfplab_plan *plan, enum gfplab_stage stage)
{
	int left = gfplab_quarantined() < SECOND_LOOKS ? NODE_LOOKS : 0;

	while (a_node_wrong(block, gfp, plan, stage)) {
		if (!left--)
			return true;
		schedule_timeout_uninterruptible(HZ / NODE_LOOKS);
	}
	return false;
}

static bool dirty(struct page *page)
{
	void *addr = gfplab_map_page(page);
	bool found = memchr_inv(addr, 0, PAGE_SIZE);

	gfplab_unmap_page(addr);
	return found;
}

/**
 * gfplab_check_block - hold a block against what was asked for
 * @block: just received
 * @plan: what was asked for
 * @verdict: of the request
 * @seen: its evidence; NULL if attempts were not watched
 *
 * Marks the block's frames as held by us, until gfplab_check_leave().
 *
 * Context: the task that asked; may sleep. Reads struct pages, and with
 * __GFP_ZERO every byte of the block.
 * Return: bit FAULT_x for everything that is wrong.
 */
u16 gfplab_check_block(const struct gfplab_block *block, const struct gfplab_plan *plan,
		       const struct gfplab_verdict *verdict,
		       const struct gfplab_evidence *seen)
{
	const struct gfplab_entry *entry = &gfplab_entries[block->entry];
	gfp_t gfp = gfplab_entry_gfp(entry, plan->opt.gfp);
	unsigned int highest = highest_zone(gfp, &plan->opt);
	/* A fragment may be of a page that was asked for under another cpuset. */
	bool asked = entry->shape != SHAPE_fragment || (seen && seen->alloc_event);
	bool full = plan->opt.check == CHECK_full && entry->shape != SHAPE_fragment;
	/* Zeroed as well by init_on_alloc=1 and init_on_free=1. */
	bool as_new = full && (want_init_on_alloc(gfp) || want_init_on_free());
	bool zeroed = ((gfp & __GFP_ZERO) || as_new) && !(gfp & GFPLAB_UNZEROED);
	bool compound = block->order && (gfp & __GFP_COMP), whole = full && !block->addr;
	struct page *page = NULL;
	u16 bad = 0;
	u32 i;

	for (i = 0; i < block->pages; i++) {
		page = gfplab_block_page(block, page, i);
		if (!i && entry->shape == SHAPE_block &&
		    (page_to_pfn(page) & ((1UL << block->order) - 1)))
			bad |= BAD(align);
		if (page_zonenum(page) > highest && !entry->bypass)
			bad |= BAD(zone);
		if (asked && node_wrong(page_to_nid(page), gfp, plan, verdict->stage))
			bad |= BAD(node);
		if (refcount_wrong(page, entry, i))
			bad |= BAD(refcount);
		if (entry->shape == SHAPE_split && PageCompound(page))
			bad |= BAD(compound);
		if (zeroed && dirty(page))
			bad |= BAD(zero);
		if (whole && !(i && compound))
			bad |= state_wrong(page, block, compound);
		if (entry->shape != SHAPE_fragment && gfplab_frame_mark(page))
			bad |= BAD(overlap);
		if (!(i & 1023) && i)
			cond_resched_tasks_rcu_qs();
	}
	if ((bad & BAD(node)) && !node_stays_wrong(block, gfp, plan, verdict->stage))
		bad &= ~BAD(node);
	if ((bad & BAD(refcount)) && !refcount_stays_wrong(block))
		bad &= ~BAD(refcount);
	if (entry->shape == SHAPE_block && compound_wrong(block, gfp))
		bad |= BAD(compound);
	if (seen && seen->seen.attempts && !seen->seen.flags_bad && entry->shape == SHAPE_block &&
	    page_is_pfmemalloc(block->page) !=
	    !!(seen->seen.flags_last & GFPLAB_ALLOC_NO_WATERMARKS))
		bad |= BAD(pfmemalloc);
	return bad;
}

/**
 * gfplab_quick_check_init - what the blocks of a run look like if they are good
 * @quick: filled in
 * @plan: with one order
 *
 * Return: false if that can't be told but by gfplab_check_block(): its pages
 * are not one block, or all bytes are to be read.
 */
bool gfplab_quick_check_init(struct gfplab_quick_check *quick, const struct gfplab_plan *plan)
{
	const struct gfplab_entry *entry = &gfplab_entries[plan->opt.entry];
	gfp_t gfp = gfplab_entry_gfp(entry, plan->opt.gfp);
	unsigned int order = plan->orders[0];

	if (entry->shape != SHAPE_block || order > GFPLAB_MAX_ORDER ||
	    ((gfp & __GFP_ZERO) && !(gfp & GFPLAB_UNZEROED)))
		return false;
	quick->origin = NULL;
	quick->first = 0;
	quick->map = gfplab_frames_unwatched;
	quick->near = gfplab_frames_unwatched;
	quick->order = order;
	quick->last = ((1UL << order) - 1) * sizeof(struct page);
	quick->outside = ~((1UL << GFPLAB_FRAMES_BITS) - 1) | ((1UL << order) - 1);
	quick->mask = GFPLAB_QUICK_FLAGS;
	quick->flags = GFPLAB_QUICK_UNKNOWN;
	quick->references = !entry->frozen;
	quick->compound = order && (gfp & __GFP_COMP);
	return true;
}

/**
 * gfplab_quick_check_renew - forget a zone that is no longer allowed
 * @quick: may know one
 * @plan: what is asked for
 * @stage: of requests that go as requests should
 *
 * Cpusets may change under way, as may what the task is allowed to take.
 *
 * Context: the task that is about to ask.
 */
void gfplab_quick_check_renew(struct gfplab_quick_check *quick, const struct gfplab_plan *plan,
			      enum gfplab_stage stage)
{
	gfp_t gfp = gfplab_entry_gfp(&gfplab_entries[plan->opt.entry], plan->opt.gfp);

	if (quick->flags != GFPLAB_QUICK_UNKNOWN && node_wrong(quick->nid, gfp, plan, stage))
		quick->flags = GFPLAB_QUICK_UNKNOWN;
}

/* A cheap mix whose words differ within a page, between pages and blocks. */
static u64 pattern(u64 at)
{
	return at * 0x9e3779b97f4a7c15ULL;
}

/* The words of a page of a block, until unmap(). A fragment has an address of its own. */
static u64 *map(const struct gfplab_block *block, struct page *page)
{
	return block->bytes ? block->addr : gfplab_map_page(page);
}

static void unmap(const struct gfplab_block *block, const u64 *words)
{
	if (!block->bytes)
		gfplab_unmap_page(words);
}

static size_t words_of(const struct gfplab_block *block)
{
	return (block->bytes ?: PAGE_SIZE) / sizeof(u64);
}

/**
 * gfplab_check_fill - write every byte of a block
 * @block: marked so that gfplab_check_leave() will look
 * @sum: seed of the pattern
 */
void gfplab_check_fill(struct gfplab_block *block, u64 sum)
{
	size_t j, words = words_of(block);
	struct page *page = NULL;
	u64 *word, at = sum;
	u32 i;

	for (i = 0; i < block->pages; i++) {
		page = gfplab_block_page(block, page, i);
		word = map(block, page);
		for (j = 0; j < words; j++)
			word[j] = pattern(at++);
		unmap(block, word);
	}
	block->sum = sum;
	block->patterned = true;
}

/**
 * gfplab_check_leave - a block is about to be freed
 * @block: was checked when it came, or not
 *
 * Forgets that its frames are ours, and looks whether what was written into
 * them is still there.
 *
 * Context: may sleep.
 * Return: false if the content or the reference count was changed by
 * another owner: the block must not be freed.
 */
bool gfplab_check_leave(const struct gfplab_block *block)
{
	const struct gfplab_entry *entry = &gfplab_entries[block->entry];
	size_t j, words = words_of(block);
	struct page *page = NULL;
	u64 at = block->sum;
	bool good = true, counted = true;
	const u64 *word;
	u32 i;

	if (!block->checked)
		return true;
	for (i = 0; i < block->pages; i++) {
		page = gfplab_block_page(block, page, i);
		if (entry->shape != SHAPE_fragment)
			gfplab_frame_clear(page);
		if (refcount_wrong(page, entry, i))
			counted = false;
		if (!block->patterned)
			continue;
		word = map(block, page);
		for (j = 0; j < words; j++)
			if (word[j] != pattern(at++))
				good = false;
		unmap(block, word);
	}
	return good && (counted || !refcount_stays_wrong(block));
}

/**
 * gfplab_check_forget - a block is about to be freed, and is not to be looked at
 * @block: was checked when it came, or not
 *
 * Context: any.
 */
void gfplab_check_forget(const struct gfplab_block *block)
{
	struct page *page = NULL;
	u32 i;

	if (!block->checked || gfplab_entries[block->entry].shape == SHAPE_fragment)
		return;
	for (i = 0; i < block->pages; i++) {
		page = gfplab_block_page(block, page, i);
		gfplab_frame_clear(page);
	}
}
