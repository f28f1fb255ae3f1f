#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: the machine's books: what each entry takes is missing, counted, and comes back (row N5)
# suite: full
# requires: nodes>=2 zone=0:DMA32 zone=1:Normal
# vm: numa
# timeout: 180
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"

MAX_ORDER=$(awk '{ print NF - 5; exit }' /proc/buddyinfo)

# ---- the books, read by the shell alone: a process that is made for it would be in them

COUNTERS='free nr_free buddy pgfree pgalloc_dma pgalloc_dma32 pgalloc_normal hit0 miss0 foreign0 local0 other0
	hit1 miss1 foreign1 local1 other1'

numa_read()
{
	while read -r _key _value; do
		case $_key in
		numa_hit) eval "hit$1=$_value" ;;
		numa_miss) eval "miss$1=$_value" ;;
		numa_foreign) eval "foreign$1=$_value" ;;
		local_node) eval "local$1=$_value" ;;
		other_node) eval "other$1=$_value" ;;
		esac
	done < "/sys/devices/system/node/node$1/numastat"
}

# free: pages in free lists and per-cpu lists. buddy: by the counts of blocks. nr_free: as counted.
snap()
{
	free=0 buddy=0
	echo 1 > /proc/sys/vm/stat_refresh
	while read -r _key _value; do
		case $_key in
		nr_free_pages) nr_free=$_value ;;
		pgfree) pgfree=$_value; break ;;	# comes after the others
		pgalloc_dma) pgalloc_dma=$_value ;;
		pgalloc_dma32) pgalloc_dma32=$_value ;;
		pgalloc_normal) pgalloc_normal=$_value ;;
		esac
	done < /proc/vmstat
	while read -r _ _ _ _ _counts; do
		_size=1
		for _n in $_counts; do
			buddy=$((buddy + _n * _size))
			_size=$((_size * 2))
		done
	done < /proc/buddyinfo
	while read -r _word _value _rest; do
		case $_word in
		pages) [ "$_value" != free ] || free=$((free + _rest)) ;;
		count:) free=$((free + _value)) ;;
		esac
	done < /proc/zoneinfo
	numa_read 0
	numa_read 1
}

# NAME: what has changed since `keep_as NAME`, of every counter: in d_COUNTER
keep_as() { for _c in $COUNTERS; do eval "$1_$_c=\$$_c"; done; }
since() { for _c in $COUNTERS; do eval "d_$_c=\$(($_c - $1_$_c))"; done; }

# COUNTER WANT TOLERANCE...: of d_COUNTER
expect_books()
{
	_when=$1
	shift
	while [ $# -gt 0 ]; do
		eval "expect_near \"\$1 \$_when\" \"\$d_$1\" \"\$2\" \"\$3\""
		shift 3
	done
}

# A call that keeps its blocks, and a reset; after a first one that fills the caches of whoever
# needs some. Leaves what changed while held in h_COUNTER, and in all in d_COUNTER.
take_and_give()
{
	set_opts release=keep observe=none check=none max_pages=100000 "$@"
	echo call > "$JOB/control"
	echo reset > "$JOB/control"
	snap
	keep_as before
	echo call > "$JOB/control"
	snap
	since before
	for _c in $COUNTERS; do eval "h_$_c=\$d_$_c"; done
	while read -r _key _ok; do
		[ "$_key" != ok ] || break
	done < "$JOB/summary"
	keep_as held
	echo reset > "$JOB/control"
	snap
	since held
	for _c in $COUNTERS; do eval "r_$_c=\$d_$_c"; done
	since before
	expect_eq "requests that were served" "$_ok" "$(opt count)"
}

# What reading the books costs in pages, and what a pool of blocks takes
SLACK=128
OWN=$SLACK	# what the test itself takes from node 0 in a longer time
SPLIT=3072	# what lies in blocks that whoever else runs meanwhile has split
[ -z "$WATCHED" ] || SLACK=768 OWN=4096 SPLIT=8192

# PAGES ALLOCATED HITS FREED NODE ZONE OPTION=VALUE...: PAGES are missing while held; ALLOCATED were
# counted as they came, in HITS requests; FREED of them when they were given back. All of it of this
# node and zone. Red if a counter forgets, counts blocks for pages, another zone or another node, or
# if pages are lost.
books()
{
	pages=$1 allocated=$2 hits=$3 freed=$4 nid=$5 zone=$6
	shift 6
	case $* in *contig_range*)
		case $(get help | grep -A 1 '^  contig_range ') in *absent:*) skip "no contig_range" ;; esac ;;
	*context=hardirq*)
		require_context hardirq ;;
	esac
	take_and_give "$@"
	for _c in $COUNTERS; do eval "d_all_$_c=\$d_$_c; d_$_c=\$h_$_c"; done
	expect_books "while held" free -$pages $SLACK
	for _zone in dma dma32 normal; do
		_want=0
		[ $_zone != $zone ] || _want=$allocated
		expect_books "while held" pgalloc_$_zone $_want $SLACK
	done
	for _nid in 0 1; do
		_want=0
		[ $_nid != $nid ] || _want=$hits
		expect_books "while held" hit$_nid $_want $SLACK miss$_nid 0 4 foreign$_nid 0 4
	done
	# The CPUs are on node 0.
	if [ $nid = 0 ]; then
		expect_books "while held" local0 $hits $SLACK other0 0 4 local1 0 4 other1 0 $SLACK
	else
		expect_books "while held" local0 0 $SLACK other0 0 4 local1 0 4 other1 $hits $SLACK
	fi
	for _c in $COUNTERS; do eval "d_$_c=\$r_$_c"; done
	expect_books "when given back" free $pages $SLACK pgfree "$freed" $SLACK pgalloc_$zone 0 $SLACK \
		hit$nid 0 $SLACK
	for _c in $COUNTERS; do eval "d_$_c=\$d_all_$_c"; done
	expect_books "in the end" free 0 $SLACK
	expect_lists
}

# The counts of the free lists are those of the zones. They are read one after the other, while CPUs
# keep a part of what they counted to themselves: once in a few times they agree.
expect_lists()
{
	for _try in 1 2 3 4 5 6 7 8; do
		[ $((buddy - nr_free)) -gt $SLACK ] || [ $((nr_free - buddy)) -gt $SLACK ] || return 0
		snap
	done
	fail "free pages" "  by the blocks of the free lists: $buddy" "  as counted: $nr_free"
}

# NODE ZONE OPTION=VALUE...: blocks with per-cpu lists and without
books_of_orders()
{
	nid=$1 zone=$2
	shift 2
	for how in "0 2048" "2 512" "4 128" "8 8"; do
		order=${how% *} count=${how#* }
		books 2048 2048 "$count" 2048 "$nid" "$zone" "$@" "order=$order" "count=$count"
	done
}

for entry in alloc_pages_node alloc_pages_nodemask; do
	test_case "N5 $entry: pages and blocks are in the books" books_of_orders 1 normal entry=$entry nid=1
done
for entry in alloc_pages get_free_pages put_page folio_alloc held_page split_page; do
	test_case "N5 $entry: pages and blocks are in the books" books_of_orders 0 dma32 entry=$entry
done
for entry in alloc_page get_zeroed_page; do
	test_case "N5 $entry is in the books" books 2048 2048 2048 2048 0 dma32 entry=$entry count=2048
done
for context in atomic softirq hardirq; do
	test_case "N5 blocks for context $context are in the books" \
		books 2048 2048 512 2048 1 normal entry=alloc_pages_node nid=1 order=2 count=512 gfp=GFP_ATOMIC context=$context
done
test_case "N5 get_dma_pages: order 0 is in the books" books 1500 1500 1500 1500 0 dma entry=get_dma_pages count=1500
test_case "N5 get_dma_pages: order 5 is in the books" books 1920 1920 60 1920 0 dma entry=get_dma_pages order=5 count=60
# The tail is freed at once: of 16 pages 4.
test_case "N5 alloc_pages_exact: 3/4 of order 4 are in the books" \
	books 1536 2048 128 1536 0 dma32 entry=alloc_pages_exact order=4 count=128
test_case "N5 alloc_pages_exact: 3/4 of order 2 are in the books" \
	books 1536 2048 512 1536 0 dma32 entry=alloc_pages_exact order=2 count=512
# A bulk counts its pages, not its calls.
test_case "N5 bulk: 8 pages at a time are in the books" \
	books 2048 2048 2048 2048 1 normal entry=bulk nid=1 order=3 count=256
test_case "N5 bulk: 128 pages at a time are in the books" \
	books 2048 2048 2048 2048 0 dma32 entry=bulk nid=0 order=7 count=16
test_case "N5 bulk: one page at a time is in the books" \
	books 2048 2048 2048 2048 1 normal entry=bulk nid=1 order=0 count=2048
test_case "N5 bulk_list: 16 pages at a time are in the books" \
	books 2048 2048 2048 2048 1 normal entry=bulk_list nid=1 order=4 count=128
test_case "N5 bulk_refill: 64 pages in two calls are in the books" \
	books 2048 2048 2048 2048 1 normal entry=bulk_refill nid=1 order=6 count=32
# 8 fragments of 4 KiB a block of order 3
test_case "N5 page_frag: blocks of fragments are in the books" \
	books 1024 1024 128 1024 0 dma32 entry=page_frag order=6 count=1024 max_pages=100000
test_case "N5 kmalloc_large is in the books" \
	books 2048 2048 256 2048 0 dma32 entry=kmalloc_large order=3 count=256
# It asks for pages, or for a block of 32 first. KASAN takes pages for each area's shadow.
vmalloc_books()
{
	[ -z "$WATCHED" ] || SLACK=1024
	hits=2048
	! has vmalloc_large_blocks || hits=64
	books 2048 2048 $hits 2048 0 dma32 entry=vmalloc order=5 count=64
}
test_case "N5 vmalloc is in the books" vmalloc_books
# Ranges are cut out of the free lists, which is no allocation, but freed as pages.
test_case "N5 contig_range is in the books" \
	books 2048 0 0 2048 1 normal entry=contig_range nid=1 order=5 count=64

# ---- a page that another node should have given

# Preferred is node 1, which is short: a miss of node 0, foreign to node 1, and local. Red if hit,
# miss and foreign are mixed up.
missed()
{
	sysctl_set vm/min_free_kbytes 32768
	set_opts entry=alloc_pages_node nid=1 'gfp=GFP_KERNEL|__GFP_NOWARN' squeeze=1:Normal:105 observe=none \
		release=at_end "order=$1" count=600
	snap
	keep_as before
	echo call > "$JOB/control"
	snap
	since before
	expect_eq "requests that were served" "$(summary ok)" 600
	expect_books "after 600 misses" miss0 600 8 foreign1 600 8 miss1 0 4 foreign0 0 4 local0 600 $OWN hit0 0 $OWN
}

# Red if zone_statistics() counts though vm.numa_stat is off, or does not where it is on again.
not_counted()
{
	sysctl_set vm/numa_stat 0
	take_and_give entry=alloc_pages_node nid=1 count=500
	expect_books "with vm.numa_stat=0" hit1 0 0 local1 0 0 other1 0 0 hit0 0 0
	expect_books "with vm.numa_stat=0" pgalloc_normal 500 64
	sysctl_set vm/numa_stat 1
	take_and_give entry=alloc_pages_node nid=1 count=500
	expect_books "with vm.numa_stat=1" hit1 500 8
}

test_case "N5 pages of the next node are misses, and foreign to the one that was asked" missed 0
test_case "N5 blocks of the next node are misses, and foreign to the one that was asked" missed 4
test_case "N5 vm.numa_stat=0: no node counts hits" not_counted

# ---- blocks come back as large as they were

# NID ZONE: free pages in blocks of the two largest orders
large()
{
	counted_pages "$(buddy_counts "$1" "$2" | awk '{ for (i = 1; i < NF - 1; i++) $i = 0; print }')"
}

# NID ZONE OPTION=VALUE...: taken and given back in disorder, the free lists are what they were, once
# the per-cpu lists are empty. Red if blocks freed do not merge, or with the wrong buddy.
merged()
{
	case $(get help | grep -A 1 '^  contig_range ') in *absent:*) skip "no way to empty the per-cpu lists" ;; esac
	nid=$1 zone=$2
	shift 2
	set_opts observe=none check=full release=random "$@"
	call
	drain $nid
	expect_le "pages in per-cpu lists" "$(pcp_pages $nid $zone)" 512
	before=$(large $nid $zone) free=$(zone_free $nid $zone)
	call
	expect_eq "requests that were served, bad blocks" "$(summary ok bad_blocks)" "$(opt count) 0"
	drain $nid
	expect_near "free pages" "$(zone_free $nid $zone)" "$free" 600
	expect_near "free pages in blocks of the largest orders" "$(large $nid $zone)" "$before" $SPLIT
}

for entry in alloc_pages_node alloc_pages_nodemask bulk bulk_list; do
	test_case "B5 $entry: blocks given back merge again" \
		merged 1 Normal entry=$entry nid=1 order=0-4 count=3000 hold=2000
done
for entry in alloc_pages get_free_pages put_page folio_alloc held_page split_page alloc_pages_exact; do
	test_case "B5 $entry: blocks given back merge again" merged 0 DMA32 entry=$entry order=0-4 count=3000 hold=2000
done
test_case "B5 kmalloc_large: blocks given back merge again" \
	merged 0 DMA32 entry=kmalloc_large order=2-4 count=1500 hold=1000
test_case "B5 vmalloc: pages given back merge again" merged 0 DMA32 entry=vmalloc order=0-5 count=1500 hold=800
test_case "B5 page_frag: blocks given back merge again" \
	merged 0 DMA32 entry=page_frag order=0-6 count=6000 hold=3000 max_pages=300000
test_case "B5 split_page: the largest blocks, freed page by page, merge again" \
	merged 0 DMA32 entry=split_page order="$MAX_ORDER" count=30 hold=15
test_case "B5 contig_range: ranges given back merge again" \
	merged 1 Normal entry=contig_range nid=1 order=0-6 count=120 hold=60

run_cases
