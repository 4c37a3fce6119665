"""Numbers stand once, ranges do not overlap, and a value is not what it cannot be."""

from __future__ import annotations

from typing import Any

import pytest
from tests.rules.rule_runs import list_places

TEXT = {"type": "string"}
NUMBER = {"type": "integer"}
KINDS = {
    "step": {
        "recipe": TEXT,
        "number": {**NUMBER, "x-unique": {"same": ["recipe"]}},
        "task": TEXT,
        "source": {"type": "object", "additionalProperties": False, "properties": {"page": NUMBER}},
    },
    "grade": {
        "scale": TEXT,
        "range": {
            "$ref": "common/quantity.schema.json#/$defs/duration",
            "x-disjoint": {"same": ["scale"]},
        },
    },
}


@pytest.mark.parametrize(
    ("second", "is_reported"),
    [
        ({"number": 2, "task": "bake"}, False),
        ({"number": 1, "task": "bake"}, True),
        ({"number": 1, "task": "bake", "recipe": "soup"}, False),
        # What is said twice is one step.
        ({"number": 1, "task": "mix", "source": {"page": 2}}, False),
    ],
)
def test_a_number_stands_once(second: dict[str, Any], is_reported: bool) -> None:
    steps = [{"id": "a", "number": 1, "task": "mix"}, {"id": "b", **second}]
    places = list_places("relations.not-unique", schemas=KINDS, step=steps)
    assert places == ([("/records/1/number", 'number 1 is also that of "a"')] if is_reported else [])


@pytest.mark.parametrize(
    ("low", "high", "unit", "is_reported"),
    [
        (11, 20, "d", False),
        (10, 20, "d", True),
        (2, 3, "wk", False),
        (1, 3, "wk", True),
    ],
)
def test_ranges_of_any_unit_do_not_overlap(low: int, high: int, unit: str, is_reported: bool) -> None:
    ranges = [{"low": 1, "high": 10, "unit": "d"}, {"low": low, "high": high, "unit": unit}]
    grades = [{"id": f"g{index}", "scale": "s", "range": value} for index, value in enumerate(ranges)]
    places = list_places("relations.overlap", schemas=KINDS, grade=grades)
    assert [pointer for pointer, _ in places] == (["/records/1/range"] if is_reported else [])
    grades[1]["scale"] = "other"
    assert list_places("relations.overlap", schemas=KINDS, grade=grades) == []


@pytest.mark.parametrize(
    ("site", "origin", "message"),
    [
        ("liver", "liver", 'site "liver" is the origin of "t"'),
        ("left-lobe", "liver", 'site "left-lobe" is the origin of "t"'),
        ("liver", "left-lobe", ""),
        ("spine", "skeleton", ""),
        ("spine", "unknown", ""),
    ],
)
def test_a_tumour_does_not_spread_to_where_it_comes_from(site: str, origin: str, message: str) -> None:
    sites = [
        {"id": "skeleton", "category": "organ system"},
        {"id": "spine", "category": "group of bones", "parent": "skeleton"},
        {"id": "liver", "category": "organ"},
        {"id": "left-lobe", "category": "organ", "parent": "liver"},
    ]
    places = list_places(
        "relations.itself",
        site=sites,
        tumour=[{"id": "t", "origin": origin}],
        metastatic_site=[{"id": "one", "tumour": "t", "site": site}],
    )
    assert places == ([("/records/0/site", message)] if message else [])


def test_a_value_that_is_no_term_is_not_the_other() -> None:
    kinds = {"pair": {"one": TEXT, "other": {**TEXT, "x-not": "one"}}}
    pairs = [{"id": "a", "one": "x", "other": "x"}, {"id": "b", "one": "x", "other": "y"}]
    assert list_places("relations.itself", schemas=kinds, pair=pairs) == [
        ("/records/0/other", 'other "x" is the one')
    ]
