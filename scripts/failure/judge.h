/* SPDX-License-Identifier: GPL-2.0 */
/*
 * judge.h - why a request failed, by the rules of its kernel.
 */
#ifndef FAILURE_JUDGE_H
#define FAILURE_JUDGE_H

#include "failure.h"

void judge_failure(struct failure *f, unsigned int release);

#endif
