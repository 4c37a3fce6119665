"""Lines and columns are those that editors show."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmkit.jsontext import Lines

CASES = [
    # text, offset, line, column
    ("", 0, 1, 1),
    ("abc", 0, 1, 1),
    ("abc", 3, 1, 4),
    ("abc", 99, 1, 4),
    ("abc", -1, 1, 1),
    ("a\nb", 1, 1, 2),
    ("a\nb", 2, 2, 1),
    ("a\r\nb", 1, 1, 2),
    ("a\r\nb", 3, 2, 1),
    ("a\rb\r\r\nc", 2, 2, 1),
    ("a\rb\r\r\nc", 6, 4, 1),
    ("é😀x\n😀y", 2, 1, 3),
    ("é😀x\n😀y", 5, 2, 2),
    ("a\u2028b\x0bc\x85d", 6, 1, 7),
    ("\ufeffab", 0, 1, 1),
    ("\ufeffab", 1, 1, 1),
    ("\ufeffab", 2, 1, 2),
    ("\ufeffa\nb", 3, 2, 1),
    ("a\n", 2, 2, 1),
]


@pytest.mark.parametrize(("text", "offset", "line", "column"), CASES)
def test_positions_count_from_one(text: str, offset: int, line: int, column: int) -> None:
    assert Lines(text).to_line_column(offset) == (line, column)


def test_a_line_is_given_without_its_end_or_a_mark() -> None:
    lines = Lines("\ufeffone\r\ntwo\r\rfour\n")
    assert [lines.extract_line(n) for n in range(7)] == ["", "one", "two", "", "four", "", ""]


def test_lines_of_a_long_text_are_found_in_any_block() -> None:
    text = "".join(f"line {n} {'x' * (n % 97)}\n" for n in range(1, 5000))
    lines = Lines(text)
    for n in (1, 2, 300, 301, 2500, 4999):
        assert lines.extract_line(n) == f"line {n} {'x' * (n % 97)}"
        assert lines.to_line_column(text.index(f"line {n} ")) == (n, 1)
    assert lines.extract_line(5000) == ""
    assert lines.to_line_column(len(text)) == (5000, 1)


@given(st.text(st.sampled_from("ab\n\ré😀"), max_size=60), st.integers(0, 60))
def test_line_and_column_lead_back_to_the_character(text: str, offset: int) -> None:
    offset = min(offset, len(text))
    lines = Lines(text)
    line, column = lines.to_line_column(offset)
    rest = lines.extract_line(line)[column - 1 :]
    if offset < len(text) and text[offset] not in "\r\n":
        assert rest[:1] == text[offset]
    else:
        assert rest == ""
