/* SPDX-License-Identifier: GPL-2.0 */
/* record.h - one request, and the ring that keeps the last of them */
#ifndef GFPLAB_RECORD_H
#define GFPLAB_RECORD_H

#include <linux/atomic.h>
#include <linux/gfp.h>
#include <linux/types.h>
#include "busted.h"
#include "rules/evidence.h"
#include "rules/free.h"
#include "rules/verdict.h"
#include "rules/walk.h"

/* Where a block lies beside the one before; none: there is none, or a burst was made. */
enum gfplab_step { STEP_none, STEP_same, STEP_next, STEP_back, STEP_away };

/**
 * struct gfplab_record - one request: arguments, evidence, block and cost
 * @seq: number of the request in its run, from 0
 * @ts: a reading of the run's clock when it began; 0 below observe=time
 * @latency_ns: how long it took; 0 below observe=time
 * @seen: what the probes saw of it
 * @run: number of the run
 * @cpu: the CPU after the request
 * @gfp: the mask handed to the entry
 * @pages: pages of the block; 0 without one
 * @nid: the node handed to the entry; NUMA_NO_NODE: the nearest
 * @page_nid: node of the first page; NUMA_NO_NODE without a block
 * @order: the order handed to the entry
 * @err: why an entry that tells it brought nothing, an errno; else 0
 * @entry: index of gfplab_entries[]
 * @context: enum gfplab_context
 * @scope: bit SCOPE_x for each memalloc scope
 * @zone: page_zonenum() of the first page; U8_MAX without a block
 * @migratetype: enum migratetype of its pageblock after the request; 0 without a block
 * @pfmemalloc: page_is_pfmemalloc() of the first page, 0 or 1
 * @bad: bit FAULT_x for each fault that the check found
 * @expected: the slot holds a record of a burst: what can't differ in it is as in the
 *	requester's pattern
 * @blind: attempts were to be seen, and the kprobe had been switched off
 * @step: enum gfplab_step
 * @verdict: result, stage, source, reserve, and what else the evidence means
 * @state: enum gfplab_in_state
 * @predicted: at observe=explain; its stages are 0 if there is no prediction
 * @free: instead, of a free
 */
struct gfplab_record {
	u64 seq;
	u64 ts;
	u64 latency_ns;
	struct gfplab_seen seen;
	u32 run;
	u32 cpu;
	gfp_t gfp;
	u32 pages;
	s32 nid;
	s16 page_nid;
	s16 err;
	u8 order;
	u8 entry;
	u8 context;
	u8 scope;
	u8 zone;
	u8 migratetype;
	u8 pfmemalloc;
	u8 step;
	u16 bad;
	bool expected;
	bool blind;
	u8 state;
	struct gfplab_verdict verdict;
	union {
		struct gfplab_prediction predicted;
		struct gfplab_free_prediction free;
	};
};

/**
 * struct gfplab_ring - the last records of one worker
 * @slots: @size + 1 of them, so that the one being written is none of the
 *	@size that a reader may look at
 * @size: records that are kept; 0: none at this observe level
 * @at: the slot of the next record, @head modulo @size + 1
 * @head: records ever stored; atomic64_t, as 32 bits can't read a u64 at once
 */
struct gfplab_ring {
	struct gfplab_record *slots;
	u32 size;
	u32 at;
	atomic64_t head;
};

/*
 * Where the next record is to be written, every member of it: the slot holds an
 * old record. No reader looks at it before gfplab_record_commit(). A ring without
 * size has this one slot.
 */
static inline struct gfplab_record *gfplab_record_slot(const struct gfplab_ring *ring)
{
	return &ring->slots[ring->at];
}

/* Show the record of the slot, over the oldest if the ring is full. Returns whether it was. */
static __always_inline bool gfplab_record_commit(struct gfplab_ring *ring)
{
	u64 head = atomic64_read(&ring->head) + 1;

	if (GFPLAB_BUSTED(lost_record) && !(head & 127))
		return head > ring->size;
	if (ring->at++ == ring->size)
		ring->at = 0;
	/* A reader that sees the new head sees the whole record. */
	atomic64_set_release(&ring->head, head);
	/* A reader that sees part of the next record in a slot sees this head: ring_read(). */
	smp_wmb();
	return head > ring->size;
}

#endif
