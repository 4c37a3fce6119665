"""The rarer spelling of a word is found."""

from __future__ import annotations

import pytest
from tests.rules.rule_runs import list_issues, list_places

from bmkit.rules.text.spelling import OTHER_SPELLINGS


def test_the_pairs_of_spellings_are_pairs() -> None:
    for word, other in OTHER_SPELLINGS.items():
        assert OTHER_SPELLINGS[other] == word
        assert word[-1] == other[-1] or {word[-2:], other[-2:]} == {"re", "er"}


@pytest.mark.parametrize(
    ("texts", "pointers"),
    [
        (["tumour", "tumour", "tumor"], ["/records/2/text"]),
        (["tumor", "tumor", "a tumour."], ["/records/2/text"]),
        (["tumor", "a tumour"], ["/records/1/text"]),
        (["tumour", "Tumor Society"], []),
        (["tumour", "tumors"], []),
        (["anaemia", "edema"], []),
    ],
)
def test_the_rarer_spelling_is_reported(texts: list[str], pointers: list[str]) -> None:
    records = [{"id": f"t{index}", "text": text} for index, text in enumerate(texts)]
    assert [pointer for pointer, _ in list_places("text.two-spellings", statement=records)] == pointers


def test_the_place_is_that_of_the_word() -> None:
    texts = {"a": "a tumour", "b": "tumor", "c": "tumor"}
    statements = [{"id": statement_id, "text": text} for statement_id, text in texts.items()]
    (issue,) = list_issues("text.two-spellings", statement=statements)
    assert texts["a"][issue.place.start : issue.place.end] == "tumour"
