/* SPDX-License-Identifier: GPL-2.0 */
/* error.h - why something was refused */
#ifndef GFPLAB_ERROR_H
#define GFPLAB_ERROR_H

#include <linux/compiler.h>
#include <linux/types.h>
#include "rules/portable.h"

#define GFPLAB_WHERE_MAX	80	/* a file's path below the module's folder, NUL included */

/**
 * struct gfplab_reason - why a text was refused, or what to know of one that was taken
 * @at: offset of the mistake in the text, -1 if no single place is at fault
 * @note: the text was taken
 * @text: the reason, for a person
 */
struct gfplab_reason {
	int at;
	bool note;
	char text[160];
};

__printf(4, 5)
int gfplab_refuse(struct gfplab_reason *why, int at, int err, const char *fmt, ...);
__printf(2, 3)
void gfplab_note(struct gfplab_reason *why, const char *fmt, ...);
void gfplab_error_log(const char *where, const char *text, size_t len,
		      const struct gfplab_reason *why, int err);
void gfplab_error_clear(void);
void gfplab_error_show(struct seq_file *m);

#endif
