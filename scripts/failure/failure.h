/* SPDX-License-Identifier: GPL-2.0 */
/*
 * failure.h - what a report of the kernel says, and what it means.
 */
#ifndef FAILURE_FAILURE_H
#define FAILURE_FAILURE_H

#include <stdbool.h>
#include "rules/families.h"
#include "rules/walk.h"

#define LIST_ORDERS	32	/* orders that a list of free blocks may have */
#define ZONES_MAX	512
#define NODES_MAX	1024	/* as many as a kernel can have */
#define FRAMES_MAX	96
#define NAME_SIZE	64
#define TEXTS_MAX	16
#define TEXT_SIZE	240
#define UNKNOWN		(-1)

/* X(name, help) */
#define FAILURE_KINDS(X)						\
	X(page_alloc_failure, "page allocation failure")		\
	X(oom,     "out of memory")					\
	X(slab,    "a slab cache could not grow")			\
	X(vmalloc, "vmalloc failed")					\
	X(contig,  "alloc_contig_range() found pages busy")		\
	X(cma,     "cma_alloc() failed")				\
	X(stall,   "page allocation stalls")				\
	X(warn,    "a warning of the page allocator")			\
	X(other,   "a report about memory without its beginning")

/* X(name, help): one sentence each; more than a name is appended where it is known */
#define FAILURE_REASONS(X)						\
	X(fragmented, "pages enough are free, but no free block of the order counts") \
	X(below_mark, "free memory that counts is at or below the watermark") \
	X(lowmem_reserve, "what is free is kept for requests that have no other zone") \
	X(cma_only, "what is free is CMA, which this request may not use") \
	X(highatomic_only,						\
	  "what is free is, or is booked as, the reserve for high-order atomic requests") \
	X(no_zone, "no zone with memory may be used")			\
	X(nodemask, "the nodemask or memory policy leaves out the nodes that have memory") \
	X(cpuset, "the cpuset leaves out the nodes that have memory")	\
	X(memcg, "the memory cgroup is at its limit; the machine may have memory") \
	X(over_max_order, "the order is larger than the page allocator's largest block") \
	X(injected, "fault injection made it fail; memory was not looked for") \
	X(exhausted, "what may be used is gone, and next to nothing is left to reclaim") \
	X(suspended, "I/O was off for suspend or resume, so reclaim could not write") \
	X(contig_busy, "the range was there, but pages in it were in use") \
	X(address_space, "no range of virtual addresses was left; memory was not the problem") \
	X(recovered, "the printed numbers would let it pass: they were taken later") \
	X(unknown, "the report does not say enough")			\
	X(passes, "would pass")						\
	X(not_allowed, "may not be used")

#define FAILURE_CONTEXTS(X)						\
	X(task, "a task that may sleep")				\
	X(atomic, "a task that may not sleep")				\
	X(softirq, "a softirq")						\
	X(hardirq, "an interrupt")					\
	X(unknown, "an unknown context")

#define KIND_ENUM(name, help)		KIND_##name,
#define REASON_ENUM(name, help)		REASON_##name,
#define FROM_ENUM(name, help)		FROM_##name,

enum failure_kind { FAILURE_KINDS(KIND_ENUM) };
enum failure_reason { FAILURE_REASONS(REASON_ENUM) };
enum failure_context { FAILURE_CONTEXTS(FROM_ENUM) };

extern const struct gfplab_word failure_kinds[];
extern const struct gfplab_word failure_reasons[];
extern const struct gfplab_word failure_contexts[];

/* Zones as kernels name them, lowest first; configurations lack some. */
#define ZONE_NAMES(X)	X(DMA) X(DMA32) X(Normal) X(HighMem) X(Movable) X(Device)
#define ZONE_ENUM(name)	ZONE_##name,
enum zone_kind { ZONE_NAMES(ZONE_ENUM) NR_ZONES };

/* What a zone's or node's line may have, in kB as printed. */
#define ZONE_FIELDS(X)							\
	X(free) X(boost) X(min) X(low) X(high) X(reserved_highatomic) X(free_highatomic) \
	X(active_anon) X(inactive_anon) X(active_file) X(inactive_file) X(present) X(managed) \
	X(free_cma) X(pages_scanned)
#define FIELD_ENUM(name)	FIELD_##name,
enum zone_field { ZONE_FIELDS(FIELD_ENUM) NR_FIELDS };

/**
 * struct zone_lines - what a report says of one zone
 * @nid: its node; 0 where none is named
 * @kind: which zone; a vendor's own takes the place of one that is not there
 * @name: as printed
 * @kb: by enum zone_field; UNKNOWN: not printed
 * @reserve: lowmem_reserve[]
 * @nr_reserve: how many values it has
 * @blocks: free blocks by order
 * @nr_orders: how many orders were printed; 0: no list
 * @list_ends: the list is there to its end
 * @starred: it has asterisks
 * @gap: an order is missing in it
 * @types: by order, a bit for each migratetype's letter, as walk.h has them
 * @lettered: the list has letters
 * @unreclaimable: all_unreclaimable? 1 yes, 0 no, UNKNOWN not printed
 */
struct zone_lines {
	int nid;
	enum zone_kind kind;
	char name[16];
	long kb[NR_FIELDS];
	long reserve[WALK_ZONE_TYPES];
	int nr_reserve;
	unsigned long blocks[LIST_ORDERS];
	int nr_orders;
	bool list_ends;
	bool starred;
	bool gap;
	unsigned int types[LIST_ORDERS];
	bool lettered;
	int unreclaimable;
};

/* One line of a call trace. */
struct frame {
	char name[NAME_SIZE];
	bool sure;	/* without a question mark */
	bool irq;	/* between <IRQ> and </IRQ> */
	bool module;	/* of a module other than zsmalloc and the like, which are mm/'s */
};

/**
 * struct zone_verdict - the arithmetic of one zone, in pages
 * @free: as printed
 * @usable: less what the request may not touch
 * @full: the min mark as printed
 * @mark: what the request must leave of it
 * @reserve: lowmem_reserve that counts for it
 * @short_by: how many more usable pages it takes
 * @blocks: free blocks of at least the order; UNKNOWN without a list
 * @verdict: a reason, passes or not_allowed
 */
struct zone_verdict {
	long free;
	long usable;
	long full;
	long mark;
	long reserve;
	long short_by;
	long blocks;
	enum failure_reason verdict;
};

/*
 * One report. As it was printed, from @kind to @nr_zones; what it means, from @release on.
 */
struct failure {
	enum failure_kind kind;
	char header[2048];	/* as far as it is about the request */
	bool suspended;		/* the log says so before it */
	int header_lines;	/* how many lines of the log it may still take */
	char comm[NAME_SIZE];
	char kernel[NAME_SIZE];
	int wants_kernel;	/* lines that it may follow in, if it was cut off before */
	bool has_gfp;
	unsigned int gfp_hex;
	bool has_hex;
	char gfp_names[512];
	bool names_cut;		/* without the bracket that ends them */
	int order;		/* UNKNOWN */
	bool sysrq;		/* order:-1 of an OOM: asked for with SysRq */
	char nodemask[NAME_SIZE];
	char mems_allowed[NAME_SIZE];
	char constraint[NAME_SIZE];
	char slab_cache[NAME_SIZE];
	char slab_group[NAME_SIZE];	/* the memory cgroup that it is of */
	char warned[NAME_SIZE];	/* the function that a warning is from */
	bool vmap_full;		/* no range of virtual addresses */
	bool memcg;
	bool memcg_task;	/* only the line that names the group's task */
	bool injected;
	bool killed;		/* a task was chosen */
	char victim[96];	/* which one, as printed */
	bool again;		/* its memory is printed a second time */
	bool map_failed;	/* of a vmalloc: pages were there */
	bool over_total;	/* of a vmalloc: more than all memory */
	long contig_ret;	/* of cma_alloc(), an errno; 0: not printed */
	long contig_pages;
	long cma_free;		/* pages free in the CMA area; UNKNOWN */
	unsigned long long bytes;	/* of a vmalloc */
	bool has_bytes;
	long stall_ms;
	long free_swap_kb;
	long total_swap_kb;
	long free_cma;		/* pages, of all zones; UNKNOWN */
	long free_pages;	/* likewise, free */
	long ram_pages;		/* 0: not printed */
	struct frame frames[FRAMES_MAX];
	int nr_frames;
	bool in_irq;		/* the next frame is one of an interrupt's */
	bool interrupt;		/* softirq or hardirq, maybe without knowing which */
	bool doubtful;		/* its question mark was wrapped off */
	bool has_trace;
	int address_bits;	/* 32, 64; 0: no address seen */
	unsigned long long rdi, rsi;	/* of a warning, or arm64's x0 and x1 */
	bool has_args;
	struct zone_lines zones[ZONES_MAX];
	int nr_zones;
	int page_kb;
	bool page_told;
	bool has_meminfo;	/* its first line */
	bool has_totals;	/* lines that stand behind the zones' */
	enum { OPEN_NONE, OPEN_ZONE, OPEN_LIST, OPEN_RESERVE } open;
	char cut_word[24];	/* at the end of a line, what goes on in the next */
	struct zone_lines *at;	/* what a continued line goes on with, as @open says */

	unsigned int release;
	bool guessed;		/* the release, from the mask's bits */
	enum gfplab_family family;
	unsigned long long flags;	/* gfp_ages.h */
	unsigned int unknown_bits;
	bool leaked;		/* of a page fault, which does not say what it asked for */
	bool refused;		/* for its size, before memory was looked for */
	enum failure_context context;
	bool reclaiming;	/* PF_MEMALLOC: it was reclaiming memory itself */
	bool suspending;
	bool mobility_off;	/* page_group_by_mobility_disabled: too little memory for types */
	const char *caller;
	struct gfplab_walk walk;
	struct gfplab_zone_snapshot snapshots[ZONES_MAX];
	unsigned int alloc_flags;
	struct zone_verdict verdicts[ZONES_MAX];
	enum failure_reason reason;
	int preferred;		/* index of the zone that the reason is about; UNKNOWN */
	char wouldpass[TEXTS_MAX][TEXT_SIZE];
	int nr_wouldpass;
	char unknowns[TEXTS_MAX][TEXT_SIZE];
	int nr_unknowns;
};

const char *zone_name(enum zone_kind kind);
void failure_begin(struct failure *f, enum failure_kind kind);
void failure_unknown(struct failure *f, const char *fmt, ...) __printf(2, 3);
void failure_would(struct failure *f, const char *fmt, ...) __printf(2, 3);

#endif
