"""How many lines a text takes."""

from __future__ import annotations

import pytest

from bmkit.export.xlsx.widths import count_lines


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
