# SPDX-License-Identifier: GPL-2.0
#
# Tables of what scripts/bench.guest says, one file a machine.
#   form=text  for people; exits with 1 if a budget is exceeded
#   form=csv, form=json  every row, its kernel and machine
#   window=MS  the figures are times, not instructions

BEGIN {
	nr_levels = split("none path time full event explain", level, " ")
	split("1.01 1.05 1.20 1.80 2.80 3.50", budget, " ")
}

FNR == 1 { name_of[++file] = FILENAME }
$1 == "env" { key = $2; sub(/^env [^ ]* /, ""); env[file, key] = $0; keys[file] = keys[file] " " key }
$1 == "idle" { idle[file, $2] = $3 }
$1 == "memory" { memory[++nr_memory] = $2 " " $3 " " $4 " " $5 }
$1 == "row" {
	row[++rows] = $0
	from[rows] = file
	id = file SUBSEP $2 SUBSEP $3 SUBSEP $4
	if ($6 != "none")
		id = "checked" SUBSEP id
	ps[id, $5] = $8
	at[id, $5] = rows
	if (!(id in seen)) {
		seen[id] = 1
		ids[++nr_ids] = id
	}
	if ($14 !~ /^ok/)
		noted[++nr_noted] = $2 " workers, " $3 " order " $4 " at " $5 ": " $14
}

# Picoseconds are thousandths of an instruction where a turn of two instructions says so.
function cost(ps, f) { return ps == "-" || ps == "" ? "-" : window ? ps / 1000 : ps * 2 / env[f, "clock.loop_ps"] }
function number(x, form) { return x == "-" ? "-" : sprintf(form, x) }
function ratio(ps, bare) { return ps == "-" || ps == "" || bare == "-" || !bare ? "-" : ps / bare }

function header(f,   i, n, key) {
	print ""
	printf "%s: init_on_alloc %s, init_on_free %s, processors online %s, nodes %s, gfp %s, clock %s\n",
		env[f, "release"], env[f, "init_on_alloc"], env[f, "init_on_free"], env[f, "cpus_online"],
		env[f, "nodes_online"], env[f, "gfp"], env[f, "clock"]
	n = split(keys[f], key, " ")
	for (i = 1; i <= n; i++)
		if (key[i] ~ /^zone/ && match(env[f, key[i]], /pcp_high=.*/))
			printf "  %s: %s\n", key[i], substr(env[f, key[i]], RSTART)
	if (window)
		return
	printf "  calibration: a turn of an empty loop %.3f, a reading of the clock %.3f instructions\n",
		cost(env[f, "clock.loop_ps"], f), cost(env[f, "clock.read_ps"], f)
}

function table(f,   i, l, id, part, line, valid) {
	printf "\n%-21s %5s %7s %10s", "entry", "order", "workers", "bare"
	for (l = 1; l <= nr_levels; l++)
		printf " %16s", level[l] == "event" ? "full+event" : level[l]
	print ""
	for (i = 1; i <= nr_ids; i++) {
		id = ids[i]
		split(id, part, SUBSEP)
		if (part[1] != f)
			continue
		line = sprintf("%-21s %5s %7s %10s", part[3], part[4], part[2], number(value(id, "bare", f), "%.1f"))
		for (l = 1; l <= nr_levels; l++)
			line = line sprintf(" %10s %5s", number(value(id, level[l], f), "%.1f"),
				number(value(id, level[l], f) == "-" ? "-" : ratio(ps[id, level[l]], ps[id, "bare"]), "%.3f"))
		print line
		id = "checked" SUBSEP id
		if (id in seen) {
			line = sprintf("%-21s %5s %7s %10s", "  with check=basic", part[4], part[2], "")
			for (l = 1; l <= nr_levels; l++) {
				if ((id, level[l]) in ps)
					line = line sprintf(" %10s %5s", number(cost(ps[id, level[l]], f), "%.1f"),
						number(ratio(ps[id, level[l]], ps[ids[i], "bare"]), "%.3f"))
				else
					line = line sprintf(" %16s", "")
			}
			sub(/ *$/, "", line)
			print line
		}
	}
}

# What a row may be quoted with: nothing, if its window was disturbed.
function value(id, level,   f, part) {
	if (!((id, level) in ps))
		return "-"
	split(row[at[id, level]], part, " ")
	if (window && part[11] != "yes")
		return "-"
	return cost(ps[id, level], from[at[id, level]])
}

function windows(   i, p, why) {
	printf "\n%-21s %5s %7s %-8s %14s %27s  %s\n", "entry", "order", "workers", "level", "requests/s",
		"ns a request, min/median/max", "p50/p90/p99/p99.9 ns"
	for (i = 1; i <= rows; i++) {
		split(row[i], p, " ")
		why = p[11]
		gsub("_", " ", why)
		printf "%-21s %5s %7s %-8s ", p[3], p[4], p[2], p[5] (p[6] == "none" ? "" : "+" p[6])
		if (p[11] == "yes")
			printf "%14s %9.1f %8.1f %8.1f  %s\n", p[12], p[9] / 1000, p[8] / 1000, p[10] / 1000,
				p[13] ~ /unknown/ ? "-" : p[13]
		else
			printf "invalid: %s\n", substr(why, 5)
	}
}

function verdict(what, got, limit,   bad) {
	bad = got == "-" || got > limit + 0.0000001
	printf "  %-44s %8s <= %-6s %s\n", what, number(got, "%.4f"), limit, bad ? "EXCEEDED" : "ok"
	over += bad
}

function words_of(l) { return level[l] == "event" ? "observe=full, gfplab:gfplab_request enabled" : "observe=" level[l] }

function budgets(   f, l, id, before) {
	for (f = 1; f <= file; f++) {
		id = f SUBSEP 1 SUBSEP "alloc_pages" SUBSEP 0
		if (!((id, "bare") in ps))
			continue
		printf "\nbudgets, %s: alloc_pages, order 0, check=none, ratio to bare\n", env[f, "release"]
		for (l = 1; l <= nr_levels; l++)
			if ((id, level[l]) in ps)
				verdict(words_of(l), ratio(ps[id, level[l]], ps[id, "bare"]), budget[l])
		before = idle[f, "not-loaded"]
		if (before) {
			verdict("others' pages, module loaded", idle[f, "loaded"] / before, "1.0005")
			verdict("others' pages, after runs", idle[f, "idle"] / before, "1.0005")
		}
		checked_budgets(f, id)
		return
	}
}

# A look at each page is no part of "nothing but counts": observe=none has no budget with it.
function checked_budgets(f, id,   l, sum) {
	sum = "checked" SUBSEP id
	if (!(sum in seen))
		return
	printf "\nthe same with check=basic, the default\n"
	for (l = 1; l <= nr_levels; l++) {
		if (!((sum, level[l]) in ps))
			continue
		if (level[l] == "none")
			printf "  %-44s %8s\n", words_of(l), number(ratio(ps[sum, level[l]], ps[id, "bare"]), "%.4f")
		else
			verdict(words_of(l), ratio(ps[sum, level[l]], ps[id, "bare"]), budget[l])
	}
}

# Why an entry has no budget, if it has none. A pair of the others makes one request at order 0, and
# nothing besides that others could make longer or shorter from one run to the next.
function excused(entry) {
	if (entry == "page_frag")
		return "hundreds share a page: hardly a pair asks the allocator for anything"
	if (entry == "contig_range" || entry == "vmalloc")
		return "a pair looks for a free range first, which takes as long as it takes"
}

function entry_budgets(   i, l, part, got, line, n) {
	for (i = 1; i <= nr_ids; i++) {
		split(ids[i], part, SUBSEP)
		if (part[4] != 0 || name_of[part[1]] ~ /-scale/ || ps[ids[i], "bare"] !~ /[0-9]/)
			continue
		if (!n++)
			printf "\nbudgets, %s: every entry at order 0, check=none, ratio to bare\n", env[part[1], "release"]
		line = ""
		for (l = 1; l <= nr_levels; l++) {
			got = ratio(ps[ids[i], level[l]], ps[ids[i], "bare"])
			if (got != "-" && got > budget[l] + 0.0000001)
				line = line sprintf(" %s %.3f > %s", level[l] == "event" ? "full+event" : level[l], got, budget[l])
		}
		printf "  %-21s %2d workers  ", part[3], part[2]
		if (line == "") {
			print "ok"
		} else if (excused(part[3])) {
			print "none: " excused(part[3])
		} else {
			print "EXCEEDED:" line
			over++
		}
	}
}

function beyond(id, level, f) {
	if (ps[id, level] !~ /[0-9]/ || ps[id, "bare"] !~ /[0-9]/)
		return "-"
	return cost(ps[id, level] - ps[id, "bare"], f)
}

# Our own part: what a pair takes more than bare, with a worker on each processor; against one.
function scaling(   i, l, nr, part, id, own, one, worst, line) {
	for (i = 1; i <= nr_ids; i++) {
		id = ids[i]
		split(id, part, SUBSEP)
		if (part[3] != "alloc_pages" || part[4] != 0 || part[2] != env[part[1], "cpus_online"])
			continue
		at_scale[++nr] = id
		online[nr] = part[2]
	}
	if (nr < 2)
		return
	sort_by_online(nr)
	printf "\nour own part, %s: instructions a pair beyond bare, a worker on each processor\n", env[1, "release"]
	printf "%9s %10s", "workers", "bare"
	for (l = 1; l <= nr_levels; l++)
		printf " %11s", level[l] == "event" ? "full+event" : level[l]
	print ""
	worst = 1
	for (i = 1; i <= nr; i++) {
		split(at_scale[i], part, SUBSEP)
		line = sprintf("%9s %10s", online[i], number(cost(ps[at_scale[i], "bare"], part[1]), "%.1f"))
		for (l = 1; l <= nr_levels; l++) {
			own = beyond(at_scale[i], level[l], part[1])
			line = line sprintf(" %11s", number(own, "%.2f"))
			split(at_scale[1], part, SUBSEP)
			one = beyond(at_scale[1], level[l], part[1])
			split(at_scale[i], part, SUBSEP)
			if (one == "-" || own == "-" || one <= 0)
				worst = "-"
			else if (worst != "-" && own / one > worst)
				worst = own / one
		}
		print line
	}
	verdict("most that our own part grows", worst, "1.02")
}

function sort_by_online(nr,   i, j, t) {
	for (i = 2; i <= nr; i++)
		for (j = i; j > 1 && online[j] + 0 < online[j - 1] + 0; j--) {
			t = online[j]; online[j] = online[j - 1]; online[j - 1] = t
			t = at_scale[j]; at_scale[j] = at_scale[j - 1]; at_scale[j - 1] = t
		}
}

function memories(   i, part, first) {
	if (!nr_memory)
		return
	printf "\nmemory: at observe=time, one worker\n"
	for (i = 1; i <= nr_memory; i++) {
		split(memory[i], part, " ")
		printf "  %9s requests: %s bytes a worker, %s a record, %s KiB of the machine's memory\n",
			part[1], part[2], part[3], part[4]
		if (i == 1)
			first = part[2]
		else
			verdict("bytes a worker, against fewer requests", part[2] / first, "1")
	}
}

function text(   f, i) {
	for (f = 1; f <= file; f++) {
		if (name_of[f] ~ /-scale/)
			continue
		header(f)
		if (!window)
			table(f)
	}
	if (window) {
		windows()
	} else {
		budgets()
		entry_budgets()
		scaling()
		memories()
	}
	if (nr_noted)
		print ""
	for (i = 1; i <= nr_noted; i++)
		print "note: " noted[i]
}

function quoted(v, k) { return v ~ /^[0-9]+(\.[0-9]+)?$/ && k > 1 ? v : "\"" v "\"" }

function machine_readable(   i, p, f, name, n, k) {
	n = split("kernel online workers entry order level check requests figure ratio min max valid per_second latencies note init_on_alloc", name, " ")
	if (form == "csv") {
		for (k = 1; k <= n; k++)
			printf "%s%s", name[k], k < n ? "," : "\n"
	} else {
		print "["
	}
	for (i = 1; i <= rows; i++) {
		split(row[i], p, " ")
		f = from[i]
		v[1] = env[f, "release"]; v[2] = env[f, "cpus_online"]; v[3] = p[2]; v[4] = p[3]; v[5] = p[4]
		v[6] = p[5]; v[7] = p[6]; v[8] = p[7]
		v[9] = number(cost(p[8], f), "%.3f")
		v[10] = number(ratio(p[8], ps[f, p[2], p[3], p[4], "bare"]), "%.5f")
		v[11] = number(cost(p[9], f), "%.3f"); v[12] = number(cost(p[10], f), "%.3f")
		v[13] = p[11]; v[14] = p[12]; v[15] = p[13]; v[16] = p[14]; v[17] = env[f, "init_on_alloc"]
		if (form == "json")
			printf "  {"
		for (k = 1; k <= n; k++) {
			if (form == "csv")
				printf "%s%s", v[k], k < n ? "," : "\n"
			else
				printf "\"%s\": %s%s", name[k], quoted(v[k], k), k < n ? ", " : ""
		}
		if (form == "json")
			printf "}%s\n", i < rows ? "," : ""
	}
	if (form == "json")
		print "]"
}

END {
	if (form == "text")
		text()
	else
		machine_readable()
	exit over > 0
}
