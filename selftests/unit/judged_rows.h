/* SPDX-License-Identifier: GPL-2.0 */
/*
 * judged_rows.h - what helpers share that judge rows of a table worked out by hand.
 */
#ifndef GFPLAB_JUDGED_ROWS_H
#define GFPLAB_JUDGED_ROWS_H

#include <stdio.h>
#include <string.h>

/*
 * All rows are judged; or the one that is named, aloud; or -l lists them.
 * Return: the exit status, 1 if one is wrong, 2 if there is none.
 */
static inline int rows_main(int argc, char **argv, size_t nr, const char *(*name)(size_t),
			    int (*judge)(size_t, int))
{
	const char *one = argc > 1 ? argv[1] : NULL;
	int list = one && !strcmp(one, "-l"), wrong = 0, found = list;
	size_t i;

	for (i = 0; i < nr; i++) {
		if (list) {
			puts(name(i));
		} else if (!one || !strcmp(one, name(i))) {
			wrong |= judge(i, !!one);
			found = 1;
		}
	}
	if (!found) {
		fprintf(stderr, "%s: no row %s\n", argv[0], one);
		return 2;
	}
	return wrong;
}

#endif
