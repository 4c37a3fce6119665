"""What counts as a change between two contents, and how grave each is."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from bmkit.changes import Gravity, find_changes

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import EditableContent

REGIMEN, SURVIVAL = "zometa-4-mg", "survival-breast-cancer"
CRITICAL, MAJOR, MINOR = Gravity.CRITICAL, Gravity.MAJOR, Gravity.MINOR


def get_record(records: list[dict[str, Any]], record_id: str) -> dict[str, Any]:
    return next(record for record in records if record["id"] == record_id)


def change_fields(record_id: str, **values: Any) -> Callable[[list[dict[str, Any]]], object]:
    """Return an edit that gives fields of a record other values, and takes away those that are None."""

    def change(records: list[dict[str, Any]]) -> None:
        record = get_record(records, record_id)
        record.update(values)
        for name, value in values.items():
            if value is None:
                del record[name]

    return change


def add_note(records: list[dict[str, Any]]) -> None:
    get_record(records, REGIMEN)["notes"].append("another-note")


def change_span(records: list[dict[str, Any]]) -> None:
    get_record(records, REGIMEN)["source"]["spans"][0]["end"] += 1


def change_display(records: list[dict[str, Any]]) -> None:
    get_record(records, "bone-marrow")["codes"][0]["display"] = "red marrow"


def change_code(records: list[dict[str, Any]]) -> None:
    get_record(records, "bone-marrow")["codes"][0]["code"] = "UBERON:0001474"


def mg(number: float | Decimal, **members: Any) -> dict[str, Any]:
    return {"value": number, "unit": "mg", **members}


CHANGES: list[tuple[str, Any, list[tuple[str, Gravity, str]]]] = [
    # What can hurt a patient.
    ("regimen", change_fields(REGIMEN, dose=mg(40)), [("dose", CRITICAL, "ten times as much")]),
    ("regimen", change_fields(REGIMEN, dose=mg(Decimal("0.4"))), [("dose", CRITICAL, "a tenth")]),
    ("regimen", change_fields(REGIMEN, dose=mg(5)), [("dose", CRITICAL, "")]),
    (
        "regimen",
        change_fields(REGIMEN, dose={"value": 4, "unit": "ug"}),
        [("dose", CRITICAL, "a thousandth")],
    ),
    (
        "regimen",
        change_fields(REGIMEN, dose={"value": 4, "unit": "mL"}),
        [("dose", CRITICAL, "another measure")],
    ),
    (
        "regimen",
        change_fields(REGIMEN, dose=mg(4, comparator="<=")),
        [("dose", CRITICAL, "another comparator")],
    ),
    ("regimen", change_fields(REGIMEN, dose=None), [("dose", CRITICAL, "")]),
    ("regimen", change_fields(REGIMEN, route="oral"), [("route", CRITICAL, "")]),
    ("regimen", change_fields(REGIMEN, product="bondronat"), [("product", CRITICAL, "")]),
    ("regimen", change_fields(REGIMEN, step=1), [("step", CRITICAL, "")]),
    (
        "caution",
        change_fields("bondronat-mineral-water", stance="allowed"),
        [("stance", CRITICAL, "")],
    ),
    (
        "result",
        change_fields(SURVIVAL, estimate={"low": 19, "high": 25, "unit": "d"}),
        [("estimate", CRITICAL, "another unit")],
    ),
    (
        "result",
        change_fields(SURVIVAL, estimate={"low": 190, "high": 250, "unit": "mo"}),
        [("estimate", CRITICAL, "ten times as much")],
    ),
    (
        "result",
        change_fields(SURVIVAL, estimate={"low": 19, "high": 250, "unit": "mo"}),
        [("estimate", CRITICAL, "one end ten times as much")],
    ),
    (
        "result",
        change_fields(SURVIVAL, estimate={"low": 19, "high": 25}),
        [("estimate", CRITICAL, "another measure")],
    ),
    # What a reader would learn wrongly.
    (
        "result",
        change_fields(SURVIVAL, estimate={"low": 19, "high": 26, "unit": "mo"}),
        [("estimate", MAJOR, "")],
    ),
    ("result", change_fields(SURVIVAL, population="adults"), [("population", MAJOR, "")]),
    ("metastatic-site", change_fields("multiple-myeloma-to-bone", site="skull"), [("site", MAJOR, "")]),
    ("statement", change_fields("bone-importance-is-plain", text="other words"), [("text", MAJOR, "")]),
    ("site", change_fields("bone-marrow", label="marrow"), [("label", MAJOR, "")]),
    ("site", change_code, [("codes.code", MAJOR, "")]),
    ("regimen", change_fields(REGIMEN, source=None), [("source", MAJOR, "")]),
    # What says the same in other words.
    ("editorial-note", change_fields("within-fifteen-minutes", label="x"), [("label", MINOR, "")]),
    ("regimen", add_note, [("notes", MINOR, "")]),
    ("regimen", change_span, [("source.spans.end", MINOR, "")]),
    ("site", change_fields("bone-marrow", synonyms=["marrow"]), [("synonyms", MINOR, "")]),
    ("site", change_display, [("codes.display", MINOR, "")]),
    (
        "regimen",
        change_fields(REGIMEN, dose={"value": 4000, "unit": "ug"}),
        [("dose", MINOR, "the same in another unit")],
    ),
]


@pytest.mark.parametrize(("kind", "edit", "expected"), CHANGES)
def test_a_change_has_the_gravity_of_what_it_says(
    project: EditableContent, kind: str, edit: Any, expected: list[tuple[str, Gravity, str]]
) -> None:
    [change] = find_changes(project.content, project.edit(kind, edit))
    found = [(each.name, each.gravity, each.reason) for each in change.field_changes]
    assert found == expected
    assert change.gravity == max(gravity for _, gravity, _ in expected)


def reverse_records(records: list[dict[str, Any]]) -> None:
    records.reverse()


def reverse_members(records: list[dict[str, Any]]) -> None:
    for record in records:
        members = list(record.items())
        record.clear()
        record.update(reversed(members))


def reverse_sets(records: list[dict[str, Any]]) -> None:
    for record in records:
        record["notes"] = record.get("notes", ["a", "b"])[::-1] if "notes" in record else []
        if not record["notes"]:
            del record["notes"]


def write_with_zeros(records: list[dict[str, Any]]) -> None:
    for record in records:
        for value in record.values():
            if isinstance(value, dict) and "value" in value:
                value["value"] = Decimal(f"{value['value']}.0")


@pytest.mark.parametrize("edit", [reverse_records, reverse_members, reverse_sets, write_with_zeros])
def test_another_notation_is_no_change(project: EditableContent, edit: Any) -> None:
    assert find_changes(project.content, project.edit("regimen", edit)) == []


def test_records_come_and_go(project: EditableContent) -> None:
    def replace(records: list[dict[str, Any]]) -> None:
        del records[0]
        records.append({**records[0], "id": "new-regimen", "dose": mg(7)})

    changes = find_changes(project.content, project.edit("regimen", replace))
    assert [(change.action, change.record.id, change.gravity) for change in changes] == [
        ("removed", REGIMEN, CRITICAL),
        ("added", "new-regimen", CRITICAL),
    ]


def test_a_term_with_another_id_was_renamed_and_what_refers_to_it_stays(project: EditableContent) -> None:
    renamed = project.edit_all(lambda data: data.replace(b'"zometa"', b'"zometa-iv"'))
    changes = find_changes(project.content, renamed)
    found = [
        (change.record.kind.name, change.before and change.before.id, change.record.id, change.is_renamed)
        for change in changes
    ]
    # The section of that name, too; of the facts that refer to either nothing else changed.
    assert found == [("section", "zometa", "zometa-iv", True), ("product", "zometa", "zometa-iv", True)]
    assert all(change.gravity is MINOR and not change.field_changes for change in changes)


def test_two_terms_that_swap_their_ids_are_no_renaming(project: EditableContent) -> None:
    def swap(records: list[dict[str, Any]]) -> None:
        first, second = get_record(records, "zometa"), get_record(records, "bondronat")
        first["id"], second["id"] = second["id"], first["id"]

    changes = find_changes(project.content, project.edit("product", swap))
    assert {change.record.id for change in changes} == {"zometa", "bondronat"}
    assert all(change.gravity >= MAJOR for change in changes)


def test_a_folder_with_another_name_was_moved(project: EditableContent) -> None:
    changes = find_changes(project.content, project.move("bone-metastasis", "bones"))
    assert changes
    assert all(change.is_moved and not change.field_changes for change in changes)


def test_content_that_does_not_fit_its_schema_is_compared(project: EditableContent) -> None:
    changed = project.edit("regimen", change_fields(REGIMEN, dose="four", unknown=[{"a": None}], route=7))
    [change] = find_changes(project.content, changed)
    assert [each.name for each in change.field_changes] == ["route", "dose", "unknown"]
    [change_back] = find_changes(changed, project.content)
    assert len(change_back.field_changes) == 3
