"""A quantity outside its plausible range is reported at the end that is outside."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from tests.rules.rule_runs import list_places

from bmkit.shipped import read_shipped_schema_file
from bmkit.ucum.dimensions import name_dimension

TIME = {"$ref": "common/quantity.schema.json#/$defs/duration"}


def test_a_quantity_is_reported_at_its_end_outside_the_plausible_range() -> None:
    time = {**TIME, "x-plausible": [{"low": 1, "high": 60, "unit": "mo"}]}
    kinds = {"stay": {"time": time}}
    stays = [
        {"id": "a", "time": {"value": 2, "unit": "a"}},
        {"id": "b", "time": {"value": 6, "unit": "a"}},
        {"id": "c", "time": {"low": 6, "high": 70, "unit": "mo"}},
        {"id": "d", "time": {"low": 20, "high": 40, "unit": "d"}},
    ]
    assert [pointer for pointer, _ in list_places("quantities.implausible", schemas=kinds, stay=stays)] == [
        "/records/1/time/value",
        "/records/2/time/high",
        "/records/3/time/low",
    ]


def test_the_quantities_of_a_list_and_of_a_nested_object_are_checked_too() -> None:
    time = {**TIME, "x-plausible": [{"low": 1, "high": 60, "unit": "mo"}]}
    course = {"type": "object", "additionalProperties": False, "properties": {"time": time}}
    kinds = {
        "stay": {
            "times": {"type": "array", "items": TIME, "x-plausible": time["x-plausible"]},
            "course": course,
        }
    }
    stays = [
        {"id": "a", "times": [{"value": 6, "unit": "mo"}, {"value": 6, "unit": "a"}]},
        {"id": "b", "course": {"time": {"value": 7, "unit": "a"}}},
    ]
    assert [pointer for pointer, _ in list_places("quantities.implausible", schemas=kinds, stay=stays)] == [
        "/records/0/times/1/value",
        "/records/1/course/time/value",
    ]


DOSE = {"$ref": "common/quantity.schema.json#/$defs/dose"}
PLAUSIBLE_DOSE = {
    **DOSE,
    "x-plausible": [
        {"low": 1, "high": 5000, "unit": "mg"},
        {"low": 1, "high": 100, "unit": "mg/kg"},
        {"low": 1, "high": 10, "unit": "mg", "where": {"way": ["eye", "ear"], "strong": True}},
    ],
}
DROPS = {"way": {"type": "string"}, "strong": {"type": "boolean"}, "dose": PLAUSIBLE_DOSE}


@pytest.mark.parametrize(
    ("dose", "others", "is_plausible"),
    [
        ({"value": 4, "unit": "g"}, {}, True),
        ({"value": 6, "unit": "g"}, {}, False),
        ({"low": 80, "high": 40, "unit": "mg"}, {}, True),
        ({"value": 99, "unit": "mg/kg"}, {}, True),
        ({"value": 200, "unit": "mg/kg"}, {}, False),
        # Of a dimension without a range nothing is said.
        ({"value": 200000, "unit": "[iU]"}, {}, True),
        # A range for such records goes before that for all.
        ({"value": 20, "unit": "mg"}, {"way": "eye", "strong": True}, False),
        ({"value": 5, "unit": "mg"}, {"way": "ear", "strong": True}, True),
        ({"value": 20, "unit": "mg"}, {"way": "eye", "strong": False}, True),
        ({"value": 20, "unit": "mg"}, {"way": "mouth", "strong": True}, True),
        ({"value": 200, "unit": "mg/kg"}, {"way": "eye", "strong": True}, False),
    ],
)
def test_a_range_is_for_its_dimension_and_for_the_records_that_it_names(
    dose: dict[str, Any], others: dict[str, Any], is_plausible: bool
) -> None:
    records = [{"id": "a", "dose": dose, **others}]
    found = list_places("quantities.implausible", schemas={"drop": DROPS}, drop=records)
    assert (not found) is is_plausible


def test_units_of_two_medicines_may_differ_and_of_one_not() -> None:
    schemas = {"giving": {"product": {"type": "string", "x-ref": "product"}, "dose": DOSE}}
    givings = [
        {"id": "a", "product": "fentanyl", "dose": {"value": 100, "unit": "ug"}},
        {"id": "b", "product": "morphine", "dose": {"value": 10, "unit": "mg"}},
        {"id": "c", "product": "morphine", "dose": {"value": 20, "unit": "mg"}},
    ]
    assert list_places("quantities.mixed-units", schemas=schemas, giving=givings) == []
    givings.append({"id": "d", "product": "morphine", "dose": {"value": 5000, "unit": "ug"}})
    assert [place for place, _ in list_places("quantities.mixed-units", schemas=schemas, giving=givings)] == [
        "/records/3/dose/unit"
    ]


@pytest.mark.parametrize("dose", [{"value": Decimal("0.25"), "unit": "ug"}, {"value": 60, "unit": "mg"}])
def test_the_doses_of_medicines_are_plausible(dose: dict[str, Any]) -> None:
    record = {"id": "a", "product": "calcitriol", "dose": dose, "course": {"value": 10, "unit": "a"}}
    assert list_places("quantities.implausible", regimen=[record]) == []
    share = {"value": Decimal("0.5"), "unit": "%"}
    assert list_places("quantities.implausible", result=[{"id": "a", "estimate": share}]) == []


@pytest.mark.parametrize(
    ("value", "unit", "is_plausible"),
    [
        (15, "mg/kg", True),
        (55, "kBq/kg", True),
        (37, "MBq/kg", True),
        (37, "GBq/kg", False),
        (80, "[USP'U]/kg", True),
        (10, "[iU]", True),
        (24, "M[iU]", True),
        (10, "mg/m2", True),
        (2, "{puff}", True),
        (200, "{puff}", False),
        (20, "meq", True),
        (20, "eq", False),
        (15, "kg", False),
        (6000, "mg/kg", False),
    ],
)
def test_doses_of_every_dimension_have_a_plausible_range(value: int, unit: str, is_plausible: bool) -> None:
    records = [{"id": "a", "product": "a", "dose": {"value": value, "unit": unit}}]
    found = list_places("quantities.implausible", regimen=records)
    assert (not found) is is_plausible


@pytest.mark.parametrize("name", ["dose", "dose-rate", "dose-or-rate"])
def test_a_shipped_dose_has_one_range_for_each_of_its_dimensions(name: str) -> None:
    definition = json.loads(read_shipped_schema_file("common/quantity.schema.json"))["$defs"][name]
    ranges = [name_dimension(entry["unit"], name) for entry in definition["x-plausible"]]
    codes = definition["properties"]["unit"]["enum"]
    assert sorted(ranges) == sorted({name_dimension(code, name) for code in codes})


@pytest.mark.parametrize(
    ("kind", "field", "quantity", "is_plausible"),
    [
        ("dose-limit", "window", "15 min", True),
        ("dose-limit", "window", "15 s", False),
        ("regimen", "change_every", "20 min", True),
        ("regimen", "interval", "18 mo", True),
        ("regimen", "interval", "4 a", False),
        ("regimen", "course", "8 h", True),
        ("instruction", "lasting", "24 h", True),
        ("instruction", "time", "5 d", True),
        ("instruction", "time", "5 mo", False),
        ("caution", "lasting", "6 mo", True),
        ("procedure-step", "before", "3 d", True),
    ],
)
def test_what_labels_say_is_plausible(kind: str, field: str, quantity: str, is_plausible: bool) -> None:
    number, unit = quantity.split()
    fact = {"id": "one", field: {"value": int(number), "unit": unit}}
    assert bool(list_places("quantities.implausible", **{kind: [fact]})) is not is_plausible


@pytest.mark.parametrize(
    ("state", "time", "temperature", "is_plausible"),
    [
        ("reconstituted", (14, "d"), 8, True),
        ("diluted", (24, "h"), 25, True),
        ("diluted", (24, "mo"), 25, False),
        ("reconstituted", (24, "h"), 80, False),
    ],
)
def test_what_is_ready_keeps_as_long_as_labels_say(
    state: str, time: tuple[int, str], temperature: int, is_plausible: bool
) -> None:
    storage = {
        "id": "one",
        "state": state,
        "time": {"value": time[0], "unit": time[1]},
        "temperature": {"value": temperature, "unit": "Cel"},
    }
    assert bool(list_places("quantities.implausible", storage=[storage])) is not is_plausible
