#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: every door of the allocator, from every context that it allows (rows E)
# suite: full
# requires: nodes>=2 zone=0:DMA zone=1:Normal kprobes
# vm: numa
# timeout: 400
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"

MAX_ORDER=$(awk '{ print NF - 5; exit }' /proc/buddyinfo)
SHORT='alloc_page get_zeroed_page'	# of one page only

# ---- what help says of an entry

# ENTRY: the line that follows its name
help_of() { get help | awk -v entry="$1" '/^entries/ { here = 1 } here && found { print; exit } here && $1 == entry { found = 1 }'; }

# ENTRY: it is there, or the case is skipped
present()
{
	case $(help_of "$1") in
	*absent:*) ;;
	*orders*) return 0 ;;
	*) fail "help does not list the entry $1" ;;
	esac
	_why=$(help_of "$1")
	_why=${_why##*absent: }
	expect_refused EOPNOTSUPP "entry=$1" set "$1" "*$_why*"
	skip "no $1: $_why"
}

# ENTRY: contexts that it allows
contexts()
{
	case $(help_of "$1") in
	*"context=task only"*) echo task ;;
	*)
		echo "task atomic softirq $HARDIRQ" ;;
	esac
}

# ENTRY: the smallest and the largest order that it takes and the kernel serves
orders()
{
	_orders=$(help_of "$1" | sed 's/.*orders \([0-9]*\)-\([0-9]*\).*/\1 \2/')
	[ "${_orders#* }" -le "$MAX_ORDER" ] || _orders="${_orders% *} $MAX_ORDER"
	[ "${_orders% *}" != "${_orders#* }" ] || _orders=${_orders% *}
	echo "$_orders" | tr ' ' '-'
}

# EXPRESSION: of `order`: how many pages each record must have
expect_pages()
{
	awk -v how="$1" '
		{
			for (i = 1; i <= NF; i++) {
				if ($i ~ /^order=/) order = substr($i, 7)
				if ($i ~ /^pages=/) pages = substr($i, 7)
			}
			for (want = 1; order > 0; order--)
				want *= 2
			if (how == "exact") want -= int(want / 4)
			if (how == "one") want = 1
			if (pages != want) { print; exit }
		}' "$JOB/records" > "$GFP_TMP/record"
	[ ! -s "$GFP_TMP/record" ] || fail "pages that came: expected $1"
}

# GFP: the bits that the allocator was asked with, in every record
expect_seen() { expect_eq "gfp masks that reached the allocator" "$(values gfp_seen)" "$1"; }

# Every record, and what is left: as many as asked for, all sound, all given back.
expect_sound()
{
	expect_eq "requests, failed, rejected, bad blocks, lost records, pages held" \
		"$(summary requests failed rejected bad_blocks lost_records) $(status held_pages)" \
		"$1 0 0 0 0 0"
	expect_eq "records" "$(wc -l < "$JOB/records")" "$1"
}

# ENTRY HOW [OPTION=VALUE...]: from all its contexts, all its orders, every byte written and verified
# while others are held. Red if a block is smaller than asked, misplaced, misaligned, shared, has
# another reference count or structure, is changed while held, or can't be freed from there.
# ORDERS: others than all that it takes.
door()
{
	_entry=$1 _how=$2
	shift 2
	present "$_entry"
	_orders=${ORDERS:-$(orders "$_entry")}
	for _context in $(contexts "$_entry"); do
		_gfp=GFP_KERNEL _mark=0
		# The list lies where the mark is.
		[ "$_entry" != bulk_list ] || _mark=unknown
		[ "$_context" = task ] || _gfp='GFP_ATOMIC|__GFP_NOWARN'
		set_opts "entry=$_entry" "order=$_orders" "gfp=$_gfp" "context=$_context" check=full count=40 \
			hold=6 release=random "$@"
		call
		expect_sound 40
		expect_all_records "entry=$_entry" "context=$_context" result=ok bad=none pfmemalloc=$_mark
		expect_pages "$_how"
		case $_orders in
		*-*) expect_ge "orders that were drawn" "$(values order | wc -w)" $((${_orders#*-} - ${_orders%-*} - 1)) ;;
		esac
	done
}

# ---- E1 to E3

# What reached the allocator is the request, unchanged. Red if a wrapper changes mask or order.
unchanged()
{
	present "$1"
	set_opts "entry=$1" order=4 'gfp=GFP_KERNEL|__GFP_RECLAIMABLE' count=20
	call
	expect_all_records result=ok stage=fast source=buddy attempts=1 pages=16
	expect_seen 'GFP_KERNEL|__GFP_RECLAIMABLE'
}

# ENTRY: the node asked for, from every context. Red if nid is not handed on.
to_node()
{
	for _context in task atomic softirq $HARDIRQ; do
		for _nid in 0 1; do
			set_opts "entry=$1" gfp=GFP_ATOMIC order=0,4 "nid=$_nid" count=40 hold=8 "context=$_context"
			call
			expect_all_records result=ok stage=fast "page_nid=$_nid" bad=none
		done
	done
}

# Red if no node means another one than the CPU's.
no_node()
{
	set_opts "entry=$1" count=40 hold=8
	call
	expect_all_records result=ok nid=-1 page_nid=0
}

# Red if the nodemask is not handed on, from any context.
to_nodemask()
{
	for _context in task atomic softirq $HARDIRQ; do
		set_opts "entry=$1" gfp=GFP_NOWAIT order=0,4 nid=0 nodes=1 count=40 hold=8 "context=$_context"
		call
		expect_all_records result=ok stage=fast nid=0 nodes=1 page_nid=1 bad=none
	done
}

test_case "E1 alloc_pages: blocks of every order from every context" door alloc_pages whole
test_case "E1 alloc_page: pages from every context" door alloc_page whole
test_case "E1 alloc_pages: what was asked reaches the allocator" unchanged alloc_pages
test_case "E2 alloc_pages_node: blocks of every order from every context" door alloc_pages_node whole nid=1
test_case "E2 alloc_pages_node: nid is where the block comes from" to_node alloc_pages_node
test_case "E2 alloc_pages_node: no nid is the node of the CPU" no_node alloc_pages_node
test_case "E2 alloc_pages_node: what was asked reaches the allocator" unchanged alloc_pages_node
test_case "E3 alloc_pages_nodemask: blocks of every order from every context" \
	door alloc_pages_nodemask whole nid=0 nodes=1
test_case "E3 alloc_pages_nodemask: nid is where the block comes from" to_node alloc_pages_nodemask
test_case "E3 alloc_pages_nodemask: no nid is the node of the CPU" no_node alloc_pages_nodemask
test_case "E3 alloc_pages_nodemask: the nodemask decides" to_nodemask alloc_pages_nodemask
test_case "E3 alloc_pages_nodemask: what was asked reaches the allocator" unchanged alloc_pages_nodemask

# ---- E4, E5

# Red if __GFP_HIGHMEM gets through: such a page may have no address.
strips_highmem()
{
	set_opts "entry=$1" gfp=GFP_HIGHUSER count=20
	call
	expect_all_records result=ok gfp=GFP_HIGHUSER
	case $1 in
	get_zeroed_page) expect_seen 'GFP_USER|__GFP_ZERO' ;;
	*) expect_seen GFP_USER ;;
	esac
	# The mask is handed on as it is where an address is not needed.
	set_opts entry=alloc_pages
	call
	expect_seen GFP_HIGHUSER
}

# The frames of the kmem events of order 0, of this CPU and since the trace was emptied
frames()
{
	sed -n 's/.*\[0*0\].* mm_page_alloc: .*pfn=\([0-9a-fx]*\) order=0 .*/\1/p' /sys/kernel/tracing/trace | sort
}

trace_frames()
{
	: > /sys/kernel/tracing/trace
	taskset 1 "$GFP_DIR/write1" "$JOB/control" call
	frames > "$GFP_TMP/$1"
}

trace_off() { echo 0 > /sys/kernel/tracing/events/kmem/mm_page_alloc/enable; }

# The same frames twice: filled with a pattern, then asked for by get_zeroed_page(). Red if they are
# not zeroed: by any of prep_new_page(), want_init_on_alloc() and the entry's own __GFP_ZERO.
zeroed()
{
	require_tracefs
	undo trace_off
	trace_buffer 4096
	echo 1 > /sys/kernel/tracing/events/kmem/mm_page_alloc/enable
	echo 1 > /sys/kernel/tracing/tracing_on
	set_opts entry=alloc_page check=full count=1000 release=at_end
	trace_frames dirty
	expect_sound 1000
	set_opts entry=get_zeroed_page check=basic
	trace_frames zeroed
	expect_sound 1000
	expect_seen 'GFP_KERNEL|__GFP_ZERO'
	# How many come back depends on what else the per-cpu list holds; a tenth is enough to tell.
	expect_ge "frames that were dirty before" \
		"$(sort "$GFP_TMP/dirty" "$GFP_TMP/zeroed" | uniq -d | wc -l)" 100
}

# The same from interrupts.
zeroed_atomic()
{
	for _context in atomic softirq $HARDIRQ; do
		set_opts entry=alloc_page gfp=GFP_ATOMIC check=full count=300 release=at_end context=$_context
		call
		set_opts entry=get_zeroed_page check=basic
		call
		expect_sound 300
	done
	expect_seen 'GFP_ATOMIC|__GFP_ZERO'
}

test_case "E4 get_free_pages: blocks of every order from every context" door get_free_pages whole
test_case "E4 get_free_pages: __GFP_HIGHMEM is taken away" strips_highmem get_free_pages
test_case "E5 get_zeroed_page: pages from every context" door get_zeroed_page whole
test_case "E5 get_zeroed_page: frames that were dirty are zero" zeroed
test_case "E5 get_zeroed_page: they are zero in interrupts, too" zeroed_atomic
test_case "E5 get_zeroed_page: __GFP_HIGHMEM is taken away" strips_highmem get_zeroed_page

# ---- E6

# The zone has 16 MB, and a kernel may have used half of them: not many large blocks at a time.
dma_zone()
{
	ORDERS=0-9 door get_dma_pages whole hold=1
	expect_all_records zone=DMA page_nid=0
	expect_eq "gfp masks that reached the allocator" "$(values gfp_seen | grep -c GFP_DMA)" 1
}

# Red if the walk goes up to a higher zone when DMA has no more, or stops long before.
dma_full()
{
	fold_counters
	spare=$(($(zone_free 0 DMA) - $(zone_mark 0 DMA low)))
	set_opts entry=get_dma_pages 'gfp=GFP_NOWAIT|__GFP_NOWARN' order=4 count=$((spare / 16 + 60)) release=at_end \
		max_pages=100000
	call
	expect_eq "bad blocks" "$(summary bad_blocks)" 0
	expect_no_record result=ok zone!=DMA
	expect_record result=failed stage=slow
	expect_ge "blocks from DMA" "$(count_where result=ok zone=DMA)" $((spare / 16 - 8))
	expect_le "free pages that DMA spared" $((spare / 16 * 16 - $(count_where result=ok zone=DMA) * 16)) 128
}

test_case "E6 get_dma_pages: blocks of every order from every context, all of them from zone DMA" dma_zone
test_case "E6 get_dma_pages: when zone DMA has no more, the request fails" dma_full

# ---- the free pages of the machine, per-cpu lists included; by the shell alone, which forks for
# nothing here

machine_free()
{
	FREE=0
	echo 1 > /proc/sys/vm/stat_refresh
	while read -r _word _value _rest; do
		case $_word in
		pages) [ "$_value" != free ] || FREE=$((FREE + _rest)) ;;
		count:) FREE=$((FREE + _value)) ;;
		esac
	done < /proc/zoneinfo
}

# A B TOLERANCE
differ() { [ $(($1 - $2)) -gt "$3" ] || [ $(($2 - $1)) -gt "$3" ]; }

# PAGES TOLERANCE [OPTION=VALUE...]: a call that keeps its blocks takes PAGES off the machine, and
# gives them back when it is reset. A first one fills the caches of whoever needs some.
expect_takes()
{
	_pages=$1 _tolerance=$2
	shift 2
	set_opts release=keep observe=none check=none "$@"
	# What others take or give back meanwhile is not so the next time; what we do is, and what we
	# lost stays lost.
	_first=
	for _try in 1 2 3; do
		echo call > "$JOB/control"
		echo reset > "$JOB/control"
		machine_free
		_before=$FREE
		_first=${_first:-$_before}
		echo call > "$JOB/control"
		machine_free
		_held=$FREE
		_ok=$(summary ok)
		echo reset > "$JOB/control"
		machine_free
		expect_eq "requests that were served" "$_ok" "$(opt count)"
		differ $((_before - _held)) "$_pages" "$_tolerance" ||
			differ "$_before" "$FREE" "$_tolerance" ||
			[ $((_first - FREE)) -gt "$_tolerance" ] || return 0
		sleep 1
	done
	expect_near "pages taken by $*" $((_before - _held)) "$_pages" "$_tolerance"
	expect_near "pages not given back by $*" $((_before - FREE)) 0 "$_tolerance"
	expect_le "pages lost in all by $*" $((_first - FREE)) "$_tolerance"
}

# ---- E7

# Red if the tail is not freed: the block would take all of 2^order pages.
exact_tail()
{
	for _context in task atomic softirq $HARDIRQ; do
		# 12 of 16 pages
		expect_takes 6000 160 entry=alloc_pages_exact order=4 count=500 gfp=GFP_ATOMIC "context=$_context"
	done
	# 3 of 4, and the tail goes to the per-cpu lists
	expect_takes 3000 160 entry=alloc_pages_exact order=2 count=1000 gfp=GFP_KERNEL context=task
}

# The tail is freed while the block is held, before anything is given back. Red if it is not, or if
# more is.
exact_tail_counted()
{
	set_opts entry=alloc_pages_exact order=5 count=500 release=keep observe=none check=none
	pgfree=$(vmstat pgfree)
	call
	expect_near "pages freed while all blocks are held" $(($(vmstat pgfree) - pgfree)) 4000 1500
	reset
	set_opts entry=get_free_pages
	pgfree=$(vmstat pgfree)
	call
	expect_le "pages freed while all blocks are held, without a tail" $(($(vmstat pgfree) - pgfree)) 1500
}

# Every page is an owner's: freed one after the other in any order.
exact_sizes()
{
	door alloc_pages_exact exact
	expect_seen 'GFP_ATOMIC|__GFP_NOWARN'
}

test_case "E7 alloc_pages_exact: three quarters of every order from every context" exact_sizes
test_case "E7 alloc_pages_exact: the tail goes back, from every context" exact_tail
test_case "E7 alloc_pages_exact: the tail goes back while the block is held" exact_tail_counted

# ---- E8

# ENTRY: red if fewer pages come than were asked for though there is plenty, or one twice.
bulk_all()
{
	door "$1" whole nid=1 nodes=1
	expect_all_records page_nid=1 stage=fast
}

# ENTRY: more than one page does not go through __alloc_pages() with its event; one page does.
bulk_event()
{
	present "$1"
	set_opts entry="$1" nid=1 order=2-6 count=60 hold=8
	call
	expect_all_records result=ok stage=fast source=pcp/refill gfp_seen=none attempts=0 page_nid=1
	[ "$1" != bulk_refill ] || return 0	# which has no order 0
	set_opts order=0 count=20
	call
	expect_all_records result=ok stage=fast gfp_seen=GFP_KERNEL attempts=1 page_nid=1 pages=1
}

# ENTRY: red if the pages already there are handed out again: the second bulk overlaps what the first
# holds; or if one that was in the array is lost.
bulk_held()
{
	present "$1"
	expect_takes 8192 160 entry="$1" nid=1 order=7 count=64
	expect_takes 8192 160 entry="$1" nid=0 order=3 count=1024
}

# ENTRY [OPTION=VALUE...]
bulk_short()
{
	present "$1"
	sysctl_set vm/min_free_kbytes 32768
	_entry=$1
	shift
	set_opts entry="$_entry" nid=1 'gfp=GFP_KERNEL|__GFP_NOWARN' count=20 release=at_end "$@"
	call
	expect_eq "requests, bad blocks" "$(summary requests bad_blocks)" "$(opt count) 0"
}

# ENTRY PAGES: the node is below its low mark: one page from the next node, from the allocator proper,
# for each call. Red if the watermark is not looked at: all pages, from node 1.
bulk_below_low()
{
	bulk_short "$1" order=4 squeeze=1:Normal:105
	expect_all_records result=ok pages="$2" page_nid=0 stage=fast attempts="$2" \
		'gfp_seen=GFP_KERNEL|__GFP_NOWARN'
}

# ENTRY: above its low mark, but not by as many pages as were asked for: one page from this node. Red
# if the number is not added to the mark. What is kept for HIGHATOMIC counts for nobody here.
bulk_near_low()
{
	sysctl_set vm/min_free_kbytes 32768
	low=$(zone_mark 1 Normal low)
	[ $((low / 20)) -lt 500 ] || fail "5 % of the low mark is $((low / 20)) pages, too many for this case"
	set_opts entry=alloc_pages_node nid=1
	kept=$(explain_field 1 Normal highatomic)
	above=squeeze=1:Normal:low+$((4 + (kept * 100 + low - 1) / low))%
	bulk_short "$1" order=9 "$above"
	expect_all_records result=ok pages=1 stage=fast 'gfp_seen=GFP_KERNEL|__GFP_NOWARN'
	# Somebody may need so many pages for a moment that it could not spare one.
	expect_ge "single pages from this node, of $(summary ok)" "$(count_where page_nid=1)" $(($(summary ok) * 3 / 4))
	# As many as it can spare.
	bulk_short "$1" order=3 count=8 "$above"
	expect_all_records result=ok pages=8 page_nid=1 stage=fast gfp_seen=none
}

# ENTRY: the mask is looked at, and when the only node of it is short, one page by the slow path.
bulk_mask_short()
{
	bulk_short "$1" order=4 nid=0 nodes=1 gfp=GFP_ATOMIC squeeze=1:Normal:70 context=hardirq
	expect_all_records result=ok pages=1 page_nid=1 stage=slow reserve=nonblock gfp_seen=GFP_ATOMIC
}

# ENTRY: a charge can't be made for many at once: one page. Red if the check is gone.
bulk_account()
{
	present "$1"
	cgroup_make memory	# nobody is charged as long as the root is the only one
	set_opts entry="$1" nid=1 order=4 gfp=GFP_KERNEL_ACCOUNT count=20 hold=4
	call
	expect_sound 20
	expect_all_records result=ok pages=1 gfp_seen=GFP_KERNEL_ACCOUNT page_nid=1
	set_opts gfp=GFP_KERNEL
	call
	expect_all_records result=ok pages=16 gfp_seen=none
}

# ENTRY: red if prep_new_page() is left out, or called with another mask.
bulk_zeroed()
{
	present "$1"
	set_opts entry="$1" nid=1 order=5 check=full count=40 release=at_end
	call
	expect_sound 40
	set_opts 'gfp=GFP_KERNEL|__GFP_ZERO' check=basic
	call
	expect_sound 40
	expect_all_records result=ok bad=none pages=32
}

for entry in bulk bulk_list; do
	test_case "E8 $entry: as many pages as asked for, from every context" bulk_all $entry
	test_case "E8 $entry: several pages come straight from the per-cpu list, one by the usual way" bulk_event $entry
	test_case "E8 $entry: pages held are the machine's, and go back" bulk_held $entry
	test_case "E8 $entry: one page from the next node when this one is short" bulk_below_low $entry 1
	test_case "E8 $entry: one page when the node can't spare as many" bulk_near_low $entry
	test_case "E8 $entry: one page by the slow path when the nodemask allows no other node" bulk_mask_short $entry
	test_case "E8 $entry: one page with __GFP_ACCOUNT" bulk_account $entry
	test_case "E8 $entry: __GFP_ZERO: frames that were dirty are zero" bulk_zeroed $entry
done
test_case "E8 bulk_refill: what the array lacks comes, from every context" bulk_all bulk_refill
test_case "E8 bulk_refill: it comes straight from the per-cpu list" bulk_event bulk_refill
test_case "E8 bulk_refill: pages held are the machine's, and go back" bulk_held bulk_refill
test_case "E8 bulk_refill: a page a call from the next node when this one is short" bulk_below_low bulk_refill 2
test_case "E8 bulk_refill: __GFP_ZERO: frames that were dirty are zero" bulk_zeroed bulk_refill

# ---- E9

# Red if __GFP_COMP is not added, or the structure is not made: order, head, tails.
folio()
{
	door folio_alloc whole
	expect_seen 'GFP_ATOMIC|__GFP_NOWARN|__GFP_COMP'
}

test_case "E9 folio_alloc: compound blocks of every order from every context" folio

# ---- E10

# Red if a page of the range is somebody else's, on another node, or counted twice.
contig()
{
	door contig_range whole nid=1
	expect_all_records page_nid=1 gfp_seen=none stage=unknown attempts=0
	set_opts nid=0 order=0-6 count=20 check=full
	call
	expect_sound 20
	expect_all_records page_nid=0
}

# Red if a part of a block that crosses the range's edge, or the range itself, is lost or never left
# the free lists.
contig_held()
{
	present contig_range
	expect_takes 2048 96 entry=contig_range nid=1 order=5 count=64
	expect_takes 2560 96 entry=contig_range nid=1 order=9 count=5
	# Each makes its pageblock unfit for others: on 5.10 there is room for 80.
	expect_takes 256 96 entry=contig_range nid=1 order=2 count=64
}

# Red if one worker ends the isolation of a pageblock that another is at: DEBUG_VM then stops it.
contig_beside()
{
	present contig_range
	_count=600
	[ -z "$WATCHED" ] || _count=200
	set_opts entry=contig_range nid=1 order=0 cpus=all count=$_count
	start
	wait_idle 60
	expect_sound $_count
}

test_case "E10 contig_range: ranges of every order of the node asked for" contig
# Ranges of any length: red if it is another one, or not all of it is freed.
contig_pages()
{
	present contig_range
	for pages in 1 7 520 2025; do
		set_opts entry=contig_range nid=1 order=0 gfp=GFP_KERNEL pages=$pages count=4
		call
		expect_all_records result=ok pages=$pages page_nid=1 errno=0 bad=none
	done
	expect_takes $((8 * 777)) 96 entry=contig_range nid=1 order=0 pages=777 count=8
}

# What others use: anonymous memory is moved away, and its owner does not notice; what can't be moved is told by
# the errno. Red if the one fails, or the other does not, or says nothing.
contig_busy()
{
	present contig_range
	set_opts entry=contig_range nid=1 order=0 gfp=GFP_KERNEL pages=200 range=busy
	"$GFP_DIR/anon" 1 200 "$GFP_DIR/write1" "$JOB/control" call > "$GFP_TMP/called" ||
		fail "call: $(cat "$GFP_TMP/called")" "$(tail -n 3 "$GFP/error")"
	# The first range from the zone's end is taken. On a watched kernel that may be what watches.
	[ "$WATCHED$(record -1 errno)" = yes-16 ] || expect_record result=ok pages=200 errno=0 bad=none
	set_opts fragment=1:Normal:1
	call
	expect_record result=failed errno=-16 pages=0
}

# Any size, also one that no order has.
vmalloc_pages()
{
	for pages in 1 5 1234; do
		set_opts entry=vmalloc order=0 gfp=GFP_KERNEL pages=$pages count=4
		call
		expect_all_records result=ok pages=$pages bad=none
	done
	# KASAN has pages of its own for what is mapped, one for eight.
	_tolerance=96
	[ -z "$WATCHED" ] || _tolerance=$((96 + 9 * 333 / 8 + 9))
	expect_takes $((9 * 333)) $_tolerance entry=vmalloc order=0 pages=333 count=9
}

test_case "E10 contig_range: ranges of any number of pages" contig_pages
test_case "E10 contig_range: ranges that others use are emptied, or it is told why not" contig_busy
test_case "E13 vmalloc: any number of pages" vmalloc_pages
test_case "E10 contig_range: ranges held are the machine's, and go back" contig_held
test_case "E10 contig_range: two workers at the same pageblocks" contig_beside

# ---- E11

test_case "E11 alloc_pages_nolock: blocks of every order from every context" door alloc_pages_nolock whole

# [OPTION=VALUE...]: one page after the other of node 1, or what comes instead
nolock()
{
	present alloc_pages_nolock
	sysctl_set vm/min_free_kbytes 32768
	set_opts entry=alloc_pages_nolock nid=1 count=30 release=at_end observe=explain "$@"
	call
	expect_eq "requests, bad blocks, lost records" \
		"$(summary requests bad_blocks lost_records)" "30 0 0"
	expect_all_records attempts=1 alloc_flags=0x400 stage=fast kswapd=0 pfmemalloc=0/none
	expect_eq "predictions that differ" "$(summary explain.differ)" 0
}

# Red if it keeps above the low mark, as the fast path of others does: they would go to node 0.
nolock_at_min()
{
	nolock squeeze=1:Normal:low-5%
	expect_all_records result=ok page_nid=1 reserve=none
}

# Red if it takes what min keeps for others, or enters the slow path.
nolock_below_min()
{
	nolock squeeze=1:Normal:70
	expect_all_records result=ok page_nid=0
}

# It has a mask of its own, whatever was asked. Red if the caller's gets through, or it is rejected
# for want of it.
nolock_mask()
{
	for gfp in GFP_KERNEL GFP_ATOMIC 'GFP_NOIO|__GFP_NORETRY' none; do
		nolock "gfp=$gfp"
		expect_eq "masks that reached the allocator" "$(values gfp_seen)" \
			'__GFP_ZERO|__GFP_NOWARN|__GFP_COMP|__GFP_NOMEMALLOC'
	done
}

# What it can't obey is refused, not dropped.
nolock_refuses()
{
	present alloc_pages_nolock
	for gfp in __GFP_DMA __GFP_DMA32 __GFP_MOVABLE __GFP_RECLAIMABLE __GFP_THISNODE __GFP_MEMALLOC; do
		set_opts entry=alloc_pages_nolock "gfp=GFP_NOWAIT|$gfp"
		expect_refused EINVAL call control '' "*can't take*"
	done
	set_opts entry=alloc_pages_nolock gfp=GFP_NOWAIT order=4
	expect_refused EINVAL call control '' "*orders 0 to 3*"
}

test_case "E11 alloc_pages_nolock: one attempt, at the min watermark" nolock_at_min
test_case "E11 alloc_pages_nolock: nothing of what min keeps, and no slow path" nolock_below_min
test_case "E11 alloc_pages_nolock: a mask of its own" nolock_mask
test_case "E11 alloc_pages_nolock: refuses what it can't obey" nolock_refuses

# ---- E12

fragments() { door page_frag one; }

# PATTERN: how many records have such a gfp_seen
records_with() { grep -c " gfp_seen=[^ ]*$1" "$JOB/records" || :; }

# BYTES ORDER: fragments that are held share pages: as many requests reach the allocator as it takes
# 32 KiB blocks. Red if the cache loses its page, or its count of references is off.
fragments_share()
{
	count=1024
	blocks=$((count * $1 / 32768))
	set_opts entry=page_frag "order=$2" count=$count release=at_end check=full
	call
	expect_sound $count
	expect_eq "pages behind a fragment" "$(values pages)" 1
	expect_eq "requests that reached the allocator" "$(records_with '__GFP_COMP.*')" $blocks
	expect_eq "requests served by what was left over" "$(records_with none)" $((count - blocks))
	expect_eq "sources of those" "$(grep -c ' stage=unknown source=none .* gfp_seen=none' "$JOB/records")" \
		$((count - blocks))
}

# All fragments are freed before the block is used up: it is used again. Red if a reference is lost
# or one too many: the block would be given up, or freed under us.
fragments_reuse()
{
	set_opts entry=page_frag order=2 count=1024 release=at_once check=full
	call
	expect_sound 1024
	expect_eq "requests that were served by what was left over" "$(records_with none)" 1023
}

# Red if the last fragment of a block does not free it, or the cache is not drained at the end.
fragments_held()
{
	expect_takes 1024 96 entry=page_frag order=5 count=2048 max_pages=100000
	for _context in task atomic softirq $HARDIRQ; do
		expect_takes 1024 96 entry=page_frag order=6 count=1024 gfp=GFP_ATOMIC "context=$_context" \
			max_pages=100000
	done
}

test_case "E12 page_frag: fragments of 64 bytes to 4 KiB from every context" fragments
test_case "E12 page_frag: 512 fragments of 64 bytes share a block" fragments_share 64 0
test_case "E12 page_frag: 64 fragments of 512 bytes share a block" fragments_share 512 3
test_case "E12 page_frag: a block whose fragments are free is used again" fragments_reuse
test_case "E12 page_frag: blocks go back with their last fragment, and the cache at the end" fragments_held

# ---- E13

# Red if large kmalloc() is no compound page, is not counted as slab, or kfree() frees another order.
kmalloc_counted()
{
	set_opts entry=kmalloc_large order=5 count=64 release=keep observe=none check=none
	fold_counters
	slab=$(vmstat nr_slab_unreclaimable)
	call
	fold_counters
	expect_near "pages of slab while held" $(($(vmstat nr_slab_unreclaimable) - slab)) 2048 128
	reset
	fold_counters
	expect_near "pages of slab when given back" $(($(vmstat nr_slab_unreclaimable) - slab)) 0 128
	expect_takes 2048 96
}

kmalloc_large()
{
	door kmalloc_large whole
	expect_eq "masks without __GFP_COMP" "$(values gfp_seen | tr ' ' '\n' | grep -vc __GFP_COMP)" 0
}

# The kernel's own list of areas: as many as are held, of as many pages, none left when given back.
vmalloc_listed()
{
	[ -r /proc/vmallocinfo ] || skip "no /proc/vmallocinfo"
	set_opts entry=vmalloc order=4 count=50 release=keep
	call
	expect_eq "areas of 16 pages while held" \
		"$(grep gfplab_vmalloc_alloc /proc/vmallocinfo | grep -c 'pages=16 ')" 50
	reset
	expect_eq "areas when given back" "$(grep -c gfplab_vmalloc_alloc /proc/vmallocinfo)" 0
}

# KASAN takes nine pages for each area's shadow.
vmalloc_held()
{
	slack=160
	[ -z "$WATCHED" ] || slack=700
	expect_takes 4096 $slack entry=vmalloc order=6 count=64
}

# Red if a page of the area is left as it was.
zeroed_client()
{
	set_opts "entry=$1" order=5 check=full count=40 release=at_end
	call
	expect_sound 40
	set_opts 'gfp=GFP_KERNEL|__GFP_ZERO' check=basic
	call
	expect_sound 40
	expect_all_records result=ok bad=none pages=32
}

# Areas of pages below 4 GiB, though no mask is taken: node 1 has none.
vmalloc_32()
{
	door vmalloc_32 whole
	expect_all_records result=ok zone=DMA32/DMA page_nid=0
	# No policy holds for a zone below those that policies rule: this one would have it from node 1.
	set_opts entry=vmalloc_32 gfp=GFP_KERNEL pages=77 order=0 count=5
	"$GFP_DIR/mempol" bind 1 "$GFP_DIR/write1" "$JOB/control" call > "$GFP_TMP/said" || fail "call: $(cat "$GFP_TMP/said")"
	expect_all_records result=ok pages=77 zone=DMA32/DMA page_nid=0
	set_opts entry=vmalloc
	"$GFP_DIR/mempol" bind 1 "$GFP_DIR/write1" "$JOB/control" call > "$GFP_TMP/said" || fail "call: $(cat "$GFP_TMP/said")"
	expect_all_records result=ok pages=77 zone=Normal page_nid=1
}

# Objects of every size from every context, each written and verified while others are held.
slab_objects()
{
	door kmalloc one
	set_opts entry=kmalloc gfp=GFP_KERNEL context=task order=6 count=300 hold=300 release=at_end check=basic
	call
	expect_sound 300
	# A cache that has objects left asks nobody; one that runs dry asks for a slab, and would rather fail
	# than wait for a large one.
	expect_some_record source=none stage=unknown order_seen=none gfp_seen=none
	expect_some_record stage=fast "order_seen>=1" source!=none
	records_where "order_seen>=1" > "$GFP_TMP/slabs"
	expect_eq "slabs asked for without NORETRY, NOWARN or COMP" \
		"$(grep -vc 'gfp_seen=[^ ]*__GFP_NOWARN|__GFP_NORETRY|__GFP_COMP' "$GFP_TMP/slabs")" 0
}

# With no block of the order that slab prefers, it takes the least that an object needs: a page. Red if the
# request fails, or if the first attempt waits or wakes kswapd.
slab_falls_back()
{
	set_opts entry=kmalloc gfp=GFP_KERNEL order=6 count=400 release=keep
	"$GFP_DIR/mempol" bind 1 "$GFP_DIR/write1" "$JOB/control" call > "$GFP_TMP/said" || fail "call: $(cat "$GFP_TMP/said")"
	expect_some_record "order_seen>=1"
	job fragmented
	set_opts entry=kmalloc gfp=GFP_KERNEL order=6 count=400 release=at_end fragment=1:Normal:1
	"$GFP_DIR/mempol" bind 1 "$GFP_DIR/write1" "$JOB/control" call > "$GFP_TMP/said" || fail "call: $(cat "$GFP_TMP/said")"
	expect_eq "free blocks of order 1 and more that were left" "$(summary fragment.left)" 0
	expect_some_record result=ok order_seen=0 page_nid=1 "attempts>=2" reclaims=0 compacts=0
	expect_eq failed "$(summary failed)" 0
}

test_case "E15 vmalloc_32: areas of every order, all of them below 4 GiB" vmalloc_32
test_case "E16 kmalloc: small objects from every context; a cache that runs dry asks for pages" slab_objects
test_case "E16 kmalloc: without a block of its order a slab is a single page" slab_falls_back
test_case "E13 kmalloc_large: blocks from every context" kmalloc_large
test_case "E13 kmalloc_large: counted as slab, and given back whole" kmalloc_counted
test_case "E13 kmalloc_large: __GFP_ZERO: frames that were dirty are zero" zeroed_client kmalloc_large
test_case "E13 vmalloc: areas of every order" door vmalloc whole
test_case "E13 vmalloc: the kernel lists the areas" vmalloc_listed
test_case "E13 vmalloc: areas held are the machine's, and go back" vmalloc_held
test_case "E13 vmalloc: __GFP_ZERO: frames that were dirty are zero" zeroed_client vmalloc

# ---- E14

# ENTRY: all that was taken is given back by this entry's way of freeing, for orders with and without
# per-cpu lists. Red if it frees another order: pages are lost, or freed twice.
freed()
{
	present "$1"
	case " $SHORT " in
	*" $1 "*) expect_takes 4096 128 "entry=$1" order=0 count=4096 ;;
	*)
		expect_takes 4096 128 "entry=$1" order=0 count=4096
		expect_takes 4096 96 "entry=$1" order=3 count=512
		expect_takes 4096 96 "entry=$1" order=6 count=64
		expect_takes 4096 96 "entry=$1" "order=$MAX_ORDER" count=$((4096 >> MAX_ORDER)) ;;
	esac
	for _context in atomic softirq $HARDIRQ; do
		case " $SHORT " in *" $1 "*) _order=0 ;; *) _order=5 ;; esac
		expect_takes 2048 96 "entry=$1" order=$_order count=$((2048 >> _order)) gfp=GFP_ATOMIC "context=$_context"
	done
}

# Red if split_page() leaves a page without a reference of its own, or compound.
split()
{
	door split_page whole
	expect_seen 'GFP_ATOMIC|__GFP_NOWARN'
}

compound()
{
	door put_page whole
	expect_seen 'GFP_ATOMIC|__GFP_NOWARN|__GFP_COMP'
}

test_case "E14 __free_pages: all of a block goes back" freed alloc_pages
test_case "E14 __free_page: pages go back" freed alloc_page
test_case "E14 free_pages: all of a block goes back" freed get_free_pages
test_case "E14 free_page: pages go back" freed get_zeroed_page
test_case "E14 put_page: compound blocks of every order from every context" compound
test_case "E14 put_page: all of a compound block goes back" freed put_page
test_case "E14 folio_put: all of a folio goes back" freed folio_alloc
test_case "E14 held_page: blocks of every order from every context" door held_page whole
test_case "E14 held_page: all but the page that is held goes back at once, that one later" freed held_page
test_case "E14 release_pages: single pages from every context, freed as lists" door release_pages whole nid=1
test_case "E14 release_pages: all pages go back" freed release_pages
test_case "E14 split_page: blocks of every order from every context" split
test_case "E14 split_page: all pages go back one by one" freed split_page

# The pair of calls alone; the rest is in pace.sh. Red if it asks for less than it says.
bare()
{
	set_opts entry=bare observe=none check=none order=2 count=5000
	fold_counters
	_before=$(awk '/^pgalloc_/ { n += $2 } END { print n }' /proc/vmstat)
	call
	fold_counters
	_after=$(awk '/^pgalloc_/ { n += $2 } END { print n }' /proc/vmstat)
	expect_eq "requests, ok" "$(summary requests ok)" "5000 5000"
	expect_near "pages that the kernel handed out" $((_after - _before)) 20000 1000
}

test_case "E bare asks as often as it says" bare

# ---- nobody is forgotten

# Every entry that help lists is one of those above.
all_listed()
{
	get help | awk '/^entries/ { here = 1; next } here && /^[^ ]/ { exit } here && /^  [a-z]/ { print $1 }' \
		> "$GFP_TMP/listed"
	expect_ge "entries that help lists" "$(wc -l < "$GFP_TMP/listed")" 17
	while read -r _entry; do
		grep -Eq "^(test_case|for entry in).*[ :]$_entry\\b" "$0" || fail "no case here for the entry $_entry"
	done < "$GFP_TMP/listed"
}

test_case "E-all every entry that help lists is tried here" all_listed

run_cases
