/* SPDX-License-Identifier: GPL-2.0 */
/* request.h - one request */
#ifndef GFPLAB_REQUEST_H
#define GFPLAB_REQUEST_H

#include <linux/types.h>

struct gfplab_worker;

void gfplab_record_expected(struct gfplab_worker *w, struct page *page, u32 pages,
			 u64 begin, u64 latency_ns);
void gfplab_request_begin(struct gfplab_worker *w);
void gfplab_request(struct gfplab_worker *w, unsigned int order_index);
u32 gfplab_request_burst(struct gfplab_worker *w, u32 n);
void gfplab_request_issue(void *data);
void gfplab_request_release(struct gfplab_worker *w);
void gfplab_gate_open(struct gfplab_worker *w);
void gfplab_gate_close(struct gfplab_worker *w);

#endif
