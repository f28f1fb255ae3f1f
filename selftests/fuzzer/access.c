// SPDX-License-Identifier: GPL-2.0
/*
 * Access to a file of the module: which, what is done with it, and what came of it.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>
#include "fuzzer.h"

static struct process *self;
static const char *about;	/* the path that was committed */

static void wake(int signal)
{
}

/* What is committed from here on was done by this process. */
void begin_access(struct process *process)
{
	struct sigaction act = { .sa_handler = wake };

	self = process;
	sigaction(SIGALRM, &act, NULL);
}

const char *a_job(void)
{
	static const char * const few[] = { "default", "f0", "f1", "f2", "f3", "f4" };
	static char name[64];

	if (!one_in(40))
		return few[draw(ARRAY_SIZE(few))];
	snprintf(name, sizeof(name), "f%u", draw(100));
	return name;
}

const char *path_of(const struct file *f, const char *job)
{
	static char path[320];

	if (f->in_job)
		snprintf(path, sizeof(path), ROOT "/jobs/%s/%s", job, f->name);
	else
		snprintf(path, sizeof(path), ROOT "/%s", f->name);
	return path;
}

bool outcome(struct count *c, const char *what, ssize_t result)
{
	if (result >= 0)
		return true;
	if (!count_errno(c, errno) &&
	    !__atomic_exchange_n(&shared->strange_errno, errno, __ATOMIC_RELAXED))
		snprintf(shared->strange, sizeof(shared->strange), "%s %s", what, about);
	return false;
}

/* Everything that is drawn has been drawn: it counts as done, whatever becomes of it. */
void commit(const char *what, const char *path)
{
	__u64 sum = 0xcbf29ce484222325ULL;
	const char *c;
	size_t i;

	about = path;
	for (c = what; *c; c++)
		sum = (sum ^ (uint8_t)*c) * 0x100000001b3ULL;
	for (c = path; *c; c++)
		sum = (sum ^ (uint8_t)*c) * 0x100000001b3ULL;
	for (i = 0; i < text_len; i++)
		sum = (sum ^ (uint8_t)text[i]) * 0x100000001b3ULL;
	self->sum += mix(sum ^ stream_at());
	text[text_len] = '\0';
	snprintf(self->doing, sizeof(self->doing), "%s %s '%.60s'", what, path, text);
	for (i = 0; self->doing[i]; i++)
		if (self->doing[i] < ' ')
			self->doing[i] = '.';
}

void read_from(int fd, struct count *c, size_t chunk, size_t most)
{
	static char page[CHUNK_MAX];
	ssize_t got;
	size_t sum = 0;

	do {
		got = read(fd, page, chunk);
		if (!outcome(c, "read", got))
			return;
		sum += got;
	} while (got && sum < most);
	COUNT(c->read);
	__atomic_fetch_add(&c->bytes, sum, __ATOMIC_RELAXED);
}

/* A `call` lasts as long as the job says, or until a signal comes. */
static void alarm_ms(int ms)
{
	struct itimerval in = { .it_value.tv_usec = ms * 1000 };

	setitimer(ITIMER_REAL, &in, NULL);
}

ssize_t write_to(int i, int fd, int how, size_t part)
{
	struct iovec parts[2] = { { text, part }, { text + part, text_len - part } };
	ssize_t done;

	switch (how) {
	default:
		done = write(fd, text, text_len);
		break;
	case 1:
		done = pwrite(fd, text, text_len, 1 + part);
		break;
	case 2:
		done = writev(fd, parts, 2);
		break;
	case 3:	/* the rest comes in a write of its own */
		done = write(fd, text, part);
		if (done >= 0)
			done = write(fd, text + part, text_len - part);
	}
	if (outcome(&shared->files[i], "write", done))
		COUNT(shared->files[i].written);
	else
		COUNT(shared->files[i].refused);
	return done;
}

/* Writes `text` to a file, in one of the ways that there are. */
bool write_file(int i, const char *job, const char *what)
{
	const char *path = path_of(&files[i], job);
	int how = one_in(12) ? 1 + draw(3) : 0, ms = 10 + draw(400), fd, err;
	size_t part = text_len ? draw(text_len + 1) : 0;
	ssize_t done;

	if (one_in(12))
		text_len = part;
	commit(what, path);
	if (deadly(&files[i]))
		text_len = 0;
	if (unsafe && how > 1)	/* a part of what is harmless may be deadly */
		how = 0;
	if (part > text_len)
		part = text_len;
	fd = open(path, O_WRONLY);
	if (!outcome(&shared->files[i], "open", fd))
		return false;
	alarm_ms(ms);
	done = write_to(i, fd, how, part);
	err = errno;
	alarm_ms(0);
	close(fd);
	errno = err;
	return done >= 0;
}
