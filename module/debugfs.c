// SPDX-License-Identifier: GPL-2.0
/*
 * debugfs.c - the file table; no logic.
 */
#include <linux/capability.h>
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/overflow.h>
#include <linux/security.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include "debugfs.h"
#include "error.h"
#include "info.h"
#include "job.h"
#include "jobs.h"
#include "option.h"
#include "records.h"
#include "rules/words.h"
#include "run.h"
#include "summary.h"
#include "value.h"

#define TEXT_MAX	4096	/* what one write(2) may carry */

#define CONTROL	0600
#define RESULT	0400

/**
 * struct file_type - one kind of file
 * @name: of the file
 * @mode: permissions of the file
 * @show: prints the file; NULL for those of records, which have their own reader
 * @write: takes blank-trimmed text; NULL if the file is a result
 * @binary: records are not text
 */
struct file_type {
	const char *name;
	umode_t mode;
	void (*show)(const struct gfplab_file *f, struct seq_file *m);
	int (*write)(const struct gfplab_file *f, char *text, struct gfplab_reason *why);
	bool binary;
};

/**
 * struct gfplab_file - one file, debugfs's private data of its inode
 * @type: what it does
 * @job: the job below which it is; NULL in the module's folder
 * @option: the option that it is about; NULL for other files
 */
struct gfplab_file {
	const struct file_type *type;
	struct gfplab_job *job;
	const struct gfplab_option *option;
};

static struct dentry *root;
static struct dentry *jobs_dir;
/* Held while a job and its files come or go, so that a name is free in both. */
static DEFINE_MUTEX(files_lock);

static int add_files(struct gfplab_job *job);
static void remove_files(struct gfplab_job *job);

/* ---- what each file does, in one line each ---- */

static int write_create(const struct gfplab_file *f, char *text, struct gfplab_reason *why)
{
	struct gfplab_job *job;
	int err;

	mutex_lock(&files_lock);
	job = gfplab_jobs_create(text, why);
	err = PTR_ERR_OR_ZERO(job);
	if (!err) {
		err = add_files(job);
		if (err) {
			gfplab_jobs_unlink(text, NULL);
			remove_files(job);
			gfplab_job_free(job);
			gfplab_refuse(why, -1, err, "no debugfs files for the job");
		}
	}
	mutex_unlock(&files_lock);
	return err;
}

static int write_remove(const struct gfplab_file *f, char *text, struct gfplab_reason *why)
{
	struct gfplab_job *job;

	mutex_lock(&files_lock);
	job = gfplab_jobs_unlink(text, why);
	if (!IS_ERR(job)) {
		remove_files(job);
		gfplab_job_free(job);
	}
	mutex_unlock(&files_lock);
	return PTR_ERR_OR_ZERO(job);
}

static void show_jobs(const struct gfplab_file *f, struct seq_file *m)
{
	gfplab_jobs_show(m);
}

static void show_help(const struct gfplab_file *f, struct seq_file *m)
{
	gfplab_help_show(m);
}

static void show_environment(const struct gfplab_file *f, struct seq_file *m)
{
	gfplab_environment_show(m);
}

static void show_error(const struct gfplab_file *f, struct seq_file *m)
{
	gfplab_error_show(m);
}

static int write_error(const struct gfplab_file *f, char *text, struct gfplab_reason *why)
{
	if (*text)
		return gfplab_refuse(why, 0, -EINVAL, "an empty write clears the errors");
	gfplab_error_clear();
	return 0;
}

static void show_options(const struct gfplab_file *f, struct seq_file *m)
{
	gfplab_job_show(f->job, f->option, m);
}

static int write_options(const struct gfplab_file *f, char *text, struct gfplab_reason *why)
{
	return gfplab_job_set(f->job, f->option, text, why);
}

static void show_control(const struct gfplab_file *f, struct seq_file *m)
{
	const struct gfplab_word *w;

	for (w = gfplab_controls; w->name; w++)
		seq_printf(m, "%s%s", w == gfplab_controls ? "" : " ", w->name);
	seq_putc(m, '\n');
}

static int write_control(const struct gfplab_file *f, char *text, struct gfplab_reason *why)
{
	return gfplab_job_control(f->job, text, why);
}

static void show_status(const struct gfplab_file *f, struct seq_file *m)
{
	gfplab_job_status(f->job, m);
}

static void show_summary(const struct gfplab_file *f, struct seq_file *m)
{
	struct gfplab_run *run = gfplab_job_run(f->job);

	gfplab_summary_show(m, run);
	gfplab_run_put(run);
}

static void show_histogram(const struct gfplab_file *f, struct seq_file *m)
{
	struct gfplab_run *run = gfplab_job_run(f->job);

	gfplab_histogram_show(m, run);
	gfplab_run_put(run);
}

static int write_last(const struct gfplab_file *f, char *text, struct gfplab_reason *why)
{
	return gfplab_job_set_last(f->job, text, why);
}

static void show_explain(const struct gfplab_file *f, struct seq_file *m)
{
	gfplab_job_explain(f->job, m);
}

/* ---- the table ---- */

static const struct file_type root_types[] = {
	{ "create", CONTROL, show_jobs, write_create },
	{ "remove", CONTROL, show_jobs, write_remove },
	{ "help", RESULT, show_help },
	{ "error", CONTROL, show_error, write_error },
	{ "environment", RESULT, show_environment },
};

static const struct file_type job_types[] = {
	{ "set", CONTROL, show_options, write_options },
	{ "control", CONTROL, show_control, write_control },
	{ "status", RESULT, show_status },
	{ "summary", RESULT, show_summary },
	{ "histogram", RESULT, show_histogram },
	{ "records", RESULT },
	{ "records.bin", RESULT, .binary = true },
	{ "last", CONTROL, NULL, write_last },
	{ "explain", RESULT, show_explain },
};

static const struct file_type option_type = { "", CONTROL, show_options, write_options };

static struct gfplab_file root_files[ARRAY_SIZE(root_types)];

/* ---- reading and writing ---- */

static int file_show(struct seq_file *m, void *unused)
{
	const struct gfplab_file *f = m->private;

	f->type->show(f, m);
	return 0;
}

/*
 * Mount options of debugfs can change modes, so the capability is checked too.
 * While loading may still fail, no file may be open: a failed init frees the
 * module without regard to its users.
 */
static int may_open(void)
{
	if (READ_ONCE(THIS_MODULE->state) != MODULE_STATE_LIVE)
		return -ENODEV;
	return capable(CAP_SYS_ADMIN) ? 0 : -EPERM;
}

static int file_open(struct inode *inode, struct file *file)
{
	int err = may_open();

	if (err)
		return err;
	return single_open(file, file_show, inode->i_private);
}

static void log_refusal(const struct gfplab_file *f, const char *text, size_t len,
			const struct gfplab_reason *why, int err)
{
	char where[GFPLAB_WHERE_MAX];

	if (!f->job)
		snprintf(where, sizeof(where), "%s", f->type->name);
	else if (f->option)
		snprintf(where, sizeof(where), "jobs/%s/options/%s", f->job->name,
			 gfplab_option_name(f->option));
	else
		snprintf(where, sizeof(where), "jobs/%s/%s", f->job->name, f->type->name);
	gfplab_error_log(where, text, len, why, err);
}

static ssize_t file_write(struct file *file, const char __user *from, size_t len, loff_t *pos)
{
	const struct gfplab_file *f = file_inode(file)->i_private;
	struct gfplab_reason why = { .at = -1 };
	size_t len_shown = min_t(size_t, len, TEXT_MAX);
	char *text, *word;
	int err;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (!f->type->write)
		return -EINVAL;
	text = memdup_user_nul(from, len_shown);
	if (IS_ERR(text))
		return PTR_ERR(text);
	if (len > TEXT_MAX) {
		err = gfplab_refuse(&why, -1, -E2BIG, "a write takes at most %d bytes",
				    TEXT_MAX);
	} else if (strlen(text) != len) {
		err = gfplab_refuse(&why, strlen(text), -EINVAL, "a NUL byte");
	} else {
		word = strim(text);
		len_shown = strlen(text);
		err = f->type->write(f, word, &why);
		if (why.at >= 0)
			why.at += word - text;
	}
	if (err || why.note)
		log_refusal(f, text, len_shown, &why, err);
	kfree(text);
	return err ?: len;
}

static const struct file_operations file_fops = {
	.owner = THIS_MODULE,
	.open = file_open,
	.read = seq_read,
	.write = file_write,
	.llseek = seq_lseek,
	.release = single_release,
};

static int records_open(struct inode *inode, struct file *file)
{
	const struct gfplab_file *f = inode->i_private;

	int err = may_open();

	/* debugfs itself lets a kernel that is locked down show what has no write bit. */
	if (!err && f->type->binary)
		err = security_locked_down(LOCKDOWN_DEBUGFS);
	return err ?: gfplab_records_open(file, gfplab_job_run(f->job),
					  f->type->write ? READ_ONCE(f->job->last) : 0,
					  f->type->binary);
}

static const struct file_operations records_fops = {
	.owner = THIS_MODULE,
	.open = records_open,
	.read = seq_read,
	.write = file_write,
	.llseek = seq_lseek,
	.release = gfplab_records_release,
};

/* A job or a module with a file less is none; 0 or an errno. */
static int add_file(struct dentry *dir, const char *name, struct gfplab_file *f)
{
	return PTR_ERR_OR_ZERO(debugfs_create_file(name, f->type->mode, dir, f,
						   f->type->show ? &file_fops : &records_fops));
}

static int add_files(struct gfplab_job *job)
{
	struct gfplab_file *f;
	struct dentry *options;
	unsigned int i;
	int err;

	job->files = kcalloc(ARRAY_SIZE(job_types) + gfplab_nr_options, sizeof(*job->files),
			     GFP_KERNEL);
	if (!job->files)
		return -ENOMEM;
	job->dir = debugfs_create_dir(job->name, jobs_dir);
	options = debugfs_create_dir("options", job->dir);
	err = IS_ERR(job->dir) ? PTR_ERR(job->dir) : PTR_ERR_OR_ZERO(options);
	f = job->files;
	for (i = 0; i < ARRAY_SIZE(job_types) && !err; i++, f++) {
		f->type = &job_types[i];
		f->job = job;
		err = add_file(job->dir, f->type->name, f);
	}
	for (i = 0; i < gfplab_nr_options && !err; i++, f++) {
		f->type = &option_type;
		f->job = job;
		f->option = gfplab_option_row(i);
		err = add_file(options, gfplab_option_name(f->option), f);
	}
	return err;	/* what there is goes with the job */
}

/* Returns when nothing reads or writes them any more. */
static void remove_files(struct gfplab_job *job)
{
	debugfs_remove_recursive(job->dir);
	kfree(job->files);
	job->files = NULL;
}

/**
 * gfplab_debugfs_init - make the module's folder, and the files of the job `default`
 *
 * Context: module init, when there is that job.
 * Return: 0; -ENOMEM, or what debugfs_create_dir() and debugfs_create_file() return,
 * as -ENODEV without debugfs.
 */
int gfplab_debugfs_init(void)
{
	unsigned int i;
	int err;

	root = debugfs_create_dir("gfplab", NULL);
	if (IS_ERR(root))
		return PTR_ERR(root);
	jobs_dir = debugfs_create_dir("jobs", root);
	err = PTR_ERR_OR_ZERO(jobs_dir);
	for (i = 0; i < ARRAY_SIZE(root_types) && !err; i++) {
		root_files[i].type = &root_types[i];
		err = add_file(root, root_types[i].name, &root_files[i]);
	}
	if (!err)
		err = add_files(gfplab_jobs_default());
	if (err)
		gfplab_debugfs_exit();
	return err;
}

/**
 * gfplab_debugfs_exit - remove the module's folder and the files of all jobs
 *
 * Context: module exit.
 */
void gfplab_debugfs_exit(void)
{
	struct gfplab_job *job;

	debugfs_remove_recursive(root);
	list_for_each_entry(job, &gfplab_jobs, list) {
		kfree(job->files);
		job->files = NULL;
	}
}
