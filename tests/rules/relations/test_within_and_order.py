"""Relations that schemas declare are compared in the records."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.rules.example_records import make_quantity
from tests.rules.rule_runs import list_places

NUMBER = {"type": "integer"}
DAY = {"type": "string", "format": "date"}
MASS = {"$ref": "common/quantity.schema.json#/$defs/mass"}
TIME = {"$ref": "common/quantity.schema.json#/$defs/duration"}


def test_an_order_is_strict_unless_both_may_be_equal() -> None:
    kinds = {
        "chapter": {
            "first": {**NUMBER, "x-order": "last"},
            "last": NUMBER,
            "start": {**NUMBER, "x-order": {"field": "last", "equal": True}},
        }
    }
    chapter = [{"id": "one", "first": 2022, "last": 2022, "start": 2022}]
    assert list_places("relations.out-of-order", schemas=kinds, chapter=chapter) == [
        ("/records/0/first", "first 2022 is not before last 2022")
    ]


def test_of_two_fields_one_may_be_absent() -> None:
    kinds = {"chapter": {"first": {**NUMBER, "x-order": "last"}, "last": NUMBER}}
    assert (
        list_places(
            "relations.out-of-order",
            schemas=kinds,
            chapter=[{"id": "one", "first": 5}, {"id": "two", "last": 5}],
        )
        == []
    )


def test_each_span_is_compared_with_its_own_end() -> None:
    spans = [{"start": 1, "end": 9}, {"start": 9, "end": 4}]
    assert list_places(
        "relations.out-of-order",
        schemas={},
        result=[{"id": "a", "source": {"section": "b", "spans": spans}}],
    ) == [("/records/0/source/spans/1/start", "start 9 is not before end 4")]


def test_quantities_are_compared_in_one_unit_by_their_upper_ends() -> None:
    kinds = {"stay": {"course": {**TIME, "x-within": "limit"}, "limit": TIME}}
    week = {"value": 1, "comparator": "<=", "unit": "wk"}
    stays = [
        {"id": "a", "course": {"value": 7, "unit": "d"}, "limit": week},
        {"id": "b", "course": {"low": 5, "high": 8, "unit": "d"}, "limit": week},
    ]
    assert list_places("relations.outside", schemas=kinds, stay=stays) == [
        ("/records/1/course/high", "course 5–8 days is above the limit 1 week")
    ]


def test_dates_are_compared() -> None:
    kinds = {"trial": {"opened": {**DAY, "x-order": {"field": "closed", "equal": True}}, "closed": DAY}}
    trial = [{"id": "one", "opened": "2025-02-01", "closed": "2024-12-31"}]
    assert list_places("relations.out-of-order", schemas=kinds, trial=trial) == [
        ("/records/0/opened", "opened 2025-02-01 is after closed 2024-12-31")
    ]


LIMITED = {
    "dosage": {
        "route": {"type": "string", "x-ref": "route"},
        "amount": {**MASS, "x-within": {"kind": "cap", "field": "most", "same": ["route"]}},
    },
    "cap": {"route": {"type": "string", "x-ref": "route"}, "most": MASS},
}
ROUTES = [{"id": "vein"}, {"id": "drip", "parent": "vein"}, {"id": "mouth"}]


@pytest.mark.parametrize(
    ("caps", "amount", "is_above"),
    [
        ([("", 10)], make_quantity(11), True),
        ([("", 10)], make_quantity(10), False),
        ([("", 10)], make_quantity(1, unit="g"), True),
        ([("vein", 10)], make_quantity(11), True),
        ([("mouth", 10)], make_quantity(11), False),
        ([("", 10), ("vein", 20)], make_quantity(15), False),
        ([("", 20), ("vein", 10)], make_quantity(15), True),
        ([("vein", 20), ("drip", 10)], make_quantity(15), True),
        ([("drip", 10), ("drip", 20)], make_quantity(15), False),
        ([], make_quantity(15), False),
    ],
)
def test_of_several_limits_the_closest_counts(
    caps: list[tuple[str, int]], amount: dict[str, Any], is_above: bool
) -> None:
    cap_records = [
        {"id": f"cap-{number}", "most": make_quantity(most), **({"route": route} if route else {})}
        for number, (route, most) in enumerate(caps)
    ]
    dosage = [{"id": "one", "route": "drip", "amount": amount}]
    assert (
        bool(list_places("relations.outside", schemas=LIMITED, route=ROUTES, cap=cap_records, dosage=dosage))
        is is_above
    )


def test_a_limit_for_some_does_not_bind_what_is_for_all() -> None:
    cap = [{"id": "one", "route": "vein", "most": make_quantity(10)}]
    assert (
        list_places(
            "relations.outside",
            schemas=LIMITED,
            route=ROUTES,
            cap=cap,
            dosage=[{"id": "a", "amount": make_quantity(15)}],
        )
        == []
    )


def test_the_usual_dose_is_not_above_every_maximum() -> None:
    def make_limit(limit_id: str, most: int) -> dict[str, Any]:
        return {
            "id": limit_id,
            "product": "b",
            "route": "oral",
            "per": "administration",
            "maximum": {"value": most, "unit": "mg"},
        }

    usual = {
        "id": "b",
        "product": "b",
        "route": "oral",
        "dose": {"low": 1600, "high": 3600, "unit": "mg"},
    }
    assert (
        list_places(
            "relations.outside",
            schemas={},
            usual_dose=[usual],
            dose_limit=[make_limit("x", 3600), make_limit("y", 1600)],
        )
        == []
    )
    (issue,) = list_places(
        "relations.outside",
        schemas={},
        usual_dose=[usual],
        dose_limit=[make_limit("x", 360), make_limit("y", 160)],
    )
    assert "is above the maximum 360 mg" in issue[1]


def test_a_maximum_per_kg_is_no_limit_of_a_dose_in_mg() -> None:
    usual = {"id": "b", "product": "b", "dose": {"value": 1000, "unit": "mg"}}
    limit = {"id": "x", "product": "b", "per": "time", "maximum": {"value": 75, "unit": "mg/kg"}}
    rules = ("relations.different-dimensions", "relations.outside")
    assert [list_places(rule, schemas={}, usual_dose=[usual], dose_limit=[limit]) for rule in rules] == [
        [],
        [],
    ]
    limit["maximum"] = {"value": 750, "unit": "mg"}
    assert list_places("relations.outside", schemas={}, usual_dose=[usual], dose_limit=[limit])


BLEND = {
    "blend": {
        "tea": {"type": "string"},
        "herb": {"type": "string"},
        "share": {
            "$ref": "common/quantity.schema.json#/$defs/share",
            "x-sum": {"part": "herb", "same": ["tea"]},
        },
    }
}


def make_part(record_id: str, tea: str, herb: str, **share: Any) -> dict[str, Any]:
    return {"id": record_id, "tea": tea, "herb": herb, "share": {**share, "unit": "%"}}


def test_a_part_that_is_stated_twice_counts_once_and_ranges_by_their_lower_ends() -> None:
    parts = [
        make_part("a", "mild", "mint", value=60),
        make_part("b", "mild", "mint", value=60),
        make_part("c", "mild", "sage", low=40, high=70),
        make_part("d", "plain", "mint", value=90),
    ]
    assert list_places("relations.sum-above-whole", schemas=BLEND, blend=parts) == []
    parts.append(make_part("e", "mild", "thyme", value=Decimal("0.5")))
    assert list_places("relations.sum-above-whole", schemas=BLEND, blend=parts) == [
        ("/records/4/share/value", "the parts of mild add up to 100.5 %, above 100 %")
    ]


def test_quantities_that_cannot_be_compared_are_reported_once() -> None:
    loose = {**MASS, "x-unit": ["mg", "mL"], "x-within": "most"}
    record = {"id": "one", "amount": make_quantity(4, unit="mL"), "most": make_quantity(1)}
    kinds = {"level": {"amount": loose, "most": MASS}}
    assert list_places("relations.outside", schemas=kinds, level=[record]) == []
    assert list_places("relations.different-dimensions", schemas=kinds, level=[record]) == [
        ("/records/0/amount/unit", "mL does not measure the same as mg, the unit of most")
    ]
