#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: NMIs that allocate in the middle of requests; those are not the requests' own attempts
# dangerous: allocates in NMIs
# suite: full
# requires: cpus>=2 kprobes
# vm: work
# timeout: 120
. "$(dirname "$0")/lib/lib.sh"

SERVED=/sys/module/gfplab_neighbour_nmi/parameters/served

# OPTION=VALUE...: red if an NMI's attempt or event is booked on the request that it interrupts
interrupted()
{
	load_beside gfplab_neighbour_nmi || skip "no pages for NMIs on this kernel: $(cat "$GFP_TMP/insmod")"
	# shellcheck disable=SC2086 # several options
	set_opts $ENDLESS cpus=1 order=0 ring=20000 "$@"
	start
	wait_at_work
	_left=600
	until [ "$(cat $SERVED)" -ge 1000 ]; do
		_left=$((_left - 1))
		[ $_left -gt 0 ] || fail "NMIs got $(cat $SERVED) pages in a minute, and $(status "done") requests were made"
		sleep 0.1
	done
	stop
	wait_idle
	cat "$JOB/records" > "$GFP_TMP/records"
	expect_eq "records of more attempts than one ($(cat $SERVED) pages went to NMIs)" \
		"$(grep -c -v " attempts=1 " "$GFP_TMP/records")" 0
	expect_eq "records with an attempt that tries locks" "$(grep -c TRYLOCK "$GFP_TMP/records")" 0
	expect_eq "requests fast, of all" "$(summary stage.fast)" "$(summary requests)"
}

test_case "V-nmi an NMI's pages are not the request's" interrupted observe=full hold=0 release=at_once
test_case "V-nmi nor where blocks are held" interrupted observe=full hold=20 release=fifo order=0

run_cases
