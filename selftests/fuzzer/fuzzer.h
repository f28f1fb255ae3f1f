/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fuzzer.h - what the files of the fuzzer share, file by file.
 */
#ifndef GFPLAB_FUZZER_H
#define GFPLAB_FUZZER_H

#include <linux/types.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define ROOT		"/sys/kernel/debug/gfplab"
#define EVENTS		"/sys/kernel/tracing/events/gfplab"
#define MAX_FILES	96
#define MAX_WORDS	96
#define MAX_JOBS	1000	/* of the module */
#define MAX_PROCESSES	16
#define MAX_ERRNOS	32
#define TEXT_MAX	80000
#define CHUNK_MAX	(1 << 16)	/* is read at once */
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* ---- learn.c: what there is, found at the start, never changed ---- */

struct file {
	char name[64];		/* below ROOT, or below ROOT/jobs/NAME */
	bool in_job;
	bool written;		/* its mode has a write bit */
	struct option *option;
};

struct option {
	char name[32];
	char form[80];
	char def[32];
	__u64 min, max;
	bool ranged;
	char *words[MAX_WORDS];
	int nr_words;
};

extern struct file files[MAX_FILES];
extern int nr_files;
extern struct option options[MAX_FILES];
extern int nr_options;
extern char *controls[MAX_WORDS];
extern int nr_controls;
extern __u64 limit_pages;
extern __u64 nofail;
extern bool unsafe;

void learn(void);
int file_named(const char *name);
const char *a_word(void);
const char *a_zone(void);	/* nid:Zone */
char *slurp(const char *path);

/* ---- count.c: what was done, shared by all processes ---- */

struct count {
	__u64 read, bytes, written, refused;
	__u64 errnos[MAX_ERRNOS];
};

struct process {
	pid_t pid;
	__u64 next;		/* operation */
	__u64 sum;
	char doing[420];
};

extern struct shared {
	struct count files[MAX_FILES];
	struct count events;
	__u64 words[MAX_WORDS];
	__u64 said[MAX_FILES][MAX_WORDS];	/* of options */
	int strange_errno;
	char strange[340];
	struct process processes[MAX_PROCESSES];
} *shared;

#define COUNT(what) __atomic_fetch_add(&(what), 1, __ATOMIC_RELAXED)

struct watched;
bool count_errno(struct count *c, int nr);
bool report(const struct watched *w, double seconds);
__u64 runs_made(void);

/* ---- fuzz.c: who does it ---- */

extern __u64 seed;
extern int nr_processes;
extern unsigned int grace_ms;
extern volatile sig_atomic_t ends;

void fail(const char *format, ...);	/* does not return */
pid_t spawn(int number);

/* ---- chance.c: a stream for each operation of each process ---- */

__u64 mix(__u64 x);
void begin_stream(int number, __u64 operation);
__u64 stream_at(void);
unsigned int draw(unsigned int below);
bool one_in(unsigned int n);

/* ---- text.c: what is to be written, put together piece by piece; deadly.c ---- */

extern char text[TEXT_MAX + 1];
extern size_t text_len;

void say(const char *format, ...);
void say_garbage(void);
void say_long(void);
void say_right(const struct option *o);
void say_value(const struct option *o);
bool deadly(const struct file *f);

/* ---- access.c: what operations do to a file ---- */

void begin_access(struct process *process);
const char *a_job(void);
const char *path_of(const struct file *f, const char *job);
void commit(const char *what, const char *path);
bool outcome(struct count *c, const char *what, ssize_t result);
void read_from(int fd, struct count *c, size_t chunk, size_t most);
ssize_t write_to(int i, int fd, int how, size_t part);
bool write_file(int i, const char *job, const char *what);

/* ---- operation.c, descriptor.c ---- */

void map_edge(void);
void op_read(void);
void op_held(void);
void op_nonsense(void);
void operate(void);

/* ---- supervisor.c, and what it saw ---- */

struct watched {
	int killed;
	__u64 most_held, most_held_together, least_available;
};

double now(void);
struct watched supervise(void);
void clean_up(void);

#endif
