/* SPDX-License-Identifier: GPL-2.0 */
/* judge.h - the verdict of a request */
#ifndef GFPLAB_JUDGE_H
#define GFPLAB_JUDGE_H

struct gfplab_requester;
struct gfplab_verdict;

void gfplab_judge(const struct gfplab_requester *rq, struct gfplab_verdict *verdict);

#endif
