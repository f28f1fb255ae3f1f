// SPDX-License-Identifier: GPL-2.0
/*
 * records.c - the records of a run, in the order of time: the workers' rings merged.
 *
 * A worker never waits for a reader: a record that finds its ring full replaces
 * the oldest one and is counted as lost.
 */
#include <linux/atomic.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/overflow.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include "clock.h"
#include "compat.h"
#include "record.h"
#include "record_binary.h"
#include "record_text.h"
#include "records.h"
#include "run.h"
#include "worker.h"

#define TEXT_AT_ONCE	(64 << 10)	/* of a read: a line that no longer fits is printed again */

/**
 * struct source - the place in one worker's records
 * @ring: the worker's
 * @next: the next record that was not looked at
 * @left: how many more are shown at most
 * @ready: @rec is the next one to be shown
 * @rec: a copy
 */
struct source {
	const struct gfplab_ring *ring;
	u64 next;
	u64 left;
	bool ready;
	struct gfplab_record rec;
};

/**
 * struct gfplab_cursor - a reader's place in the records of a run
 * @run: the run, a reference; NULL if the job has none
 * @last: only so many of the youngest are shown; 0: all
 * @binary: so are they shown, behind their layout
 * @text: of the records
 * @locked: @run->results is held, from the begin to the end of one read
 * @all: how many there were at the begin
 * @pos: index of the record among all that are shown; -1 before the first. In binary one more,
 *	0 is the layout
 * @shown: the source of that record; NULL: it was overwritten since the begin
 * @nr: sources that may have more
 * @sources: one for each worker of @run; those without more are at the end
 */
struct gfplab_cursor {
	struct gfplab_run *run;
	u64 last;
	bool binary;
	struct gfplab_record_text text;
	bool locked;
	u64 all;
	loff_t pos;
	struct source *shown;
	unsigned int nr;
	struct source sources[];
};

static u64 ring_oldest(const struct gfplab_ring *ring, u64 head)
{
	return head > ring->size ? head - ring->size : 0;
}

/* Copy record @i; false if its slot was used again meanwhile. */
static bool ring_read(const struct gfplab_ring *ring, u64 i, struct gfplab_record *rec)
{
	u64 slot;

	div64_u64_rem(i, (u64)ring->size + 1, &slot);
	*rec = ring->slots[slot];
	smp_rmb();	/* the head is read after the slot: it shows whether that was overwritten */
	return (u64)atomic64_read(&ring->head) <= i + ring->size;
}

/* Returns whether there is one, in @s->rec, its time by now that since boot. */
static bool fetch(struct source *s, const struct gfplab_clock *clock)
{
	/* pairs with the release in gfplab_record_commit() */
	u64 head = atomic64_read_acquire(&s->ring->head);
	u64 oldest = ring_oldest(s->ring, head);

	if (!s->ring->size)
		s->left = 0;
	if (s->next < oldest)
		s->next = oldest;
	while (s->left && s->next < head && !s->ready) {
		s->ready = ring_read(s->ring, s->next, &s->rec);
		s->next++;
	}
	if (!s->ready)
		return false;
	if (s->rec.ts)
		s->rec.ts = gfplab_clock_stamp(clock, s->rec.ts);
	s->left--;
	return true;
}

/* To the next record; false at the end. */
static bool advance(struct gfplab_cursor *c)
{
	struct source *s;
	unsigned int i;

	if (c->shown)
		c->shown->ready = false;
	c->shown = NULL;
	for (i = 0; i < c->nr; i++) {
		s = &c->sources[i];
		while (!s->ready && !fetch(s, &c->run->plan.clock)) {
			c->nr--;
			swap(*s, c->sources[c->nr]);
			if (i == c->nr)
				break;
		}
		if (i < c->nr && (!c->shown || s->rec.ts < c->shown->rec.ts))
			c->shown = s;
	}
	/* In binary there are as many as the layout says. */
	if (!c->shown && (!c->binary || c->pos < 0 || c->pos >= c->all))
		return false;
	c->pos++;
	return true;
}

/* A seek goes through millions of records without a look at anything else. */
static void *cursor_next(struct gfplab_cursor *c)
{
	if (fatal_signal_pending(current))
		return ERR_PTR(-EINTR);
	if (atomic_read(&gfplab_results_wanted))
		return ERR_PTR(-EAGAIN);
	cond_resched_tasks_rcu_qs();
	return advance(c) ? c : NULL;
}

/*
 * A reader is slower than the workers and would never reach the end of their
 * rings (one that seeks: within one system call). It gets as many records as
 * there are when it begins.
 */
static void *cursor_rewind(struct gfplab_cursor *c)
{
	u64 before = 0;
	void *v = c;

	c->shown = NULL;
	c->pos = -1;
	c->all = 0;
	for (c->nr = 0; c->nr < c->run->nr_workers; c->nr++) {
		struct source *s = &c->sources[c->nr];
		u64 head;

		s->ring = &c->run->workers[c->nr]->rq.ring;
		head = atomic64_read_acquire(&s->ring->head);	/* as above */
		s->next = ring_oldest(s->ring, head);
		/* No worker has more than that of them. */
		if (c->last && head - s->next > c->last)
			s->next = head - c->last;
		s->left = head - s->next;
		s->ready = false;
		c->all += s->left;
	}
	if (c->last && c->all > c->last)
		before = c->all - c->last;
	for (; before && !IS_ERR_OR_NULL(v); before--)
		v = cursor_next(c);
	c->pos = c->binary ? 0 : -1;
	return v;
}

static void *records_start(struct seq_file *m, loff_t *pos)
{
	struct gfplab_cursor *c = m->private;
	void *v = c;

	if (!c->run)
		return c->binary && !*pos ? c : NULL;
	if (mutex_lock_killable(&c->run->results))
		return ERR_PTR(-EINTR);
	c->locked = true;
	if (*pos < c->pos || !*pos)
		v = cursor_rewind(c);
	while (c->pos < *pos && !IS_ERR_OR_NULL(v))
		v = cursor_next(c);
	return v;
}

static void *records_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return cursor_next(m->private);
}

static void records_stop(struct seq_file *m, void *v)
{
	struct gfplab_cursor *c = m->private;

	if (!c->locked)
		return;
	c->locked = false;
	mutex_unlock(&c->run->results);
}

static int records_show(struct seq_file *m, void *v)
{
	struct gfplab_cursor *c = m->private;

	if (!c->binary)
		gfplab_record_show(m, &c->text, &c->shown->rec);
	else if (c->pos)
		gfplab_record_write(m, c->text.plan, c->shown ? &c->shown->rec : NULL);
	else
		gfplab_record_layout(m, c->text.plan, c->all);
	return 0;
}

static const struct seq_operations records_ops = {
	.start = records_start,
	.next = records_next,
	.stop = records_stop,
	.show = records_show,
};

/**
 * gfplab_records_open - begin to read the records of a run
 * @file: just opened
 * @run: the run, a reference, which is the reader's from now on; NULL: there are no records
 * @last: only so many of the youngest; 0: all
 * @binary: as gfplab_record_layout() tells, not as text
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int gfplab_records_open(struct file *file, struct gfplab_run *run, u64 last, bool binary)
{
	struct gfplab_cursor *c;
	struct seq_file *m;
	int err = -ENOMEM;

	c = kvzalloc(struct_size(c, sources, run ? run->nr_workers : 0), GFP_KERNEL);
	if (c)
		err = seq_open(file, &records_ops);
	if (err) {
		gfplab_run_put(run);
		kvfree(c);
		return err;
	}
	c->run = run;
	c->last = last;
	c->binary = binary;
	c->text.plan = run ? &run->plan : NULL;
	m = file->private_data;
	m->private = c;
	m->buf = kvmalloc(TEXT_AT_ONCE, GFP_KERNEL);
	m->size = m->buf ? TEXT_AT_ONCE : 0;	/* seq_read() makes a small one then */
	return 0;
}

/**
 * gfplab_records_release - end what gfplab_records_open() began
 * @inode: of the file
 * @file: the file
 *
 * Context: may sleep.
 * Return: 0.
 */
int gfplab_records_release(struct inode *inode, struct file *file)
{
	struct gfplab_cursor *c = ((struct seq_file *)file->private_data)->private;

	gfplab_run_put(c->run);
	kvfree(c);
	return seq_release(inode, file);
}
