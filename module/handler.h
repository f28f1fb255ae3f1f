/* SPDX-License-Identifier: GPL-2.0 */
/* handler.h - what each probe says of a request */
#ifndef GFPLAB_HANDLER_H
#define GFPLAB_HANDLER_H

#include "rules/probes.h"

struct gfplab_handler;

const struct gfplab_handler *gfplab_handler_of(enum gfplab_probe_id id);

#endif
