# SPDX-License-Identifier: GPL-2.0
#
# Makes a table of scripts/check's reports. The input is, for each run, a line
#	run KERNEL SHAPE SCRIPT...
# its report, if there is one, and
#	state COMMIT/SUM		of the checkout, when it was run; `state` is that of now
#	ended STATUS			check's exit status, or none
# Cases are the lines indented by four blanks. Exit status: 1 if anything failed.

$1 == "run" {
	kernel = $2
	shape = $3
	script = last = what = ""
	bad = 0
	for (i = 4; i <= NF; i++)
		note_theme($i)
	next
}
# Tells that it came to its end, and how.
/^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$/ { last = $0; next }
/^state / {
	sub(/^state /, "")
	if (sum($0) != sum(state)) {
		if (!($0 in old))
			older[++states] = $0
		old[$0] = old[$0] (old[$0] == "" ? "" : ", ") kernel " " shape
	}
	next
}
/^ended / { ended($2); next }
/^    # Subtest: / {
	script = $3 == "machine" ? "machines" : $3
	note_theme(script)
	what = $3 == "machine" ? "machine " $4 : $3
}
/^    1\.\.0 # SKIP / { sub(/^ *1\.\.0 # SKIP /, ""); skip("all of it", $0) }
/^    ok [0-9]+ .*# SKIP/ {
	name = $0
	sub(/^ *ok [0-9]+ /, "", name)
	why = name
	sub(/ *# SKIP.*/, "", name)
	sub(/.*# SKIP */, "", why)
	skip(name, why)
	next
}
/^    ok [0-9]+ / { passed[kernel, script]++ }
/^    not ok [0-9]+ / {
	name = $0
	sub(/^ *not ok [0-9]+ /, "", name)
	failed[kernel, script]++
	bad++
	fail(kernel " " what ": " name)
}

# A run counts as what its report says only if that is whole, and check said the same.
function ended(status,   said) {
	split(last, said, " ")
	if (status == "none")
		unfinished("it was not run to its end")
	else if (last == "")
		unfinished("no complete report, exit status " status)
	else if (status != (said[1] > 0 && said[3] == 0 ? 0 : 1))
		unfinished("exit status " status ", but its report says: " last)
	else if (bad != said[3] || said[1] == 0)
		unfinished("of its cases " bad " failed, but its report says: " last)
}
function sum(of) {
	sub(/.*\//, "", of)
	return of
}
function unfinished(why) {
	failed[kernel, "machines"]++
	note_theme("machines")
	fail(kernel " " shape ": " why)
}

function note_theme(name) {
	if (!(name in known)) {
		known[name] = 1
		theme[++themes] = name
	}
}
function fail(text) { failure[++failures] = text }
function skip(name, why,   key) {
	skipped[kernel, script]++
	key = script ": " why
	if (!(key in on)) {
		reason[++reasons] = key
		on[key] = ""
	}
	if (index(" " on[key] " ", " " kernel " ") == 0)
		on[key] = on[key] (on[key] == "" ? "" : " ") kernel
	times[key]++
}

END {
	n = split(kernels, column, " ")
	printf "%-16s", "theme"
	for (k = 1; k <= n; k++)
		printf " %18s", column[k]
	print ""
	for (t = 1; t <= themes; t++) {
		name = theme[t]
		sub(/\.sh$/, "", name)
		printf "%-16s", name
		for (k = 1; k <= n; k++)
			printf " %18s", cell(passed[column[k], theme[t]], failed[column[k], theme[t]], skipped[column[k], theme[t]])
		print ""
		for (k = 1; k <= n; k++) {
			p[k] += passed[column[k], theme[t]]
			f[k] += failed[column[k], theme[t]]
			s[k] += skipped[column[k], theme[t]]
		}
	}
	printf "%-16s", "all"
	for (k = 1; k <= n; k++)
		printf " %18s", cell(p[k], f[k], s[k])
	print ""
	for (i = 1; i <= reasons; i++)
		print (i == 1 ? "\nSkipped:\n" : "") "  " reason[i] " (" times[reason[i]] "; " on[reason[i]] ")"
	if (failures)
		print ""
	for (i = 1; i <= failures; i++)
		print "FAILED " failure[i]
	if (states)
		print "\nWARNING: not all runs are of the checkout as it is now (" state "):"
	for (i = 1; i <= states; i++)
		print "WARNING: of " older[i] ": " old[older[i]]
	exit failures > 0
}

function cell(ok, bad, skips) {
	if (!ok && !bad && !skips)
		return "-"
	return (ok + 0) (bad ? " " bad "F" : "") (skips ? " " skips "s" : "")
}
