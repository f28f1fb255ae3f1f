#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: module parameters: every option, unsafe, run, observe_kprobes
# suite: full
# requires: nodes>=2 cpus>=2
# vm: numa
# timeout: 600
. "$(dirname "$0")/lib/lib.sh"

# PARAMETER=VALUE...: loads the module anew
reload()
{
	! loaded || gfp_unload
	gfp_load "$@"
	dmesg_mark "loaded with $*"
}

# ERRNO PARAMETER=VALUE...: insmod fails with it, says which parameter is to blame, leaves nothing
refused()
{
	errno=$1
	shift
	case $errno in
	EINVAL) text="Invalid argument" ;;
	ERANGE) text="Numerical result out of range" ;;
	ENODEV) text="No such device" ;;
	EPERM) text="Operation not permitted" ;;
	ENOMEM) text="Cannot allocate memory" ;;
	EOPNOTSUPP) text="Operation not supported" ;;
	esac
	! loaded || gfp_unload
	dmesg_mark "insmod $*"
	said=$(insmod "$(ko)" "$@" 2>&1) && fail "insmod gfplab.ko $* succeeded"
	expect_like "what insmod $* says" "$said" "*$text*"
	expect_nothing_left
	for last; do
		:
	done
	# Of the parameters the last one is wrong. An insmod may try each of two system calls.
	dmesg_since | grep gfplab > "$GFP_TMP/log" || :
	expect_ge "our lines in the log after insmod $*" "$(wc -l < "$GFP_TMP/log")" 1
	expect_eq "our lines in the log that tell of anything but ${last%%=*}" \
		"$(grep -vF "gfplab: ${last%%=*}=" "$GFP_TMP/log" || :)" ""
}

# ---- options

ALL="entry=alloc_pages_nodemask gfp=GFP_KERNEL|__GFP_ZERO order=1-3,9 nid=1 nodes=0-1 count=7 \
duration_ms=1001 cpus=0 context=atomic scope=nofs,pin hold=3 release=every:5 interval_us=11 seed=13 \
squeeze=1:Normal:low+7% fragment=1:Normal:4 lists=0:DMA32:1/2U/3UM/4/5/6/7/8/9/10/11 \
cma_only=1:Normal,0:DMA pages=77 range=cma observe=time ring=17 check=full max_pages=1900 timeout_ms=2300 keep_probes=1 rules=4.3 \
verbose=1 frees=1"

every_option()
{
	# shellcheck disable=SC2086 # a list of parameters
	reload unsafe=1 $ALL
	for word in $ALL; do
		expect_eq "${word%%=*}" "$(opt "${word%%=*}")" "${word#*=}"
	done
	for option in "$JOB"/options/*; do
		option=${option##*/}
		case " $ALL" in
		*" $option="*) ;;
		*) fail "option $option is not tried here" ;;
		esac
		[ -e "/sys/module/gfplab/parameters/$option" ] || fail "$option is no parameter"
	done
	job other
	expect_eq "options of a job that is made later" "$(get set)" "$(
		JOB=$GFP/jobs/default
		put set "$(defaults)" && get set)"
}

# What help says of defaults, as `set` takes it
defaults()
{
	get help | awk '
		/^[a-z_]+\t/ && match($0, /; default .*$/) {
			print $1 "=" substr($0, RSTART + 10)
		}'
}

defaults_of_help()
{
	reload
	expect_eq "options after insmod, and the defaults in help" "$(get set)" "$(defaults)"
}

default_stays()
{
	reload order=3
	put create other
	expect_eq "order of the jobs default and other" \
		"$(opt order) $(cat "$GFP/jobs/other/options/order")" "3 0"
}

test_case "P-all every option is a module parameter and goes to the job default" every_option
test_case "P-defaults without parameters a job has the defaults that help tells" defaults_of_help
test_case "P-other-jobs parameters are the job default's, not those of later jobs" default_stays

bad_values()
{
	refused EINVAL entry=nowhere
	refused EINVAL "gfp=GFP_KERNEL|FOO"
	refused ERANGE order=12
	refused ENODEV nid=7
	refused ENODEV nodes=0-7
	refused EINVAL count=x
	refused ERANGE duration_ms=86400001
	refused ENODEV cpus=5
	refused EINVAL context=nowhere
	refused EINVAL scope=nowhere
	refused ERANGE hold=16777217
	refused ERANGE release=every:0
	refused ERANGE interval_us=60000001
	refused EINVAL seed=-1
	refused ENODEV unsafe=1 squeeze=1:DMA:50
	refused ERANGE unsafe=1 fragment=1:Normal:11
	refused EINVAL unsafe=1 lists=1:Normal:5Q
	refused ENODEV unsafe=1 cma_only=7:Normal
	refused ERANGE pages=16777217
	refused EINVAL range=used
	refused EINVAL observe=everything
	refused ERANGE ring=0
	refused EINVAL check=maybe
	refused EINVAL max_pages=x
	refused ERANGE timeout_ms=86400001
	refused ERANGE keep_probes=2
	refused ERANGE rules=2.4
	refused ERANGE verbose=2
	refused ERANGE frees=2
	refused EINVAL order=
	refused EINVAL order=1 count=7 hold=3 gfp=GFP_KERNELL
	# The table above knows every option.
	reload
	for option in "$JOB"/options/*; do
		grep -Eq "^	refused .*[ \"]${option##*/}=" "$0" || fail "no bad value of ${option##*/}"
	done
}

good_after_bad()
{
	refused ERANGE order=99
	reload order=2
	expect_eq order "$(opt order)" 2
	call
	expect_eq "requests, ok" "$(summary requests ok)" "1 1"
}

test_case "P-bad a bad value of any option makes insmod fail with its errno, and leaves nothing" bad_values
test_case "P-bad-good after that the module loads as ever" good_after_bad

# ---- unsafe

unsafe_refused()
{
	refused EPERM squeeze=1:Normal:50
	refused EPERM fragment=1:Normal:4
	refused EPERM "gfp=GFP_KERNEL|__GFP_NOFAIL"
	refused EPERM gfp=__GFP_MEMALLOC
	refused EPERM scope=noreclaim
	refused EPERM max_pages=1000000000
	refused EPERM unsafe=0 max_pages=1000000000
}

unsafe_taken()
{
	reload unsafe=1 squeeze=1:Normal:105 "gfp=GFP_KERNEL|__GFP_NOFAIL" max_pages=1000000000
	expect_eq "unsafe in environment" "$(sed -n 's/^unsafe //p' "$GFP/environment")" 1
	expect_eq "unsafe as a parameter" "$(cat /sys/module/gfplab/parameters/unsafe)" Y
	expect_eq squeeze "$(opt squeeze)" 1:Normal:105
}

unsafe_stays()
{
	reload
	expect_eq "unsafe in environment" "$(sed -n 's/^unsafe //p' "$GFP/environment")" 0
	( echo 1 > /sys/module/gfplab/parameters/unsafe ) 2> /dev/null &&
		fail "unsafe can be written"
	expect_refused EPERM 1:Normal:50 options/squeeze 1:Normal:50
}

test_case "P-unsafe-0 what needs unsafe=1 is EPERM without it" unsafe_refused
test_case "P-unsafe-1 with unsafe=1 it is taken" unsafe_taken
test_case "P-unsafe-late unsafe cannot be had later" unsafe_stays

# ---- run

run_at_load()
{
	reload run=1 count=500 order=0-2 hold=10
	wait_idle
	expect_like status "$(get status)" "state=idle run=1 done=500 total=500 held_pages=0 *aborted=none *"
	expect_eq "ok, records" "$(summary ok) $(wc -l < "$JOB/records")" "500 500"
}

run_endless()
{
	reload run=1 count=0 interval_us=200 timeout_ms=60000 hold=50
	expect_eq state "$(status state)" running
	gfp_unload
	expect_nothing_left
}

run_not()
{
	reload run=0 count=5
	expect_eq "state, run" "$(status state) $(status run)" "idle 0"
}

# A value that is right by itself, but not what a run takes: insmod fails as `start` would.
run_refused()
{
	gfp_unload
	dmesg_mark "insmod run=1"
	said=$(insmod "$(ko)" run=1 order=11 2>&1) && fail "insmod succeeded"
	expect_like "what insmod says" "$said" "*Invalid argument*"
	expect_like "what the log says" "$(dmesg_since)" "*gfplab: run=1: *NOWARN*"
	expect_nothing_left
	gfp_load
}

test_case "P-run run=1 starts the job default at load" run_at_load
test_case "P-run-endless a run from load can be unloaded in the middle" run_endless
test_case "P-run-0 without run=1 nothing runs at load" run_not
test_case "P-run-refused what start would refuse makes insmod with run=1 fail and leaves nothing" run_refused

# ---- observe_kprobes

# Not even in the middle of a run
kprobes_unused()
{
	reload observe_kprobes=0
	for probe in self_test slowpath oom attempt; do
		expect_like "probe.$probe in environment" "$(grep "^probe.$probe " "$GFP/environment")" \
			"probe.$probe absent kprobe:*(observe_kprobes=0)"
	done
	expect_like "probe.zonelocked in environment" "$(grep "^probe.zonelocked " "$GFP/environment")" \
		"probe.zonelocked present event:*"
	set_opts "$ENDLESS" interval_us=1000
	start
	[ ! -e /sys/kernel/debug/kprobes/list ] ||
		expect_eq "kprobes in the run" "$(cat /sys/kernel/debug/kprobes/list)" ""
	stop
}

# What needs a kprobe is unknown; what does not is known as ever.
kprobes_unknown()
{
	reload observe_kprobes=0
	set_opts count=300 order=0,4 hold=5
	call
	expect_eq "requests, ok" "$(summary requests ok)" "300 300"
	expect_eq "stage.fast, stage.unknown" "$(summary stage.fast) $(summary stage.unknown)" "0 300"
	expect_all_records stage=unknown attempts=unknown alloc_flags=unknown reserve=unknown/highatomic
	expect_no_record order=4 source!=buddy
	expect_some_record order=0 source=pcp
}

kprobes_used()
{
	reload observe_kprobes=1
	grep -Eq '^probe.slowpath present kprobe:__alloc_pages_slowpath' "$GFP/environment" ||
		skip "this kernel does not let the slow path be probed"
	call
	expect_record -1 stage=fast attempts=1
}

# FILE: what switches kprobes off, a file for all of them or ftrace's for those that hang on it, which takes
# CONFIG_KPROBES_ON_FTRACE: the list of kprobes tells while a run has some.
switch_of_kprobes()
{
	[ -d /sys/kernel/debug/kprobes ] || skip "this kernel has no kprobes"
	[ -w "$1" ] || skip "no $1"
	case $1 in
	*/ftrace_enabled)
		set_opts "$ENDLESS" interval_us=1000
		start
		wait_at_work
		_list=$(cat /sys/kernel/debug/kprobes/list)
		stop
		wait_idle
		put set "$(defaults)"
		case $_list in
		*"[FTRACE]"*) ;;
		"") fail "a run has no kprobe" ;;
		*) skip "this kernel's kprobes do not hang on ftrace" ;;
		esac ;;
	esac
}

# The kprobe of the slow path, or of attempts where that is inlined
expect_silent_probe()
{
	_probe=slowpath
	! grep -q '^probe.slowpath absent' "$GFP/environment" || _probe=attempt
	expect_like "probe.$_probe in environment" "$(grep "^probe.$_probe " "$GFP/environment")" \
		"*(did not fire in the last run:*"
}

# FILE: its 0 switches kprobes off for the whole machine, and they can be registered still. Red if their
# silence is taken for evidence.
kprobes_off()
{
	reload observe_kprobes=1
	switch_of_kprobes "$1"
	echo 0 2> /dev/null > "$1" || skip "this kernel lets nobody write 0 to $1"
	undo "echo 1 > $1"
	set_opts count=300 order=0,4 hold=5
	call
	expect_eq "stage.fast, stage.unknown" "$(summary stage.fast) $(summary stage.unknown)" "0 300"
	expect_all_records stage=unknown attempts=unknown alloc_flags=unknown reserve=unknown/highatomic
	expect_silent_probe
	echo 1 > "$1"
	call
	expect_all_records stage=fast attempts=1
	expect_eq "kprobes in environment that did not fire" "$(grep -c "did not fire" "$GFP/environment")" 0
}

# FILE OPTION=VALUE...: they are switched off while a run goes on. Red if a later request counts as seen.
kprobes_off_meanwhile()
{
	_switch=$1
	shift
	# shellcheck disable=SC2086 # several options
	set_opts $ENDLESS cpus=1 "$@"
	start
	wait_at_work 50
	echo 0 2> /dev/null > "$_switch" || skip "this kernel lets nobody write 0 to $_switch"
	undo "echo 1 > $_switch"
	# What a burst had made by then is told at its end.
	_off=$(status "done")
	wait_at_work "$_off"
	_off=$(status "done")
	wait_at_work $((_off + 500))
	stop
	wait_idle
	expect_ge "requests seen to be fast" "$(summary stage.fast)" 1
	expect_le "those of $(summary requests) requests, $_off of which were made before ($*)" \
		"$(summary stage.fast)" "$_off"
	expect_eq "others" "$(summary stage.unknown)" $(($(summary requests) - $(summary stage.fast)))
	[ "$_level" != explain ] || expect_eq "predictions that differ" "$(summary explain.differ)" 0
	# Kprobes go one after the other: meanwhile a request may be known, or half of it, or not. Words are looked for, not
	# patterns, in what may be 16,384 long lines.
	_odd=$(awk -v off="$_off" '{
		none += index($0, " attempts=0 ") > 0
		known += substr($0, index($0, " seq=") + 5) + 0 >= off &&
			!(index($0, " attempts=unknown ") && index($0, " stage=unknown "))
	}
	END { print none + 0, known + 0 }' "$JOB/records")
	expect_eq "records without an attempt, and those of requests made later that know anything" "$_odd" "0 0"
	expect_silent_probe
	echo 1 > "$_switch"
	set_opts count=300
	call
	expect_eq "stage.fast with kprobes again" "$(summary stage.fast)" 300
}

each_level_meanwhile()
{
	switch_of_kprobes "$1"
	for _level in path time full explain; do
		kprobes_off_meanwhile "$1" observe=$_level hold=0 release=at_once
	done
	_level=held
	kprobes_off_meanwhile "$1" observe=full hold=5 release=fifo
}

test_case "P-kprobes-0 observe_kprobes=0 uses no kprobe, and environment says so" kprobes_unused
test_case "P-kprobes-unknown without kprobes no record says fast: unknown" kprobes_unknown
test_case "P-kprobes-enabled kprobes that are switched off are no evidence" kprobes_off \
	/sys/kernel/debug/kprobes/enabled
test_case "P-kprobes-ftrace kprobes without ftrace are no evidence" kprobes_off \
	/proc/sys/kernel/ftrace_enabled
test_case "P-kprobes-meanwhile nor are those that are switched off while a run goes on" \
	each_level_meanwhile /sys/kernel/debug/kprobes/enabled
test_case "P-kprobes-meanwhile-ftrace nor without ftrace" \
	each_level_meanwhile /proc/sys/kernel/ftrace_enabled
test_case "P-kprobes-1 with them a record does" kprobes_used

run_cases
