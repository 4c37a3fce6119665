"""What import makes of each kind of cell: line by line of the table in docs/workbook.md."""

from __future__ import annotations

import re
import shutil
from datetime import datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from tests.export.conftest import make_measure, make_records, write_project

from .conftest import Project, Returned, Sheet, bring_back, replace_in_parts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

RATIO, WORDS, DAY, FLAG, COUNT, TAGS = "Ratio", "Words", "Day", "Flag", "Count", "Tags"
# What stands in each record before a cell of it is changed.
FIELDS = {
    "ratio": Decimal("19.99"),
    "day": "2024-02-29",
    "flag": False,
    "count": 7,
    "words": 'say "so", then',
}
STRIKE: Any = InlineFont()
STRIKE.strike = True
STRUCK_RUN = CellRichText("x", TextBlock(STRIKE, "y"))
DATE, FOUR = datetime(2025, 7, 31), datetime(2025, 2, 1, 4)  # noqa: DTZ001
NOTHING: Any = None
NO_FIELDS: Mapping[str, Any] = {}
ON, OFF = True, False


class Case(NamedTuple):
    """A cell that is changed: its value and format, and what comes of it."""

    name: str
    heading: str
    value: Any
    number_format: str = ""
    fields: Mapping[str, Any] = NO_FIELDS
    path: tuple[str, ...] = ()
    expected: Any = None
    message: str = ""
    hint: str = ""


TAKEN = [
    Case("number", RATIO, 20.5, path=("ratio",), expected=Decimal("20.5")),
    Case("no decimals", RATIO, 20, "0.00", path=("ratio",), expected=20),
    Case("whole number", COUNT, 8, path=("count",), expected=8),
    Case("sum that floats spoil", RATIO, 0.1 + 0.2, "General", path=("ratio",), expected=Decimal("0.3")),
    Case("text", WORDS, "whole", path=("words",), expected="whole"),
    Case("text like a formula", WORDS, "+5", path=("words",), expected="+5"),
    Case("day", DAY, DATE, "yyyy-mm-dd", path=("day",), expected="2025-07-31"),
    Case("day as text", DAY, "2025-07-31", "@", path=("day",), expected="2025-07-31"),
    Case("yes", FLAG, "yes", path=("flag",), expected=True),
    Case("TRUE", FLAG, ON, "General", path=("flag",), expected=True),
    Case("=TRUE()", FLAG, "=TRUE()", "General", path=("flag",), expected=True),
    Case("true in words", FLAG, "TRUE", "@", path=("flag",), expected=True),
    Case("unit in words", "Dose: unit", "mcg", path=("dose", "unit"), expected="ug"),
    Case("unit as a code", "Dose: unit", "ug", path=("dose", "unit"), expected="ug"),
    Case("comparator", "Share: comparator", "at least", path=("share", "comparator"), expected=">="),
    Case("entry of a list", "Choice", "choice number 07", path=("choice",), expected="choice number 07"),
    Case("label", "Site", "sacrum", path=("site",), expected="sacrum"),
    Case("label of two records", "Site", "Ribs (ribs)", path=("site",), expected="ribs"),
    Case("id", "Site", "ribs", path=("site",), expected="ribs"),
    Case("several labels", "Regions", "sacrum\nspine", path=("regions",), expected=["sacrum", "spine"]),
    Case("several texts", TAGS, "a\n\n b ", path=("tags",), expected=["a", "b"]),
    Case("a JSON list", TAGS, '["a\\nb", "c"]', path=("tags",), expected=["a\nb", "c"]),
    Case("several numbers", "Scores", "4.0\n5", path=("scores",), expected=[Decimal("4.0"), 5]),
    Case("emptied", RATIO, NOTHING, path=("ratio",)),
    Case("emptied by a text of nothing", RATIO, "", path=("ratio",)),
]  # fmt: skip
UNCHANGED = [
    Case("trimmed zeros", "Dose: value", 4, "General"),
    Case("no as FALSE", FLAG, OFF, "General"),
    Case("ends of lines", WORDS, "a\r\nb", fields={"words": "a\nb"}),
    Case("empty for nothing", "Never", ""),
    Case("another format", RATIO, 19.99, "0.0000"),
    Case("a list that holds blank lines", TAGS, "a\n\nb", fields={"tags": ["a", "b"]}),
    Case("the order of a set", "Regions", "spine\nsacrum", fields={"regions": ["sacrum", "spine"]}),
]
NOTED = [
    Case("curly quotes", WORDS, "say \u201cso\u201d, then", message="counts as unchanged"),
    Case("a no-break space", WORDS, 'say\u00a0"so", then', message="counts as unchanged"),
    Case("three dots in one", WORDS, "and\u2026", fields={"words": "and..."}, message="counts as unchanged"),
    Case("blanks around", WORDS, '  say "so", then ', message="counts as unchanged"),
    Case("the same number as text", "Dose: value", "4.0", "@", message="counts as unchanged"),
    Case("a number for that text", WORDS, 12, "General", {"words": "12"}, message="counts as unchanged"),
    Case("shown like that text", WORDS, 4, "0.0", {"words": "4.0"}, message="counts as unchanged"),
    Case("number as text", RATIO, "4.5", "@", {}, ("ratio",), Decimal("4.5"), "is a number as text"),
    Case("curly quotes in new text", WORDS, "the \u2019s", "", {}, ("words",), "the \u2019s", "U+2019"),
    Case("blanks around new text", WORDS, " new", "", {}, ("words",), "new", "the blanks around it"),
    Case("more places", RATIO, 20.55, "0.0", {}, ("ratio",), Decimal("20.55"), "shows 20.6, but"),
    Case("no places shown", COUNT, 4.5, "0", {}, ("count",), Decimal("4.5"), "shows 5, but holds 4.5"),
]  # fmt: skip
POINT, FORMAT = "with a point", "give the cell the format of a number"
REFUSED = [
    Case("decimal comma", RATIO, "4,5", "@", message='"4,5" is no number', hint="write 4.5 with a point"),
    Case("separators", RATIO, "1.000,5", "@", message='"1.000,5" is no number', hint="without separators"),
    Case("thousands", RATIO, "1,000", "@", message='"1,000" is no number', hint=POINT),
    Case("number and unit", RATIO, "4 mg", "@", message='"4 mg" is no number', hint="write 4 alone"),
    Case("number and comparator", RATIO, "<5", "@", message='"<5" is no number', hint=POINT),
    Case("percentage", RATIO, 0.5, "0%", message="0.5, shown as a percentage", hint=FORMAT),
    Case("fraction", RATIO, 0.5, "# ?/?", message="shown as a fraction", hint=FORMAT),
    Case("money", RATIO, 5, "[$€-407] 0.00", message="shown as an amount of money", hint=FORMAT),
    Case("words of a format", RATIO, 5, '0" mg"', message='with the words "mg" of its format', hint=FORMAT),
    Case("in thousands", RATIO, 5000, "0,", message="shown as thousands", hint=FORMAT),
    Case("date in a number", RATIO, DATE, "d-mmm", message="the date 2025-07-31", hint='it was "19.99"'),
    Case("time in a number", RATIO, time(4, 30), "h:mm", message="the time 04:30:00", hint='it was "19.99"'),
    Case("yes in a number", RATIO, ON, "General", message="yes or no where a number stands"),
    Case("date in a text", WORDS, DATE, "d-mmm", message="the date 2025-07-31 where", hint='it was "say'),
    Case("time of a day", DAY, FOUR, "d h:mm", message="04:00:00", hint="2024-02-29"),
    Case("number in a day", DAY, 45689, "General", message="the number 45689 where a day", hint="2024-02-29"),
    Case("number in a text", WORDS, 12, "General", message="the number 12 where a text", hint="it was"),
    Case("leading zeros lost", WORDS, 12, "General", {"words": "0012"}, message="number 12", hint="0012"),
    Case("scientific notation", WORDS, 1e5, "0.00E+00", message="the number 100000", hint="it was"),
    Case("yes in a text", WORDS, ON, "General", message="yes or no where a text stands", hint="it was"),
    Case("formula", WORDS, "=A1&B1", "General", message="the formula =A1&B1", hint="put the value"),
    Case("formula in a number", RATIO, "=1+1", "General", message="the formula =1+1", hint="put the value"),
    Case("error", RATIO, "#DIV/0!", "General", message="the error #DIV/0!", hint='it was "19.99"'),
    Case("unknown label", "Site", "sacrun", message='"sacrun" is no site', hint='did you mean "sacrum"?'),
    Case("no entry", "Choice", "choice number 60", message='"choice number 60" is not in the list'),
    Case("no unit", "Dose: unit", "gram", message='"gram" is not in the list'),
    Case("neither yes nor no", FLAG, "maybe", message='"maybe" is neither yes nor no'),
    Case("locked", "Source: spans", "2–9", message="is locked, and was changed", hint='it was "1–9"'),
    Case("locked and emptied", "Source: spans", NOTHING, message="is locked, and was emptied", hint="1–9"),
    Case("sentence", "In words", "ribs take 5 mg", message="the sentence was changed"),
    Case("escape", WORDS, "bell _x0007_", message="a character that cannot be seen"),
    Case("struck in part", WORDS, STRUCK_RUN, message="struck through"),
    Case("struck", RATIO, 5, "struck", message="struck through"),
    Case("struck as it was", RATIO, 19.99, "struck", message="struck through"),
    Case("struck label", "Site", "ribs (ribs-left)", "struck", message="struck through"),
]  # fmt: skip
CASES = [*TAKEN, *UNCHANGED, *NOTED, *REFUSED]


@pytest.fixture(scope="module")
def returned(tmp_path_factory: pytest.TempPathFactory) -> Returned:
    """What comes back of a workbook with a record for each case."""
    records = make_records()
    records["measure"] = [
        make_measure(number, **{"site": "ribs-left", **FIELDS, **case.fields})
        for number, case in enumerate(CASES)
    ]
    project = Project(write_project(tmp_path_factory.mktemp("cells") / "project", records))
    book = openpyxl.load_workbook(project.path)
    sheet = Sheet(book["measure"])
    for number, case in enumerate(CASES):
        cell = sheet.worksheet.cell(number + 2, sheet.column(case.heading))
        cell.value = case.value
        if case.number_format == "struck":
            cell.font = Font(strike=True)
        elif case.number_format:
            cell.number_format = case.number_format
    path = project.root / "edited.xlsx"
    book.save(path)
    return bring_back(path, project.content)


def list_faults(returned: Returned, number: int, *, is_error: bool) -> Sequence[tuple[str, str]]:
    """Return the messages and hints of a row."""
    return [
        (fault.message, fault.hint)
        for fault in returned.faults
        if re.fullmatch(f"measure![A-Z]+{number + 2}", fault.place) and fault.is_error is is_error
    ]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_each_kind_of_cell(returned: Returned, case: Case) -> None:
    number = CASES.index(case)
    errors = list_faults(returned, number, is_error=True)
    notes = list_faults(returned, number, is_error=False)
    edit = next((edit for edit in returned.edits.edits if edit.record_id == f"m-{number}"), None)
    told = errors if case in REFUSED else notes
    if case.message:
        [(message, hint)] = told
        assert message.startswith(f"{case.heading}: ") or case.heading == "In words"
        assert case.message in message
        assert case.hint in hint
    if case in REFUSED:
        assert edit is None
        return
    assert errors == []
    assert bool(notes) is bool(case.message)
    if not case.path:
        assert edit is None
    else:
        assert edit is not None
        assert repr(returned.value(f"m-{number}", *case.path)) == repr(case.expected)
        base = edit.base or {}
        assert {
            name for name in {*base, *(edit.value or {})} if base.get(name) != (edit.value or {}).get(name)
        } == {case.path[0]}


def test_a_fault_says_in_which_cell_it_is(returned: Returned) -> None:
    letters = returned.edits.places["measure", "m-0"].sheet.columns["ratio"]
    number = CASES.index(REFUSED[0])
    assert f"measure!{letters}{number + 2}" in {fault.place for fault in returned.faults}


def test_texts_of_several_formats_are_told_or_refused(sheet_project: Project, tmp_path: Path) -> None:
    # As Excel stores them: openpyxl writes each text into its cell, and Excel all among the shared ones.
    returned = {}
    for mark in (b"b", b"strike"):
        path = tmp_path / f"{mark.decode()}.xlsx"
        shutil.copy(sheet_project.path, path)
        runs = b"<si><r><t>wh</t></r><r><rPr><" + mark + b"/></rPr><t>olly</t></r></si>"
        replace_in_parts(path, "xl/sharedStrings", b"<si><t>whole</t></si>", runs)
        returned[mark] = bring_back(path, sheet_project.content)
    assert returned[b"b"].value("m-0", "words") == "wholly"
    [note] = returned[b"b"].notes
    assert note.endswith("Words: the format of single words is left out")
    [error] = returned[b"strike"].errors
    assert error.endswith("Words: the text is struck through")
