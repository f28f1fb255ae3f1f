// SPDX-License-Identifier: GPL-2.0
/*
 * trace.c - call traces of all architectures: the functions, innermost first.
 */
#include <ctype.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "rules/gfp_ages.h"
#include "rules/portable.h"
#include "scan.h"
#include "trace.h"

/* ---- lines */

static bool is_name(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '.' || c == '$';
}

/* Behind a name that begins at @s. */
static const char *name_end(const char *s)
{
	while (is_name(*s))
		s++;
	return s;
}

/* @end: behind the name. */
static void add_frame(struct failure *f, const char *line, const char *end, bool sure)
{
	const char *from = end;
	struct frame *frame = &f->frames[f->nr_frames];

	while (from > line && is_name(from[-1]))
		from--;
	while (from < end && *from == '.')
		from++;
	if (from == end || isdigit((unsigned char)*from) || f->nr_frames == FRAMES_MAX)
		return;
	scan_copy(frame->name, sizeof(frame->name), from, end - from);
	while (from > line && (from[-1] == ' ' || from[-1] == '('))
		from--;
	frame->sure = sure && !(from > line && from[-1] == '?');
	frame->irq = f->in_irq;
	end += strspn(end, "+x/0123456789abcdef");
	frame->module = !strncmp(end, " [", 2) && end[2] != '<' && !strchr("zi", end[2]);
	f->nr_frames++;
}

/* Where a function's offset begins: +0x1c/0x20; NULL if there is none. */
static const char *find_offset(const char *s)
{
	const char *p, *end;

	for (p = s; (p = strstr(p, "+0x")); p++) {
		end = p + 3 + strspn(p + 3, "0123456789abcdef");
		if (*end == '/' && p > s && is_name(p[-1]))
			return p;
	}
	return NULL;
}

static void note_address(struct failure *f, const char *msg)
{
	const char *s = scan_after(msg, "[<");

	if (s)
		f->address_bits = strspn(s, "0123456789abcdef") > 8 ? 64 : 32;
}

/* Registers of a warning that hold the arguments of the allocator: gfp, order. */
static bool note_registers(struct failure *f, const char *msg)
{
	const char *rsi = scan_after(msg, "RSI: "), *rdi = scan_after(msg, "RDI: ");
	const char *x1 = scan_after(msg, "x1 : "), *x0 = scan_after(msg, "x0 : ");

	if (rsi && rdi) {
		f->rsi = strtoull(rsi, NULL, 16);
		f->rdi = strtoull(rdi, NULL, 16);
		f->has_args = true;
	} else if (x1 && x0) {
		f->rsi = strtoull(x1, NULL, 16);
		f->rdi = strtoull(x0, NULL, 16);
		f->has_args = true;
	}
	return f->has_args && (rsi || rdi || x1 || x0);
}

/* Registers and the place of a warning have offsets, but are no calls. */
static bool no_call(const char *msg)
{
	static const char * const marks[] = {
		"RIP: ", "EIP: ", "EIP is", "PC is at", "LR is at", "pc : ", "lr : ", "NIP ",
		"LR [", "epc : ", "ra : ", "Code: ", "WARNING: ",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(marks); i++)
		if (strstr(msg, marks[i]))
			return true;
	return false;
}

/* FILE:LINE, or ??:? where the debug information does not tell. */
static bool is_place(const char *s)
{
	size_t len = strspn(s, "?");

	if (len)
		return !strncmp(s + len, ":?", 2);
	while (is_name(s[len]) || s[len] == '/' || s[len] == '-' || s[len] == '+')
		len++;
	return s[len] == ':' && isdigit((unsigned char)s[len + 1]) && memchr(s, '.', len);
}

/* The end of a name that (FILE:LINE ...) follows; NULL if there is none. */
static const char *find_place(const char *s)
{
	const char *p;

	for (p = s; (p = strstr(p, " (")); p++)
		if (p > s && is_name(p[-1]) && is_place(p + 2))
			return p;
	return NULL;
}

/* Behind the bracket that closes the one at @s; the end of a line that was wrapped before it. */
static const char *bracket_end(const char *s)
{
	int open = 0;

	for (; *s; s++) {
		open += (*s == '(') - (*s == ')');
		if (!open)
			return s + 1;
	}
	return s;
}

/*
 * FUNCTION (FILE:LINE ...) MODULE, which scripts/decode_stacktrace.sh makes of a line. In front
 * of it there may be an address or a question mark, but no words; and a trace has begun, unless
 * it was cut off before.
 */
static bool decoded(struct failure *f, const char *msg, bool sure)
{
	const char *end = find_place(msg), *name = msg, *rest;
	struct frame *frame = &f->frames[f->nr_frames];
	struct word module, more;

	if (!end || f->has_meminfo || f->nr_zones ||
	    (!f->has_trace && strncmp(end, " (mm/page_alloc.c:", 18)))
		return false;
	while (*name == ' ' || *name == '?' || *name == '[')
		name += *name == '[' ? strcspn(name, " ") : 1;
	rest = bracket_end(end + 1);
	if (name_end(name) != end || (scan_word(&rest, &module) && scan_word(&rest, &more)))
		return false;
	f->has_trace = true;
	if (f->nr_frames == FRAMES_MAX)
		return true;
	add_frame(f, msg, end, sure);
	frame->module = module.len && !strchr("zi", module.s[*module.s == '[']);
	return true;
}

/* FUNCTION FILE:LINE [inline], as syzbot's traces have it; what is inlined has no offset. */
static bool inlined(struct failure *f, const char *msg)
{
	const char *end = msg + strcspn(msg, " "), *line;

	if (!strstr(msg, " [inline]") || *end != ' ')
		return false;
	line = strchr(end + 1, ':');
	if (!line || !isdigit((unsigned char)line[1]))
		return false;
	add_frame(f, msg, end, true);
	f->has_trace = true;
	return true;
}

/* ARM: (CALLEE+0x1/0x2) from [<...>] (CALLER+...), later CALLEE from CALLER+...; a line each. */
static bool with_caller(struct failure *f, const char *msg)
{
	const char *from = strstr(msg, " from "), *offset;

	if (!from || (!find_offset(from) && !find_place(from)))
		return false;
	offset = find_offset(msg);
	if (!offset || offset > from) {
		offset = from - (from > msg && from[-1] == ')');
		/* NAME [MODULE] */
		if (offset > msg && offset[-1] == ']')
			while (offset > msg && *--offset != ' ')
				;
	}
	add_frame(f, msg, offset, true);
	f->has_trace = true;
	return true;
}

static void note_stack(struct failure *f, const char *msg)
{
	if (strstr(msg, "<EOI>") || strstr(msg, "</IRQ>"))
		f->in_irq = false;
	else if (strstr(msg, "<IRQ>") || strstr(msg, "<SOFTIRQ>"))
		f->in_irq = true;
}

/**
 * trace_line - take the functions that a line of a call trace names
 * @f: the report, which gets them
 * @msg: the message of the line
 *
 * Return: false if it is no such line.
 */
bool trace_line(struct failure *f, const char *msg)
{
	bool unreliable = strstr(msg, "(unreliable)"), taken;
	const char *offset;
	int before = f->nr_frames;

	if (strstr(msg, "Call Trace") || strstr(msg, "Call trace") || strstr(msg, "Backtrace:")) {
		f->has_trace = true;
		return true;
	}
	taken = note_registers(f, msg);
	if (no_call(msg))
		return taken;
	note_stack(f, msg);
	note_address(f, msg);
	if (with_caller(f, msg) || inlined(f, msg))
		return true;
	if (decoded(f, msg, !unreliable && !f->doubtful)) {
		f->doubtful = false;
		return true;
	}
	while ((offset = find_offset(msg))) {
		add_frame(f, msg, offset, !unreliable && !f->doubtful);
		f->doubtful = false;
		msg = offset + 1;
	}
	f->doubtful = *msg && msg[strlen(msg) - 1] == '?';
	if (f->nr_frames == before)
		return taken || f->doubtful || strstr(msg, "IRQ>") || strstr(msg, "TASK>") ||
		       strstr(msg, "EOI>");
	f->has_trace = true;
	return true;
}

/* ---- whose functions */

/* What the compiler has appended to a name (.isra.0) does not count. */
static bool among(const char *full, const char * const *patterns)
{
	char name[NAME_SIZE];

	scan_copy(name, sizeof(name), full, strcspn(full, "."));
	for (; *patterns; patterns++)
		if (!fnmatch(*patterns, name, 0))
			return true;
	return false;
}

/* mm/, with what headers of it inline, and what prints a trace. */
static const char * const mm[] = {
	"refill_objects", "__pcs_*", "refill_sheaf*", "alloc_full_sheaf*", "cluster_*",
	"swap_alloc_*", "folio_alloc_swap", "alloc_swap_*", "get_swap_page*", "scan_swap_map*",
	"swap_cluster_*", "dump_stack*", "show_stack*", "dump_backtrace*", "unwind_backtrace",
	"__dump_stack", "show_trace*", "dump_trace", "alloc_kmem_page*", "__alloc_kmem_page*",
	"warn_alloc*", "warn_slowpath_*", "__warn*", "report_bug", "panic", "vpanic",
	"check_panic_on_oom", "show_mem", "__show_mem", "show_free_areas", "dump_header*",
	"nr_show*", "out_of_memory*", "__out_of_memory", "oom_kill_process*",
	"pagefault_out_of_memory", "mem_cgroup_*", "memcg_*", "try_charge*", "charge_memcg",
	"__memcg_*", "obj_cgroup_*", "__mem_cgroup_*", "__alloc_page*", "___alloc_page*",
	"alloc_frozen_page*", "__alloc_frozen_page*", "__get_free_page*", "get_free_page*",
	"get_zeroed_page*", "get_page_from_freelist", "__rmqueue*", "rmqueue*", "alloc_contig_*",
	"__alloc_contig_*", "__folio_alloc*", "vma_alloc_*", "__vma_alloc_*", "alloc_anon_folio",
	"alloc_zeroed_user_highpage*", "alloc_migrat*", "alloc_fresh_*", "alloc_buddy_*",
	"make_alloc_exact", "page_frag_*", "__page_frag_*", "kmalloc*", "__kmalloc*",
	"___kmalloc*", "krealloc*", "__do_krealloc", "kvmalloc*", "__kvmalloc*", "kvrealloc*",
	"kcalloc*", "kzalloc*", "kmemdup*", "kvmemdup*", "kstrdup*", "kstrndup*", "memdup_user*",
	"vmemdup_user*", "strndup_user", "kmem_cache_*", "_kmem_cache_*", "kmem_getpages",
	"kmem_alloc_pages", "__kmem_cache_*", "slab_alloc*", "__slab_alloc*", "__slab_*",
	"___slab_alloc*", "slab_out_of_memory*", "new_slab*", "allocate_slab*",
	"alloc_slab_page*", "cache_grow*", "cache_alloc_refill", "____cache_alloc*",
	"cache_alloc*", "fallback_alloc", "__do_cache_alloc", "do_slab_*",
	"alternate_node_alloc", "__do_kmalloc*", "slob_*", "get_partial_node*",
	"slab_post_alloc_hook*", "large_kmalloc", "slub_*", "vmalloc*", "__vmalloc*", "vzalloc*",
	"alloc_vmap*", "__get_vm_area*", "get_vm_area*", "vmap", "vmap_*", "vm_map_ram",
	"__vmap_*", "new_vmap_block*", "alloc_large_system_hash", "vm_area_alloc_pages",
	"cma_range_alloc", "mempool_*", "dma_pool_*", "pcpu_*", "__alloc_percpu*",
	"alloc_percpu*", "shrink_*", "try_to_shrink_*", "list_lru_*", "__list_lru_*",
	"try_to_free_*", "do_try_to_free_pages", "balance_pgdat", "kswapd*", "node_reclaim",
	"__node_reclaim", "zone_reclaim", "__zone_reclaim", "pageout*", "do_shrink_slab",
	"evict_folios", "reclaim_*", "kcompactd*", "compact_*", "try_to_compact_pages",
	"isolate_*", "migrate_*", "unmap_and_move*", "try_to_unmap*", "rmap_walk*",
	"swap_writepage*", "__swap_writepage*", "swap_readpage*", "swapin_*",
	"read_swap_cache_async*", "__read_swap_cache_async", "add_to_swap*",
	"swap_cluster_readahead", "do_swap_page*", "shmem_*", "__shmem_*", "handle_mm_fault",
	"__handle_mm_fault", "handle_pte_fault", "do_anonymous_page*", "do_fault*",
	"__do_fault*", "do_wp_page", "wp_page_copy", "do_cow_fault*", "do_read_fault*",
	"do_shared_fault*", "do_linear_fault", "do_nonlinear_fault", "do_pte_missing*",
	"do_huge_pmd_*", "do_huge_pud_*", "__do_huge_pmd_*", "alloc_huge_*", "alloc_hugetlb_*",
	"do_numa_page", "faultin_*", "pte_alloc*", "__pte_alloc*", "__pmd_alloc*",
	"__pud_alloc*", "__p4d_alloc*", "copy_page_range", "copy_pte_range", "copy_p?d_range",
	"get_user_pages*", "__get_user_pages*", "populate_vma_page_range", "__mm_populate",
	"vm_mmap*", "do_mmap*", "mmap_region*", "__mmap_region*", "do_brk*", "vm_brk*",
	"expand_stack*", "acct_stack_growth", "__anon_vma_prepare", "anon_vma_*", "split_vma*",
	"__split_vma", "vma_*", "mprotect_fixup", "change_protection*", "move_page_tables",
	"filemap_*", "__filemap_*", "find_or_create_page", "pagecache_get_page",
	"add_to_page_cache*", "__add_to_page_cache*", "grab_cache_page*",
	"generic_file_aio_read", "generic_file_read_iter", "generic_file_buffered_*",
	"generic_perform_write", "generic_file_write_iter", "generic_file_aio_write",
	"__generic_file_*", "do_generic_file_read*", "read_pages*", "page_cache_*",
	"__page_cache_*", "__do_page_cache_*", "do_page_cache_*", "force_page_cache_*",
	"ondemand_readahead*", "read_cache_*", "do_read_cache_*", "__read_cache_*", "ra_submit",
	"do_sync_mmap_readahead*", "do_async_mmap_readahead*", "ra_alloc_folio",
	"__set_page_dirty*", "write_cache_pages*", "do_writepages*", "balance_dirty_pages*",
	"exit_mmap", "khugepaged*", "collapse_*", "ksm_*", "do_madvise*", "madvise_*",
	"mempolicy_*", "policy_*", "new_page*", "should_fail_alloc_page", "prepare_alloc_pages",
	"__should_fail*", "should_fail*", "fail_dump*", "should_failslab", "vmemmap_*",
	"__populate_section_memmap", "section_*", "add_memory*", "__add_memory*", "__add_pages",
	"kasan_*", "__kasan_*", "zs_*", "zswap_*", "zbud_*", "z3fold_*", "zpool_*",
	"wp_huge_pmd", "create_huge_pmd", "cma_alloc", "__cma_alloc", "alloc_pages*",
	"alloc_page", "alloc_page_interleave", "alloc_page_vma", "folio_alloc",
	"folio_alloc_noprof", "folio_alloc_mpol*", "folio_prealloc", "swap_vma_readahead",
	"__gup_longterm_locked", "pin_user_pages*", "internal_get_user_pages_fast",
	"fixup_user_fault", "ksys_mmap_pgoff", "vcalloc*", "__vcalloc*", "alloc_slab_obj_exts",
	"create_object", "__create_object", "alloc_charge_folio", "alloc_charge_hpage",
	"__alloc_fresh_hugetlb_folio", "alloc_pool_huge_*", "set_max_huge_pages", "copy_vma",
	"vms_*", "do_vmi_*", "generic_fadvise", "page_copy_prealloc", "finish_fault",
	"remap_pfn_range*", "vm_insert_page*", "insert_page*", "vmf_insert_*",
	"apply_to_page_range", "access_remote_vm", "split_huge_*", "mm_get_huge_zero_page",
	"mcopy_atomic*", "mfill_atomic*", "__vm_munmap", "do_munmap", "move_vma", "mlock_fixup",
	"do_mlock", "do_mbind", "kernel_mbind", "mpol_*", "do_pages_move", "kernel_move_pages",
	"hpage_collapse_*", "prealloc_shrinker", "register_shrinker", "expand_shrinker_info",
	"alloc_demote_*", "demote_folio_list", "try_to_unuse", "unuse_*",
	"add_swap_count_continuation", "vb_alloc", "hugetlb_fault", "hugetlb_no_page",
	"hugetlb_wp", "hugetlb_cow", "hugetlb_reserve_pages", "hugetlb_sysctl_handler*",
	"hugetlb_acct_memory", "sparse_add_section", "sparse_buffer_alloc", "sparse_init*",
	"sparse_index_alloc", "section_activate", "do_tune_cpucache", "setup_cpu_cache", NULL
};

/* Functions of other folders that a pattern above takes for one of mm/. */
static const char * const not_mm[] = {
	"vma_alloc_from_*", "kmalloc_reserve*", "migrate_task*", "reclaim_buffers", "shrink_dcache*",
	"shrink_dentry*", "mempool_test*", "memcg_test*", "vmap_user*", "show_stack_log",
	"isolate_cpu*", "pte_alloc_one*", "vmalloc_fault*", NULL
};

/* These set PF_MEMALLOC. */
static const char * const reclaim[] = {
	"shrink_folio_list", "shrink_page_list", "shrink_inactive_list", "shrink_lruvec",
	"shrink_node*", "shrink_zone*", "evict_folios", "try_to_shrink_lruvec",
	"try_to_free_pages", "try_to_free_mem_cgroup_pages", "do_try_to_free_pages",
	"balance_pgdat", "kswapd", "__alloc_pages_direct_compact",
	"__alloc_pages_direct_reclaim*", "__perform_reclaim", "node_reclaim", "__node_reclaim",
	"__zone_reclaim", "zone_reclaim", "try_to_compact_pages", NULL
};

static const char * const softirq[] = {
	"__do_softirq", "___do_softirq", "do_softirq", "handle_softirqs*", "call_softirq",
	"do_softirq_own_stack", "__do_softirq_own_stack", "run_ksoftirqd", "invoke_softirq",
	"net_rx_action", "tasklet_action*", "tasklet_hi_action", "run_timer_softirq",
	"blk_done_softirq", "run_rebalance_domains", NULL
};

/* What an old stack often holds, between the calls that count. */
static const char * const remnants[] = {
	"_raw_spin_*", "_raw_read_*", "_raw_write_*", "finish_task_switch*", "rcu_*", "__rcu_*",
	"___ratelimit", "__wake_up*", "wake_up_*", "try_to_wake_up", "wait_for_completion*",
	"__schedule", "schedule*", "_cond_resched", "autoremove_wake_function",
	"default_wake_function", "lock_*", "mutex_*", "down_*", "up_*", "__find_get_*",
	"find_get_*", "radix_tree_*", "__radix_tree_*", "__lock_*", "mark_held_locks", "trace_*",
	"_lookup_address_cpa", NULL
};

/* Entries of interrupts; and what they call, which old stacks may hold as well. */
static const char * const hardirq[] = {
	"do_IRQ", "__do_IRQ", "do_irq*", "handle_IRQ", "common_interrupt*",
	"asm_common_interrupt", "gic_handle_irq*", "__irq_svc", "__irq_usr", "el1_irq",
	"el0_irq", "el1h_64_irq*", "el0t_64_irq*", "el1_interrupt", "generic_handle_domain_irq",
	"sysvec_*", "asm_sysvec_*", "smp_apic_timer_interrupt", "apic_timer_interrupt",
	"smp_call_function_interrupt", "ret_from_intr", "plat_irq_dispatch", "__do_irq",
	"irq_work_run*", "asm_do_IRQ", "handle_domain_irq", "__handle_domain_irq",
	"smp_irq_work_interrupt", "hardware_interrupt_common*", "xen_evtchn_do_upcall",
	"xen_hvm_callback_vector", "xen_pv_evtchn_do_upcall", "timer_interrupt", "do_io_irq",
	"do_ext_irq", "handle_riscv_irq", NULL
};

static const char * const in_hardirq[] = {
	"handle_irq_event*", "__handle_irq_event*", "handle_IRQ_event", "generic_handle_irq*",
	"handle_fasteoi_irq", "handle_edge_irq", "handle_level_irq", "hrtimer_interrupt", NULL
};

static const char * const suspend[] = {
	"pm_suspend", "suspend_devices_and_enter", "dpm_suspend*", "dpm_resume*", "dpm_prepare",
	"hibernate", "hibernation_*", "enter_state", "pm_hibernate", "device_resume*",
	"__device_suspend*", "device_suspend*", "swsusp_*", "async_resume*", "async_suspend*",
	"hibernate_*", "pci_pm_suspend*", "pci_pm_resume*", NULL
};

static bool of_mm(const struct frame *frame)
{
	return !frame->module && among(frame->name, mm) && !among(frame->name, not_mm);
}

/*
 * How far the request's own calls go: to the interrupt that they were made in. Without any sure
 * frame, an interrupt that has come and gone looks the same as one that is there.
 */
static int own_frames(struct failure *f, bool sure)
{
	int softirqs = 0, first = f->nr_frames, i;

	f->context = FROM_unknown;
	f->interrupt = false;
	for (i = 0; i < f->nr_frames; i++) {
		const struct frame *frame = &f->frames[i];

		f->interrupt |= frame->irq;
		if (i && f->frames[i - 1].irq && !frame->irq)
			return i;
		if (sure && !frame->sure)
			continue;
		if (among(frame->name, softirq)) {
			/* one alone may be left from an older one */
			if (!sure && !frame->irq && ++softirqs < 2) {
				first = i;
				continue;
			}
			f->context = FROM_softirq;
		} else if ((sure || frame->irq) && among(frame->name, hardirq)) {
			f->context = FROM_hardirq;
		} else if (sure && among(frame->name, in_hardirq)) {
			f->context = FROM_hardirq;
		} else {
			continue;
		}
		f->interrupt = true;
		return first < i ? first : i;
	}
	return f->nr_frames;
}

#define REMNANTS_MAX	5	/* frames in a row that may be left from older calls */

/*
 * Without any sure frame: what follows on the last function of mm/ that others of mm/ lead to,
 * though remnants of older calls lie in between.
 */
static const char *doubtful_caller(const struct failure *f, int own)
{
	int last = UNKNOWN, i;

	for (i = 0; i < own && i - last <= REMNANTS_MAX + 1; i++)
		if (of_mm(&f->frames[i]))
			last = i;
	for (i = last + 1; i < own; i++)
		if (!among(f->frames[i].name, remnants))
			return f->frames[i].name;
	return NULL;
}

/**
 * trace_judge - context, reclaim and caller out of the call trace
 * @f: the report; flags are filled in before
 */
void trace_judge(struct failure *f)
{
	bool waits = f->flags & GFPLAB_GFP(DIRECT_RECLAIM), sure = false;
	int own, i;

	for (i = 0; i < f->nr_frames; i++)
		sure |= f->frames[i].sure;
	own = own_frames(f, sure);
	if (f->has_gfp && waits)
		f->context = FROM_task;		/* whatever an old stack still holds */
	else if (!f->interrupt && f->has_trace)
		f->context = f->has_gfp ? FROM_atomic : FROM_task;
	if (f->context == FROM_task) {
		own = f->nr_frames;
		f->interrupt = false;
	}
	f->reclaiming = false;
	f->suspending = f->suspended;
	f->caller = sure ? NULL : doubtful_caller(f, own);
	for (i = 0; i < own; i++) {
		const struct frame *frame = &f->frames[i];

		if (sure && !frame->sure)
			continue;
		if (among(frame->name, reclaim))
			f->reclaiming = true;
		if (among(frame->name, suspend))
			f->suspending = true;
		if (!f->caller && sure && !of_mm(frame))
			f->caller = frame->name;
	}
	if (f->interrupt)
		f->reclaiming = false;
}
