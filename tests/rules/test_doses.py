"""Doses, regimens and tablets: whose limit counts, what a day comes to, what can be made of what."""

from __future__ import annotations

from typing import Any

import pytest

from bmkit.rules import all_rules
from bmkit.rules.scrap import content_of
from bmkit.schema import read_schemas, shipped

RULES = {rule.id: rule for rule in all_rules()}
CONDITIONS = [
    {"id": "pain", "label": "pain"},
    {"id": "bone-pain", "label": "bone pain", "parent": "pain"},
    {"id": "renal-failure", "label": "renal failure"},
]
POPULATIONS = [
    {"id": "with-pain", "label": "patients with pain", "conditions": ["pain"]},
    {"id": "with-both", "label": "patients with both", "conditions": ["pain", "renal-failure"]},
    {"id": "children", "label": "children", "age_group": "child"},
    {"id": "nobody", "label": "patients of whom only the name is known"},
]
TERMS = {"condition": CONDITIONS, "population": POPULATIONS}


def told(name: str, **scrap: Any) -> list[str]:
    kinds = {kind.replace("_", "-"): records for kind, records in scrap.items()}
    return [issue.message for issue in RULES[name](content_of({**TERMS, **kinds}))]


def limit(most: int, unit: str = "mg", **fields: Any) -> dict[str, Any]:
    name = "maximum_daily" if unit.endswith("/d") else "maximum"
    per = "per day" if unit.endswith("/d") else "at one time"
    made = {"id": f"limit-{most}", "product": "p", "route": "oral", "per": per}
    return {**made, name: {"value": most, "comparator": "<=", "unit": unit}, **fields}


def dosing(**fields: Any) -> dict[str, Any]:
    return {"id": "one", "product": "p", "route": "oral", **fields}


def dose(value: int, unit: str = "mg") -> dict[str, Any]:
    return {"value": value, "unit": unit}


@pytest.mark.parametrize(
    ("limits", "patients", "is_above"),
    [
        ([limit(10)], {}, True),
        ([limit(20)], {}, False),
        ([limit(10), limit(20, population="with-pain")], {"population": "with-pain"}, False),
        ([limit(20), limit(10, population="with-pain")], {"population": "with-pain"}, True),
        ([limit(20), limit(10, population="with-pain")], {}, False),
        ([limit(10, population="with-pain")], {"condition": "bone-pain"}, True),
        ([limit(10, condition="pain"), limit(20)], {"population": "with-both"}, True),
        (
            [limit(10, condition="pain"), limit(20, condition="renal-failure")],
            {"population": "with-both"},
            True,
        ),
        (
            [limit(20, population="with-both"), limit(10, condition="pain")],
            {"population": "with-both"},
            False,
        ),
        (
            [limit(10, population="children"), limit(20, population="nobody")],
            {"population": "with-pain"},
            False,
        ),
        (
            [limit(10, population="children"), limit(12, population="nobody")],
            {"population": "with-pain"},
            True,
        ),
        ([limit(10, population="nobody")], {"population": "nobody"}, True),
        ([limit(10, route="intravenous")], {}, False),
        ([limit(10, product="q")], {}, False),
    ],
)
def test_the_maximum_for_the_patients_counts(
    limits: list[dict[str, Any]], patients: dict[str, str], is_above: bool
) -> None:
    record = dosing(dose=dose(15), **patients)
    assert bool(told("dose.above-maximum", dose_limit=limits, dosing=[record])) is is_above


def test_units_do_not_hide_a_dose_above_the_maximum() -> None:
    assert told(
        "dose.above-maximum", dose_limit=[limit(3600, "mg/d")], dosing=[dosing(daily_dose=dose(4, "g/d"))]
    )
    assert told("dose.above-maximum", dose_limit=[limit(3600, "mg/d")], dosing=[dosing(dose=dose(4, "g"))])
    assert not told(
        "dose.above-maximum", dose_limit=[limit(3600, "mg/d")], dosing=[dosing(dose=dose(3, "g"))]
    )


def test_what_may_be_given_at_one_time_does_not_bound_a_day() -> None:
    assert not told(
        "dose.above-maximum", dose_limit=[limit(10)], dosing=[dosing(daily_dose=dose(15, "mg/d"))]
    )


def test_a_limit_of_the_day_for_some_leaves_the_limit_at_one_time_for_all() -> None:
    limits = [limit(10), limit(100, "mg/d", population="with-pain")]
    assert told(
        "dose.above-maximum", dose_limit=limits, dosing=[dosing(dose=dose(15), population="with-pain")]
    )


@pytest.mark.parametrize(
    ("often", "is_above"),
    [
        ({"doses_per_day": dose(2, "1")}, False),
        ({"doses_per_day": dose(3, "1")}, True),
        ({"interval": dose(12, "h")}, False),
        ({"interval": dose(8, "h")}, True),
        ({"interval": {"low": 6, "high": 8, "unit": "h"}}, True),
        ({"interval": {"low": 8, "high": 12, "unit": "h"}}, False),
        ({"interval": {"value": 4, "comparator": ">=", "unit": "h"}}, False),
        ({"doses_per_day": {"value": 4, "comparator": "<=", "unit": "1"}}, False),
        ({"doses_per_day": {"low": 3, "high": 4, "unit": "1"}}, True),
        ({"interval": dose(2, "d")}, False),
        ({}, False),
    ],
)
def test_the_doses_of_a_day_are_added_up(often: dict[str, Any], is_above: bool) -> None:
    limits, record = [limit(2500, "mg/d")], dosing(dose=dose(1000), **often)
    assert bool(told("dose.total-above-maximum", dose_limit=limits, dosing=[record])) is is_above
    assert not told("dose.above-maximum", dose_limit=limits, dosing=[record])


def test_the_words_for_a_dose_above_the_maximum_name_both_and_the_limit() -> None:
    (message,) = told("dose.above-maximum", dose_limit=[limit(10)], dosing=[dosing(dose=dose(15))])
    assert message == 'dose 15 mg is above the maximum of 10 mg that "limit-10" states'


RANGE = {
    "id": "p-oral",
    "label": "P, oral",
    "product": "p",
    "route": "oral",
    "dose": {"low": 2, "high": 6, "unit": "mg"},
    "infusion_time": {"low": 15, "high": 120, "unit": "min"},
}
SLIPS = ("slip.tenfold", "slip.thousandfold", "slip.wrong-unit", "slip.unusual")


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"dose": dose(4)}, None),
        ({"dose": dose(4000, "ug")}, None),
        ({"infusion_time": dose(2, "h")}, None),
        ({"dose": dose(40)}, "slip.tenfold"),
        ({"dose": dose(400)}, "slip.tenfold"),
        ({"dose": {"low": 2, "high": 60, "unit": "mg"}}, "slip.tenfold"),
        ({"dose": dose(4000)}, "slip.thousandfold"),
        ({"dose": dose(4, "g")}, "slip.wrong-unit"),
        ({"dose": dose(4, "ug")}, "slip.wrong-unit"),
        ({"infusion_time": dose(15, "h")}, "slip.wrong-unit"),
        ({"dose": dose(8)}, "slip.unusual"),
        ({"dose": {"value": 8, "comparator": "<=", "unit": "mg"}}, "slip.unusual"),
        ({"dose": {"value": 8, "comparator": ">=", "unit": "mg"}}, "slip.unusual"),
        ({"dose": {"value": 1, "comparator": "<=", "unit": "mg"}}, None),
        ({"dose": {"value": 1, "comparator": ">=", "unit": "mg"}}, "slip.unusual"),
        ({"dose": {"value": 3, "comparator": ">=", "unit": "mg"}}, None),
        ({"dose": {"value": 80, "comparator": "<=", "unit": "mg"}}, "slip.tenfold"),
        ({"infusion_time": {"value": 3, "comparator": ">=", "unit": "h"}}, None),
        ({"infusion_time": {"value": 13, "comparator": ">=", "unit": "min"}}, "slip.unusual"),
        ({"infusion_time": {"value": 13, "comparator": "<=", "unit": "min"}}, "slip.unusual"),
        ({"dose": dose(40), "product": "q"}, None),
        ({"dose": dose(40), "route": "intravenous"}, None),
        ({"dose": dose(40), "route": "by-tube"}, "slip.tenfold"),
    ],
)
def test_one_slip_is_told_once(fields: dict[str, Any], fault: str | None) -> None:
    routes = [{"id": "oral"}, {"id": "by-tube", "parent": "oral"}, {"id": "intravenous"}]
    scrap = {"dose_range": [RANGE], "dosing": [dosing(**fields)], "route": routes}
    assert [name for name in SLIPS if told(name, **scrap)] == ([fault] if fault else [])


def test_a_slip_of_one_end_is_told_at_that_end() -> None:
    content = content_of(
        {"dose-range": [RANGE], "dosing": [dosing(dose={"low": 2, "high": 60, "unit": "mg"})]}
    )
    (issue,) = RULES["slip.tenfold"](content)
    assert issue.place.pointer == "/records/0/dose/high"
    assert issue.message == "dose 2–60 mg is ten times the usual 2–6 mg of P, oral"


def tablets(strengths: tuple[int, ...], *instructions: dict[str, Any], **given: Any) -> dict[str, Any]:
    return {
        "dosing": [dosing(form="tablet", **given)],
        "product_presentation": [
            {"id": f"t{value}", "product": "p", "form": "tablet", "strength": dose(value)}
            for value in strengths
        ],
        "instruction": [
            {"id": f"i{number}", "product": "p", "form": "tablet", **one}
            for number, one in enumerate(instructions)
        ],
    }


WHOLE = {"activity": "swallowing-whole", "stance": "required"}
HALVES = {"activity": "dividing", "stance": "allowed", "parts": {"value": 2, "unit": "1"}}


@pytest.mark.parametrize(
    ("scrap", "is_broken"),
    [
        (tablets((400, 800), WHOLE, dose=dose(1200)), False),
        (tablets((400, 800), WHOLE, dose=dose(1000)), True),
        (tablets((400, 800), WHOLE, daily_dose=dose(3600, "mg/d")), False),
        (tablets((800,), WHOLE, dose=dose(400)), True),
        (tablets((800,), HALVES, dose=dose(400)), False),
        (tablets((800,), dose=dose(400)), False),
        (tablets((800,), dose=dose(200)), True),
        (tablets((800,), WHOLE, dose={"low": 800, "high": 1000, "unit": "mg"}), True),
        (tablets((800,), WHOLE, dose={"value": 1000, "comparator": ">", "unit": "mg"}), False),
        (tablets((800,), {**WHOLE, "strength": dose(400)}, dose=dose(400)), False),
        (tablets((300, 500), WHOLE, dose=dose(700)), True),
        (tablets((300, 500), WHOLE, dose=dose(1100)), False),
        (tablets((), WHOLE, dose=dose(700)), False),
        (tablets((1,), WHOLE, dose=dose(10**9)), False),
    ],
)
def test_a_dose_is_made_of_whole_tablets_or_of_parts_that_may_be_cut(
    scrap: dict[str, Any], is_broken: bool
) -> None:
    assert bool(told("tablets.broken", **scrap)) is is_broken


def test_a_note_on_a_contradiction_excuses_it_and_another_note_does_not() -> None:
    def survivals(note: str) -> dict[str, Any]:
        facts = [
            {"id": name, "tumour": "t", "time": dose(value, "mo"), "notes": [note]}
            for name, value in (("a", 6), ("b", 9))
        ]
        notes = [{"id": "both", "category": "contradiction"}, {"id": "words", "category": "wrong term"}]
        return {"survival": facts, "editorial_note": notes}

    assert told("agreement.contradiction", **survivals("words"))
    assert not told("agreement.contradiction", **survivals("both"))


OURS = (
    *("agreement", "completeness", "dose", "infusion", "products", "quantities", "regimen", "relations"),
    *("sites", "slip", "storage", "tablets", "terms", "times"),
)


@pytest.mark.parametrize("value", [None, "text", 7, True, ["text"], {"unit": "mg"}])
def test_kinds_of_the_same_name_may_have_other_fields(value: Any) -> None:
    """A project with schemas of its own may mean something else by "dosing", or by its "dose"."""
    shapes = {None: "string", str: "string", int: "integer", bool: "boolean"}
    field: dict[str, Any] = {"type": shapes.get(type(value), "string")}
    if isinstance(value, list):
        field = {"type": "array", "items": {"type": "string"}}
    elif isinstance(value, dict):
        unit = {"type": "object", "additionalProperties": False, "properties": {"unit": {"type": "string"}}}
        field = unit
    kinds = list(read_schemas(shipped()))
    schemas = {kind.name: {one.name: field for one in kind.fields if one.name != "id"} for kind in kinds}
    values = {name: {} if value is None else dict.fromkeys(fields, value) for name, fields in schemas.items()}
    scrap = {name: [{"id": "one", **fields}, {"id": "two", **fields}] for name, fields in values.items()}
    content = content_of({"schemas": schemas, **scrap})
    for rule in RULES.values():
        if rule.family in OURS:
            rule(content)
