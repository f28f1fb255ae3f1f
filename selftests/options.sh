#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: every option: values it takes, values it refuses and why, and what a run refuses
# requires: nodes>=2 cpus>=2
# vm: numa
# timeout: 240
export MODULE_PARAMS="unsafe=1"
. "$(dirname "$0")/lib/lib.sh"

# OPTION VALUE [READS-AS]: taken; without a third word it reads back as it was written.
GOOD='
entry alloc_pages
entry alloc_pages_node
entry alloc_pages_nodemask
entry get_free_pages
entry bare
entry bare:get_free_pages
entry bare:alloc_pages bare
gfp GFP_KERNEL
gfp GFP_NOWAIT
gfp GFP_ATOMIC
gfp 0 none
gfp none
gfp 0xcc0 GFP_KERNEL
gfp 3264 GFP_KERNEL
gfp 0x100 __GFP_ZERO
gfp ZERO __GFP_ZERO
gfp GFP_KERNEL,ZERO GFP_KERNEL|__GFP_ZERO
gfp __GFP_ZERO|GFP_KERNEL GFP_KERNEL|__GFP_ZERO
gfp GFP_KERNEL|GFP_KERNEL GFP_KERNEL
gfp DIRECT_RECLAIM|KSWAPD_RECLAIM|IO|FS GFP_KERNEL
gfp GFP_KERNEL|0x2000 GFP_KERNEL|__GFP_NOWARN
gfp GFP_KERNEL|__GFP_NOFAIL
gfp GFP_ATOMIC|__GFP_MEMALLOC
gfp GFP_HIGHUSER_MOVABLE
gfp 0xcc0(GFP_KERNEL) GFP_KERNEL
gfp 0x24000c0(GFP_KERNEL) GFP_KERNEL
gfp 0x40dc0(GFP_KERNEL|__GFP_ZERO) GFP_KERNEL|__GFP_ZERO
gfp __GFP_WAIT|__GFP_IO|__GFP_FS GFP_KERNEL
gfp WAIT|IO|FS GFP_KERNEL
gfp GFP_KERNEL|__GFP_COLD GFP_KERNEL
gfp GFP_KERNEL|__GFP_NOTRACK|__GFP_OTHER_NODE GFP_KERNEL
gfp GFP_KERNEL|__GFP_REPEAT GFP_KERNEL|__GFP_RETRY_MAYFAIL
gfp GFP_TEMPORARY GFP_KERNEL|__GFP_RECLAIMABLE
gfp 0xd0@3.10 GFP_KERNEL
gfp 0x24000c0@4.9 GFP_KERNEL
gfp 0x14000c0@4.14.336 GFP_KERNEL
gfp 0x6000c0@4.19 GFP_KERNEL
gfp 0xcc0@6.6 GFP_KERNEL
order 0
order 10
order 11
order 0-11
order 0-3,9
order 3,1,0 0-1,3
order 0,1,2 0-2
order 0-8:1/2 0,2,4,6,8
nid -1
nid any -1
nid 0
nid 1
nid 0x1 1
nodes all
nodes 0
nodes 1
nodes 0-1
nodes 1,0 0-1
count 0
count 1
count 0x10 16
count 010 8
count 18446744073709551615
duration_ms 0
duration_ms 86400000
cpus all
cpus 0
cpus 1
cpus 0-1
cpus 1,0 0-1
context task
context atomic
context softirq
context hardirq
scope none
scope nofs
scope noio
scope pin
scope noreclaim
scope noio,nofs nofs,noio
scope pin,noreclaim,noio,nofs nofs,noio,noreclaim,pin
scope pin,pin pin
hold 0
hold 16777216
release at_once
release fifo
release lifo
release random
release every:1
release every:0x10 every:16
release every:16777216
release at_end
release keep
interval_us 0
interval_us 60000000
seed 0
seed 18446744073709551615
squeeze none
squeeze 1:Normal:60
squeeze 1:Normal:60% 1:Normal:60
squeeze 0:DMA32:105
squeeze 1:Normal:min 1:Normal:100
squeeze 1:Normal:min+5% 1:Normal:105
squeeze 1:Normal:low 1:Normal:low+0%
squeeze 1:Normal:low+5% 1:Normal:low+5%
squeeze 1:Normal:low+5 1:Normal:low+5%
squeeze 1:Normal:high-10%
squeeze 1:Normal:1
squeeze 1:Normal:10000
squeeze 1:Normal:600p
squeeze 1:Normal:0p
squeeze 1:Normal:24148kB 1:Normal:6037p
squeeze 1:Normal:60,0:DMA32:low+5 1:Normal:60,0:DMA32:low+5%
fragment none
fragment 1:Normal:1
fragment 1:Normal:10
fragment 0:DMA32:0x4 0:DMA32:4
fragment 0:DMA32:4,1:Normal:9
lists none
lists 1:Normal:5/4U/3UM/0/0/0/0/0/0/0/3MEH
lists 1:Normal:5 1:Normal:5/0/0/0/0/0/0/0/0/0/0
lists 1:Normal:5/3MU,0:DMA32:0/2 1:Normal:5/3UM/0/0/0/0/0/0/0/0/0,0:DMA32:0/2/0/0/0/0/0/0/0/0/0
cma_only none
cma_only 1:Normal
cma_only 1:Normal,0:DMA32
pages 0
pages 16777216
range free
range busy
range cma
observe none
observe path
observe time
observe full
observe explain
ring 1
ring 1048576
check none
check basic
check full
max_pages 0
max_pages 1
max_pages 1000000000000
timeout_ms 0
timeout_ms 86400000
keep_probes 0
keep_probes 1
rules this
rules 2.6.32
rules 4.3
rules 4.19
rules 6.1.116
rules 04.3 4.3
rules 7.3.300 7.3.255
rules 4.3.0 4.3
verbose 0
verbose 1
frees 0
frees 1
'

# OPTION ERRNO VALUE [MISTAKE]: refused, with the caret under MISTAKE: without a fourth word the
# whole value, `$`: what is missing after its end.
BAD='
entry EINVAL alloc_pagess
entry EINVAL ALLOC_PAGES
entry EINVAL 0
entry EINVAL bar
entry EINVAL bare:bare bare
gfp EINVAL GFP_KERNELL
gfp EINVAL gfp_kernel
gfp EINVAL GFP_KERNEL|FOO FOO
gfp EINVAL FOO|GFP_KERNEL FOO
gfp EINVAL GFP_KERNEL,IO,FOO,FS FOO
gfp EINVAL GFP_KERNEL||IO |IO
gfp EINVAL |IO
gfp EINVAL GFP_KERNEL| $
gfp EINVAL -1
gfp EINVAL 0x
gfp EINVAL 0xzz
gfp EINVAL 0x1ffffffff
gfp EINVAL 0x80000000
gfp EINVAL 0x80000000|GFP_KERNEL
gfp EINVAL __GFP_DMA|__GFP_DMA32
gfp EINVAL __GFP_DMA|__GFP_HIGHMEM
gfp EINVAL __GFP_MOVABLE|__GFP_RECLAIMABLE
gfp EINVAL __GFP_NOFAIL
gfp EINVAL GFP_NOWAIT|__GFP_NOFAIL
gfp EINVAL GFP_KERNEL|__GFP_NOFAIL|__GFP_NORETRY
gfp EINVAL 0xcc0(GFP_KERNEL $
gfp EINVAL 0xcc0(GFP_KERNEL|FOO) FOO
gfp EINVAL 0xcc0() )
gfp EINVAL GFP_KERNEL(0xcc0)
gfp EINVAL (GFP_KERNEL)
gfp EINVAL 0xcc0@ $
gfp EINVAL 0xcc0@six six
gfp EINVAL 0xcc0@6 6
gfp EINVAL 0xcc0@6.6.x 6.6.x
gfp EINVAL GFP_KERNEL@6.6
gfp EINVAL 0x2000000@3.2
order ERANGE 12
order ERANGE 0-12
order ERANGE 1000
order ERANGE 99999999999999999999
order EINVAL x
order EINVAL -1
order EINVAL 3-1
order EINVAL 0-
order EINVAL ,
nid ENODEV 5
nid ERANGE -2
nid ERANGE 1024
nid ERANGE 99999999999
nid EINVAL x
nid EINVAL 0-1
nodes ENODEV 5
nodes ENODEV 0-5
nodes ERANGE 1024
nodes EINVAL x
nodes EINVAL ,
nodes EINVAL -1
count EINVAL x
count EINVAL -1
count EINVAL +1
count EINVAL 1x
count EINVAL 1.5
count ERANGE 18446744073709551616
duration_ms EINVAL 1s
duration_ms EINVAL -1
duration_ms ERANGE 86400001
duration_ms ERANGE 4294967296
cpus ENODEV 5
cpus ENODEV 0-5
cpus ENODEV 99999
cpus EINVAL x
cpus EINVAL ,
cpus EINVAL -1
context EINVAL nowhere
context EINVAL Task
scope EINVAL nowhere
scope EINVAL nofs,nowhere,noio nowhere
scope EINVAL nofs,none none
scope EINVAL nofs, $
scope EINVAL ,nofs
hold EINVAL x
hold ERANGE 16777217
release EINVAL never
release EINVAL every $
release EINVAL every: $
release EINVAL every:x x
release EINVAL every:-1 -1
release EINVAL fifo:3 :3
release ERANGE every:0 0
release ERANGE every:16777217 16777217
release ERANGE every:99999999999 99999999999
interval_us EINVAL fast
interval_us ERANGE 60000001
seed EINVAL x
seed EINVAL -1
seed ERANGE 18446744073709551616
squeeze EINVAL x
squeeze EINVAL 1
squeeze EINVAL :Normal:50
squeeze EINVAL -1:Normal:50
squeeze EINVAL 1:Normal
squeeze EINVAL 1:Nirmal:50 Nirmal:50
squeeze EINVAL 1:normal:50 normal:50
squeeze EINVAL 1:Normal: $
squeeze EINVAL 1:Normal:x x
squeeze EINVAL 1:Normal:-5 -5
squeeze EINVAL 1:Normal:50%% 50%%
squeeze EINVAL 1:Normal:low/5 /5
squeeze EINVAL 1:Normal:low+ $
squeeze EINVAL 1:Normal:low+x x
squeeze ENODEV 7:Normal:50
squeeze ENODEV 1:DMA:50 DMA:50
squeeze ENODEV 1:Movable:50 Movable:50
squeeze ERANGE 1:Normal:0 0
squeeze ERANGE 1:Normal:10001 10001
squeeze ERANGE 1:Normal:low-100% 100%
squeeze ERANGE 1:Normal:999999999999 999999999999
squeeze ERANGE 1:Normal:9999999999999999p 9999999999999999p
squeeze EINVAL 1:Normal:600q 600q
squeeze EINVAL 1:Normal:low+5p 5p
squeeze EINVAL 1:Normal:60, $
squeeze EINVAL 1:Normal:60,1:Normal:70 1:Normal:70
squeeze EINVAL 1:Normal:60,1:Nirmal:70 Nirmal:70
squeeze ENODEV 1:Normal:60,0:DMA32:70,7:Normal:5 7:Normal:5
fragment EINVAL x
fragment EINVAL 1:Normal
fragment EINVAL 1:Nirmal:4 Nirmal:4
fragment EINVAL 1:Normal: $
fragment EINVAL 1:Normal:x x
fragment EINVAL 1:Normal:-1 -1
fragment EINVAL 1:Normal:4: 4:
fragment ENODEV 7:Normal:4
fragment ENODEV 1:DMA:4 DMA:4
fragment ERANGE 1:Normal:0 0
fragment ERANGE 1:Normal:11 11
fragment EINVAL 1:Normal:4,0:DMA32 0:DMA32
lists EINVAL 1:Normal
lists EINVAL 1:Normal: $
lists EINVAL 1:Normal:x x
lists EINVAL 1:Normal:5/ $
lists EINVAL 1:Normal:5//3 /3
lists EINVAL 1:Normal:5Q Q
lists EINVAL 1:Normal:5/1UM UM
lists EINVAL 1:Normal:0M M
lists EINVAL 1:Normal:5/-3 -3
lists ERANGE 1:Normal:5/1234567890 1234567890
lists ERANGE 1:Normal:0/0/0/0/0/0/0/0/0/0/0/1 1
lists ENODEV 7:Normal:5
lists EINVAL 1:Normal:5,1:Normal:6 1:Normal:6
cma_only EINVAL 1:Normal:5 Normal:5
cma_only ENODEV 7:Normal
pages ERANGE 16777217
pages EINVAL x
pages EINVAL -1
range EINVAL used
observe EINVAL everything
observe EINVAL Full
ring EINVAL x
ring ERANGE 0
ring ERANGE 1048577
check EINVAL maybe
max_pages EINVAL x
max_pages EINVAL -1
max_pages ERANGE 18446744073709551616
timeout_ms EINVAL x
timeout_ms ERANGE 86400001
keep_probes EINVAL x
keep_probes ERANGE 2
rules EINVAL that
rules EINVAL 4
rules EINVAL 4.3x x
rules EINVAL v4.3
rules EINVAL 4.3-rc1 -rc1
rules EINVAL -1
rules ERANGE 2.6.31
rules ERANGE 2.4
rules ERANGE 7.4
rules ERANGE 99.0
verbose EINVAL yes
verbose ERANGE 2
frees EINVAL yes
frees ERANGE 2
'

# Without unsafe=1.
UNSAFE='
gfp EPERM GFP_KERNEL|__GFP_NOFAIL
gfp EPERM __GFP_MEMALLOC
scope EPERM noreclaim
scope EPERM nofs,noreclaim noreclaim
squeeze EPERM 1:Normal:60
fragment EPERM 1:Normal:4
lists EPERM 1:Normal:4
cma_only EPERM 1:Normal
max_pages EPERM 1000000000000
'

# TABLE OPTION
rows() { echo "$1" | awk -v option="$2" '$1 == option'; }
# TABLE
options_of() { echo "$1" | awk 'NF && !seen[$1]++ { print $1 }'; }

# Hundreds of values are tried: builtins of the shell, which start no process, where they will do.

# OPTION VALUE READS-AS
write_option()
{
	echo "$2" > "$JOB/options/$1"
	IFS= read -r got < "$JOB/options/$1"
	expect_eq "$1 after '$2' was written" "$got" "$3"
}

# ---- what is taken

# OPTION VALUE CANONICAL: by the option's file and by set, and what it reads as by either
taken()
{
	write_option "$1" "$2" "$3"
	write_option "$1" "$3" "$3"
	cat "$GFP_TMP/defaults" > "$JOB/set"
	echo "$1=$2" > "$JOB/set"
	IFS= read -r got < "$JOB/options/$1"
	expect_eq "$1 after $1=$2 was set" "$got" "$3"
}

good()
{
	rows "$GOOD" "$1" > "$GFP_TMP/rows"
	while read -r option value canonical; do
		taken "$option" "$value" "${canonical:-$value}"
	done < "$GFP_TMP/rows"
	expect_dmesg_silent
}

# ---- what is refused

# ERRNO TEXT FILE MISTAKE: as expect_refused, with some reason, and MISTAKE may be `$`, behind the end
refused()
{
	case $4 in
	"$") expect_refused "$1" "$2" "$3" '' '?'
		expect_eq "the caret's line when '$2' is refused, without its blanks" "$CARET" "^"
		expect_eq "what the caret is under when '$2' is refused" "$MISTAKE" "" ;;
	*) expect_refused "$1" "$2" "$3" "$4" '?' ;;
	esac
}

# ERRNO VALUE OPTION MISTAKE: by the option's file, and between good values in set
refused_twice()
{
	refused "$1" "$2" "options/$3" "$4"
	[ "$4" != "$" ] || set -- "$1" "$2" "$3" " interval_us"
	refused "$1" "seed=77 $3=$2 interval_us=5" set "$4"
}

# TABLE OPTION
each_refused()
{
	rows "$1" "$2" > "$GFP_TMP/rows"
	while read -r option errno value mistake; do
		refused_twice "$errno" "$value" "$option" "${mistake:-$value}"
	done < "$GFP_TMP/rows"
}

bad()
{
	each_refused "$BAD" "$1"
	refused EINVAL "
" "options/$1" "$"
	refused EINVAL "seed=77 $1= interval_us=5" set " interval_us"
	expect_dmesg_silent
}

# Red if `complaints` counts what any kernel may log at any moment, or misses what is ours.
others_log()
{
	(while :; do
		echo "random: crng init done" > /dev/kmsg
		echo "systemd[1]: Started a unit, which failed before: order 3" > /dev/kmsg
		echo "clocksource: timekeeping watchdog on CPU1: Marking clocksource tsc as unstable" > /dev/kmsg
		echo "hrtimer: interrupt took 4711 ns" > /dev/kmsg
		echo "usb 1-1: device descriptor read error -71: no memory" > /dev/kmsg
		sleep 0.1
	done) &
	_others=$!
	undo "kill $_others 2> /dev/null || :"
	bad order
	kill $_others
	wait $_others 2> /dev/null || :
	expect_ge "lines of others" "$(dmesg_since | grep -c -e crng -e systemd || :)" 1
	echo "gfplab: this is a line of the module" > /dev/kmsg
	expect_like "complaints" "$(complaints)" "*gfplab: this is a line of the module"
	dmesg_mark "once more"
	echo "write1: page allocation failure: order:2, mode:0" > /dev/kmsg
	expect_like "complaints" "$(complaints)" "*write1: page allocation failure*"
}

unsafe()
{
	gfp_unload
	gfp_load
	dmesg_mark "without unsafe=1"
	for option in $(options_of "$UNSAFE"); do
		each_refused "$UNSAFE" "$option"
	done
	most=$(environment limit.max_pages)
	refused EPERM $((most * 2)) options/max_pages $((most * 2))
	put options/max_pages $((most / 2))
	expect_dmesg_silent
}

# ---- the tables miss nothing

every_option()
{
	for table in "$GOOD" "$BAD"; do
		expect_eq "options with a row" "$(options_of "$table" | sort | tr '\n' ' ')" \
			"$(ls "$JOB/options" | sort | tr '\n' ' ')"
	done
}

test_case "O-all every option that there is has good and bad values in this script" every_option
for option in $(options_of "$GOOD"); do
	test_case "O-good-$option $option takes its values and reads back what can be written" good "$option"
done
for option in $(options_of "$BAD"); do
	test_case "O-bad-$option $option refuses the rest, with errno, caret and nothing changed" bad "$option"
done
test_case "O-bad-log what others log meanwhile is no complaint, what the module or its request does is" others_log
test_case "O-unsafe what can bring the machine down is EPERM without unsafe=1" unsafe

# ---- entries

# An entry that this kernel lacks says why; every other can be had.
every_entry()
{
	get help | awk '
		/^entries/ { here = 1; next }
		here && !NF { exit }
		here && /^  [a-z]/ && $1 !~ /^(absent:|orders)$/ { name = $1; next }
		here && name { print name, $1; name = "" }' > "$GFP_TMP/rows"
	expect_ge "number of entries in help" "$(wc -l < "$GFP_TMP/rows")" 4
	while read -r name there; do
		case $there in
		absent:) refused_twice EOPNOTSUPP "$name" entry "$name" ;;
		*) write_option entry "$name" "$name" ;;
		esac
	done < "$GFP_TMP/rows"
}

test_case "O-entries every entry of help is taken, or is EOPNOTSUPP on this kernel" every_entry

# ---- gfp names

# To $GFP_TMP/names: all that help has, and what they stand for; also in variables, $MASK_NAME, for gfp_value.
gfp_names()
{
	get help | awk '/^gfp names/ { here = 1 } here && NF == 2 && $2 ~ /^0x/ { print $1, $2 }' > "$GFP_TMP/names"
	while read -r name value; do
		eval "MASK_$name=$value"
	done < "$GFP_TMP/names"
}

# TEXT: sets MASK to what it stands for, by what help says.
gfp_value()
{
	MASK=0 _rest=$1
	while [ -n "$_rest" ]; do
		_name=${_rest%%"|"*}
		_rest=${_rest#"$_name"}
		_rest=${_rest#"|"}
		eval "_value=\${MASK_$_name:-}"
		[ -n "$_value" ] || fail "'$_name' of '$1' is not in help"
		MASK=$((MASK | _value))
	done
}

# GOT WANT: they stand for the same.
same_mask()
{
	gfp_value "$2"
	_want=$MASK
	gfp_value "$1"
	expect_eq "value of '$1', which is to be '$2'" $MASK $_want
}

gfp_round_trip()
{
	gfp_names
	expect_ge "number of gfp names in help" "$(wc -l < "$GFP_TMP/names")" 25
	while read -r name value; do
		text=$name want=$((value))
		case $name in
		*NOFAIL) text="$name|GFP_KERNEL" want=$((value | MASK_GFP_KERNEL)) ;;
		esac
		echo "$text" > "$JOB/options/gfp"
		IFS= read -r symbolic < "$JOB/options/gfp"
		gfp_value "$symbolic"
		expect_eq "value of '$symbolic', which '$text' reads as" $MASK $want
		write_option gfp "$(printf '0x%x' $want)" "$symbolic"
		write_option gfp "$symbolic" "$symbolic"
	done < "$GFP_TMP/names"
}

# The kernel's own idea of the names: GFP_KERNEL is what it was made of.
gfp_kernel_value()
{
	gfp_names
	same_mask GFP_KERNEL '__GFP_DIRECT_RECLAIM|__GFP_KSWAPD_RECLAIM|__GFP_IO|__GFP_FS'
}

gfp_atomic_sleeps()
{
	gfp_names
	[ -n "${MASK___GFP_ATOMIC:-}" ] || skip "this kernel has no __GFP_ATOMIC"
	refused_twice EINVAL "GFP_ATOMIC|__GFP_DIRECT_RECLAIM" gfp "GFP_ATOMIC|__GFP_DIRECT_RECLAIM"
}

# TEXT NAMES: what is written, and the mask that it means on this kernel
gfp_means()
{
	echo "$1" > "$JOB/options/gfp"
	IFS= read -r symbolic < "$JOB/options/gfp"
	same_mask "$symbolic" "$2"
}

# By name; the order of names differs between kernels.
gfp_of_others()
{
	gfp_names
	gfp_means 0x20@2.6.32 '__GFP_HIGH|__GFP_KSWAPD_RECLAIM'
	gfp_means 0x4020@3.2 '__GFP_HIGH|__GFP_KSWAPD_RECLAIM|__GFP_COMP'
	gfp_means 0x10c0d0@3.10 'GFP_KERNEL|__GFP_ZERO|__GFP_COMP'
	gfp_means 0x4200@3.10 '__GFP_KSWAPD_RECLAIM|__GFP_COMP|__GFP_NOWARN'
	gfp_means 0x400200@3.10 __GFP_NOWARN
	gfp_means 0x2080020@4.9 GFP_ATOMIC
	gfp_means 0x1080020@4.14 GFP_ATOMIC
	gfp_means 0x480020@4.19 GFP_ATOMIC
	gfp_means 0xa20@5.4 GFP_ATOMIC
	gfp_means 0x14200ca@4.17 GFP_HIGHUSER_MOVABLE
	gfp_means 0x100cca@5.4 GFP_HIGHUSER_MOVABLE
	gfp_means 'GFP_KERNEL|__GFP_NO_KSWAPD' '__GFP_DIRECT_RECLAIM|__GFP_IO|__GFP_FS'
	gfp_means '0x40dc0(GFP_KERNEL|__GFP_COMP|__GFP_ZERO)' 'GFP_KERNEL|__GFP_COMP|__GFP_ZERO'
}

gfp_blanks()
{
	gfp_names
	gfp_means '  GFP_KERNEL |	__GFP_COMP , __GFP_ZERO ' 'GFP_KERNEL|__GFP_COMP|__GFP_ZERO'
	gfp_means '0x40dc0 ( GFP_KERNEL | __GFP_COMP )' 'GFP_KERNEL|__GFP_COMP'
	for text in 'GFP_KERNEL | __GFP_COMP' 'GFP_KERNEL| __GFP_COMP' 'GFP_KERNEL |__GFP_COMP' \
		'0x40cc0(GFP_KERNEL | __GFP_COMP)'; do
		set_opts gfp=GFP_ATOMIC order=0
		echo "seed=9 gfp=$text order=3" > "$JOB/set"
		expect_eq "order after gfp=$text" "$(opt order)" 3
		same_mask "$(opt gfp)" 'GFP_KERNEL|__GFP_COMP'
	done
	refused EINVAL 'gfp=GFP_KERNEL FOO order=3' set "FOO"
}

# TEXT NOTE: taken, and what `error` says of it
noted()
{
	echo > "$GFP/error"
	put options/gfp "$1"
	expect_like "what error says of '$1'" "$(get error)" "*jobs/*/options/gfp: note: $2
  *"
}

gfp_noted()
{
	noted '__GFP_WAIT|__GFP_COLD' '*__GFP_WAIT went with 4.4*; __GFP_COLD went with 4.15*'
	noted 'GFP_KERNEL|__GFP_REPEAT' '*__GFP_RETRY_MAYFAIL*'
	noted '0x24000c0(GFP_KERNEL)' 'the names decide; on this kernel they are 0xcc0, not 0x24000c0'
	echo > "$GFP/error"
	put options/gfp '0xcc0(GFP_KERNEL)'
	put options/gfp 0xd0@3.10
	put options/gfp GFP_KERNEL
	expect_eq "what error says of masks that nothing is to be said of" "$(get error)" ""
}

test_case "O-gfp-others bits of other kernels and names that are gone mean what they meant" gfp_of_others
test_case "O-gfp-blanks blanks may stand around the parts of a mask, also in set" gfp_blanks
test_case "O-gfp-noted what became of a name, and a hex that is not this kernel's, are told" gfp_noted
test_case "O-gfp-names every gfp name of help is taken, and hex reads back as names" gfp_round_trip
test_case "O-gfp-kernel GFP_KERNEL in help is the sum of its parts" gfp_kernel_value
test_case "O-gfp-atomic __GFP_ATOMIC that may sleep is EINVAL" gfp_atomic_sleeps

# ---- set

# A value at the far end of its range for every option, no two of them alike.
OTHER="entry=alloc_pages_nodemask gfp=GFP_KERNEL|__GFP_ZERO order=1-3 nid=1 nodes=0-1 count=7 \
duration_ms=1001 cpus=0 context=atomic scope=nofs,pin hold=3 release=every:5 interval_us=11 seed=13 \
squeeze=1:Normal:low+7% fragment=1:Normal:4 lists=0:DMA32:1/2U/3UM/4/5/6/7/8/9/10/11 \
cma_only=1:Normal,0:DMA pages=77 range=cma observe=time ring=17 check=full max_pages=1900 timeout_ms=2300 keep_probes=1 rules=4.3 \
verbose=1 frees=1"

set_all()
{
	set_opts "$OTHER"
	for word in $OTHER; do
		read -r got < "$JOB/options/${word%%=*}"
		expect_eq "${word%%=*} after set" "$got" "${word#*=}"
	done
	expect_eq "number of options here" "$(echo "$OTHER" | wc -w)" "$(ls "$JOB/options" | wc -l)"
}

# A job is a text file.
set_text_file()
{
	set_opts "$OTHER"
	cat "$JOB/set" > "$GFP_TMP/job"
	job other
	cat "$GFP_TMP/job" > "$JOB/set"
	expect_eq "set of the other job" "$(get set)" "$(cat "$GFP_TMP/job")"
	cat "$GFP_TMP/defaults" > "$JOB/set"
	expect_eq "set after the defaults" "$(get set)" "$(cat "$GFP_TMP/defaults")"
}

# Whatever option is wrong, wherever it stands, nothing is taken.
set_nothing()
{
	echo "$BAD" | awk 'NF && !seen[$1]++' > "$GFP_TMP/rows"
	while read -r option errno value mistake; do
		refused "$errno" "$option=$value $OTHER" set "${mistake:-$value}"
		refused "$errno" "$OTHER $option=$value" set "${mistake:-$value}"
	done < "$GFP_TMP/rows"
}

set_caret_far() { expect_refused EINVAL "$OTHER $OTHER colour=red $OTHER" set colour; }
set_caret_blanks() { expect_refused EINVAL "  	order=1   colour=red" set colour; }
option_caret_blanks() { expect_refused EINVAL "   GFP_KERNEL|FOO  " options/gfp FOO; }
option_blanks() { put options/order "  3
"; expect_eq order "$(opt order)" 3; }

set_nul()
{
	before=$(get set)
	printf 'order=1\000 count=2' > "$JOB/set" 2> /dev/null && fail "a NUL byte was taken"
	expect_like "reason" "$(get error | tail -n 3 | head -n 1)" "*EINVAL*NUL*"
	expect_eq "options" "$(get set)" "$before"
}

test_case "O-set-all set takes every option at once" set_all
test_case "O-set-file a job is a text file that another job can read" set_text_file
test_case "O-set-nothing one bad value among all the options, first or last, changes none" set_nothing
test_case "O-set-far a mistake far into a long text still has its caret" set_caret_far
test_case "O-set-blanks the caret counts blanks" set_caret_blanks
test_case "O-option-caret the caret counts blanks before a single value" option_caret_blanks
test_case "O-option-blanks blanks around a single value do not matter" option_blanks
test_case "O-set-nul a NUL byte is EINVAL" set_nul

# ---- combinations, judged when a run is asked for

# WORD ERRNO REASON OPTION=VALUE...: the options are taken, the run is not; nothing has run
no_run()
{
	word=$1 errno=$2 reason=$3
	shift 3
	set_opts "$@"
	expect_refused "$errno" "$word" control '' "*$reason"
	expect_like status "$(get status)" "state=idle run=0 done=0 *"
	expect_eq requests "$(summary requests)" 0
	expect_dmesg_silent
}

# Some kernels WARN of order 2 and above.
nofail_order()
{
	if has nofail_any_order; then
		set_opts "gfp=GFP_KERNEL|__GFP_NOFAIL" order=0-4 count=20
		call
		expect_all_records result=ok
		expect_dmesg_silent
	else
		no_run call EINVAL NOFAIL "gfp=GFP_KERNEL|__GFP_NOFAIL" order=0-2
	fi
}

cpu_offline()
{
	set_opts cpus=1
	undo "echo 1 > /sys/devices/system/cpu/cpu1/online"
	echo 0 > /sys/devices/system/cpu/cpu1/online
	expect_refused ENODEV start control '' "*CPU"
	expect_refused ENODEV 1 options/cpus 1
	expect_eq cpus "$(opt cpus)" 1
	call
	expect_eq "requests of a call, which asks for no CPU" "$(summary requests)" 1
	set_opts cpus=all count=8
	start
	wait_idle
	expect_eq "requests on the CPU that is left" "$(count_where cpu=0)" 8
}

test_case "O-run-nid a nid for an entry that takes none is EINVAL" \
	no_run call EINVAL nid entry=alloc_pages nid=1
test_case "O-run-nid-gfp a nid for get_free_pages is EINVAL" \
	no_run call EINVAL nid entry=get_free_pages nid=0
test_case "O-run-nodes nodes for an entry that takes none is EINVAL" \
	no_run call EINVAL nodes entry=alloc_pages nodes=0
test_case "O-run-nodes-node nodes for alloc_pages_node is EINVAL" \
	no_run start EINVAL nodes entry=alloc_pages_node nodes=1
test_case "O-run-order an order over the maximum without NOWARN is EINVAL" \
	no_run call EINVAL NOWARN order=11
test_case "O-run-orders so it is as one of several orders" \
	no_run start EINVAL NOWARN order=0,11
test_case "O-run-nofail __GFP_NOFAIL with an order that makes the kernel WARN is EINVAL" nofail_order
test_case "O-run-squeeze a squeeze with start is EINVAL" \
	no_run start EINVAL squeeze squeeze=1:Normal:105
test_case "O-run-fragment fragment with start is EINVAL" \
	no_run start EINVAL fragment fragment=1:Normal:4
test_case "O-run-lists lists with start is EINVAL" no_run start EINVAL lists lists=1:Normal:4
test_case "O-run-states a zone that is to have lists has no other state" \
	no_run call EINVAL *squeeze*lists* squeeze=1:Normal:60 lists=1:Normal:4
test_case "O-run-pages an entry that takes an order takes no pages" no_run call EINVAL *number* pages=12
test_case "O-run-pages-order pages and an order exclude each other" \
	no_run call EINVAL order=0 entry=vmalloc pages=12 order=3
test_case "O-run-range no entry but contig_range takes a range" no_run call EINVAL *range* range=busy
test_case "O-run-hold release=at_once with a hold is EINVAL" \
	no_run call EINVAL at_once release=at_once hold=2
test_case "O-run-context a mask that may sleep is EINVAL in atomic context" \
	no_run call EINVAL context context=atomic
test_case "O-run-hardirq and in an interrupt" \
	no_run start EINVAL context context=hardirq
test_case "O-run-scope a scope of the task is EINVAL in an interrupt" \
	no_run call EINVAL scope context=softirq gfp=GFP_ATOMIC scope=nofs
test_case "O-run-cpu a CPU that went offline is ENODEV for start" cpu_offline

run_cases
