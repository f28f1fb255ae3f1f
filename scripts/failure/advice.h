/* SPDX-License-Identifier: GPL-2.0 */
/*
 * advice.h - what would have let a request through.
 */
#ifndef FAILURE_ADVICE_H
#define FAILURE_ADVICE_H

#include "failure.h"

void advise(struct failure *f);

#endif
