/* SPDX-License-Identifier: GPL-2.0 */
/*
 * busted.h - deliberate faults, to prove that the selftests can fail.
 *
 * `make check-busted` builds the module once per row with BUSTED=name and
 * expects the suite to turn red. A normal build compiles every fault away.
 * scripts/gfplab reads the rows: keep one per line.
 */
#ifndef GFPLAB_BUSTED_H
#define GFPLAB_BUSTED_H

#define GFPLAB_BUSTED_FAULTS(BUSTED)					\
	BUSTED(wrong_stage, "a request that took the slow path says fast") \
	BUSTED(wrong_source, "a refill is called a pcp hit")		\
	BUSTED(leaked_block, "one block in 64 is forgotten, not freed")	\
	BUSTED(lost_record, "one record in 128 is dropped silently")	\
	BUSTED(swallowed_error, "an option out of range is accepted as success") \
	BUSTED(half_set, "a refused `set` keeps the values before the mistake") \
	BUSTED(foreign_evidence, "events of other tasks count as the request's") \
	BUSTED(no_budget, "max_pages is not looked at")			\
	BUSTED(short_squeeze, "the squeeze stops half way")		\
	BUSTED(short_lists, "lists leaves a block of each order less") \
	BUSTED(fading_state, "memory states are not renewed, and said to be held") \
	BUSTED(deaf_stop, "workers do not look whether to stop")	\
	BUSTED(stale_gfp, "gfp is read back without its last flag")	\
	BUSTED(no_trace, "the trace event is never emitted")		\
	BUSTED(spoiled_block, "a block gets a second reference before it is checked")	\
	BUSTED(wrong_prediction, "explain foresees the fast path for every request") \
	BUSTED(blind_compare, "every prediction counts as come true")	\
	BUSTED(endless, "what may never end is not refused")		\
	BUSTED(no_room, "the zones that requests may use are not looked at") \
	BUSTED(no_account, "rings, pools and blocks of all jobs are not added up") \
	BUSTED(no_group, "the limit of the task's memory cgroup is not looked at") \
	BUSTED(deaf_oom, "nothing is given back when the system runs out of memory") \
	BUSTED(deaf_kprobes, "kprobes that are switched off during a run go unnoticed") \
	BUSTED(holds_movable, "blocks of CMA and zone Movable are held without unsafe=1")

/* 1 in the build with BUSTED=name, else 0; needs no #ifdef at its user. */
#ifdef __KERNEL__
#define GFPLAB_BUSTED(name) __is_defined(GFPLAB_BUSTED_##name)
#else
#define GFPLAB_BUSTED(name) 0
#endif

#endif
