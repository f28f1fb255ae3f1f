/* SPDX-License-Identifier: GPL-2.0 */
/* frames.h - the page frames that we hold, a bit each */
#ifndef GFPLAB_FRAMES_H
#define GFPLAB_FRAMES_H

#include <linux/bitops.h>
#include <linux/mm.h>

/* Bit n: a block that was checked, and is held, has page frame n. */
extern unsigned long *gfplab_frames;
/* Frames from this one on are not watched. */
extern unsigned long gfplab_nr_frames;

/* Return: whether the frame was held already. */
static inline bool gfplab_frame_mark(const struct page *page)
{
	unsigned long pfn = page_to_pfn(page);

	return pfn < gfplab_nr_frames && test_and_set_bit(pfn, gfplab_frames);
}

static inline void gfplab_frame_clear(const struct page *page)
{
	unsigned long pfn = page_to_pfn(page);

	if (pfn < gfplab_nr_frames)
		clear_bit(pfn, gfplab_frames);
}

int gfplab_frames_init(void);
void gfplab_frames_exit(void);

#endif
