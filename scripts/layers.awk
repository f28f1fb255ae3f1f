# SPDX-License-Identifier: GPL-2.0
# Holds the module's files against module/layers. Input, after that file:
#   file FILE                there is such a file
#   include FILE HEADER      a line FILE has: #include "HEADER"
#   define NOUN SYMBOL       an object defines it for others
#   use NOUN SYMBOL          an object refers to it
# A noun is a file's path below module/ without its ending. Prints FILE: TEXT for each finding.

function noun(path) {
	sub(/^module\//, "", path)
	sub(/\.[cho]$/, "", path)
	return path
}

function known(name, file) {
	if (name in rank)
		return 1
	if (!(name in told))
		print file ": is in no layer of module/layers"
	told[name]
	return 0
}

# FROM may know TO if it stands higher, or is the same.
function judge(file, from, to, how) {
	if (known(from, file) && known(to, file) && rank[to] > rank[from])
		print file ": " how " of " to ", which is in a higher layer (module/layers)"
}

NR == FNR {
	if ($1 != "" && $1 !~ /^#/) {
		if ($1 in rank)
			print FILENAME ":" FNR ": " $1 " stands there twice"
		rank[$1] = ++ranks
		line[$1] = FNR
		layers = FILENAME
	}
	next
}

{ seen[noun($2)] }

$1 == "include" {
	header = $3
	if ($2 ~ /\/rules\// && header !~ /\//)
		header = "rules/" header
	if (!(header in exists) && (getline text < ("module/" header)) < 0) {
		header = $3
	}
	close("module/" header)
	exists[header]
	judge($2, noun($2), noun(header), "includes the header")
}

$1 == "define" { owner[$3] = $2 }

$1 == "use" { used[$2 " " $3] }

END {
	for (pair in used) {
		split(pair, part, " ")
		if (part[2] in owner)
			judge("module/" part[1] ".c", part[1], owner[part[2]], "uses " part[2] "()")
	}
	for (name in rank)
		if (!(name in seen))
			print layers ":" line[name] ": there is no " name
}
