/* SPDX-License-Identifier: GPL-2.0 */
/* option.h - the table of options */
#ifndef GFPLAB_OPTION_H
#define GFPLAB_OPTION_H

#include <linux/types.h>

struct gfplab_option;
struct gfplab_options;
struct gfplab_reason;

extern const unsigned int gfplab_nr_options;
const struct gfplab_option *gfplab_option_row(unsigned int i);
const char *gfplab_option_name(const struct gfplab_option *option);
int gfplab_option_parse(const struct gfplab_option *option,
			struct gfplab_options *to, const char *text,
			struct gfplab_reason *why);
void gfplab_option_show(const struct gfplab_option *option,
			const struct gfplab_options *from, struct seq_file *m);
int gfplab_options_set(struct gfplab_options *to, char *text,
		       struct gfplab_reason *why);
void gfplab_options_show(const struct gfplab_options *from, struct seq_file *m);
int gfplab_options_default(struct gfplab_options *to);
int gfplab_options_params(struct gfplab_options *to);
void gfplab_option_help(struct seq_file *m);

#endif
