// SPDX-License-Identifier: GPL-2.0
/*
 * sysctl.c - what the machine's administrator has set, where no symbol tells it.
 *
 * The allocator's own variables (node_reclaim_mode, vm_dirty_ratio) are not exported; the files
 * that set them are world-readable.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include "sysctl.h"

/**
 * gfplab_sysctl - the number in a file of /proc/sys, or of another place
 * @name: the file, as in "vm/dirty_ratio", or its path
 * @absent: what holds where there is no such file: the kernel lacks it, or /proc is not mounted
 *
 * Context: task; sleeps.
 * Return: the number.
 */
long gfplab_sysctl(const char *name, long absent)
{
	char text[64];
	struct file *file;
	loff_t at = 0;
	ssize_t len;
	long value;

	snprintf(text, sizeof(text), "%s%s", name[0] == '/' ? "" : "/proc/sys/", name);
	file = filp_open(text, O_RDONLY, 0);
	if (IS_ERR(file))
		return absent;
	len = kernel_read(file, text, sizeof(text) - 1, &at);
	filp_close(file, NULL);
	if (len <= 0)
		return absent;
	text[len] = '\0';
	return kstrtol(strim(text), 0, &value) ? absent : value;
}

/**
 * gfplab_generations - does the multi-generational LRU work instead of the lists?
 *
 * Context: task; sleeps.
 * Return: whether it does just now.
 */
bool gfplab_generations(void)
{
	return gfplab_sysctl("/sys/kernel/mm/lru_gen/enabled", 0) & 1;
}
