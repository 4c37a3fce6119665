"""The pieces that a workbook is made of."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmkit.export.xlsx.cells import build_date_cells, build_number_cells, build_text_cells
from bmkit.export.xlsx.names import make_sheet_names
from bmkit.export.xlsx.validation import format_column_letters
from bmkit.export.xlsx.widths import count_lines
from bmkit.export.xlsx.xml import escape_xml, quote_xml_value
from bmkit.schema import Kind
from bmkit.tables import Table

STYLES = {"text": 1, "date": 2, "number": 3, **{f"number.{places}": 10 + places for places in range(11)}}
ANY = st.text(st.characters(), max_size=20) | st.from_regex(r"_?_x[0-9a-fA-F]{4}_\W?", fullmatch=True)


def unescaped(text: str) -> str:
    """What Excel makes of its escapes."""
    return re.sub("_x([0-9a-fA-F]{4})_", lambda found: chr(int(found[1], 16)), text)


@given(ANY)
def test_any_text_survives_in_a_cell(text: str) -> None:
    [xml] = build_text_cells("A", 2, [1], [text])
    found = ET.fromstring(xml).findtext("is/t") or ""  # noqa: S314  it is our own
    assert unescaped(found) == text


@given(ANY)
def test_any_text_survives_in_an_attribute(text: str) -> None:
    found = ET.fromstring(f"<a b={quote_xml_value(text)}/>").get("b") or ""  # noqa: S314  it is our own
    assert unescaped(found) == text


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\x1f", "\r", "\ud800", "\ufffe", "\uffff"])
def test_what_xml_cannot_hold_is_escaped(character: str) -> None:
    assert escape_xml(f"a{character}b") == f"a_x{ord(character):04X}_b"


def test_harmless_text_is_not_touched() -> None:
    assert escape_xml('65–75 % "of" _x patients\'\n\t') == '65–75 % "of" _x patients\'\n\t'


@pytest.mark.parametrize(
    ("value", "shown", "style"),
    [
        (0, "0", 10),
        (-7, "-7", 10),
        (123_456_789, "123456789", 10),
        (Decimal("4.0"), "4.0", 11),
        (Decimal("0.10"), "0.10", 12),
        (Decimal("1e3"), "1000", 10),
        (Decimal("1E-11"), "0.00000000001", 3),
        (Decimal("-0.0"), "-0.0", 11),
        (10**18, "1000000000000000000", 10),
    ],
)
def test_a_number_keeps_its_digits(value: Any, shown: str, style: int) -> None:
    assert build_number_cells("C", 5, STYLES, [value]) == [f'<c r="C5" s="{style}"><v>{shown}</v></c>']


@pytest.mark.parametrize("value", [1234567890123456, Decimal("0.1234567890123456"), -(10**15) - 1])
def test_a_number_that_excel_would_round_is_text(value: Any) -> None:
    assert build_number_cells("C", 5, STYLES, [value]) == [
        f'<c r="C5" s="1" t="inlineStr"><is><t>{value}</t></is></c>'
    ]


@pytest.mark.parametrize(
    ("day", "number"), [("1900-03-01", 61), ("2000-01-01", 36526), ("2025-07-07", 45845)]
)
def test_a_day_has_the_number_that_excel_gives_it(day: str, number: int) -> None:
    assert build_date_cells("A", 2, STYLES, [day]) == [f'<c r="A2" s="2"><v>{number}</v></c>']


def test_absent_values_are_empty_cells_with_a_style() -> None:
    assert build_text_cells("A", 2, [7], [None]) == ['<c r="A2" s="7"/>']
    assert build_number_cells("A", 2, STYLES, [None]) == ['<c r="A2" s="10"/>']
    assert build_date_cells("A", 2, STYLES, [None]) == ['<c r="A2" s="2"/>']


@pytest.mark.parametrize(("place", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_have_letters(place: int, name: str) -> None:
    assert format_column_letters(place) == name


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("ten chars.", 1),
        ("ten chars. more", 2),
        ("one\ntwo\n\nfour", 4),
        ("incomprehensibilities", 3),
        ("a incomprehensibilities", 4),
        ("word " * 200, 27),
    ],
)
def test_lines_are_broken_between_words(text: str, count: int) -> None:
    assert count_lines(text, 10) == count


def test_sheets_have_the_names_of_their_kinds_as_far_as_excel_allows() -> None:
    long = "a-kind-with-a-name-of-more-than-31-letters"
    names = [long, f"{long}-too", "history", "cover", "site"]
    tables = tuple(
        Table(
            Kind(
                name,
                title="",
                description="",
                group="fact",
                sentence_template="",
                fields=(),
                bundled_schema={},
                file="",
            ),
            (),
            [],
        )
        for name in names
    )
    made = make_sheet_names(tables)
    assert list(made.values()) == [
        "a-kind-with-a-name-of-more-than",
        "a-kind-with-a-name-of-more-th 2",
        "history 2",
        "cover 2",
        "site",
    ]
    assert max(len(name) for name in made.values()) <= 31
