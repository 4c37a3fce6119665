"""A number that people wrote in a text is read where it is plain."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bmkit.ucum.quantity_text import parse_number_text

NUMBERS = [
    ("12", 12), ("+12", 12), (" 1.50 ", Decimal("1.50")), ("0,500", Decimal("0.500")), ("\u22125", -5),
    ("-0,5", Decimal("-0.5")), ("1,000", None), ("1.000.000", None), ("012", None), ("", None), ("x", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "number"), NUMBERS)
def test_a_number_in_a_text_is_read_if_it_is_plain(text: str, number: Any) -> None:
    assert parse_number_text(text) == number
