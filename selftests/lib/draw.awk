# SPDX-License-Identifier: GPL-2.0
#
# Draws requests at random for selftests/agreement, the same ones for the same seed:
#	awk -v seed=1 -v calls=100 -v nodes=2 -v states="..." -v kinds="..." -v hardirq=hardirq -f draw.awk
# A line a call: STATE KIND OPTION=VALUE...  Every state meets every kind in turn; entry, node,
# nodemask, orders, context, scope and what is held are drawn. A state is options joined by commas;
# a kind is a gfp mask without __GFP_NOWARN.

# 0..n - 1, by Park and Miller; the same in every awk, which rand() is not.
function draw(n) {
	seed = seed * 16807 % 2147483647
	return seed % n
}

function one_of(list,   word, n) {
	n = split(list, word, " ")
	return word[draw(n) + 1]
}

# The node that the state is about, more often than not.
function a_node(state) {
	if (match(state, /[0-9]:[A-Z]/) && draw(10) < 6)
		return substr(state, RSTART, 1)
	return draw(nodes + 1) - 1
}

function nodemask(   list, n) {
	for (n = 0; n < nodes; n++)
		if (draw(2))
			list = list (list == "" ? "" : ",") n
	return list == "" ? "all" : list
}

function request(state, kind,   gfp, entry, order, nid, mask, tight, context, scope) {
	gfp = kind "|__GFP_NOWARN" (draw(4) ? "" : "|__GFP_THISNODE")
	order = one_of("0-4,9-10 0-4,9-10 0 0-3 4,9-10 1-2,4")
	nid = -1
	mask = "all"
	# Where every zone is closed, small requests leave enough for the rest of the system.
	tight = state ~ /lowmem/ && nodes == 1
	if (tight)
		order = one_of("0 0-2 3-4")
	entry = one_of("alloc_pages_node alloc_pages_node alloc_pages_node alloc_pages_nodemask " \
		"alloc_pages_nodemask alloc_pages folio_alloc split_page get_free_pages " \
		"alloc_page alloc_pages_exact" (tight ? "" : " kmalloc_large"))
	if (kind ~ /HIGHUSER|DMA/ && entry ~ /get_free|exact|kmalloc/)
		entry = "put_page"
	if (entry == "alloc_page")
		order = 0
	if (entry == "kmalloc_large")
		order = "2-4,9-10"
	if (entry ~ /_node/)
		nid = a_node(state)
	if (entry ~ /_nodemask/)
		mask = nodemask()
	context = kind ~ /NORETRY|MAYFAIL/ ? "task" : one_of("task task task atomic softirq " hardirq)
	scope = context ~ /irq/ ? "none" : one_of("none none none none nofs noio pin" \
		(tight ? "" : " noreclaim"))
	return "gfp=" gfp " entry=" entry " order=" order " nid=" nid " nodes=" mask \
		" context=" context " scope=" scope " seed=" draw(1000000) " max_pages=1000000 " \
		one_of("hold=4,release=fifo hold=0,release=at_end hold=0,release=at_once")
}

BEGIN {
	nr_states = split(states, state, " ")
	nr_kinds = split(kinds, kind, " ")
	seed = seed * 2 + 1
	draw(2)
	for (i = 0; i < calls; i++) {
		s = state[i % nr_states + 1]
		k = kind[int(i / nr_states) % nr_kinds + 1]
		line = s " " k " " request(s, k)
		gsub(/,release/, " release", line)
		print line
	}
}
