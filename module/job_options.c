// SPDX-License-Identifier: GPL-2.0
/*
 * job_options.c - the options of a job: set, and shown
 */
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include "busted.h"
#include "error.h"
#include "explain.h"
#include "job.h"
#include "option.h"
#include "options.h"

/**
 * gfplab_job_set - change one option, or several at once
 * @job: an idle job
 * @option: the option that @text is the value of; NULL: @text is a list of
 *	option=value, of which all or none are taken
 * @text: as written
 * @why: the reason for a refusal
 *
 * Context: may sleep; takes the job's lock.
 * Return: 0; -EBUSY while running, -ENOMEM, else as gfplab_option_parse().
 */
int gfplab_job_set(struct gfplab_job *job, const struct gfplab_option *option,
		   char *text, struct gfplab_reason *why)
{
	struct gfplab_options *draft;
	int err;

	draft = kvmalloc(sizeof(*draft), GFP_KERNEL);
	if (!draft)
		return gfplab_refuse(why, -1, -ENOMEM, "no memory");
	mutex_lock(&job->lock);
	if (job->dead) {
		err = gfplab_refuse(why, -1, -ENODEV, "the job is being removed");
	} else if (job->state != JOB_idle) {
		err = gfplab_refuse(why, -1, -EBUSY, "options stay as they are while a run goes on");
	} else {
		*draft = job->options;
		err = option ? gfplab_option_parse(option, draft, text, why) :
			       gfplab_options_set(draft, text, why);
		if (!err || GFPLAB_BUSTED(half_set))
			job->options = *draft;
	}
	mutex_unlock(&job->lock);
	kvfree(draft);
	return err;
}

/**
 * gfplab_job_set_last - how many records the file `last` shows
 * @job: a job, running or not
 * @text: as written
 * @why: the reason for a refusal
 *
 * Context: any.
 * Return: 0; -EINVAL if it is no number, -ERANGE if none from 1 to 4294967295.
 */
int gfplab_job_set_last(struct gfplab_job *job, const char *text, struct gfplab_reason *why)
{
	u32 n;
	int err = kstrtou32(text, 0, &n);

	if (!err && !n)
		err = -ERANGE;
	if (err)
		return gfplab_refuse(why, 0, err, "how many records are wanted, 1 at least");
	WRITE_ONCE(job->last, n);
	return 0;
}

/**
 * gfplab_job_show - print one option, or all in the form that `set` takes
 * @job: a job
 * @option: which; NULL for all
 * @m: where to
 *
 * Context: may sleep; takes the job's lock.
 */
void gfplab_job_show(struct gfplab_job *job, const struct gfplab_option *option,
		     struct seq_file *m)
{
	mutex_lock(&job->lock);
	if (option) {
		gfplab_option_show(option, &job->options, m);
		seq_putc(m, '\n');
	} else {
		gfplab_options_show(&job->options, m);
	}
	mutex_unlock(&job->lock);
}

/**
 * gfplab_job_explain - what would become of the job's request, now
 * @job: a job
 * @m: the file `explain`
 *
 * Context: may sleep; takes the job's lock to copy its options.
 */
void gfplab_job_explain(struct gfplab_job *job, struct seq_file *m)
{
	struct gfplab_options *opt = kvmalloc(sizeof(*opt), GFP_KERNEL);

	if (!opt)
		return;
	mutex_lock(&job->lock);
	*opt = job->options;
	mutex_unlock(&job->lock);
	gfplab_explain_show(m, opt);
	kvfree(opt);
}
