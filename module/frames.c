// SPDX-License-Identifier: GPL-2.0
/*
 * frames.c - the page frames that we hold, a bit each: a block with a frame that
 * is held already was handed out twice.
 */
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/mmzone.h>
#include <linux/vmalloc.h>
#include "frames.h"
#include "zone.h"

unsigned long *gfplab_frames;
unsigned long gfplab_nr_frames;

/**
 * gfplab_frames_init - make the map of frames that we hold
 *
 * A bit a page frame, 1/32768 of the memory. Frames that are added later are
 * not watched.
 *
 * Context: module init.
 * Return: 0 or -ENOMEM.
 */
int gfplab_frames_init(void)
{
	struct zone *zone;
	int nid, i;

	for_each_online_node(nid) {
		for (i = 0; i < MAX_NR_ZONES; i++) {
			zone = gfplab_zone(nid, i);
			if (zone)
				gfplab_nr_frames = max(gfplab_nr_frames, zone_end_pfn(zone));
		}
	}
	gfplab_frames = vzalloc(BITS_TO_LONGS(gfplab_nr_frames) * sizeof(long));
	return gfplab_frames ? 0 : -ENOMEM;
}

/**
 * gfplab_frames_exit - undo gfplab_frames_init()
 *
 * Context: module exit.
 */
void gfplab_frames_exit(void)
{
	vfree(gfplab_frames);
}
