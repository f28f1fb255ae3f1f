/* SPDX-License-Identifier: GPL-2.0 */
/*
 * gfplab.h - the structs that travel from station to station.
 *
 *   options -> plan -> worker -> entry -> [page allocator] -> evidence
 *     -> verdict -> check -> record -> ring, histogram, trace -> debugfs
 */
#ifndef GFPLAB_H
#define GFPLAB_H

#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/nodemask.h>
#include <linux/prandom.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>
#include <linux/topology.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include "clock.h"
#include "compat.h"
#include "tables.h"
#include "verdict.h"
#include "walk.h"

#define GFPLAB_NAME_MAX		32	/* a job's name, NUL included */
#define GFPLAB_TEXT_MAX		4096	/* what one write(2) may carry */

struct dentry;
struct kprobe;
struct pt_regs;

struct gfplab_word {
	const char *name;
	const char *help;
};

/* ---- error.c: why something was refused ---- */

/**
 * struct gfplab_reason - why a text was refused
 * @at: offset of the mistake in the text, -1 if no single place is at fault
 * @text: the reason, for a person
 */
struct gfplab_reason {
	int at;
	char text[160];
};

__printf(4, 5)
int gfplab_refuse(struct gfplab_reason *why, int at, int err, const char *fmt, ...);
void gfplab_error_log(const char *where, const char *text, size_t len,
		      const struct gfplab_reason *why, int err);
void gfplab_error_clear(void);
void gfplab_error_show(struct seq_file *m);

/* ---- gfp.c ---- */

int gfplab_gfp_parse(const char *text, size_t len, gfp_t *gfp,
		     struct gfplab_reason *why);
void gfplab_gfp_show(struct seq_file *m, gfp_t gfp);
void gfplab_gfp_help(struct seq_file *m);
int gfplab_gfp_check(gfp_t gfp, unsigned long orders, struct gfplab_reason *why);

/* ---- option.c ---- */

struct gfplab_nodes {
	bool all;		/* no nodemask: NULL is passed */
	nodemask_t mask;
};

struct gfplab_cpus {
	bool all;		/* every CPU online when the run starts */
	struct cpumask mask;
};

struct gfplab_release_arg {
	u32 how;		/* enum gfplab_release */
	u32 every;		/* for RELEASE_every */
};

enum gfplab_mark { MARK_min, MARK_low, MARK_high, NR_MARKS };

/* Where a squeeze ends: percent of a watermark, or a watermark +/- percent. */
struct gfplab_squeeze_arg {
	int nid;		/* NUMA_NO_NODE: no squeeze */
	u32 zone;		/* enum zone_type */
	u32 mark;		/* enum gfplab_mark */
	s32 percent;
};

/* A zone left without free blocks of an order. */
struct gfplab_fragment_arg {
	int nid;		/* NUMA_NO_NODE: none */
	u32 zone;		/* enum zone_type */
	u32 order;
};

struct gfplab_options {
	u32 entry;		/* row of gfplab_entries[] */
	bool bare;		/* its calls alone, in a tight loop; set with @entry */
	gfp_t gfp;
	unsigned long order;	/* bit n: order n may be drawn */
	int nid;
	struct gfplab_nodes nodes;
	u64 count;
	u32 duration_ms;
	struct gfplab_cpus cpus;
	u32 context;
	u32 scope;		/* bit SCOPE_x */
	u64 hold;
	struct gfplab_release_arg release;
	u32 interval_us;
	u64 seed;
	struct gfplab_squeeze_arg squeeze;
	struct gfplab_fragment_arg fragment;
	u32 observe;
	u32 ring;
	u32 check;
	u64 max_pages;		/* 0: the default budget */
	u32 timeout_ms;
};

struct gfplab_option;
extern const unsigned int gfplab_nr_options;

const struct gfplab_option *gfplab_option_row(unsigned int i);
const char *gfplab_option_name(const struct gfplab_option *option);
int gfplab_option_parse(const struct gfplab_option *option,
			struct gfplab_options *to, const char *text,
			struct gfplab_reason *why);
void gfplab_option_show(const struct gfplab_option *option,
			const struct gfplab_options *from, struct seq_file *m);
int gfplab_options_set(struct gfplab_options *to, char *text,
		       struct gfplab_reason *why);
void gfplab_options_show(const struct gfplab_options *from, struct seq_file *m);
int gfplab_options_default(struct gfplab_options *to);
int gfplab_options_params(struct gfplab_options *to);
void gfplab_option_help(struct seq_file *m);

/* ---- entry.c, entry_multi.c: the entry points of the allocator ---- */

/**
 * struct gfplab_block - what one request brought
 * @page: the first page
 * @addr: where it is mapped, if that is not where @page is
 * @sum: seed of the pattern written at check=full
 * @pages: how many; not always a power of two
 * @bytes: how much of them is ours
 */
struct gfplab_block {
	struct page *page;
	void *addr;
	u64 sum;
	u32 pages;
	u32 bytes;
	u8 order;
	u8 entry;
	bool checked;		/* its frames are marked as held */
	bool patterned;		/* its bytes were written */
};

/**
 * struct gfplab_alloc_args - what one request hands to an entry
 * @nodes: NULL for "no nodemask"
 * @frags: the worker's cache, for page fragments
 * @scratch: room for GFPLAB_SCRATCH pages, for bulk; all NULL
 * @aborted: the run's, for entries that look for something in a loop of their own
 */
struct gfplab_alloc_args {
	gfp_t gfp;
	unsigned int order;
	int nid;
	nodemask_t *nodes;
	struct page_frag_cache *frags;
	struct page **scratch;
	const atomic_t *aborted;
};

#define GFPLAB_SCRATCH	(1U << GFPLAB_MAX_ORDER)

/* How the pages of a block hang together. */
enum gfplab_shape {
	SHAPE_block,		/* one block of the buddy allocator */
	SHAPE_split,		/* adjacent pages, each with a reference of its own */
	SHAPE_scattered,	/* single pages from anywhere */
	SHAPE_fragment,		/* a part of a page that others use too */
};

struct gfplab_worker;

#define GFPLAB_ENTRY_NAME	24	/* of its name, NUL included */

#define GFPLAB_ORDER_ASKED	0xfe	/* the order of the request */
#define GFPLAB_ANY_ORDER	0xff	/* it varies */

/**
 * struct gfplab_entry - one entry point of the allocator
 * @absent: why this kernel lacks it; NULL if it is there
 * @min_order: the smallest order that it takes
 * @max_order: the largest
 * @inner: the order that reaches the allocator
 * @takes_nid: has a parameter for the preferred node
 * @takes_nodes: has one for the nodemask
 * @obeys_policy: the task's mempolicy applies
 * @sleeps: only from task context, only with __GFP_DIRECT_RECLAIM
 * @client: may have memory left over and not ask at all
 * @bypass: does not go through get_page_from_freelist()
 * @frozen: its pages have no reference count
 * @listed: its pages hang in a list, which overwrites the pfmemalloc mark
 * @once: goes through it once, at the min watermark, and has no slow path
 * @strips: gfp bits that the entry removes
 * @adds: gfp bits that it adds
 * @refuses: gfp bits that it WARNs or worse about
 * @alloc: makes the request; false if nothing came back
 * @free: gives a block back the way it came
 * @burst: by observe level, makes up to so many requests and frees
 *	what they bring at once; returns how many were plain. If fewer, the next
 *	one was made too, and what came is in the worker.
 * @next: the page after @prev, the @i-th; NULL: they are adjacent
 */
struct gfplab_entry {
	char name[GFPLAB_ENTRY_NAME];
	const char *help;
	const char *absent;
	u8 min_order;
	u8 max_order;
	u8 inner;
	bool takes_nid;
	bool takes_nodes;
	bool obeys_policy;
	bool sleeps;
	bool client;
	bool bypass;
	bool once;
	bool frozen;
	bool listed;
	enum gfplab_shape shape;
	gfp_t strips;
	gfp_t adds;
	gfp_t refuses;
	bool (*alloc)(const struct gfplab_alloc_args *args, struct gfplab_block *block);
	void (*free)(const struct gfplab_block *block);
	u32 (*burst[NR_OBSERVES])(struct gfplab_worker *w, u32 n);
	struct page *(*next)(const struct gfplab_block *block, struct page *prev, u32 i);
};

extern const struct gfplab_entry gfplab_entries[];
extern const unsigned int gfplab_nr_entries;

/* For entries that are told a node: the one asked for, or the nearest with memory. */
static inline int gfplab_nid(int nid)
{
	return nid == NUMA_NO_NODE ? numa_mem_id() : nid;
}

bool gfplab_bulk_alloc(const struct gfplab_alloc_args *args, struct gfplab_block *block);
bool gfplab_bulk_list_alloc(const struct gfplab_alloc_args *args, struct gfplab_block *block);
bool gfplab_bulk_refill_alloc(const struct gfplab_alloc_args *args, struct gfplab_block *block);
void gfplab_bulk_free(const struct gfplab_block *block);
struct page *gfplab_bulk_next(const struct gfplab_block *block, struct page *prev, u32 i);
bool gfplab_frag_alloc(const struct gfplab_alloc_args *args, struct gfplab_block *block);
void gfplab_frag_free(const struct gfplab_block *block);
bool gfplab_kmalloc_alloc(const struct gfplab_alloc_args *args, struct gfplab_block *block);
void gfplab_kmalloc_free(const struct gfplab_block *block);
bool gfplab_vmalloc_alloc(const struct gfplab_alloc_args *args, struct gfplab_block *block);
void gfplab_vmalloc_free(const struct gfplab_block *block);
struct page *gfplab_vmalloc_next(const struct gfplab_block *block, struct page *prev, u32 i);
bool gfplab_contig_alloc(const struct gfplab_alloc_args *args, struct gfplab_block *block);
void gfplab_contig_free(const struct gfplab_block *block);
bool gfplab_contig_still_isolated(unsigned long start, unsigned long end);

int gfplab_entry_check(const struct gfplab_entry *entry, gfp_t gfp, unsigned long orders,
		       enum gfplab_context context, struct gfplab_reason *why);
u32 gfplab_entry_pages(const struct gfplab_entry *entry, unsigned int order, u32 *least);
gfp_t gfplab_entry_gfp(const struct gfplab_entry *entry, gfp_t gfp);
void gfplab_entry_help(struct seq_file *m);
struct page *gfplab_block_page(const struct gfplab_block *block, struct page *prev, u32 i);

/* ---- context.c ---- */

/**
 * struct gfplab_context_call - something done once in a chosen context
 * @run: what
 * @data: its argument
 */
struct gfplab_context_call {
	void (*run)(void *data);
	void *data;
	spinlock_t lock;
	struct completion done;
	struct tasklet_struct tasklet;
	struct irq_work irq;
};

void gfplab_context_call_init(struct gfplab_context_call *call, void (*run)(void *), void *data);
void gfplab_context_call_run(struct gfplab_context_call *call, enum gfplab_context context);
void gfplab_context_call_exit(struct gfplab_context_call *call);
unsigned int gfplab_scope_enter(u32 scopes);
void gfplab_scope_leave(u32 scopes, unsigned int before);
void gfplab_scope_show(struct seq_file *m, u32 scopes);
extern const struct gfplab_word gfplab_scope_words[];

/* ---- zone.c ---- */

struct zone *gfplab_zone(int nid, unsigned int zone);
const char *gfplab_zone_name(unsigned int zone);
int gfplab_zone_parse(const char *text, size_t len);
long gfplab_zone_free(struct zone *zone);
long gfplab_zone_usable(struct zone *zone);
unsigned long gfplab_zone_mark(struct zone *zone, enum gfplab_mark mark);
unsigned int gfplab_pageblock_type(const struct page *page);
bool gfplab_pageblock_isolated(const struct page *page);
const char *gfplab_migratetype_name(unsigned int type);
unsigned int gfplab_policy_zone(void);
bool gfplab_bind_holds(const struct mempolicy *pol, gfp_t gfp, unsigned int policy_zone);
void gfplab_zone_show(struct seq_file *m);

/* ---- flight.c, handler.c, probe.c ---- */

/**
 * struct gfplab_flight - one task's request in flight
 * @hash: in the table of tasks that issue requests, for the whole run
 * @task: who asks
 * @order: what reaches the allocator, to recognise the request's own
 *	arguments; GFPLAB_ANY_ORDER if that varies
 * @open: a request is in flight right now
 * @evidence: what was seen of it
 */
struct gfplab_flight {
	struct hlist_node hash;
	struct task_struct *task;
	unsigned int order;
	bool open;
	struct gfplab_evidence evidence;
};

/**
 * struct gfplab_handler - what runs when a probe fires
 * @at_event: a function of the prototype that the event has
 * @at_kprobe: a kprobe's pre-handler
 * @not_applicable: none, because this kernel can't do what the probe would report
 */
struct gfplab_handler {
	void *at_event;
	int (*at_kprobe)(struct kprobe *kp, struct pt_regs *regs);
	bool not_applicable;
};

void gfplab_handlers_init(struct gfplab_handler handlers[NR_PROBES]);
int gfplab_probe_init(void);
void gfplab_probe_exit(void);
u32 gfplab_probe_get(enum gfplab_observe level, u32 *ready);
void gfplab_probe_put(u32 attached);
void gfplab_probe_show(struct seq_file *m);
void gfplab_flight_begin(struct gfplab_flight *flight, struct task_struct *task);
void gfplab_flight_end(struct gfplab_flight *flight);
void gfplab_flight_enter_irq(struct gfplab_flight *flight, enum gfplab_context context);
void gfplab_flight_exit_irq(enum gfplab_context context);
bool gfplab_in_flight(void);
struct gfplab_evidence *gfplab_evidence(bool nested);

/* The callbacks run in this very task: the compiler's order suffices. */
static __always_inline void gfplab_flight_open(struct gfplab_flight *flight)
{
	barrier();
	WRITE_ONCE(flight->open, true);
	barrier();
}

static __always_inline void gfplab_flight_close(struct gfplab_flight *flight)
{
	barrier();
	WRITE_ONCE(flight->open, false);
	barrier();
}

/* ---- pool.c ---- */

/**
 * struct gfplab_pool - the blocks that one worker holds
 * @kept: in the job's list once the run is over and the blocks are not
 * @blocks: a ring of @size, @first is the oldest, @count are held
 * @pages: pages held
 */
struct gfplab_pool {
	struct list_head kept;
	struct gfplab_block *blocks;
	u32 size;
	u32 first;
	u32 count;
	u64 pages;
};

struct gfplab_pool *gfplab_pool_create(u32 size);
void *gfplab_array(size_t n, size_t size);
void gfplab_pool_destroy(struct gfplab_pool *pool);
void gfplab_pool_push(struct gfplab_pool *pool, const struct gfplab_block *block);
struct gfplab_block gfplab_pool_take(struct gfplab_pool *pool, u32 i);
void gfplab_block_free(const struct gfplab_block *block);
u32 gfplab_pool_drain(struct gfplab_pool *pool);
bool gfplab_pool_release_range(struct gfplab_pool *pool, unsigned long start, unsigned long end);
void gfplab_count_allocated(u64 blocks);
void gfplab_count_freed(u64 blocks);
void gfplab_balance(u64 *allocated, u64 *freed);
u64 gfplab_default_pages(void);
u64 gfplab_reserve_pages(void);
bool gfplab_nodes_have_room(const nodemask_t *nodes);

/* ---- state.c: squeeze, fragment ---- */

/**
 * struct gfplab_free_counts - what a zone has free at one moment
 * @free: pages, those of CMA not counted
 * @cma: those
 * @blocks: free blocks of each order, of both
 */
struct gfplab_free_counts {
	long free;
	long cma;
	unsigned long blocks[GFPLAB_MAX_ORDER + 1];
};

/**
 * struct gfplab_ballast - pages of one zone that a memory state keeps
 * @zone: NULL: nothing to do
 * @aborted: the run's; nothing more is taken once it is to end
 * @blocks: linked through their pages, which know their order
 * @elsewhere: from a lower zone or from CMA pageblocks, on the way back
 * @nr_blocks: taken so far
 * @mark: the zone's watermarks
 * @before: what was free before
 * @reached: what is free when the first request is made
 * @after: what is free once all was given back
 */
struct gfplab_ballast {
	struct zone *zone;
	const atomic_t *aborted;
	struct list_head blocks;
	struct list_head elsewhere;
	u64 nr_blocks;
	unsigned long mark[NR_MARKS];
	struct gfplab_free_counts before;
	struct gfplab_free_counts reached;
	struct gfplab_free_counts after;
};

/**
 * struct gfplab_squeeze - a zone eaten down to a watermark, and given back
 * @to: where it shall end
 * @target: free pages aimed at, those of CMA not counted
 */
struct gfplab_squeeze {
	struct gfplab_ballast ballast;
	struct gfplab_squeeze_arg to;
	long target;
};

/**
 * struct gfplab_fragment - a zone without free blocks of an order or above
 * @order: that order
 */
struct gfplab_fragment {
	struct gfplab_ballast ballast;
	unsigned int order;
};

struct gfplab_states {
	struct gfplab_squeeze squeeze;
	struct gfplab_fragment fragment;
};

void gfplab_states_init(struct gfplab_states *states, const struct gfplab_options *opt,
			const atomic_t *aborted);
void gfplab_states_apply(struct gfplab_states *states);
void gfplab_states_undo(struct gfplab_states *states);
void gfplab_states_show(const struct gfplab_states *states, struct seq_file *m);

/* ---- explain.c ---- */

/**
 * struct gfplab_predictor - one worker's snapshot of the zones
 * @walk: points into @zones
 * @size: zones that there is room for
 */
struct gfplab_predictor {
	struct gfplab_walk walk;
	unsigned int size;
	struct gfplab_zone_snapshot zones[];
};

struct gfplab_run;
struct gfplab_job;
struct gfplab_record;

struct gfplab_predictor *gfplab_predictor_create(void);
bool gfplab_predict_request(struct gfplab_predictor *predictor, const struct gfplab_options *opt,
		    unsigned int order, struct gfplab_prediction *p, struct gfplab_explain_sink *to);
bool gfplab_prediction_holds(const struct gfplab_prediction *p, const struct gfplab_verdict *verdict,
		     const struct page *page);
void gfplab_prediction_show(struct seq_file *m, const struct gfplab_prediction *p);
void gfplab_explain_show(struct seq_file *m, const struct gfplab_options *opt);
void gfplab_explain_help(struct seq_file *m);

/* ---- record.c ---- */

#define GFPLAB_NS_BUCKETS	256	/* 8 to an octave, up to 2^34 ns */

/**
 * struct gfplab_record - one request: what was asked, what happened, what
 * came back, what it cost. Times in ns, sizes in pages.
 */
struct gfplab_record {
	u64 seq;
	u64 ts;			/* a reading of the run's clock; 0: none was taken */
	u64 latency_ns;
	u64 reclaim_ns;
	u64 compact_ns;
	u64 reclaimed;
	u64 scanned;
	u64 slab;
	u64 migrated;
	u32 run;
	u32 cpu;
	gfp_t gfp;
	u32 gfp_seen;		/* as mm_page_alloc reports it; 0: it did not */
	u32 pages;
	s32 nid;
	s32 victim;
	s16 page_nid;
	u16 kswapd;
	u16 reclaims;
	u16 compacts;
	u16 attempts;
	u16 retries;
	u16 flags_kept[GFPLAB_FLAGS_KEPT];
	u16 flags_last;
	u8 order;
	u8 entry;
	u8 context;
	u8 scope;
	u8 zone;
	u8 migratetype;
	u8 steal_to;
	u8 steal_from;
	u8 compact_result;	/* enum compact_result + 1 */
	u8 pfmemalloc;
	u8 bad;			/* bit FAULT_x */
	bool flags_bad;		/* alloc_flags could not be read */
	bool expected;		/* what can't differ is as in the worker's pattern */
	struct gfplab_verdict verdict;
	struct gfplab_prediction predicted;	/* stages is 0 if there is none */
};

/**
 * struct gfplab_ring - the last records of one worker
 * @slots: @size + 1 of them, so that the one being written is none of the
 *	@size that a reader may look at
 * @size: 0: no records at this observe level
 * @at: the slot of the next record, @head modulo @size + 1
 * @head: records ever stored
 */
struct gfplab_ring {
	struct gfplab_record *slots;
	u32 size;
	u32 at;
	u64 head;
};

/*
 * Where the next record is to be written, every member of it: an old one is
 * there. Nobody sees it before gfplab_record_commit(). A ring without size has
 * this one slot.
 */
static inline struct gfplab_record *gfplab_record_slot(const struct gfplab_ring *ring)
{
	return &ring->slots[ring->at];
}

/* Show the record of the slot, over the oldest if the ring is full. */
static __always_inline void gfplab_record_commit(struct gfplab_ring *ring)
{
	if (GFPLAB_BUSTED(lost_record) && !((ring->head + 1) & 127))
		return;
	if (ring->at++ == ring->size)
		ring->at = 0;
	/* A reader that sees the new head sees the whole record. */
	smp_store_release(&ring->head, ring->head + 1);
	/* Who sees a part of the next one in an old slot sees this head: ring_read(). */
	smp_wmb();
}

/* One worker's sums; a histogram slot is [order index][stage][bucket]. */
struct gfplab_stats {
	u64 requests;
	u64 lost;
	u64 bad_blocks;
	u64 agree;
	u64 differ;
	u64 predicted_stages;	/* the sizes of all predicted sets, added up */
	u64 result[NR_RESULTS];
	u64 stage[NR_STAGES];
	u64 source[NR_SOURCES];
	u64 reserve[NR_RESERVES];
	u64 stage_ns[NR_STAGES];
	u64 min_ns;
	u64 max_ns;
	u64 (*buckets)[NR_STAGES][GFPLAB_NS_BUCKETS];
};

struct gfplab_run;

/**
 * struct gfplab_cursor - a reader's place in the records of a run
 * @rec: a copy of the record at @pos
 * @at: of each worker, the next record that was not shown, and how many may be
 */
struct gfplab_cursor {
	struct gfplab_run *run;
	struct gfplab_record rec;
	loff_t pos;
	struct {
		u64 next;
		u64 left;
	} at[];
};

/* Eight buckets to an octave. */
static __always_inline unsigned int gfplab_bucket(u64 ns)
{
	unsigned int octave, bucket;

	if (ns < 8)
		return ns;
	octave = fls64(ns) - 1;
	bucket = (octave - 2) * 8 + ((ns >> (octave - 3)) & 7);
	return min_t(unsigned int, bucket, GFPLAB_NS_BUCKETS - 1);
}

void gfplab_latency(struct gfplab_stats *stats, unsigned int order_index,
		    enum gfplab_stage stage, u64 ns);
bool gfplab_timed(const struct gfplab_run *run);
void gfplab_summary_show(struct seq_file *m, struct gfplab_run *run);
void gfplab_histogram_show(struct seq_file *m, struct gfplab_run *run);
extern const struct seq_operations gfplab_records_ops;

/* ---- throughput.c ---- */

#define GFPLAB_MARKS	1024

/**
 * struct gfplab_throughput - how far a worker was when
 * @batch: requests between two marks
 * @left: requests until the next one
 * @nr: marks, the first is set before the first request
 * @preempted: how often the worker lost its CPU
 * @wall_ns: from its first request to its last
 * @cpu_ns: of these it had its CPU
 */
struct gfplab_throughput {
	u64 batch;
	u64 left;
	u32 nr;
	u64 preempted;
	u64 wall_ns;
	u64 cpu_ns;
	u64 marks[GFPLAB_MARKS];
};

void gfplab_throughput_begin(struct gfplab_throughput *tp, const struct gfplab_clock *clock, u32 batch);
void gfplab_throughput_mark(struct gfplab_throughput *tp, const struct gfplab_clock *clock);
void gfplab_throughput_end(struct gfplab_throughput *tp, const struct gfplab_clock *clock);
void gfplab_throughput_show(struct seq_file *m, const struct gfplab_run *run);

/* ---- check.c ---- */

int gfplab_check_init(void);
void gfplab_check_exit(void);

/* Counts changes of this task's nodes, cpuset and mempolicy, by another; odd meanwhile. */
static inline unsigned int gfplab_mems_seq(void)
{
#ifdef CONFIG_CPUSETS
	return raw_read_seqcount(&current->mems_allowed_seq);
#else
	return 0;
#endif
}

u8 gfplab_check_block(const struct gfplab_block *block, const struct gfplab_run *run,
		      const struct gfplab_verdict *verdict,
		      const struct gfplab_evidence *seen);
void gfplab_check_fill(struct gfplab_block *block, u64 sum);
bool gfplab_check_leave(const struct gfplab_block *block);
void gfplab_faults_show(struct seq_file *m, u8 bad);
bool gfplab_quarantine(const struct gfplab_block *block);
u64 gfplab_quarantined(void);

/**
 * struct gfplab_quick_check - how a block looks with which nothing can be wrong
 * @held: bit n: we hold page frame n
 * @frames: blocks that begin below are known to it
 * @zone: the page_zone_id() of a block that was found good; -1: none was yet
 * @nid: its node
 * @references: of the first page
 * @compound: the block has a head and tails
 */
struct gfplab_quick_check {
	const unsigned long *held;
	unsigned long frames;
	int zone;
	int nid;
	int references;
	bool compound;
};

bool gfplab_quick_check_init(struct gfplab_quick_check *quick, const struct gfplab_run *run);
void gfplab_quick_check_renew(struct gfplab_quick_check *quick, const struct gfplab_run *run,
			 enum gfplab_stage stage);
void gfplab_quick_check_learn(struct gfplab_quick_check *quick, struct page *page);
bool gfplab_quick_check_high_order(const struct gfplab_quick_check *quick, struct page *page,
			 unsigned int order);

/* ---- request.c, worker.c, plan.c, run.c, job.c ---- */

/* Closed, a pool is its worker's alone; open, whoever wins the gate may empty it. */
enum gfplab_gate { GATE_closed, GATE_open, GATE_reclaiming };

enum gfplab_state { STATE_idle, STATE_running, STATE_draining };

/**
 * struct gfplab_worker - who issues requests: a kthread or the writer itself
 * @share: how many requests are its part; 0 is without end
 * @budget: pages it may hold
 * @rnd: draws what is asked, so many draws a request whatever comes of it
 * @release_rnd: draws what is freed
 * @call: makes the request that @args describes, in the plan's context; what
 *	comes of it is left in @block, @begin, @end and @got
 * @mems_seq: gfplab_mems_seq() before a request or burst
 * @quick: requests can be made in bursts, @burst: of how many at most
 * @quick_checks: what they bring is checked, in so far as @glance tells
 * @expected: the verdict of a request that goes as requests should
 * @expected_hits: events that are seen of such a request
 * @pattern: a record of such a request
 * @predicted: for the request in flight, at observe=explain
 * @begin: the run's clock before a request, @end: after it
 * @looked: pages held when the machine's reserve was last looked at
 * @gate: who may touch @pool, a GATE_*
 * @allocated: blocks received, @freed: blocks freed; told to pool.c at the end
 *
 * Written by its own task alone until the run is over.
 */
struct gfplab_worker {
	struct gfplab_run *run;
	struct task_struct *task;
	unsigned int index;
	u64 share;
	u64 budget;
	u64 looked;
	u64 allocated;
	u64 freed;
	struct rnd_state rnd;
	struct rnd_state release_rnd;
	struct gfplab_context_call call;
	struct gfplab_alloc_args args;
	struct gfplab_block block;
	u64 begin;
	u64 end;
	bool got;
	unsigned int mems_seq;
	bool quick;
	bool quick_checks;
	u32 burst;
	struct gfplab_quick_check quick_check;
	u32 expected_hits;
	struct gfplab_verdict expected;
	struct gfplab_record pattern;
	struct gfplab_prediction predicted;
	struct page_frag_cache frags;
	struct page **scratch;
	struct gfplab_predictor *predictor;	/* at observe=explain */
	struct gfplab_flight flight;
	struct gfplab_stats stats;
	struct gfplab_ring ring;
	struct gfplab_pool *pool;
	atomic_t gate;
	bool reclaimed;			/* the OOM notifier was here */
	size_t bytes;			/* what all this takes */
	struct gfplab_throughput throughput;
};

/**
 * struct gfplab_run - a plan in execution, and its results afterwards
 * @job: whose run it is; not to be followed once the run is over
 * @opt: the plan: a validated copy of the job's options, never changed
 * @orders: the orders that may be drawn, ascending
 * @policy_zone: the highest zone type with pages, below which a mempolicy's
 *	bind does not hold (policy_zone of mm/mempolicy.c)
 * @clock: times requests and blocks of them
 * @attached: the probes attached
 * @probes: whose silence can be believed, see struct gfplab_outcome
 * @own_task: control word `call`
 * @aborted: enum gfplab_abort; set once, by whoever is first
 * @live: workers that still issue requests
 * @deadline: jiffies when duration_ms is over
 * @expiry: jiffies when timeout_ms is over
 */
struct gfplab_run {
	struct kref ref;
	struct gfplab_job *job;
	struct gfplab_options opt;
	u32 id;
	u8 orders[GFPLAB_MAX_ORDER + 2];
	unsigned int nr_orders;
	unsigned int policy_zone;
	struct gfplab_clock clock;
	u32 attached;
	u32 probes;
	bool own_task;
	atomic_t aborted;
	atomic_t live;
	atomic64_t returned;
	u64 start_ns;
	u64 end_ns;
	unsigned long deadline;
	unsigned long expiry;
	struct gfplab_states states;
	unsigned int nr_workers;
	struct gfplab_worker *workers[];
};

/**
 * struct gfplab_job - a named set of options and its last run
 * @lock: guards @options, @run, @state, @dead and @runs
 * @dead: being removed; everything answers ENODEV
 * @kept: pools that outlived their run (release=keep)
 * @kept_lock: guards @kept; nobody asks for memory under it, as who begins a run
 *	does under @lock; taken inside that
 * @done: woken when @state becomes idle, and when a run is told to stop
 * @finish: ends a run of workers
 * @oom_run: the run that the OOM notifier waits for, and @oom_pages how many pages
 * @files: of debugfs.c
 */
struct gfplab_job {
	struct list_head list;
	char name[GFPLAB_NAME_MAX];
	struct mutex lock;
	struct gfplab_options options;
	struct gfplab_run *run;
	enum gfplab_state state;
	bool dead;
	u32 runs;
	struct list_head kept;
	struct mutex kept_lock;
	wait_queue_head_t done;
	struct work_struct finish;
	struct gfplab_run *oom_run;
	u64 oom_pages;
	struct dentry *dir;
	struct gfplab_file *files;
};

void gfplab_record_expected(struct gfplab_worker *w, struct page *page, u32 pages,
			 u64 begin, u64 latency_ns);
void gfplab_request_begin(struct gfplab_worker *w);
void gfplab_request(struct gfplab_worker *w, unsigned int order_index);
u32 gfplab_request_burst(struct gfplab_worker *w, u32 n);
void gfplab_request_issue(void *data);
void gfplab_request_release(struct gfplab_worker *w);
void gfplab_gate_open(struct gfplab_worker *w);
void gfplab_gate_close(struct gfplab_worker *w);

struct gfplab_worker *gfplab_worker_create(struct gfplab_run *run, unsigned int index,
					   u32 pool_size);
void gfplab_worker_free(struct gfplab_worker *w);
u64 gfplab_worker_reclaim(struct gfplab_worker *w);
int gfplab_worker_thread(void *data);
void gfplab_work(struct gfplab_worker *w);

struct gfplab_run *gfplab_run_create(struct gfplab_job *job, bool own_task,
			       struct gfplab_reason *why);
u64 gfplab_kept_pages(struct gfplab_job *job);

void gfplab_run_init(struct gfplab_job *job);
void gfplab_run_abort(struct gfplab_run *run, enum gfplab_abort because);
void gfplab_planted(void);
int gfplab_run_start(struct gfplab_job *job, struct gfplab_reason *why);
int gfplab_run_call(struct gfplab_job *job, struct gfplab_reason *why);
int gfplab_run_stop(struct gfplab_job *job, struct gfplab_reason *why);
int gfplab_run_reset(struct gfplab_job *job, struct gfplab_reason *why);
u32 gfplab_run_request_stop(struct gfplab_job *job);
void gfplab_run_quit(struct gfplab_job *job);
u64 gfplab_run_oom(struct gfplab_job *job);
u64 gfplab_run_oom_wait(struct gfplab_job *job, unsigned long until);
bool gfplab_run_release_range(struct gfplab_job *job, unsigned long start, unsigned long end);
struct gfplab_run *gfplab_run_get(struct gfplab_job *job);
void gfplab_run_put(struct gfplab_run *run);
void gfplab_status_show(struct seq_file *m, struct gfplab_job *job);

int gfplab_job_init(void);
void gfplab_job_exit(void);
int gfplab_job_create(const char *name, struct gfplab_reason *why);
int gfplab_job_remove(const char *name, struct gfplab_reason *why);
struct gfplab_job *gfplab_job_default(void);
void gfplab_jobs_show(struct seq_file *m);
int gfplab_job_set(struct gfplab_job *job, const struct gfplab_option *option,
		   char *text, struct gfplab_reason *why);
void gfplab_job_explain(struct gfplab_job *job, struct seq_file *m);
void gfplab_job_show(struct gfplab_job *job, const struct gfplab_option *option,
		     struct seq_file *m);
int gfplab_job_control(struct gfplab_job *job, const char *word,
		       struct gfplab_reason *why);
extern const struct gfplab_word gfplab_control_words[];

/* ---- debugfs.c, info.c, main.c ---- */

int gfplab_debugfs_init(void);
void gfplab_debugfs_exit(void);
int gfplab_debugfs_add(struct gfplab_job *job);
void gfplab_debugfs_remove(struct gfplab_job *job);
void gfplab_help_show(struct seq_file *m);
void gfplab_environment_show(struct seq_file *m);

extern bool gfplab_unsafe;
extern bool gfplab_kprobes;

#endif
