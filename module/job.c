// SPDX-License-Identifier: GPL-2.0
/*
 * job.c - named sets of options: create, remove, set, control.
 */
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/memory.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/oom.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "busted.h"
#include "contig.h"
#include "debugfs.h"
#include "error.h"
#include "explain.h"
#include "flight.h"
#include "job.h"
#include "option.h"
#include "options.h"
#include "params.h"
#include "quarantine.h"
#include "run.h"
#include "tables.h"
#include "value.h"

#define MAX_JOBS	64
#define OOM_WAIT	(HZ / 2)

static LIST_HEAD(jobs);
static unsigned int nr_jobs;
static DEFINE_MUTEX(jobs_lock);		/* guards the list; taken before a job's lock */

const struct gfplab_word gfplab_control_words[] = { GFPLAB_CONTROLS(GFPLAB_WORD) {} };

static struct gfplab_job *job_find(const char *name)
{
	struct gfplab_job *job;

	list_for_each_entry(job, &jobs, list)
		if (!strcmp(job->name, name))
			return job;
	return NULL;
}

static int name_check(const char *name, struct gfplab_reason *why)
{
	size_t i;

	for (i = 0; name[i]; i++) {
		if (!isalnum(name[i]) && name[i] != '_' && name[i] != '-')
			return gfplab_refuse(why, i, -EINVAL,
					     "a job's name is made of letters, digits, _ and -");
		if (i == GFPLAB_NAME_MAX - 1)
			return gfplab_refuse(why, i, -E2BIG, "a job's name has at most %d characters",
					     GFPLAB_NAME_MAX - 1);
	}
	if (!i)
		return gfplab_refuse(why, 0, -EINVAL, "a job's name is wanted");
	return 0;
}

static struct gfplab_job *job_alloc(const char *name)
{
	struct gfplab_job *job = kvzalloc(sizeof(*job), GFP_KERNEL);

	if (!job)
		return NULL;
	strscpy(job->name, name, sizeof(job->name));
	gfplab_run_init(job);
	if (gfplab_options_default(&job->options)) {
		kvfree(job);
		return NULL;
	}
	return job;
}

static void job_free(struct gfplab_job *job)
{
	gfplab_debugfs_remove(job);
	gfplab_run_quit(job);
	kvfree(job);
}

/**
 * gfplab_job_create - make a job with default options
 * @name: letters, digits, _ and -, 1..31 of them
 * @why: the reason for a refusal
 *
 * Context: may sleep; takes the jobs' mutex.
 * Return: 0; -EINVAL or -E2BIG for the name, -EEXIST, -ENOSPC beyond 64 jobs,
 * -ENOMEM.
 */
int gfplab_job_create(const char *name, struct gfplab_reason *why)
{
	struct gfplab_job *job;
	int err = name_check(name, why);

	if (err)
		return err;
	mutex_lock(&jobs_lock);
	if (job_find(name)) {
		err = gfplab_refuse(why, 0, -EEXIST, "there is a job of this name");
		goto out;
	}
	if (nr_jobs == MAX_JOBS) {
		err = gfplab_refuse(why, -1, -ENOSPC, "there are %d jobs already", MAX_JOBS);
		goto out;
	}
	job = job_alloc(name);
	if (!job) {
		err = gfplab_refuse(why, -1, -ENOMEM, "no memory for a job");
		goto out;
	}
	err = gfplab_debugfs_add(job);
	if (err) {
		job_free(job);
		err = gfplab_refuse(why, -1, err, "no debugfs files for the job");
		goto out;
	}
	list_add_tail(&job->list, &jobs);
	nr_jobs++;
out:
	mutex_unlock(&jobs_lock);
	return err;
}

/**
 * gfplab_job_remove - forget a job and free what it keeps
 * @name: its name
 * @why: the reason for a refusal
 *
 * Context: may sleep; takes the jobs' mutex.
 * Return: 0; -ENOENT, -EINVAL for `default`, -EBUSY while it runs.
 */
int gfplab_job_remove(const char *name, struct gfplab_reason *why)
{
	struct gfplab_job *job;
	int err = name_check(name, why);

	if (err)
		return err;
	mutex_lock(&jobs_lock);
	job = job_find(name);
	if (!job) {
		err = gfplab_refuse(why, 0, -ENOENT, "there is no job of this name");
		goto out;
	}
	if (job == gfplab_job_default()) {
		err = gfplab_refuse(why, 0, -EINVAL, "the job `default` stays");
		goto out;
	}
	mutex_lock(&job->lock);
	if (job->state != STATE_idle)
		err = gfplab_refuse(why, 0, -EBUSY, "the job is running: stop it first");
	else
		job->dead = true;
	mutex_unlock(&job->lock);
	if (err)
		goto out;
	list_del(&job->list);
	nr_jobs--;
	job_free(job);
out:
	mutex_unlock(&jobs_lock);
	return err;
}

/**
 * gfplab_job_default - the job that exists from load
 *
 * Context: between gfplab_job_init() and gfplab_job_exit().
 */
struct gfplab_job *gfplab_job_default(void)
{
	return list_first_entry_or_null(&jobs, struct gfplab_job, list);
}

/**
 * gfplab_jobs_show - the names of all jobs
 * @m: the files `create` and `remove`
 */
void gfplab_jobs_show(struct seq_file *m)
{
	struct gfplab_job *job;

	mutex_lock(&jobs_lock);
	list_for_each_entry(job, &jobs, list)
		seq_printf(m, "%s\n", job->name);
	mutex_unlock(&jobs_lock);
}

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
	} else if (job->state != STATE_idle) {
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
 * gfplab_job_show - print one option, or all in the form that `set` takes
 * @job: a job
 * @option: which; NULL for all
 * @m: where to
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

/**
 * gfplab_job_control - carry out a control word
 * @job: a job
 * @word: start, call, stop or reset
 * @why: the reason for a refusal
 *
 * Context: may sleep; `call` returns when the run is over.
 * Return: -EINVAL for another word, else as the function of the word.
 */
int gfplab_job_control(struct gfplab_job *job, const char *word,
		       struct gfplab_reason *why)
{
	static int (* const does[NR_CONTROLS])(struct gfplab_job *, struct gfplab_reason *) = {
		[CONTROL_start] = gfplab_run_start,
		[CONTROL_call] = gfplab_run_call,
		[CONTROL_stop] = gfplab_run_stop,
		[CONTROL_reset] = gfplab_run_reset,
	};
	int i;

	for (i = 0; i < NR_CONTROLS; i++)
		if (!strcmp(gfplab_control_words[i].name, word))
			return does[i](job, why);
	return gfplab_refuse(why, 0, -EINVAL, "start, call, stop or reset is wanted");
}

/*
 * Out of memory: what we hold is the first thing to go, before the kernel kills
 * anybody, whoever's request it is that found no memory. But who loads with
 * unsafe=1 and runs short by a request of ours wants to see what the kernel
 * does then.
 */
static int on_system_oom(struct notifier_block *nb, unsigned long unused, void *freed)
{
	unsigned long until = jiffies + OOM_WAIT;
	struct gfplab_job *job;

	if ((gfplab_unsafe && gfplab_in_flight()) || !mutex_trylock(&jobs_lock))
		return NOTIFY_OK;
	list_for_each_entry(job, &jobs, list)
		*(unsigned long *)freed += gfplab_run_oom(job);
	list_for_each_entry(job, &jobs, list)
		*(unsigned long *)freed += gfplab_run_oom_wait(job, until);
	mutex_unlock(&jobs_lock);
	return NOTIFY_OK;
}

static struct notifier_block oom_notifier = { .notifier_call = on_system_oom };

/*
 * Memory goes offline. In zone Movable the kernel takes for granted that what
 * is there can be moved, and tries for ever. What we hold can't: what is kept
 * there goes back, or the answer is no. In other zones the kernel looks, and
 * refuses by itself.
 */
static int on_memory(struct notifier_block *nb, unsigned long action, void *data)
{
	const struct memory_notify *range = data;
	struct gfplab_job *job;
	bool vacant;

	if (action != MEM_GOING_OFFLINE)
		return NOTIFY_OK;
	if (!gfplab_contig_still_isolated(range->start_pfn, range->start_pfn + range->nr_pages))
		return notifier_from_errno(-EBUSY);
	if (page_zonenum(pfn_to_page(range->start_pfn)) != ZONE_MOVABLE)
		return NOTIFY_OK;
	if (!mutex_trylock(&jobs_lock))
		return notifier_from_errno(-EBUSY);
	vacant = !gfplab_quarantined();
	list_for_each_entry(job, &jobs, list)
		if (!gfplab_run_release_range(job, range->start_pfn, range->start_pfn + range->nr_pages))
			vacant = false;
	mutex_unlock(&jobs_lock);
	return notifier_from_errno(vacant ? 0 : -EBUSY);
}

static struct notifier_block memory_notifier = { .notifier_call = on_memory };

/**
 * gfplab_job_init - make the job `default` with the module's parameters
 *
 * Context: module init. Return: 0, or as gfplab_option_parse().
 */
int gfplab_job_init(void)
{
	struct gfplab_job *job = job_alloc("default");
	int err;

	if (!job)
		return -ENOMEM;
	err = gfplab_options_params(&job->options);
	if (!err)
		err = gfplab_debugfs_add(job);
	if (err) {
		job_free(job);
		return err;
	}
	list_add(&job->list, &jobs);
	nr_jobs = 1;
	register_oom_notifier(&oom_notifier);
	register_memory_notifier(&memory_notifier);
	return 0;
}

/**
 * gfplab_job_exit - stop every run, free every block, forget every job
 *
 * Context: module exit; nobody has a file of ours open.
 */
void gfplab_job_exit(void)
{
	struct gfplab_job *job, *next;

	unregister_memory_notifier(&memory_notifier);
	unregister_oom_notifier(&oom_notifier);
	/* All are told first, so that rmmod waits for the slowest, not for each. */
	list_for_each_entry(job, &jobs, list)
		gfplab_run_request_stop(job);
	list_for_each_entry_safe(job, next, &jobs, list) {
		list_del(&job->list);
		job_free(job);
	}
	nr_jobs = 0;
}
