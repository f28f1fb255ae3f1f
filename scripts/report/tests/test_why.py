# SPDX-License-Identifier: GPL-2.0
"""scripts/why: the reports of selftests/corpus, each with its answer worked out by hand, and what
damages reports on their way."""
from __future__ import annotations

import html
import json
import random
import re
import subprocess
import tempfile
import textwrap
import unittest
from pathlib import Path

from tests import REPORTS

TOP = REPORTS.parent.parent
CORPUS = TOP / "selftests" / "corpus"
KEYS = ["format", "type", "kind", "kernel", "family", "order", "gfp", "context", "caller", "nodemask",
        "reason", "zones", "wouldpass", "unknown"]
ZONE_KEYS = ["node", "zone", "free", "usable", "mark", "reserve", "short_by", "blocks", "verdict"]
# One that is whole and clean, to be damaged.
CLEAN = CORPUS / "6.7-order5-highatomic.txt"


def why(text: bytes, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([str(TOP / "scripts" / "why"), *arguments], input=text, capture_output=True,
                          check=False)


def answers(text: bytes | str, *arguments: str) -> list[dict]:
    if isinstance(text, str):
        text = text.encode()
    got = why(text, "--json", *arguments)
    return [json.loads(line) for line in got.stdout.splitlines()]


class Corpus(unittest.TestCase):
    def test_there_is_a_corpus(self):
        self.assertGreaterEqual(len(list(CORPUS.glob("*.txt"))), 40)
        self.assertEqual({p.stem for p in CORPUS.glob("*.txt")}, {p.stem for p in CORPUS.glob("*.json")})

    def test_each_report_has_the_answer_that_was_worked_out_by_hand(self):
        for path in sorted(CORPUS.glob("*.txt")):
            wants = json.loads(path.with_suffix(".json").read_text())
            gots = answers(path.read_bytes())
            with self.subTest(path.stem):
                self.assertEqual(len(gots), len(wants), "reports in it")
            for number, (got, want) in enumerate(zip(gots, wants)):
                with self.subTest(path.stem, report=number):
                    self.expect(got, want)

    def expect(self, got, want):
        self.maxDiff = None
        self.assertEqual(list(got), KEYS)
        for key in ("kind", "kernel", "order", "context", "caller", "nodemask", "reason"):
            self.assertEqual(got[key], want[key], key)
        self.assertEqual(sorted(got["gfp"]), sorted(want["gfp"]))
        self.assertEqual([list(zone) for zone in got["zones"]], [ZONE_KEYS] * len(got["zones"]))
        self.assertEqual(sorted(got["zones"], key=lambda z: (z["node"], z["zone"])),
                         sorted(want["zones"], key=lambda z: (z["node"], z["zone"])))
        for key in ("wouldpass", "unknown"):
            self.assertTrue(all(isinstance(text, str) and text for text in got[key]))

    def test_the_same_without_what_identifies_a_person(self):
        for path in sorted(CORPUS.glob("*.txt")):
            before = answers(path.read_bytes())
            redacted = why(path.read_bytes(), "--redact")
            after = answers(redacted.stdout)
            for one in before + after:
                one.pop("caller")      # what follows on a lost question mark may go with a path
            with self.subTest(path.stem):
                self.assertEqual(after, before)
                self.assertEqual(why(redacted.stdout, "--redact").stdout, redacted.stdout)


class Damage(unittest.TestCase):
    def setUp(self):
        self.text = CLEAN.read_text()
        self.want = answers(self.text)
        self.assertEqual(len(self.want), 1)

    def same(self, text: bytes | str):
        self.assertEqual(answers(text), self.want)

    def test_line_ends(self):
        self.same(self.text.replace("\n", "\r\n"))
        self.same(self.text.replace("\n", "#012"))
        self.same(self.text.replace("\n", "\\n"))

    def test_html(self):
        self.same("<pre>" + html.escape(self.text) + "</pre>")
        self.same(html.escape(self.text).replace("\n", "<br/>\n").replace(" ", "&nbsp;"))

    def test_colours(self):
        self.same(re.sub("(?m)^", "\x1b[32m\x1b[1m", self.text).replace("\n", "\x1b[0m\n"))

    def test_prefixes(self):
        for prefix in ("Nov 29 10:00:00 host kernel: ", "2026-11-29T10:00:00+0000 host kernel: ", "> > ", "    ", "<4>",
                       "kernel: "):
            self.same(re.sub("(?m)^", prefix, self.text))
        self.same("".join(f"{n:4}  {line}\n" for n, line in enumerate(self.text.splitlines())))

    def test_quoted_printable(self):
        lines = self.text.replace("=", "=3D").splitlines()
        self.same("".join("=\n".join(textwrap.wrap(line, 72, drop_whitespace=False)) + "\n" for line in lines))

    def test_markdown_that_ate_the_asterisks(self):
        self.same(self.text.replace("*", ""))

    def test_wrapped_by_a_mailer(self):
        text = re.sub(r"(?m)^\[ *[0-9.]+\] ", "", self.text)
        for width in (60, 72, 80, 132):
            self.same("".join(textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False) + "\n"
                              for line in text.splitlines()))

    def test_lines_of_others_in_between(self):
        self.same(self.text.replace("\n", "\n[ 1.000000] usb 1-1: new device number 7\n"))

    def test_several_one_after_the_other(self):
        self.assertEqual(answers(self.text * 3), self.want * 3)

    def test_cut_off_anywhere(self):
        for at in range(0, len(self.text), 97):
            for text in (self.text[:at], self.text[at:]):
                got = why(text.encode(), "--json")
                self.assertIn(got.returncode, (0, 1))
                for line in got.stdout.splitlines():
                    json.loads(line)

    def test_damaged_at_random(self):
        rng = random.Random(1)
        texts = [path.read_bytes() for path in sorted(CORPUS.glob("*.txt"))]
        for _ in range(100):
            text = bytearray(rng.choice(texts))
            for _ in range(rng.randint(1, 20)):
                at = rng.randrange(len(text))
                text[at:at + rng.randint(0, 100)] = rng.choice(
                    [b"", b"-1", b"99999999999999999999", b"\0", b"\xff\xfe", b"\n", rng.choice(texts)[:200]])
            for option in ("--json", "--redact"):
                got = why(bytes(text), option)
                self.assertIn(got.returncode, (0, 1), got.stderr)
                self.assertIsNone(re.search(rb"[^\n -~]", got.stdout))


class Hostile(unittest.TestCase):
    def test_nothing_unprintable_is_printed(self):
        text = CLEAN.read_text().replace("ifconfig", 'a"\\\x1b[31m\x07\x9b"b')
        for arguments in (["--json"], [], ["--redact"]):
            got = why(text.encode("latin-1"), *arguments)
            self.assertEqual(got.returncode, 0)
            self.assertIsNone(re.search(rb"[^\n -~]", got.stdout))

    def test_a_line_of_any_length(self):
        self.assertEqual(why(b"x" * 5_000_000).returncode, 1)
        self.assertEqual(answers("x" * 100_000 + "\n" + CLEAN.read_text()), answers(CLEAN.read_text()))

    def test_first_lines_that_go_on_and_on(self):
        text = "A" * 4000 + ": page\n" + ("allocation " + "B" * 4000 + "\n") * 3 + CLEAN.read_text()
        self.assertEqual(len(answers(text)), 1)

    def test_numbers_beyond_all_memory(self):
        zone = "Node 0 Normal free:999999999999999999kB min:999999999999999999kB low:1kB high:1kB\n"
        lists = "Node 0 Normal: " + " ".join(f"999999999999999999*{4 << n}kB" for n in range(20)) + " = 1kB\n"
        got = answers("x: page allocation failure: order:15, mode:0xd0\n" + zone + lists, "--kernel", "3.10")
        self.assertTrue(all(abs(got[0]["zones"][0][key] or 0) < 1 << 62 for key in ("free", "usable", "blocks")))

    def test_files_do_not_tell_of_each_other(self):
        with tempfile.TemporaryDirectory() as work:
            paths = [Path(work) / "1", Path(work) / "2"]
            paths[0].write_text("Linux version 3.10.0 (x)\nPM: suspend entry (deep)\n")
            paths[1].write_text("x: page allocation failure: order:0, mode:0x100c02(GFP_NOIO|__GFP_HIGHMEM|"
                                "__GFP_HARDWALL), nodemask=(null)\n")
            got = why(b"", "--json", *map(str, paths))
        answer = json.loads(got.stdout)
        self.assertEqual((answer["kernel"], answer["reason"]), (None, "unknown"))

    def test_no_report_in_it(self):
        for text in (b"", b"\0\1\2" * 1000, b"We saw a page allocation failure on some machine.\n"):
            got = why(text)
            self.assertEqual((got.returncode, got.stdout), (1, b""))
            self.assertIn(b"no report", got.stderr)

    def test_usage(self):
        for arguments in (["--jsno"], ["/nosuch"], ["--kernel", "six"], ["--kernel"], ["/"], ["--json", "--redact"]):
            got = why(b"", *arguments)
            self.assertEqual((got.returncode, got.stdout), (2, b""), arguments)
            self.assertTrue(got.stderr)

    def test_numbers_that_contradict_each_other(self):
        text = CLEAN.read_text().replace("managed:", "managed:-")
        self.assertEqual(len(answers(text)), 1)


class Private(unittest.TestCase):
    """Names that stand where reports have them do not come out."""
    LINES = (
        "alice-app: page allocation failure: order:4, mode:0x40dc0(GFP_KERNEL|__GFP_COMP|__GFP_ZERO), "
        "nodemask=(null),cpuset=alice.slice,mems_allowed=0",
        "CPU: 1 UID: 1000 PID: 3 Comm: alice-app Not tainted 6.12.0 #1",
        "Hardware name: alice/alice, BIOS 1.0",
        "Call Trace:", " warn_alloc+0x1/0x2", " foo_ioctl+0x1/0x2 [foo]", "Does alice know ?",
        "sshd[7]: Accepted password for alice from 10.0.0.1 port 22",
        "Killed process 77 (alice, app) total-vm:1kB, anon-rss:1kB",
        "Out of memory: Kill process 77 (alice) score 1 or sacrifice child",
        "oom_reaper: reaped process 77 (alice), now anon-rss:0kB",
        "oom_reaper: unable to reap pid:77 (alice)",
        "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=alice.slice,mems_allowed=0,"
        "global_oom,task_memcg=/user.slice/alice x,task=alice,pid=77,uid=1000",
        "Mem-Info:", "Node 0 Normal free:1000kB min:2000kB low:2500kB high:3000kB managed:100000kB",
        "SLUB: Unable to allocate memory on node -1, gfp=0xcc0(GFP_KERNEL)",
        "  cache: kmalloc-1k(123:alice.scope), object size: 1024, buffer size: 1024, min order: 0",
    )

    def test_planted_names(self):
        for prefix in ("", "[    1.000000] ", "Nov 29 10:00:00 alicehost kernel: [    1.000000] ",
                       "2026-11-29T10:00:00 alicehost kernel: ", "alicehost: [Sun Nov 29 10:00:00 2026] "):
            got = why("".join(f"{prefix}{line}\n" for line in self.LINES).encode(), "--redact")
            self.assertEqual(got.returncode, 0)
            self.assertIn(b"order:4, mode:0x40dc0(GFP_KERNEL|__GFP_COMP|__GFP_ZERO)", got.stdout)
            self.assertNotIn(b"alice", got.stdout, prefix)
            self.assertNotIn(b"10.0.0.1", got.stdout)


class Asked(unittest.TestCase):
    def gfp(self, line: str, *arguments: str) -> list[str]:
        return sorted(answers(f"x: page allocation failure: order:0, mode:{line}\n", *arguments)[0]["gfp"])

    def test_bits_of_each_age(self):
        for release, mask, names in (
                ("2.6.32", "0x20", ["GFP_ATOMIC"]), ("2.6.32", "0xd0", ["GFP_KERNEL"]),
                ("3.10", "0x4020", ["GFP_ATOMIC", "__GFP_COMP"]), ("3.2", "0x2000d0", ["GFP_KERNEL"]),
                ("4.4", "0x2080020", ["GFP_ATOMIC"]), ("4.4", "0x24000c0", ["GFP_KERNEL"]),
                ("4.9", "0x24200ca", ["GFP_HIGHUSER_MOVABLE"]), ("4.14", "0x14000c0", ["GFP_KERNEL"]),
                ("4.19", "0x480020", ["GFP_ATOMIC"]), ("4.19", "0x6200ca", ["GFP_HIGHUSER_MOVABLE"]),
                ("5.4", "0xa20", ["GFP_ATOMIC"]), ("5.15", "0x100cca", ["GFP_HIGHUSER_MOVABLE"]),
                ("6.6", "0x820", ["GFP_ATOMIC"]), ("6.12", "0x40dc0", ["GFP_KERNEL", "__GFP_COMP", "__GFP_ZERO"])):
            self.assertEqual(self.gfp(mask, "--kernel", release), names, (release, mask))

    def test_names_decide_where_a_vendor_moved_bits(self):
        text = "x: page allocation failure: order:0, mode:0x6000c0(GFP_KERNEL)\n" \
               "CPU: 0 PID: 1 Comm: x Not tainted 4.18.0-553.el8.x86_64 #1\n"
        self.assertEqual(answers(text)[0]["gfp"], ["GFP_KERNEL"])

    def test_a_release_chooses_the_family(self):
        for release, family in (("2.6.32", "2.6.32"), ("3.10", "3.7"), ("4.18", "4.15"), ("6.1.115", "5.10"),
                                ("6.1.116", "6.1"), ("6.2", "5.10"), ("6.6", "6.3"), ("7.1", "7.2"), ("8.0", "7.3")):
            got = answers("x: page allocation failure: order:0, mode:0x20\n", "--kernel", release)
            self.assertEqual(got[0]["family"], family, release)


if __name__ == "__main__":
    unittest.main()
