"""A strength is compared with what is usual for the product."""

from __future__ import annotations

from typing import Any

import pytest
from tests.rules.example_records import make_quantity, make_total
from tests.rules.rule_runs import list_messages

ROUTES = [{"id": "oral", "way": "by mouth"}, {"id": "intravenous", "way": "into a vein"}]
FORMS = [
    {"id": "concentrate-for-infusion", "state": "solution for infusion", "needs_dilution": True},
    *({"id": form, "state": form} for form in ("tablet", "capsule")),
    {"id": "film-coated-tablet", "state": "tablet"},
]
INFUSED = {"id": "i", "label": "P, infused", "product": "p", "route": "intravenous"}
TWO_TO_SIX = {"low": 2, "high": 6, "unit": "mg"}
CAPSULES = make_total(1600, 3200)
IMPLAUSIBLE = ["strength.implausible"]
STRENGTHS = ("slip.tenfold", "strength.implausible", "strength.tenfold", "strength.too-heavy")


@pytest.mark.parametrize(
    ("strength", "usual", "fields", "faults"),
    [
        (12, {"dose": make_quantity(120)}, {"container": "vial"}, ["strength.tenfold"]),
        (120, {"dose": make_quantity(120)}, {"container": "vial"}, []),
        (60, {"dose": TWO_TO_SIX}, {"form": "concentrate-for-infusion"}, IMPLAUSIBLE),
        (50, {"dose": TWO_TO_SIX}, {"form": "concentrate-for-infusion"}, []),
        (6000, {"dose": TWO_TO_SIX}, {"container": "vial"}, IMPLAUSIBLE),
        (16000, CAPSULES, {"form": "capsule"}, ["strength.too-heavy"]),
        (50000, CAPSULES, {"form": "capsule"}, ["strength.too-heavy"]),
        (4, CAPSULES, {"form": "film-coated-tablet"}, IMPLAUSIBLE),
        (5, CAPSULES, {"form": "tablet"}, []),
        # Of ten containers together.
        (60, {"dose": make_quantity(6)}, {"container": "vial", "per": make_quantity(10, unit="1")}, []),
        # Where a usual strength is listed it alone counts.
        (
            40,
            {"dose": make_quantity(40), "strength": make_quantity(4)},
            {"container": "vial"},
            ["slip.tenfold"],
        ),
        (4, {"dose": make_quantity(40), "strength": make_quantity(4)}, {"container": "vial"}, []),
    ],
)
def test_a_strength_is_compared_with_the_usual_doses_of_the_product(
    strength: int, usual: dict[str, Any], fields: dict[str, str], faults: list[str]
) -> None:
    piece = {"id": "piece", "product": "p", "strength": make_quantity(strength), **fields}
    ranges = [{**INFUSED, "route": "oral" if "total" in usual else "intravenous", **usual}]
    example = {"usual_dose": ranges, "presentation": [piece], "route": ROUTES, "form": FORMS}
    assert [rule_id for rule_id in STRENGTHS if list_messages(rule_id, **example)] == faults
