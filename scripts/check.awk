# SPDX-License-Identifier: GPL-2.0
#
# Makes one KTAP report of what several machines said. The input tells which kernels, machines
# and scripts there were, and where each machine's own KTAP (selftests/run) is:
#	kernel NAME
#	error TEXT				nothing was run on it
#	machine SHAPE
#	script NAME				one for each, in their order
#	said TEXT				the last words of scripts/vm
#	ended STATUS FILE			or: ended none
# What a machine owes and did not deliver becomes a failed case. Each machine adds cases of its
# own: that it came to its end, kept its console clean, was not tainted, and has its memory back.

# What a kernel keeps for itself while the tests run: slab caches, and the ring buffers of traces.
BEGIN { MOST_LOST_KB = 16384 }

$1 == "kernel" {
	finish_kernel()
	kernel = substr($0, 8)
	kernels++
	head[kernels] = kernel
}
$1 == "error" {
	text = substr($0, 7)
	open_block("preparation")
	emit("1..1")
	result("not ok", text)
	close_block()
}
$1 == "machine" { shape = $2; scripts = 0; said = "" }
$1 == "script" { script[++scripts] = $2 }
$1 == "said" { said = substr($0, 6); sub(/^vm: /, "", said) }
$1 == "ended" && $2 == "none" {
	for (s = 1; s <= scripts; s++)
		skip_block(script[s], "not run after a failure")
}
$1 == "ended" && $2 != "none" { machine($2, substr($0, length("ended " $2 " ") + 1)) }

END {
	finish_kernel()
	print "KTAP version 1"
	print "1.." kernels
	for (k = 1; k <= kernels; k++) {
		print "  KTAP version 1"
		print "  # Subtest: " head[k]
		print "  1.." blocks[k]
		printf "%s", body[k]
		print (bad[k] ? "not ok " : "ok ") k " " head[k]
	}
	for (f = 1; f <= failures; f++)
		print "# failed: " failure[f]
	print passed + 0 " passed, " failed + 0 " failed, " skipped + 0 " skipped"
}

# "BEFORE..AFTER"
function lost_kb(range) {
	split(range, kb, /\.\./)
	return kb[2] - kb[1]
}

function finish_kernel() {
	if (!kernels)
		return
	body[kernels] = lines
	blocks[kernels] = number + 0
	bad[kernels] = kernel_bad
	lines = ""
	number = kernel_bad = 0
}

# A block: one script of one kernel.
function open_block(name) {
	block = name
	text_of_block = ""
	results = block_bad = block_skipped = 0
	emit("KTAP version 1")
	emit("# Subtest: " name)
}

function emit(line) { text_of_block = text_of_block "    " line "\n" }

# A result line as a script printed it, or one of ours.
function count(line) {
	results++
	if (line ~ /^not ok/) {
		failed++
		block_bad = 1
		sub(/^not ok [0-9]* */, "", line)
		line = kernel ": " block ": " line
		if (line != failure[failures])
			failure[++failures] = line
	} else if (line ~ /# SKIP/)
		skipped++
	else
		passed++
}

function result(verdict, name) {
	emit(verdict " " results + 1 " " name)
	count(verdict " " results + 1 " " name)
}

function close_block() {
	number++
	kernel_bad += block_bad
	block_skipped = block_skipped && !block_bad
	skipped += block_skipped
	lines = lines text_of_block "  " (block_bad ? "not ok " : "ok ") number " " block \
		(block_skipped ? " # SKIP" : "") "\n"
}

function skip_block(name, why) {
	open_block(name)
	emit("1..0 # SKIP " why)
	block_skipped = 1
	close_block()
}

function machine(status, file,   line, s, in_block, plan, taint, used, ended) {
	while ((getline line < file) > 0) {
		if (line ~ /^  /) {
			if (!in_block) {
				open_block(script[++s])
				in_block = 1
				plan = ""
			}
			line = substr(line, 3)
			if (line ~ /^KTAP version|^# Subtest:/)
				continue
			if (line ~ /^1\.\.[0-9]/ && plan == "")
				plan = substr(line, 4) + 0
			emit((line ~ /^(#|1\.\.|ok |not ok )/ ? "" : "# ") line)
			if (line ~ /^(not )?ok /)
				count(line)
			if (line ~ /^1\.\.0 # SKIP/)
				block_skipped = row != "" && line ~ /no case matches/ ? 2 : 1
		} else if (line ~ /^(not )?ok / && in_block) {
			if (block_skipped != 2 || block_bad)
				close_block()
			in_block = 0
		} else if (line ~ /^RESULT /) {
			ended = 1
			if (match(line, /taint=[0-9.]*/))
				taint = substr(line, RSTART + 6, RLENGTH - 6)
			if (match(line, /used_kb=[0-9.]*/))
				used = substr(line, RSTART + 8, RLENGTH - 8)
		} else if (in_block)
			emit("# " line)
	}
	close(file)
	if (in_block) {
		if (plan == "") {
			plan = results + 1
			emit("1.." plan)
		}
		do
			result("not ok", "no result: " said)
		while (results < plan)
		close_block()
	}
	while (s < scripts) {
		open_block(script[++s])
		emit("1..1")
		result("not ok", "no result: " said)
		close_block()
	}

	open_block("machine " shape)
	emit("1..4")
	if (!ended || (status != 0 && status != 1 && status != 2 && status != 4))
		result("not ok", "came to its end: " (said == "" ? "the runner gave up" : said))
	else
		result("ok", "came to its end")
	if (status == 2)
		result("not ok", "console clean: " said)
	else
		result("ok", "console clean" (ended ? "" : " # SKIP the machine did not end"))
	if (ended)
		result(tainted(taint) ? "not ok" : "ok", "no taint but O, E and N" \
			(tainted(taint) ? ": " taint : ""))
	else
		result("ok", "no taint but O, E and N # SKIP the machine did not end")
	if (ended) {
		emit("# KiB in use before and after: " used)
		result(lost_kb(used) > MOST_LOST_KB ? "not ok" : "ok", "memory is back")
	} else
		result("ok", "memory is back # SKIP the machine did not end")
	close_block()
}

# BEFORE..AFTER: whether a bit was set in between, other than O (4096), E (8192), N (262144).
function tainted(range,   at, before, after, bit, b, a) {
	at = index(range, "..")
	# Numbers: `bit <= after` would compare words.
	before = substr(range, 1, at - 1) + 0
	after = substr(range, at + 2) + 0
	for (bit = 1; bit <= after; bit *= 2) {
		b = int(before / bit) % 2
		a = int(after / bit) % 2
		if (a && !b && bit != 4096 && bit != 8192 && bit != 262144)
			return 1
	}
	return 0
}
