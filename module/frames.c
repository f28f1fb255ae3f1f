// SPDX-License-Identifier: GPL-2.0
/*
 * frames.c - the page frames that we hold, a bit each: a block with a frame that
 * is held already was handed out twice.
 *
 * A map for each 2^GFPLAB_FRAMES_BITS frames (1 GiB with pages of 4 KiB) in which there is
 * memory: a machine may have a little of it at a very high address.
 */
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "account.h"
#include "frames.h"
#include "zone.h"

#define MAP_BYTES	(BITS_TO_LONGS(1UL << GFPLAB_FRAMES_BITS) * sizeof(long))

unsigned long **gfplab_frames;
unsigned long gfplab_nr_frames;
unsigned long *gfplab_frames_unwatched;

static unsigned long nr_maps;

static unsigned long *map_alloc(void)
{
	unsigned long *map = kvzalloc(MAP_BYTES, GFP_KERNEL | __GFP_NOWARN | __GFP_NORETRY);

	if (map)
		gfplab_account_take(ACCOUNT_other, MAP_BYTES, LIMIT_none);
	return map;
}

static void map_free(unsigned long *map)
{
	if (map)
		gfplab_account_give(ACCOUNT_other, MAP_BYTES, LIMIT_none);
	kvfree(map);
}

static bool has_memory(unsigned long pfn)
{
#ifdef CONFIG_SPARSEMEM
	return online_section_nr(pfn_to_section_nr(pfn));
#else
	return true;
#endif
}

#ifdef CONFIG_SPARSEMEM
#define STEP	PAGES_PER_SECTION
#else
#define STEP	BIT(GFPLAB_FRAMES_BITS)
#endif

static int watch_zone(const struct zone *zone)
{
	/* Memory may have come since the end was found. */
	unsigned long end = min(zone_end_pfn(zone), gfplab_nr_frames), pfn;
	unsigned long **map;

	for (pfn = round_down(zone->zone_start_pfn, STEP); pfn < end; pfn += STEP) {
		map = &gfplab_frames[pfn >> GFPLAB_FRAMES_BITS];
		if (*map || !has_memory(pfn))
			continue;
		*map = map_alloc();
		if (!*map)
			return -ENOMEM;
		cond_resched();
	}
	return 0;
}

/* With a function for each zone that has pages, until one returns an error. */
static int for_zones(int (*what)(const struct zone *zone))
{
	struct zone *zone;
	int nid, i, err;

	for_each_online_node(nid) {
		for (i = 0; i < MAX_NR_ZONES; i++) {
			zone = gfplab_zone(nid, i);
			err = zone ? what(zone) : 0;
			if (err)
				return err;
		}
	}
	return 0;
}

static int find_end(const struct zone *zone)
{
	gfplab_nr_frames = max(gfplab_nr_frames, zone_end_pfn(zone));
	return 0;
}

/**
 * gfplab_frames_init - make the maps of frames that we hold
 *
 * A bit a page frame, 1/32768 of the memory. Frames that are added later are
 * not watched.
 *
 * Context: module init.
 * Return: 0 or -ENOMEM.
 */
int gfplab_frames_init(void)
{
	unsigned long i;
	int err;

	for_zones(find_end);
	gfplab_nr_frames = round_up(gfplab_nr_frames, 1UL << GFPLAB_FRAMES_BITS);
	nr_maps = gfplab_nr_frames >> GFPLAB_FRAMES_BITS;
	gfplab_frames = gfplab_array(ACCOUNT_other, nr_maps, sizeof(*gfplab_frames), NULL);
	gfplab_frames_unwatched = map_alloc();
	err = gfplab_frames && gfplab_frames_unwatched ? for_zones(watch_zone) : -ENOMEM;
	if (err) {
		gfplab_frames_exit();
		return err;
	}
	/* For the quick check a frame that is not watched is one that needs the full check. */
	memset(gfplab_frames_unwatched, 0xff, MAP_BYTES);
	for (i = 0; i < nr_maps; i++)
		if (!gfplab_frames[i])
			gfplab_frames[i] = gfplab_frames_unwatched;
	return 0;
}

/**
 * gfplab_frames_exit - undo gfplab_frames_init()
 *
 * Context: module exit.
 */
void gfplab_frames_exit(void)
{
	unsigned long i;

	for (i = 0; gfplab_frames && i < nr_maps; i++)
		if (gfplab_frames[i] != gfplab_frames_unwatched)
			map_free(gfplab_frames[i]);
	gfplab_array_free(gfplab_frames);
	map_free(gfplab_frames_unwatched);
}
