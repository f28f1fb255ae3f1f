/* SPDX-License-Identifier: GPL-2.0 */
/* plan.h - what a run executes: a job's options, validated and fixed */
#ifndef GFPLAB_PLAN_H
#define GFPLAB_PLAN_H

#include <linux/types.h>
#include "account.h"
#include "clock.h"
#include "compat.h"
#include "options.h"
#include "rules/probes.h"
#include "rules/words.h"

struct gfplab_reason;
struct gfplab_room;

/**
 * struct gfplab_plan - a validated copy of a job's options; never changed once a worker runs
 * @opt: the options
 * @id: the number of the run, from 1
 * @nr_workers: how many tasks issue requests, at least 1
 * @nr_orders: how many of @orders are used, at least 1
 * @orders: the orders that may be drawn, ascending
 * @policy_zone: the highest zone type with pages, below which a mempolicy's
 *	bind does not hold (policy_zone of mm/mempolicy.c)
 * @probes: bit PROBE_x for each probe that would have reported its event, as in
 *	struct gfplab_outcome
 * @own_task: control word `call`: the writing task is the only worker
 * @limit: what blocks are held against; other than LIMIT_module with unsafe=1 alone
 * @budget: pages that each worker may hold
 * @clock: times requests and batches of them
 */
struct gfplab_plan {
	struct gfplab_options opt;
	u32 id;
	unsigned int nr_workers;
	unsigned int nr_orders;
	u8 orders[GFPLAB_MAX_ORDER + 2];
	unsigned int policy_zone;
	u64 probes;
	bool own_task;
	enum gfplab_limit limit;
	u64 budget;
	struct gfplab_clock clock;
};

/* Whether requests have a latency. */
static inline bool gfplab_plan_timed(const struct gfplab_plan *plan)
{
	return plan->opt.observe >= OBSERVE_time;
}

/* Whether silence of a probe means that the event did not happen. */
static inline bool gfplab_plan_watched(const struct gfplab_plan *plan, enum gfplab_probe_id probe)
{
	return plan->probes & (1ULL << probe);
}

unsigned int gfplab_plan_workers(const struct gfplab_options *opt, bool own_task);
int gfplab_plan_make(struct gfplab_plan *plan, const struct gfplab_options *opt, bool own_task,
		     u64 kept, struct gfplab_reason *why);
void gfplab_plan_room(const struct gfplab_plan *plan, struct gfplab_room *room);
u64 gfplab_plan_share(const struct gfplab_plan *plan, unsigned int worker);
u32 gfplab_plan_pool_size(const struct gfplab_plan *plan, unsigned int worker);
u32 gfplab_plan_ring(const struct gfplab_plan *plan, unsigned int worker);

#endif
