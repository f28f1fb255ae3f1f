// SPDX-License-Identifier: GPL-2.0
/*
 * fuzz SEED OPERATIONS [PROCESSES]
 *
 * A hostile user with CAP_SYS_ADMIN. Several processes write and read every file of the module at
 * once: values that are right, at the limit, over it, garbage, too long, in part, at odd offsets,
 * from bad addresses; jobs are made and removed, runs started, called, stopped and reset, trace
 * events toggled. Files are found by a look at the folder, options and their words by reading
 * `help`, so what is new is covered without a change here.
 *
 * What a process does, and in which order, follows from SEED and its number alone; the sum of all
 * it did is printed. Processes are whom the OOM killer likes best, and are replaced when killed.
 * With the module loaded with unsafe=1, what is meant to bring the machine down is left out.
 *
 * Prints, for each file, how often it was read and written, and each errno. Fails if a file, an
 * option or a control word was never reached, if an errno is none that is foreseen, if a process
 * makes no progress, if more is held than the budget allows, or if anything is left held.
 * Exit status: 0; 1 with the reason on standard output; 3 if all it lacks is to have reached
 * everything, for which it takes some 10,000 operations; 2 usage.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/types.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ROOT		"/sys/kernel/debug/gfplab"
#define EVENTS		"/sys/kernel/tracing/events/gfplab"
#define MAX_FILES	96
#define MAX_WORDS	96
#define MAX_PROCESSES	16
#define TEXT_MAX	80000
#define HELD_FDS	6
#define STUCK_SECONDS	60
#define AVAILABLE_KB	(48 << 10)	/* of the reserve of 128 MiB, what must be left at any time */
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* ---- what there is: found at the start, never changed ---- */

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

static struct file files[MAX_FILES];
static int nr_files;
static struct option options[MAX_FILES];
static int nr_options;
static char *dictionary[1024];
static int nr_dictionary;
static char *controls[MAX_WORDS];
static int nr_controls;
static char zones[16][32];	/* nid:Zone */
static int nr_zones;
static __u64 limit_pages;
static __u64 nofail;
static bool unsafe;

/* ---- what was done: shared by all processes ---- */

static const struct {
	int nr;
	const char *name;
} errnos[] = {
#define E(name) { name, #name }
	/* the module's */
	E(EINVAL), E(ERANGE), E(ENODEV), E(EBUSY), E(EOPNOTSUPP), E(EPERM), E(ENOMEM), E(E2BIG),
	E(EEXIST), E(ENOENT), E(ENOSPC), E(EINTR),
	/* of debugfs, for a file whose job is gone; of read, write, lseek, ioctl, mmap */
	E(EIO), E(EFAULT), E(ESPIPE), E(ENOTTY), E(EBADF), E(EOVERFLOW),
#undef E
};

struct count {
	__u64 read, bytes, written, refused;
	__u64 errnos[ARRAY_SIZE(errnos)];
};

struct process {
	pid_t pid;
	__u64 next;		/* operation */
	__u64 sum;
	char doing[420];
};

static struct shared {
	struct count files[MAX_FILES];
	struct count events;
	__u64 words[MAX_WORDS];
	int strange_errno;
	char strange[340];
	struct process processes[MAX_PROCESSES];
} *shared;

static struct process *self;
static __u64 seed, operations;
static int nr_processes = 4;

#define COUNT(what) __atomic_fetch_add(&(what), 1, __ATOMIC_RELAXED)

static void fail(const char *format, ...)
{
	va_list args;
	int i;

	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf(" (seed %llu)\n", seed);
	fflush(stdout);
	for (i = 0; i < nr_processes; i++)
		if (shared && shared->processes[i].pid > 0)
			kill(shared->processes[i].pid, SIGKILL);
	exit(1);
}

/* ---- chance: a stream for each operation of each process ---- */

static __u64 state;

static __u64 mix(__u64 x)
{
	x ^= x >> 30;
	x *= 0xbf58476d1ce4e5b9ULL;
	x ^= x >> 27;
	x *= 0x94d049bb133111ebULL;
	return x ^ x >> 31;
}

static unsigned int draw(unsigned int below)
{
	state += 0x9e3779b97f4a7c15ULL;
	return (mix(state) >> 32) % below;
}

static bool one_in(unsigned int n)
{
	return !draw(n);
}

/* ---- discovery ---- */

static char *slurp(const char *path)
{
	static char buf[1 << 16];
	ssize_t len, sum = 0;
	int fd = open(path, O_RDONLY);

	if (fd < 0)
		fail("%s: %s", path, strerror(errno));
	while ((len = read(fd, buf + sum, sizeof(buf) - 1 - sum)) > 0)
		sum += len;
	close(fd);
	buf[sum] = '\0';
	return buf;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct file *)a)->name, ((const struct file *)b)->name);
}

static void walk(const char *dir, const char *prefix, bool in_job)
{
	char path[300], name[sizeof(files[0].name)];
	struct dirent *entry;
	struct stat st;
	DIR *d = opendir(dir);

	if (!d)
		fail("%s: %s", dir, strerror(errno));
	while ((entry = readdir(d))) {
		if (entry->d_name[0] == '.' || (!in_job && !strcmp(entry->d_name, "jobs")))
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name);
		if (snprintf(name, sizeof(name), "%s%s", prefix, entry->d_name) >= (int)sizeof(name) - 1 ||
		    nr_files == MAX_FILES || stat(path, &st))
			fail("%s: too many files, or too long a name", path);
		if (S_ISDIR(st.st_mode)) {
			strcat(name, "/");
			walk(path, name, in_job);
			continue;
		}
		strcpy(files[nr_files].name, name);
		files[nr_files].in_job = in_job;
		files[nr_files++].written = st.st_mode & 0222;
	}
	closedir(d);
}

static struct option *option_named(const char *name, size_t len)
{
	int i;

	for (i = 0; i < nr_options; i++)
		if (strlen(options[i].name) == len && !strncmp(options[i].name, name, len))
			return &options[i];
	return NULL;
}

/* NAME<tab>FORM; MIN..MAX UNIT; default DEF */
static void learn_option(struct option *o, char *rest)
{
	unsigned long long min, max;
	char *part, *save;

	for (part = strtok_r(rest, ";", &save); part; part = strtok_r(NULL, ";", &save)) {
		part += strspn(part, " ");
		if (!strncmp(part, "default ", 8)) {
			snprintf(o->def, sizeof(o->def), "%s", part + 8);
		} else if (sscanf(part, "%llu..%llu", &min, &max) == 2) {
			o->min = min;
			o->max = max;
			o->ranged = true;
		} else if (!*o->form) {
			snprintf(o->form, sizeof(o->form), "%s", part);
		}
	}
}

static void add_word(char **words, int *nr, int max, const char *word)
{
	if (*nr < max)
		words[(*nr)++] = strdup(word);
}

/* The words of a section are an option's values if its default is among them. */
static void end_section(char **words, int nr)
{
	int i, j, k;

	for (i = 0; i < nr_options; i++) {
		if (options[i].nr_words || !strcmp(options[i].def, "none") || !strcmp(options[i].def, "all"))
			continue;
		for (j = 0; j < nr && strcmp(words[j], options[i].def); j++)
			;
		for (k = 0; j < nr && k < nr; k++)
			add_word(options[i].words, &options[i].nr_words, MAX_WORDS, words[k]);
	}
}

static void learn(void)
{
	char *line, *save, *tab, word[64], name[32], value[64];
	char *section[MAX_WORDS];
	struct option *o = NULL;
	int i, n = 0, nid;
	unsigned long long number;

	walk(ROOT, "", false);
	walk(ROOT "/jobs/default", "", true);
	qsort(files, nr_files, sizeof(files[0]), by_name);
	for (i = 0; i < nr_files; i++) {
		if (strncmp(files[i].name, "options/", 8))
			continue;
		files[i].option = &options[nr_options];
		snprintf(options[nr_options++].name, sizeof(options[0].name), "%s", files[i].name + 8);
	}

	for (line = strtok_r(slurp(ROOT "/help"), "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		tab = strchr(line, '\t');
		if (tab && tab > line) {
			o = option_named(line, tab - line);
			if (!o)
				fail("help names the option %.*s, which has no file", (int)(tab - line), line);
			learn_option(o, tab + 1);
		} else if (o && sscanf(line, "\t  %60s", word) == 1 && line[1] == ' ') {
			add_word(o->words, &o->nr_words, MAX_WORDS, word);
		} else if (line[0] != ' ' && line[0] != '\t') {
			o = NULL;
			end_section(section, n);
			n = 0;
		} else if (!strncmp(line, "  ", 2) && line[2] != ' ' && sscanf(line, "%60s", word) == 1) {
			add_word(section, &n, MAX_WORDS, word);
			add_word(dictionary, &nr_dictionary, ARRAY_SIZE(dictionary), word);
			if (sscanf(line, "%60s 0x%llx", word, &number) == 2 && strstr(word, "NOFAIL"))
				nofail = number;
		}
	}
	end_section(section, n);
	for (i = 0; i < nr_options; i++)
		if (!*options[i].def)
			fail("help says nothing on the option %s", options[i].name);

	for (line = strtok_r(slurp(ROOT "/environment"), "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		if (sscanf(line, "zone.%d.%30[A-Za-z0-9]", &nid, name) == 2 && nr_zones < 16)
			snprintf(zones[nr_zones++], sizeof(zones[0]), "%d:%.16s", nid, name);
		if (sscanf(line, "%30s %60s", name, value) == 2 && !strcmp(name, "limit.max_pages"))
			limit_pages = strtoull(value, NULL, 0);
		if (sscanf(line, "unsafe %d", &nid) == 1)
			unsafe = nid;
	}
	if (!limit_pages || !nr_zones || !nofail)
		fail("environment or help lacks limit.max_pages, zone.* or __GFP_NOFAIL");

	for (line = strtok_r(slurp(ROOT "/jobs/default/control"), "\n ", &save); line; line = strtok_r(NULL, "\n ", &save))
		add_word(controls, &nr_controls, MAX_WORDS, line);
}

static int file_named(const char *name)
{
	int i;

	for (i = 0; i < nr_files; i++)
		if (!strcmp(files[i].name, name))
			return i;
	fail("there is no file %s", name);
	return -1;
}

/* ---- texts ---- */

static char text[TEXT_MAX + 1];
static size_t text_len;

static void say(const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(text + text_len, TEXT_MAX - text_len, format, args);
	va_end(args);
	text_len += n < (int)(TEXT_MAX - text_len) ? n : (int)(TEXT_MAX - text_len) - 1;
}

static void say_garbage(void)
{
	static const char alphabet[] = "0123456789-,:|+%xabN \t\n_=";
	int len = draw(40), plain = draw(2);

	while (len-- && text_len < TEXT_MAX - 1)
		text[text_len++] = plain ? alphabet[draw(sizeof(alphabet) - 1)] : (char)draw(256);
}

static void say_long(void)
{
	static const int lengths[] = { 4095, 4096, 4097, 9999, 70000 };
	size_t len = lengths[draw(ARRAY_SIZE(lengths))], unit, from = text_len;

	if (one_in(2))
		say("%s=%s ", options[draw(nr_options)].name, "0");
	else
		say("%c", 1 + draw(255));
	unit = text_len - from;
	while (text_len < len)
		text[text_len] = text[text_len - unit], text_len++;
}

static void say_number(const struct option *o)
{
	static const char * const any[] = {
		"0", "-1", "1", "2147483647", "2147483648", "4294967295", "4294967296",
		"9223372036854775808", "18446744073709551615", "18446744073709551616",
		"0x10", "010", "1e3", "+1", " 1", "0x", "00000000000000000000000000000001",
	};

	switch (draw(6)) {
	case 0:
		say("%llu", o->min);
		break;
	case 1:
		say("%llu", o->max);
		break;
	case 2:
		say("%llu", o->max + 1);
		break;
	case 3:
		say("%lld", (long long)o->min - 1);
		break;
	default:
		say("%s", any[draw(ARRAY_SIZE(any))]);
	}
}

/* Right in form, and nothing that would keep the machine busy for long. */
static void say_right(const struct option *o)
{
	if (strstr(o->form, "list of") && !o->nr_words) {
		static const char * const lists[] = { "0", "0-1", "1", "0-3", "0,2", "0-3,9" };

		say("%s", one_in(4) ? o->def : lists[draw(ARRAY_SIZE(lists))]);
	} else if (o->nr_words) {
		const char *word = o->words[draw(o->nr_words)];

		say("%s", word);
		if (strstr(o->form, "every:N") && !strcmp(word, "every"))
			say(":%u", 1 + draw(50));
		while ((strstr(o->form, "list") || strstr(o->form, "joined")) && one_in(2))
			say("%c%s", strstr(o->form, "|") ? '|' : ',', o->words[draw(o->nr_words)]);
	} else if (strstr(o->form, "nid:Zone") && !one_in(3)) {
		say("%s:", zones[draw(nr_zones)]);
		if (strstr(o->form, "low+") && one_in(2))
			say("%s%c%u", one_in(2) ? "low" : "high", one_in(2) ? '+' : '-', draw(50));
		else
			say("%u", 1 + draw(o->max > 200 ? 200 : o->max));
	} else if (o->ranged && !strncmp(o->form, "a number", 8)) {
		__u64 width = o->max - o->min;

		say("%llu", o->min + draw(width > 300 ? 300 : width + 1));
	} else {
		say("%s", o->def);
	}
}

static void say_value(const struct option *o)
{
	size_t from = text_len;

	switch (draw(16)) {
	default:
		say_right(o);
		break;
	case 8:
	case 9:
		say("%s", o->def);
		break;
	case 10:
		say_number(o);
		break;
	case 11:
		say("%s", dictionary[draw(nr_dictionary)]);
		break;
	case 12:
		say_garbage();
		break;
	case 13:
		say_right(o);
		if (text_len > from)
			text[from + draw(text_len - from)] = draw(256);
		break;
	case 14:
		say_right(&options[draw(nr_options)]);
		break;
	case 15:
		if (one_in(4))
			say_long();
		else
			say("%s", one_in(2) ? "" : "\n");
	}
}

/* ---- with unsafe=1, the module does as it is told: what must not be told ---- */

static bool has_number(const char *at, __u64 mask, __u64 most)
{
	__u64 n;
	char *end;

	for (; *at; at++) {
		if (*at < '0' || *at > '9')
			continue;
		errno = 0;
		n = strtoull(at, &end, 0);
		if (errno || n & mask || n > most)
			return true;
		if (end > at)
			at = end - 1;
	}
	return false;
}

/* Node 0 is where everybody lives. */
static bool zone_of_node_0(const char *value)
{
	return *value >= '0' && *value <= '9' && strncmp(value, "1:", 2);
}

static bool deadly(const struct file *f)
{
	const char *at;
	char name[sizeof(options[0].name) + 1];
	int i;

	if (!unsafe || !f->in_job)
		return false;
	if (strcasestr(text, "NOFAIL"))
		return true;
	for (i = 0; i < nr_options; i++) {
		strcat(strcpy(name, options[i].name), "=");
		at = NULL;
		if (f->option == &options[i]) {
			at = text + strspn(text, " \t\n");
		} else if (!strcmp(f->name, "set")) {
			at = strstr(text, name);
			at = at ? at + strlen(name) : NULL;
		}
		if (!at)
			continue;
		if ((!strcmp(name, "gfp=") && has_number(at, nofail, ~0ULL)) ||
		    (!strcmp(name, "max_pages=") && has_number(at, 0, limit_pages)) ||
		    ((!strcmp(name, "squeeze=") || !strcmp(name, "fragment=")) && zone_of_node_0(at)))
			return true;
	}
	return false;
}

/* ---- operations ---- */

static char path[320];
static int held[HELD_FDS], held_file[HELD_FDS];
static char page[1 << 16];
static char *edge;		/* a byte before the end of what is mapped */

static const char *a_job(void)
{
	static const char * const few[] = { "default", "f0", "f1", "f2", "f3", "f4" };
	static char name[64];

	if (!one_in(40))
		return few[draw(ARRAY_SIZE(few))];
	snprintf(name, sizeof(name), "f%u", draw(100));
	return name;
}

static const char *path_of(const struct file *f, const char *job)
{
	if (f->in_job)
		snprintf(path, sizeof(path), ROOT "/jobs/%s/%s", job, f->name);
	else
		snprintf(path, sizeof(path), ROOT "/%s", f->name);
	return path;
}

static bool outcome(struct count *c, const char *what, ssize_t result)
{
	size_t i;

	if (result >= 0)
		return true;
	for (i = 0; i < ARRAY_SIZE(errnos); i++) {
		if (errnos[i].nr == errno) {
			COUNT(c->errnos[i]);
			return false;
		}
	}
	if (!__atomic_exchange_n(&shared->strange_errno, errno, __ATOMIC_RELAXED))
		snprintf(shared->strange, sizeof(shared->strange), "%s %s", what, path);
	return false;
}

/* Everything that is drawn has been drawn: it counts as done, whatever becomes of it. */
static void commit(const char *what)
{
	__u64 sum = 0xcbf29ce484222325ULL;
	const char *c;
	size_t i;

	for (c = what; *c; c++)
		sum = (sum ^ (uint8_t)*c) * 0x100000001b3ULL;
	for (c = path; *c; c++)
		sum = (sum ^ (uint8_t)*c) * 0x100000001b3ULL;
	for (i = 0; i < text_len; i++)
		sum = (sum ^ (uint8_t)text[i]) * 0x100000001b3ULL;
	self->sum += mix(sum ^ state);
	text[text_len] = '\0';
	snprintf(self->doing, sizeof(self->doing), "%s %s '%.60s'", what, path, text);
	for (i = 0; self->doing[i]; i++)
		if (self->doing[i] < ' ')
			self->doing[i] = '.';
}

static void read_from(int fd, struct count *c, size_t chunk, size_t most)
{
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

static void op_read(void)
{
	int i = draw(nr_files), fd;
	size_t chunk = one_in(4) ? 1 + draw(9) : one_in(2) ? 1 + draw(5000) : sizeof(page);
	size_t most = one_in(30) ? 1 << 18 : chunk < 10 ? 100 : 12000;
	off_t at = one_in(5) ? (one_in(20) ? (off_t)1 << (10 + draw(53)) : (off_t)draw(3000)) : 0;
	const char *job = a_job();

	path_of(&files[i], job);
	text_len = 0;
	commit("read");
	fd = open(path, O_RDONLY);
	if (!outcome(&shared->files[i], "open", fd))
		return;
	if (!at || outcome(&shared->files[i], "lseek", lseek(fd, at, SEEK_SET)))
		read_from(fd, &shared->files[i], chunk, most);
	close(fd);
}

static void wake(int signal)
{
}

/* A `call` lasts as long as the job says, or until a signal comes. */
static void alarm_ms(int ms)
{
	struct itimerval in = { .it_value.tv_usec = ms * 1000 };

	setitimer(ITIMER_REAL, &in, NULL);
}

static ssize_t put(int i, int fd, int how, size_t part)
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
static bool write_file(int i, const char *job, const char *what)
{
	int how = one_in(12) ? 1 + draw(3) : 0, ms = 10 + draw(400), fd, err;
	size_t part = text_len ? draw(text_len + 1) : 0;
	ssize_t done;

	if (one_in(12))
		text_len = part;
	path_of(&files[i], job);
	commit(what);
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
	done = put(i, fd, how, part);
	err = errno;
	alarm_ms(0);
	close(fd);
	errno = err;
	return done >= 0;
}

static void op_option(void)
{
	int i = draw(nr_files);
	const char *job = a_job();

	while (!files[i].option)
		i = (i + 1) % nr_files;
	text_len = 0;
	say_value(files[i].option);
	write_file(i, job, "option");
}

static void say_some_options(int n)
{
	struct option *o;

	while (n--) {
		o = &options[draw(nr_options)];
		say("%s=", o->name);
		say_right(o);
		say("%s", one_in(8) ? "\n\t " : " ");
	}
}

static void op_set(void)
{
	const char *job = a_job();

	text_len = 0;
	say_some_options(1 + draw(4));
	if (one_in(4)) {
		struct option *o = &options[draw(nr_options)];

		say("%s=", o->name);
		say_value(o);
	}
	write_file(file_named("set"), job, "set");
}

static void control(const char *word, const char *job)
{
	int i;

	text_len = 0;
	if (word)
		say("%s", word);
	else if (one_in(2))
		say("%s", controls[draw(nr_controls)]);
	else
		say_garbage();
	if (one_in(8))
		say("\n");
	if (!write_file(file_named("control"), job, "control"))
		return;
	for (i = 0; i < nr_controls; i++)
		if (word && !strcmp(word, controls[i]))
			COUNT(shared->words[i]);
}

/* Runs of all kinds: what is asked is drawn; how long it takes, most often, is not. */
static void run(const char *word)
{
	const char *job = a_job();
	int i, set = file_named("set");

	if (one_in(2)) {
		text_len = 0;
		say("%s", job);
		write_file(file_named("create"), job, "create");
	}
	text_len = 0;
	if (one_in(2))
		for (i = 0; i < nr_options; i++)
			say("%s=%s ", options[i].name, options[i].def);
	say("count=%u duration_ms=%u timeout_ms=%u ring=%u hold=%u", draw(one_in(3) ? 20000 : 400),
	    1 + draw(200), 1 + draw(400), 1 + draw(2000), draw(1000));
	write_file(set, job, "set");
	/* Some of these are refused; then the run is a plain one. */
	for (i = draw(4); i; i--) {
		text_len = 0;
		say_some_options(1 + draw(3));
		write_file(set, job, "set");
	}
	if (one_in(6)) {	/* as much as it gets */
		text_len = 0;
		say("entry=alloc_pages gfp=GFP_KERNEL context=task nid=-1 nodes=all scope=none order=0-9 count=0 hold=0 max_pages=0 release=%s interval_us=0 duration_ms=0 timeout_ms=%u",
		    one_in(2) ? "keep" : "at_end", 100 + draw(2000));
		write_file(set, job, "set");
	}
	control(word, job);
}

static void make(const char *what)
{
	text_len = 0;
	if (one_in(8))
		say_garbage();
	else
		say("%s", a_job());
	if (one_in(30))
		say_long();
	write_file(file_named(what), "", what);
}

static void op_create(void) { make("create"); }
static void op_remove(void) { make("remove"); }
static void op_start(void) { run("start"); }
static void op_call(void) { run("call"); }
static void op_stop(void) { control("stop", a_job()); }
static void op_reset(void) { control("reset", a_job()); }
static void op_word(void) { control(NULL, a_job()); }

static void op_any(void)
{
	int i = draw(nr_files);
	const char *job = a_job();

	text_len = 0;
	switch (draw(4)) {
	case 0:
		say("%s", dictionary[draw(nr_dictionary)]);
		break;
	case 1:
		say_garbage();
		break;
	case 2:
		if (one_in(5))
			say_long();
	}
	write_file(i, job, "any");
}

static void op_events(void)
{
	static const char * const where[] = { EVENTS "/enable", EVENTS "/gfplab_request/enable", EVENTS "/gfplab_run/enable" };
	int fd;

	text_len = 0;
	say("%u", draw(2));
	strcpy(path, where[draw(ARRAY_SIZE(where))]);
	commit("event");
	fd = open(path, O_WRONLY);
	if (!outcome(&shared->events, "open", fd))
		return;
	if (outcome(&shared->events, "write", write(fd, text, text_len)))
		COUNT(shared->events.written);
	close(fd);
}

/* Files that stay open, past the end of a run and of their job. */
static void op_held(void)
{
	int slot = draw(HELD_FDS), i = draw(nr_files), how = draw(3);
	const char *job = a_job();
	struct count *c;

	path_of(&files[i], job);
	text_len = 0;
	commit(how ? "held" : "hold");
	if (!how || held[slot] < 0) {
		if (held[slot] >= 0)
			close(held[slot]);
		held[slot] = open(path, files[i].written ? O_RDWR : O_RDONLY);
		held_file[slot] = i;
		outcome(&shared->files[i], "open", held[slot]);
		return;
	}
	i = held_file[slot];
	c = &shared->files[i];
	if (how == 1)
		read_from(held[slot], c, 500, 2000);
	else if (files[i].written && strcmp(files[i].name, "control"))
		put(i, held[slot], 0, 0);
}

/* Calls that make no sense, and addresses that are none. */
static void op_nonsense(void)
{
	int i = draw(nr_files), how = draw(9), fd;
	const char *job = a_job();
	struct count *c = &shared->files[i];
	struct pollfd p = { .events = POLLIN };
	size_t len = draw(9000);
	void *at;

	path_of(&files[i], job);
	text_len = 0;
	commit("nonsense");
	fd = open(path, files[i].written ? O_RDWR | O_TRUNC | (how & 1 ? O_APPEND : 0) : O_RDONLY);
	if (!outcome(c, "open", fd))
		return;
	p.fd = fd;
	switch (how) {
	case 0:
		outcome(c, "write", write(fd, (void *)8, len));
		break;
	case 1:
		outcome(c, "read", read(fd, (void *)8, len));
		break;
	case 2:
		outcome(c, "write", write(fd, text, 0));
		break;
	case 3:
		outcome(c, "ioctl", ioctl(fd, len, page));
		break;
	case 4:
		at = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0);
		outcome(c, "mmap", at == MAP_FAILED ? -1 : 0);
		if (at != MAP_FAILED)
			munmap(at, 4096);
		break;
	case 5:
		outcome(c, "ftruncate", ftruncate(fd, len));
		break;
	case 6:
		outcome(c, "poll", poll(&p, 1, 0));
		break;
	case 7:
		outcome(c, "lseek", lseek(fd, -(off_t)len - 1, SEEK_END));
		break;
	case 8:
		outcome(c, "write", write(fd, edge, len));
	}
	close(fd);
}

static void operate(void)
{
	/* Per mille. To begin and to end a run takes a hundred times as long as the rest. */
	static const struct {
		int weight;
		void (*run)(void);
	} kinds[] = {
		{ 290, op_read }, { 290, op_option }, { 100, op_set }, { 60, op_create }, { 28, op_remove },
		{ 7, op_start }, { 3, op_call }, { 10, op_stop }, { 30, op_reset }, { 5, op_word },
		{ 70, op_any }, { 7, op_events }, { 60, op_held }, { 40, op_nonsense },
	};
	int at = draw(1000);
	size_t k;

	for (k = 0; k < ARRAY_SIZE(kinds) - 1 && at >= kinds[k].weight; k++)
		at -= kinds[k].weight;
	kinds[k].run();
}

static void set_score(const char *score)
{
	FILE *f = fopen("/proc/self/oom_score_adj", "w");

	if (f) {
		fputs(score, f);
		fclose(f);
	}
}

static void process(int number)
{
	struct sigaction act = { .sa_handler = wake };
	int i;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigaction(SIGALRM, &act, NULL);
	set_score("1000");
	self = &shared->processes[number];
	for (i = 0; i < HELD_FDS; i++)
		held[i] = -1;
	edge = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (edge == MAP_FAILED || munmap(edge + 4096, 4096))
		_exit(2);
	edge += 4095;
	while (self->next < operations / nr_processes) {
		state = mix(seed) + mix((__u64)number << 40 | self->next++);
		operate();
	}
	_exit(0);
}

static pid_t spawn(int number)
{
	pid_t pid = fork();

	if (pid < 0)
		fail("fork: %s", strerror(errno));
	if (!pid)
		process(number);
	shared->processes[number].pid = pid;
	return pid;
}

/* ---- the supervisor ---- */

static __u64 most_held, most_held_together, least_available = ~0ULL;

static __u64 field(const char *in, const char *key)
{
	const char *at = strstr(in, key);

	return at ? strtoull(at + strlen(key), NULL, 10) : 0;
}

/* The content of a job's file; NULL if it is gone. */
static char *job_file(const char *job, const char *file)
{
	static char buf[1 << 16];
	char name[600];
	ssize_t len, sum = 0;
	int fd;

	snprintf(name, sizeof(name), ROOT "/jobs/%s/%s", job, file);
	fd = open(name, O_RDONLY);
	if (fd < 0)
		return NULL;
	while ((len = read(fd, buf + sum, sizeof(buf) - 1 - sum)) > 0)
		sum += len;
	close(fd);
	buf[sum] = '\0';
	return len < 0 ? NULL : buf;
}

static bool try_write(const char *file, const char *what)
{
	int fd = open(file, O_WRONLY);
	bool good = fd >= 0 && write(fd, what, strlen(what)) == (ssize_t)strlen(what);

	if (fd >= 0)
		close(fd);
	return good;
}

static void must_write(const char *file, const char *what)
{
	if (!try_write(file, what))
		fail("writing %s to %s: %s", what, file, strerror(errno));
}

static void say_what_is_bad(const char *job)
{
	char *line, *save, *records = job_file(job, "records");
	int left = 5;

	for (line = strtok_r(records ? records : "", "\n", &save); line && left; line = strtok_r(NULL, "\n", &save))
		if (!strstr(line, " bad=none") && left--)
			puts(line);
}

/* The processes make no more trouble; the job shows what is wrong, and once more with records. */
static void bad_blocks(const char *job)
{
	char *said;
	int i;

	for (i = 0; i < nr_processes; i++)
		kill(shared->processes[i].pid, SIGSTOP);
	said = job_file(job, "set");
	printf("bad blocks! options of %s:\n%s", job, said ? said : "");
	said = job_file(job, "summary");
	printf("summary:\n%s", said ? said : "");
	say_what_is_bad(job);
	snprintf(path, sizeof(path), ROOT "/jobs/%s/control", job);
	if (try_write(path, "stop") && try_write(path, "reset")) {
		*strrchr(path, '/') = '\0';
		strcat(path, "/set");
		try_write(path, "observe=full timeout_ms=3000");
		*strrchr(path, '/') = '\0';
		strcat(path, "/control");
		puts(try_write(path, "call") ? "called again:" : "can't be called again");
		say_what_is_bad(job);
	}
	fail("%s has bad blocks", job);
}

/* What all jobs hold, and what is left to the system. */
static void sample(void)
{
	__u64 pages, sum = 0, kb;
	struct dirent *entry;
	char *said;
	DIR *d = opendir(ROOT "/jobs");

	while (d && (entry = readdir(d))) {
		if (entry->d_name[0] == '.')
			continue;
		said = job_file(entry->d_name, "status");
		if (!said)
			continue;
		pages = field(said, "held_pages=");
		sum += pages;
		if (pages > most_held)
			most_held = pages;
		/* What is available moves a little; a budget is a quarter of that. */
		if (pages > limit_pages + limit_pages / 20)
			fail("%s holds %llu pages, the budget is %llu", entry->d_name,
			     pages, limit_pages);
		said = job_file(entry->d_name, "summary");
		if (said && field(said, "bad_blocks "))
			bad_blocks(entry->d_name);
	}
	if (d)
		closedir(d);
	if (sum > most_held_together)
		most_held_together = sum;
	kb = field(slurp("/proc/meminfo"), "MemAvailable:");
	if (kb < least_available)
		least_available = kb;
	if (kb < AVAILABLE_KB)
		fail("%llu KiB are left to the system", kb);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static int supervise(void)
{
	double moved[MAX_PROCESSES];
	__u64 seen[MAX_PROCESSES];
	int i, status, left = nr_processes, killed = 0;
	pid_t pid;

	for (i = 0; i < nr_processes; i++) {
		spawn(i);
		moved[i] = now();
		seen[i] = 0;
	}
	while (left) {
		usleep(200000);
		sample();
		while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
			for (i = 0; i < nr_processes && shared->processes[i].pid != pid; i++)
				;
			if (i == nr_processes)
				continue;
			shared->processes[i].pid = 0;
			if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) {
				killed++;
				spawn(i);
			} else if (status) {
				fail("process %d ended with %#x in %s", i, status, shared->processes[i].doing);
			} else {
				left--;
			}
		}
		for (i = 0; i < nr_processes; i++) {
			struct process *p = &shared->processes[i];

			if (p->next != seen[i] || !p->pid) {
				seen[i] = p->next;
				moved[i] = now();
			} else if (now() - moved[i] > STUCK_SECONDS) {
				fail("process %d is stuck in operation %llu: %s", i,
				     p->next, p->doing);
			}
		}
	}
	return killed;
}

/* The fuzz is over: every job can be stopped, reset and removed, and then holds nothing. */
static void clean_up(void)
{
	char name[320], *names[100], *said;
	struct dirent *entry;
	int i, nr = 0;
	DIR *d = opendir(ROOT "/jobs");

	must_write(EVENTS "/enable", "0");
	while ((entry = readdir(d)) && nr < 100)
		if (entry->d_name[0] != '.')
			names[nr++] = strdup(entry->d_name);
	closedir(d);
	for (i = 0; i < nr; i++) {
		snprintf(name, sizeof(name), ROOT "/jobs/%s/control", names[i]);
		must_write(name, "stop");
		must_write(name, "reset");
		said = job_file(names[i], "status");
		if (!said || !strstr(said, "held_pages=0 "))
			fail("after reset: %s: %s", names[i], said);
		if (strcmp(names[i], "default"))
			must_write(ROOT "/remove", names[i]);
	}
}

static void print_count(const char *name, const struct count *c)
{
	size_t i;

	printf("%-22s reads %llu (%llu KiB) writes %llu refused %llu", name, c->read,
	       c->bytes >> 10, c->written,
	       c->refused);
	for (i = 0; i < ARRAY_SIZE(errnos); i++)
		if (c->errnos[i])
			printf(" %s %llu", errnos[i].name, c->errnos[i]);
	putchar('\n');
}

static bool missed;

static void miss(const char *name, const char *what)
{
	printf("never: %s %s\n", name, what);
	missed = true;
}

static void report(int killed, double seconds)
{
	__u64 sum = 0, done = 0;
	int i;

	for (i = 0; i < nr_files; i++) {
		const struct file *f = &files[i];
		const struct count *c = &shared->files[i];

		print_count(f->name, c);
		if (!c->read)
			miss(f->name, "read");
		if (f->written && !c->written)
			miss(f->name, "written");
		if (!c->refused)
			miss(f->name, "refused a write");
	}
	print_count("(trace events)", &shared->events);
	if (!shared->events.written)
		miss("trace events", "toggled");
	for (i = 0; i < nr_controls; i++) {
		printf("%s %llu%s", controls[i], shared->words[i], i + 1 < nr_controls ? ", " : "\n");
		if (!shared->words[i])
			miss(controls[i], "carried out");
	}
	for (i = 0; i < nr_processes; i++) {
		done += shared->processes[i].next;
		sum = mix(sum ^ shared->processes[i].sum);
	}
	printf("%llu operations by %d processes in %.0f s, seed %llu, sum %016llx\n", done,
	       nr_processes, seconds, seed, sum);
	printf("%d files, %d options; at most %llu pages held by a job (budget %llu), %llu by all; at least %llu KiB available; %d processes killed\n",
	       nr_files, nr_options, most_held, limit_pages,
	       most_held_together, least_available, killed);
}

int main(int argc, char **argv)
{
	double begin = now();
	int killed;

	if (argc < 3 || argc > 4) {
		fputs("usage: fuzz SEED OPERATIONS [PROCESSES]\n", stderr);
		return 2;
	}
	seed = strtoull(argv[1], NULL, 0);
	operations = strtoull(argv[2], NULL, 0);
	if (argc > 3)
		nr_processes = atoi(argv[3]);
	if (nr_processes < 1 || nr_processes > MAX_PROCESSES) {
		fprintf(stderr, "fuzz: 1 to %d processes\n", MAX_PROCESSES);
		return 2;
	}
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		fail("mmap: %s", strerror(errno));
	learn();
	killed = supervise();
	clean_up();
	report(killed, now() - begin);
	if (shared->strange_errno)
		fail("an errno that nobody documents: %s: %s", shared->strange, strerror(shared->strange_errno));
	return missed ? 3 : 0;
}
