"""The notes of a record are ids, or objects that also say which fields a note explains."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.content.projects import read_project

from bmkit.check import find_content_issues
from bmkit.shape import ShapeChecker, find_shape_issues
from bmkit.wording import format_value

if TYPE_CHECKING:
    from pathlib import Path

    from bmkit.content import Content

LONG_NOTE = {"note": "twice", "explains": ["label"]}
NOTE = {"id": "twice", "label": "ribs named twice"}


def read_site(root: Path, notes: Any) -> Content:
    """Return content with an editorial note and a site that has the notes."""

    def make_file(kind: str, *records: dict[str, Any]) -> str:
        return json.dumps({"$schema": f"../../schema/{kind}.schema.json", "records": records})

    site = {"id": "rib", "label": "rib", "category": "bone", "notes": notes}
    return read_project(
        root,
        {
            "terms/site.json": make_file("site", site),
            "one/editorial-note.json": make_file("editorial-note", NOTE),
        },
    )


def find_shape_places(content: Content) -> list[tuple[str, str]]:
    shape_issues = find_shape_issues(content, ShapeChecker())
    return [
        (issue.place.pointer, issue.message)
        for issue in shape_issues
        if issue.place.file.endswith("/site.json")
    ]


@pytest.mark.parametrize("notes", [["twice"], [LONG_NOTE], ["twice", {**LONG_NOTE, "note": "other"}]])
def test_an_id_and_an_object_fit(tmp_path: Path, notes: list[Any]) -> None:
    assert find_shape_places(read_site(tmp_path, notes)) == []


@pytest.mark.parametrize(
    ("note", "pointer", "message"),
    [
        ("Not an id", "/records/0/notes/0", '"Not an id" is not a valid id'),
        ({"note": "twice"}, "/records/0/notes/0", "explains is missing"),
        ({**LONG_NOTE, "note": 4}, "/records/0/notes/0/note", "4 should be"),
        ({**LONG_NOTE, "explain": []}, "/records/0/notes/0/explain", "explain"),
        ({**LONG_NOTE, "explains": []}, "/records/0/notes/0/explains", "explains"),
    ],
)
def test_what_does_not_fit_is_told_at_its_place(
    tmp_path: Path, note: Any, pointer: str, message: str
) -> None:
    ((found_pointer, found_message),) = find_shape_places(read_site(tmp_path, [note]))
    assert found_pointer == pointer
    assert message in found_message


def test_both_are_references(tmp_path: Path) -> None:
    content = read_site(tmp_path, ["twice", {**LONG_NOTE, "note": "lost"}])
    references = [
        (reference.parts, reference.target_id)
        for reference in content.iter_references()
        if reference.field.target_kind == "editorial-note"
    ]
    assert references == [(("notes", 0), "twice"), (("notes", 1, "note"), "lost")]


def test_a_lost_note_is_told_at_its_place(tmp_path: Path) -> None:
    content = read_site(tmp_path, [{**LONG_NOTE, "note": "lost"}])
    issues = find_content_issues(content, select=["references.dangling"])
    found = [(issue.place.pointer, issue.message) for issue in issues if issue.rule == "references.dangling"]
    assert found == [("/records/0/notes/0/note", 'there is no editorial-note "lost"')]


def test_both_are_named_by_their_label(tmp_path: Path) -> None:
    content = read_site(tmp_path, [LONG_NOTE])
    (record,) = content.list_records("site")
    field = record.kind.get_field("notes")
    assert (
        format_value(["twice", LONG_NOTE], field, content, record) == "ribs named twice and ribs named twice"
    )
