// SPDX-License-Identifier: GPL-2.0
/*
 * run.c - a plan in execution: idle -> running -> draining -> idle.
 *
 * `start` makes one kthread per CPU; the last one to finish queues the work
 * that collects them. `call` does the same in the writer's own task. No lock
 * is held across a request.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/sched/clock.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include "gfplab.h"
#include "trace.h"

/* A worker looks at the machine's reserve whenever it took this much more. */
#define LOOK_PAGES	1024

static void run_abort(struct gfplab_run *run, enum gfplab_abort because)
{
	atomic_cmpxchg(&run->aborted, ABORT_none, because);
	wake_up_all(&run->job->done);
}

/* ---- one request ---- */

static unsigned int draw_order(struct gfplab_worker *w)
{
	const struct gfplab_run *run = w->run;

	if (run->nr_orders == 1)
		return 0;
	return prandom_u32_state(&w->rnd) % run->nr_orders;
}

static void flight_open(struct gfplab_worker *w, unsigned int order)
{
	if (w->flight.evidence.hits)
		memset(&w->flight.evidence, 0, sizeof(w->flight.evidence));
	w->flight.order = order;
	/* The callbacks run in this very task: the compiler's order suffices. */
	barrier();
	WRITE_ONCE(w->flight.open, true);
	barrier();
}

static void flight_close(struct gfplab_worker *w)
{
	barrier();
	WRITE_ONCE(w->flight.open, false);
}

/*
 * Free pages when the attempt looked at them: now, plus what the request has
 * taken off the free lists since. Others' requests in between are noise.
 */
static bool was_below_min(struct page *page, unsigned int order, gfp_t gfp,
			  const struct gfplab_evidence *ev)
{
	struct zone *zone = page_zone(page);
	long free = gfp & __GFP_MOVABLE ? gfplab_zone_free(zone) : gfplab_zone_usable(zone);

	free += (long)ev->zonelocked << order;
	return free - ((1L << order) - 1) <=
	       (long)(gfplab_zone_mark(zone, MARK_min) + zone->lowmem_reserve[gfp_zone(gfp)]);
}

static void judge(struct gfplab_worker *w, struct gfplab_verdict *verdict)
{
	const struct gfplab_entry *entry = &gfplab_entries[w->run->opt.entry];
	const struct gfplab_evidence *ev = &w->flight.evidence;
	struct page *page = w->got ? w->block.page : NULL;
	unsigned int order = w->ask.order;
	struct gfplab_outcome out = {
		.probes = w->run->probes,
		.got = page,
		.over_max = order > GFPLAB_MAX_ORDER,
		.account = w->ask.gfp & __GFP_ACCOUNT,
		.pcp_order = gfplab_pcp_order(entry->inner == GFPLAB_ORDER_ASKED ? order : 0),
		.silent_steal = GFPLAB_SILENT_STEAL,
		.client = entry->client,
		.bypass = entry->bypass,
	};

	/* Where the attempts stand in for the slow-path probe, they must be readable. */
	if (ev->flags_bad && !ev->slow)
		out.probes &= ~(1U << PROBE_slowpath);
	if (page && ev->slow) {
		out.placed = true;
		out.pfmemalloc = page_is_pfmemalloc(page);
		out.below_min = was_below_min(page, order, gfplab_entry_gfp(entry, w->ask.gfp), ev);
	}
	gfplab_classify(ev, &out, verdict);
}

static void fill_record(struct gfplab_record *rec, const struct gfplab_worker *w)
{
	const struct gfplab_ask *ask = &w->ask;
	const struct page *page = w->got ? w->block.page : NULL;
	const struct gfplab_evidence *ev = &w->flight.evidence;
	const struct gfplab_run *run = w->run;

	rec->seq = w->stats.requests * run->nr_workers + w->index;
	rec->reclaim_ns = ev->reclaim_ns;
	rec->compact_ns = ev->compact_ns;
	rec->reclaimed = ev->reclaimed;
	rec->scanned = ev->scanned;
	rec->slab = ev->slab;
	rec->migrated = ev->migrated;
	rec->reclaims = ev->reclaims;
	rec->compacts = ev->compacts;
	rec->run = run->id;
	rec->cpu = raw_smp_processor_id();
	rec->gfp = ask->gfp;
	rec->nid = ask->nid;
	rec->order = ask->order;
	rec->entry = run->opt.entry;
	rec->context = run->opt.context;
	rec->scope = run->opt.scope;
	rec->gfp_seen = ev->alloc_gfp;
	rec->kswapd = ev->kswapd;
	rec->attempts = ev->attempts;
	rec->retries = ev->retries;
	rec->victim = ev->victim;
	memcpy(rec->flags_kept, ev->flags_kept, sizeof(rec->flags_kept));
	rec->flags_last = ev->flags_last;
	rec->flags_bad = ev->flags_bad;
	rec->steal_to = ev->steal_to;
	rec->steal_from = ev->steal_from;
	rec->compact_result = ev->compact_result;
	if (page) {
		rec->pages = w->block.pages;
		rec->page_nid = page_to_nid(page);
		rec->zone = page_zonenum(page);
		rec->migratetype = gfplab_pageblock_type(page);
		rec->pfmemalloc = page_is_pfmemalloc(page);
	} else {
		rec->page_nid = NUMA_NO_NODE;
		rec->zone = U8_MAX;
	}
}

static void tell(struct gfplab_worker *w, const struct gfplab_record *rec)
{
	if (w->ring.size) {
		if (w->ring.head >= w->ring.size)
			w->stats.lost++;
		gfplab_record_store(&w->ring, rec);
	}
	if (!GFPLAB_BUSTED(no_trace))
		trace_gfplab_request(rec, w->run->opt.observe);
}

static void give(struct gfplab_worker *w, const struct gfplab_block *block)
{
	if (!gfplab_check_leave(block)) {
		w->stats.bad_blocks++;
		gfplab_quarantine(block);
		return;
	}
	gfplab_block_free(block);
	w->given++;
}

static void give_all(struct gfplab_worker *w)
{
	w->stats.bad_blocks += gfplab_pool_drain(w->pool);
	w->looked = 0;
}

/* A full pool then means the end: nothing held may go before the run does. */
static bool holds_all(const struct gfplab_options *opt)
{
	return !opt->hold &&
	       (opt->release.how == RELEASE_at_end || opt->release.how == RELEASE_keep);
}

/* Hold the block, and free what the plan says must go for it. */
static void keep(struct gfplab_worker *w, const struct gfplab_block *block)
{
	const struct gfplab_options *opt = &w->run->opt;
	struct gfplab_pool *pool = w->pool;
	struct gfplab_block out;
	u32 i = 0;

	switch (opt->release.how) {
	case RELEASE_every:
		gfplab_pool_push(pool, block);
		if (pool->count == pool->size || !((w->stats.requests + 1) % opt->release.every))
			give_all(w);
		return;
	case RELEASE_lifo:
		i = pool->count - 1;
		break;
	case RELEASE_random:
		i = pool->count ? prandom_u32_state(&w->release_rnd) % pool->count : 0;
		break;
	}
	if (pool->count == pool->size && holds_all(opt)) {
		run_abort(w->run, ABORT_budget);
		give(w, block);
		return;
	}
	if (pool->count == pool->size) {
		out = gfplab_pool_take(pool, i);
		give(w, &out);
	}
	gfplab_pool_push(pool, block);
}

static void compare(struct gfplab_worker *w, const struct gfplab_prediction *predicted,
		    const struct gfplab_verdict *verdict)
{
	w->stats.predicted_stages += hweight32(predicted->stages);
	if (gfplab_foreseen(predicted, verdict, w->got ? w->block.page : NULL))
		w->stats.agree++;
	else
		w->stats.differ++;
}

/* Runs in the plan's context: the call itself, and nothing that can wait. */
static void ask_kernel(void *data)
{
	struct gfplab_worker *w = data;
	const struct gfplab_options *opt = &w->run->opt;
	bool timed = opt->observe >= OBSERVE_time;
	bool borrows = opt->context >= CONTEXT_softirq;

	if (borrows)
		gfplab_flight_borrow(&w->flight, opt->context);
	if (timed)
		w->begin_ns = local_clock();
	w->got = gfplab_entries[opt->entry].alloc(&w->ask, &w->block);
	if (timed) {
		u64 end = local_clock();

		/* The writer of a `call` may move between CPUs' clocks. */
		w->latency_ns = end > w->begin_ns ? end - w->begin_ns : 0;
	}
	if (borrows)
		gfplab_flight_return(opt->context);
}

static void request(struct gfplab_worker *w, unsigned int order_index)
{
	const struct gfplab_run *run = w->run;
	const struct gfplab_options *opt = &run->opt;
	const struct gfplab_entry *entry = &gfplab_entries[opt->entry];
	struct gfplab_prediction predicted = {};
	struct gfplab_verdict verdict;
	unsigned int before = 0;
	u8 bad = 0;

	w->ask.order = run->orders[order_index];
	if (w->oracle)
		gfplab_foresee(w->oracle, opt, w->ask.order, &predicted, NULL);
	w->block = (struct gfplab_block){ .order = w->ask.order, .entry = opt->entry };
	flight_open(w, entry->inner == GFPLAB_ORDER_ASKED ? w->ask.order : entry->inner);
	if (opt->scope)
		before = gfplab_scope_enter(opt->scope);
	if (opt->context == CONTEXT_task)
		ask_kernel(w);
	else
		gfplab_errand_do(&w->errand, opt->context);
	if (opt->scope)
		gfplab_scope_leave(opt->scope, before);
	flight_close(w);
	if (w->got)
		w->taken++;
	if (GFPLAB_BUSTED(spoiled_block) && w->got)
		page_ref_inc(w->block.page);

	judge(w, &verdict);
	if (predicted.stages)
		compare(w, &predicted, &verdict);
	if (w->got && opt->check != CHECK_none) {
		w->block.checked = true;
		bad = gfplab_check_block(&w->block, run, &verdict, opt->observe >= OBSERVE_full ?
					 &w->flight.evidence : NULL);
	}
	if (opt->observe >= OBSERVE_time)
		gfplab_latency(&w->stats, order_index, verdict.stage, w->latency_ns);
	if (opt->observe >= OBSERVE_full || trace_gfplab_request_enabled()) {
		struct gfplab_record rec = {
			.ts_ns = w->begin_ns, .latency_ns = w->latency_ns,
			.verdict = verdict, .bad = bad, .predicted = predicted,
		};

		fill_record(&rec, w);
		tell(w, &rec);
	}
	w->stats.result[verdict.result]++;
	w->stats.stage[verdict.stage]++;
	w->stats.source[verdict.source]++;
	w->stats.reserve[verdict.reserve]++;

	if (bad) {
		w->stats.bad_blocks++;
		gfplab_quarantine(&w->block);
	} else if (w->got) {
		if (opt->check == CHECK_full)
			gfplab_check_fill(&w->block, ((u64)w->index << 48) +
					  (w->stats.requests << 20));
		if (w->pool->size)
			keep(w, &w->block);
		else
			give(w, &w->block);
	}
	w->stats.requests++;
}

/* ---- one worker ---- */

/* Before each request: may this worker hold another block of this order? */
static bool within_budget(struct gfplab_worker *w, unsigned int order)
{
	u64 pages = w->pool->pages;
	u32 least;

	if (GFPLAB_BUSTED(no_budget))
		return true;
	if (pages + gfplab_entry_pages(&gfplab_entries[w->run->opt.entry], order, &least) >
	    w->budget)
		return false;
	if (pages < w->looked + LOOK_PAGES)
		return true;
	w->looked = pages;
	/* A squeeze means to leave little; whoever asked for it took the risk. */
	return w->run->states.squeeze.hoard.zone || si_mem_available() > (long)gfplab_reserve_pages();
}

static bool told_to_end(struct gfplab_worker *w)
{
	struct gfplab_run *run = w->run;

	if (atomic_read(&run->aborted) && !GFPLAB_BUSTED(deaf_stop))
		return true;
	if (run->own_task && signal_pending(current)) {
		run_abort(run, ABORT_signal);
		return true;
	}
	if (run->expiry && time_after_eq(jiffies, run->expiry)) {
		run_abort(run, ABORT_timeout);
		return true;
	}
	return run->deadline && time_after_eq(jiffies, run->deadline);
}

/* Jiffies until the run ends by itself, at least one. */
static long time_left(const struct gfplab_run *run)
{
	long left = LONG_MAX;

	if (run->expiry)
		left = min(left, (long)(run->expiry - jiffies));
	if (run->deadline)
		left = min(left, (long)(run->deadline - jiffies));
	return max(left, 1L);
}

static void pause_between(struct gfplab_run *run)
{
	u32 us = run->opt.interval_us;

	if (!us)
		cond_resched();
	else if (us < 10000)
		usleep_range(us, us + us / 8 + 1);
	else
		wait_event_interruptible_timeout(run->job->done, atomic_read(&run->aborted),
						 min_t(long, usecs_to_jiffies(us),
						       time_left(run)));
}

static void work(struct gfplab_worker *w)
{
	struct gfplab_run *run = w->run;
	unsigned int i;

	while (!w->share || w->stats.requests < w->share) {
		if (told_to_end(w))
			break;
		i = draw_order(w);
		if (!within_budget(w, run->orders[i])) {
			run_abort(run, ABORT_budget);
			break;
		}
		request(w, i);
		pause_between(run);
	}
	if (run->opt.release.how != RELEASE_keep)
		give_all(w);
	gfplab_frag_drain(&w->frags);
	gfplab_errand_exit(&w->errand);
	gfplab_taken(w->taken);
	gfplab_given(w->given);
}

static int worker_thread(void *data)
{
	struct gfplab_worker *w = data;
	struct gfplab_run *run = w->run;
	struct gfplab_job *job = run->job;

	gfplab_flight_begin(&w->flight, current);
	work(w);
	gfplab_flight_end(&w->flight);
	if (atomic_dec_and_test(&run->live))
		schedule_work(&job->finish);

	/* The thread must not outlive the module: it waits to be collected. */
	set_current_state(TASK_IDLE);
	while (!kthread_should_stop()) {
		schedule();
		set_current_state(TASK_IDLE);
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}

/* ---- a run's memory ---- */

static void worker_free(struct gfplab_worker *w)
{
	if (!w)
		return;
	gfplab_pool_destroy(w->pool);
	kvfree(w->oracle);
	kvfree(w->scratch);
	kvfree(w->stats.buckets);
	kvfree(w->ring.slots);
	kvfree(w);
}

static struct gfplab_worker *worker_create(struct gfplab_run *run, unsigned int index,
					   u32 pool_size)
{
	struct gfplab_worker *w = kvzalloc(sizeof(*w), GFP_KERNEL);

	if (!w)
		return NULL;
	w->run = run;
	w->index = index;
	w->stats.min_ns = U64_MAX;
	prandom_seed_state(&w->rnd, run->opt.seed + index);
	prandom_seed_state(&w->release_rnd, run->opt.seed + index);
	w->ask.gfp = run->opt.gfp;
	w->ask.nid = run->opt.nid;
	w->ask.nodes = run->opt.nodes.all ? NULL : &run->opt.nodes.mask;
	w->ask.frags = &w->frags;
	gfplab_errand_init(&w->errand, ask_kernel, w);
	w->pool = gfplab_pool_create(pool_size);
	if (!w->pool)
		goto fail;
	if (gfplab_entries[run->opt.entry].shape == SHAPE_scattered) {
		w->scratch = gfplab_array(GFPLAB_SCRATCH, sizeof(*w->scratch));
		if (!w->scratch)
			goto fail;
		w->ask.scratch = w->scratch;
	}
	if (run->opt.observe >= OBSERVE_explain) {
		w->oracle = gfplab_oracle_create();
		if (!w->oracle)
			goto fail;
	}
	if (gfplab_timed(run)) {
		w->stats.buckets = gfplab_array(run->nr_orders, sizeof(*w->stats.buckets));
		if (!w->stats.buckets)
			goto fail;
	}
	if (run->opt.observe >= OBSERVE_full) {
		w->ring.size = run->opt.ring;
		w->ring.slots = gfplab_array(w->ring.size + 1, sizeof(*w->ring.slots));
		if (!w->ring.slots)
			goto fail;
	}
	return w;
fail:
	worker_free(w);
	return NULL;
}

static void run_release(struct kref *ref)
{
	struct gfplab_run *run = container_of(ref, struct gfplab_run, ref);
	unsigned int i;

	for (i = 0; i < run->nr_workers; i++)
		worker_free(run->workers[i]);
	kvfree(run);
}

/**
 * gfplab_run_put - drop a reference to a run's results
 * @run: may be NULL
 *
 * Context: may sleep.
 */
void gfplab_run_put(struct gfplab_run *run)
{
	if (run)
		kref_put(&run->ref, run_release);
}

/**
 * gfplab_run_get - the job's last run, going on or over
 * @job: a job
 *
 * Context: may sleep; takes the job's lock.
 * Return: a reference, or NULL if there is none.
 */
struct gfplab_run *gfplab_run_get(struct gfplab_job *job)
{
	struct gfplab_run *run;

	mutex_lock(&job->lock);
	run = job->run;
	if (run)
		kref_get(&run->ref);
	mutex_unlock(&job->lock);
	return run;
}

/* ---- the plan ---- */

static u64 kept_pages(struct gfplab_job *job)
{
	struct gfplab_pool *pool;
	u64 pages = 0;

	list_for_each_entry(pool, &job->kept, kept)
		pages += pool->pages;
	return pages;
}

/* What must be true of the options together, and of the machine by now. */
static int plan_check(const struct gfplab_options *opt, bool own_task,
		      struct gfplab_reason *why)
{
	const struct gfplab_entry *entry = &gfplab_entries[opt->entry];
	int err = gfplab_gfp_check(opt->gfp, opt->order, why);

	if (!err)
		err = gfplab_entry_check(entry, opt->gfp, opt->order, opt->context, why);
	if (err)
		return err;
	if (opt->context != CONTEXT_task && (opt->gfp & __GFP_DIRECT_RECLAIM))
		return gfplab_refuse(why, -1, -EINVAL,
				     "__GFP_DIRECT_RECLAIM may sleep, which the context can't (it would: 5.10 hangs)");
	if (opt->context >= CONTEXT_softirq && opt->scope)
		return gfplab_refuse(why, -1, -EINVAL,
				     "scope is the task's, an interrupt has another one");
	if ((opt->scope & (1U << SCOPE_noreclaim)) && (opt->gfp & __GFP_NOFAIL))
		return gfplab_refuse(why, -1, -EINVAL,
				     "__GFP_NOFAIL under scope=noreclaim: the kernel WARNs");
	if (opt->nid != NUMA_NO_NODE && !entry->takes_nid)
		return gfplab_refuse(why, -1, -EINVAL, "entry %s takes no nid", entry->name);
	if (!opt->nodes.all && !entry->takes_nodes)
		return gfplab_refuse(why, -1, -EINVAL, "entry %s takes no nodes", entry->name);
	if (opt->nid != NUMA_NO_NODE && !node_online(opt->nid))
		return gfplab_refuse(why, -1, -ENODEV, "node %d went offline", opt->nid);
	if (!opt->nodes.all && !nodes_subset(opt->nodes.mask, node_online_map))
		return gfplab_refuse(why, -1, -ENODEV, "a node of `nodes` went offline");
	if (!own_task && !opt->cpus.all && !cpumask_subset(&opt->cpus.mask, cpu_online_mask))
		return gfplab_refuse(why, -1, -ENODEV, "a CPU of `cpus` went offline");
	if (!own_task && (opt->squeeze.nid != NUMA_NO_NODE || opt->fragment.nid != NUMA_NO_NODE))
		return gfplab_refuse(why, -1, -EINVAL,
				     "squeeze and fragment work with `call` only: user space can't live on such a machine");
	if (opt->release.how == RELEASE_at_once && opt->hold > 1)
		return gfplab_refuse(why, -1, -EINVAL,
				     "release=at_once holds nothing, but hold=%llu", opt->hold);
	return 0;
}

/* How many blocks a worker must have room for; 0 frees each at once. */
static u64 pool_size(const struct gfplab_options *opt, u64 share, u64 budget)
{
	u64 most;
	u32 least;

	gfplab_entry_pages(&gfplab_entries[opt->entry], __ffs(opt->order), &least);
	most = max(div_u64(budget, least), 1ULL);

	if (share)
		most = min(most, share);
	switch (opt->release.how) {
	case RELEASE_at_once:
		return 0;
	case RELEASE_every:
		return min_t(u64, most, opt->release.every);
	case RELEASE_at_end:
	case RELEASE_keep:
		return opt->hold ? min(most, opt->hold) : most;
	default:
		return min(most, opt->hold);
	}
}

static unsigned long after_ms(u32 ms)
{
	return ms ? (jiffies + msecs_to_jiffies(ms)) ?: 1 : 0;
}

static struct gfplab_run *run_create(struct gfplab_job *job, bool own_task,
				     struct gfplab_reason *why)
{
	const struct gfplab_options *opt = &job->options;
	u64 budget = gfplab_default_pages(), kept = kept_pages(job), share, size;
	u64 machine = totalram_pages();
	u32 least, largest;
	unsigned int nr = 1, i, order;
	struct gfplab_run *run;
	int err;

	err = plan_check(opt, own_task, why);
	if (err)
		return ERR_PTR(err);
	if (opt->max_pages > budget && !gfplab_unsafe)
		return ERR_PTR(gfplab_refuse(why, -1, -EPERM,
					     "max_pages is above the %llu pages that are safe now: load with unsafe=1",
					     budget));
	if (opt->max_pages)
		budget = min(opt->max_pages, machine);
	if (!own_task) {
		nr = opt->cpus.all ? num_online_cpus() : cpumask_weight(&opt->cpus.mask);
		if (opt->count && opt->count < nr)
			nr = opt->count;
	}
	largest = gfplab_entry_pages(&gfplab_entries[opt->entry],
				     min_t(unsigned int, fls_long(opt->order) - 1,
					   GFPLAB_MAX_ORDER), &least);
	budget = budget > kept ? (budget - kept) / nr : 0;
	if (budget < largest)
		return ERR_PTR(gfplab_refuse(why, -1, -ENOMEM,
					     "the budget allows each of %u workers %llu pages, a request takes up to %u (%llu are kept)",
					     nr, budget, largest, kept));

	run = kvzalloc(struct_size(run, workers, nr), GFP_KERNEL);
	if (!run)
		goto nomem;
	kref_init(&run->ref);
	run->job = job;
	run->opt = *opt;
	run->own_task = own_task;
	run->policy_zone = gfplab_policy_zone();
	for_each_set_bit(order, &opt->order, GFPLAB_MAX_ORDER + 2)
		run->orders[run->nr_orders++] = order;
	for (i = 0; i < nr; i++) {
		share = div_u64(opt->count, nr) + (i < opt->count % nr);
		size = pool_size(opt, share, budget);
		if (size > U32_MAX / 2)
			size = U32_MAX / 2;
		run->workers[i] = worker_create(run, i, size);
		if (!run->workers[i])
			goto nomem;
		run->nr_workers++;
		run->workers[i]->share = share;
		run->workers[i]->budget = budget;
	}
	return run;
nomem:
	if (run)
		gfplab_run_put(run);
	return ERR_PTR(gfplab_refuse(why, -1, -ENOMEM, "no memory for the run's records and blocks: ring, hold or the number of workers is too large"));
}

/* ---- begin and end ---- */

static u64 run_requests(const struct gfplab_run *run)
{
	u64 sum = 0;
	unsigned int i;

	for (i = 0; i < run->nr_workers; i++)
		sum += READ_ONCE(run->workers[i]->stats.requests);
	return sum;
}

static void collect_threads(struct gfplab_run *run)
{
	unsigned int i;

	for (i = 0; i < run->nr_workers; i++) {
		if (run->own_task || !run->workers[i]->task)
			continue;
		kthread_stop(run->workers[i]->task);
		put_task_struct(run->workers[i]->task);
		run->workers[i]->task = NULL;
	}
}

/* Threads are made before anything else changes, and woken after all is set. */
static int make_threads(struct gfplab_run *run, struct gfplab_reason *why)
{
	struct task_struct *task;
	unsigned int i = 0;
	int cpu;

	for_each_online_cpu(cpu) {
		if (i == run->nr_workers)
			break;
		if (!run->opt.cpus.all && !cpumask_test_cpu(cpu, &run->opt.cpus.mask))
			continue;
		task = kthread_create_on_node(worker_thread, run->workers[i], cpu_to_node(cpu),
					      "gfplab/%d", cpu);
		if (IS_ERR(task))
			return gfplab_refuse(why, -1, PTR_ERR(task), "no kthread for CPU %d", cpu);
		kthread_bind(task, cpu);
		get_task_struct(task);
		run->workers[i++]->task = task;
	}
	/* A CPU that went offline meanwhile leaves its worker without one. */
	if (i < run->nr_workers)
		return gfplab_refuse(why, -1, -ENODEV, "a CPU of `cpus` went offline");
	return 0;
}

static void run_over(struct gfplab_job *job, struct gfplab_run *run)
{
	unsigned int i;

	collect_threads(run);
	gfplab_probe_put(run->probes);
	run->end_ns = ktime_get_ns();
	trace_gfplab_run(job->name, run->id, false, run_requests(run),
			 atomic_read(&run->aborted));

	mutex_lock(&job->lock);
	for (i = 0; i < run->nr_workers; i++) {
		struct gfplab_pool *pool = run->workers[i]->pool;

		run->workers[i]->pool = NULL;
		if (pool->count)
			list_add(&pool->kept, &job->kept);
		else
			gfplab_pool_destroy(pool);
	}
	WRITE_ONCE(job->state, STATE_idle);
	mutex_unlock(&job->lock);
	wake_up_all(&job->done);
}

static void finish_work(struct work_struct *work)
{
	struct gfplab_job *job = container_of(work, struct gfplab_job, finish);

	run_over(job, job->run);
}

/**
 * gfplab_run_init - prepare a new job for runs
 * @job: zeroed
 */
void gfplab_run_init(struct gfplab_job *job)
{
	mutex_init(&job->lock);
	INIT_LIST_HEAD(&job->kept);
	init_waitqueue_head(&job->done);
	INIT_WORK(&job->finish, finish_work);
}

/* With the job's lock held: nobody runs, and the job is not being removed. */
static int expect_idle(struct gfplab_job *job, struct gfplab_reason *why)
{
	if (job->dead)
		return gfplab_refuse(why, -1, -ENODEV, "the job is being removed");
	if (job->state != STATE_idle)
		return gfplab_refuse(why, -1, -EBUSY, "run %u is %s", job->run->id,
				     job->state == STATE_running ? "running" : "draining");
	return 0;
}

static struct gfplab_run *run_begin(struct gfplab_job *job, bool own_task,
				    struct gfplab_reason *why)
{
	struct gfplab_run *run, *old = NULL;
	int err;

	mutex_lock(&job->lock);
	err = expect_idle(job, why);
	if (err) {
		run = ERR_PTR(err);
		goto out;
	}
	run = run_create(job, own_task, why);
	if (IS_ERR(run))
		goto out;
	if (!own_task) {
		err = make_threads(run, why);
		if (err) {
			collect_threads(run);
			gfplab_run_put(run);
			run = ERR_PTR(err);
			goto out;
		}
	}
	run->probes = gfplab_probe_get(run->opt.observe);
	gfplab_states_init(&run->states, &run->opt);
	atomic_set(&run->live, run->nr_workers);
	run->id = ++job->runs;
	run->start_ns = ktime_get_ns();
	run->deadline = after_ms(run->opt.duration_ms);
	run->expiry = after_ms(run->opt.timeout_ms);
	old = job->run;
	job->run = run;
	WRITE_ONCE(job->state, STATE_running);
	trace_gfplab_run(job->name, run->id, true, 0, ABORT_none);
out:
	mutex_unlock(&job->lock);
	gfplab_run_put(old);
	return run;
}

/**
 * gfplab_run_start - control word `start`
 * @job: an idle job
 * @why: the reason for a refusal
 *
 * Context: may sleep; takes the job's lock.
 * Return: 0 once the workers run; -EBUSY, -ENODEV, -EINVAL, -EPERM, -ENOMEM,
 * or -EINTR if the writer is being killed.
 */
int gfplab_run_start(struct gfplab_job *job, struct gfplab_reason *why)
{
	struct gfplab_run *run = run_begin(job, false, why);
	unsigned int i;

	if (IS_ERR(run))
		return PTR_ERR(run);
	/* The last worker ends the run, and with it the right to look at it. */
	kref_get(&run->ref);
	for (i = 0; i < run->nr_workers; i++)
		wake_up_process(run->workers[i]->task);
	gfplab_run_put(run);
	return 0;
}

/**
 * gfplab_run_call - control word `call`
 * @job: an idle job
 * @why: the reason for a refusal
 *
 * Everything happens in the calling task: its mempolicy, cpuset, memcg and
 * OOM score apply. The memory state is applied and undone in here.
 *
 * Context: may sleep; holds no lock while requests are made.
 * Return: 0 once the requests ran, whatever became of them; -EINTR if a
 * signal ended the run; else as gfplab_run_start().
 */
int gfplab_run_call(struct gfplab_job *job, struct gfplab_reason *why)
{
	struct gfplab_run *run = run_begin(job, true, why);
	struct gfplab_worker *w;
	int aborted;

	if (IS_ERR(run))
		return PTR_ERR(run);
	w = run->workers[0];
	gfplab_flight_begin(&w->flight, current);
	gfplab_states_apply(&run->states);
	work(w);
	gfplab_states_undo(&run->states);
	gfplab_flight_end(&w->flight);
	aborted = atomic_read(&run->aborted);
	run_over(job, run);
	if (aborted == ABORT_signal)
		return gfplab_refuse(why, -1, -EINTR, "a signal ended the run");
	return 0;
}

/**
 * gfplab_run_tell - tell the job's run to end, and don't wait for it
 * @job: a job
 *
 * Context: may sleep; takes the job's lock. The run goes on for at most the
 * request in flight, and gives back its blocks.
 */
void gfplab_run_tell(struct gfplab_job *job)
{
	mutex_lock(&job->lock);
	if (job->state != STATE_idle)
		run_abort(job->run, ABORT_stop);
	mutex_unlock(&job->lock);
}

static bool is_idle(struct gfplab_job *job)
{
	return READ_ONCE(job->state) == STATE_idle;
}

/**
 * gfplab_run_stop - control word `stop`
 * @job: a job; nothing happens if it is idle
 * @why: the reason for a refusal
 *
 * Context: may sleep. Return: 0 once idle, -EINTR if the writer is killed.
 */
int gfplab_run_stop(struct gfplab_job *job, struct gfplab_reason *why)
{
	gfplab_run_tell(job);
	if (wait_event_killable(job->done, is_idle(job)))
		return gfplab_refuse(why, -1, -EINTR, "a signal ended the wait");
	return 0;
}

/**
 * gfplab_run_quit - stop the job's run, give back everything
 * @job: marked dead, so that nothing new begins
 *
 * Context: may sleep, can't be interrupted.
 */
void gfplab_run_quit(struct gfplab_job *job)
{
	struct gfplab_pool *pool, *next;

	gfplab_run_tell(job);
	wait_event(job->done, is_idle(job));
	flush_work(&job->finish);
	list_for_each_entry_safe(pool, next, &job->kept, kept)
		gfplab_pool_destroy(pool);
	INIT_LIST_HEAD(&job->kept);
	gfplab_run_put(job->run);
	job->run = NULL;
}

static u64 kept_free(struct gfplab_job *job)
{
	struct gfplab_pool *pool, *next;
	u64 pages = kept_pages(job);

	list_for_each_entry_safe(pool, next, &job->kept, kept) {
		list_del(&pool->kept);
		gfplab_pool_destroy(pool);
	}
	return pages;
}

/**
 * gfplab_run_reset - control word `reset`
 * @job: an idle job
 * @why: the reason for a refusal
 *
 * Context: may sleep; takes the job's lock. Return: 0, -EBUSY or -ENODEV.
 */
int gfplab_run_reset(struct gfplab_job *job, struct gfplab_reason *why)
{
	struct gfplab_run *run = NULL;
	int err;

	mutex_lock(&job->lock);
	err = expect_idle(job, why);
	if (!err) {
		kept_free(job);
		run = job->run;
		job->run = NULL;
	}
	mutex_unlock(&job->lock);
	gfplab_run_put(run);
	return err;
}

/**
 * gfplab_run_oom - the system runs out of memory: give back what we can
 * @job: a job
 *
 * Kept blocks go at once; workers are told to end and free theirs. A `call`
 * goes on: it holds memory because its caller wants to see just this.
 *
 * Context: the OOM notifier: must not wait for a lock.
 * Return: pages freed.
 */
u64 gfplab_run_oom(struct gfplab_job *job)
{
	u64 pages;

	if (!mutex_trylock(&job->lock))
		return 0;
	pages = kept_free(job);
	if (job->state != STATE_idle && !job->run->own_task)
		run_abort(job->run, ABORT_oom);
	mutex_unlock(&job->lock);
	return pages;
}

/**
 * gfplab_status_show - one line on where the job stands
 * @m: the file `status`
 * @job: a job
 *
 * Context: may sleep; takes the job's lock.
 */
void gfplab_status_show(struct seq_file *m, struct gfplab_job *job)
{
	static const char * const states[] = { "idle", "running", "draining" };
	static const char * const aborts[] = { GFPLAB_ABORTS(GFPLAB_NAME) };
	struct gfplab_run *run;
	enum gfplab_state state;
	u64 held, end = 0;
	unsigned int i;

	mutex_lock(&job->lock);
	run = job->run;
	state = job->state;
	held = kept_pages(job);
	if (run) {
		if (state == STATE_running && atomic_read(&run->aborted))
			state = STATE_draining;
		if (state != STATE_idle)
			for (i = 0; i < run->nr_workers; i++)
				held += READ_ONCE(run->workers[i]->pool->pages);
		end = state == STATE_idle ? run->end_ns : ktime_get_ns();
	}
	seq_printf(m, "state=%s run=%u done=%llu total=%llu held_pages=%llu elapsed_ms=%llu aborted=%s\n",
		   states[state], run ? run->id : 0, run ? run_requests(run) : 0,
		   run ? run->opt.count : job->options.count, held,
		   run ? div_u64(end - run->start_ns, NSEC_PER_MSEC) : 0,
		   aborts[run ? atomic_read(&run->aborted) : ABORT_none]);
	mutex_unlock(&job->lock);
}
