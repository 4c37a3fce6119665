"""Two edits of one record: what is merged, and what only people can decide."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bmkit.changes.merge import Conflict, merge_records
from bmkit.schema import locate_shipped_schemas, read_schemas

REGIMEN = read_schemas(locate_shipped_schemas(), from_project=False).get_kind("regimen")
FOUR, FIVE = Decimal("4.0"), Decimal("5.0")
BASE: dict[str, Any] = {
    "id": "r",
    "dose": {"value": 4, "unit": "mg"},
    "route": "intravenous",
    "days": [1, 8],
    "plan": "p",
}


def edit(**fields: Any) -> dict[str, Any]:
    """Return the record with other values, without the fields that are None."""
    return {name: value for name, value in {**BASE, **fields}.items() if value is not None}


def mg(number: Any, unit: str = "mg") -> dict[str, Any]:
    return {"value": number, "unit": unit}


MERGES: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any], bool]] = [
    # ours, theirs, what comes of them, and whether both had a part in it
    ("nobody", BASE, BASE, BASE, False),
    ("they alone", BASE, edit(dose=mg(5)), edit(dose=mg(5)), False),
    ("we alone", edit(dose=mg(5)), BASE, edit(dose=mg(5)), False),
    ("another field each", edit(dose=mg(5)), edit(route="oral"), edit(dose=mg(5), route="oral"), True),
    ("both the same", edit(dose=mg(5)), edit(dose=mg(5)), edit(dose=mg(5)), False),
    ("both, written otherwise", edit(dose=mg(5)), edit(dose=mg(FIVE)), edit(dose=mg(5)), False),
    ("they took a field away", BASE, edit(route=None), edit(route=None), False),
    ("we took a field away", edit(route=None), BASE, edit(route=None), False),
    ("they added a field", BASE, edit(phase="start"), edit(phase="start"), False),
    ("each added another field", edit(phase="start"), edit(meal="x"), edit(phase="start", meal="x"), True),
    ("they changed the notation", BASE, edit(dose=mg(FOUR)), edit(dose=mg(FOUR)), False),
    ("we the notation, they the value", edit(dose=mg(FOUR)), edit(dose=mg(5)), edit(dose=mg(5)), False),
    ("we the value, they the notation", edit(dose=mg(5)), edit(dose=mg(FOUR)), edit(dose=mg(5)), False),
    ("notation, value", edit(dose=mg(FOUR)), edit(plan="q"), edit(dose=mg(FOUR), plan="q"), False),
    ("we the order of a set, they an item", edit(days=[8, 1]), edit(days=[1]), edit(days=[1]), False),
]  # fmt: skip


@pytest.mark.parametrize(("ours", "theirs", "value", "has_both"), [case[1:] for case in MERGES])
def test_merges(
    ours: dict[str, Any], theirs: dict[str, Any], value: dict[str, Any], *, has_both: bool
) -> None:
    merged = merge_records(BASE, ours, theirs, REGIMEN)
    assert merged.conflicts == ()
    assert repr(sorted((merged.value or {}).items())) == repr(sorted(value.items()))
    assert merged.has_both is has_both


CONFLICTS: list[tuple[str, dict[str, Any], dict[str, Any], list[Conflict]]] = [
    (
        "a quantity is a whole: not 5 ug",
        edit(dose=mg(5)),
        edit(dose=mg(4, "ug")),
        [Conflict("dose", mg(4), mg(5), mg(4, "ug"))],
    ),
    ("a list is a whole", edit(days=[1]), edit(days=[8]), [Conflict("days", [1, 8], [1], [8])]),
    ("gone and changed", edit(plan=None), edit(plan="q"), [Conflict("plan", "p", None, "q")]),
    ("added twice", edit(phase="start"), edit(phase="end"), [Conflict("phase", None, "start", "end")]),
    (
        "two fields",
        edit(dose=mg(5), route="oral", meal="fasting"),
        edit(dose=mg(6), route="nasal"),
        [Conflict("dose", mg(4), mg(5), mg(6)), Conflict("route", "intravenous", "oral", "nasal")],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("ours", "theirs", "conflicts"), [case[1:] for case in CONFLICTS])
def test_conflicts_keep_our_value(
    ours: dict[str, Any], theirs: dict[str, Any], conflicts: list[Conflict]
) -> None:
    merged = merge_records(BASE, ours, theirs, REGIMEN)
    assert sorted(merged.conflicts) == sorted(conflicts)
    assert merged.value == ours


def test_whole_records() -> None:
    changed = edit(dose=mg(5))
    renoted = edit(dose=mg(FOUR), days=[8, 1])
    assert merge_records(BASE, None, None, REGIMEN) == (None, (), False)
    assert merge_records(None, None, None, REGIMEN) == (None, (), False)
    for kept in (BASE, renoted):
        assert merge_records(BASE, None, kept, REGIMEN) == (None, (), False)
        assert merge_records(BASE, kept, None, REGIMEN) == (None, (), False)
    # Nobody's change is lost because the other removed the record.
    conflicts = (Conflict("", BASE, None, changed),), (Conflict("", BASE, changed, None),)
    assert merge_records(BASE, None, changed, REGIMEN) == (changed, conflicts[0], False)
    assert merge_records(BASE, changed, None, REGIMEN) == (changed, conflicts[1], False)
    assert merge_records(None, None, changed, REGIMEN) == (changed, (), False)
    assert merge_records(None, changed, None, REGIMEN) == (changed, (), False)


def test_records_added_under_one_id_are_not_mixed() -> None:
    ours, theirs = edit(phase="start"), edit(dose=mg(FOUR), meal="fasting")
    merged = merge_records(None, ours, theirs, REGIMEN)
    assert sorted(merged.conflicts) == [
        Conflict("meal", None, None, "fasting"),
        Conflict("phase", None, "start", None),
    ]
    assert merged.value == ours
    assert merge_records(None, BASE, dict(BASE), REGIMEN) == (BASE, (), False)


def test_fields_that_no_schema_knows_are_merged_too() -> None:
    merged = merge_records({"id": "r"}, {"id": "r", "x": 1}, {"id": "r", "y": None}, REGIMEN)
    assert merged == ({"id": "r", "x": 1, "y": None}, (), True)
    # What is no set for certain has an order, and true is not 1.
    merged = merge_records({"x": [1, 8], "y": 1}, {"x": [8, 1], "y": True}, {"x": [1], "y": 1}, REGIMEN)
    assert merged == ({"x": [8, 1], "y": True}, (Conflict("x", [1, 8], [8, 1], [1]),), False)
