"""What belongs at the cursor is found in JSON and in what is on its way to be JSON."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmkit.lsp.cursor import Cursor, find_cursor


def find_marked_cursor(marked: str) -> Cursor:
    """Return the cursor at the | of a text."""
    offset = marked.index("|")
    return find_cursor(marked.replace("|", ""), offset)


@pytest.mark.parametrize(
    ("text", "path", "token"),
    [
        ('{"records": [{"id": "a|b"}]}', ("records", 0, "id"), '"ab"'),
        ('{"records": [{"id": |"ab"}]}', ("records", 0, "id"), '"ab"'),
        ('{"records": [{"id": "ab"|}]}', ("records", 0, "id"), '"ab"'),
        ('{"records": [{"id": |}]}', ("records", 0, "id"), ""),
        ('{"records": [{"a": [1, 2], "id": "ab", "b": [{"c": 1}, {"c": |', ("records", 0, "b", 1, "c"), ""),
        ('{"records": [{}, {"notes": ["a", "|', ("records", 1, "notes", 1), '"'),
        ('{"records": [{"notes": ["a", |]}]}', ("records", 0, "notes", 1), ""),
        ('{"records": [{"tumour": "bre|\n  "radiation_dose": 1}]}', ("records", 0, "tumour"), '"bre'),
        ('{"records": [{"radiation_dose": 3|0}]}', ("records", 0, "radiation_dose"), "30"),
        (r'{"records": [{"a": "\"x\\", "b": "|"}]}', ("records", 0, "b"), '""'),
        ('{"records": [{"flag": tr|ue, "a": 1}]}', ("records", 0, "flag"), "true"),
    ],
)
def test_a_value_and_the_way_to_it(text: str, path: tuple[str | int, ...], token: str) -> None:
    cursor = find_marked_cursor(text)
    assert (cursor.is_key, cursor.path, cursor.token) == (False, path, token)


@pytest.mark.parametrize(
    ("text", "path", "names", "colon"),
    [
        ("{|}", (), set(), False),
        ('{"$schema": "s", "|"}', (), {"$schema"}, False),
        ('{"records": [{"id": "a", "tu|": "b", "c": 1}]}', ("records", 0), {"id", "c"}, True),
        ('{"records": [{"id": "a", |"b": 1}]}', ("records", 0), {"id"}, True),
        ('{"records": [{"id": "a", | "b": 1}]}', ("records", 0), {"id", "b"}, False),
        ('{"records": [{"id": "a"\n "tu|"', ("records", 0), {"id"}, False),
        ('{"records": [{"id": "a"}, {"tu|', ("records", 1), set(), False),
        ('{"records": [{"source": {"spans": [{"start": 1, "|"}]}}]}',
         ("records", 0, "source", "spans", 0), {"start"}, False),
        ('{"records": [{"tu|mour: "b", "share": 1}]}', ("records", 0), {"share", "b"}, False),
    ],
)  # fmt: skip
def test_a_name_and_the_names_beside_it(
    text: str, path: tuple[str | int, ...], names: set[str], colon: bool
) -> None:
    cursor = find_marked_cursor(text)
    assert (cursor.is_key, cursor.path, cursor.has_colon) == (True, path, colon)
    assert names <= cursor.other_names | {"b"}


@given(st.text(st.sampled_from('{}[]:,"\\ab1 \n'), max_size=40), st.integers(0, 40))
def test_nothing_that_can_be_typed_confuses_it(text: str, offset: int) -> None:
    cursor = find_cursor(text, min(offset, len(text)))
    assert 0 <= cursor.start <= cursor.end <= len(text)
    assert cursor.token == text[cursor.start : cursor.end]
