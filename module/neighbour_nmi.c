// SPDX-License-Identifier: GPL-2.0
/*
 * neighbour_nmi.c - gfplab_neighbour_nmi.ko: NMIs of another driver, which allocate pages.
 *
 * Built by `make NEIGHBOUR=1` alone; selftests/nmi.sh loads it. A kthread on CPU 0 sends
 * NMIs to all other CPUs, and their handler calls alloc_pages_nolock(), as a BPF program may.
 * Reading /sys/module/gfplab_neighbour_nmi/parameters/served tells how many pages it got
 * while a worker of gfplab was the interrupted task.
 */
#include <linux/atomic.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/string.h>
#include "compat.h"

#if defined(GFPLAB_NOLOCK) && defined(CONFIG_X86_LOCAL_APIC)
#include <asm/apic.h>
#include <asm/irq_vectors.h>
#include <asm/nmi.h>

#define NAME "gfplab_neighbour_nmi"

/* An NMI was sent to this CPU and has not been handled. */
static DEFINE_PER_CPU(bool, sent);
/* What the last one got; freed by the kthread, which may. */
static DEFINE_PER_CPU(struct page *, got);
static atomic_long_t in_workers = ATOMIC_LONG_INIT(0);
static struct task_struct *task;

static int on_nmi(unsigned int type, struct pt_regs *regs)
{
	struct page *page;

	if (!this_cpu_read(sent))
		return NMI_DONE;
	page = gfplab_nolock(0, NUMA_NO_NODE, 0);
	this_cpu_write(got, page);
	if (page && !strncmp(current->comm, "gfplab/", strlen("gfplab/")))
		atomic_long_inc(&in_workers);
	smp_store_release(this_cpu_ptr(&sent), false);	/* after what it got */
	return NMI_HANDLED;
}

/* Return: whether another one may be sent. */
static bool collect(int cpu)
{
	struct page **page = per_cpu_ptr(&got, cpu);

	if (smp_load_acquire(per_cpu_ptr(&sent, cpu)))	/* pairs with on_nmi() */
		return false;
	if (*page)
		__free_page(*page);
	*page = NULL;
	return true;
}

static int send(void *unused)
{
	int cpu;

	while (!kthread_should_stop()) {
		cpus_read_lock();
		for_each_online_cpu(cpu) {
			if (cpu > 0 && collect(cpu)) {
				*per_cpu_ptr(&sent, cpu) = true;
				__apic_send_IPI_mask(cpumask_of(cpu), NMI_VECTOR);
			}
		}
		cpus_read_unlock();
		usleep_range(200, 400);
	}
	return 0;
}

static int served_get(char *buf, const struct kernel_param *unused)
{
	return scnprintf(buf, PAGE_SIZE, "%ld\n", atomic_long_read(&in_workers));
}

static const struct kernel_param_ops served_ops = { .get = served_get };
module_param_cb(served, &served_ops, NULL, 0400);
MODULE_PARM_DESC(served, "pages that NMIs got while a worker of gfplab was interrupted");

static int __init neighbour_nmi_init(void)
{
	int err = register_nmi_handler(NMI_LOCAL, on_nmi, 0, NAME);

	if (err)
		return err;
	task = kthread_create(send, NULL, NAME);
	if (IS_ERR(task)) {
		unregister_nmi_handler(NMI_LOCAL, NAME);
		return PTR_ERR(task);
	}
	kthread_bind(task, 0);
	wake_up_process(task);
	return 0;
}

static void __exit neighbour_nmi_exit(void)
{
	int cpu;

	kthread_stop(task);
	for_each_online_cpu(cpu)
		while (!collect(cpu))
			usleep_range(200, 400);
	unregister_nmi_handler(NMI_LOCAL, NAME);
}
module_exit(neighbour_nmi_exit);
#else
static int __init neighbour_nmi_init(void)
{
	return -EOPNOTSUPP;
}
#endif

module_init(neighbour_nmi_init);

MODULE_DESCRIPTION("NMIs that ask the page allocator, beside gfplab");
MODULE_AUTHOR("the gfplab developers");
MODULE_LICENSE("GPL");
MODULE_INFO(test, "Y");
