"""Pointers lead to the characters of their value or key; lines and columns are those that editors show."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmkit.jsontext import MAX_NESTING, Lines, Positions, locate_pointer_in_text

if TYPE_CHECKING:
    import random

CASES = [
    # text, pointer, key, the characters it must lead to
    ("[1]", "", False, "[1]"),
    (' {"a": 1} \n', "", False, '{"a": 1}'),
    ('\ufeff{"a": 1}', "/a", False, "1"),
    ('{"a": [1, {"b": 4.0}]}', "/a/1/b", False, "4.0"),
    ('{"a": [1, {"b": 4.0}]}', "/a/1/b", True, '"b"'),
    ('{"a": [1, {"b": 4.0}]}', "/a/1", False, '{"b": 4.0}'),
    ('{"a": 1e+10, "b": [ -1.5E-3 , null]}', "/a", False, "1e+10"),
    ('{"a": 1e+10, "b": [ -1.5E-3 , null]}', "/b/0", False, "-1.5E-3"),
    ('{"a": 1e+10, "b": [ -1.5E-3 , null]}', "/b/1", False, "null"),
    ('{"a/b": 1, "m~n": 2, "~1": 3, "": 4, " ": 5}', "/a~1b", False, "1"),
    ('{"a/b": 1, "m~n": 2, "~1": 3, "": 4, " ": 5}', "/m~0n", False, "2"),
    ('{"a/b": 1, "m~n": 2, "~1": 3, "": 4, " ": 5}', "/~01", True, '"~1"'),
    ('{"a/b": 1, "m~n": 2, "~1": 3, "": 4, " ": 5}', "/", False, "4"),
    ('{"a/b": 1, "m~n": 2, "~1": 3, "": 4, " ": 5}', "/ ", False, "5"),
    ('{"": {"": [7]}}', "///0", False, "7"),
    (r'{"a\"b": 1, "c\\": 2, "\u0065": 3, "\ud83d\ude00": 4, "\/": 5}', '/a"b', True, r'"a\"b"'),
    (r'{"a\"b": 1, "c\\": 2, "\u0065": 3, "\ud83d\ude00": 4, "\/": 5}', "/c\\", False, "2"),
    (r'{"a\"b": 1, "c\\": 2, "\u0065": 3, "\ud83d\ude00": 4, "\/": 5}', "/e", True, r'"\u0065"'),
    (r'{"a\"b": 1, "c\\": 2, "\u0065": 3, "\ud83d\ude00": 4, "\/": 5}', "/😀", False, "4"),
    (r'{"a\"b": 1, "c\\": 2, "\u0065": 3, "\ud83d\ude00": 4, "\/": 5}', "/~1", True, r'"\/"'),
    ('{"0": ["x"], "1": {"0": "y"}}', "/1/0", False, '"y"'),
    ('["]", "}", "[{", "\\"", "b"]', "/4", False, '"b"'),
    ('[[],{} , [ ], { }, ""]', "/3", False, "{ }"),
    ("[\r\n\t1\r,\n2]", "/1", False, "2"),
    ('["é😀", "µ"]', "/1", False, '"µ"'),
]


@pytest.mark.parametrize(("text", "pointer", "key", "token"), CASES)
def test_a_pointer_leads_to_its_token(text: str, pointer: str, key: Any, token: str) -> None:
    start, end = locate_pointer_in_text(text, pointer, key=key)
    assert text[start:end] == token


NOWHERE = [
    ('{"a": 1}', "/b"), ('{"a": 1}', "a"), ('{"a": 1}', "/a/0"), ("{}", "/"), ('"abc"', "/0"), ("7", "/"),
    ("[1, 2]", "/2"), ("[1, 2]", "/-"), ("[1, 2]", "/01"), ("[1, 2]", "/-1"), ("[1, 2]", "/\u0660"),
    ("[1, 2]", "/"), ("[]", "/0"), ("[1, 2]", "/" + "9" * 30),
]  # fmt: skip


@pytest.mark.parametrize(("text", "pointer"), NOWHERE)
def test_a_pointer_to_nowhere_is_a_look_up_error(text: str, pointer: str) -> None:
    positions = Positions(text)
    for _ in range(2):
        with pytest.raises(LookupError):
            positions.locate_pointer(pointer)


def test_only_members_have_keys() -> None:
    for pointer in ("", "/0"):
        with pytest.raises(LookupError):
            locate_pointer_in_text("[1]", pointer, key=True)


def test_the_deepest_value_that_is_read_is_found() -> None:
    text = '{"a":' * MAX_NESTING + "1" + "}" * MAX_NESTING
    start, end = locate_pointer_in_text(text, "/a" * MAX_NESTING)
    assert (text[start:end], start) == ("1", 5 * MAX_NESTING)


def map_pointers(value: Any, pointer: str = "") -> dict[str, Any]:
    """Return every pointer of a value with what stands there."""
    values = {pointer: value}
    if isinstance(value, dict):
        for key, inner in value.items():
            values |= map_pointers(inner, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            values |= map_pointers(inner, f"{pointer}/{index}")
    return values


WORDS = st.text(st.sampled_from('ab/~"\\ \n0é😀{}[],:'), max_size=4)
NUMBERS = st.integers(-(10**12), 10**12) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=20,
)
LAYOUTS = st.fixed_dictionaries(
    {"ensure_ascii": st.booleans(), "indent": st.sampled_from([None, 0, 1, "\t"])},
)


@given(VALUES, LAYOUTS, st.randoms())
def test_every_pointer_of_a_document_leads_to_a_token_with_its_value(
    value: Any, layout: dict[str, Any], chance: random.Random
) -> None:
    text = json.dumps(value, **layout)
    positions = Positions(text)
    expected = list(map_pointers(value).items())
    chance.shuffle(expected)
    for pointer, inner in expected:
        start, end = positions.locate_pointer(pointer)
        assert json.loads(text[start:end], parse_float=Decimal) == json.loads(
            json.dumps(inner), parse_float=Decimal
        )
        parent, _, last = pointer.rpartition("/")
        if pointer and isinstance(dict(expected)[parent], dict):
            start, end = positions.locate_pointer(pointer, key=True)
            assert json.loads(text[start:end]) == last.replace("~1", "/").replace("~0", "~")


def test_a_large_text_is_passed_once_for_many_pointers() -> None:
    records = [{"id": f"r{n}", "share": {"low": n, "high": n + 1}} for n in range(3000)]
    text = json.dumps({"records": records}, indent=2)
    positions = Positions(text)
    for n in range(0, 3000, 7):
        start, end = positions.locate_pointer(f"/records/{n}/share/high")
        assert text[start:end] == str(n + 1)


def escape_at_random(text: str, chance: random.Random) -> list[str]:
    """Write each character of a string in one of the ways that JSON has for it."""
    ways = {'"': r"\"", "\\": r"\\", "\n": r"\n", "\t": r"\t", "/": r"\/"}
    escapes = []
    for char in text:
        own = [] if char in '"\\' or char < " " else [char]
        units = char.encode("utf-16-be")
        codes = "".join(f"\\u{units[index]:02x}{units[index + 1]:02X}" for index in range(0, len(units), 2))
        escapes.append(chance.choice([*own, codes, *([ways[char]] if char in ways else [])]))
    return escapes


TEXTS = st.text(
    st.sampled_from('ab é"\\/\n\t\x01😀µ\ud7ff\ue000') | st.characters(exclude_categories=["Cs"]), max_size=12
)


@given(TEXTS, st.randoms(use_true_random=False), st.data())
def test_a_span_of_a_text_is_that_of_its_characters_as_they_are_written(
    text: str, chance: random.Random, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    pieces = escape_at_random(text, chance)
    document = f'{{"a": 1, "b": "{"".join(pieces)}"}}'
    assert json.loads(document)["b"] == text
    first, last = Positions(document).locate_span_in_token(
        locate_pointer_in_text(document, "/b"), (start, end)
    )
    assert document[first:last] == "".join(pieces[start:end])
    assert json.loads(f'"{document[first:last]}"') == text[start:end]


@pytest.mark.parametrize(
    ("text", "span", "token"),
    [
        ('"abc"', (1, 9), "bc"),
        (r'"a\tb"', (1, 9), r"\tb"),
        ('"abc"', (7, 9), ""),
        ("12.5", (0, 1), "12.5"),
        ('["a"]', (0, 1), '["a"]'),
    ],
)
def test_a_span_never_leaves_its_text(text: str, span: tuple[int, int], token: str) -> None:
    start, end = Positions(text).locate_span_in_token((0, len(text)), span)
    assert text[start:end] == token


LINE_CASES = [
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


@pytest.mark.parametrize(("text", "offset", "line", "column"), LINE_CASES)
def test_positions_count_from_one(text: str, offset: int, line: int, column: int) -> None:
    assert Lines(text).to_line_column(offset) == (line, column)


def test_lines_of_a_long_text_are_found_in_any_block() -> None:
    text = "".join(f"line {n} {'x' * (n % 97)}\n" for n in range(1, 5000))
    lines = Lines(text)
    for n in (1, 2, 300, 301, 2500, 4999):
        assert lines.to_line_column(text.index(f"line {n} ")) == (n, 1)
    assert lines.to_line_column(len(text)) == (5000, 1)


@given(st.text(st.sampled_from("ab\n\ré😀"), max_size=60), st.integers(0, 60))
def test_line_and_column_lead_back_to_the_character(text: str, offset: int) -> None:
    offset = min(offset, len(text))
    line, column = Lines(text).to_line_column(offset)
    rest = re.split("\r\n|\r|\n", text)[line - 1][column - 1 :]
    if offset < len(text) and text[offset] not in "\r\n":
        assert rest[:1] == text[offset]
    else:
        assert rest == ""
