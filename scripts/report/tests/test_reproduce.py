# SPDX-License-Identifier: GPL-2.0
"""scripts/reproduce: which machine a report is built on, and the table of what kernels made of it."""
import json
import tempfile
import unittest
from pathlib import Path

from machine import cut, lists_of, without, zone_class
from reproduce import row_of_kernel
from tests import run

REQUEST = ("# report 1: 5.10.1\nrequest rules=5.10.1 order=4 gfp=0x40cc0@5.10.1 context=task\n"
           "# judged kind=page_alloc_failure names=GFP_KERNEL|__GFP_COMP reason=fragmented zone=0:Normal short_by=0\n")


def zone(key, state, lists, reserve=0, **judged):
    """A zone's line, and what was made of it; without `usable`, it may not be used."""
    usable = judged.get("usable")
    if usable is None and judged.get("allowed", True):
        usable = sum(int("".join(filter(str.isdigit, part))) << order
                     for order, part in enumerate(lists.split("/"))) - 15
    text = f"{key} {state} lists={lists}\n# judged {key} allowed={0 if usable is None else 1}"
    if usable is not None:
        text += f" reserve={reserve} usable={usable} mark=1 short_by=0 verdict=fragmented"
    return text + "\n"


DMA = zone("0:DMA", "free=1700 min=16 low=20 high=24", "0/0/1U/0/1/1/0/1U/2UM/0/1M", 15809)
DMA32 = zone("0:DMA32", "free=66 min=889 low=1111 high=1333", "20UE/5/3H/1C", 14975, usable=15)
NORMAL = zone("0:Normal", "free=30 min=15990 low=19987 high=23984", "10/6/2")


class Machines(unittest.TestCase):
    def plan(self, state, memory=12000, report=1):
        with tempfile.TemporaryDirectory() as folder:
            here = Path(folder)
            (here / "state").write_text(state)
            got = run("machine.py", str(here / "state"), "--memory", str(memory), "--out", folder,
                      "--report", str(report))
            files = {name: (here / name).read_text() for name in ("plan", "vm", "told")
                     if (here / name).exists()}
        return got, files

    def planned(self, state, **how):
        got, files = self.plan(state, **how)
        self.assertEqual((got.returncode, got.stderr), (0, b""))
        return files

    def refused(self, state, why, **how):
        got, files = self.plan(state, **how)
        self.assertEqual((got.returncode, files), (3, {}))
        self.assertIn(why, got.stderr.decode())

    def test_numbers_are_the_reports(self):
        files = self.planned(REQUEST + DMA + DMA32 + NORMAL)
        self.assertIn("zone 1:DMA as=0:DMA min=16 reserve=15809 lists=0/0/1/0/1/1/0/1/2/0/1 more=0\n", files["plan"])
        self.assertIn("zone 1:Normal as=0:Normal min=15990 reserve=0 lists=10/6/2/0/0/0/0/0/0/0/0 more=0\n", files["plan"])
        self.assertIn("prefer 1:Normal low=3997\n", files["plan"])
        self.assertIn("order=4 nid=1 nodes=1 context=task", files["plan"])
        self.assertIn("scale 1:1", files["told"])
        self.assertNotIn("squeeze", files["plan"])

    def test_the_counter_counts_not_the_list(self):
        files = self.planned(REQUEST + NORMAL.replace("usable=15", "usable=25"))
        self.assertIn("more=10\n", files["plan"])
        self.assertIn("0:Normal: 10 free pages more than its list has", files["told"])

    def test_sizes_follow_the_marks(self):
        vm = self.planned(REQUEST + DMA + DMA32 + NORMAL)["vm"].split("\n")
        sizes = [int(part.split("M")[0]) for part in vm[1].split(",")]
        low = int(vm[3].split("=")[1].rstrip("M")) - 16
        self.assertEqual(len(sizes), 2)
        self.assertAlmostEqual((sizes[0] - 16 - low) / low, 15990 / 889, delta=7)

    def test_types_that_no_new_machine_has(self):
        files = self.planned(REQUEST + DMA32 + NORMAL)
        self.assertIn("lists=20/5/0/0/", files["plan"])
        self.assertIn("HIGHATOMIC pageblocks are left out", files["told"])
        self.assertIn("CMA are left out", files["told"])
        self.assertIn("zone 1:DMA as=0:DMA lists=0\n", files["plan"])

    def test_what_forgets_its_nodemask_finds_no_other_node(self):
        atomic = REQUEST.replace("GFP_KERNEL", "GFP_ATOMIC").replace("=task", "=softirq")
        files = self.planned(atomic + DMA32 + NORMAL + NORMAL.replace("0:N", "1:N"))
        self.assertIn("set squeeze=0:Normal:0p entry=alloc_pages_nodemask gfp=0x40cc0@5.10.1 order=4", files["plan"])
        self.assertIn("nid=1 nodes=1,2 context=softirq", files["plan"])
        reclaiming = REQUEST.replace("=task", "=task scope=noreclaim")
        self.assertIn("set squeeze=0:Normal:0p", self.planned(reclaiming + NORMAL)["plan"])
        self.assertIn("scope=noreclaim\n", self.planned(reclaiming + NORMAL)["plan"])

    def test_an_oom_has_a_victim_for_single_pages(self):
        oom = REQUEST.replace("page_alloc_failure", "oom")
        self.assertNotIn("victim", self.planned(oom + NORMAL)["plan"])
        self.assertIn("victim 1\n", self.planned(oom.replace("order=4", "order=0") + NORMAL)["plan"])

    def test_other_architectures(self):
        arm = REQUEST.replace("zone=0:Normal", "zone=0:DMA")
        files = self.planned(arm + zone("0:DMA", "min=500 low=625", "4000/9"))
        self.assertIn("zone 1:DMA32 as=0:DMA32 min=500", files["plan"])
        self.assertIn("DMA32 stands for it", files["told"])
        self.refused(REQUEST + NORMAL + zone("0:HighMem", "min=1", "4000"), "zone HighMem")
        files = self.planned(REQUEST + NORMAL + zone("0:HighMem", "min=1", "4000", allowed=False))
        self.assertNotIn("HighMem", files["plan"])
        self.refused(REQUEST + NORMAL + zone("1:DMA32", "min=1", "40"), "node 1 has a zone DMA32")

    def test_nodes_are_numbered_anew(self):
        files = self.planned(REQUEST.replace("zone=0:", "zone=3:") + NORMAL.replace("0:", "3:"))
        self.assertIn("3 is 0", files["told"])
        self.assertIn("prefer 1:Normal", files["plan"])

    def test_large_ones_are_scaled(self):
        small = self.planned(REQUEST + DMA32 + NORMAL, memory=1600)
        self.assertIn("0:DMA32 is larger", small["told"])
        self.assertIn("scale 1:1", small["told"])
        large = NORMAL.replace("10/6/2", "4000000/6/2").replace("15990", "1599000").replace("usable=15", "usable=4000005")
        files = self.planned(REQUEST + large)
        self.assertIn("scale 1:2: all numbers of pages are divided by 2", files["told"])
        self.assertIn("min=799500 reserve=0 lists=2000000/3/1/", files["plan"])
        self.refused(REQUEST + large, "even at a scale of 1:64", memory=600)

    def test_largest_orders_become_smaller_blocks(self):
        files = self.planned(REQUEST + zone("0:Normal", "min=1 low=2", "0/0/0/0/0/0/0/0/0/0/1/2/1"))
        self.assertIn("lists=0/0/0/0/0/0/0/0/0/0/9 more=0\n", files["plan"])

    def test_what_can_not_be_built(self):
        self.refused("", "no report 1 in it, it has 0")
        self.refused(REQUEST + NORMAL, "no report 2 in it, it has 1", report=2)
        self.refused(REQUEST, "no zones with free lists")
        self.refused(REQUEST + NORMAL.replace(" lists=10/6/2", ""), "no zones with free lists")
        self.refused(REQUEST.replace(" order=4", "") + NORMAL, "what was asked for")
        self.refused(REQUEST.replace("order=4", "order=11") + NORMAL, "order 11")
        self.refused(REQUEST.replace("=fragmented", "=memcg") + NORMAL, "its reason is memcg")
        self.refused(REQUEST.replace(" zone=0:Normal", "") + NORMAL, "which zone")
        self.refused(REQUEST + "".join(NORMAL.replace("0:", f"{n}:") for n in range(9)), "has 9 zones")
        self.assertIn("report 2 of 2", self.planned(REQUEST + NORMAL + REQUEST + NORMAL, report=2)["told"])


class Parts(unittest.TestCase):
    def test_lists(self):
        self.assertEqual(lists_of("5UM/0"), [(5, "UM"), (0, "")])
        self.assertEqual(without([(9, "UH"), (4, "H")], "H", 10), [(7, "U"), (0, "")])
        self.assertEqual(without([(9, "U"), (4, "M")], "H", 10), [(9, "U"), (4, "M")])
        self.assertEqual(cut([(9, ""), (4, "")], 5), [(9, ""), (1, "")])

    def test_highest_zone(self):
        self.assertEqual([zone_class(gfp) for gfp in ("GFP_KERNEL|GFP_DMA", "GFP_KERNEL|__GFP_DMA32", "GFP_ATOMIC",
                                                      "GFP_HIGHUSER_MOVABLE", "GFP_KERNEL|__GFP_HIGHMEM")],
                         [0, 1, 2, 3, 2])


class Rows(unittest.TestCase):
    RECORD = ("record result=failed stage=slow page_nid=none zone=none reserve=none attempts=3 source=none "
              "alloc_flags_names=ALLOC_WMARK_LOW\n")
    STATE = "state 0:Normal 5/6 exact=1\n"
    ANSWER = {"kind": "page_alloc_failure", "reason": "below_mark",
              "zones": [{"node": 1, "zone": "Normal", "short_by": 7, "verdict": "below_mark"}]}

    def row(self, out, *answers):
        with tempfile.TemporaryDirectory() as folder:
            here = Path(folder)
            (here / "k.out").write_text(out)
            (here / "k.json").write_text("".join(json.dumps(answer) + "\n" for answer in answers))
            return row_of_kernel(here, "k", "0:Normal")

    def test_failed(self):
        row = self.row(self.STATE + self.RECORD, self.ANSWER)
        self.assertEqual((row.result, row.stage, row.check, row.zone, row.short_by, row.note),
                         ("failed", "slow", "below_mark", "0:Normal", "7", ""))

    def test_served(self):
        served = self.RECORD.replace("=failed", "=ok").replace("page_nid=none zone=none", "page_nid=1 zone=DMA32")
        row = self.row(self.STATE + served)
        self.assertEqual((row.result, row.check, row.zone), ("ok", "-", "0:DMA32"))
        self.assertIn("ALLOC_WMARK_LOW", row.note)
        row = self.row(self.STATE + served.replace("reserve=none", "reserve=nonblock"))
        self.assertIn("it took the reserve for it: nonblock", row.note)
        row = self.row(self.STATE.replace("exact=1", "exact=0") + served)
        self.assertIn("the state of 0:Normal was not reached; ", row.note)

    def test_oom(self):
        other = dict(self.ANSWER, kind="oom", reason="exhausted")
        row = self.row(self.STATE, dict(self.ANSWER, kind="oom"), other)
        self.assertEqual((row.result, row.stage, row.check, row.short_by), ("oom", "oom", "below_mark", "7"))

    def test_never(self):
        served = self.RECORD.replace("=failed", "=ok").replace("page_nid=none zone=none", "page_nid=1 zone=Normal")
        row = self.row(self.STATE + served.replace("attempts=3", "attempts=255 latency_ns=61500000000") +
                       "aborted timeout\n")
        self.assertEqual((row.result, row.check), ("never", "-"))
        self.assertIn("after 61 s, 255 attempts", row.note)
        self.assertIn("before the memory state was reached", self.row(self.STATE + "aborted timeout\n").note)

    def test_no_answer(self):
        self.assertEqual(self.row("").note, "the machine gave no answer")
        self.assertEqual(self.row("refused jobs/default/set: error -22\n").note, "refused: jobs/default/set: error -22")
        self.assertIn("printed no report", self.row(self.STATE + self.RECORD).note)


if __name__ == "__main__":
    unittest.main()
