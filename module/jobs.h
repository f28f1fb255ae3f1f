/* SPDX-License-Identifier: GPL-2.0 */
/* jobs.h - all jobs, by name */
#ifndef GFPLAB_JOBS_H
#define GFPLAB_JOBS_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>

struct gfplab_job;
struct gfplab_reason;

struct seq_file;

/* All jobs, the job `default` first. */
extern struct list_head gfplab_jobs;
/* Guards the list; taken before a job's lock. No memory is allocated under it. */
extern struct mutex gfplab_jobs_lock;
/* Guards the list as well, for oom.c; taken inside the other, held for list operations only. */
extern spinlock_t gfplab_jobs_list_lock;

int gfplab_jobs_init(void);
void gfplab_jobs_exit(void);
struct gfplab_job *gfplab_jobs_create(const char *name, struct gfplab_reason *why);
struct gfplab_job *gfplab_jobs_unlink(const char *name, struct gfplab_reason *why);
struct gfplab_job *gfplab_jobs_default(void);
void gfplab_jobs_show(struct seq_file *m);

#endif
