/* SPDX-License-Identifier: GPL-2.0 */
/* job.h - a named set of options, its last run, and what former runs keep */
#ifndef GFPLAB_JOB_H
#define GFPLAB_JOB_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include "options.h"
#include "rules/words.h"

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
 * @lock: guards @options, @run, @state, @dead, @runs, @kept and @stated; memory is allocated
 *	under it
 * @run_lock: guards @run, @state, @kept and @stated as well; held for a few instructions only,
 *	inside @lock, and inside that of the list of jobs
 * @options: what the next run is made of
 * @run: the last run, going on or over; NULL if there is none
 * @state: a run goes on, or not
 * @dead: being removed; all operations return -ENODEV
 * @runs: the number of the last run
 * @last: how many records the file `last` shows
 * @kept: pools that outlived their run (release=keep)
 * @stated: the run whose memory states outlived it; NULL if there is none
 * @probes: what stays attached for the job (keep_probes=1); changed by the end of a run, and
 *	while there is none
 * @idle: woken when @state becomes JOB_idle
 * @finish: ends a run whose requests are made
 * @relief: frees what a run holds whose workers do not come back
 * @dir: of debugfs.c
 * @files: likewise
 */
struct gfplab_job {
	struct list_head list;
	char name[GFPLAB_NAME_MAX];
	struct mutex lock;	/* see @lock */
	spinlock_t run_lock;	/* see @run_lock */
	struct gfplab_options options;
	struct gfplab_run *run;
	enum gfplab_job_state state;
	bool dead;
	u32 runs;
	u32 last;
	struct list_head kept;
	struct gfplab_run *stated;
	u64 probes;
	wait_queue_head_t idle;
	struct work_struct finish;
	struct delayed_work relief;
	struct dentry *dir;
	struct gfplab_file *files;
};

struct gfplab_job *gfplab_job_alloc(const char *name);
void gfplab_job_free(struct gfplab_job *job);
void gfplab_job_request_stop(struct gfplab_job *job, enum gfplab_abort reason);
long gfplab_job_wait_idle(struct gfplab_job *job, long timeout);
void gfplab_jobs_suspend(bool yes);
int gfplab_job_start(struct gfplab_job *job, struct gfplab_reason *why);
struct gfplab_run *gfplab_job_run(struct gfplab_job *job);
u64 gfplab_job_kept_pages(struct gfplab_job *job);
int gfplab_job_set(struct gfplab_job *job, const struct gfplab_option *option,
		   char *text, struct gfplab_reason *why);
int gfplab_job_set_last(struct gfplab_job *job, const char *text, struct gfplab_reason *why);
void gfplab_job_show(struct gfplab_job *job, const struct gfplab_option *option,
		     struct seq_file *m);
void gfplab_job_explain(struct gfplab_job *job, struct seq_file *m);
void gfplab_job_status(struct gfplab_job *job, struct seq_file *m);
int gfplab_job_control(struct gfplab_job *job, const char *word,
		       struct gfplab_reason *why);

#endif
