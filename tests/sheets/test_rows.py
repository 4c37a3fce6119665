"""Rows that come back: sorted, copied, added, left out; and contents that changed meanwhile."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl.comments import Comment

from bmkit.sheets.archive import WorkbookError
from bmkit.write_json import format_json

from .conftest import Project, Returned, Sheet, bring_back, read_valid, replace_in_parts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SPAN = "2–9 00112233445566aa"
NEW = {"Site": "sacrum", "Dose__value": 5, "Dose__unit": "mg", "Source__section": "the first section"}


def write_value(root: Path, record_id: str, **fields: Any) -> None:
    """Give fields of a measure in the content other values; None takes them away."""
    path = root / "content/trial/measure.json"
    document = json.loads(path.read_text("utf-8"), parse_float=Decimal)
    record = next(record for record in document["records"] if record["id"] == record_id)
    record.update(fields)
    for name, value in fields.items():
        if value is None:
            del record[name]
    path.write_text(format_json(document), "utf-8")


def test_what_nobody_touched_changes_nothing(edit: Callable[..., Returned]) -> None:
    # Saved by another library, which writes everything anew.
    returned = edit(str)
    assert returned.faults == []
    assert returned.edits.edits == []
    assert returned.plan.texts == {}


def test_sorted_rows_and_moved_columns_change_nothing(edit: Callable[..., Returned]) -> None:
    def shuffle(sheet: Sheet) -> None:
        worksheet = sheet.worksheet
        rows = [[(cell.value, cell.data_type) for cell in row] for row in worksheet.iter_rows()]
        for number, row in enumerate([rows[0], *reversed(rows[1:])], 1):
            for column, (value, data_type) in enumerate(reversed(row), 1):
                worksheet.cell(number, column).value = value
                worksheet.cell(number, column).data_type = data_type  # a text like a formula is none

    returned = edit(shuffle)
    assert returned.faults == []
    assert returned.edits.edits == []


def test_empty_rows_and_hidden_ones_are_no_matter(edit: Callable[..., Returned]) -> None:
    def change(sheet: Sheet) -> None:
        sheet.worksheet.insert_rows(4, 3)
        sheet.worksheet.row_dimensions[2].hidden = True
        sheet.cell("m-0", "Words").value = "other"
        sheet.worksheet.cell(50_000, 1).value = " "

    returned = edit(change)
    assert returned.errors == []
    assert returned.value("m-0", "words") == "other"
    assert len(returned.edits.edits) == 1


def test_a_new_row_becomes_a_record(edit: Callable[..., Returned]) -> None:
    def change(sheet: Sheet) -> None:
        sheet.append(Id="new-id", **NEW, Source__spans=SPAN)
        sheet.append(**NEW, Source__spans=f"{SPAN}\n12–19 aa112233445566aa")

    returned = edit(change)
    assert returned.errors == []
    spans = [{"start": 2, "end": 9, "digest": "00112233445566aa"}]
    assert returned.value("new-id") == {
        "id": "new-id",
        "site": "sacrum",
        "dose": {"value": 5, "unit": "mg"},
        "source": {"section": "first", "spans": spans},
    }
    # The words of its sentence.
    assert returned.value("sacrum-takes-5-mg", "source", "spans", kind="measure")[1]["end"] == 19


def test_a_new_term_can_be_referred_to(sheet_project: Project, tmp_path: Path) -> None:
    def change(book: Any) -> None:
        Sheet(book["site"]).append(Id="hip", Label="Hip bone")
        Sheet(book["site"]).append(Label="Os Coccygis, left")
        Sheet(book["measure"]).cell("m-0", "Site").value = "Hip bone"

    returned = sheet_project.edit(change, tmp_path / "new.xlsx")
    assert returned.errors == []
    assert returned.value("m-0", "site") == "hip"
    assert returned.value("os-coccygis-left", "label", kind="site") == "Os Coccygis, left"
    assert set(returned.plan.texts) == {"content/terms/site.json", "content/trial/measure.json"}


def test_a_renamed_label_is_no_new_reference(sheet_project: Project, tmp_path: Path) -> None:
    def change(book: Any) -> None:
        Sheet(book["site"]).cell("sacrum", "Label").value = "sacral bone"
        Sheet(book["measure"]).cell("m-1", "Site").value = "sacral bone"
        Sheet(book["measure"]).cell("m-2", "Site").value = "sacrum"

    returned = sheet_project.edit(change, tmp_path / "label.xlsx")
    assert returned.errors == []
    assert {edit.record_id for edit in returned.edits.edits} == {"sacrum", "m-1", "m-2"}
    assert [returned.value(record, "site") for record in ("m-1", "m-2")] == ["sacrum", "sacrum"]


@pytest.mark.parametrize(
    ("spans", "message"),
    [("2–9", '"2–9" has no digest'), ("somewhere", '"somewhere" is no place in the text')],
)
def test_a_new_row_needs_its_place(edit: Callable[..., Returned], spans: str, message: str) -> None:
    returned = edit(lambda sheet: sheet.append(Id="new-id", **NEW, Source__spans=spans))
    [error] = returned.errors
    assert message in error


def test_a_row_that_is_left_out_goes_only_on_demand(edit: Callable[..., Returned]) -> None:
    def change(sheet: Sheet) -> None:
        sheet.worksheet.delete_rows(sheet.row("m-2"))

    returned = edit(change)
    assert returned.plan.texts == {}
    assert returned.notes == ['measure: "m-2" has no row any more, and stays']
    returned = edit(change, deletes=True)
    assert returned.faults == []
    assert returned.value("m-2") is None
    assert returned.value("m-3") is not None


def test_an_id_that_stands_twice_is_refused_at_both_rows(edit: Callable[..., Returned]) -> None:
    def copy_row(sheet: Sheet) -> None:
        values = [cell.value for cell in sheet.worksheet[sheet.row("m-2")]]
        for column, value in enumerate(values, 1):
            sheet.worksheet.cell(40, column, value)

    returned = edit(copy_row)
    assert returned.errors == [f'measure!A{row}: the id "m-2" stands in two rows' for row in (4, 40)]


@pytest.mark.parametrize(
    ("record_id", "fields", "message"),
    [
        ("m-99", {}, 'the id "m-2" was changed to "m-99"'),
        (None, {}, 'the id "m-2" was taken away'),
        ("m-99", {"Dose: value": 7}, 'the id "m-2" was changed to "m-99"'),
    ],
)
def test_a_changed_id_is_refused(
    edit: Callable[..., Returned], record_id: str | None, fields: dict[str, Any], message: str
) -> None:
    def change(sheet: Sheet) -> None:
        row = sheet.row("m-2")
        for heading, value in fields.items():
            sheet.cell("m-2", heading).value = value
        sheet.worksheet.cell(row, 1).value = record_id

    returned = edit(change)
    assert returned.errors == [f"measure!A4: {message}"]
    assert returned.notes == []


def test_a_copy_with_an_id_of_its_own_is_a_new_record(edit: Callable[..., Returned]) -> None:
    def change(sheet: Sheet) -> None:
        values = [cell.value for cell in sheet.worksheet[sheet.row("m-2")]]
        for column, value in enumerate(values, 1):
            sheet.worksheet.cell(40, column, value)
        sheet.worksheet.cell(40, 1).value = "m-2-copy"
        sheet.worksheet.cell(40, sheet.column("Source: spans")).value = SPAN
        sheet.worksheet.cell(40, sheet.column("Dose: to")).value = 900

    returned = edit(change)
    assert returned.errors == []
    assert returned.value("m-2-copy", "dose") == {"low": 65, "high": 900, "unit": "ug", "comparator": "about"}


def test_swapped_sheets_are_noticed(sheet_project: Project, tmp_path: Path) -> None:
    def swap(book: Any) -> None:
        book["site"].title, book["section"].title = "x", "site"
        book["x"].title = "section"

    returned = sheet_project.edit(swap, tmp_path / "swapped.xlsx")
    assert returned.plan.texts == {}
    assert 'site!A2: "first" is a record of section, not of site' in returned.errors
    assert len(returned.errors) == 6


def test_missing_and_foreign_columns_and_sheets_are_told(sheet_project: Project, tmp_path: Path) -> None:
    def change(book: Any) -> None:
        measure = Sheet(book["measure"])
        measure.worksheet.cell(1, measure.column("Ratio")).value = "Ratios"
        measure.worksheet.cell(5, measure.worksheet.max_column + 3).value = "a remark"
        measure.worksheet["C2"].comment = Comment("is this so?", "reviewer")
        del book["section"]
        book.create_sheet("sections")

    returned = sheet_project.edit(change, tmp_path / "told.xlsx")
    assert returned.errors == []
    assert returned.plan.texts == {}
    letters = {fault.message: fault.place for fault in returned.faults}
    assert sorted(letters) == [
        'a comment is not imported: "is this so?"',
        "is gone; its records stay as they are",
        'the column "Ratio" is gone; its values stay as they are',
        'the column "Ratios" was not exported and is not imported',
        "was not exported and is not imported",
        "what stands in columns without a heading is not imported",
    ]
    assert letters['a comment is not imported: "is this so?"'] == "measure!C2"
    hints = {fault.message: fault.hint for fault in returned.faults}
    assert hints["was not exported and is not imported"] == 'did you mean "section"?'
    assert hints['the column "Ratios" was not exported and is not imported'] == 'did you mean "Ratio"?'


def copy_heading(sheet: Sheet) -> None:
    sheet.worksheet.cell(1, sheet.column("Count")).value = "Ratio"


def insert_title(sheet: Sheet) -> None:
    sheet.worksheet.insert_rows(1)
    sheet.worksheet["A1"].value = "Our measures"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda sheet: sheet.worksheet.merge_cells("C3:D4"), "measure!C3:D4: these cells are merged"),
        (copy_heading, 'measure!1: the heading "Ratio" stands over 2 columns'),
        (insert_title, 'measure!1: the first row has no heading "Id"'),
    ],
)
def test_a_sheet_that_cannot_be_read_is_refused(
    edit: Callable[..., Returned], change: Callable[[Sheet], object], message: str
) -> None:
    assert message in " ".join(edit(change).errors)


def test_what_both_changed_is_merged_by_field(edit: Callable[..., Returned], copied_root: Path) -> None:
    write_value(copied_root, "m-0", words="ours")
    write_value(copied_root, "m-1", dose={"value": 4, "unit": "ug"}, words="ours")
    write_value(copied_root, "m-3", dose={"value": 6, "unit": "mg"})

    def change(sheet: Sheet) -> None:
        sheet.cell("m-0", "Choice").value = "choice number 07"
        sheet.cell("m-1", "Dose: value").value = 5
        sheet.cell("m-3", "Dose: value").value = 6

    returned = edit(change, root=copied_root)
    assert [returned.value("m-0", name) for name in ("words", "choice")] == ["ours", "choice number 07"]
    assert returned.value("m-3", "dose", "value") == 6
    [note] = returned.notes
    assert note.endswith(': the content says of "m-0" what the sheet does not; both are kept')
    # Not 5 ug, which nobody wrote.
    assert returned.value("m-1", "dose") == {"value": 4, "unit": "ug"}
    [error] = returned.errors
    letters = returned.edits.places["measure", "m-0"].sheet.columns["dose.value"]
    assert error.startswith(f"measure!{letters}3: Dose: ")
    assert error.endswith("the sheet has 5 mg, the content has 4 ug, what was exported has 4 mg")


def test_a_record_that_is_gone_or_changed_since_is_a_conflict(
    edit: Callable[..., Returned], copied_root: Path
) -> None:
    path = copied_root / "content/trial/measure.json"
    document = json.loads(path.read_text("utf-8"), parse_float=Decimal)
    document["records"] = [record for record in document["records"] if record["id"] != "m-0"]
    path.write_text(format_json(document), "utf-8")
    write_value(copied_root, "m-1", count=8)

    def change(sheet: Sheet) -> None:
        sheet.cell("m-0", "Words").value = "other"
        sheet.worksheet.delete_rows(sheet.row("m-1"))

    returned = edit(change, root=copied_root, deletes=True)
    assert returned.errors == [
        'measure!2: the sheet changes the record "m-0", which is gone from the content',
        'measure: the sheet removes the record "m-1", which was changed in the content since',
    ]


def test_a_new_record_goes_to_no_folder_that_only_the_workbook_names(
    sheet_project: Project, tmp_path: Path
) -> None:
    def change(book: Any) -> None:
        Sheet(book["measure"]).append(Id="new-id", **NEW, Source__spans=SPAN)
        assert book["bmkit map"]["B3"].value == "trial"
        book["bmkit map"]["B3"].value = "../../elsewhere"

    returned = sheet_project.edit(change, tmp_path / "astray.xlsx")
    [error] = returned.errors
    assert error.endswith('the content has no article "../../elsewhere", to which this new record belongs')
    assert returned.plan.texts == {}


def test_a_workbook_of_a_newer_bmkit_and_a_damaged_base_are_refused(
    sheet_project: Project, tmp_path: Path
) -> None:
    path = tmp_path / "newer.xlsx"
    path.write_bytes(sheet_project.path.read_bytes())
    replace_in_parts(path, "xl/sharedStrings", b"<si><t>3</t></si>", b"<si><t>4</t></si>")
    with pytest.raises(WorkbookError, match="written by a newer bmkit"):
        bring_back(path, read_valid(sheet_project.root))
