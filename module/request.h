/* SPDX-License-Identifier: GPL-2.0 */
/* request.h - requests made one after the other, judged and recorded */
#ifndef GFPLAB_REQUEST_H
#define GFPLAB_REQUEST_H

#include <linux/types.h>

struct gfplab_requester;

void gfplab_requester_begin(struct gfplab_requester *rq);
void gfplab_requester_end(struct gfplab_requester *rq);
void gfplab_request(struct gfplab_requester *rq, unsigned int order_index);
u32 gfplab_request_burst(struct gfplab_requester *rq, u32 n);

#endif
