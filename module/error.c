// SPDX-License-Identifier: GPL-2.0
/*
 * error.c - why a write was refused, kept where a person can read it.
 *
 * An errno alone does not tell which of twenty options was wrong. As tracefs'
 * error_log does, each refusal leaves the text, a caret and a reason; nothing
 * goes to the kernel log, which is not ours to fill.
 */
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/time64.h>
#include "error.h"

#define NR_ERRORS	8
#define SHOWN_MAX	200	/* of a refused text */

struct error {
	u64 ts_ns;
	int err;
	int at;
	char where[GFPLAB_WHERE_MAX];
	char text[SHOWN_MAX + 1];
	char reason[sizeof_field(struct gfplab_reason, text)];
};

static struct error errors[NR_ERRORS];
static unsigned int nr_errors;		/* ever logged since the last clear */
static DEFINE_MUTEX(errors_lock);

/* The errors that a write can get; not every kernel has %pe's names. */
#define ERRORS(X)							\
	X(EINVAL) X(ERANGE) X(ENODEV) X(EBUSY) X(EOPNOTSUPP) X(EPERM)	\
	X(ENOMEM) X(E2BIG) X(EEXIST) X(ENOENT) X(ENOSPC) X(EINTR)

static const char *error_name(int err)
{
#define ERROR_CASE(name) case -name: return #name;
	switch (err) {
	ERRORS(ERROR_CASE)
	}
	return "unknown";
}

/**
 * gfplab_refuse - note a reason and return the errno
 * @why: where to put it; NULL to drop it
 * @at: offset of the mistake in the text being judged, or -1
 * @err: the negative errno to return
 * @fmt: printf format of the reason
 *
 * Context: any.
 * Return: @err.
 */
int gfplab_refuse(struct gfplab_reason *why, int at, int err, const char *fmt, ...)
{
	va_list args;

	if (why) {
		why->at = at;
		va_start(args, fmt);
		vscnprintf(why->text, sizeof(why->text), fmt, args);
		va_end(args);
	}
	return err;
}

/**
 * gfplab_note - say something about a text that is taken nevertheless
 * @why: where to add it; NULL to drop it
 * @fmt: printf format of the note
 *
 * Context: any.
 */
void gfplab_note(struct gfplab_reason *why, const char *fmt, ...)
{
	size_t used;
	va_list args;

	if (!why)
		return;
	used = why->note ? strlen(why->text) : 0;
	if (used)
		used += scnprintf(why->text + used, sizeof(why->text) - used, "; ");
	why->note = true;
	why->at = -1;
	va_start(args, fmt);
	vscnprintf(why->text + used, sizeof(why->text) - used, fmt, args);
	va_end(args);
}

/**
 * gfplab_error_log - remember a refused write
 * @where: the file that was written, below the module's folder
 * @text: what was written, not NUL-terminated
 * @len: its length
 * @why: the reason; its @at counts from the start of @text
 * @err: the negative errno that the writer gets; 0 for a note
 *
 * Shows a window of the text around the mistake; what is not printable
 * becomes a dot so that the caret stays where it belongs.
 *
 * Context: may sleep.
 */
void gfplab_error_log(const char *where, const char *text, size_t len,
		      const struct gfplab_reason *why, int err)
{
	struct error *e;
	size_t from = 0, i;

	while (len && isspace(text[len - 1]))
		len--;
	if (why->at > SHOWN_MAX / 2)
		from = why->at - SHOWN_MAX / 2;
	if (from > len)
		from = len;

	mutex_lock(&errors_lock);
	e = &errors[nr_errors++ % NR_ERRORS];
	e->ts_ns = ktime_get_ns();
	e->err = err;
	e->at = why->at < 0 ? -1 : why->at - (int)from;
	strscpy(e->where, where, sizeof(e->where));
	strscpy(e->reason, why->text, sizeof(e->reason));
	for (i = 0; i < SHOWN_MAX && from + i < len; i++)
		e->text[i] = isascii(text[from + i]) && isprint(text[from + i]) ?
			     text[from + i] : '.';
	e->text[i] = '\0';
	mutex_unlock(&errors_lock);
}

/**
 * gfplab_error_clear - forget the errors
 *
 * Context: may sleep.
 */
void gfplab_error_clear(void)
{
	mutex_lock(&errors_lock);
	nr_errors = 0;
	mutex_unlock(&errors_lock);
}

/**
 * gfplab_error_show - print the last errors, oldest first
 * @m: the file `error`
 *
 * Context: may sleep.
 */
void gfplab_error_show(struct seq_file *m)
{
	unsigned int i;

	mutex_lock(&errors_lock);
	i = nr_errors > NR_ERRORS ? nr_errors - NR_ERRORS : 0;
	for (; i < nr_errors; i++) {
		const struct error *e = &errors[i % NR_ERRORS];
		u32 ns;
		u64 s = div_u64_rem(e->ts_ns, NSEC_PER_SEC, &ns);

		seq_printf(m, "[%llu.%06u] %s: ", s, ns / (u32)NSEC_PER_USEC, e->where);
		if (e->err)
			seq_printf(m, "error %d (-%s): ", e->err, error_name(e->err));
		else
			seq_puts(m, "note: ");
		seq_printf(m, "%s\n", e->reason);
		seq_printf(m, "  %s\n", e->text);
		if (e->at >= 0)
			seq_printf(m, "  %*s^\n", e->at, "");
	}
	mutex_unlock(&errors_lock);
}
