/* SPDX-License-Identifier: GPL-2.0 */
/* suspend.h - no run goes on while the machine sleeps */
#ifndef GFPLAB_SUSPEND_H
#define GFPLAB_SUSPEND_H

void gfplab_suspend_init(void);
void gfplab_suspend_exit(void);

#endif
