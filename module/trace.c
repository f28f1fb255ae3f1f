// SPDX-License-Identifier: GPL-2.0
/*
 * trace.c - our own trace events, instantiated.
 */
#define CREATE_TRACE_POINTS
#include "trace.h"
