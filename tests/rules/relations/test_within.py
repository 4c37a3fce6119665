"""A value lies in the range, or belongs to the term, that its schema says."""

from __future__ import annotations

from typing import Any

import pytest
from tests.rules.example_records import make_quantity
from tests.rules.rule_runs import list_places

RULE = "relations.outside"
MASS = {"$ref": "common/quantity.schema.json#/$defs/mass"}
PROBE = {"probe": {"found": {**MASS, "x-within": "expected"}, "expected": MASS}}


@pytest.mark.parametrize(
    ("found", "expected", "message"),
    [
        (make_quantity(5), make_quantity(4, 6), ""),
        (make_quantity(4), make_quantity(4, 6), ""),
        (make_quantity(7), make_quantity(4, 6), "found 7 mg is above the expected 4–6 mg"),
        (make_quantity(3), make_quantity(4, 6), "found 3 mg is below the expected 4–6 mg"),
        (make_quantity(3, 5), make_quantity(4, 6), "found 3–5 mg is below the expected 4–6 mg"),
        (make_quantity(7, unit="g"), make_quantity(4, 6), "found 7 g is above the expected 4–6 mg"),
        # One number is a limit, whose lower end is nothing.
        (make_quantity(3), make_quantity(6), ""),
        (make_quantity(6), make_quantity(6), ""),
        (make_quantity(7), make_quantity(6), "found 7 mg is above the expected 6 mg"),
        (make_quantity(6), make_quantity(6, comparator="<"), "found 6 mg is above the expected 6 mg"),
        (make_quantity(6, comparator="<"), make_quantity(6, comparator="<"), ""),
        (make_quantity(6, comparator=">"), make_quantity(6), "found 6 mg is above the expected 6 mg"),
        (make_quantity(5, comparator=">"), make_quantity(6), ""),
        (make_quantity(7), make_quantity(6, comparator=">="), ""),
        (make_quantity(5), make_quantity(6, comparator=">="), "found 5 mg is below the expected 6 mg"),
        (make_quantity(6, comparator="<"), make_quantity(6, 7), "found 6 mg is below the expected 6–7 mg"),
    ],
)
def test_a_quantity_lies_in_a_range_or_up_to_a_limit(
    found: dict[str, Any], expected: dict[str, Any], message: str
) -> None:
    record = {"id": "one", "found": found, "expected": expected}
    places = list_places(RULE, schemas=PROBE, probe=[record])
    end = "low" if "below" in message and "low" in found else "high" if "high" in found else "value"
    assert places == ([(f"/records/0/found/{end}", message)] if message else [])


def refer_to(kind: str, **keywords: Any) -> dict[str, Any]:
    return {"type": "string", "x-ref": kind, **keywords}


KINDS = {
    "box": {
        "lid": refer_to("thing", **{"x-within": "holder.lids"}),
        "holder": refer_to("holder"),
        "colour": refer_to("thing", **{"x-within": {"field": "holder.colour", "either": True}}),
        "things": {"type": "array", "items": refer_to("thing"), "x-within": "all_of"},
        "all_of": refer_to("thing"),
        "sold": refer_to("thing", **{"x-within": {"kind": "shop", "field": "thing", "same": ["holder"]}}),
    },
    "holder": {"lids": {"type": "array", "items": refer_to("thing")}, "colour": refer_to("thing")},
    "thing": {"parent": refer_to("thing")},
    "shop": {"holder": refer_to("holder"), "thing": refer_to("thing")},
}
THINGS = [{"id": "red"}, {"id": "dark-red", "parent": "red"}, {"id": "blue"}]
HOLDERS = [{"id": "h", "lids": ["red"], "colour": "dark-red"}]


@pytest.mark.parametrize(
    ("box", "messages"),
    [
        ({"holder": "h", "lid": "red"}, []),
        ({"holder": "h", "lid": "dark-red"}, []),
        ({"holder": "h", "lid": "blue"}, ['lid "blue" is not within "red", the lids of "h"']),
        ({"lid": "blue"}, []),
        ({"holder": "unknown", "lid": "blue"}, []),
        ({"holder": "h", "colour": "red"}, []),
        ({"holder": "h", "colour": "dark-red"}, []),
        ({"holder": "h", "colour": "blue"}, ['colour "blue" is not within "dark-red", the colour of "h"']),
        ({"things": ["red", "dark-red"], "all_of": "red"}, []),
        (
            {"things": ["red", "blue"], "all_of": "dark-red"},
            [f'things "{name}" is not within "dark-red", its all_of' for name in ("red", "blue")],
        ),
        # Of another kind those that may be about the same.
        ({"holder": "h", "sold": "red"}, []),
        ({"holder": "h", "sold": "dark-red"}, []),
        ({"holder": "h", "sold": "blue"}, ['sold "blue" is not within "red", the thing of "s"']),
        ({"sold": "blue"}, []),
    ],
)
def test_a_term_belongs_to_another(box: dict[str, Any], messages: list[str]) -> None:
    shops = [{"id": "s", "holder": "h", "thing": "red"}, {"id": "t", "holder": "other", "thing": "blue"}]
    records = {"thing": THINGS, "holder": HOLDERS, "shop": shops, "box": [{"id": "one", **box}]}
    assert [message for _, message in list_places(RULE, schemas=KINDS, **records)] == messages
