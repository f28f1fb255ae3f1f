#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: predictions held against random requests, on whatever machine, with whatever is set
# suite: full
# requires: kprobes
# vm: numa3
# timeout: 240
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"
. "$(dirname "$0")/lib/agreement"

# What changes the walk without being a request, as far as this kernel has it.
SETTINGS="vm/zone_reclaim_mode vm/watermark_boost_factor vm/watermark_scale_factor
	vm/percpu_pagelist_high_fraction vm/min_free_kbytes vm/numa_stat vm/dirty_ratio kernel/numa_balancing
	vm/compact_unevictable_allowed vm/swappiness"

# NID:ZONE:FREE of each zone that has pages
zones()
{
	awk '/^Node/ { nid = $2 + 0; zone = $4 } $1 == "pages" { free = $3 }
		$1 == "managed" && $2 > 0 { printf "%d:%s:%d ", nid, zone, free }' /proc/zoneinfo
}

settings_here()
{
	for _file in $SETTINGS; do
		[ ! -f "/proc/sys/$_file" ] || echo "$_file"
	done
}

# FILE=VALUE,... or none
set_files()
{
	for _kv in $(echo "$1" | tr ',' ' '); do
		[ "$_kv" = none ] || echo "${_kv#*=}" > "/proc/sys/${_kv%%=*}" 2> /dev/null || :
	done
}

# CALLER: `call` by such a task
call_by()
{
	case $1 in
	plain) "$GFP_DIR/write1" "$JOB/control" call ;;
	cpuset:*)
		echo "${1#*:}" > "$CGROUP/cpuset.mems" && cgroup_run "$GFP_DIR/write1" "$JOB/control" call ;;
	*:*) "$GFP_DIR/mempol" "${1%:*}" "${1#*:}" "$GFP_DIR/write1" "$JOB/control" call ;;
	*) "$GFP_DIR/$1" "$GFP_DIR/write1" "$JOB/control" call ;;
	esac 2> /dev/null
}

# What is refused, as a policy of a node without memory, or a mask for two zones, is drawn as well: it
# counts as no request.
wild()
{
	requests=${GFPLAB_EXPLAIN_REQUESTS:-400}
	nodes=$(sed 's/,/ /g' /sys/devices/system/node/online | awk '{
		for (i = 1; i <= NF; i++) { n = split($i, r, "-"); for (j = r[1]; j <= r[n]; j++) printf "%d ", j } }')
	cgroup_make cpuset
	usual=
	for file in $(settings_here); do
		sysctl_set "$file" "$(cat "/proc/sys/$file")"
		usual="$usual,$file=$(cat "/proc/sys/$file")"
	done
	: > "$GFP_TMP/asked"
	: > "$GFP_TMP/wrong"
	keep_probes
	refused=0
	awk -v seed="${GFPLAB_EXPLAIN_SEED:-1}" -v calls=$((requests / 6)) -v nodes="$nodes" \
		-v zones="$(zones)" -v files="$(settings_here | tr '\n' ' ')" -v hardirq="$HARDIRQ" \
		-f "$GFP_DIR/lib/wild.awk" > "$GFP_TMP/drawn"
	while read -r settings caller request; do
		set_files "$settings"
		# shellcheck disable=SC2086 # a list of options
		if write_opts observe=explain count=8 ring=64 max_pages=1000000 timeout_ms=20000 $request &&
			call_by "$caller"; then
			{ echo "call $caller $settings"; cat "$JOB/summary" "$JOB/records"; } >> "$GFP_TMP/asked"
		else
			refused=$((refused + 1))
		fi
		set_files "${usual#,}"
	done < "$GFP_TMP/drawn"
	note "$refused of $(wc -l < "$GFP_TMP/drawn") calls were refused"
	tally
	expect_agreement 995 3
}

# OPTION=VALUE...: false if they are refused
write_opts()
{
	echo "$*" > "$JOB/set" 2> /dev/null
}

test_case "X-wild predictions come true on a machine that was not chosen for them" wild

run_cases
