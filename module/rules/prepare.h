/* SPDX-License-Identifier: GPL-2.0 */
/*
 * prepare.h - what every attempt of a request goes by (struct alloc_context), as a step.
 */
#ifndef GFPLAB_RULES_PREPARE_H
#define GFPLAB_RULES_PREPARE_H

#include "walk.h"

void gfplab_step_prepare(const struct gfplab_walk *w, struct gfplab_explain_sink *to);

#endif
