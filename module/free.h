/* SPDX-License-Identifier: GPL-2.0 */
/* free.h - a free as a request of its own */
#ifndef GFPLAB_FREE_H
#define GFPLAB_FREE_H

struct gfplab_block;
struct gfplab_requester;

void gfplab_free_recorded(struct gfplab_requester *rq, const struct gfplab_block *block);

#endif
