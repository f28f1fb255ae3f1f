// SPDX-License-Identifier: GPL-2.0
/*
 * state_value.c - the values of memory states' options: none, or a list of nid:Zone or
 * nid:Zone:AMOUNT.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include "error.h"
#include "params.h"
#include "state.h"
#include "value.h"
#include "zone.h"

#define TARGET_TEXT	256	/* of one target, NUL included */

static bool has_zone(const struct gfplab_state_arg *arg, const struct gfplab_state_target *target)
{
	unsigned int i;

	for (i = 0; i < arg->nr; i++)
		if (arg->targets[i].nid == target->nid && arg->targets[i].zone == target->zone)
			return true;
	return false;
}

static int target_parse(const struct gfplab_option *o, struct gfplab_state_arg *arg,
			const char *text, struct gfplab_reason *why)
{
	struct gfplab_state_target target = {};
	bool amount = o->state->parse_amount;
	const char *rest;
	int err;

	err = gfplab_zone_prefix(text, amount, &target.nid, &target.zone, &rest, why);
	if (!err && amount) {
		err = o->state->parse_amount(&target, rest, why);
		if (err && why && why->at >= 0)
			why->at += rest - text;
	}
	if (err)
		return err;
	if (has_zone(arg, &target))
		return gfplab_refuse(why, 0, -EINVAL, "a zone is named twice");
	if (arg->nr == GFPLAB_STATE_TARGETS)
		return gfplab_refuse(why, 0, -E2BIG, "%s takes at most %d zones", o->name,
				     GFPLAB_STATE_TARGETS);
	arg->targets[arg->nr++] = target;
	return 0;
}

static int targets_parse(const struct gfplab_option *o, struct gfplab_state_arg *arg,
			 const char *text, struct gfplab_reason *why)
{
	char target[TARGET_TEXT];
	const char *at = text;
	size_t len;
	int err;

	for (;;) {
		len = strcspn(at, ",");
		if (len >= sizeof(target))
			return gfplab_refuse(why, at - text, -EINVAL, "%s: too long for a zone",
					     o->name);
		memcpy(target, at, len);
		target[len] = '\0';
		err = target_parse(o, arg, target, why);
		if (err) {
			if (why && why->at >= 0)
				why->at += at - text;
			return err;
		}
		if (!at[len])
			return 0;
		at += len + 1;
	}
}

static int state_parse(const struct gfplab_option *o, void *field, const char *text,
		       struct gfplab_reason *why)
{
	struct gfplab_state_arg *to = field;
	int err;

	/* In place: the caller throws all options away on error. */
	to->nr = 0;
	if (!strcmp(text, "none"))
		return 0;
	err = targets_parse(o, to, text, why);
	if (!err && o->state->unsafe && !gfplab_unsafe)
		err = gfplab_refuse(why, 0, -EPERM, "%s: load with unsafe=1", o->state->unsafe);
	return err;
}

static void state_show(const struct gfplab_option *o, const void *field, struct seq_file *m)
{
	const struct gfplab_state_arg *arg = field;
	const struct gfplab_state_target *target;

	if (!arg->nr)
		seq_puts(m, "none");
	for (target = arg->targets; target < arg->targets + arg->nr; target++) {
		seq_printf(m, "%s%d:%s", target == arg->targets ? "" : ",", target->nid,
			   gfplab_zone_name(target->zone));
		if (!o->state->show_amount)
			continue;
		seq_putc(m, ':');
		o->state->show_amount(target, m);
	}
}

#define DEFINE_STATE(name_, form_, ...) \
	const struct gfplab_option_type gfplab_##name_##_type = \
		{ #name_, form_, state_parse, state_show };

GFPLAB_STATES(DEFINE_STATE)
