# SPDX-License-Identifier: GPL-2.0
"""scripts/why: the reports of selftests/corpus, each with its answer worked out by hand, and what
damages reports on their way."""
from __future__ import annotations

import html
import json
import quopri
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
        for key in ("family", "wouldpass", "unknown"):      # where they are what a report is here for
            self.assertEqual(got[key], want.get(key, got[key]), key)

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
        self.same("<pre>" + html.escape(self.text).replace("\n", "&#xA;") + "</pre>")
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

    def test_html_within_quoted_printable(self):
        lines = [f'<div dir="ltr" style="a">{html.escape(line)}</div>' for line in self.text.splitlines()]
        text = "<p>\n" + "".join(lines).replace("] ", "]&nbsp;\xa0").replace("*", "&#42;")
        self.same(quopri.encodestring(text.encode("latin-1")))
        self.same(quopri.encodestring(text.encode()))

    def test_encoded_twice(self):
        self.same(self.text.replace("=", "=3D3D"))
        self.same(self.text.replace("nodemask=(null)", "nodemask&#61;3D(null)"))

    def test_numbers_are_not_quoted_printable(self):
        got = answers("x invoked oom-killer: gfp_mask=0xd0, order=10, oom_score_adj=20\n" + "=" * 70 +
                      "\nCPU: 1 PID: 20 Comm: x Not tainted 3.10.0 #1\n")
        self.assertEqual((got[0]["order"], got[0]["kernel"]), (10, "3.10.0"))

    def test_markdown_that_ate_the_asterisks(self):
        self.same(self.text.replace("*", ""))
        self.same(self.text.replace("*", "_"))

    def test_free_lists_that_have_a_line_for_each_count(self):
        self.same(re.sub(r"(?m)^(\[[ .0-9]+\] )(.*: )(\d+\*4kB.*)$",
                         lambda m: m[1] + m[2] + "".join("\n" + m[1] + word for word in m[3].split(" ")), self.text))

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

    def test_no_report_is_an_object_too(self):
        for arguments, text in (((), b"x"), (("/dev/null", "-"), b"")):
            got = why(text, "--json", *arguments)
            self.assertEqual(got.returncode, 1)
            self.assertEqual([(one["type"], one["command"], one["status"]) for one in map(json.loads, got.stdout.splitlines())],
                             [("error", "why", 1)])
            self.assertIn("no report", json.loads(got.stdout)["reason"])
        self.assertEqual([one["type"] for one in answers(CLEAN.read_text(), str(CLEAN), "-")], ["why", "why"])

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
            self.assertEqual(got.returncode, 2, arguments)
            if "--json" in arguments:
                self.assertEqual(json.loads(got.stdout)["type"], "error")
            else:
                self.assertEqual(got.stdout, b"", arguments)
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


class Marks(unittest.TestCase):
    """Where a page more or less decides."""
    ZONE = "{node}{zone} free:{free}kB min:4000kB low:5000kB high:6000kB present:900000kB\nlowmem_reserve[]: 0 0 0\n"

    def report(self, *zones, first="order:0, mode:0xd0", lists=""):
        """Of zones (node, name, free pages)."""
        text = f"x: page allocation failure: {first}\n"
        for node, zone, free in zones:
            text += self.ZONE.format(node=f"Node {node} ", zone=zone, free=free * 4)
        for node, zone, free in zones:
            text += f"Node {node} {zone}: {lists or f'{free}*4kB'} = {free * 4}kB\n"
        return text

    def test_two_pages_more_from_2_6_38_to_3_2(self):
        for release, takes in (("2.6.37", 0), ("2.6.38", 2), ("3.2", 2), ("3.3", 0), ("3.7", 0)):
            for free, short in ((1000 + takes, 1), (1001 + takes, 0)):
                got = answers(self.report((0, "Normal", free)), "--kernel", release)[0]
                self.assertEqual((got["zones"][0]["usable"], got["zones"][0]["short_by"], got["reason"]),
                                 (free - takes, short, "below_mark" if short else "recovered"), release)

    def test_two_pages_more_at_an_order(self):
        # without blocks of order 0, 501 pages are above the half of 1000; with two more taken off, 499 are not
        text = self.report((0, "Normal", 1102), first="order:1, mode:0xd0", lists="600*4kB 251*8kB")
        self.assertEqual(answers(text, "--kernel", "3.3")[0]["reason"], "recovered")
        self.assertEqual(answers(text, "--kernel", "3.2")[0]["reason"], "fragmented")
        self.assertIn(b"without blocks of order 0: 499 <= 500, the mark halved\n",
                      why(text.encode(), "--kernel", "3.2").stdout)

    def test_zones_are_tried_from_the_preferred_one_on(self):
        lists = "1200*4kB 0*8kB 0*16kB"
        both = [(0, "DMA", 1200), (0, "Normal", 1200), (1, "Normal", 1200)]
        got = answers(self.report(*both, first="order:2, mode:0xd0", lists=lists), "--kernel", "3.10")[0]
        self.assertIn("order 0 (4 kB at a time) instead of 2, from Node 0 Normal", got["wouldpass"])
        got = answers(self.report(*both), "--kernel", "3.10")
        self.assertIn(b"(Node 0 Normal)", why(self.report(*both).encode(), "--kernel", "3.10").stdout)

    def test_one_node_alone(self):
        text = self.report((0, "Normal", 1200), (1, "Normal", 990),
                           first="order:0, mode:0x6412c0(GFP_KERNEL|__GFP_THISNODE|__GFP_NORETRY)")
        self.assertEqual(answers(text, "--kernel", "4.19")[0]["wouldpass"][0], "11 more free pages (44 kB) in Node 1 Normal")


class Ends(unittest.TestCase):
    """What is not a report's does not become its."""
    FIRST = "x: page allocation failure: order:4, mode:0x20\nCall Trace:\n [<c0000001>] foo+0x1/0x2\n"
    SLAB = "SLUB: Unable to allocate memory on node -1 (gfp=0x20)\n  cache: z, object size: 8, min order: 0\n"
    TASK = "Pid: 77, comm: y Not tainted 2.6.39 #1\nCall Trace:\n [<c0000001>] bar+0x1/0x2\n"

    def test_what_begins_behind_it(self):
        for line in ("BUG: unable to handle kernel NULL pointer dereference at 00000008", "Oops: 0000 [#1] SMP",
                     "------------[ cut here ]------------", "general protection fault: 0000 [#1]",
                     "Unable to handle kernel paging request at virtual address 0", "kernel BUG at mm/slub.c:1!",
                     "Internal error: Oops: 17 [#1] ARM", "INFO: task y:77 blocked for more than 120 seconds.", ""):
            got = answers(self.FIRST + line + "\n" + self.TASK + self.SLAB + line + "\n" + self.TASK)
            self.assertEqual([(one["kernel"], one["caller"]) for one in got], [(None, "foo"), (None, None)], line)
        self.assertNotIn(b"(y)", why((self.SLAB + self.TASK).encode()).stdout)

    def test_a_release_that_is_not_there(self):
        got = answers("x: page allocation failure: order:4, mode:0x20\nPid: 1, comm: x Tainted #1\nother 3.2.1 #2\n")
        self.assertIsNone(got[0]["kernel"])

    def test_a_release_that_was_wrapped(self):
        got = answers("x: page allocation failure: order:4, mode:0x20\nPid: 1, comm: x Tainted: P\n 3.2.1 #2\n")
        self.assertEqual(got[0]["kernel"], "3.2.1")


class Traces(unittest.TestCase):
    def trace(self, *lines, mode="0x20"):
        text = f"x: page allocation failure: order:4, mode:{mode}\nCall Trace:\n" + "".join(f"{line}\n" for line in lines)
        got = answers(text, "--kernel", "3.10")[0]
        return got["context"], got["caller"]

    def test_decoded(self):
        for lines in (["warn_alloc (mm/page_alloc.c:3391) ", "? bar (a/b.c:1)", "foo (include/a.h:1 (discriminator 3) a/b.c:2)"],
                      ["__alloc_pages+0x1/0x2 ", "foo (a/b-c.c:12) foo"], ["warn_alloc (??:?)", "kmalloc (a.c:1) [foo]"],
                      ["dump_stack from warn_alloc (mm/page_alloc.c:3391)", "warn_alloc from foo (a/b.c:2)", "foo from b (c.c:1)"]):
            self.assertEqual(self.trace(*lines), ("atomic", "kmalloc" if "[foo]" in lines[-1] else "foo"))

    def test_no_frames(self):
        self.assertEqual(self.trace("a driver (foo.c:12) failed", "driver (foo.c:12): failed", "driver (at 1:2)"),
                         ("atomic", None))

    def test_an_interrupt_that_is_over(self):
        old = [" ? __alloc_pages_nodemask+0x1/0x2", " ? {}+0x1/0x2", " ? __kmalloc+0x1/0x2", " ? foo+0x1/0x2"]
        for name in ("apic_timer_interrupt", "do_IRQ", "__do_softirq"):
            self.assertEqual(self.trace(*(line.format(name) for line in old)), ("atomic", "foo"))
        self.assertEqual(self.trace(old[0], old[3], " ? net_rx_action+0x1/0x2", " ? __do_softirq+0x1/0x2"), ("softirq", "foo"))
        self.assertEqual(self.trace(" <IRQ>", old[0], old[3], " ? do_IRQ+0x1/0x2", " <EOI>"), ("hardirq", "foo"))
        self.assertEqual(self.trace(" __kmalloc+0x1/0x2", " foo+0x1/0x2", " do_IRQ+0x1/0x2"), ("hardirq", "foo"))


class Vmalloc(unittest.TestCase):
    def test_first_lines_that_were_wrapped(self):
        lines = ("x: vmalloc: allocation failure, allocated 8192 of 20480 bytes, mode:0xcc0(GFP_KERNEL), nodemask=(null)",
                 "x: vmalloc error: size 20480, vm_struct allocation failed, mode:0xcc0(GFP_KERNEL), nodemask=(null)",
                 "x: vmalloc error: size 20480, page order 0, failed to allocate pages, mode:0xcc0(GFP_KERNEL), nodemask=(null)")
        for line in lines:
            want = answers(line)
            blanks = [at for at, char in enumerate(line) if char == " "]
            wrapped = "".join(f"{line[:at]}\n{line[at + 1:]}\nBUG: another\n" for at in blanks)
            self.assertEqual(answers(wrapped), want * len(blanks))
            self.assertEqual((want[0]["kind"], want[0]["gfp"]), ("vmalloc", ["GFP_KERNEL"]))

    def test_sizes_that_are_refused(self):
        line = "x: vmalloc: allocation failure: {} bytes, mode:0xcc0(GFP_KERNEL)\n1000000 pages RAM\n"
        for size, reason, says in ((0, "unknown", b"the size was 0"), (8 << 30, "unknown", b"larger than all memory"),
                                   (1 << 30, "address_space", b"a vmalloc of 1073741824 bytes")):
            self.assertEqual(answers(line.format(size), "--kernel", "5.5")[0]["reason"], reason)
            self.assertIn(says, why(line.format(size).encode(), "--kernel", "5.5").stdout)


class Text(unittest.TestCase):
    """The text for people."""
    def said(self, text, *arguments):
        return why(text.encode(), *arguments).stdout.decode()

    def test_no_more_than_json_has(self):
        text = "Mem-Info:\nNode 0 Normal free:960kB min:2688kB low:3328kB high:3968kB\nlowmem_reserve[]: 0 0\n"
        self.assertIn("Node 0 Normal  free 240 -> unknown\n", self.said(text))
        self.assertIsNone(answers(text)[0]["zones"][0]["short_by"])

    def test_a_slab_cache_and_its_cgroup(self):
        text = "SLUB: Unable to allocate memory on node -1 (gfp=0x20)\n  cache: {}, object size: 8, min order: 0\n"
        self.assertIn(f"cache {'a' * 60}...\n", self.said(text.format("a" * 70)))
        self.assertIn("cache a, that of the memory cgroup b\n", self.said(text.format("a(12:b)")))
        self.assertIn(f"cache a, that of the memory cgroup {'b' * 60}...\n", self.said(text.format(f"a(12:{'b' * 64})")))
        self.assertIn("cache a(b)\n", self.said(text.format("a(b)")))

    def test_gfp_nowait_by_its_old_name(self):
        text = "x: page allocation failure: order:0, mode:0x0\n"
        self.assertIn("was GFP_NOWAIT to 6.6", self.said(text, "--kernel", "2.6.32"))
        self.assertNotIn("GFP_NOWAIT", self.said(text.replace("0x0", "0x20"), "--kernel", "2.6.32"))

    def test_a_page_fault_without_its_request(self):
        text = "x invoked oom-killer: gfp_mask=0x0(), order=0, oom_score_adj=0\nCall Trace:\n pagefault_out_of_memory+0x1/0x2\n"
        self.assertEqual(answers(text)[0]["reason"], "unknown")
        self.assertIn("its request is not printed", self.said(text))
        self.assertEqual(answers(text + "Memory cgroup out of memory: Kill process 1 (x) score 1 or sacrifice child\n")[0]["reason"],
                         "memcg")

    def test_blocks_are_listed(self):
        text = "x: page allocation failure: order:1, mode:0xd0\nNormal free:40kB min:400kB low:500kB high:600kB\n" \
               "Normal: 2*4kB 2*8kB 1*16kB = 40kB\n"
        self.assertIn("blocks: 2 of order 1, 1 of order 2\n", self.said(text, "--kernel", "3.10"))


if __name__ == "__main__":
    unittest.main()
