"""The workbook, opened again with another library: what reviewers see, and what they can do."""

from __future__ import annotations

import re
import zipfile
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils import range_boundaries
from tests.export.conftest import NASTY, lay, measure, records

from bmkit.content import Content, read_content
from bmkit.export import ExportError, write_export
from bmkit.export.xlsx.sheet import LISTS_SHEET, MAP_SHEET
from bmkit.export.xlsx.validation import SPARE_ROWS
from bmkit.export.xlsx.workbook import write_workbook
from bmkit.tables import project_tables

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module", params=["in memory", "with rows on disk"])
def path(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = lay(tmp_path_factory.mktemp("project"), records())
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "with rows on disk":
            patch.setattr("bmkit.export.xlsx.workbook.MANY_RECORDS", 1)
        [made] = write_export("xlsx", read_content(str(root)), root / "out")
    return made


@pytest.fixture(scope="module")
def book(path: Path) -> Workbook:
    return load_workbook(path)


def sheet(book: Workbook, name: str) -> Any:
    return book[name]


def columns(page: Any) -> dict[str, int]:
    """Field name, out of the note at the heading, to number of the column."""
    return {
        (cell.comment.text.split("\n")[0] if cell.comment else ""): number
        for number, cell in enumerate(page[1], 1)
    }


def cell(book: Workbook, record: str, field: str, kind: str = "measure") -> Any:
    page = sheet(book, kind)
    rows = {row[0].value: row[0].row for row in page.iter_rows(min_row=2)}
    return page.cell(rows[record], columns(page)[field])


def rule(page: Any, field: str) -> Any:
    """The rule for the cells of a column."""
    number = columns(page)[field]
    for found in page.data_validations.dataValidation:
        for part in found.sqref.ranges:
            if part.min_col <= number <= part.max_col:
                return found
    return None


def entries(book: Workbook, found: Any) -> list[Any]:
    """What the drop-down of a rule offers."""
    assert found is not None
    assert found.type == "list"
    name, where = str(found.formula1).split("!")
    left, top, right, bottom = range_boundaries(where.replace("$", ""))
    assert left == right
    page = sheet(book, name.strip("'"))
    return [page.cell(row, left or 0).value for row in range(top or 0, (bottom or 0) + 1)]


def test_it_is_named_after_the_article(path: Path) -> None:
    assert path.name == "trial.xlsx"


def test_sheets_are_cover_facts_article_terms_and_two_that_are_hidden(book: Workbook) -> None:
    assert book.sheetnames == ["Cover", "measure", "article", "section", "site", LISTS_SHEET, MAP_SHEET]
    assert [page.sheet_state for page in book.worksheets] == ["visible"] * 5 + ["hidden", "veryHidden"]
    assert book.active is not None
    assert book.active.title == "Cover"


def test_the_cover_says_what_is_in_it(book: Workbook) -> None:
    page = sheet(book, "Cover")
    text = {str(row[0].value): row for row in page.iter_rows() if row[0].value}
    assert page["A1"].value == "The trial article"
    assert "not a medical device" in str(page["A2"].value)
    assert text["Reviewed"][1].value == "2025-07-07"
    assert re.fullmatch("[0-9a-f]{16}", str(text["Version of the content"][1].value))
    assert text["Measure"][2].value == 25
    assert text["Measure"][0].hyperlink.location == "'measure'!A1"
    assert {"Facts", "About the article", "Reference lists", "How to read and change it"} <= set(text)


def test_headings_are_for_people_and_notes_name_the_field(book: Workbook) -> None:
    page = sheet(book, "measure")
    assert [one.value for one in page[1]][:4] == ["Id", "In words", "Site", "Regions"]
    assert page.cell(1, columns(page)["dose.low"]).value == "Dose: from"
    note = page.cell(1, columns(page)["dose.low"]).comment
    assert note is not None
    assert note.text.startswith("dose.low\nThe From.\n")


def test_every_fact_is_said_in_words(book: Workbook, content: Content) -> None:
    page = sheet(book, "measure")
    said = [row[1].value for row in page.iter_rows(min_row=2)]
    assert said[:3] == ["Whole: spine takes 4.0 mg", "Ribs takes 4.0 mg", "Spine takes about 65–1,000 mcg"]
    assert len([one for one in said if one]) == len(content.list_records("measure"))
    assert "In words" not in [one.value for one in sheet(book, "site")[1]]


def test_header_and_id_stay_in_view_and_rows_can_be_filtered(book: Workbook) -> None:
    page = sheet(book, "measure")
    assert page.freeze_panes == "B2"
    assert page.auto_filter.ref == page.dimensions == "A1:Z26"
    assert page.print_title_rows == "$1:$1"


@pytest.mark.parametrize(
    ("record", "field", "value", "shape"),
    [
        ("m-0", "dose.value", 4.0, "0.0"),
        ("m-1", "ratio", 19.99, "0.00"),
        ("m-1", "count", 7, "0"),
        ("m-2", "dose.high", 1000, "0"),
        ("m-3", "share.value", 0.5, "0.00"),
        ("m-4", "ratio", 1.2e-11, "General"),
        ("m-5", "ratio", -5, "0"),
        ("m-1", "day", datetime(2024, 2, 29), "yyyy-mm-dd"),  # noqa: DTZ001  a cell has no zone
    ],
)
def test_numbers_are_numbers_and_show_the_places_they_were_written_with(
    book: Workbook, record: str, field: str, value: Any, shape: str
) -> None:
    found = cell(book, record, field)
    assert found.value == value
    assert found.data_type == ("d" if isinstance(value, datetime) else "n")
    assert found.number_format == shape


def test_a_day_that_excel_does_not_know_stays_text(book: Workbook) -> None:
    assert cell(book, "m-4", "day").value == "1850-01-01"


def test_units_and_comparators_are_words_that_cannot_be_misread(book: Workbook) -> None:
    assert cell(book, "m-2", "dose.unit").value == "mcg"
    assert cell(book, "m-3", "share.comparator").value == "at most"
    page = sheet(book, "measure")
    assert entries(book, rule(page, "dose.unit")) == ["mg", "mcg"]
    assert entries(book, rule(page, "dose.comparator")) == ["below", "at most", "at least", "above", "about"]


@pytest.mark.parametrize("number", range(len(NASTY)))
def test_text_stays_text(path: Path, book: Workbook, read_texts: Any, number: int) -> None:
    found = cell(book, f"m-{10 + number}", "words")
    assert found.data_type == "s"
    assert read_texts(path, 2)[found.coordinate] == NASTY[number]
    assert found.number_format == "@"


def test_there_is_no_formula_anywhere(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/sheet"):
                assert b"<f>" not in archive.read(name)


def test_references_show_labels_and_lead_to_their_row(book: Workbook) -> None:
    found = cell(book, "m-1", "site")
    assert found.value == "ribs (ribs-left)"
    assert found.hyperlink.location == "'site'!A5"
    assert sheet(book, "site")["A5"].value == "ribs-left"
    assert cell(book, "m-0", "source.section").hyperlink.location == "'section'!A2"
    assert cell(book, "sacrum", "parent", "site").value == "spine"


def test_several_references_stand_one_a_line_without_a_link(book: Workbook) -> None:
    found = cell(book, "m-0", "regions")
    assert found.value == "sacrum\nRibs (ribs)"
    assert found.hyperlink is None
    assert found.alignment.wrap_text
    assert cell(book, "m-5", "regions").hyperlink.location == "'site'!A3"


def test_labels_that_differ_only_in_case_are_told_apart(book: Workbook) -> None:
    offered = entries(book, rule(sheet(book, "measure"), "site"))
    assert offered == ["Ribs (ribs)", "ribs (ribs-left)", "sacrum", "spine"]
    assert len({one.casefold() for one in offered}) == len(offered)


def test_a_long_closed_list_is_offered_whole(book: Workbook) -> None:
    found = rule(sheet(book, "measure"), "choice")
    offered = entries(book, found)
    assert offered == [f"choice number {number:02}" for number in range(60)]
    assert len(",".join(offered)) > 255
    assert found is not None
    assert found.showErrorMessage
    assert found.errorStyle in (None, "stop")


def test_entries_that_look_like_formulas_are_offered_as_text(book: Workbook) -> None:
    assert entries(book, rule(sheet(book, "measure"), "sign")) == ["-", "=", "plain"]
    assert cell(book, "m-5", "sign").value == "="
    assert entries(book, rule(sheet(book, "measure"), "source.section")) == [
        "=the second",
        "the first section",
    ]


def test_limits_of_the_schema_hold_in_the_cells(book: Workbook) -> None:
    page = sheet(book, "measure")
    share, count, ratio, day = (rule(page, name) for name in ("share.value", "count", "ratio", "day"))
    assert share is not None
    assert (share.type, share.operator or "between", share.formula1, share.formula2) == (
        "decimal", "between", "0", "100",
    )  # fmt: skip
    assert share.showErrorMessage
    assert "from 0 to 100" in str(share.error)
    assert count is not None
    assert (count.type, count.formula1, count.formula2) == ("whole", "0", "40")
    assert ratio is not None
    assert ratio.type == "decimal"
    assert day is not None
    assert day.type == "date"
    assert rule(page, "words") is None


def test_rules_reach_beyond_the_last_record(book: Workbook) -> None:
    page = sheet(book, "measure")
    found = rule(page, "site")
    assert found is not None
    assert next(iter(found.sqref.ranges)).max_row == 26 + SPARE_ROWS


def test_ids_and_what_is_made_are_locked_and_the_rest_is_not(book: Workbook) -> None:
    page = sheet(book, "measure")
    assert page.protection.sheet
    assert not page.protection.autoFilter
    assert not page.protection.formatColumns
    locked = {name for name, number in columns(page).items() if page.cell(2, number).protection.locked}
    in_words = next(name for name in columns(page) if name.startswith("The record as a sentence"))
    assert locked == {"id", in_words, "source.spans"}
    sites = columns(sheet(book, "site"))
    locked = {name for name in sites if cell(book, "spine", name, "site").protection.locked}
    assert locked == {"id", "codes"}


def test_objects_are_compact(book: Workbook) -> None:
    assert cell(book, "m-0", "source.spans").value == "1–9"
    assert cell(book, "spine", "codes", "site").value == "A · 1.0 · near"


def test_yes_and_no_are_words(book: Workbook) -> None:
    assert cell(book, "m-0", "flag").value == "yes"
    assert cell(book, "m-1", "flag").value == "no"
    assert entries(book, rule(sheet(book, "measure"), "flag")) == ["yes", "no"]


def test_columns_that_no_record_uses_are_hidden(book: Workbook) -> None:
    page = sheet(book, "measure")
    numbers = {
        number
        for group in page.column_dimensions.values()
        if group.hidden
        for number in range(group.min, group.max + 1)
    }
    hidden = {name for name, number in columns(page).items() if number in numbers}
    assert hidden == {"share.low", "share.high", "never"}


def test_the_hidden_sheet_says_which_column_is_which_field(book: Workbook) -> None:
    rows = [tuple(one.value for one in row[:5]) for row in sheet(book, MAP_SHEET).iter_rows()]
    assert rows[0][:2] == ("bmkit workbook", "1")
    assert re.fullmatch("[0-9a-f]{64}", str(rows[1][1]))
    start = rows.index(("kind", "sheet", "column", "field", "editable"))
    told = rows[start + 1 :]
    assert told[:3] == [
        ("measure", "measure", "A", "id", "no"),
        ("measure", "measure", "B", None, "no"),
        ("measure", "measure", "C", "site", "yes"),
    ]
    for kind, name, letter, field, _ in told:
        if field:
            page = sheet(book, str(name))
            note = page[f"{letter}1"].comment
            assert note is not None
            assert note.text.startswith(f"{field}\n"), kind


def test_a_text_that_no_cell_holds_is_refused_and_not_cut(tmp_path: Path) -> None:
    lay(tmp_path, {**records(), "measure": [measure(1, tags=["x" * 32_768])]})
    content = read_content(str(tmp_path))
    with pytest.raises(ExportError, match="measure m-1: Tags has 32768 characters, over the 32767"):
        write_export("xlsx", content, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_two_articles_have_a_workbook_each(tmp_path: Path) -> None:
    lay(tmp_path, records())
    lay(tmp_path, {"measure": [measure(0)], "section": records()["section"]}, "second")
    written = write_export("xlsx", read_content(str(tmp_path)), tmp_path / "out")
    assert [path.name for path in written] == ["second.xlsx", "trial.xlsx"]
    assert sheet(load_workbook(written[0]), "measure").max_row == 2


def test_content_with_a_long_number_keeps_all_its_digits(tmp_path: Path) -> None:
    lay(tmp_path, {**records(), "measure": [measure(1, ratio=Decimal("123456789.123456"))]})
    [made] = write_export("xlsx", read_content(str(tmp_path)), tmp_path / "out")
    assert cell(load_workbook(made), "m-1", "ratio").value == 123456789.123456


def test_the_workbook_of_this_repository_opens_and_is_complete(repository: Content, tmp_path: Path) -> None:
    book = load_workbook(write_export("xlsx", repository, tmp_path)[0])
    for kind in repository.list_kinds():
        page = sheet(book, kind.name)
        ids = [row[0].value for row in page.iter_rows(min_row=2)]
        assert ids == [record.id for record in repository.list_records(kind.name)]
        assert max(len(str(one.value or "")) for one in page[1]) <= 80


def test_rows_are_tall_enough_for_wrapped_text(book: Workbook) -> None:
    page = sheet(book, "measure")
    heights = {row[0].value: page.row_dimensions[row[0].row].height for row in page.iter_rows(min_row=2)}
    assert page.sheet_format.defaultRowHeight == 15
    assert heights["m-1"] is None
    assert heights["m-0"] == 30  # two regions, one a line


def test_a_long_text_is_wrapped_and_its_row_taller(tmp_path: Path) -> None:
    words = "a remark that goes on and on " * 10
    lay(tmp_path, {**records(), "measure": [measure(1, words=words)]})
    page = sheet(load_workbook(write_export("xlsx", read_content(str(tmp_path)), tmp_path)[0]), "measure")
    width = page.column_dimensions["E"].width
    assert page["E1"].value == "Words"
    assert width < 60
    assert page.row_dimensions[2].height >= 15 * len(words) / width / 1.3


def test_a_label_that_does_not_fit_in_a_line_has_no_link(tmp_path: Path) -> None:
    label = "a very long label of a site, " * 4
    sites = [{"id": "spine", "label": label}, {"id": "ribs", "label": "ribs"}]
    lay(tmp_path, {**records(), "site": sites, "measure": [measure(1), measure(2, site="ribs")]})
    book = load_workbook(write_export("xlsx", read_content(str(tmp_path)), tmp_path)[0])
    assert cell(book, "m-1", "site").value == label
    assert cell(book, "m-1", "site").hyperlink is None
    assert cell(book, "m-2", "site").hyperlink.location == "'site'!A3"


def test_there_are_no_more_links_than_excel_follows(
    content: Content, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bmkit.export.xlsx.rows.MAX_LINKS", 30)
    page = sheet(load_workbook(write_export("xlsx", content, tmp_path)[0]), "measure")
    assert sum(one.hyperlink is not None for row in page.iter_rows() for one in row) == 30


def test_more_records_than_a_sheet_holds_are_refused(
    content: Content, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bmkit.export.xlsx.workbook.MAX_RECORD_ROWS", 24)
    with pytest.raises(
        ExportError, match="measure: 25 records are over the 24 that a sheet of a workbook holds; export CSV"
    ):
        write_export("xlsx", content, tmp_path)


def test_below_the_last_record_there_is_room_for_new_ones(path: Path, book: Workbook) -> None:
    free = dict(_columns_of(path))
    numbers = columns(sheet(book, "measure"))
    in_words = next(name for name in numbers if name.startswith("The record as a sentence"))
    assert {name for name, number in numbers.items() if not free[number]} == {in_words, "source.spans"}


def test_the_sheet_says_how_far_it_reaches(path: Path) -> None:
    # Readers that stream trust this.
    page = load_workbook(path, read_only=True)["measure"]
    assert (page.max_row, page.max_column) == (26, 26)


def _columns_of(path: Path) -> list[tuple[int, bool]]:
    """Number of each column of the facts, and whether its empty cells can be edited."""
    with zipfile.ZipFile(path) as archive:
        page = archive.read("xl/worksheets/sheet2.xml").decode()
        looks = archive.read("xl/styles.xml").decode()
    forms = looks[looks.index("<cellXfs") :].split("<xf ")[1:]
    found = re.findall(r'<col min="(\d+)" max="(\d+)"[^>]* style="(\d+)"', page)
    return [
        (number, 'locked="0"' in forms[int(form)])
        for first, last, form in found
        for number in range(int(first), int(last) + 1)
    ]


@pytest.mark.parametrize("label", ["the\x07spine", "<r><t>spine</t></r>"])
def test_a_label_that_no_link_can_hold_is_text(tmp_path: Path, label: str, read_texts: Any) -> None:
    sites = [{"id": "spine", "label": label}, {"id": "ribs", "label": 'the "ribs" <&>'}]
    lay(tmp_path, {**records(), "site": sites, "measure": [measure(1), measure(2, site="ribs")]})
    [path] = write_export("xlsx", read_content(str(tmp_path)), tmp_path)
    book = load_workbook(path)
    assert read_texts(path, 2)["C2"] == label
    assert cell(book, "m-1", "site").hyperlink is None
    assert cell(book, "m-2", "site").hyperlink.tooltip == 'go to the "ribs" <&>'


@pytest.mark.parametrize("many_records", [1, 1000])
def test_a_folder_that_takes_no_file_is_told(
    content: Content, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, many_records: int
) -> None:
    monkeypatch.setattr("bmkit.export.xlsx.workbook.MANY_RECORDS", many_records)
    tables = project_tables(content)
    with pytest.raises(FileNotFoundError, match="missing"):
        write_workbook(tables, lambda record: record.id, tmp_path / "missing" / "book.xlsx")
