#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: reclaim for Normal takes pages of HighMem as well once there are too many buffer heads (row R18)
# suite: full
# requires: zone=0:Normal zone=0:HighMem kprobes
# vm: buffers
# timeout: 300
# shellcheck disable=SC2034 # lib.sh reads it
MODULE_PARAMS=unsafe=1
. "$(dirname "$0")/lib/lib.sh"

# A file system on DISK in blocks of one sector, so that each page of its page cache has eight buffer heads
many_blocks()
{
	grep -q 'vfat$' /proc/filesystems || skip "the kernel has no vfat"
	command -v mkdosfs > "$GFP_TMP/mkdosfs" || skip "no mkdosfs"
	find_disk
	mkdosfs "$DISK" > "$GFP_TMP/said" 2>&1 || fail "mkdosfs: $(cat "$GFP_TMP/said")"
	undo "dd if=/dev/zero of=$DISK bs=1M count=4 2> /dev/null"
	mkdir "$GFP_TMP/mounted"
	undo "rmdir $GFP_TMP/mounted"
	mount -t vfat -o iocharset=ascii "$DISK" "$GFP_TMP/mounted" || skip "vfat can't be mounted"
	undo "umount $GFP_TMP/mounted"
}

heads() { awk '$1 == "buffer_head" { print $2 }' /proc/slabinfo; }

# Buffer heads that the kernel allows: as many as fit a tenth of the pages below HighMem that are above their high
# marks, as it boots (buffer_init() of fs/buffer.c)
heads_allowed()
{
	_size=$(awk '$1 == "buffer_head" { print $4 }' /proc/slabinfo)
	echo $((($(zone_field 0 Normal managed) + $(zone_field 0 DMA managed)) * (4096 / _size) / 10))
}

# MIB [DD-WORD...]
write_file()
{
	_mib=$1
	shift
	dd if=/dev/zero of="$GFP_TMP/mounted/file" bs=1M count="$_mib" "$@" 2> "$GFP_TMP/said" ||
		fail "$(cat "$GFP_TMP/said")"
}

# CLEAN DIRTY: a request that comes to reclaim in Normal, while so many MiB of a file are clean page cache in HighMem
# and others dirty. What is written while there are too many buffer heads loses its own, so it is the dirty ones
# that make them too many.
reclaim_beside()
{
	many_blocks
	write_file "$1"
	sync
	# Else it goes with the file's inode, whose shrinker is there for Normal.
	exec 3< "$GFP_TMP/mounted/file"
	undo "exec 3<&-"
	sysctl_set vm/highmem_is_dirtyable 1
	sysctl_set vm/dirty_writeback_centisecs 360000
	sysctl_set vm/dirty_background_ratio 80
	sysctl_set vm/dirty_ratio 90
	[ "$2" = 0 ] || write_file "$2" "seek=$1" conv=notrunc
	expect_ge "pages of HighMem with the file" "$(zone_field 0 HighMem nr_zone_inactive_file)" $((($1 + $2) * 240))
	# DMA keeps its pages for its own.
	sysctl_set vm/lowmem_reserve_ratio "1 32 0 0"
	# What takes pages of HighMem can't be the request, but what it reclaims.
	set_opts entry=alloc_pages "gfp=__GFP_DIRECT_RECLAIM|__GFP_IO|__GFP_FS|__GFP_NORETRY|__GFP_NOWARN" count=4 \
		release=at_end squeeze=0:Normal:60
	note "buffer heads: $(heads), allowed $(heads_allowed)"
	before=$(file_pages)
	call
	gone=$((before - $(file_pages)))
	expect_some_record stage=reclaim
}
file_pages() { echo $(($(zone_field 0 HighMem nr_zone_inactive_file) + $(zone_field 0 HighMem nr_zone_active_file))); }

# Red if pages go that can't help the request.
left_alone()
{
	reclaim_beside 30 0
	expect_le "buffer heads" "$(heads)" $(($(heads_allowed) * 3 / 4))
	expect_eq "pages of HighMem that reclaim for Normal has freed" $gone 0
}

# Red if buffer heads, which lie in Normal, stay for the sake of pages that lie in HighMem.
taken_too()
{
	reclaim_beside 100 80
	expect_ge "buffer heads" "$(heads)" $(($(heads_allowed) * 9 / 10))
	expect_ge "pages of HighMem that reclaim for Normal has freed" $gone 32
	expect_ge "pages of files, by the records" "$(sum_of reclaimed_file)" $gone
}

test_case "R18 with few buffer heads reclaim for Normal leaves HighMem alone" left_alone
test_case "R18 with too many of them it takes pages of HighMem as well" taken_too

run_cases
