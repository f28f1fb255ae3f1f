#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: explain: the allocator's rules in words, and predictions held against what happens
# suite: full
# requires: nodes>=2 kprobes
# vm: numa
# timeout: 240
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"
. "$(dirname "$0")/lib/agreement"
. "$(dirname "$0")/lib/judged_rows"

# ---- the rules on made-up snapshots

judge walk_test
test_case "X-rows walk_test.c judges all its rows" rows_complete 100
for group in $(groups); do
	test_case "X-rules-$group predictions of the rows $group-*" rows_right "$group"
done

# ---- the file `explain`

# LINE...: these are in explain, one below the other; each an extended regular expression
expect_steps()
{
	get explain > "$GFP_TMP/explained"
	cp "$GFP_TMP/explained" "$GFP_TMP/below"
	for _step; do
		_at=$(grep -nEm 1 -e "$_step" "$GFP_TMP/below" | cut -d: -f1)
		[ -n "$_at" ] || fail "explain does not say: $_step" "$(cat "$GFP_TMP/explained")"
		sed -i "1,${_at}d" "$GFP_TMP/below"
	done
}

# Whether every line of arithmetic in explain is right, and says of zone NID ZONE what
# /proc/zoneinfo does: NID ZONE ORDER ABOVE, where ABOVE is the highest zone that gfp allows
expect_arithmetic()
{
	_nid=$1 _zone=$2 _order=$3
	grep "Node $_nid $_zone: free" "$GFP_TMP/explained" > "$GFP_TMP/sums" ||
		fail "no arithmetic of node $_nid $_zone in explain"
	# Node 1 Normal: free F - U unusable = D > low M (of M) + reserve R -> ok
	awk -v free="$(zone_free "$_nid" "$_zone")" -v low="$(zone_mark "$_nid" "$_zone" low)" \
		-v min="$(zone_mark "$_nid" "$_zone" min)" \
		-v reserve="$(zone_protection "$_nid" "$_zone" "$4")" -v least=$(((1 << _order) - 1)) '
		{
			d = $5 - $7
			full = $14 == "(of" ? $15 + 0 : $13
			r = $14 == "(of" ? $18 : $16
			if ($10 != d) print "wrong difference: " $0
			if (($11 == ">") != (d > $13 + r)) print "wrong comparison: " $0
			if (($11 == ">") == ($0 ~ /too little/)) print "wrong conclusion: " $0
			if ($7 < least) print "too little unusable: " $0
			if (full != ($12 == "low" ? low : min)) print "not the watermark: " $0
			if (r != reserve) print "not lowmem_reserve: " $0
			if ($5 < free - 500 || $5 > free + 500) print "not the free pages, " free ": " $0
		}' "$GFP_TMP/sums" > "$GFP_TMP/errors"
	[ ! -s "$GFP_TMP/errors" ] || fail "$(cat "$GFP_TMP/errors")"
}

text_fast()
{
	set_opts entry=alloc_pages_node nid=1 gfp=GFP_KERNEL order=4
	expect_steps '^alloc_pages_node\(GFP_KERNEL, order 4\)$' '^__alloc_pages\(order 4\)$' \
		'^  get_page_from_freelist\(alloc_flags 0x8[08]1 ALLOC_WMARK_LOW\|(ALLOC_CMA\|)?ALLOC_KSWAPD\)$' \
		'^    Node 1 Normal: .* > low .* -> ok$' '^prediction: fast/buddy/1:Normal/ok$'
	expect_arithmetic 1 Normal 4 Normal
	expect_eq "attempts for a request that the first zone serves" \
		"$(grep -c get_page_from_freelist "$GFP_TMP/explained")" 1
}

text_orders()
{
	_small='fast/(pcp|refill)' _thp=$_small
	kept_per_cpu 3 || _small=fast/buddy
	kept_per_cpu 9 || _thp=fast/buddy
	set_opts entry=alloc_pages_node nid=1 'gfp=GFP_KERNEL|__GFP_NOWARN' order=0-4,9-11
	expect_steps ', order 0\)' '^prediction: fast/(pcp|refill)/1:Normal' ', order 3\)' \
		"^prediction: $_small/1:Normal" ', order 4\)' '^prediction: fast/buddy/1:Normal' \
		', order 9\)' "^prediction: $_thp/1:Normal" ', order 10\)' \
		'^prediction: fast/buddy/1:Normal' '^__alloc_pages\(order 11\)' \
		'over the maximum of 10: turned away' '^prediction: rejected/none/none/failed$'
	expect_eq "predictions" "$(grep -c ^prediction: "$GFP_TMP/explained")" 8
}

text_nodemask()
{
	set_opts entry=alloc_pages_nodemask nid=1 nodes=0
	expect_steps 'Node 1 Normal: not in the nodemask' 'Node 0 DMA32: .* -> ok' \
		'^prediction: fast/(pcp|refill)/0:DMA32/ok$'
	expect_arithmetic 0 DMA32 0 Normal
}

text_thisnode()
{
	set_opts entry=alloc_pages_node nid=0 'gfp=GFP_DMA|__GFP_THISNODE' order=2
	expect_steps 'Node 0 DMA: .* -> ok' '^prediction: fast/.*/0:DMA/ok$'
	expect_arithmetic 0 DMA 2 DMA
	expect_eq "zones that a request for DMA of one node may have" \
		"$(grep -c 'Node [0-9]' "$GFP_TMP/explained")" 1
}

# The numbers below the prediction are the kernel's, as /proc tells them.
text_snapshot()
{
	set_opts entry=alloc_pages_node nid=1 order=4
	# Between our look and the kernel's own somebody may allocate: one that agrees is enough.
	for _try in 1 2 3 4 5; do
		get explain > "$GFP_TMP/explained"
		buddy=$(awk '$2 == "1," && $4 == "Normal" { sub(/.*Normal */, ""); gsub(/ +/, ","); sub(/,$/, ""); print }' \
			/proc/buddyinfo)
		said=$(sed -n 's/^  1:Normal .* blocks=//p' "$GFP_TMP/explained")
		[ "$said" != "$buddy" ] || break
	done
	expect_eq "free blocks by order" "$said" "$buddy"
	expect_like "the zone's line" "$(grep '^  1:Normal ' "$GFP_TMP/explained")" \
		"  1:Normal free=* min=$(zone_mark 1 Normal min) low=$(zone_mark 1 Normal low) \
high=$(zone_mark 1 Normal high) boost=0 reserve=0 pcp=*"
	expect_eq "zones in zonelist order" \
		"$(sed -n 's/^  \([01]:[A-Z][A-Za-z0-9]*\) free=.*/\1/p' "$GFP_TMP/explained" | tr '\n' ' ')" \
		"1:Normal 0:DMA32 0:DMA "
}

# Leaves node 1 between min and low for the rest of the case: a job keeps most of what is free, then
# a sysctl lifts low over the rest. min stays, so that nobody but us takes notice.
between_min_and_low()
{
	_rest=$(($(zone_field 1 Normal managed) * 15 / 100))
	job hoarder
	set_opts entry=alloc_pages_node nid=1 'gfp=__GFP_THISNODE|__GFP_NOWARN' order=8 release=keep \
		observe=none count=$((($(zone_free 1 Normal) - _rest) / 256)) max_pages=1000000
	call
	JOB=$GFP/jobs/default
	# Low is min and this many ten-thousandths of the zone: enough to be above what is free now.
	sysctl_set vm/watermark_scale_factor $((($(zone_free 1 Normal) - $(zone_mark 1 Normal min) + 1024) \
		* 10000 / $(zone_field 1 Normal managed)))
	expect_le "free pages of node 1 Normal" "$(zone_free 1 Normal)" "$(zone_mark 1 Normal low)"
	expect_ge "free pages of node 1 Normal" "$(zone_free 1 Normal)" $(($(zone_mark 1 Normal min) + 4096))
}

text_slow()
{
	between_min_and_low
	set_opts entry=alloc_pages_node nid=1 'gfp=GFP_KERNEL|__GFP_THISNODE'
	expect_steps '^  get_page_from_freelist' 'Node 1 Normal: .* <= low .* -> too little' \
		'^__alloc_pages_slowpath$' '^  wake_all_kswapds$' '^  get_page_from_freelist' \
		'Node 1 Normal: .* > min .* -> ok' '^prediction: slow/(pcp|refill)/1:Normal/ok$'
	expect_arithmetic 1 Normal 0 Normal
	set_opts gfp=GFP_KERNEL
	expect_steps 'Node 1 Normal: .* too little' 'Node 0 DMA32: .* ok' '^prediction: fast/.*/0:DMA32'
	expect_arithmetic 0 DMA32 0 Normal
}

text_share()
{
	between_min_and_low
	set_opts entry=alloc_pages_node nid=1 'gfp=GFP_ATOMIC|__GFP_THISNODE' order=4
	min=$(zone_mark 1 Normal min)
	expect_steps 'too little' '^__alloc_pages_slowpath' \
		"Node 1 Normal: .* > min $((min - min / 2 - (min - min / 2) / 4)) \(of $min\) .* -> ok" \
		'^prediction: slow/buddy/1:Normal'
	expect_arithmetic 1 Normal 4 Normal
}

# What explain says comes true. The workers are there before memory gets scarce: afterwards there
# would be none left for a run.
text_then_request()
{
	for gfp in 'GFP_KERNEL|__GFP_THISNODE' GFP_KERNEL 'GFP_ATOMIC|__GFP_THISNODE'; do
		job "$(echo "$gfp" | tr '|' -)"
		set_opts entry=alloc_pages_node nid=1 "gfp=$gfp" order=4 observe=explain count=0 \
			interval_us=100000 ring=16 cpus=0
		start
	done
	between_min_and_low
	for gfp in 'GFP_KERNEL|__GFP_THISNODE' GFP_KERNEL 'GFP_ATOMIC|__GFP_THISNODE'; do
		JOB=$GFP/jobs/$(echo "$gfp" | tr '|' -)
		said=$(get explain | sed -n 's/^prediction: //p')
		# One that was made after explain was read
		wait_at_work $(($(status "done") + 1))
		stop
		wait_idle
		expect_eq "predicted in the last record" "$(record -1 predicted)" "$said"
		expect_record result=ok stage="${said%%/*}"
		expect_eq "explain.differ" "$(summary explain.differ)" 0
	done
	expect_eq "jobs whose last request took the slow path" \
		"$(tail -qn 1 "$GFP"/jobs/GFP_*/records | grep -c stage=slow)" 2
}

# Nothing is asked, held or recorded by reading, and it can be read while the job runs.
text_is_idle()
{
	set_opts order=0-10 count=0 interval_us=20000 observe=explain
	get explain > "$GFP_TMP/explained"
	expect_like "status after explain was read" "$(get status)" "state=idle run=0 done=0 *held_pages=0 *"
	expect_eq "mode of explain" "$(stat -c %a "$JOB/explain")" 400
	start
	expect_steps '^prediction: '
	expect_eq "state" "$(status state)" running
	stop
}

no_prediction()
{
	set_opts entry="$1" order=1 observe=explain count=3
	expect_steps '^no prediction: '
	call
	expect_all_records predicted=none
	expect_eq "explain.agree, differ, mean_set" \
		"$(summary explain.agree) $(summary explain.differ) $(summary explain.mean_set)" "0 0 unknown"
}

# Red if the walk is told: gfp_zone() knows no zone for DMA and HIGHMEM together, and may be a BUG.
refused()
{
	set_opts entry=get_dma_pages gfp=GFP_HIGHUSER
	expect_steps '^no prediction: entry get_dma_pages can.t take these'
	[ "$(get explain | wc -l)" = 1 ] || fail "more is told: $(get explain)"
	set_opts gfp=GFP_KERNEL
	expect_steps '^prediction: fast/'
}

# Whose turn it is can be told. Red if a turn is foreseen for another node, or for none.
rotating()
{
	set_opts observe=explain count=8
	"$GFP_DIR/mempol" interleave 0-1 "$GFP_DIR/write1" "$JOB/control" call
	expect_all_records predicted!=none result=ok
	expect_ge "predictions of node 1 alone" "$(grep -c ' page_nid=1 .* predicted=[^ ]*/1:Normal/ok ' "$JOB/records")" 3
	expect_eq "explain.agree, differ under interleave" "$(summary explain.agree) $(summary explain.differ)" "8 0"
	# In a burst, where most requests are like the one before.
	set_opts count=4000
	"$GFP_DIR/mempol" interleave 0-1 "$GFP_DIR/write1" "$JOB/control" call
	expect_eq "explain.agree, differ of many" "$(summary explain.agree) $(summary explain.differ)" "4000 0"
	set_opts count=4
	"$GFP_DIR/mempol" bind 1 "$GFP_DIR/write1" "$JOB/control" call
	expect_all_records page_nid=1 predicted!=none
	expect_eq "explain.agree under bind" "$(summary explain.agree)" 4
}

# By which policy a request goes, and why by none. Red if another is named.
policy_named()
{
	set_opts entry=alloc_pages "gfp=GFP_KERNEL"
	for policy in bind:1 preferred:1 interleave:0-1; do
		expect_like "explain under $policy" \
			"$("$GFP_DIR/mempol" ${policy%:*} ${policy#*:} cat "$JOB/explain")" "*policy $policy*"
	done
	set_opts "gfp=GFP_KERNEL|__GFP_THISNODE"
	expect_like "explain with __GFP_THISNODE" "$("$GFP_DIR/mempol" bind 1 cat "$JOB/explain")" "*policy default: __GFP_THISNODE*"
	set_opts gfp=GFP_ATOMIC context=softirq
	expect_like "explain for a softirq" "$("$GFP_DIR/mempol" bind 1 cat "$JOB/explain")" "*policy default: an interrupt has none*"
	set_opts context=task entry=alloc_pages_node
	! "$GFP_DIR/mempol" bind 1 cat "$JOB/explain" | grep -q policy || fail "a policy is named for alloc_pages_node"
}

help_tells()
{
	for word in get_page_from_freelist __zone_watermark_ok gfp_to_alloc_flags __alloc_pages_slowpath \
		alloc_flags_nofragment rmqueue zone_reclaim_mode __GFP_ACCOUNT ALLOC_FAIR zlc; do
		get help | grep -q -e "$word" || fail "help does not tell of $word"
	done
}

test_case "X-text-fast explain shows the attempt, its arithmetic and the prediction" text_fast
test_case "X-text-orders explain walks once for each order" text_orders
test_case "X-text-nodemask explain says which zones the nodemask excludes" text_nodemask
test_case "X-text-thisnode explain names the zones of one node, no higher than gfp allows" text_thisnode
test_case "X-text-snapshot explain shows the numbers that it started from" text_snapshot
test_case "X-text-slow explain goes on from low to min, and from node to node" text_slow
test_case "X-text-share explain tells which share of min a request may take" text_share
test_case "X-text-true what explain says of a request is what happens" text_then_request
test_case "X-text-idle reading explain asks for nothing, and works while the job runs" text_is_idle
for entry in bulk bulk_list bulk_refill release_pages vmalloc vmalloc_32 page_frag kmalloc contig_range; do
	test_case "X-none-$entry there is no prediction for $entry" no_prediction $entry
done
test_case "X-none-refused there is none for what a run would be refused" refused
test_case "X-policy-turns the node whose turn it is under interleave is foreseen" rotating
test_case "X-policy-named the policy that a request goes by is named" policy_named
test_case "Z14 help tells what the steps mirror, what is not foreseen and what is history" help_tells

# ---- records and summary

records_predict()
{
	set_opts entry=alloc_pages_node nid=1 order=4 count=5 observe=explain
	call
	expect_all_records stage=fast source=buddy page_nid=1
	expect_eq "records that foresaw it" "$(grep -c ' predicted=fast/buddy/1:Normal/ok ' "$JOB/records")" 5
	expect_eq "explain.agree, differ, mean_set" \
		"$(summary explain.agree) $(summary explain.differ) $(summary explain.mean_set)" "5 0 1.000"
}

# Two stages, sources and results are left open, and the place is not: eight in all.
records_sets()
{
	set_opts entry=alloc_pages_nodemask nid=1 nodes=1 'gfp=GFP_KERNEL|__GFP_NORETRY|__GFP_NOWARN' \
		order=4 count=4 observe=explain squeeze=1:Normal:50
	call
	expect_eq "records with two stages foreseen" \
		"$(grep -cE ' predicted=compact\|reclaim/buddy\|capture/1:Normal/ok\|failed ' "$JOB/records")" 4
	expect_eq "explain.agree, mean_set" "$(summary explain.agree) $(summary explain.mean_set)" "4 8.000"
}

# LEVEL: nothing is predicted
unpredicted()
{
	set_opts count=3 observe="$1"
	call
	expect_eq "explain.agree, differ, mean_set" \
		"$(summary explain.agree) $(summary explain.differ) $(summary explain.mean_set)" \
		"unknown unknown unknown"
	[ "$1" != full ] || expect_all_records predicted=none
}

# A memory cgroup that has no room for the charge: the page comes as predicted, and the request may fail.
# Red if that is not foreseen, or foreseen for requests that fit.
charge_foreseen()
{
	cgroup_make memory memory.max=2M
	set_opts 'gfp=GFP_KERNEL_ACCOUNT|__GFP_NORETRY|__GFP_NOWARN' order=2 count=200 release=at_end observe=explain
	cgroup_run "$GFP_DIR/write1" "$JOB/control" call
	failed=$(summary failed)
	expect_ge "requests that met the limit" "$failed" 50
	expect_eq "explain.agree, differ" "$(summary explain.agree) $(summary explain.differ)" "200 0"
	expect_eq "failures that were foreseen" \
		"$(records_where result=failed | grep -cE ' predicted=fast/[a-z|]*/[01]:[A-Za-z0-9]*/ok\|failed ')" "$failed"
	expect_ge "requests that fit, and could not fail" \
		"$(records_where result=ok | grep -cE ' predicted=fast/[a-z|]*/[01]:[A-Za-z0-9]*/ok ')" 50
}

# A task that all others wait for, whose requests are NOIO: no compaction. Red if explain looks at the
# options alone.
task_scope()
{
	set_opts gfp='GFP_KERNEL|__GFP_NORETRY|__GFP_NOWARN' entry=alloc_pages_nodemask nid=1 nodes=1 order=4 \
		count=4 observe=explain squeeze=1:Normal:50
	"$GFP_DIR/ioflusher" "$GFP_DIR/write1" "$JOB/control" call
	expect_eq "explain.agree, differ" "$(summary explain.agree) $(summary explain.differ)" "4 0"
	expect_eq "records without compaction" "$(grep -cE ' predicted=reclaim/buddy/1:Normal/ok\|failed ' "$JOB/records")" 4
}

test_case "X-task-scope what is foreseen for a task with PR_SET_IO_FLUSHER is NOIO" task_scope
test_case "X-record a record shows what was predicted, the summary how often it came true" records_predict
test_case "X-set what a prediction leaves open counts as many as it names" records_sets
for level in none path time full; do
	test_case "X-off-$level observe=$level predicts nothing" unpredicted $level
done
test_case "X-charge what a full memory cgroup may refuse is foreseen" charge_foreseen

# ---- agreement

# From idle to 30 % of min; then the node that has DMA below DMA32, with and without a reserve that
# keeps requests for DMA32 off it; then plenty of memory in small pieces.
STATES="none squeeze=1:Normal:high+5% squeeze=1:Normal:low+2% squeeze=1:Normal:110 squeeze=1:Normal:90 \
squeeze=1:Normal:70 squeeze=1:Normal:60 squeeze=1:Normal:45 squeeze=1:Normal:30 squeeze=0:DMA32:110 \
lowmem=20,squeeze=0:DMA32:80 fragment=1:Normal:4 fragment=1:Normal:3,squeeze=1:Normal:110"

# Whoever may reclaim gives up in the end: none of these masks reaches the OOM killer.
KINDS="GFP_KERNEL|__GFP_NORETRY GFP_KERNEL|__GFP_RETRY_MAYFAIL GFP_USER|__GFP_NORETRY \
GFP_HIGHUSER_MOVABLE|__GFP_NORETRY GFP_HIGHUSER_MOVABLE|__GFP_RETRY_MAYFAIL \
GFP_KERNEL|__GFP_RECLAIMABLE|__GFP_NORETRY GFP_NOIO|__GFP_NORETRY \
GFP_KERNEL|__GFP_HIGH|__GFP_NORETRY GFP_KERNEL|__GFP_MEMALLOC|__GFP_NORETRY GFP_KERNEL|GFP_DMA32|__GFP_NORETRY \
GFP_ATOMIC GFP_ATOMIC|__GFP_NOMEMALLOC GFP_ATOMIC|GFP_DMA32 GFP_ATOMIC|__GFP_MOVABLE \
GFP_NOWAIT GFP_NOWAIT|__GFP_MOVABLE GFP_NOWAIT|__GFP_RECLAIMABLE GFP_NOWAIT|__GFP_MEMALLOC \
__GFP_HIGH __GFP_HIGH|__GFP_RECLAIMABLE none"

agreement()
{
	ask_at_random 4 2 "$STATES" "$KINDS"
	expect_agreement
}

test_case "X-agree predictions come true, whatever is asked in whatever state of memory" agreement

run_cases
