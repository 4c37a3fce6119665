"""Sentences are made from fields: every value in words, and no part whose field is absent."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bmkit.rules.examples import build_content
from bmkit.sentence import TemplateError, format_sentence, iter_slots
from bmkit.wording import format_quantity, format_unit, join_phrases

FIELDS: dict[str, Any] = {
    "tumour": {"type": "string", "x-ref": "tumour"},
    "sites": {"type": "array", "items": {"type": "string", "x-ref": "site"}},
    "share": {
        "x-unit": "share",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "value": {"type": "number"},
            "low": {"type": "number"},
            "high": {"type": "number"},
            "unit": {"type": "string"},
        },
    },
    "frequency": {"type": "string"},
    "year": {"type": "integer"},
    "ratio": {"type": "number"},
    "years": {"type": "array", "items": {"type": "integer"}},
    "proven": {"type": "boolean"},
    "criteria": {
        "type": "array",
        "items": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "tumour": {"type": "string", "x-ref": "tumour"},
                "year": {"type": "integer"},
                "frequency": {"type": "string"},
            },
        },
    },
    "any_site": {"type": "array", "x-many": "any", "items": {"type": "string", "x-ref": "site"}},
    "interval": {
        "x-unit": "time",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "value": {"type": "number"},
            "low": {"type": "number"},
            "high": {"type": "number"},
            "unit": {"type": "string"},
        },
    },
}


def format_example(template: str, **values: Any) -> str:
    content = build_content(
        {
            "schemas": {"finding": FIELDS},
            "tumour": [{"id": "breast-cancer", "label": "breast cancer"}],
            "site": [{"id": "rib", "label": "rib"}, {"id": "hip", "label": "hip bone"}],
            "finding": [{"id": "one", **values}],
        }
    )
    (record,) = content.list_records("finding")
    record.kind.sentence_template = template
    return format_sentence(record, content)


SHARE = {"low": 65, "high": 75, "unit": "%"}


@pytest.mark.parametrize(
    ("template", "values", "text"),
    [
        (
            "{share} of patients with {tumour}",
            {"share": SHARE, "tumour": "breast-cancer"},
            "65–75 % of patients with breast cancer",
        ),
        ("metastases in {sites}", {"sites": ["rib", "hip"]}, "Metastases in rib and hip bone"),
        ("in {sites}[ ({frequency})]", {"sites": ["rib"]}, "In rib"),
        ("in {sites}[ ({frequency})]", {"sites": ["rib"], "frequency": "often"}, "In rib (often)"),
        ("a[ b {ratio}[ c {frequency}]] d", {"ratio": 1200}, "A b 1,200 d"),
        ("a[ b {ratio}[ c {frequency}]] d", {"frequency": "often"}, "A d; frequency: often"),
        ("a[{frequency}][{ratio}]", {}, "A"),
        ("in {year}", {"year": 2022}, "In 2022"),
        ("in {year}", {"year": Decimal("2.022E+3")}, "In 2022"),
        ("in {years}", {"years": [2021, 2022]}, "In 2021 and 2022"),
        ("on days {years}", {"years": [1, 2, 3, 5, 8, 9]}, "On days 1 to 3, 5, 8 and 9"),
        ("on days {years} of [a {ratio}|each cycle]", {"years": [1]}, "On day 1 of each cycle"),
        ("on days {years}", {"years": [1, 8]}, "On days 1 and 8"),
        # What a template leaves out is said all the same.
        ("a", {"frequency": "rarely", "proven": False}, "A; frequency: rarely"),
        (
            "[a {frequency}|b]",
            {"tumour": "x", "frequency": "rarely", "proven": True},
            "A rarely; tumour: x; proven: yes",
        ),
        ("[a {frequency}|b {tumour}]", {"tumour": "x", "frequency": "rarely"}, "A rarely; tumour: x"),
        ("x-rays", {"tumour": "x", "frequency": "x-rays"}, "X-rays; frequency: x-rays"),
        ("xrays", {"tumour": "x"}, "Xrays; tumour: x"),
        # A condition alone says that a field is taken for granted.
        ("a[{tumour?}]", {"tumour": "x"}, "A"),
        ("{share.low} %", {"share": {"low": Decimal("1234.5"), "high": 2000, "unit": "%"}}, "1,234.5 %"),
        ("{share}", {"share": {"value": 2022, "unit": "%"}}, "2,022 %"),
        ("{tumour}", {"tumour": "lost"}, "Lost"),
        ("{share.low}[ {share.value}]", {"share": SHARE}, "65"),
        ("proven: {proven}", {"proven": False}, "Proven: no"),
        ("in {any_site}", {"any_site": ["rib", "hip"]}, "In rib or hip bone"),
        (
            "with {criteria}",
            {"criteria": [{"tumour": "breast-cancer", "year": 2022, "frequency": "often"}, {"year": 1}]},
            "With breast cancer (2022, often) and 1",
        ),
        ("every {interval}", {"interval": {"value": 1, "unit": "d"}}, "Every day"),
        ("every {interval}", {"interval": {"value": 12, "unit": "h"}}, "Every 12 hours"),
        ("every {interval}", {"interval": {"low": 1, "high": 2, "unit": "h"}}, "Every 1–2 hours"),
        ("{ratio} times a day", {"ratio": 1}, "Once a day"),
        ("{ratio} times a day", {"ratio": 11}, "11 times a day"),
        ("{ratio} times a day", {"ratio": Decimal("0.1")}, "0.1 times a day"),
        ("in {ratio} doses", {"ratio": 1}, "In 1 dose"),
        ("a:[ {ratio}][, {frequency}]", {"frequency": "often"}, "A: often"),
        ("a:[ {ratio}][, {frequency}]", {}, "A"),
        ("a[ {proven?}proven] b", {"proven": True}, "A proven b"),
        ("a[ {proven?}proven] b", {"proven": False}, "A b"),
        ("a[ {ratio?}measured]", {"ratio": 0}, "A measured"),
        ("a [{frequency=very rarely?}b {frequency}|c]", {"frequency": "very rarely"}, "A b very rarely"),
        ("a [{frequency=very rarely?}b {frequency}|c]", {"frequency": "rarely"}, "A c; frequency: rarely"),
        ("in [{year=1?}1 part|{year} parts]", {"year": 1}, "In 1 part"),
        ("in [{year=1?}1 part|{year} parts]", {"year": 10}, "In 10 parts"),
        ("it may {frequency:base}", {"frequency": "relieves"}, "It may relieve"),
        ("it may {frequency:base}", {"frequency": "carries out"}, "It may carry out"),
        ("it may {frequency:base}", {"frequency": "reaches"}, "It may reach"),
        ("it may {frequency:base}", {"frequency": "makes possible"}, "It may make possible"),
        ("it may {frequency:base}", {"frequency": "spread"}, "It may spread"),
        ("a [{ratio}|{frequency}|c]", {"frequency": "often"}, "A often"),
        ("a [{ratio}|{frequency}|c]", {}, "A c"),
        ("a[ {ratio}|[ {frequency}] c]", {}, "A c"),
        ("a[ {ratio}| {frequency}]", {}, "A"),
        ("", {}, ""),
    ],
)
def test_a_template_is_filled_from_the_fields(template: str, values: dict[str, Any], text: str) -> None:
    assert format_example(template, **values) == text


@pytest.mark.parametrize(
    ("template", "message", "offset"),
    [
        ("a {tumour", "{ is not closed", 2),
        ("a tumour}", "} closes nothing", 8),
        ("a [b", "[ is not closed", 2),
        ("a [[b]", "[ is not closed", 2),
        ("a ]b", "] closes nothing", 2),
        ("a {}", "{} is not the name of a field", 2),
        ("a {b c}", "{b c} is not the name of a field", 2),
        ("[" * 9 + "]" * 9, "[ ] may stand at most 8 deep", 8),
        ("a [b|c", "[ is not closed", 2),
        ("a | b", "| stands outside of [ ]", 2),
        ("a {b=c}", "{b=c} is not of the form {field=word?}", 2),
        ("a {b=?}", "{b=?} is not of the form {field=word?}", 2),
        ("a {b c?}", "{b c?} is not the name of a field", 2),
    ],
)
def test_a_broken_template_is_refused_at_its_fault(template: str, message: str, offset: int) -> None:
    with pytest.raises(TemplateError) as raised:
        list(iter_slots(template))
    assert (str(raised.value), raised.value.offset) == (message, offset)


def test_slots_know_whether_they_may_be_absent() -> None:
    slots = [(".".join(slot.path), optional) for slot, optional in iter_slots("{a}[ {b.c}[ {d}]|{f?}] {e}")]
    assert slots == [("a", False), ("b.c", True), ("d", True), ("f", True), ("e", False)]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"value": 4, "unit": "mg"}, "4 mg"),
        ({"value": Decimal("4.0"), "unit": "ug"}, "4.0 mcg"),
        ({"value": 12, "unit": "mo", "comparator": "about"}, "about 12 months"),
        ({"value": 7, "unit": "d", "comparator": "<="}, "at most 7 days"),
        ({"value": 1, "unit": "d"}, "1 day"),
        ({"value": 1600, "unit": "mg/d"}, "1,600 mg per day"),
        ({"value": 100, "unit": "mL/h"}, "100 mL per hour"),
        ({"value": 2, "unit": "1"}, "2"),
        ({"value": Decimal("0.9"), "unit": "%", "comparator": ">"}, "above 0.9 %"),
        ({"low": 3, "high": 4, "unit": "wk"}, "3–4 weeks"),
        ({"low": -20, "high": -5, "unit": "Cel"}, "-20 to -5 °C"),
        ({"value": Decimal("1E+3"), "unit": "{tablet}"}, "1,000 tablets"),
        ({"value": 15, "unit": "mg/kg"}, "15 mg per kg"),
        ({"value": 10, "unit": "mg/m2"}, "10 mg per m²"),
        ({"value": 55, "unit": "kBq/kg"}, "55 kBq per kg"),
        ({"value": 18, "unit": "[USP'U]/kg/h"}, "18 units per kg per hour"),
        ({"value": 1, "unit": "[USP'U]"}, "1 unit"),
        ({"low": 1, "high": 2, "unit": "{puff}"}, "1 to 2 puffs"),
        ({"low": 1, "high": 2, "unit": "{tbl}/d"}, "1 to 2 tablets per day"),
        ({"low": 10, "high": 20, "unit": "[drp]/min"}, "10 to 20 drops per minute"),
        ({"low": 0, "high": 2, "unit": "{score}"}, "0 to 2 points"),
        ({"value": 1, "unit": "{patch}"}, "1 patch"),
        ({"value": 8, "unit": "Gy"}, "8 Gy"),
        ({"low": 50, "high": 60, "unit": "mL/min"}, "50–60 mL per minute"),
        ({"value": Decimal("0.25"), "unit": "g/dL"}, "0.25 g per dL"),
        ({"value": Decimal("18.8"), "unit": "/(100000.{person}.a)"}, "18.8 per 100,000 people a year"),
        ({"value": Decimal("0.82"), "unit": "1"}, "0.82"),
    ],
    ids=str,
)
def test_a_quantity_is_said_in_words_that_cannot_be_misread(value: dict[str, Any], text: str) -> None:
    assert format_quantity(value) == text


def test_units_and_lists_in_words() -> None:
    assert [format_unit("h", is_singular=True), format_unit("h"), format_unit("kg")] == [
        "hour",
        "hours",
        "kg",
    ]
    assert [
        join_phrases([]),
        join_phrases(["a"]),
        join_phrases(["a", "b"]),
        join_phrases(["a", "b", "c"]),
    ] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
