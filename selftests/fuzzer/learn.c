// SPDX-License-Identifier: GPL-2.0
/*
 * What there is: files by a look at the folder, options and their words by reading `help`, zones
 * and limits by reading `environment`.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "fuzzer.h"

struct file files[MAX_FILES];
int nr_files;
struct option options[MAX_FILES];
int nr_options;
char *controls[MAX_WORDS];
int nr_controls;
__u64 limit_pages;
__u64 nofail;
bool unsafe;
static char *dictionary[1024];
static int nr_dictionary;
static char zones[16][32];	/* nid:Zone */
static int nr_zones;

/* The content of a file, until the next one is asked for. */
char *slurp(const char *path)
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

void learn(void)
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

int file_named(const char *name)
{
	int i;

	for (i = 0; i < nr_files; i++)
		if (!strcmp(files[i].name, name))
			return i;
	fail("there is no file %s", name);
	return -1;
}

const char *a_word(void)
{
	return dictionary[draw(nr_dictionary)];
}

const char *a_zone(void)
{
	return zones[draw(nr_zones)];
}
