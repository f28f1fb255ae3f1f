#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: per-cpu lists, free lists, splitting, merging, stealing: by the counts (rows B)
# requires: nodes>=2 zone=1:Normal kprobes
# vm: fresh
# timeout: 120
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"
. "$(dirname "$0")/lib/freelists"

# ---- B1 per-cpu lists

# ORDER: what was just freed is handed out again, and the zone knows nothing of it. Red if the list
# is not used, or its pages are counted as free. The list may be drained in between, once in a while.
pcp_hit()
{
	kept_per_cpu "$1" || skip "the per-cpu lists of this kernel keep single pages alone"
	drain 1		# what others left there goes now, not while we count
	on_cpu0 "order=$1" count=1
	free=$(zone1 free)
	on_cpu0 "order=$1" count=200
	expect_all_records result=ok stage=fast source=pcp/refill attempts=1 steal=none page_nid=1
	# The list of a remote node may be drained in between: then the first one fills it again.
	expect_ge "requests from the per-cpu list" "$(count_where source=pcp)" 199
	expect_near "free pages of the zone" "$(zone1 free)" "$free" 128
}

# The last freed is the first out: one page serves all. Lists of a remote node are drained now and then.
pcp_one_page()
{
	on_cpu0 count=1
	free=$(zone1 free)
	on_cpu0 count=2000
	expect_ge source.pcp "$(summary source.pcp)" 1990
	expect_near "free pages of the zone" "$(zone1 free)" "$free" 128
}

test_case "B1 an order-0 page comes from the per-cpu list" pcp_hit 0
test_case "B1 an order-1 block comes from the per-cpu list" pcp_hit 1
test_case "B1 an order-3 block comes from the per-cpu list" pcp_hit 3
test_case "B1 2000 times the same page takes nothing from the zone" pcp_one_page

# ---- B2 refills

# Prints how many requests lie between each two refills.
gaps() { awk '/ source=refill / { if (last) print NR - last; last = NR }' "$JOB/records"; }

# ORDER: a refill takes batch >> order blocks, at least two, and then so many requests are served.
# Red if a refill takes another number, or if the list is not emptied before the next. A remote node's
# list is drained now and then: then the next refill comes early, never late.
refill_blocks()
{
	kept_per_cpu "$1" || skip "the per-cpu lists of this kernel keep single pages alone"
	drain 1
	batch=$(zone1 pcp_batch)
	[ "$batch" -gt 1 ] || skip "the per-cpu lists keep nothing: their batch is $batch"
	want=$((batch >> $1))
	[ $want -ge 2 ] || want=2
	on_cpu0 "order=$1" count=500 release=at_end
	expect_all_records result=ok stage=fast source=pcp/refill
	expect_ge "refills" "$(count_where source=refill)" 20
	gaps | sort -n > "$GFP_TMP/gaps"
	expect_eq "most requests from a refill to the next (order $1, batch $batch)" "$(tail -n 1 "$GFP_TMP/gaps")" $want
	expect_le "refills that came sooner than that" "$(grep -cvx $want "$GFP_TMP/gaps" || :)" 2
}

# Order 0: the same, but since 6.7 a batch doubles while nothing is freed: all gaps are batch times
# a power of two, and the last one is what the list's limit leaves.
refill_pages()
{
	drain 1
	batch=$(zone1 pcp_batch)
	[ "$batch" -gt 1 ] || skip "the per-cpu lists keep nothing: their batch is $batch"
	on_cpu0 count=4000 release=at_end
	expect_all_records result=ok stage=fast source=pcp/refill
	expect_ge "refills" "$(count_where source=refill)" 3
	gaps | awk -v batch="$batch" '
		$1 == batch || $1 == last || $1 == 2 * last || $1 == 32 * batch { last = $1; next }
		{ for (n = batch; n < $1; n *= 2) ; if (n != $1) print "gap " NR ": " $1; last = $1 }' \
		> "$GFP_TMP/odd"
	expect_le "gaps that are no doubling of the batch $batch: $(head -n 3 "$GFP_TMP/odd" | tr '\n' ' ')" \
		"$(wc -l < "$GFP_TMP/odd")" 1
}

# ORDER COUNT: what refills take leaves the zone's free pages; requests served from the list take
# nothing. Red if NR_FREE_PAGES is not lowered by a refill, or lowered by what is handed out.
refill_accounting()
{
	on_cpu0 "order=$1" count=1 release=at_end
	before=$(free_or_listed 1 Normal)
	on_cpu0 "order=$1" "count=$2" hold="$2" release=keep
	held=$(status held_pages)
	expect_eq "pages held" "$held" $(($2 << $1))
	expect_near "free pages + pages in per-cpu lists" "$(free_or_listed 1 Normal)" $((before - held)) 40
}

test_case "B2 a refill brings a batch of pages" refill_pages
test_case "B2 a refill brings half a batch of order-1 blocks" refill_blocks 1
test_case "B2 a refill brings a quarter of a batch of order-2 blocks" refill_blocks 2
test_case "B2 a refill brings two order-3 blocks" refill_blocks 3
test_case "B2 N5 pages held are missing from the zone and its per-cpu lists" refill_accounting 0 3000
test_case "B2 N5 order-2 blocks held are missing from the zone and its per-cpu lists" refill_accounting 2 700

# ---- B3 the free lists

# ORDER COUNT: straight from the free lists, and free pages fall at once by what was taken.
# Red if orders over 3 go through per-cpu lists, or NR_FREE_PAGES falls by another number.
from_buddy()
{
	quiet
	free=$(zone1 free)
	on_cpu0 "order=$1" "count=$2" hold="$2" release=keep
	expect_all_records result=ok stage=fast source=buddy attempts=1 page_nid=1
	expect_near "free pages of the zone" "$(zone1 free)" $((free - ($2 << $1))) 16
	reset
	fold_counters
	expect_near "free pages of the zone after they were freed" "$(zone1 free)" "$free" 16
}

test_case "B3 N5 order 4 comes from the free lists" from_buddy 4 300
test_case "B3 N5 order 6 comes from the free lists" from_buddy 6 100
test_case "B3 N5 order 10 comes from the free lists" from_buddy 10 12

# ---- B4 split, B5 merge: the free lists block by block

# TYPE ORDER N: what its counts must be after N blocks of ORDER were taken: the smallest block that
# is large enough goes, and of a larger one a half of each order stays.
expand()
{
	type_counts 1 Normal "$1" | awk -v order="$2" -v n="$3" '{
		while (n--) {
			for (k = order + 1; k <= NF && !$k; k++)
				;
			if (k > NF)
				exit
			$k--
			while (--k > order)
				$k++
		}
		print
	}'
}

# ORDER N: red if a larger block is taken than needed, a half is lost, put in a wrong list, or of
# a wrong order, or if nr_free of an order is wrong.
split()
{
	quiet
	want=$(expand Movable "$1" "$2")
	[ -n "$want" ] || skip "not enough free memory"
	others="$(large "$(type_counts 1 Normal Unmovable)") | $(large "$(type_counts 1 Normal Reclaimable)")"
	on_cpu0 gfp=$MOVABLE "order=$1" "count=$2" hold="$2" release=keep
	expect_all_records result=ok source=buddy steal=none
	expect_eq "movable free blocks of orders 4 and up after $2 of order $1" \
		"$(large "$(type_counts 1 Normal Movable)")" "$(large "$want")"
	expect_eq "unmovable and reclaimable free blocks of orders 4 and up" \
		"$(large "$(type_counts 1 Normal Unmovable)") | $(large "$(type_counts 1 Normal Reclaimable)")" "$others"
}

# The blocks in the free lists are the zone's free pages, before, in between and after.
# Red if a count of an order does not follow its list, or NR_FREE_PAGES does not.
lists_make_free()
{
	quiet
	on_cpu0 order=4,6,10 count=60 hold=60 release=keep max_pages=60000
	expect_near "free pages of the zone" "$(zone1 free)" "$(buddy_pages)" 16
	reset
	fold_counters
	expect_near "free pages of the zone after they were freed" "$(zone1 free)" "$(buddy_pages)" 16
}
buddy_pages() { counted_pages "$(buddy_counts 1 Normal)"; }

# ORDER RELEASE: red if a freed block does not find its buddy, merges with another's, or stops
# before the largest order. Freed in any order, the lists are what they were.
merge()
{
	quiet
	before=$(large "$(type_counts 1 Normal Movable)")
	on_cpu0 gfp=$MOVABLE "order=$1" count=1000 hold=200 "release=$2" max_pages=60000
	expect_eq "movable free blocks of orders 4 and up" "$(large "$(type_counts 1 Normal Movable)")" "$before"
	expect_near "free pages of the zone" "$(zone1 free)" "$(buddy_pages)" 16
}

test_case "B4 order 4 splits the smallest block that is large enough, 1 time" split 4 1
test_case "B4 order 4 splits the smallest block that is large enough, 333 times" split 4 333
test_case "B4 order 7 splits the smallest block that is large enough, 77 times" split 7 77
test_case "B4 order 8 splits the smallest block that is large enough, 5 times" split 8 5
test_case "B4 N5 the blocks in the free lists are the zone's free pages" lists_make_free
test_case "B5 blocks freed oldest first merge to what they were split from" merge 4 fifo
test_case "B5 blocks freed at random merge to what they were split from" merge 4 random
test_case "B5 blocks of several orders freed at random merge" merge 4-8 random

# ---- B6 another migratetype's blocks

# Of the largest order, a type first has its own blocks, then unmovable ones, then movable ones, and
# their pageblocks change hands. Red if nothing is stolen, the order of the types is another, the
# pageblocks keep their type, or the extfrag event is silent.
steal_largest()
{
	quiet
	own=$(largest "$(type_counts 1 Normal Reclaimable)") first=$(largest "$(type_counts 1 Normal Unmovable)")
	blocks=$(type_pageblocks 1 Normal Reclaimable) movable=$(type_pageblocks 1 Normal Movable)
	count=$((own + first + 3))
	on_cpu0 "gfp=$RECLAIMABLE" order=10 count=$count release=keep max_pages=$((count * 1024))
	expect_all_records result=ok stage=fast source=buddy migratetype=reclaimable
	expect_eq "steals, in their order" \
		"$(sed 's/.* steal=\([^ ]*\).*/\1/' "$JOB/records" | uniq -c | tr -s ' ' | tr -d '\n')" \
		"$({ steals "$own" none; steals "$first" 'reclaimable<unmovable'; steals 3 'reclaimable<movable'; })"
	expect_eq "reclaimable pageblocks" "$(type_pageblocks 1 Normal Reclaimable)" $((blocks + 2 * (first + 3)))
	expect_eq "movable pageblocks" "$(type_pageblocks 1 Normal Movable)" $((movable - 6))
}
steals() { [ "$1" = 0 ] || printf ' %s %s' "$1" "$2"; }

# Of its own type nothing is left that is large enough, of the other there are blocks of every order:
# the largest is taken, all of it becomes reclaimable, and the rest of it stays in that type's
# lists. Red if the smallest is taken, or the rest goes back to the other type.
steal_largest_first()
{
	quiet
	# Splits a large block of either type, if there is no small one.
	job unmovable
	on_cpu0 "gfp=$UNMOVABLE" order=4 count=1 ring=16 release=keep
	job movable
	on_cpu0 "gfp=$MOVABLE" order=4 count=1 ring=16 release=keep
	without_own
	donor=Movable
	[ "$(largest "$(type_counts 1 Normal Unmovable)")" -eq 0 ] || donor=Unmovable
	before=$(large "$(type_counts 1 Normal $donor)")
	[ "$(counted_pages "${before% *}")" -gt 0 ] || skip "no smaller block is free"
	job last
	on_cpu0 "gfp=$RECLAIMABLE" order=4 count=1 ring=16 release=keep
	expect_record result=ok source=buddy "steal=reclaimable<$(echo $donor | tr UM um)" migratetype=reclaimable
	expect_eq "$donor free blocks of orders 4 and up: one less of the largest" \
		"$(large "$(type_counts 1 Normal $donor)")" "${before% *} $((${before##* } - 1))"
	expect_eq "reclaimable free blocks of orders 4 to 10: what is left of it" \
		"$(large "$(type_counts 1 Normal Reclaimable)")" "1 1 1 1 1 1 0"
}

# Where a type has blocks of its own, none is stolen.
steal_nothing()
{
	on_cpu0 gfp=$MOVABLE order=4-8 count=40 hold=40 release=fifo
	expect_all_records result=ok steal=none migratetype=movable
}

test_case "B6 a type without large blocks takes another's, pageblocks and all" steal_largest
test_case "B6 the largest block of another type is taken, and what is left of it" steal_largest_first
test_case "B6 a type that has blocks takes its own" steal_nothing

run_cases
