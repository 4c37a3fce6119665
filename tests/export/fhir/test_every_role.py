"""Facts of every role, with a field of every role: whatever a kind of one's own has, the export is valid."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest

from bmkit.export.fhir.bundle import build_bundle
from bmkit.schema.roles import load_roles

from .checks import find_faults
from .own_kinds import build_own_resources

if TYPE_CHECKING:
    from pathlib import Path

    from bmkit.schema.roles import Role

    from .resources import Json

    Kinds = dict[str, tuple[str, Json]]

ROLES = load_roles()
# Terms are what fields refer to; facts are all other kinds.
TERM_ROLES = sorted(
    {role for role, entry in ROLES.of_kinds.items() if entry.part}
    | {"formula", "target-level", "publication"}
)
FACT_ROLES = ["", *sorted(ROLES.of_kinds.keys() - set(TERM_ROLES))]
_UNITS = {
    "time": ("duration", "d"),
    "count": ("count", "1"),
    "share": ("share", "%"),
    "dose": ("dose", "mg/kg"),
    "dose-rate": ("dose-rate", "mg/kg/d"),
    "volume": ("volume", "mL"),
    "concentration": ("concentration", "mg/mL"),
    "temperature": ("temperature", "Cel"),
    "absorbed-dose": ("absorbed-dose", "Gy"),
    "": ("measurement", "mg"),
}
AMOUNTS: dict[str, Json] = {
    "a number": {"value": 1},
    "a range": {"low": 1, "high": 2},
    "at most": {"value": 2, "comparator": "<="},
    "below": {"value": 2, "comparator": "<"},
    "above": {"value": 2, "comparator": ">"},
    "about": {"value": 2, "comparator": "about"},
    "nothing": {"value": 0},
}


def make_field(name: str, role: Role) -> Json:
    if role.value_type == "quantity":
        return {"x-unit": _UNITS[role.dimension][0], "x-role": name}
    if role.value_type == "reference":
        return {"x-ref": "k-condition", "x-role": name}
    if role.value_type == "text":
        return {"enum": ["one word", "another word"], "x-role": name}
    return {"type": role.value_type, "x-role": name}


def make_fields() -> dict[str, Json]:
    fields = {
        f"f-{name}": make_field(name, role)
        for name, role in ROLES.of_fields.items()
        if name not in ROLES.of_kinds and not role.is_many and name not in ("range", "band-word")
    }
    fields |= {
        f"f-{name}": {**make_field(name, role), "type": "array", "x-many": "any"}
        for name, role in ROLES.of_fields.items()
        if name not in ROLES.of_kinds and role.value_type == "reference"
    }
    fields |= {f"f-{role}": {"x-ref": f"k-{role}", "x-role": role} for role in TERM_ROLES}
    fields["f-days"] = {"type": "array", "x-role": "days"}
    fields["f-words"] = {"type": "string"}
    fields["f-yes"] = {"type": "boolean"}
    return fields


def make_value(field: Json, amount: Json) -> object:
    if field.get("type") == "array":
        return ["t-1", "t-2"] if "x-ref" in field else [1, 8]
    if "x-ref" in field:
        return "t-1"
    if "x-unit" in field:
        unit = next(unit for definition, unit in _UNITS.values() if definition == field["x-unit"])
        return {**amount, "unit": unit}
    if "enum" in field:
        return "one word"
    values: dict[str, object] = {"string": "some words", "boolean": True, "integer": 3, "number": 3}
    return values[field["type"]]


def build_kinds(
    amount: Json, *, has_lists: bool
) -> tuple[dict[str, tuple[str, Json]], dict[str, list[Json]]]:
    """A kind of fact for each role, whose only record has every field; terms have those of terms."""
    fields = make_fields()
    if has_lists:
        for role in TERM_ROLES:
            fields[f"f-{role}"] |= {"type": "array"}
    record = {name: make_value(field, amount) for name, field in fields.items()}
    kinds = {f"k-{role or 'none'}": (role, fields) for role in FACT_ROLES}
    records = {kind: [{"id": "x-1", **record}] for kind in kinds}
    return kinds, records


def build_terms() -> dict[str, list[Json]]:
    return {
        f"k-{role}": [{"id": f"t-{number}", "label": f"{role} {number}"} for number in (1, 2)]
        for role in TERM_ROLES
    }


TERM_KINDS: Kinds = {f"k-{role}": (role, {}) for role in TERM_ROLES}


@pytest.mark.parametrize(
    ("amount", "has_lists", "release"),
    [
        ("at most", True, "R5"),
        *(
            pytest.param(amount, has_lists, release, marks=pytest.mark.slow)
            for amount, has_lists, release in (("a number", False, "R5"), ("at most", True, "R4B"))
        ),
        *(
            pytest.param(amount, has_lists, release, marks=pytest.mark.audit)
            for amount, has_lists, release in product(AMOUNTS, (False, True), ("R5", "R4B"))
        ),
    ],
)
def test_facts_of_every_role_with_every_field_are_valid(
    tmp_path: Path, amount: str, has_lists: bool, release: str
) -> None:
    kinds, records = build_kinds(AMOUNTS[amount], has_lists=has_lists)
    resources = build_own_resources(
        tmp_path, kinds, {**build_terms(), **records}, release, term_kinds=TERM_KINDS
    )
    assert list(find_faults(build_bundle(resources, "document"), release)) == []


@pytest.mark.parametrize("release", ["R5", pytest.param("R4B", marks=pytest.mark.slow)])
def test_facts_of_every_role_without_any_field_are_valid(tmp_path: Path, release: str) -> None:
    kinds, records = build_kinds({}, has_lists=False)
    bare = {kind: [{"id": "x-1"}] for kind in records}
    resources = build_own_resources(
        tmp_path, kinds, {**build_terms(), **bare}, release, term_kinds=TERM_KINDS
    )
    assert list(find_faults(build_bundle(resources, "document"), release)) == []
