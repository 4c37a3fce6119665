"""Limits: the ends of ranges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from bmkit.content import Content


@rule(
    Severity.ERROR,
    good={"incidence": [{"id": "one", "share": {"low": 65, "high": 75, "unit": "%"}}]},
    bad={"incidence": [{"id": "one", "share": {"low": 85, "high": 65, "unit": "%"}}]},
)
def inverted(content: Content) -> Faults:
    """A range starts above its end.

    No value falls into it, so whoever reads it will swap the ends, or worse, trust one of them.
    """
    for record, _, parts, value in content.quantities():
        low, high = value.get("low"), value.get("high")
        if low is not None and high is not None and low > high:
            message = f"low {low} is above high {high}"
            yield record.at(*parts, "low"), message, "swap them, or correct one end"
