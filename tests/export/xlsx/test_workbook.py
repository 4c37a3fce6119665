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
from tests.export.conftest import NASTY, make_measure, make_records, write_project

from bmkit.content import Content, read_content
from bmkit.export import ExportError, write_export
from bmkit.export.xlsx.columns import REVIEW_COLUMNS, SENTENCE_COLUMN, UniqueLabels
from bmkit.export.xlsx.sheet import LISTS_SHEET, MAP_SHEET, RECORDS_SHEET, make_sheets
from bmkit.export.xlsx.validation import SPARE_ROWS
from bmkit.export.xlsx.workbook import write_workbook
from bmkit.jsontext import parse_json
from bmkit.schema import locate_shipped_schemas, read_schemas
from bmkit.tables import make_table, project_tables

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module", params=["in memory", "with rows on disk"])
def workbook_path(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_project(tmp_path_factory.mktemp("project"), make_records())
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "with rows on disk":
            patch.setattr("bmkit.export.xlsx.workbook.MANY_RECORDS", 1)
        [workbook_file] = write_export("xlsx", read_content(str(root)), root / "out")
    return workbook_file


@pytest.fixture(scope="module")
def book(workbook_path: Path) -> Workbook:
    return load_workbook(workbook_path)


def get_sheet(book: Workbook, name: str) -> Any:
    return book[name]


def index_columns(sheet: Any) -> dict[str, int]:
    """Return the number of each column by the name of its field, which the note of its heading has."""
    return {
        (cell.comment.text.split("\n")[0] if cell.comment else ""): number
        for number, cell in enumerate(sheet[1], 1)
    }


def get_cell(book: Workbook, record: str, field: str, kind: str = "measure") -> Any:
    sheet = get_sheet(book, kind)
    rows = {row[0].value: row[0].row for row in sheet.iter_rows(min_row=2)}
    return sheet.cell(rows[record], index_columns(sheet)[field])


def find_validation(sheet: Any, field: str) -> Any:
    """Return the data validation of the cells of a column, None if there is none."""
    number = index_columns(sheet)[field]
    for validation in sheet.data_validations.dataValidation:
        for part in validation.sqref.ranges:
            if part.min_col <= number <= part.max_col:
                return validation
    return None


def list_entries(book: Workbook, validation: Any) -> list[Any]:
    """Return what the drop-down of a data validation offers."""
    assert validation is not None
    assert validation.type == "list"
    name, cell_range = str(validation.formula1).split("!")
    left, top, right, bottom = range_boundaries(cell_range.replace("$", ""))
    assert left == right
    sheet = get_sheet(book, name.strip("'"))
    return [sheet.cell(row, left or 0).value for row in range(top or 0, (bottom or 0) + 1)]


def test_it_is_named_after_the_article(workbook_path: Path) -> None:
    assert workbook_path.name == "trial.xlsx"


def test_sheets_are_cover_facts_article_terms_and_three_that_are_hidden(book: Workbook) -> None:
    hidden_names = [LISTS_SHEET, MAP_SHEET, RECORDS_SHEET]
    assert book.sheetnames == ["Cover", "measure", "article", "section", "site", *hidden_names]
    hidden_states = ["hidden", "veryHidden", "veryHidden"]
    assert [sheet.sheet_state for sheet in book.worksheets] == ["visible"] * 5 + hidden_states
    assert book.active is not None
    assert book.active.title == "Cover"


def test_the_cover_says_what_is_in_it(book: Workbook) -> None:
    sheet = get_sheet(book, "Cover")
    text = {str(row[0].value): row for row in sheet.iter_rows() if row[0].value}
    assert sheet["A1"].value == "The trial article"
    assert "not a medical device" in str(sheet["A2"].value)
    assert text["Reviewed"][1].value == "2025-07-07"
    assert re.fullmatch("[0-9a-f]{16}", str(text["Version of the content"][1].value))
    assert text["Measure"][2].value == 25
    assert text["Measure"][0].hyperlink.location == "'measure'!A1"
    assert {"Facts", "About the article", "Reference lists", "How to read and change it"} <= set(text)


def test_headings_are_for_people_and_notes_name_the_field(book: Workbook) -> None:
    sheet = get_sheet(book, "measure")
    assert [heading_cell.value for heading_cell in sheet[1]][:8] == [
        *("Id", "In words", "Reviews", "Your review", "Reviewer", "Reason"),
        *("Words", "Site"),
    ]
    assert sheet.cell(1, index_columns(sheet)["dose.low"]).value == "Dose: from"
    note = sheet.cell(1, index_columns(sheet)["dose.low"]).comment
    assert note is not None
    assert note.text.startswith("dose.low\nThe From.\n")


def test_columns_stand_in_the_order_of_the_sentence_and_empty_ones_last_and_hidden(tmp_path: Path) -> None:
    measures = [make_measure(1, words="Whole"), make_measure(2, share={"value": 4, "unit": "%"})]
    write_project(tmp_path, {**make_records(), "measure": measures})
    files = write_export("xlsx", read_content(str(tmp_path)), tmp_path / "out")
    sheet = get_sheet(load_workbook(files[0]), "measure")
    first_hidden = min(column.min for column in sheet.column_dimensions.values() if column.hidden)
    assert all(column.hidden == (column.min >= first_hidden) for column in sheet.column_dimensions.values())
    shown_names = [name for name, number in index_columns(sheet).items() if number < first_hidden]
    assert shown_names == [
        *(
            "id",
            *(column.note for column in (SENTENCE_COLUMN, *REVIEW_COLUMNS)),
            "words",
            "site",
            "dose.value",
            "dose.unit",
            "share.value",
            "share.unit",
        ),
        *("source.section", "source.spans"),
    ]
    assert "never" in index_columns(sheet)


def test_every_fact_is_said_in_words(book: Workbook, content: Content) -> None:
    sheet = get_sheet(book, "measure")
    sentences = [row[1].value for row in sheet.iter_rows(min_row=2)]
    assert sentences[:3] == [
        "Whole: spine takes 4.0 mg; regions: sacrum and Ribs; choice: choice number 59; flag: yes",
        "Ribs takes 4.0 mg; count: 7; ratio: 19.99; day: 2024-02-29",
        "Spine takes about 65–1,000 mcg",
    ]
    assert len(list(filter(None, sentences))) == len(content.list_records("measure"))
    assert "In words" not in [heading_cell.value for heading_cell in get_sheet(book, "site")[1]]


def test_header_and_id_stay_in_view_and_rows_can_be_filtered(book: Workbook) -> None:
    sheet = get_sheet(book, "measure")
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == sheet.dimensions == "A1:AD26"
    assert sheet.print_title_rows == "$1:$1"


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
    cell = get_cell(book, record, field)
    assert cell.value == value
    assert cell.data_type == ("d" if isinstance(value, datetime) else "n")
    assert cell.number_format == shape


def test_a_day_that_excel_does_not_know_stays_text(book: Workbook) -> None:
    assert get_cell(book, "m-4", "day").value == "1850-01-01"


def test_units_and_comparators_are_words_that_cannot_be_misread(book: Workbook) -> None:
    assert get_cell(book, "m-2", "dose.unit").value == "mcg"
    assert get_cell(book, "m-3", "share.comparator").value == "at most"
    sheet = get_sheet(book, "measure")
    assert list_entries(book, find_validation(sheet, "dose.unit")) == ["mg", "mcg"]
    assert list_entries(book, find_validation(sheet, "dose.comparator")) == [
        "below",
        "at most",
        "at least",
        "above",
        "about",
    ]


@pytest.mark.parametrize("number", range(len(NASTY)))
def test_text_stays_text(workbook_path: Path, book: Workbook, read_texts: Any, number: int) -> None:
    cell = get_cell(book, f"m-{10 + number}", "words")
    assert cell.data_type == "s"
    assert read_texts(workbook_path, 2)[cell.coordinate] == NASTY[number]
    assert cell.number_format == "@"


def test_there_is_no_formula_anywhere(workbook_path: Path) -> None:
    with zipfile.ZipFile(workbook_path) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/sheet"):
                assert b"<f>" not in archive.read(name)


def test_references_show_labels_and_lead_to_their_row(book: Workbook) -> None:
    cell = get_cell(book, "m-1", "site")
    assert cell.value == "ribs (ribs-left)"
    assert cell.hyperlink.location == "'site'!A5"
    assert get_sheet(book, "site")["A5"].value == "ribs-left"
    assert get_cell(book, "m-0", "source.section").hyperlink.location == "'section'!A2"
    assert get_cell(book, "sacrum", "parent", "site").value == "spine"


def test_several_references_stand_one_a_line_without_a_link(book: Workbook) -> None:
    cell = get_cell(book, "m-0", "regions")
    assert cell.value == "sacrum\nRibs (ribs)"
    assert cell.hyperlink is None
    assert cell.alignment.wrap_text
    assert get_cell(book, "m-5", "regions").hyperlink.location == "'site'!A3"


def test_labels_that_differ_only_in_case_are_told_apart(book: Workbook) -> None:
    offered = list_entries(book, find_validation(get_sheet(book, "measure"), "site"))
    assert offered == ["Ribs (ribs)", "ribs (ribs-left)", "sacrum", "spine"]
    assert len({label.casefold() for label in offered}) == len(offered)


def test_a_long_closed_list_is_offered_whole(book: Workbook) -> None:
    validation = find_validation(get_sheet(book, "measure"), "choice")
    offered = list_entries(book, validation)
    assert offered == [f"choice number {number:02}" for number in range(60)]
    assert len(",".join(offered)) > 255
    assert validation is not None
    assert validation.showErrorMessage
    assert validation.errorStyle in (None, "stop")


def test_entries_that_look_like_formulas_are_offered_as_text(book: Workbook) -> None:
    assert list_entries(book, find_validation(get_sheet(book, "measure"), "sign")) == ["-", "=", "plain"]
    assert get_cell(book, "m-5", "sign").value == "="
    assert list_entries(book, find_validation(get_sheet(book, "measure"), "source.section")) == [
        "=the second",
        "the first section",
    ]


def test_limits_of_the_schema_hold_in_the_cells(book: Workbook) -> None:
    sheet = get_sheet(book, "measure")
    share, count, ratio, day = (
        find_validation(sheet, name) for name in ("share.value", "count", "ratio", "day")
    )
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
    assert find_validation(sheet, "words") is None


def test_rules_reach_beyond_the_last_record(book: Workbook) -> None:
    sheet = get_sheet(book, "measure")
    validation = find_validation(sheet, "site")
    assert validation is not None
    assert next(iter(validation.sqref.ranges)).max_row == 26 + SPARE_ROWS


def test_ids_and_what_is_made_are_locked_and_the_rest_is_not(book: Workbook) -> None:
    sheet = get_sheet(book, "measure")
    assert sheet.protection.sheet
    assert not sheet.protection.autoFilter
    assert not sheet.protection.formatColumns
    locked = {
        name for name, number in index_columns(sheet).items() if sheet.cell(2, number).protection.locked
    }
    reviews = REVIEW_COLUMNS[0].note
    assert locked == {"id", SENTENCE_COLUMN.note, reviews, "source.spans"}
    sites = index_columns(get_sheet(book, "site"))
    locked = {name for name in sites if get_cell(book, "spine", name, "site").protection.locked}
    assert locked == {"id", "codes", reviews}


def test_a_reviewer_chooses_what_to_say(book: Workbook) -> None:
    rule = find_validation(get_sheet(book, "measure"), REVIEW_COLUMNS[1].note)
    assert list_entries(book, rule) == ["reviewed", "disputed", "proposed"]


def test_objects_are_compact(book: Workbook) -> None:
    assert get_cell(book, "m-0", "source.spans").value == "1–9"
    assert get_cell(book, "spine", "codes", "site").value == "A · 1.0 · one · near"


def test_yes_and_no_are_words(book: Workbook) -> None:
    assert get_cell(book, "m-0", "flag").value == "yes"
    assert get_cell(book, "m-1", "flag").value == "no"
    assert list_entries(book, find_validation(get_sheet(book, "measure"), "flag")) == ["yes", "no"]


def test_columns_that_no_record_uses_are_hidden(book: Workbook) -> None:
    sheet = get_sheet(book, "measure")
    numbers = {
        number
        for group in sheet.column_dimensions.values()
        if group.hidden
        for number in range(group.min, group.max + 1)
    }
    hidden = {name for name, number in index_columns(sheet).items() if number in numbers}
    assert hidden == {"share.low", "share.high", "never"}


def test_the_hidden_sheet_says_which_column_is_which_field(book: Workbook) -> None:
    rows = [tuple(cell.value for cell in row[:5]) for row in get_sheet(book, MAP_SHEET).iter_rows()]
    assert rows[0][:2] == ("bmkit workbook", "3")
    assert rows[2][:2] == ("article", "trial")
    assert re.fullmatch("[0-9a-f]{64}", str(rows[1][1]))
    start = rows.index(("kind", "sheet", "column", "field", "editable"))
    mapped_columns = rows[start + 1 :]
    assert mapped_columns[:7] == [
        ("measure", "measure", "A", "id", "no"),
        ("measure", "measure", "B", None, "no"),
        ("measure", "measure", "C", "review:so-far", "no"),
        ("measure", "measure", "D", "review:status", "yes"),
        ("measure", "measure", "E", "review:reviewer", "yes"),
        ("measure", "measure", "F", "review:reason", "yes"),
        ("measure", "measure", "G", "words", "yes"),
    ]
    for kind, name, letter, field, _ in mapped_columns:
        if field and not str(field).startswith("review:"):
            sheet = get_sheet(book, str(name))
            note = sheet[f"{letter}1"].comment
            assert note is not None
            assert note.text.startswith(f"{field}\n"), kind


def test_the_hidden_sheet_names_headings_and_lists(book: Workbook) -> None:
    rows = {row[3].value: row for row in get_sheet(book, MAP_SHEET).iter_rows() if row[0].value == "measure"}
    lists = get_sheet(book, LISTS_SHEET)
    choices = {}
    for field in ("dose.unit", "site", "regions", "flag", "ratio"):
        letters = rows[field][6].value
        column = lists[letters][0].column if letters else 0
        choices[field] = [
            (row[column - 1].value, row[column].value)
            for row in lists.iter_rows(min_row=2)
            if column and row[column - 1].value
        ]
    assert rows["dose.unit"][5].value == "Dose: unit"
    assert choices["dose.unit"] == [("mg", "mg"), ("mcg", "ug")]
    assert choices["flag"] == [("yes", "true"), ("no", "false")]
    assert choices["site"] == choices["regions"]
    assert ("ribs (ribs-left)", "ribs-left") in choices["site"]
    assert choices["ratio"] == []


def sort_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: sort_keys(value[key]) for key in sorted(value)}
    return [*map(sort_keys, value)] if isinstance(value, list) else value


def test_each_record_travels_with_the_workbook(book: Workbook, content: Content) -> None:
    rows = [[cell.value for cell in row] for row in get_sheet(book, RECORDS_SHEET).iter_rows(min_row=2)]
    records = {(row[0], row[2]): row for row in rows}
    assert len(records) == len(rows) == sum(1 for _ in content.iter_records())
    for record in content.iter_records():
        _, folder, _, cells_digest, sentence_digest, *parts = records[record.kind.name, record.id]
        text = "".join(str(part) for part in parts if part is not None)
        assert text.isascii()
        # With the digits of each number, whatever the order of keys.
        assert repr(sort_keys(parse_json(text.encode()))) == repr(sort_keys(record.value))
        assert folder == record.folder
        assert re.fullmatch("[0-9a-f]{16}", str(cells_digest))
        assert bool(sentence_digest) is (record.kind.name == "measure")
    assert len({row[3] for row in rows if row[0] == "measure"}) == sum(row[0] == "measure" for row in rows)


def test_a_long_record_is_split_over_cells(tmp_path: Path) -> None:
    site = {"id": "x", "label": "b" * 20_000, "synonyms": ["a" * 20_000]}
    records = {
        **make_records(),
        "measure": [make_measure(1, site="x")],
        "site": [*make_records()["site"], site],
    }
    book = load_workbook(
        write_export("xlsx", read_content(str(write_project(tmp_path, records))), tmp_path)[0]
    )
    [row] = [row for row in get_sheet(book, RECORDS_SHEET).iter_rows() if row[2].value == "x"]
    parts = [str(cell.value) for cell in row[5:] if cell.value]
    assert len(parts) == 2
    assert parse_json("".join(parts).encode()) == site


def test_headings_of_a_sheet_are_unique() -> None:
    for kind in read_schemas(locate_shipped_schemas(), from_project=False):
        [sheet] = make_sheets((make_table(kind, ()),), UniqueLabels(()))
        headings = [sheet_column.heading.casefold() for sheet_column in sheet.columns]
        assert len(set(headings)) == len(headings), kind


def test_a_text_that_no_cell_holds_is_refused_and_not_cut(tmp_path: Path) -> None:
    write_project(tmp_path, {**make_records(), "measure": [make_measure(1, tags=["x" * 32_768])]})
    content = read_content(str(tmp_path))
    with pytest.raises(ExportError, match=r"measure m-1: .* has 327[0-9]{2} characters, over the 32767"):
        write_export("xlsx", content, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_two_articles_have_a_workbook_each(tmp_path: Path) -> None:
    write_project(tmp_path, make_records())
    write_project(tmp_path, {"measure": [make_measure(0)], "section": make_records()["section"]}, "second")
    written = write_export("xlsx", read_content(str(tmp_path)), tmp_path / "out")
    assert [path.name for path in written] == ["second.xlsx", "trial.xlsx"]
    assert get_sheet(load_workbook(written[0]), "measure").max_row == 2


def test_content_with_a_long_number_keeps_all_its_digits(tmp_path: Path) -> None:
    write_project(
        tmp_path, {**make_records(), "measure": [make_measure(1, ratio=Decimal("123456789.123456"))]}
    )
    [workbook_file] = write_export("xlsx", read_content(str(tmp_path)), tmp_path / "out")
    assert get_cell(load_workbook(workbook_file), "m-1", "ratio").value == 123456789.123456


def test_the_workbook_of_this_repository_opens_and_is_complete(repository: Content, tmp_path: Path) -> None:
    book = load_workbook(write_export("xlsx", repository, tmp_path)[0])
    for kind in repository.list_kinds():
        sheet = get_sheet(book, kind.name)
        ids = [row[0].value for row in sheet.iter_rows(min_row=2)]
        assert ids == [record.id for record in repository.list_records(kind.name)]
        assert max(len(str(cell.value or "")) for cell in sheet[1]) <= 80


def test_rows_are_tall_enough_for_wrapped_text(book: Workbook) -> None:
    sheet = get_sheet(book, "measure")
    heights = {row[0].value: sheet.row_dimensions[row[0].row].height for row in sheet.iter_rows(min_row=2)}
    assert sheet.sheet_format.defaultRowHeight == 15
    assert heights["m-1"] is None
    assert heights["m-0"] == 30  # two regions, one a line


def test_a_long_text_is_wrapped_and_its_row_taller(tmp_path: Path) -> None:
    words = "a remark that goes on and on " * 10
    write_project(tmp_path, {**make_records(), "measure": [make_measure(1, words=words)]})
    sheet = get_sheet(
        load_workbook(write_export("xlsx", read_content(str(tmp_path)), tmp_path)[0]), "measure"
    )
    width = sheet.column_dimensions["G"].width
    assert sheet["G1"].value == "Words"
    assert width < 60
    assert sheet.row_dimensions[2].height >= 15 * len(words) / width / 1.3


def test_a_label_that_does_not_fit_in_a_line_has_no_link(tmp_path: Path) -> None:
    label = "a very long label of a site, " * 4
    sites = [{"id": "spine", "label": label}, {"id": "ribs", "label": "ribs"}]
    write_project(
        tmp_path,
        {**make_records(), "site": sites, "measure": [make_measure(1), make_measure(2, site="ribs")]},
    )
    book = load_workbook(write_export("xlsx", read_content(str(tmp_path)), tmp_path)[0])
    assert get_cell(book, "m-1", "site").value == label
    assert get_cell(book, "m-1", "site").hyperlink is None
    assert get_cell(book, "m-2", "site").hyperlink.location == "'site'!A3"


def test_there_are_no_more_links_than_excel_follows(
    content: Content, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bmkit.export.xlsx.rows.MAX_LINKS", 30)
    sheet = get_sheet(load_workbook(write_export("xlsx", content, tmp_path)[0]), "measure")
    assert sum(cell.hyperlink is not None for row in sheet.iter_rows() for cell in row) == 30


def test_more_records_than_a_sheet_holds_are_refused(
    content: Content, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bmkit.export.xlsx.workbook.MAX_RECORD_ROWS", 24)
    with pytest.raises(
        ExportError, match="measure: 25 records are over the 24 that a sheet of a workbook holds; export CSV"
    ):
        write_export("xlsx", content, tmp_path)


def test_below_the_last_record_there_is_room_for_new_ones(workbook_path: Path, book: Workbook) -> None:
    free = dict(list_column_locks(workbook_path))
    numbers = index_columns(get_sheet(book, "measure"))
    assert {name for name, number in numbers.items() if not free[number]} == {
        SENTENCE_COLUMN.note,
        REVIEW_COLUMNS[0].note,
    }


def test_the_sheet_says_how_far_it_reaches(workbook_path: Path) -> None:
    # Readers that stream trust this.
    sheet = load_workbook(workbook_path, read_only=True)["measure"]
    assert (sheet.max_row, sheet.max_column) == (26, 30)


def list_column_locks(path: Path) -> list[tuple[int, bool]]:
    """Return the number of each column of the facts, and whether its empty cells can be edited."""
    with zipfile.ZipFile(path) as archive:
        sheet_text = archive.read("xl/worksheets/sheet2.xml").decode()
        styles_text = archive.read("xl/styles.xml").decode()
    cell_styles = styles_text[styles_text.index("<cellXfs") :].split("<xf ")[1:]
    column_ranges = re.findall(r'<col min="(\d+)" max="(\d+)"[^>]* style="(\d+)"', sheet_text)
    return [
        (number, 'locked="0"' in cell_styles[int(style)])
        for first, last, style in column_ranges
        for number in range(int(first), int(last) + 1)
    ]


@pytest.mark.parametrize("label", ["the\x07spine", "<r><t>spine</t></r>"])
def test_a_label_that_no_link_can_hold_is_text(tmp_path: Path, label: str, read_texts: Any) -> None:
    sites = [{"id": "spine", "label": label}, {"id": "ribs", "label": 'the "ribs" <&>'}]
    write_project(
        tmp_path,
        {**make_records(), "site": sites, "measure": [make_measure(1), make_measure(2, site="ribs")]},
    )
    [workbook_path] = write_export("xlsx", read_content(str(tmp_path)), tmp_path)
    book = load_workbook(workbook_path)
    assert read_texts(workbook_path, 2)["G2"] == label
    assert get_cell(book, "m-1", "site").hyperlink is None
    assert get_cell(book, "m-2", "site").hyperlink.tooltip == 'go to the "ribs" <&>'


@pytest.mark.parametrize("many_records", [1, 1000])
def test_a_folder_that_takes_no_file_is_told(
    content: Content, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, many_records: int
) -> None:
    monkeypatch.setattr("bmkit.export.xlsx.workbook.MANY_RECORDS", many_records)
    tables = project_tables(content)
    with pytest.raises(FileNotFoundError, match="missing"):
        write_workbook(tables, lambda record: record.id, tmp_path / "missing" / "book.xlsx")
