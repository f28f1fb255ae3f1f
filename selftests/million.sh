#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: requests drawn at random, every byte of every block verified; 20,000, or MILLION=N
# dangerous: takes what memory it may for minutes
# suite: full
# requires: nodes>=2 cpus>=2 zone=1:Normal kprobes
# vm: hostile
# timeout: 300
#
# SEED=N draws another sequence (1). The full number: scripts/gfplab million.
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"

TOTAL=${MILLION:-20000}
SEED=${SEED:-1}

# SEED TOTAL ENTRY...: a line of options for each batch. The generator is written out, so that the
# sequence is the same under every awk.
draw()
{
	awk -v seed="$1" -v total="$2" -v entries="$3" -v top="$MAX_ORDER" -v hardirq="$HARDIRQ" '
		function draw(n) {
			x = (x * 16807) % 2147483647
			return int(x / 8) % n
		}
		function one(list,   n, word) {
			n = split(list, word, " ")
			return word[draw(n) + 1]
		}
		function pow(n,   p) {
			for (p = 1; n > 0; n--) p *= 2
			return p
		}
		BEGIN {
			x = seed % 2147483646 + 1
			for (i = 0; i < 8; i++)
				draw(2)
			left = total
			most = int(total / 25)
			most = most > 5000 ? 5000 : most < 100 ? 100 : most
			for (batch = 0; left > 0; batch++) {
				entry = one(entries)
				context = one("task task task atomic softirq " hardirq)
				if (entry ~ /^(vmalloc|vmalloc_32|contig_range)$/)
					context = "task"
				word = one("call start")

				# what may be drawn: mostly small, sometimes all
				orders = one("0 0 0-1 0-2 0-3 0-3 1-3 2 3 0,3 0-4 0-4 4-6 0-6 0-" top)
				if (entry ~ /^(alloc_page|get_zeroed_page)$/)
					orders = "0"
				if (entry == "alloc_pages_nolock")
					orders = one("0 0-1 0-3 2 3")
				if (entry ~ /^(page_frag|kmalloc)$/)
					orders = one("0 3 0-3 4-6 0-6")
				if (entry == "kmalloc_large")
					orders = one("2 2-3 2-4 3 2-" top)
				if (entry == "bulk_refill")
					orders = one("1-3 2 4 1-6")
				largest = orders
				sub(/.*[-,]/, "", largest)
				count = largest > 6 || entry == "contig_range" ? 200 : largest > 4 ? 1000 : 5000
				if (count > most)
					count = most
				if (word == "start" && draw(4) == 0)
					count = int(count / 2) + 1
				if (count > left)
					count = left
				left -= count

				gfp = one(context == "task" ? "GFP_KERNEL GFP_KERNEL GFP_USER GFP_NOFS GFP_NOIO GFP_NOWAIT GFP_ATOMIC" \
							    : "GFP_ATOMIC GFP_ATOMIC GFP_NOWAIT none __GFP_HIGH")
				if (entry ~ /^(vmalloc|vmalloc_32|contig_range)$/)
					gfp = one("GFP_KERNEL GFP_NOFS GFP_NOIO")
				gfp = gfp "|__GFP_NOWARN"
				if (entry !~ /^(page_frag|kmalloc|vmalloc_32|contig_range)$/ && draw(3) == 0)
					gfp = gfp "|__GFP_ZERO"
				if (entry ~ /^(alloc_page|alloc_pages|alloc_pages_node|alloc_pages_nodemask|folio_alloc|put_page|held_page|split_page|bulk|bulk_list|bulk_refill|release_pages)$/) {
					more = one("none none __GFP_HIGHMEM|__GFP_MOVABLE __GFP_MOVABLE __GFP_RECLAIMABLE GFP_DMA32 GFP_DMA")
					if (more != "none")
						gfp = gfp "|" more
				}
				if (entry ~ /^(alloc_page|alloc_pages|alloc_pages_node|alloc_pages_nodemask|get_free_pages|get_zeroed_page)$/ && draw(4) == 0)
					gfp = gfp "|__GFP_COMP"
				# Zone DMA is small: to ask it for more than it has is no reason to reclaim.
				if (gfp ~ /GFP_DMA($|\|)/ || entry == "get_dma_pages" || largest > 3)
					gfp = gfp "|__GFP_NORETRY"

				nid = -1
				nodes = "all"
				if (entry ~ /^(alloc_pages_node|alloc_pages_nodemask|bulk|bulk_list|bulk_refill|release_pages|contig_range)$/)
					nid = one("-1 0 1 1")
				if (entry ~ /^(alloc_pages_nodemask|bulk|bulk_list|bulk_refill|release_pages)$/)
					nodes = one("all all 0 1 0-1")
				if (gfp ~ /GFP_DMA/ && nodes == 1)	# which has no such zone
					nodes = "all"
				if (nid >= 0 && entry ~ /^alloc_pages_node(mask)?$/ && nodes == "all" && gfp !~ /DMA/ && draw(3) == 0)
					gfp = gfp "|__GFP_THISNODE"

				scope = "none"
				if (context ~ /task|atomic/)
					scope = one("none none none nofs noio pin nofs,pin")
				pages = gfp ~ /GFP_DMA($|\|)/ || entry == "get_dma_pages" ? 1024 : 6144
				hold = 1 + draw(pages / pow(largest))
				# One range makes its pageblock unfit for another.
				if (hold > (entry == "contig_range" ? 40 : 400))
					hold = entry == "contig_range" ? 40 : 400
				release = one("random random fifo lifo")
				printf "%s entry=%s order=%s gfp=%s context=%s scope=%s nid=%s nodes=%s count=%d hold=%d release=%s seed=%d max_pages=1000000\n", \
					word, entry, orders, gfp, context, scope, nid, nodes, count, hold, release, draw(1000000) + 1
			}
		}'
}

MAX_ORDER=$(awk '{ print NF - 5; exit }' /proc/buddyinfo)

# Entries of this kernel; __GFP_COMP at every door that takes it is drawn above.
entries_here()
{
	get help | awk '
		/^entries/ { here = 1; next }
		here && /^[^ ]/ { exit }
		here && /^  [a-z]/ { name = $1; next }
		here && /orders/ { print name }' | tr '\n' ' '
}

checksum() { md5sum | cut -c 1-16; }

# What is the same whenever the sequence is: the requests of a run, each with its number; not when
# they were made, what they got and from where. By cut, since awk takes a second for a thousand.
sequence()
{
	case $(head -n 1 "$JOB/records" | cut -d ' ' -f 2,5-11) in
	seq=*\ entry=*\ gfp=*\ order=*\ nid=*\ nodes=*\ context=*\ scope=*) ;;
	*) fail "a record's fields are not where they were" ;;
	esac
	cut -d ' ' -f 2,5-11 "$JOB/records" | sort | checksum
}

# LINE: makes its requests; nothing may be wrong with them.
batch()
{
	_word=${1%% *}
	put set "$COMMON ${1#* }"
	$_word
	wait_idle 120
	expect_eq "bad blocks" "$(summary bad_blocks)" 0
	expect_eq "how the run ended" "$(status aborted)" none
	expect_eq "requests" "$(summary requests)" "$(opt count)"
}

COMMON='cpus=all duration_ms=0 interval_us=0 squeeze=none observe=full ring=16384 check=full max_pages=0 timeout_ms=120000'

# All of them: no block may be wrong. Most are served; those that are not, failed in earnest.
many()
{
	draw "$SEED" "$TOTAL" "$(entries_here)" > "$GFP_TMP/batches"
	requests=0 ok=0 failed=0
	while read -r line; do
		batch "$line"
		requests=$((requests + $(summary requests)))
		ok=$((ok + $(summary ok)))
		failed=$((failed + $(summary failed)))
		expect_eq "rejected, lost records" "$(summary rejected lost_records)" "0 0"
		sequence >> "$GFP_TMP/sequence"
	done < "$GFP_TMP/batches"
	note "seed $SEED: $requests requests in $(wc -l < "$GFP_TMP/batches") batches, $ok served, $failed failed," \
		"bad_blocks 0, sequence $(checksum < "$GFP_TMP/sequence")"
	expect_eq "requests" $requests "$TOTAL"
	expect_ge "requests that were served, per mille" $((ok * 1000 / requests)) 950
}

# The first batches once more, each from a job of its own: the same requests. With other seeds they
# are others.
again()
{
	[ -s "$GFP_TMP/sequence" ] || skip "there is nothing to compare with"
	draw "$SEED" "$TOTAL" "$(entries_here)" > "$GFP_TMP/batches.again"
	expect_eq "batches drawn from the same seed" "$(checksum < "$GFP_TMP/batches.again")" "$(checksum < "$GFP_TMP/batches")"
	job again
	n=0 differ=0
	while read -r line && [ $n -lt 8 ]; do
		n=$((n + 1))
		batch "$line"
		expect_eq "sequence of requests of batch $n" "$(sequence)" "$(sed -n "${n}p" "$GFP_TMP/sequence")"
		case $line in
		*order=*[,-]*\ gfp=*)
			batch "${line% seed=*} seed=7777777"
			[ "$(sequence)" = "$(sed -n "${n}p" "$GFP_TMP/sequence")" ] || differ=1 ;;
		esac
	done < "$GFP_TMP/batches"
	expect_eq "another seed draws other orders" $differ 1
	draw $((SEED + 1)) "$TOTAL" "$(entries_here)" > "$GFP_TMP/batches.other"
	expect_ne "batches drawn from another seed" "$(checksum < "$GFP_TMP/batches.other")" "$(checksum < "$GFP_TMP/batches")"
}

test_case "M-$TOTAL requests at random gfp, order, entry, context and node: no bad block" many
test_case "M-again the same seed asks the same sequence of requests" again

run_cases
