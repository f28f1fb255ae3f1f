/* SPDX-License-Identifier: GPL-2.0 */
/* params.h - module parameters that are no option */
#ifndef GFPLAB_PARAMS_H
#define GFPLAB_PARAMS_H

#include <linux/types.h>

extern bool gfplab_unsafe;
extern bool gfplab_kprobes;
extern unsigned int gfplab_linger_ms;

#endif
