"""A signature keeps each value, and reads it back; tests/review/test_signed_content.py has changes."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bmkit.content import Content, Record, read_content
from bmkit.quoting import format_full_quote
from bmkit.review.signature import find_changes_since, read_quote, sign_record
from bmkit.schema import Field

ROOT = Path(__file__).parents[2]
ROOTS = (ROOT, ROOT / "examples" / "second" / "project")


@pytest.fixture(scope="module", params=ROOTS, ids=["own", "second"])
def content(request: pytest.FixtureRequest) -> Content:
    return read_content(str(request.param))


def make_changed(record: Record, value: dict[str, Any]) -> Record:
    return Record(record.kind, record.folder, record.file, record.index, value)


def test_what_is_signed_has_not_changed(content: Content) -> None:
    for record in content.iter_records():
        assert find_changes_since(sign_record(record), record) == []
        reversed_record = make_changed(record, dict(reversed(record.value.items())))
        assert sign_record(record)[0] in sign_record(reversed_record)
        assert find_changes_since(sign_record(record), reversed_record) == []


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
