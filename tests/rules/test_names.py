"""Quantities in the names of terms are those of their fields."""

from __future__ import annotations

from typing import Any

import pytest

from bmkit.rules.examples import build_content
from bmkit.rules.names import other_quantity


def list_stated(kind: str, **fields: Any) -> list[str]:
    content = build_content({kind: [{"id": "one", **fields}]})
    return [issue.message.split(",")[0] for issue in other_quantity(content)]


@pytest.mark.parametrize(
    ("label", "stated"),
    [
        ("glucose 5 % solution", ["the name states 5 %"]),
        ("glucose 10 % solution", []),
        ("solution 5 of 2013", []),
        ("glucose 5", []),
    ],
)
@pytest.mark.parametrize("unit", ["%", "g/dL"])
def test_a_solution_is_as_strong_as_its_name_says(label: str, stated: list[str], unit: str) -> None:
    assert list_stated("solution", label=label, concentration={"value": 10, "unit": unit}) == stated


@pytest.mark.parametrize(
    ("label", "value", "stated"),
    [
        ("children of 2 to 12 years", {"low": 2, "high": 12, "unit": "a"}, []),
        ("children of 2 to 12 years", {"low": 24, "high": 144, "unit": "mo"}, []),
        ("children of 2 to 12 years", {"low": 2, "high": 12, "unit": "mo"}, ["the name states 2 years"]),
        ("children of 2 to 12 years", {"low": 2, "high": 120, "unit": "a"}, ["the name states 12 years"]),
        ("adults of 70 kg", {"value": 18, "comparator": ">=", "unit": "a"}, []),
        ("adults with a 10-year risk", {"value": 18, "comparator": ">=", "unit": "a"}, []),
        ("patients with radium-223 years ago", {"value": 18, "comparator": ">=", "unit": "a"}, []),
    ],
)
def test_a_population_has_the_bands_of_its_name(label: str, value: dict[str, Any], stated: list[str]) -> None:
    assert list_stated("population", label=label, bands=[{"characteristic": "age", "range": value}]) == stated
