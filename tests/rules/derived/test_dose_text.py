"""The number of a dose is written as it cannot be misread."""

from __future__ import annotations

import pytest

from bmkit.rules.derived.dose_text import format_dose_number


@pytest.mark.parametrize(
    ("number_text", "safe_number"),
    [
        ("4.0", "4"), ("0.50", "0.5"), (".5", "0.5"), ("40", "40"), ("1,000.0", "1,000"), ("1600", "1,600"),
        ("1,600", "1,600"), ("0,125", "0.125"), ("0,500", "0.5"), ("12,5", "12.5"), ("1600,5", "1,600.5"),
        ("2,0", "2"), ("1,2,3", "1,2,3"), ("4.", "4."), ("", ""),
    ],
)  # fmt: skip
def test_a_dose_is_written_with_the_value_that_was_meant(number_text: str, safe_number: str) -> None:
    assert format_dose_number(number_text) == safe_number
