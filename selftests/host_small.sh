#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: a machine of 512 MiB, and no more refused there than must be
# vm: zones
# timeout: 60
. "$(dirname "$0")/lib/lib.sh"

# On an idle machine ordinary runs go through. Red if too much is refused.
ordinary()
{
	for gfp in GFP_KERNEL GFP_ATOMIC GFP_HIGHUSER; do
		for word in start call; do
			set_opts "gfp=$gfp" count=1000 hold=1000 order=0
			put control $word
			wait_idle
			expect_eq "1000 requests of $gfp, $word" "$(summary ok) $(status aborted)" "1000 none"
		done
	done
}

test_case "H2 on an idle machine a thousand pages are nothing" ordinary

run_cases
