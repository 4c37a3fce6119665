"""bmkit diff with workbooks: what they say is held against content, and against each other."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from bmkit.cli import main

from .conftest import Project, Sheet
from .test_command import MEASURES, Desk
from .test_rows import NEW, SPAN

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def desk(sheet_project: Project, copied_root: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    assert main(["fmt", "--root", str(copied_root)]) == 0
    return Desk(sheet_project, copied_root, capsys)


def change_rows(book: Any) -> None:
    """Change a dose, add a row, take one away, and turn the others round."""
    sheet = Sheet(book["measure"])
    sheet.cell("m-1", "Dose: value").value = 40
    sheet.cell("m-1", "Your review").value = "reviewed"
    sheet.worksheet.delete_rows(sheet.row("m-3"))
    sheet.append(Id="new", **NEW, Source__spans=SPAN)


@pytest.fixture
def find_changes(desk: Desk, capsys: pytest.CaptureFixture[str]) -> Callable[..., list[tuple[str, ...]]]:
    def find(*names: object, status: int = 0) -> list[tuple[str, ...]]:
        capsys.readouterr()
        assert main(["diff", *map(str, names), "--format", "json", "--root", str(desk.root)]) == status
        changes = json.loads(capsys.readouterr().out)["changes"]
        return sorted((change["action"], change["id"], change["gravity"]) for change in changes)

    return find


CHANGES = [("added", "new", "major"), ("changed", "m-1", "critical"), ("removed", "m-3", "major")]
BACK = [("added", "m-3", "major"), ("changed", "m-1", "critical"), ("removed", "new", "major")]


def test_a_workbook_is_compared_with_content_either_way(
    desk: Desk, find_changes: Callable[..., list[tuple[str, ...]]]
) -> None:
    path = desk.edit(change_rows)
    assert find_changes(desk.root, path) == CHANGES
    assert find_changes(path) == find_changes(path, desk.root) == BACK
    # Imported, but for the row that is gone, which stays.
    assert desk.run(path, "--as", "A")[0] == 0
    assert find_changes(path, desk.root)[1:] == [("added", "measure-m-1-by-a", "minor")]


def test_what_content_has_changed_since_is_a_difference_too(
    desk: Desk, find_changes: Callable[..., list[tuple[str, ...]]]
) -> None:
    path = desk.edit(lambda _: None)
    assert find_changes(path) == []
    measures = json.loads(desk.read())
    measures["records"][1]["dose"]["value"] = 7
    measures["records"].append({**measures["records"][1], "id": "added-since"})
    (desk.root / MEASURES).write_text(json.dumps(measures), "utf-8")
    assert find_changes(path) == [("added", "added-since", "major"), ("changed", "m-1", "critical")]


def test_two_workbooks_are_compared(
    desk: Desk, sheet_project: Project, find_changes: Callable[..., list[tuple[str, ...]]]
) -> None:
    assert find_changes(sheet_project.path, desk.edit(change_rows)) == CHANGES


def test_cells_that_cannot_be_read_are_told(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    def change(book: Any) -> None:
        Sheet(book["measure"]).cell("m-1", "Dose: value").value = "4,5"
        Sheet(book["measure"]).cell("m-2", "Words").value = "other"

    path = desk.edit(change)
    capsys.readouterr()
    assert main(["diff", str(desk.root), str(path), "--root", str(desk.root)]) == 1
    captured = capsys.readouterr()
    assert f'{path}: measure!I3: error: Dose: value: "4,5" is no number' in captured.err
    assert 'measure "m-2" changed' in captured.out
    assert captured.out.endswith("1 change: 0 critical, 1 major, 0 minor\n")


def test_a_workbook_without_its_hidden_sheets_is_compared_with_content(
    desk: Desk, find_changes: Callable[..., list[tuple[str, ...]]]
) -> None:
    def change(book: Any) -> None:
        Sheet(book["measure"]).cell("m-1", "Dose: value").value = 40
        for name in [name for name in book.sheetnames if name.startswith("bmkit")]:
            del book[name]

    assert find_changes(desk.root, desk.edit(change)) == [("changed", "m-1", "critical")]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("book.xlsx", b"no workbook", "is not a workbook"),
        ("missing.xlsx", None, "No such file"),
    ],
)
def test_what_is_no_workbook_is_refused(
    desk: Desk, capsys: pytest.CaptureFixture[str], name: str, content: bytes | None, message: str
) -> None:
    path = desk.root / name
    if content is not None:
        path.write_bytes(content)
    assert main(["diff", str(path), "--root", str(desk.root)]) == 2
    assert message.lower() in capsys.readouterr().err.lower()


def test_a_workbook_is_not_compared_with_a_revision(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "HEAD~1", str(desk.edit(lambda _: None)), "--root", str(desk.root)]) == 2
    assert "HEAD~1: a workbook is compared with a folder" in capsys.readouterr().err
