// SPDX-License-Identifier: GPL-2.0
/*
 * hold.c - what becomes of a block that a request brought: held, and which block goes for
 * it, freed at once, or kept out of circulation.
 */
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/prandom.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include "account.h"
#include "block.h"
#include "busted.h"
#include "check.h"
#include "entry.h"
#include "free.h"
#include "hold.h"
#include "options.h"
#include "params.h"
#include "plan.h"
#include "pool.h"
#include "quarantine.h"
#include "requester.h"
#include "room.h"
#include "rules/words.h"
#include "stats.h"
#include "stop.h"
#include "zone.h"

/**
 * gfplab_hold_quarantine - keep a bad block out of circulation, and count it
 * @rq: the requester whose request brought it; its task calls
 * @block: neither held nor freed from now on
 *
 * Context: task; no lock of a pool is held. Ends the run if that is too much.
 */
void gfplab_hold_quarantine(struct gfplab_requester *rq, const struct gfplab_block *block)
{
	rq->stats.bad_blocks++;
	if (!gfplab_quarantine(block))
		gfplab_stop_request(rq->stop, ABORT_budget);
}

static noinline void free_block(struct gfplab_requester *rq, const struct gfplab_block *block)
{
	if (!gfplab_check_leave(block)) {
		gfplab_hold_quarantine(rq, block);
		return;
	}
	if (rq->plan->opt.frees)
		gfplab_free_recorded(rq, block);
	else
		gfplab_block_free(block);
	rq->freed++;
}

/**
 * gfplab_hold_drain - free all that a requester holds, the youngest first
 * @rq: the requester; its task calls
 *
 * Context: task; may sleep; takes the pool's lock.
 */
void gfplab_hold_drain(struct gfplab_requester *rq)
{
	struct gfplab_pool *pool = rq->pool;
	struct gfplab_block block;
	bool any;

	if (!rq->plan->opt.frees) {
		rq->stats.bad_blocks += gfplab_pool_drain(pool);
		return;
	}
	do {
		spin_lock(&pool->lock);
		any = pool->count;
		if (any)
			block = gfplab_pool_take(pool, pool->count - 1);
		spin_unlock(&pool->lock);
		if (any)
			free_block(rq, &block);
		cond_resched_tasks_rcu_qs();
	} while (any);
}

/* Blocks are held until the run ends, so a full pool ends it. */
static bool holds_all(const struct gfplab_options *opt)
{
	return !opt->hold &&
	       (opt->release.how == RELEASE_at_end || opt->release.how == RELEASE_keep);
}

/* With the lock of a full pool held: which of its blocks makes room for another. */
static u32 to_be_released(struct gfplab_requester *rq)
{
	switch (rq->plan->opt.release.how) {
	case RELEASE_lifo:
		return rq->pool->count - 1;
	case RELEASE_random:
		return prandom_u32_state(&rq->release_rnd) % rq->pool->count;
	default:
		return 0;
	}
}

/* release=every: the pool is never full for longer than this. */
static void hold_until_drained(struct gfplab_requester *rq, const struct gfplab_block *block)
{
	struct gfplab_pool *pool = rq->pool;
	u32 since_drain;
	bool full;

	spin_lock(&pool->lock);
	gfplab_pool_push(pool, block);
	full = pool->count == pool->size;
	spin_unlock(&pool->lock);
	div_u64_rem(rq->stats.requests + 1, rq->plan->opt.release.every, &since_drain);
	if (full || !since_drain)
		gfplab_hold_drain(rq);
}

/* Held, such a page would be in the way of memory that goes offline, and of a CMA's owner. */
static bool must_be_movable(const struct page *page)
{
#ifdef CONFIG_CMA
	if (gfplab_pageblock_type(page) == MIGRATE_CMA)
		return true;
#endif
	return page_zonenum(page) == ZONE_MOVABLE;
}

enum holding { HOLD, HOLD_NOT, HOLD_NOTHING_MORE };

/* May the block be held beyond its request? Its zones are looked at once each. */
static enum holding may_hold(const struct gfplab_requester *rq, const struct gfplab_block *block)
{
	bool limited = rq->plan->limit == LIMIT_module;
	struct page *page = NULL;
	int seen = -1;
	u32 i;

	for (i = 0; i < block->pages; i++) {
		page = gfplab_block_page(block, page, i);
		if (!gfplab_unsafe && !GFPLAB_BUSTED(holds_movable) && must_be_movable(page))
			return HOLD_NOT;
		if (!limited || GFPLAB_BUSTED(no_room) || page_zone_id(page) == seen)
			continue;
		seen = page_zone_id(page);
		if (!gfplab_page_is_spare(&rq->room, page))
			return HOLD_NOTHING_MORE;
	}
	return HOLD;
}

/* Hold the block, and free the block that the plan releases for it. */
static void hold_block(struct gfplab_requester *rq, const struct gfplab_block *block)
{
	const struct gfplab_options *opt = &rq->plan->opt;
	struct gfplab_pool *pool = rq->pool;
	struct gfplab_block out;
	bool full;

	if (opt->release.how == RELEASE_every) {
		hold_until_drained(rq, block);
		return;
	}
	spin_lock(&pool->lock);
	full = pool->count == pool->size;
	if (full && holds_all(opt)) {
		spin_unlock(&pool->lock);
		gfplab_stop_request(rq->stop, ABORT_budget);
		free_block(rq, block);
		return;
	}
	if (full)
		out = gfplab_pool_take(pool, to_be_released(rq));
	gfplab_pool_push(pool, block);
	spin_unlock(&pool->lock);
	if (full)
		free_block(rq, &out);
}

/**
 * gfplab_hold_or_free - a request brought a block: hold it as the plan says, or free it
 * @rq: the requester; its task calls
 * @block: the block, which is good
 *
 * What must not be held is freed at once, and counted; a block out of a reserve ends the
 * run.
 *
 * Context: task; may sleep; takes the pool's lock.
 */
void gfplab_hold_or_free(struct gfplab_requester *rq, const struct gfplab_block *block)
{
	enum holding holding = rq->pool->size ? may_hold(rq, block) : HOLD_NOT;

	if (holding == HOLD) {
		hold_block(rq, block);
		return;
	}
	free_block(rq, block);
	if (!rq->pool->size)
		return;
	rq->stats.not_held++;
	if (holding == HOLD_NOTHING_MORE)
		gfplab_stop_request(rq->stop, ABORT_budget);
}
