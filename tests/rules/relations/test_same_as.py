"""A quantity that is stated again is the same."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.rules.rule_runs import list_places

RULE = "relations.not-the-same"


MASS = {"$ref": "common/quantity.schema.json#/$defs/mass"}
TEXT = {"type": "string"}
KINDS = {
    "swallowing": {
        "product": TEXT,
        "form": TEXT,
        "strength": {
            **MASS,
            "x-same-as": {"kind": "tablet", "field": "strength", "same": ["product", "form"]},
        },
    },
    "tablet": {"product": TEXT, "form": TEXT, "strength": MASS},
}


def make_tablet(milligrams: Decimal | int, unit: str = "mg", **fields: Any) -> dict[str, Any]:
    strength = {"value": milligrams, "unit": unit}
    return {"id": f"of-{milligrams}", "product": "p", "form": "tablet", "strength": strength, **fields}


@pytest.mark.parametrize(
    ("instruction", "message"),
    [
        (make_tablet(400), ""),
        (make_tablet(800), ""),
        (make_tablet(Decimal("0.4"), "g"), ""),
        (make_tablet(40), "strength 40 mg is not the strength of any tablet: 400 mg or 800 mg"),
        (make_tablet(40, product="q"), ""),
        (make_tablet(40, form="capsule"), "strength 40 mg is not the strength of any tablet: 60 mg"),
        # Without a form it may be that of any.
        (make_tablet(60, form=None), ""),
        (
            make_tablet(40, form=None),
            "strength 40 mg is not the strength of any tablet: 400 mg, 60 mg or 800 mg",
        ),
    ],
)
def test_a_strength_is_one_that_exists(instruction: dict[str, Any], message: str) -> None:
    tablets = [make_tablet(400), make_tablet(800), make_tablet(60, form="capsule")]
    fact = {name: value for name, value in instruction.items() if value is not None}
    places = list_places(RULE, schemas=KINDS, tablet=tablets, swallowing=[fact])
    assert places == ([("/records/0/strength/value", message)] if message else [])
