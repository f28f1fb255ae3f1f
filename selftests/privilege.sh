#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: who may read and write: nobody but root with CAP_SYS_ADMIN, however debugfs is mounted; and no address is told
# vm: numa
# timeout: 120
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"

all_files() { find "$GFP" -type f; }

# WHO ERRNO MESSAGE: every file, read and written; opened to others by what $OPENED tells
OPENED='debugfs as it is'
refused_to()
{
	before=$(get set)
	all_files > "$GFP_TMP/files"
	files=$(wc -l < "$GFP_TMP/files")
	expect_ge "files" "$files" 20
	# shellcheck disable=SC2046 # no blanks in them
	said=$("$GFP_DIR/runas" "$1" cat $(cat "$GFP_TMP/files") 2> "$GFP_TMP/denied" | head -n 1)
	expect_eq "what $1 can read" "$said" ""
	read=$(grep -c "$3" "$GFP_TMP/denied" || :)
	[ "$read" -eq "$files" ] || fail "reading $files files as $1:" "$(cat "$GFP_TMP/denied")"
	# shellcheck disable=SC2046
	"$GFP_DIR/runas" "$1" "$GFP_DIR/write1" $(cat "$GFP_TMP/files") stop > "$GFP_TMP/errnos" &&
		fail "$1 can write every file"
	written=$(grep -cx "$2" "$GFP_TMP/errnos" || :)
	[ "$written" -eq "$files" ] || fail "writing $files files as $1:" \
		"$(awk 'NR == FNR { name[NR] = $0; next } { print name[FNR] ": " $0 }' "$GFP_TMP/files" "$GFP_TMP/errnos")"
	expect_eq "options" "$(get set)" "$before"
	note "torture: privilege: $2 to $1 ($OPENED): $read reads and $written writes refused, of $files files"
}

# How root may have left it. The files' own modes are gone with the module.
mounted_open()
{
	undo "mount -o remount,mode=700 /sys/kernel/debug"
	mount -o remount,mode=755 /sys/kernel/debug
	expect_eq "mode of debugfs" "$(stat -c %a /sys/kernel/debug)" 755
	OPENED='debugfs open'
}

files_open()
{
	mounted_open
	undo "reload"
	all_files | xargs chmod 666
	OPENED='debugfs and all files open'
}

reload()
{
	gfp_unload
	# shellcheck disable=SC2086 # parameters separated by blanks
	gfp_load $MODULE_PARAMS
}

# Red if debugfs lets anybody in.
user() { refused_to user EACCES "Permission denied"; }
# Red if a file's mode lets others in.
user_mounted_open()
{
	mounted_open
	refused_to user EACCES "Permission denied"
}
# Red if modes are all that protects.
user_files_open()
{
	files_open
	refused_to user EPERM "Operation not permitted"
}
nocap() { refused_to nocap EPERM "Operation not permitted"; }
nocap_files_open()
{
	files_open
	refused_to nocap EPERM "Operation not permitted"
}
# Red if the capability is asked of the caller's own namespace.
namespace_files_open()
{
	"$GFP_DIR/runas" namespace true 2> /dev/null || skip "no user namespaces for users"
	expect_eq "who it is in the namespace" "$("$GFP_DIR/runas" namespace id -u)" 0
	files_open
	refused_to namespace EPERM "Operation not permitted"
}

# A file that root opened, in the hands of another.
handed_over()
{
	expect_eq "writing to the file as root" "$( { echo order=3 >&3; } 2>&1 3> "$JOB/set")" ""
	expect_eq "order" "$(opt order)" 3
	written=0
	for who in user nocap; do
		said=$("$GFP_DIR/runas" $who sh -c 'echo order=5 >&3' 2>&1 3> "$JOB/set") &&
			fail "$who can write to a file that root opened"
		expect_like "writing as $who to a file that root opened" "$said" "*not permitted*"
		written=$((written + 1))
	done
	expect_eq "order" "$(opt order)" 3
	note "torture: privilege: EPERM to user and nocap: $written writes refused to a file that root opened"
}

test_case "P-user a user gets EACCES from every file" user
test_case "P-mount the same with debugfs remounted for all users" user_mounted_open
test_case "P-modes EPERM, if the files are open to all users as well" user_files_open
test_case "P-cap root without CAP_SYS_ADMIN gets EPERM from every file" nocap
test_case "P-cap-modes the same with the files open to all users" nocap_files_open
test_case "P-namespace the root of a user namespace gets EPERM" namespace_files_open
test_case "P-handed a file that root opened takes nothing from others" handed_over

# ---- addresses

# What looks like one, hashed or not: 16 hexadecimal digits, or 12 after ffff.
addresses() { grep -E '(^|[^0-9a-zA-Z_])(0x)?(ffff)?[0-9a-f]{12,16}([^0-9a-zA-Z_]|$)' | grep -E 'ffff[0-9a-f]{12}|(^|[^0-9a-z])(0x)?[0-9a-f]{16}([^0-9a-z]|$)'; }

# Of all kinds, with what they print when things go wrong.
many_runs()
{
	_bulk=$(only_here bulk)
	for more in "gfp=GFP_KERNEL" "gfp=GFP_ATOMIC context=${HARDIRQ:-softirq}" "gfp=GFP_ATOMIC context=softirq check=full" \
		"gfp=GFP_KERNEL|__GFP_NOWARN|__GFP_NORETRY order=10 hold=100" "entry=vmalloc order=0-4" \
		${_bulk:+"entry=bulk order=3"} "entry=page_frag" "release=keep check=full"; do
		put set "$(cat "$GFP_TMP/defaults")"
		set_opts observe=explain count=20 "$more"
		put control "$1"
		wait_idle
	done
	for text in colour=red order=99 gfp=GFP_NONSENSE squeeze=9:Normal:50; do
		"$GFP_DIR/write1" "$JOB/set" $text > /dev/null || :
	done
}

no_address()
{
	for planted in "page=ffff888004a3b000 x" "addr 0xffffea0000128ec0" "0000000012ab34cd"; do
		[ -n "$(echo "$planted" | addresses)" ] || fail "an address is not seen in: $planted"
	done
	require_tracefs
	sysctl_set kernel/kptr_restrict 0
	undo "echo 0 > /sys/kernel/tracing/events/gfplab/enable"
	undo "echo > /sys/kernel/tracing/trace"
	echo 1 > /sys/kernel/tracing/events/gfplab/enable
	many_runs call
	job second
	many_runs start
	# The kernel's own events name pages by such numbers, and others may have written them down.
	grep ' gfplab_[a-z]*: ' /sys/kernel/tracing/trace > "$GFP_TMP/trace" || fail "no event of the module is in the trace"
	# shellcheck disable=SC2046 # no blanks in them
	set -- $(all_files) "$GFP_TMP/trace" /sys/kernel/tracing/events/gfplab/*/format
	files=$#
	# With a line between two of them
	tail -n +1 "$@" > "$GFP_TMP/content"
	bytes=$(wc -c < "$GFP_TMP/content")
	if [ -n "$(addresses < "$GFP_TMP/content")" ]; then
		for file; do
			found=$(addresses < "$file" | head -n 1)
			[ -z "$found" ] || fail "$file tells an address:" "$found"
		done
		fail "an address was told once:" "$(addresses < "$GFP_TMP/content")"
	fi
	found=$(dmesg_since | grep gfplab | addresses || :)
	[ -z "$found" ] || fail "the kernel's log tells an address:" "$found"
	expect_ge "bytes" "$bytes" 20000
	note "torture: addresses: none in $bytes bytes of $files files, with kptr_restrict=0"
}

test_case "P-address no file, trace event or message tells a kernel address" no_address

run_cases
