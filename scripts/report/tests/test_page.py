# SPDX-License-Identifier: GPL-2.0
"""The page of scripts/report: it has the numbers of the results, and what they hold is text."""
import html.parser
import json
import re
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as xml
from pathlib import Path

import charts
import page
import schema
import verdicts
import walk
from tests import REPORTS, folder, run
from tests.test_compare import FILES
from tests.test_format import HERE, converted, lines_of, validate

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)> $x_1$ & \"'\x1b{{ 7*7 }}"
VOID = {"meta", "link", "img", "br", "wbr"}


def results():
    """One of each type."""
    found = converted("environment", lines_of("environment"))
    for job in ("squeezed", "reclaims"):
        for kind, file in (("job", "set"), ("status", "status"), ("summary", "summary"), ("histogram", "histogram"),
                           ("records", "records"), ("explain", "explain")):
            found += converted(kind, lines_of(f"{job}/{file}"))
    next(one for one in found if one["type"] == "job")["title"] = HOSTILE
    found += converted("explain", lines_of("over.explain"))
    found += [schema.make("answer", {"kernel": "6.1", "request": HOSTILE, "requests": 17, "order": 3, "result": "ok",
                                     "stage": "slow", "source": "pcp", "reserve": "nonblock", "page_nid": 1,
                                     "zone": "Normal", "latency_ns.median": 4321, "latency_ns.max": 8765, "first": 1,
                                     "why": "node 1 Normal had 77 usable pages"})]
    found += [schema.make("error", {"reason": HOSTILE}),
              verdicts.case("6.1", "zones.sh", "Z1 " + HOSTILE, "failed"),
              verdicts.suite("6.1", "zones.sh", [])]
    with folder("compare"):
        got = run("compare.py", "--form", "json", *(f"changed/{file}" for file in FILES))
    got.check_returncode()
    found += [json.loads(line) for line in got.stdout.splitlines()]
    with folder("bench"):
        found += [json.loads(line) for line in run("bench.py", "--form", "json", "6.1-1.raw").stdout.splitlines()]
    corpus = REPORTS.parent.parent / "selftests" / "corpus" / "6.7-order5-highatomic.txt"
    why = subprocess.run([REPORTS.parent / "why", "--json", str(corpus)], capture_output=True, check=True).stdout
    watch = subprocess.run([REPORTS.parent / "watch", "--json", "--from", str(HERE.parent / "watch")], capture_output=True,
                           check=True).stdout
    return found + [json.loads(line) for line in (why + watch).splitlines()]


def page_of(found, name="results.json"):
    """The command's output, error and status."""
    with tempfile.TemporaryDirectory() as work:
        file = Path(work) / name
        file.write_text("".join(schema.line_of(one) + "\n" for one in found))
        got = run("page.py", str(file))
    return got.stdout.decode(), got.stderr.decode(), got.returncode


def made(found):
    """The page alone, without a process of its own."""
    results_ = page.Results()
    for one in found:
        results_.take(page.cleaned(one))
    return page.page_of(page.view_of(results_, ["x"]))


class Reader(html.parser.HTMLParser):
    """The text of a page, what it would fetch, and elements that are not closed."""
    def __init__(self, text):
        super().__init__()
        self.text, self.links, self.open, self.scripts = [], [], [], 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.scripts += tag == "script"
        self.links += [value for key, value in attrs if key in ("src", "href", "xlink:href", "srcset", "action")]
        self.links += [key for key, _ in attrs if key.startswith("on")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        self.text.append(data)


class Pages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.found = results()
        cls.page, cls.error, cls.status = page_of(cls.found)
        cls.read = Reader(cls.page)
        cls.text = " ".join(" ".join(cls.read.text).split())

    def test_is_made_of_valid_results(self):
        for one in self.found:
            if HOSTILE not in json.dumps(one):
                validate(one)
        self.assertEqual((self.status, self.error), (0, ""))
        self.assertEqual({one["type"] for one in self.found}, set(schema.document()["properties"]["type"]["enum"]))

    def test_is_whole_small_and_alone(self):
        self.assertEqual(self.read.open, [])
        self.assertLess(len(self.page), 2000000)
        self.assertEqual([link for link in self.read.links if not re.match(r"#|data:,$", link)], [])
        self.assertNotRegex(self.page, r"url\((?!#)|@import|http-equiv=\"refresh")

    def test_what_results_hold_is_text(self):
        self.assertEqual(self.read.scripts, 1)
        self.assertNotIn("<img", self.page)
        self.assertNotIn("\x1b", self.page)
        self.assertIn("{{ 7*7 }}", self.text)
        self.assertGreaterEqual(self.text.count("<script>alert(1)</script>"), 3)

    def test_pictures_are_well_formed(self):
        pictures = re.findall(r"<svg.*?</svg>", self.page, re.DOTALL)
        self.assertGreaterEqual(len(pictures), 9)
        for picture in pictures:
            xml.fromstring(picture.replace("<svg", '<svg xmlns:xlink="http://www.w3.org/1999/xlink"', 1)
                           if "xmlns:xlink" not in picture else picture)
            self.assertNotRegex(picture, "#0102|#0103|#0104|nan|math")

    def test_shows_the_numbers(self):
        runs = [one for one in self.found if one["type"] == "run"]
        numbers = [str(sum(one["requests"] for one in runs))]
        for one in runs:
            numbers += [str(one["squeeze.reached"])] + list(map(str, one["squeeze.reached.free_area"]))
            numbers += [f"min {one['squeeze.min']}"]
        for one in self.found:
            if one["type"] == "compare" and one["measured"] == "path":
                numbers.append(str(one["b_instructions"] or "unknown"))
            elif one["type"] == "bench" and one["figure"]:
                numbers.append(str(one["figure"]))
            elif one["type"] == "why":
                numbers += [str(zone["free"]) for zone in one["zones"]]
            elif one["type"] == "record":
                numbers.append(one["predicted"])
            elif one["type"] == "answer":
                numbers += [one["why"], "4.32 us"]
        for number in numbers:
            self.assertIn(number, self.text)

    def test_walk_has_its_checks(self):
        one = converted("explain", (HERE.parent / "explain" / "6.1.txt").read_text().split("#### ")[3]
                        .splitlines()[1:])[0]
        drawn = walk.svg_of(one)
        self.assertEqual(drawn.count('class="turned"'), 2 * 3)
        self.assertEqual(drawn.count('class="fails"'), 2)
        said = " ".join(" ".join(xml.fromstring(drawn).itertext()).split())
        self.assertIn("free 1780 - 31 unusable", said)
        self.assertIn("prediction: slow/none/none/failed", said)
        # A character of 10 px is 6.02 px wide.
        for x, line in re.findall(r'<tspan x="([0-9]+)"[^>]*>([^<]*)<', drawn):
            self.assertLessEqual(int(x) + 6.02 * len(html.unescape(line)), walk.WIDTH, line)

    def test_heads_stand_where_their_columns_do(self):
        tables = re.findall(r"<table.*?</table>", self.page, re.DOTALL)
        seen = 0
        for table in tables:
            heads = re.findall(r'<th scope="col"( class="number")?>([^<]*)<', table)
            for row in re.findall(r"<tr[^>]*>(?!<th)(.*?)</tr>", table, re.DOTALL):
                cells = re.findall(r"<td( class=\"number\")?", row)
                self.assertEqual(len(cells), len(heads), row)
                for (head, name), cell, text in zip(heads, cells, re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)):
                    if text not in ("unknown", "none"):
                        self.assertEqual(bool(head), bool(cell), f"{name}: {text}")
                        seen += 1
        self.assertGreater(seen, 100)

    def test_legend_is_read_along_its_lines(self):
        parts = ["fast", "slow", "compact", "reclaim", "rejected"]
        drawn = charts.stacked(["a"], {part: [1] for part in parts})
        at = {part: tuple(map(float, re.search(r'x="([0-9.]+)" y="([0-9.]+)"[^>]*>' + part, drawn).groups()))
              for part in parts}
        self.assertEqual(sorted(parts, key=lambda part: (at[part][1], at[part][0])), parts)


def style_of(text, within):
    """Colours of words that a style sheet has, of the rule that begins so."""
    rule = text[text.index(within):]
    return dict(re.findall(r"--of-([a-z]+): (#[0-9a-f]{6});", rule[:rule.index("}")]))


def luminance(colour):
    """As WCAG has it."""
    parts = [int(colour[at:at + 2], 16) / 255 for at in (1, 3, 5)]
    return sum(share * (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
               for share, part in zip((0.2126, 0.7152, 0.0722), parts))


def table_of(text, heading):
    """The first table behind a heading: its heads, and the rows as texts."""
    table = re.search(r"<table.*?</table>", text[text.index(f'<h2 id="{heading}"'):], re.DOTALL).group()
    rows = [[" ".join(re.sub("<[^>]*>", "", cell).split()) for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL)]
            for row in re.findall(r"<tr.*?</tr>", table, re.DOTALL)]
    return rows[0], [dict(zip(rows[0], row)) for row in rows[1:]]


def a_run(title, release=None, stage="fast", median=1023):
    """A request as `ask` has it, with the environment before it if it is the first of a kernel."""
    found = [schema.make("environment", {"release": release})] if release else []
    run_ = {"requests": 1, "ok": 1, "failed": 0, "rejected": 0}
    if stage == "rejected":
        run_.update(ok=0, rejected=1)
    return found + [schema.make("job", {"title": title, "entry": "alloc_pages", "order": "9",
                                        "gfp": "GFP_KERNEL|__GFP_NOWARN|__GFP_NORETRY|__GFP_THISNODE"}),
                    schema.make("run", {**run_, f"stage.{stage}": 1}),
                    schema.make("histogram", {"stage": stage, "order": 9, "le_ns": median, "count": 1})]


def watched(*times, kernel="6.1"):
    """Looks of `watch` at a machine, which has fewer free pages each time."""
    zone = {"node": 1, "zone": "Normal", "min": 4269, "low": 5336, "high": 6403, "managed": 88168, "blocks": [7, 8, 999]}
    job = {"job": "busy", "state": "running", "done": 2500, "total": 10000, "held_pages": 512, "memory_kb": 2100, "inside": 1,
           "requests_per_second": 512.5, "left_s": 15.0, "stages": {"fast": 2400, "slow": 100}}
    return [schema.make("watch", {"time_s": time, "kernel": kernel, "zones": [{**zone, "free": 70000 - number}], "jobs": [job]})
            for number, time in enumerate(times)]


class Watched(unittest.TestCase):
    def test_one_look(self):
        text, error, status = page_of(watched(1700000000))
        self.assertEqual((status, error), (0, ""))
        self.assertIn("6.1, 2023-11-14 22:13:20 UTC", text)
        self.assertIn("Zone 1:Normal", text)
        heads, rows = table_of(text, "memory")
        self.assertEqual((heads, rows[2]), (["order", "22:13:20"], {"order": "2", "22:13:20": "999"}))
        job, = table_of(text, "watch")[1]
        self.assertEqual((job["job"], job["state"], job["done"], job["a second"], job["stages"]),
                         ("busy", "running", "2500", "512.5", "fast 2400, slow 100"))
        self.assertIn(">70000<", text)

    def test_many_looks_are_one_picture_of_some(self):
        looks = watched(*range(1700000000, 1700000600, 2))
        for one in looks:
            validate(one)
        text = made(looks)
        self.assertEqual(text.count("<svg"), 1)
        self.assertIn("3 of 300 looks", text)
        self.assertIn("the first 200 of 300 looks", text)
        self.assertEqual(table_of(text, "memory")[0], ["order", "22:13:20", "22:18:18", "22:23:18"])
        self.assertLess(len(text), 200000)

    def test_machines_are_told_apart(self):
        text = made(watched(1, 2) + watched(3, kernel="6.12"))
        self.assertEqual(text.count("<svg"), 2)
        self.assertIn("6.1, 1970-01-01 00:00:01 UTC to 1970-01-01 00:00:02 UTC, 2 of 2 looks", text)
        self.assertIn("6.12, 1970-01-01 00:00:03 UTC", text)

    def test_a_clock_may_say_anything(self):
        self.assertIn(f"6.1, {10 ** 18}s", made(watched(10 ** 18)))


class Kernels(unittest.TestCase):
    def test_several_are_told_apart(self):
        text = made(a_run("order=9", "6.1.0-57") + a_run("order=9") + a_run("order=9", "6.12.117", median=65535))
        heads, rows = table_of(text, "requests")
        self.assertEqual(heads[:3], ["#", "kernel", "what"])
        self.assertEqual([(row["#"], row["kernel"]) for row in rows], [("1", "6.1.0-57"), ("2", "6.1.0-57"), ("3", "6.12.117")])
        for label in ("1. 6.1.0-57: order=9", "2. 6.1.0-57: order=9", "3. 6.12.117: order=9"):
            self.assertEqual(text.count(f">{label}<"), 2)
        _, rows = table_of(text, "latency")
        self.assertEqual([(row["kernel"], row["median at most"], row["requests"]) for row in rows],
                         [("6.1.0-57", "1.02 us", "2"), ("6.12.117", "65.5 us", "1")])
        self.assertEqual(re.findall(r"<h3>([0-9.-]+)</h3><figcaption>The limit", text), ["6.1.0-57", "6.12.117"])

    def test_one_needs_no_name(self):
        text = made(a_run("order=9", "6.1.0-57") + a_run("4 pages"))
        self.assertNotIn("kernel", table_of(text, "requests")[0] + table_of(text, "latency")[0])
        self.assertEqual(text.count(">1. order=9<") + text.count(">2. 4 pages<"), 4)
        self.assertEqual(text.count("<figcaption>The limit"), 1)

    def test_a_file_without_an_environment_is_of_an_unknown_one(self):
        results_ = page.Results()
        for file in (a_run("a", "6.1") + a_run("b", "6.12"), a_run("c")):
            results_.new_file()
            for one in file:
                results_.take(one)
        self.assertEqual([results_.name(job) for job in results_.jobs], ["1. 6.1: a", "2. 6.12: b", "3. unknown kernel: c"])


class Requests(unittest.TestCase):
    def test_what_became_of_them_comes_first(self):
        text = made(a_run("order=11", stage="rejected"))
        heads, (row,) = table_of(text, "requests")
        self.assertEqual(heads[:8], ["#", "what", "requests", "ok", "failed", "rejected", "stages", "sources"])
        self.assertEqual([row[head] for head in heads[2:7]], ["1", "0", "0", "1", "rejected 1"])

    def test_names_part_where_they_are_joined(self):
        self.assertIn("alloc_pages GFP_KERNEL|<wbr>__GFP_NOWARN|<wbr>__GFP_NORETRY|<wbr>__GFP_THISNODE order 9",
                      made(a_run("x")))
        self.assertEqual(page.breaks("<b>|&"), "&lt;b&gt;|<wbr>&amp;")


class Colours(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.page = made(a_run("x"))

    def test_each_word_has_its_own(self):
        words = {*charts.STAGES, *charts.SOURCES, *charts.MOMENTS}
        for within, paper in ((":root", "#ffffff"), ("@media screen and (prefers-color-scheme: dark)", "#15171a")):
            colours = style_of(self.page, within)
            self.assertEqual(set(colours), words)
            self.assertEqual(len(set(colours.values())), len(words))
            # Numbers on them have the colour of the paper.
            for word in {*charts.STAGES, *charts.SOURCES}:
                light, dark = sorted((luminance(colours[word]), luminance(paper)), reverse=True)
                self.assertGreaterEqual((light + 0.05) / (dark + 0.05), 4.5, word)
            for word in ("none", "unknown"):
                parts = [int(colours[word][at:at + 2], 16) for at in (1, 3, 5)]
                self.assertLess(max(parts) - min(parts), 32, word)

    def test_a_word_has_the_same_in_each_picture(self):
        for parts in (["none", "pcp"], ["pcp", "none"], ["fast", "none", "pcp"]):
            drawn = charts.stacked(["a"], {part: [1] for part in parts})
            self.assertEqual(re.findall(r"fill: var\(--of-([a-z]+)\)", drawn)[:len(parts)], parts)


class Labels(unittest.TestCase):
    def test_are_whole_if_two_lines_hold_them(self):
        title = "6. 4 MB of reclaimable memory: no free block of that kind, so one of another is stolen"
        lines = charts.lines_of(title)
        self.assertEqual((len(lines), " ".join(lines)), (2, title))
        self.assertEqual(charts.lines_of(""), [""])
        cut = charts.lines_of("word " * 100)
        self.assertEqual((len(cut), cut[1][-1]), (2, "\u2026"))
        self.assertLessEqual(max(map(len, cut)), charts.ABOVE)


class Changes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        way = {"a_kernel": "6.1", "b_kernel": "6.12", "measured": "path", "result": "ok", "stage": "slow", "source": "refill"}
        cls.text = made([
            schema.make("compare", {**way, "scenario": name, "a_instructions": 1000, "b_instructions": 1000 + change,
                                    "change_instructions": change, "change_percent": change / 10, "noise_instructions": noise,
                                    "changed": changed})
            for name, change, noise, changed in (("worse", 70, 3, True), ("noisy", -61, 573, False), ("same", 0, 2, False))])

    def test_noise_is_told_from_changes(self):
        heads, rows = table_of(self.text, "changes")
        self.assertEqual(heads, ["path", "A", "B", "change", "%", "noise"])
        self.assertEqual([(row["change"], row["%"], row["noise"]) for row in rows],
                         [("70", "7.0", "3"), ("~ -61", "~ -6.1", "573"), ("0", "0.0", "2")])
        self.assertIn("~: within the noise", self.text)
        self.assertEqual(re.findall(r'<tr class="([a-z]*)">', self.text), ["worse", "noise", ""])

    def test_so_are_bars(self):
        self.assertEqual([word.strip().replace("\u2212", "-") for word in re.findall(r">( ~?[+\u2212-][0-9.]+ )<", self.text)],
                         ["+7.0", "~-6.1", "+0.0"])

    def test_failures_alone_are_shown(self):
        text = made([schema.make("compare", {"measured": "failures", "a_kernel": "6.1", "b_kernel": "6.12",
                                                           "scenario": "x", "a_failed": 1, "b_failed": 2, "a_requests": 3,
                                                           "b_requests": 4, "changed": True})])
        self.assertIn("x: 1 of 3 requests failed, then 2 of 4", text)


class Answers(unittest.TestCase):
    @staticmethod
    def asked(title, release, why, source="pcp"):
        """A request of a kernel with its walk, its record and its answer."""
        way = {"order": 9, "result": "ok", "stage": "fast", "source": source, "reserve": "none", "page_nid": 0, "zone": "DMA32"}
        return [schema.make("environment", {"release": release}), schema.make("job", {"title": title, "order": "9"}),
                schema.make("record", {**way, "source": "buddy", "latency_ns": 1, "predicted": "fast/buddy/0:DMA32/ok"}),
                schema.make("record", {**way, "latency_ns": 2, "predicted": f"fast/{source}/0:DMA32/ok"}),
                schema.make("explain", {"call": "alloc_pages(GFP_KERNEL, order 9)", "steps": [{"depth": 0, "text": "step"}],
                                        "prediction": {"stages": ["fast"], "sources": [source], "places": ["0:DMA32"],
                                                       "results": ["ok"]}}),
                schema.make("answer", {**way, "kernel": release, "request": title, "requests": 1, "first": 2, "why": why,
                                       "latency_ns.median": 2, "latency_ns.max": 2})]

    def test_stand_beside_their_walks(self):
        text = made(self.asked("order=9", "6.1", "it was <so>") + self.asked("order=9", "6.12", "it was different", "refill"))
        said = [" ".join(re.sub("<[^>]*>", "", one).split()) for one in re.findall(r"<p>It was: .*?</p>", text, re.DOTALL)]
        self.assertEqual(said, ["It was: ok, stage fast, source pcp, zone 0 DMA32, 2 ns, because it was &lt;so&gt;",
                                "It was: ok, stage fast, source refill, zone 0 DMA32, 2 ns, because it was different"])
        _, rows = table_of(text, "answers")
        self.assertEqual([(row["#"], row["kernel"], row["because"]) for row in rows],
                         [("1", "6.1", "it was &lt;so&gt;"), ("2", "6.12", "it was different")])

    def test_of_another_request_do_not(self):
        *found, answer = self.asked("order=9", "6.1", "it was so")
        for other in ({"request": "order=8"}, {"kernel": "6.12"}):
            text = made(found + [{**answer, **other}])
            self.assertNotIn("because it was so", " ".join(text.split()))
            self.assertEqual(table_of(text, "answers")[1][0]["#"], "")


class Inputs(unittest.TestCase):
    def test_a_page_without_anything_is_an_error(self):
        status = [schema.make("status", {"job": "default"})] * 2
        for found, said in ((status, "status (2)"), (status + [schema.make("novelty", {})], "status (2), novelty (1)"),
                            ([verdicts.case("6.1", "zones.sh", "Z1", "passed")], "verdict (1)")):
            text, error, code = page_of(found)
            self.assertEqual((code, text), (1, ""))
            self.assertEqual(error, f"report: nothing to show: of the types found, {said}, none has a part of the page by itself\n")

    def test_a_failed_case_alone_is_shown(self):
        text, _, code = page_of([verdicts.case("6.1", "zones.sh", "Z1 breaks", "failed")])
        self.assertEqual(code, 0)
        self.assertIn("6.1 zones.sh: Z1 breaks", text)

    def test_each_type_alone_makes_a_page(self):
        by_type = {}
        for one in results():
            by_type.setdefault(one["type"], one)
        for name, one in by_type.items():
            with self.subTest(type=name):
                results_ = page.Results()
                results_.take(page.cleaned(one))
                self.assertEqual(Reader(page.page_of(page.view_of(results_, ["x"]))).open, [])

    def test_what_is_no_result_is_refused(self):
        for text, said in (("{", "1: no object of gfplab/1"), ('{"format": "gfplab/2", "type": "run"}', "gfplab/2"),
                           ("[]", "no object")):
            with tempfile.TemporaryDirectory() as work:
                file = Path(work) / "x"
                file.write_text(text + "\n")
                got = run("page.py", str(file))
            self.assertEqual((got.returncode, got.stdout), (1, b""))
            self.assertIn(said, got.stderr.decode())
        self.assertEqual(page_of([])[2], 3)
        self.assertEqual(run("page.py", "/nowhere").returncode, 3)

    def test_median(self):
        self.assertEqual(page.median_of([{"le_ns": 7, "count": 1}, {"le_ns": 15, "count": 1}]), 7)
        self.assertEqual(page.median_of([{"le_ns": "inf", "count": 2}, {"le_ns": 15, "count": 1}]), None)
        self.assertEqual(page.median_of([{"le_ns": 31, "count": 3}, {"le_ns": 15, "count": 1}]), 31)
