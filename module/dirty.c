// SPDX-License-Identifier: GPL-2.0
/*
 * dirty.c - the share of dirty pages that a node may have.
 */
#include <linux/compiler.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/rt.h>
#include "dirty.h"
#include "sysctl.h"

/* vm.dirty_ratio when probes were last attached; 0: vm.dirty_bytes counts; -1: unknown */
long gfplab_dirty_ratio = -1;

/**
 * gfplab_over_dirty - has a node more dirty pages than its share?
 * @node: the node
 * @ratio: vm.dirty_ratio, in per cent of what may be dirty
 *
 * Context: any; the task that the page is for.
 * Return: whether it has.
 * Mirrors node_dirty_ok() and node_dirty_limit() of mm/page-writeback.c, 5.10 to 7.3.
 */
bool gfplab_over_dirty(pg_data_t *node, long ratio)
{
	long pages = 0, limit;
	int i;

	for (i = 0; i < MAX_NR_ZONES; i++)
		if (populated_zone(&node->node_zones[i]))
			pages += zone_page_state(&node->node_zones[i], NR_FREE_PAGES);
	pages -= min_t(long, pages, node->totalreserve_pages);
	pages += gfplab_node_stat(node, NR_INACTIVE_FILE) + gfplab_node_stat(node, NR_ACTIVE_FILE);
	limit = pages * ratio / 100;
	if (current->prio < MAX_RT_PRIO)
		limit += limit / 4;
	return gfplab_node_stat(node, NR_FILE_DIRTY) + gfplab_node_stat(node, NR_WRITEBACK) > limit;
}

/**
 * gfplab_dirty_ratio_read - remember vm.dirty_ratio for those that may not sleep
 *
 * Context: task; sleeps.
 */
void gfplab_dirty_ratio_read(void)
{
	WRITE_ONCE(gfplab_dirty_ratio, gfplab_sysctl("vm/dirty_ratio", -1));
}
