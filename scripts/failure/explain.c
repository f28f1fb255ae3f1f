// SPDX-License-Identifier: GPL-2.0
/*
 * explain - the walk of a request through zones that a state text tells of. See scripts/explain for
 * its options.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "request.h"
#include "rules/alloc_flags.h"
#include "rules/gfp_ages.h"
#include "rules/parting.h"
#include "rules/past.h"
#include "rules/predict.h"
#include "rules/prediction.h"
#include "rules/words.h"
#include "state_read.h"
#include "zone.h"

#define PAGEBLOCK	9
#define BATCH		63	/* of a per-cpu list, where the text has none */

/**
 * struct asked - the request
 * @gfp: names joined by | or , or a number of the rules' release, or HEX@VERSION
 * @order: of the block
 * @nid: preferred node; UNKNOWN: that of the first zone
 * @nodes: the nodemask; empty: none
 * @context: from where it is made
 * @scopes: bit SCOPE_x
 * @movable: the cpuset has nothing but movable memory
 * @online: nodes that are online; 0: those that the text has zones of
 * @verbose: a sentence for each step
 * @release: whose rules hold
 * @first: whose the text asks for, if those are other ones; 0
 */
struct asked {
	char gfp[512];
	int order;
	int nid;
	char nodes[NAME_SIZE];
	enum gfplab_context context;
	__u32 scopes;
	bool movable;
	int online;
	bool verbose;
	unsigned int release;
	unsigned int first;
};

static struct state state;
static struct asked asked = { .gfp = "GFP_KERNEL", .nid = UNKNOWN };

/* ---- what was asked */

static bool known_gfp(const char *text, unsigned int release)
{
	size_t len;
	__u64 flags;

	if (!strncmp(text, "0x", 2))
		return text[2 + strspn(text + 2, "0123456789abcdefABCDEF")] == '\0' && text[2];
	for (;; text += len + 1) {
		len = strcspn(text, "|,");
		if (!len || !gfplab_gfp_word(release, text, len, &flags))
			return false;
		if (!text[len])
			return true;
	}
}

static bool take_number(const char *value, int most, int *number)
{
	char *end;
	long n = strtol(value, &end, 10);

	if (end == value || *end || n < 0 || n > most)
		return false;
	*number = n;
	return true;
}

static bool take_scopes(const char *value)
{
	__u32 scopes = 0;
	size_t len;
	int scope;

	asked.scopes = 0;
	if (!strcmp(value, "none"))
		return true;
	for (;; value += len + 1) {
		len = strcspn(value, ",");
		scope = gfplab_word_find(gfplab_scopes, value, len);
		if (scope < 0)
			return false;
		scopes |= 1U << scope;
		if (value[len])
			continue;
		asked.scopes = scopes;
		return true;
	}
}

/* Return: what is wrong, or NULL. */
static const char *take_rules(const char *value)
{
	size_t len = strlen(value);
	unsigned int release;

	if (!len || gfplab_release_parse(value, len, &release) != len)
		return "a version is wanted, such as 4.19 or 2.6.32";
	if (release < GFPLAB_RELEASE_OLDEST)
		return "the oldest rules that are known are those of 2.6.32";
	asked.release = release;
	return NULL;
}

/* Return: what is wrong, or NULL. */
static const char *take_option(const char *key, const char *value)
{
	if (!strcmp(key, "order"))
		return take_number(value, WALK_ORDERS - 1, &asked.order) ? NULL :
		       "an order is wanted";
	if (!strcmp(key, "nid") && !strcmp(value, "-1")) {
		asked.nid = UNKNOWN;
		return NULL;
	}
	if (!strcmp(key, "nid"))
		return take_number(value, NODES_MAX - 1, &asked.nid) ? NULL : "a node is wanted";
	if (!strcmp(key, "rules"))
		return take_rules(value);
	if (!strcmp(key, "verbose")) {
		asked.verbose = !strcmp(value, "1");
		return asked.verbose || !strcmp(value, "0") ? NULL : "it is 0 or 1";
	}
	if (!strcmp(key, "context")) {
		int context = gfplab_word_find(gfplab_contexts, value, strlen(value));

		if (context < 0)
			return "it is one of: task atomic softirq hardirq";
		asked.context = context;
		return NULL;
	}
	if (!strcmp(key, "scope"))
		return take_scopes(value) ? NULL : "none, or a list of: nofs noio noreclaim pin";
	if (!strcmp(key, "cpuset")) {
		asked.movable = !strcmp(value, "movable");
		return asked.movable || !strcmp(value, "any") ? NULL : "it is any or movable";
	}
	if (!strcmp(key, "online"))
		return take_number(value, NODES_MAX, &asked.online) ? NULL : "a number is wanted";
	if (!strcmp(key, "nodes")) {
		asked.nodes[0] = '\0';
		if (!strcmp(value, "all"))
			return NULL;
		if (strlen(value) >= sizeof(asked.nodes) ||
		    value[strspn(value, "0123456789,-")] || !*value)
			return "a list of nodes is wanted, such as 0-3,9";
		strcpy(asked.nodes, value);
		return NULL;
	}
	if (!strcmp(key, "gfp")) {
		if (strlen(value) >= sizeof(asked.gfp))
			return "too long";
		strcpy(asked.gfp, value);
		return NULL;
	}
	return "no such option: gfp order nid nodes context scope cpuset rules verbose online";
}

static int wrong(const char *where, const char *word, const char *what)
{
	fprintf(stderr, "explain: %s%s%s%s\n", where, word, *word ? ": " : "", what);
	return where[0] ? 1 : 2;
}

static int take_request(const char *where, char *text)
{
	char *word, *value, *rest;
	const char *why;

	for (word = strtok_r(text, " \t", &rest); word; word = strtok_r(NULL, " \t", &rest)) {
		value = strchr(word, '=');
		if (!value)
			return wrong(where, word, "option=value is wanted");
		*value = '\0';
		why = take_option(word, value + 1);
		*value = '=';
		if (why)
			return wrong(where, word, why);
	}
	return 0;
}

/* HEX@VERSION: another release's bits; what the zones are judged by stays. */
static int take_gfp(struct failure *f)
{
	char *at = strchr(asked.gfp, '@');
	unsigned int release = f->release;

	if (at) {
		if (strncmp(asked.gfp, "0x", 2) || !parse_release(at + 1, &release))
			return wrong("", asked.gfp, "HEX@VERSION is wanted");
		*at = '\0';
	}
	if (!known_gfp(asked.gfp, release))
		return wrong("", asked.gfp, "a gfp mask is wanted: names of that release joined by |, or hex");
	f->has_gfp = true;
	if (strncmp(asked.gfp, "0x", 2)) {
		snprintf(f->gfp_names, sizeof(f->gfp_names), "%s", asked.gfp);
		return 0;
	}
	f->gfp_hex = strtoul(asked.gfp, NULL, 16);
	if (at) {
		__u32 rest;
		__u64 flags = gfplab_gfp_decode(release, f->gfp_hex, &rest);

		f->gfp_hex = gfplab_gfp_encode(f->release, flags);
		if (rest)
			return wrong("", asked.gfp, "that kernel has no name for some of the bits");
	}
	return 0;
}

/* ---- the walk */

static struct gfplab_zone_snapshot zones[STATE_ZONES];
static bool lists_unknown, percpu_unknown, highatomic_unknown;

/* In the order of the zonelist: the preferred node's first, the highest of each first. */
static bool before(const struct gfplab_zone_snapshot *a, const struct gfplab_zone_snapshot *b)
{
	if (a->nid != b->nid)
		return a->nid == asked.nid;
	return a->zone > b->zone;
}

/* Pages in orders of which some are HIGHATOMIC's: so many may be kept for it at most. */
static long most_highatomic(const struct gfplab_zone_snapshot *v)
{
	long pages = 0;
	int order;

	for (order = 0; order < WALK_ORDERS; order++)
		if (v->types[order] & WALK_BIT(WALK_HIGHATOMIC))
			pages += (long)v->blocks[order] << order;
	return pages;
}

/* Kernels have kept some for it since 4.4, and told how much since 5.4. */
static bool keeps_unknown(int i)
{
	return state.f.zones[i].kb[FIELD_reserved_highatomic] == UNKNOWN &&
	       most_highatomic(&state.f.snapshots[i]);
}

static void add_zone(struct gfplab_walk *walk, int i)
{
	const struct state_zone *x = &state.zones[i];
	struct gfplab_zone_snapshot v = state.f.snapshots[i];
	unsigned int at;
	int order;

	if (v.zone > walk->highest || (walk->thisnode && v.nid != asked.nid))
		return;
	v.in_nodes = x->in_nodes && (!asked.nodes[0] || list_has(asked.nodes, v.nid));
	v.in_cpuset = x->in_cpuset;
	v.balance_mark = x->balance_mark == UNKNOWN ? v.mark[GFPLAB_ALLOC_WMARK_HIGH] :
						      x->balance_mark;
	v.balance_free = x->balance_free == UNKNOWN ? v.free : x->balance_free;
	v.node_reclaims = x->node_reclaims;
	v.over_dirty = x->over_dirty;
	v.zone_over_dirty = x->zone_over_dirty;
	v.unmanaged = !zone_has_memory(&state.f.zones[i]);
	v.busy = x->kswapd == KSWAPD_awake;
	v.hopeless = x->kswapd == KSWAPD_hopeless;
	v.pcp_refill = x->refill == UNKNOWN ? BATCH : x->refill;
	for (order = 0; order < WALK_SMALL; order++)
		v.pcp[order] = x->percpu[order];
	/* bit 0 others, bit 1 movable */
	v.pcp_thp = (x->percpu[WALK_SMALL] & ~WALK_BIT(WALK_MOVABLE) ? 1 : 0) |
		    (x->percpu[WALK_SMALL] & WALK_BIT(WALK_MOVABLE) ? 2 : 0);
	percpu_unknown |= !x->percpu_known;
	lists_unknown |= !state.f.zones[i].nr_orders;
	highatomic_unknown |= keeps_unknown(i);
	for (at = walk->nr_zones; at > 0 && before(&v, &zones[at - 1]); at--)
		zones[at] = zones[at - 1];
	zones[at] = v;
	walk->nr_zones++;
}

/* alloc_flags_nofragment(), which families before 5.4 don't have */
static bool rather_dma32(const struct gfplab_walk *walk)
{
	unsigned int i, first;

	for (first = 0; first < walk->nr_zones; first++)
		if (zones[first].in_nodes && zones[first].in_cpuset)
			break;
	if (first == walk->nr_zones || zones[first].zone != ZONE_Normal)
		return false;
	if (walk->nodes == 1)
		return true;
	for (i = 0; i < (unsigned int)state.f.nr_zones; i++)
		if (state.f.zones[i].nid == zones[first].nid && state.f.zones[i].kind == ZONE_DMA32)
			return true;
	return false;
}

/* No node of the nodemask is in the cpuset; where all are, there may be none. */
static bool outside_cpuset(const struct gfplab_walk *walk)
{
	bool limits = false;
	unsigned int i;

	for (i = 0; i < walk->nr_zones; i++) {
		if (zones[i].in_nodes && zones[i].in_cpuset)
			return false;
		limits |= !zones[i].in_cpuset;
	}
	return limits;
}

static bool has_scope(enum gfplab_scope scope)
{
	return asked.scopes & (1U << scope);
}

static void make_walk(struct gfplab_walk *walk)
{
	bool interrupt = asked.context >= CONTEXT_softirq;
	unsigned int orders = 0;
	int i, j;

	*walk = state.f.walk;
	walk->zones = zones;
	walk->nr_zones = 0;
	walk->pageblock = PAGEBLOCK;
	walk->nodes = 0;
	walk->masked = asked.nodes[0];
	walk->pf_memalloc = has_scope(SCOPE_noreclaim) && !interrupt;
	walk->memalloc |= walk->pf_memalloc;
	walk->cma = false;
	if (asked.nid == UNKNOWN)
		asked.nid = state.f.zones[0].nid;
	for (i = 0; i < state.f.nr_zones; i++) {
		for (j = 0; j < i && state.f.zones[j].nid != state.f.zones[i].nid; j++)
			;
		walk->nodes += j == i;
		walk->cma |= state.f.zones[i].kb[FIELD_free_cma] > 0;
		if (state.f.zones[i].nr_orders > (int)orders)
			orders = state.f.zones[i].nr_orders;
		add_zone(walk, i);
	}
	walk->max_order = orders ? orders - 1 : 10;
	if (asked.online)
		walk->nodes = asked.online;
	walk->killable = !interrupt;
	walk->nowarn = state.f.flags & GFPLAB_GFP(NOWARN);
	walk->highest_name = zone_name(walk->highest);
	walk->asked = (struct gfplab_asked){
		.filesystem = walk->filesystem,
		.compacts = state.f.flags & GFPLAB_GFP(IO),
		.migratetype = walk->migratetype,
		.nofs = has_scope(SCOPE_nofs),
		.noio = has_scope(SCOPE_noio),
		.pin = has_scope(SCOPE_pin),
	};
	walk->writes = state.f.flags & GFPLAB_GFP(WRITE);
	walk->nodemask_outside_cpuset = walk->masked && outside_cpuset(walk);
	walk->cpuset_movable = asked.movable;
	walk->nofragment = rather_dma32(walk);
}

static __printf(2, 3)
void print_step(struct gfplab_explain_sink *to, const char *fmt, ...)
{
	va_list ap;

	(void)to;
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
}

static void or_else(struct gfplab_walk *walk, struct gfplab_prediction *p)
{
	bool comes = p->results & (1U << OUTCOME_ok);
	struct gfplab_prediction other;

	gfplab_predict(walk, &other, NULL);
	p->stages |= other.stages;
	p->results |= other.results;
	if (!(other.results & (1U << OUTCOME_ok)))
		return;
	p->sources |= other.sources;
	if (!comes) {
		p->nid = other.nid;
		p->zone = other.zone;
	} else if (p->nid != other.nid || p->zone != other.zone) {
		p->nid = WALK_ANYWHERE;
	}
}

static struct gfplab_explain_sink sink = { .step = print_step };

/* What is not known may be or not: the predictions for both, together. */
static void predict(struct gfplab_walk *walk, struct gfplab_prediction *p)
{
	unsigned int i;

	gfplab_predict(walk, p, &sink);
	gfplab_not_followed(walk, &sink);
	if (highatomic_unknown) {
		for (i = 0; i < walk->nr_zones; i++)
			zones[i].highatomic = most_highatomic(&zones[i]);
		or_else(walk, p);
	}
	if (!percpu_unknown)
		return;
	for (i = 0; i < walk->nr_zones; i++) {
		memset(zones[i].pcp, 0xff, sizeof(zones[i].pcp));
		zones[i].pcp_thp = 3;
	}
	or_else(walk, p);
}

static void put_prediction(const char *by, const struct gfplab_prediction *p)
{
	char text[GFPLAB_PREDICTION_MAX], place[NAME_SIZE + 16];

	snprintf(place, sizeof(place), "%d:%s", p->nid,
		 p->nid == WALK_ANYWHERE ? "any" : zone_name(p->zone));
	gfplab_prediction_format(text, sizeof(text), p, place);
	printf("prediction%s%s: %s\n", *by ? " by " : "", by, text);
}

static void put_left_out(const struct gfplab_walk *walk, const struct gfplab_prediction *p)
{
	/* of releases from one on, up to another */
	static const struct {
		unsigned int from, to;
		const char *what;
	} rules[] = {
		{ GFPLAB_RELEASE(3, 12, 0), GFPLAB_RELEASE(3, 15, 0),
		  "the turns of zones as they began, before ALLOC_FAIR" },
		{ GFPLAB_RELEASE_NEWEST + 1, ~0U,
		  "what changed since the newest release whose rules are known" },
		{ 0, ~0U,
		  "node_reclaim and dirty limits beyond the text, memory cgroups, other tasks" },
	};
	size_t i;

	if (percpu_unknown && walk->pcp_order && (p->results & (1U << OUTCOME_ok)))
		puts("unknown: this CPU's lists, so that a block may come from one or from the zone");
	if (highatomic_unknown)
		puts("unknown: how much is kept for high-order atomic requests; the steps are for none");
	if (lists_unknown && walk->order)
		puts("unknown: the free lists of a zone, which counts as having no block");
	for (i = 0; i < ARRAY_SIZE(rules); i++)
		if (asked.release >= rules[i].from && asked.release < rules[i].to)
			printf("not followed: %s\n", rules[i].what);
}

static int read_state(const char *name)
{
	FILE *in = strcmp(name, "-") ? fopen(name, "r") : stdin;
	static char line[8192];
	char why[160], where[160];
	bool good = true;

	failure_begin(&state.f, KIND_other);
	while (in && fgets(line, sizeof(line), in)) {
		/* The walk that explain prints before its snapshot is not state. */
		good |= !strcmp(line, "snapshot:\n");
		if (!good) {
			continue;
		} else if (!strchr(line, '\n') && !feof(in)) {
			snprintf(why, sizeof(why), "a line is too long");
			good = false;
		} else {
			good = state_read_line(&state, line, why, sizeof(why));
		}
		snprintf(where, sizeof(where), "%.100s, line %d: ", name, state.lines);
	}
	if (!in || ferror(in)) {
		fprintf(stderr, "explain: %s: %s\n", name, strerror(errno));
		return 3;
	}
	if (!good)
		return wrong(where, "", why);
	if (!state.f.nr_zones)
		return wrong(name, "", ": no zone in it; a line is NID:ZONE key=value...");
	return take_request(where, state.request);
}

/* By the rules of the kernel that the text is of: its prediction, and where the two part. */
static void put_first(const struct gfplab_walk *walk)
{
	static struct gfplab_parting parting;
	const struct gfplab_walk *walks[2] = { NULL, walk };
	struct gfplab_prediction p;
	struct gfplab_walk first;
	char name[12];
	int i;

	gfplab_release_format(name, sizeof(name), asked.first);
	gfplab_walk_of_release(&first, walk, asked.first);
	if (gfplab_same_rules(&first, walk)) {
		printf("the rules of %s are the same\n", name);
		return;
	}
	printf("by the rules of %s:\n", gfplab_families[first.family].name);
	predict(&first, &p);
	put_prediction(name, &p);
	walks[0] = &first;
	if (!gfplab_part(&parting, walks[0], walks[1])) {
		puts("they do not part: every step is the same");
		return;
	}
	printf("they part after step %u, in %s:\n", parting.at,
	       *parting.side[0].attempt ? parting.side[0].attempt +
	       strspn(parting.side[0].attempt, " ") : "the beginning");
	for (i = 0; i < 2; i++) {
		const char *line = parting.side[i].line;

		printf("  %s: %s\n", gfplab_families[walks[i]->family].name,
		       *line ? line + strspn(line, " ") : "its walk has ended");
	}
}

/* The text first, and then what was asked for beside it. Return: exit status. */
static int read_all(int argc, char **argv)
{
	int i, status = read_state(argv[1]);
	unsigned int first = asked.release;
	bool gfp = false, rules = false;

	for (i = 2; i < argc && !status; i++) {
		gfp |= !strncmp(argv[i], "gfp=", 4);
		rules |= !strncmp(argv[i], "rules=", 6);
		status = take_request("", argv[i]);
	}
	if (status)
		return status;
	if (!asked.release)
		asked.release = GFPLAB_RELEASE(7, 3, 0);
	if (rules)
		asked.release = gfplab_release_meant(asked.release, first);
	if (rules && first != asked.release)
		asked.first = first;
	/* A mask of the text is one of its kernel. */
	state.f.release = asked.first && !gfp ? asked.first : asked.release;
	status = take_gfp(&state.f);
	state.f.order = asked.order;
	return status;
}

int main(int argc, char **argv)
{
	struct gfplab_walk now, walk;
	struct gfplab_prediction p;
	int status;

	if (argc < 2)
		return 2;
	status = read_all(argc, argv);
	if (status)
		return status;
	sink.verbose = asked.verbose;
	request_of(&state.f, state.f.release);
	make_walk(&now);
	gfplab_walk_of_release(&walk, &now, asked.release);
	if (!walk.nr_zones) {
		fprintf(stderr, "explain: no zone of the text may be used\n");
		return 1;
	}
	printf("alloc_pages(%s, order %d), by the rules of %s\n", asked.gfp, asked.order,
	       gfplab_families[walk.family].name);
	predict(&walk, &p);
	put_prediction("", &p);
	put_left_out(&walk, &p);
	if (asked.first)
		put_first(&walk);
	return 0;
}
