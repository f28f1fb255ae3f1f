/* SPDX-License-Identifier: GPL-2.0 */
/* handler_reclaim.h - what direct reclaim says of the request that it is for */
#ifndef GFPLAB_HANDLER_RECLAIM_H
#define GFPLAB_HANDLER_RECLAIM_H

#include "handler_rows.h"

#define NR_RECLAIM_HANDLERS	14

extern const struct gfplab_handler gfplab_reclaim_handlers[NR_RECLAIM_HANDLERS];

#endif
