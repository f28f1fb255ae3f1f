#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: free pages that the hypervisor was told of, by a balloon (row B11)
# requires: nodes>=2 zone=1:Normal
# vm: balloon
# timeout: 180
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"
. "$(dirname "$0")/lib/freelists"

# PAGES: waits until node 1 has reported so many of its free pages; the kernel does so every two seconds.
wait_reported()
{
	_left=60
	until [ "$(zone1 reported)" -ge "$1" ]; do
		_left=$((_left - 1))
		[ $_left -gt 0 ] || fail "of $(zone1 free) free pages $(zone1 reported) are reported, not $1"
		sleep 0.5
	done
}

# Blocks that were told of are taken, and are as new ones are: the mark is gone. Freed, they are told of again. Red
# if a mark stays on a page that is in use, or if what is taken stays among the reported.
taken_back()
{
	[ -d /sys/bus/virtio/drivers/virtio_balloon ] || skip "no virtio_balloon, or no CONFIG_PAGE_REPORTING"
	set -- /sys/bus/virtio/drivers/virtio_balloon/virtio*
	[ -e "$1" ] || skip "the machine has no balloon"
	quiet
	free=$(zone1 free)
	wait_reported $((free / 2))
	before=$(zone1 reported)
	on_cpu0 "gfp=$MOVABLE" order=9 count=60 hold=60 release=keep check=full max_pages=60000
	expect_all_records result=ok bad=none page_nid=1
	held=$(status held_pages)
	expect_le "pages reported while $held of them are held" "$(zone1 reported)" $((free - held))
	reset
	wait_reported $((before - 2048))
}

test_case "B11 free pages are reported, taken, and reported again" taken_back

run_cases
