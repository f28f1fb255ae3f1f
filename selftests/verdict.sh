#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: made-up evidence and the verdicts worked out by hand (verdict.c), without a kernel
# timeout: 60
. "$(dirname "$0")/lib.sh"

"$GFP_DIR/verdict" > "$GFP_TMP/verdicts" 2>&1 || :

# GROUP: every row whose name begins so is right
group()
{
	grep -E "^(not )?ok $1(-|:|\$)" "$GFP_TMP/verdicts" > "$GFP_TMP/rows"
	while read -r line; do
		note "$line"
	done < "$GFP_TMP/rows"
	expect_eq "rows that are wrong" "$(grep "^not" "$GFP_TMP/rows" || :)" ""
}

# The helper lives to its end, and judges what it lists.
complete()
{
	expect_ge "rows of verdict.c" "$(wc -l < "$GFP_TMP/verdicts")" 30
	sed 's/^not //; s/^ok //; s/:.*//' "$GFP_TMP/verdicts" > "$GFP_TMP/judged"
	"$GFP_DIR/verdict" -l > "$GFP_TMP/listed"
	cmp "$GFP_TMP/judged" "$GFP_TMP/listed"
}

# The helper judges all rows at once; a case is a group of them.
groups=$("$GFP_DIR/verdict" -l | sed 's/-.*//' | sort -u)
test_case "J-rows verdict.c judges all its rows" complete
for group in $groups; do
	test_case "J-$group verdicts of the rows $group-*" group "$group"
done

run_cases
