"""Infusions have a time and a volume; injections, boluses and what is ready to use need neither."""

from __future__ import annotations

from typing import Any

import pytest
from tests.rules.rule_runs import list_messages

FORMS = [
    {"id": "f-01", "state": "solution for injection"},
    {"id": "f-02", "state": "solution for infusion"},
    {"id": "f-03", "state": "solution for infusion", "ready_to_use": True},
    {"id": "f-04", "state": "powder for injection"},
]
ROUTES = [
    {"id": "r-01", "way": "into a vein"},
    {"id": "r-02", "parent": "r-01"},
    {"id": "r-03", "way": "by mouth"},
]
TIME = {"administration_time": {"value": 15, "unit": "min"}}
VOLUME = {"volume": {"value": 100, "unit": "mL"}}


@pytest.mark.parametrize(
    ("fields", "is_needed"),
    [
        ({"form": "f-02"}, True),
        ({"form": "f-02", "route": "r-02"}, True),
        ({"manner": "infusion"}, True),
        ({"form": "f-01", "manner": "infusion"}, True),
        # Nothing says that it is infused.
        ({}, False),
        ({"form": "f-01"}, False),
        ({"form": "f-04"}, False),
        ({"form": "f-03"}, False),
        ({"form": "f-02", "manner": "bolus"}, False),
        ({"form": "f-02", "route": "r-03"}, False),
        ({"form": "f-02", **TIME, **VOLUME}, False),
    ],
)
@pytest.mark.parametrize("rule", ["infusion.no-time", "infusion.no-volume"])
def test_an_infusion_has_a_time_and_a_volume(rule: str, fields: dict[str, Any], is_needed: bool) -> None:
    regimen = {
        "id": "one",
        "product": "morphine",
        "route": "r-01",
        "dose": {"value": 5, "unit": "mg"},
        "interval": {"value": 4, "unit": "h"},
        **fields,
    }
    assert bool(list_messages(rule, form=FORMS, route=ROUTES, regimen=[regimen])) is is_needed


@pytest.mark.parametrize(("rule", "fields"), [("infusion.no-time", VOLUME), ("infusion.no-volume", TIME)])
def test_what_has_the_time_or_the_volume_of_an_infusion_is_one(rule: str, fields: dict[str, Any]) -> None:
    regimen = {"id": "one", "product": "p", "route": "r-01", "dose": {"value": 5, "unit": "mg"}, **fields}
    assert list_messages(rule, form=FORMS, route=ROUTES, regimen=[regimen])
