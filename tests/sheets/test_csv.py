"""CSV files that come back, whatever program saved them."""

from __future__ import annotations

import csv
import io
import shutil
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from tests.export.conftest import make_measure, make_records, write_project

from bmkit.canonical import format_canonical_json
from bmkit.cli import main
from bmkit.content import read_content
from bmkit.export import write_export
from bmkit.sheets.archive import WorkbookError
from bmkit.sheets.csv_files import CsvFolder
from bmkit.sheets.exported import read_exported_csv
from bmkit.sheets.plan import plan_import
from bmkit.sheets.rows import read_edits

from .conftest import Project, Returned, bring_back, read_valid

if TYPE_CHECKING:
    from collections.abc import Callable

    from bmkit.content import Content

MEASURES = "measure.csv"
Rows = list[list[str]]


class Tables:
    """The CSV export of the small project in a folder of its own."""

    def __init__(self, content: Content, folder: Path) -> None:
        self.content = content
        self.folder = folder

    def read(self, name: str = MEASURES) -> Rows:
        with (self.folder / name).open(newline="", encoding="utf-8") as file:
            return list(csv.reader(file))

    def write(self, rows: Rows, name: str = MEASURES, **options: Any) -> None:
        text = io.StringIO(newline="")
        encoding = options.pop("encoding", "utf-8")
        csv.writer(text, **options).writerows(rows)
        (self.folder / name).write_bytes(text.getvalue().encode(encoding))

    def set_cells(self, cells: dict[tuple[str, str], str], **options: Any) -> None:
        """Give cells of the measures, by id and heading, other texts."""
        rows = self.read()
        index = {row[0]: row for row in rows}
        for (record_id, heading), text in cells.items():
            index[record_id][rows[0].index(heading)] = text
        self.write(rows, **options)

    def bring_back(self, content: Content | None = None, *, deletes: bool = False) -> Returned:
        content = content or self.content
        book = CsvFolder(str(self.folder))
        exported = read_exported_csv(str(self.folder), book, content.schemas)
        assert exported is not None
        edits = read_edits(book, exported, content.schemas)
        return Returned(edits, plan_import(content, edits, exported, deletes=deletes))


@pytest.fixture(scope="module")
def exported_folder(sheet_project: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_export("csv", sheet_project.content, tmp_path_factory.mktemp("csv"))[0].parent


@pytest.fixture
def tables(sheet_project: Project, exported_folder: Path, tmp_path: Path) -> Tables:
    return Tables(sheet_project.content, shutil.copytree(exported_folder, tmp_path / "trial"))


def test_what_nobody_touched_changes_nothing(tables: Tables) -> None:
    returned = tables.bring_back()
    assert returned.faults == []
    assert returned.edits.edits == []
    assert returned.plan.texts == {}


def save_as_excel_does(tables: Tables) -> None:
    tables.write(tables.read(), encoding="utf-8-sig")


def save_with_semicolons(tables: Tables) -> None:
    """As where the comma is that of decimals: numbers have it, too, and lists are quoted."""
    rows = tables.read()
    numbers = [index for index, heading in enumerate(rows[0]) if heading == "ratio" or ".value" in heading]
    for row in rows[1:]:
        for index in numbers:
            row[index] = row[index].replace(".", ",")
    tables.write(rows, delimiter=";")


def name_the_delimiter(tables: Tables) -> None:
    tables.write(tables.read(), delimiter=";")
    path = tables.folder / MEASURES
    path.write_bytes(b"sep=;\r\n" + path.read_bytes())


def quote_everything(tables: Tables) -> None:
    tables.write(tables.read(), delimiter="\t", quoting=csv.QUOTE_ALL)


def shuffle(tables: Tables) -> None:
    rows = tables.read()
    tables.write([row[::-1] for row in (rows[0], *rows[:0:-1])])


def spoil_as_spreadsheets_do(tables: Tables) -> None:
    tables.set_cells({
        ("m-0", "dose.value"): "4", ("m-0", "flag"): "TRUE", ("m-1", "flag"): "FALSE",
        ("m-1", "day"): "29.02.2024", ("m-4", "ratio"): "1.2E-11", ("m-2", "dose.high"): "1000.00",
    })  # fmt: skip


def make_other_line_ends(tables: Tables) -> None:
    path = tables.folder / MEASURES
    path.write_bytes(path.read_bytes().replace(b"a\nb", b"a\r\nb"))


@pytest.mark.parametrize(
    "change",
    [
        save_as_excel_does,
        save_with_semicolons,
        name_the_delimiter,
        quote_everything,
        shuffle,
        spoil_as_spreadsheets_do,
        make_other_line_ends,
    ],
)
def test_a_file_that_another_program_saved_changes_nothing(
    tables: Tables, change: Callable[[Tables], None]
) -> None:
    before = (tables.folder / MEASURES).read_bytes()
    change(tables)
    assert (tables.folder / MEASURES).read_bytes() != before
    returned = tables.bring_back()
    assert returned.errors == []
    assert returned.edits.edits == []


class Case(NamedTuple):
    """A cell of m-1 that is changed, and what comes of it: a value at a path, or a message with a hint."""

    heading: str
    text: str
    expected: Any = None
    message: str = ""
    hint: str = ""
    delimiter: str = ","


TAKEN = [
    Case("ratio", "20.5", Decimal("20.5")),
    Case("count", "8", 8),
    Case("ratio", "20,5", Decimal("20.5"), "the comma in 20,5 counts as a decimal point", delimiter=";"),
    Case("words", "whole", "whole"),
    Case("words", "'=1+1", "=1+1"),
    Case("words", "'12", "12"),
    Case("words", "-2 by mouth", "-2 by mouth"),
    Case("words", " new ", "new", "the blanks around it are left out"),
    Case("words", "the \u2019s", "the \u2019s", "U+2019"),
    Case("words", "'", ""),
    Case("day", "2025-07-31", "2025-07-31"),
    Case("flag", "TRUE", expected=True),
    Case("dose.unit", "ug", "ug"),
    Case("sign", "'=", "="),
    Case("sign", "=", "="),
    Case("site", "sacrum", "sacrum"),
    Case("regions", '["sacrum", "spine"]', ["sacrum", "spine"]),
    Case("scores", "[4.0, 5]", [Decimal("4.0"), 5]),
    Case("ratio", ""),
    Case("ratio", " "),
]
REFUSED = [
    Case("ratio", "4,5", None, '"4,5" is no number', "write 4.5 with a point"),
    Case("ratio", "4 mg", None, '"4 mg" is no number', "write 4 alone"),
    Case("ratio", "1,500", None, '"1,500" may be thousands or decimals', "write 1500 or 1.5", ";"),
    Case("ratio", "1.500", None, '"1.500" may be thousands or decimals', "it was 19.99", ";"),
    Case("ratio", "1.23E+05", None, '"1.23E+05" may have lost digits', "write all digits"),
    Case("day", "03/04/2025", None, '"03/04/2025" is not written year-month-day', "it was 2024-02-29"),
    Case("flag", "maybe", None, "neither yes nor no"),
    Case("dose.unit", "mcgg", None, '"mcgg" is not in the list'),
    Case("choice", "choice number 60", None, "is not in the list", "did you mean"),
    Case("words", "=1+1", None, "what a spreadsheet took a text for", "put an apostrophe before it"),
    Case("words", "02-Jan", None, "what a spreadsheet took a text for", "put an apostrophe before it"),
    Case("words", "12", None, "what a spreadsheet took a text for"),
    Case("words", "1.5E+3", None, "what a spreadsheet took a text for"),
    Case("words", "TRUE", None, "what a spreadsheet took a text for"),
    Case("words", "#NAME?", None, "what a spreadsheet took a text for"),
    Case("tags", "a, b", None, "is no JSON", 'write a JSON list, such as ["first", "second"]'),
    Case("tags", '{"a": 1}', None, "is no JSON list"),
]


@pytest.mark.parametrize("case", [*TAKEN, *REFUSED], ids=lambda case: f"{case.heading} {case.text}")
def test_each_kind_of_cell(tables: Tables, case: Case) -> None:
    tables.set_cells({("m-1", case.heading): case.text}, delimiter=case.delimiter)
    returned = tables.bring_back()
    told = [f"{fault.message} ({fault.hint})" for fault in returned.faults]
    assert len(told) == bool(case.message)
    if case.message:
        assert case.message in told[0]
        assert case.hint in told[0]
    if case in REFUSED:
        assert returned.faults[0].place == f"measure.csv:3:{case.heading}"
        assert returned.edits.edits == []
    else:
        assert returned.errors == []
        [edit] = returned.edits.edits
        assert repr(returned.value("m-1", *case.heading.split("."))) == repr(case.expected)
        base = edit.base or {}
        assert {
            name for name in {*base, *(edit.value or {})} if base.get(name) != (edit.value or {}).get(name)
        } == {case.heading.split(".")[0]}


def test_letters_that_a_program_could_not_save_are_refused(tables: Tables) -> None:
    tables.set_cells({("m-28", "words"): "?rztlich ?"})
    [error] = tables.bring_back().errors
    assert error.endswith('"?rztlich ?" has lost letters that are not English')


def test_texts_that_were_read_in_another_encoding_are_known(tables: Tables) -> None:
    path = tables.folder / MEASURES
    spoilt_text = path.read_bytes().decode("latin-1")
    path.write_bytes(spoilt_text.encode())
    returned = tables.bring_back()
    assert returned.errors == []
    assert returned.edits.edits == []
    assert "measure.csv:28:words: was read in another encoding than UTF-8: no change" in returned.notes
    path.write_bytes(spoilt_text.replace("rztlich", "rztliche").encode())
    errors = tables.bring_back().errors
    assert [error.partition(": ")[0] for error in errors] == ["measure.csv:28:words", "measure.csv:28:tags"]


def test_rows_are_added_left_out_and_doubled(tables: Tables) -> None:
    rows = tables.read()
    new_row = [
        {"id": "", "site": "sacrum", "dose.value": "5", "dose.unit": "mg"}.get(name, "") for name in rows[0]
    ]
    new_row[rows[0].index("source.section")] = "first"
    new_row[rows[0].index("source.spans")] = '[{"start": 2, "end": 9, "digest": "00ff"}]'
    tables.write([*rows[:2], *rows[3:], new_row])
    returned = tables.bring_back(deletes=True)
    assert returned.errors == []
    assert returned.value("m-1", "id") is None
    assert returned.value("sacrum-takes-5-mg", "dose") == {"value": 5, "unit": "mg"}
    tables.write([*rows, rows[1]])
    assert tables.bring_back().errors == [
        'measure.csv:2:id: the id "m-0" stands in two rows',
        'measure.csv:29:id: the id "m-0" stands in two rows',
    ]


def test_rows_of_another_length_are_refused(tables: Tables) -> None:
    rows = tables.read()
    tables.write([*rows[:2], [*rows[2], "more"], rows[3][:4], *rows[4:]])
    errors = tables.bring_back().errors
    width = len(rows[0])
    assert errors[0] == f"measure.csv:3: the row has {width + 1} cells, under {width} headings"
    assert "measure.csv:4:dose.unit: the row ends before this cell" in errors


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("id,words\r\nm-0,ä\r\n".encode("cp1252"), r"measure\.csv:2:5: .*; save it as CSV UTF-8"),
        ("id,words\r\n".encode("utf-16"), r"measure\.csv:1:1: .*utf-16.*; save it as CSV UTF-8"),
        (b'id,words\r\nm-0,"a" b\r\n', r"measure\.csv:2: is not CSV: .*; write a quotation mark inside"),
    ],
)
def test_a_file_that_is_no_csv_in_utf_8_is_refused(tables: Tables, data: bytes, message: str) -> None:
    (tables.folder / MEASURES).write_bytes(data)
    with pytest.raises(WorkbookError, match=message):
        tables.bring_back()


def test_a_file_that_is_too_large_is_refused(tables: Tables) -> None:
    with pytest.raises(
        WorkbookError, match=r"measure\.csv: the file has .*, more than the 1000 bytes allowed"
    ):
        CsvFolder(str(tables.folder), 1000)


@pytest.mark.parametrize("line", ["bmkit csv\t2", '"site"\t"terms"\t"x"'])
def test_records_of_a_newer_bmkit_and_damaged_ones_are_refused(tables: Tables, line: str) -> None:
    (tables.folder / "exported-records.tsv").write_text(f"{line}\n", "utf-8")
    with pytest.raises(WorkbookError, match=r"export it again|newer bmkit"):
        tables.bring_back()


class Desk:
    """The command called on a project of its own."""

    def __init__(self, root: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root = root
        self.folder = folder
        self._capsys = capsys

    def run(self, *options: str, folder: Path | None = None) -> tuple[int, str, str]:
        self._capsys.readouterr()
        status = main(["import", "csv", str(folder or self.folder), "--root", str(self.root), *options])
        captured = self._capsys.readouterr()
        return status, captured.out, captured.err


@pytest.fixture
def desk(tables: Tables, copied_root: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    assert main(["fmt", "--root", str(copied_root)]) == 0
    return Desk(copied_root, tables.folder, capsys)


def test_the_command_writes_one_line_and_then_there_is_nothing_to_do(tables: Tables, desk: Desk) -> None:
    tables.set_cells({("m-1", "dose.value"): "5"})
    path = desk.root / "content/trial/measure.json"
    before = path.read_text("utf-8").split("\n")
    status, out, _ = desk.run("--dry-run")
    assert status == 0
    assert "  Dose: 4.0 mg → 5 mg\n" in out
    assert path.read_text("utf-8").split("\n") == before
    assert desk.run()[0] == 0
    after = path.read_text("utf-8").split("\n")
    assert [new.strip() for old, new in zip(before, after, strict=True) if old != new] == [
        '"dose": {"value": 5, "unit": "mg"},'
    ]
    assert desk.run() == (0, "", "nothing was changed\n")


def test_the_command_tells_faults_at_file_line_and_column(tables: Tables, desk: Desk) -> None:
    tables.set_cells({("m-1", "count"): "41", ("m-3", "ratio"): "4,5"})
    status, out, _ = desk.run()
    assert status == 1
    place = f"{desk.folder}/measure.csv:5:ratio"
    assert f'{place}: error: "4,5" is no number (write 4.5 with a point if that is meant)\n' in out
    [line] = [line for line in out.split("\n") if "measure.csv:3:count: " in line]
    assert "content/trial/measure.json:" in line


def test_the_command_says_what_it_was_not_given(tables: Tables, desk: Desk, tmp_path: Path) -> None:
    (tables.folder / "exported-records.tsv").unlink()
    tables.set_cells({("m-1", "dose.value"): "5"})
    status, _, err = desk.run()
    assert status == 2
    assert "has no exported-records.tsv, which says what was exported; with --without-base it is" in err
    assert desk.run("--without-base")[0] == 0
    assert desk.run("--without-base") == (0, "", "nothing was changed\n")
    assert "has no CSV files; name the folder of an article" in desk.run(folder=tmp_path / "copy")[2]
    assert "is no folder" in desk.run(folder=tables.folder / MEASURES)[2]


def make_empty_root(root: Path, target: Path) -> Path:
    """A project with the same schemas, and no content."""
    shutil.copytree(root / "schema", target / "schema")
    (target / "content").mkdir()
    return target


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_empty_content_gets_what_was_exported(
    sheet_project: Project, tables: Tables, tmp_path: Path, form: str
) -> None:
    content = read_valid(sheet_project.root)
    empty_content = read_content(
        str(make_empty_root(sheet_project.root, tmp_path / "empty")), may_be_empty=True
    )
    returned = (
        tables.bring_back(empty_content) if form == "csv" else bring_back(sheet_project.path, empty_content)
    )
    assert returned.faults == []
    assert returned.plan.texts == {
        file.path: ("", format_canonical_json(content.read_text(file.path), file.kind))
        for file in content.files
    }


def test_an_edit_and_a_new_row_come_into_an_empty_content(tables: Tables, tmp_path: Path) -> None:
    tables.set_cells({("m-1", "dose.value"): "5"})
    rows = tables.read()
    copied_row = [*rows[1]]
    copied_row[0] = "m-new"
    tables.write([rows[0], *rows[:1:-1], copied_row, rows[1]])
    root = make_empty_root(Path(tables.content.root), tmp_path / "empty")
    returned = tables.bring_back(read_content(str(root), may_be_empty=True))
    assert returned.faults == []
    records = returned.plan.content.list_records("measure")
    assert [record.id for record in records] == [
        *(record.id for record in tables.content.list_records("measure")), "m-new",
    ]  # fmt: skip
    assert returned.value("m-1", "dose", "value") == 5


def test_the_command_fills_an_empty_content(tmp_path: Path) -> None:
    records = make_records()
    sites = [{"id": "spine", "label": "spine"}]
    measures = [make_measure(number, dose={"value": 4, "unit": "mg"}) for number in range(2)]
    root = write_project(tmp_path / "full", {**records, "site": sites, "measure": measures})
    assert main(["fmt", "--root", str(root)]) == 0
    folder = write_export("csv", read_valid(root), tmp_path / "out")[0].parent
    empty_root = make_empty_root(root, tmp_path / "empty")
    assert main(["import", "csv", str(folder), "--root", str(empty_root)]) == 0
    texts = [
        {path.relative_to(base): path.read_bytes() for path in base.rglob("content/*/*.json")}
        for base in (root, empty_root)
    ]
    assert texts[0] == texts[1]
    assert len(texts[0]) == 4
