#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: made-up evidence and the verdicts worked out by hand (verdict_test.c), without a kernel
# timeout: 60
. "$(dirname "$0")/lib/lib.sh"
. "$(dirname "$0")/lib/judged_rows"

judge verdict_test
test_case "J-rows verdict_test.c judges all its rows" rows_complete 30
for group in $(groups); do
	test_case "J-$group verdicts of the rows $group-*" rows_right "$group"
done

run_cases
