# SPDX-License-Identifier: GPL-2.0
"""gfplab/1: format/ is recorded on 6.1. The schema has each key of the module, texts come back out of JSON as
they were, and what is damaged is refused by the converter or by the schema."""
import json
import re
import struct
import subprocess
import unittest

import jsonschema
import schema
import texts
from tests import REPORTS, TESTS, folder, run

HERE = TESTS / "format"
CONVERT = REPORTS.parent / "convert"
MODULE = REPORTS.parent.parent / "module"
FILES = (("environment", "environment"), ("records", "records"), ("explain", "over.explain"),
         *((kind, f"{job}/{file}") for job in ("squeezed", "reclaims") for kind, file in
           (("job", "set"), ("status", "status"), ("summary", "summary"),
            ("histogram", "histogram"), ("records", "records"), ("explain", "explain"))))


def validate(value):
    """Raises what is wrong."""
    jsonschema.validate(value, schema.document(), jsonschema.Draft202012Validator)


def lines_of(file):
    return (HERE / file).read_text(encoding="latin-1").splitlines()


def converted(kind, lines):
    return list(texts.FORMS[kind][0](lines))


def convert(*arguments, text=None):
    """The command's status, lines and complaint."""
    got = subprocess.run([str(CONVERT), *arguments], input=text, capture_output=True, check=False,
                         encoding="latin-1")
    return got.returncode, got.stdout, got.stderr.rstrip("\n").rpartition("\n")[2]


class Schema(unittest.TestCase):
    def test_is_one(self):
        jsonschema.Draft202012Validator.check_schema(schema.document())

    def test_has_the_keys_of_a_record_in_their_order(self):
        table = (MODULE / "record_keys.c").read_text().partition("gfplab_record_keys[] = {")[2].partition("\n};")[0]
        rows = re.findall(r"^\t(?:[A-Z]+\(|\{ .lead = \" )(\w+)[,=]", table, re.M)
        self.assertEqual(list(schema.of_type("record")["properties"]), rows)

    def test_has_the_keys_and_words_of_the_module(self):
        words = (MODULE / "rules" / "words.h").read_text()
        for name, table in (("result", "RESULTS"), ("stage", "STAGES"), ("source", "SOURCES"),
                            ("reserve", "RESERVES"), ("context", "CONTEXTS"), ("claimed", "CLAIMS"),
                            ("charge", "CHARGES"), ("in_state", "IN_STATES"), ("freed", "FREED")):
            rows = words.partition(f"GFPLAB_{table}(X)")[2].partition("\n\n")[0]
            found = re.findall(r"X\((\w+),", rows)
            self.assertTrue(found)
            self.assertEqual([word or "unknown" for word in schema.document()["$defs"][name]["enum"]],
                             found, name)

    def test_has_each_key_that_was_recorded(self):
        for kind, file in FILES:
            for one in converted(kind, lines_of(file)):
                known = schema.of_type(one["type"])
                for key in one:
                    self.assertTrue(key in (*texts.HEADS, *known["properties"]) or
                                    any(re.search(pattern, key) for pattern in known.get("patternProperties", ())) or
                                    key.startswith("squeeze."), f"{file}: {key}")


class Files(unittest.TestCase):
    def test_are_valid(self):
        for kind, file in FILES:
            with self.subTest(file=file):
                for one in converted(kind, lines_of(file)):
                    validate(one)

    def test_come_back(self):
        for kind, file in FILES:
            with self.subTest(file=file):
                said = json.loads(json.dumps(converted(kind, lines_of(file))))
                back = [texts.HISTOGRAM] if kind == "histogram" else []
                for one in said:
                    form = "state" if one["type"] == "state" else kind
                    back += ["snapshot:"] * (form == "state") + list(texts.FORMS[form][1](one))
                self.assertEqual(back, lines_of(file))

    def test_types(self):
        record = converted("records", lines_of("reclaims/records"))[0]
        self.assertEqual((record["nid"], record["page_nid"], record["gfp"][:2], record["bad"], record["victim"]),
                         (1, "none", ["GFP_KERNEL", "__GFP_NOWARN"], [], "none"))
        run_ = converted("summary", lines_of("squeezed/summary"))[0]
        self.assertEqual((run_["block_ns.median"], run_["explain.mean_set"], run_["squeeze.reached.free_area"][:2],
                          run_["latency_ns.min"], run_["window.valid"]),
                         (None, 1.0, [6, 8], 2937, "no: shorter than 100 ms"))
        walk, state = converted("explain", lines_of("squeezed/explain"))
        self.assertEqual(walk["prediction"]["places"], ["1:Normal"])
        self.assertEqual((state["zones"][0]["node"], len(state["zones"][0]["blocks"])), (1, 11))
        refused, = converted("explain", ["no prediction: an entry that goes round the lists"])
        self.assertEqual((refused["prediction"], refused["steps"]), (None, []))
        self.assertIn("goes round", refused["note"])
        validate(refused)

    def test_an_unknown_key_keeps_its_form(self):
        one = converted("records", ["run=1 new=7 other=x zeros=007 none=none gone=unknown"])[0]
        self.assertEqual(list(one.values())[2:], [1, 7, "x", "007", "none", None])
        self.assertEqual(list(texts.records_back(one)), ["run=1 new=7 other=x zeros=007 none=none gone=unknown"])


class Damage(unittest.TestCase):
    def test_is_refused(self):
        for kind, text in (("records", "run=1 seq"), ("records", "run=1  seq=2"), ("records", "run=1 run=2"),
                           ("summary", "requests"), ("histogram", "alloc_pages 0 fast 7 1"),
                           ("histogram", texts.HISTOGRAM + "\nalloc_pages 0 fast 7"), ("job", "order"),
                           ("state", "Node 0 free=1"), ("explain", "prediction: fast/pcp")):
            with self.subTest(text=text), self.assertRaises(ValueError):
                converted(kind, text.split("\n"))

    def test_does_not_validate(self):
        good = converted("records", lines_of("records"))[0]
        for key, value in (("stage", "medium"), ("nid", "one"), ("gfp", "GFP_KERNEL"), ("format", "gfplab/2"),
                           ("type", "records"), ("order", "3")):
            with self.subTest(key=key), self.assertRaises(jsonschema.ValidationError):
                validate({**good, key: value})
        with self.assertRaises(jsonschema.ValidationError):
            validate({key: value for key, value in good.items() if key != "stage"})
        with self.assertRaises(jsonschema.ValidationError):
            validate(schema.make("error", {}))


class Command(unittest.TestCase):
    def test_records_are_those_of_the_slow_way_and_come_back(self):
        text = (HERE / "records").read_text()
        status, out, _ = convert("records", text=text)
        self.assertEqual(status, 0)
        self.assertEqual(out.splitlines(), [schema.line_of(one) for one in converted("records", lines_of("records"))])
        self.assertEqual(convert("--text", "records", text=out)[:2], (0, text))

    def test_odd_words_are_those_of_the_slow_way(self):
        text = 'run=-0 seq= gfp=a|none|| bad= scope=none x="\\\x01\xff y=18446744073709551616 z==1 kswapd=unknown gfp_seen=unknown stage=unknown\nrun=2'
        _, out, _ = convert("records", text=text)
        self.assertEqual([json.loads(line) for line in out.splitlines()], converted("records", text.split("\n")))

    def test_what_is_no_record_is_named(self):
        self.assertEqual(convert("records", text="run=1 seq=2\nrun=1 seq\nrun=2\n"),
                         (1, '{"format": "gfplab/1", "type": "record", "run": 1, "seq": 2}\n',
                          "records: line 2 is no record: KEY=VALUE words"))
        self.assertEqual(convert("records", text="run=" + "1" * 70000 + "\n")[0], 1)

    def test_folder(self):
        with folder("format"):
            got = run("convert.py", "folder", "squeezed")
        types = [json.loads(line)["type"] for line in got.stdout.splitlines()]
        self.assertEqual(types, ["job", "status", "run", "histogram", "histogram", "record", "record", "explain",
                                 "state"])

    def test_csv(self):
        with folder("format"):
            lines = "\n".join(map(schema.line_of, converted("records", lines_of("records"))))
        got = subprocess.run(["python3", "-B", str(REPORTS / "convert.py"), "--csv", "records"],
                             input=lines.encode(), capture_output=True, check=True).stdout.decode().split("\n")
        self.assertTrue(got[0].startswith("run,seq,ts_ns,cpu,entry,gfp,order"))
        self.assertEqual(len(got), len(lines_of("records")) + 2)

    def test_what_is_no_result_is_refused(self):
        for text, said in (("{", "no JSON"), ('{"format": "gfplab/9"}', "no object of gfplab/1"), ("[]", "no object")):
            got = subprocess.run(["python3", "-B", str(REPORTS / "convert.py"), "--text", "records"],
                                 input=text.encode(), capture_output=True, check=False)
            self.assertEqual(got.returncode, 1)
            self.assertIn(said, got.stderr.decode())


class Binary(unittest.TestCase):
    """Records of fixed size, as a layout has them that is not this module's."""
    LAYOUT = ("unknown keys 0 8", "none keys 8 8", "run count 16 4", "err number 20 2", "split order 22 1",
              "result word 23 1 ok freed unknown", "scope set 24 2 nofs noio pin", "gfp gfp 28 4 GFP_A=0x6 __GFP_B=0x2",
              "attempts count 32 2", "alloc_flags attempts 34 6", "names attempt_names 34 6 MIN=0x0 LOW=0x1 NONE=0x4 X=0x8",
              "steal steal 40 2 movable cma", "stage word 42 1 fast slow", "source word 43 1 pcp buddy",
              "zone word 44 1 DMA Normal", "freed word 45 1 none batch pcp", "predicted predicted 48 24 ok failed",
              "nodes text 0 0 0-1")
    KEYS = [line.partition(" ")[0] for line in LAYOUT[2:]]
    VALUES = {"run": 7, "err": -16, "split": 4, "result": 0, "scope": 5, "gfp": 0x17, "attempts": 4, "flags": (9, 4, 0x18),
              "steal": (1, 0), "words": (0, 1, 1, 0), "predicted": (1, 3, 3, -2, 0, 0)}
    SAID = {"run": 7, "err": -16, "split": 3, "result": "ok", "scope": ["nofs", "pin"], "gfp": ["GFP_A", "0x11"],
            "attempts": 4, "alloc_flags": ["0x9", "0x4", "..", "0x18"], "names": ["LOW|X", "NONE", "..", "MIN|X|0x10"],
            "steal": "cma<movable", "stage": "fast", "source": "buddy", "zone": "Normal", "freed": "none",
            "predicted": "fast/pcp|buddy/any/ok|failed", "nodes": "0-1"}

    @classmethod
    def record(cls, order, unknown=(), none=(), **values):
        one = {**cls.VALUES, **values}
        sets = (sum(1 << cls.KEYS.index(key) for key in of) for of in (unknown, none))
        return struct.pack(order + "QQIhBBHHIH3H2B4B2xIIIiII", *sets, one["run"], one["err"], one["split"], one["result"],
                           one["scope"], 0, one["gfp"], one["attempts"], *one["flags"], *one["steal"], *one["words"],
                           *one["predicted"])

    def converted(self, records, order="<", layout=LAYOUT, said=None, head=""):
        """The command's status, objects and complaint."""
        first = head or (f"gfplab-records version=1 byte_order={'little' if order == '<' else 'big'} header_bytes=4096 "
                         f"record_bytes=72 records={len(records) if said is None else said}")
        text = "\n".join((first, *layout, "")).ljust(4095) + "\n"
        got = subprocess.run([str(CONVERT), "records"], input=text.encode() + b"".join(records), capture_output=True,
                             check=False)
        return (got.returncode, [json.loads(line) for line in got.stdout.splitlines()],
                got.stderr.decode().rstrip("\n").rpartition("\n")[2])

    def test_values_of_every_form_in_either_byte_order(self):
        for order in "<>":
            with self.subTest(order=order):
                self.assertEqual(self.converted([self.record(order)], order), (0, [schema.make("record", self.SAID)], ""))

    def test_what_is_unknown_and_what_is_none(self):
        _, (one,), _ = self.converted([self.record("<", self.KEYS)])
        self.assertEqual(set(list(one.values())[2:]), {None})
        _, (one,), _ = self.converted([self.record("<", none=self.KEYS)])
        self.assertEqual([key for key in self.KEYS if one[key] == []], ["scope", "gfp", "alloc_flags", "names"])
        self.assertEqual(sum(one[key] == "none" for key in self.KEYS), len(self.KEYS) - 4)
        _, (one,), _ = self.converted([self.record("<", result=2)])
        self.assertIsNone(one["result"])

    def test_predictions(self):
        for values, said in (({"predicted": (1, 1, 1, 1, 1, 1)}, "fast/pcp/1:Normal/ok"),
                             ({"predicted": (3, 2, 0, -2, 0, 0)}, "fast|slow/none/none/failed"),
                             ({"result": 1, "predicted": (1, 2, 9, 0, 0, 0)}, "batch/2-9"),
                             ({"result": 1, "predicted": (2, 3, 0, 0, 0, 0)}, "pcp/3")):
            with self.subTest(said=said):
                self.assertEqual(self.converted([self.record("<", **values)])[1][0]["predicted"], said)

    def test_records_that_are_gone_are_zeros(self):
        status, found, said = self.converted([self.record("<"), bytes(72)])
        self.assertEqual((status, len(found), said), (0, 1, "records: 1 were given back before they were read"))

    def test_what_is_damaged_is_refused(self):
        one = self.record("<")
        for records, options, said in (
                ([one, one[:71]], {}, "ends after 1 of 2"), ([one], {"said": 2}, "ends after 1 of 2"),
                ([one, one], {"said": 1}, "more than"), ([], {"layout": ["a colour 0 8"]}, "form that is not known here: colour"),
                ([], {"layout": ["a count 65 8"]}, "does not fit"), ([], {"layout": ["a count 0 3"]}, "does not fit"),
                ([], {"layout": ["a count 18446744073709551615 8"]}, "does not fit"),
                ([], {"layout": ["a count 0"]}, "too few words"), ([], {"layout": ["a keys 72 8"]}, "set of keys"),
                ([], {"layout": ["a keys 0 12"]}, "set of keys"),
                ([], {"layout": ["a count 0 8"]}, "what is unknown"), ([], {"layout": ["a gfp 0 4 \x01=0x1"]}, "no text"),
                ([], {"layout": ["unknown keys 0 8", "none keys 8 8", "a attempts 0 4"]}, "read together with a"),
                ([], {"layout": [f"k{n} count 0 8" for n in range(129)]}, "too many keys"),
                ([], {"head": "gfplab-records version=2 byte_order=little header_bytes=4096 record_bytes=72 records=0"}, "version 1"),
                ([], {"head": "gfplab-records version=1 byte_order=little header_bytes=99999999 record_bytes=72 records=0"}, "version 1"),
                ([], {"head": "gfplab-records version=1 byte_order=little header_bytes=8192 record_bytes=72 records=0"}, "cut off")):
            with self.subTest(expected=said):
                status, _, complaint = self.converted(records, **options)
                self.assertEqual(status, 1)
                self.assertIn(said, complaint)
