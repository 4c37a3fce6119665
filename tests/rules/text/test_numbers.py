"""Numbers of a text are those of the fields."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.rules.rule_runs import list_issues

ONE = {"value": 1, "unit": "1"}


def list_numbers_without_field(example: dict[str, Any]) -> list[str]:
    issues = list_issues("text.number-without-field", **example)
    return [issue.message.split()[3].rstrip(",") for issue in issues]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("it took 5 days", ["5"]),
        ("it took five days", ["five"]),
        ("Two of 1,600", ["1,600", "Two"]),
        ("it took 3 to 4.0 days", []),
        ("three or four days", []),
        ("from 3–4 to 3-9", ["9"]),
        ("one day, a single one", []),
        ("strontium-89, 99mTc, B12 and L5", []),
        ("someone often tentative", []),
    ],
)
def test_a_fact_states_the_numbers_of_its_fields(text: str, numbers: list[str]) -> None:
    count = {"low": 3, "high": Decimal("4.0"), "unit": "1"}
    assert list_numbers_without_field({"statement": [{"id": "one", "text": text, "count": count}]}) == numbers


def test_the_numbers_of_a_source_do_not_count() -> None:
    source = {"section": "a", "spans": [{"start": 5, "end": 9}]}
    assert list_numbers_without_field(
        {"statement": [{"id": "one", "text": "5 to 9 days", "source": source, "count": ONE}]}
    ) == ["5", "9"]


def test_a_page_is_no_number_of_the_fact() -> None:
    source = {"page": "12", "table": "3"}
    assert list_numbers_without_field({"statement": [{"id": "one", "text": "a few", "source": source}]}) == []


def test_a_note_may_state_numbers_of_the_records_that_refer_to_it_and_of_their_terms() -> None:
    example = {
        "editorial-note": [
            {
                "id": "n",
                "label": "7 or 30",
                "article_says": "seven",
                "reading": "4 mg in 100 mL of a 0.9 % solution, 2 signs, 5 and three",
                "reason": "8",
            }
        ],
        "regimen": [
            {
                "id": "one",
                "dose": {"value": 4, "unit": "mg"},
                "volume": {"value": 100, "unit": "mL"},
                "solutions": ["saline", "other"],
                "notes": ["n"],
            }
        ],
        "solution": [
            {"id": "saline", "concentration": {"value": Decimal("0.9"), "unit": "%"}},
            {"id": "other"},
        ],
    }
    assert list_numbers_without_field(example) == ["30", "5"]


def test_a_record_without_numbers_may_state_any() -> None:
    assert list_numbers_without_field({"statement": [{"id": "one", "text": "8 of 10 in 2013"}]}) == []


def test_a_term_without_quantities_may_be_called_after_a_number() -> None:
    assert (
        list_numbers_without_field({"site": [{"id": "one", "label": "rib 12", "synonyms": ["the 12 ribs"]}]})
        == []
    )


@pytest.mark.parametrize(
    ("rule", "text", "words"),
    [
        ("text.number-without-field", "often ten of it", "ten"),
        ("text.number-without-field", "pain for 12 days", "12"),
    ],
)
def test_the_place_is_that_of_the_word(rule: str, text: str, words: str) -> None:
    (issue,) = list_issues(rule, statement=[{"id": "one", "text": text, "count": ONE}])
    assert text[issue.place.start : issue.place.end] == words
