#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: what oopses, hangs or WARNs on some kernel is refused on every kernel (rows P10, P11)
# suite: full
# vm: hostile
# timeout: 180
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"

MAX_ORDER=$(awk '{ print NF - 5; exit }' /proc/buddyinfo)

# FUNCTION ARGUMENT...: nothing of it is in the kernel's log. unsafe=1 allows no nonsense; the last
# cases here are the same without it.
quietly()
{
	"$@"
	expect_dmesg_silent
}

# ERRNO MASK REASON: no job can have such a mask.
bad_mask() { expect_refused "$1" "gfp=$2" set "$2" "$3"; }

# The same, and there is no way round: not the option's own file, not among options that are fine.
bad_mask_anywhere()
{
	bad_mask "$@"
	expect_refused "$1" "$2" options/gfp "$2" "$3"
	expect_refused "$1" "count=7 gfp=$2 order=1" set "$2" "$3"
	expect_eq "the mask" "$(opt gfp)" GFP_KERNEL
}

# NAME...: the bits of these names, joined, in hex
hex()
{
	_bits=0
	for _name; do
		_value=$(get help | awk -v name="$_name" '/^gfp names/ { here = 1 } here && $1 == name { print $2; exit }')
		_bits=$((_bits | ${_value:?no gfp name $_name in help}))
	done
	printf '0x%x\n' $_bits
}

# ERRNO REASON OPTION=VALUE...: each option is fine, together they can't be run. Neither word runs
# them, and nothing is left of the try.
bad_run()
{
	_errno=$1 _why=$2
	shift 2
	put set "$(tr '\n' ' ' < "$GFP_TMP/defaults") $*"
	expect_errno "$_errno" start control
	expect_refused "$_errno" call control '' "$_why"
	expect_like "status" "$(cat "$JOB/status")" "state=idle run=0 done=0 *held_pages=0 *"
}

# ---- gfp masks

zones()
{
	bad_mask_anywhere EINVAL 'GFP_DMA|GFP_DMA32' "*more than one zone*"
	for mask in 'GFP_DMA|__GFP_HIGHMEM' 'GFP_DMA32|__GFP_HIGHMEM' 'GFP_DMA|GFP_HIGHUSER' \
		'GFP_KERNEL,GFP_DMA,GFP_HIGHUSER_MOVABLE' 'GFP_DMA|GFP_DMA32|__GFP_HIGHMEM'; do
		bad_mask EINVAL "$mask" "*more than one zone*"
	done
	bad_mask EINVAL "$(hex GFP_DMA GFP_DMA32)" "*more than one zone*"
	bad_mask EINVAL "$(hex GFP_DMA __GFP_HIGHMEM)" "*more than one zone*"
}

types()
{
	bad_mask_anywhere EINVAL '__GFP_MOVABLE|__GFP_RECLAIMABLE' "*two migratetypes*"
	for mask in 'GFP_KERNEL|__GFP_RECLAIMABLE|__GFP_MOVABLE' \
		'GFP_HIGHUSER_MOVABLE|RECLAIMABLE' "$(hex GFP_KERNEL __GFP_MOVABLE __GFP_RECLAIMABLE)"; do
		bad_mask EINVAL "$mask" "*two migratetypes*"
	done
}

# Bits that no name covers, alone and with others: the kernel takes them without a word.
unknown_bits()
{
	known=0
	for value in $(get help | awk '/^gfp names/ { here = 1; next } here && NF == 2 && $2 ~ /^0x/ { print $2 }'); do
		known=$((known | value))
	done
	[ $known -gt 4096 ] || fail "help lists no gfp names"
	tried=0
	for bit in 1 2 4 8 16 32 64 128 256 512 1024 2048 4096 8192 16384 32768 65536 131072 262144 524288 \
		1048576 2097152 4194304 8388608 16777216 33554432 67108864 134217728 268435456 536870912 \
		1073741824 2147483648; do
		[ $((known & bit)) -eq 0 ] || continue
		tried=$((tried + 1))
		mask=$(printf '0x%x' $bit)
		case $tried in
		1) bad_mask_anywhere EINVAL "$mask" "*bits*no name*" ;;
		2) bad_mask EINVAL "GFP_KERNEL|$mask" "*bits*no name*" ;;
		*) expect_errno EINVAL "gfp=$mask" set ;;
		esac
	done
	expect_ge "bits without a name that were tried" $tried 4
	bad_mask EINVAL 0x100000000 "*not a gfp name*"
	bad_mask EINVAL 0xffffffff "*"
}

# Bit 0x200 is __GFP_ATOMIC up to 6.1 and nothing later; with __GFP_DIRECT_RECLAIM it WARNs, or is
# silently accepted.
atomic_bit()
{
	reason="*__GFP_ATOMIC with __GFP_DIRECT_RECLAIM*"
	get help | grep -q '^  __GFP_ATOMIC ' || reason="*bits*no name*"
	bad_mask EINVAL 0xec0 "$reason"
	bad_mask EINVAL 'GFP_KERNEL|0x200' "$reason"
	case $reason in *WARN* | *__GFP_ATOMIC*)
		bad_mask_anywhere EINVAL 'GFP_KERNEL|GFP_ATOMIC' "$reason"
		bad_mask EINVAL '__GFP_ATOMIC|__GFP_DIRECT_RECLAIM' "$reason" ;;
	esac
}

nofail_masks()
{
	bad_mask_anywhere EINVAL __GFP_NOFAIL "*__GFP_NOFAIL*__GFP_DIRECT_RECLAIM*"
	for mask in 'GFP_ATOMIC|__GFP_NOFAIL' 'GFP_NOWAIT|NOFAIL' "$(hex GFP_NOWAIT __GFP_NOFAIL)" \
		'__GFP_KSWAPD_RECLAIM|__GFP_NOFAIL|__GFP_NOWARN'; do
		bad_mask EINVAL "$mask" "*__GFP_NOFAIL*__GFP_DIRECT_RECLAIM*"
	done
	bad_mask EINVAL 'GFP_KERNEL|__GFP_NOFAIL|__GFP_NORETRY' "*__GFP_NOFAIL*__GFP_NORETRY*"
}

# What a machine may be drained with needs unsafe=1.
unsafe_masks()
{
	bad_mask_anywhere EPERM 'GFP_KERNEL|__GFP_NOFAIL' "*unsafe=1*"
	bad_mask EPERM "$(hex GFP_KERNEL __GFP_NOFAIL)" "*unsafe=1*"
	bad_mask_anywhere EPERM 'GFP_KERNEL|__GFP_MEMALLOC' "*unsafe=1*"
	bad_mask EPERM "$(hex __GFP_MEMALLOC)" "*unsafe=1*"
	bad_mask EPERM 'GFP_ATOMIC|MEMALLOC|NOMEMALLOC' "*unsafe=1*"
}

test_case "B-zones two zones at once: a mask that makes no sense is refused" quietly zones
test_case "B-types __GFP_MOVABLE with __GFP_RECLAIMABLE (oopses 5.10) is refused" quietly types
test_case "B-unknown bits that the kernel has no name for are refused" quietly unknown_bits
test_case "B-atomic the bit __GFP_ATOMIC with __GFP_DIRECT_RECLAIM (WARNs) is refused" quietly atomic_bit
test_case "B-nofail __GFP_NOFAIL without __GFP_DIRECT_RECLAIM (WARNs, gives NULL) is refused" quietly nofail_masks

# ---- orders

# Every entry that takes it: over the maximum only with __GFP_NOWARN.
order_over_max()
{
	for entry in alloc_pages alloc_pages_node alloc_pages_nodemask get_free_pages get_dma_pages; do
		bad_run EINVAL "*order $((MAX_ORDER + 1))*__GFP_NOWARN*" entry=$entry order=$((MAX_ORDER + 1))
		bad_run EINVAL "*order $((MAX_ORDER + 1))*" entry=$entry order=0,$((MAX_ORDER + 1)) gfp=GFP_ATOMIC \
			context=hardirq
	done
	expect_refused ERANGE order=$((MAX_ORDER + 2)) set $((MAX_ORDER + 2)) "*0..$((MAX_ORDER + 1))*"
	expect_refused ERANGE order=64 set 64
}

# With it the kernel says no, and nothing else.
order_over_max_quietly()
{
	put set "$(tr '\n' ' ' < "$GFP_TMP/defaults") order=$((MAX_ORDER + 1)) gfp=GFP_KERNEL|__GFP_NOWARN count=3"
	call
	expect_all_records result=rejected
	reset
}

# What is inside an entry has no such order, whatever the mask.
order_of_entry()
{
	for entry in alloc_pages_exact folio_alloc put_page split_page bulk bulk_list bulk_refill \
		kmalloc_large vmalloc contig_range; do
		case $(get help | grep -A 1 "^  $entry ") in *absent:*) continue ;; esac
		bad_run EINVAL "*entry $entry takes orders*" entry=$entry order=$((MAX_ORDER + 1)) 'gfp=GFP_KERNEL|__GFP_NOWARN'
	done
	for entry in alloc_page get_zeroed_page; do
		bad_run EINVAL "*entry $entry takes orders 0 to 0*" entry=$entry order=1
	done
	bad_run EINVAL "*entry kmalloc_large takes orders 2*" entry=kmalloc_large order=1
	bad_run EINVAL "*entry page_frag takes orders 0 to 6*" entry=page_frag order=7
}

# __GFP_NOFAIL of a high order makes some kernels WARN.
nofail_order()
{
	! has nofail_any_order || skip "no order is too high for this kernel"
	for order in 2 0-3 $MAX_ORDER; do
		bad_run EINVAL "*__GFP_NOFAIL above order 1*" 'gfp=GFP_KERNEL|__GFP_NOFAIL' order=$order
		bad_run EINVAL "*__GFP_NOFAIL above order 1*" 'gfp=GFP_NOFS|__GFP_NOFAIL|__GFP_NOWARN' order=$order \
			entry=alloc_pages_node nid=1
	done
	set_opts 'gfp=GFP_KERNEL|__GFP_NOFAIL' order=0-1 count=20
	call
	expect_all_records result=ok
}

# Where no zone is allowed that the nodes have, the kernel gives up at once; __GFP_NOFAIL makes it try for
# ever, deaf to signals. Old modules hang here.
nofail_nowhere()
{
	for gfp in 'GFP_KERNEL|GFP_DMA32' 'GFP_NOFS|GFP_DMA32|__GFP_NOWARN'; do
		bad_run EINVAL "*no zone of these nodes*" entry=alloc_pages_nodemask nodes=1 "gfp=$gfp|__GFP_NOFAIL"
		bad_run EINVAL "*no zone of these nodes*" entry=alloc_pages_node nid=1 \
			"gfp=$gfp|__GFP_NOFAIL|__GFP_THISNODE"
	done
	set_opts entry=alloc_pages_nodemask nid=1 nodes=all 'gfp=GFP_KERNEL|GFP_DMA32|__GFP_NOFAIL' count=20
	call
	expect_all_records result=ok page_nid=0
	set_opts nodes=1 'gfp=GFP_KERNEL|__GFP_NOFAIL|__GFP_THISNODE'
	call
	expect_all_records result=ok page_nid=1
}

test_case "B-order an order over the maximum without __GFP_NOWARN (WARNs) is refused" quietly order_over_max
test_case "B-order-nowarn with __GFP_NOWARN the kernel refuses it, silently" quietly order_over_max_quietly
test_case "B-order-entry orders that an entry does not take are refused" quietly order_of_entry
test_case "B-nofail-order __GFP_NOFAIL above order 1 (WARNs) is refused" quietly nofail_order
test_case "B-nofail-nowhere __GFP_NOFAIL where no zone can serve it (never ends) is refused" quietly nofail_nowhere

# ---- entries and masks

exact_flags()
{
	for gfp in 'GFP_KERNEL|__GFP_COMP' GFP_HIGHUSER GFP_HIGHUSER_MOVABLE 'GFP_ATOMIC|__GFP_COMP' __GFP_HIGHMEM \
		GFP_TRANSHUGE_LIGHT; do
		bad_run EINVAL "*entry alloc_pages_exact*gfp bits*" entry=alloc_pages_exact order=2 "gfp=$gfp"
	done
}

# ENTRY MASK...: neither may reach it
entry_masks()
{
	entry=$1
	shift
	case $(get help | grep -A 1 "^  $entry ") in *absent:*) skip "no $entry" ;; esac
	for gfp; do
		bad_run EINVAL "*entry $entry can't take*" "entry=$entry" order=2 "gfp=$gfp"
	done
}

slab_objects()
{
	for gfp in GFP_HIGHUSER 'GFP_KERNEL|GFP_DMA32' GFP_HIGHUSER_MOVABLE 'GFP_KERNEL|__GFP_ZERO' GFP_KERNEL_ACCOUNT; do
		bad_run EINVAL "*entry kmalloc can't take*" entry=kmalloc order=0 "gfp=$gfp"
	done
	bad_run EINVAL "*entry kmalloc takes orders 0 to 6*" entry=kmalloc order=7
}

frag_nofail()
{
	bad_run EINVAL "*entry page_frag can't take*" entry=page_frag order=0 'gfp=GFP_KERNEL|__GFP_NOFAIL'
}

# Kernels that do not look at them take them.
vmalloc_fixed()
{
	if has vmalloc_refuses_masks; then
		entry_masks vmalloc "$@"
		return
	fi
	for gfp; do
		set_opts entry=vmalloc order=2 count=5 "gfp=$gfp"
		call
		expect_all_records result=ok "gfp=$gfp"
	done
}

test_case "B-exact alloc_pages_exact with __GFP_COMP or __GFP_HIGHMEM (WARNs) is refused" quietly exact_flags
test_case "B-split split_page of a compound block (BUG) is refused" \
	quietly entry_masks split_page 'GFP_KERNEL|__GFP_COMP' GFP_TRANSHUGE
test_case "B-bulk bulk with __GFP_COMP is refused" quietly entry_masks bulk 'GFP_KERNEL|__GFP_COMP'
test_case "B-dma get_dma_pages with another zone is refused" \
	quietly entry_masks get_dma_pages 'GFP_KERNEL|GFP_DMA32' GFP_HIGHUSER GFP_HIGHUSER_MOVABLE
test_case "B-kmalloc kmalloc_large with __GFP_HIGHMEM or __GFP_DMA32 (warns) is refused" \
	quietly entry_masks kmalloc_large GFP_HIGHUSER 'GFP_KERNEL|GFP_DMA32'
test_case "B-vmalloc vmalloc with a zone, a migratetype or __GFP_COMP is refused" \
	quietly entry_masks vmalloc 'GFP_KERNEL|__GFP_COMP' 'GFP_KERNEL|GFP_DMA' GFP_HIGHUSER_MOVABLE \
	'GFP_KERNEL|__GFP_THISNODE' 'GFP_KERNEL|__GFP_RECLAIMABLE'
test_case "B-vmalloc-fix vmalloc with a mask that the kernel would mend (WARNs) is refused" \
	quietly vmalloc_fixed GFP_HIGHUSER 'GFP_KERNEL|__GFP_WRITE' 'GFP_KERNEL|__GFP_NOMEMALLOC' \
	'GFP_KERNEL|__GFP_MEMALLOC'
test_case "B-frag page_frag with __GFP_HIGHMEM or __GFP_ZERO is refused" \
	quietly entry_masks page_frag GFP_HIGHUSER 'GFP_KERNEL|__GFP_ZERO'
test_case "B-frag-nofail page_frag, which asks for order 3, with __GFP_NOFAIL (WARNs) is refused" quietly frag_nofail
test_case "B-kmalloc-object kmalloc with a zone or a migratetype (warns), __GFP_ZERO or __GFP_ACCOUNT is refused" \
	quietly slab_objects
test_case "B-vmalloc-32 vmalloc_32, which takes no mask, with what it could not obey is refused" \
	quietly entry_masks vmalloc_32 GFP_KERNEL_ACCOUNT 'GFP_KERNEL|__GFP_ZERO' GFP_HIGHUSER 'GFP_KERNEL|__GFP_WRITE'
test_case "B-contig contig_range with what it can't give is refused" \
	quietly entry_masks contig_range 'GFP_KERNEL|__GFP_ZERO' 'GFP_KERNEL|__GFP_COMP' GFP_HIGHUSER \
	'GFP_KERNEL|__GFP_THISNODE' GFP_KERNEL_ACCOUNT

# ---- contexts and scopes

# Bite 2: reclaim really runs there; 5.10 hangs.
context_sleeps()
{
	for entry in alloc_pages alloc_page alloc_pages_node alloc_pages_nodemask get_free_pages \
		get_zeroed_page get_dma_pages alloc_pages_exact put_page split_page page_frag; do
		bad_run EINVAL "*__GFP_DIRECT_RECLAIM may sleep*" entry=$entry context=hardirq gfp=GFP_KERNEL
	done
	for context in atomic softirq hardirq; do
		bad_run EINVAL "*__GFP_DIRECT_RECLAIM may sleep*" context=$context gfp=GFP_NOIO
		bad_run EINVAL "*__GFP_DIRECT_RECLAIM may sleep*" context=$context gfp=0x400
	done
}

# What sleeps by itself, whatever its mask
entry_sleeps()
{
	for entry in vmalloc vmalloc_32 contig_range; do
		case $(get help | grep -A 1 "^  $entry ") in *absent:*) continue ;; esac
		for context in atomic softirq hardirq; do
			bad_run EINVAL "*entry $entry sleeps*" entry=$entry context=$context gfp=GFP_ATOMIC
			bad_run EINVAL "*sleep*" entry=$entry context=$context gfp=GFP_KERNEL
		done
		bad_run EINVAL "*entry $entry sleeps*" entry=$entry gfp=GFP_ATOMIC
		bad_run EINVAL "*entry $entry sleeps*" entry=$entry gfp=GFP_NOWAIT
	done
}

# __GFP_NOFAIL can't be had in an interrupt, nor with PF_MEMALLOC: 6.12 WARNs.
nofail_context()
{
	bad_run EINVAL "*__GFP_DIRECT_RECLAIM may sleep*" 'gfp=GFP_KERNEL|__GFP_NOFAIL' context=hardirq
	bad_run EINVAL "*__GFP_NOFAIL under scope=noreclaim*" 'gfp=GFP_KERNEL|__GFP_NOFAIL' scope=noreclaim
	bad_run EINVAL "*__GFP_NOFAIL under scope=noreclaim*" 'gfp=GFP_NOIO|__GFP_NOFAIL' scope=nofs,noreclaim,pin \
		entry=alloc_pages_node nid=1
}

test_case "P10 a request that may sleep is refused where it can't, at every entry" quietly context_sleeps
test_case "P10 entries that sleep are refused where they can't" quietly entry_sleeps
test_case "B-nofail-context __GFP_NOFAIL is refused in interrupts and with PF_MEMALLOC" quietly nofail_context

# ---- nodes

# A node that is not there oopses every kernel.
no_such_node()
{
	last=$(sed 's/.*[-,]//' /sys/devices/system/node/online)
	for nid in $((last + 1)) $((last + 2)) 13; do
		expect_refused ENODEV "nid=$nid" set $nid "*node $nid*"
		expect_refused ENODEV $nid options/nid $nid "*node $nid*"
		expect_refused ENODEV "entry=alloc_pages_node nid=$nid order=1" set $nid "*node $nid*"
		expect_refused ENODEV "nodes=$nid" set $nid "*not online*"
		expect_refused ENODEV "nodes=0,$nid" set 0,$nid "*not online*"
		expect_refused ENODEV "squeeze=$nid:Normal:50" set '' "*node $nid*"
	done
	expect_refused ERANGE nid=65536 set 65536
	expect_refused ERANGE nid=-2 set -2
	expect_refused EINVAL nodes= set ''
}

# A node or a nodemask for an entry that has no parameter for it
node_not_taken()
{
	for entry in alloc_pages alloc_page get_free_pages get_zeroed_page get_dma_pages alloc_pages_exact put_page \
		split_page page_frag; do
		bad_run EINVAL "*entry $entry takes no nid*" entry=$entry nid=0
		bad_run EINVAL "*entry $entry takes no nodes*" entry=$entry nodes=0
	done
	bad_run EINVAL "*entry alloc_pages_node takes no nodes*" entry=alloc_pages_node nid=0 nodes=0
}

# Memory, but no longer: a job that was set up for a node that went offline. A machine whose node can
# go is not at hand; what can be had is that the check is made again for each run.
test_case "P11 a node that does not exist (oopses) is refused" quietly no_such_node
test_case "P11 a node for an entry that takes none is refused" quietly node_not_taken

# ---- all the same without unsafe=1

# FUNCTION...
safely()
{
	gfp_unload
	gfp_load
	dmesg_mark "without unsafe=1"
	for _function; do
		$_function
	done
	expect_dmesg_silent
}

test_case "B-safe masks that make no sense are refused without unsafe=1, and __GFP_NOFAIL, __GFP_MEMALLOC" \
	safely zones types unknown_bits atomic_bit nofail_masks unsafe_masks
test_case "B-safe orders, contexts and nodes that make no sense are refused without unsafe=1" \
	safely order_over_max order_over_max_quietly order_of_entry exact_flags context_sleeps entry_sleeps \
	no_such_node node_not_taken

run_cases
