"""A value is quoted the same in whatever notation, and no two values have one quote."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest

from bmkit import quoting
from bmkit.issue import Issue, Severity
from bmkit.jsontext import parse_json
from bmkit.quoting import MAX_QUOTE_LENGTH, quote_value
from bmkit.rules.examples import build_content

if TYPE_CHECKING:
    from bmkit.content import Record

QUOTES = {
    '{"value": 40, "unit": "mg"}': "40 mg",
    '{"unit": "mg", "value": 40.0}': "40 mg",
    '{"value": 4e1, "unit": "mg"}': "40 mg",
    '{"low": 65, "high": 75.50, "unit": "%"}': "65 to 75.5 %",
    '{"value": 4, "comparator": "<=", "unit": "mg/d"}': "<= 4 mg/d",
    '{"value": 4, "unit": "mg", "kind": "x"}': "kind: x, unit: mg, value: 4",
    '{"unit": "mg"}': "unit: mg",
    '{"value": 2, "unit": "{tbl}"}': "2 {tbl}",
    '{"b": ["x", "y, z"], "a": {"c": true}}': 'a: {c: true}, b: [x, "y, z"]',
    '["1", 1, null, "null", ""]': '["1", 1, null, "null", ""]',
    "-0.0": "0",
    "1e30": "1" + 30 * "0",
    "[]": "[]",
    "{}": "",
    '"as it is, \\"so\\""': 'as it is, "so"',
    '"a\\u202eb\\n"': "a\\u202eb\\n",
}


@pytest.mark.parametrize(("text", "quote"), QUOTES.items())
def test_a_value_is_quoted_as_people_write_it(text: str, quote: str) -> None:
    assert quote_value(parse_json(text.encode())) == quote


DIFFERENT: list[list[Any]] = [
    [{"value": Decimal("0.4"), "unit": "mg"}, {"value": 4, "unit": "mg"}, {"value": 4, "unit": "g"}],
    [{"low": 4, "unit": "mg"}, {"high": 4, "low": 4, "unit": "mg"}, {"value": 4, "unit": "mg"}],
    [["a", "b"], ["a, b"], ["b", "a"], [["a", "b"]], ['a", "b']],
    [{"a": "x", "b": "y"}, {"a": "x, b: y"}, {"a": {"b": "y"}}],
    [["4"], [4], ["true"], [True], [None], ["null"]],
    ["x" * MAX_QUOTE_LENGTH + tail for tail in ("", "a", "b")],
    ["a\u202eb", "a\\u202eb\n", "a\u202eb\n"],
]


@pytest.mark.parametrize("values", DIFFERENT)
def test_no_two_values_have_one_quote(values: list[Any]) -> None:
    quotes = [quote_value(value) for value in values]
    assert all(quote != other for quote, other in combinations(quotes, 2))
    assert all(len(quote) <= MAX_QUOTE_LENGTH and quote.isprintable() for quote in quotes)


def test_a_long_record_is_quoted_once_for_all_issues_that_are_held_against_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    record = {"id": "one", "sites": ["a" * 100] * 50}
    content = build_content({"result": [record]})
    asked: list[Record] = []

    def select_statement(record: Record) -> dict[str, Any]:
        asked.append(record)
        return {**record.value}

    monkeypatch.setattr(quoting, "_select_statement", select_statement)
    [record_at] = content.list_records("result")
    for index in range(50):
        place = record_at.locate_field("sites", index)
        issue = Issue(place, "references.broken", Severity.ERROR, "x", held_against=(place.record,))
        assert quoting.quote_issue(issue, content).against
    assert len(asked) == 1
