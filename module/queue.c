// SPDX-License-Identifier: GPL-2.0
/*
 * queue.c - the module's workqueue: ends runs, frees what is left of them, detaches probes.
 */
#include <linux/errno.h>
#include <linux/workqueue.h>
#include "queue.h"

/* With a task of its own for the time when there is no memory for another one. */
struct workqueue_struct *gfplab_queue;

/**
 * gfplab_queue_init - make the workqueue
 *
 * Context: module init.
 * Return: 0 or -ENOMEM.
 */
int gfplab_queue_init(void)
{
	gfplab_queue = alloc_workqueue("gfplab", WQ_MEM_RECLAIM | WQ_UNBOUND, 0);
	return gfplab_queue ? 0 : -ENOMEM;
}

/**
 * gfplab_queue_exit - undo gfplab_queue_init()
 *
 * Context: module exit; what was queued is done first.
 */
void gfplab_queue_exit(void)
{
	destroy_workqueue(gfplab_queue);
}
