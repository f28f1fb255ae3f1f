#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: what a free does: this CPU's list, a batch from there, the free lists, merged; and what is split (rows B)
# requires: nodes>=2 zone=1:Normal kprobes
# vm: freed
# timeout: 180
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"
. "$(dirname "$0")/lib/freelists"
. "$(dirname "$0")/lib/judged_rows"

# ---- the rules on made-up lists

judge free_test
test_case "B9-rules free_test.c judges all its rows" rows_complete 50
for group in $(groups); do
	test_case "B9-rules-$group frees of the rows $group-*" rows_right "$group"
done

# [OPTION=VALUE...]: as on_cpu0, each free recorded and predicted
freeing() { on_cpu0 frees=1 observe=explain "$@"; }

# [DIFFERENCES]: what was predicted came true, but for so many: a list may be drained at any moment
expect_predicted()
{
	expect_ge "predictions that came true" "$(summary explain.agree)" 1
	sed -n 's/.* order=\([0-9]*\) .* result=freed .* predicted=\([^ ]*\) .* freed=\([^ ]*\) merged=\([^ ]*\) .* drained=\([0-9]*\).*/order \1: predicted \2, actual \3 merged \4 drained \5/p' \
		"$JOB/records" | awk '
		{ split($4, p, "/"); sub(/,$/, "", p[1]); sub(/,$/, "", p[2]) }
		p[1] != $6 { print }' | head -n 3 > "$GFP_TMP/record"
	expect_le "predictions that did not" "$(summary explain.differ)" "${1:-2}"
	: > "$GFP_TMP/record"
}

# CONDITION...: of the frees alone
expect_frees()
{
	sed -i '/ result=freed /!d' "$GFP_TMP/frees"
	awk -v where="$*" "$GFP_WHERE wrong != \"\" { print; exit }" "$GFP_TMP/frees" > "$GFP_TMP/record"
	[ ! -s "$GFP_TMP/record" ] || fail "every free: expected $*"
	[ -s "$GFP_TMP/frees" ] || fail "no free is recorded"
}

# ---- B9 per-cpu lists

# One record a request and one a free, in the order of time; nothing of a free without frees=1.
recorded()
{
	freeing count=50 hold=10 release=fifo
	expect_eq "requests, frees" "$(summary requests freed)" "50 50"
	expect_eq "records" "$(wc -l < "$JOB/records")" 100
	expect_eq "records out of order" "$(sed 's/.* ts_ns=\([0-9]*\) .*/\1/' "$JOB/records" | sort -nc 2>&1)" ""
	cp "$JOB/records" "$GFP_TMP/frees"
	expect_frees entry=alloc_pages_node order=0 pages=1 page_nid=1 zone=Normal freed=pcp/batch order_seen=0 \
		batched=0 stage=unknown "$(took latency_ns)"
	set_opts frees=0
	on_cpu0 count=50
	expect_eq "requests, frees" "$(summary requests freed)" "50 0"
	expect_all_records result=ok freed=none merged=none batched=unknown drained=unknown
}

# ORDER: what is freed stays in this CPU's list, and is the next to come out. Red if it goes to the free lists,
# or to the other end of the list.
to_list()
{
	kept_per_cpu "$1" || skip "the per-cpu lists of this kernel keep single pages alone"
	drain 1
	freeing "order=$1" count=20
	cp "$JOB/records" "$GFP_TMP/frees"
	expect_frees result=freed freed=pcp merged=none drained=0 "order_seen=$1" predicted!=none
	expect_ge "requests that got what was freed last" "$(count_where result=ok step=same)" 18
	expect_predicted 0
}

# FRACTION: a list never holds more than its high mark, this part of the zone: the page that reaches it takes a batch
# to the free lists. Red if none goes, if another number does, or if it goes early. Batches double up to 32 times
# the first: a low mark ends it sooner, so that a batch stays.
to_high()
{
	drain 1
	sysctl_set vm/percpu_pagelist_high_fraction "$1"
	high=$(zone1 pcp_high) batch=$(zone1 pcp_batch)
	[ "$batch" -gt 1 ] && [ "$high" -gt $((4 * batch)) ] || skip "the per-cpu lists keep nothing: high $high, batch $batch"
	freeing "count=$((3 * high))" "hold=$((3 * high))" release=at_end
	cp "$JOB/records" "$GFP_TMP/frees"
	expect_frees freed=pcp/batch order_seen=0
	grep ' freed=batch ' "$GFP_TMP/frees" > "$GFP_TMP/batches" || fail "no batch went back, with 3 x $high pages freed"
	# The first one goes when the list is full, and no sooner.
	expect_le "pages freed before the first batch" "$(grep -n -m 1 ' freed=batch ' "$GFP_TMP/frees" | cut -d: -f1)" "$high"
	awk -v batch="$batch" -v high="$high" '{
		for (i = 1; i <= NF; i++)
			if (index($i, "drained=") == 1) n = substr($i, 9) + 0
		if (n < batch || n > batch * 32 || n > high - batch) { print; exit }
	}' "$GFP_TMP/batches" > "$GFP_TMP/record"
	[ ! -s "$GFP_TMP/record" ] ||
		fail "a batch that is smaller than $batch pages, larger than 32 of them, or leaves less than $batch of $high pages"
	# What is freed is in the list, or has left it: count, batches and pages add up.
	drained=$(awk '{ for (i = 1; i <= NF; i++) if (index($i, "drained=") == 1) n += substr($i, 9) } END { print n }' "$GFP_TMP/batches")
	left=$((3 * high - drained))
	expect_le "pages that stayed in the list" "$left" "$high"
	expect_predicted
}

# What /proc/zoneinfo shows of CPU 0, and what explain and environment say: count, high, batch.
lists_told()
{
	drain 1
	on_cpu0 count=200 release=at_end
	for _try in 1 2 3 4 5; do
		set_opts entry=alloc_pages_node nid=1 order=0
		taskset 1 cat "$JOB/explain" > "$GFP_TMP/explained"
		said=$(sed -n 's/^  1:Normal .* pcp=\([0-9/]*\) .*/\1/p' "$GFP_TMP/explained")
		# high_max is what "high" was before 6.7
		shown=$(awk '
			$1 == "Node" { here = ($2 == "1," && $4 == "Normal") }
			here && $1 == "cpu:" { cpu = $2 }
			here && cpu == 0 && $1 == "count:" { count = $2 }
			here && cpu == 0 && $1 == "high:" { high = $2 }
			here && cpu == 0 && $1 == "high_max:" { high = $2 }
			here && cpu == 0 && $1 == "batch:" { batch = $2 }
			here && cpu == 0 && $1 == "vm" { print count "/" high "/" batch; exit }' /proc/zoneinfo)
		# Since 6.7 "high" moves below what is told, and not all of these show high_max.
		if ! grep -q high_max: /proc/zoneinfo; then
			high=${said#*/} moved=${shown#*/}
			[ "${moved%/*}" -gt "${high%/*}" ] || shown=${shown%%/*}/${high%/*}/${shown##*/}
		fi
		[ "$said" != "$shown" ] || break
	done
	expect_eq "pcp=count/high/batch" "$said" "$shown"
	expect_ge "pages in the list" "${said%%/*}" 1
}

# Free lists by type: those of which /proc/pagetypeinfo counts a block.
types_told()
{
	for _try in 1 2 3 4 5; do
		set_opts entry=alloc_pages_node nid=1 order=0
		said=$(get explain | sed -n 's/^  1:Normal .* lists=\([^ ]*\) .*/\1/p')
		shown=$(awk '
			$2 == "1," && $4 == "Normal," && $5 == "type" && $6 ~ /^(Unmovable|Movable|Reclaimable|HighAtomic|CMA|Isolate)$/ {
				letter = $6 == "Reclaimable" ? "E" : substr($6, 1, 1)
				for (i = 7; i <= NF; i++) {
					n[i] += $i
					if ($i != 0)
						types[i] = types[i] letter
				}
				last = NF
			}
			END { for (i = 7; i <= last; i++) printf("%s%d%s", i > 7 ? "/" : "", n[i], types[i]) }' /proc/pagetypeinfo)
		[ "$said" != "$shown" ] || break
	done
	expect_eq "free blocks by order, with their types" "$said" "$shown"
}

test_case "B9 a free is a record of its own with frees=1" recorded
test_case "B9 a page goes to this CPU's list" to_list 0
test_case "B9 an order-1 block goes to this CPU's list" to_list 1
test_case "B9 an order-3 block goes to this CPU's list" to_list 3
test_case "B9 a list above its high mark gives a batch back" to_high 64
test_case "B9 a batch that would empty the list leaves one in it" to_high 200
test_case "B9 explain and environment tell count, high and batch as /proc/zoneinfo does" lists_told
test_case "B9 explain tells free lists by type as /proc/pagetypeinfo does" types_told

# Orders 0 to 3 and of huge pages at once: lists of one CPU share one count, and a batch takes from list
# after list, that of the block first. Red if a list is passed over, or more goes back than is due.
mixed()
{
	has pcp_small_orders || skip "the per-cpu lists of this kernel keep single pages alone"
	drain 1
	sysctl_set vm/percpu_pagelist_high_fraction 64
	freeing "order=0-3" count=3000 hold=3000 release=at_end seed="$1"
	cp "$JOB/records" "$GFP_TMP/frees"
	expect_frees freed=pcp/batch
	grep -q ' freed=batch ' "$GFP_TMP/frees" || fail "no batch went back"
	expect_predicted
	# What is still in the lists, and what left them, is what was freed.
	drain 1
	expect_le "pages in lists when they are drained" "$(pcp_pages 1 Normal)" 4
	expect_near "free pages of the zone" "$(zone1 free)" "$(counted_pages "$(buddy_counts 1 Normal)")" 16
}

# A list of huge pages has blocks larger than a batch.
huge_list()
{
	kept_per_cpu 9 || skip "no list for huge pages"
	drain 1
	sysctl_set vm/percpu_pagelist_high_fraction 64
	freeing "gfp=$MOVABLE" order=9 count=8 hold=8 release=at_end max_pages=9000
	cp "$JOB/records" "$GFP_TMP/frees"
	expect_frees freed=pcp/batch order_seen=9
	grep -q ' freed=batch ' "$GFP_TMP/frees" || fail "no batch went back"
	expect_predicted
}

# Pages in CPU 0's lists of node 1
listed()
{
	set_opts entry=alloc_pages_node nid=1 order=0
	taskset 1 cat "$JOB/explain" | sed -n 's/^  1:Normal .* pcp=\([0-9]*\)\/.*/\1/p'
}

# JOB...: frees what they keep, on CPU 0
reset_on_cpu0()
{
	for _name; do
		taskset 1 "$GFP_DIR/write1" "$GFP/jobs/$_name/control" reset > "$GFP_TMP/said" || fail "$(cat "$GFP_TMP/said")"
	done
}

# OPTION=VALUE...: as on_cpu0, but counters are not folded
quietly_on_cpu0()
{
	set_opts entry=alloc_pages_node nid=1 cpus=0 "gfp=$UNMOVABLE" "$@"
	start
	wait_idle
	expect_eq "how the run ended" "$(status aborted)" none
}

# Two huge pages on the list, no block of order 1, of which one is left to be freed, and single pages; sets `missing`:
# how many more make it full but for one
nearly_full()
{
	job one
	quietly_on_cpu0 order=1 count=1 release=keep observe=none
	job others
	quietly_on_cpu0 "gfp=$UNMOVABLE" order=1 count=$(((batch >> 1) - 1)) release=keep observe=none
	# Two huge pages come and go; single pages until one more is too much.
	job huge
	quietly_on_cpu0 "gfp=$MOVABLE" order=9 count=1 observe=none
	for _bit in 1 2 4 8 16 32 64 128 256; do
		job "bit$_bit"
		quietly_on_cpu0 order=0 "count=$_bit" release=keep observe=none
	done
	job one
	missing=$((high - 1 - $(listed)))
}

# The list of the block that makes it too much is emptied first, then those that follow, up to huge pages,
# and only then those from the beginning. Two pages of order 1 and a huge page are more than a batch: so no
# single page goes. Red if a list is passed over that is not empty.
round_robin()
{
	has pcp_small_orders || skip "the per-cpu lists of this kernel keep single pages alone"
	kept_per_cpu 9 || skip "no list for huge pages"
	drain 1
	# Lists of another node are emptied when counters are folded the third time without a change; that is
	# done once in such an interval.
	sysctl_set vm/stat_interval 600
	sysctl_set vm/percpu_pagelist_high_fraction 32
	high=$(zone1 pcp_high) batch=$(zone1 pcp_batch)
	[ "$batch" -gt 1 ] && [ "$high" -gt 1300 ] && [ "$high" -lt 1800 ] || skip "high is $high, batch $batch: no room for two huge pages"
	# What another task takes of the lists meanwhile, a huge page at once, is missing: then once more.
	for _try in 1 2 3 4 5; do
		nearly_full
		[ $missing -lt 0 ] || [ $missing -ge 512 ] || break
		for _name in one others bit1 bit2 bit4 bit8 bit16 bit32 bit64 bit128 bit256; do
			reset_on_cpu0 $_name
		done
		drain 1
	done
	[ $missing -ge 0 ] && [ $missing -lt 512 ] || fail "the lists lack $missing pages of $high"
	for _bit in 1 2 4 8 16 32 64 128 256; do
		[ $((missing / _bit % 2)) = 0 ] || reset_on_cpu0 "bit$_bit"
	done
	expect_eq "pages in the lists, one less than the high mark" "$(listed)" $((high - 1))
	before=$(listed)
	reset_on_cpu0 one
	left=$(listed)
	# Since 6.7 the kernel takes a batch of idle lists every second.
	expect_le "pages in the lists when two more came: those and a huge page have gone" "$left" $((before - 512))
	expect_ge "and no more than a batch besides" "$left" $((before - 512 - batch))
}

test_case "B9 lists of several orders give back one after the other" mixed 3
test_case "B9 lists of several orders give back one after the other, in another mixture" mixed 8
test_case "B9 a list of huge pages gives back as well" huge_list
test_case "B9 a batch goes round the lists, from the one that was added to upwards" round_robin

# ---- B5 merging

# ORDER: a block merges with its free buddy, and that with its own, as far as they are free: what struct
# pages said before the free is what the free lists say after it.
merged()
{
	quiet
	freeing gfp=$MOVABLE "order=$1" count=300 hold=150 "release=$2" max_pages=60000
	cp "$JOB/records" "$GFP_TMP/frees"
	expect_frees freed=buddy drained=0 "order_seen=$1" "merged>=$1"
	expect_ge "frees that merged with a buddy" \
		"$(awk -v where="merged>$1" "$GFP_WHERE wrong == \"\" { n++ } END { print n + 0 }" "$GFP_TMP/frees")" 50
	expect_predicted 0
	# What is freed with nothing in between is whole again.
	expect_eq "frees at once that do not merge to what was split" "$(at_once "$1")" ""
}

# ORDER: taken and freed with nothing in between
at_once()
{
	freeing gfp=$MOVABLE "order=$1" count=40 hold=0
	: > "$GFP_TMP/record"
	awk "$GFP_WHERE"'
		/ result=ok / { whole = value("split") }
		/ result=freed / && value("merged") != whole { print "split " whole ", merged " value("merged"); exit }' "$JOB/records"
}

test_case "B5 what is freed merges as far as its buddies are free, oldest first" merged 4 fifo
test_case "B5 what is freed merges as far as its buddies are free, at random" merged 5 random
test_case "B5 large blocks merge up to the largest order" merged 8 random

# ---- B4 splitting

# ORDER: the record tells which order was taken, as /proc/pagetypeinfo tells which list lost a block; explain
# told before, and what is left.
split_told()
{
	quiet
	for _n in 1 2 3 4 5 6; do
		before=$(type_counts 1 Normal Movable)
		explained=$(set_opts entry=alloc_pages_node nid=1 cpus=0 "gfp=$MOVABLE" "order=$1" count=1 release=keep
			get explain | sed -n 's/^ *__rmqueue_smallest: //p')
		want=$(echo "$before" | awk -v order="$1" '{ for (k = order + 1; k <= NF && !$k; k++) ; print k - 1 }')
		job "split$_n"
		on_cpu0 "gfp=$MOVABLE" "order=$1" count=1 release=keep
		expect_record result=ok source=buddy "split=$want" "order_seen=$1" freed=none
		rest=$(awk -v order="$1" -v from="$want" 'BEGIN { while (from-- > order) rest = rest " " from; print rest }')
		expect_eq "what explain said" "$explained" "order $want${rest:+; expand gives back$rest}"
	done
}

# A refill takes block after block: of what is split the rest is next, so they follow each other. They
# are handed out in that order.
ascending()
{
	drain 1
	batch=$(zone1 pcp_batch)
	[ "$batch" -gt 1 ] || skip "the per-cpu lists keep nothing: their batch is $batch"
	# No single pages are free, so each refill splits blocks.
	quiet
	sysctl_restore
	on_cpu0 count=1500 hold=1500 release=keep
	job after
	on_cpu0 count=500 release=at_end
	expect_ge "pages that begin where the one before ended" "$(count_where step=next)" 300
	expect_le "pages that end where the one before began" "$(count_where step=back)" 40
	expect_some_record source=refill split!=none
	expect_eq "pages of the list that were taken off a free block" "$(count_where source=pcp split!=none)" 0
}

test_case "B4 records and explain tell of which order the block was that is split, order 4" split_told 4
test_case "B4 records and explain tell of which order the block was that is split, order 7" split_told 7
test_case "B2 a refill brings pages in physical order" ascending

# ---- E14 a list of pages

# All pages of a request are freed as a list. Red if they are freed one by one.
as_list()
{
	for count in 1 3 5; do
		set_opts entry=release_pages cpus=0 nid=1 "order=$count" count=20 frees=1 observe=full check=full
		start
		wait_idle
		cp "$JOB/records" "$GFP_TMP/frees"
		expect_frees entry=release_pages "pages=$((1 << count))" "batched=$((1 << count))" order_seen=0 freed=pcp/batch
		set_opts entry=bulk
		start
		wait_idle
		cp "$JOB/records" "$GFP_TMP/frees"
		expect_frees entry=bulk batched=0 freed=pcp/batch
	done
}

# ENTRY WANT: others still use it, so nothing is freed
in_use()
{
	set_opts entry=page_frag cpus=0 order=0 count=60 hold=40 release=fifo frees=1
	start
	wait_idle
	cp "$JOB/records" "$GFP_TMP/frees"
	sed -i '/ result=freed /!d' "$GFP_TMP/frees"
	expect_ge "frees of fragments of a page that has others" "$(grep -c ' freed=none ' "$GFP_TMP/frees")" 50
}

frees_need_records()
{
	for observe in none path time; do
		set_opts observe=$observe frees=1
		expect_refused EINVAL call control '' "*frees=1 makes records*"
	done
}

test_case "B10 E14 release_pages: all pages of a request are freed as a list" as_list
test_case "B9 a fragment of a page that others use frees nothing" in_use
test_case "B9-refused frees=1 without records is refused" frees_need_records

run_cases
