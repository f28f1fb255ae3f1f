// SPDX-License-Identifier: GPL-2.0
/*
 * Operations on a descriptor: reading; keeping it open; calls that make no sense for it.
 */
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include "fuzzer.h"

#define HELD_FDS	6

static int held[HELD_FDS] = { [0 ... HELD_FDS - 1] = -1 }, held_file[HELD_FDS];
static char *edge;		/* a byte before the end of what is mapped */

/* Once in each process. */
void map_edge(void)
{
	edge = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (edge == MAP_FAILED || munmap(edge + 4096, 4096))
		_exit(2);
	edge += 4095;
}

void op_read(void)
{
	int i = draw(nr_files), fd;
	size_t chunk = one_in(4) ? 1 + draw(9) : one_in(2) ? 1 + draw(5000) : CHUNK_MAX;
	size_t most = one_in(30) ? 1 << 18 : chunk < 10 ? 100 : 12000;
	off_t at = one_in(5) ? (one_in(20) ? (off_t)1 << (10 + draw(53)) : (off_t)draw(3000)) : 0;
	const char *path = path_of(&files[i], a_job());

	text_len = 0;
	commit("read", path);
	fd = open(path, O_RDONLY);
	if (!outcome(&shared->files[i], "open", fd))
		return;
	if (!at || outcome(&shared->files[i], "lseek", lseek(fd, at, SEEK_SET)))
		read_from(fd, &shared->files[i], chunk, most);
	close(fd);
}

/* Files that stay open, past the end of a run and of their job. */
void op_held(void)
{
	int slot = draw(HELD_FDS), i = draw(nr_files), how = draw(3);
	const char *path = path_of(&files[i], a_job());
	struct count *c;

	text_len = 0;
	commit(how ? "held" : "hold", path);
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
		write_to(i, held[slot], 0, 0);
}

/* Calls that make no sense, and addresses that are none. */
void op_nonsense(void)
{
	static char page[1 << 12];
	int i = draw(nr_files), how = draw(9), fd;
	const char *path = path_of(&files[i], a_job());
	struct count *c = &shared->files[i];
	struct pollfd p = { .events = POLLIN };
	size_t len = draw(9000);
	void *at;

	text_len = 0;
	commit("nonsense", path);
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
