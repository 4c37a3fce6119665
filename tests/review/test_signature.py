"""A signature keeps each value, reads it back, and knows every change with its gravity."""

from __future__ import annotations

import copy
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bmkit.changes import compare_values
from bmkit.changes.values import ValueReader
from bmkit.content import Content, Record, read_content
from bmkit.quoting import format_full_quote
from bmkit.review.signature import find_changes_since, read_quote, sign_record
from bmkit.schema import Field

if TYPE_CHECKING:
    from bmkit.schema import Kind

ROOT = Path(__file__).parents[2]
ROOTS = (ROOT, ROOT / "examples" / "second" / "project")
READER = ValueReader({})


@pytest.fixture(scope="module", params=ROOTS, ids=["own", "second"])
def content(request: pytest.FixtureRequest) -> Content:
    return read_content(str(request.param))


def make_changed(record: Record, value: dict[str, Any]) -> Record:
    return Record(record.kind, record.folder, record.file, record.index, value)


def iter_changed_values(value: Any) -> list[Any]:
    """Return values near to one: with another number, word, item or member."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int | Decimal):
        return [value * 10, value + 1]
    if isinstance(value, str):
        return [f"{value}x", f"not {value}", value[:-1]] if value else ["x"]
    if isinstance(value, list):
        changed = [[*value[:index], *value[index + 1 :]] for index in range(len(value))]
        return changed + [
            [*value[:index], near, *value[index + 1 :]]
            for index, item in enumerate(value)
            for near in iter_changed_values(item)
        ]
    if isinstance(value, dict):
        lesser = [{name: value[name] for name in value if name != gone} for gone in value]
        return lesser + [{**value, name: near} for name in value for near in iter_changed_values(value[name])]
    return []


def test_what_is_signed_has_not_changed(content: Content) -> None:
    for record in content.iter_records():
        assert find_changes_since(sign_record(record), record) == []
        reversed_record = make_changed(record, dict(reversed(record.value.items())))
        assert sign_record(record)[0] in sign_record(reversed_record)
        assert find_changes_since(sign_record(record), reversed_record) == []


def is_place_in_text(name: str, before: Any, after: Any, kind: Kind) -> bool:
    """Return whether only where words stand is otherwise: their digest is what is signed."""
    return name == "source" and not [
        change
        for change in compare_values(before, after, kind.get_field(name), kind, READER)
        if change.field.name not in ("start", "end")
    ]


@pytest.mark.slow
def test_no_change_of_any_value_is_silent_and_each_has_its_gravity(content: Content) -> None:
    count = 0
    for record in content.iter_records():
        signed = sign_record(record)
        for name, value in record.value.items():
            if name == "id":
                continue
            for near in [None, *iter_changed_values(value)]:
                changed_value = copy.copy(record.value)
                changed_value[name] = near
                if near is None:
                    del changed_value[name]
                if is_place_in_text(name, value, near, record.kind):
                    continue
                found = find_changes_since(signed, make_changed(record, changed_value))
                expected = list(compare_values(value, near, record.kind.get_field(name), record.kind, READER))
                if expected:
                    gravity = max(change.gravity for change in expected)
                    assert found, (record.id, name, near)
                    assert max(change.gravity for change in found) == gravity, (record.id, name, near)
                    count += 1
    assert count > 4000


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**6), 10**6)
    | st.decimals(-999, 999, places=3)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
    | st.sampled_from(["", "true", "4", "a, b", "[x]", 'say "so"', "a: b", "\u202e", "\x07", "\xa0", "4 mg"]),
    lambda values: (
        st.lists(values, max_size=3)
        | st.dictionaries(st.text("abc_", min_size=1, max_size=3), values, max_size=3)
    ),
    max_leaves=8,
)


@given(VALUES)
@settings(max_examples=60)
def test_a_quote_can_be_read_back(value: Any) -> None:
    quote = format_full_quote(value)
    assert quote.isprintable()
    assert read_quote(quote, Field("f", ("f",), "F", "", "text")) == value


@pytest.mark.parametrize(
    "quantity",
    [
        {"value": 4, "unit": "mg"},
        {"value": Decimal("0.5"), "comparator": "<=", "unit": "mL/min/{1.73_m2}"},
        {"low": -8, "high": -4, "unit": "Cel"},
        {"value": 2, "comparator": "about", "unit": "[USP'U]/kg"},
    ],
)
@pytest.mark.parametrize("is_list", [False, True])
def test_a_quantity_can_be_read_back(quantity: dict[str, Any], is_list: bool) -> None:
    value = [quantity, quantity] if is_list else quantity
    field = Field("f", ("f",), "F", "", "quantity", is_list=is_list)
    assert read_quote(format_full_quote(value), field) == value
