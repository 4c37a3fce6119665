"""Infusions have a time and a volume, injections need neither."""

from __future__ import annotations

from typing import Any

import pytest
from tests.rules.rule_runs import list_messages

FORMS = [
    {"id": "solution-for-injection"},
    {"id": "infusion-solution"},
    {"id": "solution-for-injection-or-infusion"},
    {"id": "powder-for-injection", "parent": "solution-for-injection"},
]
ROUTES = [{"id": "intravenous"}, {"id": "slow-intravenous-injection", "parent": "intravenous"}]


@pytest.mark.parametrize(
    ("fields", "is_needed"),
    [
        ({}, True),
        ({"form": "infusion-solution"}, True),
        ({"form": "solution-for-injection-or-infusion"}, True),
        ({"form": "solution-for-injection"}, False),
        ({"form": "powder-for-injection"}, False),
        ({"route": "slow-intravenous-injection"}, False),
    ],
)
@pytest.mark.parametrize("rule", ["infusion.no-time", "infusion.no-volume"])
def test_an_injection_has_neither_time_nor_volume(rule: str, fields: dict[str, Any], is_needed: bool) -> None:
    regimen = {
        "id": "one",
        "product": "morphine",
        "route": "intravenous",
        "dose": {"value": 5, "unit": "mg"},
        "interval": {"value": 4, "unit": "h"},
        **fields,
    }
    assert bool(list_messages(rule, form=FORMS, route=ROUTES, regimen=[regimen])) is is_needed
