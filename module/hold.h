/* SPDX-License-Identifier: GPL-2.0 */
/* hold.h - what becomes of a block that a request brought */
#ifndef GFPLAB_HOLD_H
#define GFPLAB_HOLD_H

struct gfplab_block;
struct gfplab_requester;

void gfplab_hold_quarantine(struct gfplab_requester *rq, const struct gfplab_block *block);
void gfplab_hold_drain(struct gfplab_requester *rq);
void gfplab_hold_or_free(struct gfplab_requester *rq, const struct gfplab_block *block);

#endif
