# SPDX-License-Identifier: GPL-2.0
"""What `ask` and the demo tell people: ask/ is recorded on 6.1, some of its records left out. Shells and awks of
machines and of hosts say the same, and the sentence has the facts of the record."""
import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from tests import REPORTS, TESTS, run
from tests.test_format import validate

HERE = TESTS / "ask"
ANSWER = REPORTS.parent / "guest" / "answer"
TELL = f'''. {ANSWER}
for at in 1 2 3; do answer_ways $at > $at/answers; answer $at $at; done
answer_side_by_side 1 "6.1 #1" 1 "6.1 #2" 2
answer_side_by_side 2 one 3 two 3'''
FIRST = (HERE / "1" / "records").read_text().split("\n", maxsplit=1)[0]


def copied(to):
    """The folder, to write in."""
    shutil.copytree(HERE, to, dirs_exist_ok=True)
    return Path(to)


def shell(command, at, busybox=False, text=None):
    """What it prints."""
    environment = dict(os.environ)
    words = ["dash" if shutil.which("dash") else "sh", "-euc", command]
    if busybox:
        tools = Path(at) / "tools"
        tools.mkdir()
        for name in ("awk", "cat", "cut", "fold", "grep", "head", "rm", "sed", "sort", "wc"):
            (tools / name).symlink_to(shutil.which("busybox"))
        environment["PATH"] = str(tools)
        words = [shutil.which("busybox"), "sh", "-euc", command]
    return subprocess.run(words, cwd=at, env=environment, input=text, check=True, capture_output=True,
                          encoding="utf-8").stdout


def because(walk, after=None, **changed):
    """The sentence of the first record, with other values, beside a walk; and one after the last request."""
    words = dict(word.split("=", 1) for word in FIRST.split(" "))
    words.update({key: str(value) for key, value in changed.items()})
    with tempfile.TemporaryDirectory() as at:
        (Path(at) / "explain").write_text(walk, encoding="utf-8")
        if after:
            (Path(at) / "after").write_text(after, encoding="utf-8")
        said = shell(f". {ANSWER}; answer_why_of .", at,
                     text=" ".join(f"{key}={value}" for key, value in words.items()) + "\n")
    return " ".join(said.split())


def walk_of(*steps, order=3, prediction="slow/pcp/1:Normal/ok"):
    """A text of explain."""
    return "\n".join((f"alloc_pages(GFP_KERNEL, order {order})", f"__alloc_pages(order {order})", *steps,
                      f"prediction: {prediction}", "snapshot:", "  1:Normal free=1", ""))


LOW = "    Node 1 Normal: free 4832 - 511 unusable = 4321 <= low 5971 + reserve 0 -> too little"
MIN = "    Node 1 Normal: free 4832 - 511 unusable = 4321 <= min 4777 (of 5000) + reserve 7 -> too little"
ATTEMPT = "  get_page_from_freelist(alloc_flags 0x1 ALLOC_X)"
ELSEWHERE = "    Node 0 DMA32: free 9 - 1 unusable = 8 > low 3 + reserve 0 -> ok"


class Text(unittest.TestCase):
    def test_is_what_was_looked_at(self):
        with tempfile.TemporaryDirectory() as at:
            got = shell(TELL, copied(at))
        self.assertEqual(got, (HERE / "expected").read_text())

    def test_is_the_same_in_machines(self):
        if not shutil.which("busybox"):
            self.skipTest("no busybox")
        with tempfile.TemporaryDirectory() as at:
            got = shell(TELL, copied(at), busybox=True)
        self.assertEqual(got, (HERE / "expected").read_text())


    def test_frees_are_no_ways_that_requests_took(self):
        with tempfile.TemporaryDirectory() as at:
            file = copied(at) / "1" / "records"
            records = file.read_text().splitlines()
            frees = [" ".join(f"{key}={changed.get(key, value)}" for key, value in
                              (word.split("=", 1) for word in (records[0] + " freed=none merged=none").split(" ")))
                     for changed in ({"result": "freed", "stage": "unknown", "freed": "pcp"},
                                     {"result": "freed", "stage": "unknown", "freed": "buddy", "merged": "9"},
                                     {"result": "freed", "stage": "unknown", "freed": "buddy", "merged": "3"})]
            # One between others: a way still has its own record.
            file.write_text("\n".join(frees[:1] + records[:1] + frees[1:] + records[1:]) + "\n")
            got = shell(TELL, at).splitlines()
        wanted = (HERE / "expected").read_text().splitlines()
        said = "    3 frees on record: pcp 1 buddy 2; merged 1"
        self.assertEqual([line for line in got if line != said], wanted)
        self.assertEqual(got.count(said), 1)


class Objects(unittest.TestCase):
    def test_are_valid_and_add_up(self):
        with tempfile.TemporaryDirectory() as at:
            shell(TELL, copied(at))
            objects = [json.loads(line) for line in run("convert.py", "folder", at).stdout.splitlines()]
        for one in objects:
            validate(one)
        ways = [one for one in objects if one["type"] == "answer"]
        self.assertEqual([one["requests"] for one in ways if "squeeze=1:Normal:70" in one["request"]], [5, 5, 5])
        self.assertEqual({one["kernel"] for one in ways}, {"6.1.0-57-cloud-amd64"})
        self.assertEqual(ways[2]["result"], "failed")

    def test_a_second_walk_is_told_from_the_first(self):
        with tempfile.TemporaryDirectory() as at:
            folder = copied(at) / "1"
            shutil.copy(folder / "explain", folder / "after")
            shell("cd 1; . " + str(ANSWER) + "; answer_ways . > answers", at)
            objects = [json.loads(line) for line in run("convert.py", "folder", str(folder)).stdout.splitlines()]
        for one in objects:
            validate(one)
        for kind in ("explain", "state"):
            self.assertEqual([one.get("when") for one in objects if one["type"] == kind], [None, "after"])


class Sentence(unittest.TestCase):
    def test_numbers_are_those_of_the_walk(self):
        self.assertEqual(
            because(walk_of(ATTEMPT, LOW, ELSEWHERE, order=0, prediction="fast/pcp/0:DMA32/ok"), order=0, stage="fast",
                    source="pcp", reserve="none", page_nid=0, zone="DMA32"),
            "because node 1 Normal had 4321 usable pages, not above its low mark of 5971, so the walk went on; node 0 "
            "DMA32 had 8 usable pages, above its low mark of 3, and this CPU's list of it had a page")
        self.assertIn("its min mark, for this request 4777 plus a lowmem_reserve of 7",
                      because(walk_of(ATTEMPT, LOW, ATTEMPT, MIN, "  may not sleep: fails",
                                      prediction="slow/none/none/failed"), result="failed", source="none"))

    def test_a_walk_of_another_state_gives_no_numbers(self):
        for changed in ({"stage": "fast"}, {"source": "buddy"}, {"page_nid": 0}, {"result": "failed"}, {"order": 2}):
            with self.subTest(changed=changed):
                self.assertNotIn("4321", because(walk_of(ATTEMPT, LOW, ELSEWHERE), **{"source": "pcp", **changed}))
        self.assertIn("4321", because(walk_of(ATTEMPT, LOW, ELSEWHERE), source="pcp"))

    def test_a_failure_has_the_numbers_of_the_walk_with_all_blocks_held(self):
        after = walk_of(ATTEMPT, LOW, ATTEMPT, MIN, "  may not sleep: fails", prediction="slow/none/none/failed")
        self.assertIn("above its low mark of 3", because(walk_of(ATTEMPT, LOW, ATTEMPT, ELSEWHERE), after, source="pcp"))
        failed = {"result": "failed", "source": "none"}
        self.assertIn("node 1 Normal had 4321 usable pages, not above its min mark, for this request 4777 plus a "
                      "lowmem_reserve of 7, and the request may not sleep",
                      because(walk_of(ATTEMPT, LOW, ATTEMPT, ELSEWHERE), after, **failed))
        self.assertIn("nothing was done to free memory", because(walk_of(ATTEMPT, LOW, ATTEMPT, ELSEWHERE), **failed))

    def test_ends(self):
        for words, changed in (
                ("before it looked at a zone", {"result": "rejected", "stage": "rejected"}),
                ("no probe saw how", {"stage": "unknown"}),
                ("no probe saw where", {"stage": "unknown", "result": "failed"}),
                ("memory cgroup", {"result": "failed", "charge": "failed"}),
                ("straight from its free lists", {"source": "buddy", "stage": "fast"}),
                ("was above its mark, and the block came", {"source": "buddy", "stage": "fast"}),
                ("took a batch", {"source": "refill"}),
                ("looked again; this CPU's list of node 1 Normal had a block", {"source": "pcp", "reserve": "none"}),
                ("__GFP_RETRY_MAYFAIL gives up once rounds bring nothing",
                 {"stage": "reclaim", "result": "failed", "gfp": "GFP_KERNEL|__GFP_RETRY_MAYFAIL"}),
                ("handed it right over", {"source": "capture", "stage": "compact"}),
                ("direct reclaim freed 32 pages, and then node 1 Normal had a block", {"stage": "reclaim", "reclaimed": 32}),
                ("killed task 77", {"stage": "oom", "victim": 77}),
                ("killed nothing", {"stage": "oom", "victim": "none", "result": "failed"}),
                ("freed nothing", {"stage": "reclaim", "result": "failed"}),
                ("an unknown number of pages", {"stage": "reclaim", "reclaimed": "unknown"}),
                ("compaction ended as deferred", {"stage": "compact", "result": "failed", "compact_result": "deferred"}),
                ("no mark counts", {"reserve": "nowatermarks"}),
                ("kept for high-order atomic", {"reserve": "highatomic"}),
                ("no free unmovable block was large enough, so one of movable was taken and its pageblock",
                 {"steal": "unmovable<movable", "claimed": "whole", "stage": "fast"})):
            with self.subTest(words=words):
                self.assertIn(words, because("no prediction: x\n", **changed))


if __name__ == "__main__":
    unittest.main()
