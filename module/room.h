/* SPDX-License-Identifier: GPL-2.0 */
/* room.h - what the zones that a request may use can still give */
#ifndef GFPLAB_ROOM_H
#define GFPLAB_ROOM_H

#include <linux/atomic.h>
#include <linux/gfp.h>
#include <linux/nodemask.h>
#include <linux/types.h>

/**
 * struct gfplab_room - the zones that a request may use
 * @nodes: their nodes
 * @highest: the highest of them, enum zone_type
 * @cma: pages of CMA pageblocks count
 * @group: what comes is charged to the memory cgroup of the current task
 * @margin: pages that must be left in all of them together
 */
struct gfplab_room {
	nodemask_t nodes;
	unsigned int highest;
	bool cma;
	bool group;
	u64 margin;
};

extern atomic64_t gfplab_room_charged;

void gfplab_room_init(struct gfplab_room *room, const nodemask_t *nodes, unsigned int highest,
		      bool cma, bool group);
u64 gfplab_room_pages(const struct gfplab_room *room);
bool gfplab_room_is_left(const struct gfplab_room *room, u64 pages);
bool gfplab_group_fits(u64 pages);
bool gfplab_group_is_left(u64 pages, bool hold, bool *limited);
void gfplab_room_hold(const struct page *page, long pages);
u64 gfplab_room_share(const struct gfplab_room *room);
bool gfplab_page_is_spare(const struct gfplab_room *room, const struct page *page);

#endif
