/* SPDX-License-Identifier: GPL-2.0 */
/* frames.h - the page frames that we hold, a bit each */
#ifndef GFPLAB_FRAMES_H
#define GFPLAB_FRAMES_H

#include <linux/bitops.h>
#include <linux/mm.h>

#define GFPLAB_FRAMES_BITS	18	/* log2 of the frames of one map */

/* Maps by the frame's upper bits. In them, bit n: a block that was checked, and is held, has it. */
extern unsigned long **gfplab_frames;
/* Frames from this one on are in no map. */
extern unsigned long gfplab_nr_frames;
/* The map in the place of those that would have no memory to tell of: all bits are set. */
extern unsigned long *gfplab_frames_unwatched;

/* The bit of a frame in its map. */
static __always_inline unsigned long gfplab_frame_bit(unsigned long pfn)
{
	return pfn & ((1UL << GFPLAB_FRAMES_BITS) - 1);
}

/* The map that has the frame; NULL if it is not watched. */
static inline unsigned long *gfplab_frame_map(unsigned long pfn)
{
	unsigned long *map;

	if (pfn >= gfplab_nr_frames)
		return NULL;
	map = gfplab_frames[pfn >> GFPLAB_FRAMES_BITS];
	return map == gfplab_frames_unwatched ? NULL : map;
}

/* Return: whether the frame was held already. */
static inline bool gfplab_frame_mark(const struct page *page)
{
	unsigned long pfn = page_to_pfn(page);
	unsigned long *map = gfplab_frame_map(pfn);

	return map && test_and_set_bit(gfplab_frame_bit(pfn), map);
}

static inline void gfplab_frame_clear(const struct page *page)
{
	unsigned long pfn = page_to_pfn(page);
	unsigned long *map = gfplab_frame_map(pfn);

	if (map)
		clear_bit(gfplab_frame_bit(pfn), map);
}

int gfplab_frames_init(void);
void gfplab_frames_exit(void);

#endif
