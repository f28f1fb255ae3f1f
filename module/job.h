/* SPDX-License-Identifier: GPL-2.0 */
/* job.h - a named set of options, its last run, and what former runs keep */
#ifndef GFPLAB_JOB_H
#define GFPLAB_JOB_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include "options.h"

struct gfplab_option;
struct gfplab_reason;
struct gfplab_run;

struct dentry;
struct gfplab_file;
struct seq_file;

#define GFPLAB_NAME_MAX		32	/* a job's name, NUL included */

enum gfplab_job_state { JOB_idle, JOB_running };

/**
 * struct gfplab_job - a named set of options and its last run
 * @list: in the list of jobs.c
 * @name: as in debugfs
 * @lock: guards @options, @run, @state, @dead and @runs
 * @options: what the next run is made of
 * @run: the last run, going on or over; NULL if there is none
 * @state: a run goes on, or not
 * @dead: being removed; all operations return -ENODEV
 * @runs: the number of the last run
 * @kept: pools that outlived their run (release=keep)
 * @kept_lock: guards @kept; no memory is allocated under it, as it is under
 *	@lock when a run begins; taken inside that
 * @idle: woken when @state becomes JOB_idle
 * @finish: ends a run of kthreads
 * @oom_ends: of oom.c: the run is being ended, and oom.c holds @lock
 * @dir: of debugfs.c
 * @files: likewise
 */
struct gfplab_job {
	struct list_head list;
	char name[GFPLAB_NAME_MAX];
	struct mutex lock;	/* see @lock */
	struct gfplab_options options;
	struct gfplab_run *run;
	enum gfplab_job_state state;
	bool dead;
	u32 runs;
	struct list_head kept;
	struct mutex kept_lock;	/* see @kept_lock */
	wait_queue_head_t idle;
	struct work_struct finish;
	bool oom_ends;
	struct dentry *dir;
	struct gfplab_file *files;
};

struct gfplab_job *gfplab_job_alloc(const char *name);
void gfplab_job_free(struct gfplab_job *job);
void gfplab_job_request_stop(struct gfplab_job *job);
int gfplab_job_start(struct gfplab_job *job, struct gfplab_reason *why);
struct gfplab_run *gfplab_job_run(struct gfplab_job *job);
u64 gfplab_job_kept_pages(struct gfplab_job *job);
u64 gfplab_job_free_kept(struct gfplab_job *job);
int gfplab_job_set(struct gfplab_job *job, const struct gfplab_option *option,
		   char *text, struct gfplab_reason *why);
void gfplab_job_show(struct gfplab_job *job, const struct gfplab_option *option,
		     struct seq_file *m);
void gfplab_job_explain(struct gfplab_job *job, struct seq_file *m);
void gfplab_job_status(struct gfplab_job *job, struct seq_file *m);
int gfplab_job_control(struct gfplab_job *job, const char *word,
		       struct gfplab_reason *why);

#endif
