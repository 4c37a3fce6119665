"""Limits: the ends of ranges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.issue import Severity
from bmkit.proposals import propose_value
from bmkit.rules.derived.amounts import find_stated_quantities
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from bmkit.content import Content

_FHIR_RANGE_SOURCE = "HL7, FHIR Release 5, Range: invariant rng-2"


@rule(Severity.ERROR, source=_FHIR_RANGE_SOURCE)
def inverted(content: Content) -> Faults:
    """A range starts above its end.

    No value lies in it, so readers swap the ends or, worse, trust one of them.
    """
    for stated_quantity in find_stated_quantities(content):
        low, high = stated_quantity.value.get("low"), stated_quantity.value.get("high")
        if low is not None and high is not None and low > high:
            for record, parts, value in stated_quantity.occurrences:
                message = f"low {value['low']} is above high {value['high']}"
                hint = propose_value(
                    {**value, "low": value["high"], "high": value["low"]},
                    "swap them, or correct one end",
                    otherwise="correct one end",
                    place=record.locate_field(*parts),
                )
                yield record.locate_field(*parts, "low"), message, hint
