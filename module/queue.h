/* SPDX-License-Identifier: GPL-2.0 */
/* queue.h - the module's workqueue */
#ifndef GFPLAB_QUEUE_H
#define GFPLAB_QUEUE_H

struct workqueue_struct;

extern struct workqueue_struct *gfplab_queue;

int gfplab_queue_init(void);
void gfplab_queue_exit(void);

#endif
