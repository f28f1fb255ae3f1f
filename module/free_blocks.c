// SPDX-License-Identifier: GPL-2.0
/*
 * free_blocks.c - how many free blocks of each order a zone has, or is to have: as text,
 * counted, compared.
 *
 * The text is that of Mem-Info and of /proc/pagetypeinfo: a number for each order, from 0
 * on, with the letters of the types that they are of: 24U/3UM/0/1.
 */
#include <linux/bitops.h>
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mmzone.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include "compat.h"
#include "error.h"
#include "free_blocks.h"
#include "zone.h"

#define LETTER(name_, letter_, type_) letter_,
static const char letters[NR_BLOCK_TYPES + 1] = { GFPLAB_BLOCK_TYPES(LETTER) };

#define MIGRATETYPE(name_, letter_, type_) type_,
static const u8 migratetypes[NR_BLOCK_TYPES] = { GFPLAB_BLOCK_TYPES(MIGRATETYPE) };

/* ---- text ---- */

/* `5UM`, and how much of the text that is. */
static int one_parse(struct gfplab_free_blocks *blocks, int order, const char *text, size_t *len,
		     struct gfplab_reason *why)
{
	size_t digits = strspn(text, "0123456789");
	const char *letter;

	if (!digits)
		return gfplab_refuse(why, 0, -EINVAL, "a number of free blocks is wanted");
	/* No zone has so many blocks that nine digits are too few. */
	if (digits > 9)
		return gfplab_refuse(why, 0, -ERANGE, "at most 999999999 free blocks of an order");
	for (*len = 0; *len < digits; ++*len)
		blocks->nr[order] = blocks->nr[order] * 10 + text[*len] - '0';
	for (; text[*len] && text[*len] != '/'; ++*len) {
		letter = strchr(letters, text[*len]);
		if (!letter)
			return gfplab_refuse(why, *len, -EINVAL,
					     "after a number come letters of types out of %s, or / and the next order",
					     letters);
		blocks->types[order] |= 1U << (letter - letters);
	}
	if (hweight8(blocks->types[order]) > blocks->nr[order])
		return gfplab_refuse(why, digits, -EINVAL, "%u blocks are not of %u types",
				     blocks->nr[order], hweight8(blocks->types[order]));
	return 0;
}

/**
 * gfplab_free_blocks_parse - take a number for each order, from 0 on
 * @blocks: filled in; orders that the text does not name have no block
 * @text: such as 24U/3UM/0/1
 * @why: the reason for a refusal
 *
 * Context: any.
 * Return: 0; -EINVAL; -ERANGE for a number, or more orders than there are.
 */
int gfplab_free_blocks_parse(struct gfplab_free_blocks *blocks, const char *text,
			     struct gfplab_reason *why)
{
	const char *at = text;
	size_t len;
	int order, err;

	memset(blocks, 0, sizeof(*blocks));
	for (order = 0; order <= GFPLAB_MAX_ORDER; order++) {
		err = one_parse(blocks, order, at, &len, why);
		if (err) {
			if (why && why->at >= 0)
				why->at += at - text;
			return err;
		}
		at += len;
		if (!*at)
			return 0;
		at++;
	}
	return gfplab_refuse(why, at - text, -ERANGE, "this kernel's largest order is %d",
			     GFPLAB_MAX_ORDER);
}

/**
 * gfplab_free_blocks_show - text that gfplab_free_blocks_parse() takes back
 * @blocks: the numbers
 * @m: where to print
 */
void gfplab_free_blocks_show(const struct gfplab_free_blocks *blocks, struct seq_file *m)
{
	int order, i;

	for (order = 0; order <= GFPLAB_MAX_ORDER; order++) {
		seq_printf(m, "%s%u", order ? "/" : "", blocks->nr[order]);
		for (i = 0; i < NR_BLOCK_TYPES; i++)
			if (blocks->types[order] & (1U << i))
				seq_putc(m, letters[i]);
	}
}

/* ---- counted ---- */

/**
 * gfplab_block_type - of which type a page's pageblock is
 * @page: a page of a zone
 *
 * Context: any.
 * Return: bit BLOCK_x; 0 for an isolated one.
 */
u8 gfplab_block_type(const struct page *page)
{
	unsigned int type = gfplab_pageblock_type(page), i;

	for (i = 0; i < NR_BLOCK_TYPES; i++)
		if (migratetypes[i] == type && !gfplab_pageblock_isolated(page))
			return 1U << i;
	return 0;
}

/**
 * gfplab_free_blocks_count - count a zone's free blocks by type
 * @counts: filled in
 * @zone: the zone
 *
 * Context: task; holds the zone's lock for as long as a walk of its lists takes, as reading
 * /proc/pagetypeinfo does.
 * Mirrors pagetypeinfo_showfree_print(), 5.10 to 7.3.
 */
void gfplab_free_blocks_count(struct gfplab_block_counts *counts, struct zone *zone)
{
	const struct list_head *at;
	unsigned long flags;
	int order, i;

	memset(counts, 0, sizeof(*counts));
	spin_lock_irqsave(&zone->lock, flags);
	for (order = 0; order <= GFPLAB_MAX_ORDER; order++)
		for (i = 0; i < NR_BLOCK_TYPES; i++)
			list_for_each(at, &zone->free_area[order].free_list[migratetypes[i]])
				counts->nr[order][i]++;
	spin_unlock_irqrestore(&zone->lock, flags);
}

/**
 * gfplab_free_blocks_of - what was counted, as numbers with types
 * @blocks: filled in
 * @counts: of a zone
 *
 * Context: any.
 */
void gfplab_free_blocks_of(struct gfplab_free_blocks *blocks,
			   const struct gfplab_block_counts *counts)
{
	int order, i;

	memset(blocks, 0, sizeof(*blocks));
	for (order = 0; order <= GFPLAB_MAX_ORDER; order++) {
		for (i = 0; i < NR_BLOCK_TYPES; i++) {
			blocks->nr[order] += counts->nr[order][i];
			if (counts->nr[order][i])
				blocks->types[order] |= 1U << i;
		}
	}
}

/**
 * gfplab_free_blocks_are - does a zone have what it is to have?
 * @wanted: numbers and types
 * @counts: of the zone
 *
 * Context: any.
 * Return: whether each order has so many blocks, of the types that are wanted and no other.
 */
bool gfplab_free_blocks_are(const struct gfplab_free_blocks *wanted,
			    const struct gfplab_block_counts *counts)
{
	struct gfplab_free_blocks have;
	int order;

	gfplab_free_blocks_of(&have, counts);
	for (order = 0; order <= GFPLAB_MAX_ORDER; order++) {
		if (have.nr[order] != wanted->nr[order])
			return false;
		if (wanted->types[order] ? have.types[order] != wanted->types[order] :
					   have.types[order] & ~GFPLAB_BLOCKS_USUAL)
			return false;
	}
	return true;
}
