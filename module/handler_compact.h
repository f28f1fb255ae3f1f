/* SPDX-License-Identifier: GPL-2.0 */
/* handler_compact.h - what direct compaction says of the request that it is for */
#ifndef GFPLAB_HANDLER_COMPACT_H
#define GFPLAB_HANDLER_COMPACT_H

#include "handler_rows.h"

#define NR_COMPACT_HANDLERS	8

extern const struct gfplab_handler gfplab_compact_handlers[NR_COMPACT_HANDLERS];

#endif
