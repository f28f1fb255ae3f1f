#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: explain by other kernels' rules: what they would do, where the two part; what each step is for
# suite: full
# requires: nodes>=2 zone=1:Normal kprobes
# vm: pieces
# timeout: 180
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"
. "$(dirname "$0")/lib/judged_rows"

# ---- the rules on made-up snapshots

judge past_test
test_case "X-past-rows past_test.c judges all its rows" rows_complete 90
for group in $(groups); do
	test_case "X-past-$group predictions of the rows $group-*" rows_right "$group"
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

this_family() { environment family; }

# Many single pages and two blocks of order 4, all above the low mark: enough for every kernel since 4.4;
# before, the mark was checked order by order. Red if either prediction or the step is another one.
order_by_order()
{
	pages=$(($(zone_mark 1 Normal low) + 500))
	set_opts entry=alloc_pages_node nid=1 order=10 count=1 'gfp=__GFP_NOWARN|__GFP_THISNODE' release=keep \
		"lists=1:Normal:$pages/0/0/0/2"
	call
	expect_eq "lists.exact" "$(summary lists.exact)" 1
	job asks
	set_opts entry=alloc_pages_node nid=1 order=4 'gfp=GFP_NOWAIT|__GFP_THISNODE' rules=4.3
	expect_steps 'Node 1 Normal: .* -> ok$' '^prediction: fast/buddy/1:Normal/ok$' \
		'^by the rules of 4\.3 \(family 4\.3\):$' '^__alloc_pages_nodemask\(order 4\)$' \
		'classzone_idx: Normal' '0x141 ALLOC_WMARK_LOW\|ALLOC_CPUSET\|ALLOC_FAIR\)$' \
		'Node 1 Normal: .* -> enough, but not order by order' '^prediction by 4\.3: slow/none/none/failed$' \
		'^they part after step 1, in get_page_from_freelist\(' "^  $(this_family): Node 1 Normal: .* -> ok\$" \
		'^  4\.3: Node 1 Normal: .* -> enough, but not order by order' '^snapshot:$' "^  1:Normal free="
	set_opts rules=4.4
	expect_steps '^prediction by 4\.4: fast/buddy/1:Normal/ok$'
	job default
	reset
}

# What no kernel of today has is taken as fresh where it matters, and the rest is unknown.
fresh()
{
	set_opts entry=alloc_pages_node nid=0 rules=4.3
	expect_steps '^by the rules of 4\.3' 'rmqueue\(0:[A-Z]' 'ALLOC_FAIR: NR_ALLOC_BATCH of the zone is taken as fresh' \
		'^unknown: how much MIGRATE_RESERVE would hold$' '^prediction by 4\.3: fast/'
	set_opts rules=4.9
	expect_steps '^by the rules of 4\.9' 'get_page_from_freelist\(alloc_flags 0x1 ALLOC_WMARK_LOW\)$' \
		'^prediction by 4\.9: fast/'
	expect_eq "lines on ALLOC_FAIR by the rules of 4.9" "$(grep -c FAIR "$GFP_TMP/explained" || :)" 0
}

# A release with this kernel's rules needs no second walk; of several orders each has its own.
same()
{
	set_opts "rules=$(this_family)"
	expect_steps '^prediction: fast/' "^the rules of $(this_family) are those of this kernel \\($(this_family)\\)\$" '^snapshot:$'
	expect_eq "second walks" "$(grep -c '^prediction by' "$GFP_TMP/explained" || :)" 0
	set_opts order=0,4 rules=2.6.32
	get explain > "$GFP_TMP/explained"
	expect_eq "predictions by 2.6.32" "$(grep -c '^prediction by 2\.6\.32: fast/' "$GFP_TMP/explained")" 2
	set_opts rules=this
	get explain > "$GFP_TMP/explained"
	expect_eq "lines on other rules" "$(grep -cE '^by the rules|^they|prediction by' "$GFP_TMP/explained" || :)" 0
}

# Of each family in help the walk can be explained, and a request is predicted by its own kernel's rules
# whatever explain is told.
families()
{
	get help | sed -n 's/^  \([0-9][0-9.]*\) *from .*, before .*/\1/p' > "$GFP_TMP/families"
	for want in 2.6.32 4.3 4.7 4.9 4.19 5.10 6.1 6.12 7.2 7.3; do
		grep -qxF "$want" "$GFP_TMP/families" || fail "help has no family $want" "$(cat "$GFP_TMP/families")"
	done
	while read -r release; do
		set_opts order=0 "rules=$release"
		get explain > "$GFP_TMP/explained"
		grep -qE "^(prediction by $release: fast/|the rules of $release are )" "$GFP_TMP/explained" ||
			fail "explain by the rules of $release:" "$(cat "$GFP_TMP/explained")"
	done < "$GFP_TMP/families"
	set_opts entry=alloc_pages_node nid=1 order=4 rules=4.3 observe=explain count=3
	call
	expect_eq "records that foresaw what this kernel did" \
		"$(grep -c ' result=ok .* predicted=fast/buddy/1:Normal/ok ' "$JOB/records")" 3
	expect_eq "explain.agree" "$(summary explain.agree)" 3
}

bad_versions()
{
	expect_refused EINVAL 4.3x options/rules x "wants ?this?, or a version"
	expect_refused EINVAL that options/rules that
	expect_refused ERANGE 2.6.31 options/rules 2.6.31 "are known from 2.6.32 to 7.3"
	expect_refused ERANGE 7.4 options/rules 7.4
	expect_refused ERANGE 2 options/verbose 2
}

# ---- the steps in the documents' words

prepare()
{
	set_opts entry=alloc_pages_node nid=1
	expect_steps "^__alloc_pages(_nodemask)?\\(order 0\\)\$" \
		'^  prepare_alloc_pages: highest zone Normal, zonelist 1:Normal 0:.*, preferred zone 1:Normal, migratetype unmovable, nodemask none, spread_dirty_pages no$' \
		'^  get_page_from_freelist'
	set_opts entry=alloc_pages_nodemask nid=0 nodes=1 'gfp=GFP_HIGHUSER_MOVABLE|__GFP_WRITE'
	expect_steps 'highest zone Movable, zonelist 0:.* 1:Normal.*, preferred zone 1:Normal, migratetype movable, nodemask 1, spread_dirty_pages yes$'
	set_opts nodes=all nid=1 'gfp=GFP_DMA32|__GFP_RECLAIMABLE' rules=4.19
	expect_steps 'highest zone DMA32, zonelist 0:DMA32.*, preferred zone 0:DMA32, migratetype reclaimable,' \
		'^by the rules of 4\.19' 'highest zone DMA32,' 'classzone_idx: DMA32, whose lowmem_reserve counts$'
}

# Each step has its sentence once, which says since when.
verbose()
{
	# Where lists are empty or full changes from one look to the next.
	for _try in 1 2 3 4 5; do
		set_opts entry=alloc_pages_node nid=1 order=0 verbose=0
		get explain > "$GFP_TMP/terse"
		set_opts verbose=1
		get explain > "$GFP_TMP/explained"
		_terse=$(grep '^prediction:' "$GFP_TMP/terse") _verbose=$(grep '^prediction:' "$GFP_TMP/explained")
		[ "$_terse" != "$_verbose" ] || break
	done
	expect_eq "what is foreseen with verbose=1" "$_verbose" "$_terse"
	expect_eq "sentences without verbose=1" "$(grep -c '# ' "$GFP_TMP/terse" || :)" 0
	expect_steps '^__alloc_pages' '^      # the heart of the buddy allocator: .* since ' \
		'^  prepare_alloc_pages' '^      # works out once .* since 4\.0' \
		'^  get_page_from_freelist' '^      # .* zonelist, .* since 2\.6\.15$' \
		'Node 1 Normal: ' '^      # .* watermark .* since ' 'rmqueue\(1:Normal\): ' '^      # single pages .* since 5\.13$'
	expect_eq "sentences that don't say since when" \
		"$(grep '^ *# ' "$GFP_TMP/explained" | grep -vcE '(since|to) [0-9]' || :)" 0
	expect_eq "sentences that come twice" "$(grep '^ *# ' "$GFP_TMP/explained" | sort | uniq -d | wc -l)" 0
}

test_case "X-other-marks rules=4.3: the mark is checked order by order, and there the two part" order_by_order
test_case "X-other-fresh rules=4.3: batches are taken as fresh where zones take turns, and that is said" fresh
test_case "X-other-same the rules of this kernel need no second walk" same
test_case "X-other-families help lists the families, explain has each, and requests go by this kernel's" families
test_case "X-other-refused versions without rules are refused, with a caret" bad_versions
test_case "X-prepare a step tells what every attempt goes by (struct alloc_context)" prepare
test_case "X-verbose verbose=1 has a sentence for each step, once" verbose

run_cases
