/* SPDX-License-Identifier: GPL-2.0 */
/* account.h - all the memory that the module holds, and how much that may be */
#ifndef GFPLAB_ACCOUNT_H
#define GFPLAB_ACCOUNT_H

#include <linux/types.h>

struct seq_file;

/* What the memory is for. */
enum gfplab_account {
	ACCOUNT_blocks,		/* what requests brought, memory states and quarantine */
	ACCOUNT_rings,		/* records of runs, going on or over */
	ACCOUNT_other,		/* pools, histograms, workers and their stacks, the map of frames */
	NR_ACCOUNTS
};

/* What memory is held against before it is entered. Only the first kind is part of the share. */
enum gfplab_limit {
	LIMIT_module,		/* the module's share, and the machine's reserve */
	LIMIT_reserve,		/* the machine's reserve alone */
	LIMIT_state,		/* a memory state's: held in any case, and no other limit shrinks */
	LIMIT_none		/* it is held in any case */
};

/* What one array may take, whatever it is for: kvmalloc() WARNs of more. */
#define GFPLAB_ARRAY_MAX	(INT_MAX / 2)

bool gfplab_account_take(enum gfplab_account kind, u64 bytes, enum gfplab_limit limit);
bool gfplab_account_take_small(enum gfplab_account kind, u64 bytes);
void gfplab_account_give_small(enum gfplab_account kind, u64 bytes);
void gfplab_account_enter(enum gfplab_account kind, u64 bytes, enum gfplab_limit limit);
void gfplab_account_give(enum gfplab_account kind, u64 bytes, enum gfplab_limit limit);
u64 gfplab_account_limit(void);
u64 gfplab_account_left(void);
void gfplab_account_show(struct seq_file *m);
void *gfplab_array(enum gfplab_account kind, size_t n, size_t size, size_t *sum);
void *gfplab_array_unset(enum gfplab_account kind, size_t n, size_t size, size_t *sum);
u64 gfplab_array_free(void *array);

#endif
