// SPDX-License-Identifier: GPL-2.0
/*
 * sink.c - what was decided at the steps of a walk, and what they are for, as sentences.
 */
#include "sink.h"

#define NOTE_TEXT(note, sentence)	sentence,

/**
 * gfplab_decided - tell a sink what was decided at the last step
 * @to: the sink
 * @decision: as GFPLAB_DECIDED() has it
 *
 * Context: any.
 */
void gfplab_decided(struct gfplab_explain_sink *to, __u64 decision)
{
	if (to->decide)
		to->decide(to, decision);
}

/**
 * gfplab_say_note - print a note, if the sink wants them and it is the first time
 * @to: the sink
 * @note: of which step
 *
 * Context: any.
 */
void gfplab_say_note(struct gfplab_explain_sink *to, enum gfplab_note note)
{
	static const char * const notes[] = { GFPLAB_NOTES(NOTE_TEXT) };

	if (!to->verbose || (to->noted & (1U << note)))
		return;
	to->noted |= 1U << note;
	to->step(to, "      # %s\n", notes[note]);
}
