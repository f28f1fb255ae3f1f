/* SPDX-License-Identifier: GPL-2.0 */
/*
 * attempt.h - one attempt: which zone it finds.
 */
#ifndef GFPLAB_RULES_ATTEMPT_H
#define GFPLAB_RULES_ATTEMPT_H

#include "scan.h"

struct gfplab_attempt gfplab_get_page_from_freelist(const struct gfplab_walk *w,
						    unsigned int flags, bool nodemask,
						    bool cpuset, struct gfplab_explain_sink *to);

#endif
