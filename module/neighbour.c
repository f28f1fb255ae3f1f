// SPDX-License-Identifier: GPL-2.0
/*
 * neighbour.c - gfplab_neighbour.ko: what a driver does, beside gfplab.
 *
 * Built by `make NEIGHBOUR=1` alone; scripts/check-host loads it. A kthread asks for pages
 * as drivers do, holds a few, and counts what it does not get; it looks at every zone's free
 * pages each time. Reading /sys/module/gfplab_neighbour/parameters/report tells, a line each:
 *
 *	NAME requests=N failed=N
 *	zone NID:ZONE lowest=PAGES min=PAGES below=N	N looks found less than min
 *
 * Writing anything there begins to count anew.
 */
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include <linux/vmstat.h>

#define HELD		16	/* blocks of each kind, the oldest goes first */
#define CONTIG_BYTES	SZ_8M
#define CONTIG_EVERY	256	/* rounds */

/**
 * struct kind - one kind of request that a driver makes
 * @name: in the report
 * @gfp: the mask
 * @order: of the block
 * @requests: made since the report was reset
 * @failed: of them
 * @held: the last blocks
 * @next: which of them goes next
 */
struct kind {
	const char *name;
	gfp_t gfp;
	unsigned int order;
	unsigned long requests;
	unsigned long failed;
	struct page *held[HELD];
	unsigned int next;
};

static struct kind kinds[] = {
#ifdef CONFIG_ZONE_DMA
	{ "dma", GFP_ATOMIC | GFP_DMA | __GFP_NOWARN },
#endif
#ifdef CONFIG_ZONE_DMA32
	{ "dma32", GFP_ATOMIC | GFP_DMA32 | __GFP_NOWARN },
#endif
	{ "atomic", GFP_ATOMIC | __GFP_NOWARN },
	{ "nowait", GFP_NOWAIT | __GFP_NOWARN },
	{ "kernel", GFP_KERNEL | __GFP_NOWARN, 2 },
};

static struct kind contig = { "contig" };

static struct {
	long lowest;
	unsigned long below;
} looks[MAX_NUMNODES][MAX_NR_ZONES];

/* Guards all counts. */
static DEFINE_MUTEX(counts);
static struct task_struct *task;
static struct platform_device *device;

static void use(struct kind *kind)
{
	struct page **slot = &kind->held[kind->next++ % HELD];

	if (*slot)
		__free_pages(*slot, kind->order);
	*slot = alloc_pages(kind->gfp, kind->order);
	kind->requests++;
	kind->failed += !*slot;
}

/* Where the kernel has CMA for devices, this is what it is for. */
static void use_contig(void)
{
	dma_addr_t handle;
	void *memory;

	if (!IS_ENABLED(CONFIG_DMA_CMA) || !device)
		return;
	memory = dma_alloc_coherent(&device->dev, CONTIG_BYTES, &handle, GFP_KERNEL | __GFP_NOWARN);
	contig.requests++;
	if (memory)
		dma_free_coherent(&device->dev, CONTIG_BYTES, memory, handle);
	else
		contig.failed++;
}

static struct zone *zone_of(int nid, int i)
{
	struct zone *zone = &NODE_DATA(nid)->node_zones[i];

	return managed_zone(zone) ? zone : NULL;
}

static void look(void)
{
	struct zone *zone;
	long free;
	int nid, i;

	for_each_online_node(nid) {
		for (i = 0; i < MAX_NR_ZONES; i++) {
			zone = zone_of(nid, i);
			if (!zone)
				continue;
			free = zone_page_state_snapshot(zone, NR_FREE_PAGES);
			looks[nid][i].lowest = min(looks[nid][i].lowest, free);
			looks[nid][i].below += free < (long)zone->_watermark[WMARK_MIN];
		}
	}
}

static void forget_kind(struct kind *kind)
{
	kind->requests = 0;
	kind->failed = 0;
}

static void forget(void)
{
	int nid, i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		forget_kind(&kinds[i]);
	forget_kind(&contig);
	memset(looks, 0, sizeof(looks));
	for (nid = 0; nid < MAX_NUMNODES; nid++)
		for (i = 0; i < MAX_NR_ZONES; i++)
			looks[nid][i].lowest = LONG_MAX;
}

static int work(void *unused)
{
	unsigned int round = 0;
	int i;

	while (!kthread_should_stop()) {
		mutex_lock(&counts);
		for (i = 0; i < ARRAY_SIZE(kinds); i++)
			use(&kinds[i]);
		look();
		mutex_unlock(&counts);
		if (!(++round % CONTIG_EVERY))
			use_contig();
		usleep_range(1000, 2000);
	}
	return 0;
}

static int report_get(char *buf, const struct kernel_param *unused)
{
	struct zone *zone;
	int nid, i, len = 0;

	mutex_lock(&counts);
	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		len += scnprintf(buf + len, PAGE_SIZE - len, "%s requests=%lu failed=%lu\n",
				 kinds[i].name, kinds[i].requests, kinds[i].failed);
	len += scnprintf(buf + len, PAGE_SIZE - len, "%s requests=%lu failed=%lu\n",
			 contig.name, contig.requests, contig.failed);
	for_each_online_node(nid) {
		for (i = 0; i < MAX_NR_ZONES; i++) {
			zone = zone_of(nid, i);
			if (zone)
				len += scnprintf(buf + len, PAGE_SIZE - len,
						 "zone %d:%s lowest=%ld min=%lu below=%lu\n", nid,
						 zone->name, looks[nid][i].lowest,
						 zone->_watermark[WMARK_MIN], looks[nid][i].below);
		}
	}
	mutex_unlock(&counts);
	return len;
}

static int report_set(const char *text, const struct kernel_param *unused)
{
	mutex_lock(&counts);
	forget();
	mutex_unlock(&counts);
	return 0;
}

static const struct kernel_param_ops report_ops = { .get = report_get, .set = report_set };
module_param_cb(report, &report_ops, NULL, 0600);
MODULE_PARM_DESC(report, "what was asked for, and how full zones were; a write begins anew");

static int __init neighbour_init(void)
{
	forget();
	device = platform_device_register_simple("gfplab_neighbour", -1, NULL, 0);
	if (IS_ERR(device))
		return PTR_ERR(device);
	device->dev.coherent_dma_mask = DMA_BIT_MASK(64);
	task = kthread_run(work, NULL, "gfplab_neighbour");
	if (IS_ERR(task)) {
		platform_device_unregister(device);
		return PTR_ERR(task);
	}
	return 0;
}

static void __exit neighbour_exit(void)
{
	int i, j;

	kthread_stop(task);
	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		for (j = 0; j < HELD; j++)
			if (kinds[i].held[j])
				__free_pages(kinds[i].held[j], kinds[i].order);
	platform_device_unregister(device);
}

module_init(neighbour_init);
module_exit(neighbour_exit);

MODULE_DESCRIPTION("What a driver asks the page allocator for, beside gfplab");
MODULE_AUTHOR("the gfplab developers");
MODULE_LICENSE("GPL");
MODULE_INFO(test, "Y");
