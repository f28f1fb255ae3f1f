# SPDX-License-Identifier: GPL-2.0
"""scripts/explain --state: explain/KERNEL.txt are what the module's file `explain` said on these kernels, each behind
the options of its job; the program must say the same of the numbers alone."""
import subprocess
import unittest

from tests import REPORTS, TESTS

EXPLAIN = REPORTS.parent / "explain"
ZONE = ("1:Normal free=629 cma=0 highatomic=0 min=1300 low=1743 high=2186 boost=0 reserves=0/0/0/0/0 "
        "lists=281UM/172UM/1E/0/0/0/0/0/0/0/0")


def explain(state, *options):
    """Its output, or the last line of what it complains of."""
    got = subprocess.run([str(EXPLAIN), "--state", "-", *options], input=state.encode("latin-1"),
                         capture_output=True, check=False)
    return got.returncode, got.stdout.decode(), got.stderr.decode().strip().rpartition("\n")[2]


def walk_of(text):
    """From the first step to the prediction."""
    lines = text.split("\n")
    first = next(i for i, line in enumerate(lines) if line.startswith("__alloc_pages"))
    last = next(i for i, line in enumerate(lines) if line.startswith("prediction: "))
    # The recordings are older than these steps.
    newer = "  prepare_alloc_pages: ", "      rmqueue(", "      __rmqueue_smallest: "
    return [line for line in lines[first:last + 1] if not line.startswith(newer)]


class Recorded(unittest.TestCase):
    maxDiff = None

    def hold(self, kernel):
        blocks = (TESTS / "explain" / f"{kernel}.txt").read_text().split("#### ")[1:]
        self.assertGreaterEqual(len(blocks), 7)
        for block in blocks:
            options, _, said = block.partition("\n")
            with self.subTest(kernel=kernel, options=options):
                status, out, _ = explain(said)
                self.assertEqual(status, 0)
                self.assertEqual(walk_of(out), walk_of(said))

    def test_6_1(self):
        self.hold("6.1")

    def test_6_12(self):
        self.hold("6.12")


class Corpus(unittest.TestCase):
    def test_what_failed_may_fail_by_its_own_rules(self):
        files = sorted(str(file) for file in (REPORTS.parent.parent / "selftests" / "corpus").glob("*.txt"))
        said = subprocess.run([str(EXPLAIN.parent / "why"), "--state", *files], capture_output=True, check=False)
        others = "recovered unknown injected over_max_order suspended address_space nodemask cpuset contig_busy"
        held = 0
        for text in said.stdout.decode().split("# report ")[1:]:
            judged = dict(word.split("=", 1) for word in text.split("\n")[2].split() if "=" in word)
            if judged["kind"] != "page_alloc_failure" or judged["reason"] in others or "lists=" not in text:
                continue
            with self.subTest(report=text.split("\n")[0]):
                status, out, error = explain("# " + text)
                if status:
                    self.assertIn("lists=", error)      # more orders than a walk has
                    continue
                # One was made by a task with PF_MEMALLOC, which a report does not tell: else it would try on.
                self.assertRegex(walk_of(out)[-1], "never" if "98e2a6b7a591" in text and "MEMALLOC" in text else "failed")
                held += 1
        self.assertGreaterEqual(held, 40)


class Texts(unittest.TestCase):
    def prediction(self, state, *options):
        status, out, error = explain(state, *options)
        self.assertEqual((status, error), (0, ""))
        return walk_of(out)[-1].partition(": ")[2]

    def refused(self, state, status, why, *options):
        got = explain(state, *options)
        self.assertEqual((got[0], got[1]), (status, ""))
        self.assertIn(why, got[2])

    def test_what_is_not_there_is_unknown(self):
        text = ZONE + " percpu=0/0/0/0/0\n0:Normal free=90000 min=1 low=2 high=3 lists=0/0/0/0/0/0/0/0/0/0/80M"
        self.assertEqual(self.prediction(text), "fast/pcp|refill/0:Normal/ok")
        self.assertEqual(self.prediction(text + " percpu=U/0/0/0/0"), "fast/pcp/0:Normal/ok")
        self.assertEqual(self.prediction(text + " percpu=0/0/0/0/0"), "fast/refill/0:Normal/ok")
        self.assertIn("unknown: this CPU's lists", explain(text)[1])
        kept = "0:Normal free=2000 min=1000 low=1250 high=1500 lists=0/0/0/0/0/60UH"
        self.assertIn("failed", self.prediction(kept, "rules=5.3", "gfp=GFP_NOWAIT", "order=1"))
        self.assertIn("unknown: how much is kept", explain(kept, "rules=5.3")[1])

    def test_rules_decide(self):
        atomic = ("gfp=GFP_ATOMIC", "order=0")
        self.assertEqual(self.prediction(ZONE, "rules=6.12", *atomic), "slow/pcp|refill/1:Normal/ok")
        self.assertEqual(self.prediction(ZONE, "rules=4.5", "gfp=0x2200020"), "slow/none/none/failed")
        self.assertEqual(self.prediction(ZONE, "rules=6.1", "gfp=0x2200020@4.5"), "slow/none/none/failed")
        for version in ("2.6.32", "3.10", "4.4", "4.19", "5.10", "7.3"):
            self.assertIn("/", self.prediction(ZONE, f"rules={version}"))

    def test_rules_beside_the_texts(self):
        text = ("request order=2 gfp=GFP_NOWAIT rules=6.1.170\n0:Normal free=3000 min=1000 low=1250 high=1500 boost=0 "
                "managed=9000 highatomic=0 lists=2900UM/10UM/20UM percpu=0/0/0/0/0 refill=63")
        status, out, error = explain(text, "rules=4.3")
        self.assertEqual((status, error), (0, ""))
        lines = out.split("\n")
        self.assertIn("prediction: slow/none/none/failed", lines)
        self.assertIn("prediction by 6.1.170: fast/refill|unknown/0:Normal/ok", lines)
        part = next(i for i, line in enumerate(lines) if line.startswith("they part after step 1, in get_page_from_freelist("))
        self.assertRegex(lines[part + 1], r"^  6\.1: Node 0 Normal: .* -> ok$")
        self.assertRegex(lines[part + 2], r"^  4\.3: Node 0 Normal: .* -> enough, but not order by order")
        self.assertIn("the rules of 6.1.170 are the same", explain(text, "rules=6.1.120")[1])
        for same in ((), ("rules=6.1",)):
            self.assertNotIn("prediction by", explain(text, *same)[1])

    def test_zone_over_dirty_is_for_old_rules(self):
        text = ZONE + " zone_over_dirty=1\n1:DMA32 free=9000 min=1 low=2 high=3 lists=9000U managed=9000 percpu=0/0/0/0/0"
        self.assertIn("the zone has its share", explain(text, "rules=4.3", "gfp=GFP_KERNEL|__GFP_WRITE")[1])
        self.assertNotIn("the zone has its share", explain(text, "rules=4.9", "gfp=GFP_KERNEL|__GFP_WRITE")[1])

    def test_verbose(self):
        self.assertNotIn("# ", explain(ZONE, "verbose=0")[1])
        self.assertRegex(explain(ZONE, "verbose=1")[1], r"\n      # the heart of the buddy allocator: .* since 5\.13")

    def test_the_line_request_has_options(self):
        request = "request order=3 gfp=GFP_ATOMIC rules=5.10.1\n"
        self.assertIn("GFP_ATOMIC, order 3), by the rules of 5.10", explain(request + ZONE)[1])
        self.assertIn("order 2)", explain(request + ZONE, "order=2")[1])
        self.refused(request + request + ZONE, 1, "line 2: a second line")
        self.refused("request colour=red\n" + ZONE, 1, "no such option")

    def test_zones_that_may_not_be_used(self):
        two = ZONE + "\n0:Normal free=90000 min=1 low=2 high=3 lists=0/0/0/0/0/0/0/0/0/0/80M"
        self.assertIn("none/none", self.prediction(two, "nodes=1", "gfp=GFP_NOWAIT"))
        self.assertIn("none/none", self.prediction(two, "nid=1", "gfp=GFP_NOWAIT|__GFP_THISNODE"))
        self.assertIn("/0:Normal", self.prediction(two, "nid=0", "gfp=GFP_NOWAIT|__GFP_THISNODE"))
        self.refused(ZONE, 1, "no zone of the text", "gfp=GFP_DMA")

    def test_mistakes(self):
        self.refused("", 1, "no zone in it")
        self.refused("colour\n", 1, "line 1: NID:ZONE")
        self.refused(ZONE + "\n" + ZONE, 1, "line 2: a zone is there twice")
        for bad in ("colour=1", "free=x", "free=-3", "free=", "lists=5//3", "lists=5Q", "lists=", "percpu=U",
                    "kswapd=tired", "nodes=2", "reserves=1/x", "free", "free=99999999999999999999"):
            self.refused(f"1:Normal {bad}", 1, "line 1: ")
        self.refused("1:Nirmal free=1", 1, "no such zone")
        self.refused("1:Normal " + "x" * 9000, 1, "too long")
        self.refused("\x00\n", 1, "explain: -")
        self.refused("\xff\x1b[31m", 1, "line 1: NID:ZONE or `request` is wanted: ??[31m")
        self.refused("request \x1b[31m=1\n" + ZONE, 1, "?[31m")
        for bad in ("order=x", "order=99", "gfp=GFP_FOO", "gfp=", "gfp=0x20@six", "nid=-2", "nodes=x", "context=nmi",
                    "rules=six", "rules=4.3x", "rules=2.4.18", "rules=", "verbose=2", "scope=nofsx", "scope=nofs,none", "online=x"):
            self.refused(ZONE, 2, "", bad)
        self.refused(ZONE, 2, "unknown variable", "colour=red")


if __name__ == "__main__":
    unittest.main()
