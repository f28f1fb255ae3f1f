/* SPDX-License-Identifier: GPL-2.0 */
/* trace.h - our own trace events. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM gfplab

#if !defined(GFPLAB_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define GFPLAB_TRACE_H

#include <linux/tracepoint.h>
#include <trace/events/mmflags.h>
#include "compat.h"
#include "entry.h"
#include "record.h"
#include "rules/words.h"

/* Let user space decode the words: every enumerator used in a print format. */
#define GFPLAB_EXPORT_STAGE(name, help)		TRACE_DEFINE_ENUM(STAGE_##name);
#define GFPLAB_EXPORT_SOURCE(name, help)	TRACE_DEFINE_ENUM(SOURCE_##name);
#define GFPLAB_EXPORT_RESERVE(name, help)	TRACE_DEFINE_ENUM(RESERVE_##name);
#define GFPLAB_EXPORT_RESULT(name, help)	TRACE_DEFINE_ENUM(RESULT_##name);
#define GFPLAB_EXPORT_CLAIM(name, help)		TRACE_DEFINE_ENUM(CLAIM_##name);
#define GFPLAB_EXPORT_CHARGE(name, help)	TRACE_DEFINE_ENUM(CHARGE_##name);
#define GFPLAB_EXPORT_OBSERVE(name, help)	TRACE_DEFINE_ENUM(OBSERVE_##name);
#define GFPLAB_EXPORT_ABORT(name, help)		TRACE_DEFINE_ENUM(ABORT_##name);

GFPLAB_STAGES(GFPLAB_EXPORT_STAGE)
GFPLAB_SOURCES(GFPLAB_EXPORT_SOURCE)
GFPLAB_RESERVES(GFPLAB_EXPORT_RESERVE)
GFPLAB_RESULTS(GFPLAB_EXPORT_RESULT)
GFPLAB_CLAIMS(GFPLAB_EXPORT_CLAIM)
GFPLAB_CHARGES(GFPLAB_EXPORT_CHARGE)
GFPLAB_OBSERVES(GFPLAB_EXPORT_OBSERVE)
GFPLAB_ABORTS(GFPLAB_EXPORT_ABORT)

#define GFPLAB_SYMBOL_STAGE(name, help)		{ STAGE_##name, #name },
#define GFPLAB_SYMBOL_SOURCE(name, help)	{ SOURCE_##name, #name },
#define GFPLAB_SYMBOL_RESERVE(name, help)	{ RESERVE_##name, #name },
#define GFPLAB_SYMBOL_RESULT(name, help)	{ RESULT_##name, #name },
#define GFPLAB_SYMBOL_CLAIM(name, help)		{ CLAIM_##name, #name },
#define GFPLAB_SYMBOL_CHARGE(name, help)	{ CHARGE_##name, #name },
#define GFPLAB_SYMBOL_OBSERVE(name, help)	{ OBSERVE_##name, #name },
#define GFPLAB_SYMBOL_ABORT(name, help)		{ ABORT_##name, #name },

/* trace.c */
int gfplab_trace_hold(void);
void gfplab_trace_release(void);

/*
 * The record of a request. What the observe level does not watch is 0 here:
 * latencies need time, attempts and alloc_flags need full, which is not said of a request
 * whose attempts could not be seen.
 */
TRACE_EVENT_FN(gfplab_request,

	TP_PROTO(const struct gfplab_record *rec, int observe),

	TP_ARGS(rec, observe),

	TP_STRUCT__entry(
		__field(u64, seq)
		__field(u64, latency_ns)
		__field(u64, reclaim_ns)
		__field(u64, compact_ns)
		__field(unsigned long, gfp)
		__field(u32, run)
		__field(int, nid)
		__field(int, page_nid)
		__field(int, zone)
		__field(u16, kswapd)
		__field(u16, attempts)
		__field(u16, alloc_flags)
		__field(u8, observe)
		__field(u8, order)
		__field(u8, result)
		__field(u8, stage)
		__field(u8, source)
		__field(u8, reserve)
		__field(u8, claimed)
		__field(u8, charge)
		__field(u16, bad)
		__array(char, entry, GFPLAB_ENTRY_NAME)
	),

	TP_fast_assign(
		__entry->seq = rec->seq;
		__entry->latency_ns = rec->latency_ns;
		__entry->reclaim_ns = rec->seen.reclaim_ns;
		__entry->compact_ns = rec->seen.compact_ns;
		__entry->gfp = (__force unsigned long)rec->gfp;
		__entry->run = rec->run;
		__entry->nid = rec->nid;
		__entry->page_nid = rec->page_nid;
		__entry->zone = rec->zone;
		__entry->kswapd = rec->seen.kswapd;
		__entry->attempts = rec->seen.attempts;
		__entry->alloc_flags = rec->seen.flags_last;
		__entry->observe = rec->blind ? min_t(int, observe, OBSERVE_time) : observe;
		__entry->order = rec->order;
		__entry->result = rec->verdict.result;
		__entry->stage = rec->verdict.stage;
		__entry->source = rec->verdict.source;
		__entry->reserve = rec->verdict.reserve;
		__entry->claimed = rec->verdict.claimed;
		__entry->charge = rec->verdict.charge;
		__entry->bad = rec->bad;
		memcpy(__entry->entry, gfplab_entries[rec->entry].name, GFPLAB_ENTRY_NAME);
	),

	TP_printk("run=%u seq=%llu entry=%s gfp_flags=%s order=%u nid=%d result=%s stage=%s source=%s reserve=%s observe=%s kswapd=%u page_nid=%d zone=%d attempts=%u alloc_flags=0x%x latency_ns=%llu reclaim_ns=%llu compact_ns=%llu bad=0x%x claimed=%s charge=%s",
		  __entry->run, __entry->seq, __entry->entry,
		  show_gfp_flags(__entry->gfp), __entry->order, __entry->nid,
		  __print_symbolic(__entry->result, GFPLAB_RESULTS(GFPLAB_SYMBOL_RESULT) { -1, NULL }),
		  __print_symbolic(__entry->stage, GFPLAB_STAGES(GFPLAB_SYMBOL_STAGE) { -1, NULL }),
		  __print_symbolic(__entry->source, GFPLAB_SOURCES(GFPLAB_SYMBOL_SOURCE) { -1, NULL }),
		  __print_symbolic(__entry->reserve, GFPLAB_RESERVES(GFPLAB_SYMBOL_RESERVE) { -1, NULL }),
		  __print_symbolic(__entry->observe, GFPLAB_OBSERVES(GFPLAB_SYMBOL_OBSERVE) { -1, NULL }),
		  __entry->kswapd, __entry->page_nid, __entry->zone, __entry->attempts,
		  __entry->alloc_flags, __entry->latency_ns, __entry->reclaim_ns,
		  __entry->compact_ns, __entry->bad,
		  __print_symbolic(__entry->claimed, GFPLAB_CLAIMS(GFPLAB_SYMBOL_CLAIM) { -1, NULL }),
		  __print_symbolic(__entry->charge, GFPLAB_CHARGES(GFPLAB_SYMBOL_CHARGE) { -1, NULL })),

	gfplab_trace_hold, gfplab_trace_release
);

TRACE_EVENT_FN(gfplab_run,

	TP_PROTO(const char *job, u32 run, bool begins, u64 requests, int aborted),

	TP_ARGS(job, run, begins, requests, aborted),

	TP_STRUCT__entry(
		__string(job, job)
		__field(u64, requests)
		__field(u32, run)
		__field(int, aborted)
		__field(bool, begins)
	),

	TP_fast_assign(
		gfplab_assign_str(job, job);
		__entry->requests = requests;
		__entry->run = run;
		__entry->aborted = aborted;
		__entry->begins = begins;
	),

	TP_printk("job=%s run=%u %s requests=%llu aborted=%s",
		  __get_str(job), __entry->run, __entry->begins ? "begin" : "end",
		  __entry->requests,
		  __print_symbolic(__entry->aborted, GFPLAB_ABORTS(GFPLAB_SYMBOL_ABORT) { -1, NULL })),

	gfplab_trace_hold, gfplab_trace_release
);

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>

