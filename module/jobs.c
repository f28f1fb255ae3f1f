// SPDX-License-Identifier: GPL-2.0
/*
 * jobs.c - all jobs, by name: create, remove, list.
 */
#include <linux/ctype.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include "error.h"
#include "job.h"
#include "jobs.h"
#include "option.h"
#include "rules/words.h"
#include "run.h"

#define MAX_JOBS	1000

LIST_HEAD(gfplab_jobs);
/* Guards gfplab_jobs and nr_jobs; taken before a job's lock. */
DEFINE_MUTEX(gfplab_jobs_lock);
/* Guards gfplab_jobs as well, for readers that must not sleep. */
DEFINE_SPINLOCK(gfplab_jobs_list_lock);
static unsigned int nr_jobs;

static struct gfplab_job *job_find(const char *name)
{
	struct gfplab_job *job;

	list_for_each_entry(job, &gfplab_jobs, list)
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

static void jobs_add(struct gfplab_job *job)
{
	spin_lock(&gfplab_jobs_list_lock);
	list_add_tail(&job->list, &gfplab_jobs);
	spin_unlock(&gfplab_jobs_list_lock);
	nr_jobs++;
}

static void jobs_del(struct gfplab_job *job)
{
	spin_lock(&gfplab_jobs_list_lock);
	list_del(&job->list);
	spin_unlock(&gfplab_jobs_list_lock);
	nr_jobs--;
}

/**
 * gfplab_jobs_create - make a job with default options
 * @name: letters, digits, _ and -, 1..31 of them
 * @why: the reason for a refusal
 *
 * Context: may sleep; takes gfplab_jobs_lock, and allocates outside of it.
 * Return: the job; ERR_PTR() of -EINVAL or -E2BIG for the name, -EEXIST, -ENOSPC
 * beyond 1,000 jobs, -ENOMEM.
 */
struct gfplab_job *gfplab_jobs_create(const char *name, struct gfplab_reason *why)
{
	struct gfplab_job *job;
	int err = name_check(name, why);

	if (err)
		return ERR_PTR(err);
	job = gfplab_job_alloc(name);
	if (!job)
		return ERR_PTR(gfplab_refuse(why, -1, -ENOMEM, "no memory for a job"));
	mutex_lock(&gfplab_jobs_lock);
	if (job_find(name))
		err = gfplab_refuse(why, 0, -EEXIST, "there is a job of this name");
	else if (nr_jobs >= MAX_JOBS)
		err = gfplab_refuse(why, -1, -ENOSPC, "there are %d jobs already", MAX_JOBS);
	else
		jobs_add(job);
	mutex_unlock(&gfplab_jobs_lock);
	if (!err)
		return job;
	gfplab_job_free(job);
	return ERR_PTR(err);
}

/* From here on the job's operations return -ENODEV; -EBUSY while it runs. */
static int mark_dead(struct gfplab_job *job, struct gfplab_reason *why)
{
	int err = 0;

	/* A run that begins allocates under it. */
	mutex_lock(&job->lock);
	if (job->state != JOB_idle)
		err = gfplab_refuse(why, 0, -EBUSY, "the job is running: stop it first");
	else
		job->dead = true;
	mutex_unlock(&job->lock);
	return err;
}

/**
 * gfplab_jobs_unlink - take a job out of the list
 * @name: its name
 * @why: the reason for a refusal
 *
 * From now on the job's operations return -ENODEV. The caller frees it, once
 * none of its files is open.
 *
 * Context: may sleep; takes gfplab_jobs_lock and the job's, one after the other. Calls are
 * serialized by the caller.
 * Return: the job; ERR_PTR() of -ENOENT, -EINVAL for `default`, -EBUSY while it
 * runs.
 */
struct gfplab_job *gfplab_jobs_unlink(const char *name, struct gfplab_reason *why)
{
	struct gfplab_job *job;
	int err = name_check(name, why);

	if (err)
		return ERR_PTR(err);
	mutex_lock(&gfplab_jobs_lock);
	job = job_find(name);
	mutex_unlock(&gfplab_jobs_lock);
	if (!job)
		return ERR_PTR(gfplab_refuse(why, 0, -ENOENT, "there is no job of this name"));
	if (job == gfplab_jobs_default())
		return ERR_PTR(gfplab_refuse(why, 0, -EINVAL, "the job `default` stays"));
	err = mark_dead(job, why);
	if (err)
		return ERR_PTR(err);
	mutex_lock(&gfplab_jobs_lock);
	jobs_del(job);
	mutex_unlock(&gfplab_jobs_lock);
	return job;
}

/**
 * gfplab_jobs_default - the job that exists from load
 *
 * Context: between gfplab_jobs_init() and gfplab_jobs_exit().
 * Return: the job.
 */
struct gfplab_job *gfplab_jobs_default(void)
{
	return list_first_entry_or_null(&gfplab_jobs, struct gfplab_job, list);
}

/**
 * gfplab_jobs_show - the names of all jobs
 * @m: the files `create` and `remove`
 *
 * Context: may sleep; takes gfplab_jobs_lock.
 */
void gfplab_jobs_show(struct seq_file *m)
{
	struct gfplab_job *job;

	mutex_lock(&gfplab_jobs_lock);
	list_for_each_entry(job, &gfplab_jobs, list)
		seq_printf(m, "%s\n", job->name);
	mutex_unlock(&gfplab_jobs_lock);
}

/**
 * gfplab_jobs_init - make the job `default` with the module's parameters
 *
 * Context: module init.
 * Return: 0, -ENOMEM, or as gfplab_option_parse().
 */
int gfplab_jobs_init(void)
{
	struct gfplab_job *job;
	int err = -ENOMEM;

	job = gfplab_job_alloc("default");
	if (job)
		err = gfplab_options_params(&job->options);
	if (err) {
		if (job)
			gfplab_job_free(job);
		return err;
	}
	jobs_add(job);
	return 0;
}

/**
 * gfplab_jobs_exit - stop every run, free every block and every job
 *
 * Context: module exit, or the end of an init that failed; no file is open.
 */
void gfplab_jobs_exit(void)
{
	struct gfplab_job *job, *next;

	/* All are asked first, so that rmmod waits for the slowest, not for each. */
	list_for_each_entry(job, &gfplab_jobs, list)
		gfplab_job_request_stop(job, ABORT_stop);
	list_for_each_entry_safe(job, next, &gfplab_jobs, list) {
		jobs_del(job);
		gfplab_job_free(job);
	}
	gfplab_runs_flush();
}
