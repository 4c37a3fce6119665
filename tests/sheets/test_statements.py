"""Reviewers say in the rows of a workbook what they think of them, and the import signs that."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from bmkit.cli import main
from bmkit.export import write_export
from bmkit.export.xlsx.columns import STATUSES
from bmkit.review.find import find_review_issues
from bmkit.schema import locate_shipped_schemas, read_schemas

from .conftest import Project, Sheet, read_valid
from .test_command import MEASURES, Desk
from .test_lossless import assert_nothing_changes
from .test_rows import NEW, SPAN

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

REVIEWS, TERM_REVIEWS = "content/trial/review.json", "content/terms/review.json"
A = "A. Reviewer"


@pytest.fixture
def desk(
    sheet_project: Project,
    copied_root: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Desk:
    monkeypatch.setenv("BMKIT_TODAY", "2026-06-30")
    assert main(["fmt", "--root", str(copied_root)]) == 0
    return Desk(sheet_project, copied_root, capsys)


def fill(record_id: str, sheet_name: str = "measure", **values: Any) -> Callable[[Any], None]:
    """Return an edit of the cells of a row, by heading, "_" for a blank and "__" for a colon."""

    def change(book: Any) -> None:
        for name, value in values.items():
            heading = name.replace("__", ": ").replace("_", " ")
            Sheet(book[sheet_name]).cell(record_id, heading).value = value

    return change


def read_reviews(desk: Desk, path: str = REVIEWS) -> list[tuple[str, ...]]:
    records = json.loads(desk.read(path))["records"] if (desk.root / path).exists() else []
    return [
        (*(record[name] for name in ("record", "status", "reviewer", "date")), record.get("reason", ""))
        for record in records
    ]


def export_again(desk: Desk, change: Callable[[Any], object]) -> Path:
    """Return the workbook of the content as it is now, after an edit."""
    [path] = write_export("xlsx", read_valid(desk.root), desk.root / "out")
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    return path


def test_a_row_that_is_edited_and_signed_is_signed_as_it_is_then(desk: Desk) -> None:
    path = desk.edit(fill("m-1", Dose__value=5, Your_review="reviewed", Reviewer=f" {A} ", Reason="seen"))
    status, out, _ = desk.run(path)
    assert status == 0
    assert "Dose: 4.0 mg → 5 mg" in out
    assert read_reviews(desk) == [("m-1", "reviewed", A, "2026-06-30", "seen")]
    assert "dose=5 mg" in desk.read(REVIEWS)
    assert find_review_issues(read_valid(desk.root)) == []
    assert main(["fmt", "--check", "--root", str(desk.root)]) == 0
    # What is imported a second time was said already, and is not dated anew.
    assert desk.run(path)[::2] == (0, "nothing was changed\n")


def test_who_is_named_in_a_row_signs_it_and_else_who_imports(desk: Desk) -> None:
    def change(book: Any) -> None:
        fill("m-1", Your_review="reviewed", Reviewer="B")(book)
        fill("m-2", Your_review="disputed", Reason="too much")(book)
        fill("ribs", "site", Your_review="proposed")(book)

    assert desk.run(desk.edit(change), "--as", A)[0] == 0
    assert read_reviews(desk) == [
        ("m-1", "reviewed", "B", "2026-06-30", ""),
        ("m-2", "disputed", A, "2026-06-30", "too much"),
    ]
    assert read_reviews(desk, TERM_REVIEWS) == [("ribs", "proposed", A, "2026-06-30", "")]


def test_a_new_row_without_an_id_can_be_signed(desk: Desk) -> None:
    path = desk.edit(
        lambda book: Sheet(book["measure"]).append(Your_review="reviewed", **NEW, Source__spans=SPAN)
    )
    status, out, _ = desk.run(path, "--as", A)
    assert status == 0, out
    [review] = read_reviews(desk)
    assert f'"id": "{review[0]}"' in desk.read()


FAULTS = [
    ({"Your_review": "aproved", "Reviewer": A}, 'D3: error: Your review: "aproved" is not in the list'),
    ({"Your_review": True, "Reviewer": A}, 'D3: error: "True" is not in the list (choose an entry under'),
    ({"Your_review": "=A1", "Reviewer": A}, "D3: error: Your review: holds the formula =A1"),
    ({"Your_review": "reviewed"}, "E3: error: nobody is named who calls it reviewed (write"),
    ({"Your_review": "reviewed", "Reviewer": 12}, "E3: error: Reviewer: holds the number 12"),
    ({"Reason": "too much"}, "D3: error: a reason is given, and nothing is said of the row"),
    ({"Reviews": "seen, A."}, "C3: error: what reviewers have said was changed"),
    ({"Your_review": "reviewed", "Reviewer": "A\nB"}, "error: measure!3: "),
]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "message"),
    [FAULTS[0], *(pytest.param(*fault, marks=pytest.mark.slow) for fault in FAULTS[1:])],
)
def test_what_says_nothing_is_refused_at_its_cell(desk: Desk, values: dict[str, Any], message: str) -> None:
    status, out, err = desk.run(desk.edit(fill("m-1", **values)))
    assert status == 1
    assert message in out
    assert "nothing was written" in err
    assert read_reviews(desk) == []


def test_a_name_alone_is_noted(desk: Desk) -> None:
    status, out, err = desk.run(desk.edit(fill("m-1", Reviewer=A)))
    assert (status, err) == (0, "nothing was changed\n")
    assert "measure!D3: note: a name alone says nothing of the row" in out


def test_nobody_signs_what_is_not_in_the_row(desk: Desk) -> None:
    path = desk.edit(fill("m-1", Your_review="reviewed", Reviewer=A))
    (desk.root / MEASURES).write_text(desk.read().replace('{"value": 4.0,', '{"value": 7,'), "utf-8")
    status, out, _ = desk.run(path)
    assert status == 1
    assert "measure!D3: error: the content says something else of it: Dose: 4 mg → 7 mg" in out
    assert read_reviews(desk) == []


def test_what_does_not_fit_its_schema_is_not_signed(desk: Desk) -> None:
    (desk.root / MEASURES).write_text(desk.read().replace('"count": 7', '"count": 77'), "utf-8")
    status, out, _ = desk.run(desk.edit(fill("m-1", Your_review="reviewed", Reviewer=A)))
    assert status == 1
    assert "measure!D3: error: it does not fit its schema" in out


def test_nobody_speaks_for_another(desk: Desk) -> None:
    assert desk.run(desk.edit(fill("m-1", Your_review="reviewed", Reviewer=A)))[0] == 0

    def dispute(book: Any) -> None:
        sheet = Sheet(book["measure"])
        assert sheet.cell("m-1", "Reviews").value == f"reviewed by {A} on 2026-06-30"
        fill("m-1", Your_review="disputed", Reviewer="B")(book)

    path = export_again(desk, dispute)
    assert desk.run(path)[0] == 0
    assert [review[1:3] for review in read_reviews(desk)] == [("reviewed", A), ("disputed", "B")]
    # B has spoken since; A may take back what A said.
    path = export_again(desk, fill("m-1", Your_review="proposed", Reviewer=A))
    assert desk.run(path)[0] == 0
    assert [review[1:3] for review in read_reviews(desk)] == [("proposed", A), ("disputed", "B")]


def test_what_was_said_meanwhile_stays(desk: Desk) -> None:
    path = desk.edit(fill("m-1", Your_review="reviewed", Reviewer=A))
    assert (
        main(["review", "sign", "measure/m-1", "--as", A, "--status", "disputed", "--root", str(desk.root)])
        == 0
    )
    status, out, _ = desk.run(path)
    assert status == 1
    assert f"measure!D3: error: since the export it was disputed by {A} on 2026-06-30" in out
    assert [review[1] for review in read_reviews(desk)] == ["disputed"]


def change_reviewer(book: Any) -> None:
    book["review"].cell(2, Sheet(book["review"]).column("Reviewer"), "B")


def add_review(book: Any) -> None:
    Sheet(book["review"]).append(Id="new", Kind="measure", Record="m-2", Status="reviewed", Reviewer="B")


@pytest.mark.slow
@pytest.mark.parametrize("change", [change_reviewer, add_review])
def test_the_sheet_of_reviews_is_only_read(desk: Desk, change: Callable[[Any], None]) -> None:
    assert desk.run(desk.edit(fill("m-1", Your_review="reviewed", Reviewer=A)))[0] == 0
    status, out, _ = desk.run(export_again(desk, change))
    assert status == 1
    assert "review!" in out
    assert [review[2] for review in read_reviews(desk)] == [A]
    path = export_again(desk, lambda book: book["review"].delete_rows(2))
    assert desk.run(path, "--delete")[0] == 0
    assert [review[2] for review in read_reviews(desk)] == [A]


@pytest.mark.slow
def test_signed_content_comes_back_as_it_was(desk: Desk) -> None:
    names = [f"measure/m-{number}" for number in range(4)]
    assert (
        main(["review", "sign", *names, "site/ribs", "--as", A, "--reason", "=1+1", "--root", str(desk.root)])
        == 0
    )
    path = export_again(desk, lambda _: None)
    assert_nothing_changes(path, read_valid(desk.root))


def test_the_choices_are_those_of_the_schema_but_for_what_is_gone() -> None:
    kind = read_schemas(locate_shipped_schemas(), from_project=False).get_kind("review")
    assert {*kind.get_field("status").values} - {"withdrawn"} == {*STATUSES}
