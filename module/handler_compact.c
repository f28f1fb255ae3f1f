// SPDX-License-Identifier: GPL-2.0
/*
 * handler_compact.c - what direct compaction says of the request that it is for.
 *
 * As handler.c: all of this runs inside the allocator. No kernel lock is taken and
 * nothing is allocated.
 */
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/tracepoint.h>
#include "compat.h"
#include "flight.h"
#include "handler_compact.h"
#include "handler_rows.h"
#include "rules/evidence.h"
#include "rules/probes.h"

#include <trace/events/oom.h>
#include <trace/events/compaction.h>

static void pages_migrated(unsigned int nr)
{
	struct gfplab_evidence *ev = gfplab_flight_reclaim();

	if (ev)
		add_saturating(&ev->seen.migrated, nr);
}

static void __maybe_unused on_migratepages_of(void *data, struct compact_control *cc,
					      unsigned int nr_succeeded)
{
	pages_migrated(nr_succeeded);
}

static void __maybe_unused on_migratepages(void *data, unsigned int nr_migratepages,
					   unsigned int nr_succeeded)
{
	pages_migrated(nr_succeeded);
}

/* The list holds what did not move, and migrate_pages() says how many, or an error. */
static void __maybe_unused on_migratepages_5_10(void *data, unsigned long nr_all, int migrate_rc,
						struct list_head *migratepages)
{
	struct list_head *at;
	unsigned long left = 0;

	if (migrate_rc >= 0)
		left = migrate_rc;
	else
		list_for_each(at, migratepages)
			left++;
	pages_migrated(nr_all - min(left, nr_all));
}

static void __maybe_unused on_mm_compaction_try_to_compact_pages(void *data, int order, gfp_t gfp,
								 int prio)
{
	struct gfplab_evidence *ev = gfplab_flight_evidence(false);
	unsigned int at;

	if (!ev)
		return;
	at = min_t(unsigned int, ev->seen.compacts, GFPLAB_PRIOS - 1);
	ev->seen.compact_prios[at] = prio + 1;
	inc_saturating(&ev->seen.compacts);
	ev->seen.compact_result = COMPACT_SKIPPED + 1;
	ev->compacting = NULL;
}

/* The last result of a zone replaces the one before; those of more zones than fit are not kept. */
static void zone_result(struct gfplab_evidence *ev, struct zone *zone, int result)
{
	u16 *of = ev->seen.compact_zones, key;
	unsigned int i;

	if (!zone || zone_to_nid(zone) > 511)
		return;
	key = GFPLAB_COMPACT_ZONE(zone_to_nid(zone), zone_idx(zone), 0);
	for (i = 0; i < GFPLAB_COMPACT_ZONES; i++) {
		if (of[i] && (of[i] & ~15) != key)
			continue;
		of[i] = key | (result + 1);
		return;
	}
}

/* Each zone is judged before it is compacted. What wakes kcompactd judges zones as well. */
static void __maybe_unused on_mm_compaction_suitable(void *data, struct zone *zone, int order,
						     int ret)
{
	struct gfplab_evidence *ev = gfplab_flight_evidence(false);

	if (!ev || !ev->seen.compacts)
		return;
	ev->compacting = zone;
	if (ret != COMPACT_CONTINUE)
		zone_result(ev, zone, ret);
}

static void __maybe_unused on_mm_compaction_wakeup_kcompactd(void *data, int nid, int order,
							     enum zone_type highest)
{
	struct gfplab_evidence *ev = gfplab_flight_evidence(false);

	if (ev)
		inc_saturating_u8(&ev->seen.kcompactd);
}

static void compaction_begins(void)
{
	struct gfplab_evidence *ev = gfplab_flight_evidence(false);

	if (ev)
		gfplab_flight_enter(ev);
}

static void __maybe_unused on_compaction_begin(void *data, struct compact_control *cc,
					       unsigned long zone_start, unsigned long zone_end,
					       bool sync)
{
	compaction_begins();
}

static void __maybe_unused on_compaction_begin_5_10(void *data, unsigned long zone_start,
						    unsigned long migrate_pfn,
						    unsigned long free_pfn,
						    unsigned long zone_end, bool sync)
{
	compaction_begins();
}

static void compaction_ends(int status)
{
	struct gfplab_evidence *ev = gfplab_flight_evidence(true);

	if (!ev)
		return;
	ev->seen.compact_result = status + 1;
	zone_result(ev, ev->compacting, status);
	ev->seen.compact_ns += gfplab_flight_leave(ev);
	ev->attempts_after = 0;
}

static void __maybe_unused on_compaction_end(void *data, struct compact_control *cc,
					     unsigned long zone_start, unsigned long zone_end,
					     bool sync, int status)
{
	compaction_ends(status);
}

static void __maybe_unused on_compaction_end_5_10(void *data, unsigned long zone_start,
						  unsigned long migrate_pfn,
						  unsigned long free_pfn,
						  unsigned long zone_end, bool sync, int status)
{
	compaction_ends(status);
}

static void __maybe_unused on_mm_compaction_deferred(void *data, struct zone *zone, int order)
{
	struct gfplab_evidence *ev = gfplab_flight_evidence(false);

	if (!ev)
		return;
	ev->seen.compact_result = COMPACT_DEFERRED + 1;
	zone_result(ev, zone, COMPACT_DEFERRED);
}

static void __maybe_unused on_compact_retry(void *data, int order, enum compact_priority priority,
					    enum compact_result result, int retries,
					    int max_retries, bool ret)
{
	struct gfplab_evidence *ev = gfplab_flight_evidence(false);

	if (ev)
		inc_saturating(&ev->seen.retries);
}

/* ---- the table ---- */

const struct gfplab_handler gfplab_compact_handlers[NR_COMPACT_HANDLERS] = {
	EVENT_COMPACTION(compact, mm_compaction_try_to_compact_pages,
			 on_mm_compaction_try_to_compact_pages)
	EVENT_COMPACTION(compacting, mm_compaction_begin, on_compaction_begin,
			 on_compaction_begin_5_10)
	EVENT_COMPACTION(compacted, mm_compaction_end, on_compaction_end, on_compaction_end_5_10)
	EVENT_COMPACTION(migrated, mm_compaction_migratepages, on_migratepages_of,
			 on_migratepages, on_migratepages_5_10)
	EVENT_COMPACTION(deferred, mm_compaction_deferred, on_mm_compaction_deferred)
	EVENT_COMPACTION(suitable, mm_compaction_suitable, on_mm_compaction_suitable)
	EVENT_COMPACTION(kcompactd, mm_compaction_wakeup_kcompactd,
			 on_mm_compaction_wakeup_kcompactd)
	EVENT_COMPACTION(retrycompact, compact_retry, on_compact_retry)
};
