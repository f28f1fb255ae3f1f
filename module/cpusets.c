// SPDX-License-Identifier: GPL-2.0
/*
 * cpusets.c - does the allocator look at cpusets?
 *
 * It does once there is another one than the root's. The key that tells it,
 * cpusets_enabled_key, is not exported.
 */
#include <linux/cpuset.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/nodemask.h>
#include <linux/topology.h>
#include "compat.h"
#include "cpusets.h"

/* Online nodes whose memory no cpuset can allow, as they have none. */
static bool empty_nodes(nodemask_t *nodes)
{
	nodes_andnot(*nodes, node_online_map, node_states[N_MEMORY]);
	return !nodes_empty(*nodes);
}

/**
 * gfplab_cpusets_enabled - does the allocator look at cpusets?
 *
 * Told by what it does. A task that may not use all memory is in one. Else it matters only
 * for a nodemask of nodes without memory, which is obeyed as long as there is no cpuset, and
 * forgotten from then on: such a request is made, and what comes is given back. It neither
 * waits, nor reclaims, nor wakes kswapd, and looks at no zone as long as it fails.
 *
 * Context: task; for its cpuset.
 * Return: false if not; true if it does, or if it makes no difference to this task.
 * Mirrors cpusets_enabled() and check_retry_cpuset(), 5.10 to 7.3.
 */
bool gfplab_cpusets_enabled(void)
{
	nodemask_t nodes;
	struct page *page;

	if (!IS_ENABLED(CONFIG_CPUSETS))
		return false;
	if (!nodes_subset(node_states[N_MEMORY], cpuset_current_mems_allowed) ||
	    !empty_nodes(&nodes))
		return true;
	page = gfplab_alloc_nodemask(__GFP_HIGH | __GFP_NOWARN, 0, first_node(nodes), &nodes);
	if (page)
		__free_page(page);
	return page;
}
