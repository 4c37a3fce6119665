"""The canonical form changes how a file is written, never what it says."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmkit.canonical import MAX_LINE_WIDTH, format_canonical_json
from bmkit.content import read_content
from bmkit.jsontext import parse_json
from bmkit.schema import Kind, read_project_schemas

ROOT = os.path.join(os.path.dirname(__file__), "..")
SCHEMAS = read_project_schemas(ROOT)

# Number tokens as people write them, and strings with all that JSON may hide in them.
tokens = st.builds(
    lambda sign, whole, rest, power: f"{sign}{whole}{rest}{power}",
    st.sampled_from(["", "-"]),
    st.integers(0, 10**6),
    st.sampled_from(["", ".0", ".50", ".5", ".000"]),
    st.sampled_from(["", "e3", "E+3", "e-07"]),
)
characters = st.characters(exclude_categories=["Cs"])
strings = st.text(characters, max_size=8)
names = st.one_of(
    strings,
    st.sampled_from(["$schema", "records", "id", "radiation_dose", "low", "unit", "tumour", "source"]),
)


def _encode_string(text: str, *, escaped: bool) -> str:
    return json.dumps(text, ensure_ascii=escaped)


scalars = st.one_of(
    tokens,
    st.sampled_from(["true", "false", "null"]),
    st.builds(_encode_string, strings, escaped=st.booleans()),
)
blanks = st.sampled_from(["", " ", "\n", "\r\n  ", "\t"])


def _join_list(items: list[str], blank: str) -> str:
    return "[" + blank + f"{blank},".join(items) + blank + "]"


def _join_object(members: dict[str, str], blank: str) -> str:
    inside = f"{blank},{blank}".join(f"{json.dumps(name)}{blank}:{value}" for name, value in members.items())
    return "{" + blank + inside + blank + "}"


documents = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.builds(_join_list, st.lists(inner, max_size=5), blanks),
        st.builds(_join_object, st.dictionaries(names, inner, max_size=5), blanks),
    ),
    max_leaves=30,
)


def _parse_raw_numbers(text: str) -> Any:
    """Parse a text, each number as its token."""
    return json.loads(
        text, parse_int=lambda token: ("number", token), parse_float=lambda token: ("number", token)
    )


@given(documents)
def test_no_value_and_no_number_token_changes(text: str) -> None:
    canonical_text = format_canonical_json(text, SCHEMAS.get_kind("radiotherapy"))
    assert _parse_raw_numbers(canonical_text) == _parse_raw_numbers(text)
    assert parse_json(canonical_text.encode()) == parse_json(text.encode())


@given(documents)
def test_it_is_stable(text: str) -> None:
    canonical_text = format_canonical_json(text, SCHEMAS.get_kind("radiotherapy"))
    assert format_canonical_json(canonical_text, SCHEMAS.get_kind("radiotherapy")) == canonical_text
    assert canonical_text.endswith("\n")
    is_crlf_text = 0 < text.count("\n") == text.count("\r\n")
    assert canonical_text.count("\r") == (canonical_text.count("\n") if is_crlf_text else 0)


def test_members_stand_in_the_order_of_the_schema_at_every_depth() -> None:
    text = """{"records": [{"odd": 1, "source": {"spans": [{"end": 2, "start": 1}], "section": "s"},
      "radiation_dose": {"unit": "Gy", "high": 2, "low": 1}, "also": 2, "id": "a"}], "$schema": "x"}"""
    assert format_canonical_json(text, SCHEMAS.get_kind("radiotherapy")) == (
        "{\n"
        '  "$schema": "x",\n'
        '  "records": [\n'
        "    {\n"
        '      "id": "a",\n'
        '      "radiation_dose": {"low": 1, "high": 2, "unit": "Gy"},\n'
        '      "source": {\n'
        '        "section": "s",\n'
        '        "spans": [\n'
        '          {"start": 1, "end": 2}\n'
        "        ]\n"
        "      },\n"
        '      "odd": 1,\n'
        '      "also": 2\n'
        "    }\n"
        "  ]\n"
        "}\n"
    )


@pytest.mark.parametrize(("extra", "lines"), [(0, 1), (1, 4)])
def test_a_line_may_be_as_long_as_the_width_with_its_key_and_without_its_comma(
    extra: int, lines: int
) -> None:
    room = MAX_LINE_WIDTH - len('        "list": ["", 1]') + extra
    text = json.dumps({"records": [{"in": {"list": ["x" * room, 1], "more": []}}]})
    canonical_text = format_canonical_json(text).split("\n")
    start = next(number for number, line in enumerate(canonical_text) if '"list"' in line)
    assert canonical_text[start + lines] == '        "more": []'
    assert (max(map(len, canonical_text)) == MAX_LINE_WIDTH + 1) == (lines == 1)


@pytest.mark.parametrize(
    ("written", "canon"),
    [
        (r'"\u00e9 \u2013 µg"', '"é – µg"'),
        (r'"\/ \" \\ \n \t \u0008 \u001f"', r'"/ \" \\ \n \t \b \u001f"'),
        (r'"\ud83d\ude00"', '"\U0001f600"'),
        ('"a\u00a0b\u200bc\u202ed"', r'"a\u00a0b\u200bc\u202ed"'),
        ('"\U000e0041\x7f"', r'"\udb40\udc41\u007f"'),
        ('"e\u0301"', '"e\u0301"'),
    ],
)
def test_a_character_is_written_as_itself_unless_it_cannot_be_seen(written: str, canon: str) -> None:
    assert (
        format_canonical_json(f'{{"records": [{{"a": {written}}}]}}')
        == f'{{\n  "records": [\n    {{"a": {canon}}}\n  ]\n}}\n'
    )


def test_an_empty_list_takes_no_line_of_its_own() -> None:
    assert (
        format_canonical_json('{"$schema": "s", "records": [ ]}')
        == '{\n  "$schema": "s",\n  "records": []\n}\n'
    )


def test_the_repository_s_own_content_is_canonical() -> None:
    content = read_content(ROOT)
    kinds: dict[str, Kind] = {file.path: file.kind for file in content.files}
    assert len(kinds) > 50
    wrong = [
        path
        for path, kind in kinds.items()
        if format_canonical_json(content.read_text(path), kind) != content.read_text(path)
    ]
    assert wrong == []
