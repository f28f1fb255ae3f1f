/* SPDX-License-Identifier: GPL-2.0 */
/* job.h - a named set of options and its runs */
#ifndef GFPLAB_JOB_H
#define GFPLAB_JOB_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include "options.h"
#include "run.h"
#include "tables.h"

struct gfplab_option;
struct gfplab_reason;

#define GFPLAB_NAME_MAX		32	/* a job's name, NUL included */

/**
 * struct gfplab_job - a named set of options and its last run
 * @lock: guards @options, @run, @state, @dead and @runs
 * @dead: being removed; everything answers ENODEV
 * @kept: pools that outlived their run (release=keep)
 * @kept_lock: guards @kept; nobody asks for memory under it, as who begins a run
 *	does under @lock; taken inside that
 * @done: woken when @state becomes idle, and when a run is told to stop
 * @finish: ends a run of workers
 * @oom_run: the run that the OOM notifier waits for, and @oom_pages how many pages
 * @files: of debugfs.c
 */
struct gfplab_job {
	struct list_head list;
	char name[GFPLAB_NAME_MAX];
	struct mutex lock;
	struct gfplab_options options;
	struct gfplab_run *run;
	enum gfplab_state state;
	bool dead;
	u32 runs;
	struct list_head kept;
	struct mutex kept_lock;
	wait_queue_head_t done;
	struct work_struct finish;
	struct gfplab_run *oom_run;
	u64 oom_pages;
	struct dentry *dir;
	struct gfplab_file *files;
};

int gfplab_job_init(void);
void gfplab_job_exit(void);
int gfplab_job_create(const char *name, struct gfplab_reason *why);
int gfplab_job_remove(const char *name, struct gfplab_reason *why);
struct gfplab_job *gfplab_job_default(void);
void gfplab_jobs_show(struct seq_file *m);
int gfplab_job_set(struct gfplab_job *job, const struct gfplab_option *option,
		   char *text, struct gfplab_reason *why);
void gfplab_job_explain(struct gfplab_job *job, struct seq_file *m);
void gfplab_job_show(struct gfplab_job *job, const struct gfplab_option *option,
		     struct seq_file *m);
int gfplab_job_control(struct gfplab_job *job, const char *word,
		       struct gfplab_reason *why);
extern const struct gfplab_word gfplab_control_words[];

#endif
