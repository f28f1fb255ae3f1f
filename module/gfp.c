// SPDX-License-Identifier: GPL-2.0
/*
 * gfp.c - gfp text to gfp_t and back, and the masks that we refuse.
 *
 * The names come from the kernel's own table, the one behind %pGg, so they
 * are always this kernel's.
 */
#include <linux/bitops.h>
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/trace_events.h>
#include <trace/events/mmflags.h>
#include "compat.h"
#include "error.h"
#include "gfp.h"
#include "params.h"
#include "rules/gfp_names.h"
#include "rules/gfp_text.h"

static const struct gfplab_gfp_name names[] = {
	__def_gfpflag_names, { 0, NULL }
};

static gfp_t known_bits(void)
{
	unsigned long bits = 0;
	int i;

	for (i = 0; names[i].name; i++)
		bits |= names[i].mask;
	return (__force gfp_t)bits;
}

/* Masks that mean nothing, or that some kernel answers with a WARN or worse. */
static int refuse_mask(gfp_t gfp, struct gfplab_reason *why)
{
	gfp_t unknown = gfp & ~known_bits();
	gfp_t zones = gfp & GFP_ZONEMASK;
	gfp_t low = zones & ~__GFP_MOVABLE;

	if (unknown)
		return gfplab_refuse(why, 0, -EINVAL,
				     "0x%x holds bits that this kernel has no name for: 0x%x",
				     (__force u32)gfp, (__force u32)unknown);
	if (hweight32((__force u32)low) > 1)
		return gfplab_refuse(why, 0, -EINVAL,
				     "more than one zone asked for: DMA, DMA32 and HIGHMEM exclude each other");
	if ((gfp & __GFP_MOVABLE) && (gfp & __GFP_RECLAIMABLE))
		return gfplab_refuse(why, 0, -EINVAL,
				     "__GFP_MOVABLE and __GFP_RECLAIMABLE are two migratetypes (5.10 oopses)");
	if (gfp & GFPLAB_OOPSES)
		return gfplab_refuse(why, 0, -EINVAL,
				     "__GFP_ZEROTAGS on a CPU without memory tags (MTE): the kernel oopses");
	if ((gfp & __GFP_NOFAIL) && !(gfp & __GFP_DIRECT_RECLAIM))
		return gfplab_refuse(why, 0, -EINVAL,
				     "__GFP_NOFAIL needs __GFP_DIRECT_RECLAIM: the kernel WARNs and may return NULL");
	if ((gfp & __GFP_NOFAIL) && (gfp & __GFP_NORETRY))
		return gfplab_refuse(why, 0, -EINVAL,
				     "__GFP_NOFAIL and __GFP_NORETRY contradict each other");
	if ((gfp & GFPLAB_GFP_ATOMIC_BIT) && (gfp & __GFP_DIRECT_RECLAIM))
		return gfplab_refuse(why, 0, -EINVAL,
				     "__GFP_ATOMIC with __GFP_DIRECT_RECLAIM: the kernel WARNs");
	if ((gfp & (__GFP_NOFAIL | __GFP_MEMALLOC)) && !gfplab_unsafe)
		return gfplab_refuse(why, 0, -EPERM,
				     "%s can drain the machine's reserves: load with unsafe=1",
				     gfp & __GFP_NOFAIL ? "__GFP_NOFAIL" : "__GFP_MEMALLOC");
	return 0;
}

/* What the writer may not know: names that are gone, a number that is another kernel's. */
static void note_names(const struct gfplab_gfp_parsed *parsed, struct gfplab_reason *why)
{
	unsigned int i;

	for (i = 0; i < parsed->nr_notes; i++)
		gfplab_note(why, "%s %s", parsed->notes[i].name, parsed->notes[i].became);
	if (parsed->differs)
		gfplab_note(why, "the names decide; on this kernel they are 0x%x, not 0x%x",
			    parsed->mask, parsed->hex);
}

/**
 * gfplab_gfp_parse - text to mask
 * @text: names joined by | or ,, numbers, HEX(NAMES) or HEX@VERSION; not NUL-terminated
 * @len: its length
 * @gfp: the mask; untouched on error
 * @why: the reason for a refusal, or what became of names that are gone
 *
 * Context: any.
 * Return: 0; -EINVAL for an unknown name or a mask that makes no sense;
 * -EPERM for a mask that needs unsafe=1.
 */
int gfplab_gfp_parse(const char *text, size_t len, gfp_t *gfp,
		     struct gfplab_reason *why)
{
	struct gfplab_gfp_parsed parsed;
	int err;

	gfplab_gfp_text_parse(names, text, len, &parsed);
	if (parsed.bits)
		return gfplab_refuse(why, parsed.at, -EINVAL, "%s: 0x%x",
				     gfplab_gfp_mistakes[parsed.mistake], parsed.bits);
	if (parsed.mistake)
		return gfplab_refuse(why, parsed.at, -EINVAL, "%s",
				     gfplab_gfp_mistakes[parsed.mistake]);
	err = refuse_mask((__force gfp_t)parsed.mask, why);
	if (err)
		return err;
	note_names(&parsed, why);
	*gfp = (__force gfp_t)parsed.mask;
	return 0;
}

/**
 * gfplab_gfp_check - may this mask be asked for with these orders?
 * @gfp: a mask that gfplab_gfp_parse() accepted
 * @orders: bit n for order n
 * @why: the reason for a refusal
 *
 * Context: any.
 * Return: 0 or -EINVAL.
 */
int gfplab_gfp_check(gfp_t gfp, unsigned long orders, struct gfplab_reason *why)
{
	unsigned int most = fls_long(orders) - 1;

	if (most > GFPLAB_MAX_ORDER && !(gfp & __GFP_NOWARN))
		return gfplab_refuse(why, -1, -EINVAL,
				     "order %u is over the maximum of %u: only with __GFP_NOWARN, else the kernel WARNs",
				     most, GFPLAB_MAX_ORDER);
	if ((gfp & __GFP_NOFAIL) && most > GFPLAB_NOFAIL_MAX_ORDER)
		return gfplab_refuse(why, -1, -EINVAL,
				     "__GFP_NOFAIL above order %u: the kernel WARNs",
				     GFPLAB_NOFAIL_MAX_ORDER);
	return 0;
}

/**
 * gfplab_gfp_format - mask to text, as %pGg prints it
 * @text: where to
 * @size: of it; GFPLAB_GFP_NAMES_MAX is enough
 * @gfp: the mask
 *
 * Context: any. The text can be parsed again.
 */
void gfplab_gfp_format(char *text, size_t size, gfp_t gfp)
{
	gfplab_gfp_names_format(text, size, names, (__force u32)gfp);
}

/**
 * gfplab_gfp_show - the same, printed
 * @m: where to
 * @gfp: the mask
 *
 * Context: any.
 */
void gfplab_gfp_show(struct seq_file *m, gfp_t gfp)
{
	char text[GFPLAB_GFP_NAMES_MAX];

	gfplab_gfp_format(text, sizeof(text), gfp);
	seq_puts(m, text);
}

/**
 * gfplab_gfp_help - list the names with their values on this kernel
 * @m: where to
 * @form: how each is printed, of a name and a value (unsigned long)
 *
 * Context: any.
 */
void gfplab_gfp_help(struct seq_file *m, const char *form)
{
	int i;

	for (i = 0; names[i].name; i++)
		seq_printf(m, form, names[i].name, names[i].mask);
}
