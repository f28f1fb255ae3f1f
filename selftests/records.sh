#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: every request has one record of its own evidence, and all sums agree with them
# suite: full
# requires: cpus>=4 kprobes
# vm: smp4
# timeout: 240
. "$(dirname "$0")/lib/lib.sh"

# In place of a long run of greps: what is wrong goes to a file, which must be empty.
expect_none()
{
	head -n 5 "$GFP_TMP/wrong" > "$GFP_TMP/first"
	[ ! -s "$GFP_TMP/wrong" ] || fail "$1: $(wc -l < "$GFP_TMP/wrong")" "$(cat "$GFP_TMP/first")"
}

KEYS="run seq ts_ns cpu entry gfp order nid nodes context scope result stage source reserve \
kswapd steal page_nid zone migratetype pfmemalloc attempts alloc_flags latency_ns reclaim_ns \
compact_ns reclaimed compact_result retries victim predicted bad"

# N: there are N records; their sequence numbers are 0..N-1, each once; for every result, stage,
# source and reserve there are as many as the summary says; and none has what only another task's
# events could bring into it: the fast path is one attempt, with the order that was asked for, and
# takes off the free lists what its own order calls for. One pass, for there may be 10,000.
audit()
{
	awk -v n="$1" -v keys="$KEYS" -v pcp_orders="$(pcp_orders)" '
		function wrong(why) { print $SEQ " (" $ORDER ", " $STAGE ", " $SOURCE "): " why }
		BEGIN {
			for (i = split(keys, key, " "); i; i--)
				at[key[i]] = i
			SEQ = at["seq"]; ORDER = at["order"]; STAGE = at["stage"]; SOURCE = at["source"]
			RESULT = at["result"]; RESERVE = at["reserve"]; ATTEMPTS = at["attempts"]
			FLAGS = at["alloc_flags"]; RECLAIMED = at["reclaimed"]
			for (i = split(pcp_orders, kept, " "); i; i--)
				pcp["order=" kept[i]] = 1
		}
		NR == FNR {
			if ($1 ~ /^(stage|source|reserve)[.]/) {
				sub(/[.]/, "=", $1)
				want[$1] = $2
			} else if ($1 ~ /^(ok|failed|rejected)$/) {
				want["result=" $1] = $2
			}
			next
		}
		# Fields are compared as they stand, KEY=VALUE: 10,000 records are many for an emulated processor.
		{
			records++
			seen[$SEQ]++
			got[$RESULT]++
			got[$STAGE]++
			got[$SOURCE]++
			got[$RESERVE]++
			ok = ($RESULT == "result=ok")
			if ($RESULT == "result=rejected") {
				if ($ATTEMPTS != "attempts=0")
					wrong("rejected after " $ATTEMPTS)
			} else if ($STAGE == "stage=fast" && $ATTEMPTS != "attempts=1") {
				wrong($ATTEMPTS)
			}
			if ($FLAGS == "alloc_flags=unknown")
				wrong("an attempt with another order")
			if (ok && ($ORDER in pcp ? $SOURCE == "source=buddy" : $SOURCE == "source=pcp" || $SOURCE == "source=refill"))
				wrong("source")
			if (ok == ($SOURCE == "source=none"))
				wrong($RESULT " with source")
			if ($STAGE == "stage=fast" && $RECLAIMED != "reclaimed=0")
				wrong($RECLAIMED)
		}
		END {
			if (records != n)
				print records + 0 " records"
			for (i = 0; i < n; i++)
				if (seen["seq=" i] != 1)
					print "seq=" i ": " seen["seq=" i] + 0 " records"
			for (i in seen)
				if (substr(i, 5) + 0 >= n)
					print i ": nobody asked for it"
			for (i in want)
				if (got[i] + 0 != want[i])
					print i " is " want[i] " in summary, " got[i] + 0 " in records"
			for (i in got)
				if (!(i in want))
					print i " is not in summary"
		}' "$JOB/summary" "$JOB/records" > "$GFP_TMP/wrong"
	expect_none "disagreements"
}

# KEY: the sum of the summary's lines KEY.*
summary_of() { awk -v key="$1." 'index($1, key) == 1 { n += $2 } END { print n + 0 }' "$JOB/summary"; }

# N: a run of N requests left N records that agree with everything
expect_all()
{
	expect_like status "$(get status)" "state=idle * done=$1 total=$1 held_pages=0 *aborted=none *"
	expect_eq requests "$(summary requests)" "$1"
	expect_eq lost_records "$(summary lost_records)" 0
	expect_eq "sum of stages, sources, reserves" \
		"$(summary_of stage) $(summary_of source) $(summary_of reserve)" "$1 $1 $1"
	audit "$1"
}

# Forks and page faults on every CPU
load_begin()
{
	loaders=
	for _ in 1 2 3 4; do
		( while :; do sh -c :; done ) > /dev/null 2>&1 &
		loaders="$loaders $!"
	done
	trap load_end EXIT
}

load_end()
{
	for _loader in $loaders; do
		kill "$_loader" 2> /dev/null || :
	done
	loaders=
	wait
}

# N: a run of N requests beside the load. Where processors take turns, probes attach and detach
# slowly beside others' work: so the load is there for the requests, not for that.
run_loaded()
{
	start
	load_begin
	_left=600
	while [ "$(status "done")" -lt "$1" ] && [ $_left -gt 0 ]; do
		_left=$((_left - 1))
		sleep 0.05
	done
	load_end
	wait_idle 60
}

ten_thousand()
{
	set_opts count=10000 order=0-4 hold=20
	start
	wait_idle 60
	expect_all 10000
	expect_eq "records of each CPU" "$(awk '
		NR == 1 { while ($(++at) !~ /^cpu=/) ; }
		{ n[$at]++ }
		END { for (cpu in n) print cpu, n[cpu] }' "$JOB/records" | sort | tr '\n' ' ')" \
		"cpu=0 2500 cpu=1 2500 cpu=2 2500 cpu=3 2500 "
}

ten_thousand_loaded()
{
	set_opts count=10000 order=0-5 hold=50 release=random interval_us=30
	run_loaded 10000
	expect_all 10000
}

# A worker that sleeps between its requests has its CPU's interrupts and others run in between.
slow_loaded()
{
	set_opts count=1000 interval_us=2000 order=0,4 hold=0
	run_loaded 1000
	expect_all 1000
}

# One request more than the workers can share out evenly
uneven()
{
	set_opts count=1001 order=1
	start
	wait_idle
	expect_all 1001
	expect_eq "records of CPU 0 and CPU 3" "$(count_where cpu=0) $(count_where cpu=3)" "251 250"
}

# What a worker does to the per-cpu lists is its own doing: nobody is called to the free lists
# for a page that was freed a moment ago.
two_jobs()
{
	set_opts count=2000 order=0 hold=0 cpus=0-1
	job other
	set_opts count=2000 order=5 hold=0 cpus=2-3
	start
	JOB=$GFP/jobs/default
	start
	wait_idle
	expect_all 2000
	JOB=$GFP/jobs/other
	wait_idle
	expect_all 2000
	JOB=$GFP/jobs/default
}

of_a_call()
{
	set_opts count=1000 order=0-9 hold=30
	call
	expect_all 1000
}

rejected()
{
	set_opts count=40 order=0,11 "gfp=GFP_KERNEL|__GFP_NOWARN"
	start
	wait_idle
	expect_all 40
	expect_no_record order=11 result!=rejected
	expect_no_record order=0 result!=ok
	expect_no_record result=rejected stage!=rejected
	expect_no_record result=rejected source!=none
	expect_no_record result=rejected page_nid!=none
	expect_no_record result=rejected zone!=none
	expect_no_record result=rejected attempts!=0
	expect_some_record result=rejected order=11
}

test_case "A-10000 four workers, 10,000 requests: 10,000 records that agree with all sums" ten_thousand
test_case "A-10000-loaded so it is with every CPU busy forking, and no event of others is counted" ten_thousand_loaded
test_case "A-slow-loaded nor when the worker sleeps between its requests" slow_loaded
test_case "A-uneven 1,001 requests of four workers" uneven
test_case "A-jobs two jobs at once keep their evidence apart" two_jobs
test_case "A-call the records of a call" of_a_call
test_case "A-rejected requests that the kernel turns away have records too" rejected

# ---- the form of a record

keys()
{
	set_opts count=200 order=0-5 hold=9
	start
	wait_idle
	awk -v keys="$KEYS" '
		BEGIN { n = split(keys, key, " ") }
		{
			for (i = 1; i <= n; i++)
				if (index($i, key[i] "=") != 1 || length($i) == length(key[i]) + 1)
					print "line " NR ": " $i " instead of " key[i] "="
		}' "$JOB/records" > "$GFP_TMP/wrong"
	expect_none "fields out of place"
}

by_time()
{
	set_opts count=2000 order=0-3
	start
	wait_idle
	awk 'match($0, / ts_ns=[0-9]+/) {
			ts = substr($0, RSTART + 7, RLENGTH - 7) + 0
			if (ts < last)
				print "line " NR ": " ts " after " last
			last = ts
		}' "$JOB/records" > "$GFP_TMP/wrong"
	expect_none "records before their time"
}

# A file that is read in small pieces has the same text.
in_pieces()
{
	set_opts count=300 order=0-3
	call
	get records > "$GFP_TMP/whole"
	dd if="$JOB/records" of="$GFP_TMP/pieces" bs=97 2> /dev/null
	cmp "$GFP_TMP/whole" "$GFP_TMP/pieces"
	expect_eq records "$(wc -l < "$GFP_TMP/pieces")" 300
}

test_case "A-keys a record has the keys that scripts rely on, in their order, none empty" keys
# N: `last` shows the youngest N, of all workers
last_records()
{
	set_opts "$ENDLESS" count=900 ring=200 cpus=0-3
	start
	wait_idle
	get records > "$GFP_TMP/all"
	expect_eq records "$(wc -l < "$GFP_TMP/all")" 800
	for _n in 10 1 3 250 799 800 801 4294967295; do
		[ "$_n" = 10 ] || put last $_n
		tail -n $((_n > 900 ? 900 : _n)) "$GFP_TMP/all" > "$GFP_TMP/want"
		get last > "$GFP_TMP/got"
		cmp -s "$GFP_TMP/want" "$GFP_TMP/got" ||
			fail "the last $_n: $(wc -l < "$GFP_TMP/got") lines, which are not those at the end of records"
	done
	for _bad in 0 x -1 4294967296 '1 2'; do
		_errno=$(case $_bad in 0 | 4294967296) echo ERANGE ;; *) echo EINVAL ;; esac)
		expect_refused "$_errno" "$_bad" last "$_bad" "*how many records*"
	done
	expect_eq "records in last afterwards" "$(get last | wc -l)" 800
	reset
	expect_eq "records in last without a run" "$(get last | wc -l)" 0
}

test_case "A-last the file last shows the last N records, as they stand in records" last_records
test_case "A-time the workers' records come merged by time" by_time
test_case "A-pieces records can be read in pieces" in_pieces

# ---- a ring that is too small

overflow_call()
{
	set_opts count=1000 ring=100
	call
	expect_eq "requests, lost_records, records" \
		"$(summary requests lost_records) $(wc -l < "$JOB/records")" "1000 900 100"
	expect_eq "records of the last 100 requests" "$(count_where "seq>=900")" 100
	expect_eq "sum of stages" "$(summary_of stage)" 1000
}

overflow_workers()
{
	set_opts count=2000 ring=100
	start
	wait_idle
	expect_eq "requests, lost_records, records" \
		"$(summary requests lost_records) $(wc -l < "$JOB/records")" "2000 1600 400"
	expect_eq "records of the last 400 requests" "$(count_where "seq>=1600")" 400
}

overflow_none()
{
	set_opts count=100 ring=100
	call
	expect_eq "lost_records, records" "$(summary lost_records) $(wc -l < "$JOB/records")" "0 100"
	set_opts count=101
	call
	expect_eq "lost_records, records" "$(summary lost_records) $(wc -l < "$JOB/records")" "1 100"
	set_opts count=5 ring=1
	call
	expect_eq "lost_records, records" "$(summary lost_records) $(wc -l < "$JOB/records")" "4 1"
	expect_record -1 seq=4
}

test_case "A-ring-call a full ring keeps the last records and counts the lost ones" overflow_call
test_case "A-ring-start each worker has a ring of its own" overflow_workers
test_case "A-ring-edge a ring is full at its size, not before" overflow_none

# ---- in binary

# records.bin says in its first line how long it is, and its layout is enough to make records of it.
expect_binary()
{
	get records > "$GFP_TMP/want"
	expect_eq records "$(wc -l < "$GFP_TMP/want")" "$1"
	cat "$JOB/records.bin" > "$GFP_TMP/binary"
	_first=$(head -n 1 "$GFP_TMP/binary")
	expect_like "the first line" "$_first" \
		"gfplab-records version=1 byte_order=* header_bytes=* record_bytes=* records=$1"
	binary_head "$_first"
	expect_eq "bytes of records.bin" "$(wc -c < "$GFP_TMP/binary")" $((HEADER_BYTES + RECORD_BYTES * $1))
	head -c "$HEADER_BYTES" "$GFP_TMP/binary" > "$GFP_TMP/layout"
	expect_eq "bytes of the layout that are NUL" "$(tr -d -c '\000' < "$GFP_TMP/layout" | wc -c)" 0
	tail -c +$((HEADER_BYTES + 1)) "$GFP_TMP/binary" | od -A n -v -t u1 |
		awk -f "$GFP_DIR/lib/binary.awk" "$GFP_TMP/layout" - > "$GFP_TMP/got"
	cmp -s "$GFP_TMP/want" "$GFP_TMP/got" ||
		fail "records.bin is not records: first in the text, then made from binary" \
			"$(cat "$GFP_TMP/want" "$GFP_TMP/got" | sort -n -t = -k 3 | uniq -u | head -n 2)"
}

# N OPTION=VALUE...: of a call that leaves N records
binary_call()
{
	_left=$1
	shift
	set_opts "$@"
	call
	expect_binary "$_left"
}

# Several workers, whose rings are too small, and frees
binary_workers()
{
	set_opts count=900 ring=30 order=0-9 hold=10 "$@"
	start
	wait_idle
	expect_binary 120
}

# From any offset, in pieces of any size
binary_pieces()
{
	binary_call 300 count=300 order=0-3
	dd if="$JOB/records.bin" of="$GFP_TMP/pieces" bs=97 2> /dev/null
	cmp "$GFP_TMP/binary" "$GFP_TMP/pieces"
	for _piece in 0:1 1:1 77:3 400:100; do
		dd if="$JOB/records.bin" of="$GFP_TMP/piece" bs=101 skip=${_piece%:*} count=${_piece#*:} 2> /dev/null
		dd if="$GFP_TMP/binary" bs=101 skip=${_piece%:*} count=${_piece#*:} 2> /dev/null |
			cmp - "$GFP_TMP/piece" || fail "what is at $_piece, in pieces of 101 bytes"
	done
}

# Of a job that goes on: as many as the first line says.
binary_running()
{
	set_opts "$ENDLESS" ring=1000 cpus=0-3
	start
	for _ in 1 2 3 4 5; do
		cat "$JOB/records.bin" > "$GFP_TMP/binary"
		binary_head "$(head -n 1 "$GFP_TMP/binary")"
		expect_eq "bytes of $RECORDS records" "$(wc -c < "$GFP_TMP/binary")" $((HEADER_BYTES + RECORD_BYTES * RECORDS))
	done
	expect_eq records "$RECORDS" 4000
	stop
}

# Without a run there is no layout either, but for the first line.
binary_empty()
{
	reset
	expect_binary 0
	expect_eq "lines of the layout that are not blank" "$(grep -c '[^ ]' "$GFP_TMP/layout")" 3
}

for level in none path time; do
	test_case "A-binary at observe=$level records.bin is empty as records is" binary_call 0 count=50 observe=$level
done
for level in full explain; do
	test_case "A-binary at observe=$level records.bin has what records has" binary_call 50 count=50 \
		observe=$level order=0-9 scope=nofs,noio gfp=GFP_KERNEL\|__GFP_NORETRY
done
test_case "A-binary of requests that are turned away" binary_call 40 count=40 order=0,11 gfp=GFP_KERNEL\|__GFP_NOWARN
test_case "A-binary of several workers, and of rings that are full" binary_workers
test_case "A-binary records.bin can be read in pieces, from anywhere" binary_pieces
test_case "A-binary records.bin has its length while the job runs" binary_running
test_case "A-binary without a run records.bin has no records" binary_empty

# ---- times

# Every line of the histogram against the latencies in the records: as many of its order and stage
# are at or below le_ns as the lines so far say.
histogram_adds_up()
{
	set_opts count=1000 order=0,2,5 hold=10
	start
	wait_idle
	expect_eq "sum of counts" "$(awk 'NR > 1 { n += $5 } END { print n }' "$JOB/histogram")" 1000
	awk '
		NR == FNR {
			for (i = 1; i <= NF; i++) {
				at = index($i, "=")
				field[substr($i, 1, at - 1)] = substr($i, at + 1)
			}
			of = field["order"] " " field["stage"]
			latency[of, ++n[of]] = field["latency_ns"] + 0
			next
		}
		FNR == 1 { next }
		{
			of = $2 " " $3
			sum[of] += $5
			below = 0
			for (i = 1; i <= n[of]; i++)
				if ($4 == "inf" || latency[of, i] <= $4 + 0)
					below++
			if (below != sum[of])
				print $0 ": " below " records are at or below, " sum[of] " are counted"
		}
		END {
			for (of in n)
				if (sum[of] != n[of])
					print "order and stage " of ": " n[of] " records, " sum[of] " counted"
		}' "$JOB/records" "$JOB/histogram" > "$GFP_TMP/wrong"
	expect_none "lines that do not agree with the records"
}

# The quantiles as the records have them: the share of the latencies at or below one is at least
# what it says, and a bucket (an eighth) lower it is less.
latencies()
{
	set_opts count=2000 order=0-5 hold=10
	start
	wait_idle
	last=0
	for name in min p50 p90 p99 p99.9 max; do
		value=$(summary latency.$name)
		expect_ge "latency.$name after the one before it" "$value" "$last"
		last=$value
	done
	sed 's/.* latency_ns=\([0-9]*\) .*/\1/' "$JOB/records" | sort -n > "$GFP_TMP/latencies"
	expect_eq latency.min "$(summary latency.min)" "$(head -n 1 "$GFP_TMP/latencies")"
	expect_eq latency.max "$(summary latency.max)" "$(tail -n 1 "$GFP_TMP/latencies")"
	for share in p50:500 p90:900 p99:990 p99.9:999; do
		value=$(summary "latency.${share%:*}")
		for at in "$value" $((value * 7 / 8 - 1)); do
			awk -v most="$at" '$1 + 0 <= most { n++ } END { print n + 0 }' "$GFP_TMP/latencies"
		done > "$GFP_TMP/below"
		expect_ge "requests of 2000 at or below latency.${share%:*}" \
			"$(head -n 1 "$GFP_TMP/below")" $((${share#*:} * 2))
		[ "$value" = "$(summary latency.max)" ] ||
			expect_le "requests of 2000 a bucket below latency.${share%:*}" \
				"$(tail -n 1 "$GFP_TMP/below")" $((${share#*:} * 2))
	done
	expect_eq "time of all stages" "$(summary_of time)" \
		"$(awk '{ n += $1 } END { print n }' "$GFP_TMP/latencies")"
}

test_case "A-histogram the histogram counts each request once, where its latency belongs" histogram_adds_up
test_case "A-latency min to max, quantiles and times per stage follow from the records" latencies

# ---- observe levels

# Of the probes that are present, lines `NAME USERS ATTACHED`
users() { sed -n 's/^probe\.\([a-z]*\) present .* users=\([0-9]*\) attached=\([01]\).*/\1 \2 \3/p' "$GFP/environment"; }

# LEVEL: every probe that this level needs has one user during the run, the others none and are not attached,
# though some may have lingered before
# LEVEL [ENTRY]
attached()
{
	set_opts "$ENDLESS" interval_us=1000 observe="$1" "entry=${2:-alloc_pages}"
	users > "$GFP_TMP/before"
	start
	users > "$GFP_TMP/during"
	stop
	users > "$GFP_TMP/after"
	expect_eq "probes with users before and after the run" \
		"$(grep -hv ' 0 [01]$' "$GFP_TMP/before" "$GFP_TMP/after" || :)" ""
	expect_ge "probes that are present" "$(wc -l < "$GFP_TMP/during")" 10
	# What records alone tell
	_costly='alloc|tofree|throttled|active|slabasked|dirtyok|suitable|kcompactd'
	# Where there is no probe on the slow path the attempts stand in for it.
	! grep -q '^slowpath ' "$GFP_TMP/during" || _costly="attempt|$_costly"
	# Nor has mm_page_alloc anything to add to the attempts of a request for one block.
	_told=
	[ "${2:-}" ] || ! grep -q '^attempt ' "$GFP_TMP/during" || _told=alloc
	# Those of frees are for frees=1.
	sed -i '/^\(freed\|batched\|drained\) /d' "$GFP_TMP/during"
	awk -v level="$1" -v costly="^($_costly)\$" -v told="$_told" '
		{ want = level != "none" && (level ~ /^(full|explain)$/ || $1 !~ costly) && $1 != told }
		$2 != want || $3 != want { print $1 ": " $2 " users, attached=" $3 }' "$GFP_TMP/during" > "$GFP_TMP/wrong"
	expect_none "probes that are attached and need not be, or the other way round"
}

counts()
{
	expect_eq "requests, ok, failed, rejected" \
		"$(summary requests ok failed rejected)" "50 50 0 0"
}

times_unknown()
{
	for key in latency.min latency.p50 latency.p99.9 latency.max time.fast; do
		expect_eq "$key" "$(summary $key)" unknown
	done
	expect_eq "lines of the histogram" "$(get histogram | wc -l)" 1
}

observe_none()
{
	set_opts count=50 order=4 observe=none
	call
	counts
	expect_eq "unknown stages, sources, reserves" \
		"$(summary stage.unknown) $(summary source.unknown) $(summary reserve.unknown)" "50 50 50"
	times_unknown
	expect_eq records "$(wc -l < "$JOB/records")" 0
}

observe_path()
{
	set_opts count=50 order=4 observe=path
	call
	counts
	expect_eq "fast, buddy, no reserve" \
		"$(summary stage.fast) $(summary source.buddy) $(summary reserve.none)" "50 50 50"
	times_unknown
	expect_eq records "$(wc -l < "$JOB/records")" 0
}

observe_time()
{
	set_opts count=50 order=4 observe=time
	call
	counts
	expect_eq "fast, buddy" "$(summary stage.fast) $(summary source.buddy)" "50 50"
	expect_ge latency.min "$(summary latency.min)" "$(least_ns)"
	expect_ge time.fast "$(summary time.fast)" "$(summary latency.max)"
	expect_eq "requests in the histogram" "$(awk 'NR > 1 { n += $5 } END { print n }' "$JOB/histogram")" 50
	expect_eq records "$(wc -l < "$JOB/records")" 0
}

observe_full()
{
	set_opts count=50 order=4 observe=full
	call
	counts
	expect_all 50
	# What is told of frees is known with frees=1.
	expect_eq "records with an unknown field" \
		"$(get records | sed 's/ \(batched\|drained\)=unknown//g' | grep -c '=unknown' || :)" 0
	expect_all_records stage=fast source=buddy attempts=1 "$(took latency_ns)" "ts_ns>0" steal!=unknown
}

test_case "A-observe-none none counts results and says that it knows no more" observe_none
test_case "A-observe-path path knows stage and source, no times" observe_path
test_case "A-observe-time time has latencies and the histogram, no records" observe_time
test_case "A-observe-full full has a record a request with no field unknown" observe_full
for level in none path time full explain; do
	test_case "A-probes-$level at observe=$level only what it needs is attached in the run" attached $level
done
test_case "A-probes-full an entry that asks for several blocks has mm_page_alloc, too" attached full page_frag
# The last: from then on the probes of frees are known here.
test_case "A-binary of frees and predictions" binary_workers frees=1 observe=explain

run_cases
