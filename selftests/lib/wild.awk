# SPDX-License-Identifier: GPL-2.0
#
# Draws requests, states of memory and settings of the machine for selftests/explain_wild.sh, the same
# ones for the same seed and machine:
#	awk -v seed=1 -v calls=100 -v nodes="0 1" -v zones="0:DMA32:90000 1:Normal:120000" \
#		-v files="vm/zone_reclaim_mode ..." -v hardirq=hardirq -f wild.awk
# where zones are NID:ZONE:FREE_PAGES and files those sysctls that the kernel has. A line a call:
# SETTINGS CALLER OPTION=VALUE...; SETTINGS are FILE=VALUE joined by commas, or none; CALLER is who asks:
# plain, realtime, ioflusher, cpuset:NODES, bind:NODES or preferred:NODE.

# 0..n - 1, by Park and Miller; the same in every awk, which rand() is not.
function draw(n) {
	seed = seed * 16807 % 2147483647
	return int(seed / 7) % n
}

function chance(percent) { return draw(100) < percent }

function one_of(list,   word, n) {
	n = split(list, word, " ")
	return word[draw(n) + 1]
}

function some_nodes(   list, i) {
	for (i = 1; i <= nr_nodes; i++)
		if (chance(50))
			list = list (list == "" ? "" : ",") node[i]
	return list == "" ? node[draw(nr_nodes) + 1] : list
}

# Whoever may reclaim gives up in the end: none of these masks reaches the OOM killer.
function mask(   gfp) {
	gfp = "__GFP_NOWARN"
	direct = chance(50)
	if (direct) {
		gfp = gfp "|__GFP_DIRECT_RECLAIM|" one_of("__GFP_NORETRY __GFP_NORETRY __GFP_RETRY_MAYFAIL")
		if (chance(80))
			gfp = gfp "|__GFP_IO" (chance(80) ? "|__GFP_FS" : "")
		if (chance(15))
			gfp = gfp "|__GFP_HIGH"
	} else if (chance(40)) {
		gfp = gfp "|GFP_ATOMIC"
	} else if (chance(20)) {
		gfp = gfp "|__GFP_HIGH"
	}
	if (chance(75))
		gfp = gfp "|__GFP_KSWAPD_RECLAIM"
	if (chance(25))
		gfp = gfp "|__GFP_HARDWALL"
	if (chance(8))
		gfp = gfp "|__GFP_NOMEMALLOC"
	if (chance(6))
		gfp = gfp "|__GFP_MEMALLOC"
	if (chance(15))
		gfp = gfp "|__GFP_THISNODE"
	if (chance(10))
		gfp = gfp "|__GFP_WRITE"
	return gfp "|" one_of("__GFP_MOVABLE __GFP_MOVABLE|__GFP_HIGHMEM __GFP_RECLAIMABLE __GFP_DMA __GFP_DMA32 " \
		"__GFP_ZERO __GFP_ZERO __GFP_ZERO")
}

# One zone may be short, if there is another one for the rest of the system; others may be near their marks.
function state(   i, squeezes, amount, text, tight, zone) {
	for (i = 1; i <= nr_zones; i++) {
		split(zone_of[i], zone, ":")
		if (!chance(100 / (nr_zones + 1)))
			continue
		amount = one_of("high+5% high+20% low+2% low+10% low-5% 110 105")
		if (!tight && roomy > 1 && chance(50)) {
			amount = one_of("95 80 70 60 50 40 30")
			tight = 1
		}
		squeezes = squeezes (squeezes == "" ? "" : ",") zone[1] ":" zone[2] ":" amount
	}
	text = "squeeze=" (squeezes == "" ? "none" : squeezes)
	if (chance(20)) {
		split(zone_of[draw(nr_zones) + 1], zone, ":")
		return text " fragment=" zone[1] ":" zone[2] ":" (draw(8) + 1)
	}
	return text " fragment=none"
}

function value(file) {
	if (file ~ /zone_reclaim_mode/)
		return one_of("1 3 5 7")
	if (file ~ /boost_factor/)
		return one_of("15000 1000 40000")
	if (file ~ /scale_factor/)
		return one_of("10 50 200 500")
	if (file ~ /high_fraction/)
		return one_of("8 40 200")
	if (file ~ /min_free_kbytes/)
		return one_of("2048 6000 9000")
	if (file ~ /dirty_ratio/)
		return one_of("1 50 100")
	if (file ~ /numa_balancing/)
		return one_of("1 2")
	return one_of("0 1")
}

function settings(   i, text) {
	for (i = 1; i <= nr_files; i++)
		if (chance(12))
			text = text (text == "" ? "" : ",") file[i] "=" value(file[i])
	return text == "" ? "none" : text
}

function caller() {
	if (chance(65))
		return "plain"
	return one_of("realtime ioflusher cpuset:" some_nodes() " cpuset:" some_nodes() " bind:" some_nodes() \
		" preferred:" node[draw(nr_nodes) + 1])
}

function request(   gfp, entry, nid, nodemask, context, scope) {
	gfp = mask()
	entry = one_of("alloc_pages alloc_pages_node alloc_pages_node alloc_pages_nodemask alloc_pages_nodemask " \
		"folio_alloc split_page put_page")
	nid = entry ~ /_node/ ? one_of("-1 " nodes) : -1
	nodemask = entry ~ /_nodemask/ && chance(70) ? some_nodes() : "all"
	context = direct ? "task" : one_of("task task atomic softirq " hardirq)
	scope = context ~ /irq/ ? "none" : one_of("none none none none nofs noio pin noreclaim")
	return "gfp=" gfp " entry=" entry " order=" one_of("0 0 1 2 3 4 6 9 10 0-3 0-10") " nid=" nid \
		" nodes=" nodemask " context=" context " scope=" scope " seed=" draw(1000000) " " \
		one_of("hold=4:release=fifo hold=0:release=at_end hold=0:release=at_once")
}

BEGIN {
	nr_nodes = split(nodes, node, " ")
	nr_zones = split(zones, zone_of, " ")
	nr_files = split(files, file, " ")
	for (i = 1; i <= nr_zones; i++) {
		split(zone_of[i], part, ":")
		roomy += part[3] > 25000
	}
	seed = seed * 2 + 1
	draw(2)
	for (i = 0; i < calls; i++) {
		line = settings() " " caller() " " state() " " request()
		sub(/:release/, " release", line)
		print line
	}
}
