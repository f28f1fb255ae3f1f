/* SPDX-License-Identifier: GPL-2.0 */
/* gfp.h - gfp text and the masks that are refused */
#ifndef GFPLAB_GFP_H
#define GFPLAB_GFP_H

#include <linux/gfp.h>
#include <linux/types.h>

struct gfplab_reason;

int gfplab_gfp_parse(const char *text, size_t len, gfp_t *gfp,
		     struct gfplab_reason *why);
void gfplab_gfp_format(char *text, size_t size, gfp_t gfp);
void gfplab_gfp_show(struct seq_file *m, gfp_t gfp);
void gfplab_gfp_help(struct seq_file *m, const char *form);
int gfplab_gfp_check(gfp_t gfp, unsigned long orders, struct gfplab_reason *why);

#endif
