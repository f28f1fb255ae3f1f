/* SPDX-License-Identifier: GPL-2.0 */
/* record.h - one request, and the ring that keeps the last of them */
#ifndef GFPLAB_RECORD_H
#define GFPLAB_RECORD_H

#include <linux/gfp.h>
#include <linux/types.h>
#include "busted.h"
#include "rules/evidence.h"
#include "rules/verdict.h"
#include "rules/walk.h"

/**
 * struct gfplab_record - one request: what was asked, what happened, what
 * came back, what it cost. Times in ns, sizes in pages.
 */
struct gfplab_record {
	u64 seq;
	u64 ts;			/* a reading of the run's clock; 0: none was taken */
	u64 latency_ns;
	struct gfplab_seen seen;
	u32 run;
	u32 cpu;
	gfp_t gfp;
	u32 pages;
	s32 nid;
	s16 page_nid;
	u8 order;
	u8 entry;
	u8 context;
	u8 scope;
	u8 zone;
	u8 migratetype;
	u8 pfmemalloc;
	u8 bad;			/* bit FAULT_x */
	bool expected;		/* what can't differ is as in the requester's pattern */
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

#endif
