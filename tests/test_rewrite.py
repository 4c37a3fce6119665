"""Edits of records change what they name, and no other byte of the file."""

from __future__ import annotations

import difflib
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bmkit.canonical import format_canonical_json
from bmkit.jsontext import parse_json
from bmkit.rewrite import ABSENT, RecordEdit, rewrite_records
from bmkit.schema import read_project_schemas

ROOT = Path(__file__).parents[1]
SCHEMAS = read_project_schemas(str(ROOT))
REGIMEN = SCHEMAS.get_kind("regimen")
TEXT = (ROOT / "content" / "bone-metastasis" / "regimen.json").read_text("utf-8")
DOSE = {"value": 40, "unit": "mg"}

# As an editor without bmkit might have left it.
UNTIDY = """{ "records" :[
  {"route": "oral",  "id":"a", "dose": {"unit": "mg",   "value": 4.0} , "extra": [1,2]},
\t{"id": "b","product":"x"  }
] , "$schema": "s"}"""


def find_changed_lines(before: str, after: str) -> list[str]:
    lines = difflib.ndiff(before.split("\n"), after.split("\n"))
    return [line for line in lines if line[0] in "+-"]


def read_records(text: str) -> dict[str, dict[str, Any]]:
    return {record["id"]: record for record in parse_json(text.encode())["records"]}


def test_a_value_of_a_canonical_file_is_one_line() -> None:
    after = rewrite_records(TEXT, REGIMEN, [RecordEdit("zometa-4-mg", {"dose": DOSE})])
    assert find_changed_lines(TEXT, after) == [
        '-       "dose": {"value": 4, "unit": "mg"},',
        '+       "dose": {"value": 40, "unit": "mg"},',
    ]


UNTIDY_EDITS: list[tuple[RecordEdit, str, str]] = [
    # The number alone, and its neighbours stay as they are.
    (RecordEdit("a", {"dose": {"value": Decimal("0.4"), "unit": "mg"}}), '"value": 4.0}', '"value": 0.4}'),
    # 4 is 4.0: nothing to write.
    (RecordEdit("a", {"dose": {"value": 4, "unit": "mg"}}), "", ""),
    (RecordEdit("a", {"extra": ABSENT}), ' , "extra": [1,2]}', "}"),
    (RecordEdit("a", {"route": ABSENT}), '{"route": "oral",  "id"', '{"id"'),
    (RecordEdit("a", {"dose": ABSENT}), '"a", "dose": {"unit": "mg",   "value": 4.0} ,', '"a" ,'),
    (RecordEdit("b", {"route": "oral"}), '"product":"x"  }', '"product":"x","route": "oral"  }'),
    (RecordEdit("b", {}, is_removed=True), ',\n\t{"id": "b","product":"x"  }', ""),
    (RecordEdit("a", {}, is_removed=True), UNTIDY[14 : UNTIDY.index("\t") + 1], "\n  "),
    (
        RecordEdit("c", {"id": "c", "route": "oral"}, is_new=True),
        '"x"  }',
        '"x"  },\n\t{"id": "c", "route": "oral"}',
    ),
]


@pytest.mark.parametrize(("edit", "before", "after"), UNTIDY_EDITS)
def test_of_any_other_file_only_what_differs_is_written(edit: RecordEdit, before: str, after: str) -> None:
    assert UNTIDY.count(before) == 1 or not before
    assert rewrite_records(UNTIDY, REGIMEN, [edit]) == (UNTIDY.replace(before, after) if before else UNTIDY)


def test_the_first_record_of_an_empty_list_is_laid_out() -> None:
    before = '{\n  "$schema": "s",\n  "records": []\n}\n'
    after = rewrite_records(before, REGIMEN, [RecordEdit("a", {"id": "a", "dose": DOSE}, is_new=True)])
    assert after == format_canonical_json(after, REGIMEN)
    assert read_records(after) == {"a": {"id": "a", "dose": DOSE}}


@pytest.mark.parametrize("text", [TEXT, UNTIDY])
def test_ends_of_lines_stay(text: str) -> None:
    edits = [RecordEdit("new", {"id": "new", "dose": DOSE}, is_new=True)]
    after = rewrite_records(text.replace("\n", "\r\n"), REGIMEN, edits)
    assert after == rewrite_records(text, REGIMEN, edits).replace("\n", "\r\n")


def test_a_record_that_is_not_there_is_refused() -> None:
    with pytest.raises(KeyError):
        rewrite_records(TEXT, REGIMEN, [RecordEdit("nobody", {"dose": DOSE})])


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.decimals(-9, 9, places=2) | st.text(max_size=4),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text(max_size=3), values, max_size=3),
    max_leaves=6,
)
RECORDS = st.dictionaries(st.sampled_from("abcd"), st.dictionaries(st.text(max_size=3), VALUES, max_size=4))


@given(
    RECORDS,
    st.dictionaries(
        st.sampled_from("abcdef"), st.dictionaries(st.text(max_size=3), VALUES | st.just(ABSENT), max_size=4)
    ),
    st.sets(st.sampled_from("abcd")),
    st.sampled_from([None, 1]),
)
def test_the_file_says_what_was_asked_for(
    records: dict[str, dict[str, Any]],
    changes: dict[str, dict[str, Any]],
    removed_ids: set[str],
    indent: int | None,
) -> None:
    expected = {record_id: {**fields, "id": record_id} for record_id, fields in records.items()}
    text = json.dumps({"records": [*expected.values()]}, indent=indent, default=float)
    edits = [RecordEdit(record_id, {}, is_removed=True) for record_id in removed_ids & records.keys()]
    for record_id in removed_ids:
        expected.pop(record_id, None)
    for record_id, fields in changes.items():
        is_new = record_id not in records
        if record_id in removed_ids:
            continue
        edits.append(RecordEdit(record_id, {**fields, "id": record_id}, is_new=is_new))
        record = {**expected.get(record_id, {}), **fields, "id": record_id}
        expected[record_id] = {name: value for name, value in record.items() if value is not ABSENT}
    after = rewrite_records(text, REGIMEN, edits)
    assert list(read_records(after).values()) == list(expected.values())
