"""Records follow each other in the order that their schema says."""

from __future__ import annotations

from typing import Any

import pytest
from tests.rules.rule_runs import list_places

RULE = "relations.out-of-order"
NUMBER = {"type": "integer"}
TEXT = {"type": "string"}
KINDS = {
    "part": {
        "book": TEXT,
        "parent": {**TEXT, "x-ref": "part"},
        "page": NUMBER,
        "number": {**NUMBER, "x-order": {"along": "page", "same": ["book"]}},
    },
    "runner": {
        "race": TEXT,
        "names": {"type": "array", "items": TEXT},
        "behind": TEXT,
        "place": {**NUMBER, "x-order": {"after": "behind", "field": "names", "same": ["race"]}},
    },
}


@pytest.mark.parametrize(
    ("parts", "faulty"),
    [
        ([{"page": 1, "number": 1}, {"page": 5, "number": 2}], []),
        ([{"page": 5, "number": 2}, {"page": 1, "number": 1}], []),
        ([{"page": 1, "number": 2}, {"page": 5, "number": 1}], [1]),
        ([{"page": 1, "number": 1}, {"page": 5, "number": 1}], [1]),
        # Each book by itself; what has no page or number is left out.
        ([{"page": 1, "number": 1, "book": "a"}, {"page": 5, "number": 1, "book": "b"}], []),
        ([{"page": 1, "number": 2}, {"number": 1}, {"page": 3}], []),
        # A chapter comes before its first section, which starts on the same page.
        ([{"page": 1, "number": 1}, {"page": 1, "number": 2, "parent": "p0"}], []),
        ([{"page": 1, "number": 2}, {"page": 1, "number": 1, "parent": "p0"}], [1]),
        ([{"page": 1, "number": 2, "parent": "p1"}, {"page": 1, "number": 1, "parent": "p0"}], [1]),
    ],
)
def test_numbers_rise_along_another_field(parts: list[dict[str, Any]], faulty: list[int]) -> None:
    records = [{"id": f"p{index}", **part} for index, part in enumerate(parts)]
    places = list_places(RULE, schemas=KINDS, part=records)
    assert [pointer for pointer, _ in places] == [f"/records/{index}/number" for index in faulty]


@pytest.mark.parametrize(
    ("place", "fields", "message"),
    [
        (2, {}, ""),
        (1, {}, 'place 1 is not after place 1 of "ann"'),
        (1, {"race": "b"}, ""),
        (1, {"behind": "nobody"}, ""),
        (1, {"behind": "bob"}, 'place 1 is not after place 1 of "bob"'),
    ],
)
def test_what_comes_after_another_has_a_higher_number(
    place: int, fields: dict[str, Any], message: str
) -> None:
    runners = [
        {"id": "a", "race": "a", "names": ["ann", "eve"], "place": 1},
        {"id": "b", "race": "a", "names": ["bob"], "behind": "ann", "place": place, **fields},
    ]
    places = list_places(RULE, schemas=KINDS, runner=runners)
    assert places == ([("/records/1/place", message)] if message else [])
