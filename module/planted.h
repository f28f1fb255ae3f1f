/* SPDX-License-Identifier: GPL-2.0 */
/* planted.h - deliberate mistakes */
#ifndef GFPLAB_PLANTED_H
#define GFPLAB_PLANTED_H

void gfplab_planted(void);

#endif
