// SPDX-License-Identifier: GPL-2.0
/*
 * options.c - prints the module's table of options, for its manual page.
 *
 * tables.h, which scripts/man makes, has the rows of module/option.c and
 * module/state.h as they stand there. A line an option: name, type or form,
 * range, unit, default and help, with tabs between them; and below it, after a
 * tab each, its words.
 */
#include <limits.h>
#include <stdio.h>
#include "rules/words.h"
#include "tables.h"

#define U64_MAX			ULLONG_MAX
/* Another one on each kernel: a range with it is not told. */
#define GFPLAB_MAX_ORDER	-1

static void print_range(unsigned long long min, unsigned long long max)
{
	if (max == U64_MAX)
		printf("from %llu", min);
	else if (max)
		printf("%llu to %llu", min, max);
}

static void print_option(const char *name, const char *form, unsigned long long min,
			 unsigned long long max, const struct gfplab_word *words,
			 const char *standard, const char *unit, const char *help)
{
	printf("%s\t%s\t", name, form);
	print_range(min, max);
	printf("\t%s\t%s\t%s\n", unit, standard, help);
	for (; words && words->name; words++)
		printf("\t%s\t%s\n", words->name, words->help);
}

#define PRINT_OPTION(name, type, min, max, words, standard, unit, help)	\
	print_option(#name, #type, min, max, words, standard, unit, help);
#define PRINT_STATE(name, form, help)	\
	print_option(#name, form, 0, 0, NULL, "none", "", help);

int main(void)
{
	GFPLAB_OPTIONS(PRINT_OPTION, PRINT_STATE)
	return 0;
}
