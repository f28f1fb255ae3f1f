#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: a kernel that is locked down while the module is there, and what the tests make of it
# dangerous: locks the kernel down until it is booted anew
# vm: lockdown
# timeout: 180
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=
. "$(dirname "$0")/lib/lib.sh"

# There is no way back from it, so these are no cases of run_cases.
LOCKDOWN=/sys/kernel/security/lockdown

running()
{
	gfp_load
	set_opts count=0 interval_us=1000 hold=100 order=0-2 timeout_ms=60000
	start
	sleep 0.3
	expect_eq state "$(status state)" running
	[ -e $LOCKDOWN ] || mount -t securityfs security /sys/kernel/security
	echo integrity > $LOCKDOWN
	expect_like "the kernel's state" "$(cat $LOCKDOWN)" "*\[integrity\]*"
}

# debugfs refuses every file that has a write bit; results stay readable, which is why they have none. The
# module refuses what is not text.
files_refused()
{
	read=0 refused=0
	for file in create remove error; do
		expect_errno EPERM default $file
		refused=$((refused + 1))
	done
	for file in set control last options/order; do
		expect_errno EPERM stop $file
		said=$(cat "$JOB/$file" 2>&1 > /dev/null) && fail "$file can be read"
		expect_like "reading $file" "$said" "*not permitted*"
		refused=$((refused + 2))
	done
	said=$(cat "$JOB/records.bin" 2>&1 > /dev/null) && fail "records.bin can be read"
	expect_like "reading records.bin" "$said" "*not permitted*"
	for file in help environment status summary histogram records explain; do
		[ -n "$(get $file)" ] || fail "$file can't be read"
		read=$((read + 1))
	done
	note "torture: lockdown: EPERM to root from 6 files that can be written: $refused reads and writes;" \
		"$read files of results read"
}

run_goes_on()
{
	first=$(status "done")
	sleep 0.3
	last=$(status "done")
	expect_ge "requests since" "$last" $((first + 1))
	gfp_unload
	said=$(insmod "$(ko)" 2>&1) && { skip "this kernel loads the module though it is locked down: it is signed"; }
	expect_like "what insmod says" "$said" "*not permitted*"
	note "torture: lockdown: EPERM to insmod; the run that was there made $((last - first)) requests more"
}

# SCRIPT: skips all, says why, and does not complain
script_skips()
{
	rc=0
	"$GFP_DIR/$1" > "$GFP_TMP/script" 2>&1 || rc=$?
	expect_eq "exit status of $1" $rc "$KSFT_SKIP"
	expect_like "what $1 says" "$(cat "$GFP_TMP/script")" "*1..0 # SKIP *lockdown=integrity*"
}

# All that there are but this one, whatever they do before they run their cases.
scripts_skip()
{
	scripts=0
	for script in "$GFP_DIR"/*.sh; do
		[ -x "$script" ] && grep -q '^run_cases' "$script" || continue
		script_skips "${script##*/}"
		scripts=$((scripts + 1))
	done
	bad=$(dmesg_since | bad_lines)
	[ -z "$bad" ] || fail "the kernel complained:" "$bad"
	expect_ge "scripts" $scripts 40
	note "torture: lockdown: $scripts test scripts skipped: $(sed -n 's/^1\.\.0 # SKIP //p' "$GFP_TMP/script")"
}

step()
{
	isolate "$2"
	diagnose
	if [ $VERDICT -eq "$KSFT_SKIP" ]; then
		ktap_test_skip "$1" "$(cat "$GFP_TMP/skip")"
	else
		ktap_test_result "$1" [ $VERDICT -eq 0 ]
	fi
}

ktap_print_header
if ! selected K-lockdown; then
	ktap_skip_all "no case matches ROW=${GFPLAB_ROW:-}"
	exit "$KSFT_SKIP"
elif [ ! -e $LOCKDOWN ] && ! mount -t securityfs security /sys/kernel/security; then
	ktap_skip_all "no securityfs"
	exit "$KSFT_SKIP"
elif [ ! -w $LOCKDOWN ] || ! grep -q '\[none\] .*integrity' $LOCKDOWN; then
	ktap_skip_all "this kernel can't be locked down"
	exit "$KSFT_SKIP"
fi
ktap_set_plan 4
dmesg_mark "script: ${0##*/}"
step "K-lockdown a run goes on while the kernel is locked down" running
step "K-lockdown what can be written and what is binary is refused, results can be read" files_refused
step "K-lockdown the run goes on, rmmod ends it, and insmod is refused" run_goes_on
step "K-lockdown the tests skip, and say why" scripts_skip
ktap_finished
