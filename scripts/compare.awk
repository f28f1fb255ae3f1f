# SPDX-License-Identifier: GPL-2.0
#
# What changed from one kernel to another: reads the words of scripts/bench.guest and
# scripts/compare.guest; files of the first kernel are named A-*, of the second B-*.

FNR == 1 { n = split(FILENAME, part, "/"); k = substr(part[n], 1, 1); file++ }
$1 == "env" { key = $2; sub(/^env [^ ]* /, ""); env[k, key] = $0 }
# What it takes hangs on which range happens to be free.
$1 == "row" && $3 == "contig_range" { next }
$1 == "row" && $5 == "bare" {
	id = $3 " " $4
	if (!(id in row_seen)) { row_seen[id] = 1; rows[++nr_rows] = id }
	pair[k, id] = $8 * 2 / env[k, "clock.loop_ps"]
}
$1 == "path" {
	id = $2 " " $3 " " $4 " " $5
	if (!(id in path_seen)) { path_seen[id] = 1; paths[++nr_paths] = id }
	times[k, id] = $6
	asked[k, $2] += $6
	if ($3 != "ok") failed[k, $2] += $6
	took[k, id] = $7
	if (!($2 in name_seen)) { name_seen[$2] = 1; names[++nr_names] = $2 }
}

function number(x, form) { return x == "" ? "-" : sprintf(form, x) }
function change(a, b) { return a == "" || b == "" ? "-" : sprintf("%+.1f", b - a) }
function percent(a, b) {
	if (a == "" || b == "" || a == 0)
		return "-"
	a = sprintf("%.1f", (b - a) * 100 / a)
	return (a + 0 > 0 ? "+" : "") (a + 0 == 0 ? "0.0" : a)
}
# Pages that are freed one by one meet their neighbours or not, a refill finds the free lists as
# they are, an area of vmalloc the others: by up to so many percent this differs from one boot of the
# same kernel to the next.
function wavers(entry, order, source) {
	if (entry == "vmalloc")
		return 4
	return entry ~ /^(split_page|held_page|alloc_pages_exact)$/ && order > 0 || source == "refill" ? 1 : 0
}
function within(a, b, most) { return changed(a, b) && a != "" && b != "" && (b - a) * (b - a) * 10000 < a * a * most * most }
# A tenth of a percent, the least that is told from nothing.
function changed(a, b) { return percent(a, b) + 0 != 0 || (a == "") != (b == "") }

function states(   i, n, key, differ) {
	printf "A: %s\nB: %s\n", env["A", "release"], env["B", "release"]
	n = split("init_on_alloc init_on_free cpus_online nodes_online page_size max_order clock", key, " ")
	for (i = 1; i <= n; i++) {
		printf "  %s %s", key[i], env["A", key[i]]
		if (env["A", key[i]] != env["B", key[i]])
			printf " and %s: they differ", env["B", key[i]]
	}
	print ""
}

function pairs(   i, part, a, b) {
	printf "\nbare pairs, instructions\n%-21s %5s %12s %12s %10s %8s\n", "entry", "order", "A", "B", "change", "%"
	for (i = 1; i <= nr_rows; i++) {
		split(rows[i], part, " ")
		a = pair["A", rows[i]]; b = pair["B", rows[i]]
		if (within(a, b, wavers(part[1], part[2], ""))) {
			printf "%-21s %5s %12.1f %12.1f %10s %8s\n", part[1], part[2], a, b, "~", "~"
			continue
		}
		printf "%-21s %5s %12s %12s %10s %8s\n", part[1], part[2], number(a, "%.1f"), number(b, "%.1f"),
			change(a, b), percent(a, b)
		pairs_changed += changed(a, b)
	}
}

function share(k, id, name) { return asked[k, name] ? 100 * times[k, id] / asked[k, name] : "" }

function requests(   i, part, a, b, sa, sb, way, same) {
	printf "\npaths, instructions a request, the median; share: of the scenario's requests, in %%\n"
	printf "%-15s %-30s %8s %8s %10s %10s %9s %8s\n", "scenario", "result, stage, source", "share A", "share B",
		"A", "B", "change", "%"
	for (i = 1; i <= nr_paths; i++) {
		split(paths[i], part, " ")
		a = took["A", paths[i]]; b = took["B", paths[i]]
		sa = share("A", paths[i], part[1]); sb = share("B", paths[i], part[1])
		way = part[3] "/" part[4]
		same = within(a, b, wavers("", 0, part[4]))
		printf "%-15s %-30s %8s %8s %10s %10s %9s %8s\n", part[1], part[2] " " part[3] " " part[4], number(sa, "%.1f"),
			number(sb, "%.1f"), number(a, "%d"), number(b, "%d"), same ? "~" : change(a, b),
			same ? "~" : percent(a, b)
		if (sprintf("%.1f", sa) != sprintf("%.1f", sb))
			shares_changed++
		if (!(way in way_seen)) { way_seen[way] = 1; ways[++nr_ways] = way }
		if (a == "" || b == "")
			way_alone[way]++
		else
			way_rows[way]++
		if (a != "" && b != "" && !same && changed(a, b)) {
			way_changed[way]++
			if (way_changed[way] == 1 || b - a < way_least[way]) way_least[way] = b - a
			if (way_changed[way] == 1 || b - a > way_most[way]) way_most[way] = b - a
			if (percent(a, b) ~ /^[-+]/ && (way_changed[way] == 1 || percent(a, b) + 0 > way_percent[way] + 0))
				way_percent[way] = percent(a, b)
		}
	}
}

function failures(   i) {
	printf "\nfailures\n"
	for (i = 1; i <= nr_names; i++)
		if (failed["A", names[i]] + failed["B", names[i]])
			printf "%-15s %8d of %d %8d of %d%s\n", names[i], failed["A", names[i]], asked["A", names[i]],
				failed["B", names[i]], asked["B", names[i]],
				failed["A", names[i]] == failed["B", names[i]] ? "" : "  changed"
}

function conclusion(   i, w) {
	printf "\nwhat changed\n"
	printf "  %d of %d bare pairs, %d of %d shares\n", pairs_changed, nr_rows, shares_changed, nr_paths
	for (i = 1; i <= nr_ways; i++) {
		w = ways[i]
		if (way_alone[w])
			printf "  %-18s taken by one of the kernels alone in %d rows\n", w, way_alone[w]
		if (!way_changed[w] && way_rows[w])
			printf "  %-18s the same in all %d rows\n", w, way_rows[w]
		else if (way_changed[w])
			printf "  %-18s %+d to %+d instructions a request, at most %s %%, in %d of %d rows\n", w, way_least[w],
				way_most[w], way_percent[w], way_changed[w], way_rows[w]
	}
	print ""
	print "Left out by rule: the boot, and 3 s of quiet after it; of the bare pairs the first eighth of the"
	print "blocks; of each scenario a first run of it; interrupts and other tasks, since the median is taken of"
	print "blocks and of requests that are shorter than the time between two timer ticks. Changes below 0.05 %"
	print "are none; ~: less than 1 %, of vmalloc 4 %, where the same kernel differs from boot to boot (refills,"
	print "blocks freed page by page). contig_range is left out: what it takes hangs on which range is free."
	print "Every instruction counts as one, an iteration of a string instruction as well."
}

END {
	states()
	pairs()
	requests()
	failures()
	conclusion()
}
