/* SPDX-License-Identifier: GPL-2.0 */
/* predictor.h - a snapshot of the zones, and the prediction made from it */
#ifndef GFPLAB_PREDICTOR_H
#define GFPLAB_PREDICTOR_H

#include <linux/types.h>
#include "rules/walk.h"

struct gfplab_options;
struct gfplab_verdict;

/**
 * struct gfplab_predictor - one worker's snapshot of the zones
 * @walk: points into @zones
 * @size: zones that there is room for
 * @cpusets: the allocator looks at cpusets
 * @one_type: all pageblocks are unmovable, and so are all requests
 * @node_reclaims: vm.zone_reclaim_mode is not 0
 * @tiered: kernel.numa_balancing is for tiers of memory, for which kswapd has a mark of its own
 * @dirty_ratio: vm.dirty_ratio, in percent; 0 if vm.dirty_bytes holds instead
 * @unforeseen: why nothing can be predicted on this machine, or NULL
 * @again: of a request that a CPU's list answers: where the zonelist names the first zone; NULL
 *	if the next one is to be predicted anew, though it be the same
 * @first: that zone
 * @here: the node of that CPU
 * @in_task: the task itself asks, and so its cpuset counts
 * @zones: the zones, in the order of the zonelist
 */
struct gfplab_predictor {
	struct gfplab_walk walk;
	unsigned int size;
	bool cpusets;
	bool one_type;
	bool node_reclaims;
	bool tiered;
	long dirty_ratio;
	const char *unforeseen;
	const struct zoneref *again;
	struct zone *first;
	int here;
	bool in_task;
	struct gfplab_zone_snapshot zones[];
};

struct gfplab_predictor *gfplab_predictor_create(void);
const char *gfplab_predict_request(struct gfplab_predictor *predictor,
				   const struct gfplab_options *opt, unsigned int order,
				   struct gfplab_prediction *p, struct gfplab_explain_sink *to);
bool gfplab_predict_again(struct gfplab_predictor *predictor);
bool gfplab_prediction_holds(const struct gfplab_prediction *p,
			     const struct gfplab_verdict *verdict, const struct page *page,
			     bool killed);

#endif
