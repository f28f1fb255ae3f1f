/* SPDX-License-Identifier: GPL-2.0 */
/*
 * answer.h - what was found out, for people and for programs.
 */
#ifndef FAILURE_ANSWER_H
#define FAILURE_ANSWER_H

#include "failure.h"

void answer_text(const struct failure *f, int number);
void answer_json(const struct failure *f);
void answer_state(const struct failure *f, int number);

#endif
