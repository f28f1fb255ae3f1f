#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: of module/rules: words, alloc_flags, gfp names, medians, pairs of probes (rules_test.c), without a kernel
# timeout: 60
. "$(dirname "$0")/lib/lib.sh"
. "$(dirname "$0")/lib/judged_rows"

judge rules_test
test_case "U-rows rules_test.c judges all its rows" rows_complete 50
for group in $(groups); do
	test_case "U-$group text of the rows $group-*" rows_right "$group"
done

run_cases
