// SPDX-License-Identifier: GPL-2.0
/*
 * trace.c - our own trace events, instantiated.
 */
#include <linux/errno.h>
#include <linux/module.h>

#define CREATE_TRACE_POINTS
#include "trace.h"

/**
 * gfplab_trace_hold() - keep the module while one of its trace events is registered
 *
 * An event that is on could be turned off when the module goes, and the kernel does so, but not
 * if a trigger (hist, stacktrace, enable_event ...) is attached: the probe then stays registered,
 * which tp_module_going_check_quiescent() of kernel/tracepoint.c WARNs of, and the trigger's data
 * is leaked. A trigger that is added to an event which is on calls nothing of the module, so being
 * on has to suffice.
 *
 * Context: process, under the locks of kernel/tracepoint.c; for the first probe of each event.
 * Return: 0, or -ENODEV when the module is going already.
 */
int gfplab_trace_hold(void)
{
	return try_module_get(THIS_MODULE) ? 0 : -ENODEV;
}

/**
 * gfplab_trace_release() - let the module go once nothing is registered for an event
 *
 * Context: process, under the locks of kernel/tracepoint.c; after the last probe of each event.
 */
void gfplab_trace_release(void)
{
	module_put(THIS_MODULE);
}
